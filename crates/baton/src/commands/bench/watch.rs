//! Stamps of the hand-over, all from one clock in the server: when a takeover was committed, and whether a token of an
//! earlier turn was handed to a socket after that.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use app::live::TokenProbe;
use domain::{ConversationId, conversation::Event};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use ports::{
    Fault,
    conversations::{CommitListener, Committed, Row},
};
use serde::{Deserialize, Serialize};
use store::{Operation, Pace};

use crate::world::micros;

/// What was seen, of all nodes in one process.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    state: Mutex<State>,
    /// Changes that were handed to the database: each is one commit at most.
    writes: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    /// The turn that a takeover left, and when it was committed.
    taken: HashMap<ConversationId, (u64, u64)>,
    handed: u64,
    leaked: u64,
    latest_us: u64,
}

/// What a server says about itself at its end.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Stamps {
    /// Groups of tokens that were handed to sockets.
    pub(super) handed: u64,
    /// Those of them that were handed over after the commit of the takeover.
    pub(super) leaked: u64,
    /// The longest time after the commit.
    pub(super) latest_us: u64,
    /// Changes that were handed to the database.
    pub(super) writes: u64,
    /// When each conversation's takeover was committed, in Unix microseconds.
    pub(super) taken: HashMap<ConversationId, u64>,
}

impl Watch {
    pub(super) fn stamps(&self) -> Stamps {
        let state = self.state.lock();
        Stamps {
            handed: state.handed,
            leaked: state.leaked,
            latest_us: state.latest_us,
            writes: self.writes.load(Relaxed),
            taken: state.taken.iter().map(|(id, (_, at))| (*id, *at)).collect(),
        }
    }
}

impl TokenProbe for Watch {
    fn handed_over(&self, conversation: ConversationId, turn: u64) {
        let mut state = self.state.lock();
        state.handed += 1;
        let taken = state.taken.get(&conversation).filter(|(now, _)| turn < *now);
        if let Some(late) = taken.map(|(_, at)| micros().saturating_sub(*at)) {
            state.leaked += 1;
            state.latest_us = state.latest_us.max(late);
        }
    }

    // The watch hears of commits before the hub does.
    fn taken_over(&self, _: ConversationId, _: u64) {}
}

/// Stamps a commit the moment it is back, and then tells the hub.
pub(crate) struct First(pub(crate) Arc<Watch>, pub(crate) Arc<dyn CommitListener>);

impl CommitListener for First {
    fn committed(&self, unit: &Committed) {
        if unit.entries.iter().any(|logged| matches!(logged.entry.event, Event::TakenOver { .. })) {
            let mut state = self.0.state.lock();
            state.taken.insert(unit.row.id, (unit.row.state.turn, micros()));
        }
        self.1.committed(unit);
    }

    fn row_changed(&self, row: &Arc<Row>) {
        self.1.row_changed(row);
    }
}

/// Counts what is handed to the database.
impl Pace for Watch {
    fn run(&self, what: Operation, operation: BoxFuture<'static, ()>) -> BoxFuture<'static, Result<(), Fault>> {
        if what != Operation::Read {
            self.writes.fetch_add(1, Relaxed);
        }
        Box::pin(async move {
            operation.await;
            Ok(())
        })
    }
}
