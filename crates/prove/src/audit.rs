//! What no log may hold, whoever wrote it: the model checker asks here, and so does the simulator that runs the real parts.

use domain::conversation::{Answer, Control, Conversation, Entry, Event};

/// What must hold in every history.
pub const PROMISES: [&str; 8] = [
    "no AI text is stored after a takeover",
    "no AI text is seen after a takeover",
    "no token is sent after the commit of its own node",
    "one controller at a time",
    "a turn is answered once, by the attempt that was asked",
    "numbers have no gaps",
    "a page shows each event once, in order",
    "every client comes to show the log",
];

/// What must never happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breach {
    /// An automatic text was committed while a person was there.
    StoredLeak,
    /// A token of an old turn came to a page that had been told of the new one.
    SeenLeak,
    /// A token was handed to a socket after the commit of a takeover that had closed this node's gate.
    SentLeak,
    /// Somebody wrote who does not have the chat.
    TwoControllers,
    /// An answer that was not the awaited one was accepted, or a turn was answered twice.
    WrongAnswer,
    /// A number was left out or given twice.
    Gap,
    /// A page showed an event twice, or out of order.
    Disorder,
    /// A client does not come to show the log.
    NotConverged,
    /// A model was asked on, after its node had committed a takeover. Only the real parts have models: no history shows it.
    StillAsked,
}

impl Breach {
    /// The promise that is broken.
    pub fn promise(self) -> &'static str {
        match self {
            Self::StillAsked => "no model is asked on after a takeover of its own node",
            other => PROMISES[other as usize],
        }
    }
}

/// Looks at everything that is added to one log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Audit {
    seq: i64,
    /// The turn after each event that visitors see.
    turns: Vec<u64>,
    live: bool,
    /// The newest turn that was answered.
    answered: u64,
    /// The answer that is awaited.
    awaited: Option<(u64, u32)>,
    /// There was a live chat, and it has ended.
    ended: bool,
    /// The AI has answered since.
    answered_again: bool,
}

impl Audit {
    /// Looks at what a commit has added; `after` is the state that it left.
    pub fn commit(&mut self, after: &Conversation, entries: &[Entry]) -> Option<Breach> {
        let mut breach = None;
        for entry in entries {
            self.seq += 1;
            if entry.visitor_seq.is_some() {
                self.turns.push(entry.turn);
            }
            let shown = i64::try_from(self.turns.len()).unwrap_or(i64::MAX);
            if entry.seq != self.seq || entry.visitor_seq.is_some_and(|given| given != shown) {
                breach = Some(Breach::Gap);
            }
            if self.live && entry.event.is_automatic_text() {
                breach = Some(Breach::StoredLeak);
            }
            breach = self.event(&entry.event, after).or(breach);
        }
        self.awaited = match after.answer {
            Answer::Asked { turn, attempt, .. } => Some((turn, attempt)),
            Answer::Idle => None,
        };
        self.live = matches!(after.control, Control::Live(_));
        breach
    }

    fn event(&mut self, event: &Event, after: &Conversation) -> Option<Breach> {
        match *event {
            Event::TakenOver { .. } => self.live = true,
            Event::LiveChatEnded { .. } => {
                self.live = false;
                self.ended = true;
            }
            Event::PersonWrote { person } if !after.participants().contains(&person) => {
                return Some(Breach::TwoControllers);
            }
            Event::AssistantWrote { turn, attempt } => {
                let wrong = turn <= self.answered || self.awaited != Some((turn, attempt));
                self.answered = turn;
                self.answered_again |= self.ended;
                return wrong.then_some(Breach::WrongAnswer);
            }
            _ => {}
        }
        None
    }

    /// The turn after the event with this `visitor_seq`; 0 before the first.
    pub fn turn_at(&self, visitor_seq: i64) -> u64 {
        let place = usize::try_from(visitor_seq).unwrap_or_default();
        self.turns.get(place.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// Whether the AI has answered after a live chat.
    pub fn answered_again(&self) -> bool {
        self.answered_again
    }
}
