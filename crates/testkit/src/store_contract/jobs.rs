//! The outbox.

use std::collections::HashSet;

use domain::{Millis, conversation::Command};
use futures_util::future::join_all;
use ports::jobs::{Lease, NewJob, Task};
use uuid::Uuid;

use super::world::{Engine, World, conversation, id};

fn task() -> Task {
    Task::AssistantTurn { conversation: conversation("tea"), turn: 3, attempt: 2 }
}

fn lease(worker: &str, until: i64) -> Lease {
    Lease { worker: id(worker), until: Millis(until) }
}

/// Puts jobs into the outbox, due at the times given.
async fn put(world: &World, jobs: &[(&str, i64, Option<Lease>)]) {
    world.open("tea").await;
    let new = |&(name, at, lease): &(&str, i64, Option<Lease>)| NewJob {
        id: id(name),
        task: task(),
        run_at: Millis(at),
        lease,
    };
    let unit = world.unit_with("tea", Command::VisitorWrites, "hi", None, jobs.iter().map(new).collect());
    world.store.execute(unit).await.unwrap();
}

async fn claim(world: &World, worker: &str, now: i64, limit: u32) -> Vec<Uuid> {
    let jobs = world.store.claim(lease(worker, now + 100), Millis(now), limit).await.unwrap();
    jobs.into_iter().map(|job| job.id).collect()
}

async fn renewed(world: &World, job: &str, worker: &str, until: i64) -> bool {
    world.store.renew(&[(id(job), id(worker))], Millis(until)).await.unwrap()[0]
}

/// What is due, the oldest first, and what nobody holds.
pub async fn what_is_due_is_claimed_in_order(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("late", 30, None), ("early", 10, None), ("future", 900, None), ("middle", 20, None)]).await;
    assert_eq!(claim(&world, "a", 50, 2).await, [id("early"), id("middle")]);
    assert_eq!(claim(&world, "b", 50, 9).await, [id("late")]);
    assert!(claim(&world, "c", 50, 9).await.is_empty());
    let job = world.store.claim(lease("c", 999), Millis(900), 1).await.unwrap().remove(0);
    assert_eq!((job.scope, job.task, job.tries), (world.scope, task(), 2), "the oldest one whose lease is over");
}

/// A lease that ended gives the job to somebody else; a renewed one does not.
pub async fn leases_end_unless_they_are_renewed(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("one", 0, None), ("two", 0, None)]).await;
    assert_eq!(claim(&world, "a", 0, 9).await.len(), 2);
    assert!(renewed(&world, "one", "a", 500).await);
    assert!(!renewed(&world, "one", "b", 900).await);
    assert_eq!(claim(&world, "b", 100, 9).await, [id("two")]);
    assert!(!renewed(&world, "two", "a", 900).await, "somebody else has it");
    world.store.complete(id("two"), id("a")).await.unwrap();
    assert!(renewed(&world, "two", "b", 900).await, "not completed by a stranger");
    world.store.complete(id("two"), id("b")).await.unwrap();
    assert!(!renewed(&world, "two", "b", 900).await, "gone");
    assert_eq!(claim(&world, "b", 10_000, 9).await, [id("one")]);
}

/// Many leases are renewed at once, and each is answered for.
pub async fn leases_are_renewed_together(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("one", 0, None), ("two", 0, None), ("three", 0, None)]).await;
    claim(&world, "a", 0, 2).await;
    claim(&world, "b", 0, 1).await;
    let held: Vec<_> = ["one", "three", "nothing", "two"].map(|job| (id(job), id("a"))).into();
    let until = Millis(500);
    let one_or_two = claim(&world, "c", 100, 9).await;
    assert_eq!(one_or_two.len(), 3, "all leases were over");
    assert_eq!(world.store.renew(&held, until).await.unwrap(), [false; 4], "somebody else has them");
    let theirs: Vec<_> = held.iter().map(|(job, _)| (*job, id("c"))).collect();
    assert_eq!(world.store.renew(&theirs, until).await.unwrap(), [true, true, false, true]);
    assert!(world.store.renew(&[], until).await.unwrap().is_empty());
    assert!(claim(&world, "d", 499, 9).await.is_empty());
}

/// A job that is leased from the start is nobody else's until then.
pub async fn a_job_can_be_leased_from_the_start(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("mine", 0, Some(lease("a", 100)))]).await;
    assert!(claim(&world, "b", 50, 9).await.is_empty());
    assert!(renewed(&world, "mine", "a", 200).await);
    let taken = world.store.claim(lease("b", 900), Millis(200), 9).await.unwrap();
    assert_eq!(taken[0].tries, 2, "the first try was the one it was made with");
}

/// Many workers at once never get the same job.
pub async fn no_job_is_claimed_twice(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let other = World::empty(engine).await;
    let names: Vec<String> = (0..60).map(|i| format!("job {i}")).collect();
    let jobs: Vec<_> = names.iter().map(|name| (name.as_str(), 0, None)).collect();
    put(&world, &jobs).await;
    let workers = (0..20).map(|i| {
        let world = if i % 2 == 0 { &world } else { &other };
        let worker = format!("worker {i}");
        async move { claim(world, &worker, 0, 5).await }
    });
    let mut claimed: Vec<Uuid> = join_all(workers).await.into_iter().flatten().collect();
    // Who looked while others held the rows may have gone away empty-handed.
    claimed.extend(claim(&world, "last", 0, 60).await);
    assert_eq!(claimed.len(), 60);
    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 60);
}

/// A failed job comes back when it is told to, and a given-up one is in sight.
pub async fn failures_wait_and_then_are_buried(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("one", 0, None), ("two", 0, None)]).await;
    claim(&world, "a", 0, 9).await;
    world.store.fail(id("one"), id("a"), "no answer", Some(Millis(500)), Millis(10)).await.unwrap();
    world.store.fail(id("two"), id("stranger"), "not mine", None, Millis(10)).await.unwrap();
    assert!(claim(&world, "a", 50, 9).await.is_empty());
    let again = world.store.claim(lease("b", 900), Millis(500), 9).await.unwrap();
    assert_eq!(again.iter().map(|job| (job.id, job.tries)).collect::<Vec<_>>(), [(id("two"), 2), (id("one"), 2)]);
    world.store.fail(id("one"), id("b"), "gone for good", None, Millis(700)).await.unwrap();
    world.store.fail(id("two"), id("b"), "that too", None, Millis(800)).await.unwrap();
    let dead = world.store.dead(9).await.unwrap();
    assert_eq!(dead.iter().map(|job| job.id).collect::<Vec<_>>(), [id("two"), id("one")]);
    assert_eq!((dead[1].error.as_str(), dead[1].tries, dead[1].at), ("gone for good", 2, Millis(700)));
    assert_eq!(dead[1].task, task());
    assert!(claim(&world, "c", 10_000, 9).await.is_empty());
}

/// A job that has done a part of its work comes back with the rest, and nobody else changes it.
pub async fn a_job_goes_on_with_what_is_left(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("one", 0, None)]).await;
    claim(&world, "a", 0, 9).await;
    let left = |rest| Task::PushAlert {
        conversation: conversation("tea"),
        seq: 1,
        rest,
        since: Some(Millis(7)),
        told: vec![id("phone")],
    };
    world.store.go_on(id("one"), id("stranger"), &left(false), "not mine", Millis(5)).await.unwrap();
    world.store.go_on(id("one"), id("a"), &left(true), "nobody has looked yet", Millis(500)).await.unwrap();
    assert!(claim(&world, "a", 499, 9).await.is_empty());
    let again = world.store.claim(lease("b", 900), Millis(500), 9).await.unwrap().remove(0);
    assert_eq!((again.id, again.task, again.tries), (id("one"), left(true), 2));
}

/// Where one process has the database to itself, a new one finds every job free.
pub async fn leases_are_voided_where_only_one_process_is(engine: &dyn Engine) {
    let world = World::new(engine).await;
    put(&world, &[("one", 0, None)]).await;
    assert_eq!(claim(&world, "a", 0, 9).await.len(), 1);
    let voided = world.store.void_leases().await.unwrap();
    assert_eq!(claim(&world, "b", 1, 9).await.len(), usize::from(voided));
}

/// A job of which there is one: added again it waits once, and what came while it was worked on is done once more.
pub async fn a_job_that_is_added_again_is_done_again(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let add = async |at: i64| {
        let job = NewJob { id: id("one"), task: task(), run_at: Millis(at), lease: None };
        world.store.add_again(world.scope, job).await.unwrap();
    };
    let ended = async |worker: &str| world.store.complete_unless_asked(id("one"), id(worker)).await.unwrap();
    add(0).await;
    add(5).await;
    assert_eq!(claim(&world, "a", 10, 9).await, [id("one")], "it is there once");
    assert!(claim(&world, "b", 10, 9).await.is_empty());
    add(10).await;
    assert!(claim(&world, "b", 10, 9).await.is_empty(), "whoever works on it keeps it");
    assert!(renewed(&world, "one", "a", 110).await);
    assert!(!ended("a").await, "more has come");
    assert_eq!(claim(&world, "b", 20, 9).await, [id("one")]);
    assert!(ended("a").await, "it is not theirs any more");
    assert!(renewed(&world, "one", "b", 200).await);
    assert!(ended("b").await);
    assert!(claim(&world, "c", 900, 9).await.is_empty(), "it is done");
    // One that was given up begins anew.
    add(20).await;
    assert_eq!(claim(&world, "c", 900, 9).await, [id("one")]);
    world.store.fail(id("one"), id("c"), "no model", None, Millis(900)).await.unwrap();
    assert_eq!(world.store.dead(9).await.unwrap().len(), 1);
    add(950).await;
    assert!(world.store.dead(9).await.unwrap().is_empty());
    let again = world.store.claim(lease("d", 1_100), Millis(1_000), 9).await.unwrap();
    assert_eq!((again.len(), again[0].tries), (1, 1));
    // What came while it failed waits for no pause, and is not given up with it.
    for (worker, next, until) in [("d", Some(Millis(90_000)), "e"), ("e", None, "f")] {
        add(1_000).await;
        world.store.fail(id("one"), id(worker), "no model", next, Millis(1_000)).await.unwrap();
        assert_eq!(claim(&world, until, 1_000, 9).await, [id("one")], "{next:?}");
    }
    assert!(world.store.dead(9).await.unwrap().is_empty());
}

/// A job that is seen to goes on as it was, and one that was given up begins anew.
pub async fn a_job_that_is_seen_to_is_there_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let see_to = async || {
        let job = NewJob { id: id("one"), task: task(), run_at: Millis(5), lease: None };
        world.store.ensure_job(world.scope, job).await.unwrap();
    };
    see_to().await;
    assert_eq!(claim(&world, "a", 10, 9).await, [id("one")]);
    see_to().await;
    world.store.fail(id("one"), id("a"), "no model", Some(Millis(20)), Millis(10)).await.unwrap();
    assert!(claim(&world, "b", 19, 9).await.is_empty());
    let again = world.store.claim(lease("b", 1_100), Millis(20), 9).await.unwrap();
    assert_eq!((again.len(), again[0].tries), (1, 2), "how often it was tried is not forgotten");
    world.store.fail(id("one"), id("b"), "no model", None, Millis(30)).await.unwrap();
    see_to().await;
    assert_eq!(claim(&world, "c", 30, 9).await, [id("one")]);
}
