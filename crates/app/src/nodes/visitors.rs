//! Whether a visitor has a page open, on whichever node: asked at the moment when somebody needs to know. It is needed
//! seldom, before a mail, and pages come and go all the time; so nothing of it is kept anywhere.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use domain::VisitorId;
use parking_lot::Mutex;
use ports::bus::Message;
use tokio::sync::Notify;
use uuid::Uuid;

use super::Nodes;
use crate::Baton;

/// How long the other nodes are waited for. One that does not answer has no page as far as anybody knows: a mail too many is
/// better than one that never comes.
const ANSWERED_IN: Duration = Duration::from_millis(500);

/// A question that waits for the other nodes.
pub(super) struct Asking {
    missing: Mutex<HashSet<Uuid>>,
    here: AtomicBool,
    over: Notify,
}

impl Asking {
    fn answered(&self, node: Uuid, here: bool) {
        if here {
            self.here.store(true, SeqCst);
        }
        let mut missing = self.missing.lock();
        missing.remove(&node);
        if here || missing.is_empty() {
            self.over.notify_one();
        }
    }
}

/// A question is forgotten with whoever asked it, however that ends.
struct Asked<'n> {
    nodes: &'n Nodes,
    question: Uuid,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.nodes.asking.lock().remove(&self.question);
    }
}

impl Nodes {
    async fn ask_for(&self, visitor: VisitorId, question: Uuid) -> bool {
        let mut missing = self.missing();
        if missing.is_empty() {
            // One that was silent for a moment may be there after all; who asks has time.
            missing.insert(Uuid::nil());
        }
        let (here, over) = (AtomicBool::new(false), Notify::new());
        let asking = Arc::new(Asking { missing: Mutex::new(missing), here, over });
        self.asking.lock().insert(question, Arc::clone(&asking));
        let _asked = Asked { nodes: self, question };
        self.tell(Message::IsVisitorHere { visitor, question });
        tokio::select! {
            biased;
            () = asking.over.notified() => {}
            () = self.clock.sleep(ANSWERED_IN) => {
                tracing::debug!(silent = asking.missing.lock().len(), "a node does not say whether a visitor is there");
            }
        }
        asking.here.load(SeqCst)
    }

    /// A node has answered, or is gone.
    pub(super) fn heard_of_visitor(&self, node: Uuid, question: Uuid, here: bool) {
        let asking = self.asking.lock().get(&question).cloned();
        if let Some(asking) = asking {
            asking.answered(node, here);
        }
    }

    /// A node has left: nobody waits for it.
    pub(super) fn asks_no_more(&self, node: Uuid) {
        for asking in self.asking.lock().values() {
            asking.answered(node, false);
        }
    }
}

impl Baton {
    /// Whether a visitor has a page open, here or on another node.
    pub async fn is_visitor_here(&self, visitor: VisitorId) -> bool {
        if self.hub.is_here(visitor) {
            return true;
        }
        let Some(nodes) = &self.nodes else { return false };
        nodes.ask_for(visitor, self.entropy.id(self.clock.now())).await
    }
}
