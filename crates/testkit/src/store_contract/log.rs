//! Parts of a log, as collaborators and as the visitor see them.

use domain::conversation::Command;
use ports::conversations::{LogRange, Logged};

use super::world::{Engine, World, conversation, owner, texts};

async fn range(world: &World, after: i64, before: Option<i64>, visitor: bool, limit: u32) -> Vec<Logged> {
    let range = LogRange { after, before, visitor, limit };
    world.store.log(world.scope, conversation("tea"), range).await.unwrap()
}

/// The visitor sees no note, and numbers without gaps of their own.
pub async fn the_visitor_sees_their_own_numbers(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "one").await;
    world.does("tea", Command::WriteNote { by: owner("ada") }, "secret").await;
    world.says("tea", "two").await;
    world.does("tea", Command::Assign { by: owner("ada"), to: Some(owner("ada").id) }, "").await;
    world.says("tea", "three").await;
    let seen = range(&world, 0, None, true, 100).await;
    assert_eq!(texts(&seen), ["one", "two", "three"]);
    assert_eq!(seen.iter().map(|logged| logged.entry.visitor_seq).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    assert_eq!(texts(&range(&world, 0, None, false, 100).await), ["one", "secret", "two", "three"]);
    assert_eq!(world.row("tea").await.state.visitor_seq, 3);
}

/// Ranges: after, before, limits, always ascending.
pub async fn ranges_are_cut_where_they_are_asked(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    assert!(range(&world, 0, None, false, 10).await.is_empty());
    for i in 1..=5 {
        world.says("tea", &i.to_string()).await;
        world.does("tea", Command::WriteNote { by: owner("ada") }, &format!("note {i}")).await;
    }
    assert_eq!(texts(&range(&world, 8, None, false, 10).await), ["5", "note 5"]);
    assert_eq!(texts(&range(&world, 0, None, false, 2).await), ["1", "note 1"]);
    assert_eq!(texts(&range(&world, 0, Some(6), false, 2).await), ["note 2", "3"]);
    assert_eq!(texts(&range(&world, 3, Some(6), false, 9).await), ["note 2", "3"]);
    assert_eq!(texts(&range(&world, 3, None, true, 10).await), ["4", "5"]);
    assert_eq!(texts(&range(&world, 0, Some(5), true, 2).await), ["3", "4"]);
    assert!(range(&world, 10, None, false, 10).await.is_empty());
}

/// Every head that is asked for and exists, however many.
pub async fn heads_come_in_one_go(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let mut ids = Vec::new();
    for i in 0..23 {
        let name = format!("chat {i}");
        world.open(&name).await;
        ids.push(conversation(&name));
    }
    world.says("chat 7", "hi").await;
    ids.push(conversation("nobody"));
    let heads = world.store.heads(&ids).await.unwrap();
    assert_eq!(heads.len(), 23);
    let head = heads.iter().find(|(id, ..)| *id == conversation("chat 7")).unwrap();
    assert_eq!((head.1, head.2), (1, world.row("chat 7").await.state.turn));
    assert!(world.store.heads(&[]).await.unwrap().is_empty());
    let rows = world.store.rows_anywhere(&ids).await.unwrap();
    assert_eq!(rows.len(), 23);
    assert!(rows.contains(&world.row("chat 7").await));
}

/// Whatever a person types comes back as it was, on both engines.
pub async fn texts_come_back_as_they_were(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let strange =
        ["'; drop table event; --", "\"quoted\" \\ back", "日本語 🙂 e\u{301}", "a\nb\tc", "$1 ?1 {}", "\u{0}nul"];
    for text in strange {
        world.says("tea", text).await;
    }
    assert_eq!(world.texts("tea").await, strange);
}
