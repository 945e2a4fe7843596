//! The record of who was called to what, and what came of it.

use async_trait::async_trait;
use domain::{
    ConversationId, Millis, PersonId,
    calls::{Outcome, Way},
};

use crate::{Result, Scope};

/// One thing that came of a call. What happens twice, after a crash or in two tabs of one device, is one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// In this conversation.
    pub conversation: ConversationId,
    /// The event that called, by its place in the log.
    pub seq: i64,
    /// Whom.
    pub person: PersonId,
    /// How.
    pub way: Way,
    /// Which device of theirs, by a name that stands for no person; empty where there is none.
    pub place: String,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was first so.
    pub at: Millis,
}

/// Longest name of a device, in bytes.
pub const PLACE_BYTES: usize = 64;

/// What is kept of calls.
#[async_trait]
pub trait Calls {
    /// Adds records. Those that are there stay as they are.
    async fn note_calls(&self, scope: Scope, records: Vec<CallRecord>) -> Result<()>;

    /// What came of calls of a conversation, from the event at `from` on, in the order in which it happened; of more than
    /// `limit` the newest.
    async fn calls(&self, scope: Scope, conversation: ConversationId, from: i64, limit: u32)
    -> Result<Vec<CallRecord>>;

    /// Where calls to the event at `from` and to later ones were taken on a way: by the push service of a device, by the
    /// mail server of a person. Each person and place once; at most `limit`.
    async fn taken(
        &self,
        scope: Scope,
        conversation: ConversationId,
        from: i64,
        way: Way,
        limit: u32,
    ) -> Result<Vec<(PersonId, String)>>;

    /// Forgets some of what is older. Returns how much.
    async fn forget_calls(&self, before: Millis, limit: u32) -> Result<u64>;
}
