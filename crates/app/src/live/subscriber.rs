//! One connection's mailbox: bounded, and honest when it overflows.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{ConversationId, PersonId};
use parking_lot::Mutex;
use ports::conversations::{Logged, Row};
use tokio::sync::{Notify, mpsc};

use super::Room;

/// Most signals that wait for one connection. A connection that is further behind starts over with `resync`.
const QUEUE: usize = 512;
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
#[derive(Debug)]
pub(super) struct Postbox {
    pub(super) id: u64,
    queue: mpsc::Sender<Signal>,
    lagging: Arc<AtomicBool>,
    pub(super) inbox: Arc<InboxChanges>,
}

impl Postbox {
    /// Puts a signal in. A full mailbox forgets it and remembers that it did.
    pub(super) fn put(&self, signal: Signal) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(signal) {
            self.lagging.store(true, Ordering::Release);
        }
    }
}

/// A connection's mailbox.
#[derive(Debug)]
pub struct Mailbox {
    pub(super) postbox: Arc<Postbox>,
    queue: mpsc::Receiver<Signal>,
    lagging: Arc<AtomicBool>,
}

impl Mailbox {
    pub(super) fn new(id: u64) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let lagging = Arc::new(AtomicBool::new(false));
        let inbox = Arc::new(InboxChanges::default());
        let postbox = Arc::new(Postbox { id, queue: sender, lagging: Arc::clone(&lagging), inbox });
        Self { postbox, queue, lagging }
    }

    /// The next signal. `None` when signals were lost: the client must subscribe again (the mailbox is then empty).
    pub async fn next(&mut self) -> Option<Signal> {
        if self.lagging.swap(false, Ordering::AcqRel) {
            while self.queue.try_recv().is_ok() {}
            return None;
        }
        // The postbox in `self` keeps the channel open, so there is always a next signal to wait for.
        match self.queue.recv().await {
            Some(signal) if !self.lagging.load(Ordering::Acquire) => Some(signal),
            _ => {
                self.lagging.store(false, Ordering::Release);
                while self.queue.try_recv().is_ok() {}
                None
            }
        }
    }

    /// Rows of the inbox that changed, if the inbox is followed.
    pub fn inbox(&self) -> Arc<InboxChanges> {
        Arc::clone(&self.postbox.inbox)
    }
}
