//! Which models answer, what they may call, and what went wrong with them.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, answering::Trouble, models::ModelChoice, tools::HttpTool};
use uuid::Uuid;

use crate::{Result, Scope};

/// Whose models they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelsOf {
    /// The workspace's: for every chatbot that has none of its own.
    Workspace,
    /// A chatbot's.
    Chatbot(ChatbotId),
}

/// Models as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredModels {
    /// Who answers.
    pub choice: ModelChoice,
    /// The keys, sealed by the [`Vault`](crate::world::Vault); nothing when there is none.
    pub keys: Option<Vec<u8>>,
    /// Rises with every change; 0 when nothing was saved yet.
    pub version: i64,
}

/// What went wrong with a model of a chatbot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelTrouble {
    /// Which model, as `provider/model`.
    pub model: String,
    /// What went wrong.
    pub trouble: Trouble,
    /// More about the last time, in a line.
    pub detail: String,
    /// How often, since it worked the last time.
    pub times: u64,
    /// When, the last time.
    pub at: Millis,
    /// When the model answered again.
    pub over: Option<Millis>,
}

/// A function as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTool {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub tool: HttpTool,
    /// The values of its headers, sealed by the [`Vault`](crate::world::Vault); nothing when it has none.
    pub headers: Option<Vec<u8>>,
}

/// Models, functions, troubles.
#[async_trait]
pub trait AiModels {
    /// The models of a place; nothing is an answer too.
    async fn models(&self, scope: Scope, of: ModelsOf) -> Result<StoredModels>;

    /// Saves models that were made from `models.version`. `Conflict` when somebody saved in between.
    async fn save_models(&self, scope: Scope, of: ModelsOf, models: StoredModels, at: Millis) -> Result<()>;

    /// Notes that a model of a chatbot failed.
    async fn note_trouble(&self, scope: Scope, chatbot: ChatbotId, trouble: ModelTrouble) -> Result<()>;

    /// Notes that a model of a chatbot answered: its troubles are over.
    async fn end_troubles(&self, scope: Scope, chatbot: ChatbotId, model: &str, at: Millis) -> Result<()>;

    /// What went wrong with the models of a chatbot, the newest first, at most `limit`.
    async fn troubles(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<ModelTrouble>>;

    /// The functions of a chatbot, by name.
    async fn tools(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<StoredTool>>;

    /// Saves a function. `Conflict` when another one of the chatbot has its name.
    async fn save_tool(&self, scope: Scope, chatbot: ChatbotId, tool: StoredTool) -> Result<()>;

    /// Removes a function.
    async fn delete_tool(&self, scope: Scope, chatbot: ChatbotId, tool: Uuid) -> Result<()>;
}
