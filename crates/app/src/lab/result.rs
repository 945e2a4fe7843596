//! What a run came to, for people. Figures are made when they are asked for: whoever corrects a label sees at once what that
//! changes.

use std::{collections::HashMap, sync::Arc};

use domain::{
    ChatbotId, ConversationId, LabMessageId, Millis,
    conversation::Event,
    lab::{Outcome, RunKind, outcome},
};
use ports::{
    Fault, Scope,
    content::Content,
    conversations::{LogRange, Logged, Row},
    lab::{Called, Calls, JudgedMessage, Judgement, LabMessage, LabRun, ReplayedConversation, RunResult, WouldCall},
};
use supervisor::eval::{Figures, Mistake, figures};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
};

/// Entries before a request among which the message is that it came of.
const BEFORE: u32 = 8;

/// A labelled message as it was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The message, with its label of now.
    pub message: LabMessage,
    /// What was judged.
    pub judged: JudgedMessage,
}

/// Which of them are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Mistakes of the settings as they are.
    Mistakes,
    /// Mistakes of the draft.
    DraftMistakes,
    /// What the draft decides otherwise.
    Changed,
    /// All of them.
    All,
}

/// The figures of one kind of settings.
#[derive(Debug, Clone, PartialEq)]
pub struct SideJudged {
    /// The figures.
    pub figures: Figures,
    /// Of the wishes that were missed, those after which the chatbot asks whether to bring in a person.
    pub asks: usize,
}

/// What a run over labelled messages came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judging {
    /// By the settings as they are.
    pub current: SideJudged,
    /// By the draft.
    pub draft: Option<SideJudged>,
    /// Mistakes that the draft does not make any more.
    pub mended: usize,
    /// Mistakes that only the draft makes.
    pub broken: usize,
}

/// What a replay says of one kind of settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SideReplayed {
    /// Conversations in which a person would be called.
    pub calls: usize,
    /// Of these, those in which nobody was.
    pub would_call: usize,
    /// Those in which nobody would be called, and somebody was.
    pub would_not: usize,
    /// Those in which somebody was called for a reason that messages alone do not give.
    pub elsewise: usize,
}

/// What a replay came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaying {
    /// Conversations in which somebody was called.
    pub called: usize,
    /// By the settings as they are.
    pub current: SideReplayed,
    /// By the draft.
    pub draft: Option<SideReplayed>,
}

/// What a run came to, and the models that were heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// Labelled messages.
    Judged(Vec<String>, Box<Judging>),
    /// Conversations.
    Replayed(Vec<String>, Replaying),
}

/// A conversation in which something else would happen now.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The conversation.
    pub row: Arc<Row>,
    /// Place in its log of the message that it is about.
    pub seq: i64,
    /// The message; nothing where it was deleted.
    pub text: Option<String>,
    /// When it was written.
    pub at: Millis,
    /// What happened.
    pub called: Option<Called>,
    /// What would happen.
    pub would: Option<WouldCall>,
}

impl Baton {
    /// What a run came to; nothing while it goes on, and where it ended without.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn lab_came_to(&self, staff: &Staff, chatbot: ChatbotId, run: &LabRun) -> Result<Option<Came>> {
        self.administered(staff, chatbot).await?;
        let Some(result) = self.store.lab_result(staff.scope(), chatbot, run.id).await? else { return Ok(None) };
        let models = result.models.clone();
        Ok(Some(match run.kind {
            RunKind::Judge => {
                let labels = self.labels_of_all(staff.scope(), chatbot).await?;
                Came::Judged(models, Box::new(judging(&result.judged, &labels)))
            }
            RunKind::Replay => Came::Replayed(models, replaying(&result.replayed, run.draft.is_some())),
        }))
    }

    /// A page of messages as they were judged, and where the next one begins.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also while the run goes on, [`AppError::Forbidden`].
    pub async fn lab_judged(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        run: &LabRun,
        which: Looked,
        after: usize,
        limit: usize,
    ) -> Result<(Vec<Judged>, Option<usize>)> {
        let result = self.result_of(staff, chatbot, run).await?;
        let labels = self.labels_of_all(staff.scope(), chatbot).await?;
        let found = result.judged.into_iter().enumerate().skip(after).filter_map(|(at, judged)| {
            let message = labels.get(&judged.id)?.clone();
            is_looked_for(which, &message, &judged).then_some((at, Judged { message, judged }))
        });
        Ok(page(found, limit))
    }

    /// A page of conversations in which something else would happen, and where the next one begins: where somebody would be
    /// called and nobody was, or the other way round.
    ///
    /// # Errors
    /// As [`Self::lab_judged`].
    pub async fn lab_replayed(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        run: &LabRun,
        (of_draft, wanted): (bool, Outcome),
        after: usize,
        limit: usize,
    ) -> Result<(Vec<Replayed>, Option<usize>)> {
        let scope = staff.scope();
        let result = self.result_of(staff, chatbot, run).await?;
        let found = result.replayed.into_iter().enumerate().skip(after);
        let found = found.filter(|(_, one)| outcome_of(one, of_draft) == wanted);
        let (found, next) = page(found, limit);
        let ids: Vec<ConversationId> = found.iter().map(|one| one.id).collect();
        let rows = self.store.rows_anywhere(&ids).await?;
        let mut shown = Vec::with_capacity(found.len());
        for one in found {
            let row = rows.iter().find(|row| row.id == one.id && row.scope == scope && row.chatbot == chatbot);
            let Some(row) = row else { continue };
            let would = if of_draft { one.draft } else { one.current };
            let Some(logged) = self.message_of(row, would.as_ref(), one.called).await? else { continue };
            shown.push(Replayed {
                row: Arc::clone(row),
                seq: logged.entry.seq,
                text: logged.content.as_ref().and_then(Content::text).map(str::to_owned),
                at: logged.entry.at,
                called: one.called,
                would,
            });
        }
        Ok((shown, next))
    }

    async fn result_of(&self, staff: &Staff, chatbot: ChatbotId, run: &LabRun) -> Result<RunResult> {
        self.administered(staff, chatbot).await?;
        self.store.lab_result(staff.scope(), chatbot, run.id).await?.ok_or(AppError::NotFound)
    }

    async fn labels_of_all(&self, scope: Scope, chatbot: ChatbotId) -> Result<HashMap<LabMessageId, LabMessage>> {
        let messages = self.all_labelled(scope, chatbot).await?;
        Ok(messages.into_iter().map(|message| (message.id, message)).collect())
    }

    /// The message at which somebody would be called, or that somebody was called for.
    async fn message_of(&self, row: &Row, would: Option<&WouldCall>, called: Option<Called>) -> Result<Option<Logged>> {
        let range = match (would, called) {
            (Some(would), _) => LogRange { after: would.seq - 1, before: None, visitor: false, limit: 1 },
            (None, Some(called)) => LogRange { after: 0, before: Some(called.seq), visitor: false, limit: BEFORE },
            (None, None) => return Ok(None),
        };
        let log = match self.store.log(row.scope, row.id, range).await {
            Err(Fault::NotFound) => return Ok(None),
            log => log?,
        };
        Ok(log.into_iter().rfind(|logged| matches!(logged.entry.event, Event::VisitorWrote { .. })))
    }
}

/// So many of the numbered ones, and the number behind the last of them where there may be more.
fn page<T>(numbered: impl Iterator<Item = (usize, T)>, limit: usize) -> (Vec<T>, Option<usize>) {
    let mut numbered = numbered.peekable();
    let (mut taken, mut last) = (Vec::new(), 0);
    while taken.len() < limit {
        let Some((at, one)) = numbered.next() else { return (taken, None) };
        last = at;
        taken.push(one);
    }
    let more = numbered.peek().is_some();
    (taken, more.then_some(last + 1))
}

fn mistake(message: &LabMessage, judgement: &Judgement) -> Option<Mistake> {
    Mistake::of(message.label.wants_person(), judgement.calls == Calls::Now)
}

fn is_looked_for(which: Looked, message: &LabMessage, judged: &JudgedMessage) -> bool {
    match which {
        Looked::Mistakes => mistake(message, &judged.current).is_some(),
        Looked::DraftMistakes => judged.draft.as_ref().is_some_and(|draft| mistake(message, draft).is_some()),
        Looked::Changed => judged.draft.as_ref().is_some_and(|draft| draft.calls != judged.current.calls),
        Looked::All => true,
    }
}

fn judging(judged: &[JudgedMessage], messages: &HashMap<LabMessageId, LabMessage>) -> Judging {
    // What was removed meanwhile counts no more.
    let known: Vec<(&LabMessage, &JudgedMessage)> =
        judged.iter().filter_map(|one| Some((messages.get(&one.id)?, one))).collect();
    let side = |judgement: &dyn Fn(&JudgedMessage) -> Option<Calls>| {
        let decided = known.iter().filter_map(|(message, one)| Some((message.label.wants_person(), judgement(one)?)));
        let decided: Vec<(bool, Calls)> = decided.collect();
        SideJudged {
            figures: figures(decided.iter().map(|(label, calls)| (*label, *calls == Calls::Now))),
            asks: decided.iter().filter(|(label, calls)| *label && *calls == Calls::Asks).count(),
        }
    };
    let has_draft = known.iter().any(|(_, one)| one.draft.is_some());
    let both = known.iter().filter_map(|(message, one)| {
        Some((mistake(message, &one.current).is_some(), mistake(message, one.draft.as_ref()?).is_some()))
    });
    let both: Vec<(bool, bool)> = both.collect();
    Judging {
        current: side(&|one| Some(one.current.calls)),
        draft: has_draft.then(|| side(&|one| one.draft.as_ref().map(|draft| draft.calls))),
        mended: both.iter().filter(|(before, after)| *before && !*after).count(),
        broken: both.iter().filter(|(before, after)| !*before && *after).count(),
    }
}

fn outcome_of(one: &ReplayedConversation, of_draft: bool) -> Outcome {
    let would = if of_draft { &one.draft } else { &one.current };
    outcome(would.is_some(), one.called.map(|called| called.reason))
}

fn replaying(replayed: &[ReplayedConversation], has_draft: bool) -> Replaying {
    let side = |of_draft: bool| {
        let count = |wanted| replayed.iter().filter(|one| outcome_of(one, of_draft) == wanted).count();
        let would = |one: &&ReplayedConversation| if of_draft { one.draft.is_some() } else { one.current.is_some() };
        SideReplayed {
            calls: replayed.iter().filter(would).count(),
            would_call: count(Outcome::WouldCall),
            would_not: count(Outcome::WouldNot),
            elsewise: count(Outcome::Elsewise),
        }
    };
    Replaying {
        called: replayed.iter().filter(|one| one.called.is_some()).count(),
        current: side(false),
        draft: has_draft.then(|| side(true)),
    }
}

#[cfg(test)]
mod tests {
    use domain::{PersonId, conversation::Reason, lab::Label};
    use ports::lab::Cause;
    use uuid::Uuid;

    use super::*;

    fn message(number: u128, label: Label) -> LabMessage {
        LabMessage {
            id: LabMessageId::new(Uuid::from_u128(number)),
            text: format!("message {number}"),
            digest: number.to_string(),
            label,
            by: PersonId::new(Uuid::from_u128(1)),
            at: Millis(0),
            conversation: None,
        }
    }

    fn judged(number: u128, current: Calls, draft: Option<Calls>) -> JudgedMessage {
        let judgement =
            |calls| Judgement { calls, cause: None, wish: 500, from: Some(570), example: None, nearest: None };
        let id = LabMessageId::new(Uuid::from_u128(number));
        JudgedMessage { id, current: judgement(current), draft: draft.map(judgement) }
    }

    fn known(messages: &[LabMessage]) -> HashMap<LabMessageId, LabMessage> {
        messages.iter().map(|message| (message.id, message.clone())).collect()
    }

    #[test]
    fn figures_stand_side_by_side_with_what_changed() {
        let messages = [
            message(1, Label::Person),
            message(2, Label::Person),
            message(3, Label::NoPerson),
            message(4, Label::NoPerson),
        ];
        let judged = [
            judged(1, Calls::Now, Some(Calls::Now)),
            judged(2, Calls::Asks, Some(Calls::Now)),
            judged(3, Calls::No, Some(Calls::Now)),
            judged(4, Calls::Now, Some(Calls::No)),
            judged(5, Calls::Now, Some(Calls::No)),
        ];
        let found = judging(&judged, &known(&messages));
        assert_eq!((found.current.figures.n, found.current.figures.missed, found.current.asks), (4, 1, 1));
        assert_eq!(found.current.figures.alarms, 1);
        let draft = found.draft.unwrap();
        assert_eq!((draft.figures.missed, draft.figures.alarms, draft.asks), (0, 1, 0));
        assert_eq!((found.mended, found.broken), (2, 1));
        let which = |looked| {
            let found = judged.iter().take(4).zip(&messages);
            found.filter(|(one, message)| is_looked_for(looked, message, one)).count()
        };
        assert_eq!([Looked::Mistakes, Looked::DraftMistakes, Looked::Changed, Looked::All].map(which), [2, 1, 3, 4]);
        let alone = judging(&[super::tests::judged(1, Calls::No, None)], &known(&messages));
        assert_eq!((alone.draft, alone.mended, alone.broken), (None, 0, 0));
    }

    #[test]
    fn a_replay_is_counted_for_each_side() {
        let cause = Cause { reason: Reason::Intent, matched: None, name: Some("Theft".into()) };
        let would = WouldCall { seq: 1, cause };
        let one = |called: Option<Reason>, current: bool, draft: bool| ReplayedConversation {
            id: ConversationId::new(Uuid::from_u128(1)),
            called: called.map(|reason| Called { seq: 2, reason }),
            current: current.then(|| would.clone()),
            draft: draft.then(|| would.clone()),
        };
        let all = [
            one(None, true, false),
            one(Some(Reason::Intent), false, true),
            one(Some(Reason::Button), false, false),
            one(Some(Reason::Button), true, true),
        ];
        let found = replaying(&all, true);
        assert_eq!(found.called, 3);
        assert_eq!(found.current, SideReplayed { calls: 2, would_call: 1, would_not: 1, elsewise: 1 });
        assert_eq!(found.draft, Some(SideReplayed { calls: 2, would_call: 0, would_not: 0, elsewise: 1 }));
        assert_eq!(replaying(&all, false).draft, None);
    }

    #[test]
    fn pages_know_whether_there_is_more() {
        let all = || (0..5).filter(|at| at % 2 == 0).map(|at| (at, at * 10));
        assert_eq!(page(all(), 2), (vec![0, 20], Some(3)));
        assert_eq!(page(all(), 3), (vec![0, 20, 40], None));
        assert_eq!(page(all().skip(9), 3), (vec![], None));
    }
}
