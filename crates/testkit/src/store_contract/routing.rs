//! Who is at the desk, and who was given which request.

use domain::{
    Millis, PersonId,
    conversation::{Actor, Command, Reason},
    presence::{Presence, Seen, presence},
    routing::Mode,
};
use futures_util::future::join_all;
use ports::{
    jobs::{Lease, NewJob, Task},
    routing::{Found, Here, RouteClaim},
};

use super::world::{Engine, World, conversation, id, new_person, owner, person, scope};

const NOW: Millis = Millis(1_000_000);

async fn with_people(engine: &dyn Engine) -> World {
    let world = World::new(engine).await;
    for name in ["ben", "cleo"] {
        world.store.add_person(world.scope, new_person(name, None)).await.unwrap();
    }
    world
}

/// The claim for a request among these people, in turn.
fn among(name: &str, people: &[&str]) -> RouteClaim {
    RouteClaim {
        conversation: conversation(name),
        opened: 1,
        job: id(name),
        people: people.iter().map(|name| person(name)).collect(),
        pool: Vec::new(),
        before: None,
        mode: Mode::RoundRobin,
        limit: 0,
    }
}

/// A conversation in which a person is wanted.
async fn requested(world: &World, name: &str) {
    world.open(name).await;
    let command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    world.does(name, command, "Of course").await;
}

/// Claims, at a time of its own.
async fn claims(world: &World, claim: RouteClaim, after: i64) -> Option<PersonId> {
    place(world.store.claim_route(world.scope, claim, NOW.plus(after)).await.unwrap())
}

fn place(found: Found) -> Option<PersonId> {
    match found {
        Found::Place(person) => Some(person),
        Found::Nobody => None,
        Found::Later => panic!("nothing that is older is being looked after"),
    }
}

/// The log says so, and the place is not held any more.
async fn settles(world: &World, name: &str, to: PersonId) {
    world.does(name, Command::Route { of: 1, given: None, to: Some(to) }, "").await;
    world.store.settle_route(world.scope, conversation(name), 1, to).await.unwrap();
}

/// What each node says of somebody is kept until it says something else, or is forgotten.
pub async fn who_is_there_is_kept_for_each_node(engine: &dyn Engine) {
    let world = with_people(engine).await;
    let (store, here, there) = (&world.store, id("node here"), id("node there"));
    let at = |name: &str, away| Here { scope: world.scope, person: person(name), away };
    store.note_here(here, vec![at("ada", false), at("ben", true)], NOW).await.unwrap();
    store.note_here(there, vec![at("ada", true)], NOW.plus(5)).await.unwrap();
    let of = async |name: &str, now| {
        let known = store.presences(world.scope, Millis(0), 100).await.unwrap();
        let seen = known.iter().filter(|one| one.person == person(name)).map(|one| one.seen);
        presence(&seen.collect::<Vec<Seen>>(), now)
    };
    assert_eq!((of("ada", NOW).await, of("ben", NOW).await), (Presence::Online, Presence::Away));
    store.note_left(here, vec![person("ada"), person("cleo")], NOW.plus(10)).await.unwrap();
    assert_eq!(of("ada", NOW.plus(10)).await, Presence::Away);
    // Somebody is back, and it is said again: nothing is there twice.
    store.note_here(here, vec![at("ada", false)], NOW.plus(20)).await.unwrap();
    assert_eq!(of("ada", NOW.plus(20)).await, Presence::Online);
    assert_eq!(store.presences(world.scope, Millis(0), 100).await.unwrap().len(), 3);
    assert_eq!(store.presences(world.scope, NOW.plus(20), 100).await.unwrap().len(), 1, "what was said since then");
    assert_eq!(store.presences(world.scope, Millis(0), 2).await.unwrap().len(), 2);
    assert!(store.presences(scope("others"), Millis(0), 100).await.unwrap().is_empty());
    // After a restart of the only process whoever it was is gone; where there are others, their word stands.
    store.void_presences(id("node anew")).await.unwrap();
    let left = store.presences(world.scope, Millis(0), 100).await.unwrap().len();
    let sole = store.void_leases().await.unwrap();
    assert_eq!(left, if sole { 0 } else { 3 });
    store.forget_routes(NOW.plus(6), 100).await.unwrap();
    assert!(store.presences(world.scope, Millis(0), 100).await.unwrap().len() <= 1);
}

/// In turn, and who was tried comes last.
pub async fn each_gets_one_in_turn(engine: &dyn Engine) {
    let world = with_people(engine).await;
    let everybody = ["ada", "ben", "cleo"];
    let mut got = Vec::new();
    for (name, after) in ["one", "two", "three", "four"].into_iter().zip(0..) {
        requested(&world, name).await;
        let to = claims(&world, among(name, &everybody), after).await.unwrap();
        settles(&world, name, to).await;
        got.push(to);
    }
    assert_eq!(got[3], got[0], "the first one's turn again");
    got.truncate(3);
    got.sort();
    got.dedup();
    assert_eq!(got.len(), 3);
    // The same request again: somebody else each time, then whoever had it longest ago.
    requested(&world, "five").await;
    let mut got = Vec::new();
    for after in 10..14 {
        got.push(claims(&world, among("five", &everybody), after).await.unwrap());
    }
    assert_eq!(got[3], got[0]);
    assert!(got[0] != got[1] && got[1] != got[2] && got[0] != got[2]);
    let first = RouteClaim { before: Some(person("cleo")), pool: vec![person("ben")], ..among("six", &everybody) };
    requested(&world, "six").await;
    assert_eq!(claims(&world, first.clone(), 20).await, Some(person("cleo")));
    let pool = RouteClaim { before: None, conversation: conversation("seven"), ..first };
    requested(&world, "seven").await;
    assert_eq!(claims(&world, pool, 30).await, Some(person("ben")));
    assert_eq!(claims(&world, among("seven", &[]), 31).await, None);
}

/// What counts is what somebody has: requests that are theirs, live chats, and places that are held.
pub async fn nobody_is_given_more_than_the_limit(engine: &dyn Engine) {
    let world = with_people(engine).await;
    let claim = |name: &str, limit| RouteClaim { limit, ..among(name, &["ada"]) };
    for name in ["one", "two", "three"] {
        requested(&world, name).await;
    }
    assert_eq!(claims(&world, claim("one", 1), 0).await, Some(person("ada")));
    assert_eq!(claims(&world, claim("two", 1), 1).await, None, "the place is held");
    assert_eq!(claims(&world, claim("one", 1), 1).await, Some(person("ada")), "for this conversation");
    settles(&world, "one", person("ada")).await;
    assert_eq!(claims(&world, claim("two", 1), 2).await, None, "the request is theirs");
    world.does("one", Command::PersonWrites { by: owner("ada") }, "Here I am").await;
    assert_eq!(claims(&world, claim("two", 1), 3).await, None, "the live chat is theirs");
    assert_eq!(claims(&world, claim("two", 2), 4).await, Some(person("ada")));
    assert_eq!(claims(&world, claim("three", 2), 5).await, None);
    // Whoever held the place was killed.
    assert_eq!(claims(&world, claim("three", 2), 30_005).await, Some(person("ada")));
    world.store.settle_route(world.scope, conversation("three"), 1, person("ada")).await.unwrap();
    world.does("one", Command::EndLiveChat { by: owner("ada") }, "Bye").await;
    assert_eq!(claims(&world, claim("two", 1), 60_000).await, Some(person("ada")));
    let foreign = world.store.claim_route(scope("others"), claim("two", 0), NOW).await;
    assert!(!matches!(foreign, Ok(Found::Place(_))), "{foreign:?}");
}

/// Many look for somebody at the same moment: each place is given once.
pub async fn places_are_given_once_however_many_look(engine: &dyn Engine) {
    let world = with_people(engine).await;
    look_at_once(&world, &[&world]).await;
}

/// The same in two processes on one database.
pub async fn two_processes_give_each_place_once(engine: &dyn Engine) {
    let world = with_people(engine).await;
    let second = World::empty(engine).await;
    look_at_once(&world, &[&world, &second]).await;
}

async fn look_at_once(world: &World, processes: &[&World]) {
    let names: Vec<String> = (0..12).map(|number| format!("chat {number}")).collect();
    for name in &names {
        requested(world, name).await;
    }
    let claim = |name: &String| RouteClaim { limit: 2, mode: Mode::LeastBusy, ..among(name, &["ada", "ben", "cleo"]) };
    let looking = names.iter().zip(processes.iter().cycle());
    let looking = looking.map(|(name, process)| process.store.claim_route(world.scope, claim(name), NOW));
    let mut got: Vec<PersonId> =
        join_all(looking).await.into_iter().filter_map(|found| place(found.unwrap())).collect();
    got.sort();
    let mut expected: Vec<PersonId> = ["ada", "ben", "cleo"].into_iter().flat_map(|name| [person(name); 2]).collect();
    expected.sort();
    assert_eq!(got, expected);
}

/// When there is not room for all that are looked after at this moment, those that have waited longer come first.
pub async fn who_waited_longest_comes_first(engine: &dyn Engine) {
    let world = with_people(engine).await;
    let mut jobs = [id("one job"), id("another job"), id("a third job")];
    jobs.sort();
    let names = ["oldest", "older", "youngest"];
    for (name, job) in names.into_iter().zip(jobs) {
        requested(&world, name).await;
        let task = Task::Route { conversation: conversation(name), opened: 1 };
        let job = NewJob { id: job, task, run_at: NOW.plus(if name == "older" { 200 } else { 0 }), lease: None };
        world.store.add_job(world.scope, job).await.unwrap();
    }
    let claim = async |at: usize, limit, people: &[&str], after| {
        let claim = RouteClaim { job: jobs[at], limit, ..among(names[at], people) };
        world.store.claim_route(world.scope, claim, NOW.plus(after)).await.unwrap()
    };
    // What is due in a moment counts, too: it has made room itself.
    assert_eq!(claim(2, 1, &["ada", "ben"], 0).await, Found::Later, "two places, and two that are older");
    assert_eq!(claim(1, 1, &["ada"], 0).await, Found::Later);
    assert_eq!(claim(1, 1, &["ada"], 6_000).await, Found::Place(person("ada")), "whoever looked after it is gone");
    world.store.settle_route(world.scope, conversation("older"), 1, person("ada")).await.unwrap();
    assert_eq!(claim(0, 1, &["ada"], 0).await, Found::Place(person("ada")));
    assert_eq!(claim(2, 1, &["ada"], 0).await, Found::Nobody);
    world.store.settle_route(world.scope, conversation("oldest"), 1, person("ada")).await.unwrap();
    // There is room for all of them, or without limit.
    assert!(matches!(claim(2, 1, &["ada", "ben", "cleo"], 0).await, Found::Place(_)));
    assert!(matches!(claim(2, 0, &["ada"], 0).await, Found::Place(_)));
    // What will not be looked after soon does not hold up what is younger.
    let lease = Lease { worker: id("worker"), until: NOW.plus(5_000) };
    for job in world.store.claim(lease, NOW.plus(200), 10).await.unwrap() {
        if job.id != jobs[2] {
            world.store.fail(job.id, id("worker"), "it is open", Some(NOW.plus(15_000)), NOW).await.unwrap();
        }
    }
    assert!(matches!(claim(2, 1, &["ada"], 200).await, Found::Place(_)));
}

/// Those that wait for later are due at once; who works on one is not disturbed.
pub async fn whoever_looks_is_hurried(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let job = |name: &str, task, at| NewJob { id: id(name), task, run_at: NOW.plus(at), lease: None };
    let route = |opened| Task::Route { conversation: conversation("tea"), opened };
    let watch = Task::Watch { conversation: conversation("tea"), opened: 1 };
    for job in [job("a", route(1), 900), job("b", route(2), 800), job("c", watch, 900), job("d", route(4), -5)] {
        world.store.add_job(world.scope, job).await.unwrap();
    }
    let claim = async |worker: &str, at: i64| {
        let lease = Lease { worker: id(worker), until: NOW.plus(at + 5_000) };
        let jobs = world.store.claim(lease, NOW.plus(at), 10).await.unwrap();
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(claim("first", 0).await, [id("d")]);
    assert_eq!(world.store.hurry_routes(scope("others"), NOW, 10).await.unwrap(), 0);
    assert_eq!(world.store.hurry_routes(world.scope, NOW, 1).await.unwrap(), 1, "no more than so many");
    assert_eq!(world.store.hurry_routes(world.scope, NOW, 10).await.unwrap(), 1);
    assert_eq!(world.store.hurry_routes(world.scope, NOW, 10).await.unwrap(), 0);
    let mut oldest = [id("a"), id("b")];
    oldest.sort();
    assert_eq!(claim("second", 0).await, oldest);
}
