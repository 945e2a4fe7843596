//! What came of calls.

use domain::{
    Millis,
    calls::{Outcome, Way},
};
use ports::calls::CallRecord;

use super::world::{Engine, World, conversation, person, scope};

/// Where a call was taken is found, each place once, from one event on; what failed, and what is elsewhere, is not.
pub async fn where_a_call_was_taken_is_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["tea", "milk"] {
        world.open(name).await;
    }
    let record = |name: &str, seq, way, place: &str, outcome| CallRecord {
        conversation: conversation(name),
        seq,
        person: person("ada"),
        way,
        place: place.to_owned(),
        outcome,
        at: Millis(1),
    };
    let records = vec![
        record("tea", 3, Way::Push, "old", Outcome::Accepted),
        record("tea", 5, Way::Push, "phone", Outcome::Failed),
        record("tea", 5, Way::Push, "phone", Outcome::Accepted),
        record("tea", 7, Way::Push, "phone", Outcome::Accepted),
        record("tea", 7, Way::Push, "tablet", Outcome::Accepted),
        record("tea", 7, Way::Push, "broken", Outcome::Failed),
        record("tea", 7, Way::Mail, "", Outcome::Accepted),
        record("milk", 7, Way::Push, "elsewhere", Outcome::Accepted),
    ];
    world.store.note_calls(world.scope, records).await.unwrap();
    let taken = async |way, limit| world.store.taken(world.scope, conversation("tea"), 5, way, limit).await.unwrap();
    let at = |place: &str| (person("ada"), place.to_owned());
    assert_eq!(taken(Way::Push, 9).await, [at("phone"), at("tablet")]);
    assert_eq!(taken(Way::Push, 1).await, [at("phone")]);
    assert_eq!(taken(Way::Mail, 9).await, [at("")]);
    let foreign = world.store.taken(scope("others"), conversation("tea"), 0, Way::Push, 9).await.unwrap();
    assert!(foreign.is_empty());
}
