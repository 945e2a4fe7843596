//! The queue of those who wait for a person.

use domain::{
    Millis,
    conversation::{Actor, Command, Reason},
};

use super::world::{Engine, World, chatbot, conversation, owner, scope};

const ASKS: Command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };

/// How many wait before a conversation.
async fn ahead(world: &World, name: &str) -> u64 {
    let at = (conversation(name), Millis(i64::MAX));
    world.store.queued(world.scope, chatbot("shop"), at, Millis(0), 20).await.unwrap().ahead
}

/// The time of a record is the place; whom a person has come to waits no more; nobody waits before themselves.
pub async fn whoever_waits_for_longer_is_ahead(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["one", "two", "three"] {
        world.open(name).await;
        world.says(name, "hello").await;
        world.does(name, ASKS, "a person").await;
        world.pass(1_000);
    }
    let places = async || [ahead(&world, "one").await, ahead(&world, "two").await, ahead(&world, "three").await];
    assert_eq!(places().await, [0, 1, 2]);
    // A person comes, without a word: somebody else is next.
    let began = world.takes_over("one", "ada").await.row.state.seq - 1;
    assert_eq!(ahead(&world, "two").await, 0);
    assert_eq!(ahead(&world, "three").await, 1);
    // Given back it is the same wait, at its old place, although the request is the newest of all.
    world.pass(1_000);
    world.does("one", Command::Release { began }, "").await;
    assert_eq!(places().await, [0, 1, 2]);
    // Who had been answered waits anew, behind the others.
    world.does("one", Command::PersonWrites { by: owner("ada") }, "hi").await;
    assert_eq!(ahead(&world, "three").await, 1);
    world.says("one", "and now?").await;
    let began = world.log("one").await;
    let began = began.iter().rev().find(|one| one.entry.event.kind() == "taken_over").unwrap().entry.seq;
    world.does("one", Command::Release { began }, "").await;
    assert_eq!(places().await, [2, 0, 1]);
    // Of those without a record the caller says since when they wait; another workspace has none.
    world.open("new").await;
    let at = |since: i64| (conversation("new"), Millis(since));
    let queued = async |scope, at| world.store.queued(scope, chatbot("shop"), at, Millis(0), 20).await.unwrap().ahead;
    assert_eq!(queued(world.scope, at(i64::MAX)).await, 3);
    assert_eq!(queued(world.scope, at(1_000_500)).await, 0);
    assert_eq!(queued(scope("others"), at(i64::MAX)).await, 0);
    world.does("two", Command::CancelRequest, "").await;
    assert_eq!(ahead(&world, "three").await, 0);
}
