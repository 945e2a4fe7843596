//! The log of conversations, in units of work, and what the inbox reads.

mod row;
mod unit;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, LabelId, Millis, PersonId, VisitorId, conversation::Standing};
use serde::{Deserialize, Serialize};

pub use row::{LastText, ReasonText, Row, Summary, TextBy};
pub use unit::{CommitListener, Committed, Decide, Held, Logged, Once, Unit, UnitOutcome, Write};

use crate::{Result, Scope, jobs::NewJob};

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
    /// When it is a rehearsal.
    pub rehearsal: Option<NewRehearsal>,
    /// Now.
    pub at: Millis,
}

/// What makes a new conversation a rehearsal.
#[derive(Debug, Clone)]
pub struct NewRehearsal {
    /// Who rehearses.
    pub of: PersonId,
    /// The job that removes it in the end.
    pub delete: NewJob,
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
    /// Whose rehearsal the conversation is, if it is one.
    pub rehearsal_of: Option<PersonId>,
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

    /// Makes a visitor and an empty conversation; of a rehearsal, with the job that removes it. A rehearsal is found by its
    /// id and by its visitor's token: no list, count or search has it.
    async fn open(&self, scope: Scope, new: NewConversation) -> Result<Arc<Row>>;

    /// Rehearsals of a person with a chatbot, the oldest first. At most `limit`.
    async fn rehearsals(
        &self,
        scope: Scope,
        person: PersonId,
        chatbot: ChatbotId,
        limit: u32,
    ) -> Result<Vec<ConversationId>>;

    /// Removes a slice of a rehearsal with its visitor: false when nothing is left. Its files are removed before. Nothing
    /// happens to any other conversation.
    async fn delete_rehearsal(&self, scope: Scope, conversation: ConversationId) -> Result<bool>;

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
