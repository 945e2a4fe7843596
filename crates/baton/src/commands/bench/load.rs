//! The load: a closed loop, one message of 200 bytes in flight for each pair, from one thread.

use std::time::{Duration, Instant};

use anyhow::Context;
use ports::world::Clock;
use serde::Serialize;

use super::{
    prepare::{Stored, Workspace},
    socket::Socket,
    times::Times,
};
use crate::world::SystemClock;

/// Bytes of a message.
const BODY: usize = 200;
/// Not counted at the beginning.
const WARM_UP: Duration = Duration::from_secs(1);

/// Figures of one run.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Figures {
    pub(super) msgs_per_s: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// A run with what went wrong in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    pub(super) figures: Figures,
    /// Messages that the server acknowledged, warm-up included.
    pub(super) acknowledged: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
}

/// How one server is spoken to.
pub(super) enum Peer<'a> {
    /// The floor.
    Bare,
    /// Baton.
    Baton(&'a Workspace, &'a Stored),
}

struct Pair {
    sender: Socket,
    receiver: Socket,
    /// What comes before and after the text of a message.
    frame: (String, &'static str),
    acknowledges: bool,
}

struct Seen {
    times: Vec<Duration>,
    acknowledged: u64,
    lost: u64,
    duplicated: u64,
}

/// Runs a load of `pairs` for `seconds` on a thread of its own.
pub(super) async fn run(port: u16, peer: Peer<'_>, pairs: usize, seconds: u64) -> anyhow::Result<Run> {
    let mut connected = Vec::with_capacity(pairs);
    for number in 0..pairs {
        connected.push(match &peer {
            Peer::Bare => bare_pair(port, number).await?,
            Peer::Baton(workspace, stored) => baton_pair(port, workspace, stored, number).await?,
        });
    }
    // One more desk watches the inbox, as somebody always does.
    let watcher = match &peer {
        Peer::Bare => None,
        Peer::Baton(workspace, _) => Some(watcher(port, workspace).await?),
    };
    let clock = SystemClock;
    let begin = clock.instant() + WARM_UP;
    let end = begin + Duration::from_secs(seconds);
    let watching = watcher
        .map(|mut socket| tokio::task::spawn_local(async move { while socket.receive(|_| ()).await.is_ok() {} }));
    let loops: Vec<_> =
        connected.into_iter().map(|pair| tokio::task::spawn_local(pair_loop(pair, begin, end))).collect();
    let mut all = Seen { times: Vec::new(), acknowledged: 0, lost: 0, duplicated: 0 };
    for one in loops {
        let seen = one.await.context("a pair")??;
        all.times.extend(seen.times);
        all.acknowledged += seen.acknowledged;
        all.lost += seen.lost;
        all.duplicated += seen.duplicated;
    }
    if let Some(watching) = watching {
        watching.abort();
    }
    Ok(Run {
        figures: figures(&all.times, Duration::from_secs(seconds))?,
        acknowledged: all.acknowledged,
        lost: all.lost,
        duplicated: all.duplicated,
    })
}

/// Throughput and quantiles of times.
pub(super) fn figures(times: &[Duration], length: Duration) -> anyhow::Result<Figures> {
    let mut all = Times::new()?;
    for time in times {
        all.record(*time)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let count = all.len() as f64;
    Ok(Figures { msgs_per_s: count / length.as_secs_f64(), p50_ms: all.ms(0.5), p99_ms: all.ms(0.99) })
}

async fn bare_pair(port: u16, number: usize) -> anyhow::Result<Pair> {
    let mut sender = Socket::connect(port, "/", "").await?;
    let mut receiver = Socket::connect(port, "/", "").await?;
    sender.send(&format!("c{number}")).await?;
    receiver.send(&format!("<c{number}")).await?;
    sender.receive(|_| ()).await?;
    receiver.receive(|_| ()).await?;
    Ok(Pair { sender, receiver, frame: (String::new(), ""), acknowledges: false })
}

async fn desk(port: u16, workspace: &Workspace) -> anyhow::Result<Socket> {
    let header = format!("Authorization: Bearer {}\r\n", workspace.key);
    let mut desk = Socket::connect(port, "/api/v2/socket?as=desk", &header).await?;
    desk.send(r#"{"type":"hello"}"#).await?;
    desk.until("welcome").await?;
    Ok(desk)
}

async fn watcher(port: u16, workspace: &Workspace) -> anyhow::Result<Socket> {
    let mut desk = desk(port, workspace).await?;
    desk.send(r#"{"type":"subscribe_inbox","after":0}"#).await?;
    desk.until("inbox_subscribed").await?;
    Ok(desk)
}

async fn baton_pair(port: u16, workspace: &Workspace, stored: &Stored, number: usize) -> anyhow::Result<Pair> {
    let pair = workspace.pairs.get(number).context("not so many conversations")?;
    let id = pair.conversation;
    let &(seq, visitor_seq) = stored.heads.get(number).context("not so many conversations")?;
    let mut sender = Socket::connect(port, "/api/v2/socket", "").await?;
    sender.send(&format!(r#"{{"type":"hello","token":"{}"}}"#, pair.token)).await?;
    sender.until("welcome").await?;
    let mut receiver = desk(port, workspace).await?;
    for (socket, after) in [(&mut sender, visitor_seq), (&mut receiver, seq)] {
        let subscribe = format!(r#"{{"type":"subscribe","conversation":"{id}","after":{after}}}"#);
        socket.send(&subscribe).await?;
        socket.until("subscribed").await?;
    }
    let frame = format!(r#"{{"type":"send","conversation":"{id}","client_id":"#);
    Ok(Pair { sender, receiver, frame: (frame, "\"}"), acknowledges: true })
}

/// Sends, waits for it at the other side, and counts what came before it that should not have, or did not come.
async fn pair_loop(pair: Pair, begin: Instant, end: Instant) -> anyhow::Result<Seen> {
    let Pair { mut sender, mut receiver, frame, acknowledges } = pair;
    let clock = SystemClock;
    let body = "x".repeat(BODY);
    // Texts of one run are told from those of an earlier one by when they were sent.
    let run = clock.now().0;
    let mut seen = Seen { times: Vec::new(), acknowledged: 0, lost: 0, duplicated: 0 };
    for number in 0u64.. {
        let start = clock.instant();
        if start >= end {
            break;
        }
        let text = format!("{run}/{number}/{body}");
        if acknowledges {
            let (head, tail) = &frame;
            sender.send(&format!("{head}\"{run}/{number}\",\"text\":\"{text}{tail}")).await?;
        } else {
            sender.send(&text).await?;
        }
        let arrival = arrival(&mut receiver, run, number, &mut seen);
        if acknowledges {
            let mark = format!(r#""client_id":"{run}/{number}""#);
            let acknowledgement = acknowledgement(&mut sender, &mark);
            let (arrived, acknowledged) =
                tokio::join!(async { arrival.await.map(|()| clock.instant()) }, acknowledgement);
            acknowledged?;
            let took = arrived? - start;
            seen.acknowledged += 1;
            if start >= begin {
                seen.times.push(took);
            }
        } else {
            arrival.await?;
            seen.acknowledged += 1;
            if start >= begin {
                seen.times.push(start.elapsed());
            }
        }
    }
    Ok(seen)
}

async fn acknowledgement(sender: &mut Socket, mark: &str) -> anyhow::Result<()> {
    loop {
        let (acknowledged, refused) = sender
            .receive(|frame| {
                let mine = frame.contains(mark);
                (mine && frame.contains(r#""type":"ack""#), mine && frame.contains(r#""type":"refused""#))
            })
            .await?;
        if refused {
            anyhow::bail!("a message was refused");
        }
        if acknowledged {
            return Ok(());
        }
    }
}

/// Waits for a message. An older one that comes again is a duplicate; a newer one means that this one was lost.
async fn arrival(receiver: &mut Socket, run: i64, number: u64, seen: &mut Seen) -> anyhow::Result<()> {
    let mark = format!("{run}/");
    loop {
        let came = receiver
            .receive(|frame| {
                let text = frame.rfind(&format!("\"{mark}")).map_or(frame, |at| &frame[at + 1..]);
                text.strip_prefix(&mark).and_then(|rest| rest.split('/').next()?.parse::<u64>().ok())
            })
            .await?;
        match came {
            Some(came) if came == number => return Ok(()),
            Some(came) if came < number => seen.duplicated += 1,
            Some(came) => {
                seen.lost += came - number;
                return Ok(());
            }
            None => {}
        }
    }
}
