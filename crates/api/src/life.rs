//! Making, copying and deleting chatbots; the guide to the first live one; questions without answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new chatbot, or a copy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChatbot {
    /// Name as visitors see it, 1 to 80 characters.
    pub name: String,
}

/// Deletes a chatbot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatbotDeletion {
    /// Its name, written out: whoever deletes says what.
    pub name: String,
}

/// How far the way to a first live chatbot is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct GuideState {
    /// It has a source to answer from.
    pub knowledge: bool,
    /// The texts of the hand-over were looked at.
    pub handover_seen: bool,
    /// The link or the embed code was copied.
    pub shared: bool,
    /// Somebody has written to it.
    pub chat: bool,
    /// Nobody wants to see the list any more.
    pub dismissed: bool,
}

/// A step that only the desk sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuideStep {
    /// The texts of the hand-over were looked at.
    HandoverSeen,
    /// The link or the embed code was copied.
    Shared,
    /// The list was put away.
    Dismissed,
}

/// Notes a step.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideNote {
    /// Which.
    pub step: GuideStep,
}

/// Questions with the same words that the AI could not answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnansweredQuestion {
    /// Id.
    pub id: String,
    /// In the words of whoever asked last.
    pub question: String,
    /// The newest conversation in which it was asked.
    pub conversation_id: String,
    /// How often.
    pub times: u64,
    /// When it was asked last; unix milliseconds.
    pub asked_at: i64,
}
