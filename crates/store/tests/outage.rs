//! The database goes away and comes back: whoever wrote is told, and nothing has to be restarted.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod engines;

use std::sync::Arc;

use engines::OnPostgres;
use futures_util::future::join_all;
use ports::{Fault, conversations::UnitOutcome};
use testkit::store_contract::world::{Engine, World, once};

/// Ends every connection to the test's database but the one that asks.
async fn cut(engine: &OnPostgres) {
    let (client, connection) = tokio_postgres::connect(engine.database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
}

/// What was acknowledged is there once; what was not can be sent again under the same id.
#[tokio::test]
async fn cut_connections_lose_and_double_nothing() {
    let engine = OnPostgres::new().await;
    let world = Arc::new(World::new(&engine).await);
    world.open("tea").await;
    let say = |i: usize| {
        let world = world.clone();
        async move {
            let id = format!("m{i}");
            let mut tries = 0;
            loop {
                let unit = world.unit("tea", domain::conversation::Command::VisitorWrites, &id, once(&id, "x"));
                match world.store.execute(unit).await {
                    Ok(UnitOutcome::Committed(_) | UnitOutcome::Repeated(_)) => return tries,
                    Err(Fault::Unavailable { .. }) => tries += 1,
                    other => panic!("{other:?}"),
                }
                assert!(tries < 50, "it does not come back");
            }
        }
    };
    let cuts = async {
        for _ in 0..4 {
            cut(&engine).await;
        }
    };
    let messages = async {
        for slice in 0..20 {
            join_all((0..10).map(|i| say(slice * 10 + i))).await;
        }
    };
    tokio::join!(messages, cuts);
    let mut texts = world.texts("tea").await;
    assert_eq!((texts.len(), world.row("tea").await.state.seq), (200, 200));
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 200);
    // Reading and the slow lane come back too.
    cut(&engine).await;
    let mut came_back = false;
    for _ in 0..20 {
        came_back |= world.store.void_leases().await.is_ok()
            && world
                .store
                .rename_person(world.scope, testkit::store_contract::world::person("ada"), "Ada")
                .await
                .is_ok();
    }
    assert!(came_back);
    engine.close().await;
}
