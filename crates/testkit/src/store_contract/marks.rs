//! Read marks.

use domain::conversation::Command;
use futures_util::future::join_all;
use ports::{Fault, conversations::ReadMark};

use super::world::{Engine, World, conversation, owner, scope};

async fn mark(world: &World, mark: ReadMark) {
    world.store.mark_read(world.scope, conversation("tea"), mark).await.unwrap();
}

/// Collaborators: the count goes down with what was read, and never back.
pub async fn the_mark_of_collaborators_moves_forward_only(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for i in 0..3 {
        world.says("tea", &i.to_string()).await;
        world.does("tea", Command::WriteNote { by: owner("ada") }, "note").await;
    }
    let place = async || {
        let row = world.row("tea").await;
        (row.unread, row.staff_read, row.staff_read_visitor_seq)
    };
    assert_eq!(place().await, (3, 0, 0));
    mark(&world, ReadMark::Staff(4)).await;
    assert_eq!(place().await, (1, 4, 2));
    mark(&world, ReadMark::Staff(2)).await;
    assert_eq!(place().await, (1, 4, 2));
    mark(&world, ReadMark::Staff(99)).await;
    assert_eq!(place().await, (0, 6, 3));
    world.says("tea", "more").await;
    assert_eq!(place().await, (1, 6, 3));
}

/// The visitor's own mark; the listener hears of a mark that moved, and of no other.
pub async fn a_mark_that_moved_is_told(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "hi").await;
    let before = world.row("tea").await;
    world.told.rows.lock().clear();
    mark(&world, ReadMark::Visitor(1)).await;
    let row = world.row("tea").await;
    assert_eq!(row.visitor_read, 1);
    assert!(row.change > before.change);
    assert_eq!((row.updated_at, row.place), (before.updated_at, before.place), "reading a chat does not move it");
    assert_eq!(*world.told.rows.lock(), std::slice::from_ref(&row));
    mark(&world, ReadMark::Visitor(1)).await;
    mark(&world, ReadMark::Visitor(5)).await;
    assert_eq!(world.row("tea").await, row);
    assert_eq!(world.told.rows.lock().len(), 1);
}

/// Many at once become the newest of each side, and every caller is answered.
pub async fn many_marks_at_once_become_the_newest(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for i in 0..20 {
        world.says("tea", &i.to_string()).await;
    }
    let marks = (1..=20).flat_map(|seq| [ReadMark::Staff(seq), ReadMark::Visitor(seq)]);
    join_all(marks.map(|seq| mark(&world, seq))).await;
    let row = world.row("tea").await;
    assert_eq!((row.staff_read, row.visitor_read, row.unread), (20, 20, 0));
}

/// Not there, or not ours.
pub async fn a_mark_elsewhere_is_not_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "hi").await;
    let stranger = world.store.mark_read(scope("others"), conversation("tea"), ReadMark::Staff(1)).await;
    assert!(matches!(stranger, Err(Fault::NotFound)));
    let nowhere = world.store.mark_read(world.scope, conversation("milk"), ReadMark::Staff(1)).await;
    assert!(matches!(nowhere, Err(Fault::NotFound)));
    assert_eq!(world.row("tea").await.unread, 1);
}
