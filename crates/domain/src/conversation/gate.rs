//! The rule of the gate: whose tokens may be handed to a socket now. What waits, wakes and locks is the application's.

use super::state::{Answer, Conversation};

/// What a node knows of the answer that a conversation awaits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct GateState {
    /// `seq` of the conversation at which `open` was true; older news is ignored.
    seq: i64,
    /// The answer whose tokens pass: turn and attempt.
    open: Option<(u64, u32)>,
    /// Events of this turn were shown: nothing of an earlier one follows them, whatever the newest reading says.
    shown: u64,
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
        if self.open != Some((turn, attempt)) || turn < self.shown {
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

    /// An event of this turn is about to be shown: it may be newer than what this node knows of the conversation. Says
    /// whether that is news.
    pub fn shows(&mut self, turn: u64) -> bool {
        let news = turn > self.shown;
        self.shown = self.shown.max(turn);
        news
    }

    /// The newest turn of which an event was shown.
    pub fn shown(&self) -> u64 {
        self.shown
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An event can be read before the row that belongs to it.
    #[test]
    fn nothing_of_an_earlier_turn_passes_behind_an_event_of_a_later_one() {
        let mut gate = GateState::default();
        gate.learn_of(3, Some((1, 1)));
        assert_eq!(gate.rule(1, 1), Ruling::Pass);
        assert!(gate.shows(2));
        assert_eq!(gate.rule(1, 1), Ruling::Drop);
        assert!(!gate.shows(1), "it stays so");
        gate.learn_of(4, Some((1, 1)));
        assert_eq!(gate.rule(1, 1), Ruling::Drop, "also when an older reading comes late");
        gate.learn_of(5, Some((2, 1)));
        assert_eq!(gate.rule(2, 1), Ruling::Pass);
    }
}
