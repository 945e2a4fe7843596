//! Knows when nothing goes on by itself any more.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
};

use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};

/// Tells when a runtime is idle: every task waits for something that only the simulator can bring about.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    waiting: Option<Waker>,
    idle: bool,
}

impl Idle {
    /// A runtime of one thread, without timers and without a network: time is the simulator's.
    pub(super) fn runtime(&self) -> Runtime {
        let state = Arc::clone(&self.0);
        let parks = move || {
            let mut state = state.lock();
            if let Some(waiting) = state.waiting.take() {
                state.idle = true;
                drop(state);
                waiting.wake();
            }
        };
        Builder::new_current_thread().on_thread_park(parks).build().unwrap()
    }

    /// Comes back when the runtime is idle.
    pub(super) async fn wait(&self) {
        poll_fn(|context| {
            let mut state = self.0.lock();
            if std::mem::take(&mut state.idle) {
                return Poll::Ready(());
            }
            state.waiting = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}
