//! The AI's turns, and the other jobs of the outbox.
//!
//! A turn that is asked on this node is run on this node at once: its job is written with this worker's lease, and the hub
//! hands it over after the commit. Whatever nobody runs (a node died, a queue was full) the poller finds when the lease
//! is over.

mod answer;
mod ask;
mod assess;
mod card;
pub mod copilot;
mod jobs;
mod leases;
mod look_up;
mod phrases;
pub(crate) mod rehearse;
mod run;
mod stream;
mod supervise;
mod talk;
mod tools;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use ports::jobs::Lease;
use tokio::sync::Notify;

use self::leases::Leases;
pub use self::rehearse::Understood;
pub(crate) use self::{
    card::{carding, visitors_language},
    jobs::{CALL_TRIES, Later, Left, again_until},
};
use crate::Baton;

/// Length of a lease. A worker that could not renew it for two thirds of this stops.
pub(crate) const LEASE_MS: i64 = 15_000;
/// Most jobs that a process runs at once, unless it is told another number; more wait in the outbox.
pub const JOBS: usize = 2_048;

impl Baton {
    /// A lease for what is taken now, under a name of its own: who was too slow, and takes the same job once more, ends
    /// only what it took last.
    pub(crate) fn new_lease(&self) -> Lease {
        let now = self.clock.now();
        Lease { worker: self.entropy.id(now), until: now.plus(LEASE_MS) }
    }
}

/// The worker of this process.
pub(crate) struct Turns {
    most: usize,
    running: AtomicUsize,
    /// How often somebody arrived or had room: who looked before has to look again.
    hurried: AtomicU64,
    wake: Notify,
    leases: Leases,
}

/// One running job, counted while it lives.
struct Place<'turns>(&'turns Turns);

impl Turns {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            running: AtomicUsize::new(0),
            hurried: AtomicU64::new(0),
            wake: Notify::new(),
            leases: Leases::default(),
        }
    }

    /// Whether this process takes a new turn itself.
    pub(crate) fn has_room(&self) -> bool {
        self.running.load(Ordering::Relaxed) < self.most
    }

    /// There is a job that nobody has taken: look now.
    pub(crate) fn nudge(&self) {
        self.wake.notify_one();
    }

    /// Somebody arrived, or has room.
    pub(crate) fn hurried(&self) {
        self.hurried.fetch_add(1, Ordering::AcqRel);
    }

    /// How often that was so.
    pub(crate) fn times_hurried(&self) -> u64 {
        self.hurried.load(Ordering::Acquire)
    }

    fn enter(&self) -> Place<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        Place(self)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // Whoever looked while there was no room took nothing: there may be jobs that nobody is told of again.
        if self.0.running.fetch_sub(1, Ordering::Relaxed) >= self.0.most {
            self.0.nudge();
        }
    }
}
