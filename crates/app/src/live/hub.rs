//! The hub of one node: told of every commit, it tells the connections.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use domain::{ConversationId, PersonId, VisitorId, WorkspaceId, limits};
use parking_lot::Mutex;
use ports::{
    Scope,
    conversations::{CommitListener, Committed, Row},
    jobs::NewJob,
};
use tokio::sync::mpsc;

use super::{
    room::Room,
    subscriber::{Mailbox, Postbox, Signal, Typist},
};

/// Rooms are spread over so many locks.
const SHARDS: usize = 64;

/// Whether tokens must pass the gate. Off exists so that a bench and a test can show what the gate prevents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GateMode {
    /// As it must be.
    #[default]
    On,
    /// Every token passes. Nothing but a test may choose this.
    Off,
}

/// Watches the hand-over at its tightest spot, for tests and benches: both calls read the same clock.
pub trait TokenProbe: Send + Sync {
    /// A token of this turn was just handed to a socket.
    fn handed_over(&self, conversation: ConversationId, turn: u64);
    /// A takeover was just committed; tokens of turns before `turn` must not follow.
    fn taken_over(&self, conversation: ConversationId, turn: u64);
}

/// The hub of one node.
pub struct Hub {
    hasher: RandomState,
    rooms: Vec<Mutex<HashMap<ConversationId, Arc<Room>>>>,
    desks: Mutex<HashMap<WorkspaceId, Vec<Arc<Postbox>>>>,
    /// How many connections each visitor has here.
    seats: Mutex<HashMap<VisitorId, u32>>,
    next_id: AtomicU64,
    newest_change: AtomicI64,
    turns: OnceLock<mpsc::Sender<(Scope, NewJob)>>,
    gate_mode: GateMode,
    probe: Option<Arc<dyn TokenProbe>>,
}

/// A visitor's place for a connection.
pub struct Seat {
    hub: Arc<Hub>,
    visitor: VisitorId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.hub.seats.lock();
        if let Some(taken) = seats.get_mut(&self.visitor) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.visitor);
            }
        }
    }
}

impl Hub {
    /// An empty hub.
    pub fn new(gate_mode: GateMode, probe: Option<Arc<dyn TokenProbe>>) -> Arc<Self> {
        Arc::new(Self {
            hasher: RandomState::new(),
            rooms: (0..SHARDS).map(|_| Mutex::default()).collect(),
            desks: Mutex::default(),
            seats: Mutex::default(),
            next_id: AtomicU64::new(1),
            newest_change: AtomicI64::new(0),
            turns: OnceLock::new(),
            gate_mode,
            probe,
        })
    }

    /// Where jobs go that this node has taken at once. Set once, by the worker.
    pub(crate) fn send_turns_to(&self, queue: mpsc::Sender<(Scope, NewJob)>) {
        // A second worker on one hub would be a defect of the start-up; the first one keeps the jobs.
        let _ = self.turns.set(queue);
    }

    /// Whether tokens must pass the gate.
    pub fn gate_mode(&self) -> GateMode {
        self.gate_mode
    }

    /// Who watches the hand-over.
    pub fn probe(&self) -> Option<&dyn TokenProbe> {
        self.probe.as_deref()
    }

    /// A mailbox for a new connection.
    pub fn connect(&self) -> Mailbox {
        Mailbox::new(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// A place for one more connection of a visitor, until it is dropped; nothing when they have too many.
    pub fn seat(self: &Arc<Self>, visitor: VisitorId) -> Option<Seat> {
        let mut seats = self.seats.lock();
        let taken = seats.entry(visitor).or_default();
        if *taken >= limits::CONNECTIONS_PER_VISITOR {
            return None;
        }
        *taken += 1;
        Some(Seat { hub: Arc::clone(self), visitor })
    }

    /// The room of a conversation; made when it is not there.
    pub fn room(&self, conversation: ConversationId) -> Arc<Room> {
        let mut rooms = self.shard(conversation).lock();
        Arc::clone(rooms.entry(conversation).or_insert_with(|| Arc::new(Room::new(conversation))))
    }

    /// The room of a conversation, if anybody is in it.
    pub fn existing_room(&self, conversation: ConversationId) -> Option<Arc<Room>> {
        self.shard(conversation).lock().get(&conversation).map(Arc::clone)
    }

    /// Follows a conversation. What was committed before is read from the database afterwards, so nothing falls between.
    pub fn follow(&self, mailbox: &Mailbox, conversation: ConversationId) -> Arc<Room> {
        let mut rooms = self.shard(conversation).lock();
        let room = rooms.entry(conversation).or_insert_with(|| Arc::new(Room::new(conversation)));
        room.follow(Arc::clone(&mailbox.postbox));
        Arc::clone(room)
    }

    /// Stops following a conversation.
    pub fn unfollow(&self, mailbox: &Mailbox, conversation: ConversationId) {
        if let Some(room) = self.existing_room(conversation) {
            room.unfollow(mailbox.postbox.id);
        }
        self.tidy(conversation);
    }

    /// Lets go of a room that nobody needs.
    pub fn tidy(&self, conversation: ConversationId) {
        let mut rooms = self.shard(conversation).lock();
        // Whoever holds the `Arc` beside the map may be about to use it: it stays for the next one to tidy.
        if rooms.get(&conversation).is_some_and(|room| Arc::strong_count(room) == 1 && room.is_empty()) {
            rooms.remove(&conversation);
        }
    }

    /// Follows the inbox of a workspace.
    pub fn follow_inbox(&self, mailbox: &Mailbox, scope: Scope) {
        let mut desks = self.desks.lock();
        let desks = desks.entry(scope.workspace()).or_default();
        if !desks.iter().any(|one| one.id == mailbox.postbox.id) {
            desks.push(Arc::clone(&mailbox.postbox));
        }
    }

    /// Stops following the inbox.
    pub fn unfollow_inbox(&self, mailbox: &Mailbox, scope: Scope) {
        let mut desks = self.desks.lock();
        if let Some(all) = desks.get_mut(&scope.workspace()) {
            all.retain(|one| one.id != mailbox.postbox.id);
            if all.is_empty() {
                desks.remove(&scope.workspace());
            }
        }
    }

    /// Tells who follows a conversation that somebody is writing, all but the writer's own connection.
    pub fn typing(&self, mailbox: &Mailbox, conversation: ConversationId, who: Typist, on: bool) {
        if let Some(room) = self.existing_room(conversation) {
            room.tell(&Signal::Typing { conversation, who, on }, Some(mailbox.postbox.id));
        }
    }

    /// Tells who follows a conversation that a collaborator looks at it, all but the collaborator's own connection.
    /// Nothing of it is kept: whoever looks says so again and again, and who hears nothing more knows that it is over.
    pub fn viewing(&self, mailbox: &Mailbox, conversation: ConversationId, who: PersonId, on: bool) {
        if let Some(room) = self.existing_room(conversation) {
            room.tell(&Signal::Viewing { conversation, who, on }, Some(mailbox.postbox.id));
        }
    }

    /// Tells who follows a conversation that its visitor is writing, through a door that follows nothing itself.
    pub fn visitor_typing(&self, conversation: ConversationId, on: bool) {
        if let Some(room) = self.existing_room(conversation) {
            room.tell(&Signal::Typing { conversation, who: Typist::Visitor, on }, None);
        }
    }

    /// The answer that was being written will not come, although no event says so.
    pub fn tokens_dropped(&self, conversation: ConversationId, turn: u64) {
        if let Some(room) = self.existing_room(conversation) {
            room.tell(&Signal::TokensDropped { conversation, turn }, None);
        }
    }

    /// Everybody who follows a conversation checks again whether they may: a chatbot became private, say.
    pub fn recheck_followers(&self) {
        for shard in &self.rooms {
            let rooms: Vec<Arc<Room>> = shard.lock().values().cloned().collect();
            for room in rooms {
                room.tell(&Signal::Recheck, None);
            }
        }
    }

    /// Every desk of the workspace checks its rights again.
    pub fn recheck(&self, scope: Scope) {
        for desk in self.desks.lock().get(&scope.workspace()).into_iter().flatten() {
            desk.put(Signal::Recheck);
        }
    }

    /// Every desk of the workspace fetches what it shows anew: a chatbot is gone, say.
    pub fn start_over(&self, scope: Scope) {
        for desk in self.desks.lock().get(&scope.workspace()).into_iter().flatten() {
            desk.put(Signal::StartOver);
        }
    }

    /// The newest change of any inbox that this node knows of.
    pub fn newest_change(&self) -> i64 {
        self.newest_change.load(Ordering::Acquire)
    }

    fn shard(&self, conversation: ConversationId) -> &Mutex<HashMap<ConversationId, Arc<Room>>> {
        let hash = self.hasher.hash_one(conversation);
        &self.rooms[usize::try_from(hash % SHARDS as u64).unwrap_or_default()]
    }

    fn tell_desks(&self, row: &Arc<Row>, counts_changed: bool, signal: Option<&Signal>) {
        self.newest_change.fetch_max(row.change, Ordering::AcqRel);
        for desk in self.desks.lock().get(&row.scope.workspace()).into_iter().flatten() {
            desk.inbox.put(row, counts_changed);
            if let Some(signal) = signal {
                desk.put(signal.clone());
            }
        }
    }
}

impl CommitListener for Hub {
    fn committed(&self, unit: &Committed) {
        let row = &unit.row;
        let events = || unit.entries.iter().map(|logged| logged.entry.event);
        if let Some(room) = self.existing_room(row.id) {
            // The gate first: when the takeover is told, no token of the old turn can pass any more.
            room.learn(&row.state);
            room.tell(&Signal::Events { row: Arc::clone(row), entries: Arc::clone(&unit.entries) }, None);
        }
        if let Some(probe) = &self.probe
            && events().any(|event| matches!(event, domain::conversation::Event::TakenOver { .. }))
        {
            probe.taken_over(row.id, row.state.turn);
        }
        let news = Signal::News { row: Arc::clone(row), entries: Arc::clone(&unit.entries) };
        let is_news = unit.entries.iter().any(|logged| crate::alerts::is_news(row, logged));
        let counts_changed = events().any(|event| !event.is_text());
        self.tell_desks(row, counts_changed, is_news.then_some(&news));
        for job in &unit.jobs {
            if let Some(turns) = self.turns.get().filter(|_| job.lease.is_some()) {
                // A full queue is no loss: the lease runs out and the poller finds the job.
                let _ = turns.try_send((row.scope, job.clone()));
            }
        }
    }

    fn row_changed(&self, row: &Arc<Row>) {
        if let Some(room) = self.existing_room(row.id) {
            room.tell(&Signal::Read { row: Arc::clone(row) }, None);
        }
        self.tell_desks(row, false, None);
    }
}
