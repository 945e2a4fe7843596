//! How chatbots come and go, the guide, and questions without answer.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis, VisitorId, guide::Guide};
use ports::{
    Result, Scope,
    jobs::NewJob,
    life::{Deletion, GuideFacts, Life, NewChatbot, Unanswered},
    requests::{Creation, RequestKey},
};
use uuid::Uuid;

use crate::{
    Database, chatbots,
    failure::{Failure, Outcome},
    requests, rows,
    statements::{
        ai_models as models_sql, conversations as log_sql, find as find_sql, jobs as jobs_sql, lab as lab_sql,
        life as sql, webhooks as webhooks_sql,
    },
    tx::Tx,
    value::{Row, Value, args},
};

/// Entries of a log that are removed at once.
const SLICE: i64 = 200;

async fn make(tx: &mut Tx, scope: Scope, new: NewChatbot) -> Outcome<()> {
    let NewChatbot { id, settings, agents, job, at } = new;
    let mut agents = agents.into_iter();
    let first = agents.next().ok_or_else(|| Failure::broken("a chatbot without an AI agent", "none was given"))?;
    chatbots::add(tx, scope, id, &settings, &first, at).await?;
    for agent in agents {
        chatbots::save_agent(tx, scope, id, &agent).await?;
    }
    match job {
        Some(job) => tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![rows::job_values(scope, &job)?])).await,
        None => Ok(()),
    }
}

/// Removes a part of the first conversation that is left; false when there is none.
async fn delete_some(tx: &mut Tx, scope: Scope, id: ChatbotId) -> Outcome<bool> {
    let Some(row) = tx.first(&sql::SOME_CONVERSATION, args![scope, id]).await? else { return Ok(false) };
    delete_some_of(tx, scope, row.id(0)?, row.id(1)?).await?;
    Ok(true)
}

/// Removes a part of a conversation, and with its last part the conversation and its visitor.
pub(crate) async fn delete_some_of(
    tx: &mut Tx,
    scope: Scope,
    conversation: ConversationId,
    visitor: VisitorId,
) -> Outcome<()> {
    tx.run(&find_sql::DELETE_FOUND, args![conversation, SLICE]).await?;
    tx.run(&sql::DELETE_CONTENTS, args![conversation, SLICE]).await?;
    let gone = tx.run(&sql::DELETE_EVENTS, args![conversation, SLICE]).await?;
    if i64::try_from(gone).unwrap_or(SLICE) < SLICE {
        tx.run(&log_sql::FORGET_PARTICIPANTS, args![conversation]).await?;
        tx.run(&sql::DELETE_CONVERSATION, args![conversation, scope]).await?;
        tx.run(&sql::DELETE_VISITOR, args![visitor, scope]).await?;
    }
    Ok(())
}

async fn delete_rest(tx: &mut Tx, scope: Scope, id: ChatbotId) -> Outcome<()> {
    let rest = [
        &sql::DELETE_UNANSWERED_OF,
        &sql::DELETE_COUNTS,
        &sql::DELETE_SIGNING_SECRET,
        &models_sql::DELETE_TOOLS,
        &models_sql::DELETE_TROUBLES,
        &models_sql::DELETE_MODELS_OF,
        &webhooks_sql::DELETE_WEBHOOKS_OF,
        &sql::DELETE_KEYS,
        &sql::DELETE_MEMBERSHIPS,
        &sql::DELETE_INVITATIONS,
        &sql::DELETE_AGENTS,
        &sql::DELETE_VECTORS,
        &lab_sql::CLEAR_LAB,
        &lab_sql::DELETE_LAB_RUN,
        &sql::DELETE_AVATAR_OF,
        &sql::EMPTY_CHATBOT,
    ];
    for statement in rest {
        tx.run(statement, args![id, scope]).await?;
    }
    Ok(())
}

fn unanswered(row: &Row) -> Outcome<Unanswered> {
    Ok(Unanswered {
        id: row.id(0)?,
        question: row.text(1)?.to_owned(),
        conversation: row.id(2)?,
        times: row.count(3)?,
        asked_at: row.time(4)?,
    })
}

#[async_trait]
impl Life for Database {
    async fn make_chatbot(&self, scope: Scope, new: NewChatbot, key: Option<RequestKey>) -> Result<Creation> {
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, new.id.uuid()).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                make(tx, scope, new).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn delete_chatbot(&self, scope: Scope, id: ChatbotId, job: NewJob, now: Millis) -> Result<Deletion> {
        self.write(move |tx| {
            Box::pin(async move {
                let live = tx.one(&sql::COUNT_LIVE, args![scope, id]).await?.count(0)?;
                if live > 0 {
                    return Ok(Deletion::LiveChats(live));
                }
                tx.must(&sql::MARK_DELETED, args![id, scope, now]).await?;
                // Nothing of it is waited for any more.
                tx.run(&sql::DELETE_COUNTS, args![id, scope]).await?;
                tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![rows::job_values(scope, &job)?])).await?;
                Ok(Deletion::Begun)
            })
        })
        .await
    }

    async fn delete_slice(&self, scope: Scope, id: ChatbotId) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                if delete_some(tx, scope, id).await? {
                    return Ok(true);
                }
                delete_rest(tx, scope, id).await?;
                Ok(false)
            })
        })
        .await
    }

    async fn guide(&self, scope: Scope, id: ChatbotId) -> Result<GuideFacts> {
        self.read(move |tx| {
            Box::pin(async move {
                let noted = tx.one(&sql::GUIDE, args![id, scope]).await?;
                let guide = match noted.maybe_text(0)? {
                    Some(_) => noted.json(0)?,
                    None => Guide::default(),
                };
                let knowledge = tx.one(&sql::ANY_SOURCE, args![scope, id]).await?.int(0)? > 0;
                let chat = tx.one(&sql::ANY_CHAT, args![scope, id]).await?.int(0)? > 0;
                Ok(GuideFacts { guide, knowledge, chat })
            })
        })
        .await
    }

    async fn save_guide(&self, scope: Scope, id: ChatbotId, guide: Guide) -> Result<()> {
        let guide = Value::json(&guide)?;
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SAVE_GUIDE, args![id, scope, guide]).await })).await
    }

    async fn unanswered(
        &self,
        scope: Scope,
        id: ChatbotId,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Unanswered>> {
        let (at, last) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![scope, id, at, last, i64::from(limit)];
                tx.query(&sql::UNANSWERED, page).await?.iter().map(unanswered).collect()
            })
        })
        .await
    }

    async fn dismiss_unanswered(&self, scope: Scope, id: ChatbotId, question: Uuid) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move { tx.run(&sql::DISMISS_UNANSWERED, args![question, scope, id]).await.map(drop) })
        })
        .await
    }
}
