//! Acts the conversations out, in the order of time and through the use cases.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail, ensure};
use app::{
    Baton,
    act::Acted,
    auth::Staff,
    desk::DeskAction,
    identify::Introduction,
    live::{Mailbox, Signal},
    visitor::VisitorAction,
};
use domain::{ChatbotId, Millis, conversation::Answer, embed::Place};
use ports::conversations::{KnownVisitor, Row, VisitorFacts};

use super::{
    HERE,
    clock::DemoClock,
    script::{Act, Chat, Deed, VisitorDeed},
};

/// An answer of the AI that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who plays, and with which chatbot.
pub(super) struct Cast {
    pub(super) owner: Staff,
    pub(super) agent: Staff,
    pub(super) chatbot: ChatbotId,
}

/// The place where it happens.
pub(super) struct Stage {
    baton: Arc<Baton>,
    clock: Arc<DemoClock>,
    cast: Cast,
}

/// What happens at one moment.
struct Moment {
    at: Millis,
    chat: usize,
    /// The step, or the visitor's arrival.
    step: Option<usize>,
}

impl Stage {
    pub(super) fn new(baton: Arc<Baton>, clock: Arc<DemoClock>, cast: Cast) -> Self {
        Self { baton, clock, cast }
    }

    /// Plays all conversations, the way they lay over each other: the inbox is in order of what happened last.
    pub(super) async fn perform(&self, chats: Vec<Chat>, today: Millis) -> anyhow::Result<()> {
        let mut visitors: Vec<Option<KnownVisitor>> = chats.iter().map(|_| None).collect();
        for moment in moments(&chats, today) {
            self.clock.set(moment.at);
            let (chat, visitor) = (&chats[moment.chat], &mut visitors[moment.chat]);
            let scene = || format!("the chat of {:?}, step {:?}", chat.visitor, moment.step);
            match (moment.step, visitor.as_ref()) {
                (Some(step), Some(visitor)) => {
                    let client_id = format!("demo-{}-{step}", moment.chat);
                    self.act(visitor, &chat.steps[step].act, &client_id).await.with_context(scene)?;
                    if chat.read && step + 1 == chat.steps.len() {
                        self.owner_reads(visitor).await?;
                    }
                }
                (Some(_), None) => bail!("{}: nobody is there", scene()),
                (None, _) => *visitor = Some(self.arrives(chat).await.with_context(scene)?),
            }
        }
        for (chat, visitor) in chats.iter().zip(visitors.into_iter().flatten()) {
            self.ends_well(chat, &visitor).await?;
        }
        Ok(())
    }

    async fn arrives(&self, chat: &Chat) -> anyhow::Result<KnownVisitor> {
        let facts = VisitorFacts {
            name: chat.visitor.clone(),
            language: Some(chat.language.clone()),
            page: Some(chat.page.clone()),
            device: Some(chat.device.clone()),
            collaborator: None,
            ..VisitorFacts::default()
        };
        let grant =
            self.baton.welcome(self.cast.chatbot, facts, None, Introduction::default(), HERE, &Place::Page).await?;
        Ok(self.baton.visitor_by_token(&grant.token, &Place::Page).await?)
    }

    async fn act(&self, visitor: &KnownVisitor, act: &Act, client_id: &str) -> anyhow::Result<()> {
        let (baton, id) = (&self.baton, visitor.conversation);
        let mut mailbox = baton.hub().connect();
        baton.hub().follow(&mailbox, id);
        let acted = match act {
            Act::Visitor(text) => {
                self.visitor_reads(visitor).await?;
                baton.receive_message(visitor, id, client_id, text.as_str()).await?
            }
            Act::VisitorDoes(deed) => baton.visitor_acts(visitor, id, None, visitor_action(*deed)).await?,
            Act::Owner(text) => baton.reply(&self.cast.owner, id, client_id, text.as_str()).await?,
            Act::Agent(text) => baton.reply(&self.cast.agent, id, client_id, text.as_str()).await?,
            Act::OwnerDoes(deed) => baton.desk_acts(&self.cast.owner, id, None, desk_action(*deed)).await?,
            Act::AgentDoes(deed) => baton.desk_acts(&self.cast.agent, id, None, desk_action(*deed)).await?,
        };
        let settled = tokio::time::timeout(PATIENCE, self.settled(&mut mailbox, visitor, &acted)).await;
        baton.hub().unfollow(&mailbox, id);
        settled.context("the AI did not answer")?
    }

    /// Comes back when no answer of the AI is awaited.
    async fn settled(&self, mailbox: &mut Mailbox, visitor: &KnownVisitor, acted: &Acted) -> anyhow::Result<()> {
        let mut awaited = acted.row.as_deref().is_some_and(is_awaited);
        while awaited {
            awaited = match mailbox.next().await {
                Some(Signal::Events { row, .. }) => is_awaited(&row),
                Some(_) => continue,
                None => is_awaited(&*self.baton.own_conversation(visitor).await?),
            };
        }
        Ok(())
    }

    /// Who writes has read what was said before.
    async fn visitor_reads(&self, visitor: &KnownVisitor) -> anyhow::Result<()> {
        let row = self.baton.own_conversation(visitor).await?;
        Ok(self.baton.visitor_read(visitor, visitor.conversation, row.state.visitor_seq).await?)
    }

    /// A collaborator has seen all of it.
    async fn owner_reads(&self, visitor: &KnownVisitor) -> anyhow::Result<()> {
        let row = self.baton.own_conversation(visitor).await?;
        Ok(self.baton.staff_read(&self.cast.owner, row.id, row.state.seq).await?)
    }

    async fn ends_well(&self, chat: &Chat, visitor: &KnownVisitor) -> anyhow::Result<()> {
        let standing = self.baton.own_conversation(visitor).await?.state.standing();
        ensure!(standing == chat.ends, "the chat of {:?} ends as {standing:?}, not {:?}", chat.visitor, chat.ends);
        Ok(())
    }
}

/// Every arrival and every step of every chat, in the order of time.
fn moments(chats: &[Chat], today: Millis) -> Vec<Moment> {
    let mut moments = Vec::new();
    for (chat, script) in chats.iter().enumerate() {
        let (began, times) = script.times();
        moments.push(Moment { at: today.plus(-began), chat, step: None });
        let steps = times.into_iter().enumerate();
        moments.extend(steps.map(|(step, ago)| Moment { at: today.plus(-ago), chat, step: Some(step) }));
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

fn is_awaited(row: &Row) -> bool {
    matches!(row.state.answer, Answer::Asked { .. })
}

fn visitor_action(deed: VisitorDeed) -> VisitorAction {
    match deed {
        VisitorDeed::TalkToAPerson => VisitorAction::RequestHuman,
        VisitorDeed::ContinueWithTheAssistant => VisitorAction::CancelRequest,
        VisitorDeed::EndChat => VisitorAction::EndLiveChat,
    }
}

fn desk_action(deed: Deed) -> DeskAction {
    match deed {
        Deed::Join => DeskAction::Join,
        Deed::DismissRequest => DeskAction::DismissRequest,
        Deed::EndLiveChat => DeskAction::EndLiveChat,
        Deed::Resolve => DeskAction::Resolve,
    }
}
