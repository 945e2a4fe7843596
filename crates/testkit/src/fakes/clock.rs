//! Time that a test moves.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::Millis;
use parking_lot::Mutex;
use ports::world::Clock;
use tokio::sync::{Notify, watch};

/// When tests begin: a Monday in 2026.
const START: i64 = 1_767_600_000_000;

/// Time that a test moves. It flows as on the wall until it is frozen, and can be put forward in either state.
///
/// A program that sleeps is released when its time has come, however it came. [`TestClock::stall`] is what a process
/// sees that was stopped for a while: the wall clock has moved and its own timers have not.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    began: Instant,
    hands: Mutex<Hands>,
    moved: Notify,
    sleepers: watch::Sender<Sleepers>,
}

#[derive(Debug, Default)]
struct Sleepers {
    next: u64,
    /// How long each one wanted to sleep, and until when.
    all: BTreeMap<u64, (Duration, Duration)>,
}

/// One who sleeps, known while they do.
struct Sleeper(TestClock, u64);

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.0.0.sleepers.send_modify(|sleepers| {
            sleepers.all.remove(&self.1);
        });
    }
}

#[derive(Debug, Default)]
struct Hands {
    /// What was added by hand to the time of timers.
    forward: Duration,
    /// What was added to the wall clock alone.
    stalled: Duration,
    /// Time stood still from then on, since the beginning.
    frozen: Option<Duration>,
}

impl Default for TestClock {
    #[expect(clippy::disallowed_methods, reason = "the clock itself")]
    fn default() -> Self {
        let began = Instant::now();
        let sleepers = watch::Sender::default();
        Self(Arc::new(Inner { began, hands: Mutex::default(), moved: Notify::new(), sleepers }))
    }
}

impl TestClock {
    /// Puts the clock forward and releases whoever sleeps no longer than that.
    pub fn advance(&self, by: Duration) {
        self.0.hands.lock().forward += by;
        self.0.moved.notify_waiters();
    }

    /// Puts the wall clock forward; timers do not notice.
    pub fn stall(&self, by: Duration) {
        self.0.hands.lock().stalled += by;
    }

    /// Stops time: from here on only [`Self::advance`] moves it.
    pub fn freeze(&self) {
        let flowed = self.flowed();
        self.0.hands.lock().frozen.get_or_insert(flowed);
        self.0.moved.notify_waiters();
    }

    /// Comes back when somebody sleeps for just this long.
    ///
    /// For a test that puts the clock forward step by step: what the last step released has been done by then.
    pub async fn has_sleeper(&self, duration: Duration) {
        let mut sleepers = self.0.sleepers.subscribe();
        let sleeps = |sleepers: &Sleepers| {
            let (now, _) = self.timers();
            sleepers.all.values().any(|&(wanted, until)| wanted == duration && until > now)
        };
        // The sender lives as long as the clock.
        drop(sleepers.wait_for(sleeps).await);
    }

    fn falls_asleep(&self, duration: Duration, until: Duration) -> Sleeper {
        let mut id = 0;
        self.0.sleepers.send_modify(|sleepers| {
            sleepers.next += 1;
            id = sleepers.next;
            sleepers.all.insert(id, (duration, until));
        });
        Sleeper(self.clone(), id)
    }

    #[expect(clippy::disallowed_methods, reason = "the clock itself")]
    fn flowed(&self) -> Duration {
        Instant::now().duration_since(self.0.began)
    }

    /// Time of timers since the beginning, and whether it flows.
    fn timers(&self) -> (Duration, bool) {
        let flowed = self.flowed();
        let hands = self.0.hands.lock();
        (hands.frozen.unwrap_or(flowed) + hands.forward, hands.frozen.is_none())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        let (timers, _) = self.timers();
        let wall = timers + self.0.hands.lock().stalled;
        Millis(START + i64::try_from(wall.as_millis()).unwrap_or(i64::MAX - START))
    }

    fn instant(&self) -> Instant {
        self.0.began + self.timers().0
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        let until = self.timers().0 + duration;
        let sleeper = self.falls_asleep(duration, until);
        Box::pin(async move {
            let _sleeper = sleeper;
            loop {
                let moved = clock.0.moved.notified();
                let (now, flows) = clock.timers();
                let left = until.saturating_sub(now);
                if left.is_zero() {
                    return;
                }
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(left), if flows => {}
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn who_sleeps_is_released_by_time_put_forward_and_not_by_a_stall() {
        let clock = TestClock::default();
        clock.freeze();
        let before = clock.now();
        let mut sleep = clock.sleep(Duration::from_secs(10));
        assert_eq!(poll!(&mut sleep), Poll::Pending);
        clock.stall(Duration::from_secs(60));
        assert_eq!(clock.now().since(before), 60_000);
        assert_eq!(poll!(&mut sleep), Poll::Pending);
        clock.advance(Duration::from_secs(9));
        assert_eq!(poll!(&mut sleep), Poll::Pending);
        clock.advance(Duration::from_secs(1));
        assert_eq!(poll!(&mut sleep), Poll::Ready(()));
        assert_eq!(clock.now().since(before), 70_000);
    }
}
