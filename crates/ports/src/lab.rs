//! The Escalation lab: labelled messages, and what judging them came to.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, LabMessageId, LabRunId, Millis, PersonId,
    conversation::Reason,
    lab::{Draft, Label, RunKind, RunState},
};
use serde::{Deserialize, Serialize};

use crate::{Result, Scope};

/// A labelled message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabMessage {
    /// Id.
    pub id: LabMessageId,
    /// What was written.
    pub text: String,
    /// What stands for the text: a chatbot has each text once.
    pub digest: String,
    /// What the visitor wants.
    pub label: Label,
    /// Who added it.
    pub by: PersonId,
    /// When.
    pub at: Millis,
    /// The conversation that it is from; it goes with it.
    pub conversation: Option<ConversationId>,
}

/// How many messages are labelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LabCounts {
    /// As asking for a person.
    pub person: u64,
    /// As asking for none.
    pub no_person: u64,
}

/// What has become of messages that were added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// New ones.
    pub added: u64,
    /// Those that were there; they have the label that was given now.
    pub known: u64,
    /// Those for which there was no room.
    pub left_out: u64,
}

/// What would be done about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calls {
    /// A person is called.
    Now,
    /// The chatbot asks whether to bring in a person.
    Asks,
    /// Nothing.
    No,
}

/// Why a person would be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The reason.
    pub reason: Reason,
    /// The nearest example, or the rule that matched.
    pub matched: Option<String>,
    /// Name of the intent or rule.
    pub name: Option<String>,
}

/// The owner's intent that came nearest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Name of the intent.
    pub name: String,
    /// Its nearest example.
    pub example: String,
    /// How near, in thousandths; from a half on it counts.
    pub near: u16,
}

/// What was judged of a message, and what it came of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What would be done.
    pub calls: Calls,
    /// Why, where a person is called.
    pub cause: Option<Cause>,
    /// How sure it was that the visitor asks for a person, in thousandths.
    pub wish: u16,
    /// From where on that calls one, in thousandths; absent where wishes are not listened to.
    pub from: Option<u16>,
    /// The rule or the training example behind it.
    pub example: Option<String>,
    /// The owner's intent that came nearest.
    pub nearest: Option<Nearest>,
}

/// A labelled message as it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedMessage {
    /// The message.
    pub id: LabMessageId,
    /// By the settings as they are.
    pub current: Judgement,
    /// By the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Judgement>,
}

/// The request that a conversation really had first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Its place in the log.
    pub seq: i64,
    /// Why.
    pub reason: Reason,
}

/// The first message at which a person would be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WouldCall {
    /// Its place in the log.
    pub seq: i64,
    /// Why.
    pub cause: Cause,
}

/// A conversation as it was judged again. It holds none of its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayedConversation {
    /// The conversation.
    pub id: ConversationId,
    /// What happened.
    pub called: Option<Called>,
    /// What would happen by the settings as they are.
    pub current: Option<WouldCall>,
    /// What would happen by the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<WouldCall>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunResult {
    /// The models that were heard; none where words alone were compared.
    pub models: Vec<String>,
    /// The labelled messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<JudgedMessage>,
    /// The conversations in which anybody was or would be called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replayed: Vec<ReplayedConversation>,
}

/// A run of the lab: a chatbot has the newest one of each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabRun {
    /// Id.
    pub id: LabRunId,
    /// What is judged.
    pub kind: RunKind,
    /// The settings that were tried.
    pub draft: Option<Draft>,
    /// Who began it.
    pub by: PersonId,
    /// How it stands.
    pub state: RunState,
    /// Messages or conversations that were judged.
    pub done: u64,
    /// Those that there are.
    pub total: u64,
    /// When it began.
    pub began: Millis,
    /// When it was heard of last.
    pub beat: Millis,
    /// When somebody asked for it last.
    pub asked: Millis,
}

/// Labelled messages, and runs over them.
#[async_trait]
pub trait Lab {
    /// How many messages a chatbot has.
    async fn lab_counts(&self, scope: Scope, chatbot: ChatbotId) -> Result<LabCounts>;

    /// The messages of a chatbot, the newest first: at most `limit`, before the last one seen.
    async fn lab_messages(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        label: Option<Label>,
        before: Option<(Millis, LabMessageId)>,
        limit: u32,
    ) -> Result<Vec<LabMessage>>;

    /// The labels of those texts, by digest, that the chatbot has.
    async fn lab_labels(&self, scope: Scope, chatbot: ChatbotId, digests: Vec<String>) -> Result<Vec<(String, Label)>>;

    /// Adds messages, as far as `most` leaves room; one that is there gets the label that is given now. No two of them have
    /// one digest. `NotFound` when the chatbot belongs to another workspace.
    async fn add_lab_messages(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        messages: Vec<LabMessage>,
        most: u64,
    ) -> Result<Added>;

    /// Gives a message another label.
    async fn label_lab_message(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        message: LabMessageId,
        label: Label,
    ) -> Result<()>;

    /// Removes a message.
    async fn remove_lab_message(&self, scope: Scope, chatbot: ChatbotId, message: LabMessageId) -> Result<()>;

    /// Removes all messages of a chatbot.
    async fn clear_lab(&self, scope: Scope, chatbot: ChatbotId) -> Result<()>;

    /// Begins a run in the place of the last one of its kind, and of its result. False while one of any kind goes on: it is
    /// running, and was heard of since `lost`. `NotFound` when the chatbot belongs to another workspace.
    async fn begin_lab_run(&self, scope: Scope, chatbot: ChatbotId, run: LabRun, lost: Millis) -> Result<bool>;

    /// The runs of a chatbot, the newest first.
    async fn lab_runs(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<LabRun>>;

    /// Somebody asks for a run that goes on.
    async fn ask_lab_run(&self, scope: Scope, chatbot: ChatbotId, run: LabRunId, now: Millis) -> Result<()>;

    /// What a run came to; nothing while it goes on, and where another one has begun.
    async fn lab_result(&self, scope: Scope, chatbot: ChatbotId, run: LabRunId) -> Result<Option<RunResult>>;

    /// How far a run is (what is done, and what there is), and when it was asked for last. Nothing when it is over, or another one has begun.
    async fn beat_lab_run(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        run: LabRunId,
        progress: (u64, u64),
        now: Millis,
    ) -> Result<Option<Millis>>;

    /// Ends a run that goes on; one that is over stays as it is.
    async fn end_lab_run(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        run: LabRunId,
        state: RunState,
        result: Option<RunResult>,
        now: Millis,
    ) -> Result<()>;
}
