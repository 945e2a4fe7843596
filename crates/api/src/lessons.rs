//! What the AI can learn from live chats.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PersonView;

/// What somebody made of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LessonState {
    /// Nobody has looked at it.
    Proposed,
    /// It is left to somebody who may add knowledge.
    Suggested,
    /// It is in the knowledge.
    Taught,
}

/// A question of a visitor and a person's answer to it, as they could stand in the knowledge.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonView {
    /// Id of the conversation that it comes from.
    pub conversation_id: String,
    /// Place of the answer in its log.
    pub seq: i64,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// It seems to hold something that belongs to this visitor alone: an address, a long number.
    pub personal: bool,
    /// What somebody made of it.
    pub state: LessonState,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonView>,
    /// The source that it has become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
}

/// `Teach the AI`: a lesson in one's own words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Teach {
    /// The question, in one line.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// What has become of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Taught {
    /// `taught`; `suggested` when the caller may not add knowledge.
    pub state: LessonState,
    /// The source that it has become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
}
