//! Time that stands still until the simulator moves it, and a node's clock on it.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Poll, Waker},
    time::{Duration, Instant},
};

use domain::Millis;
use parking_lot::Mutex;
use ports::world::Clock;

/// When simulations begin.
const START: i64 = 1_767_600_000_000;

/// The time of all nodes.
#[derive(Clone)]
pub(super) struct Time(Arc<Mutex<Inner>>);

struct Inner {
    began: Instant,
    now: Duration,
    next: u64,
    sleepers: BTreeMap<(Duration, u64), Sleeper>,
    frozen: Vec<usize>,
}

struct Sleeper {
    node: usize,
    waker: Option<Waker>,
}

/// One node's clock.
#[derive(Clone)]
pub(super) struct NodeClock {
    time: Time,
    node: usize,
    /// How far its wall clock is off, in milliseconds.
    off: Arc<Mutex<i64>>,
}

impl Time {
    #[expect(clippy::disallowed_methods, reason = "an instant to count from; nothing depends on which")]
    pub(super) fn new() -> Self {
        let began = Instant::now();
        let inner = Inner { began, now: Duration::ZERO, next: 0, sleepers: BTreeMap::new(), frozen: Vec::new() };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub(super) fn now(&self) -> Duration {
        self.0.lock().now
    }

    /// Time passes; who has slept long enough on a node that goes on wakes, in order.
    pub(super) fn pass(&self, by: Duration) {
        self.0.lock().now += by;
        self.wake();
    }

    pub(super) fn freeze(&self, node: usize, frozen: bool) {
        let mut inner = self.0.lock();
        inner.frozen.retain(|&one| one != node);
        if frozen {
            inner.frozen.push(node);
        }
        drop(inner);
        self.wake();
    }

    fn wake(&self) {
        let mut inner = self.0.lock();
        let now = inner.now;
        let frozen = inner.frozen.clone();
        let due = inner.sleepers.range_mut(..=(now, u64::MAX)).filter(|(_, sleeper)| !frozen.contains(&sleeper.node));
        let wakers: Vec<Waker> = due.filter_map(|(_, sleeper)| sleeper.waker.take()).collect();
        drop(inner);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(super) fn clock(&self, node: usize) -> NodeClock {
        NodeClock { time: self.clone(), node, off: Arc::default() }
    }
}

impl NodeClock {
    /// Its wall clock jumps.
    pub(super) fn jump(&self, by: i64) {
        *self.off.lock() += by;
    }
}

/// A place among the sleepers, until dropped.
struct Asleep(Time, (Duration, u64));

impl Drop for Asleep {
    fn drop(&mut self) {
        self.0.0.lock().sleepers.remove(&self.1);
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Millis {
        let passed = i64::try_from(self.time.now().as_millis()).unwrap_or(i64::MAX / 2);
        Millis(START + passed + *self.off.lock())
    }

    fn instant(&self) -> Instant {
        let inner = self.time.0.lock();
        inner.began + inner.now
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut inner = self.time.0.lock();
        inner.next += 1;
        let key = (inner.now + duration, inner.next);
        inner.sleepers.insert(key, Sleeper { node: self.node, waker: None });
        drop(inner);
        let asleep = Asleep(self.time.clone(), key);
        Box::pin(poll_fn(move |context| {
            let mut inner = asleep.0.0.lock();
            let awake = inner.now >= asleep.1.0;
            let Some(sleeper) = inner.sleepers.get_mut(&asleep.1) else { return Poll::Ready(()) };
            let node = sleeper.node;
            sleeper.waker = Some(context.waker().clone());
            if awake && !inner.frozen.contains(&node) { Poll::Ready(()) } else { Poll::Pending }
        }))
    }
}
