//! What only the inside of the crate can show. The promises of the traits are in `tests/`.

mod migrations;
mod opening;
mod plans;
mod prepare;
mod rehearsals;

use testkit::postgres::TestDatabase;

/// An id that no other test has.
#[expect(clippy::disallowed_methods, reason = "tests run side by side and must not meet")]
fn unique() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// An SQLite database as a new one is.
fn empty_sqlite() -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut tx = crate::tx::Tx::Sqlite(crate::tx::Sqlite { connection, change: 0 });
    crate::sqlite::ready(crate::migrations::migrate(&mut tx, domain::Millis(0))).unwrap();
    match tx {
        crate::tx::Tx::Sqlite(sqlite) => sqlite.connection,
        crate::tx::Tx::Postgres(_) => unreachable!("opened as SQLite"),
    }
}

/// A PostgreSQL database as a new one is.
async fn empty_postgres() -> (TestDatabase, tokio_postgres::Client) {
    let database = TestDatabase::create(unique()).await;
    let store = crate::Database::open(database.url(), silent(), stopped()).await.unwrap();
    store.close().await;
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    (database, client)
}

/// A listener that does nothing.
fn silent() -> std::sync::Arc<dyn ports::conversations::CommitListener> {
    std::sync::Arc::new(testkit::store_contract::world::Told::default())
}

/// A clock that stands still.
fn stopped() -> std::sync::Arc<dyn ports::world::Clock> {
    std::sync::Arc::new(testkit::store_contract::world::SetClock::at(1_000_000))
}
