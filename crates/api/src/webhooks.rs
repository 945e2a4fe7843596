//! Webhooks: servers of the owner that are told of what happens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that a webhook can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum WebhookEvent {
    /// A visitor began a conversation: its first entry was written.
    #[serde(rename = "conversation.created")]
    ConversationCreated,
    /// Somebody wrote: the visitor, the AI or a person.
    #[serde(rename = "message.created")]
    MessageCreated,
    /// A person is wanted.
    #[serde(rename = "human.requested")]
    HumanRequested,
    /// A person is wanted, and nobody has come for long.
    #[serde(rename = "human.waiting")]
    HumanWaiting,
    /// A person took over.
    #[serde(rename = "human.taken_over")]
    HumanTakenOver,
    /// A live chat is over.
    #[serde(rename = "live_chat.ended")]
    LiveChatEnded,
    /// The AI said a watched phrase.
    #[serde(rename = "ai.alert")]
    AiAlert,
    /// A visitor rated the conversation.
    #[serde(rename = "conversation.rated")]
    ConversationRated,
    /// A visitor left an e-mail address.
    #[serde(rename = "lead.captured")]
    LeadCaptured,
}

/// What speaks at the other end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookKind {
    /// A server that reads Standard Webhooks.
    #[default]
    Standard,
    /// A channel of Slack, by an incoming webhook.
    Slack,
    /// A channel of Microsoft Teams, by a workflow that takes webhook requests.
    Teams,
    /// A channel of Discord, by a webhook.
    Discord,
}

/// Why a webhook is told of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookOffWhy {
    /// Somebody switched it off.
    Person,
    /// The receiver answered 410: it wants no more.
    Gone,
    /// Every try has failed for three days.
    Failing,
}

/// A webhook.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// What speaks there.
    pub kind: WebhookKind,
    /// What people call it.
    pub name: String,
    /// Where it is; of a chat app's channel the host and the last four signs, because whoever knows the rest can write there.
    pub url: String,
    /// Only of this chatbot; of all of them when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chatbot_id: Option<String>,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// Whether it is on.
    pub enabled: bool,
    /// Why it is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_why: Option<WebhookOffWhy>,
    /// Since when it is off, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_at: Option<i64>,
    /// Since when every try has failed, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<i64>,
    /// Whether there is a secret to sign with, or an address to call. There is none after the server's key was lost.
    pub has_secret: bool,
    /// When it was made, in Unix milliseconds.
    pub created_at: i64,
}

/// A webhook as somebody wants it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookWanted {
    /// What speaks there. It stays what it was when a webhook is changed.
    #[serde(default)]
    pub kind: WebhookKind,
    /// One line, 1 to 80 characters.
    pub name: String,
    /// An `https` address (or `http`) outside of the server's own network. Of a chat app's channel, what was shown of it says
    /// that it stays.
    pub url: String,
    /// Only of this chatbot; of all of them when absent.
    #[serde(default)]
    pub chatbot_id: Option<String>,
    /// What it is told of, at least one; a chat app's channel is told of requests, whatever stands here.
    #[serde(default)]
    pub events: Vec<WebhookEvent>,
    /// Whether it is on.
    #[serde(default = "on")]
    pub enabled: bool,
}

fn on() -> bool {
    true
}

/// A webhook that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebhookMade {
    /// What was made.
    pub webhook: WebhookView,
    /// The secret that its messages are signed with, `whsec_..`. It is shown this once; a chat app's channel has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A new secret of a webhook.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebhookSecret {
    /// The secret, `whsec_..`. It is shown this once.
    pub secret: String,
    /// Until then messages are signed with the one before, too; in Unix milliseconds.
    pub before_until: i64,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its first or its next try.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was tried as often as it is, or the receiver wants no more.
    Failed,
    /// It was not tried any more: the webhook was switched off, or what it tells of was deleted.
    Dropped,
}

/// Something that a webhook was told, or will be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    /// Its id.
    pub id: String,
    /// `webhook-id`: the same whenever it is sent.
    pub message_id: String,
    /// What it is about, as its `type` says; `webhook.test` for a test event.
    pub event: String,
    /// The conversation that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// When it was put in line, in Unix milliseconds.
    pub created_at: i64,
    /// When it is tried again, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<i64>,
    /// The last try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<DeliveryAttempt>,
}

/// A try to deliver something.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryAttempt {
    /// When it began, in Unix milliseconds.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status that the receiver answered; absent when there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The beginning of the answer, at most 500 characters; what went wrong when there was none.
    pub answer: String,
}
