//! Chatbots and their AI agents.

use async_trait::async_trait;
use domain::{AgentId, ChatbotId, Millis, chatbot::Settings};
use ports::{
    Result, Scope,
    chatbots::{Agent, Chatbot, Chatbots},
    requests::{Creation, RequestKey},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    requests, rows,
    statements::chatbots as sql,
    tx::Tx,
    value::{Value, args},
};

/// Makes a chatbot with its agent.
pub(crate) async fn add(
    tx: &mut Tx,
    scope: Scope,
    id: ChatbotId,
    settings: &Settings,
    agent: &Agent,
    at: Millis,
) -> Outcome<()> {
    if tx.run(&sql::ADD_CHATBOT, args![id, scope, Value::json(settings)?, at]).await? == 0 {
        return Err(Failure::Conflict("the chatbot"));
    }
    save_agent(tx, scope, id, agent).await
}

pub(crate) async fn save_agent(tx: &mut Tx, scope: Scope, chatbot: ChatbotId, agent: &Agent) -> Outcome<()> {
    let args = args![
        agent.id,
        scope,
        chatbot,
        agent.kind.name(),
        agent.name.as_str(),
        agent.description.as_str(),
        agent.prompt.as_str(),
        i64::from(agent.enabled),
        Value::json(&agent.settings)?,
    ];
    // An agent of another chatbot is not changed.
    tx.must(&sql::SAVE_AGENT, args).await
}

#[async_trait]
impl Chatbots for Database {
    async fn add_chatbot(
        &self,
        scope: Scope,
        id: ChatbotId,
        settings: &Settings,
        agent: &Agent,
        at: Millis,
    ) -> Result<()> {
        let (settings, agent) = (settings.clone(), agent.clone());
        self.write(move |tx| Box::pin(async move { add(tx, scope, id, &settings, &agent, at).await })).await
    }

    async fn chatbot_anywhere(&self, id: ChatbotId) -> Result<Option<Chatbot>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.first(&sql::CHATBOT_ANYWHERE, args![id]).await?.as_ref().map(rows::chatbot).transpose()
            })
        })
        .await
    }

    async fn chatbot(&self, scope: Scope, id: ChatbotId) -> Result<Chatbot> {
        self.read(move |tx| Box::pin(async move { rows::chatbot(&tx.one(&sql::CHATBOT, args![id, scope]).await?) }))
            .await
    }

    async fn chatbots(&self, scope: Scope, after: Option<ChatbotId>, limit: u32) -> Result<Vec<Chatbot>> {
        let after = after.map_or_else(|| Value::from(""), Value::from);
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CHATBOTS, args![scope, after, i64::from(limit)]).await?;
                found.iter().map(rows::chatbot).collect()
            })
        })
        .await
    }

    async fn chatbots_anywhere(&self, after: Option<ChatbotId>, limit: u32) -> Result<Vec<(Scope, ChatbotId)>> {
        let after = after.map_or_else(|| Value::from(""), Value::from);
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CHATBOTS_ANYWHERE, args![after, i64::from(limit)]).await?;
                found.iter().map(|row| Ok((rows::scope(row, 0)?, row.id(1)?))).collect()
            })
        })
        .await
    }

    async fn save_settings(&self, scope: Scope, id: ChatbotId, version: i64, settings: &Settings) -> Result<()> {
        let settings = Value::json(settings)?;
        self.write(move |tx| {
            Box::pin(async move {
                if tx.run(&sql::SAVE_SETTINGS, args![id, scope, version, settings]).await? == 0 {
                    tx.one(&sql::CHATBOT, args![id, scope]).await?;
                    return Err(Failure::Conflict("a newer version of the settings"));
                }
                Ok(())
            })
        })
        .await
    }

    async fn agents(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<Agent>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::AGENTS, args![chatbot, scope]).await?;
                if found.is_empty() {
                    tx.one(&sql::CHATBOT, args![chatbot, scope]).await?;
                }
                found.iter().map(rows::agent).collect()
            })
        })
        .await
    }

    async fn save_agent(&self, scope: Scope, chatbot: ChatbotId, agent: &Agent) -> Result<()> {
        let agent = agent.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::RAISE_VERSION, args![chatbot, scope]).await?;
                save_agent(tx, scope, chatbot, &agent).await
            })
        })
        .await
    }

    async fn add_agent(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        agent: &Agent,
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        let agent = agent.clone();
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, agent.id.uuid()).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                tx.must(&sql::RAISE_VERSION, args![chatbot, scope]).await?;
                save_agent(tx, scope, chatbot, &agent).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn delete_agent(&self, scope: Scope, chatbot: ChatbotId, agent: AgentId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::DELETE_AGENT, args![agent, chatbot, scope]).await?;
                tx.must(&sql::RAISE_VERSION, args![chatbot, scope]).await
            })
        })
        .await
    }
}
