//! Threads that read, each with a connection of its own: a slow question holds up neither the writer nor the server.

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{read_only, ready};
use crate::{
    failure::{Failure, Outcome},
    lanes::{Action, closed},
    tx::{Sqlite, Tx},
};

/// Most questions that wait.
const WAITING: usize = 1_024;
/// Fewest and most threads; one per core between.
const THREADS: (usize, usize) = (2, 8);

type Question = Box<dyn FnOnce(&mut Tx) + Send>;

/// The threads.
pub(crate) struct Readers {
    questions: Mutex<Option<SyncSender<Question>>>,
    threads: Mutex<Vec<thread::JoinHandle<()>>>,
}

impl Readers {
    pub(crate) fn start(path: &Path) -> Outcome<Self> {
        let (questions, waiting) = sync_channel::<Question>(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let cores = thread::available_parallelism().map_or(THREADS.0, usize::from);
        let start = |number| {
            let tx = Tx::Sqlite(Sqlite { connection: read_only(path)?, change: 0 });
            let waiting = waiting.clone();
            thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || answer(tx, &waiting))
                .map_err(Failure::unavailable)
        };
        let threads = (0..cores.clamp(THREADS.0, THREADS.1)).map(start).collect::<Outcome<_>>()?;
        Ok(Self { questions: Mutex::new(Some(questions)), threads: Mutex::new(threads) })
    }

    /// Asks. A full queue is an answer, not a reason to wait.
    pub(crate) async fn ask<T: Send + 'static>(&self, action: Action<T>) -> Outcome<T> {
        let (to, answer) = oneshot::channel();
        let question: Question = Box::new(move |tx| {
            // Whoever asked may have gone.
            if !to.is_closed() {
                drop(to.send(ready(action(tx))));
            }
        });
        let sent = match &*self.questions.lock() {
            Some(questions) => questions.try_send(question).map_err(|error| match error {
                TrySendError::Full(_) => Failure::unavailable("too many are asking"),
                TrySendError::Disconnected(_) => closed(),
            }),
            None => Err(closed()),
        };
        sent?;
        answer.await.map_err(|_| closed())?
    }

    /// Answers what waits, then ends.
    pub(crate) fn stop(&self) {
        self.questions.lock().take();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a reader ended with a panic");
            }
        }
    }
}

fn answer(mut tx: Tx, waiting: &Mutex<Receiver<Question>>) {
    loop {
        let next = waiting.lock().recv();
        match next {
            Ok(question) => question(&mut tx),
            Err(_) => return,
        }
    }
}
