//! Chatbots and their AI agents.

use async_trait::async_trait;
use domain::{AgentId, ChatbotId, Millis, chatbot::Settings};
use uuid::Uuid;

pub use domain::agents::{Agent, AgentIntent, AgentKind, AgentSettings};

use crate::{
    Result, Scope,
    requests::{Creation, RequestKey},
};

/// A chatbot as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chatbot {
    /// The workspace.
    pub scope: Scope,
    /// Id.
    pub id: ChatbotId,
    /// Its settings.
    pub settings: Settings,
    /// Its picture's address part.
    pub avatar: Option<Uuid>,
    /// Rises with every change of the settings or the agents.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// Rises whenever something else is found in the knowledge.
    pub knowledge: i64,
}

/// Chatbots and their AI agents.
#[async_trait]
pub trait Chatbots {
    /// Makes a chatbot with its agent.
    async fn add_chatbot(
        &self,
        scope: Scope,
        id: ChatbotId,
        settings: &Settings,
        agent: &Agent,
        at: Millis,
    ) -> Result<()>;

    /// A chatbot by id, whatever the workspace: its id is public, in the share link.
    async fn chatbot_anywhere(&self, id: ChatbotId) -> Result<Option<Chatbot>>;

    /// A chatbot. `NotFound` also when it belongs to another workspace.
    async fn chatbot(&self, scope: Scope, id: ChatbotId) -> Result<Chatbot>;

    /// The workspace's chatbots by id, after the last one seen, at most `limit`.
    async fn chatbots(&self, scope: Scope, after: Option<ChatbotId>, limit: u32) -> Result<Vec<Chatbot>>;

    /// Chatbots of every workspace by id, after the last one seen: for what a node does by itself after its start.
    async fn chatbots_anywhere(&self, after: Option<ChatbotId>, limit: u32) -> Result<Vec<(Scope, ChatbotId)>>;

    /// Saves settings made from `version`. `Conflict` when somebody saved in between.
    async fn save_settings(&self, scope: Scope, id: ChatbotId, version: i64, settings: &Settings) -> Result<()>;

    /// The agents of a chatbot, by id.
    async fn agents(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<Agent>>;

    /// Adds an agent; with a key, once. The chatbot's version rises.
    async fn add_agent(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        agent: &Agent,
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// Saves an agent; the chatbot's version rises.
    async fn save_agent(&self, scope: Scope, chatbot: ChatbotId, agent: &Agent) -> Result<()>;

    /// Removes an agent; the chatbot's version rises.
    async fn delete_agent(&self, scope: Scope, chatbot: ChatbotId, agent: AgentId) -> Result<()>;
}
