//! What helps people to write: canned replies and drafts.

use async_trait::async_trait;
use domain::{CannedReplyId, ConversationId, Millis, PersonId};

use crate::{
    Result, Scope,
    requests::{Creation, RequestKey},
};

/// A text that is written again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedReplyId,
    /// Whose own it is; everybody's when absent.
    pub of: Option<PersonId>,
    /// What it is found by.
    pub name: String,
    /// Markdown with variables like `{visitor}`.
    pub text: String,
    /// When it was changed last.
    pub updated_at: Millis,
}

/// A text that was begun and not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// For this conversation.
    pub conversation: ConversationId,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Millis,
}

/// Canned replies and drafts.
#[async_trait]
pub trait Writing {
    /// Everybody's and this person's own, by name; `after` is the last one of the page before.
    async fn canned_replies(
        &self,
        scope: Scope,
        person: PersonId,
        after: Option<(String, CannedReplyId)>,
        limit: u32,
    ) -> Result<Vec<CannedReply>>;

    /// One of everybody's or of this person's own.
    async fn canned_reply(&self, scope: Scope, person: PersonId, id: CannedReplyId) -> Result<CannedReply>;

    /// Adds one, unless there are `most` of its kind already (then `Conflict`).
    async fn add_canned_reply(
        &self,
        scope: Scope,
        reply: &CannedReply,
        most: u64,
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// Puts another text in its place. Whose it is stays as it was.
    async fn save_canned_reply(&self, scope: Scope, reply: &CannedReply) -> Result<()>;

    /// Removes one.
    async fn remove_canned_reply(&self, scope: Scope, id: CannedReplyId) -> Result<()>;

    /// A person's draft for a conversation.
    async fn draft(&self, scope: Scope, person: PersonId, conversation: ConversationId) -> Result<Option<Draft>>;

    /// A person's drafts, newest first: those written before `before`.
    async fn drafts(&self, scope: Scope, person: PersonId, before: Option<Millis>, limit: u32) -> Result<Vec<Draft>>;

    /// Puts a draft in place; an empty one is forgotten. One that is older than what is there changes nothing.
    async fn write_draft(&self, scope: Scope, person: PersonId, draft: Draft) -> Result<()>;
}
