//! Those who wait for a person.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis};

use crate::{Result, Scope};

/// What is known of the queue of a chatbot, from the place of one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Conversations that wait for longer.
    pub ahead: u64,
    /// How long the newest answered requests waited for a person's first word, in milliseconds.
    pub waits: Vec<i64>,
}

/// The queue.
#[async_trait]
pub trait Queue {
    /// Who waits before a conversation, and how long those waited who were answered since `recent`: the newest of them, at
    /// most `samples`. Whom a person has come to waits no more, even without a word yet. Its own record says since when
    /// the conversation waits, and `opened_at` where none is counted yet.
    async fn queued(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        (conversation, opened_at): (ConversationId, Millis),
        recent: Millis,
        samples: u32,
    ) -> Result<Queued>;
}
