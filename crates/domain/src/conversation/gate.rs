//! The rule of the gate: whose tokens may be handed to a socket now. What waits, wakes and locks is the application's.

use super::state::{Answer, Conversation};

/// What a node knows of the answer that a conversation awaits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct GateState {
    /// `seq` of the conversation at which `open` was true; older news is ignored.
    seq: i64,
    /// The answer whose tokens pass: turn and attempt.
    open: Option<(u64, u32)>,
    /// How many are about to commit something that may withdraw the AI's right to speak.
    holding: usize,
}

/// What is to become of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// Hand it over.
    Pass,
    /// A takeover is being committed: ask again when the gate has moved.
    Hold,
    /// Its answer is not awaited (any more).
    Drop,
}

impl GateState {
    /// Rules on a token of this answer.
    pub fn rule(&self, turn: u64, attempt: u32) -> Ruling {
        if self.open != Some((turn, attempt)) {
            Ruling::Drop
        } else if self.holding > 0 {
            Ruling::Hold
        } else {
            Ruling::Pass
        }
    }

    /// The answer whose tokens pass: turn and attempt.
    pub fn open(&self) -> Option<(u64, u32)> {
        self.open
    }

    /// Somebody is about to commit what may withdraw the AI's right to speak.
    pub fn hold(&mut self) {
        self.holding += 1;
    }

    /// They have committed or given up; says whether nobody holds the gate any more.
    pub fn release(&mut self) -> bool {
        self.holding = self.holding.saturating_sub(1);
        self.holding == 0
    }

    /// Learns what a commit (or a reading of the database) says about the awaited answer; says whether that is news.
    pub fn learn(&mut self, conversation: &Conversation) -> bool {
        let open = match conversation.answer {
            Answer::Asked { turn, attempt, .. } => Some((turn, attempt)),
            Answer::Idle => None,
        };
        self.learn_of(conversation.seq, open)
    }

    /// The same of what another node says: the newest `seq` and the awaited answer.
    pub fn learn_of(&mut self, seq: i64, open: Option<(u64, u32)>) -> bool {
        let news = seq >= self.seq && (self.seq, self.open) != (seq, open);
        if news {
            self.seq = seq;
            self.open = open;
        }
        news
    }
}
