//! What the hub says to a desk: entries, tokens, typing, alerts.

use api::frames::{self, DeskServerFrame as Frame};
use app::{
    alerts::{self, AlertKind, alert_for, visitor_name},
    calls::is_call,
    live::{Signal, TokenGroup, Typist},
};
use domain::ConversationId;
use ports::conversations::{LogRange, Logged, Row};

use super::{
    super::{
        CATCH_UP,
        follow::{wire_tokens, wire_turn},
        wire::Gone,
    },
    Session,
};
use crate::present;

impl Session {
    pub(super) async fn tell(&mut self, signal: Option<Signal>) -> Result<(), Gone> {
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
            Some(Signal::Viewing { conversation, who, on }) => {
                let person = present::person_view(&self.server.baton, who).await;
                self.wire.send(&Frame::Viewing { conversation: conversation.to_string(), person, on }).await
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
            Some(Signal::StartOver) => self.resync().await,
        }
    }

    async fn visitor_name(&mut self, conversation: ConversationId) -> String {
        match self.server.baton.conversation(&self.staff, conversation).await {
            Ok(row) => visitor_name(&row),
            Err(_) => String::new(),
        }
    }

    /// Entries of a conversation that is followed. Of a rehearsal the row comes along: the inbox does not tell it.
    async fn events(&mut self, row: &Row, entries: &[Logged]) -> Result<(), Gone> {
        self.entries(row, entries).await?;
        if row.reaches_out() || !self.follows_inbox { Ok(()) } else { self.inbox_row(row).await }
    }

    async fn entries(&mut self, row: &Row, entries: &[Logged]) -> Result<(), Gone> {
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
        self.server.baton.hub().shows(id, logged.entry.turn);
        self.wire.send(&Frame::Event { conversation: id.to_string(), event }).await
    }

    /// Sends everything behind the cursor. Each page moves it forward, so this ends.
    pub(super) async fn catch_up(&mut self, id: ConversationId) -> Result<(), Gone> {
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

    pub(super) async fn tokens(&mut self, group: &TokenGroup) -> Result<(), Gone> {
        if !self.followed.contains_key(&group.room.conversation) {
            return Ok(());
        }
        let frame = Frame::Tokens(wire_tokens(group));
        self.wire.send_tokens(self.server.baton.hub(), group, &frame).await
    }

    async fn alerts(&mut self, row: &Row, entries: &[Logged]) -> Result<(), Gone> {
        // What they asked for counts; what cannot be found out keeps nobody from hearing.
        if matches!(self.server.baton.page_may_call(self.staff.id()).await, Ok(false)) {
            return Ok(());
        }
        let role = self.staff.role_for(row.chatbot);
        let Ok(profile) = self.server.baton.directory().profile(row.chatbot).await else { return Ok(()) };
        // Where another device of theirs is in use this one follows, unless somebody has looked by then; or never.
        let others_after = profile.chatbot.settings.escalation.waiting.others_after;
        let after_s = self.page.waits().then_some(u64::from(others_after));
        if after_s == Some(0) {
            return Ok(());
        }
        for logged in entries.iter().filter(|logged| alerts::is_news(row, logged)) {
            if let Some(alert) = alert_for(&profile, row, logged, self.staff.id(), role) {
                let calls = is_call(alert.kind);
                self.wire.send(&Frame::Alert(wire_alert(row.id, alert, after_s))).await?;
                if calls {
                    self.server.baton.page_was_told(&self.staff, row.id, logged.entry.seq);
                }
            }
        }
        Ok(())
    }
}

fn wire_alert(conversation: ConversationId, alert: alerts::Alert, after_s: Option<u64>) -> frames::Alert {
    frames::Alert {
        id: alert.id,
        tag: alert.tag,
        kind: match alert.kind {
            AlertKind::HumanRequested => frames::AlertKind::HumanRequested,
            AlertKind::AiOutput => frames::AlertKind::AiOutput,
            AlertKind::LiveMessage => frames::AlertKind::LiveMessage,
            AlertKind::SilentChat => frames::AlertKind::SilentChat,
            AlertKind::Mention => frames::AlertKind::Mention,
        },
        conversation: conversation.to_string(),
        title: alert.title,
        body: alert.body,
        notify: alert.notify,
        sound: alert.sound,
        at: alert.at.0,
        after_s,
    }
}
