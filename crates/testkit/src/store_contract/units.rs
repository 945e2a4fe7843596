//! Units of work.

use std::sync::Arc;

use domain::{
    Millis,
    conversation::{Command, Event, Refusal, Standing},
};
use futures_util::future::join_all;
use ports::{
    Fault,
    content::Content,
    conversations::{Held, Logged, Unit, UnitOutcome, Write},
    jobs::{Lease, NewJob, Task},
};

use super::world::{Engine, World, committed, conversation, id, once, owner, scope, texts};

fn job(name: &str) -> NewJob {
    let task = Task::AssistantTurn { conversation: conversation("tea"), turn: 1, attempt: 1 };
    NewJob { id: id(name), task, run_at: Millis(0), lease: None }
}

/// The log has what was decided, and the row says the same as the log.
pub async fn a_committed_unit_is_in_the_log_and_in_the_row(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let opened = world.open("tea").await;
    assert_eq!((opened.state.seq, opened.visitor_name.as_deref()), (0, Some("Visitor tea")));
    let said = world.says("tea", "Hello there").await;
    assert_eq!(said.entries.len(), 1);
    let row = world.row("tea").await;
    assert_eq!(row, said.row);
    assert_eq!((row.state.seq, row.state.visitor_seq, row.unread), (1, 1, 1));
    assert_eq!(row.summary.visitor_words.as_deref(), Some("Hello there"));
    assert!(row.change > opened.change);
    assert_eq!(world.log("tea").await, *said.entries);

    let taken = world.takes_over("tea", "ada").await;
    assert_eq!(taken.row.state.standing(), Standing::Live);
    assert_eq!(world.row("tea").await, taken.row);
    assert_eq!(world.log("tea").await.len(), 1 + taken.entries.len());
}

/// A refusal changes nothing and is not remembered.
pub async fn a_refused_unit_writes_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let before = world.row("tea").await;
    let end = || world.unit("tea", Command::VisitorEndsLiveChat, "bye", once("a", "x"));
    for _ in 0..2 {
        let refused = world.store.execute(end()).await.unwrap();
        assert!(matches!(refused, UnitOutcome::Refused(Refusal::NotLive)), "{refused:?}");
    }
    assert_eq!(world.row("tea").await, before);
    assert!(world.log("tea").await.is_empty());
    // The id is free still.
    let said = world.store.execute(world.unit("tea", Command::VisitorWrites, "hi", once("a", "y"))).await.unwrap();
    committed(said);
}

/// The same command again: exactly the entries that it wrote, and nothing new.
pub async fn the_same_command_is_answered_with_its_own_entries(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "before").await;
    // Several events: taken over, announced, written.
    let reply = || world.unit("tea", Command::PersonWrites { by: owner("ada") }, "I am here", once("r1", "body"));
    let first = committed(world.store.execute(reply()).await.unwrap());
    assert_eq!(first.entries.len(), 3);
    assert_eq!(first.entries[2].client_id.as_deref(), Some("r1"));
    world.says("tea", "after").await;
    for _ in 0..2 {
        match world.store.execute(reply()).await.unwrap() {
            UnitOutcome::Repeated(entries) => assert_eq!(entries, *first.entries),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(world.log("tea").await.len(), 5);
}

/// Also when both are on their way at once.
pub async fn the_same_command_twice_at_once_is_written_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let same = || world.store.execute(world.unit("tea", Command::VisitorWrites, "hi", once("a", "x")));
    let outcomes = join_all((0..20).map(|_| same())).await;
    let mut wrote = 0;
    for outcome in outcomes {
        match outcome.unwrap() {
            UnitOutcome::Committed(_) => wrote += 1,
            UnitOutcome::Repeated(entries) => assert_eq!(texts(&entries), ["hi"]),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((wrote, world.log("tea").await.len()), (1, 1));
}

/// The same id with another body is told, stored or in the same batch.
pub async fn a_reused_id_is_told(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.open("milk").await;
    let say =
        |name: &str, body: &str| world.store.execute(world.unit(name, Command::VisitorWrites, body, once("a", body)));
    committed(say("tea", "one").await.unwrap());
    assert!(matches!(say("tea", "two").await.unwrap(), UnitOutcome::ClientIdReused));
    // Another conversation and another author are other ids.
    committed(say("milk", "two").await.unwrap());
    let mut other = world.unit("tea", Command::VisitorWrites, "three", once("a", "three"));
    if let Some(once) = &mut other.once {
        once.author = "somebody else".into();
    }
    committed(world.store.execute(other).await.unwrap());
    assert_eq!(world.texts("tea").await, ["one", "three"]);
}

/// Units of one batch see each other: one conversation, many at once, no gap and no double.
pub async fn many_at_once_on_one_conversation_are_numbered_without_gaps(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let say = |i: usize| world.store.execute(world.unit("tea", Command::VisitorWrites, &i.to_string(), None));
    let outcomes = join_all((0..150).map(say)).await;
    let mut seqs: Vec<i64> =
        outcomes.into_iter().map(|outcome| committed(outcome.unwrap()).entries[0].entry.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=150).collect::<Vec<_>>());
    let log = world.log("tea").await;
    assert!(log.iter().zip(1..).all(|(logged, seq)| logged.entry.seq == seq));
    // A queue is fair: the order of the callers is the order of the log.
    assert_eq!(texts(&log), (0..150).map(|i| i.to_string()).collect::<Vec<_>>());
    assert_eq!(world.row("tea").await.unread, 150);
}

/// A unit that fails in the database fails alone, and leaves no hole in any log.
pub async fn one_failing_unit_does_not_take_others_with_it(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["tea", "milk"] {
        world.open(name).await;
    }
    world.store.execute(world.unit_with("tea", Command::VisitorWrites, "0", None, vec![job("taken")])).await.unwrap();
    let say = |i: usize| {
        let name = if i.is_multiple_of(2) { "tea" } else { "milk" };
        // A job's id that exists already: the database refuses it.
        let jobs = if i % 10 == 5 { vec![job("taken")] } else { Vec::new() };
        world.store.execute(world.unit_with(name, Command::VisitorWrites, &i.to_string(), None, jobs))
    };
    let outcomes = join_all((0..40).map(say)).await;
    for (i, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), i % 10 != 5, "{i}: {outcome:?}");
    }
    assert_eq!(world.log("tea").await.len(), 21);
    let milk: Vec<Logged> = world.log("milk").await;
    assert_eq!(milk.len(), 16);
    assert!(milk.iter().zip(1..).all(|(logged, seq)| logged.entry.seq == seq));
    assert_eq!(world.row("milk").await.state.seq, 16);
}

/// The database itself refuses a second answer to a turn.
pub async fn a_turn_is_answered_at_most_once_whatever_is_decided(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "hi").await;
    let answer = || {
        let decide = |_: Held<'_>| {
            let content = Content::Text { text: "an answer".into() };
            let event = Event::AssistantWrote { turn: 1, attempt: 1 };
            Ok(Write::of(Millis(5), vec![(event, Some(content))]))
        };
        let (scope, conversation) = (world.scope, conversation("tea"));
        Unit { scope, conversation, once: None, of: None, files: Vec::new(), decide: Box::new(decide) }
    };
    committed(world.store.execute(answer()).await.unwrap());
    assert!(matches!(world.store.execute(answer()).await, Err(Fault::Broken { .. })));
    assert_eq!(world.log("tea").await.len(), 2);
    assert_eq!(world.row("tea").await.state.seq, 2);
}

/// Jobs are there with the events, and one that is completed is gone with them.
pub async fn jobs_come_and_go_with_the_unit(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let unit = world.unit_with("tea", Command::VisitorWrites, "hi", None, vec![job("one"), job("two")]);
    assert_eq!(committed(world.store.execute(unit).await.unwrap()).jobs.len(), 2);
    let decide = |_: Held<'_>| Ok(Write { completes: Some(id("one")), ..Write::of(Millis(5), Vec::new()) });
    let (scope, conversation) = (world.scope, conversation("tea"));
    let before = world.row("tea").await;
    let done = Unit { scope, conversation, once: None, of: None, files: Vec::new(), decide: Box::new(decide) };
    committed(world.store.execute(done).await.unwrap());
    assert_eq!(world.row("tea").await, before);
    let lease = Lease { worker: id("worker"), until: Millis(10_000) };
    let left = world.store.claim(lease, Millis(1_000), 10).await.unwrap();
    assert_eq!(left.iter().map(|job| job.id).collect::<Vec<_>>(), [id("two")]);
}

/// Who listens hears of each commit before its caller, in the order of the log.
pub async fn the_listener_hears_first_and_in_order(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    assert_eq!(world.told.rows.lock().len(), 1, "a new row");
    let say = async |text: &str| {
        let said = world.says("tea", text).await;
        let seq = said.entries[0].entry.seq;
        assert!(world.told.commits.lock().contains(&(conversation("tea"), seq)));
    };
    join_all(["a", "b", "c", "d", "e"].map(say)).await;
    let told = world.told.commits.lock().clone();
    assert_eq!(told, (1..=5).map(|seq| (conversation("tea"), seq)).collect::<Vec<_>>());
}

/// What was handed in is done, whoever waits for it or not.
pub async fn the_caller_going_away_cancels_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for text in ["one", "two"] {
        let waiting = world.store.execute(world.unit("tea", Command::VisitorWrites, text, None));
        // Asked once, then dropped.
        drop(futures_util::poll!(Box::pin(waiting)));
    }
    world.says("tea", "three").await;
    assert_eq!(world.texts("tea").await, ["one", "two", "three"]);
}

/// A conversation that is not there, or not in this workspace.
pub async fn an_unknown_conversation_is_not_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    assert!(matches!(world.try_does("milk", Command::VisitorWrites, "hi").await, Err(Fault::NotFound)));
    let mut unit = world.unit("tea", Command::VisitorWrites, "hi", None);
    unit.scope = scope("others");
    assert!(matches!(world.store.execute(unit).await, Err(Fault::NotFound)));
    assert!(world.log("tea").await.is_empty());
}

/// Two processes on one database: nothing is lost, doubled or numbered twice.
pub async fn two_processes_race_without_loss(engine: &dyn Engine) {
    let one = Arc::new(World::new(engine).await);
    let two = Arc::new(World::empty(engine).await);
    let names = ["a", "b", "c", "d", "e"];
    for name in names {
        one.open(name).await;
    }
    let race = |world: Arc<World>, tag: &'static str| {
        tokio::spawn(async move {
            let say = |i: usize| {
                let client_id = format!("{tag}{i}");
                let unit = world.unit(names[i % 5], Command::VisitorWrites, &client_id, once(&client_id, "x"));
                world.store.execute(unit)
            };
            for outcome in join_all((0..100).map(say)).await {
                committed(outcome.unwrap());
            }
        })
    };
    let (first, second) = tokio::join!(race(one.clone(), "one-"), race(two.clone(), "two-"));
    first.unwrap();
    second.unwrap();
    let mut changes = Vec::new();
    for name in names {
        let log = one.log(name).await;
        assert_eq!(log.len(), 40);
        assert!(log.iter().zip(1..).all(|(logged, seq)| logged.entry.seq == seq));
        let row = two.row(name).await;
        assert_eq!((row.state.seq, row.unread), (40, 40));
        changes.push(row.change);
    }
    changes.sort_unstable();
    changes.dedup();
    assert_eq!(changes.len(), 5);
}

/// Two processes that take the same conversation over: one of them does.
pub async fn two_processes_take_over_and_one_of_them_does(engine: &dyn Engine) {
    let one = World::new(engine).await;
    let two = World::empty(engine).await;
    for i in 0..10 {
        let name = format!("chat {i}");
        one.open(&name).await;
        let (ada, ben) = tokio::join!(
            one.try_does(&name, Command::TakeOver { by: owner("ada") }, "ada"),
            two.try_does(&name, Command::TakeOver { by: owner("ben") }, "ben"),
        );
        let outcomes = [ada.unwrap(), ben.unwrap()];
        let won = outcomes.iter().filter(|outcome| matches!(outcome, UnitOutcome::Committed(_))).count();
        let lost =
            outcomes.iter().filter(|outcome| matches!(outcome, UnitOutcome::Refused(Refusal::HeldBy { .. }))).count();
        assert_eq!((won, lost), (1, 1), "{outcomes:?}");
    }
}
