//! `baton bench takeover`: a person's first message while the AI streams, in many conversations at once.
//!
//! The server is a process of its own with one node or several in it; it stamps the return of each COMMIT and each group
//! of tokens that it hands to a socket on one clock. The same is run once more with the gate off, and must then leak:
//! a measurement that finds nothing in a broken server shows nothing.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use ports::world::Clock;
use serde::Serialize;
use tokio::task::LocalSet;

use super::{
    at_most, echo,
    folder::Folder,
    load,
    page::{self, Page},
    prepare,
    process::{Process, load_average},
    watch::Stamps,
};
use crate::world::SystemClock;

/// Between two tokens of an answer.
const EVERY: Duration = Duration::from_millis(5);
/// How long sockets are read on after the last takeover.
const AFTER: Duration = Duration::from_secs(1);
/// An answer that does not begin by then never will.
const BEGINS_IN: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Conversations in which the AI writes
    #[arg(long, default_value_t = 200, value_parser = at_most::<10_000_000, usize>)]
    conversations: usize,
    /// Takeovers a second
    #[arg(long, default_value_t = 50, value_parser = at_most::<100_000, u32>)]
    rate: u32,
    /// Nodes: the visitors on the first, the collaborators on the second, the AI's turns on the last
    #[arg(long, default_value_t = 1, value_parser = at_most::<16, usize>)]
    nodes: usize,
    /// An empty postgres:// database to measure on instead of SQLite; several nodes need one
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// A second one, for the run with the gate off
    #[arg(long, value_name = "URL")]
    second_database_url: Option<String>,
    /// The bus between the nodes [default: the database itself]
    #[arg(long, value_name = "URL")]
    nats_url: Option<String>,
    /// Folder for the databases, on the disk to be measured [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    conversations: usize,
    nodes: usize,
    leaked_tokens: u64,
    leaked_messages: u64,
    p50_ms: f64,
    p99_ms: f64,
    echo_p99_ms: f64,
    /// Groups of tokens that were handed to sockets.
    handed: u64,
    gate_off: GateOff,
    load_average: [f64; 3],
}

#[derive(Debug, Serialize)]
struct GateOff {
    leaked_tokens: u64,
    /// The longest time that one came after the commit.
    latest_ms: f64,
}

/// One run.
struct Run {
    stamps: Stamps,
    /// From the return of COMMIT to the frame of the takeover on the visitor's socket.
    delays: Vec<Duration>,
    echo: Vec<Duration>,
    tokens_after: u64,
    messages_after: u64,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    Box::pin(LocalSet::new().run_until(measure(arguments))).await
}

async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    if arguments.nodes > 1 && (arguments.database_url.is_none() || arguments.second_database_url.is_none()) {
        bail!("several nodes need --database-url and --second-database-url: empty PostgreSQL databases");
    }
    let run = takeovers(&arguments, arguments.database_url.as_deref(), false).await?;
    let off = takeovers(&arguments, arguments.second_database_url.as_deref(), true).await?;
    let (figures, echo) = (load::figures(&run.delays, AFTER)?, load::figures(&run.echo, AFTER)?);
    let report = Report {
        conversations: arguments.conversations,
        nodes: arguments.nodes,
        leaked_tokens: run.stamps.leaked + run.tokens_after,
        leaked_messages: run.messages_after,
        p50_ms: figures.p50_ms,
        p99_ms: figures.p99_ms,
        echo_p99_ms: echo.p99_ms,
        handed: run.stamps.handed,
        gate_off: GateOff {
            leaked_tokens: off.stamps.leaked + off.tokens_after,
            latest_ms: Duration::from_micros(off.stamps.latest_us).as_secs_f64() * 1_000.0,
        },
        load_average: load_average(),
    };
    show(&report, arguments.json)
}

async fn takeovers(arguments: &Arguments, database_url: Option<&str>, gate_off: bool) -> anyhow::Result<Run> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let data = prepare::data(folder.path(), database_url);
    let streams = prepare::streams(&data, arguments.conversations).await?;
    let (nodes, every) = (arguments.nodes.to_string(), EVERY.as_micros().to_string());
    let mut options = vec!["--nodes", &nodes, "--every-us", &every];
    for (name, value) in [("--database-url", database_url), ("--nats-url", arguments.nats_url.as_deref())] {
        options.extend(value.into_iter().flat_map(|value| [name, value]));
    }
    options.extend(gate_off.then_some("--gate-off"));
    let server = Process::streamer(folder.path(), &options).await?;
    let port = |number: usize| server.ports[number.min(server.ports.len() - 1)];
    let (mut pages, mut desks) = (Vec::new(), Vec::new());
    for pair in &streams.pairs {
        let socket = page::visitor(port(0), pair).await?;
        pages.push(Page::read(socket, pair.conversation, Some("How do I return something?")).await?);
        desks.push(Some(page::desk(port(1), &streams.key, pair).await?));
    }
    for page in &pages {
        let begins = tokio::time::timeout(BEGINS_IN, page.until(|came| came.frames > 1)).await;
        begins.with_context(|| format!("nothing streams in conversation {}", page.conversation))?;
    }
    let echo = echo::start(port(0), port(1), &streams).await?;
    let mut watching = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / arguments.rate.max(1));
    for (page, desk) in pages.iter().zip(&mut desks) {
        ticks.tick().await;
        let mut socket = desk.take().context("a desk")?;
        socket.send(&page::message(page.conversation, "takeover", "Hello, this is Bench.")).await?;
        watching.push(Page::read(socket, page.conversation, None).await?);
    }
    for page in pages.iter().chain(&watching) {
        let comes = tokio::time::timeout(BEGINS_IN, page.until(|came| came.taken_us.is_some())).await;
        comes.with_context(|| format!("no takeover is seen in conversation {}", page.conversation))?;
    }
    SystemClock.sleep(AFTER).await;
    let echo = echo.end().await?;
    let stamps = server.stamps().await?;
    summed(&pages, &watching, stamps, echo)
}

fn summed(pages: &[Page], desks: &[Page], stamps: Stamps, echo: Vec<Duration>) -> anyhow::Result<Run> {
    let mut run = Run { stamps, delays: Vec::new(), echo, tokens_after: 0, messages_after: 0 };
    for page in pages.iter().chain(desks) {
        let came = page.came.borrow();
        run.tokens_after += came.tokens_after;
        run.messages_after += came.messages_after;
    }
    for page in pages {
        let read = page.came.borrow().taken_us.context("a takeover that was not seen")?;
        let committed = run.stamps.taken.get(&page.conversation).context("a takeover that was not committed")?;
        run.delays.push(Duration::from_micros(read.saturating_sub(*committed)));
    }
    Ok(run)
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
    } else {
        super::super::print(format_args!(
            "{} takeovers on {} nodes: {} tokens and {} messages leaked of {} groups handed over; \
             commit to frame p50 {:.3} ms, p99 {:.3} ms (echo p99 {:.3} ms)",
            report.conversations,
            report.nodes,
            report.leaked_tokens,
            report.leaked_messages,
            report.handed,
            report.p50_ms,
            report.p99_ms,
            report.echo_p99_ms
        ));
        super::super::print(format_args!(
            "with the gate off: {} leaked, up to {:.1} ms after the commit; load {:?}",
            report.gate_off.leaked_tokens, report.gate_off.latest_ms, report.load_average
        ));
    }
    if report.leaked_tokens + report.leaked_messages > 0 {
        bail!("something automatic came after a takeover");
    }
    if report.gate_off.leaked_tokens == 0 {
        bail!("with the gate off nothing leaked: the measurement counts for nothing");
    }
    Ok(())
}
