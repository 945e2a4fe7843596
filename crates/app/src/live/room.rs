//! What a node knows of one conversation while somebody follows it or the AI answers in it.

use std::sync::Arc;

use domain::{ConversationId, conversation::Conversation};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::{
    gate::Gate,
    subscriber::{Postbox, Signal, TokenGroup},
};

/// One conversation, while it is followed.
#[derive(Debug)]
pub struct Room {
    /// The conversation.
    pub conversation: ConversationId,
    /// What every token must pass.
    pub gate: Gate,
    followers: Mutex<Vec<Arc<Postbox>>>,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    turn: u64,
    attempt: u32,
    text: String,
    length: u64,
    cancel: CancellationToken,
}

/// The text of an answer so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningAnswer {
    /// The turn.
    pub turn: u64,
    /// The attempt.
    pub attempt: u32,
    /// The text.
    pub text: String,
}

impl Room {
    pub(super) fn new(conversation: ConversationId) -> Self {
        Self { conversation, gate: Gate::default(), followers: Mutex::default(), running: Mutex::default() }
    }

    pub(super) fn follow(&self, postbox: Arc<Postbox>) {
        let mut followers = self.followers.lock();
        if !followers.iter().any(|one| one.id == postbox.id) {
            followers.push(postbox);
        }
    }

    pub(super) fn unfollow(&self, id: u64) {
        self.followers.lock().retain(|one| one.id != id);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.followers.lock().is_empty() && self.running.lock().is_none()
    }

    /// Tells everybody who follows, but the connection `except`.
    pub(super) fn tell(&self, signal: &Signal, except: Option<u64>) {
        for postbox in self.followers.lock().iter() {
            if Some(postbox.id) != except {
                postbox.put(signal.clone());
            }
        }
    }

    /// An answer begins here. Whatever ran before is cancelled. The result says when this one is to stop.
    pub fn begin(&self, turn: u64, attempt: u32) -> CancellationToken {
        let cancel = CancellationToken::new();
        let next = Running { turn, attempt, text: String::new(), length: 0, cancel: cancel.clone() };
        let before = self.running.lock().replace(next);
        if let Some(before) = before {
            before.cancel.cancel();
        }
        cancel
    }

    /// Adds text to the running answer and tells those who follow. Nothing happens when it is not the running one.
    pub fn append(self: &Arc<Self>, turn: u64, attempt: u32, text: &str) {
        let mut running = self.running.lock();
        let Some(answer) = running.as_mut().filter(|one| (one.turn, one.attempt) == (turn, attempt)) else { return };
        let offset = answer.length;
        answer.text.push_str(text);
        answer.length += utf16_len(text);
        drop(running);
        let group = TokenGroup { room: Arc::clone(self), turn, attempt, offset, text: text.to_owned() };
        self.tell(&Signal::Tokens(Arc::new(group)), None);
    }

    /// The answer has ended, one way or the other.
    pub fn end(&self, turn: u64, attempt: u32) {
        let mut running = self.running.lock();
        if running.as_ref().is_some_and(|one| (one.turn, one.attempt) == (turn, attempt)) {
            *running = None;
        }
    }

    /// The text of the running answer so far.
    pub fn text_so_far(&self) -> Option<RunningAnswer> {
        let running = self.running.lock();
        running.as_ref().map(|one| RunningAnswer { turn: one.turn, attempt: one.attempt, text: one.text.clone() })
    }

    /// Learns from a commit: the gate moves, and an answer that is not awaited any more is cancelled.
    pub(super) fn learn(&self, state: &Conversation) {
        self.gate.learn(state);
        let open = self.gate.open();
        let running = self.running.lock();
        if let Some(answer) = running.as_ref().filter(|one| Some((one.turn, one.attempt)) != open) {
            answer.cancel.cancel();
        }
    }
}

/// Length of a text as JavaScript counts it.
fn utf16_len(text: &str) -> u64 {
    text.chars().map(|c| c.len_utf16() as u64).sum()
}
