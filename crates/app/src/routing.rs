//! Requests are given to people: in turn, or to whoever has least, as far as they are at the desk and have room.
//!
//! A request has one job in the outbox, written in the transaction in which it opens: it finds somebody, and puts itself off
//! until it is to be looked at again, because whoever has it may leave or stay silent. What is to be done is decided by
//! `domain::routing`; who it is, by the store in one transaction, so that a limit holds whatever many nodes do; and what is
//! written, by the machine: nothing is given behind the back of a person, or of whoever was faster.

use domain::{
    ConversationId, Millis, PersonId,
    calls::Outcome,
    conversation::{Command, Control, Conversation, Event, Refusal},
    person::Role,
    presence::Presence,
    routing::{Holder, Next, Routing, Seek},
};
use ports::{
    conversations::{Logged, Row, UnitOutcome},
    jobs::{Job, Lease, NewJob, Task},
    routing::{Found, RouteClaim, SOON_MS},
};
use uuid::Uuid;

use crate::{
    Baton,
    act::Target,
    calling::silence,
    compose::Texts,
    directory::Profile,
    error::{AppError, Result},
    presence::AtDesk,
    turn::Later,
};

/// So often one look tries again when somebody else was faster.
const TRIES: usize = 3;
/// Records of calls in which it is looked for who has opened a conversation, at most.
const RECORDS: u32 = 500;
/// How long it is remembered who was given which request, in milliseconds: a week. After that who did not come is tried anew.
const KEPT_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// Rows that are swept at once.
const SWEPT: u32 = 1_000;

/// The job for a request that opens with what is written now.
pub(crate) fn routing(
    (id, lease): (Uuid, Option<Lease>),
    row: &Row,
    after: &Conversation,
    routing: &Routing,
    now: Millis,
) -> Option<NewJob> {
    let opened = opened(after).filter(|new| routing.is_on() && opened(&row.state) != Some(*new))?;
    Some(NewJob { id, task: Task::Route { conversation: row.id, opened }, run_at: now, lease })
}

/// Which request is open.
pub(crate) fn opened(state: &Conversation) -> Option<i64> {
    match &state.control {
        Control::Requested(request) => Some(request.opened),
        Control::Ai | Control::Live(_) | Control::Resolved => None,
    }
}

/// Whether somebody has more room after these entries, or an assignment was taken back.
pub(crate) fn frees(entries: &[Logged]) -> bool {
    // Whoever takes a conversation over may not be whoever it was given to.
    let frees = |event: &Event| {
        matches!(
            event,
            Event::LiveChatEnded { .. }
                | Event::Released { .. }
                | Event::Resolved { .. }
                | Event::RequestDismissed { .. }
                | Event::RequestCancelled
                | Event::TakenOver { .. }
                | Event::Left { .. }
                | Event::ParticipantsReplaced { .. }
                | Event::Assigned { .. }
        )
    };
    entries.iter().any(|logged| frees(&logged.entry.event))
}

/// It is to be looked at again then. Whoever arrives while it is being looked at, or while this is written down, hurries
/// it anew.
fn later(at: Millis) -> Later {
    Later { at, why: "it is open".to_owned() }
}

impl Baton {
    /// Gives a request to somebody, or to somebody else. Returns when it is to be looked at again; nothing when it is over.
    pub(crate) async fn route(&self, job: &Job, id: ConversationId, opened: i64) -> Result<Option<Later>> {
        for _ in 0..TRIES {
            let row = self.store.row(job.scope, id).await?;
            let profile = self.directory.profile(row.chatbot).await?;
            let routing = &profile.chatbot.settings.escalation.routing;
            let desk = self.at_desk(job.scope).await?;
            let now = self.clock.now();
            let holder = self.holder(&row, opened, &desk, now).await?;
            let seek = match routing.next(&row.state, opened, holder, now) {
                Next::Over => return Ok(None),
                Next::At(at) => return Ok(Some(later(at))),
                Next::Seek(seek) => seek,
            };
            let to = match self.find(job.id, &row, opened, (&profile, &desk), seek).await? {
                Found::Place(person) => Some(person),
                Found::Nobody => None,
                Found::Later => return Ok(Some(later(now.plus(SOON_MS)))),
            };
            if to.is_none() && !seek.calls {
                return Ok(Some(later(routing.again(&row.state, now))));
            }
            let command = Command::Route { of: opened, given: seek.given, to };
            let outcome = self.execute(Target::of(&row), command, Texts::default(), None, None).await;
            if let Some(person) = to {
                // Should this fail the place is held a little longer than it has to be.
                self.store.settle_route(job.scope, id, opened, person).await?;
            }
            let outcome = match outcome? {
                UnitOutcome::Refused(refusal @ (Refusal::Stale | Refusal::Unchanged)) => {
                    tracing::debug!(conversation = %id, ?refusal, "a request was given by somebody else");
                    continue;
                }
                outcome => outcome,
            };
            self.acted(outcome).await?;
            let what = match (to, row.state.assignee) {
                (None, _) => "nobody",
                (Some(_), None) => "given",
                (Some(_), Some(_)) => "moved",
            };
            metrics::counter!("baton_routes_total", "outcome" => what).increment(1);
        }
        // Others are at it: it is not to be looked at again before they have ended.
        Ok(Some(later(self.clock.now().plus(1_000))))
    }

    /// What is known of whoever has a request.
    async fn holder(&self, row: &Row, opened: i64, desk: &AtDesk, now: Millis) -> Result<Option<Holder>> {
        let Some(person) = row.state.assignee else { return Ok(None) };
        let there = desk.lately(person) == Presence::Online && self.may_be_given(row, person, now).await?;
        let records = self.store.calls(row.scope, row.id, opened, RECORDS).await?;
        let opened = records
            .into_iter()
            .find(|record| record.seq == opened && record.person == person && record.outcome == Outcome::Opened);
        Ok(Some(Holder { there, opened: opened.map(|record| record.at) }))
    }

    /// Whether a person may answer there, and wants to be called now.
    async fn may_be_given(&self, row: &Row, person: PersonId, now: Millis) -> Result<bool> {
        let known = match self.directory.person(person).await {
            Err(AppError::NotFound) => return Ok(false),
            known => known?,
        };
        let answers = known.scope == row.scope && known.role_for(row.chatbot).is_some_and(Role::may_answer);
        Ok(answers && silence(&known.calling, now).is_none())
    }

    /// Whom a request is given to; the place is held until it is settled.
    async fn find(
        &self,
        job: Uuid,
        row: &Row,
        opened: i64,
        (profile, desk): (&Profile, &AtDesk),
        seek: Seek,
    ) -> Result<Found> {
        if seek.closed {
            return Ok(Found::Nobody);
        }
        let now = self.clock.now();
        let mut people = Vec::new();
        for person in desk.people().filter(|person| seek.without != Some(*person)) {
            if desk.presence(person) == Presence::Online && self.may_be_given(row, person, now).await? {
                people.push(person);
            }
        }
        if people.is_empty() {
            return Ok(Found::Nobody);
        }
        let routing = &profile.chatbot.settings.escalation.routing;
        let language = if routing.pools.iter().any(|pool| !pool.languages.is_empty()) {
            self.store.visitor(row.scope, row.visitor).await?.facts.language
        } else {
            None
        };
        let pool = routing.pool(language.as_deref(), &row.summary.labels);
        let claim = RouteClaim {
            conversation: row.id,
            opened,
            job,
            people,
            pool: pool.map(|pool| pool.people.clone()).unwrap_or_default(),
            before: seek.before,
            mode: routing.mode,
            limit: routing.limit,
        };
        Ok(self.store.claim_route(row.scope, claim, now).await?)
    }

    /// Forgets who was given what long ago.
    pub(crate) async fn sweep_routes(&self) {
        let before = self.clock.now().plus(-KEPT_MS);
        loop {
            match self.store.forget_routes(before, SWEPT).await {
                Ok(swept) if swept >= u64::from(SWEPT) => {}
                Ok(_) => return,
                Err(fault) => {
                    tracing::warn!(error = &fault as &dyn std::error::Error, "old assignments are still remembered");
                    return;
                }
            }
        }
    }
}
