//! A new database of each engine, gone after the test.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses its part; a test without its database fails"
)]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use parking_lot::Mutex;
use ports::{Store, conversations::CommitListener, world::Clock};
use store::Database;
use testkit::{postgres::TestDatabase, store_contract::world::Engine};

/// A folder that is removed with this value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("baton-store-{}", unique().simple()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// An id that no other test has.
#[expect(clippy::disallowed_methods, reason = "tests run side by side and must not meet")]
fn unique() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// Databases that a test opened, to be closed before its files go.
#[derive(Default)]
struct Opened(Mutex<Vec<Database>>);

impl Opened {
    async fn open(&self, url: &str, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> Arc<dyn Store> {
        let database = Database::open(url, listener, clock).await.unwrap();
        self.0.lock().push(database.clone());
        Arc::new(database)
    }

    async fn close(&self) {
        let opened: Vec<_> = self.0.lock().drain(..).collect();
        for database in opened {
            database.close().await;
        }
    }
}

/// SQLite in a folder of its own.
pub struct OnSqlite {
    opened: Opened,
    pub folder: Folder,
    path: PathBuf,
}

impl OnSqlite {
    pub fn new() -> Self {
        let folder = Folder::new();
        Self { opened: Opened::default(), path: folder.path().join("baton.db"), folder }
    }

    /// A file that is there already.
    pub fn at(path: PathBuf) -> Self {
        Self { opened: Opened::default(), path, folder: Folder::new() }
    }

    pub fn path(&self) -> PathBuf {
        self.path.clone()
    }

    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path.display())
    }
}

#[async_trait]
impl Engine for OnSqlite {
    async fn open(&self, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> Arc<dyn Store> {
        self.opened.open(&self.url(), listener, clock).await
    }

    async fn close(&self) {
        self.opened.close().await;
    }
}

/// PostgreSQL in a database of its own.
pub struct OnPostgres {
    opened: Opened,
    pub database: TestDatabase,
}

impl OnPostgres {
    pub async fn new() -> Self {
        Self { opened: Opened::default(), database: TestDatabase::create(unique()).await }
    }
}

#[async_trait]
impl Engine for OnPostgres {
    async fn open(&self, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> Arc<dyn Store> {
        self.opened.open(self.database.url(), listener, clock).await
    }

    async fn close(&self) {
        self.opened.close().await;
    }
}
