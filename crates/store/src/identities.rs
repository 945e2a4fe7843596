//! Identified visitors, their further tokens, the secrets that websites sign with.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ChatbotId, Millis, VisitorId};
use ports::{
    Result, Scope,
    conversations::{KnownVisitor, Row as InboxRow},
    identities::{ChangeFacts, Identities, KeyClaim, SealedSecret},
    jobs::NewJob,
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    find, rows,
    statements::{ai_models, conversations, identities as sql, jobs as jobs_sql, push, webhooks},
    tx::Tx,
    value::{Value, args},
};

/// Tokens of a visitor that are kept, the newest: more devices than people have.
const TOKENS_KEPT: i64 = 50;

/// Changes what is known of a visitor. The row of the newest conversation is held meanwhile, so that two changes at once
/// follow each other, and gets a new place in the order of changes.
async fn change(
    tx: &mut Tx,
    scope: Scope,
    visitor: VisitorId,
    change: ChangeFacts,
    now: Millis,
) -> Outcome<Arc<InboxRow>> {
    let by_id = || args![visitor, scope];
    let known = rows::visitor(&tx.one(&conversations::VISITOR, by_id()).await?)?;
    let wanted = vec![args![scope.workspace(), known.conversation]];
    let held = tx.query_all(&conversations::HOLD_ROWS.calls(wanted)).await?;
    let row = rows::inbox(held.iter().flatten().next().ok_or(Failure::NotFound)?)?;
    let before = rows::visitor(&tx.one(&conversations::VISITOR, by_id()).await?)?.facts;
    let facts = change(before.clone());
    if facts == before {
        return Ok(row);
    }
    tx.must(&sql::SAVE_FACTS, args![visitor, scope, facts.name.as_deref(), Value::json(&facts)?]).await?;
    if row.reaches_out() {
        find::put_visitor(tx, scope, row.id, &facts, false).await?;
    }
    let mut row = InboxRow::clone(&row);
    row.visitor_name = facts.name;
    row.change = tx.next_changes(1).await?.first().copied().unwrap_or(row.change);
    tx.run_all(&conversations::SAVE_ROWS.calls(vec![rows::inbox_values(&row, now)?])).await?;
    Ok(Arc::new(row))
}

#[async_trait]
impl Identities for Database {
    async fn set_signing_secret(&self, scope: Scope, chatbot: ChatbotId, sealed: Vec<u8>, at: Millis) -> Result<()> {
        let args = args![chatbot, scope, Value::Bytes(sealed), at];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SET_SIGNING_SECRET, args).await })).await
    }

    async fn signing_secret(&self, scope: Scope, chatbot: ChatbotId) -> Result<Option<SealedSecret>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::SIGNING_SECRET, args![chatbot, scope]).await? else { return Ok(None) };
                Ok(Some(SealedSecret { sealed: row.bytes(0)?.to_vec(), made_at: row.time(1)? }))
            })
        })
        .await
    }

    async fn identified(&self, scope: Scope, chatbot: ChatbotId, external_id: &str) -> Result<Option<KnownVisitor>> {
        let args = args![chatbot, external_id, scope];
        self.read(move |tx| {
            Box::pin(async move { tx.first(&sql::IDENTIFIED, args).await?.as_ref().map(rows::visitor).transpose() })
        })
        .await
    }

    async fn bind_identity(&self, scope: Scope, visitor: VisitorId, external_id: &str, at: Millis) -> Result<bool> {
        let args = args![visitor, external_id, scope, at];
        self.write(move |tx| Box::pin(async move { Ok(tx.run(&sql::BIND_IDENTITY, args).await? == 1) })).await
    }

    async fn add_token(&self, scope: Scope, visitor: VisitorId, token_hash: [u8; 32], at: Millis) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::ADD_TOKEN, args![token_hash, visitor, scope, at]).await?;
                tx.run(&sql::FORGET_OLD_TOKENS, args![visitor, TOKENS_KEPT]).await.map(drop)
            })
        })
        .await
    }

    async fn replace_tokens(&self, scope: Scope, visitor: VisitorId, token_hash: [u8; 32]) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::REPLACE_TOKEN, args![visitor, scope, token_hash]).await?;
                tx.run(&sql::FORGET_REPLY_ADDRESSES, args![visitor]).await?;
                tx.run(&sql::FORGET_TOKENS, args![visitor]).await.map(drop)
            })
        })
        .await
    }

    async fn change_facts(
        &self,
        scope: Scope,
        visitor: VisitorId,
        with: ChangeFacts,
        jobs: Vec<NewJob>,
    ) -> Result<Arc<InboxRow>> {
        let now = self.now();
        self.write_row(move |tx| {
            Box::pin(async move {
                let row = change(tx, scope, visitor, with, now).await?;
                let jobs = jobs.iter().filter(|job| row.reaches_out() || !job.task.reaches_out());
                let jobs = jobs.map(|job| rows::job_values(scope, job)).collect::<Outcome<_>>()?;
                tx.run_all(&jobs_sql::ADD_JOBS.calls(jobs)).await?;
                Ok(row)
            })
        })
        .await
    }

    async fn claim_secret_key(&self, fingerprint: [u8; 32]) -> Result<KeyClaim> {
        self.write(move |tx| {
            Box::pin(async move {
                if tx.run(&sql::CLAIM_SECRET_KEY, args![fingerprint]).await? == 1 {
                    return Ok(KeyClaim::Ours);
                }
                if tx.one(&sql::SECRET_KEY, Vec::new()).await?.bytes(0)? == fingerprint {
                    return Ok(KeyClaim::Ours);
                }
                if tx.one(&sql::ANY_SEALED, Vec::new()).await?.int(0)? > 0 {
                    return Ok(KeyClaim::Another);
                }
                // Nothing was sealed with the other one, as in a copy that was put back on a new machine.
                tx.run(&sql::REPLACE_SECRET_KEY, args![fingerprint]).await?;
                Ok(KeyClaim::Ours)
            })
        })
        .await
    }

    async fn secret_key(&self) -> Result<Option<[u8; 32]>> {
        self.read(|tx| {
            Box::pin(async move {
                if tx.one(&sql::ANY_SEALED, Vec::new()).await?.int(0)? == 0 {
                    return Ok(None);
                }
                let Some(row) = tx.first(&sql::SECRET_KEY, Vec::new()).await? else { return Ok(None) };
                let fingerprint = row.bytes(0)?.try_into();
                fingerprint.map(Some).map_err(|_| Failure::broken("reading a fingerprint", "it has a wrong length"))
            })
        })
        .await
    }

    async fn forget_sealed(&self) -> Result<u64> {
        self.write(|tx| {
            Box::pin(async move {
                let pushing = tx.run(&push::FORGET_PUSH_KEY, Vec::new()).await?;
                let signing = tx.run(&sql::FORGET_SIGNING_SECRETS, Vec::new()).await?;
                let keys = tx.run(&ai_models::FORGET_MODEL_KEYS, Vec::new()).await?;
                let headers = tx.run(&ai_models::FORGET_TOOL_HEADERS, Vec::new()).await?;
                let webhooks = tx.run(&webhooks::FORGET_WEBHOOK_SECRETS, Vec::new()).await?;
                Ok(pushing + signing + keys + headers + webhooks)
            })
        })
        .await
    }
}
