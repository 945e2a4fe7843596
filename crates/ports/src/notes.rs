//! What a collaborator was mentioned in, and the earlier versions of a text.

use async_trait::async_trait;
use domain::{ConversationId, PersonId};

use crate::{
    Result, Scope,
    content::Content,
    conversations::{Logged, Row},
};

/// A note in which somebody is mentioned who has not read it yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Its place in the order of all changes: the key of a page.
    pub change: i64,
    /// The conversation.
    pub row: std::sync::Arc<Row>,
    /// The note.
    pub note: Logged,
}

/// One version of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1, without gaps.
    pub number: i64,
    /// What it was.
    pub content: Content,
}

/// Notes, mentions, versions.
#[async_trait]
pub trait Notes {
    /// What a person was mentioned in and has not read, newest first: those with `change` below `before`.
    async fn mentions(&self, scope: Scope, person: PersonId, before: Option<i64>, limit: u32) -> Result<Vec<Mention>>;

    /// The person has read a conversation up to this `seq`: mentions in it are done with.
    async fn read_mentions(&self, scope: Scope, person: PersonId, conversation: ConversationId, seq: i64)
    -> Result<()>;

    /// Every version of a text, oldest first; empty when the entry has none.
    async fn versions(&self, scope: Scope, conversation: ConversationId, seq: i64) -> Result<Vec<Version>>;
}
