//! Pages of the inbox, filters, the cursor of changes, counts.

use std::sync::Arc;

use domain::{
    ChatbotId, Millis,
    chatbot::Settings,
    conversation::{Actor, Command, Reason, Standing},
    person::Role,
};
use ports::conversations::{Counts, InboxFilter, Row, Viewpoint};

use super::world::{Engine, World, agent, chatbot, conversation, everything, new_person, owner, person};

async fn page(world: &World, view: Viewpoint, filter: InboxFilter, before: Option<i64>, limit: u32) -> Vec<Arc<Row>> {
    world.store.rows(world.scope, view, filter, before, limit).await.unwrap()
}

fn names(rows: &[Arc<Row>]) -> Vec<&str> {
    rows.iter().map(|row| row.visitor_name.as_deref().unwrap().trim_start_matches("Visitor ")).collect()
}

async fn request(world: &World, name: &str) {
    let command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    world.does(name, command, "a colleague comes").await;
}

/// Newest event first, page by page, nothing twice and nothing left out but chats in which nothing was said.
pub async fn pages_go_from_the_newest_event_down(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["a", "b", "c", "d", "e"] {
        world.open(name).await;
        world.says(name, "hello").await;
    }
    world.open("silent").await;
    world.says("b", "hi").await;
    let all = page(&world, everything(), InboxFilter::default(), None, 50).await;
    assert_eq!(names(&all), ["b", "e", "d", "c", "a"]);
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let rows = page(&world, everything(), InboxFilter::default(), before, 2).await;
        let Some(last) = rows.last() else { break };
        before = Some(last.place);
        seen.extend(rows);
    }
    assert_eq!(seen, all);
}

/// Every filter, alone and together.
pub async fn filters_show_what_they_name(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world
        .store
        .add_chatbot(world.scope, chatbot("help"), &Settings::default(), &agent("helper"), Millis(1))
        .await
        .unwrap();
    world.store.add_person(world.scope, new_person("ben", Some(Role::Agent))).await.unwrap();
    for name in ["a", "b", "c", "d"] {
        world.open(name).await;
    }
    world.open_with("e", "help").await;
    request(&world, "a").await;
    request(&world, "e").await;
    world.takes_over("b", "ada").await;
    world.takes_over("c", "ben").await;
    world.does("d", Command::Assign { by: owner("ada"), to: Some(person("ada")) }, "").await;
    let show = async |standing, of: Option<&str>, chatbot: Option<ChatbotId>| {
        let filter = InboxFilter { standing, of: of.map(person), chatbot, label: None };
        let rows = page(&world, everything(), filter, None, 50).await;
        let mut names: Vec<String> = names(&rows).into_iter().map(str::to_owned).collect();
        names.sort();
        names.concat()
    };
    assert_eq!(show(None, None, None).await, "abcde");
    assert_eq!(show(Some(Standing::Requested), None, None).await, "ae");
    assert_eq!(show(Some(Standing::Live), None, None).await, "bc");
    assert_eq!(show(Some(Standing::Resolved), None, None).await, "");
    assert_eq!(show(None, Some("ada"), None).await, "bd");
    assert_eq!(show(None, None, Some(chatbot("help"))).await, "e");
    assert_eq!(show(Some(Standing::Requested), None, Some(chatbot("help"))).await, "e");
    assert_eq!(show(Some(Standing::Live), Some("ada"), None).await, "b");
    // Who has left a live chat has it no more.
    world.does("b", Command::Join { by: owner("ben") }, "").await;
    assert_eq!(show(None, Some("ben"), None).await, "bc");
    world.does("b", Command::Leave { by: owner("ada") }, "").await;
    assert_eq!(show(None, Some("ada"), None).await, "d");
    assert_eq!(world.store.live_of(world.scope, person("ben"), 10).await.unwrap().len(), 2);
    world.does("c", Command::Resolve { by: owner("ben") }, "bye").await;
    assert_eq!(world.store.live_of(world.scope, person("ben"), 10).await.unwrap(), [conversation("b")]);
}

/// Without a role for the workspace, only chatbots with a membership are seen: in pages, changes and counts.
pub async fn members_see_their_chatbots_only(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world
        .store
        .add_chatbot(world.scope, chatbot("help"), &Settings::default(), &agent("helper"), Millis(1))
        .await
        .unwrap();
    world.store.add_person(world.scope, new_person("cleo", None)).await.unwrap();
    world.open("a").await;
    world.open_with("b", "help").await;
    request(&world, "a").await;
    request(&world, "b").await;
    let cleo = Viewpoint { person: person("cleo"), whole_workspace: false };
    let seen = async || {
        let rows = page(&world, cleo, InboxFilter::default(), None, 50).await;
        let changes = world.store.changes(world.scope, cleo, 0, 50).await.unwrap();
        let counts = world.store.counts(world.scope, cleo).await.unwrap();
        (names(&rows).concat(), names(&changes).concat(), counts.waiting)
    };
    assert_eq!(seen().await, (String::new(), String::new(), 0));
    world.store.set_membership(world.scope, person("cleo"), chatbot("help"), Some(Role::Agent)).await.unwrap();
    assert_eq!(seen().await, ("b".into(), "b".into(), 1));
    let filter = InboxFilter { chatbot: Some(chatbot("shop")), ..InboxFilter::default() };
    assert!(page(&world, cleo, filter, None, 50).await.is_empty());
}

/// A client that reads on from its cursor misses nothing.
pub async fn the_cursor_of_changes_misses_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["a", "b", "c"] {
        world.open(name).await;
    }
    let cursor = world.store.newest_change(world.scope).await.unwrap();
    assert_eq!(cursor, world.row("c").await.change);
    // An hour later: nothing that old can still be on its way.
    world.pass(3_600_000);
    assert!(world.store.changes(world.scope, everything(), cursor, 10).await.unwrap().is_empty());
    world.says("a", "hi").await;
    world.says("c", "hi").await;
    world.says("a", "hi").await;
    let changed = world.store.changes(world.scope, everything(), cursor, 10).await.unwrap();
    assert_eq!(names(&changed), ["c", "a"]);
    assert_eq!(changed[1].state.seq, 2);
    assert_eq!(changed[1].change, world.store.newest_change(world.scope).await.unwrap());
    let first = world.store.changes(world.scope, everything(), cursor, 1).await.unwrap();
    assert_eq!(names(&first), ["c"]);
}

/// Waiting, live, mine.
pub async fn counts_are_what_the_pages_show(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let counts = async || world.store.counts(world.scope, everything()).await.unwrap();
    assert_eq!(counts().await, Counts::default());
    for name in ["a", "b", "c", "d"] {
        world.open(name).await;
    }
    request(&world, "a").await;
    request(&world, "b").await;
    world.takes_over("c", "ada").await;
    world.does("d", Command::Assign { by: owner("ada"), to: Some(person("ada")) }, "").await;
    assert_eq!(counts().await, Counts { waiting: 2, live: 1, mine: 2 });
    world.takes_over("a", "ben").await;
    assert_eq!(counts().await, Counts { waiting: 1, live: 2, mine: 2 });
    world.does("c", Command::EndLiveChat { by: owner("ada") }, "bye").await;
    assert_eq!(counts().await, Counts { waiting: 1, live: 1, mine: 1 });
}

/// A visitor is known by the token alone, with their newest conversation.
pub async fn a_token_opens_its_visitor(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let row = world.open("tea").await;
    let known = world.store.visitor_by_token(super::world::token("tea")).await.unwrap().unwrap();
    assert_eq!((known.visitor, known.conversation, known.chatbot), (row.visitor, row.id, chatbot("shop")));
    assert_eq!((known.scope, known.facts.name.as_deref()), (world.scope, Some("Visitor tea")));
    assert_eq!(world.store.visitor(world.scope, row.visitor).await.unwrap(), known);
    assert_eq!(world.store.visitor_by_token([7; 32]).await.unwrap(), None);
}
