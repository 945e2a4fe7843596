//! Copies of a database that is in use, and their way back.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod engines;

use std::sync::Arc;

use domain::Millis;
use engines::{OnPostgres, OnSqlite};
use ports::Fault;
use store::Database;
use testkit::store_contract::world::{Engine, SetClock, Told, World, conversation};

async fn open(url: &str) -> Database {
    Database::open(url, Arc::new(Told::default()), Arc::new(SetClock::at(5_000))).await.unwrap()
}

/// A copy made while messages are written is one moment of the database, and opens as a database.
#[tokio::test]
async fn a_copy_made_while_writing_is_whole() {
    let engine = OnSqlite::new();
    let world = Arc::new(World::new(&engine).await);
    let database = open(&engine.url()).await;
    let names = ["a", "b", "c", "d"];
    for name in names {
        world.open(name).await;
    }
    let writing = {
        let world = world.clone();
        tokio::spawn(async move {
            for i in 0..400 {
                world.says(names[i % 4], &format!("message {i}")).await;
            }
        })
    };
    let copy = engine.folder.path().join("copy.db");
    while world.row("a").await.state.seq < 10 {
        tokio::task::yield_now().await;
    }
    database.backup(&copy).await.unwrap();
    let at_copy = world.row("a").await.state.seq;
    assert!(matches!(database.backup(&copy).await, Err(Fault::Conflict(_))), "nothing is overwritten");
    writing.await.unwrap();

    let restored = engine.folder.path().join("restored.db");
    assert_eq!(Database::restore(&copy, &restored, Millis(1)).await.unwrap(), None);
    let engine_of_copy = OnSqlite::at(restored);
    let world_of_copy = World::empty(&engine_of_copy).await;
    for name in names {
        let (row, log) = (world_of_copy.row(name).await, world_of_copy.log(name).await);
        assert_eq!(log.len(), usize::try_from(row.state.seq).unwrap(), "the row and its log are of one moment");
    }
    let kept = world_of_copy.row("a").await.state.seq;
    assert!((10..=at_copy).contains(&kept), "{kept} of {at_copy}");
    // It goes on from there.
    world_of_copy.says("a", "after").await;
    assert_eq!(world_of_copy.row("a").await.state.seq, kept + 1);
    engine_of_copy.close().await;
    database.close().await;
    engine.close().await;
}

/// What was in the place of a restored database is kept; one that is in use is not touched.
#[tokio::test]
async fn a_database_in_use_is_not_replaced() {
    let engine = OnSqlite::new();
    let world = World::new(&engine).await;
    world.open("tea").await;
    let (path, copy) = (engine.path(), engine.folder.path().join("copy.db"));
    open(&engine.url()).await.backup(&copy).await.unwrap();
    world.says("tea", "after the copy").await;
    let refused = Database::restore(&copy, &path, Millis(1)).await.unwrap_err();
    assert!(refused.to_string().contains("stop Baton first"), "{refused}");
    world.says("tea", "still here").await;
    engine.close().await;

    let kept = Database::restore(&copy, &path, Millis(7)).await.unwrap().unwrap();
    assert!(kept.exists());
    let world = World::empty(&engine).await;
    assert_eq!(world.row("tea").await.state.seq, 0);
    engine.close().await;

    std::fs::write(&copy, "not a database at all, whatever its name").unwrap();
    assert!(Database::restore(&copy, &path, Millis(8)).await.is_err());
    std::fs::remove_file(&copy).unwrap();
    assert!(Database::restore(&copy, &path, Millis(9)).await.is_err());
    assert!(path.exists(), "and what was there is there");
}

/// PostgreSQL has a tool of its own.
#[tokio::test]
async fn postgres_is_copied_by_its_own_tool() {
    let engine = OnPostgres::new().await;
    let database = open(engine.database.url()).await;
    let refused = database.backup(std::path::Path::new("/nowhere/copy")).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
    database.close().await;
}

/// What `baton doctor` reads, on both engines.
#[tokio::test]
async fn a_check_says_how_things_are() {
    let (sqlite, postgres) = (OnSqlite::new(), OnPostgres::new().await);
    let (on_sqlite, on_postgres) = (open(&sqlite.url()).await, open(postgres.database.url()).await);
    let world = World::new(&sqlite).await;
    world.open("tea").await;
    world.says("tea", "hi").await;
    let facts = on_sqlite.check().await.unwrap();
    assert_eq!((facts.engine, facts.conversations, facts.events), ("SQLite", 1, 1));
    let newest = facts.migration;
    assert!(newest >= 2);
    assert!(facts.damage.is_empty());
    assert!(facts.settings.contains(&("journal_mode", "wal".to_owned())), "{:?}", facts.settings);
    let facts = on_postgres.check().await.unwrap();
    assert_eq!((facts.engine, facts.migration, facts.dead_jobs), ("PostgreSQL", newest, 0));
    assert!(facts.settings.contains(&("fsync", "on".to_owned())), "{:?}", facts.settings);
    on_sqlite.close().await;
    on_postgres.close().await;
    sqlite.close().await;
}

/// Closing finishes what waits and leaves one file; after it, everything says that it is closed.
#[tokio::test]
async fn closing_finishes_what_waits() {
    let engine = OnSqlite::new();
    let world = World::new(&engine).await;
    world.open("tea").await;
    let mut waiting = Vec::new();
    for i in 0..100 {
        let unit = world.unit("tea", domain::conversation::Command::VisitorWrites, &i.to_string(), None);
        let mut execute = Box::pin(world.store.execute(unit));
        // Handed in, not waited for.
        assert!(futures_util::poll!(&mut execute).is_pending());
        waiting.push(execute);
    }
    engine.close().await;
    for execute in waiting {
        execute.await.unwrap();
    }
    let closed = world.try_does("tea", domain::conversation::Command::VisitorWrites, "late").await;
    assert!(matches!(closed, Err(Fault::Unavailable { .. })));
    assert!(world.store.row(world.scope, conversation("tea")).await.is_err());
    let log = engine.path().with_extension("db-wal");
    assert!(std::fs::metadata(&log).map_or(0, |file| file.len()) == 0, "the log is folded in");
    let world = World::empty(&engine).await;
    assert_eq!(world.row("tea").await.state.seq, 100);
    engine.close().await;
}
