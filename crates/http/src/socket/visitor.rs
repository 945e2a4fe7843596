//! A visitor's socket.

use std::sync::Arc;

use api::{
    events::VisitorEvent,
    frames::{self, VisitorClientFrame as Said, VisitorServerFrame as Frame},
    visitor::VisitorConversation,
};
use app::{
    AppError,
    act::Acted,
    live::{Mailbox, Signal, TokenGroup, Typist},
    visitor::VisitorAction,
};
use axum::extract::ws::WebSocket;
use domain::{ConversationId, embed::Place};
use ports::conversations::{KnownVisitor, LogRange, Logged, Row};

use super::{
    CATCH_UP, HEARTBEAT, HELLO_IN, NONSENSE, Open,
    wire::{Gone, Incoming, Wire},
};
use crate::{
    present,
    problem::{Failure, problem},
    server::Server,
};

/// Serves a visitor's socket until it closes.
pub(super) async fn serve(server: Arc<Server>, socket: WebSocket, place: Place) {
    let _open = Open::new("visitor");
    let mut wire = Wire::new(socket);
    match tokio::time::timeout(HELLO_IN, hello(&server, &place, &mut wire)).await {
        Ok(Ok(visitor)) => {
            let Some(_seat) = server.baton.hub().seat(visitor.visitor) else {
                let text = "this chat is open in too many places: close some of them".to_owned();
                let error = AppError::RateLimited { text, retry_after: 60 };
                if wire.send(&Frame::Problem { problem: problem(&error) }).await.is_ok() {
                    wire.close(1013, "too many connections").await;
                }
                return;
            };
            let mailbox = server.baton.hub().connect();
            let session = Session {
                server,
                visitor,
                place,
                mailbox,
                wire,
                cursor: None,
                typing: false,
                told_read: 0,
                nonsense: 0,
            };
            // Boxed: the state of a session is large, and most of the time it waits.
            Box::pin(session.run()).await;
        }
        Ok(Err(gone)) => wire.end(gone).await,
        Err(_) => wire.close(1008, "no hello").await,
    }
}

async fn hello(server: &Server, place: &Place, wire: &mut Wire) -> Result<KnownVisitor, Gone> {
    let error = match wire.receive::<Said>().await? {
        Incoming::Frame(Said::Hello { token }) => match server.baton.visitor_by_token(&token, place).await {
            Ok(visitor) => return Ok(visitor),
            Err(error) => problem(&error),
        },
        Incoming::Frame(_) | Incoming::Nonsense(_) => problem(&AppError::Unauthenticated),
    };
    wire.send(&Frame::Problem { problem: error }).await?;
    Err(Gone::REFUSED)
}

struct Session {
    server: Arc<Server>,
    visitor: KnownVisitor,
    place: Place,
    mailbox: Mailbox,
    wire: Wire,
    /// Last `visitor_seq` that the client was sent; nothing while it has not subscribed.
    cursor: Option<i64>,
    typing: bool,
    /// How far collaborators have read, as the client was told.
    told_read: i64,
    nonsense: u32,
}

impl Session {
    fn id(&self) -> ConversationId {
        self.visitor.conversation
    }

    async fn run(mut self) {
        let server = Arc::clone(&self.server);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        if self.welcome().await.is_err() {
            return;
        }
        let ended = loop {
            let step = tokio::select! {
                biased;
                () = server.stopping.cancelled() => break Some((1012, "restarting")),
                signal = self.mailbox.next() => self.tell(signal).await,
                incoming = self.wire.receive() => match incoming {
                    Ok(incoming) => self.hear(incoming).await,
                    Err(gone) => Err(gone),
                },
                _ = heartbeat.tick() => self.heartbeat().await,
            };
            if let Err(gone) = step {
                break gone.goodbye;
            }
            if self.nonsense > NONSENSE {
                break Some((1008, "these are no frames"));
            }
        };
        server.baton.hub().unfollow(&self.mailbox, self.visitor.conversation);
        if let Some((code, reason)) = ended {
            self.wire.close(code, reason).await;
        }
    }

    async fn snapshot(&mut self) -> Result<(Arc<Row>, VisitorConversation), AppError> {
        let row = self.server.baton.own_conversation(&self.visitor).await?;
        let shown = present::visitor_conversation(&self.server.baton, &row).await;
        Ok((row, shown))
    }

    async fn welcome(&mut self) -> Result<(), Gone> {
        let frame = match self.snapshot().await {
            Ok((_, conversation)) => {
                Frame::Welcome { conversation, heartbeat_ms: u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX) }
            }
            Err(error) => Frame::Problem { problem: problem(&error) },
        };
        self.wire.send(&frame).await
    }

    // What the hub says.

    async fn tell(&mut self, signal: Option<Signal>) -> Result<(), Gone> {
        match signal {
            None => {
                self.cursor = None;
                self.server.baton.hub().unfollow(&self.mailbox, self.visitor.conversation);
                self.wire.send(&Frame::Resync {}).await
            }
            Some(Signal::Events { entries, .. }) => self.events(&entries).await,
            Some(Signal::Tokens(group)) => self.tokens(&group).await,
            Some(Signal::TokensDropped { turn, .. }) => {
                let frame = Frame::TokensDropped { conversation: self.id().to_string(), turn: wire_turn(turn) };
                self.wire.send(&frame).await
            }
            Some(Signal::Typing { who: Typist::Person { id, .. }, on, .. }) => {
                let person = present::visitor_person(&self.server.baton, id).await;
                self.wire.send(&Frame::Typing { conversation: self.id().to_string(), person, on }).await
            }
            Some(Signal::Read { row }) => {
                let visitor_seq = row.staff_read_visitor_seq;
                if visitor_seq <= self.told_read {
                    return Ok(());
                }
                self.told_read = visitor_seq;
                self.wire.send(&Frame::Read { conversation: self.id().to_string(), visitor_seq }).await
            }
            Some(Signal::Recheck) => self.recheck().await,
            Some(Signal::Typing { .. } | Signal::News { .. }) => Ok(()),
        }
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
            self.send_event(event).await?;
        }
        Ok(())
    }

    async fn send_event(&mut self, event: VisitorEvent) -> Result<(), Gone> {
        self.wire.send(&Frame::Event { conversation: self.id().to_string(), event }).await
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

    async fn tokens(&mut self, group: &TokenGroup) -> Result<(), Gone> {
        if self.cursor.is_none() {
            return Ok(());
        }
        let frame = Frame::Tokens(wire_tokens(group));
        self.wire.send_tokens(self.server.baton.hub(), group, &frame).await
    }

    /// A chatbot that is shut closes to those who are inside already.
    async fn recheck(&mut self) -> Result<(), Gone> {
        match self.server.baton.still_welcome(&self.visitor, &self.place).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.fail(&error).await?;
                Err(Gone::REFUSED)
            }
        }
    }

    async fn heartbeat(&mut self) -> Result<(), Gone> {
        self.recheck().await?;
        match self.server.baton.own_conversation(&self.visitor).await {
            Ok(row) => self.wire.send(&Frame::Heartbeat { head: row.state.visitor_seq }).await,
            Err(error) => self.fail(&error).await,
        }
    }

    async fn fail(&mut self, error: &AppError) -> Result<(), Gone> {
        self.wire.send(&Frame::Problem { problem: problem(error) }).await
    }

    // What the client says.

    async fn hear(&mut self, incoming: Incoming<Said>) -> Result<(), Gone> {
        let frame = match incoming {
            Incoming::Frame(frame) => frame,
            Incoming::Nonsense(why) => {
                self.nonsense += 1;
                let failure = Failure::of_call(axum::http::StatusCode::BAD_REQUEST, "malformed", &why);
                return self.wire.send(&Frame::Problem { problem: *failure.0 }).await;
            }
        };
        match frame {
            Said::Hello { .. } => Ok(()),
            Said::Subscribe { conversation, after } => match self.own(&conversation) {
                Ok(_) => self.subscribe(after).await,
                Err(error) => self.fail(&error).await,
            },
            Said::Send { conversation, client_id, text } => {
                let result = match self.may_write(&conversation).await {
                    Ok(id) => self.server.baton.receive_message(&self.visitor, id, &client_id, &text).await,
                    Err(error) => Err(error),
                };
                self.typing = false;
                self.answer(client_id, result).await
            }
            Said::Command { conversation, client_id, action } => {
                let action = match action {
                    frames::VisitorAction::RequestHuman => VisitorAction::RequestHuman,
                    frames::VisitorAction::CancelRequest => VisitorAction::CancelRequest,
                    frames::VisitorAction::EndLiveChat => VisitorAction::EndLiveChat,
                };
                let result = match self.may_write(&conversation).await {
                    Ok(id) => self.server.baton.visitor_acts(&self.visitor, id, action).await,
                    Err(error) => Err(error),
                };
                self.answer(client_id, result).await
            }
            Said::Typing { conversation, on } => {
                if let Ok(id) = self.own(&conversation)
                    && self.typing != on
                {
                    self.typing = on;
                    self.server.baton.hub().typing(&self.mailbox, id, Typist::Visitor, on);
                }
                Ok(())
            }
            Said::Read { conversation, visitor_seq } => {
                let marked = match self.own(&conversation) {
                    Ok(id) => self.server.baton.visitor_read(&self.visitor, id, visitor_seq).await,
                    Err(error) => Err(error),
                };
                match marked {
                    Ok(()) => Ok(()),
                    Err(error) => self.fail(&error).await,
                }
            }
            Said::TextSoFar { conversation } => match self.own(&conversation) {
                Ok(_) => self.text_so_far().await,
                Err(error) => self.fail(&error).await,
            },
        }
    }

    fn own(&self, conversation: &str) -> Result<ConversationId, AppError> {
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        if id == self.visitor.conversation { Ok(id) } else { Err(AppError::NotFound) }
    }

    async fn may_write(&mut self, conversation: &str) -> Result<ConversationId, AppError> {
        let id = self.own(conversation)?;
        self.server.baton.still_welcome(&self.visitor, &self.place).await?;
        Ok(id)
    }

    async fn answer(&mut self, client_id: String, result: Result<Acted, AppError>) -> Result<(), Gone> {
        let frame = match result {
            Ok(acted) => Frame::Ack { client_id, visitor_seq: acted.visitor_seq() },
            Err(error) => Frame::Refused { client_id, problem: problem(&error) },
        };
        self.wire.send(&frame).await
    }

    /// Follows first and reads afterwards: whatever is committed in between comes twice and is sent once.
    async fn subscribe(&mut self, after: i64) -> Result<(), Gone> {
        let room = self.server.baton.hub().follow(&self.mailbox, self.visitor.conversation);
        match self.snapshot().await {
            Ok((row, conversation)) => {
                room.gate.learn(&row.state);
                // A number from the future is a mistake of the client: it gets everything.
                let known = (0..=row.state.visitor_seq).contains(&after);
                self.cursor = Some(if known { after } else { 0 });
                self.told_read = row.staff_read_visitor_seq;
                self.wire.send(&Frame::Subscribed { conversation }).await?;
                self.catch_up().await?;
                self.text_so_far().await
            }
            Err(error) => self.fail(&error).await,
        }
    }

    async fn text_so_far(&mut self) -> Result<(), Gone> {
        let Some(group) = super::wire::running(self.server.baton.hub(), self.id()) else { return Ok(()) };
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
