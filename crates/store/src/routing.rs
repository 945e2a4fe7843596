//! Who is at the desk, and who was given which request.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use domain::{
    ConversationId, Millis, PersonId,
    presence::Seen,
    routing::{Candidate, choose, comes_after},
};
use ports::{
    Result, Scope,
    routing::{Found, Here, NodeSaw, RouteClaim, Routings, SOON_MS, STUCK_MS},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::Outcome,
    statements::{Call, routing as sql},
    tx::Tx,
    value::{Row, args},
};

/// A place that is held longer than this, in milliseconds, is free again: whoever held it is gone. Longer than the lease of
/// a job and a commit together.
const HELD_MS: i64 = 30_000;

fn saw(row: &Row) -> Outcome<NodeSaw> {
    let seen = Seen { at: row.time(2)?, away: row.int(3)? != 0, left: row.maybe_int(4)?.map(Millis) };
    Ok(NodeSaw { node: row.id(0)?, person: row.id(1)?, seen })
}

/// A time, or a number, of each person.
fn by_person(rows: &[Row]) -> Outcome<HashMap<PersonId, i64>> {
    rows.iter().map(|row| Ok((row.id(0)?, row.int(1)?))).collect()
}

async fn claim(tx: &mut Tx, scope: Scope, claim: RouteClaim, now: Millis) -> Outcome<Found> {
    let RouteClaim { conversation, opened, job, people, pool, before, mode, limit } = claim;
    tx.one(&sql::HOLD_WORKSPACE, args![scope]).await?;
    let loads = by_person(&tx.query(&sql::LOADS, args![scope, now.plus(-HELD_MS), conversation]).await?)?;
    let routed = by_person(&tx.query(&sql::ROUTED, args![scope]).await?)?;
    let tried = by_person(&tx.query(&sql::TRIED, args![scope, conversation, opened]).await?)?;
    let pool: HashSet<PersonId> = pool.into_iter().collect();
    let candidate = |person: PersonId| Candidate {
        person,
        load: loads.get(&person).map_or(0, |load| u32::try_from(*load).unwrap_or(u32::MAX)),
        routed: routed.get(&person).copied().map(Millis),
        tried: tried.get(&person).copied().map(Millis),
        in_pool: pool.contains(&person),
        before: before == Some(person),
    };
    let candidates: Vec<Candidate> = people.into_iter().map(candidate).collect();
    let Some(chosen) = choose(&candidates, mode, limit) else { return Ok(Found::Nobody) };
    let ahead = tx.one(&sql::AHEAD, args![scope, job, now.plus(-STUCK_MS), now.plus(SOON_MS)]).await?.count(0)?;
    if comes_after(&candidates, limit, u32::try_from(ahead).unwrap_or(u32::MAX)) {
        return Ok(Found::Later);
    }
    tx.run_all(&[
        Call::new(&sql::HOLD_PLACE, args![scope, conversation, opened, chosen, now]),
        Call::new(&sql::NOTE_ROUTED, args![chosen, scope, now]),
    ])
    .await?;
    Ok(Found::Place(chosen))
}

#[async_trait]
impl Routings for Database {
    async fn note_here(&self, node: Uuid, here: Vec<Here>, now: Millis) -> Result<()> {
        let values = here.into_iter().map(|one| args![one.scope, one.person, node, now, i64::from(one.away)]);
        let calls = sql::NOTE_HERE.calls(values.collect());
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn note_left(&self, node: Uuid, people: Vec<PersonId>, now: Millis) -> Result<()> {
        let call = |person: PersonId| Call::new(&sql::NOTE_LEFT, args![person, node, now]);
        let calls: Vec<Call> = people.into_iter().map(call).collect();
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn presences(&self, scope: Scope, since: Millis, limit: u32) -> Result<Vec<NodeSaw>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::PRESENCES, args![scope, since, i64::from(limit)]).await?;
                found.iter().map(saw).collect()
            })
        })
        .await
    }

    async fn void_presences(&self, node: Uuid) -> Result<()> {
        if !self.is_sole() {
            return Ok(());
        }
        self.write(move |tx| Box::pin(async move { tx.run(&sql::VOID_PRESENCES, args![node]).await.map(drop) })).await
    }

    async fn claim_route(&self, scope: Scope, of: RouteClaim, now: Millis) -> Result<Found> {
        if of.people.is_empty() {
            return Ok(Found::Nobody);
        }
        self.write(move |tx| Box::pin(async move { claim(tx, scope, of, now).await })).await
    }

    async fn settle_route(
        &self,
        scope: Scope,
        conversation: ConversationId,
        opened: i64,
        person: PersonId,
    ) -> Result<()> {
        let args = args![scope, conversation, opened, person];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::SETTLE, args).await.map(drop) })).await
    }

    async fn forget_routes(&self, before: Millis, limit: u32) -> Result<u64> {
        self.write(move |tx| {
            Box::pin(async move {
                let routes = tx.run(&sql::FORGET_ROUTES, args![before, i64::from(limit)]).await?;
                Ok(routes + tx.run(&sql::FORGET_PRESENCES, args![before, i64::from(limit)]).await?)
            })
        })
        .await
    }
}
