//! What visitors wrote in the last 30 days, to be labelled: first what led to a request for a person.

use std::{fmt, str::FromStr, sync::Arc};

use domain::{
    ChatbotId, ConversationId, Millis,
    conversation::{Event, Reason},
    find::Query,
    lab::Label,
    limits, text,
};
use ports::{
    Scope,
    content::Content,
    conversations::{InboxFilter, LogRange, Logged, Row},
    search::Narrowed,
};

use super::digest;
use crate::{
    Baton,
    auth::Staff,
    error::{Result, field},
};

/// Conversations that are looked through for one page, at most; a page may be short while there is a next one.
const LOOKED_THROUGH: usize = 1_000;
/// Rows of the inbox that are read together.
const ROWS: u32 = 100;
/// Entries of a log that are looked through, the newest.
const ENTRIES: u32 = 200;
/// Entries behind a message that are looked at for what it led to.
const BEHIND: u32 = 4;

/// A message of a visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its place in the log.
    pub seq: i64,
    /// What was written, as much of it as is labelled.
    pub text: String,
    /// When.
    pub at: Millis,
    /// The request that it led to.
    pub requested: Option<Reason>,
    /// How it is labelled.
    pub label: Option<Label>,
}

/// Where a page of the history begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryPlace {
    /// Among what led to a request, in conversations below this place.
    Requested(i64),
    /// Among the rest.
    Others(i64),
    /// Among what is found by its words.
    Found(i64),
}

impl fmt::Display for HistoryPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested(place) => write!(f, "requested:{place}"),
            Self::Others(place) => write!(f, "others:{place}"),
            Self::Found(place) => write!(f, "found:{place}"),
        }
    }
}

impl FromStr for HistoryPlace {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (part, place) = text.split_once(':').ok_or(())?;
        let place = place.parse().map_err(|_| ())?;
        match part {
            "requested" => Ok(Self::Requested(place)),
            "others" => Ok(Self::Others(place)),
            "found" => Ok(Self::Found(place)),
            _ => Err(()),
        }
    }
}

impl Baton {
    /// A page of what visitors wrote to a chatbot in the last 30 days, and where the next one begins. Without words what led
    /// to a request comes first; each part begins with the conversation that something happened in last.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`], [`crate::AppError::Forbidden`], the field at fault.
    pub async fn lab_history(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        typed: &str,
        after: Option<HistoryPlace>,
        limit: u32,
    ) -> Result<(Vec<Written>, Option<HistoryPlace>)> {
        self.administered(staff, chatbot).await?;
        let typed = field("q", text::optional(typed, limits::SEARCH.0))?;
        let since = self.clock.now().plus(-limits::LAB_HISTORY_MS);
        let (mut written, next) = match Query::read(&typed) {
            Some(query) => self.found_by_words(staff, chatbot, &query, since, after, limit).await?,
            // Signs without a letter: nothing is found.
            None if !typed.is_empty() => (Vec::new(), None),
            None => self.walked(staff, chatbot, since, after, limit as usize).await?,
        };
        let digests: Vec<String> = written.iter().map(|one| digest(&one.text)).collect();
        let known = self.store.lab_labels(staff.scope(), chatbot, digests.clone()).await?;
        for (one, digest) in written.iter_mut().zip(&digests) {
            one.label = known.iter().find(|(known, _)| known == digest).map(|(_, label)| *label);
        }
        Ok((written, next))
    }

    async fn found_by_words(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        query: &Query,
        since: Millis,
        after: Option<HistoryPlace>,
        limit: u32,
    ) -> Result<(Vec<Written>, Option<HistoryPlace>)> {
        let before = match after {
            Some(HistoryPlace::Found(place)) => Some(place),
            _ => None,
        };
        let narrowed = Narrowed { chatbot: Some(chatbot), since: Some(since), ..Narrowed::default() };
        let (scope, view) = (staff.scope(), Self::viewpoint(staff));
        let page = self.store.find_texts(scope, view, query, narrowed, before, limit).await?;
        let mut written = Vec::with_capacity(page.items.len());
        for found in page.items {
            let Some(entry) = found.entry.filter(|logged| matches!(logged.entry.event, Event::VisitorWrote { .. }))
            else {
                continue;
            };
            let seq = entry.entry.seq;
            let range = LogRange { after: seq, before: None, visitor: false, limit: BEHIND };
            let mut log = vec![entry];
            log.extend(self.store.log(scope, found.row.id, range).await?);
            written.extend(said(found.row.id, &log).pop().filter(|one| one.seq == seq));
        }
        written.sort_by_key(|one| one.requested.is_none());
        Ok((written, page.next.map(HistoryPlace::Found)))
    }

    async fn walked(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        since: Millis,
        after: Option<HistoryPlace>,
        limit: usize,
    ) -> Result<(Vec<Written>, Option<HistoryPlace>)> {
        let mut place = match after {
            Some(HistoryPlace::Found(_)) | None => HistoryPlace::Requested(i64::MAX),
            Some(place) => place,
        };
        let filter = InboxFilter { chatbot: Some(chatbot), ..InboxFilter::default() };
        let (mut written, mut looked) = (Vec::new(), 0);
        while written.len() < limit && looked < LOOKED_THROUGH {
            let (before, only_requested) = match place {
                HistoryPlace::Requested(before) => (before, true),
                HistoryPlace::Others(before) | HistoryPlace::Found(before) => (before, false),
            };
            let rows = self.store.rows(staff.scope(), Self::viewpoint(staff), filter, Some(before), ROWS).await?;
            let mut over = rows.len() < ROWS as usize;
            for row in &rows {
                if row.updated_at < since {
                    over = true;
                    break;
                }
                looked += 1;
                place =
                    if only_requested { HistoryPlace::Requested(row.place) } else { HistoryPlace::Others(row.place) };
                if !only_requested || had_request(row) {
                    let log = self.end_of(staff.scope(), row).await?;
                    let theirs = said(row.id, &log).into_iter().filter(|one| one.at >= since);
                    written.extend(theirs.filter(|one| one.requested.is_some() == only_requested));
                }
                if written.len() >= limit {
                    over = false;
                    break;
                }
            }
            if over && only_requested {
                place = HistoryPlace::Others(i64::MAX);
            } else if over {
                return Ok((written, None));
            }
        }
        Ok((written, Some(place)))
    }

    async fn end_of(&self, scope: Scope, row: &Arc<Row>) -> Result<Vec<Logged>> {
        let before = Some(row.state.seq + 1);
        Ok(self.store.log(scope, row.id, LogRange { after: 0, before, visitor: false, limit: ENTRIES }).await?)
    }
}

/// Whether a person was wanted in a conversation, as far as its row tells.
fn had_request(row: &Row) -> bool {
    row.summary.requested_at.is_some() || !row.summary.reasons.is_empty()
}

/// What the visitor said in a log, the newest first: each with the request that it led to, before anybody answered.
fn said(conversation: ConversationId, log: &[Logged]) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    let mut answered = true;
    for logged in log {
        match logged.entry.event {
            Event::VisitorWrote { .. } => {
                let Some(text) = logged.content.as_ref().and_then(Content::text) else { continue };
                let text: String = text.trim().chars().take(limits::LAB_MESSAGE_CHARS).collect();
                if text.is_empty() {
                    continue;
                }
                answered = false;
                let (seq, at) = (logged.entry.seq, logged.entry.at);
                written.push(Written { conversation, seq, text, at, requested: None, label: None });
            }
            Event::HumanRequested { reason, .. } | Event::ReasonAdded { reason, .. } if !answered => {
                // A press of the button is no message.
                if !matches!(reason, Reason::Button | Reason::Api | Reason::Released)
                    && let Some(last) = written.last_mut()
                {
                    last.requested = Some(reason);
                }
            }
            event if event.is_answer() => answered = true,
            _ => {}
        }
    }
    written.reverse();
    written.truncate(limits::REPLAY.1);
    written
}

#[cfg(test)]
mod tests {
    use domain::conversation::{Asks, Entry};

    use super::*;

    fn logged(seq: i64, event: Event, text: &str) -> Logged {
        let entry = Entry { seq, visitor_seq: Some(seq), at: Millis(seq), turn: 0, event };
        let content = (!text.is_empty()).then(|| Content::Text { text: text.to_owned() });
        Logged { entry, client_id: None, content, edited: false }
    }

    fn wrote(seq: i64, text: &str) -> Logged {
        logged(seq, Event::VisitorWrote { asks: Asks::Ai }, text)
    }

    fn requested(seq: i64, reason: Reason) -> Logged {
        logged(seq, Event::HumanRequested { reason, hold: false, settles: None, opens: None }, "")
    }

    #[test]
    fn what_led_to_a_request_is_the_message_before_it() {
        let conversation = ConversationId::new(uuid::Uuid::from_u128(1));
        let answer = |seq| logged(seq, Event::AssistantWrote { turn: 1, attempt: 1 }, "They are sold.");
        let log = [
            wrote(1, "lamps?"),
            answer(2),
            requested(3, Reason::NoAnswer),
            wrote(4, " I want my money back "),
            requested(5, Reason::Intent),
            wrote(6, ""),
            wrote(7, "hello?"),
            requested(8, Reason::Button),
        ];
        let found: Vec<_> = said(conversation, &log).into_iter().map(|one| (one.text, one.requested)).collect();
        let expected = [("hello?", None), ("I want my money back", Some(Reason::Intent)), ("lamps?", None)];
        assert_eq!(found, expected.map(|(text, reason)| (text.to_owned(), reason)));
    }

    #[test]
    fn long_texts_and_long_talks_are_cut() {
        let conversation = ConversationId::new(uuid::Uuid::from_u128(1));
        let long = "x".repeat(limits::LAB_MESSAGE_CHARS + 5);
        let log: Vec<Logged> = (1..=30).map(|seq| wrote(seq, &long)).collect();
        let found = said(conversation, &log);
        assert_eq!((found.len(), found[0].seq), (limits::REPLAY.1, 30));
        assert_eq!(found[0].text.len(), limits::LAB_MESSAGE_CHARS);
    }

    #[test]
    fn places_are_read_back() {
        for place in [HistoryPlace::Requested(i64::MAX), HistoryPlace::Others(7), HistoryPlace::Found(0)] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "others", "others:", "others:x", "7:others"] {
            assert_eq!(text.parse::<HistoryPlace>(), Err(()));
        }
    }
}
