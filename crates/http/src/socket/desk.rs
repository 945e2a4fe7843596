//! A collaborator's socket.

use std::{collections::HashMap, sync::Arc, time::Duration};

use api::frames::{self, DeskClientFrame as Said, DeskServerFrame as Frame};
use app::{
    AppError,
    act::{Acted, Target},
    alerts::{self, AlertKind, alert_for, visitor_name},
    auth::Staff,
    desk::DeskAction,
    live::{InboxChanges, Mailbox, Signal, TokenGroup, Typist},
};
use axum::extract::ws::WebSocket;
use domain::{
    ConversationId,
    person::{Collaborator, Role},
};
use ports::conversations::{Counts, LogRange, Logged, Row};

use super::{
    CATCH_UP, HEARTBEAT, HELLO_IN, NONSENSE, Open,
    visitor::{wire_tokens, wire_turn},
    wire::{Gone, Incoming, Wire, running},
};
use crate::{
    present,
    problem::{Failure, problem},
    server::Server,
};

/// Conversations that one socket may follow.
const FOLLOWED: usize = 20;
/// Changed rows are told together, at most so often.
const INBOX_EVERY: Duration = Duration::from_millis(50);
/// Rows sent to a desk that comes back; one that missed more fetches its list anew.
const INBOX_CATCH_UP: u32 = 200;

/// Serves a collaborator's socket until it closes.
pub(super) async fn serve(server: Arc<Server>, socket: WebSocket, staff: Staff) {
    let _open = Open::new("desk");
    let mut wire = Wire::new(socket);
    match tokio::time::timeout(HELLO_IN, wire.receive::<Said>()).await {
        Ok(Ok(Incoming::Frame(Said::Hello {}))) => {
            let mailbox = server.baton.hub().connect();
            let session = Session {
                inbox: mailbox.inbox(),
                server,
                staff,
                mailbox,
                wire,
                followed: HashMap::new(),
                follows_inbox: false,
                counts: Counts::default(),
                nonsense: 0,
            };
            // Boxed: the state of a session is large, and most of the time it waits.
            Box::pin(session.run()).await;
        }
        Ok(Err(gone)) => wire.end(gone).await,
        Ok(Ok(_)) | Err(_) => wire.close(1008, "no hello").await,
    }
}

/// A conversation that the client follows.
struct Followed {
    target: Target,
    by: Collaborator,
    /// Last `seq` that the client was sent.
    cursor: i64,
    typing: bool,
    /// How far the visitor has read, as the client was told.
    told_read: i64,
}

struct Session {
    server: Arc<Server>,
    staff: Staff,
    mailbox: Mailbox,
    inbox: Arc<InboxChanges>,
    wire: Wire,
    followed: HashMap<ConversationId, Followed>,
    follows_inbox: bool,
    counts: Counts,
    nonsense: u32,
}

impl Session {
    async fn run(mut self) {
        let server = Arc::clone(&self.server);
        let inbox = Arc::clone(&self.inbox);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        let mut inbox_tick = tokio::time::interval(INBOX_EVERY);
        inbox_tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut inbox_waits = false;
        let heartbeat_ms = u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX);
        if self.wire.send(&Frame::Welcome { heartbeat_ms }).await.is_err() {
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
                () = inbox.changed(), if self.follows_inbox && !inbox_waits => {
                    inbox_waits = true;
                    Ok(())
                }
                _ = inbox_tick.tick(), if inbox_waits => {
                    inbox_waits = false;
                    self.tell_inbox().await
                }
                _ = heartbeat.tick() => self.heartbeat().await,
            };
            if let Err(gone) = step {
                break gone.goodbye;
            }
            if self.nonsense > NONSENSE {
                break Some((1008, "these are no frames"));
            }
        };
        let hub = server.baton.hub();
        for &id in self.followed.keys() {
            hub.unfollow(&self.mailbox, id);
        }
        hub.unfollow_inbox(&self.mailbox, self.staff.scope());
        if let Some((code, reason)) = ended {
            self.wire.close(code, reason).await;
        }
    }

    // What the hub says.

    async fn tell(&mut self, signal: Option<Signal>) -> Result<(), Gone> {
        match signal {
            None => self.resync().await,
            Some(Signal::Events { row, entries }) => self.events(&row, &entries).await,
            Some(Signal::News { row, entries }) => self.alerts(&row, &entries).await,
            Some(Signal::Tokens(group)) => self.tokens(&group).await,
            Some(Signal::TokensDropped { conversation, turn }) => {
                let conversation = conversation.to_string();
                self.wire.send(&Frame::TokensDropped { conversation, turn: wire_turn(turn) }).await
            }
            Some(Signal::Typing { conversation, who, on }) => {
                let (person, name) = match who {
                    Typist::Person { id, name } => (Some(id.to_string()), name),
                    Typist::Visitor => (None, self.visitor_name(conversation).await),
                };
                self.wire.send(&Frame::Typing { conversation: conversation.to_string(), person, name, on }).await
            }
            Some(Signal::Read { row }) => {
                let Some(followed) = self.followed.get_mut(&row.id).filter(|f| f.told_read < row.visitor_read) else {
                    return Ok(());
                };
                followed.told_read = row.visitor_read;
                let frame = Frame::Read { conversation: row.id.to_string(), visitor_seq: row.visitor_read };
                self.wire.send(&frame).await
            }
            Some(Signal::Recheck) => self.recheck().await,
        }
    }

    async fn visitor_name(&mut self, conversation: ConversationId) -> String {
        match self.server.baton.conversation(&self.staff, conversation).await {
            Ok(row) => visitor_name(&row),
            Err(_) => String::new(),
        }
    }

    /// Signals were lost: the client subscribes to everything again.
    async fn resync(&mut self) -> Result<(), Gone> {
        for (id, _) in self.followed.drain() {
            self.server.baton.hub().unfollow(&self.mailbox, id);
        }
        self.wire.send(&Frame::Resync {}).await
    }

    /// Rights may have changed, or the session may be over.
    async fn recheck(&mut self) -> Result<(), Gone> {
        match self.server.baton.recheck(&self.staff).await {
            Ok(staff) => self.staff = staff,
            Err(error @ AppError::Unauthenticated) => {
                self.fail(&error).await?;
                return Err(Gone::REFUSED);
            }
            // The database is away for a moment: nobody loses their place for that.
            Err(_) => return Ok(()),
        }
        let mut lost = Vec::new();
        for (&id, followed) in &mut self.followed {
            match self.staff.role_for(followed.target.chatbot) {
                Some(role) => followed.by.role = role,
                None => lost.push(id),
            }
        }
        for id in lost {
            self.unfollow(id);
        }
        Ok(())
    }

    async fn events(&mut self, row: &Row, entries: &[Logged]) -> Result<(), Gone> {
        for logged in entries {
            let Some(followed) = self.followed.get(&row.id) else { return Ok(()) };
            let number = logged.entry.seq;
            if number == followed.cursor + 1 {
                self.event(row.id, logged).await?;
            } else if number > followed.cursor {
                return self.catch_up(row.id).await;
            }
        }
        Ok(())
    }

    async fn event(&mut self, id: ConversationId, logged: &Logged) -> Result<(), Gone> {
        let event = present::staff_event(&self.server.baton, logged).await;
        if let Some(followed) = self.followed.get_mut(&id) {
            followed.cursor = logged.entry.seq;
        }
        self.wire.send(&Frame::Event { conversation: id.to_string(), event }).await
    }

    /// Sends everything behind the cursor. Each page moves it forward, so this ends.
    async fn catch_up(&mut self, id: ConversationId) -> Result<(), Gone> {
        while let Some(after) = self.followed.get(&id).map(|followed| followed.cursor) {
            let range = LogRange { after, before: None, visitor: false, limit: CATCH_UP };
            let log = match self.server.baton.log(&self.staff, id, range).await {
                Ok(log) => log,
                Err(error) => return self.fail(&error).await,
            };
            for logged in &log {
                self.event(id, logged).await?;
            }
            if log.len() < CATCH_UP as usize {
                break;
            }
        }
        Ok(())
    }

    async fn tokens(&mut self, group: &TokenGroup) -> Result<(), Gone> {
        if !self.followed.contains_key(&group.room.conversation) {
            return Ok(());
        }
        let frame = Frame::Tokens(wire_tokens(group));
        self.wire.send_tokens(self.server.baton.hub(), group, &frame).await
    }

    async fn alerts(&mut self, row: &Row, entries: &[Logged]) -> Result<(), Gone> {
        let role = self.staff.role_for(row.chatbot);
        let Ok(profile) = self.server.baton.directory().profile(row.chatbot).await else { return Ok(()) };
        for logged in entries {
            if let Some(alert) = alert_for(&profile, row, logged, self.staff.id(), role) {
                self.wire.send(&Frame::Alert(wire_alert(row.id, alert))).await?;
            }
        }
        Ok(())
    }

    async fn tell_inbox(&mut self) -> Result<(), Gone> {
        let Some((rows, counts_changed)) = self.inbox.take() else { return self.wire.send(&Frame::Resync {}).await };
        if counts_changed {
            match self.server.baton.counts(&self.staff).await {
                Ok(counts) => self.counts = counts,
                Err(error) => self.fail(&error).await?,
            }
        }
        for row in rows {
            self.inbox_row(&row).await?;
        }
        Ok(())
    }

    async fn inbox_row(&mut self, row: &Row) -> Result<(), Gone> {
        let Some(role) = self.staff.role_for(row.chatbot) else { return Ok(()) };
        // An empty conversation is nobody's business yet.
        if row.state.seq == 0 {
            return Ok(());
        }
        let row = Box::new(present::row(&self.server.baton, row, role).await);
        self.wire.send(&Frame::Inbox { row, counts: present::counts(self.counts) }).await
    }

    async fn heartbeat(&mut self) -> Result<(), Gone> {
        self.recheck().await?;
        let ids: Vec<ConversationId> = self.followed.keys().copied().collect();
        let heads = self.server.baton.heads(&ids).await;
        let change = self.server.baton.newest_change(&self.staff).await;
        match (heads, change) {
            (Ok(heads), Ok(change)) => {
                let heads = heads.into_iter().map(|(id, seq)| (id.to_string(), seq)).collect();
                self.wire.send(&Frame::Heartbeat { heads, change }).await
            }
            (Err(error), _) | (_, Err(error)) => self.fail(&error).await,
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
            Said::Hello {} => Ok(()),
            Said::SubscribeInbox { after } => self.subscribe_inbox(after).await,
            Said::Subscribe { conversation, after } => match conversation.parse() {
                Ok(id) => self.subscribe(id, after).await,
                Err(_) => self.fail(&AppError::NotFound).await,
            },
            Said::Unsubscribe { conversation } => {
                if let Ok(id) = conversation.parse() {
                    self.unfollow(id);
                }
                Ok(())
            }
            Said::Send { conversation, client_id, text } => {
                let result = self.send(&conversation, &client_id, &text).await;
                self.answer(client_id, result).await
            }
            Said::Command { conversation, client_id, action } => {
                let result = self.command(&conversation, action).await;
                self.answer(client_id, result).await
            }
            Said::Typing { conversation, on } => {
                self.typing(&conversation, on);
                Ok(())
            }
            Said::Read { conversation, seq } => {
                let marked = match conversation.parse() {
                    Ok(id) => self.server.baton.staff_read(&self.staff, id, seq).await,
                    Err(_) => Err(AppError::NotFound),
                };
                match marked {
                    // A viewer reads without leaving marks.
                    Ok(()) | Err(AppError::Forbidden) => Ok(()),
                    Err(error) => self.fail(&error).await,
                }
            }
            Said::TextSoFar { conversation } => match conversation.parse() {
                Ok(id) => self.text_so_far(id).await,
                Err(_) => self.fail(&AppError::NotFound).await,
            },
        }
    }

    async fn send(&mut self, conversation: &str, client_id: &str, text: &str) -> Result<Acted, AppError> {
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        match self.followed.get_mut(&id) {
            Some(followed) => {
                followed.typing = false;
                let (target, by) = (followed.target, followed.by);
                self.server.baton.reply_to(&self.staff, target, by, client_id, text).await
            }
            None => self.server.baton.reply(&self.staff, id, client_id, text).await,
        }
    }

    async fn command(&mut self, conversation: &str, action: frames::DeskAction) -> Result<Acted, AppError> {
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        let person = |text: &str| text.parse().map_err(|_| AppError::invalid("person", "is nobody"));
        let action = match action {
            frames::DeskAction::TakeOver {} => DeskAction::TakeOver,
            frames::DeskAction::TakeOverFrom { person: from } => DeskAction::TakeOverFrom(person(&from)?),
            frames::DeskAction::Join {} => DeskAction::Join,
            frames::DeskAction::Leave {} => DeskAction::Leave,
            frames::DeskAction::Transfer { to } => DeskAction::Transfer(person(&to)?),
            frames::DeskAction::EndLiveChat {} => DeskAction::EndLiveChat,
            frames::DeskAction::DismissRequest {} => DeskAction::DismissRequest,
            frames::DeskAction::Resolve {} => DeskAction::Resolve,
            frames::DeskAction::Reopen {} => DeskAction::Reopen,
        };
        self.server.baton.desk_acts(&self.staff, id, action).await
    }

    async fn answer(&mut self, client_id: String, result: Result<Acted, AppError>) -> Result<(), Gone> {
        let frame = match result {
            Ok(acted) => Frame::Ack { client_id, seq: acted.seq() },
            Err(error) => Frame::Refused { client_id, problem: problem(&error) },
        };
        self.wire.send(&frame).await
    }

    fn typing(&mut self, conversation: &str, on: bool) {
        let Ok(id) = conversation.parse() else { return };
        let Some(followed) = self.followed.get_mut(&id) else { return };
        if followed.typing != on && followed.by.role.may_answer() {
            followed.typing = on;
            let who = Typist::Person { id: self.staff.id(), name: self.staff.person.name.clone() };
            self.server.baton.hub().typing(&self.mailbox, id, who, on);
        }
    }

    fn unfollow(&mut self, id: ConversationId) {
        if self.followed.remove(&id).is_some() {
            self.server.baton.hub().unfollow(&self.mailbox, id);
        }
    }

    /// Follows first and reads afterwards: whatever is committed in between comes twice and is sent once.
    async fn subscribe(&mut self, id: ConversationId, after: i64) -> Result<(), Gone> {
        if self.followed.len() >= FOLLOWED && !self.followed.contains_key(&id) {
            let error = AppError::invalid("conversation", format!("at most {FOLLOWED} can be followed at once"));
            return self.fail(&error).await;
        }
        // Rights before the room: an id of another workspace must not even make one.
        if let Err(error) = self.server.baton.conversation(&self.staff, id).await {
            return self.fail(&error).await;
        }
        let room = self.server.baton.hub().follow(&self.mailbox, id);
        let row = match self.server.baton.conversation(&self.staff, id).await {
            Ok(row) => row,
            Err(error) => {
                self.server.baton.hub().unfollow(&self.mailbox, id);
                return self.fail(&error).await;
            }
        };
        room.gate.learn(&row.state);
        let role = self.staff.role_for(row.chatbot).unwrap_or(Role::Viewer);
        let known = (0..=row.state.seq).contains(&after);
        let followed = Followed {
            target: Target::of(&row),
            by: Collaborator { id: self.staff.id(), role },
            cursor: if known { after } else { 0 },
            typing: false,
            told_read: row.visitor_read,
        };
        self.followed.insert(id, followed);
        let shown = Box::new(present::row(&self.server.baton, &row, role).await);
        self.wire.send(&Frame::Subscribed { row: shown }).await?;
        self.catch_up(id).await?;
        self.text_so_far(id).await
    }

    async fn text_so_far(&mut self, id: ConversationId) -> Result<(), Gone> {
        let Some(group) = running(self.server.baton.hub(), id) else { return Ok(()) };
        self.tokens(&group).await
    }

    async fn subscribe_inbox(&mut self, after: i64) -> Result<(), Gone> {
        self.server.baton.hub().follow_inbox(&self.mailbox, self.staff.scope());
        self.follows_inbox = true;
        let change = self.server.baton.newest_change(&self.staff).await;
        let counts = self.server.baton.counts(&self.staff).await;
        let (change, counts) = match (change, counts) {
            (Ok(change), Ok(counts)) => (change, counts),
            (Err(error), _) | (_, Err(error)) => return self.fail(&error).await,
        };
        self.counts = counts;
        self.wire.send(&Frame::InboxSubscribed { change, counts: present::counts(counts) }).await?;
        if after <= 0 {
            return Ok(());
        }
        match self.server.baton.inbox_changes(&self.staff, after, INBOX_CATCH_UP).await {
            Ok(rows) if rows.len() >= INBOX_CATCH_UP as usize => self.wire.send(&Frame::Resync {}).await,
            Ok(rows) => {
                for row in rows {
                    self.inbox_row(&row).await?;
                }
                Ok(())
            }
            Err(error) => self.fail(&error).await,
        }
    }
}

fn wire_alert(conversation: ConversationId, alert: alerts::Alert) -> frames::Alert {
    frames::Alert {
        id: alert.id,
        kind: match alert.kind {
            AlertKind::HumanRequested => frames::AlertKind::HumanRequested,
            AlertKind::AiOutput => frames::AlertKind::AiOutput,
            AlertKind::LiveMessage => frames::AlertKind::LiveMessage,
        },
        conversation: conversation.to_string(),
        title: alert.title,
        body: alert.body,
        notify: alert.notify,
        sound: alert.sound,
        at: alert.at.0,
    }
}
