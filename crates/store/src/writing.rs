//! Canned replies and drafts.

use async_trait::async_trait;
use domain::{CannedReplyId, ConversationId, Millis, PersonId};
use ports::{
    Result, Scope,
    requests::{Creation, RequestKey},
    writing::{CannedReply, Draft, Writing},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    requests,
    statements::writing as sql,
    value::{Row, Value, args},
};

fn reply(row: &Row) -> Outcome<CannedReply> {
    Ok(CannedReply {
        id: row.id(0)?,
        of: row.maybe_id(1)?,
        name: row.text(2)?.to_owned(),
        text: row.text(3)?.to_owned(),
        updated_at: row.time(4)?,
    })
}

fn draft(row: &Row) -> Outcome<Draft> {
    Ok(Draft { conversation: row.id(0)?, text: row.text(1)?.to_owned(), at: row.time(2)? })
}

#[async_trait]
impl Writing for Database {
    async fn canned_replies(
        &self,
        scope: Scope,
        person: PersonId,
        after: Option<(String, CannedReplyId)>,
        limit: u32,
    ) -> Result<Vec<CannedReply>> {
        let (name, id) = after.map_or_else(|| (String::new(), Value::from("")), |(name, id)| (name, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![scope, person, name, id, i64::from(limit)];
                tx.query(&sql::CANNED_REPLIES, page).await?.iter().map(reply).collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn canned_reply(&self, scope: Scope, person: PersonId, id: CannedReplyId) -> Result<CannedReply> {
        self.read(move |tx| {
            Box::pin(async move { reply(&tx.one(&sql::CANNED_REPLY, args![scope, person, id]).await?) })
        })
        .await
    }

    async fn add_canned_reply(
        &self,
        scope: Scope,
        reply: &CannedReply,
        most: u64,
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        let reply = reply.clone();
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, reply.id.uuid()).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                let of = reply.of.map_or_else(|| Value::from(""), Value::from);
                if tx.one(&sql::COUNT_CANNED_REPLIES, args![scope, of]).await?.count(0)? >= most {
                    return Err(Failure::Conflict("the greatest number of canned replies"));
                }
                let values = args![reply.id, scope, reply.of, reply.name, reply.text, reply.updated_at];
                tx.run(&sql::ADD_CANNED_REPLY, values).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn save_canned_reply(&self, scope: Scope, reply: &CannedReply) -> Result<()> {
        let values = args![reply.id, scope, reply.name.as_str(), reply.text.as_str(), reply.updated_at];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SAVE_CANNED_REPLY, values).await })).await
    }

    async fn remove_canned_reply(&self, scope: Scope, id: CannedReplyId) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::DELETE_CANNED_REPLY, args![id, scope]).await })).await
    }

    async fn draft(&self, scope: Scope, person: PersonId, conversation: ConversationId) -> Result<Option<Draft>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.first(&sql::DRAFT, args![person, conversation, scope]).await?.as_ref().map(draft).transpose()
            })
        })
        .await
    }

    async fn drafts(&self, scope: Scope, person: PersonId, before: Option<Millis>, limit: u32) -> Result<Vec<Draft>> {
        let before = before.unwrap_or(Millis(i64::MAX));
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![person, scope, before, i64::from(limit)];
                tx.query(&sql::DRAFTS, page).await?.iter().map(draft).collect::<Outcome<_>>()
            })
        })
        .await
    }

    /// In the slow lane, where what waits together shares a commit.
    async fn write_draft(&self, scope: Scope, person: PersonId, draft: Draft) -> Result<()> {
        let Draft { conversation, text, at } = draft;
        self.write(move |tx| {
            Box::pin(async move {
                if text.is_empty() {
                    tx.run(&sql::FORGET_DRAFT, args![person, conversation, scope, at]).await.map(drop)
                } else {
                    tx.run(&sql::WRITE_DRAFT, args![person, conversation, scope, text, at]).await.map(drop)
                }
            })
        })
        .await
    }
}
