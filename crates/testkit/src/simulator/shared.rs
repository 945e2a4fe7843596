//! What waits at the database, and the commits as they come: everything that the nodes share.

use std::{
    collections::HashMap,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake},
    time::Duration,
};

use app::live::Hub;
use domain::conversation::{Answer, Event};
use futures_util::{FutureExt, future::BoxFuture};
use parking_lot::Mutex;
use ports::{
    Fault,
    conversations::{CommitListener, Committed, Held, Row, Unit},
};
use prove::audit::{Audit, Breach};
use store::{Operation, Pace};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::time::Time;

/// An operation that waits.
pub(super) struct Waiting {
    pub(super) node: usize,
    pub(super) operation: BoxFuture<'static, ()>,
    pub(super) to: oneshot::Sender<Result<(), Fault>>,
}

/// A takeover that was committed: tokens of earlier turns must not be handed over any more.
#[derive(Debug, Clone)]
struct TakenOver {
    turn: u64,
    at: Duration,
    /// Nodes whose gate was closed for it.
    closed: Vec<usize>,
}

/// What the nodes share.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Inner>>);

struct Inner {
    waiting: Vec<Waiting>,
    /// Operations are done at once: while a node is put together.
    free: bool,
    /// It is over: nothing begins any more.
    over: bool,
    hubs: Vec<Option<Arc<Hub>>>,
    /// The node whose operation is being done.
    current: usize,
    audit: Audit,
    breach: Option<Breach>,
    taken: Option<TakenOver>,
    /// The node on which a person took over, until an answer is awaited again: no model is asked there meanwhile.
    quiet: Option<usize>,
    /// Other nodes that have closed their gate for a takeover on this node, by node.
    held: HashMap<usize, Vec<(usize, Duration)>>,
    /// When each node has closed its gate, by what it was asked to hold.
    closed_at: HashMap<(Uuid, usize), Duration>,
    time: Time,
    requests: Vec<i64>,
}

/// No real commit takes longer, and no gate waits for one that does.
const COMMITTED_IN: Duration = Duration::from_secs(5);
/// How long a node that is cut off may go on.
const BOUND: Duration = app::live::FRESH;

impl Shared {
    pub(super) fn new(nodes: usize, time: Time) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            waiting: Vec::new(),
            free: true,
            over: false,
            hubs: vec![None; nodes],
            current: 0,
            audit: Audit::default(),
            breach: None,
            taken: None,
            quiet: None,
            held: HashMap::new(),
            closed_at: HashMap::new(),
            time,
            requests: Vec::new(),
        })))
    }

    pub(super) fn set_free(&self, free: bool) {
        self.0.lock().free = free;
    }

    pub(super) fn set_hub(&self, node: usize, hub: Option<Arc<Hub>>) {
        self.0.lock().hubs[node] = hub;
    }

    pub(super) fn breach(&self) -> Option<Breach> {
        self.0.lock().breach
    }

    pub(super) fn breaks(&self, breach: Breach) {
        self.0.lock().breach.get_or_insert(breach);
    }

    /// `seq` of the requests for a person.
    pub(super) fn requests(&self) -> Vec<i64> {
        self.0.lock().requests.clone()
    }

    /// A node closes its gate for a takeover on another one.
    pub(super) fn closes(&self, node: usize, hold: Uuid) {
        let mut inner = self.0.lock();
        let now = inner.time.now();
        inner.closed_at.insert((hold, node), now);
    }

    /// The node on which a person took over last, while no answer is awaited.
    pub(super) fn quiet(&self) -> Option<usize> {
        self.0.lock().quiet
    }

    /// A node hears that another one has closed its gate for a takeover on it. What counts is when that was: the word may
    /// have been on its way for longer than any gate stays closed.
    pub(super) fn holds(&self, on: usize, other: usize, hold: Uuid) {
        let mut inner = self.0.lock();
        let Some(&since) = inner.closed_at.get(&(hold, other)) else { return };
        inner.held.entry(on).or_default().push((other, since));
    }

    /// A takeover on this node is over: the others may open their gates.
    pub(super) fn released(&self, on: usize) {
        self.0.lock().held.remove(&on);
    }

    pub(super) fn forgets(&self, node: usize) {
        let mut inner = self.0.lock();
        inner.quiet = inner.quiet.filter(|&quiet| quiet != node);
        inner.held.values_mut().for_each(|held| held.retain(|&(one, _)| one != node));
        inner.held.remove(&node);
        if let Some(taken) = &mut inner.taken {
            taken.closed.retain(|&one| one != node);
        }
    }

    /// A token is handed to a page on a node.
    pub(super) fn handed(&self, node: usize, turn: u64, shown: i64) {
        let mut inner = self.0.lock();
        if turn < inner.audit.turn_at(shown) {
            inner.breach.get_or_insert(Breach::SeenLeak);
        }
        let now = inner.time.now();
        let late = inner
            .taken
            .as_ref()
            .is_some_and(|taken| turn < taken.turn && (taken.closed.contains(&node) || now > taken.at + BOUND));
        if late {
            inner.breach.get_or_insert(Breach::SentLeak);
        }
    }

    pub(super) fn waits(&self, may: impl Fn(usize) -> bool) -> usize {
        self.0.lock().waiting.iter().filter(|waiting| may(waiting.node)).count()
    }

    /// Takes the operation of this number of nodes that go on.
    pub(super) fn take(&self, number: usize, may: impl Fn(usize) -> bool) -> Option<Waiting> {
        let mut inner = self.0.lock();
        let at: Vec<usize> =
            inner.waiting.iter().enumerate().filter(|(_, one)| may(one.node)).map(|(at, _)| at).collect();
        let at = *at.get(number % at.len().max(1))?;
        Some(inner.waiting.remove(at))
    }

    /// Takes the next few operations of one node.
    pub(super) fn take_of(&self, node: usize, most: usize) -> Vec<Waiting> {
        let mut inner = self.0.lock();
        let mut taken = Vec::new();
        let mut at = 0;
        while at < inner.waiting.len() && taken.len() < most {
            if inner.waiting[at].node == node { taken.push(inner.waiting.remove(at)) } else { at += 1 }
        }
        taken
    }

    /// Nothing begins any more, and what waits never will.
    pub(super) fn end(&self) {
        let mut inner = self.0.lock();
        inner.over = true;
        let waiting = std::mem::take(&mut inner.waiting);
        drop(inner);
        drop(waiting);
    }

    /// Does operations of one node, in one go.
    pub(super) fn run(&self, node: usize, operations: Vec<BoxFuture<'static, ()>>) {
        self.0.lock().current = node;
        block(futures_util::future::join_all(operations));
    }

    /// A node has died: of what it asked for, some was on its way already.
    pub(super) fn dies(&self, node: usize, done: usize) {
        let mut lost = self.take_of(node, usize::MAX);
        let done = done % (lost.len() + 1);
        self.set_hub(node, None);
        self.run(node, lost.drain(..done).map(|waiting| waiting.operation).collect());
    }
}

/// Waits on this very thread: the database works on threads of its own, and nothing else may go on meanwhile.
pub(super) fn block<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Arc::new(Parked(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

struct Parked(std::thread::Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// One node's way to the database.
pub(super) struct NodePace {
    pub(super) node: usize,
    pub(super) shared: Shared,
    pub(super) attempt_unchecked: bool,
}

impl Pace for NodePace {
    fn run(&self, _: Operation, operation: BoxFuture<'static, ()>) -> BoxFuture<'static, Result<(), Fault>> {
        let (to, done) = oneshot::channel();
        let mut inner = self.shared.0.lock();
        if inner.over {
            return async { Err(gone()) }.boxed();
        }
        if inner.free {
            drop(inner);
            self.shared.run(self.node, vec![operation]);
            return async { Ok(()) }.boxed();
        }
        inner.waiting.push(Waiting { node: self.node, operation, to });
        async { done.await.unwrap_or_else(|_| Err(gone())) }.boxed()
    }

    fn unit(&self, unit: Unit) -> Unit {
        if !self.attempt_unchecked {
            return unit;
        }
        let decide = unit.decide;
        // The row says what the command wants to hear: whatever attempt comes is the one that was asked.
        let careless = move |held: Held<'_>| {
            let first = decide(held);
            let Answer::Asked { attempt, .. } = held.row.state.answer else { return first };
            (1..attempt).rev().fold(first, |found, attempt| {
                found.or_else(|refusal| {
                    let mut row = held.row.clone();
                    if let Answer::Asked { attempt: asked, .. } = &mut row.state.answer {
                        *asked = attempt;
                    }
                    decide(Held { row: &row, ..held }).map_err(|_| refusal)
                })
            })
        };
        Unit { decide: Box::new(careless), ..unit }
    }
}

pub(super) fn gone() -> Fault {
    Fault::unavailable("the database", "the simulator says so")
}

impl CommitListener for Shared {
    fn committed(&self, unit: &Committed) {
        let mut inner = self.0.lock();
        let entries: Vec<_> = unit.entries.iter().map(|logged| logged.entry).collect();
        if let Some(breach) = inner.audit.commit(&unit.row.state, &entries) {
            inner.breach.get_or_insert(breach);
        }
        let node = inner.current;
        if matches!(unit.row.state.answer, Answer::Asked { .. }) {
            inner.quiet = None;
        }
        for entry in &entries {
            match entry.event {
                Event::TakenOver { .. } => {
                    inner.quiet = Some(node);
                    let at = inner.time.now();
                    let held = inner.held.get(&node).into_iter().flatten();
                    let held = held.filter(|(_, since)| at - *since <= COMMITTED_IN);
                    let mut closed: Vec<usize> = held.map(|(other, _)| *other).collect();
                    closed.push(node);
                    inner.taken = Some(TakenOver { turn: unit.row.state.turn, at, closed });
                }
                Event::HumanRequested { .. } => inner.requests.push(entry.seq),
                _ => {}
            }
        }
        let hub = inner.hubs[node].clone();
        drop(inner);
        if let Some(hub) = hub {
            hub.committed(unit);
        }
    }

    fn row_changed(&self, row: &Arc<Row>) {
        let inner = self.0.lock();
        let hub = inner.hubs[inner.current].clone();
        drop(inner);
        if let Some(hub) = hub {
            hub.row_changed(row);
        }
    }
}
