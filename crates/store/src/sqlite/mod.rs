//! SQLite: one file, one connection that writes, a few that read.
//!
//! Why not through sqlx: its SQLite driver hands every statement to another thread and back, which costs more than
//! the statement. A statement on the writer's own thread takes about 3 microseconds, and a message needs five.

pub(crate) mod backup;
pub(crate) mod readers;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use domain::Millis;
use ports::{conversations::CommitListener, world::Clock};
use rusqlite::{Connection, OpenFlags};

use crate::{
    failure::{Failure, Outcome},
    lanes::{self, Lanes, Line},
    migrations,
    open_error::OpenError,
    statements::engine,
    tx::{Sqlite, Tx},
};

/// More than there are statements, so that none is ever prepared twice.
const STATEMENTS: usize = 256;
/// How long a statement waits for another process that writes.
const BUSY_MS: i64 = 5_000;

/// An open file.
pub(crate) struct Files {
    pub(crate) path: PathBuf,
    pub(crate) readers: readers::Readers,
    pub(crate) writer: parking_lot::Mutex<Option<thread::JoinHandle<()>>>,
}

/// Opens a file, brings it up to date and starts its threads.
pub(crate) async fn open(
    path: &Path,
    listener: Arc<dyn CommitListener>,
    clock: Arc<dyn Clock>,
) -> Result<(Files, Lanes), OpenError> {
    let now = clock.now();
    let tx = blocking({
        let path = path.to_owned();
        move || prepare(&path, now)
    })
    .await??;
    let readers = readers::Readers::start(path)?;
    let (lanes, writer) = lanes::lanes(Line::Sqlite(tx), listener, clock);
    // Waits for its queues only; nothing else on this thread ever waits for anything but SQL.
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(Failure::unavailable)?;
    let thread = thread::Builder::new().name("writer".into()).spawn(move || {
        if let Line::Sqlite(Tx::Sqlite(sqlite)) = runtime.block_on(writer.run()) {
            fold_log(&sqlite.connection);
        }
    });
    let writer = parking_lot::Mutex::new(Some(thread.map_err(Failure::unavailable)?));
    Ok((Files { path: path.to_owned(), readers, writer }, lanes))
}

/// Takes the file beside the database that the only server holds. The system lets it go when the process ends.
pub(crate) fn lock(database: &Path) -> Result<File, OpenError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(Failure::unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(Failure::unavailable(error).into()),
    }
}

/// Opens the connection that writes, on a database that is up to date.
fn prepare(path: &Path, now: Millis) -> Result<Tx, OpenError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    configure(&connection)?;
    let mut tx = Tx::Sqlite(Sqlite { connection, change: 0 });
    ready(migrations::migrate(&mut tx, now))?;
    let newest = ready(tx.one(&engine::GREATEST_CHANGE, Vec::new()))?.int(0)?;
    if let Tx::Sqlite(sqlite) = &mut tx {
        sqlite.change = newest;
    }
    Ok(tx)
}

/// Sets what keeps acknowledged messages safe, and reads it back: a setting that did not take is refused.
fn configure(connection: &Connection) -> Result<(), OpenError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS.unsigned_abs()))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off;
         pragma temp_store = memory; pragma cache_size = -16384; pragma journal_size_limit = 67108864;
         pragma wal_autocheckpoint = 4000;",
    )?;
    let text = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, String>(0));
    let int = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    expect("journal_mode", "wal", &text("journal_mode")?)?;
    expect("synchronous", "2", &int("synchronous")?.to_string())?;
    expect("foreign_keys", "1", &int("foreign_keys")?.to_string())?;
    expect("busy_timeout", "5000", &int("busy_timeout")?.to_string())
}

pub(crate) fn expect(name: &'static str, wanted: &'static str, found: &str) -> Result<(), OpenError> {
    if found == wanted { Ok(()) } else { Err(OpenError::Setting { name, wanted, found: found.to_owned() }) }
}

/// A connection that only reads.
pub(crate) fn read_only(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS.unsigned_abs()))?;
    connection.execute_batch("pragma query_only = on; pragma cache_size = -8192; pragma trusted_schema = off;")?;
    Ok(connection)
}

/// Brings the write-ahead log home, so that the file alone is the whole database.
fn fold_log(connection: &Connection) {
    if let Err(error) = connection.execute_batch("pragma optimize; pragma wal_checkpoint(truncate);") {
        tracing::warn!(%error, "the write-ahead log could not be folded into the database");
    }
}

/// The result of a future that never waits: on SQLite none does.
pub(crate) fn ready<T, E: From<Failure>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    use futures_util::FutureExt;
    future.now_or_never().unwrap_or_else(|| Err(Failure::broken("an SQLite statement waited", "it must not").into()))
}

/// Runs what blocks where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::unavailable)
}
