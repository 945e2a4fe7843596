//! Chatbots and their AI agents.

use async_trait::async_trait;
use domain::{AgentId, ChatbotId, Millis, chatbot::Settings};
use uuid::Uuid;

use crate::{Result, Scope};

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
}

/// What an AI agent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentKind {
    /// Answers visitors.
    UserFacing,
}

impl AgentKind {
    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserFacing => "user-facing",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        (name == "user-facing").then_some(Self::UserFacing)
    }
}

/// An AI agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// What it is for.
    pub kind: AgentKind,
    /// Name.
    pub name: String,
    /// What it knows and does.
    pub description: String,
    /// Instructions.
    pub prompt: String,
    /// Whether it answers.
    pub enabled: bool,
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

    /// Saves settings made from `version`. `Conflict` when somebody saved in between.
    async fn save_settings(&self, scope: Scope, id: ChatbotId, version: i64, settings: &Settings) -> Result<()>;

    /// The agents of a chatbot, by id.
    async fn agents(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<Agent>>;

    /// Saves an agent; the chatbot's version rises.
    async fn save_agent(&self, scope: Scope, chatbot: ChatbotId, agent: &Agent) -> Result<()>;
}
