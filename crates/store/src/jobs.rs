//! The outbox.

use async_trait::async_trait;
use domain::Millis;
use ports::{
    Result, Scope,
    jobs::{DeadJob, Job, Jobs, Lease, NewJob, Task},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{Call, jobs as sql},
    tx::Tx,
    value::{Value, args},
};

/// Stores a job of which there is one, see [`Jobs::add_again`].
pub(crate) async fn add_again(tx: &mut Tx, scope: Scope, job: &NewJob) -> Outcome<()> {
    tx.run(&sql::ADD_AGAIN, rows::job_values(scope, job)?).await.map(drop)
}

#[async_trait]
impl Jobs for Database {
    async fn add_job(&self, scope: Scope, job: NewJob) -> Result<()> {
        let calls = sql::ADD_JOBS.calls(vec![rows::job_values(scope, &job)?]);
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn add_again(&self, scope: Scope, job: NewJob) -> Result<()> {
        self.write(move |tx| Box::pin(async move { add_again(tx, scope, &job).await })).await
    }

    async fn ensure_job(&self, scope: Scope, job: NewJob) -> Result<()> {
        let args = rows::job_values(scope, &job)?;
        self.write(move |tx| Box::pin(async move { tx.run(&sql::ENSURE_JOB, args).await.map(drop) })).await
    }

    async fn claim(&self, lease: Lease, now: Millis, limit: u32) -> Result<Vec<Job>> {
        self.write(move |tx| {
            Box::pin(async move {
                let args = args![lease.worker, lease.until, now, i64::from(limit)];
                let mut found = tx.query(&sql::CLAIM, args).await?;
                // What an update returns comes in no order.
                found.sort_by_key(|row| {
                    (row.int(4).unwrap_or_default(), row.text(0).map(str::to_owned).unwrap_or_default())
                });
                found.iter().map(rows::job).collect()
            })
        })
        .await
    }

    async fn renew(&self, held: &[(Uuid, Uuid)], until: Millis) -> Result<Vec<bool>> {
        let call = |&(job, worker): &(Uuid, Uuid)| Call::new(&sql::RENEW, args![job, worker, until]);
        let calls: Vec<Call> = held.iter().map(call).collect();
        self.write(move |tx| {
            Box::pin(async move {
                let answers = tx.query_all(&calls).await?;
                Ok(answers.iter().map(|renewed| !renewed.is_empty()).collect())
            })
        })
        .await
    }

    async fn complete(&self, job: Uuid, worker: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.run(&sql::COMPLETE, args![job, worker]).await.map(drop) })).await
    }

    async fn complete_unless_asked(&self, job: Uuid, worker: Uuid) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                if tx.run(&sql::COMPLETE_TRIED, args![job, worker]).await? > 0 {
                    return Ok(true);
                }
                Ok(tx.run(&sql::FREE, args![job, worker]).await? == 0)
            })
        })
        .await
    }

    async fn fail(&self, job: Uuid, worker: Uuid, error: &str, again: Option<Millis>, now: Millis) -> Result<()> {
        let args = args![job, worker, again.unwrap_or(now), error];
        let statement = if again.is_some() { &sql::RETRY } else { &sql::BURY };
        let given_up = again.is_none();
        self.write(move |tx| {
            Box::pin(async move {
                // What was added again is not given up: somebody else, or the next round, finds it free.
                if tx.run(statement, args).await? == 0 && given_up {
                    tx.run(&sql::FREE, args![job, worker]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn go_on(&self, job: Uuid, worker: Uuid, task: &Task, why: &str, at: Millis) -> Result<()> {
        let args = args![job, worker, at, why, Value::json(task)?];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::GO_ON, args).await.map(drop) })).await
    }

    async fn hurry_routes(&self, scope: Scope, now: Millis, limit: u32) -> Result<u64> {
        let wait =
            self.read(move |tx| Box::pin(async move { tx.one(&sql::LATER_ROUTES, args![scope, now]).await?.count(0) }));
        if wait.await? == 0 {
            return Ok(0);
        }
        let args = args![scope, now, i64::from(limit)];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::HURRY_ROUTES, args).await })).await
    }

    async fn dead(&self, limit: u32) -> Result<Vec<DeadJob>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::DEAD, args![i64::from(limit)]).await?;
                let dead = found.iter().map(|row| {
                    let (id, task, tries) = (row.id(0)?, row.json(1)?, rows::tries(row, 2)?);
                    Ok(DeadJob { id, task, tries, error: row.text(3)?.to_owned(), at: row.time(4)? })
                });
                dead.collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn void_leases(&self) -> Result<bool> {
        if !self.is_sole() {
            return Ok(false);
        }
        self.write(|tx| {
            Box::pin(async move {
                tx.run(&sql::VOID_LEASES, Vec::new()).await?;
                Ok(true)
            })
        })
        .await
    }
}
