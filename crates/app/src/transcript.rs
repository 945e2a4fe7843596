//! A conversation to be kept elsewhere, and the other chats of its visitor.

use std::sync::Arc;

use domain::{ConversationId, conversation::Event, limits};
use ports::{
    Scope,
    conversations::{KnownVisitor, LogRange, Logged, Row},
};

use crate::{Baton, auth::Staff, error::Result};

/// Entries that are read at once.
const PAGE: u32 = 500;

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

    async fn whole_log(&self, scope: Scope, id: ConversationId, visitor: bool) -> Result<Vec<Logged>> {
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

/// Whether an event is a private note, or tells of one that was changed: it would carry the note's words.
fn is_of_note(event: &Event) -> bool {
    matches!(
        event,
        Event::NoteWritten { .. }
            | Event::TextEdited { visitor_seq: None, .. }
            | Event::TextDeleted { visitor_seq: None, .. }
    )
}
