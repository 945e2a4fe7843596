//! While nobody comes: the timers of a wait, each step of which is a command.
//!
//! A wait has one job in the outbox, written in the transaction that it begins in: it takes the step that is due, and puts
//! itself off until the next one, or for [`LOOK_MS`] at most. So it survives a restart, runs on one node at a time, and
//! follows settings that are changed meanwhile. A step that was taken, and a wait that is over, are refused by the rules, whoever asks.

use domain::{
    ConversationId, Millis,
    conversation::{Command, Control, Conversation, Refusal, Rung},
    waiting::{Clock, LOOK_MS, Next, WATCHED_MS},
};
use ports::{
    conversations::{Row, UnitOutcome},
    jobs::{Job, NewJob, Task},
};
use uuid::Uuid;

use crate::{
    Baton,
    act::Target,
    compose::Texts,
    directory::Profile,
    error::Result,
    hours::{open_since, opens},
    turn::Later,
};

/// Clocks of two nodes differ by less than this, in milliseconds.
const SLACK_MS: i64 = 60_000;
/// Steps that are taken in a row, at most: all that there are.
const STEPS: usize = Rung::ALL.len();

/// The job for a wait that begins with what is written now, or that is looked at again after a long quiet.
pub(crate) fn watching(id: Uuid, row: &Row, after: &Conversation, profile: &Profile, now: Millis) -> Option<NewJob> {
    let opened = watched(after)?;
    let quiet = matches!(after.control, Control::Live(_)) && now.since(row.updated_at) >= WATCHED_MS - SLACK_MS;
    if watched(&row.state) == Some(opened) && !quiet {
        return None;
    }
    let run_at = match next(profile, after, opened, now, now) {
        Next::Due { .. } => now,
        Next::At(at) => at,
        Next::Over => return None,
    };
    let task = Task::Watch { conversation: row.id, opened };
    Some(NewJob { id, task, run_at, lease: None })
}

/// What comes next in a wait. While nobody is there nobody is called to a live chat either.
fn next(profile: &Profile, state: &Conversation, opened: i64, newest: Millis, now: Millis) -> Next {
    let clock = Clock { now, newest, open_since: open_since(profile, now) };
    let next = profile.chatbot.settings.escalation.waiting.next(state, opened, &clock);
    match (next, opens(profile, now)) {
        (Next::Due { rung, .. }, Some(opens)) if rung.is_of_silence() => Next::At(opens.min(now.plus(LOOK_MS))),
        (next, _) => next,
    }
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
            match next(&profile, &row.state, opened, row.updated_at, self.clock.now()) {
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
