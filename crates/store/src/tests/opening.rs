//! A database that would lose or mangle something is refused, with a line that says why.

use testkit::postgres::TestDatabase;

use super::{silent, stopped, unique};
use crate::{Database, OpenError};

async fn refusal(url: &str) -> String {
    match Database::open(url, silent(), stopped()).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_without_its_password() {
    for bad in ["mysql://root:secret@host/x", "sqlite://relative.db", "file.db", "", "postgres:secret"] {
        let text = refusal(bad).await;
        assert!(text.contains("sqlite:///absolute/path") && !text.contains("secret@"), "{text}");
    }
    assert!(matches!(
        Database::open("postgres://u:p@h:notaport/x", silent(), stopped()).await,
        Err(OpenError::PostgresAddress(_))
    ));
}

#[tokio::test]
async fn a_newer_or_edited_sqlite_database_is_refused() {
    let folder = std::env::temp_dir().join(format!("baton-opening-{}", unique().simple()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("baton.db");
    let url = format!("sqlite://{}", path.display());
    Database::open(&url, silent(), stopped()).await.unwrap().close().await;
    let change = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    change("insert into migration values (99, 'later', 'x', 0)");
    let known = crate::migrations::newest();
    let refused = refusal(&url).await;
    assert!(refused.contains(&format!("the database is at migration 99, this Baton knows {known}")), "{refused}");
    change("delete from migration where number = 99; update migration set checksum = 'x'");
    assert!(refusal(&url).await.contains("migration 1 was applied with another text"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_server_that_acknowledges_too_early_is_refused() {
    let database = TestDatabase::create(unique()).await;
    let separator = if database.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{separator}options=-c%20synchronous_commit%3Doff", database.url());
    let text = refusal(&url).await;
    assert!(text.contains("synchronous_commit = off"), "{text}");
}

#[tokio::test]
async fn two_processes_that_start_at_once_both_find_the_tables() {
    let database = TestDatabase::create(unique()).await;
    let open = || Database::open(database.url(), silent(), stopped());
    let (one, two, three) = tokio::join!(open(), open(), open());
    for opened in [one, two, three] {
        opened.unwrap().close().await;
    }
}

/// A server without encryption is not talked to when encryption is required.
#[tokio::test]
async fn encryption_that_is_required_is_not_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 8];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut asked).await.unwrap();
        // "No", says a server that cannot encrypt.
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"N").await.unwrap();
        asked
    });
    let url = format!("postgres://u:p@127.0.0.1:{port}/x?sslmode=require");
    assert!(matches!(Database::open(&url, silent(), stopped()).await, Err(OpenError::Database(_))));
    // The request for encryption was all that was sent: no name, no password.
    assert_eq!(server.await.unwrap(), [0, 0, 0, 8, 4, 210, 22, 47]);
}
