//! Units of work: many in one transaction, each as if it were alone.
//!
//! A batch goes through four steps, and only the first and the last touch the database:
//! 1. **hold** the rows of its conversations (on PostgreSQL ordered by id and locked), and look up commands that were
//!    given before;
//! 2. **decide** each unit in turn against the rows in memory, so that a unit sees those before it;
//! 3. **save** entries, contents, jobs and the last state of each row, and commit;
//! 4. tell the listener and the callers, in commit order.
//!
//! Nothing is written before every unit was decided, so a refused unit needs no savepoint. When a statement or the
//! commit fails, nothing of the batch is stored; it runs again in smaller pieces until the unit at fault is alone
//! ([`crate::lanes`]). A failing unit is a defect or a lost race; the common path pays nothing for it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use domain::{
    ChatbotId, ConversationId, FileId, Millis, PersonId,
    conversation::{Entry, Event},
    files::FileState,
    limits::UNANSWERED,
    requests::{Happened, Record},
};
use ports::{
    Scope,
    content::Content,
    conversations::{Committed, Held, Logged, Once, Row as InboxRow, Unit, UnitOutcome, Write},
    files::File,
    life::Unknown,
};
use uuid::Uuid;

use crate::{
    failure::{Failure, Outcome},
    find, numbers, rows,
    statements::{
        Call, conversations as sql, files as files_sql, find as find_sql, jobs as jobs_sql, life as life_sql,
        notes as notes_sql, numbers as numbers_sql,
    },
    tx::Tx,
    value::{Row, Value, args},
};

/// Most units in one commit.
pub(crate) const BATCH: usize = 64;

/// What came of the units of a batch that was committed, in order.
pub(crate) type Answers = Vec<Outcome<UnitOutcome>>;

/// Runs units in one transaction. When this fails, nothing of them is stored.
pub(crate) async fn run(tx: &mut Tx, units: &[&Unit], now: Millis) -> Outcome<Answers> {
    tx.begin().await?;
    let done = run_inside(tx, units, now).await;
    if done.is_err() {
        tx.rollback().await;
    }
    done
}

async fn run_inside(tx: &mut Tx, units: &[&Unit], now: Millis) -> Outcome<Answers> {
    let mut batch = Batch::hold(tx, units).await?;
    let mut answers = Vec::with_capacity(units.len());
    for unit in units {
        answers.push(match batch.decide(tx, unit).await {
            Ok(outcome) => Ok(outcome),
            // Of one unit alone.
            Err(failure @ (Failure::NotFound | Failure::Conflict(_))) => Err(failure),
            Err(failure) => return Err(failure),
        });
    }
    if batch.wrote {
        let calls = batch.save(now)?;
        tx.commit(calls).await?;
    } else {
        tx.rollback().await;
    }
    Ok(answers)
}

/// What an earlier command with the same id wrote.
struct Before {
    fingerprint: String,
    wrote: Wrote,
}

enum Wrote {
    /// In the log, from here to there.
    Stored(i64, i64),
    /// In this very batch.
    Here(Arc<Vec<Logged>>),
}

type OnceKey = (ConversationId, String, String);
/// A conversation and a place in its log.
type Place = (ConversationId, i64);

/// An entry whose text a unit of the batch changes.
struct Target {
    logged: Logged,
    change: i64,
    version: i64,
}

/// The rows of a batch in memory.
#[derive(Default)]
struct Batch {
    rows: HashMap<ConversationId, Arc<InboxRow>>,
    before: HashMap<OnceKey, Before>,
    targets: HashMap<Place, Target>,
    /// Files that units of the batch send, as they are before it or after a unit of it.
    files: HashMap<FileId, File>,
    changes: std::vec::IntoIter<i64>,
    wrote: bool,
    events: Vec<Vec<Value>>,
    contents: Vec<Vec<Value>>,
    emptied: Vec<Vec<Value>>,
    /// What search finds of the texts of the batch, in their last version, by id.
    found: BTreeMap<i64, Vec<Value>>,
    sqlite: bool,
    mentions: Vec<Vec<Value>>,
    unmentioned: Vec<Vec<Value>>,
    sent: Vec<Vec<Value>>,
    hidden: Vec<Vec<Value>>,
    jobs: Vec<Vec<Value>>,
    /// Questions that an answer did not know, and what keeps them few.
    unknown: Vec<(Vec<Value>, Vec<Value>)>,
    completed: Vec<(Scope, Uuid)>,
    /// Records of requests as they are now, by conversation and what opened them.
    requests: BTreeMap<Place, Vec<Value>>,
    /// What visitors think of live chats, by conversation and the chat's end.
    ratings: BTreeMap<Place, Vec<Value>>,
    /// Rows to be saved, by id: every batch writes in the same order.
    changed: BTreeMap<ConversationId, Arc<InboxRow>>,
    participants_changed: BTreeSet<ConversationId>,
    /// How many conversations there are more or less, by what they are counted under.
    counts: BTreeMap<(Counted, &'static str), i64>,
}

/// A chatbot's conversations, or those of a person with a chatbot.
type Counted = (domain::WorkspaceId, Option<PersonId>, ChatbotId);

impl Batch {
    async fn hold(tx: &mut Tx, units: &[&Unit]) -> Outcome<Self> {
        let wanted: BTreeSet<_> = units.iter().map(|unit| (unit.conversation, unit.scope.workspace())).collect();
        let wanted = wanted.into_iter().map(|(conversation, workspace)| args![workspace, conversation]).collect();
        let mut calls = sql::HOLD_ROWS.calls(wanted);
        let holding = calls.len();
        let once = units.iter().filter_map(|unit| {
            let once = unit.once.as_ref()?;
            Some(args![unit.conversation, once.author.as_str(), once.client_id.as_str()])
        });
        calls.extend(sql::REPEATED.calls(once.collect()));
        let places: BTreeSet<(ConversationId, i64, domain::WorkspaceId)> =
            units.iter().filter_map(|unit| Some((unit.conversation, unit.of?, unit.scope.workspace()))).collect();
        let asked = calls.len();
        calls.extend(places.iter().map(|&(id, seq, scope)| Call::new(&sql::ENTRY, args![id, scope, seq])));
        let of_places = calls.len();
        let files: BTreeSet<FileId> = units.iter().flat_map(|unit| unit.files.iter().copied()).collect();
        calls.extend(files_sql::HOLD_FILES.calls(files.into_iter().map(|id| args![id]).collect()));
        let mut answers = tx.query_all(&calls).await?.into_iter();
        let mut batch = Self { sqlite: matches!(tx, Tx::Sqlite(_)), ..Self::default() };
        for row in answers.by_ref().take(holding).flatten() {
            let row = rows::inbox(&row)?;
            batch.rows.insert(row.id, row);
        }
        for row in answers.by_ref().take(asked - holding).flatten() {
            let (key, before) = Self::stored(&row)?;
            batch.before.insert(key, before);
        }
        for ((conversation, seq, _), found) in places.into_iter().zip(answers.by_ref().take(of_places - asked)) {
            if let Some(row) = found.first() {
                let target = Target {
                    logged: rows::logged(row)?,
                    change: row.int(8)?,
                    version: row.maybe_int(7)?.unwrap_or_default(),
                };
                batch.targets.insert((conversation, seq), target);
            }
        }
        for row in answers.flatten() {
            let file = rows::file(&row)?;
            batch.files.insert(file.attached.id, file);
        }
        batch.count_anew(tx).await?;
        // After the rows are held: a number that was taken earlier could be lower than one that another node gave
        // to the same row meanwhile.
        batch.changes = tx.next_changes(units.len()).await?.into_iter();
        Ok(batch)
    }

    /// Counts the requests of conversations that a release has written which did not count: once for each of them.
    async fn count_anew(&mut self, tx: &mut Tx) -> Outcome<()> {
        let earlier: Vec<_> =
            self.rows.values().filter(|row| row.reaches_out() && !row.is_counted()).cloned().collect();
        for row in earlier {
            let anew = numbers::count_anew(tx, &row).await?;
            anew.records.values().for_each(|record| self.put_record(&anew.row, record));
            self.rows.insert(row.id, anew.row);
        }
        Ok(())
    }

    fn put_record(&mut self, row: &InboxRow, record: &Record) {
        self.requests.insert((row.id, record.opened), numbers::record_values(row, record));
    }

    /// What happened to requests, and what visitors thought: of a rehearsal nothing is counted.
    fn tally(&mut self, row: &InboxRow, logged: &[Logged]) -> Vec<(Happened, Record)> {
        if !row.reaches_out() {
            return Vec::new();
        }
        let tally = row.summary.tally.clone().unwrap_or_default();
        let (_, requests) = tally.after(logged.iter().map(|logged| &logged.entry));
        requests.iter().for_each(|(_, record)| self.put_record(row, record));
        for entry in logged.iter().map(|logged| &logged.entry) {
            if let Event::Rated { of, person, score } = entry.event {
                let values = args![row.id, of, row.scope, row.chatbot, person, i64::from(score.get()), entry.at];
                self.ratings.insert((row.id, of), values);
            }
        }
        requests
    }

    fn stored(row: &Row) -> Outcome<(OnceKey, Before)> {
        let key = (row.id(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned());
        let wrote = Wrote::Stored(row.int(4)?, row.int(5)?);
        Ok((key, Before { fingerprint: row.text(3)?.to_owned(), wrote }))
    }

    async fn decide(&mut self, tx: &mut Tx, unit: &Unit) -> Outcome<UnitOutcome> {
        let row = match self.rows.get(&unit.conversation) {
            Some(row) if row.scope == unit.scope => row.clone(),
            _ => return Err(Failure::NotFound),
        };
        if let Some(once) = &unit.once
            && let Some(before) = self.before.get(&key(unit.conversation, once))
        {
            if before.fingerprint != once.fingerprint {
                return Ok(UnitOutcome::ClientIdReused);
            }
            return Ok(UnitOutcome::Repeated(match &before.wrote {
                Wrote::Here(entries) => entries.to_vec(),
                Wrote::Stored(first, last) => {
                    let between = args![unit.conversation, unit.scope, *first, *last];
                    let found = tx.query(&sql::LOG_BETWEEN, between).await?;
                    found.iter().map(rows::logged).collect::<Outcome<_>>()?
                }
            }));
        }
        let of = unit.of.and_then(|seq| self.targets.get(&(unit.conversation, seq))).map(|target| &target.logged);
        // The row is held, and with it all files of its conversation.
        let ours =
            |id| self.files.get(id).filter(|file| file.conversation == row.id && file.scope == row.scope).cloned();
        let files: Vec<File> = unit.files.iter().filter_map(ours).collect();
        match (unit.decide)(Held { row: &row, of, files: &files }) {
            Err(refusal) => Ok(UnitOutcome::Refused(refusal)),
            Ok(write) => self.apply(unit, &row, write).map(UnitOutcome::Committed),
        }
    }

    /// Numbers what was decided, and keeps it until the end of the batch.
    fn apply(&mut self, unit: &Unit, row: &Arc<InboxRow>, write: Write) -> Outcome<Committed> {
        let write = if row.reaches_out() { write } else { write.inside() };
        let Write { now, events, jobs, completes, revision, mentions, unknown, sends } = write;
        let (events, contents): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let (state, entries) = row.state.clone().record(&events, now);
        let last = entries.len().saturating_sub(1);
        let logged = entries.into_iter().zip(contents).enumerate().map(|(i, (entry, content))| {
            let client_id = unit.once.as_ref().filter(|_| i == last).map(|once| once.client_id.clone());
            // Who is told of a changed text is told the text.
            let content = if entry.event.revises().is_some() { revision.clone() } else { content };
            Logged { entry, client_id, content, edited: false }
        });
        let logged: Arc<Vec<Logged>> = Arc::new(logged.collect());
        let change = match logged.is_empty() {
            true => row.change,
            false => self.next_change()?,
        };
        self.keep(unit, change, &logged)?;
        if let Some(last) = logged.last() {
            let mentioned = |person| args![person, change, unit.scope, unit.conversation, last.entry.seq];
            self.mentions.extend(mentions.into_iter().map(mentioned));
        }
        if let (Some(state), Some(last)) = (sends, logged.last()) {
            self.send(unit, state, last.entry.seq);
        }
        if let Some(content) = revision {
            self.revise(unit, content)?;
        }
        for job in &jobs {
            self.jobs.push(rows::job_values(unit.scope, job)?);
        }
        self.completed.extend(completes.map(|job| (unit.scope, job)));
        if let Some(Unknown { id, terms, question }) = unknown {
            let (scope, chatbot) = (unit.scope, row.chatbot);
            self.unknown
                .push((args![id, scope, chatbot, terms, question, row.id, now], args![scope, chatbot, UNANSWERED]));
        }
        self.wrote |= !logged.is_empty() || !jobs.is_empty() || completes.is_some();
        let requests = self.tally(row, &logged);
        let row = if logged.is_empty() { row.clone() } else { self.advance(row, change, state, &logged) };
        Ok(Committed { row, entries: logged, jobs, requests })
    }

    fn next_change(&mut self) -> Outcome<i64> {
        self.changes.next().ok_or_else(|| Failure::broken("no place in the order of changes", "too few"))
    }

    fn advance(
        &mut self,
        before: &Arc<InboxRow>,
        change: i64,
        state: domain::conversation::Conversation,
        logged: &[Logged],
    ) -> Arc<InboxRow> {
        let mut row = InboxRow::clone(before).after(state, logged);
        row.change = change;
        row.place = change;
        self.count(before, &row);
        if row.state.participants() != before.state.participants() {
            self.participants_changed.insert(row.id);
        }
        let row = Arc::new(row);
        self.rows.insert(row.id, row.clone());
        self.changed.insert(row.id, row.clone());
        row
    }

    /// Keeps the counts of the inbox: of a chatbot by control, of a person what they take part in or are assigned to.
    fn count(&mut self, before: &InboxRow, after: &InboxRow) {
        if !after.reaches_out() {
            return;
        }
        let workspace = after.scope.workspace();
        let mut add = |person: Option<PersonId>, control: &'static str, n: i64| {
            *self.counts.entry(((workspace, person, after.chatbot), control)).or_default() += n;
        };
        let (was, is) = (before.state.standing(), after.state.standing());
        let is_new = before.state.seq == 0;
        if is_new || was != is {
            add(None, is.name(), 1);
            if !is_new {
                add(None, was.name(), -1);
            }
        }
        let people = |row: &InboxRow| -> BTreeSet<PersonId> {
            row.state.participants().iter().copied().chain(row.state.assignee).collect()
        };
        if before.state.participants() != after.state.participants() || before.state.assignee != after.state.assignee {
            let (had, has) = (people(before), people(after));
            has.difference(&had).for_each(|&person| add(Some(person), "mine", 1));
            had.difference(&has).for_each(|&person| add(Some(person), "mine", -1));
        }
    }

    fn keep(&mut self, unit: &Unit, change: i64, logged: &Arc<Vec<Logged>>) -> Outcome<()> {
        let (Some(first), Some(last)) = (logged.first(), logged.last()) else { return Ok(()) };
        let (first, last) = (first.entry.seq, last.entry.seq);
        for Logged { entry, content, .. } in logged.iter() {
            let once = unit.once.as_ref().filter(|_| entry.seq == last);
            self.events.push(args![
                unit.conversation,
                entry.seq,
                entry.visitor_seq,
                change,
                entry.event.kind(),
                entry.at,
                rows::turn(entry.turn)?,
                Value::json(&entry.event)?,
                once.map(|once| once.author.as_str()),
                once.map(|once| once.client_id.as_str()),
                once.map(|once| once.fingerprint.as_str()),
                once.map(|_| first),
            ]);
            if let Some(content) = content.as_ref().filter(|_| entry.event.revises().is_none()) {
                self.contents.push(args![change, entry.seq, 1_i64, Value::json(content)?]);
            }
            self.find(unit, change, entry, content.as_ref());
        }
        if let Some(once) = &unit.once {
            let before = Before { fingerprint: once.fingerprint.clone(), wrote: Wrote::Here(logged.clone()) };
            self.before.insert(key(unit.conversation, once), before);
        }
        Ok(())
    }

    /// Keeps what search finds of a text; nothing of one that was emptied.
    fn find(&mut self, unit: &Unit, change: i64, entry: &Entry, content: Option<&Content>) {
        if self.rows.get(&unit.conversation).is_some_and(|row| !row.reaches_out()) {
            return;
        }
        let (scope, conversation) = (unit.scope, unit.conversation);
        let text = find::entry_values(self.sqlite, scope, conversation, change, entry, content);
        self.found.extend(text);
    }

    /// The files of a unit go out with an entry.
    fn send(&mut self, unit: &Unit, state: FileState, seq: i64) {
        for &id in &unit.files {
            self.sent.push(args![id, unit.conversation, state.name(), seq]);
            if let Some(file) = self.files.get_mut(&id) {
                file.state = state;
            }
        }
    }

    /// Gives an entry another content.
    fn revise(&mut self, unit: &Unit, content: Content) -> Outcome<()> {
        let target = unit.of.and_then(|seq| self.targets.get_mut(&(unit.conversation, seq)));
        let target = target.ok_or_else(|| Failure::broken("a text is revised that no unit named", "no target"))?;
        let seq = target.logged.entry.seq;
        if content == Content::Emptied {
            self.emptied.push(args![target.change, seq, Value::json(&content)?]);
            self.unmentioned.push(args![unit.conversation, seq]);
            if target.logged.content.as_ref().is_some_and(|content| !content.files().is_empty()) {
                self.hidden.push(args![unit.conversation, seq]);
            }
        } else {
            target.version += 1;
            self.contents.push(args![target.change, seq, target.version, Value::json(&content)?]);
        }
        target.logged.edited = true;
        let (change, entry) = (target.change, target.logged.entry);
        self.find(unit, change, &entry, Some(&content));
        if let Some(target) = self.targets.get_mut(&(unit.conversation, seq)) {
            target.logged.content = Some(content);
        }
        Ok(())
    }

    /// Everything that the batch has to write.
    fn save(self, now: Millis) -> Outcome<Vec<Call>> {
        let mut calls = sql::ADD_EVENTS.calls(self.events);
        calls.extend(sql::ADD_CONTENTS.calls(self.contents));
        // After the versions that the same batch has added.
        calls.extend(find_sql::PUT_ENTRIES.calls(self.found.into_values().collect()));
        calls.extend(self.emptied.into_iter().map(|args| Call::new(&sql::EMPTY_CONTENT, args)));
        let saved = self.changed.values().map(|row| rows::inbox_values(row, now)).collect::<Outcome<_>>()?;
        calls.extend(sql::SAVE_ROWS.calls(saved));
        let mut participants = Vec::new();
        for conversation in self.participants_changed {
            calls.push(Call::new(&sql::FORGET_PARTICIPANTS, args![conversation]));
            let people = self.changed[&conversation].state.participants().iter();
            participants.extend(people.map(|&person| args![conversation, person]));
        }
        calls.extend(sql::ADD_PARTICIPANTS.calls(participants));
        let counted = |(((workspace, person, chatbot), control), n): ((Counted, &'static str), i64)| {
            args![workspace, person.map_or_else(|| Value::from(""), Value::from), chatbot, control, n]
        };
        let counts = self.counts.into_iter().filter(|(_, n)| *n != 0).map(counted);
        calls.extend(sql::ADD_COUNTS.calls(counts.collect()));
        calls.extend(self.mentions.into_iter().map(|args| Call::new(&notes_sql::ADD_MENTION, args)));
        calls.extend(self.sent.into_iter().map(|args| Call::new(&files_sql::SEND_FILE, args)));
        calls.extend(self.hidden.into_iter().map(|args| Call::new(&files_sql::HIDE_FILES, args)));
        calls.extend(self.unmentioned.into_iter().map(|args| Call::new(&notes_sql::FORGET_MENTIONS, args)));
        calls.extend(numbers_sql::PUT_RECORDS.calls(self.requests.into_values().collect()));
        calls.extend(numbers_sql::PUT_RATINGS.calls(self.ratings.into_values().collect()));
        calls.extend(jobs_sql::ADD_JOBS.calls(self.jobs));
        for (note, sweep) in self.unknown {
            calls.push(Call::new(&life_sql::NOTE_UNANSWERED, note));
            calls.push(Call::new(&life_sql::SWEEP_UNANSWERED, sweep));
        }
        for (scope, job) in self.completed {
            calls.push(Call::new(&jobs_sql::COMPLETE_BY_UNIT, args![job, scope]));
        }
        Ok(calls)
    }
}

fn key(conversation: ConversationId, once: &Once) -> OnceKey {
    (conversation, once.author.clone(), once.client_id.clone())
}
