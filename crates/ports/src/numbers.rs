//! What is counted of requests: a record of each, written in the transaction of the event that it follows from.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis, PersonId,
    numbers::{Begun, Ratings},
    requests::Record,
};

use crate::{Result, Scope};

/// Which requests: of a chatbot, wanted within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// From then on.
    pub from: Millis,
    /// Before then.
    pub until: Millis,
}

/// A record with its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// In this conversation.
    pub conversation: ConversationId,
    /// What is known of the visitor's name.
    pub visitor_name: Option<String>,
    /// The record.
    pub record: Record,
}

/// The place of a record among all of a chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When the person was wanted.
    pub at: Millis,
    /// In which conversation.
    pub conversation: ConversationId,
    /// `seq` of the event that opened it.
    pub opened: i64,
}

impl Kept {
    /// Its place.
    pub fn place(&self) -> Place {
        Place { at: self.record.opened_at, conversation: self.conversation, opened: self.record.opened }
    }
}

/// Which requests are missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// Longest time that a visitor may wait, in milliseconds.
    pub limit: i64,
    /// Now: who waits until now waits that long.
    pub now: Millis,
}

/// What is counted of requests.
#[async_trait]
pub trait Numbers {
    /// Records in the order of their places, after one of them, at most `limit`.
    async fn request_records(&self, scope: Scope, range: Range, after: Option<Place>, limit: u32) -> Result<Vec<Kept>>;

    /// Requests that nobody answered, or too late, the newest first: at most `limit`, before a place.
    async fn missed_requests(
        &self,
        scope: Scope,
        range: Range,
        missed: Missed,
        before: Option<Place>,
        limit: u32,
    ) -> Result<Vec<Kept>>;

    /// Conversations that began within the range, by the quarter of an hour in which they did.
    async fn conversations_begun(&self, scope: Scope, range: Range) -> Result<Vec<(Millis, Begun)>>;

    /// What visitors thought of live chats within the range, by the person who was there last.
    async fn ratings(&self, scope: Scope, range: Range) -> Result<Vec<(PersonId, Ratings)>>;

    /// Counts a slice of what was written before there were records; false when nothing is left.
    async fn fill_requests(&self) -> Result<bool>;

    /// Whether everything is counted.
    async fn requests_are_filled(&self) -> Result<bool>;
}
