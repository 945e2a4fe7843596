//! The real parts under the simulator; `make prove` runs more schedules.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of a test fail like the test, and say what was found"
)]

use std::{path::Path, time::Instant};

use testkit::simulator::{Bug, Plan, replay, run, search};

/// Schedules of every change.
const SCHEDULES: u64 = 2_000;
/// More than there are processors: a schedule waits for the threads of its database again and again.
const THREADS: usize = 8;

#[test]
fn no_schedule_breaks_a_promise() {
    let begun = now();
    if let Some(found) = search(0..SCHEDULES, Bug::None, THREADS) {
        let (promise, file) = (found.breach.promise(), found.file.display());
        panic!("seed {} breaks \"{promise}\": see {file}\n{:#?}\n{}", found.seed, found.plan.steps, found.report);
    }
    println!("{SCHEDULES} schedules in {:?}", begun.elapsed());
}

/// Plans that have broken a promise once, shrunk. Each lies in `plans`, named after what was wrong.
#[test]
fn what_was_found_once_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let mut plans = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let found = replay(&file);
        assert!(found.is_none(), "{}: {found:#?}", file.display());
        plans += 1;
    }
    assert!(plans > 0);
}

/// A simulator that finds nothing in a broken system shows nothing in a whole one.
fn finds(bug: Bug, promises: &[&str]) {
    let found = search(0..SCHEDULES, bug, THREADS).unwrap_or_else(|| panic!("{bug:?} was not found"));
    println!("{bug:?}: seed {}, {} steps left, kept in {}", found.seed, found.plan.steps.len(), found.file.display());
    assert!(promises.contains(&found.breach.promise()), "{}", found.breach.promise());
    let again = replay(&found.file).map(|(breach, _)| breach);
    assert_eq!(again, Some(found.breach), "it runs again from its file");
    assert_eq!(run(&Plan { bug: Bug::None, ..found.plan }), None, "without the bug nothing is broken");
    std::fs::remove_file(found.file).unwrap();
}

#[test]
fn a_gate_that_is_off_is_found() {
    let promises = ["no AI text is seen after a takeover", "no token is sent after the commit of its own node"];
    finds(Bug::GateOff, &promises);
}

#[test]
fn an_attempt_that_is_not_looked_at_is_found() {
    finds(Bug::AttemptUnchecked, &["a turn is answered once, by the attempt that was asked"]);
}

#[test]
fn heads_that_are_not_compared_are_found() {
    finds(Bug::NoHeads, &["every client comes to show the log"]);
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is said")]
fn now() -> Instant {
    Instant::now()
}
