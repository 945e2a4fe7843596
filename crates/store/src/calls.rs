//! The record of who was called to what, and what came of it.

use async_trait::async_trait;
use domain::{
    ConversationId, Millis, PersonId,
    calls::{Outcome as CallOutcome, Way},
};
use ports::{
    Result, Scope,
    calls::{CallRecord, Calls},
};

use crate::{
    Database,
    failure::Outcome,
    statements::calls as sql,
    value::{Row, args},
};

fn record(row: &Row) -> Outcome<Option<CallRecord>> {
    // What a later version has written is not known here.
    let (Some(way), Some(outcome)) = (Way::named(row.text(3)?), CallOutcome::named(row.text(5)?)) else {
        return Ok(None);
    };
    Ok(Some(CallRecord {
        conversation: row.id(0)?,
        seq: row.int(1)?,
        person: row.id(2)?,
        way,
        place: row.text(4)?.to_owned(),
        outcome,
        at: row.time(6)?,
    }))
}

#[async_trait]
impl Calls for Database {
    async fn note_calls(&self, scope: Scope, records: Vec<CallRecord>) -> Result<()> {
        let values = records.into_iter().map(|one| {
            let CallRecord { conversation, seq, person, way, place, outcome, at } = one;
            args![scope, conversation, seq, person, way.name(), place, outcome.name(), at]
        });
        let calls = sql::NOTE_CALLS.calls(values.collect());
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn calls(
        &self,
        scope: Scope,
        conversation: ConversationId,
        from: i64,
        limit: u32,
    ) -> Result<Vec<CallRecord>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CALLS, args![scope, conversation, from, i64::from(limit)]).await?;
                found.iter().rev().filter_map(|row| record(row).transpose()).collect()
            })
        })
        .await
    }

    async fn taken(
        &self,
        scope: Scope,
        conversation: ConversationId,
        from: i64,
        way: Way,
        limit: u32,
    ) -> Result<Vec<(PersonId, String)>> {
        let args = args![scope, conversation, from, way.name(), i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::TAKEN_CALLS, args).await?;
                found.iter().map(|row| Ok((row.id(0)?, row.text(1)?.to_owned()))).collect()
            })
        })
        .await
    }

    async fn forget_calls(&self, before: Millis, limit: u32) -> Result<u64> {
        self.write(move |tx| Box::pin(async move { tx.run(&sql::FORGET_CALLS, args![before, i64::from(limit)]).await }))
            .await
    }
}
