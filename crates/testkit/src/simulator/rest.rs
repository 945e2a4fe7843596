//! Nothing is broken any more: everything must come to rest, and everybody must have everything.

use std::{sync::Arc, time::Duration};

use app::live::Signal;
use domain::conversation::Answer;
use ports::conversations::{Conversations, LogRange, Row};
use prove::audit::Breach;
use tokio::task::JoinHandle;

use crate::fakes::Call;

use super::{
    shared::block,
    world::{PAGES, World},
};

/// Rounds in which everything must come to rest once nothing is broken any more.
const ROUNDS: usize = 60;

impl World<'_> {
    fn hear_alerts(&mut self) {
        let conversation = self.conversation();
        for node in &mut self.nodes {
            while let Some(signal) = futures_util::FutureExt::now_or_never(node.desk.next()) {
                if let Some(Signal::News { row, entries }) = signal
                    && row.id == conversation
                {
                    node.alerted.extend(entries.iter().map(|logged| logged.entry.seq));
                }
            }
        }
    }

    /// Nothing is broken any more: everything must come to rest, and everybody must have everything.
    pub(super) async fn heal(&mut self) -> Option<Breach> {
        for node in 0..self.nodes.len() {
            self.freeze(node, false);
        }
        self.idle.wait().await;
        for _ in 0..ROUNDS {
            self.rest().await;
            if self.shared.breach().is_some() {
                return self.shared.breach();
            }
            let unheard = !self.heard.lock().unheard.is_empty();
            if unheard {
                self.again(0, 0);
                self.idle.wait().await;
                continue;
            }
            if self.converged() {
                return self.verified();
            }
            self.time.pass(Duration::from_millis(2_100));
            self.idle.wait().await;
        }
        Some(Breach::NotConverged)
    }

    /// Until nobody waits for anything but time.
    async fn rest(&mut self) {
        loop {
            let mut went_on = false;
            while self.done(0) || self.carry(0) {
                went_on = true;
                self.idle.wait().await;
                if self.shared.breach().is_some() {
                    return;
                }
            }
            while let Some(call) = self.call(0) {
                call.say("That is all.").await;
                call.finish().await;
                went_on = true;
                self.idle.wait().await;
                if self.shared.waits(|_| true) > 0 || self.wire.len() > 0 {
                    break;
                }
            }
            if !went_on && self.tell_all().await {
                went_on = true;
            }
            for node in self.wire.take_released() {
                self.shared.released(node);
            }
            if !went_on {
                return;
            }
        }
    }

    /// Every page takes all that it is told; whether that asked the database for something.
    async fn tell_all(&self) -> bool {
        for _ in 0..64 {
            (0..PAGES).for_each(|page| self.tell(page));
            self.idle.wait().await;
            if self.shared.waits(|_| true) > 0 {
                return true;
            }
        }
        false
    }

    fn row(&self) -> Arc<Row> {
        block(self.database.row(self.visitor.scope, self.conversation())).unwrap()
    }

    fn converged(&mut self) -> bool {
        self.hear_alerts();
        let row = self.row();
        let told = self.shared.requests();
        matches!(row.state.answer, Answer::Idle)
            && self.pages.iter().all(|page| page.shown() == row.state.visitor_seq)
            && self.nodes.iter().all(|node| told.iter().all(|seq| node.alerted.contains(seq)))
    }

    /// What was acknowledged is in the log once; what was not, at most once.
    fn verified(&self) -> Option<Breach> {
        let range = LogRange { after: 0, before: None, visitor: false, limit: 10_000 };
        let log = block(self.database.log(self.visitor.scope, self.conversation(), range)).unwrap();
        for said in &self.heard.lock().acknowledged {
            let stored = log.iter().filter(|logged| logged.client_id.as_deref() == Some(&said.id)).count();
            if stored != 1 {
                return Some(Breach::Disorder);
            }
        }
        self.shared.breach()
    }

    pub(super) fn breach(&self) -> Option<Breach> {
        self.shared.breach()
    }

    /// What there is at the end, for whoever looks into a plan.
    pub(super) fn report(&mut self) -> String {
        self.hear_alerts();
        let row = self.row();
        let pages: Vec<(usize, i64)> = self.pages.iter().map(|page| (page.node, page.shown())).collect();
        let alerted: Vec<&Vec<i64>> = self.nodes.iter().map(|node| &node.alerted).collect();
        let ended: Vec<bool> = self.nodes.iter().flat_map(|node| &node.tasks).map(JoinHandle::is_finished).collect();
        let jobs = block(self.database.check()).map(|facts| (facts.jobs, facts.dead_jobs)).unwrap_or_default();
        let calls: Vec<Vec<bool>> =
            self.nodes.iter().map(|node| node.model.calls().iter().map(Call::is_dropped).collect()).collect();
        format!(
            "jobs and dead ones {jobs:?}; model calls that are over {calls:?}; ended {ended:?}; wire {}; row {:?}; pages (node, shown) {pages:?}; requests {:?}, alerted {alerted:?}; {} unheard; {} operations wait",
            self.wire.len(),
            row.state,
            self.shared.requests(),
            self.heard.lock().unheard.len(),
            self.shared.waits(|_| true),
        )
    }

    pub(super) async fn end(self) {
        for node in &self.nodes {
            node.stop.cancel();
            node.tasks.iter().for_each(JoinHandle::abort);
        }
        self.pages.into_iter().for_each(|mut page| page.disconnect());
        // What still waits keeps the database open.
        self.shared.end();
        self.idle.wait().await;
        block(self.database.close());
    }
}
