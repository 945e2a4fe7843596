//! `baton bench sockets`: what an idle visitor costs. The server is a process of its own; every socket has shown its
//! token and follows its conversation; what the server's memory grew by is divided by their number.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use ports::world::Clock;
use serde::Serialize;
use tokio::{
    sync::Semaphore,
    task::{JoinSet, LocalSet},
};

use super::{
    at_most,
    folder::Folder,
    prepare::{self, Pair},
    process::{Process, load_average},
    socket::Socket,
};
use crate::world::SystemClock;

/// Sockets that are being opened at a time.
const OPENING: usize = 64;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Visitors with an open page
    #[arg(long, default_value_t = 10_000, value_parser = at_most::<100_000, usize>)]
    sockets: usize,
    /// Seconds that they stay before the memory is read
    #[arg(long, default_value_t = 60, value_parser = at_most::<3_600, u64>)]
    seconds: u64,
    /// Folder for the database [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    sockets: usize,
    /// Resident memory of the server before the first socket, in bytes.
    base_bytes: u64,
    /// What of that is no page of a file, such as the program's own.
    base_own_bytes: u64,
    /// What it grew by for each, in bytes.
    bytes_per_socket: f64,
    /// Sockets that the server closed meanwhile.
    lost: usize,
    seconds: u64,
    load_average: [f64; 3],
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    Box::pin(LocalSet::new().run_until(measure(arguments))).await
}

async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let data = prepare::data(folder.path(), None);
    let visitors = prepare::visitors(&data, arguments.sockets).await?;
    let server = Process::serve(&data).await?;
    // One visitor comes and goes, so that what is made once for all is not charged to the sockets.
    let first = visitors.first().context("no sockets to measure")?;
    drop(open(server.port, first).await?);
    let (base_bytes, base_own_bytes) = (server.resident()?, server.resident_own()?);
    let room = Arc::new(Semaphore::new(OPENING));
    let mut opening = JoinSet::new();
    let port = server.port;
    for visitor in visitors {
        let room = Arc::clone(&room);
        opening.spawn_local(async move {
            let _place = room.acquire().await.context("opening")?;
            open(port, &visitor).await
        });
    }
    let mut idle = JoinSet::new();
    while let Some(opened) = opening.join_next().await {
        let mut socket = opened.context("a socket")??;
        // A page reads what comes; heartbeats, that is.
        idle.spawn_local(async move { while socket.receive(|_| ()).await.is_ok() {} });
    }
    SystemClock.sleep(Duration::from_secs(arguments.seconds)).await;
    let resident = server.resident()?;
    let mut lost = 0;
    while idle.try_join_next().is_some() {
        lost += 1;
    }
    idle.abort_all();
    server.stop().await?;
    #[expect(clippy::cast_precision_loss, reason = "bytes of a process are far below 2^53")]
    let bytes_per_socket = resident.saturating_sub(base_bytes) as f64 / arguments.sockets as f64;
    let report = Report {
        sockets: arguments.sockets,
        base_bytes,
        base_own_bytes,
        bytes_per_socket,
        lost,
        seconds: arguments.seconds,
        load_average: load_average(),
    };
    show(&report, arguments.json)
}

async fn open(port: u16, visitor: &Pair) -> anyhow::Result<Socket> {
    let mut socket = Socket::connect(port, "/api/v2/socket", "").await?;
    socket.send(&format!(r#"{{"type":"hello","token":"{}"}}"#, visitor.token)).await?;
    socket.until("welcome").await?;
    let subscribe = format!(r#"{{"type":"subscribe","conversation":"{}","after":0}}"#, visitor.conversation);
    socket.send(&subscribe).await?;
    socket.until("subscribed").await?;
    Ok(socket)
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
    } else {
        super::super::print(format_args!(
            "{} sockets, {:.0} bytes each; {} bytes without them; load {:?}",
            report.sockets, report.bytes_per_socket, report.base_bytes, report.load_average
        ));
    }
    if report.lost > 0 {
        bail!("the server closed {} of them: the figure counts for nothing", report.lost);
    }
    Ok(())
}
