//! Many nodes on one database.
//!
//! The database holds the truth; over the [`Bus`] come hints, tokens that are not saved yet, and the closing of gates.
//! What a node hears is in [`hear`], what it looks up in the database in [`look`], what it asks the others in [`visitors`].
//! Whatever the bus loses, a look at the heads finds ([`look`]); and whatever it delays, no token passes without a fresh
//! reading ([`crate::live::FRESH`]).

mod hear;
mod look;
mod visitors;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::ConversationId;
use parking_lot::Mutex;
use ports::{
    bus::{Bus, Message},
    world::Clock,
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{Baton, live::Closed};

/// A node that says nothing for so long is not waited for.
const GONE: Duration = Duration::from_secs(3);
/// A node that has just started does not know yet who is there; after so long it has heard everybody.
const NEW: Duration = Duration::from_secs(2);
/// How long a takeover waits for other nodes to close their gates. One that is cut off stops by itself.
const CLOSE_IN: Duration = Duration::from_millis(50);
/// Most conversations of which this node remembers that there is more to read. Beyond, it looks at all heads.
const BEHIND: usize = 10_000;

/// The other nodes, as this one knows them.
pub(crate) struct Nodes {
    bus: Arc<dyn Bus>,
    clock: Arc<dyn Clock>,
    began: Instant,
    /// When each was last heard of.
    others: Mutex<HashMap<Uuid, Instant>>,
    /// Takeovers of this node that wait for the gates of others.
    closing: Mutex<HashMap<Uuid, Arc<Closing>>>,
    /// Questions of this node for a visitor's page.
    asking: Mutex<HashMap<Uuid, Arc<visitors::Asking>>>,
    /// Gates of this node that are closed for takeovers of others, and since when.
    closed: Mutex<HashMap<Uuid, (Closed, Instant)>>,
    /// Gates that open as soon as the conversation was read.
    opening: Mutex<Vec<Closed>>,
    /// Conversations of which there is more, and from which entry on; beyond every entry when only the row changed.
    behind: Mutex<BTreeMap<ConversationId, i64>>,
    /// Conversations in which an answer is being shown here, and when a part of it last came.
    streaming: Mutex<HashMap<ConversationId, Instant>>,
    to_fetch: Notify,
    to_read: Notify,
    to_compare: Notify,
}

/// A takeover that waits for other nodes.
#[derive(Default)]
struct Closing {
    missing: Mutex<HashSet<Uuid>>,
    all: Notify,
}

impl Closing {
    fn answered(&self, node: Uuid) {
        let mut missing = self.missing.lock();
        missing.remove(&node);
        if missing.is_empty() {
            self.all.notify_one();
        }
    }
}

/// Keeps the gates of other nodes closed until dropped. They read the conversation before they open again.
pub(crate) struct ClosedElsewhere {
    nodes: Arc<Nodes>,
    hold: Uuid,
}

impl Drop for ClosedElsewhere {
    fn drop(&mut self) {
        self.nodes.closing.lock().remove(&self.hold);
        self.nodes.tell(Message::Release { hold: self.hold });
    }
}

impl Nodes {
    pub(crate) fn new(bus: Arc<dyn Bus>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            bus,
            began: clock.instant(),
            clock,
            others: Mutex::default(),
            closing: Mutex::default(),
            asking: Mutex::default(),
            closed: Mutex::default(),
            opening: Mutex::default(),
            behind: Mutex::default(),
            streaming: Mutex::default(),
            to_fetch: Notify::new(),
            to_read: Notify::new(),
            to_compare: Notify::new(),
        })
    }

    pub(crate) fn tell(&self, message: Message) {
        self.bus.tell(message);
    }

    pub(crate) fn instant(&self) -> Instant {
        self.clock.instant()
    }

    /// There are entries of a conversation, from `first` on, that were not told here.
    pub(crate) fn behind(&self, conversation: ConversationId, first: i64) {
        let mut behind = self.behind.lock();
        if behind.len() < BEHIND {
            behind.entry(conversation).and_modify(|before| *before = first.min(*before)).or_insert(first);
            self.to_fetch.notify_one();
        } else {
            self.to_compare.notify_one();
        }
    }

    /// The nodes whose answer is worth waiting for; nobody's id stands for those that were not heard of yet.
    fn missing(&self) -> HashSet<Uuid> {
        let now = self.instant();
        let mut missing: HashSet<Uuid> = {
            let mut others = self.others.lock();
            others.retain(|_, heard| now.saturating_duration_since(*heard) < GONE);
            others.keys().copied().collect()
        };
        if now.saturating_duration_since(self.began) < NEW {
            // Somebody who was not heard of yet, and who does not answer: the whole time is waited for.
            missing.insert(Uuid::nil());
        }
        missing
    }

    /// Closes the gates of the other nodes for a conversation, as far as they are heard of and answer in time.
    async fn close(self: &Arc<Self>, conversation: ConversationId, hold: Uuid) -> Option<ClosedElsewhere> {
        let missing = self.missing();
        if missing.is_empty() {
            return None;
        }
        let closing = Arc::new(Closing { missing: Mutex::new(missing), all: Notify::new() });
        self.closing.lock().insert(hold, Arc::clone(&closing));
        let closed = ClosedElsewhere { nodes: Arc::clone(self), hold };
        self.tell(Message::Hold { conversation, hold });
        tokio::select! {
            biased;
            () = closing.all.notified() => {}
            () = self.clock.sleep(CLOSE_IN) => {
                tracing::debug!(silent = closing.missing.lock().len(), "a takeover does not wait for silent nodes");
            }
        }
        Some(closed)
    }
}

impl Baton {
    /// Closes the gates of other nodes, where there are any, until the result is dropped.
    pub(crate) async fn close_elsewhere(&self, conversation: ConversationId) -> Option<ClosedElsewhere> {
        let nodes = self.nodes.as_ref()?;
        nodes.close(conversation, self.entropy.id(self.clock.now())).await
    }

    /// Tokens are shown here: the conversation is read again and again, where there are other nodes.
    pub(crate) fn keep_fresh(&self, conversation: ConversationId) {
        let Some(nodes) = &self.nodes else { return };
        if nodes.streaming.lock().insert(conversation, self.clock.instant()).is_none() {
            nodes.to_read.notify_one();
        }
    }

    /// Whether the bus is reached; true where there is none.
    pub fn bus_is_up(&self) -> bool {
        self.nodes.as_ref().is_none_or(|nodes| nodes.bus.is_up())
    }
}
