//! Knowledge: the sources that a chatbot answers from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a source came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A question with its answer.
    Qa,
    /// Pasted text.
    Text,
    /// An uploaded file.
    File,
}

/// How far a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// Waiting to be cut into chunks and indexed.
    Indexing,
    /// The AI answers from it.
    Ready,
    /// It could not be read; `error` says why.
    Failed,
}

/// One piece of knowledge, as the list shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Id.
    pub id: String,
    /// Where it came from.
    pub kind: SourceKind,
    /// Title, or the question of a Q&A pair.
    pub title: String,
    /// How far it is.
    pub status: SourceStatus,
    /// Why it failed, and what to do.
    pub error: Option<String>,
    /// The stable code of why it failed.
    pub error_code: Option<String>,
    /// Number of chunks in the index.
    pub chunks: u32,
    /// Those of them whose meaning was read; stays behind while it is being read, and is 0 without a local model.
    pub read: u32,
    /// Size of the text in bytes.
    pub bytes: u64,
    /// Unix milliseconds.
    pub updated_at: i64,
}

/// A source with its whole text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceDetail {
    /// The entry of the list.
    #[serde(flatten)]
    pub source: Source,
    /// The text, or the answer of a Q&A pair.
    pub text: String,
}

/// A new source. Files go to `/sources/upload`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewSource {
    /// A question with its answer.
    Qa {
        /// Up to 500 characters.
        question: String,
        /// Up to 20,000 characters.
        answer: String,
    },
    /// Pasted text.
    Text {
        /// Up to 200 characters.
        title: String,
        /// Up to 1 MiB.
        text: String,
    },
}

/// Changes to a source. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcePatch {
    /// Title, or the question.
    pub title: Option<String>,
    /// The text, or the answer.
    pub text: Option<String>,
}
