//! What can be asked of a conversation.

use serde::{Deserialize, Serialize};

use super::{
    event::{Entry, Event},
    reason::Reason,
    rung::Rung,
};
use crate::{
    Millis, PersonId,
    person::Collaborator,
    rating::{Ended, Score},
};

/// Who did something that a person, the visitor or Baton itself may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// The visitor.
    Visitor,
    /// A collaborator.
    Person {
        /// Who.
        id: PersonId,
    },
    /// Baton, by a rule or a timer.
    System,
}

/// What the settings of the chatbot say, as far as the machine needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// `Enable Human Escalation`.
    pub escalation: bool,
    /// While a person is wanted the AI stays silent.
    pub hold: bool,
    /// There is an enabled AI agent that answers visitors.
    pub ai_available: bool,
    /// There is a text for `Live Chat Starts Announcement`.
    pub announces_start: bool,
    /// There is a text for `Live Chat Ends Announcement`.
    pub announces_end: bool,
    /// There is a text for visitors who ask while nobody is there.
    pub tells_away: bool,
    /// Nobody is there now, by the office hours; from then on somebody is.
    pub opens: Option<Millis>,
}

/// What came of a turn of the AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssistantOutcome {
    /// An answer.
    Answered {
        /// It holds a watched phrase: the people are alerted, nobody is requested.
        alerts: bool,
        /// It makes a request: a watched phrase that also requests, or a promise of a person.
        requests: Option<Reason>,
    },
    /// No answer, but a request for a person.
    Requests(Reason),
}

/// A text in the log that somebody wants to change: what its envelope says, and whether there is still a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Its place in the log.
    pub seq: i64,
    /// Its place among what the visitor sees; absent on a note.
    pub visitor_seq: Option<i64>,
    /// The collaborator who wrote it; nobody when the AI did.
    pub author: Option<PersonId>,
    /// It was deleted before.
    pub deleted: bool,
}

impl Written {
    /// The text of an entry, if it has one that people at the desk may change: a collaborator's message or note, or an
    /// answer of the AI. What the visitor wrote is the visitor's.
    pub fn of(entry: &Entry, deleted: bool) -> Option<Self> {
        let author = match entry.event {
            Event::PersonWrote { person } | Event::NoteWritten { person } => Some(person),
            Event::AssistantWrote { .. } => None,
            _ => return None,
        };
        Some(Self { seq: entry.seq, visitor_seq: entry.visitor_seq, author, deleted })
    }
}

/// What can be asked of a conversation. Who may ask for it at all (sign-in, membership) is settled before; what
/// depends on the state of the conversation is settled here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The visitor writes.
    VisitorWrites,
    /// A person is requested from outside a turn of the AI: by the button, the API, a rule.
    RequestHuman {
        /// By whom.
        by: Actor,
        /// Why.
        reason: Reason,
    },
    /// A collaborator writes; unless the chat is live, this takes over.
    PersonWrites {
        /// Who.
        by: Collaborator,
    },
    /// `Take over` without a word.
    TakeOver {
        /// Who.
        by: Collaborator,
    },
    /// `Join`.
    Join {
        /// Who.
        by: Collaborator,
    },
    /// `Take over from <name>`.
    TakeOverFrom {
        /// Who.
        by: Collaborator,
        /// A present participant.
        from: PersonId,
    },
    /// Hands the conversation to a colleague.
    Transfer {
        /// Who.
        by: Collaborator,
        /// To whom; may answer here, which is checked before.
        to: PersonId,
    },
    /// Says who should take care of the conversation.
    Assign {
        /// Who.
        by: Collaborator,
        /// To whom; nobody when absent.
        to: Option<PersonId>,
    },
    /// Routing gives an open request to somebody, or finds that nobody is there to be given it.
    Route {
        /// `seq` at which the request was made.
        of: i64,
        /// `seq` of what gave it to whoever has it, as the finder knows: whoever was faster is not undone.
        given: Option<i64>,
        /// To whom; everybody is called when absent.
        to: Option<PersonId>,
    },
    /// Leaves the live chat to the others.
    Leave {
        /// Who.
        by: Collaborator,
    },
    /// `End Live Chat` of a collaborator.
    EndLiveChat {
        /// Who.
        by: Collaborator,
    },
    /// `End chat` of the visitor.
    VisitorEndsLiveChat,
    /// `Dismiss request`.
    DismissRequest {
        /// Who.
        by: Collaborator,
    },
    /// `Continue with the assistant`.
    CancelRequest,
    /// A timer: the person in the live chat stayed silent.
    Release {
        /// `seq` at which the live chat began that the timer was set for.
        began: i64,
    },
    /// A timer: the visitor has waited long enough for the next step.
    Climb {
        /// `seq` of what the wait began with: of the request, or of what is unanswered in a live chat.
        of: i64,
        /// The step.
        rung: Rung,
    },
    /// The visitor rates a live chat that is over.
    Rate {
        /// Its end, and the person who was there last; nothing where there was no such chat.
        ended: Option<(Ended, PersonId)>,
        /// How satisfied they were.
        score: Score,
    },
    /// A collaborator was removed or deactivated.
    RemovePerson {
        /// Who.
        person: PersonId,
    },
    /// Done with it.
    Resolve {
        /// Who.
        by: Collaborator,
    },
    /// Not done after all.
    Reopen {
        /// Who.
        by: Collaborator,
    },
    /// A private note.
    WriteNote {
        /// Who.
        by: Collaborator,
    },
    /// Puts another text in the place of one's own message or note.
    EditText {
        /// Who.
        by: Collaborator,
        /// Which one; nothing when there is no such text.
        of: Option<Written>,
    },
    /// Empties one's own message or note; admins may empty those of colleagues and of the AI.
    DeleteText {
        /// Who.
        by: Collaborator,
        /// Which one; nothing when there is no such text.
        of: Option<Written>,
    },
    /// Takes a dismissal back: the request is open again as if it had not been dismissed.
    UndoDismiss {
        /// Who.
        by: Collaborator,
    },
    /// What came of a turn of the AI.
    AssistantSettles {
        /// The turn that was asked.
        turn: u64,
        /// The attempt that made it.
        attempt: u32,
        /// What it is.
        outcome: AssistantOutcome,
    },
    /// Another worker takes a turn whose lease has expired.
    RetryTurn {
        /// The turn.
        turn: u64,
        /// The attempt that was lost.
        attempt: u32,
    },
}
