//! One connection's mailbox: bounded, and honest when it overflows.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{ConversationId, PersonId};
use parking_lot::Mutex;
use ports::conversations::{Logged, Row};
use tokio::sync::Notify;

use super::Room;

/// Most signals that wait for one connection. A connection that is further behind starts over with `resync`.
const QUEUE: usize = 512;
/// An empty mailbox keeps room for so many.
const KEPT: usize = 8;
/// Most changed rows of the inbox that wait for one desk.
const INBOX_ROWS: usize = 1_000;

/// Something that a connection may have to tell its client.
#[derive(Debug, Clone)]
pub enum Signal {
    /// Entries were added to a log.
    Events {
        /// The row after them.
        row: Arc<Row>,
        /// The entries.
        entries: Arc<Vec<Logged>>,
    },
    /// Something that people may have to be alerted of, told to every desk of the workspace.
    News {
        /// The row after it.
        row: Arc<Row>,
        /// The entries that hold the news.
        entries: Arc<Vec<Logged>>,
    },
    /// A part of an answer that is being written. Must pass the gate of its room when it is handed to the socket.
    Tokens(Arc<TokenGroup>),
    /// The answer that was being written will not come.
    TokensDropped {
        /// The conversation.
        conversation: ConversationId,
        /// Which answer.
        turn: u64,
    },
    /// Somebody is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: ConversationId,
        /// Who.
        who: Typist,
        /// Writing now.
        on: bool,
    },
    /// A collaborator has a conversation in front of them, or not any more. For collaborators only.
    Viewing {
        /// The conversation.
        conversation: ConversationId,
        /// Who.
        who: PersonId,
        /// Looking now; told again while it lasts.
        on: bool,
    },
    /// A read mark moved.
    Read {
        /// The row with the new marks.
        row: Arc<Row>,
    },
    /// What is shown is out of date in a way that no row tells: fetch it anew.
    StartOver,
    /// A person's rights changed or their session ended: check them again.
    Recheck,
}

/// Who is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typist {
    /// The visitor.
    Visitor,
    /// A collaborator.
    Person {
        /// Who.
        id: PersonId,
        /// Name as the visitor sees it.
        name: String,
    },
}

/// Tokens of one answer, grouped within 40 ms.
#[derive(Debug)]
pub struct TokenGroup {
    /// The room whose gate they must pass.
    pub room: Arc<Room>,
    /// The turn.
    pub turn: u64,
    /// The attempt.
    pub attempt: u32,
    /// Where they begin in the whole answer, in UTF-16 code units.
    pub offset: u64,
    /// The text.
    pub text: String,
    /// Whether another node writes the answer.
    pub remote: bool,
}

/// Rows of the inbox that changed since the desk was last told, the newest of each conversation only.
#[derive(Debug, Default)]
pub struct InboxChanges {
    rows: Mutex<HashMap<ConversationId, Arc<Row>>>,
    counts_changed: AtomicBool,
    overflowed: AtomicBool,
    wake: Notify,
}

impl InboxChanges {
    /// Takes what has changed: the rows in order of change, and whether counts may differ. `None` after an overflow:
    /// fetch the inbox again.
    pub fn take(&self) -> Option<(Vec<Arc<Row>>, bool)> {
        if self.overflowed.swap(false, Ordering::AcqRel) {
            self.rows.lock().clear();
            return None;
        }
        let mut rows: Vec<_> = std::mem::take(&mut *self.rows.lock()).into_values().collect();
        rows.sort_unstable_by_key(|row| row.change);
        Some((rows, self.counts_changed.swap(false, Ordering::AcqRel)))
    }

    /// Comes back when something has changed.
    pub async fn changed(&self) {
        loop {
            let wake = self.wake.notified();
            if self.overflowed.load(Ordering::Acquire) || !self.rows.lock().is_empty() {
                return;
            }
            wake.await;
        }
    }

    pub(super) fn put(&self, row: &Arc<Row>, counts_changed: bool) {
        let mut rows = self.rows.lock();
        if rows.len() >= INBOX_ROWS && !rows.contains_key(&row.id) {
            self.overflowed.store(true, Ordering::Release);
        } else {
            rows.entry(row.id)
                .and_modify(|known| {
                    if known.change < row.change {
                        *known = Arc::clone(row);
                    }
                })
                .or_insert_with(|| Arc::clone(row));
        }
        drop(rows);
        if counts_changed {
            self.counts_changed.store(true, Ordering::Release);
        }
        self.wake.notify_waiters();
    }
}

/// The sending side of a connection's mailbox, as the hub keeps it.
///
/// No channel of the runtime: those set aside room for 32 signals at once, which is what most visitors never need.
#[derive(Debug)]
pub(super) struct Postbox {
    pub(super) id: u64,
    waiting: Mutex<Waiting>,
    wake: Notify,
    pub(super) inbox: Arc<InboxChanges>,
}

/// Signals that wait for a connection.
#[derive(Debug, Default)]
struct Waiting {
    signals: VecDeque<Signal>,
    /// Some did not find room.
    lost: bool,
}

impl Postbox {
    /// Puts a signal in. A full mailbox forgets what it holds and remembers that it did.
    pub(super) fn put(&self, signal: Signal) {
        let mut waiting = self.waiting.lock();
        if waiting.lost {
            return;
        }
        if waiting.signals.len() < QUEUE {
            waiting.signals.push_back(signal);
        } else {
            *waiting = Waiting { signals: VecDeque::new(), lost: true };
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// What comes next: a signal, or that signals were lost; nothing when nothing waits.
    fn take(&self) -> Option<Option<Signal>> {
        let mut waiting = self.waiting.lock();
        if std::mem::take(&mut waiting.lost) {
            return Some(None);
        }
        let next = waiting.signals.pop_front()?;
        if waiting.signals.is_empty() && waiting.signals.capacity() > KEPT {
            // After a burst: whoever is idle costs little.
            waiting.signals = VecDeque::new();
        }
        Some(Some(next))
    }
}

/// A connection's mailbox.
#[derive(Debug)]
pub struct Mailbox {
    pub(super) postbox: Arc<Postbox>,
}

impl Mailbox {
    pub(super) fn new(id: u64) -> Self {
        let postbox = Postbox { id, waiting: Mutex::default(), wake: Notify::new(), inbox: Arc::default() };
        Self { postbox: Arc::new(postbox) }
    }

    /// The next signal. `None` when signals were lost: the client must subscribe again (the mailbox is then empty).
    pub async fn next(&mut self) -> Option<Signal> {
        loop {
            if let Some(next) = self.postbox.take() {
                return next;
            }
            // What is put in before this waits has left its permit.
            self.postbox.wake.notified().await;
        }
    }

    /// Rows of the inbox that changed, if the inbox is followed.
    pub fn inbox(&self) -> Arc<InboxChanges> {
        Arc::clone(&self.postbox.inbox)
    }
}
