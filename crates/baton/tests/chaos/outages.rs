//! What a server needs goes away and comes back: nothing has to be started again, and nothing is lost meanwhile.

use std::time::Duration;

use testkit::{
    postgres::TestDatabase,
    server::{Cable, PATIENCE, Servers},
};

use crate::{disk::Disk, ground::Ground, kills::name, program::Serving};

/// A cable between servers and the database at this address; gives the address to use instead.
pub(crate) fn cable(url: &str, folder: &std::path::Path) -> (Cable, String) {
    let host = url.split("host=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    assert!(host.starts_with('/'), "the tests' PostgreSQL listens on a socket in a folder: {url}");
    let socket = ".s.PGSQL.5432";
    let cable = Cable::between(&folder.join(socket), &std::path::Path::new(host).join(socket));
    (cable, url.replace(host, folder.to_str().unwrap()))
}

/// Whether a server says that it is ready, and in which words.
pub(crate) async fn ready(serving: &Serving) -> (u16, String) {
    let answer = serving.client().get("//readyz").await;
    (answer.status.as_u16(), answer.text())
}

/// Waits until a server says this when it is asked whether it is ready.
pub(crate) async fn says(serving: &Serving, (status, words): (u16, &str)) {
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    let seen = async {
        while ready(serving).await != (status, words.to_owned()) {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("{words:?} is not said"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_cut_off_and_comes_back() {
    let database = TestDatabase::create(name()).await;
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let (cable, through) = cable(database.url(), folder.path());
    let ground = Ground::new(Some(&through)).await;
    let servers = Servers::at(&[]);
    let load = ground.load(&servers);
    let serving = ground.serve(&[], &[]).await;
    servers.are(&[serving.address]);
    for _ in 0..3 {
        load.goes_on().await;
        cable.pull();
        // Whoever sends hears that it failed for now, and keeps the text.
        let refused = load.anybody(0).seen().refused.len();
        load.anybody(0).until("a refusal", |seen| seen.refused.len() > refused).await;
        assert_eq!(ready(&serving).await, (503, "the database does not answer".to_owned()));
        cable.plug();
        load.goes_on().await;
        assert_eq!(ready(&serving).await.0, 200);
    }
    let acked = load.ends_well(&serving.client()).await;
    println!("3 cuts of the database, {acked} texts acknowledged, stored and shown once, in order");
    serving.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing() {
    let ground = Ground::new(None).await;
    let disk = Disk::under(&ground.folder);
    let servers = Servers::at(&[]);
    let load = ground.load(&servers);
    let serving = disk.serve(&ground).await;
    servers.are(&[serving.address]);
    for _ in 0..3 {
        load.goes_on().await;
        disk.is_full(true);
        let refused = load.anybody(0).seen().refused.len();
        load.anybody(0).until("a refusal", |seen| seen.refused.len() > refused).await;
        disk.is_full(false);
        load.goes_on().await;
    }
    let acked = load.ends_well(&serving.client()).await;
    println!("3 times full, {acked} texts acknowledged, stored and shown once, in order");
    serving.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk_is_slow_and_nothing_else() {
    let ground = Ground::new(None).await;
    let disk = Disk::under(&ground.folder);
    let servers = Servers::at(&[]);
    let load = ground.load(&servers);
    let serving = disk.serve(&ground).await;
    servers.are(&[serving.address]);
    load.goes_on().await;
    disk.syncs_in(200);
    for _ in 0..5 {
        load.goes_on().await;
    }
    disk.syncs_in(0);
    assert_eq!(load.refused(), [""; 0], "slow is no reason to refuse");
    load.ends_well(&serving.client()).await;
    serving.stop().await;
}
