//! What workers do: the worst there can be. They stop for no cancellation, stall, and go on after their lease.

use domain::conversation::{Answer, AssistantOutcome, Command, Control, Rung};

use super::{
    Fault, HandOver,
    parts::{Signal, Work},
    who::At,
    world::World,
};
use crate::audit::Breach;

impl World {
    pub(super) fn claim(&mut self, model: &HandOver, at: At) {
        let Answer::Asked { turn, attempt, .. } = self.row.answer else { return };
        self.lease = Some((turn, at));
        if self.begun == Some((turn, attempt)) {
            // Somebody has begun it: what they still say must be refused before the first new token.
            if self.commit(model, Command::RetryTurn { turn, attempt }).is_none() {
                return;
            }
            self.committed_by(model, at);
        }
        let Answer::Asked { turn: now, attempt, .. } = self.row.answer else { return };
        if now == turn {
            self.begun = Some((turn, attempt));
            self.workers[at.index()] = Some(Work { turn, attempt, tokens: model.bounds.tokens });
        }
    }

    pub(super) fn token(&mut self, model: &HandOver, at: At) {
        let Some(work) = &mut self.workers[at.index()] else { return };
        work.tokens -= 1;
        let (turn, attempt) = (work.turn, work.attempt);
        if Self::node(model, at) == At::A {
            self.pages[0].queue.push(Signal::Token { turn, attempt });
        } else {
            self.frames.push((turn, attempt));
            // The bus has no order.
            self.frames.sort_unstable();
        }
    }

    pub(super) fn settle(&mut self, model: &HandOver, at: At, outcome: AssistantOutcome) {
        let Some(work) = self.workers[at.index()].take() else { return };
        if self.lease == Some((work.turn, at)) {
            self.lease = None;
        }
        let awaited = match self.row.answer {
            Answer::Asked { turn, attempt, .. } => Some((turn, attempt)),
            Answer::Idle => None,
        };
        let attempt = match awaited {
            Some((turn, attempt)) if model.fault == Fault::AttemptUnchecked && turn == work.turn => attempt,
            _ => work.attempt,
        };
        match self.commit(model, Command::AssistantSettles { turn: work.turn, attempt, outcome }) {
            None => self.met.refused |= awaited.is_some(),
            Some(_) => {
                if awaited != Some((work.turn, work.attempt)) {
                    self.breach = Some(Breach::WrongAnswer);
                }
                self.committed_by(model, at);
            }
        }
    }

    /// Says a text to who waits, if they still do at the commit.
    pub(super) fn timer(&mut self, model: &HandOver, at: At) {
        let Control::Requested(request) = &self.row.control else { return };
        self.left.timers -= 1;
        if self.commit(model, Command::Climb { of: request.opened, rung: Rung::FirstText }).is_some() {
            self.committed_by(model, at);
        }
    }

    /// What a worker commits, its node learns in the same step: nothing depends on what comes between.
    fn committed_by(&mut self, model: &HandOver, at: At) {
        let node = Self::node(model, at);
        let row = self.row.clone();
        self.hear(model, node, &row);
        self.hint(model, node);
    }
}
