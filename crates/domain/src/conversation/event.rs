//! What the log holds: envelopes without any text, name or address.

use serde::{Deserialize, Serialize};

use super::{
    command::Actor,
    reason::Reason,
    rung::{Rung, Step},
};
use crate::{Millis, PersonId, rating::Score};

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The visitor and collaborators; it carries a `visitor_seq`.
    Everyone,
    /// Collaborators only.
    Staff,
}

/// Which announcement a divider shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// A person is here.
    Start,
    /// The AI is back.
    End,
}

/// What a visitor's message does to the AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Nothing: a person answers, the AI is on hold, or there is none.
    Nobody,
    /// It is asked, or its answer in the making starts over with this message.
    Ai,
    /// It finishes the answer in the making and is asked again after that.
    AiLater,
}

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The visitor wrote. Content: the text.
    VisitorWrote {
        /// What it does to the AI.
        asks: Asks,
    },
    /// The AI is asked for the messages that came while it answered.
    AskedAgain,
    /// Another worker has the turn now; what the earlier one still says is refused.
    AttemptRaised {
        /// The turn.
        turn: u64,
        /// Its new attempt.
        attempt: u32,
    },
    /// The AI answered. Content: the text and its citations.
    AssistantWrote {
        /// The turn that it answers.
        turn: u64,
        /// The attempt that made it.
        attempt: u32,
    },
    /// A collaborator wrote. Content: the text.
    PersonWrote {
        /// Who.
        person: PersonId,
    },
    /// A person is wanted. Content: the words that caused it.
    HumanRequested {
        /// Why.
        reason: Reason,
        /// The AI stays silent from here on.
        hold: bool,
        /// The turn that this settles, when the AI itself made the request instead of an answer.
        settles: Option<u64>,
        /// Nobody is there before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<Millis>,
    },
    /// One more reason while a person is wanted. Content: the words that caused it.
    ReasonAdded {
        /// Why.
        reason: Reason,
        /// The turn that this settles.
        settles: Option<u64>,
    },
    /// The `Human Agent Requested Message`. Content: the text.
    RequestAcknowledged,
    /// The visitor has waited for long: somebody is called, or the visitor is told. Content: the text, where one is told.
    Climbed {
        /// The step that was taken.
        rung: Rung,
    },
    /// A collaborator dismissed the request.
    RequestDismissed {
        /// Who.
        by: PersonId,
    },
    /// A dismissal was taken back: the request is open again. Nothing is said to the visitor.
    RequestReopened {
        /// Who.
        by: PersonId,
    },
    /// The visitor goes on with the assistant.
    RequestCancelled,
    /// A person took over: every AI is off.
    TakenOver {
        /// Who.
        person: PersonId,
    },
    /// A divider. Content: the text.
    Announced {
        /// Which one.
        which: Announcement,
    },
    /// A colleague joined the live chat.
    Joined {
        /// Who.
        person: PersonId,
    },
    /// A colleague left the live chat; others stay.
    Left {
        /// Who.
        person: PersonId,
    },
    /// One person has the live chat now, instead of those who had it.
    ParticipantsReplaced {
        /// Who has it.
        person: PersonId,
        /// Who did it.
        by: PersonId,
    },
    /// Who should take care of the conversation.
    Assigned {
        /// Who; nobody when absent.
        to: Option<PersonId>,
        /// Who did it; the system is routing, or the removal of a person.
        by: Actor,
    },
    /// The live chat is over; the AI answers again.
    LiveChatEnded {
        /// Who ended it.
        by: Actor,
    },
    /// The live chat went back to waiting for a person.
    Released {
        /// The AI stays silent from here on.
        hold: bool,
        /// Nobody is there before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<Millis>,
    },
    /// It is done.
    Resolved {
        /// Who resolved it.
        by: Actor,
    },
    /// It goes on.
    Reopened {
        /// Who reopened it.
        by: Actor,
    },
    /// The visitor says what they think of a live chat that is over. A later one about the same chat replaces it. Content:
    /// the comment, if there is one.
    Rated {
        /// Place of the chat's end in the log.
        of: i64,
        /// The person who was there last.
        person: PersonId,
        /// How satisfied they were.
        score: Score,
    },
    /// The AI said a watched phrase. Content: the phrase.
    AiAlerted,
    /// A private note. Content: the text.
    NoteWritten {
        /// Who.
        person: PersonId,
    },
    /// A text has another content now; the earlier one is kept for staff.
    TextEdited {
        /// Place of the text in the log.
        seq: i64,
        /// Its place among what the visitor sees; absent on a note.
        visitor_seq: Option<i64>,
        /// Who.
        by: PersonId,
    },
    /// A text was emptied, with every earlier version.
    TextDeleted {
        /// Place of the text in the log.
        seq: i64,
        /// Its place among what the visitor sees; absent on a note.
        visitor_seq: Option<i64>,
        /// Who.
        by: PersonId,
    },
}

impl Event {
    /// Who may see it.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Climbed { rung } if rung.step() == Step::Tells => Audience::Everyone,
            Self::AskedAgain
            | Self::AttemptRaised { .. }
            | Self::ReasonAdded { .. }
            | Self::Assigned { .. }
            | Self::AiAlerted
            | Self::NoteWritten { .. }
            | Self::Climbed { .. }
            | Self::TextEdited { visitor_seq: None, .. }
            | Self::TextDeleted { visitor_seq: None, .. } => Audience::Staff,
            Self::VisitorWrote { .. }
            | Self::AssistantWrote { .. }
            | Self::PersonWrote { .. }
            | Self::HumanRequested { .. }
            | Self::RequestAcknowledged
            | Self::RequestDismissed { .. }
            | Self::RequestReopened { .. }
            | Self::RequestCancelled
            | Self::TakenOver { .. }
            | Self::Announced { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::ParticipantsReplaced { .. }
            | Self::LiveChatEnded { .. }
            | Self::Released { .. }
            | Self::Resolved { .. }
            | Self::Reopened { .. }
            | Self::Rated { .. }
            | Self::TextEdited { visitor_seq: Some(_), .. }
            | Self::TextDeleted { visitor_seq: Some(_), .. } => Audience::Everyone,
        }
    }

    /// The name under which the log stores it; the same as the `kind` of its stored form.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::VisitorWrote { .. } => "visitor_wrote",
            Self::AskedAgain => "asked_again",
            Self::AttemptRaised { .. } => "attempt_raised",
            Self::AssistantWrote { .. } => "assistant_wrote",
            Self::PersonWrote { .. } => "person_wrote",
            Self::HumanRequested { .. } => "human_requested",
            Self::ReasonAdded { .. } => "reason_added",
            Self::RequestAcknowledged => "request_acknowledged",
            Self::Climbed { .. } => "climbed",
            Self::RequestDismissed { .. } => "request_dismissed",
            Self::RequestReopened { .. } => "request_reopened",
            Self::RequestCancelled => "request_cancelled",
            Self::TakenOver { .. } => "taken_over",
            Self::Announced { .. } => "announced",
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::ParticipantsReplaced { .. } => "participants_replaced",
            Self::Assigned { .. } => "assigned",
            Self::LiveChatEnded { .. } => "live_chat_ended",
            Self::Released { .. } => "released",
            Self::Resolved { .. } => "resolved",
            Self::Reopened { .. } => "reopened",
            Self::Rated { .. } => "rated",
            Self::AiAlerted => "ai_alerted",
            Self::NoteWritten { .. } => "note_written",
            Self::TextEdited { .. } => "text_edited",
            Self::TextDeleted { .. } => "text_deleted",
        }
    }

    /// Whether no person wrote the text that comes with it. This is what must never follow a takeover.
    pub fn is_automatic_text(&self) -> bool {
        match self {
            Self::AssistantWrote { .. } | Self::RequestAcknowledged => true,
            Self::Climbed { rung } => rung.step() == Step::Tells,
            _ => false,
        }
    }

    /// Whether it answers the visitor: words of the AI, the requested message, a person's message.
    pub fn is_answer(&self) -> bool {
        self.is_automatic_text() || matches!(self, Self::PersonWrote { .. })
    }

    /// The entry whose text this one changes, by its place in the log.
    pub fn revises(&self) -> Option<i64> {
        match self {
            Self::TextEdited { seq, .. } | Self::TextDeleted { seq, .. } => Some(*seq),
            _ => None,
        }
    }

    /// Whether the conversation has a new text that people read (a message or a divider).
    pub fn is_text(&self) -> bool {
        self.is_answer() || matches!(self, Self::VisitorWrote { .. } | Self::Announced { .. })
    }
}

/// An event with its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the log, from 1, without gaps.
    pub seq: i64,
    /// Place among what the visitor sees, from 1, without gaps; absent on events for staff.
    pub visitor_seq: Option<i64>,
    /// When it was decided.
    pub at: Millis,
    /// The conversation's turn after it.
    pub turn: u64,
    /// What happened.
    pub event: Event,
}
