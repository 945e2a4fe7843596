//! The Escalation lab: labelled messages, and runs over them.

use domain::{
    LabMessageId, LabRunId, Millis,
    conversation::Reason,
    lab::{Draft, Label, RunKind, RunState},
};
use ports::{
    Fault,
    jobs::{NewJob, Task},
    lab::{Added, Called, LabCounts, LabMessage, LabRun, ReplayedConversation, RunResult},
};

use super::world::{Engine, World, chatbot, conversation, id, person, scope};

const NOW: Millis = Millis(1_000_000);
const ROOM: u64 = 2_000;

/// A message under its own words.
fn message(text: &str, label: Label, after: i64) -> LabMessage {
    LabMessage {
        id: LabMessageId::new(id(&format!("lab {text} {after}"))),
        text: text.to_owned(),
        digest: format!("digest of {text}"),
        label,
        by: person("ada"),
        at: NOW.plus(after),
        conversation: None,
    }
}

async fn adds(world: &World, messages: Vec<LabMessage>, most: u64) -> Added {
    world.store.add_lab_messages(world.scope, chatbot("shop"), messages, most).await.unwrap()
}

async fn texts(world: &World, label: Option<Label>) -> Vec<String> {
    let found = world.store.lab_messages(world.scope, chatbot("shop"), label, None, 100).await.unwrap();
    found.into_iter().map(|message| message.text).collect()
}

fn run(name: &str, kind: RunKind, began: Millis) -> LabRun {
    LabRun {
        id: LabRunId::new(id(name)),
        kind,
        draft: Some(Draft { bias: Some(3), ..Draft::default() }),
        by: person("ada"),
        state: RunState::Running,
        done: 0,
        total: 7,
        began,
        beat: began,
        asked: began,
    }
}

/// A text is there once, under the label that was given last.
pub async fn each_text_is_labelled_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let first = vec![message("a person", Label::Person, 0), message("hello", Label::NoPerson, 1)];
    assert_eq!(adds(&world, first, ROOM).await, Added { added: 2, ..Added::default() });
    let again = vec![message("hello", Label::Person, 5), message("call me", Label::Person, 6)];
    assert_eq!(adds(&world, again, ROOM).await, Added { added: 1, known: 1, left_out: 0 });
    let store = &world.store;
    let counts = store.lab_counts(world.scope, chatbot("shop")).await.unwrap();
    assert_eq!(counts, LabCounts { person: 3, no_person: 0 });
    let hello = message("hello", Label::NoPerson, 1);
    store.label_lab_message(world.scope, chatbot("shop"), hello.id, Label::NoPerson).await.unwrap();
    let digests = vec![hello.digest.clone(), "digest of nothing".to_owned()];
    let known = store.lab_labels(world.scope, chatbot("shop"), digests).await.unwrap();
    assert_eq!(known, [(hello.digest.clone(), Label::NoPerson)]);
    store.remove_lab_message(world.scope, chatbot("shop"), hello.id).await.unwrap();
    let gone = store.remove_lab_message(world.scope, chatbot("shop"), hello.id).await;
    assert!(matches!(gone, Err(Fault::NotFound)));
    assert_eq!(texts(&world, None).await, ["call me", "a person"]);
    store.clear_lab(world.scope, chatbot("shop")).await.unwrap();
    assert!(texts(&world, None).await.is_empty());
}

/// The newest first, by label, page by page.
pub async fn labelled_messages_come_in_pages(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let label = |number: i64| if number % 2 == 0 { Label::Person } else { Label::NoPerson };
    // Two at each time, and more than one statement takes.
    let many = (0..90).map(|number| message(&format!("number {number}"), label(number), number / 2)).collect();
    adds(&world, many, ROOM).await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = world.store.lab_messages(world.scope, chatbot("shop"), None, before, 40).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at, last.id));
        seen.extend(page);
    }
    assert_eq!(seen.len(), 90);
    assert!(seen.windows(2).all(|two| (two[0].at, two[0].id.to_string()) > (two[1].at, two[1].id.to_string())));
    let known = message("number 88", Label::Person, 44);
    assert!(seen.contains(&known), "it comes back as it was");
    assert_eq!(texts(&world, Some(Label::Person)).await.len(), 45);
}

/// What does not fit is left out, and what is there may be labelled anew all the same.
pub async fn there_is_room_for_so_many(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let many = (0..5).map(|number| message(&format!("number {number}"), Label::Person, number)).collect();
    assert_eq!(adds(&world, many, 3).await, Added { added: 3, known: 0, left_out: 2 });
    let more = vec![message("number 0", Label::NoPerson, 9), message("another", Label::Person, 9)];
    assert_eq!(adds(&world, more, 3).await, Added { added: 0, known: 1, left_out: 1 });
    assert_eq!(texts(&world, Some(Label::NoPerson)).await, ["number 0"]);
    assert_eq!(adds(&world, Vec::new(), 3).await, Added::default());
}

/// What a visitor wrote is not kept longer than their conversation.
pub async fn a_message_goes_with_its_conversation(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "a person please").await;
    let from = LabMessage { conversation: Some(conversation("tea")), ..message("a person please", Label::Person, 0) };
    adds(&world, vec![from.clone(), message("typed", Label::Person, 1)], ROOM).await;
    let found = world.store.lab_messages(world.scope, chatbot("shop"), None, None, 10).await.unwrap();
    assert_eq!(found.last(), Some(&from));
    let job =
        NewJob { id: id("job"), task: Task::DeleteChatbot { chatbot: chatbot("shop") }, run_at: NOW, lease: None };
    world.store.delete_chatbot(world.scope, chatbot("shop"), job, NOW).await.unwrap();
    // The first slice removes the only conversation.
    assert!(world.store.delete_slice(world.scope, chatbot("shop")).await.unwrap());
    assert_eq!(texts(&world, None).await, ["typed"]);
}

/// Another one begins when the one before is over; what a run came to stays until then.
pub async fn a_chatbot_has_one_run_at_a_time(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, shop) = (&world.store, chatbot("shop"));
    let long_ago = Millis(0);
    assert!(store.lab_runs(world.scope, shop).await.unwrap().is_empty());
    let first = run("first", RunKind::Judge, NOW);
    assert!(store.begin_lab_run(world.scope, shop, first.clone(), long_ago).await.unwrap());
    assert_eq!(store.lab_runs(world.scope, shop).await.unwrap(), std::slice::from_ref(&first));
    let second = LabRun { draft: None, ..run("second", RunKind::Replay, NOW.plus(10)) };
    assert!(!store.begin_lab_run(world.scope, shop, second.clone(), long_ago).await.unwrap());

    store.ask_lab_run(world.scope, shop, first.id, NOW.plus(20)).await.unwrap();
    let beat = store.beat_lab_run(world.scope, shop, first.id, (3, 7), NOW.plus(30)).await.unwrap();
    assert_eq!(beat, Some(NOW.plus(20)), "when it was asked for last");
    let stands = store.lab_runs(world.scope, shop).await.unwrap().remove(0);
    assert_eq!((stands.done, stands.total, stands.beat), (3, 7, NOW.plus(30)));
    assert_eq!(store.lab_result(world.scope, shop, first.id).await.unwrap(), None);

    let called = Some(Called { seq: 4, reason: Reason::Intent });
    let replayed = ReplayedConversation { id: conversation("tea"), called, current: None, draft: None };
    let result = RunResult { models: vec!["small".into()], judged: Vec::new(), replayed: vec![replayed] };
    let end = async |run: LabRunId, state, result| {
        store.end_lab_run(world.scope, shop, run, state, result, NOW.plus(40)).await.unwrap();
    };
    end(first.id, RunState::Done, Some(result.clone())).await;
    // Whoever stops it now is too late, and so is its own worker.
    end(first.id, RunState::Stopped, None).await;
    assert_eq!(store.beat_lab_run(world.scope, shop, first.id, (9, 9), NOW.plus(50)).await.unwrap(), None);
    assert_eq!(store.lab_runs(world.scope, shop).await.unwrap()[0].state, RunState::Done);
    assert_eq!(store.lab_result(world.scope, shop, first.id).await.unwrap(), Some(result.clone()));

    assert!(store.begin_lab_run(world.scope, shop, second.clone(), long_ago).await.unwrap());
    let known: Vec<_> = store.lab_runs(world.scope, shop).await.unwrap().iter().map(|run| run.id).collect();
    assert_eq!(known, [second.id, first.id], "the newest of each kind");
    assert_eq!(store.lab_result(world.scope, shop, first.id).await.unwrap(), Some(result));
    assert_eq!(store.lab_result(world.scope, shop, second.id).await.unwrap(), None, "it goes on");
    end(second.id, RunState::Stopped, None).await;
    let third = run("third", RunKind::Judge, NOW.plus(60));
    assert!(store.begin_lab_run(world.scope, shop, third.clone(), long_ago).await.unwrap());
    assert_eq!(store.lab_result(world.scope, shop, first.id).await.unwrap(), None, "it is gone");
    assert_eq!(store.lab_runs(world.scope, shop).await.unwrap()[0], third);
}

/// A run whose server is gone does not keep others from beginning, and has no say any more.
pub async fn a_run_that_is_lost_gives_way(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, shop) = (&world.store, chatbot("shop"));
    let first = run("first", RunKind::Judge, NOW);
    assert!(store.begin_lab_run(world.scope, shop, first.clone(), Millis(0)).await.unwrap());
    let second = run("second", RunKind::Judge, NOW.plus(100));
    assert!(!store.begin_lab_run(world.scope, shop, second.clone(), NOW).await.unwrap(), "it was just heard of");
    assert!(store.begin_lab_run(world.scope, shop, second.clone(), NOW.plus(1)).await.unwrap());
    assert_eq!(store.beat_lab_run(world.scope, shop, first.id, (1, 7), NOW.plus(200)).await.unwrap(), None);
    store.end_lab_run(world.scope, shop, first.id, RunState::Done, None, NOW.plus(200)).await.unwrap();
    assert_eq!(store.lab_runs(world.scope, shop).await.unwrap(), [second]);
}

/// Whatever somebody of another workspace knows.
pub async fn another_workspace_labels_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, shop, other) = (&world.store, chatbot("shop"), scope("others"));
    let kept = message("a person", Label::Person, 0);
    adds(&world, vec![kept.clone()], ROOM).await;
    let mine = run("mine", RunKind::Judge, NOW);
    store.begin_lab_run(world.scope, shop, mine.clone(), Millis(0)).await.unwrap();

    let foreign = vec![message("a person", Label::NoPerson, 1)];
    assert!(matches!(store.add_lab_messages(other, shop, foreign, ROOM).await, Err(Fault::NotFound)));
    let label = store.label_lab_message(other, shop, kept.id, Label::NoPerson).await;
    assert!(matches!(label, Err(Fault::NotFound)));
    assert!(matches!(store.remove_lab_message(other, shop, kept.id).await, Err(Fault::NotFound)));
    store.clear_lab(other, shop).await.unwrap();
    assert!(store.lab_messages(other, shop, None, None, 10).await.unwrap().is_empty());
    assert!(store.lab_labels(other, shop, vec![kept.digest.clone()]).await.unwrap().is_empty());
    assert_eq!(store.lab_counts(other, shop).await.unwrap(), LabCounts::default());
    let theirs = run("theirs", RunKind::Judge, NOW.plus(5));
    let begun = store.begin_lab_run(other, shop, theirs, NOW.plus(9)).await;
    assert!(matches!(begun, Err(Fault::NotFound)));
    assert!(store.lab_runs(other, shop).await.unwrap().is_empty());
    assert_eq!(store.beat_lab_run(other, shop, mine.id, (1, 1), NOW).await.unwrap(), None);
    store.ask_lab_run(other, shop, mine.id, NOW.plus(9)).await.unwrap();
    store.end_lab_run(other, shop, mine.id, RunState::Stopped, None, NOW).await.unwrap();
    assert_eq!(store.lab_result(other, shop, mine.id).await.unwrap(), None);

    let found = store.lab_messages(world.scope, shop, None, None, 10).await.unwrap();
    assert_eq!(found, [kept]);
    assert_eq!(store.lab_runs(world.scope, shop).await.unwrap(), [mine]);
}

/// A deleted chatbot leaves neither messages nor a run.
pub async fn all_of_it_goes_with_the_chatbot(engine: &dyn Engine) {
    let world = World::new(engine).await;
    adds(&world, vec![message("a person", Label::Person, 0)], ROOM).await;
    world.store.begin_lab_run(world.scope, chatbot("shop"), run("one", RunKind::Judge, NOW), Millis(0)).await.unwrap();
    let job =
        NewJob { id: id("job"), task: Task::DeleteChatbot { chatbot: chatbot("shop") }, run_at: NOW, lease: None };
    world.store.delete_chatbot(world.scope, chatbot("shop"), job, NOW).await.unwrap();
    let late = world.store.add_lab_messages(world.scope, chatbot("shop"), Vec::new(), ROOM).await;
    assert!(matches!(late, Err(Fault::NotFound)), "nothing is added any more");
    while world.store.delete_slice(world.scope, chatbot("shop")).await.unwrap() {}
    assert!(texts(&world, None).await.is_empty());
    assert!(world.store.lab_runs(world.scope, chatbot("shop")).await.unwrap().is_empty());
}
