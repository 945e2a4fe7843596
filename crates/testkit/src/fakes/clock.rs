//! Time that a test moves.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::Millis;
use parking_lot::Mutex;
use ports::world::Clock;
use tokio::sync::Notify;

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
        Self(Arc::new(Inner { began, hands: Mutex::default(), moved: Notify::new() }))
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
        Box::pin(async move {
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
