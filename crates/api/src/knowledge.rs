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
    /// Its tags, by name.
    pub tags: Vec<String>,
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

/// The tags of a source: these and no others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceTags {
    /// At most 20, each of at most 40 characters. They are kept in small letters.
    pub tags: Vec<String>,
}

/// A tag of a chatbot's sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagView {
    /// The tag.
    pub tag: String,
    /// How many sources have it.
    pub sources: u64,
}

/// How a passage came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PassageState {
    /// As it was cut from the source.
    Cut,
    /// Somebody wrote another text in its place.
    Changed,
    /// Somebody left it out: the AI does not find it.
    LeftOut,
    /// Somebody added it: it stands nowhere in the source.
    Added,
    /// A change that fits no more: the source has other words now. The AI finds what the source says.
    Unfit,
}

/// A piece of a source, as the AI finds it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PassageView {
    /// What it is called by in its own routes. Of a passage that was cut it stays as long as its words do.
    pub id: String,
    /// Its place in the source, from 1; 0 while the source is read again.
    pub place: u32,
    /// How it came about.
    pub state: PassageState,
    /// Title and headings above it, or the question.
    pub heading: String,
    /// Its text; of one that is left out, and of a change that fits no more, see `original`.
    pub text: String,
    /// The page that it begins on, in a source with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The text as it was cut, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

/// A passage to be added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassage {
    /// Heading below the title, up to 200 characters.
    #[serde(default)]
    pub heading: String,
    /// 1 to 4,000 characters.
    pub text: String,
    /// A page to cite.
    #[serde(default)]
    pub page: Option<u32>,
}

/// What is to become of a passage: exactly one of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassagePatch {
    /// Another text, 1 to 4,000 characters; the very text that was cut takes the change back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the AI does not find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<bool>,
}
