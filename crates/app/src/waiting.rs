//! While nobody comes: the timers of a wait, each step of which is a command.
//!
//! A wait has one job in the outbox, written in the transaction that it begins in: it takes the step that is due, and puts
//! itself off until the next one. So it survives a restart, runs on one node at a time, and follows settings that are
//! changed meanwhile. A step that was taken, and a wait that is over, are refused by the rules, whoever asks.

use domain::{
    ConversationId, Millis,
    conversation::{Command, Control, Conversation, Refusal, Rung},
    waiting::{Next, WATCHED_MS, Waiting},
};
use ports::{
    conversations::{Row, UnitOutcome},
    jobs::{Job, NewJob, Task},
};
use uuid::Uuid;

use crate::{Baton, act::Target, compose::Texts, error::Result, turn::Later};

/// Clocks of two nodes differ by less than this, in milliseconds.
const SLACK_MS: i64 = 60_000;
/// Steps that are taken in a row, at most: all that there are.
const STEPS: usize = Rung::ALL.len();

/// The job for a wait that begins with what is written now, or that is looked at again after a long quiet.
pub(crate) fn watching(id: Uuid, row: &Row, after: &Conversation, waiting: &Waiting, now: Millis) -> Option<NewJob> {
    let opened = watched(after)?;
    let quiet = matches!(after.control, Control::Live(_)) && now.since(row.updated_at) >= WATCHED_MS - SLACK_MS;
    if watched(&row.state) == Some(opened) && !quiet {
        return None;
    }
    let run_at = match waiting.next(after, opened, now, now) {
        Next::Due { .. } => now,
        Next::At(at) => at,
        Next::Over => return None,
    };
    let task = Task::Watch { conversation: row.id, opened };
    Some(NewJob { id, task, run_at, lease: None })
}

/// `seq` of what is watched over: a request, or a live chat.
fn watched(state: &Conversation) -> Option<i64> {
    match &state.control {
        Control::Requested(request) => Some(request.opened),
        Control::Live(live) => Some(live.began),
        Control::Ai | Control::Resolved => None,
    }
}

impl Baton {
    /// Takes the steps that are due in a wait. Returns when it is to be looked at again; nothing when it is over.
    pub(crate) async fn watch(&self, job: &Job, id: ConversationId, opened: i64) -> Result<Option<Later>> {
        for _ in 0..=STEPS {
            let row = self.store.row(job.scope, id).await?;
            let profile = self.directory.profile(row.chatbot).await?;
            let settings = &profile.chatbot.settings.escalation;
            match settings.waiting.next(&row.state, opened, row.updated_at, self.clock.now()) {
                Next::Over => return Ok(None),
                Next::At(at) => return Ok(Some(Later { at, why: "nobody has come yet".to_owned() })),
                Next::Due { of, rung } => {
                    let command = Command::Climb { of, rung };
                    match self.execute(Target::of(&row), command, Texts::default(), None, None).await? {
                        // Somebody was faster: a person came, or another worker took the step.
                        UnitOutcome::Refused(Refusal::Stale) => tracing::debug!(?rung, "a step came too late"),
                        outcome => self.acted(outcome).await.map(drop)?,
                    }
                    metrics::counter!("baton_waiting_steps_total", "step" => rung.name()).increment(1);
                }
            }
        }
        Ok(None)
    }
}
