//! A bus whose messages come when the simulator says so, if it does.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
};

use async_trait::async_trait;
use parking_lot::Mutex;
use ports::bus::{Bus, Heard, Message};
use uuid::Uuid;

/// All messages that are on their way.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ends: Vec<Option<Arc<End>>>,
    /// Nodes that have said that a takeover of theirs is over.
    released: Vec<usize>,
    on_the_way: Vec<Sent>,
}

/// A message on its way to one node.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) from: Uuid,
    pub(super) to: usize,
    pub(super) message: Message,
}

/// One node's end.
pub(super) struct End {
    me: Uuid,
    wire: Wire,
    node: usize,
    inbox: Mutex<(VecDeque<Heard>, Option<Waker>)>,
}

impl Wire {
    /// A new end for a node; the one before is gone, and what was on its way to it.
    pub(super) fn end(&self, node: usize, me: Uuid) -> Arc<End> {
        let end = Arc::new(End { me, wire: self.clone(), node, inbox: Mutex::default() });
        let mut inner = self.0.lock();
        if inner.ends.len() <= node {
            inner.ends.resize(node + 1, None);
        }
        inner.ends[node] = Some(Arc::clone(&end));
        inner.on_the_way.retain(|sent| sent.to != node);
        end
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().on_the_way.len()
    }

    /// Takes the message of this number for a node that may hear, off the wire.
    pub(super) fn take(&self, number: usize, may_hear: impl Fn(usize) -> bool) -> Option<Sent> {
        let mut inner = self.0.lock();
        let at: Vec<usize> =
            inner.on_the_way.iter().enumerate().filter(|(_, sent)| may_hear(sent.to)).map(|(at, _)| at).collect();
        let at = *at.get(number % at.len().max(1))?;
        Some(inner.on_the_way.remove(at))
    }

    /// The node of an end.
    pub(super) fn node_of(&self, me: Uuid) -> Option<usize> {
        self.0.lock().ends.iter().position(|end| end.as_ref().is_some_and(|end| end.me == me))
    }

    pub(super) fn take_released(&self) -> Vec<usize> {
        std::mem::take(&mut self.0.lock().released)
    }

    pub(super) fn cut(&self) {
        self.0.lock().on_the_way.clear();
    }

    pub(super) fn deliver(&self, sent: Sent) {
        let end = self.0.lock().ends[sent.to].clone();
        if let Some(end) = end {
            let mut inbox = end.inbox.lock();
            inbox.0.push_back(Heard::Message { from: sent.from, message: sent.message });
            if let Some(waker) = inbox.1.take() {
                waker.wake();
            }
        }
    }
}

#[async_trait]
impl Bus for End {
    fn me(&self) -> Uuid {
        self.me
    }

    fn tell(&self, message: Message) {
        let mut inner = self.wire.0.lock();
        // Who was started anew has another end: what the one before says comes nowhere.
        if inner.ends[self.node].as_ref().is_none_or(|end| end.me != self.me) {
            return;
        }
        if matches!(message, Message::Release { .. }) {
            inner.released.push(self.node);
        }
        for to in 0..inner.ends.len() {
            if to != self.node {
                inner.on_the_way.push(Sent { from: self.me, to, message: message.clone() });
            }
        }
    }

    async fn hear(&self) -> Heard {
        poll_fn(|context| {
            let mut inbox = self.inbox.lock();
            match inbox.0.pop_front() {
                Some(heard) => Poll::Ready(heard),
                None => {
                    inbox.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    fn is_up(&self) -> bool {
        true
    }
}
