//! The Escalation lab: labelled messages, and how well a person is called for them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{account::PersonView, chatbots::EscalationIntent, events::Reason};

/// What the visitor wants who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabLabel {
    /// A person: one should be called at once.
    Person,
    /// No person.
    NoPerson,
}

/// The lab of a chatbot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabView {
    /// Messages that ask for a person.
    pub person: u64,
    /// Messages that ask for none.
    pub no_person: u64,
    /// Most messages of a chatbot.
    pub most: u64,
    /// The newest run of each kind, the newest first.
    pub runs: Vec<LabRunView>,
}

/// A labelled message.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabMessageView {
    /// Id.
    pub id: String,
    /// What was written.
    pub text: String,
    /// What the visitor wants.
    pub label: LabLabel,
    /// Who added it.
    pub by: PersonView,
    /// When, in Unix milliseconds.
    pub added_at: i64,
    /// The conversation that it is from; it is deleted with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
}

/// How messages are written in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabForm {
    /// One a line: `+` before a message that asks for a person, `-` before one that does not; or label and message with a
    /// tab between.
    Lines,
    /// A table with the columns `text` and `label` (1 or 0), with commas, semicolons or tabs.
    Csv,
    /// One JSON object a line, `{"text", "label": 0|1}`, as `baton eval escalation` reads it.
    Jsonl,
}

/// Messages to be labelled: a text in some form, or a list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLabMessages {
    /// How `text` is written; lines when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<LabForm>,
    /// What was pasted, or is in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The messages one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<NewLabMessage>>,
}

/// A message to be labelled.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabMessage {
    /// What was written, 1 to 2,000 characters.
    pub text: String,
    /// What the visitor wants.
    pub label: LabLabel,
    /// The conversation that it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
}

/// What has become of messages that were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabAdded {
    /// New ones.
    pub added: u64,
    /// Those that were there; they have the label that was given now.
    pub known: u64,
    /// Those for which there was no room.
    pub left_out: u64,
}

/// Another label.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabMessagePatch {
    /// What the visitor wants.
    pub label: LabLabel,
}

/// A message of a visitor, to be labelled.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabWritten {
    /// Id of its conversation.
    pub conversation_id: String,
    /// Its place in the log.
    pub seq: i64,
    /// What was written, as much of it as is labelled.
    pub text: String,
    /// When, in Unix milliseconds.
    pub at: i64,
    /// The request that it led to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<Reason>,
    /// How it is labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabLabel>,
}

/// Settings of the hand-over as they are tried; what is left out is as it is. Nothing of it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabDraft {
    /// `Enable Human Escalation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// A person is called when the visitor asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_asked: Option<bool>,
    /// How readily a wish is heard, -10 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<i8>,
    /// A person is called when the visitor is upset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_upset: Option<bool>,
    /// `Escalation Intents`, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intents: Option<Vec<EscalationIntent>>,
}

/// What is to be judged by.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginLabRun {
    /// Beside the settings as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<LabDraft>,
}

/// What a run judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabRunKind {
    /// The labelled messages.
    Judge,
    /// The conversations of the last 30 days.
    Replay,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabRunState {
    /// It goes on, as long as somebody asks for it.
    Running,
    /// All was judged.
    Done,
    /// Its 15 minutes were up: what was judged until then counts.
    TimeUp,
    /// Somebody ended it, or nobody asked for it any more.
    Stopped,
    /// The embedding model did not answer.
    NoModel,
    /// Something else failed, or the server was restarted.
    Failed,
}

/// A run: a chatbot has the newest one of each kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabRunView {
    /// Id.
    pub id: String,
    /// What is judged.
    pub kind: LabRunKind,
    /// How it stands.
    pub state: LabRunState,
    /// The settings that were tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<LabDraft>,
    /// Messages or conversations that were judged.
    pub done: u64,
    /// Those that there are.
    pub total: u64,
    /// When it began, in Unix milliseconds.
    pub began_at: i64,
    /// The models that were heard; none where words alone were compared. Only at its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// What came of labelled messages, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<LabJudged>,
    /// What came of conversations, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<LabReplay>,
}

/// What came of labelled messages, by their labels of now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabJudged {
    /// By the settings as they are.
    pub current: LabFigures,
    /// By the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<LabFigures>,
    /// Mistakes that the draft does not make any more.
    pub mended: u64,
    /// Mistakes that only the draft makes.
    pub broken: u64,
}

/// Figures, with what they are likely to be for other messages of the same kind: 95 % intervals, low and high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabFigures {
    /// Messages.
    pub n: u64,
    /// Those that ask for a person.
    pub wishes: u64,
    /// Wishes that were missed.
    pub missed: u64,
    /// Of these, those after which the chatbot asks whether to bring in a person.
    pub asks: u64,
    /// Calls that nobody asked for.
    pub false_alarms: u64,
    /// Right calls among all calls.
    pub precision: LabFigure,
    /// Wishes that were heard among all wishes.
    pub recall: LabFigure,
    /// The harmonic mean of both.
    pub f1: LabFigure,
    /// Calls among the messages that ask for no person.
    pub false_alarm: LabFigure,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabFigure {
    /// The share, 0 to 1.
    pub share: f64,
    /// Low end of the interval.
    pub low: f64,
    /// High end of the interval.
    pub high: f64,
}

/// What a replay came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabReplay {
    /// Conversations in which somebody was called.
    pub called: u64,
    /// By the settings as they are.
    pub current: LabReplaySide,
    /// By the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<LabReplaySide>,
}

/// What would happen by one kind of settings, in conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabReplaySide {
    /// A person would be called.
    pub calls: u64,
    /// Of these: nobody was.
    pub would_call: u64,
    /// Nobody would be called, and somebody was.
    pub would_not: u64,
    /// Somebody was called for a reason that messages alone do not give, like the button.
    pub elsewise: u64,
}

/// What would be done about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabCalls {
    /// A person is called.
    Now,
    /// The chatbot asks whether to bring in a person. That counts as not called.
    Asks,
    /// Nothing.
    No,
}

/// How a decision about a message was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabMistake {
    /// Somebody wanted a person, and none is called.
    Missed,
    /// Nobody wanted a person, and one is called.
    FalseAlarm,
}

/// What was judged of a message, and what it came of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabJudgement {
    /// What would be done.
    pub calls: LabCalls,
    /// Whether that is wrong by the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mistake: Option<LabMistake>,
    /// Why, where a person is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Reason>,
    /// How sure it was that the visitor asks for a person, 0 to 1.
    pub wish: f64,
    /// From where on that calls one, 0 to 1; absent where wishes are not listened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The rule or the training example behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The escalation intent that came nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<LabNearest>,
}

/// The escalation intent that came nearest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabNearest {
    /// Name of the intent.
    pub name: String,
    /// Its nearest example.
    pub example: String,
    /// How near, 0 to 1; from a half on it counts.
    pub near: f64,
}

/// A labelled message as it was judged.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabJudgedMessage {
    /// The message.
    pub message: LabMessageView,
    /// By the settings as they are.
    pub current: LabJudgement,
    /// By the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<LabJudgement>,
}

/// Which messages of a run are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabLooked {
    /// Mistakes of the settings as they are.
    #[default]
    Mistakes,
    /// Mistakes of the draft.
    DraftMistakes,
    /// What the draft decides otherwise.
    Changed,
    /// All of them.
    All,
}

/// Which conversations of a replay are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabReplayed {
    /// A person would be called, and nobody was.
    #[default]
    WouldCall,
    /// Nobody would be called, and somebody was.
    WouldNot,
}

/// A conversation in which something else would happen now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LabReplayedConversation {
    /// Id of the conversation.
    pub conversation_id: String,
    /// Name of the visitor, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_name: Option<String>,
    /// Place in the log of the message that it is about.
    pub seq: i64,
    /// The message; absent where it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was written, in Unix milliseconds.
    pub at: i64,
    /// Why a person was called; absent where nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Reason>,
    /// Why a person would be called; absent where nobody would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would: Option<Reason>,
}
