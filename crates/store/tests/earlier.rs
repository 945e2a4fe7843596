//! What was said before there was a search, and what is left of a text in the index of a file.
#![expect(clippy::unwrap_used, reason = "tests")]

mod engines;

use std::collections::HashSet;

use domain::find::Query;
use engines::{OnPostgres, OnSqlite};
use ports::search::Narrowed;
use testkit::store_contract::{
    search::revise,
    world::{Engine, World, everything},
};

const ANYTHING: Narrowed =
    Narrowed { standing: None, chatbot: None, label: None, person: None, since: None, until: None };

/// The database as an earlier release has left it.
const EARLIER: &str = "delete from search_entry; delete from search_visitor;
    insert into search_fill (one, conversation_id, seq) values (1, '', 0);";

async fn filled(world: &World) {
    for name in ["tea", "milk"] {
        world.open(name).await;
        for number in 0..250 {
            world.says(name, &format!("parcel {number} of {name}")).await;
        }
    }
}

/// How much is found, over all pages: nothing comes twice.
async fn finds(world: &World, typed: &str) -> usize {
    let query = Query::read(typed).unwrap();
    let (mut places, mut found, mut before) = (HashSet::new(), 0, None);
    loop {
        let page = world.store.find_texts(world.scope, everything(), &query, ANYTHING, before, 70).await.unwrap();
        found += page.items.len();
        places.extend(page.items.iter().map(|item| (item.row.id, item.entry.as_ref().map(|logged| logged.entry.seq))));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(places.len(), found);
    let visitors = world.store.find_visitors(world.scope, everything(), &query, ANYTHING, None, 1_000).await.unwrap();
    found + visitors.items.len()
}

/// All of it is found in the end; what is written while it is taken in is found once.
async fn all_of_it_is_taken_in(world: &World) {
    assert_eq!(finds(world, "parcel").await, 0);
    assert!(world.store.fill_search().await.unwrap());
    world.says("tea", "parcel of today").await;
    while world.store.fill_search().await.unwrap() {}
    assert_eq!(finds(world, "parcel").await, 501);
    assert_eq!(finds(world, "visitor").await, 2);
    assert!(!world.store.fill_search().await.unwrap());
}

#[tokio::test]
async fn earlier_texts_are_taken_in_on_sqlite() {
    let engine = OnSqlite::new();
    let world = World::new(&engine).await;
    filled(&world).await;
    rusqlite::Connection::open(engine.path()).unwrap().execute_batch(EARLIER).unwrap();
    all_of_it_is_taken_in(&world).await;
    engine.close().await;
}

#[tokio::test]
async fn earlier_texts_are_taken_in_on_postgres() {
    let engine = OnPostgres::new().await;
    let world = World::new(&engine).await;
    filled(&world).await;
    let (client, connection) = tokio_postgres::connect(engine.database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(EARLIER).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    all_of_it_is_taken_in(&world).await;
    engine.close().await;
}

/// A deleted text is not only left out: its words are no longer in the file.
#[tokio::test]
async fn nothing_of_a_deleted_text_is_left_in_the_index() {
    let engine = OnSqlite::new();
    let world = World::new(&engine).await;
    world.open("tea").await;
    world.says("tea", "zanzibar").await;
    world.says("tea", "nothing special").await;
    let left = || {
        let file = rusqlite::Connection::open(engine.path()).unwrap();
        let blocks =
            "select (select count(*) from search_entry_words_data where instr(block, cast('zanzibar' as blob)) > 0)
            + (select count(*) from search_entry where terms like '%zanzibar%')";
        file.query_row(blocks, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(left(), 2, "it can be seen where it is");
    revise(&world, 1, None).await;
    assert_eq!(left(), 0);
    engine.close().await;
}
