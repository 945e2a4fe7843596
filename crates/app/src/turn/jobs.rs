//! The worker: takes jobs, runs them, tries again later, gives up in sight.

use std::{sync::Arc, time::Duration};

use domain::{ConversationId, Millis};
use ports::{
    Scope,
    jobs::{Job, NewJob, Task},
};
use tokio::sync::mpsc;
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};
use uuid::Uuid;

use super::leases::Keeping;
use crate::{
    Baton,
    calls::Call,
    error::{AppError, Result},
    push::SoFar,
};

/// Turns that wait for this worker, handed over by the hub.
const QUEUE: usize = 4_096;
/// How often the outbox is looked at when nothing else gives reason to.
const POLL: Duration = Duration::from_secs(1);
/// How often it is looked for files that were uploaded and never sent.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// Jobs taken in one go.
const CLAIM: u32 = 32;
/// A job that failed so often is given up.
const TRIES: u32 = 8;
/// The first pause after a failure; it doubles each time, up to [`PAUSE_MAX_MS`].
const PAUSE_MS: i64 = 1_000;
/// The longest pause after a failure.
const PAUSE_MAX_MS: i64 = 5 * 60 * 1_000;
/// Tries to call a person who is wanted, while the request is open: about a day of the longest pause.
pub(crate) const CALL_TRIES: u32 = 300;
/// The longest pause after a failure, for what somebody waits for right now.
const SOON_MAX_MS: i64 = 5_000;
/// How long answers in the making may go on when the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// A job that is put off.
pub(crate) struct Later {
    /// Until when.
    pub at: Millis,
    /// Why, for the outbox.
    pub why: String,
}

/// What a job's work has left of its row in the outbox.
pub(crate) enum Left {
    /// It is still to be completed.
    Open,
    /// The transaction that held the result has completed it.
    Completed,
    /// Somebody else has the job, or takes it when the lease is over: it is not this one's to complete.
    ToOthers,
    /// It is to be done again, and that is no failure of this server.
    Later(Later),
    /// A part of it is done: what is left is another task.
    GoesOn {
        /// What is left.
        task: Task,
        /// When.
        at: Millis,
        /// Why not now, for the outbox.
        why: String,
    },
    /// It was tried often enough: it stays in sight, with the reason.
    GivenUp(String),
}

impl Baton {
    /// Works until told to stop, then lets answers in the making end.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        let (sender, mut queue) = mpsc::channel::<(Scope, NewJob)>(QUEUE);
        self.hub.send_turns_to(sender);
        match self.store.void_leases().await {
            Ok(true) => tracing::debug!("leases of an earlier run are void"),
            Ok(false) => {}
            // They end by themselves.
            Err(fault) => tracing::warn!(error = &fault as &dyn std::error::Error, "leases of an earlier run go on"),
        }
        self.turns.nudge();
        // As long as anything is worked on, also after the word to stop.
        let renewing = Arc::clone(&self);
        let _renewing = AbortOnDropHandle::new(tokio::spawn(async move { renewing.renew_leases().await }));
        let tasks = TaskTracker::new();
        tasks.spawn({
            let (baton, stop) = (Arc::clone(&self), stop.clone());
            async move { baton.fill_search(&stop).await }
        });
        tasks.spawn({
            let (baton, stop) = (Arc::clone(&self), stop.clone());
            async move { baton.keep_calls(&stop).await }
        });
        tasks.spawn({
            let (baton, stop) = (Arc::clone(&self), stop.clone());
            async move { baton.keep_presence(&stop).await }
        });
        tasks.spawn({
            let (baton, stop) = (Arc::clone(&self), stop.clone());
            async move { baton.fill_requests(&stop).await }
        });
        tasks.spawn({
            let baton = Arc::clone(&self);
            async move {
                if let Err(error) = baton.read_all_knowledge().await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "knowledge was not looked through");
                }
            }
        });
        let mut tidies = self.clock.sleep(Duration::ZERO);
        loop {
            let due = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some((scope, job)) = queue.recv() => taken(scope, job).into_iter().collect(),
                () = self.turns.wake.notified() => self.claim().await,
                () = &mut tidies => {
                    tidies = self.clock.sleep(TIDY_EVERY);
                    let baton = Arc::clone(&self);
                    tasks.spawn(async move {
                        baton.sweep_unsent().await;
                        baton.sweep_deliveries().await;
                        baton.sweep_calls().await;
                        baton.sweep_routes().await;
                        baton.find_forgotten_documents().await;
                    });
                    Vec::new()
                }
                () = self.clock.sleep(POLL) => self.claim().await,
            };
            if due.len() == CLAIM as usize {
                self.turns.nudge();
            }
            let (routes, others): (Vec<_>, Vec<_>) =
                due.into_iter().partition(|(job, _)| matches!(job.task, Task::Route { .. }));
            for (job, worker) in others {
                let (baton, stop) = (Arc::clone(&self), stop.clone());
                tasks.spawn(async move { baton.run(job, worker, &stop).await });
            }
            if !routes.is_empty() {
                let (baton, stop) = (Arc::clone(&self), stop.clone());
                tasks.spawn(async move {
                    // One after the other: of those who wait for the same person the oldest gets them.
                    for (job, worker) in routes {
                        baton.run(job, worker, &stop).await;
                    }
                });
            }
        }
        tasks.close();
        tokio::select! {
            () = tasks.wait() => {}
            () = self.clock.sleep(DRAIN) => tracing::info!(left = tasks.len(), "jobs that were begun go on at the next start, or on another node"),
        }
    }

    /// Jobs, each with the name under which it was taken.
    async fn claim(&self) -> Vec<(Job, Uuid)> {
        if !self.turns.has_room() {
            return Vec::new();
        }
        let lease = self.new_lease();
        match self.store.claim(lease, self.clock.now(), CLAIM).await {
            Ok(jobs) => jobs.into_iter().map(|job| (job, lease.worker)).collect(),
            Err(fault) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "the outbox cannot be read");
                Vec::new()
            }
        }
    }

    async fn run(self: &Arc<Self>, job: Job, worker: Uuid, stop: &CancellationToken) {
        let _place = self.turns.enter();
        let lease = self.turns.leases.keep(job.id, worker, self.clock.now());
        let hurried = self.turns.times_hurried();
        let done = match job.task {
            Task::AssistantTurn { conversation, turn, .. } => {
                self.turn_to_its_end(&job, &lease, conversation, turn).await
            }
            Task::IndexSource { source } if job.tries > TRIES => {
                // It never came to an end, good or bad: whoever worked on it was gone before.
                self.give_source_up(job.scope, source).await.map(|()| Left::Open)
            }
            Task::ReadKnowledge { chatbot } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                // It may take an hour; what was read is kept.
                () = stop.cancelled() => {
                    Ok(Left::Later(Later { at: self.clock.now(), why: "the server was told to stop".to_owned() }))
                }
                done = self.read_knowledge(job.scope, chatbot) => done.map(|()| Left::Open),
            },
            Task::DeliverWebhook { delivery } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.deliver_webhook(&job, delivery) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::CrawlSource { source, run } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.crawl(job.scope, source, run) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::Watch { conversation, opened } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.watch(&job, conversation, opened) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::Route { conversation, opened } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.route(&job, conversation, opened) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::MailSummary { person } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.mail_summary(&job, person) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::MailVisitor { conversation, seq } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.mail_visitor(&job, conversation, seq) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::MailTranscript { conversation, person } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.send_transcript(&job, conversation, person) => done.map(|again| again.map_or(Left::Open, Left::Later)),
            },
            Task::PushAlert { conversation, seq, rest, since, ref told } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.push_alert(&job, Call { conversation, seq }, SoFar { rest, since, told }) => done,
            },
            Task::WithdrawAlert { conversation, seq, of, ref told } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.withdraw_alert(&job, (conversation, seq), of, told) => done,
            },
            Task::MailAlert { conversation, seq, person } => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.mail_alert(&job, conversation, seq, person) => done,
            },
            _ => tokio::select! {
                biased;
                () = lease.lost() => Ok(Left::ToOthers),
                done = self.errand(&job) => done.map(|()| Left::Open),
            },
        };
        let done = match done {
            // The conversation, or its chatbot, was deleted: nobody waits for an answer any more.
            Err(AppError::NotFound) => Ok(Left::Open),
            done => done,
        };
        let told = match &done {
            Ok(Left::Completed | Left::ToOthers) => Ok(()),
            // More may have come than it has seen.
            Ok(Left::Open) if matches!(job.task, Task::ReadKnowledge { .. } | Task::IndexSource { .. }) => {
                let done = self.store.complete_unless_asked(job.id, worker).await;
                done.map(|done| {
                    if !done {
                        self.turns.nudge()
                    }
                })
            }
            Ok(Left::Open) => self.store.complete(job.id, worker).await,
            Ok(Left::Later(later)) => {
                let put_off = self.store.fail(job.id, worker, &later.why, Some(later.at), self.clock.now()).await;
                if later.at <= self.clock.now() {
                    self.turns.nudge();
                }
                put_off
            }
            Ok(Left::GoesOn { task, at, why }) => {
                let put_off = self.store.go_on(job.id, worker, task, why, *at).await;
                if *at <= self.clock.now() {
                    self.turns.nudge();
                }
                put_off
            }
            Ok(Left::GivenUp(why)) => {
                tracing::warn!(job = %job.id, kind = job.task.kind(), tries = job.tries, why, "a job was given up");
                self.store.fail(job.id, worker, why, None, self.clock.now()).await
            }
            Err(error) => {
                let again = after_fault(&job, self.clock.now());
                tracing::warn!(
                    job = %job.id,
                    kind = job.task.kind(),
                    tries = job.tries,
                    given_up = again.is_none(),
                    error = error as &dyn std::error::Error,
                    "a job failed"
                );
                self.store.fail(job.id, worker, &error.to_string(), again, self.clock.now()).await
            }
        };
        // Who had room meanwhile passed over what was being worked on up to this moment, and others saw a place that this
        // one still held.
        if matches!(job.task, Task::Route { .. }) && self.turns.times_hurried() != hurried {
            self.hurry_again(job.scope).await;
        }
        if let Err(fault) = told {
            // The lease runs out and the job is tried again: it is idempotent.
            tracing::warn!(job = %job.id, error = &fault as &dyn std::error::Error, "a job's end could not be stored");
        }
    }
}

impl Baton {
    /// A turn; or, when it has failed for the last time, at least a word: no conversation waits for what nobody does any more.
    async fn turn_to_its_end(
        self: &Arc<Self>,
        job: &Job,
        lease: &Keeping<'_>,
        conversation: ConversationId,
        turn: u64,
    ) -> Result<Left> {
        if job.tries <= TRIES {
            match self.assistant_turn(job, lease, conversation, turn).await {
                Err(error) if job.tries == TRIES && !matches!(error, AppError::NotFound) => {
                    tracing::error!(%conversation, turn, error = &error as &dyn std::error::Error, "a turn is given up");
                }
                done => return done,
            }
        }
        self.give_turn_up(job, conversation, turn).await
    }

    /// What a job asks for that is no turn of the AI.
    async fn errand(&self, job: &Job) -> Result<()> {
        match &job.task {
            Task::AssistantTurn { .. }
            | Task::ReadKnowledge { .. }
            | Task::DeliverWebhook { .. }
            | Task::MailSummary { .. }
            | Task::Watch { .. }
            | Task::Route { .. }
            | Task::PushAlert { .. }
            | Task::WithdrawAlert { .. }
            | Task::MailAlert { .. }
            | Task::MailVisitor { .. }
            | Task::MailTranscript { .. }
            | Task::CrawlSource { .. } => Ok(()),
            Task::CrawlDue { source, at } => self.crawl_when_due(job.scope, *source, *at).await,
            Task::RemoveWebsite { source } => self.remove_website(job.scope, *source).await,
            Task::TellWebhooks { conversation, from, to, was_live } => {
                self.tell_webhooks(job.scope, *conversation, (*from, *to), *was_live).await
            }
            Task::TellOfLead { conversation } => self.tell_of_lead(job, *conversation).await,
            Task::MailWebhookOff { webhook } => self.mail_webhook_off(job, *webhook).await,
            Task::IndexSource { source } => self.index_source(job.scope, *source).await,
            Task::LearnIntents { chatbot } => self.learn_intents(job.scope, *chatbot).await,
            Task::WriteCard { conversation, opened } => {
                Box::pin(self.write_card(job.scope, *conversation, *opened)).await
            }
            Task::CopyKnowledge { from, to } => self.copy_knowledge(job.scope, *from, *to).await,
            Task::DeleteChatbot { chatbot } => self.remove_chatbot(job.scope, *chatbot).await,
            Task::DeleteRehearsal { conversation } => self.remove_rehearsal(job.scope, *conversation).await,
            Task::SweepFiles { conversation } => self.sweep_files(job.scope, *conversation).await,
            Task::LeaveChats { person } => self.leave_chats(job.scope, *person).await,
            Task::ReckonCalls { conversation, seq, mailed } => {
                self.reckon_calls(job.scope, *conversation, *seq, *mailed).await
            }
            Task::MailInvitation { invitation } => self.mail_invitation(job, *invitation).await,
            Task::MailPasswordLink { email } => self.mail_password_link(job, email).await,
            Task::MailAddressLink { person, email } => self.mail_address_link(job, *person, email).await,
        }
    }
}

/// A job that this process has taken in the transaction that made it.
fn taken(scope: Scope, job: NewJob) -> Option<(Job, Uuid)> {
    let worker = job.lease?.worker;
    Some((Job { id: job.id, scope, task: job.task, tries: 1 }, worker))
}

/// When a job is worked on again that ended in a fault, which is the database's or this server's own.
fn after_fault(job: &Job, now: Millis) -> Option<Millis> {
    match job.task {
        // A visitor waits for a person, and nobody else sees to it: as soon as the database is back. However often they
        // were put off, they are not given up.
        Task::Watch { .. }
        | Task::Route { .. }
        | Task::PushAlert { .. }
        | Task::WithdrawAlert { .. }
        | Task::MailAlert { .. } => Some(now.plus(pause(job.tries).min(SOON_MAX_MS))),
        // They were put off without having failed: what this counts says nothing.
        Task::DeliverWebhook { .. }
        | Task::MailSummary { .. }
        | Task::MailVisitor { .. }
        | Task::MailTranscript { .. }
        | Task::CrawlSource { .. } => again_until(TRIES - 1, TRIES, now),
        // A source that is tried once more than this says so by itself and ends; knowledge is read when its model is back.
        Task::IndexSource { .. } | Task::ReadKnowledge { .. } => Some(now.plus(pause(job.tries.min(TRIES)))),
        _ => again_until(job.tries, TRIES, now),
    }
}

/// When something is tried again that has failed so often; nothing when that was often enough.
pub(crate) fn again_until(tries: u32, most: u32, now: Millis) -> Option<Millis> {
    (tries < most).then(|| now.plus(pause(tries)))
}

fn pause(tries: u32) -> i64 {
    PAUSE_MS.saturating_mul(1 << tries.min(20)).min(PAUSE_MAX_MS)
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, PersonId, WorkspaceId};

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "tests")]
    fn job(task: Task, tries: u32) -> Job {
        Job { id: Uuid::nil(), scope: Scope::granted(WorkspaceId::new(Uuid::nil())), task, tries }
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=TRIES).map(|tries| again_until(tries, TRIES, Millis(0)).map(|at| at.0)).collect();
        assert_eq!(pauses[..3], [Some(2_000), Some(4_000), Some(8_000)]);
        assert!(pauses[..7].iter().all(|pause| pause.is_some_and(|ms| ms <= PAUSE_MAX_MS)));
        assert_eq!(pauses[7], None);
        assert_eq!(again_until(CALL_TRIES - 1, CALL_TRIES, Millis(0)), Some(Millis(PAUSE_MAX_MS)));
    }

    #[test]
    fn who_waits_for_a_person_does_not_wait_for_a_pause() {
        let conversation = ConversationId::new(Uuid::nil());
        let person = PersonId::new(Uuid::nil());
        for task in [
            Task::Watch { conversation, opened: 1 },
            Task::Route { conversation, opened: 1 },
            Task::MailAlert { conversation, seq: 1, person },
        ] {
            for tries in [1, 2, TRIES, 1_000] {
                let again = after_fault(&job(task.clone(), tries), Millis(0)).map(|at| at.0);
                assert!(again.is_some_and(|at| (1_000..=5_000).contains(&at)), "{task:?} after {tries}: {again:?}");
            }
        }
        assert_eq!(after_fault(&job(Task::TellOfLead { conversation }, TRIES), Millis(0)), None);
    }
}
