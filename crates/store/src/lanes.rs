//! The writer: everything that changes a conversation goes through one queue, and shares commits.
//!
//! Two lanes. **Commands** on conversations come first: whatever waits, up to [`BATCH`] units, becomes one commit, so
//! that a commit is shared exactly when there is something to share and nobody waits for a timer. **Everything else**
//! runs between batches, in slices of at most [`SLICE`]; read marks are folded into the newest one per conversation.
//!
//! On SQLite one thread does all of it with the only connection that writes. On PostgreSQL a task does it with one
//! connection, and what is not about conversations takes connections of its own (see [`crate::postgres`]).

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use ports::{
    conversations::{CommitListener, Row as InboxRow, Unit, UnitOutcome},
    world::Clock,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    batch::{self, BATCH},
    failure::{Failure, Outcome},
    marks::{self, Mark},
    postgres::Pools,
    statements::engine,
    tx::Tx,
};

/// Most commands that wait. More means that the disk cannot keep up: the caller hears it at once.
const COMMANDS: usize = 4_096;
/// Most read marks that wait.
const MARKS: usize = 4_096;
/// Most other operations that wait.
const REST: usize = 1_024;
/// How long other operations may keep commands waiting. A single one is never interrupted, so each stays small.
const SLICE: Duration = Duration::from_millis(10);
/// How often a unit is tried that another transaction was in the way of.
const TRIES: u32 = 5;

/// Where work is handed in.
#[derive(Clone)]
pub(crate) struct Lanes {
    commands: mpsc::Sender<Command>,
    marks: mpsc::Sender<Waiting>,
    rest: mpsc::Sender<Box<dyn Work>>,
}

struct Command {
    unit: Unit,
    to: oneshot::Sender<Outcome<UnitOutcome>>,
}

struct Waiting {
    mark: Mark,
    to: oneshot::Sender<Outcome<()>>,
}

/// An operation beside the commands.
pub(crate) trait Work: Send {
    /// Does it, inside a transaction that others may share.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Outcome<()>>;

    /// Tells the caller, after the transaction ended.
    fn answer(self: Box<Self>, ended: Outcome<()>, listener: &dyn CommitListener);
}

/// What an operation does with a connection.
pub(crate) type Action<T> = Box<dyn for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Outcome<T>> + Send>;

/// An operation whose caller waits for a value.
pub(crate) struct Errand<T> {
    pub(crate) action: Option<Action<T>>,
    pub(crate) value: Option<T>,
    pub(crate) to: oneshot::Sender<Outcome<T>>,
    /// Which row of the inbox it changed.
    pub(crate) changed: Option<fn(&T) -> &Arc<InboxRow>>,
}

impl<T: Send> Work for Errand<T> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Outcome<()>> {
        let action = self.action.take();
        Box::pin(async move {
            if let Some(action) = action {
                self.value = Some(action(tx).await?);
            }
            Ok(())
        })
    }

    fn answer(self: Box<Self>, ended: Outcome<()>, listener: &dyn CommitListener) {
        let Self { value, to, changed, .. } = *self;
        let answer = ended.and_then(|()| value.ok_or_else(closed));
        if let (Ok(value), Some(changed)) = (&answer, changed) {
            listener.row_changed(changed(value));
        }
        drop(to.send(answer));
    }
}

/// The database was closed, or its writer ended.
pub(crate) fn closed() -> Failure {
    Failure::unavailable("the database was closed")
}

/// Hands something in. A full queue is an answer, not a reason to wait.
fn offer<T>(queue: &mpsc::Sender<T>, item: T) -> Outcome<()> {
    queue.try_send(item).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => Failure::unavailable("too much is waiting to be written"),
        mpsc::error::TrySendError::Closed(_) => closed(),
    })
}

impl Lanes {
    pub(crate) async fn execute(self, unit: Unit) -> Outcome<UnitOutcome> {
        let (to, answer) = oneshot::channel();
        offer(&self.commands, Command { unit, to })?;
        drop(self);
        answer.await.map_err(|_| closed())?
    }

    pub(crate) async fn mark(self, mark: Mark) -> Outcome<()> {
        let (to, answer) = oneshot::channel();
        offer(&self.marks, Waiting { mark, to })?;
        drop(self);
        answer.await.map_err(|_| closed())?
    }

    pub(crate) fn work(self, work: Box<dyn Work>) -> Outcome<()> {
        offer(&self.rest, work)
    }
}

/// Where the writer's connection comes from.
pub(crate) enum Line {
    /// The only one that there is.
    Sqlite(Tx),
    /// From a pool; a new one when the last was lost.
    Postgres(Arc<Pools>, Option<Tx>),
}

impl Line {
    async fn tx(&mut self) -> Outcome<&mut Tx> {
        match self {
            Self::Sqlite(tx) => Ok(tx),
            Self::Postgres(pools, tx) => {
                if tx.as_ref().is_some_and(Tx::is_gone) {
                    *tx = None;
                }
                match tx {
                    Some(tx) => Ok(tx),
                    None => Ok(tx.insert(pools.commands().await?)),
                }
            }
        }
    }
}

/// The other end of the lanes.
pub(crate) struct Writer {
    line: Line,
    commands: mpsc::Receiver<Command>,
    marks: mpsc::Receiver<Waiting>,
    rest: mpsc::Receiver<Box<dyn Work>>,
    listener: Arc<dyn CommitListener>,
    clock: Arc<dyn Clock>,
}

/// The lanes and their other end.
pub(crate) fn lanes(line: Line, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> (Lanes, Writer) {
    let (commands, commands_out) = mpsc::channel(COMMANDS);
    let (marks, marks_out) = mpsc::channel(MARKS);
    let (rest, rest_out) = mpsc::channel(REST);
    let writer = Writer { line, commands: commands_out, marks: marks_out, rest: rest_out, listener, clock };
    (Lanes { commands, marks, rest }, writer)
}

impl Writer {
    /// Works until every [`Lanes`] is gone and nothing waits; gives the connection back.
    pub(crate) async fn run(mut self) -> Line {
        loop {
            let (mut commands, mut marks, mut work) = (Vec::new(), Vec::new(), None);
            tokio::select! {
                biased;
                Some(command) = self.commands.recv() => commands.push(command),
                Some(mark) = self.marks.recv() => marks.push(mark),
                Some(next) = self.rest.recv() => work = Some(next),
                else => return self.line,
            }
            take_up_to(BATCH, &mut self.commands, &mut commands);
            self.batch(commands).await;
            take_up_to(MARKS, &mut self.marks, &mut marks);
            self.read_marks(marks).await;
            if let Some(work) = work.or_else(|| self.rest.try_recv().ok()) {
                self.slice(work).await;
            }
        }
    }

    async fn batch(&mut self, commands: Vec<Command>) {
        let mut pieces = vec![(commands, 0)];
        while let Some((commands, tries)) = pieces.pop() {
            if commands.is_empty() {
                continue;
            }
            match self.try_batch(&commands).await {
                Ok(answers) => self.answer(commands, answers),
                Err(failure) => {
                    // Where nothing is known to be stored, the unit at fault is found by halves; those that were in
                    // each other's way go one by one. Where only the database knows, all of them fail.
                    let size = match failure {
                        Failure::Again(_) if tries < TRIES => 1,
                        Failure::Broken(..) | Failure::Again(_) if commands.len() > 1 => commands.len().div_ceil(2),
                        _ => {
                            tracing::warn!(error = ?failure, units = commands.len(), "units of work were not stored");
                            for Command { unit, to } in commands {
                                drop(unit);
                                drop(to.send(Err(failure.clone())));
                            }
                            continue;
                        }
                    };
                    pieces.extend(split(commands, size).into_iter().rev().map(|piece| (piece, tries + 1)));
                }
            }
        }
    }

    async fn try_batch(&mut self, commands: &[Command]) -> Outcome<batch::Answers> {
        let units: Vec<&Unit> = commands.iter().map(|command| &command.unit).collect();
        let now = self.clock.now();
        batch::run(self.line.tx().await?, &units, now).await
    }

    /// After the commit, in commit order: first whoever listens, then what the unit holds is let go, then the caller.
    fn answer(&self, commands: Vec<Command>, answers: batch::Answers) {
        for (Command { unit, to }, answer) in commands.into_iter().zip(answers) {
            if let Ok(UnitOutcome::Committed(committed)) = &answer {
                self.listener.committed(committed);
            }
            drop(unit);
            drop(to.send(answer));
        }
    }

    async fn read_marks(&mut self, waiting: Vec<Waiting>) {
        if waiting.is_empty() {
            return;
        }
        let (marks, callers): (Vec<_>, Vec<_>) = waiting.into_iter().map(|one| (one.mark, one.to)).unzip();
        let now = self.clock.now();
        let done = match self.line.tx().await {
            Ok(tx) => marks::run(tx, &marks, now).await,
            Err(failure) => Err(failure),
        };
        match done {
            Ok((changed, known)) => {
                for row in &changed {
                    self.listener.row_changed(row);
                }
                for (mark, to) in marks.iter().zip(callers) {
                    drop(to.send(if known.contains(&mark.place()) { Ok(()) } else { Err(Failure::NotFound) }));
                }
            }
            Err(failure) => callers.into_iter().for_each(|to| drop(to.send(Err(failure.clone())))),
        }
    }

    /// A slice of the other operations in one transaction, each in a savepoint of its own.
    async fn slice(&mut self, first: Box<dyn Work>) {
        let began = self.clock.instant();
        let mut done: Vec<(Box<dyn Work>, Outcome<()>)> = Vec::new();
        let mut next = Some(first);
        let ended = async {
            let tx = self.line.tx().await?;
            tx.begin().await?;
            while let Some(mut work) = next.take() {
                let outcome = one(tx, work.as_mut()).await;
                done.push((work, outcome));
                if !tx.is_inside() {
                    return Err(Failure::unavailable("the transaction was given up"));
                }
                if self.clock.instant().duration_since(began) < SLICE {
                    next = self.rest.try_recv().ok();
                }
            }
            let committed = tx.commit(Vec::new()).await;
            if committed.is_err() {
                tx.rollback().await;
            }
            committed
        }
        .await;
        if let Some(work) = next {
            work.answer(Err(closed()), self.listener.as_ref());
        }
        for (work, outcome) in done {
            work.answer(outcome.and_then(|()| ended.clone()), self.listener.as_ref());
        }
    }
}

async fn one(tx: &mut Tx, work: &mut dyn Work) -> Outcome<()> {
    tx.run(&engine::SAVEPOINT, Vec::new()).await?;
    let outcome = work.run(tx).await;
    if outcome.is_err() && tx.is_inside() {
        tx.run(&engine::ROLLBACK_TO, Vec::new()).await?;
    }
    if tx.is_inside() {
        tx.run(&engine::RELEASE, Vec::new()).await?;
    }
    outcome
}

fn take_up_to<T>(most: usize, queue: &mut mpsc::Receiver<T>, taken: &mut Vec<T>) {
    while taken.len() < most
        && let Ok(next) = queue.try_recv()
    {
        taken.push(next);
    }
}

fn split(commands: Vec<Command>, size: usize) -> Vec<Vec<Command>> {
    let mut rest = commands.into_iter();
    let mut pieces = Vec::new();
    while rest.len() > 0 {
        pieces.push(rest.by_ref().take(size).collect());
    }
    pieces
}
