//! A visitor's page: the follower that sockets and event streams have, told one thing at a time.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use api::frames::VisitorServerFrame as Frame;
use app::live::{Hub, Passage, TokenGroup};
use baton_http::{Follower, Gone, Outlet, Server};
use domain::embed::Place;
use parking_lot::Mutex;
use ports::conversations::KnownVisitor;
use prove::audit::Breach;
use tokio::{sync::Semaphore, task::JoinHandle};

use super::shared::Shared;

/// What a page shows, whatever connection it has.
pub(super) struct Page {
    pub(super) node: usize,
    shown: Arc<Mutex<i64>>,
    /// A frame said that something could not be read: the next heartbeat shows that something is missing.
    failed: Arc<AtomicBool>,
    turn: Arc<Semaphore>,
    task: Option<JoinHandle<()>>,
}

/// The network between a node and a page.
struct Out {
    node: usize,
    shared: Shared,
    shown: Arc<Mutex<i64>>,
    failed: Arc<AtomicBool>,
}

impl Outlet for Out {
    async fn send(&mut self, frame: &Frame) -> Result<(), Gone> {
        if let Frame::Event { event, .. } = frame {
            let mut shown = self.shown.lock();
            if event.visitor_seq != *shown + 1 {
                self.shared.breaks(Breach::Disorder);
            }
            *shown = event.visitor_seq;
        }
        if let Frame::Problem { .. } = frame {
            self.failed.store(true, SeqCst);
        }
        Ok(())
    }

    async fn send_tokens(&mut self, hub: &Hub, group: &Arc<TokenGroup>, _: &Frame) -> Result<(), Gone> {
        loop {
            let hand_over = || self.shared.handed(self.node, group.turn, *self.shown.lock());
            match hub.pass(group, hand_over) {
                Passage::Passed(()) | Passage::Dropped => return Ok(()),
                Passage::Held => hub.moved(group).await,
            }
        }
    }
}

impl Page {
    pub(super) fn new() -> Self {
        Self { node: 0, shown: Arc::default(), failed: Arc::default(), turn: Arc::new(Semaphore::new(0)), task: None }
    }

    pub(super) fn shown(&self) -> i64 {
        *self.shown.lock()
    }

    /// Connects to a node; the connection before is gone.
    pub(super) fn connect(&mut self, node: usize, server: Arc<Server>, visitor: KnownVisitor, shared: Shared) {
        self.disconnect();
        self.node = node;
        self.turn = Arc::new(Semaphore::new(0));
        let (turn, shown) = (Arc::clone(&self.turn), Arc::clone(&self.shown));
        let failed = Arc::clone(&self.failed);
        failed.store(false, SeqCst);
        let out = Out { node, shared, shown: Arc::clone(&shown), failed: Arc::clone(&failed) };
        let mut follower = Follower::new(server, visitor, Place::Page, out);
        self.task = Some(tokio::spawn(async move {
            let after = *shown.lock();
            let mut step = follower.subscribe(after).await;
            while step.is_ok() {
                let Ok(permit) = turn.acquire().await else { break };
                permit.forget();
                let mut again = failed.swap(false, SeqCst);
                if !again {
                    let signal = follower.mailbox.next().await;
                    again = signal.is_none();
                    step = follower.tell(signal).await;
                }
                if again && step.is_ok() {
                    let after = *shown.lock();
                    step = follower.subscribe(after).await;
                }
            }
            follower.unfollow();
        }));
    }

    pub(super) fn disconnect(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// The next thing that it is told comes through, if it stands still now.
    pub(super) fn tell(&self) {
        if self.turn.available_permits() == 0 {
            self.turn.add_permits(1);
        }
    }
}
