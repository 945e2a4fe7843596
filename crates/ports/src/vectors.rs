//! Vectors of texts: of examples and of pieces of knowledge, kept by what they were made from.

use async_trait::async_trait;
use domain::{ChatbotId, SourceId};

use crate::{Result, Scope, search::Passage};

/// What stands for a text: the same text has the same one, in whatever source it stands.
pub type Digest = [u8; 16];

/// A text with its vector.
pub type Known = (Digest, Vec<f32>);

/// A piece of knowledge that was not read by a model yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its number.
    pub chunk: i64,
    /// Its source.
    pub source: SourceId,
    /// The heading above it, or the question.
    pub heading: String,
    /// Its text.
    pub text: String,
}

/// What was read of a piece of knowledge by one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The vector of the whole.
    pub whole: Vec<f32>,
    /// Those of its parts, one behind the other; none where it has one part only.
    pub parts: Vec<f32>,
}

/// A piece of knowledge with its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Its number.
    pub chunk: i64,
    /// Its source.
    pub source: SourceId,
    /// The vector.
    pub vector: Vec<f32>,
}

/// The parts of a piece of knowledge, as one model has read them.
#[derive(Debug, Clone, PartialEq)]
pub struct PartsRead {
    /// Its number.
    pub chunk: i64,
    /// The model.
    pub model: String,
    /// The vectors of its parts, one behind the other.
    pub parts: Vec<f32>,
}

/// Vectors. Those of two models are never mixed: each call names the model.
#[async_trait]
pub trait Vectors {
    /// The vectors of a chatbot's examples, at most `limit` after the last one seen, by digest.
    async fn example_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        after: Option<Digest>,
        limit: u32,
    ) -> Result<Vec<Known>>;

    /// Keeps vectors of examples. One that is there stays.
    async fn keep_examples(&self, scope: Scope, chatbot: ChatbotId, model: &str, vectors: Vec<Known>) -> Result<()>;

    /// Forgets vectors of examples.
    async fn forget_examples(&self, scope: Scope, chatbot: ChatbotId, model: &str, digests: Vec<Digest>) -> Result<()>;

    /// Chunks that are found and were not read by this model, as a whole and in parts, with a number between these two, the
    /// highest first: what was written later has the higher number. With `language`, of sources in that language only, and of
    /// those whose language is not known.
    async fn unread_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        language: Option<&str>,
        between: (i64, i64),
        limit: u32,
    ) -> Result<Vec<Unread>>;

    /// Keeps what was read of chunks, each under the digest of its text. What is there stays. With `counted`, their sources
    /// count them as read.
    async fn keep_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        read: Vec<(Unread, Digest, Reading)>,
        counted: bool,
    ) -> Result<()>;

    /// Ends a reading: each source counts its chunks that have a vector of this model, what no chunk has any more is
    /// forgotten (as are the vectors of models that are not among `models`), and whoever keeps the vectors at hand is
    /// told by the chatbot's number of its knowledge.
    async fn settle_chunks(&self, scope: Scope, chatbot: ChatbotId, model: &str, models: &[String]) -> Result<()>;

    /// The vectors of the chunks that are found, by number, after the last one seen.
    async fn chunk_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Read>>;

    /// The vectors of the parts of chunks by each of these models, in no order; what is not read in parts is left out.
    async fn part_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        models: &[&str],
        chunks: &[i64],
    ) -> Result<Vec<PartsRead>>;

    /// Chunks by number, in the order given; what is not found any more is left out.
    async fn passages(&self, scope: Scope, chatbot: ChatbotId, chunks: &[i64]) -> Result<Vec<Passage>>;
}
