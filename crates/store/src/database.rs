//! A database, whichever engine it is.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use ports::{
    Fault,
    conversations::{CommitListener, Row as InboxRow, Unit, UnitOutcome},
    world::Clock,
};
use tokio::sync::oneshot;

use crate::{
    failure::{Failure, Outcome},
    lanes::{Action, Errand, Lanes, Work, closed},
    marks::Mark,
    migrations,
    open_error::OpenError,
    pace::{Operation, Pace},
    postgres::{self, Pools},
    sqlite::{self, Files},
    statements::{Statement, engine as sql},
    tx::Tx,
};

/// Everything that Baton stores. Cheap to clone: the clones are the same database.
#[derive(Clone)]
pub struct Database(Arc<Inner>, Option<Arc<dyn Pace>>);

struct Inner {
    engine: Engine,
    /// Gone once the database is closed.
    lanes: parking_lot::RwLock<Option<Lanes>>,
    listener: Arc<dyn CommitListener>,
    clock: Arc<dyn Clock>,
    /// What keeps other servers out, while it is held.
    alone: parking_lot::Mutex<Option<Alone>>,
}

#[expect(dead_code, reason = "held, not read")]
enum Alone {
    Sqlite(File),
    Postgres(Box<Tx>),
}

enum Engine {
    Sqlite(Files),
    Postgres(Arc<Pools>),
}

/// What `baton doctor` says of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    /// Its version.
    pub version: String,
    /// The newest migration.
    pub migration: i64,
    /// The settings that keep acknowledged messages safe, as they are.
    pub settings: Vec<(&'static str, String)>,
    /// What a quick look at the file found; empty when it is whole. PostgreSQL looks after itself.
    pub damage: Vec<String>,
    /// How many conversations there are; on PostgreSQL an estimate.
    pub conversations: u64,
    /// How many entries their logs have; on PostgreSQL an estimate.
    pub events: u64,
    /// Jobs that wait or run, without those that only wait for the time of a next step.
    pub jobs: u64,
    /// Jobs that were given up.
    pub dead_jobs: u64,
}

/// PostgreSQL keeps the lock of a server that was killed until it has ended what that one had begun: whoever starts in
/// its place looks again so often, and so long after.
const LETS_GO_LOOKS: u32 = 20;
const LETS_GO_LOOK: Duration = Duration::from_millis(250);

impl Database {
    /// Opens `sqlite:///absolute/path` or `postgres://..` and brings it up to date. With `sslmode=require` a connection
    /// is encrypted and the server's certificate is checked against those that this machine trusts.
    ///
    /// # Errors
    /// Each one says what to do: see [`OpenError`].
    pub async fn open(url: &str, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let (engine, lanes) = if let Some(path) = url.strip_prefix("sqlite://").filter(|path| path.starts_with('/')) {
            let (files, lanes) = sqlite::open(Path::new(path), listener.clone(), clock.clone()).await?;
            (Engine::Sqlite(files), lanes)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let (pools, lanes) = postgres::open(url, listener.clone(), clock.clone()).await?;
            (Engine::Postgres(pools), lanes)
        } else {
            // The rest of an address may hold a password.
            let scheme = url.split("://").next().unwrap_or_default();
            return Err(OpenError::Address(scheme.chars().take(20).collect()));
        };
        let lanes = parking_lot::RwLock::new(Some(lanes));
        let alone = parking_lot::Mutex::new(None);
        Ok(Self(Arc::new(Inner { engine, lanes, listener, clock, alone }), None))
    }

    /// The same database, whose operations begin when a simulator says so.
    #[must_use]
    pub fn paced(&self, pace: Arc<dyn Pace>) -> Self {
        Self(Arc::clone(&self.0), Some(pace))
    }

    /// Keeps other servers out until this one ends, however it ends: what the hub and the gate of one server know, those
    /// of another do not. Commands beside a server (`user`, `key`, `backup`) do not serve and need not ask.
    ///
    /// # Errors
    /// [`OpenError::InUse`] when another server has this database.
    pub async fn serve_alone(&self) -> Result<(), OpenError> {
        self.serve(&sql::SERVE_ALONE).await
    }

    /// Serves beside other servers that do the same, and keeps out one that wants to be alone: it would not hear of what
    /// the others do. On SQLite there is no such thing.
    ///
    /// # Errors
    /// [`OpenError::InUse`] when another server has this database for itself.
    pub async fn serve_together(&self) -> Result<(), OpenError> {
        self.serve(&sql::SERVE_TOGETHER).await
    }

    async fn serve(&self, lock: &'static Statement) -> Result<(), OpenError> {
        let held = match &self.0.engine {
            Engine::Sqlite(files) => Alone::Sqlite(sqlite::lock(&files.path)?),
            Engine::Postgres(pools) => {
                let mut tx = pools.others().await?;
                let mut looks = 0;
                while tx.one(lock, Vec::new()).await?.int(0)? == 0 {
                    looks += 1;
                    if looks > LETS_GO_LOOKS {
                        return Err(OpenError::InUse);
                    }
                    self.0.clock.sleep(LETS_GO_LOOK).await;
                }
                Alone::Postgres(Box::new(tx))
            }
        };
        *self.0.alone.lock() = Some(held);
        Ok(())
    }

    /// Takes no more work, finishes what waits, and leaves the database in one piece.
    pub async fn close(&self) {
        self.0.lanes.write().take();
        // A session's lock ends with its connection, which must not go back to the pool.
        let alone = self.0.alone.lock().take();
        if let Some(Alone::Postgres(tx)) = alone
            && let Tx::Postgres(postgres) = *tx
        {
            postgres.end();
        }
        match &self.0.engine {
            Engine::Sqlite(_) => {
                let database = self.clone();
                let stopped = sqlite::blocking(move || {
                    if let Engine::Sqlite(files) = &database.0.engine {
                        files.readers.stop();
                        let writer = files.writer.lock().take();
                        if writer.is_some_and(|thread| thread.join().is_err()) {
                            tracing::error!("the writer ended with a panic");
                        }
                    }
                });
                if let Err(error) = stopped.await {
                    tracing::error!(?error, "the database was not closed in order");
                }
            }
            Engine::Postgres(pools) => pools.close().await,
        }
    }

    /// Copies the database into a new file while it is in use.
    ///
    /// # Errors
    /// When the file exists, cannot be written or is not whole; always on PostgreSQL, which has `pg_dump`.
    pub async fn backup(&self, to: &Path) -> ports::Result<()> {
        match &self.0.engine {
            Engine::Sqlite(files) => {
                let (from, to) = (files.path.clone(), to.to_owned());
                sqlite::blocking(move || sqlite::backup::backup(&from, &to)).await?
            }
            Engine::Postgres(_) => Err(Fault::broken(
                "this database is PostgreSQL: use pg_dump, its own tool",
                "`baton backup` copies SQLite files",
            )),
        }
    }

    /// Puts a copy in the place of a database that nobody uses. What was there is kept beside it; its new name is
    /// returned.
    ///
    /// # Errors
    /// When the copy is not whole, or the database is in use.
    pub async fn restore(from: &Path, to: &Path, now: domain::Millis) -> ports::Result<Option<std::path::PathBuf>> {
        let (from, to) = (from.to_owned(), to.to_owned());
        sqlite::blocking(move || sqlite::backup::restore(&from, &to, now)).await?
    }

    /// What there is to say about the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check(&self) -> ports::Result<Facts> {
        let facts = self.read(|tx| {
            Box::pin(async move {
                let calls = [&sql::COUNT_CONVERSATIONS, &sql::COUNT_EVENTS, &sql::COUNT_JOBS, &sql::COUNT_DEAD_JOBS];
                let mut counts = [0; 4];
                for (count, statement) in counts.iter_mut().zip(calls) {
                    *count = tx.one(statement, Vec::new()).await?.count(0)?;
                }
                let [conversations, events, jobs, dead_jobs] = counts;
                let applied = tx.query(&sql::MIGRATIONS, Vec::new()).await?;
                let migration = applied.last().map_or(Ok(migrations::newest()), |row| row.int(0))?;
                let (engine, version, settings, damage) = match tx {
                    Tx::Sqlite(sqlite) => sqlite::backup::facts(&sqlite.connection)?,
                    Tx::Postgres(postgres) => postgres::facts(postgres).await?,
                };
                Ok(Facts { engine, version, migration, settings, damage, conversations, events, jobs, dead_jobs })
            })
        });
        facts.await
    }

    /// Hands in a command on a conversation.
    pub(crate) async fn command(&self, unit: Unit) -> ports::Result<UnitOutcome> {
        let unit = match &self.1 {
            Some(pace) => pace.unit(unit),
            None => unit,
        };
        let lanes = self.lanes()?;
        self.at_pace(Operation::Command, async move { Ok(lanes.execute(unit).await?) }).await
    }

    /// Hands in a read mark.
    pub(crate) async fn mark(&self, mark: Mark) -> ports::Result<()> {
        let lanes = self.lanes()?;
        self.at_pace(Operation::Mark, async move { Ok(lanes.mark(mark).await?) }).await
    }

    async fn at_pace<T: Send + 'static>(
        &self,
        what: Operation,
        operation: impl Future<Output = ports::Result<T>> + Send + 'static,
    ) -> ports::Result<T> {
        let Some(pace) = &self.1 else { return operation.await };
        let (to, value) = oneshot::channel();
        pace.run(what, Box::pin(async move { drop(to.send(operation.await)) })).await?;
        value.await.map_err(|_| closed())?
    }

    fn lanes(&self) -> Outcome<Lanes> {
        self.0.lanes.read().clone().ok_or_else(closed)
    }

    /// Whether only one process may use the database.
    pub(crate) fn is_sole(&self) -> bool {
        matches!(self.0.engine, Engine::Sqlite(_))
    }

    pub(crate) fn now(&self) -> domain::Millis {
        self.0.clock.now()
    }

    /// Asks the database.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        action: impl for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    ) -> ports::Result<T> {
        let database = Arc::clone(&self.0);
        self.at_pace(Operation::Read, async move {
            match &database.engine {
                Engine::Sqlite(files) => Ok(files.readers.ask(Box::new(action)).await?),
                Engine::Postgres(pools) => Ok(action(&mut pools.others().await?).await?),
            }
        })
        .await
    }

    /// Changes something in a transaction beside the commands on conversations.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        action: impl for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    ) -> ports::Result<T> {
        self.errand(Box::new(action), None).await
    }

    /// Like [`Self::write`], for what makes or changes a row of the inbox: the listener hears of it.
    pub(crate) async fn write_row(
        &self,
        action: impl for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Outcome<Arc<InboxRow>>> + Send + 'static,
    ) -> ports::Result<Arc<InboxRow>> {
        self.errand(Box::new(action), Some(|row| row)).await
    }

    async fn errand<T: Send + 'static>(
        &self,
        action: Action<T>,
        changed: Option<fn(&T) -> &Arc<InboxRow>>,
    ) -> ports::Result<T> {
        let lanes = self.lanes()?;
        let database = Arc::clone(&self.0);
        self.at_pace(Operation::Write, async move {
            let (to, answer) = oneshot::channel();
            let errand: Box<dyn Work> = Box::new(Errand { action: Some(action), value: None, to, changed });
            match &database.engine {
                Engine::Sqlite(_) => lanes.work(errand)?,
                Engine::Postgres(pools) => postgres::work(pools.clone(), errand, database.listener.clone())?,
            }
            Ok(answer.await.map_err(|_| Failure::unavailable("the writer ended"))??)
        })
        .await
    }
}
