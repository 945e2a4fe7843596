//! Search over conversations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversations::{Author, ConversationRow};

/// What search looks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchAmong {
    /// What was said, private notes too.
    Texts,
    /// Names, e-mail addresses and the website's ids of visitors.
    Visitors,
}

/// Something that was found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SearchHit {
    /// The conversation.
    pub conversation: ConversationRow,
    /// Place in the log of the text that was found; absent when a visitor was found, and without words.
    pub seq: Option<i64>,
    /// Who wrote the text.
    pub author: Option<Author>,
    /// Name of the collaborator who wrote it.
    pub name: Option<String>,
    /// It is a private note.
    pub note: bool,
    /// Unix milliseconds.
    pub at: i64,
    /// The passage in parts, in order. Text, never markup.
    pub passage: Vec<PassagePart>,
}

/// A part of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PassagePart {
    /// As it was written.
    pub text: String,
    /// It is what was looked for.
    pub found: bool,
}
