//! What a node knows of one conversation while somebody follows it or the AI answers in it.

use std::{sync::Arc, time::Instant};

use domain::{ConversationId, conversation::Conversation};
use parking_lot::Mutex;
use ports::bus::Head;
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
    /// Every entry up to this one was told here, or was in the database when the first follower came.
    told: Mutex<Option<i64>>,
}

#[derive(Debug)]
struct Running {
    turn: u64,
    attempt: u32,
    text: String,
    length: u64,
    at: Runs,
}

/// Where an answer is written.
#[derive(Debug)]
enum Runs {
    Here(CancellationToken),
    Elsewhere {
        /// A part of it was missed, and its node was asked for it.
        asked: bool,
    },
}

/// Keeps the gate of a room closed until dropped, whoever drops it.
#[derive(Debug)]
pub struct Closed(Arc<Room>);

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.gate.release();
    }
}

impl Closed {
    /// Whose gate it is.
    pub fn room(&self) -> &Arc<Room> {
        &self.0
    }
}

/// What came of tokens from another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fits {
    /// They were told.
    Told,
    /// They are old, or of an answer that is over.
    Old,
    /// Something before them is missing, for the first time.
    Gap,
}

impl Room {
    pub(super) fn new(conversation: ConversationId) -> Self {
        Self {
            conversation,
            gate: Gate::default(),
            followers: Mutex::default(),
            running: Mutex::default(),
            told: Mutex::default(),
        }
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
        let runs_here = matches!(&*self.running.lock(), Some(Running { at: Runs::Here(_), .. }));
        !runs_here && self.followers.lock().is_empty()
    }

    /// Closes the gate until the result is dropped.
    pub fn close(self: &Arc<Self>) -> Closed {
        self.gate.close();
        Closed(Arc::clone(self))
    }

    /// Tells everybody who follows, but the connection `except`.
    pub(super) fn tell(&self, signal: &Signal, except: Option<u64>) {
        for postbox in self.followers.lock().iter() {
            if Some(postbox.id) != except {
                postbox.put(signal.clone());
            }
        }
    }

    /// A follower, or a turn, begins with this reading of the conversation.
    pub fn begins_with(&self, state: &Conversation) {
        self.gate.learn(state);
        self.told.lock().get_or_insert(state.seq);
    }

    /// Entries from `first` to `last` are about to be told. The number of the first one that was never told before them,
    /// if there is one: its hint was lost.
    pub(super) fn tells(&self, first: i64, last: i64) -> Option<i64> {
        let mut told = self.told.lock();
        match *told {
            Some(before) if first > before + 1 => Some(before + 1),
            before => {
                *told = Some(before.map_or(last, |before| before.max(last)));
                None
            }
        }
    }

    /// Every entry up to this one was told, once anything was.
    pub(crate) fn told(&self) -> Option<i64> {
        *self.told.lock()
    }

    /// An answer begins here. Whatever ran before is cancelled. The result says when this one is to stop.
    pub fn begin(&self, turn: u64, attempt: u32) -> CancellationToken {
        let cancel = CancellationToken::new();
        let next = Running { turn, attempt, text: String::new(), length: 0, at: Runs::Here(cancel.clone()) };
        let before = self.running.lock().replace(next);
        if let Some(Running { at: Runs::Here(before), .. }) = before {
            before.cancel();
        }
        cancel
    }

    /// The running answer starts over as another attempt: what was said of it is void. Nothing happens when it is not the
    /// running one.
    pub fn restart(&self, turn: u64, attempt: u32, next: u32) {
        let mut running = self.running.lock();
        if let Some(answer) = running.as_mut().filter(|one| (one.turn, one.attempt) == (turn, attempt)) {
            answer.attempt = next;
            answer.text.clear();
            answer.length = 0;
        }
    }

    /// Adds text to the answer that runs here and tells those who follow; gives where it begins. Nothing happens when it
    /// is not the running one.
    pub fn append(self: &Arc<Self>, turn: u64, attempt: u32, text: &str) -> Option<u64> {
        let mut running = self.running.lock();
        let answer = running.as_mut().filter(|one| (one.turn, one.attempt) == (turn, attempt))?;
        let offset = answer.length;
        answer.text.push_str(text);
        answer.length += utf16_len(text);
        drop(running);
        let room = Arc::clone(self);
        let group = TokenGroup { room, turn, attempt, offset, text: text.to_owned(), remote: false };
        self.tell(&Signal::Tokens(Arc::new(group)), None);
        Some(offset)
    }

    /// Adds text that another node has sent, as far as it is new, and tells those who follow.
    pub(crate) fn append_remote(self: &Arc<Self>, turn: u64, attempt: u32, offset: u64, text: &str) -> Fits {
        let mut running = self.running.lock();
        match &*running {
            Some(one) if (one.turn, one.attempt) > (turn, attempt) => return Fits::Old,
            Some(one) if (one.turn, one.attempt) == (turn, attempt) => {}
            Some(Running { at: Runs::Here(_), .. }) => return Fits::Old,
            _ => {
                let at = Runs::Elsewhere { asked: false };
                *running = Some(Running { turn, attempt, text: String::new(), length: 0, at });
            }
        }
        let Some(Running { text: whole, length, at: Runs::Elsewhere { asked }, .. }) = &mut *running else {
            return Fits::Old;
        };
        if offset > *length {
            return if std::mem::replace(asked, true) { Fits::Old } else { Fits::Gap };
        }
        let new = after_utf16(text, *length - offset);
        if new.is_empty() {
            return Fits::Old;
        }
        let offset = *length;
        whole.push_str(new);
        *length += utf16_len(new);
        *asked = false;
        drop(running);
        let room = Arc::clone(self);
        let group = TokenGroup { room, turn, attempt, offset, text: new.to_owned(), remote: true };
        self.tell(&Signal::Tokens(Arc::new(group)), None);
        Fits::Told
    }

    /// The answer has ended, one way or the other.
    pub fn end(&self, turn: u64, attempt: u32) {
        let mut running = self.running.lock();
        if running.as_ref().is_some_and(|one| (one.turn, one.attempt) == (turn, attempt)) {
            *running = None;
        }
    }

    /// The text of the running answer so far, as one group from the start.
    pub fn text_so_far(self: &Arc<Self>) -> Option<TokenGroup> {
        let running = self.running.lock();
        let one = running.as_ref().filter(|one| !one.text.is_empty())?;
        let remote = matches!(one.at, Runs::Elsewhere { .. });
        let (room, text) = (Arc::clone(self), one.text.clone());
        Some(TokenGroup { room, turn: one.turn, attempt: one.attempt, offset: 0, text, remote })
    }

    /// Learns from a commit: the gate moves, and an answer that is not awaited any more is cancelled.
    pub(super) fn learn(&self, state: &Conversation) {
        self.gate.learn(state);
        self.let_go();
    }

    /// Learns what another node says of a commit.
    pub(crate) fn learn_of(&self, head: Head) {
        self.gate.learn_of(head);
        self.let_go();
    }

    /// Learns from a reading of the database that began at this time.
    pub(crate) fn read(&self, state: &Conversation, began: Instant) {
        self.gate.read(state, began);
        self.let_go();
    }

    /// Lets go of an answer that is not awaited any more.
    fn let_go(&self) {
        let open = self.gate.open();
        let mut running = self.running.lock();
        match running.as_ref().filter(|one| Some((one.turn, one.attempt)) != open) {
            Some(Running { at: Runs::Here(cancel), .. }) => cancel.cancel(),
            // Its first tokens may be faster than the news that it is awaited.
            Some(Running { at: Runs::Elsewhere { .. }, turn, .. })
                if open.is_none_or(|(awaited, _)| awaited >= *turn) =>
            {
                *running = None;
            }
            Some(_) | None => {}
        }
    }
}

/// Length of a text as JavaScript counts it.
fn utf16_len(text: &str) -> u64 {
    text.chars().map(|c| c.len_utf16() as u64).sum()
}

/// What comes after so many UTF-16 code units.
fn after_utf16(text: &str, skip: u64) -> &str {
    let mut passed = 0;
    let rest = text.char_indices().find(|(_, c)| {
        let here = passed >= skip;
        passed += c.len_utf16() as u64;
        here
    });
    rest.map_or("", |(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use domain::ConversationId;
    use uuid::Uuid;

    use super::*;

    fn room() -> Arc<Room> {
        Arc::new(Room::new(ConversationId::new(Uuid::from_u128(1))))
    }

    #[test]
    fn tokens_of_another_node_become_one_text() {
        let room = room();
        assert_eq!(room.append_remote(3, 1, 0, "Hé"), Fits::Told);
        assert_eq!(room.append_remote(3, 1, 5, "late"), Fits::Gap);
        assert_eq!(room.append_remote(3, 1, 9, "later"), Fits::Old, "it is asked for once");
        assert_eq!(room.append_remote(3, 1, 0, "Hé 🙂 ja"), Fits::Told);
        assert_eq!(room.append_remote(3, 1, 0, "Hé"), Fits::Old);
        assert_eq!(room.append_remote(2, 1, 0, "old"), Fits::Old);
        let group = room.text_so_far().unwrap();
        assert_eq!((group.text.as_str(), group.turn, group.remote), ("Hé 🙂 ja", 3, true));
        assert_eq!(room.append_remote(3, 2, 0, "again"), Fits::Told);
        assert_eq!(room.text_so_far().unwrap().text, "again");
    }

    #[test]
    fn a_gap_in_what_is_told_is_noticed() {
        let room = room();
        room.begins_with(&Conversation { seq: 4, ..Conversation::default() });
        assert_eq!(room.tells(5, 6), None);
        assert_eq!(room.tells(8, 8), Some(7));
        assert_eq!(room.tells(7, 8), None);
        assert_eq!(room.tells(6, 8), None);
        assert_eq!(room.told(), Some(8));
    }
}
