//! A conversation to be kept elsewhere, and the other chats of its visitor.

use std::{fmt::Write, sync::Arc};

use domain::{ConversationId, Millis, PersonId, conversation::Event, limits};
use jiff::Timestamp;
use ports::{
    Scope,
    content::Content,
    conversations::{KnownVisitor, LogRange, Logged, Row},
};

use crate::{Baton, alerts::visitor_name, auth::Staff, error::Result};

/// Entries that are read at once.
const PAGE: u32 = 500;
/// Somebody who is not known any more still wrote what they wrote.
const GONE: &str = "A former colleague";

impl Baton {
    /// A conversation's log in order, as far back as a transcript goes; private notes only where they are asked for.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] for a conversation that this person may not see.
    pub async fn transcript(&self, staff: &Staff, id: ConversationId, notes: bool) -> Result<(Arc<Row>, Vec<Logged>)> {
        let row = self.conversation(staff, id).await?;
        let mut log = self.whole_log(staff.scope(), id, false).await?;
        if !notes {
            log.retain(|logged| !is_of_note(&logged.entry.event));
        }
        Ok((row, log))
    }

    /// A visitor's own log in order.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn own_transcript(&self, visitor: &KnownVisitor) -> Result<(Arc<Row>, Vec<Logged>)> {
        let row = self.own_conversation(visitor).await?;
        Ok((row, self.whole_log(visitor.scope, visitor.conversation, true).await?))
    }

    pub(crate) async fn whole_log(&self, scope: Scope, id: ConversationId, visitor: bool) -> Result<Vec<Logged>> {
        let mut pages = Vec::new();
        let (mut before, mut length) = (i64::MAX, 0);
        while length < limits::TRANSCRIPT {
            let range = LogRange { after: 0, before: Some(before), visitor, limit: PAGE };
            let page = self.store.log(scope, id, range).await?;
            let Some(first) = page.first() else { break };
            before = if visitor { first.entry.visitor_seq.unwrap_or_default() } else { first.entry.seq };
            length += page.len();
            pages.push(page);
            if before <= 1 {
                break;
            }
        }
        Ok(pages.into_iter().rev().flatten().collect())
    }

    /// A log as a text that people read: what was said, each with when and by whom; dividers stand between. What was
    /// deleted is told of, not shown.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn transcript_text(&self, row: &Row, log: &[Logged]) -> Result<String> {
        let profile = self.directory.profile(row.chatbot).await?;
        let (place, visitor) = (profile.chatbot.settings.name.as_str(), visitor_name(row));
        let mut text = format!("Conversation with {visitor}\n{place}\nBegun {}\n\n", moment(row.created_at));
        for logged in log {
            let who = match logged.entry.event {
                Event::VisitorWrote { .. } => visitor.clone(),
                event if event.is_automatic_text() => format!("{place} (AI)"),
                Event::PersonWrote { person } => self.name_of(person).await,
                Event::NoteWritten { person } => format!("{} (private note)", self.name_of(person).await),
                Event::Announced { .. } => {
                    let words = logged.content.as_ref().and_then(Content::text).unwrap_or_default();
                    // Writing into a text cannot fail.
                    let _ = writeln!(text, "--- {words} ---\n");
                    continue;
                }
                Event::Rated { person, score, .. } => {
                    let (name, score) = (self.name_of(person).await, score.get());
                    let words = logged.content.as_ref().and_then(Content::text).map(|words| format!(": {words}"));
                    let words = words.unwrap_or_default();
                    let _ = writeln!(text, "--- The visitor rates the chat with {name} {score} of 5{words} ---\n");
                    continue;
                }
                _ => continue,
            };
            let words = logged.content.as_ref().and_then(Content::with_names).unwrap_or("(deleted)".into());
            let _ = writeln!(text, "[{}] {who}:\n{words}\n", moment(logged.entry.at));
        }
        Ok(text)
    }

    pub(crate) async fn name_of(&self, person: PersonId) -> String {
        self.directory.person(person).await.map_or_else(|_| GONE.to_owned(), |person| person.name.clone())
    }

    /// Other chats of a conversation's visitor, newest first, and where the next page begins.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] for a conversation that this person may not see.
    pub async fn past_chats(
        &self,
        staff: &Staff,
        id: ConversationId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Arc<Row>, Vec<Arc<Row>>, Option<i64>)> {
        let row = self.conversation(staff, id).await?;
        let facts = self.store.visitor(staff.scope(), row.visitor).await?.facts;
        let view = Self::viewpoint(staff);
        let past = self.store.past_chats(staff.scope(), view, &row, facts.email.as_deref(), before, limit).await?;
        let next = past.last().filter(|_| past.len() == limit as usize).map(|last| last.place);
        Ok((row, self.visible(staff, past).await, next))
    }
}

/// A moment by the clock of the whole world.
pub fn moment(at: Millis) -> String {
    match Timestamp::from_millisecond(at.0) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "?".to_owned(),
    }
}

/// Whether an event is a private note, or tells of one that was changed: it would carry the note's words.
fn is_of_note(event: &Event) -> bool {
    matches!(
        event,
        Event::NoteWritten { .. }
            | Event::TextEdited { visitor_seq: None, .. }
            | Event::TextDeleted { visitor_seq: None, .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_out() {
        assert_eq!(moment(Millis(1_786_365_720_999)), "2026-08-10 12:42 UTC");
        assert_eq!(moment(Millis(i64::MAX)), "?");
    }
}
