//! The gate: nothing automatic is handed to a socket after a person took over.
//!
//! Every token of the AI passes the gate of its conversation at the very moment when it is handed to a socket, not when
//! it is queued. Who is about to commit a takeover closes the gate first ([`Gate::hold`]), then commits. Tokens that
//! come meanwhile wait; after the commit they are stale and dropped, after a failed one they pass.
//!
//! Where there are many nodes a token needs more: this one must have read the conversation less than [`FRESH`] ago. So a
//! node that is cut off passes none that may be stale, whatever became of the bus.
//!
//! *Invariant*: the critical section of a passing token holds no `await` and no lock but this one, so closing the gate
//! waits for microseconds, never for a slow socket.

use std::time::{Duration, Instant};

use domain::conversation::{Conversation, GateState, Ruling};
use parking_lot::RwLock;
use ports::bus::Head;
use tokio::sync::Notify;

/// How long a reading of the database lets tokens pass, where there are many nodes.
pub const FRESH: Duration = Duration::from_millis(500);

/// The gate of one conversation.
#[derive(Debug, Default)]
pub struct Gate {
    state: RwLock<State>,
    moved: Notify,
}

#[derive(Debug, Default)]
struct State {
    rule: GateState,
    /// When the newest reading of the database began.
    read_at: Option<Instant>,
}

impl State {
    /// The ruling on a token; with the time where there are many nodes.
    fn rule(&self, turn: u64, attempt: u32, fresh_at: Option<Instant>) -> Ruling {
        let ruling = self.rule.rule(turn, attempt);
        let stale =
            fresh_at.is_some_and(|now| self.read_at.is_none_or(|read| now.saturating_duration_since(read) > FRESH));
        if stale && ruling == Ruling::Pass { Ruling::Hold } else { ruling }
    }
}

/// What became of a token at the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage<T> {
    /// It was handed over.
    Passed(T),
    /// A takeover is being committed: wait with [`Gate::moved`] and try again.
    Held,
    /// Its answer is not awaited (any more).
    Dropped,
}

/// Keeps the gate closed until dropped.
#[derive(Debug)]
pub struct Hold<'gate>(&'gate Gate);

impl Gate {
    /// Hands a token over, if its answer is the awaited one. With the time where there are many nodes.
    pub fn pass<T>(
        &self,
        turn: u64,
        attempt: u32,
        fresh_at: Option<Instant>,
        hand_over: impl FnOnce() -> T,
    ) -> Passage<T> {
        let state = self.state.read();
        match state.rule(turn, attempt, fresh_at) {
            Ruling::Pass => Passage::Passed(hand_over()),
            Ruling::Hold => Passage::Held,
            Ruling::Drop => Passage::Dropped,
        }
    }

    /// Closes the gate until the result is dropped. On return no token is being handed over.
    pub fn hold(&self) -> Hold<'_> {
        self.close();
        Hold(self)
    }

    pub(super) fn close(&self) {
        self.state.write().rule.hold();
    }

    pub(super) fn release(&self) {
        if self.state.write().rule.release() {
            self.moved.notify_waiters();
        }
    }

    /// Learns what a commit (or a reading of the database) says about the awaited answer.
    pub fn learn(&self, conversation: &Conversation) {
        if self.state.write().rule.learn(conversation) {
            self.moved.notify_waiters();
        }
    }

    /// An event of this turn is about to be shown on this node.
    pub fn shows(&self, turn: u64) {
        // Mostly it is known: whoever shows takes turns with nobody.
        if self.state.read().rule.shown() < turn && self.state.write().rule.shows(turn) {
            self.moved.notify_waiters();
        }
    }

    /// Learns what another node says of a commit.
    pub fn learn_of(&self, head: Head) {
        if self.state.write().rule.learn_of(head.seq, head.awaits) {
            self.moved.notify_waiters();
        }
    }

    /// Learns from a reading of the database that began at this time.
    pub fn read(&self, conversation: &Conversation, began: Instant) {
        let mut state = self.state.write();
        state.rule.learn(conversation);
        state.read_at = Some(state.read_at.map_or(began, |before| before.max(began)));
        drop(state);
        self.moved.notify_waiters();
    }

    /// The answer whose tokens pass: turn and attempt.
    pub fn open(&self) -> Option<(u64, u32)> {
        self.state.read().rule.open()
    }

    /// Comes back when the gate may have opened or its answer changed.
    pub async fn moved(&self, turn: u64, attempt: u32, fresh_at: impl Fn() -> Option<Instant>) {
        loop {
            let moved = self.moved.notified();
            if self.state.read().rule(turn, attempt, fresh_at()) != Ruling::Hold {
                return;
            }
            moved.await;
        }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

#[cfg(test)]
mod tests {
    use domain::{Millis, conversation::Answer};

    use super::*;

    fn asked(seq: i64, turn: u64) -> Conversation {
        let answer = Answer::Asked { turn, attempt: 1, since: Millis(0), restarts: 0, more: false };
        Conversation { seq, turn, answer, ..Conversation::default() }
    }

    fn idle(seq: i64, turn: u64) -> Conversation {
        Conversation { seq, turn, ..Conversation::default() }
    }

    #[test]
    fn only_the_awaited_answer_passes() {
        let gate = Gate::default();
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Dropped);
        gate.learn(&asked(1, 1));
        assert_eq!(gate.pass(1, 1, None, || 7), Passage::Passed(7));
        assert_eq!(gate.pass(1, 2, None, || ()), Passage::Dropped);
        assert_eq!(gate.pass(2, 1, None, || ()), Passage::Dropped);
    }

    #[test]
    fn a_held_token_is_stale_after_the_takeover() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        let hold = gate.hold();
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Held);
        gate.learn(&idle(3, 2));
        drop(hold);
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Dropped);
    }

    #[test]
    fn a_held_token_passes_when_the_takeover_failed() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        drop(gate.hold());
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Passed(()));
    }

    #[test]
    fn old_news_does_not_open_it_again() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        gate.learn(&idle(3, 2));
        gate.learn(&asked(1, 1));
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Dropped);
    }

    #[test]
    fn two_holds_are_both_needed_to_go() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        let (first, second) = (gate.hold(), gate.hold());
        drop(first);
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Held);
        drop(second);
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Passed(()));
    }

    #[test]
    fn among_many_nodes_tokens_need_a_fresh_reading() {
        #[expect(clippy::disallowed_methods, reason = "any time will do")]
        let now = Instant::now();
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        assert_eq!(gate.pass(1, 1, Some(now), || ()), Passage::Held);
        gate.read(&asked(1, 1), now);
        assert_eq!(gate.pass(1, 1, Some(now + FRESH), || ()), Passage::Passed(()));
        let late = now + FRESH + Duration::from_millis(1);
        assert_eq!(gate.pass(1, 1, Some(late), || ()), Passage::Held);
        assert_eq!(gate.pass(1, 1, None, || ()), Passage::Passed(()));
        gate.read(&idle(3, 2), late);
        assert_eq!(gate.pass(1, 1, Some(late), || ()), Passage::Dropped);
    }
}
