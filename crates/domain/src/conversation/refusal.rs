//! Why a command changes nothing. A refusal is an answer, not an error.

use crate::PersonId;

/// Why a command changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role is not enough.
    #[error("your role does not allow this")]
    Forbidden,
    /// Somebody else has the live chat.
    #[error("somebody else has this live chat")]
    HeldBy {
        /// Who, the one who took over first.
        person: PersonId,
    },
    /// A person is there already.
    #[error("a person is in this chat already")]
    AlreadyLive,
    /// Takes part already.
    #[error("you take part already")]
    AlreadyParticipant,
    /// No live chat is on.
    #[error("no live chat is on")]
    NotLive,
    /// That person does not take part.
    #[error("that person does not take part in this chat")]
    NotParticipant,
    /// The only participant cannot leave: end, transfer or resolve instead.
    #[error("you are the only person here: end, transfer or resolve instead")]
    LastParticipant,
    /// Nobody requested a person.
    #[error("no request is open")]
    NothingRequested,
    /// No AI could take the visitor back.
    #[error("no AI agent is enabled that could take over from you: resolve the conversation or keep it")]
    NoAi,
    /// Human escalation is switched off.
    #[error("human escalation is switched off for this chatbot")]
    EscalationOff,
    /// Resolved: reopen it first.
    #[error("this conversation is resolved: reopen it first")]
    IsResolved,
    /// It is not resolved.
    #[error("this conversation is not resolved")]
    NotResolved,
    /// Not the turn and attempt that the conversation waits for, or what a timer was set for is over.
    #[error("this is over")]
    Stale,
    /// Too many people.
    #[error("no more people fit into this chat")]
    Full,
    /// No live chat has ended there, or it is too long ago.
    #[error("there is no live chat that could be rated, or it is too long ago")]
    NothingToRate,
    /// Somebody else wrote it.
    #[error("only whoever wrote this may change it")]
    NotAuthor,
    /// There is no such text, or none that can be changed.
    #[error("there is no such message, or it cannot be changed")]
    NoText,
    /// It was deleted.
    #[error("this message was deleted")]
    Deleted,
    /// The visitor may send files, and have the chat mailed, when somebody, or the AI, has answered.
    #[error("files and transcripts can be sent as soon as this chat has an answer")]
    NoExchange,
    /// A file is not there, or not the sender's to send.
    #[error("a file of this message is not there any more: attach it again")]
    NoFile,
    /// It is so already.
    #[error("nothing to change")]
    Unchanged,
}

impl Refusal {
    /// The stable code for the outside.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::HeldBy { .. } => "held_by",
            Self::AlreadyLive => "already_live",
            Self::AlreadyParticipant => "already_participant",
            Self::NotLive => "not_live",
            Self::NotParticipant => "not_participant",
            Self::LastParticipant => "last_participant",
            Self::NothingRequested => "nothing_requested",
            Self::NoAi => "no_ai",
            Self::EscalationOff => "escalation_off",
            Self::IsResolved => "resolved",
            Self::NotResolved => "not_resolved",
            Self::Stale => "stale",
            Self::Full => "full",
            Self::NothingToRate => "nothing_to_rate",
            Self::NotAuthor => "not_author",
            Self::NoText => "no_text",
            Self::Deleted => "deleted",
            Self::NoExchange => "no_exchange",
            Self::NoFile => "no_file",
            Self::Unchanged => "unchanged",
        }
    }
}
