//! Finding knowledge.

use async_trait::async_trait;
use domain::{ChatbotId, SourceId};

use crate::{Result, Scope};

/// A chunk that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Its source.
    pub source: SourceId,
    /// Title of the source.
    pub title: String,
    /// The heading above it, or the question.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// How well it fits, greater is better; comparable within one search only.
    pub score: f64,
}

/// Full-text search over chunks.
#[async_trait]
pub trait KnowledgeIndex {
    /// The chunks of a chatbot that hold most of the words, best first. Words are compared whole with the
    /// terms of the chunks; nothing in them is syntax.
    async fn search_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        words: &[String],
        limit: u32,
    ) -> Result<Vec<Passage>>;

    /// In how many chunks of a chatbot each word occurs, in the order given, and how many chunks there are.
    async fn word_counts(&self, scope: Scope, chatbot: ChatbotId, words: &[String]) -> Result<(Vec<u64>, u64)>;
}
