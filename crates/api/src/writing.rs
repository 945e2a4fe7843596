//! Canned replies and drafts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that is written again and again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CannedReplyView {
    /// Its id.
    pub id: String,
    /// What it is found by.
    pub name: String,
    /// Markdown. A desk puts names in the place of `{visitor}`, `{me}` and `{chatbot}`.
    pub text: String,
    /// Everybody's, not only the asking person's own.
    pub shared: bool,
    /// Unix milliseconds.
    pub updated_at: i64,
}

/// A canned reply to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    /// One line, 1 to 80 characters.
    pub name: String,
    /// Markdown, 1 to 8,000 characters.
    pub text: String,
    /// For everybody: admins of the workspace only.
    #[serde(default)]
    pub shared: bool,
}

/// What is to change about a canned reply.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CannedReplyPatch {
    /// Another name.
    pub name: Option<String>,
    /// Another text.
    pub text: Option<String>,
}

/// A text that was begun and not sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DraftView {
    /// For this conversation.
    pub conversation: String,
    /// The text; empty when there is none.
    pub text: String,
    /// Unix milliseconds; 0 when there is none.
    pub at: i64,
}

/// A draft to be kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Up to 20,000 characters; an empty one is forgotten.
    pub text: String,
}
