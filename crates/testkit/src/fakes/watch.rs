//! Watches the hand-over at its tightest spot.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{ConversationId, conversation::Event};
use parking_lot::{Condvar, Mutex};
use ports::conversations::{CommitListener, Committed, Row};
use tokio::sync::Notify;

/// A token that was handed to a socket after the commit that withdrew the AI's right to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak {
    /// Where.
    pub conversation: ConversationId,
    /// Turn of the token.
    pub turn: u64,
    /// Turn of the conversation at that time.
    pub now: u64,
}

/// Counts tokens that are handed to a socket after the commit of a takeover.
///
/// It stands between the database and the hub, so that it knows of a commit before anybody else does: what the hub
/// has not heard of yet counts as well.
#[derive(Debug, Default)]
pub struct HandOverWatch {
    state: Mutex<State>,
    /// A person has come.
    came: Condvar,
    /// A token is held back.
    holding: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Turn of each conversation since a person took it over or resolved it.
    taken: HashMap<ConversationId, u64>,
    handed: u64,
    leaks: Vec<Leak>,
    /// The next token of this conversation is held back.
    holds: Option<ConversationId>,
}

/// A token is held back no longer than that: a test whose takeover does not come fails where it waits for it.
const HELD_AT_MOST: Duration = Duration::from_secs(20);

/// A listener that tells the watch first.
#[derive(Clone)]
pub struct Before(pub Arc<HandOverWatch>, pub Arc<dyn CommitListener>);

impl HandOverWatch {
    /// Tokens that were handed to sockets.
    pub fn handed(&self) -> u64 {
        self.state.lock().handed
    }

    /// Tokens that were handed over too late.
    pub fn leaks(&self) -> Vec<Leak> {
        self.state.lock().leaks.clone()
    }

    /// Holds back the next token of a conversation, on its way to a socket, until a person has taken over. Comes back when
    /// one is held: what then follows is late for certain.
    pub async fn hold_next(&self, conversation: ConversationId) {
        self.state.lock().holds = Some(conversation);
        self.holding.notified().await;
    }

    /// A token is about to be handed to a socket.
    pub fn comes(&self, conversation: ConversationId) {
        let mut state = self.state.lock();
        if state.holds != Some(conversation) {
            return;
        }
        state.holds = None;
        self.holding.notify_one();
        self.came.wait_while_for(&mut state, |state| !state.taken.contains_key(&conversation), HELD_AT_MOST);
    }

    /// A token of this turn is being handed to a socket.
    pub fn token(&self, conversation: ConversationId, turn: u64) {
        let mut state = self.state.lock();
        state.handed += 1;
        if let Some(&now) = state.taken.get(&conversation)
            && turn < now
        {
            state.leaks.push(Leak { conversation, turn, now });
        }
    }

    fn committed(&self, unit: &Committed) {
        let withdraws = |event: Event| matches!(event, Event::TakenOver { .. } | Event::Resolved { .. });
        if unit.entries.iter().any(|logged| withdraws(logged.entry.event)) {
            self.state.lock().taken.insert(unit.row.id, unit.row.state.turn);
            self.came.notify_all();
        }
    }
}

impl CommitListener for Before {
    fn committed(&self, unit: &Committed) {
        self.0.committed(unit);
        self.1.committed(unit);
    }

    fn row_changed(&self, row: &Arc<Row>) {
        self.1.row_changed(row);
    }
}
