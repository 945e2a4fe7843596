//! What was said before there was a search or a record of requests, and what is left of a text in the index of a file.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod engines;

use std::collections::HashSet;

use domain::{
    conversation::{Actor, Command, Reason},
    find::Query,
};
use engines::{OnPostgres, OnSqlite};
use ports::search::Narrowed;
use testkit::store_contract::{
    numbers::{records, told},
    search::revise,
    world::{Engine, World, everything, owner},
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

/// The records, as an earlier release has not kept them. `{tally}` takes the tally out of a summary.
const UNCOUNTED: &str = "delete from request_record; update conversation set ai_wrote = 0, summary = {tally};
    insert into request_fill (one, conversation_id) values (1, '');";

async fn asked(world: &World) {
    for number in 0..30 {
        let name = format!("chat {number}");
        world.open(&name).await;
        world.says(&name, "hello").await;
        world.pass(1_000);
        world.does(&name, Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button }, "a person").await;
        world.pass(1_000);
        if number % 3 == 0 {
            world.does(&name, Command::PersonWrites { by: owner("ada") }, "hi").await;
        }
    }
}

/// All of it is counted in the end, also where something is written before its turn has come.
async fn all_of_it_is_counted(world: &World, before: &[ports::numbers::Kept]) {
    assert_eq!(records(world).await, []);
    assert!(!world.store.requests_are_filled().await.unwrap());
    world.pass(60_000);
    // Its request was made before anything was counted, and is answered now.
    world.does("chat 29", Command::PersonWrites { by: owner("ada") }, "hi").await;
    let [answered] = &records(world).await[..] else { panic!("one is counted, because it is written") };
    assert_eq!(answered.record.waited(), Some(62_000));
    while world.store.fill_requests().await.unwrap() {}
    assert!(world.store.requests_are_filled().await.unwrap());
    let after = records(world).await;
    assert_eq!(after[..29], before[..29]);
    assert_eq!(after[29].record, told(world, "chat 29").await[&after[29].record.opened]);
    // What comes from now on goes on where the log was counted to.
    world.does("chat 1", Command::CancelRequest, "").await;
    assert_eq!(records(world).await[1].record, told(world, "chat 1").await[&before[1].record.opened]);
}

#[tokio::test]
async fn earlier_requests_are_counted_on_sqlite() {
    let engine = OnSqlite::new();
    let world = World::new(&engine).await;
    asked(&world).await;
    let before = records(&world).await;
    let script = UNCOUNTED.replace("{tally}", "json_remove(summary, '$.tally')");
    rusqlite::Connection::open(engine.path()).unwrap().execute_batch(&script).unwrap();
    all_of_it_is_counted(&world, &before).await;
    engine.close().await;
}

#[tokio::test]
async fn earlier_requests_are_counted_on_postgres() {
    let engine = OnPostgres::new().await;
    let world = World::new(&engine).await;
    asked(&world).await;
    let before = records(&world).await;
    let (client, connection) = tokio_postgres::connect(engine.database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let script = UNCOUNTED.replace("{tally}", "cast(cast(summary as jsonb) - 'tally' as text)");
    client.batch_execute(&script).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    all_of_it_is_counted(&world, &before).await;
    engine.close().await;
}
