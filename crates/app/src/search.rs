//! Search: what was said, who said it, and conversations by what they are.

use std::sync::Arc;

use domain::{
    Millis,
    conversation::Event,
    find::{Part, Query},
    limits, text,
};
use ports::{
    conversations::{Row, TextBy, VisitorFacts},
    search::{Found, Narrowed},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Baton,
    auth::Staff,
    error::{Result, field},
};

/// What is looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// What was said.
    Texts,
    /// Names, addresses and ids of visitors.
    Visitors,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The conversation.
    pub row: Arc<Row>,
    /// Place in the log of the text that was found.
    pub seq: Option<i64>,
    /// Who wrote it; nothing when it is the visitor who was found.
    pub by: Option<TextBy>,
    /// It is a private note.
    pub note: bool,
    /// When it was written.
    pub at: Millis,
    /// The passage, with what was looked for marked. Empty without words.
    pub passage: Vec<Part>,
}

impl Baton {
    /// A page of what is found, newest first, and where the next one begins. Without words: the conversations that the
    /// rest of the search names.
    ///
    /// # Errors
    /// The field at fault, a fault of the database.
    pub async fn search(
        &self,
        staff: &Staff,
        typed: &str,
        among: Among,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<Hit>, Option<i64>)> {
        let typed = field("q", text::optional(typed, limits::SEARCH.0).map(|clean| spaced(typed, clean)))?;
        let (scope, view) = (staff.scope(), Self::viewpoint(staff));
        let query = Query::read(&typed);
        let page = match (&query, among) {
            // Signs without a letter: there is nothing to look for, and nothing is found.
            (None, _) if !typed.trim().is_empty() => return Ok((Vec::new(), None)),
            (None, _) => self.store.find_rows(scope, view, narrowed, before, limit).await?,
            (Some(query), Among::Texts) => self.store.find_texts(scope, view, query, narrowed, before, limit).await?,
            (Some(query), Among::Visitors) => {
                self.store.find_visitors(scope, view, query, narrowed, before, limit).await?
            }
        };
        let mut hits = Vec::with_capacity(page.items.len());
        for found in page.items {
            let seen = staff.role_for(found.row.chatbot).is_some();
            if seen && self.directory.profile(found.row.chatbot).await.is_ok() {
                hits.extend(hit(found, query.as_ref()));
            }
        }
        Ok((hits, page.next))
    }

    /// Takes in what was said before there was a search, slice by slice, until all of it can be found.
    pub(crate) async fn fill_search(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.store.fill_search().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(fault) => {
                    tracing::warn!(
                        error = &fault as &dyn std::error::Error,
                        "earlier texts cannot be taken into the search yet"
                    );
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = self.clock.sleep(AGAIN) => {}
                    }
                }
            }
        }
    }
}

/// How long to wait before a slice is tried again.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(10);

/// What was typed, with the space at its end that says that the last word is whole.
fn spaced(typed: &str, clean: String) -> String {
    if typed.ends_with(char::is_whitespace) { clean + " " } else { clean }
}

/// What is shown of something that was found; nothing when it is not there any more.
fn hit(found: Found, query: Option<&Query>) -> Option<Hit> {
    let Found { row, entry, visitor } = found;
    if let Some(logged) = entry {
        let (by, note) = match logged.entry.event {
            Event::VisitorWrote { .. } => (TextBy::Visitor, false),
            Event::AssistantWrote { .. } => (TextBy::Ai, false),
            Event::PersonWrote { person } => (TextBy::Person(person), false),
            Event::NoteWritten { person } => (TextBy::Person(person), true),
            _ => return None,
        };
        let passage = query?.passage(&logged.content.as_ref()?.with_names()?)?;
        return Some(Hit { row, seq: Some(logged.entry.seq), by: Some(by), note, at: logged.entry.at, passage });
    }
    let passage = match (query, &visitor) {
        (Some(query), Some(facts)) => query.passage(&known(facts))?,
        _ => Vec::new(),
    };
    let at = row.updated_at;
    Some(Hit { row, seq: None, by: None, note: false, at, passage })
}

/// What is known of a visitor, in one line.
fn known(facts: &VisitorFacts) -> String {
    let facts = [&facts.name, &facts.email, &facts.external_id];
    facts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
}
