//! The record of who was called to what, and what came of it: a request was heard, or it says why not.
//!
//! Records are no part of a conversation's log, and nobody waits for them: a node gathers them for a moment and writes them
//! together. What could not be stored keeps nobody from being called.

use std::{mem, time::Duration};

use domain::{
    ConversationId, Millis, PersonId,
    calling::{MAIL_AFTER_MS, Silence},
    calls::{Outcome, Way},
    conversation::{Control, Event},
    person::Role,
};
use parking_lot::Mutex;
use ports::{
    Scope,
    accounts::Person,
    calls::{CallRecord, PLACE_BYTES},
    content::Content,
    conversations::{LogRange, Row},
    jobs::{NewJob, Task},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Baton,
    act::Target,
    alerts::{AlertKind, alert_for, rings},
    auth::{Staff, Via},
    calling::silence,
    error::{AppError, Result},
};

/// Records of one conversation that are shown, at most: the newest ones.
const SHOWN: u32 = 500;
/// How long records are kept, in milliseconds: 90 days.
const KEPT_MS: i64 = 90 * 24 * 3_600 * 1_000;
/// Records that are swept at once.
const SWEPT: u32 = 1_000;
/// Records that are written at once.
const WRITTEN: usize = 500;
/// Records that wait to be written, at most. More are not noted, and counted.
const GATHERED: usize = 20_000;
/// How long records are gathered.
const GATHER: Duration = Duration::from_millis(100);
/// How long to wait when they could not be written.
const PAUSE: Duration = Duration::from_secs(1);
/// So long after a call everybody who was not reached is looked for, in milliseconds: pages and devices have said by then
/// what came of it.
const RECKON_AFTER_MS: i64 = 10_000;
/// So long after that whoever wants mails is looked for, in milliseconds: by then theirs was handed over, or failed.
const RECKON_MAILS_AFTER_MS: i64 = MAIL_AFTER_MS + 30_000;
/// People that are looked through for it, at most.
const PEOPLE: u32 = 1_000;

/// Records that wait to be written.
#[derive(Default)]
pub(crate) struct CallBook {
    gathered: Mutex<Vec<(Scope, CallRecord)>>,
    wake: Notify,
}

/// The event that somebody is called to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    /// In this conversation.
    pub conversation: ConversationId,
    /// Its place in the log.
    pub seq: i64,
}

/// What is noted of somebody who is not called now.
pub(crate) fn silent(silence: Silence) -> Outcome {
    match silence {
        Silence::Undisturbed(_) => Outcome::Undisturbed,
        Silence::Quiet => Outcome::Quiet,
    }
}

/// Whether what came of an alert is noted: who is wanted has to be heard. What is written in one's own live chat is no call.
pub fn is_call(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::HumanRequested | AlertKind::SilentChat)
}

/// The job that looks for whoever was not reached by the calls that are made now.
pub(crate) fn reckoning(id: Uuid, row: &Row, events: &[(Event, Option<Content>)], now: Millis) -> Option<NewJob> {
    let calls = |event: &Event| {
        let call = matches!(
            event,
            Event::HumanRequested { .. } | Event::Released { .. } | Event::Assigned { .. } | Event::Climbed { .. }
        );
        call && rings(row.state.standing(), event, None)
    };
    let (seq, _) = (row.state.seq + 1..).zip(events).filter(|(_, (event, _))| calls(event)).last()?;
    let task = Task::ReckonCalls { conversation: row.id, seq, mailed: false };
    Some(NewJob { id, task, run_at: now.plus(RECKON_AFTER_MS), lease: None })
}

impl Baton {
    /// Notes what came of a call for some people, each on a device of theirs.
    pub(crate) fn note_calls(&self, scope: Scope, call: Call, way: Way, came: Vec<(PersonId, String, Outcome)>) {
        let Call { conversation, seq } = call;
        let at = self.clock.now();
        let record = |(person, place, outcome)| CallRecord { conversation, seq, person, way, place, outcome, at };
        let mut gathered = self.calls.gathered.lock();
        let room = GATHERED - gathered.len().min(GATHERED);
        if came.len() > room {
            metrics::counter!("baton_call_records_lost_total").increment((came.len() - room) as u64);
        }
        gathered.extend(came.into_iter().take(room).map(|one| (scope, record(one))));
        self.calls.wake.notify_one();
    }

    /// Writes what was gathered, until told to stop; then the rest.
    pub(crate) async fn keep_calls(&self, stop: &CancellationToken) {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.calls.wake.notified() => {}
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.clock.sleep(GATHER) => {}
            }
            if !self.write_calls().await {
                self.calls.wake.notify_one();
                self.clock.sleep(PAUSE).await;
            }
        }
        self.write_calls().await;
    }

    /// Writes what was gathered so far. Whether all of it could be stored: the rest waits for the next time.
    pub(crate) async fn write_calls(&self) -> bool {
        let mut gathered = mem::take(&mut *self.calls.gathered.lock());
        gathered.sort_by_key(|(scope, _)| scope.workspace());
        let parts = gathered.chunk_by(|(one, _), (other, _)| one == other).flat_map(|same| same.chunks(WRITTEN));
        let mut left = Vec::new();
        for part in parts {
            let scope = part[0].0;
            let records = part.iter().map(|(_, record)| record.clone()).collect();
            if let Err(fault) = self.store.note_calls(scope, records).await {
                tracing::warn!(error = &fault as &dyn std::error::Error, "what came of calls is not noted yet");
                left.extend_from_slice(part);
            }
        }
        let all = left.is_empty();
        if !all {
            let mut gathered = self.calls.gathered.lock();
            left.append(&mut gathered);
            left.truncate(GATHERED);
            *gathered = left;
        }
        all
    }

    /// A page says what it made of an alert.
    ///
    /// # Errors
    /// The field at fault, `forbidden` for viewers, or [`AppError::NotFound`] for a conversation that this person may not
    /// see.
    pub async fn page_reports(&self, staff: &Staff, alert: &str, outcome: Outcome) -> Result<()> {
        let parts = alert.rsplit_once(':').and_then(|(id, seq)| Some((id.parse().ok()?, seq.parse().ok()?)));
        let (conversation, seq): (ConversationId, i64) =
            parts.ok_or_else(|| AppError::invalid("id", "is no name of an alert"))?;
        let row = self.conversation(staff, conversation).await?;
        if !staff.role_for(row.chatbot).is_some_and(Role::may_answer) {
            return Err(AppError::Forbidden);
        }
        if !(1..=row.state.seq).contains(&seq) {
            return Err(AppError::invalid("id", "is no name of an alert"));
        }
        // Nobody is called to a rehearsal.
        if row.reaches_out() {
            let call = Call { conversation, seq };
            self.note_calls(row.scope, call, Way::Page, vec![(staff.id(), place(staff), outcome)]);
        }
        Ok(())
    }

    /// A page was told of an event.
    pub fn page_was_told(&self, staff: &Staff, conversation: ConversationId, seq: i64) {
        let call = Call { conversation, seq };
        self.note_calls(staff.scope(), call, Way::Page, vec![(staff.id(), place(staff), Outcome::Told)]);
    }

    /// Somebody looks at a conversation: where a person is wanted, they have opened it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn looks(&self, staff: &Staff, conversation: ConversationId) -> Result<()> {
        let row = self.conversation(staff, conversation).await?;
        let Control::Requested(request) = &row.state.control else { return Ok(()) };
        if row.reaches_out() && staff.role_for(row.chatbot).is_some_and(Role::may_answer) {
            let call = Call { conversation: row.id, seq: request.opened };
            self.note_calls(row.scope, call, Way::Page, vec![(staff.id(), String::new(), Outcome::Opened)]);
        }
        Ok(())
    }

    /// Looks for everybody who was meant by a call and was not reached on any way, and notes why. Whoever wants mails has
    /// more time.
    pub(crate) async fn reckon_calls(
        &self,
        scope: Scope,
        conversation: ConversationId,
        seq: i64,
        mailed: bool,
    ) -> Result<()> {
        let row = self.store.row(scope, conversation).await?;
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let Some(logged) = self.store.log(scope, conversation, range).await?.into_iter().find(|it| it.entry.seq == seq)
        else {
            return Ok(());
        };
        self.write_calls().await;
        let profile = self.directory.profile(row.chatbot).await?;
        let known = self.store.calls(scope, conversation, seq, SHOWN).await?;
        let reached = |person: PersonId| known.iter().any(|record| record.seq == seq && record.person == person);
        let people = self.store.people(scope, None, PEOPLE).await?;
        let missed = people.iter().filter(|person| {
            let alert = alert_for(&profile, &row, &logged, person.id, person.role_for(row.chatbot));
            alert.is_some_and(|alert| is_call(alert.kind)) && !reached(person.id)
        });
        let mails = self.mail_jobs(Target::of(&row)).await?.people;
        let (wait, missed): (Vec<&Person>, Vec<&Person>) =
            missed.partition(|person| !mailed && mails.contains(&person.id));
        if !wait.is_empty() {
            let now = self.clock.now();
            let task = Task::ReckonCalls { conversation, seq, mailed: true };
            let run_at = now.plus(RECKON_MAILS_AFTER_MS);
            self.store.add_job(scope, NewJob { id: self.entropy.id(now), task, run_at, lease: None }).await?;
        }
        let why = |person: &Person| Some((person.id, String::new(), self.why_not(person, mails.contains(&person.id))?));
        let came = missed.into_iter().filter_map(why).collect();
        self.note_calls(scope, Call { conversation, seq }, Way::Page, came);
        self.write_calls().await;
        Ok(())
    }

    /// Why a person was not called on any way. Whoever has mails has a way, although not every call takes it: they were
    /// mailed of the request before, or are when nobody comes.
    fn why_not(&self, person: &Person, has_mails: bool) -> Option<Outcome> {
        let silent = silence(&person.calling, self.clock.now()).map(silent);
        silent.or((!has_mails).then_some(Outcome::NoWay))
    }

    /// What came of the newest calls of a conversation, in the order in which it happened.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn calls(&self, staff: &Staff, conversation: ConversationId, from: i64) -> Result<Vec<CallRecord>> {
        let (target, _) = self.desk_target(staff, conversation).await?;
        self.write_calls().await;
        Ok(self.store.calls(target.scope, conversation, from, SHOWN).await?)
    }

    /// Forgets old records.
    pub(crate) async fn sweep_calls(&self) {
        let before = self.clock.now().plus(-KEPT_MS);
        loop {
            match self.store.forget_calls(before, SWEPT).await {
                Ok(swept) if swept >= u64::from(SWEPT) => {}
                Ok(_) => return,
                Err(fault) => {
                    tracing::warn!(error = &fault as &dyn std::error::Error, "old records of calls are still there");
                    return;
                }
            }
        }
    }
}

/// A name of the browser that somebody sits at, the same in each of its tabs, which tells nothing of its secret.
pub(crate) fn place(staff: &Staff) -> String {
    let name = match staff.via {
        Via::Session { token_hash } => hex(&token_hash[..6]),
        Via::Key { id, .. } => id.to_string(),
    };
    domain::text::excerpt(&name, PLACE_BYTES)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
