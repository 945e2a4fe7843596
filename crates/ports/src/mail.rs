//! Mail that leaves the server, and mail that comes in.

use async_trait::async_trait;
use domain::mail::Incoming;
use uuid::Uuid;

use crate::Result;

/// A mail of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What it is known by: sent twice, it has the same `Message-ID`, and a mailbox may show it once.
    pub id: Uuid,
    /// Who gets it.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// What is said to a visitor, in a thread of mails; without it the mail is a machine's.
    pub thread: Option<Thread>,
}

/// A mail to a visitor: part of a talk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thread {
    /// Who speaks, for the sender's name.
    pub from_name: String,
    /// Where answers go, when they are read.
    pub reply_to: Option<String>,
    /// The mails of the talk before this one, the oldest first.
    pub before: Vec<Known>,
    /// No person wrote any of it.
    pub automatic: bool,
}

/// A mail that another one refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// One of ours.
    Ours(Uuid),
    /// One of the visitor's, by its `Message-ID` as [`domain::mail::message_id`] gives it.
    Theirs(String),
}

/// Hands mail to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends a mail. `Unavailable` when trying again may help.
    async fn send(&self, mail: Mail) -> Result<()>;
}

/// Reads mail as it comes (RFC 5322). What comes is of strangers: nothing in it may stop the reader.
#[async_trait]
pub trait MailReader: Send + Sync + 'static {
    /// Reads a mail; nothing when it is none.
    async fn read(&self, raw: Vec<u8>) -> Result<Option<Incoming>>;
}

/// A mailbox that mail is fetched from.
#[async_trait]
pub trait Mailbox: Send + Sync + 'static {
    /// Opens it.
    async fn open(&self) -> Result<Box<dyn OpenMailbox>>;
}

/// A mail in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Its bytes.
    Mail(Vec<u8>),
    /// It is larger than any mail that is taken; its bytes were not asked for.
    TooLarge,
    /// It is not there any more, or the server does not give it.
    Gone,
}

/// An open mailbox. Each call has a time limit; after one that failed it is to be opened again.
#[async_trait]
pub trait OpenMailbox: Send {
    /// The mails that were neither seen nor set aside, the oldest first, at most `limit`.
    async fn unseen(&mut self, limit: usize) -> Result<Vec<u32>>;

    /// One of them. That it was fetched does not mark it as seen.
    async fn fetch(&mut self, uid: u32) -> Result<Fetched>;

    /// It was taken: it is not to come again.
    async fn seen(&mut self, uid: u32) -> Result<()>;

    /// It cannot be taken: it is not to come again, and stays unseen, with a flag, for whoever looks into the mailbox.
    async fn set_aside(&mut self, uid: u32) -> Result<()>;

    /// Says goodbye.
    async fn close(self: Box<Self>);
}
