//! What a desk says: following, writing, acting.

use std::time::Duration;

use api::frames::{self, DeskClientFrame as Said, DeskServerFrame as Frame};
use app::{
    AppError,
    act::{Acted, Target},
    desk::DeskAction,
    live::Typist,
};
use domain::{
    ConversationId,
    person::{Collaborator, Role},
};

use super::{
    super::wire::{Gone, Incoming},
    Followed, Session,
};
use crate::{
    endpoints::{files, notes},
    present,
    problem::{Failure, problem},
};

/// How often a desk may say that it still looks at a conversation.
const VIEWING_EVERY: Duration = Duration::from_millis(50);
/// Conversations that one socket may follow.
const FOLLOWED: usize = 20;

impl Session {
    pub(super) async fn hear(&mut self, incoming: Incoming<Said>) -> Result<(), Gone> {
        let frame = match incoming {
            Incoming::Frame(frame) => frame,
            Incoming::Nonsense(why) => {
                self.nonsense += 1;
                let failure = Failure::of_call(axum::http::StatusCode::BAD_REQUEST, "malformed", &why);
                return self.wire.send(&Frame::Problem { problem: *failure.0 }).await;
            }
        };
        if matches!(frame, Said::Send { .. } | Said::Note { .. } | Said::Command { .. }) {
            // Who was signed out a moment ago, by another node or on the command line, writes nothing more.
            self.recheck().await?;
        }
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
            Said::Send { conversation, client_id, text, files } => {
                let result = self.send(&conversation, &client_id, text, &files).await;
                self.answer(client_id, result).await
            }
            Said::Note { conversation, client_id, text, files, mentions } => {
                let result = match files::ids(&files) {
                    Ok(files) => self.note(&conversation, &client_id, app::Said { text, files }, &mentions).await,
                    Err(error) => Err(error),
                };
                self.answer(client_id, result).await
            }
            Said::Command { conversation, client_id, action } => {
                let result = self.command(&conversation, &client_id, action).await;
                self.answer(client_id, result).await
            }
            Said::Typing { conversation, on } => {
                self.typing(&conversation, on);
                Ok(())
            }
            Said::Viewing { conversation, on } => match self.viewing(&conversation, on) {
                Some(id) => self.looks(id).await,
                None => Ok(()),
            },
            Said::Presence { away } => {
                self.page.set_away(away);
                Ok(())
            }
            Said::Read { conversation, seq } => {
                let marked = match conversation.parse() {
                    Ok(id) => self.server.baton.staff_read(&self.staff, id, seq).await,
                    Err(_) => Err(AppError::NotFound),
                };
                match (marked, conversation.parse()) {
                    (Ok(()), Ok(id)) => self.looks(id).await,
                    // A viewer reads without leaving marks.
                    (Ok(()) | Err(AppError::Forbidden), _) => Ok(()),
                    (Err(error), _) => self.fail(&error).await,
                }
            }
            Said::Alerted { id, outcome } => match self.alerted(&id, outcome).await {
                // Whoever lost sight of a conversation has nothing to report of it.
                Ok(()) | Err(AppError::NotFound) => Ok(()),
                Err(error) => self.fail(&error).await,
            },
            Said::TextSoFar { conversation } => match conversation.parse() {
                Ok(id) => self.text_so_far(id).await,
                Err(_) => self.fail(&AppError::NotFound).await,
            },
        }
    }

    async fn send(
        &mut self,
        conversation: &str,
        client_id: &str,
        text: String,
        files: &[String],
    ) -> Result<Acted, AppError> {
        let said = app::Said { text, files: files::ids(files)? };
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        match self.followed.get_mut(&id) {
            Some(followed) => {
                followed.typing = false;
                let (target, by) = (followed.target, followed.by);
                self.server.baton.reply_to(&self.staff, target, by, client_id, said).await
            }
            None => self.server.baton.reply(&self.staff, id, client_id, said).await,
        }
    }

    async fn note(
        &mut self,
        conversation: &str,
        client_id: &str,
        said: app::Said,
        mentions: &[String],
    ) -> Result<Acted, AppError> {
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        let mentions = notes::people(mentions)?;
        self.server.baton.write_note(&self.staff, id, client_id, said, mentions).await
    }

    async fn command(
        &mut self,
        conversation: &str,
        client_id: &str,
        action: frames::DeskAction,
    ) -> Result<Acted, AppError> {
        let (baton, client_id) = (&self.server.baton, Some(client_id));
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
            frames::DeskAction::UndoDismiss {} => DeskAction::UndoDismiss,
            frames::DeskAction::Assign { to } => DeskAction::Assign(to.as_deref().map(person).transpose()?),
            frames::DeskAction::EditText { of, text } => {
                return baton.edit_text(&self.staff, id, client_id, of, &text).await;
            }
            frames::DeskAction::DeleteText { of } => {
                return baton.delete_text(&self.staff, id, client_id, of).await;
            }
            frames::DeskAction::Resolve {} => DeskAction::Resolve,
            frames::DeskAction::Reopen {} => DeskAction::Reopen,
        };
        baton.desk_acts(&self.staff, id, client_id, action).await
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

    /// Looking is told again while it lasts, but not more often than it has to be. Returns what is looked at, as often as
    /// it is told.
    fn viewing(&mut self, conversation: &str, on: bool) -> Option<ConversationId> {
        let id = conversation.parse().ok()?;
        let followed = self.followed.get_mut(&id)?;
        let now = self.server.baton.clock().instant();
        let lately = followed.told_viewing.is_some_and(|told| now.duration_since(told) < VIEWING_EVERY);
        let tells = if on { !lately } else { followed.told_viewing.is_some() };
        if tells {
            followed.told_viewing = on.then_some(now);
            self.server.baton.hub().viewing(&self.mailbox, id, self.staff.id(), on);
        }
        (tells && on).then_some(id)
    }

    /// Whoever has a request in front of them has opened it: a page that only follows it, in the background, has not.
    async fn looks(&mut self, id: ConversationId) -> Result<(), Gone> {
        match self.server.baton.looks(&self.staff, id).await {
            Ok(()) | Err(AppError::NotFound) => Ok(()),
            Err(error) => self.fail(&error).await,
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
        room.begins_with(&row.state);
        let role = self.staff.role_for(row.chatbot).unwrap_or(Role::Viewer);
        let known = (0..=row.state.seq).contains(&after);
        let followed = Followed {
            target: Target::of(&row),
            by: Collaborator { id: self.staff.id(), role },
            cursor: if known { after } else { 0 },
            typing: false,
            told_viewing: None,
            told_read: row.visitor_read,
        };
        self.followed.insert(id, followed);
        let shown = Box::new(present::row(&self.server.baton, &row, role).await);
        self.wire.send(&Frame::Subscribed { row: shown }).await?;
        self.catch_up(id).await?;
        self.text_so_far(id).await
    }

    async fn alerted(&mut self, id: &str, outcome: frames::PageOutcome) -> Result<(), AppError> {
        self.server.baton.page_reports(&self.staff, id, present::page_outcome(outcome)).await
    }

    async fn text_so_far(&mut self, id: ConversationId) -> Result<(), Gone> {
        let Some(group) = self.server.baton.hub().running(id) else { return Ok(()) };
        self.tokens(&group).await
    }
}
