//! Shapes that every endpoint shares: pages and problems.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list, by key: pass `next` as `after` to get the following page.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The entries, in the order that the endpoint documents.
    pub items: Vec<T>,
    /// The key to continue after; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An error for the outside, after RFC 9457 (`application/problem+json`).
///
/// `code` is stable and meant for programs; `title` and `detail` are for people and may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Stable, `snake_case`, documented in docs/errors.md.
    pub code: String,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status, repeated for readers of the body alone.
    pub status: u16,
    /// What is safe and what to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field at fault, as a path (`escalation.requested_message`), when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Who holds the conversation, when `code` is `held_by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
    /// Seconds to wait before trying again, when `code` is `rate_limited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// The answer of a call that has nothing to say beyond "done".
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub done: bool,
}
