//! Mail between visitors and conversations: what was sent, what came, and the addresses that answers come to.

use async_trait::async_trait;
use domain::{ConversationId, Millis, VisitorId};
use uuid::Uuid;

use crate::{Result, Scope, jobs::NewJob, mail::Known};

/// What a mail to a visitor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// What was written in the entries from `from` to `to` of the log and not read.
    Replies {
        /// The first entry that no mail before it held.
        from: i64,
        /// The last one.
        to: i64,
    },
    /// The conversation.
    Transcript,
}

/// How far a mail that leaves has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// It is still to be handed over.
    Waiting,
    /// A mail server took it.
    Sent,
    /// The visitor has read it in the chat meanwhile.
    Needless,
    /// It will not be sent, and why.
    Refused(String),
}

impl Leaving {
    /// The name used in the database and on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Needless => "needless",
            Self::Refused(_) => "refused",
        }
    }
}

/// A mail that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOut {
    /// Its id, and that of its job.
    pub id: Uuid,
    /// Of this conversation.
    pub conversation: ConversationId,
    /// Whom it goes to.
    pub to: String,
    /// What it holds.
    pub holds: Holds,
    /// How far it has come.
    pub state: Leaving,
    /// When it was decided on.
    pub at: Millis,
    /// When it came to its end.
    pub done_at: Option<Millis>,
}

/// What a mail of replies holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailed {
    /// The mail.
    pub id: Uuid,
    /// The first entry.
    pub from: i64,
    /// The last one.
    pub to: i64,
}

/// What became of a mail that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It is a message of the visitor.
    Taken,
    /// A machine wrote it.
    Automatic(domain::mail::Automatic),
    /// It says nothing that is not quoted.
    Empty,
    /// Too many came.
    TooMany,
}

impl Arrived {
    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Automatic(what) => what.name(),
            Self::Empty => "empty",
            Self::TooMany => "too_many",
        }
    }

    /// What goes by that name.
    pub fn named(name: &str) -> Option<Self> {
        let automatic = domain::mail::Automatic::ALL.map(Self::Automatic);
        [Self::Taken, Self::Empty, Self::TooMany].into_iter().chain(automatic).find(|one| one.name() == name)
    }
}

/// A mail that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailIn {
    /// Its id here.
    pub id: Uuid,
    /// For this conversation.
    pub conversation: ConversationId,
    /// What it is known by: a digest of its `Message-ID`, or of all of it.
    pub key: String,
    /// Its `Message-ID`, where one may refer to it.
    pub message_id: Option<String>,
    /// What became of it.
    pub what: Arrived,
    /// Its subject, of one that is no message.
    pub subject: String,
    /// Its beginning, of one that is no message.
    pub excerpt: String,
    /// When it came.
    pub at: Millis,
}

/// What came of noting a mail that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is new.
    New,
    /// It came before.
    Known,
    /// Too many came lately; that there were is noted once.
    TooMany,
}

/// A mail of a conversation, either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyMail {
    /// It leaves.
    Out(MailOut),
    /// It came.
    In(MailIn),
}

/// An address that answers come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyTo {
    /// The workspace.
    pub scope: Scope,
    /// The conversation.
    pub conversation: ConversationId,
    /// Its visitor.
    pub visitor: VisitorId,
    /// How far who answers has read, as `visitor_seq`.
    pub visitor_seq: i64,
}

/// Mail between visitors and conversations.
#[async_trait]
pub trait VisitorMails {
    /// The newest mails of replies that have left or are to leave, and what each holds. What was refused is not among them.
    async fn mailed_replies(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<Mailed>>;

    /// A mail that leaves, by its id.
    async fn mail_out(&self, scope: Scope, id: Uuid) -> Result<Option<MailOut>>;

    /// Decides on a mail of replies. False when another one, that was not refused, begins with the same entry: somebody was
    /// faster.
    async fn plan_replies(&self, scope: Scope, mail: MailOut) -> Result<bool>;

    /// Decides on a mail with the transcript, with the job that sends it. False when `most` were decided on since `since`
    /// for the conversation, or for the same address in this workspace.
    async fn plan_transcript(&self, scope: Scope, mail: MailOut, job: NewJob, since: Millis, most: u32)
    -> Result<bool>;

    /// Notes how far a mail that leaves has come.
    async fn note_leaving(&self, scope: Scope, id: Uuid, state: Leaving, at: Millis) -> Result<()>;

    /// Makes an address that answers come to, by the SHA-256 of its token. Of a conversation's addresses the newest `most`
    /// are kept.
    async fn add_reply_address(&self, token_hash: [u8; 32], to: ReplyTo, at: Millis, most: i64) -> Result<()>;

    /// Where answers to an address go.
    async fn reply_address(&self, token_hash: [u8; 32]) -> Result<Option<ReplyTo>>;

    /// A mail that came before, by what it is known by.
    async fn mail_in(&self, scope: Scope, conversation: ConversationId, key: &str) -> Result<Option<Arrived>>;

    /// Notes a mail that came, unless it came before, or `most` came since `since`.
    async fn note_mail_in(&self, scope: Scope, mail: MailIn, since: Millis, most: u32) -> Result<Noted>;

    /// How many mails came for a conversation since then.
    async fn mails_since(&self, scope: Scope, conversation: ConversationId, since: Millis) -> Result<u32>;

    /// The newest mails of the talk of a conversation that others may refer to, the oldest of them first.
    async fn mail_thread(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<Known>>;

    /// The mails of a conversation, the newest first.
    async fn mails(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<AnyMail>>;

    /// Takes or keeps a duty that one node at a time has, until then. False while another one has it.
    async fn take_duty(&self, duty: &str, holder: Uuid, until: Millis, now: Millis) -> Result<bool>;
}
