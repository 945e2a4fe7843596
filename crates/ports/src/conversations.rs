//! The log of conversations, in units of work, and what the inbox reads.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, FileId, LabelId, Millis, PersonId, VisitorId,
    conversation::{Conversation, Entry, Event, Reason, Refusal, Standing},
    files::FileState,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Result, Scope, content::Content, files::File, jobs::NewJob, life::Unknown};

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

/// A conversation as the inbox needs it: the machine's state and a summary of the newest texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: ConversationId,
    /// The workspace.
    pub scope: Scope,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Its visitor.
    pub visitor: VisitorId,
    /// Name that the visitor gave or that identifies them; absent when unknown.
    pub visitor_name: Option<String>,
    /// The state of the machine.
    pub state: Conversation,
    /// The newest texts.
    pub summary: Summary,
    /// How far collaborators have read, as `seq`.
    pub staff_read: i64,
    /// How far collaborators have read, as `visitor_seq`.
    pub staff_read_visitor_seq: i64,
    /// How far the visitor has read, as `visitor_seq`.
    pub visitor_read: i64,
    /// Messages of the visitor that no collaborator has read.
    pub unread: i64,
    /// Place in the inbox's order of changes; rises with everything about the row, read marks too.
    pub change: i64,
    /// Place in the inbox's list: the `change` of the newest event. Reading a chat does not move it.
    pub place: i64,
    /// When it began.
    pub created_at: Millis,
    /// When its newest event was written.
    pub updated_at: Millis,
}

/// What a row of the inbox shows of a conversation's texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The newest text.
    pub last: Option<LastText>,
    /// The visitor's newest words, shortened.
    pub visitor_words: Option<String>,
    /// Why a person is wanted, or was wanted last. Empty when a person came unasked since.
    pub reasons: Vec<ReasonText>,
    /// When the newest request was opened. Nothing when a person has come unasked since.
    pub requested_at: Option<Millis>,
    /// A request waits.
    pub waits: bool,
    /// `seq` of the newest takeover; 0 before the first one, and again while a person is wanted anew.
    pub taken_over: i64,
    /// `seq` of the visitor's newest message.
    pub visitor_wrote: i64,
    /// The labels on it, in the order they were put there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelId>,
}

/// The newest text of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastText {
    /// Its place in the log.
    #[serde(default)]
    pub seq: i64,
    /// Who wrote it.
    pub by: TextBy,
    /// Its beginning, without line breaks.
    pub text: String,
    /// When.
    pub at: Millis,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextBy {
    /// The visitor.
    Visitor,
    /// The AI.
    Ai,
    /// A collaborator.
    Person(PersonId),
    /// Baton: a divider.
    System,
}

/// A reason with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonText {
    /// The reason.
    pub reason: Reason,
    /// The visitor's words that caused it.
    pub words: Option<String>,
    /// The nearest example, or the rule that matched.
    pub matched: Option<String>,
    /// Name of the intent or rule; the watched phrase.
    pub name: Option<String>,
}

/// Most reasons that a row keeps; the log has them all.
const REASONS_KEPT: usize = 5;
/// Length of the texts in a row, in characters.
const EXCERPT_CHARS: usize = 200;

impl Row {
    /// The row after a unit. Pure, so that what is stored and what is sent are the same.
    #[must_use]
    pub fn after(mut self, state: Conversation, entries: &[Logged]) -> Self {
        self.state = state;
        for logged in entries {
            self.updated_at = logged.entry.at;
            self.note(logged);
        }
        self
    }

    fn note(&mut self, logged: &Logged) {
        let Entry { seq, visitor_seq, at, event, .. } = logged.entry;
        let by = match event {
            Event::VisitorWrote { .. } => {
                self.unread += 1;
                self.summary.visitor_wrote = seq;
                TextBy::Visitor
            }
            Event::PersonWrote { person } => {
                self.unread = 0;
                self.staff_read = seq;
                self.staff_read_visitor_seq = visitor_seq.unwrap_or(self.staff_read_visitor_seq);
                TextBy::Person(person)
            }
            Event::AssistantWrote { .. } | Event::RequestAcknowledged => TextBy::Ai,
            Event::Announced { .. } => TextBy::System,
            Event::HumanRequested { reason, .. } => {
                self.open_request(at);
                return self.add_reason(reason, logged.content.as_ref());
            }
            Event::Released { .. } => {
                self.open_request(at);
                return self.add_reason(Reason::Released, None);
            }
            Event::RequestDismissed { .. } | Event::RequestCancelled | Event::Resolved { .. } => {
                self.summary.waits = false;
                return;
            }
            Event::RequestReopened { .. } => {
                self.summary.waits = true;
                return;
            }
            Event::TextEdited { seq, .. } | Event::TextDeleted { seq, .. } => {
                return self.revise_last(seq, logged.content.as_ref());
            }
            Event::TakenOver { .. } => {
                if !self.summary.waits {
                    self.summary.reasons.clear();
                    self.summary.requested_at = None;
                }
                self.summary.waits = false;
                self.summary.taken_over = seq;
                return;
            }
            Event::ReasonAdded { reason, .. } => return self.add_reason(reason, logged.content.as_ref()),
            _ => return,
        };
        let Some(text) = logged.content.as_ref().and_then(Content::in_a_line) else { return };
        let text = domain::text::excerpt(&text, EXCERPT_CHARS);
        if by == TextBy::Visitor {
            self.summary.visitor_words = Some(text.clone());
        }
        self.summary.last = Some(LastText { seq, by, text, at });
    }

    /// The newest text was changed, or emptied.
    fn revise_last(&mut self, seq: i64, content: Option<&Content>) {
        if let Some(last) = self.summary.last.as_mut().filter(|last| last.seq == seq) {
            let text = content.and_then(Content::in_a_line).unwrap_or_default();
            last.text = domain::text::excerpt(&text, EXCERPT_CHARS);
        }
    }

    fn open_request(&mut self, at: Millis) {
        self.summary.reasons.clear();
        self.summary.requested_at = Some(at);
        self.summary.waits = true;
        self.summary.taken_over = 0;
    }

    fn add_reason(&mut self, reason: Reason, content: Option<&Content>) {
        if self.summary.reasons.len() >= REASONS_KEPT {
            return;
        }
        let (words, matched, name) = match content {
            Some(Content::Reason { words, matched, name, .. }) => (words.clone(), matched.clone(), name.clone()),
            Some(Content::Phrase { phrase }) => (None, None, Some(phrase.clone())),
            _ => (None, None, None),
        };
        let words = words.map(|words| domain::text::excerpt(&words, EXCERPT_CHARS));
        self.summary.reasons.push(ReasonText { reason, words, matched, name });
    }
}

/// Whose eyes look at the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewpoint {
    /// The person.
    pub person: PersonId,
    /// Has a role for the whole workspace; otherwise only chatbots with a membership are seen.
    pub whole_workspace: bool,
}

/// Which conversations a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxFilter {
    /// Only this standing.
    pub standing: Option<Standing>,
    /// Only live chats and assignments of this person.
    pub of: Option<PersonId>,
    /// Only this chatbot.
    pub chatbot: Option<ChatbotId>,
    /// Only with this label.
    pub label: Option<LabelId>,
}

/// How many conversations there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Waiting for a person.
    pub waiting: u64,
    /// Live chats.
    pub live: u64,
    /// Live chats and assignments of the person who looks.
    pub mine: u64,
}

/// Which part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRange {
    /// Entries after this number (`visitor_seq` for the visitor, else `seq`).
    pub after: i64,
    /// Entries before this number; with it the newest ones are taken. Still in ascending order.
    pub before: Option<i64>,
    /// Only what the visitor may see.
    pub visitor: bool,
    /// At most so many.
    pub limit: u32,
}

/// A new visitor with a first, empty conversation.
#[derive(Debug, Clone)]
pub struct NewConversation {
    /// Id of the conversation.
    pub id: ConversationId,
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// Id of the visitor.
    pub visitor: VisitorId,
    /// SHA-256 of the visitor's token.
    pub token_hash: [u8; 32],
    /// What is known of the visitor.
    pub facts: VisitorFacts,
    /// Now.
    pub at: Millis,
}

/// What is known of a visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitorFacts {
    /// Name.
    pub name: Option<String>,
    /// Language of the browser as BCP 47.
    pub language: Option<String>,
    /// Address of the page where the chat began.
    pub page: Option<String>,
    /// Address from which the visitor came to that page.
    pub referrer: Option<String>,
    /// Browser and system, in words.
    pub device: Option<String>,
    /// E-mail address that the visitor left or the website says.
    pub email: Option<String>,
    /// The website's own id of the person.
    pub external_id: Option<String>,
    /// Whether the website has proved that id by a signature.
    pub verified: bool,
    /// What else the website says of the person.
    pub attributes: BTreeMap<String, String>,
    /// The collaborator behind it, when the token was made while signed in: the only kind that opens a private chatbot.
    pub collaborator: Option<PersonId>,
}

/// A visitor who showed a good token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVisitor {
    /// The workspace.
    pub scope: Scope,
    /// The visitor.
    pub visitor: VisitorId,
    /// The chatbot that the token is for.
    pub chatbot: ChatbotId,
    /// The visitor's newest conversation.
    pub conversation: ConversationId,
    /// What is known of the visitor.
    pub facts: VisitorFacts,
    /// When the visitor first came.
    pub first_seen: Millis,
}

/// Who has read how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadMark {
    /// Collaborators, up to this `seq`.
    Staff(i64),
    /// The visitor, up to this `visitor_seq`.
    Visitor(i64),
}

/// The log and the inbox.
#[async_trait]
pub trait Conversations {
    /// Runs a unit of work in the lane of conversation commands. When this returns `Committed`, it is on disk.
    async fn execute(&self, unit: Unit) -> Result<UnitOutcome>;

    /// Makes a visitor and an empty conversation.
    async fn open(&self, scope: Scope, new: NewConversation) -> Result<Arc<Row>>;

    /// The visitor of a token, by the token's SHA-256.
    async fn visitor_by_token(&self, token_hash: [u8; 32]) -> Result<Option<KnownVisitor>>;

    /// The visitor of a conversation.
    async fn visitor(&self, scope: Scope, visitor: VisitorId) -> Result<KnownVisitor>;

    /// One row. `NotFound` also when it belongs to another workspace.
    async fn row(&self, scope: Scope, conversation: ConversationId) -> Result<Arc<Row>>;

    /// A page of the inbox, newest event first: rows with `place` below `before` (absent: from the top). Conversations
    /// in which nothing was said yet are left out.
    async fn rows(
        &self,
        scope: Scope,
        view: Viewpoint,
        filter: InboxFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Arc<Row>>>;

    /// Rows that changed after a cursor, oldest change first, with an overlap that covers transactions that were still
    /// open when the cursor was read: apply them idempotently, by `change`.
    async fn changes(&self, scope: Scope, view: Viewpoint, after: i64, limit: u32) -> Result<Vec<Arc<Row>>>;

    /// The newest change of the workspace.
    async fn newest_change(&self, scope: Scope) -> Result<i64>;

    /// How many conversations wait, are live, are mine.
    async fn counts(&self, scope: Scope, view: Viewpoint) -> Result<Counts>;

    /// A part of a log with its contents.
    async fn log(&self, scope: Scope, conversation: ConversationId, range: LogRange) -> Result<Vec<Logged>>;

    /// The newest `seq` and `turn` of each conversation, read from the primary.
    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, i64, u64)>>;

    /// Rows of conversations of any workspace, read from the primary: what a node reads for those who follow them here.
    async fn rows_anywhere(&self, conversations: &[ConversationId]) -> Result<Vec<Arc<Row>>>;

    /// Moves a read mark forward (never back). Runs in the slow lane.
    async fn mark_read(&self, scope: Scope, conversation: ConversationId, mark: ReadMark) -> Result<()>;

    /// Live conversations of a person, for when the person is removed. At most `limit`.
    async fn live_of(&self, scope: Scope, person: PersonId, limit: u32) -> Result<Vec<ConversationId>>;
}
