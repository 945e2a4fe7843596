//! Chatbots and their settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    account::Role,
    agents::SupervisorSettings,
    routing::{RoutingPatch, RoutingSettings},
    waiting::{WaitingPatch, WaitingSettings},
};

/// Who may open the chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Collaborators only: the share page, REST and the socket ask for a sign-in.
    Private,
    /// Anybody with the link, and embedded on sites.
    Public,
    /// Embedded on sites only: the share page answers in a frame and nowhere else.
    Hybrid,
}

/// A chatbot with all its settings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Chatbot {
    /// Id; also in the share link.
    pub id: String,
    /// Name as visitors see it.
    pub name: String,
    /// Address of its picture; without one the initials are drawn.
    pub avatar_url: Option<String>,
    /// Brand colour, `#rrggbb`.
    pub color: String,
    /// First words of the chatbot, before anything was asked.
    pub greeting: String,
    /// Questions offered under the greeting, at most 6.
    pub suggested_questions: Vec<String>,
    /// Who may open it.
    pub visibility: Visibility,
    /// Sites that may embed it: `example.com`, `*.example.com`, with a port where there is one. Empty: any.
    pub allowed_domains: Vec<String>,
    /// How much one visitor may write.
    pub message_limit: MessageLimit,
    /// `Human Support Handover`.
    pub escalation: EscalationSettings,
    /// `AI Supervisor Settings`: rules and office hours; intents, bias and stickiness stand on the AI agents.
    pub supervisor: SupervisorSettings,
    /// Public address of the share page; absent while the visibility forbids it.
    pub share_url: Option<String>,
    /// The snippet for a website.
    pub embed_snippet: String,
    /// Unix milliseconds of when the present signing secret was made; absent while there is none.
    pub signing_secret_at: Option<i64>,
    /// What the asking person may do here.
    pub role: Role,
    /// Unix milliseconds.
    pub created_at: i64,
}

/// What a website's server signs ids with. It is shown this once; the server keeps it encrypted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewSigningSecret {
    /// The key of the HMAC, as text.
    pub secret: String,
    /// Unix milliseconds.
    pub made_at: i64,
}

/// At most `messages` in `seconds`; beyond that the visitor reads `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageLimit {
    /// Number of messages, 1 to 1,000.
    pub messages: u32,
    /// Length of the window in seconds, 1 to 86,400.
    pub seconds: u32,
    /// What the visitor reads when the limit is reached.
    pub text: String,
}

/// `Human Support Handover`: when and how a person is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationSettings {
    /// `Enable Human Escalation`.
    pub enabled: bool,
    /// `Human Agent Requested Message`: what the AI says when a request is detected.
    pub requested_message: String,
    /// `Human Escalation Notifications`.
    pub notifications: bool,
    /// `Notification Sound`.
    pub sound: bool,
    /// `Send replies by e-mail` to a visitor whose page is closed, where the server sends mail.
    pub mail_replies: bool,
    /// `Live Chat Starts Announcement`. `{name}` becomes the person's name.
    pub start_announcement: String,
    /// `Live Chat Ends Announcement`. `{name}` becomes the person's name.
    pub end_announcement: String,
    /// While a person is wanted the AI stays silent instead of helping on.
    pub hold: bool,
    /// A person is called when the visitor asks for one.
    pub when_asked: bool,
    /// How readily a wish is heard out of a message, -10 to 10.
    pub bias: i8,
    /// A person is called after so many answers in a row that the AI did not know, 1 to 10; never when 0.
    pub after_no_answers: u32,
    /// A person is called when the visitor is upset.
    pub when_upset: bool,
    /// A person is called after so many answers of the AI, 1 to 30; never when 0.
    pub after_turns: u32,
    /// A person is called when no AI could answer.
    pub when_ai_fails: bool,
    /// `AI Output Alert Triggers`.
    pub output_triggers: Vec<OutputTrigger>,
    /// `Escalation Intents`.
    pub intents: Vec<EscalationIntent>,
    /// What happens while nobody comes.
    pub waiting: WaitingSettings,
    /// After a live chat the visitor is asked what they think of it.
    pub asks_rating: bool,
    /// Whom a request is given to.
    pub routing: RoutingSettings,
    /// The texts that visitors read, in other languages.
    pub translations: Vec<HandoverTranslation>,
}

/// The texts of the hand-over in one language. What is empty is said in the next best one: `pt-BR`, then `pt`, then the
/// default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverTranslation {
    /// Language tag, `de` or `pt-BR`; each comes once.
    pub language: String,
    /// `Human Agent Requested Message`, up to 1,000 characters.
    #[serde(default)]
    pub requested_message: String,
    /// `Live Chat Starts Announcement`, up to 1,000 characters.
    #[serde(default)]
    pub start_announcement: String,
    /// `Live Chat Ends Announcement`, up to 1,000 characters.
    #[serde(default)]
    pub end_announcement: String,
    /// Said while a person is looked for, up to 1,000 characters.
    #[serde(default)]
    pub first_text: String,
    /// Said once more, up to 1,000 characters.
    #[serde(default)]
    pub second_text: String,
    /// Said when nobody has come, up to 1,000 characters.
    #[serde(default)]
    pub nobody_text: String,
    /// Said outside the office hours, up to 1,000 characters.
    #[serde(default)]
    pub away_text: String,
}

/// A phrase to watch for in what the AI says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputTrigger {
    /// Compared without regard to case and spacing, whole words.
    pub phrase: String,
    /// `Also request a person`; otherwise the people are alerted once and the AI goes on.
    pub also_request: bool,
    /// Also what means the same in other words counts, where there is a local model. Only of phrases of three words or
    /// more.
    #[serde(default = "yes")]
    pub by_meaning: bool,
}

fn yes() -> bool {
    true
}

/// When a visitor means this, a person is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationIntent {
    /// Name as the hand-over card shows it.
    pub name: String,
    /// What a visitor might write, 1 to 100 lines.
    pub examples: Vec<String>,
}

/// Changes to a chatbot. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatbotPatch {
    /// Name as visitors see it, 1 to 80 characters.
    pub name: Option<String>,
    /// Brand colour, `#rrggbb`.
    pub color: Option<String>,
    /// First words, 1 to 1,000 characters.
    pub greeting: Option<String>,
    /// Questions offered under the greeting, at most 6 of 200 characters.
    pub suggested_questions: Option<Vec<String>>,
    /// Who may open it.
    pub visibility: Option<Visibility>,
    /// Sites that may embed it, at most 100; empty: any.
    pub allowed_domains: Option<Vec<String>>,
    /// How much one visitor may write.
    pub message_limit: Option<MessageLimit>,
    /// Changes to the hand-over.
    pub escalation: Option<EscalationPatch>,
    /// Rules and office hours, all of them.
    pub supervisor: Option<SupervisorSettings>,
}

/// Changes to `Human Support Handover`. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationPatch {
    /// `Enable Human Escalation`.
    pub enabled: Option<bool>,
    /// `Human Agent Requested Message`, 1 to 1,000 characters.
    pub requested_message: Option<String>,
    /// `Human Escalation Notifications`.
    pub notifications: Option<bool>,
    /// `Notification Sound`.
    pub sound: Option<bool>,
    /// `Send replies by e-mail`.
    pub mail_replies: Option<bool>,
    /// `Live Chat Starts Announcement`, up to 1,000 characters.
    pub start_announcement: Option<String>,
    /// `Live Chat Ends Announcement`, up to 1,000 characters.
    pub end_announcement: Option<String>,
    /// While a person is wanted the AI stays silent.
    pub hold: Option<bool>,
    /// A person is called when the visitor asks for one.
    pub when_asked: Option<bool>,
    /// How readily a wish is heard out of a message, -10 to 10.
    pub bias: Option<i8>,
    /// A person is called after so many answers in a row that the AI did not know, 1 to 10; never when 0.
    pub after_no_answers: Option<u32>,
    /// A person is called when the visitor is upset.
    pub when_upset: Option<bool>,
    /// A person is called after so many answers of the AI, 1 to 30; never when 0.
    pub after_turns: Option<u32>,
    /// A person is called when no AI could answer.
    pub when_ai_fails: Option<bool>,
    /// `AI Output Alert Triggers`, at most 50.
    pub output_triggers: Option<Vec<OutputTrigger>>,
    /// `Escalation Intents`, at most 50.
    pub intents: Option<Vec<EscalationIntent>>,
    /// Changes to what happens while nobody comes.
    pub waiting: Option<WaitingPatch>,
    /// After a live chat the visitor is asked what they think of it.
    pub asks_rating: Option<bool>,
    /// Changes to whom a request is given to.
    pub routing: Option<RoutingPatch>,
    /// The texts in other languages, at most 40.
    pub translations: Option<Vec<HandoverTranslation>>,
}
