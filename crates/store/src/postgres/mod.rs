//! PostgreSQL: one connection for commands on conversations, a few for everything else.

pub(crate) mod bus;
mod setup;

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use ports::{conversations::CommitListener, world::Clock};
use tokio::{sync::Semaphore, task::JoinHandle};
use tokio_postgres::{NoTls, config::SslMode};

use crate::{
    failure::{Failure, Outcome},
    lanes::{self, Lanes, Line, Work, closed},
    migrations,
    open_error::OpenError,
    tx::{Postgres, Tx},
};

pub(crate) use setup::facts;

/// Connections beside the one for commands.
const OTHERS: usize = 8;
/// Most operations beside the commands that run or wait at once.
const WAITING: usize = 1_024;
/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// How far back readers of changes look. A number is taken while its row is held and becomes visible at the commit, so
/// a reader can see 7 before 6: what it has not seen yet is at most as old as the longest transaction of the writer,
/// which the time limits of [`COMMAND_LIMITS`] bound.
pub(crate) const OVERLAP: i64 = 1_024;
/// The same as a time, with room for clocks that differ.
pub(crate) const OVERLAP_MS: i64 = 20_000;

/// What a session may take; `idle_in_transaction` ends what a node left behind when it froze.
const COMMAND_LIMITS: &str =
    "set statement_timeout = '5s'; set lock_timeout = '4s'; set idle_in_transaction_session_timeout = '5s'";
const OTHER_LIMITS: &str =
    "set statement_timeout = '30s'; set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '30s'";

/// The connections.
pub(crate) struct Pools {
    commands: Pool,
    others: Pool,
    waiting: Arc<Semaphore>,
    writer: parking_lot::Mutex<Option<JoinHandle<Line>>>,
}

/// Opens a database, brings it up to date and starts its writer.
pub(crate) async fn open(
    url: &str,
    listener: Arc<dyn CommitListener>,
    clock: Arc<dyn Clock>,
) -> Result<(Arc<Pools>, Lanes), OpenError> {
    let mut config: tokio_postgres::Config = url.parse().map_err(OpenError::PostgresAddress)?;
    config.connect_timeout(CONNECT).application_name("baton");
    let pools = Arc::new(Pools {
        commands: pool(&config, 2, COMMAND_LIMITS)?,
        others: pool(&config, OTHERS, OTHER_LIMITS)?,
        waiting: Arc::new(Semaphore::new(WAITING)),
        writer: parking_lot::Mutex::new(None),
    });
    let mut tx = pools.others().await?;
    setup::expect_durable(&mut tx).await?;
    migrations::migrate(&mut tx, clock.now()).await?;
    drop(tx);
    let (lanes, writer) = lanes::lanes(Line::Postgres(pools.clone(), None), listener, clock);
    *pools.writer.lock() = Some(tokio::spawn(writer.run()));
    Ok((pools, lanes))
}

fn pool(config: &tokio_postgres::Config, size: usize, limits: &'static str) -> Outcome<Pool> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    // `require` means encrypted and to the right server. `prefer` would have to accept any certificate to be of use
    // with servers that made their own, and so protect from nobody: it is what it falls back to, not encrypted.
    let manager = if config.get_ssl_mode() == SslMode::Require {
        Manager::from_config(config.clone(), setup::encrypted()?, recycling)
    } else {
        Manager::from_config(config.clone(), NoTls, recycling)
    };
    let limit = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
        Box::pin(async move { client.batch_execute(limits).await.map_err(HookError::Backend) })
    });
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .create_timeout(Some(CONNECT))
        .wait_timeout(Some(CONNECT))
        .post_create(limit)
        .build()
        .map_err(Failure::unavailable)
}

impl Pools {
    /// A connection for commands on conversations.
    pub(crate) async fn commands(&self) -> Outcome<Tx> {
        Ok(Tx::Postgres(Postgres::new(self.commands.get().await?)))
    }

    /// A connection for everything else.
    pub(crate) async fn others(&self) -> Outcome<Tx> {
        Ok(Tx::Postgres(Postgres::new(self.others.get().await?)))
    }

    /// Waits for the writer and for what still runs, then gives the connections back.
    pub(crate) async fn close(&self) {
        let writer = self.writer.lock().take();
        if let Some(writer) = writer
            && writer.await.is_err()
        {
            tracing::error!("the writer ended with a panic");
        }
        let all = u32::try_from(WAITING).unwrap_or(u32::MAX);
        drop(self.waiting.acquire_many(all).await);
        self.waiting.close();
        self.commands.close();
        self.others.close();
    }
}

/// Runs an operation in a transaction of its own, in a task of its own: the caller going away cancels nothing.
pub(crate) fn work(pools: Arc<Pools>, mut work: Box<dyn Work>, listener: Arc<dyn CommitListener>) -> Outcome<()> {
    let place = pools.waiting.clone().try_acquire_owned().map_err(|error| match error {
        tokio::sync::TryAcquireError::NoPermits => Failure::unavailable("too much is waiting to be written"),
        tokio::sync::TryAcquireError::Closed => closed(),
    })?;
    tokio::spawn(async move {
        let ended = in_transaction(&pools, work.as_mut()).await;
        work.answer(ended, listener.as_ref());
        drop(place);
    });
    Ok(())
}

async fn in_transaction(pools: &Pools, work: &mut dyn Work) -> Outcome<()> {
    let mut tx = pools.others().await?;
    tx.begin().await?;
    let mut ended = work.run(&mut tx).await;
    if ended.is_ok() {
        ended = tx.commit(Vec::new()).await;
    }
    if ended.is_err() {
        tx.rollback().await;
    }
    ended
}
