//! A clock that begins in the past and is set forward by the play. Between two settings it runs as the machine's own.

use std::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use domain::Millis;
use ports::world::Clock;

use crate::world::SystemClock;

/// A clock that can be set forward.
#[derive(Debug)]
pub(super) struct DemoClock {
    /// How far it is behind the machine's clock, in milliseconds.
    behind: AtomicI64,
}

impl DemoClock {
    /// A clock that shows this time now.
    pub(super) fn starting_at(time: Millis) -> Self {
        Self { behind: AtomicI64::new(SystemClock.now().since(time)) }
    }

    /// Sets it. It never goes back: what comes later in a log is also later in time.
    pub(super) fn set(&self, to: Millis) {
        self.behind.fetch_min(SystemClock.now().since(to), Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Millis {
        SystemClock.now().plus(-self.behind.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        SystemClock.instant()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        SystemClock.sleep(duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_forward_only() {
        let now = SystemClock.now();
        let clock = DemoClock::starting_at(now.plus(-10_000_000));
        assert!(clock.now() < now.plus(-9_000_000));
        clock.set(now.plus(-5_000_000));
        let later = clock.now();
        assert!(later >= now.plus(-5_000_000) && later < now.plus(-4_000_000));
        clock.set(now.plus(-8_000_000));
        assert!(clock.now() >= later);
    }
}
