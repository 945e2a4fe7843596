//! Records of requests, and what is counted of conversations.

use std::collections::BTreeMap;

use domain::{
    Millis,
    conversation::{Actor, AssistantOutcome, Command, Reason},
    numbers::Begun,
    requests::{End, Record, Tally},
};
use ports::numbers::{Kept, Missed, Place, Range};

use super::world::{Engine, World, chatbot, conversation, founding, owner, scope};

const ASKS: Command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
const MINUTE: i64 = 60_000;

/// All of a chatbot, whenever it was.
pub fn ever(name: &str) -> Range {
    Range { chatbot: chatbot(name), from: Millis(0), until: Millis(i64::MAX) }
}

fn replies(who: &str) -> Command {
    Command::PersonWrites { by: owner(who) }
}

/// The AI answers the first turn.
fn answers() -> Command {
    let outcome = AssistantOutcome::Answered { alerts: false, requests: None };
    Command::AssistantSettles { turn: 1, attempt: 1, outcome }
}

/// Every record of "shop", in order.
pub async fn records(world: &World) -> Vec<Kept> {
    world.store.request_records(world.scope, ever("shop"), None, 1_000).await.unwrap()
}

/// The records that follow from the log of a conversation, by what opened them.
pub async fn told(world: &World, name: &str) -> BTreeMap<i64, Record> {
    let log = world.log(name).await;
    let (_, happened) = Tally::default().after(log.iter().map(|logged| &logged.entry));
    happened.into_iter().map(|(_, record)| (record.opened, record)).collect()
}

/// What is stored is what the log tells, from the request to its end, and after a dismissal that was taken back.
pub async fn a_record_follows_its_request(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    assert_eq!(world.says("tea", "hello").await.requests, [], "a message is no request");
    world.pass(1_000);
    assert_eq!(world.does("tea", answers(), "hi").await.requests, []);
    world.pass(1_000);
    let steps = [
        (ASKS, None),
        (Command::DismissRequest { by: owner("ada") }, Some(End::Dismissed)),
        (Command::UndoDismiss { by: owner("ada") }, None),
        (Command::TakeOver { by: owner("ada") }, None),
        (replies("ada"), Some(End::Answered)),
    ];
    for (command, end) in steps {
        world.does("tea", command, "text").await;
        let [kept] = &records(&world).await[..] else { panic!("one record") };
        assert_eq!(kept.record.end.map(|(_, how)| how), end, "{command:?}");
        assert_eq!(BTreeMap::from([(kept.record.opened, kept.record)]), told(&world, "tea").await);
        assert_eq!((kept.conversation, kept.visitor_name.as_deref()), (conversation("tea"), Some("Visitor tea")));
        world.pass(10_000);
    }
    // The same with everything in one unit: who writes takes over, and nobody had asked for it.
    world.open("milk").await;
    world.says("milk", "hello").await;
    world.pass(5_000);
    world.does("milk", replies("ada"), "hi").await;
    let kept = records(&world).await;
    assert_eq!((kept[1].record.reason, kept[1].record.waited()), (None, Some(5_000)));
    let others = world.store.request_records(scope("others"), ever("shop"), None, 10).await.unwrap();
    assert!(others.is_empty(), "another workspace sees nothing");
}

/// What is missed comes newest first, page by page, and nothing else does.
pub async fn missed_requests_come_by_page(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let names = ["cancelled", "dismissed", "late", "in time", "waits", "unasked", "new"];
    for name in names {
        world.open(name).await;
        world.says(name, "hello").await;
        if !["unasked", "new"].contains(&name) {
            world.does(name, ASKS, "a person").await;
        }
        world.pass(1);
    }
    world.does("cancelled", Command::CancelRequest, "").await;
    world.does("dismissed", Command::DismissRequest { by: owner("ada") }, "").await;
    world.does("in time", replies("ada"), "hi").await;
    world.pass(6 * MINUTE);
    world.does("late", replies("ada"), "hi").await;
    world.does("unasked", replies("ada"), "hi").await;
    world.does("new", ASKS, "a person").await;
    // The clock of "new" began with its message, which was never answered: it is missed as well.
    let missed = Missed { limit: 5 * MINUTE, now: Millis(1_000_000 + 6 * MINUTE + 7) };
    let page = async |before: Option<Place>, limit| {
        world.store.missed_requests(world.scope, ever("shop"), missed, before, limit).await.unwrap()
    };
    let expected = ["new", "waits", "late", "dismissed", "cancelled"];
    let mut found = Vec::new();
    let mut before = None;
    for _ in 0..5 {
        let one = page(before, 1).await;
        before = one.last().map(Kept::place);
        found.extend(one.into_iter().map(|kept| kept.conversation));
    }
    assert_eq!(found, expected.map(conversation));
    assert!(page(before, 1).await.is_empty());
    let all = page(None, 100).await;
    assert_eq!(all.len(), 5);
    for kept in world.store.request_records(world.scope, ever("shop"), None, 100).await.unwrap() {
        let is = kept.record.is_missed(missed.limit, missed.now) || kept.record.is_late(missed.limit);
        assert_eq!(is, all.contains(&kept), "the rules say the same: {kept:?}");
    }
    let patient = Missed { limit: 7 * MINUTE, ..missed };
    assert_eq!(world.store.missed_requests(world.scope, ever("shop"), patient, None, 9).await.unwrap().len(), 2);
    assert!(world.store.missed_requests(scope("others"), ever("shop"), missed, None, 9).await.unwrap().is_empty());
}

/// Records come by pages, in order, of the range and the chatbot that is asked for.
pub async fn records_come_in_order(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["a", "b", "c"] {
        world.open(name).await;
        for _ in 0..2 {
            world.does(name, ASKS, "a person").await;
            world.does(name, Command::CancelRequest, "").await;
        }
    }
    world.pass(1_000);
    world.does("a", ASKS, "a person").await;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.request_records(world.scope, ever("shop"), after, 2).await.unwrap();
        after = page.last().map(Kept::place);
        if page.is_empty() {
            break;
        }
        found.extend(page.iter().map(Kept::place));
    }
    assert_eq!(found.len(), 7);
    assert!(found.is_sorted());
    let first = Range { until: Millis(1_001_000), ..ever("shop") };
    assert_eq!(world.store.request_records(world.scope, first, None, 9).await.unwrap().len(), 6);
    let last = Range { from: Millis(1_001_000), ..ever("shop") };
    assert_eq!(world.store.request_records(world.scope, last, None, 9).await.unwrap().len(), 1);
    assert!(world.store.request_records(world.scope, ever("other"), None, 9).await.unwrap().is_empty());
}

/// Conversations count in the quarter of an hour in which they began, by what became of them.
pub async fn conversations_count_where_they_began(engine: &dyn Engine) {
    let world = World::empty(engine).await;
    world.store.found(founding()).await.unwrap();
    for name in ["silent", "alone", "asked", "taken", "unanswered"] {
        world.open(name).await;
        if name != "silent" {
            world.says(name, "hello").await;
        }
    }
    for name in ["alone", "asked", "taken"] {
        world.does(name, answers(), "hi").await;
    }
    world.does("asked", ASKS, "a person").await;
    world.takes_over("taken", "ada").await;
    let begun = world.store.conversations_begun(world.scope, ever("shop")).await.unwrap();
    let expected = Begun { conversations: 4, requested: 1, by_ai_alone: 1 };
    assert_eq!(begun, [(Millis(900_000), expected)], "all of them are opened at 1,000,000");
    let later = Range { from: Millis(1_000_001), ..ever("shop") };
    assert!(world.store.conversations_begun(world.scope, later).await.unwrap().is_empty());
    assert!(world.store.conversations_begun(scope("others"), ever("shop")).await.unwrap().is_empty());
    assert!(world.store.requests_are_filled().await.unwrap());
    assert!(!world.store.fill_requests().await.unwrap());
}
