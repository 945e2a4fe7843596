//! A connection of either engine: what runs statements.
//!
//! The methods are async for PostgreSQL's sake; on SQLite they never wait, so that the same code runs on its threads.

use deadpool_postgres::Object;
use futures_util::future::join_all;

use crate::{
    failure::{Failure, Outcome},
    statements::{Call, Statement, engine},
    value::{Row, Value},
};

/// A connection, inside a transaction or not.
pub(crate) enum Tx {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// A connection to SQLite.
pub(crate) struct Sqlite {
    pub(crate) connection: rusqlite::Connection,
    /// The newest change that the only writer gave out.
    pub(crate) change: i64,
}

/// A connection to PostgreSQL, borrowed from its pool.
pub(crate) struct Postgres {
    client: Option<Object>,
    in_transaction: bool,
}

impl Postgres {
    pub(crate) fn new(client: Object) -> Self {
        Self { client: Some(client), in_transaction: false }
    }

    fn client(&self) -> Outcome<&Object> {
        self.client.as_ref().ok_or_else(|| Failure::unavailable("the connection was given back"))
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn end(mut self) {
        drop(self.client.take().map(Object::take));
    }

    /// A setting of the server.
    pub(crate) async fn setting(&self, name: &'static str) -> Outcome<String> {
        let row = self.client()?.query_one(&format!("show {name}"), &[]).await?;
        Ok(row.try_get(0)?)
    }
}

impl Drop for Postgres {
    /// A connection that was left inside a transaction must not go back to the pool.
    fn drop(&mut self) {
        if self.in_transaction
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

impl Tx {
    /// The rows of an answer.
    pub(crate) async fn query(&mut self, statement: &'static Statement, args: Vec<Value>) -> Outcome<Vec<Row>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(statement, &args),
            Self::Postgres(postgres) => query(postgres.client()?, statement, &args).await,
        }
    }

    /// The first row of an answer.
    pub(crate) async fn first(&mut self, statement: &'static Statement, args: Vec<Value>) -> Outcome<Option<Row>> {
        Ok(self.query(statement, args).await?.into_iter().next())
    }

    /// The only row of an answer.
    pub(crate) async fn one(&mut self, statement: &'static Statement, args: Vec<Value>) -> Outcome<Row> {
        self.first(statement, args).await?.ok_or(Failure::NotFound)
    }

    /// How many rows were changed.
    pub(crate) async fn run(&mut self, statement: &'static Statement, args: Vec<Value>) -> Outcome<u64> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run(statement, &args),
            Self::Postgres(postgres) => execute(postgres.client()?, statement, &args).await,
        }
    }

    /// Runs a statement that must change a row; `NotFound` when it did not.
    pub(crate) async fn must(&mut self, statement: &'static Statement, args: Vec<Value>) -> Outcome<()> {
        if self.run(statement, args).await? == 0 { Err(Failure::NotFound) } else { Ok(()) }
    }

    /// Many queries in order, on PostgreSQL without waiting for each answer before the next question.
    pub(crate) async fn query_all(&mut self, calls: &[Call]) -> Outcome<Vec<Vec<Row>>> {
        match self {
            Self::Sqlite(sqlite) => calls.iter().map(|call| sqlite.query(call.statement, &call.args)).collect(),
            Self::Postgres(postgres) => {
                let client = postgres.client()?;
                prepare(client, calls).await?;
                in_order(join_all(calls.iter().map(|call| query(client, call.statement, &call.args))).await)
            }
        }
    }

    /// Many statements in order, on PostgreSQL without waiting for each answer before the next one.
    pub(crate) async fn run_all(&mut self, calls: &[Call]) -> Outcome<()> {
        match self {
            Self::Sqlite(sqlite) => calls.iter().try_for_each(|call| sqlite.run(call.statement, &call.args).map(drop)),
            Self::Postgres(postgres) => {
                let client = postgres.client()?;
                prepare(client, calls).await?;
                in_order(join_all(calls.iter().map(|call| execute(client, call.statement, &call.args))).await).map(drop)
            }
        }
    }

    /// Runs a script of many statements, without arguments.
    pub(crate) async fn script(&mut self, text: &str) -> Outcome<()> {
        match self {
            Self::Sqlite(sqlite) => Ok(sqlite.connection.execute_batch(text)?),
            Self::Postgres(postgres) => Ok(postgres.client()?.batch_execute(text).await?),
        }
    }

    pub(crate) async fn begin(&mut self) -> Outcome<()> {
        if let Self::Postgres(postgres) = self {
            postgres.in_transaction = true;
        }
        self.run(&engine::BEGIN, Vec::new()).await.map(drop)
    }

    /// Ends the transaction with these last statements. When this fails nothing was written, unless the failure is
    /// [`Failure::Unavailable`]: then only the database knows.
    pub(crate) async fn commit(&mut self, mut last: Vec<Call>) -> Outcome<()> {
        // In an aborted transaction PostgreSQL answers COMMIT with a rollback, and the statement that failed has
        // reported it: so COMMIT can go along with the last statements in one round trip.
        last.push(Call::new(&engine::COMMIT, Vec::new()));
        let ended = self.run_all(&last).await;
        if ended.is_ok()
            && let Self::Postgres(postgres) = self
        {
            postgres.in_transaction = false;
        }
        ended
    }

    /// Ends the transaction as if it had not been.
    pub(crate) async fn rollback(&mut self) {
        match self {
            // Some failures end the transaction by themselves.
            Self::Sqlite(sqlite) if sqlite.connection.is_autocommit() => {}
            Self::Sqlite(sqlite) => {
                if let Err(error) = sqlite.run(&engine::ROLLBACK, &[]) {
                    tracing::error!(?error, "a transaction could not be rolled back");
                }
            }
            Self::Postgres(postgres) => {
                if let Ok(client) = postgres.client()
                    && execute(client, &engine::ROLLBACK, &[]).await.is_ok()
                {
                    postgres.in_transaction = false;
                }
            }
        }
    }

    /// So many new places in the order of changes, ascending. To be called while the rows are held.
    pub(crate) async fn next_changes(&mut self, count: usize) -> Outcome<Vec<i64>> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        match self {
            Self::Sqlite(sqlite) => {
                let first = sqlite.change + 1;
                sqlite.change += count;
                Ok((first..=sqlite.change).collect())
            }
            Self::Postgres(_) => {
                let rows = self.query(&engine::NEXT_CHANGES, vec![Value::Int(count)]).await?;
                rows.iter().map(|row| row.int(0)).collect()
            }
        }
    }

    /// Whether a transaction is open: some failures end it by themselves.
    pub(crate) fn is_inside(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => !sqlite.connection.is_autocommit(),
            Self::Postgres(postgres) => postgres.in_transaction,
        }
    }

    /// Whether the connection can no longer be used.
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(postgres) => {
                postgres.in_transaction || postgres.client.as_ref().is_none_or(|client| client.is_closed())
            }
        }
    }
}

/// Names the statement in the log; the caller says what became of it.
fn named<T>(statement: &Statement, outcome: Outcome<T>) -> Outcome<T> {
    if let Err(failure) = &outcome {
        tracing::debug!(statement = statement.name(), ?failure, "a statement failed");
    }
    outcome
}

impl Sqlite {
    fn query(&self, statement: &Statement, args: &[Value]) -> Outcome<Vec<Row>> {
        named(statement, self.try_query(statement, args))
    }

    fn run(&self, statement: &Statement, args: &[Value]) -> Outcome<u64> {
        named(statement, self.try_run(statement, args))
    }

    fn try_query(&self, statement: &Statement, args: &[Value]) -> Outcome<Vec<Row>> {
        let mut prepared = self.connection.prepare_cached(statement.sqlite())?;
        let columns = prepared.column_count();
        let mut rows = prepared.query(rusqlite::params_from_iter(args))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Row::from_sqlite(row, columns)?);
        }
        Ok(found)
    }

    fn try_run(&self, statement: &Statement, args: &[Value]) -> Outcome<u64> {
        let mut prepared = self.connection.prepare_cached(statement.sqlite())?;
        Ok(u64::try_from(prepared.execute(rusqlite::params_from_iter(args))?).unwrap_or_default())
    }
}

/// Prepares what is not prepared yet, so that the statements themselves follow each other without a pause.
async fn prepare(client: &Object, calls: &[Call]) -> Outcome<()> {
    for call in calls {
        client.prepare_cached(call.statement.postgres()).await?;
    }
    Ok(())
}

fn in_order<T>(answers: Vec<Outcome<T>>) -> Outcome<Vec<T>> {
    // The first one that failed is the cause of all that failed after it.
    answers.into_iter().collect()
}

async fn query(client: &Object, statement: &Statement, args: &[Value]) -> Outcome<Vec<Row>> {
    let answer = async {
        let prepared = client.prepare_cached(statement.postgres()).await?;
        let rows = client.query(&prepared, &refs(args)).await?;
        rows.iter().map(Row::from_postgres).collect()
    };
    named(statement, answer.await)
}

async fn execute(client: &Object, statement: &Statement, args: &[Value]) -> Outcome<u64> {
    let answer = async {
        let prepared = client.prepare_cached(statement.postgres()).await?;
        Ok(client.execute(&prepared, &refs(args)).await?)
    };
    named(statement, answer.await)
}

fn refs(args: &[Value]) -> Vec<&(dyn tokio_postgres::types::ToSql + Sync)> {
    args.iter().map(|value| value as _).collect()
}
