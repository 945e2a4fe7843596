//! One turn of the AI, from its job to its commit.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    ConversationId, LabelId,
    conversation::{Answer, AssistantOutcome, Command, Refusal},
    limits,
};
use ports::{
    Fault,
    conversations::{Row, UnitOutcome},
    jobs::Job,
};

use super::{
    answer::{Asked, Settlement},
    jobs::Left,
    leases::Keeping,
};
use crate::{AppError, Baton, act::Target, compose::Texts, error::Result, live::Room};

/// How often it is tried to raise the attempt, while others raise it too.
const RAISES: u32 = 4;

impl Baton {
    /// Runs a turn. Whatever happens, the turn is settled, or somebody else has taken it, or this is an error and the job
    /// is tried again.
    pub(super) async fn assistant_turn(
        self: &Arc<Self>,
        job: &Job,
        lease: &Keeping<'_>,
        id: ConversationId,
        turn: u64,
    ) -> Result<Left> {
        // The room first, and then the reading: a takeover that is committed after it closes the gate of this very room,
        // whoever follows the conversation by then.
        let room = self.hub.room(id);
        let left = self.turn_in(&room, job, lease, id, turn).await;
        drop(room);
        self.hub.tidy(id);
        left
    }

    async fn turn_in(
        self: &Arc<Self>,
        room: &Arc<Room>,
        job: &Job,
        lease: &Keeping<'_>,
        id: ConversationId,
        turn: u64,
    ) -> Result<Left> {
        let began = self.clock.instant();
        let Some((row, attempt)) = self.begin_turn(job, id, turn).await? else { return self.left(job, id, turn).await };
        room.begins_with(&row.state);
        let cancel = room.begin(turn, attempt);
        // After the beginning, so that a turn that is over by now is withdrawn: the news of it came before there was one.
        room.read(&row.state, began);
        let attempt = AtomicU32::new(attempt);
        let settlement = tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(None),
            () = lease.lost() => Ok(None),
            settlement = self.settlement(Asked::new(&row, room, turn, &attempt)) => settlement,
        };
        let attempt = attempt.load(Ordering::Relaxed);
        let settled = match settlement {
            Ok(Some(settlement)) => self.settle(job, &row, turn, attempt, settlement).await,
            Ok(None) => {
                // What was streamed is void, whoever withdrew it: no page keeps half a sentence.
                self.hub.tokens_dropped(id, turn);
                self.left(job, id, turn).await
            }
            Err(error) => Err(error),
        };
        // However it went: another node may write the next attempt, and its tokens are shown here.
        room.end(turn, attempt);
        settled
    }

    /// Settles a turn that failed each time, or whose workers all died, without asking anybody any more.
    pub(super) async fn give_turn_up(&self, job: &Job, id: ConversationId, turn: u64) -> Result<Left> {
        let row = self.store.row(job.scope, id).await?;
        let Some(attempt) = awaited(&row, turn) else { return Ok(Left::Open) };
        let settlement = self.given_up(&row).await?;
        self.settle(job, &row, turn, attempt, settlement).await
    }

    /// The row and the attempt to work on; nothing when the turn is over. After a lost lease the attempt is raised in the
    /// log first: what the earlier worker still says is refused from then on.
    async fn begin_turn(&self, job: &Job, id: ConversationId, turn: u64) -> Result<Option<(Arc<Row>, u32)>> {
        let mut refused = Refusal::Stale;
        for _ in 0..RAISES {
            let row = self.store.row(job.scope, id).await?;
            let Some(attempt) = awaited(&row, turn) else { return Ok(None) };
            if job.tries <= 1 {
                // Whoever comes to it so late that another one has begun again leaves it to them.
                return Ok((attempt == 1).then_some((row, attempt)));
            }
            let command = Command::RetryTurn { turn, attempt };
            match self.execute(Target::of(&row), command, Texts::default(), None, None).await? {
                UnitOutcome::Committed(committed) => {
                    return Ok(awaited(&committed.row, turn).map(|attempt| (committed.row, attempt)));
                }
                // The earlier worker has raised it in this very moment, and has lost its lease: nobody answers but this one.
                UnitOutcome::Refused(refusal) => refused = refusal,
                UnitOutcome::Repeated(_) | UnitOutcome::ClientIdReused => return Ok(None),
            }
        }
        Err(AppError::Refused { refusal: refused, held_by: None })
    }

    /// What is left of a job whose turn was not settled here. While the turn is awaited it needs a job: whoever raised the
    /// attempt may have lost the lease by then, and this one be the only one who has it.
    async fn left(&self, job: &Job, id: ConversationId, turn: u64) -> Result<Left> {
        let row = self.store.row(job.scope, id).await?;
        Ok(if awaited(&row, turn).is_some() { Left::ToOthers } else { Left::Open })
    }

    async fn settle(&self, job: &Job, row: &Row, turn: u64, attempt: u32, settlement: Settlement) -> Result<Left> {
        let Settlement { outcome, texts, labels } = settlement;
        let command = Command::AssistantSettles { turn, attempt, outcome };
        match self.execute(Target::of(row), command, texts, None, Some(job.id)).await? {
            UnitOutcome::Refused(Refusal::Stale) => {
                // Too late: a person took over or the visitor wrote more. What was streamed is void.
                self.hub.tokens_dropped(row.id, turn);
                self.left(job, row.id, turn).await
            }
            UnitOutcome::Refused(refusal) => {
                // The settings changed under the turn: it is tried again with the new ones.
                self.hub.tokens_dropped(row.id, turn);
                Err(AppError::Refused { refusal, held_by: None })
            }
            UnitOutcome::Committed(_) | UnitOutcome::Repeated(_) | UnitOutcome::ClientIdReused => {
                self.put_labels(row, &labels).await;
                if matches!(outcome, AssistantOutcome::Requests(_)) {
                    // What was streamed before the model failed is not part of any message.
                    self.hub.tokens_dropped(row.id, turn);
                }
                Ok(Left::Completed)
            }
        }
    }

    /// Puts the labels of background agents on a conversation whose turn was settled: what a takeover has cut off puts none.
    async fn put_labels(&self, row: &Row, labels: &[LabelId]) {
        let mut on = row.summary.labels.len();
        for label in labels.iter().filter(|label| !row.summary.labels.contains(label)) {
            if on >= limits::LABELS_PER_CONVERSATION {
                return;
            }
            match self.store.set_label(row.scope, row.id, *label, true).await {
                Ok(_) => on += 1,
                // The label was deleted.
                Err(Fault::NotFound) => {}
                Err(fault) => {
                    tracing::warn!(conversation = %row.id, error = &fault as &dyn std::error::Error, "a label is missing");
                }
            }
        }
    }
}

pub(super) fn awaited(row: &Row, turn: u64) -> Option<u32> {
    match row.state.answer {
        Answer::Asked { turn: asked, attempt, .. } if asked == turn => Some(attempt),
        Answer::Asked { .. } | Answer::Idle => None,
    }
}
