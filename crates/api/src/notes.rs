//! Private notes, mentions, and texts that were changed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PersonView;

/// A private note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// The client's own id: the same id with the same note gives the first result again. The header `Idempotency-Key` is
    /// taken for it when it is left out.
    pub client_id: Option<String>,
    /// Markdown, 1 to 8,000 characters; may be empty when there are files.
    #[serde(default)]
    pub text: String,
    /// Ids of files that were uploaded to this conversation before, at most 10. No visitor sees them.
    #[serde(default)]
    pub files: Vec<String>,
    /// Ids of the people who are mentioned in it, at most 20. Each must be able to read this chatbot.
    #[serde(default)]
    pub mentions: Vec<String>,
}

/// Another text for one's own message or note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextPatch {
    /// Markdown, 1 to 8,000 characters.
    pub text: String,
}

/// One version of a text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TextVersion {
    /// From 1, the oldest.
    pub number: i64,
    /// Markdown; empty when it was deleted.
    pub text: String,
}

/// A note that mentions the asking person and that they have not read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MentionView {
    /// The conversation.
    pub conversation: String,
    /// Name of its visitor as the inbox shows it.
    pub visitor_name: String,
    /// `seq` of the note.
    pub seq: i64,
    /// Who wrote it; absent when nobody knows any more.
    pub person: Option<PersonView>,
    /// Its beginning, without line breaks.
    pub text: String,
    /// Unix milliseconds.
    pub at: i64,
}

/// How far a conversation was read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionsRead {
    /// The conversation.
    pub conversation: String,
    /// Mentions up to this `seq` were read.
    pub seq: i64,
}
