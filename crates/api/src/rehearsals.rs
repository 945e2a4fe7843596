//! Rehearsals of the hand-over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Begins a rehearsal.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewRehearsal {
    /// Language of the visitor who is played, as BCP 47.
    pub language: Option<String>,
}

/// A rehearsal that has begun. The secret is shown once; the server keeps its hash.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RehearsalGrant {
    /// For the visitor's side: `Authorization: Bearer ..`, or `hello` of the socket.
    pub token: String,
    /// The conversation. Nobody but whoever began it may open it.
    pub conversation_id: String,
    /// When it is removed, in Unix milliseconds.
    pub until: i64,
}
