//! The hub of one node: told of every commit, it tells the connections.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::{
    ConversationId, Millis, PersonId, VisitorId, WorkspaceId,
    conversation::Event,
    limits,
    push::{PageAt, waits},
};
use parking_lot::Mutex;
use ports::{
    Scope,
    bus::Message,
    conversations::{CommitListener, Committed, Logged, Row},
    jobs::NewJob,
    routing::Here,
};
use tokio::sync::{Notify, mpsc};

use super::{
    desks::Desks,
    gate::Passage,
    room::Room,
    subscriber::{Mailbox, Postbox, Signal, TokenGroup, Typist},
};
use crate::{
    auth::{Staff, Via},
    calls::place,
    nodes::Nodes,
    numbers,
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
    /// A token of this conversation is about to be handed to a socket: nobody has asked the gate yet.
    fn comes(&self, _: ConversationId) {}
    /// A token of this turn was just handed to a socket.
    fn handed_over(&self, conversation: ConversationId, turn: u64);
    /// A takeover was just committed; tokens of turns before `turn` must not follow.
    fn taken_over(&self, conversation: ConversationId, turn: u64);
}

/// The hub of one node.
pub struct Hub {
    hasher: RandomState,
    rooms: Vec<Mutex<HashMap<ConversationId, Arc<Room>>>>,
    pub(crate) desks: Desks,
    /// The pages of the desk that each person has open here.
    pages: Mutex<HashMap<PersonId, Vec<DeskPage>>>,
    /// Who has pages open, or sits at them, is not as it was.
    pages_changed: Notify,
    /// How many connections each visitor has here.
    seats: Mutex<HashMap<VisitorId, u32>>,
    next_id: AtomicU64,
    turns: OnceLock<mpsc::Sender<(Scope, NewJob)>>,
    gate_mode: GateMode,
    probe: Option<Arc<dyn TokenProbe>>,
    /// The other nodes, where there are any.
    nodes: OnceLock<Arc<Nodes>>,
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

/// Where a page of the desk hears of its person's rights.
struct DeskPage {
    scope: Scope,
    /// The browser that it is open in; nothing for a program, which nobody looks at.
    device: Option<String>,
    /// Nobody sits at it.
    away: bool,
    /// When it was used last: more is later.
    used: u64,
    postbox: Arc<Postbox>,
}

/// A page of the desk that is open, until it is dropped.
pub struct OpenPage {
    hub: Arc<Hub>,
    person: PersonId,
    /// Which of the person's pages.
    page: u64,
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut pages = self.hub.pages.lock();
        if let Some(open) = pages.get_mut(&self.person) {
            open.retain(|page| page.postbox.id != self.page);
            if open.is_empty() {
                pages.remove(&self.person);
            }
        }
        self.hub.pages_changed.notify_one();
    }
}

impl OpenPage {
    /// Somebody sits at it, or nobody does. That somebody does is said again while they use it.
    pub fn set_away(&self, away: bool) {
        let now = self.hub.next_id.fetch_add(1, Ordering::Relaxed);
        let mut pages = self.hub.pages.lock();
        let own =
            pages.get_mut(&self.person).and_then(|open| open.iter_mut().find(|page| page.postbox.id == self.page));
        let Some(page) = own else { return };
        if !away {
            page.used = now;
        }
        if page.away != away {
            page.away = away;
            self.hub.pages_changed.notify_one();
        }
    }

    /// Whether it leaves it to another device of the same person to tell of something first.
    pub fn waits(&self) -> bool {
        let pages = self.hub.pages.lock();
        let Some(open) = pages.get(&self.person) else { return false };
        let own = open.iter().find(|page| page.postbox.id == self.page).and_then(|page| page.device.as_ref());
        let Some(own) = own else { return false };
        let all: Vec<PageAt<&String>> = open
            .iter()
            .filter_map(|page| Some(PageAt { device: page.device.as_ref()?, away: page.away, used: page.used }))
            .collect();
        waits(&all, &own)
    }
}

impl Hub {
    /// An empty hub.
    pub fn new(gate_mode: GateMode, probe: Option<Arc<dyn TokenProbe>>) -> Arc<Self> {
        Arc::new(Self {
            hasher: RandomState::new(),
            rooms: (0..SHARDS).map(|_| Mutex::default()).collect(),
            desks: Desks::default(),
            pages: Mutex::default(),
            pages_changed: Notify::new(),
            seats: Mutex::default(),
            next_id: AtomicU64::new(1),
            turns: OnceLock::new(),
            gate_mode,
            probe,
            nodes: OnceLock::new(),
        })
    }

    /// Where jobs go that this node has taken at once. Set once, by the worker.
    pub(crate) fn send_turns_to(&self, queue: mpsc::Sender<(Scope, NewJob)>) {
        // A second worker on one hub would be a defect of the start-up; the first one keeps the jobs.
        let _ = self.turns.set(queue);
    }

    /// There are other nodes: what happens here is told to them. Said once, when the application is put together.
    pub(crate) fn join(&self, nodes: Arc<Nodes>) {
        let _ = self.nodes.set(nodes);
    }

    /// Tells the other nodes, where there are any.
    pub(crate) fn tell_nodes(&self, message: impl FnOnce() -> Message) {
        if let Some(nodes) = self.nodes.get() {
            nodes.tell(message());
        }
    }

    /// Hands tokens over, if their answer is still awaited. Nothing waits between the gate and `hand_over`.
    pub fn pass<T>(&self, group: &TokenGroup, hand_over: impl FnOnce() -> T) -> Passage<T> {
        if let Some(probe) = &self.probe {
            probe.comes(group.room.conversation);
        }
        let hand_over = || {
            let handed = hand_over();
            if let Some(probe) = &self.probe {
                probe.handed_over(group.room.conversation, group.turn);
            }
            handed
        };
        match self.gate_mode {
            GateMode::On => group.room.gate.pass(group.turn, group.attempt, self.fresh_at(), hand_over),
            GateMode::Off => Passage::Passed(hand_over()),
        }
    }

    /// Comes back when held tokens may pass, or are to be dropped.
    pub async fn moved(&self, group: &TokenGroup) {
        group.room.gate.moved(group.turn, group.attempt, || self.fresh_at()).await;
    }

    /// The time, where there are other nodes: a person may come on one that does not reach this one.
    fn fresh_at(&self) -> Option<Instant> {
        self.nodes.get().map(|nodes| nodes.instant())
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

    /// Whether a visitor has a page open on this node.
    pub fn is_here(&self, visitor: VisitorId) -> bool {
        self.seats.lock().contains_key(&visitor)
    }

    /// Says that a person has a page of the desk open, until the result is dropped, and whether nobody sits at it. It is
    /// told when rights change.
    pub fn open_page(self: &Arc<Self>, mailbox: &Mailbox, staff: &Staff, away: bool) -> OpenPage {
        let postbox = Arc::clone(&mailbox.postbox);
        let (person, page) = (staff.id(), postbox.id);
        let device = matches!(staff.via, Via::Session { .. }).then(|| place(staff));
        let used = self.next_id.fetch_add(1, Ordering::Relaxed);
        let opened = DeskPage { scope: staff.scope(), device, away, used, postbox };
        self.pages.lock().entry(person).or_default().push(opened);
        self.pages_changed.notify_one();
        OpenPage { hub: Arc::clone(self), person, page }
    }

    /// Who has the desk open on this node.
    pub(crate) fn here(&self) -> HashMap<PersonId, Here> {
        let pages = self.pages.lock();
        let here = pages.iter().filter_map(|(&person, open)| {
            let away = open.iter().all(|page| page.away);
            Some((person, Here { scope: open.first()?.scope, person, away }))
        });
        here.collect()
    }

    /// Comes back when that is not as it was.
    pub(crate) async fn pages_changed(&self) {
        self.pages_changed.notified().await;
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
        self.desks.follow(Arc::clone(&mailbox.postbox), scope);
    }

    /// A desk has read the inbox up to this change: what comes after it is compared from here on.
    pub fn inbox_begins_at(&self, scope: Scope, change: i64) {
        self.desks.begins_at(scope, change);
    }

    /// Stops following the inbox.
    pub fn unfollow_inbox(&self, mailbox: &Mailbox, scope: Scope) {
        self.desks.unfollow(mailbox.postbox.id, scope.workspace());
    }

    /// Tells who follows a conversation that somebody is writing, all but the writer's own connection.
    pub fn typing(&self, mailbox: &Mailbox, conversation: ConversationId, who: Typist, on: bool) {
        self.typing_except(Some(mailbox), conversation, who, on);
    }

    /// Tells who follows a conversation that a collaborator looks at it, all but the collaborator's own connection.
    /// Nothing of it is kept: whoever looks says so again and again, and who hears nothing more knows that it is over.
    pub fn viewing(&self, mailbox: &Mailbox, conversation: ConversationId, who: PersonId, on: bool) {
        self.tell_nodes(|| Message::Viewing { conversation, person: who, on });
        self.tell_room(conversation, &Signal::Viewing { conversation, who, on }, Some(mailbox.postbox.id));
    }

    /// Tells who follows a conversation that its visitor is writing, through a door that follows nothing itself.
    pub fn visitor_typing(&self, conversation: ConversationId, on: bool) {
        self.typing_except(None, conversation, Typist::Visitor, on);
    }

    fn typing_except(&self, mailbox: Option<&Mailbox>, conversation: ConversationId, who: Typist, on: bool) {
        self.tell_nodes(|| {
            let person = match &who {
                Typist::Visitor => None,
                Typist::Person { id, name } => Some((*id, name.clone())),
            };
            Message::Typing { conversation, person, on }
        });
        self.tell_room(conversation, &Signal::Typing { conversation, who, on }, mailbox.map(|one| one.postbox.id));
    }

    /// The answer that was being written will not come, although no event says so.
    pub fn tokens_dropped(&self, conversation: ConversationId, turn: u64) {
        self.tell_nodes(|| Message::TokensDropped { conversation, turn });
        self.tell_room(conversation, &Signal::TokensDropped { conversation, turn }, None);
    }

    /// Tells who follows a conversation here.
    pub(crate) fn tell_room(&self, conversation: ConversationId, signal: &Signal, except: Option<u64>) {
        if let Some(room) = self.existing_room(conversation) {
            room.tell(signal, except);
        }
    }

    /// An event of this turn is about to be shown to somebody who follows here: nothing of an earlier answer comes after it.
    pub fn shows(&self, conversation: ConversationId, turn: u64) {
        if let Some(room) = self.existing_room(conversation) {
            room.gate.shows(turn);
        }
    }

    /// The text so far of the answer that is being written. When another node writes it and none of it came here yet, it
    /// is asked for; it comes as tokens.
    pub fn running(&self, conversation: ConversationId) -> Option<Arc<TokenGroup>> {
        let room = self.existing_room(conversation)?;
        let group = room.text_so_far();
        if group.is_none() && room.gate.open().is_some() {
            self.tell_nodes(|| Message::TextSoFar { conversation });
        }
        group.map(Arc::new)
    }

    /// Everybody who follows a conversation checks again whether they may: a chatbot became private, say.
    pub fn recheck_followers(&self) {
        self.tell_nodes(|| Message::RecheckFollowers {});
        self.recheck_followers_here();
    }

    pub(crate) fn recheck_followers_here(&self) {
        for room in self.rooms() {
            room.tell(&Signal::Recheck, None);
        }
    }

    /// Every room of this node.
    pub(crate) fn rooms(&self) -> Vec<Arc<Room>> {
        self.rooms.iter().flat_map(|shard| shard.lock().values().cloned().collect::<Vec<_>>()).collect()
    }

    /// Every desk of the workspace checks its rights again, whatever it follows.
    pub fn recheck(&self, scope: Scope) {
        self.tell_nodes(|| Message::Recheck { workspace: scope.workspace() });
        self.recheck_here(scope.workspace());
    }

    pub(crate) fn recheck_here(&self, workspace: WorkspaceId) {
        for page in self.pages.lock().values().flatten().filter(|page| page.scope.workspace() == workspace) {
            page.postbox.put(Signal::Recheck);
        }
    }

    /// Every desk of the workspace fetches what it shows anew: a chatbot is gone, say.
    pub fn start_over(&self, scope: Scope) {
        self.tell_nodes(|| Message::StartOver { workspace: scope.workspace() });
        self.desks.tell(scope.workspace(), &Signal::StartOver);
    }

    fn shard(&self, conversation: ConversationId) -> &Mutex<HashMap<ConversationId, Arc<Room>>> {
        let hash = self.hasher.hash_one(conversation);
        &self.rooms[usize::try_from(hash % SHARDS as u64).unwrap_or_default()]
    }

    /// Tells those of this node who follow the conversation or its inbox. Entries that come with a hint or are found
    /// missing come this way too; who has them already passes over them. What was written before `news_since` is no news.
    pub(crate) fn tell_here(&self, row: &Arc<Row>, entries: &Arc<Vec<Logged>>, news_since: Millis) {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return };
        let nodes = self.nodes.get();
        let mut missing = None;
        if let Some(room) = self.existing_room(row.id) {
            // The gate first: when the takeover is told, no token of the old turn can pass any more.
            room.learn(&row.state);
            // A node that is alone loses no hint.
            missing = nodes.and_then(|_| room.tells(first.entry.seq, last.entry.seq));
            room.tell(&Signal::Events { row: Arc::clone(row), entries: Arc::clone(entries) }, None);
        }
        let news = if first.entry.at >= news_since {
            Arc::clone(entries)
        } else {
            Arc::new(entries.iter().filter(|logged| logged.entry.at >= news_since).cloned().collect())
        };
        let is_news = news.iter().any(|logged| crate::alerts::is_news(row, logged));
        let news = is_news.then(|| Signal::News { row: Arc::clone(row), entries: news });
        self.desks.added(row, entries, news.as_ref());
        if let Some(nodes) = nodes {
            let missing = self.desks.tells(row, first.entry.seq, last.entry.seq).into_iter().chain(missing).min();
            if let Some(missing) = missing {
                nodes.behind(row.id, missing);
            }
        }
    }

    /// The same of a row that changed without a new entry.
    pub(crate) fn tell_row_here(&self, row: &Arc<Row>) {
        self.tell_room(row.id, &Signal::Read { row: Arc::clone(row) }, None);
        self.desks.changed(row);
    }
}

impl CommitListener for Hub {
    fn committed(&self, unit: &Committed) {
        let row = &unit.row;
        self.tell_here(row, &unit.entries, Millis(i64::MIN));
        numbers::observe(&unit.requests);
        if let Some(probe) = &self.probe
            && unit.entries.iter().any(|logged| matches!(logged.entry.event, Event::TakenOver { .. }))
        {
            probe.taken_over(row.id, row.state.turn);
        }
        if let Some(first) = unit.entries.first() {
            let (workspace, conversation, first) = (row.scope.workspace(), row.id, first.entry.seq);
            self.tell_nodes(|| Message::Changed { workspace, conversation, first, head: (&row.state).into() });
        }
        for job in &unit.jobs {
            if job.lease.is_none() {
                self.tell_nodes(|| Message::Jobs {});
            } else if let Some(turns) = self.turns.get() {
                // A full queue is no loss: the lease runs out and the poller finds the job.
                let _ = turns.try_send((row.scope, job.clone()));
            }
        }
    }

    fn row_changed(&self, row: &Arc<Row>) {
        self.tell_row_here(row);
        self.tell_nodes(|| Message::Row { workspace: row.scope.workspace(), conversation: row.id });
    }
}
