//! Where a test's data is.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use domain::WorkspaceId;
use tempfile::TempDir;
use tokio_postgres::{NoTls, types::ToSql};

use crate::postgres::TestDatabase;

/// A database of its own, gone when the last server on it is. Cheap to clone: the clones are the same database.
#[derive(Debug, Clone)]
pub struct Place(Arc<Data>);

#[derive(Debug)]
struct Data {
    kind: Kind,
    /// What is kept beside the database.
    files: TempDir,
}

#[derive(Debug)]
enum Kind {
    Sqlite(TempDir),
    Postgres(TestDatabase),
}

impl Place {
    /// An SQLite file in a folder of its own.
    pub fn sqlite() -> Self {
        Self::of(Kind::Sqlite(tempfile::tempdir().unwrap()))
    }

    /// A PostgreSQL database of its own.
    #[expect(clippy::disallowed_methods, reason = "tests run side by side and must not meet")]
    pub async fn postgres() -> Self {
        Self::of(Kind::Postgres(TestDatabase::create(uuid::Uuid::now_v7()).await))
    }

    fn of(kind: Kind) -> Self {
        Self(Arc::new(Data { kind, files: tempfile::tempdir().unwrap() }))
    }

    /// The folder with the bytes of files.
    pub fn files(&self) -> &Path {
        self.0.files.path()
    }

    /// Its address.
    pub fn url(&self) -> String {
        match &self.0.kind {
            Kind::Sqlite(folder) => format!("sqlite://{}", folder.path().join("baton.db").display()),
            Kind::Postgres(database) => database.url().to_owned(),
        }
    }

    /// Whether only one process may use it at a time.
    pub fn is_sole(&self) -> bool {
        matches!(self.0.kind, Kind::Sqlite(_))
    }

    /// Every row of every table as text, without what an engine keeps beside them: for a test that asks what was changed.
    pub async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        match &self.0.kind {
            Kind::Sqlite(folder) => {
                let path = folder.path().join("baton.db");
                tokio::task::spawn_blocking(move || sqlite_rows(&path)).await.unwrap()
            }
            Kind::Postgres(database) => {
                let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
                let connection = tokio::spawn(connection);
                let tables = "select table_name::text from information_schema.tables
                    where table_schema = 'public' and table_type = 'BASE TABLE'";
                let mut all = BTreeMap::new();
                for table in client.query(tables, &[]).await.unwrap() {
                    let table: String = table.get(0);
                    let rows =
                        client.query(&format!("select t::text from \"{table}\" t order by 1"), &[]).await.unwrap();
                    all.insert(table, rows.iter().map(|row| row.get(0)).collect());
                }
                drop(client);
                connection.abort();
                all
            }
        }
    }

    /// Writes the row of another workspace, past the store: it makes one workspace and no more.
    pub(super) async fn add_workspace(&self, id: WorkspaceId, name: &str) {
        let insert = "insert into workspace (id, name, created_at) values ($1, $2, 1)";
        self.execute(insert, vec![id.to_string(), name.to_owned()]).await;
    }

    /// Forgets which mails came for a conversation, past the store: what a process leaves that ends before it has noted it.
    pub async fn forget_mails(&self, conversation: &str) {
        let delete = "delete from visitor_mail where conversation_id = $1 and way = 'in'";
        self.execute(delete, vec![conversation.to_owned()]).await;
    }

    /// The database is out for as long as something takes. PostgreSQL ends every connection, at the beginning and at the
    /// end; of SQLite somebody else holds the lock, and nothing is written.
    pub async fn is_out<T>(&self, meanwhile: impl Future<Output = T>) -> T {
        match &self.0.kind {
            Kind::Sqlite(folder) => {
                let path = folder.path().join("baton.db");
                let hold = move || {
                    let file = rusqlite::Connection::open(path).unwrap();
                    file.busy_timeout(super::PATIENCE).unwrap();
                    file.execute_batch("begin immediate").unwrap();
                    file
                };
                let file = tokio::task::spawn_blocking(hold).await.unwrap();
                let done = meanwhile.await;
                tokio::task::spawn_blocking(move || file.execute_batch("rollback").unwrap()).await.unwrap();
                done
            }
            Kind::Postgres(database) => {
                let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
                let connection = tokio::spawn(connection);
                let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()";
                client.batch_execute(cut).await.unwrap();
                let done = meanwhile.await;
                client.batch_execute(cut).await.unwrap();
                drop(client);
                connection.abort();
                done
            }
        }
    }

    async fn execute(&self, statement: &str, values: Vec<String>) {
        match &self.0.kind {
            Kind::Sqlite(folder) => {
                let (path, statement) = (folder.path().join("baton.db"), statement.replace('$', "?"));
                let write = move || {
                    let file = rusqlite::Connection::open(path).unwrap();
                    file.busy_timeout(super::PATIENCE).unwrap();
                    file.execute(&statement, rusqlite::params_from_iter(values)).unwrap();
                };
                tokio::task::spawn_blocking(write).await.unwrap();
            }
            Kind::Postgres(database) => {
                let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
                let connection = tokio::spawn(connection);
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                client.execute(statement, &values).await.unwrap();
                drop(client);
                connection.abort();
            }
        }
    }
}

fn sqlite_rows(path: &Path) -> BTreeMap<String, Vec<String>> {
    let file = rusqlite::Connection::open(path).unwrap();
    file.busy_timeout(super::PATIENCE).unwrap();
    // What the full-text index keeps for itself follows from the tables that it is of.
    let tables = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'
        and name not like 'chunk_search%' and name not like 'search_%_words%'";
    let mut tables = file.prepare(tables).unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut all = BTreeMap::new();
    for name in names {
        let mut table = file.prepare(&format!("select * from \"{name}\"")).unwrap();
        let columns = table.column_count();
        let as_text = |row: &rusqlite::Row<'_>| {
            let value = |column| row.get::<_, rusqlite::types::Value>(column).map(|value| format!("{value:?}"));
            Ok((0..columns).map(value).collect::<Result<Vec<_>, _>>()?.join(" | "))
        };
        let mut rows: Vec<String> = table.query_map([], as_text).unwrap().map(Result::unwrap).collect();
        rows.sort_unstable();
        all.insert(name, rows);
    }
    all
}
