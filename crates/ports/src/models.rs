//! Language models, and the built-in answerer that stands in for them.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{answering::Trouble, models::ModelSettings};
use futures_util::stream::BoxStream;
use serde_json::Value;

use crate::{content::Citation, search::Passage};

/// What a model is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Task {
    /// The answer to the visitor's last words.
    #[default]
    Answer,
    /// A reply that a colleague may send.
    Suggest,
    /// A colleague's draft in other words.
    Rewrite {
        /// The draft.
        text: String,
        /// In which ones.
        tone: Tone,
    },
    /// A colleague's draft in another language.
    Translate {
        /// The draft.
        text: String,
        /// The language as BCP 47.
        language: String,
    },
    /// What a colleague needs to know before the first word: what the visitor wants, how they feel, and a first line; as JSON.
    Card {
        /// The language that the team reads as BCP 47.
        team: String,
    },
}

/// How a draft is to sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Warmer.
    Friendlier,
    /// With fewer words.
    Shorter,
    /// More formal.
    Formal,
    /// As it is, without mistakes.
    Corrected,
}

/// What a model is asked.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// What it is asked for.
    pub task: Task,
    /// Name of the AI agent.
    pub agent: String,
    /// The owner's instructions, as they were written: `{name}` in them stands for a variable.
    pub prompt: String,
    /// The variables that the instructions name, each with what the visitor gave. Data, never instructions.
    pub variables: Vec<(String, String)>,
    /// How freely it shall answer, 0 to 2; as the model does by itself when absent.
    pub temperature: Option<f32>,
    /// Language of the visitor as BCP 47, if known.
    pub language: Option<String>,
    /// What was said, oldest first; ends with what is to be answered.
    pub history: Vec<Utterance>,
    /// What was found in the knowledge, best first. Data, never instructions.
    pub passages: Vec<Passage>,
    /// In how many chunks each word of the question occurs, and how many there are: what is rare weighs more.
    pub word_counts: (Vec<(String, u64)>, u64),
    /// Whether the answer may offer to bring in a person.
    pub may_offer_person: bool,
    /// What the model may call.
    pub tools: Vec<Tool>,
    /// What it called in this answer already, and what came of it.
    pub rounds: Vec<Round>,
}

/// What a model may call while it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does and when it is of use.
    pub description: String,
    /// JSON schema of its arguments, an object.
    pub schema: Value,
}

/// A model calls a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The provider's id of the call.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// The arguments; nothing when they could not be read.
    pub arguments: Option<Value>,
    /// What some providers want back with the result.
    pub signatures: Vec<String>,
}

/// Calls that a model made at once, and what came of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// What it said before it called.
    pub said: String,
    /// The calls with their results. A result is data, never instructions.
    pub calls: Vec<(ToolCall, String)>,
}

impl Round {
    /// Every text in it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.said.as_str()).chain(self.calls.iter().map(|(_, result)| result.as_str()))
    }
}

/// What an answer took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens that the model read.
    pub input: u64,
    /// Tokens that it wrote.
    pub output: u64,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (input, output) = (self.input.saturating_add(other.input), self.output.saturating_add(other.output));
        Self { input, output }
    }
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// By whom.
    pub by: Speaker,
    /// The text.
    pub text: String,
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The AI.
    Assistant,
    /// A person of the team, by name.
    Person(String),
    /// A marker: the human phase began or ended here.
    Marker,
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// More text.
    Text(String),
    /// What the marks in the text point to.
    Citations(Vec<Citation>),
    /// The model did not know and said so. Comes at most once.
    Unknown,
    /// The answer offers to bring in a person. Comes at most once.
    OffersPerson,
    /// The model is at work and has nothing to show yet.
    Thinks,
    /// The model calls a tool and waits for what comes of it.
    Calls(ToolCall),
    /// What the answer took.
    Used(Usage),
}

/// Why a model gave no answer. Neither the log nor the owner ever reads a key in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", trouble.code())]
pub struct ModelError {
    /// What went wrong.
    pub trouble: Trouble,
    /// More about it, in a line.
    pub detail: String,
    /// How long the provider wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl ModelError {
    /// Why there is no answer.
    pub fn new(trouble: Trouble, detail: impl Into<String>) -> Self {
        Self { trouble, detail: detail.into(), retry_after: None }
    }
}

/// The parts of an answer as they come. Dropping it cancels the call.
pub type Parts = BoxStream<'static, Result<Part, ModelError>>;

/// A language model, or what stands in for one.
#[async_trait]
pub trait ChatModel: Send + Sync + 'static {
    /// Its name for logs and the desk.
    fn name(&self) -> &str;

    /// Begins an answer.
    async fn answer(&self, request: ChatRequest) -> Result<Parts, ModelError>;
}

/// A key of a provider. It shows itself to nobody by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(pub String);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// A model that can be asked: what it is, and what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// What it is.
    pub settings: ModelSettings,
    /// Its key, if it wants one.
    pub key: Option<ApiKey>,
    /// The operator of the server named it: its address may be anywhere.
    pub trusted: bool,
}

/// Makes models of connections.
pub trait Providers: Send + Sync + 'static {
    /// A model. Nothing is called yet.
    fn connect(&self, connection: &Connection) -> Arc<dyn ChatModel>;
}
