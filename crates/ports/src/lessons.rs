//! What came of what the AI could learn from conversations.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis, PersonId, SourceId};

use crate::{Result, Scope};

/// What somebody made of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It is in the knowledge.
    Taught(SourceId),
    /// It is left to somebody who may add knowledge.
    Suggested,
    /// It is not worth it.
    Dismissed,
}

/// A lesson that somebody has looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// The conversation that it comes from.
    pub conversation: ConversationId,
    /// Its place in the log of it.
    pub seq: i64,
    /// The question, as it was written last.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// What was made of it.
    pub made: Made,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Millis,
}

/// Lessons that somebody has looked at.
#[async_trait]
pub trait Lessons {
    /// Those of a conversation.
    async fn looked_at(&self, scope: Scope, conversation: ConversationId) -> Result<Vec<Looked>>;

    /// Keeps what was made of one, in the place of what was kept before. What was taught stays taught: then false.
    async fn keep_lesson(&self, scope: Scope, looked: Looked) -> Result<bool>;

    /// Those of a chatbot that wait for somebody who may add knowledge, the newest first: at most `limit`, before the time,
    /// conversation and place of the last one seen.
    async fn suggested(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, ConversationId, i64)>,
        limit: u32,
    ) -> Result<Vec<Looked>>;
}
