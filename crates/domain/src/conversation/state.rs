//! The state of a conversation, and how events change it.

use serde::{Deserialize, Serialize};

use super::{
    command::Actor,
    event::{Asks, Audience, Entry, Event},
    reason::Reason,
    rung::{Rung, Taken},
};
use crate::{Millis, PersonId};

/// Who answers now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "control", rename_all = "snake_case")]
pub enum Control {
    /// The AI.
    Ai,
    /// The AI, and a person is wanted.
    Requested(Request),
    /// A person; every AI is off.
    Live(Live),
    /// Nobody: it is done.
    Resolved,
}

/// [`Control`] without what belongs to it: for lists, counts and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The AI answers.
    Ai,
    /// A person is wanted.
    Requested,
    /// A person answers.
    Live,
    /// It is done.
    Resolved,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ai, Self::Requested, Self::Live, Self::Resolved];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ai => "ai",
            Self::Requested => "requested",
            Self::Live => "live",
            Self::Resolved => "resolved",
        }
    }

    /// The standing of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }
}

/// An open request for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// `seq` of the event that opened it: its identity for timers and alerts.
    pub opened: i64,
    /// When.
    pub since: Millis,
    /// The reason that opened it; later ones are in the log.
    pub reason: Reason,
    /// The AI stays silent until the request is closed.
    pub hold: bool,
    /// It was made while nobody is there, and nobody will be before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Millis>,
    /// The steps that were taken since nobody has come.
    #[serde(default, skip_serializing_if = "Taken::is_none")]
    pub taken: Taken,
    /// What said last, while it is open, who should take care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

/// An assignment while a request is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Given {
    /// `seq` of the assignment.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// A person did it; otherwise routing.
    pub by_hand: bool,
}

impl Request {
    /// `seq` of the assignment by which routing has given it to one person: what others were called to before is over for
    /// them. Nothing once everybody was called further.
    pub fn given_to_one(&self, assignee: Option<PersonId>) -> Option<i64> {
        let further = self.taken.has(Rung::Team) || self.taken.has(Rung::Admins);
        self.given.filter(|given| !given.by_hand && assignee.is_some() && !further).map(|given| given.seq)
    }
}

/// A live chat.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Live {
    /// `seq` of the takeover: its identity for timers.
    pub began: i64,
    /// When.
    pub since: Millis,
    /// Who takes part, never empty; the first one answers for it.
    pub participants: Vec<PersonId>,
    /// The visitor waits for a word of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
}

/// A wait for a word of a person in a live chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unanswered {
    /// `seq` of what it began with: its identity for timers.
    pub seq: i64,
    /// When.
    pub since: Millis,
    /// The steps that were taken since then.
    #[serde(default, skip_serializing_if = "Taken::is_none")]
    pub taken: Taken,
}

/// A request that was dismissed and may still be opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dismissed {
    /// The request as it was.
    pub request: Request,
    /// When it was dismissed.
    pub at: Millis,
}

/// Whether an answer of the AI is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// No: whatever an AI says now is refused.
    Idle,
    /// Yes, this one and no other.
    Asked {
        /// The turn.
        turn: u64,
        /// The attempt at it, from 1.
        attempt: u32,
        /// When the first message of the burst came.
        since: Millis,
        /// How often the burst made it start over.
        restarts: u8,
        /// More was written that will be answered after it.
        more: bool,
    },
}

/// The state of a conversation: everything that [`decide`](super::decide::decide) looks at. A store keeps the numbers
/// as columns, and `control` and `answer` in their stored form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Conversation {
    /// Newest `seq`; 0 when the log is empty.
    pub seq: i64,
    /// Newest `visitor_seq`.
    pub visitor_seq: i64,
    /// Rises whenever the AI's right to speak is withdrawn or renewed.
    pub turn: u64,
    /// Who answers now.
    pub control: Control,
    /// Whether an answer of the AI is awaited.
    pub answer: Answer,
    /// Who should take care of it.
    pub assignee: Option<PersonId>,
    /// The request that was dismissed last, while nothing else has come of the conversation.
    pub dismissed: Option<Dismissed>,
    /// The visitor was answered once: from then on files may come from them.
    pub exchanged: bool,
}

impl From<&Entry> for Unanswered {
    fn from(entry: &Entry) -> Self {
        Self { seq: entry.seq, since: entry.at, taken: Taken::default() }
    }
}

impl Default for Conversation {
    fn default() -> Self {
        Self {
            seq: 0,
            visitor_seq: 0,
            turn: 0,
            control: Control::Ai,
            answer: Answer::Idle,
            assignee: None,
            dismissed: None,
            exchanged: false,
        }
    }
}

impl Conversation {
    /// Who answers now, in a word.
    pub fn standing(&self) -> Standing {
        match self.control {
            Control::Ai => Standing::Ai,
            Control::Requested(_) => Standing::Requested,
            Control::Live(_) => Standing::Live,
            Control::Resolved => Standing::Resolved,
        }
    }

    /// The people in the live chat; empty when there is none.
    pub fn participants(&self) -> &[PersonId] {
        match &self.control {
            Control::Live(live) => &live.participants,
            _ => &[],
        }
    }

    /// Numbers decided events and applies them: the entries to store, and the state after them.
    pub fn record(mut self, events: &[Event], now: Millis) -> (Self, Vec<Entry>) {
        let mut entries = Vec::with_capacity(events.len());
        for &event in events {
            let mut entry = Entry {
                seq: self.seq + 1,
                visitor_seq: (event.audience() == Audience::Everyone).then_some(self.visitor_seq + 1),
                at: now,
                turn: self.turn,
                event,
            };
            self = self.apply(&entry);
            entry.turn = self.turn;
            entries.push(entry);
        }
        (self, entries)
    }

    /// The state after one entry of the log.
    #[must_use]
    pub fn apply(mut self, entry: &Entry) -> Self {
        self.seq = entry.seq;
        self.visitor_seq = entry.visitor_seq.unwrap_or(self.visitor_seq);
        self.exchanged |= entry.event.is_answer();
        match entry.event {
            Event::VisitorWrote { asks } => {
                self.visitor_wrote(asks, entry.at);
                if let Control::Live(live) = &mut self.control {
                    live.unanswered = live.unanswered.or(Some(Unanswered::from(entry)));
                }
            }
            Event::AskedAgain => self.ask(entry.at, 0),
            Event::AttemptRaised { attempt: raised, .. } => {
                if let Answer::Asked { attempt, .. } = &mut self.answer {
                    *attempt = raised;
                }
            }
            Event::AssistantWrote { .. } => self.answer = Answer::Idle,
            Event::HumanRequested { reason, hold, settles, opens } => {
                if settles.is_some() {
                    self.answer = Answer::Idle;
                }
                if hold {
                    self.withdraw();
                }
                self.dismissed = None;
                self.request(entry, reason, hold, opens);
            }
            Event::ReasonAdded { settles, .. } => {
                if settles.is_some() {
                    self.answer = Answer::Idle;
                }
            }
            Event::RequestDismissed { .. } | Event::RequestCancelled => {
                let by_person = matches!(entry.event, Event::RequestDismissed { .. });
                if let Control::Requested(request) = self.control {
                    if request.hold {
                        self.withdraw();
                    }
                    self.dismissed = by_person.then_some(Dismissed { request, at: entry.at });
                }
                self.control = Control::Ai;
            }
            Event::RequestReopened { .. } => {
                if let Some(Dismissed { request, .. }) = self.dismissed.take() {
                    if request.hold {
                        self.withdraw();
                    }
                    self.control = Control::Requested(request);
                }
            }
            Event::TakenOver { person } => {
                self.withdraw();
                self.dismissed = None;
                // Who takes over without a word owes the visitor one.
                let unanswered = Some(Unanswered::from(entry));
                let participants = vec![person];
                self.control = Control::Live(Live { began: entry.seq, since: entry.at, participants, unanswered });
            }
            Event::PersonWrote { .. } => {
                if let Control::Live(live) = &mut self.control {
                    live.unanswered = None;
                }
            }
            Event::Joined { person } => {
                if let Control::Live(live) = &mut self.control {
                    live.participants.push(person);
                }
            }
            Event::Left { person } => {
                if let Control::Live(live) = &mut self.control {
                    live.participants.retain(|&one| one != person);
                }
            }
            Event::ParticipantsReplaced { person, .. } => {
                if let Control::Live(live) = &mut self.control {
                    live.participants = vec![person];
                    // Whoever has it now has as much time as the one before.
                    live.unanswered = live.unanswered.map(|_| Unanswered::from(entry));
                }
            }
            Event::Assigned { to, by } => {
                self.assignee = to;
                if let Control::Requested(request) = &mut self.control {
                    let by_hand = by != Actor::System;
                    request.given = Some(Given { seq: entry.seq, at: entry.at, by_hand });
                }
            }
            Event::LiveChatEnded { .. } | Event::Reopened { .. } => {
                self.withdraw();
                self.control = Control::Ai;
            }
            Event::Released { hold, opens } => {
                self.withdraw();
                self.request(entry, Reason::Released, hold, opens);
            }
            Event::Climbed { rung } => self.climbed(rung),
            Event::Resolved { .. } => {
                self.withdraw();
                self.dismissed = None;
                self.control = Control::Resolved;
            }
            Event::RequestAcknowledged
            | Event::Announced { .. }
            | Event::AiAlerted
            | Event::Rated { .. }
            | Event::NoteWritten { .. }
            | Event::TextEdited { .. }
            | Event::TextDeleted { .. } => {}
        }
        self
    }

    /// The AI's right to speak ends here.
    fn withdraw(&mut self) {
        self.turn += 1;
        self.answer = Answer::Idle;
    }

    /// The AI is asked anew; what it was asked before is over.
    fn ask(&mut self, since: Millis, restarts: u8) {
        self.turn += 1;
        self.answer = Answer::Asked { turn: self.turn, attempt: 1, since, restarts, more: false };
    }

    fn visitor_wrote(&mut self, asks: Asks, at: Millis) {
        match (asks, &mut self.answer) {
            (Asks::Nobody, _) | (Asks::AiLater, Answer::Idle) => {}
            (Asks::AiLater, Answer::Asked { more, .. }) => *more = true,
            (Asks::Ai, Answer::Idle) => self.ask(at, 0),
            (Asks::Ai, Answer::Asked { since, restarts, .. }) => {
                let (since, restarts) = (*since, restarts.saturating_add(1));
                self.ask(since, restarts);
            }
        }
    }

    fn request(&mut self, entry: &Entry, reason: Reason, hold: bool, opens: Option<Millis>) {
        let (opened, since, taken) = (entry.seq, entry.at, Taken::default());
        self.control = Control::Requested(Request { opened, since, reason, hold, opens, taken, given: None });
    }

    fn climbed(&mut self, rung: Rung) {
        match &mut self.control {
            Control::Requested(request) => request.taken = request.taken.and(rung),
            Control::Live(Live { unanswered: Some(wait), .. }) => wait.taken = wait.taken.and(rung),
            Control::Ai | Control::Live(_) | Control::Resolved => {}
        }
    }
}
