//! A seeded simulator of nodes on one database.
//!
//! Everything that decides is real: the use cases, the hub, the gate, the workers, the follower of a visitor's page, the
//! store with its lanes on SQLite. The simulator decides in which order things happen, and what goes wrong: each
//! operation of the database begins when it says so, each message on the bus comes when it does or never, time passes
//! when it does. One seed gives one schedule, and one schedule one outcome.
//!
//! After the schedule nothing is broken any more, and everything must come to rest with every promise kept
//! ([`prove::audit`]). A plan that fails is made shorter and kept in a file, from which it runs again: [`replay`].

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests: what does not come in time is a panic")]

mod idle;
mod page;
mod plan;
mod rest;
mod shared;
mod start;
mod time;
mod wire;
mod world;

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
};

use parking_lot::Mutex;
pub use plan::{Bug, Plan, Step};
pub use prove::audit::Breach;

use self::{idle::Idle, world::World};

/// A schedule that broke a promise.
#[derive(Debug)]
pub struct Found {
    /// What it was made from.
    pub seed: u64,
    /// Which promise.
    pub breach: Breach,
    /// The shortest form of it that still fails.
    pub plan: Plan,
    /// Where it is kept.
    pub file: PathBuf,
    /// How things stood at its end.
    pub report: String,
}

/// Runs a plan; gives the promise that it broke, if it did.
pub fn run(plan: &Plan) -> Option<Breach> {
    explain(plan).map(|(breach, _)| breach)
}

/// Runs a plan; gives the promise that it broke, if it did, and how things stood then.
pub fn explain(plan: &Plan) -> Option<(Breach, String)> {
    let folder = start::folder();
    let idle = Idle::default();
    let runtime = idle.runtime();
    let broken = runtime.block_on(async {
        let mut world = World::new(plan, idle.clone(), folder.path()).await;
        for &step in &plan.steps {
            world.step(step).await;
            if world.breach().is_some() {
                break;
            }
        }
        let breach = match world.breach() {
            Some(breach) => Some(breach),
            None => world.heal().await,
        };
        let broken = breach.map(|breach| (breach, world.report()));
        world.end().await;
        broken
    });
    runtime.shutdown_background();
    broken
}

/// Runs a plan from its file.
pub fn replay(file: &Path) -> Option<(Breach, String)> {
    explain(&Plan::read(file))
}

/// Runs the plans of these seeds on so many threads, until one breaks a promise. That one is made shorter and kept.
pub fn search(seeds: Range<u64>, bug: Bug, threads: usize) -> Option<Found> {
    let next = AtomicU64::new(seeds.start);
    let over = AtomicBool::new(false);
    let found: Mutex<Option<(Plan, Breach)>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    let seed = next.fetch_add(1, SeqCst);
                    if seed >= seeds.end {
                        return;
                    }
                    let plan = Plan::of(seed, bug);
                    if let Some(breach) = run(&plan) {
                        over.store(true, SeqCst);
                        found.lock().get_or_insert((plan, breach));
                    }
                }
            });
        }
    });
    let (plan, breach) = found.into_inner()?;
    let plan = plan.shrunk(|shorter| run(shorter) == Some(breach));
    let file = plan.write();
    let report = explain(&plan).map(|(_, report)| report).unwrap_or_default();
    Some(Found { seed: plan.seed, breach, plan, file, report })
}
