//! Units of work on a conversation: what they decide on, what they write, and what came of them.

use std::sync::Arc;

use domain::{
    ConversationId, FileId, Millis, PersonId,
    conversation::{Entry, Event, Refusal},
    files::FileState,
    requests::{Happened, Record},
};
use uuid::Uuid;

use super::Row;
use crate::{Scope, content::Content, files::File, jobs::NewJob, life::Unknown};

/// Decides what a unit writes from what was loaded. Pure; it may run again after a lost race. What it owns is let go of
/// after the listener was told and before the caller hears.
pub type Decide = Box<dyn Fn(Held<'_>) -> std::result::Result<Write, Refusal> + Send + Sync>;

/// What a unit decides on, held until it is written.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The conversation.
    pub row: &'a Row,
    /// The entry that [`Unit::of`] names, if it is there.
    pub of: Option<&'a Logged>,
    /// The files that [`Unit::files`] names, as far as they are files of this conversation, in that order.
    pub files: &'a [File],
}

/// One unit of work on one conversation: load, decide, save. The writer runs it in its own savepoint, shares one
/// commit among many units, and never waits for anything but SQL while it does. The caller going away cancels nothing.
pub struct Unit {
    /// The workspace.
    pub scope: Scope,
    /// The conversation.
    pub conversation: ConversationId,
    /// The caller's own id of the command, if it has one.
    pub once: Option<Once>,
    /// Place of the entry whose text the unit changes.
    pub of: Option<i64>,
    /// Files that the unit sends.
    pub files: Vec<FileId>,
    /// What is to be written.
    pub decide: Decide,
}

/// Makes a command idempotent: unique per conversation and author, stored in the event's own transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Who sends it: `visitor`, or a person's id.
    pub author: String,
    /// The caller's own id.
    pub client_id: String,
    /// Digest of the command's body; the same id with another one is refused.
    pub fingerprint: String,
}

/// What a unit writes.
#[derive(Debug, Clone)]
pub struct Write {
    /// When it was decided.
    pub now: Millis,
    /// The events with their contents, in order. The one that carries [`Once`] is the last one.
    pub events: Vec<(Event, Option<Content>)>,
    /// Jobs to put into the outbox in the same transaction.
    pub jobs: Vec<NewJob>,
    /// A job that is done by this very write.
    pub completes: Option<Uuid>,
    /// The content that the entry named by [`Unit::of`] has from now on. Earlier ones are kept beside it, unless this
    /// one is [`Content::Emptied`]: then they are emptied too.
    pub revision: Option<Content>,
    /// People who are mentioned by the last event, each for their own list of what they have not read.
    pub mentions: Vec<PersonId>,
    /// A question that the answer in it did not know.
    pub unknown: Option<Unknown>,
    /// Whether the files that [`Unit::files`] names go out with the last event, and who sees them from then on.
    pub sends: Option<FileState>,
}

impl Write {
    /// Events with their contents, and nothing beside them.
    pub fn of(now: Millis, events: Vec<(Event, Option<Content>)>) -> Self {
        Self {
            now,
            events,
            jobs: Vec::new(),
            completes: None,
            revision: None,
            mentions: Vec::new(),
            unknown: None,
            sends: None,
        }
    }

    /// What is left of it in a rehearsal: what happens in the conversation itself. Whatever a unit of work is to write besides
    /// has to be named here.
    #[must_use]
    pub fn inside(self) -> Self {
        let Self { now, events, mut jobs, completes, revision, mentions: _, unknown: _, sends } = self;
        jobs.retain(|job| !job.task.reaches_out());
        Self { now, events, jobs, completes, revision, mentions: Vec::new(), unknown: None, sends }
    }
}

/// What came of a unit.
#[derive(Debug, Clone)]
pub enum UnitOutcome {
    /// It is on disk.
    Committed(Committed),
    /// The same command was committed before; this is what it wrote, from the event after its predecessor to the one
    /// that carries the `client_id`.
    Repeated(Vec<Logged>),
    /// The same `client_id` came before with another body.
    ClientIdReused,
    /// The rules refused it. Nothing was written and nothing is remembered.
    Refused(Refusal),
}

/// A committed unit.
#[derive(Debug, Clone)]
pub struct Committed {
    /// The row after it.
    pub row: Arc<Row>,
    /// What was added to the log.
    pub entries: Arc<Vec<Logged>>,
    /// The jobs that were added, as they were given.
    pub jobs: Vec<NewJob>,
    /// What happened to the records of requests, each as it was then.
    pub requests: Vec<(Happened, Record)>,
}

/// An entry of the log with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The envelope.
    pub entry: Entry,
    /// The caller's own id of the command that wrote it.
    pub client_id: Option<String>,
    /// What was said, in its newest version. With an event that changes a text, the text as it is now.
    pub content: Option<Content>,
    /// The text has an earlier version.
    pub edited: bool,
}

/// Told of every commit, in commit order per conversation, after it is on disk and before the caller of the unit.
/// Must not block: it runs on the writer.
pub trait CommitListener: Send + Sync + 'static {
    /// A unit was committed.
    fn committed(&self, unit: &Committed);

    /// A row of the inbox changed without a new event (read marks, the visitor's name).
    fn row_changed(&self, row: &Arc<Row>);
}
