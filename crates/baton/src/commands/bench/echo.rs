//! What a plain message takes beside the load that is measured: a few live pairs, a message each now and then.

use std::{cell::Cell, rc::Rc, time::Duration};

use anyhow::Context;
use ports::world::Clock;
use tokio::task::JoinHandle;

use super::{
    page,
    prepare::{Pair, Streams},
    socket::Socket,
};
use crate::world::SystemClock;

/// Between two messages of a pair.
const PAUSE: Duration = Duration::from_millis(20);

/// The pairs at work.
pub(super) struct Echo {
    over: Rc<Cell<bool>>,
    pairs: Vec<JoinHandle<anyhow::Result<Vec<Duration>>>>,
}

/// Visitors at one port, collaborators at the other.
pub(super) async fn start(visitors: u16, desks: u16, streams: &Streams) -> anyhow::Result<Echo> {
    let over = Rc::new(Cell::new(false));
    let mut pairs = Vec::new();
    for pair in &streams.live {
        let sender = page::visitor(visitors, pair).await?;
        let receiver = page::desk(desks, &streams.key, pair).await?;
        pairs.push(tokio::task::spawn_local(messages(sender, receiver, pair.clone(), Rc::clone(&over))));
    }
    Ok(Echo { over, pairs })
}

impl Echo {
    /// How long each message took from the visitor to the collaborator.
    pub(super) async fn end(self) -> anyhow::Result<Vec<Duration>> {
        self.over.set(true);
        let mut times = Vec::new();
        for pair in self.pairs {
            times.extend(pair.await.context("a pair")??);
        }
        Ok(times)
    }
}

async fn messages(
    mut sender: Socket,
    mut receiver: Socket,
    pair: Pair,
    over: Rc<Cell<bool>>,
) -> anyhow::Result<Vec<Duration>> {
    let clock = SystemClock;
    let mut times = Vec::new();
    while !over.get() {
        let start = clock.instant();
        let id = format!("echo-{}", times.len());
        sender.send(&page::message(pair.conversation, &id, &id)).await?;
        let mark = format!(r#""text":"{id}""#);
        while !receiver.receive(|frame| frame.contains(&mark)).await? {}
        times.push(start.elapsed());
        clock.sleep(PAUSE).await;
    }
    Ok(times)
}
