//! What the visitor's page asks for and gets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversations::Control;
use crate::events::{VisitorEvent, VisitorPerson};

/// What anybody who may open the chatbot sees of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublicChatbot {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address of its picture.
    pub avatar_url: Option<String>,
    /// Brand colour, `#rrggbb`.
    pub color: String,
    /// First words, as Markdown.
    pub greeting: String,
    /// Questions offered under the greeting.
    pub suggested_questions: Vec<String>,
    /// Whether `Talk to a person` is offered.
    pub can_request_human: bool,
}

/// Whether a website may embed a chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SiteCheck {
    /// Whether the calling site is among the allowed domains, or there are none.
    pub allowed: bool,
}

/// Makes a visitor of a chatbot, with an empty conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisitor {
    /// The chatbot.
    pub chatbot_id: String,
    /// Language of the browser as BCP 47.
    pub language: Option<String>,
    /// Address of the page.
    pub page: Option<String>,
}

/// A visitor's secret. It is shown once; the server keeps its hash.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorGrant {
    /// 256 random bits as text: `Authorization: Bearer ..`, or `hello` of the socket.
    pub token: String,
    /// The visitor's conversation.
    pub conversation_id: String,
}

/// The visitor's conversation as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorConversation {
    /// Id.
    pub id: String,
    /// Who answers now.
    pub control: Control,
    /// The people in the live chat.
    pub people: Vec<VisitorPerson>,
    /// Newest `visitor_seq`.
    pub head: i64,
    /// How far collaborators have read, as `visitor_seq`.
    pub staff_read: i64,
}

/// The result of a visitor's command: the events that the visitor sees of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorCommandResult {
    /// In order.
    pub events: Vec<VisitorEvent>,
}
