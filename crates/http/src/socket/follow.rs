//! Following a conversation as its visitor, whatever the way: the socket and the event stream say the same.

use std::{future::Future, sync::Arc};

use api::{
    events::VisitorEvent,
    frames::{self, VisitorServerFrame as Frame},
    visitor::VisitorConversation,
};
use app::{
    AppError,
    live::{Hub, Mailbox, Signal, TokenGroup, Typist},
};
use domain::{ConversationId, PersonId, embed::Place};
use ports::conversations::{KnownVisitor, LogRange, Logged, Row};

use super::{
    CATCH_UP, HEARTBEAT,
    wire::{Gone, Wire},
};
use crate::{present, problem::problem, server::Server};

/// Where frames go.
pub trait Outlet: Send {
    /// Sends a frame.
    fn send(&mut self, frame: &Frame) -> impl Future<Output = Result<(), Gone>> + Send;

    /// Sends tokens, if their answer is still awaited at the moment when they are handed over.
    fn send_tokens(
        &mut self,
        hub: &Hub,
        group: &Arc<TokenGroup>,
        frame: &Frame,
    ) -> impl Future<Output = Result<(), Gone>> + Send;
}

impl Outlet for Wire {
    async fn send(&mut self, frame: &Frame) -> Result<(), Gone> {
        Wire::send(self, frame).await
    }

    async fn send_tokens(&mut self, hub: &Hub, group: &Arc<TokenGroup>, frame: &Frame) -> Result<(), Gone> {
        Wire::send_tokens(self, hub, group, frame).await
    }
}

/// A visitor's connection, as far as it listens.
pub struct Follower<O> {
    pub(super) server: Arc<Server>,
    pub(super) visitor: KnownVisitor,
    pub(super) place: Place,
    /// What the hub says to it.
    pub mailbox: Mailbox,
    /// Where it says it.
    pub out: O,
    /// Last `visitor_seq` that the client was sent; nothing while it has not subscribed.
    cursor: Option<i64>,
    /// How far collaborators have read, as the client was told.
    told_read: i64,
    /// Who is writing, as the client was told.
    told_typing: Vec<PersonId>,
}

impl<O: Outlet> Follower<O> {
    /// One that follows nothing yet.
    pub fn new(server: Arc<Server>, visitor: KnownVisitor, place: Place, out: O) -> Self {
        let mailbox = server.baton.hub().connect();
        Self { server, visitor, place, mailbox, out, cursor: None, told_read: 0, told_typing: Vec::new() }
    }

    pub(super) fn id(&self) -> ConversationId {
        self.visitor.conversation
    }

    /// Stops following.
    pub fn unfollow(&self) {
        self.server.baton.hub().unfollow(&self.mailbox, self.visitor.conversation);
    }

    async fn snapshot(&mut self) -> Result<(Arc<Row>, VisitorConversation), AppError> {
        let row = self.server.baton.own_conversation(&self.visitor).await?;
        let shown = present::visitor_conversation(&self.server.baton, &row).await;
        Ok((row, shown))
    }

    /// The first frame.
    pub(super) async fn welcome(&mut self) -> Result<(), Gone> {
        let frame = match self.snapshot().await {
            Ok((_, conversation)) => {
                Frame::Welcome { conversation, heartbeat_ms: u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX) }
            }
            Err(error) => Frame::Problem { problem: problem(&error) },
        };
        self.out.send(&frame).await
    }

    /// Says what the hub says.
    pub async fn tell(&mut self, signal: Option<Signal>) -> Result<(), Gone> {
        match signal {
            None => {
                self.cursor = None;
                self.unfollow();
                self.out.send(&Frame::Resync {}).await
            }
            Some(Signal::Events { entries, .. }) => self.events(&entries).await,
            Some(Signal::Tokens(group)) => self.tokens(&group).await,
            Some(Signal::TokensDropped { turn, .. }) => {
                let frame = Frame::TokensDropped { conversation: self.id().to_string(), turn: wire_turn(turn) };
                self.out.send(&frame).await
            }
            Some(Signal::Typing { who: Typist::Person { id, .. }, on, .. }) => self.typing(id, on).await,
            Some(Signal::Read { row }) => {
                let visitor_seq = row.staff_read_visitor_seq;
                if visitor_seq <= self.told_read {
                    return Ok(());
                }
                self.told_read = visitor_seq;
                self.out.send(&Frame::Read { conversation: self.id().to_string(), visitor_seq }).await
            }
            Some(Signal::Recheck) => self.recheck().await,
            Some(Signal::Typing { .. } | Signal::Viewing { .. } | Signal::News { .. } | Signal::StartOver) => Ok(()),
        }
    }

    /// Says that a person is writing, or has stopped. Colleagues who only look on, or think of taking over, write unseen:
    /// the visitor knows those who take part in the live chat.
    async fn typing(&mut self, person: PersonId, on: bool) -> Result<(), Gone> {
        if on {
            let row = self.server.baton.own_conversation(&self.visitor).await;
            let takes_part = row.is_ok_and(|row| row.state.participants().contains(&person));
            if !takes_part || self.told_typing.contains(&person) {
                return Ok(());
            }
            self.told_typing.push(person);
        } else {
            let before = self.told_typing.len();
            self.told_typing.retain(|told| *told != person);
            if self.told_typing.len() == before {
                return Ok(());
            }
        }
        let person = present::visitor_person(&self.server.baton, person).await;
        self.out.send(&Frame::Typing { conversation: self.id().to_string(), person, on }).await
    }

    /// Sends entries behind the cursor; fetches what is missing when there is a gap.
    async fn events(&mut self, entries: &[Logged]) -> Result<(), Gone> {
        for logged in entries {
            let (Some(cursor), Some(number)) = (self.cursor, logged.entry.visitor_seq) else { continue };
            if number == cursor + 1 {
                self.event(logged).await?;
            } else if number > cursor {
                return self.catch_up().await;
            }
        }
        Ok(())
    }

    async fn event(&mut self, logged: &Logged) -> Result<(), Gone> {
        if let Some(event) = present::visitor_event(&self.server.baton, logged).await {
            self.cursor = Some(event.visitor_seq);
            self.server.baton.hub().shows(self.id(), logged.entry.turn);
            self.send_event(event).await?;
        }
        Ok(())
    }

    async fn send_event(&mut self, event: VisitorEvent) -> Result<(), Gone> {
        self.out.send(&Frame::Event { conversation: self.id().to_string(), event }).await
    }

    /// Sends everything behind the cursor. Each page moves it forward, so this ends.
    async fn catch_up(&mut self) -> Result<(), Gone> {
        while let Some(after) = self.cursor {
            let range = LogRange { after, before: None, visitor: true, limit: CATCH_UP };
            let log = match self.server.baton.own_log(&self.visitor, range).await {
                Ok(log) => log,
                Err(error) => return self.fail(&error).await,
            };
            for logged in &log {
                self.event(logged).await?;
            }
            if log.len() < CATCH_UP as usize {
                break;
            }
        }
        Ok(())
    }

    async fn tokens(&mut self, group: &Arc<TokenGroup>) -> Result<(), Gone> {
        if self.cursor.is_none() {
            return Ok(());
        }
        let frame = Frame::Tokens(wire_tokens(group));
        self.out.send_tokens(self.server.baton.hub(), group, &frame).await
    }

    /// A chatbot that is shut closes to those who are inside already.
    pub(super) async fn recheck(&mut self) -> Result<(), Gone> {
        match self.server.baton.still_welcome(&self.visitor, &self.place).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.fail(&error).await?;
                Err(Gone::REFUSED)
            }
        }
    }

    /// Says that the connection stands, and how far the conversation has come.
    pub(super) async fn heartbeat(&mut self) -> Result<(), Gone> {
        self.recheck().await?;
        match self.server.baton.own_conversation(&self.visitor).await {
            Ok(row) => self.out.send(&Frame::Heartbeat { head: row.state.visitor_seq }).await,
            Err(error) => self.fail(&error).await,
        }
    }

    /// Says what is wrong.
    pub(super) async fn fail(&mut self, error: &AppError) -> Result<(), Gone> {
        self.out.send(&Frame::Problem { problem: problem(error) }).await
    }

    /// Follows first and reads afterwards: whatever is committed in between comes twice and is sent once.
    pub async fn subscribe(&mut self, after: i64) -> Result<(), Gone> {
        let room = self.server.baton.hub().follow(&self.mailbox, self.visitor.conversation);
        match self.snapshot().await {
            Ok((row, conversation)) => {
                room.begins_with(&row.state);
                // A number from the future is a mistake of the client: it gets everything.
                let known = (0..=row.state.visitor_seq).contains(&after);
                self.cursor = Some(if known { after } else { 0 });
                self.told_read = row.staff_read_visitor_seq;
                self.out.send(&Frame::Subscribed { conversation }).await?;
                self.catch_up().await?;
                self.text_so_far().await
            }
            Err(error) => self.fail(&error).await,
        }
    }

    /// The text of the running answer from its start.
    pub(super) async fn text_so_far(&mut self) -> Result<(), Gone> {
        let Some(group) = self.server.baton.hub().running(self.id()) else { return Ok(()) };
        self.tokens(&group).await
    }
}

/// A turn as it goes over the wire.
pub(super) fn wire_turn(turn: u64) -> i64 {
    i64::try_from(turn).unwrap_or(i64::MAX)
}

/// Tokens as they go over the wire.
pub(super) fn wire_tokens(group: &TokenGroup) -> frames::Tokens {
    frames::Tokens {
        conversation: group.room.conversation.to_string(),
        turn: wire_turn(group.turn),
        attempt: i64::from(group.attempt),
        offset: group.offset,
        text: group.text.clone(),
    }
}
