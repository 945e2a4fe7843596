//! `kill -9`, again and again, under load.

use testkit::{postgres::TestDatabase, server::Servers};
use uuid::Uuid;

use crate::{chance, ground::Ground, times};

async fn killed(what: &str, database_url: Option<&str>) {
    let ground = Ground::new(database_url).await;
    let chance = chance(what);
    let servers = Servers::at(&[]);
    let load = ground.load(&servers);
    let kills = times(5, "BATON_CHAOS_KILLS");
    for _ in 0..kills {
        let serving = ground.serve(&[], &[]).await;
        servers.are(&[serving.address]);
        let one = load.anybody(chance.below(64));
        one.has_acked(one.acked() + usize::try_from(chance.below(40)).unwrap()).await;
        serving.kill().await;
        servers.are(&[]);
        load.assert_right();
    }
    let serving = ground.serve(&[], &[]).await;
    servers.are(&[serving.address]);
    load.goes_on().await;
    let acked = load.ends_well(&serving.client()).await;
    serving.stop().await;
    println!("{what}: {kills} kills, {acked} texts acknowledged, stored and shown once, in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_and_doubles_nothing_on_sqlite() {
    killed("kill -9 on SQLite", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_and_doubles_nothing_on_postgres() {
    let database = TestDatabase::create(name()).await;
    killed("kill -9 on PostgreSQL", Some(database.url())).await;
}

/// A name for a database.
#[expect(clippy::disallowed_methods, reason = "tests run side by side and must not meet")]
pub(crate) fn name() -> Uuid {
    Uuid::now_v7()
}
