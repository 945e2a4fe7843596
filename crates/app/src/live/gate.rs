//! The gate: nothing automatic is handed to a socket after a person took over.
//!
//! Every token of the AI passes the gate of its conversation at the very moment when it is handed to a socket, not when
//! it is queued. Who is about to commit a takeover closes the gate first ([`Gate::hold`]), then commits. Tokens that
//! come meanwhile wait; after the commit they are stale and dropped, after a failed one they pass.
//!
//! *Invariant*: the critical section of a passing token holds no `await` and no lock but this one, so closing the gate
//! waits for microseconds, never for a slow socket.

use domain::conversation::{Conversation, GateState, Ruling};
use parking_lot::RwLock;
use tokio::sync::Notify;

/// The gate of one conversation.
#[derive(Debug, Default)]
pub struct Gate {
    state: RwLock<GateState>,
    moved: Notify,
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
    /// Hands a token over, if its answer is the awaited one.
    pub fn pass<T>(&self, turn: u64, attempt: u32, hand_over: impl FnOnce() -> T) -> Passage<T> {
        let state = self.state.read();
        match state.rule(turn, attempt) {
            Ruling::Pass => Passage::Passed(hand_over()),
            Ruling::Hold => Passage::Held,
            Ruling::Drop => Passage::Dropped,
        }
    }

    /// Closes the gate until the result is dropped. On return no token is being handed over.
    pub fn hold(&self) -> Hold<'_> {
        self.state.write().hold();
        Hold(self)
    }

    /// Learns what a commit (or a reading of the database) says about the awaited answer.
    pub fn learn(&self, conversation: &Conversation) {
        if self.state.write().learn(conversation) {
            self.moved.notify_waiters();
        }
    }

    /// The answer whose tokens pass: turn and attempt.
    pub fn open(&self) -> Option<(u64, u32)> {
        self.state.read().open()
    }

    /// Comes back when the gate may have opened or its answer changed.
    pub async fn moved(&self, turn: u64, attempt: u32) {
        loop {
            let moved = self.moved.notified();
            if self.state.read().rule(turn, attempt) != Ruling::Hold {
                return;
            }
            moved.await;
        }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        if self.0.state.write().release() {
            self.0.moved.notify_waiters();
        }
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
        assert_eq!(gate.pass(1, 1, || ()), Passage::Dropped);
        gate.learn(&asked(1, 1));
        assert_eq!(gate.pass(1, 1, || 7), Passage::Passed(7));
        assert_eq!(gate.pass(1, 2, || ()), Passage::Dropped);
        assert_eq!(gate.pass(2, 1, || ()), Passage::Dropped);
    }

    #[test]
    fn a_held_token_is_stale_after_the_takeover() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        let hold = gate.hold();
        assert_eq!(gate.pass(1, 1, || ()), Passage::Held);
        gate.learn(&idle(3, 2));
        drop(hold);
        assert_eq!(gate.pass(1, 1, || ()), Passage::Dropped);
    }

    #[test]
    fn a_held_token_passes_when_the_takeover_failed() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        drop(gate.hold());
        assert_eq!(gate.pass(1, 1, || ()), Passage::Passed(()));
    }

    #[test]
    fn old_news_does_not_open_it_again() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        gate.learn(&idle(3, 2));
        gate.learn(&asked(1, 1));
        assert_eq!(gate.pass(1, 1, || ()), Passage::Dropped);
    }

    #[test]
    fn two_holds_are_both_needed_to_go() {
        let gate = Gate::default();
        gate.learn(&asked(1, 1));
        let (first, second) = (gate.hold(), gate.hold());
        drop(first);
        assert_eq!(gate.pass(1, 1, || ()), Passage::Held);
        drop(second);
        assert_eq!(gate.pass(1, 1, || ()), Passage::Passed(()));
    }
}
