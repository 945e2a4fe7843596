//! Language models, and the built-in answerer that stands in for them.

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::{content::Citation, search::Passage};

/// What a model is asked.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// Name of the AI agent.
    pub agent: String,
    /// The owner's instructions.
    pub prompt: String,
    /// The model that the agent wants, as its provider names it; the chatbot's own when absent.
    pub model: Option<String>,
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
}

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not reachable, too slow, or cut off.
    #[error("the model is not available: {0}")]
    Unavailable(String),
    /// It refused.
    #[error("the model refused: {0}")]
    Refused(String),
    /// It answered something that is no answer.
    #[error("the model gave no usable answer: {0}")]
    Unusable(String),
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
