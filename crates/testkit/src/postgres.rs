//! A PostgreSQL database of its own for each test.

use tokio_postgres::{Config, NoTls};

/// The variable with the address of a server where tests may create databases.
const SERVER: &str = "BATON_TEST_POSTGRES";

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// Creates an empty database. `id` makes its name unique.
    ///
    /// # Panics
    /// When there is no server: a test that cannot run must not look as if it had passed.
    #[expect(clippy::panic, clippy::disallowed_methods, reason = "a test without its server fails")]
    pub async fn create(id: uuid::Uuid) -> Self {
        let Ok(server) = std::env::var(SERVER) else {
            panic!("{SERVER} is not set: run `make test`, which starts a PostgreSQL server for the tests")
        };
        let name = format!("baton_test_{}", id.simple());
        if let Err(error) = on_server(&server, &format!("create database {name} template template0")).await {
            panic!("no database could be created on the server of {SERVER}: {error:?}")
        }
        Self { url: with_database(&server, &name), name }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    #[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "tests; a drop cannot fail, only tell")]
    fn drop(&mut self) {
        let Ok(server) = std::env::var(SERVER) else { return };
        let statement = format!("drop database if exists {} with (force)", self.name);
        // A drop cannot wait for the test's own runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(on_server(&server, &statement)).map_err(std::io::Error::other)
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("the test's database was not dropped: {error}");
        }
    }
}

async fn on_server(server: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    let config: Config = server.parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    let done = client.batch_execute(statement).await;
    drop(client);
    connection.abort();
    done
}

/// The address of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let host = rest.split('/').next().unwrap_or_default();
    let question = if options.is_empty() { "" } else { "?" };
    format!("{scheme}://{host}/{name}{question}{options}")
}
