//! What the world is made of: commands on their way, workers, sockets.

use domain::conversation::Conversation;

use super::action::Says;

/// Whether the other node has been asked to close its gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Remote {
    NotNeeded,
    Asked,
    Holds,
    Silent,
}

/// How far a command is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    Idle,
    Begun {
        says: Says,
        holds: bool,
        remote: Remote,
    },
    Committed {
        row: Conversation,
        holds: bool,
        remote: Remote,
    },
    /// Only with [`Fault::OpensBeforeLearning`].
    Opened {
        row: Conversation,
    },
}

/// A worker at work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Work {
    pub(super) turn: u64,
    pub(super) attempt: u32,
    pub(super) tokens: u8,
}

/// What waits in the queue of a socket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Signal {
    /// There are events up to this number.
    Upto(i64),
    Token {
        turn: u64,
        attempt: u32,
    },
}

/// A socket and what its page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Page {
    pub(super) queue: Vec<Signal>,
    /// Newest event that was put into the queue.
    pub(super) told: i64,
    /// Newest event that is shown.
    pub(super) shown: i64,
    /// The turn after that event.
    pub(super) turn: u64,
}
