//! Which models answer, what they may call, and what went wrong with them.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, answering::Trouble, tools::TOOLS};
use ports::{
    Result, Scope,
    ai_models::{AiModels, ModelTrouble, ModelsOf, StoredModels, StoredTool},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::{Failure, Outcome},
    statements::ai_models as sql,
    value::{Row, Value, args},
};

/// How long it is remembered what went wrong.
const KEPT_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// How a place is named in the database: nothing is a workspace's own.
fn place(of: ModelsOf) -> String {
    match of {
        ModelsOf::Workspace => String::new(),
        ModelsOf::Chatbot(id) => id.to_string(),
    }
}

fn maybe_bytes(row: &Row, column: usize) -> Outcome<Option<Vec<u8>>> {
    row.maybe_bytes(column).map(|bytes| bytes.map(<[u8]>::to_vec))
}

fn trouble(row: &Row) -> Outcome<ModelTrouble> {
    Ok(ModelTrouble {
        model: row.text(0)?.to_owned(),
        trouble: row.named(1, Trouble::named)?,
        detail: row.text(2)?.to_owned(),
        times: row.count(3)?,
        at: row.time(4)?,
        over: row.maybe_int(5)?.map(Millis),
    })
}

fn tool(row: &Row) -> Outcome<StoredTool> {
    Ok(StoredTool { id: row.id(0)?, tool: row.json(1)?, headers: maybe_bytes(row, 2)? })
}

#[async_trait]
impl AiModels for Database {
    async fn models(&self, scope: Scope, of: ModelsOf) -> Result<StoredModels> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::MODELS, args![scope, place(of)]).await? else {
                    return Ok(StoredModels::default());
                };
                Ok(StoredModels { choice: row.json(0)?, keys: maybe_bytes(&row, 1)?, version: row.int(2)? })
            })
        })
        .await
    }

    async fn save_models(&self, scope: Scope, of: ModelsOf, models: StoredModels, at: Millis) -> Result<()> {
        let settings = Value::json(&models.choice)?;
        let keys = models.keys.map_or(Value::Null, Value::Bytes);
        self.write(move |tx| {
            Box::pin(async move {
                let place = place(of);
                let saved = match models.version {
                    0 => tx.run(&sql::ADD_MODELS, args![scope, place, settings, keys, at]).await?,
                    version => tx.run(&sql::SAVE_MODELS, args![scope, place, settings, keys, at, version]).await?,
                };
                if saved == 0 { Err(Failure::Conflict("a newer version of the models")) } else { Ok(()) }
            })
        })
        .await
    }

    async fn note_trouble(&self, scope: Scope, chatbot: ChatbotId, trouble: ModelTrouble) -> Result<()> {
        let ModelTrouble { model, trouble, detail, at, .. } = trouble;
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::NOTE_TROUBLE, args![chatbot, scope, model, trouble.code(), detail, at]).await?;
                tx.run(&sql::SWEEP_TROUBLES, args![chatbot, at.plus(-KEPT_MS)]).await.map(drop)
            })
        })
        .await
    }

    async fn end_troubles(&self, scope: Scope, chatbot: ChatbotId, model: &str, at: Millis) -> Result<()> {
        let args = args![chatbot, scope, model, at];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::END_TROUBLES, args).await.map(drop) })).await
    }

    async fn troubles(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<ModelTrouble>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::TROUBLES, args![chatbot, scope, i64::from(limit)]).await?;
                found.iter().map(trouble).collect()
            })
        })
        .await
    }

    async fn tools(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<StoredTool>> {
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::TOOLS, args![chatbot, scope]).await?.iter().map(tool).collect() })
        })
        .await
    }

    async fn save_tool(&self, scope: Scope, chatbot: ChatbotId, tool: StoredTool) -> Result<()> {
        let settings = Value::json(&tool.tool)?;
        self.write(move |tx| {
            Box::pin(async move {
                let known = tx.query(&sql::TOOLS, args![chatbot, scope]).await?;
                let known = known.iter().map(|row| row.id(0)).collect::<Outcome<Vec<Uuid>>>()?;
                if !known.contains(&tool.id) && known.len() >= TOOLS {
                    return Err(Failure::Conflict("as many functions as a chatbot can have"));
                }
                let named = tx.first(&sql::TOOL_NAMED, args![chatbot, tool.tool.name.as_str()]).await?;
                if named.map(|row| row.id::<Uuid>(0)).transpose()?.is_some_and(|id| id != tool.id) {
                    return Err(Failure::Conflict("a function of this name"));
                }
                let headers = tool.headers.map_or(Value::Null, Value::Bytes);
                tx.must(&sql::SAVE_TOOL, args![tool.id, chatbot, scope, tool.tool.name, settings, headers]).await
            })
        })
        .await
    }

    async fn delete_tool(&self, scope: Scope, chatbot: ChatbotId, tool: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::DELETE_TOOL, args![tool, chatbot, scope]).await }))
            .await
    }
}
