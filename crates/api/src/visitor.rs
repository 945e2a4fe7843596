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
    /// Whether the visitor is asked, after a live chat, what they think of it.
    pub asks_rating: bool,
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
    /// Address from which the page was opened.
    pub referrer: Option<String>,
    /// Who the website says it is. With a good signature the answer is the chat that the person has already.
    pub identity: Option<Identity>,
}

/// A visitor's own conversation to be kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorTranscript {
    /// The conversation as it stands.
    pub conversation: VisitorConversation,
    /// The log in order.
    pub events: Vec<VisitorEvent>,
}

/// Who a visitor is, as the website says.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// The website's own id of the person, up to 200 characters.
    pub id: Option<String>,
    /// Name, up to 80 characters.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What else colleagues shall see: at most 30 texts, numbers or truth values.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub attributes: std::collections::BTreeMap<String, serde_json::Value>,
    /// Until when the signature counts, in Unix seconds.
    pub expires: Option<i64>,
    /// HMAC-SHA256 of `chatbot:expires:id` with the chatbot's signing secret, as hexadecimal digits. Without one the
    /// person is shown as not verified, and no earlier chat opens.
    pub signature: Option<String>,
}

/// Says who a visitor is. With `Authorization` it is said of that visitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identify {
    /// The chatbot.
    pub chatbot_id: String,
    /// Who it is.
    pub identity: Identity,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Identified {
    /// The id was proved.
    pub verified: bool,
    /// What opens the person's chat from now on, when the caller's own token does not.
    pub grant: Option<VisitorGrant>,
}

/// An e-mail address to write to.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveEmail {
    /// The address.
    pub email: String,
}

/// What a visitor who waits for a person can be told of the wait.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// Place in the queue, from 1; absent when nobody is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u64>,
    /// How long others waited lately for a person's first word; absent where nothing honest can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitRange>,
    /// When somebody is there again, in Unix milliseconds; absent where somebody is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<i64>,
}

/// A time to wait, in whole minutes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct WaitRange {
    /// Half of those who were answered waited no longer.
    pub from: u32,
    /// Four of five waited no longer.
    pub to: u32,
}

/// What the visitor thinks of a live chat that is over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// `visitor_seq` of the chat's end: of `live_chat_ended` or `resolved`.
    pub of: i64,
    /// From 1 (not satisfied at all) to 5.
    pub score: u8,
    /// In their words, up to 1,000 characters.
    #[serde(default)]
    pub comment: String,
}

/// The address is known.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct EmailLeft {
    /// Always true.
    pub done: bool,
    /// Whether this server sends mail: then the chat can be mailed there.
    pub sends_mail: bool,
}

/// How far the visitor has read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// Last `visitor_seq` seen.
    pub visitor_seq: i64,
}

/// Whether the visitor is writing.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Writing {
    /// Writing now.
    pub on: bool,
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
