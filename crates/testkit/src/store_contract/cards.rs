//! What models have written on hand-over cards.

use domain::{
    Millis,
    card::{Card, Mood},
};
use ports::{Fault, cards::WrittenCard, content::Made};

use super::world::{Engine, World, conversation, scope};

fn card(wish: &str) -> WrittenCard {
    let card = Card { wish: wish.to_owned(), mood: Some(Mood::Angry), first_line: "Hello.".to_owned() };
    let made = Made { model: "openai/small".into(), input: 400, output: 40, cost: 12, ..Made::default() };
    WrittenCard { card: Some(card), language: Some("pt-BR".into()), made, at: Millis(9) }
}

/// The first card of a request stays, and the row counts as changed once.
pub async fn a_request_has_one_card(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let row = world.open("tea").await;
    let (store, scope, tea) = (&world.store, world.scope, conversation("tea"));
    assert_eq!(store.card(scope, tea, Millis(5)).await.unwrap(), None);
    let kept = store.keep_card(scope, tea, (3, Millis(5)), card("A refund.")).await.unwrap();
    assert!(kept.change > row.change);
    assert_eq!(store.card(scope, tea, Millis(5)).await.unwrap(), Some(card("A refund.")));
    // Another node was slower.
    let late = store.keep_card(scope, tea, (3, Millis(5)), card("Something else.")).await.unwrap();
    assert_eq!(late.change, kept.change);
    assert_eq!(store.card(scope, tea, Millis(5)).await.unwrap(), Some(card("A refund.")));
    // Another request, for which no model could write.
    let none = WrittenCard { card: None, language: None, ..card("") };
    store.keep_card(scope, tea, (7, Millis(8)), none.clone()).await.unwrap();
    assert_eq!(store.card(scope, tea, Millis(8)).await.unwrap(), Some(none));
    assert_eq!(store.card(scope, tea, Millis(5)).await.unwrap(), Some(card("A refund.")));
    assert_eq!(world.row("tea").await.state, row.state, "the state is as it was");
}

/// Another workspace neither reads nor writes cards.
pub async fn another_workspace_has_no_cards(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let (store, tea, other) = (&world.store, conversation("tea"), scope("somebody else"));
    store.keep_card(world.scope, tea, (3, Millis(5)), card("A refund.")).await.unwrap();
    assert_eq!(store.card(other, tea, Millis(5)).await.unwrap(), None);
    let refused = store.keep_card(other, tea, (4, Millis(6)), card("Theirs.")).await;
    assert!(matches!(refused, Err(Fault::NotFound)), "{refused:?}");
}
