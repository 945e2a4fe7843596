//! Which models answer, whether they do, and the functions that they may call. Keys go in and never come out.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelsChoice {
    /// Whoever answers one level up: a chatbot asks its workspace, a workspace the server.
    Inherit,
    /// The models that are named here.
    Own,
    /// The built-in answerer alone: nothing leaves the server.
    BuiltIn,
}

/// Whose models answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelsLevel {
    /// The chatbot's own.
    Chatbot,
    /// Those of its workspace.
    Workspace,
    /// Those that the operator of the server named.
    Server,
    /// None: the built-in answerer.
    BuiltIn,
}

/// Whose protocol a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelProvider {
    /// OpenAI.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Ollama.
    Ollama,
    /// Any server that speaks like OpenAI.
    Compatible,
}

/// A model, and where it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModelView {
    /// Whose protocol it speaks.
    pub provider: ModelProvider,
    /// Its address, when it is not the provider's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name of the model.
    pub model: String,
    /// How freely it chooses its words, from 0 to 200 hundredths; the model's own choice when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<u16>,
    /// Price of a million tokens that it reads, in cents.
    pub input_price: u32,
    /// Price of a million tokens that it writes, in cents.
    pub output_price: u32,
    /// It has a key.
    pub has_key: bool,
}

/// A model as it should be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelWanted {
    /// Whose protocol it speaks.
    pub provider: ModelProvider,
    /// Its address, when it is not the provider's own; http or https.
    #[serde(default)]
    pub address: Option<String>,
    /// Name of the model, up to 200 characters.
    pub model: String,
    /// How freely it chooses its words, from 0 to 200 hundredths.
    #[serde(default)]
    pub temperature: Option<u16>,
    /// Price of a million tokens that it reads, in cents.
    #[serde(default)]
    pub input_price: u32,
    /// Price of a million tokens that it writes, in cents.
    #[serde(default)]
    pub output_price: u32,
    /// Its key. Left out: the key of the model named by `was` stays, unless the provider or the address is another one.
    /// `null`: no key.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>)]
    pub key: Option<Option<String>>,
    /// Which of the models that are saved it was, from 0.
    #[serde(default)]
    pub was: Option<u32>,
}

/// Tells `null` from what is left out.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// What went wrong with a model.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModelTroubleView {
    /// Which model, as `provider/model`.
    pub model: String,
    /// What went wrong, as a code: see docs/errors.md.
    pub trouble: String,
    /// More about the last time, in a line.
    pub detail: String,
    /// How often, since it worked the last time.
    pub times: u64,
    /// When, the last time, in Unix milliseconds.
    pub at: i64,
    /// When the model answered again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<i64>,
}

/// The models of a chatbot or of the workspace.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModelsView {
    /// Who answers.
    pub choice: ModelsChoice,
    /// The models, asked one after the other. Kept while another choice is on.
    pub models: Vec<ModelView>,
    /// The version that a change is made from.
    pub version: i64,
    /// Whose models answer now.
    pub level: ModelsLevel,
    /// The models that answer now, as `provider/model`, in the order in which they are asked.
    pub answering: Vec<String>,
    /// The models that the operator of the server named.
    pub servers: Vec<String>,
    /// What went wrong with the models of a chatbot, the newest first.
    pub troubles: Vec<ModelTroubleView>,
}

/// The models as they should be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelsWanted {
    /// Who answers.
    pub choice: ModelsChoice,
    /// The models, asked one after the other, at most 2.
    pub models: Vec<ModelWanted>,
    /// The version that this was made from.
    pub version: i64,
}

/// What a test of a connection found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ModelTested {
    /// Which model, as `provider/model`.
    pub model: String,
    /// It has answered.
    pub ok: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What it said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// What went wrong, as a code: see docs/errors.md.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// More about what went wrong, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Tokens that the model read.
    pub input_tokens: u64,
    /// Tokens that it wrote.
    pub output_tokens: u64,
}

/// How a draft is to sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftTone {
    /// Warmer.
    Friendlier,
    /// With fewer words.
    Shorter,
    /// More formal.
    Formal,
    /// As it is, without mistakes.
    Corrected,
}

/// What the copilot is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CopilotWish {
    /// A reply to the visitor's last words.
    Suggest {},
    /// A draft in other words.
    Rewrite {
        /// The draft, up to 8,000 characters.
        text: String,
        /// In which ones.
        tone: DraftTone,
    },
    /// A draft in another language.
    Translate {
        /// The draft, up to 8,000 characters.
        text: String,
        /// The language as BCP 47.
        language: String,
    },
}

/// A text for whoever asked for it, and for nobody else: nothing was sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// Markdown, without marks.
    pub text: String,
    /// What it rests on.
    pub citations: Vec<crate::events::Citation>,
    /// Which model wrote it, as `provider/model`; `built-in` for the answerer that needs none.
    pub model: String,
    /// Tokens that models read for it, those that gave none included.
    pub input_tokens: u64,
    /// Tokens that they wrote.
    pub output_tokens: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub cost: u64,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ToolMethod {
    /// Arguments stand in the address.
    Get,
    /// Arguments are the body.
    Post,
    /// Arguments are the body.
    Put,
    /// Arguments are the body.
    Patch,
    /// Arguments stand in the address.
    Delete,
}

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// A text.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
}

/// A parameter of a function.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolParameter {
    /// Its name: letters, digits and `_`.
    pub name: String,
    /// What it is, for the model.
    #[serde(default)]
    pub description: String,
    /// What it holds.
    pub kind: ParameterKind,
    /// The function cannot be called without it.
    #[serde(default)]
    pub required: bool,
    /// The only texts that it may be; any when empty.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A header of a function, without its value.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToolHeaderView {
    /// Its name.
    pub name: String,
    /// It has a value.
    pub has_value: bool,
}

/// A header of a function.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolHeader {
    /// Its name.
    pub name: String,
    /// Its value. Left out: the one that it has stays, unless the address of the function is another one.
    #[serde(default)]
    pub value: Option<String>,
}

/// A function of the owner's own server that the AI may call.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToolView {
    /// Id.
    pub id: String,
    /// Its name, as the model calls it.
    pub name: String,
    /// What it does and when it is of use, for the model.
    pub description: String,
    /// How it is called.
    pub method: ToolMethod,
    /// Its address; `{name}` in the path becomes an argument.
    pub url: String,
    /// What it takes.
    pub parameters: Vec<ToolParameter>,
    /// Headers that go along.
    pub headers: Vec<ToolHeaderView>,
    /// Whether the AI may call it.
    pub enabled: bool,
}

/// A function as it should be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolWanted {
    /// Its name: letters, digits and `_`, up to 64.
    pub name: String,
    /// What it does and when it is of use, for the model, up to 500 characters.
    pub description: String,
    /// How it is called.
    pub method: ToolMethod,
    /// Its address; `{name}` in the path becomes the required parameter of that name.
    pub url: String,
    /// What it takes, at most 20.
    #[serde(default)]
    pub parameters: Vec<ToolParameter>,
    /// Headers that go along, at most 10.
    #[serde(default)]
    pub headers: Vec<ToolHeader>,
    /// Whether the AI may call it.
    pub enabled: bool,
}
