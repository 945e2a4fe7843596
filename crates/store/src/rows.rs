//! Stored rows as what they stand for, and back.

use std::sync::Arc;

use domain::{
    Millis,
    calling::Calling,
    conversation::{Answer, Control, Conversation, Dismissed, Entry},
    documents::{DocumentKind, Unreadable},
    files::{FileState, FileType},
    person::Role,
};
use ports::{
    Scope,
    accounts::Person,
    chatbots::{Agent, AgentKind, Chatbot},
    conversations::{KnownVisitor, Logged, Row as InboxRow},
    files::{Attached, File},
    jobs::{Job, NewJob},
    sources::{Source, SourceKind, SourceStatus, Trouble},
};

use serde::{Deserialize, Serialize};

use crate::{
    failure::{Failure, Outcome},
    value::{Row, Value, args},
};

/// The scope of a row that was found by something else than its workspace, or within one.
#[expect(clippy::disallowed_methods, reason = "the right was checked by whoever asked; the row repeats it")]
pub(crate) fn scope(row: &Row, column: usize) -> Outcome<Scope> {
    Ok(Scope::granted(row.id(column)?))
}

/// What of a conversation's state has no column of its own.
#[derive(Deserialize)]
struct State {
    control: Control,
    answer: Answer,
    #[serde(default)]
    dismissed: Option<Dismissed>,
    /// Absent in rows from before there were files.
    exchanged: Option<bool>,
}

/// The same to be written.
#[derive(Serialize)]
struct StateRef<'a> {
    control: &'a Control,
    answer: &'a Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    dismissed: Option<Dismissed>,
    exchanged: bool,
}

/// How many columns [`inbox`] reads.
pub(crate) const INBOX_COLUMNS: usize = 20;

/// A row of the inbox: see `columns!` in `statements::conversations`.
pub(crate) fn inbox(row: &Row) -> Outcome<Arc<InboxRow>> {
    let state: State = row.json(12)?;
    Ok(Arc::new(InboxRow {
        id: row.id(0)?,
        scope: scope(row, 1)?,
        chatbot: row.id(2)?,
        visitor: row.id(3)?,
        visitor_name: row.maybe_text(16)?.map(str::to_owned),
        rehearsal_of: row.maybe_id(19)?,
        state: Conversation {
            seq: row.int(4)?,
            visitor_seq: row.int(5)?,
            turn: row.count(6)?,
            control: state.control,
            answer: state.answer,
            assignee: row.maybe_id(17)?,
            dismissed: state.dismissed,
            exchanged: state.exchanged.unwrap_or(row.int(5)? > 1),
        },
        summary: row.json(13)?,
        staff_read: row.int(9)?,
        staff_read_visitor_seq: row.int(10)?,
        visitor_read: row.int(11)?,
        unread: row.int(8)?,
        change: row.int(7)?,
        place: row.int(18)?,
        created_at: row.time(14)?,
        updated_at: row.time(15)?,
    }))
}

/// The values of `SAVE_ROWS`. Whose rehearsal it is is not among them: it never changes.
pub(crate) fn inbox_values(row: &InboxRow, changed_at: Millis) -> Outcome<Vec<Value>> {
    Ok(args![
        row.id,
        row.scope,
        row.chatbot,
        row.visitor,
        row.state.standing().name(),
        row.state.seq,
        row.state.visitor_seq,
        turn(row.state.turn)?,
        row.change,
        row.place,
        row.state.assignee,
        row.unread,
        row.staff_read,
        row.staff_read_visitor_seq,
        row.visitor_read,
        Value::json(&StateRef {
            control: &row.state.control,
            answer: &row.state.answer,
            dismissed: row.state.dismissed,
            exchanged: row.state.exchanged,
        })?,
        Value::json(&row.summary)?,
        row.created_at,
        row.updated_at,
        changed_at,
        i64::from(row.summary.tally.as_ref().is_some_and(|tally| tally.ai_wrote)),
    ])
}

/// A file: see `columns!` in `statements::files`.
pub(crate) fn file(row: &Row) -> Outcome<File> {
    let side =
        |column| -> Outcome<Option<u32>> { Ok(row.maybe_int(column)?.and_then(|side| u32::try_from(side).ok())) };
    let kind = row.named(7, FileType::named)?;
    Ok(File {
        scope: scope(row, 1)?,
        chatbot: row.id(2)?,
        conversation: row.id(3)?,
        uploader: row.text(4)?.to_owned(),
        kind,
        state: row.named(11, FileState::named)?,
        attached: Attached {
            id: row.id(0)?,
            key: row.text(5)?.to_owned(),
            name: row.text(6)?.to_owned(),
            mime: kind.mime().to_owned(),
            bytes: row.count(8)?,
            pixels: side(9)?.zip(side(10)?),
        },
        at: row.time(12)?,
    })
}

pub(crate) fn turn(turn: u64) -> Outcome<i64> {
    i64::try_from(turn).map_err(|error| Failure::broken("a turn is out of range", error))
}

/// The envelope of an entry: its first five columns.
pub(crate) fn entry(row: &Row) -> Outcome<Entry> {
    Ok(Entry {
        seq: row.int(0)?,
        visitor_seq: row.maybe_int(1)?,
        at: row.time(2)?,
        turn: row.count(3)?,
        event: row.json(4)?,
    })
}

/// An entry of the log: see `entries!` in `statements::conversations`.
pub(crate) fn logged(row: &Row) -> Outcome<Logged> {
    let entry = entry(row)?;
    let content = row.maybe_text(6)?.map(serde_json::from_str).transpose()?;
    let edited = row.maybe_int(7)?.is_some_and(|version| version > 1);
    Ok(Logged { entry, client_id: row.maybe_text(5)?.map(str::to_owned), content, edited })
}

pub(crate) fn visitor(row: &Row) -> Outcome<KnownVisitor> {
    Ok(KnownVisitor {
        scope: scope(row, 0)?,
        visitor: row.id(1)?,
        chatbot: row.id(2)?,
        conversation: row.id(3)?,
        facts: row.json(4)?,
        first_seen: row.time(5)?,
        rehearsal_of: row.maybe_id(6)?,
    })
}

/// A person; the memberships come from another statement.
pub(crate) fn person(row: &Row) -> Outcome<Person> {
    let role = row.maybe_text(5)?.map(|_| row.named(5, Role::named)).transpose()?;
    Ok(Person {
        scope: scope(row, 0)?,
        id: row.id(1)?,
        email: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        avatar: row.maybe_id(4)?,
        role,
        memberships: Vec::new(),
        active: row.maybe_int(6)?.is_none(),
        seen_at: row.maybe_int(7)?.map(Millis),
        calling: match row.maybe_text(8)? {
            Some(_) => row.json(8)?,
            None => Calling::default(),
        },
    })
}

pub(crate) fn chatbot(row: &Row) -> Outcome<Chatbot> {
    Ok(Chatbot {
        scope: scope(row, 0)?,
        id: row.id(1)?,
        settings: row.json(2)?,
        avatar: row.maybe_id(3)?,
        version: row.int(4)?,
        created_at: row.time(5)?,
        knowledge: row.int(6)?,
    })
}

pub(crate) fn agent(row: &Row) -> Outcome<Agent> {
    Ok(Agent {
        id: row.id(0)?,
        kind: row.named(1, AgentKind::named)?,
        name: row.text(2)?.to_owned(),
        description: row.text(3)?.to_owned(),
        prompt: row.text(4)?.to_owned(),
        enabled: row.int(5)? != 0,
        settings: row.json(6)?,
    })
}

pub(crate) fn source(row: &Row) -> Outcome<Source> {
    let status = match row.text(4)? {
        "indexing" => SourceStatus::Indexing,
        "ready" => SourceStatus::Ready,
        _ => SourceStatus::Failed(Trouble {
            // Those from before there were codes had no text.
            code: row.maybe_text(12)?.unwrap_or(Unreadable::Empty.code()).to_owned(),
            words: row.maybe_text(5)?.unwrap_or_default().to_owned(),
        }),
    };
    Ok(Source {
        id: row.id(0)?,
        chatbot: row.id(1)?,
        kind: row.named(2, SourceKind::named)?,
        title: row.text(3)?.to_owned(),
        status,
        chunks: u32::try_from(row.count(6)?).unwrap_or(u32::MAX),
        read: u32::try_from(row.count(10)?).unwrap_or(u32::MAX),
        bytes: row.count(7)?,
        version: row.int(8)?,
        updated_at: row.time(9)?,
        original: row.maybe_text(11)?.and_then(DocumentKind::named),
    })
}

/// The page in a column, where there is one.
pub(crate) fn page(row: &Row, column: usize) -> Outcome<Option<u32>> {
    Ok(row.maybe_int(column)?.and_then(|page| u32::try_from(page).ok()))
}

/// The values of `ADD_JOBS`. A job that is leased from the start has been tried once by then.
pub(crate) fn job_values(scope: Scope, job: &NewJob) -> Outcome<Vec<Value>> {
    Ok(args![
        job.id,
        scope,
        job.task.kind(),
        Value::json(&job.task)?,
        job.run_at,
        job.lease.map(|lease| lease.worker),
        job.lease.map(|lease| lease.until),
        i64::from(job.lease.is_some()),
    ])
}

pub(crate) fn job(row: &Row) -> Outcome<Job> {
    Ok(Job { id: row.id(0)?, scope: scope(row, 1)?, task: row.json(2)?, tries: tries(row, 3)? })
}

pub(crate) fn tries(row: &Row, column: usize) -> Outcome<u32> {
    Ok(u32::try_from(row.count(column)?).unwrap_or(u32::MAX))
}
