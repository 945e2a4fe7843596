//! `baton bench messages`: a visitor's message, committed, on the collaborator's socket; beside two floors of the same run.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use ports::{conversations::UnitOutcome, world::Clock};
use serde::Serialize;
use tokio::task::LocalSet;

use super::{
    at_most,
    folder::Folder,
    load::{self, Figures, Peer, Run},
    prepare::{self, Stored, Workspace},
    process::{Process, load_average},
};
use crate::{config::Data, node::Node, world::SystemClock};

/// A run whose bare floor is below this was disturbed and counts for nothing, in messages per second.
const NOISY: f64 = 5_000.0;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Pairs of a visitor and a collaborator
    #[arg(long, default_value_t = 16, value_parser = at_most::<4_096, usize>)]
    pairs: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 4, value_parser = at_most::<3_600, u64>)]
    seconds: u64,
    /// Rounds; each measures the floors and Baton in turn, and medians are printed
    #[arg(long, default_value_t = 3, value_parser = at_most::<1_000, usize>)]
    rounds: usize,
    /// An empty postgres:// database to measure on instead of SQLite
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Folder for the databases, on the disk to be measured [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    pairs: usize,
    store: &'static str,
    #[serde(flatten)]
    baton: Figures,
    bare: Figures,
    same_rows: Figures,
    ratio_bare: f64,
    ratio_same_rows: f64,
    lost: u64,
    duplicated: u64,
    noisy: bool,
    load_average: [f64; 3],
    one_pair: OnePair,
    rounds: usize,
}

#[derive(Debug, Serialize)]
struct OnePair {
    p50_ms: f64,
    bare_p50_ms: f64,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    // The load runs on one thread, as that of other benches does: the rest of the machine is the server's.
    Box::pin(LocalSet::new().run_until(measure(arguments))).await
}

async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let report = rounds(&arguments, folder.path()).await?;
    show(&report, arguments.json)
}

async fn rounds(arguments: &Arguments, dir: &std::path::Path) -> anyhow::Result<Report> {
    let url = arguments.database_url.as_deref();
    let data = prepare::data(dir, url);
    let workspace = prepare::workspace(&data, arguments.pairs).await?;
    let (mut bare, mut baton, mut same_rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut stored = Stored::read(&data, &workspace).await?;
    let (mut lost, mut duplicated) = (0, 0);
    for round in 0..arguments.rounds.max(1) {
        let floor = dir.join(format!("bare-{round}.db"));
        bare.push(bare_floor(&floor, arguments.pairs, arguments.seconds).await?.figures);
        let run = baton_run(&data, &workspace, &stored, arguments.pairs, arguments.seconds).await?;
        // What was acknowledged must be in the log, once.
        let now = Stored::read(&data, &workspace).await?;
        let added = now.events - stored.events;
        lost += run.lost + run.acknowledged.saturating_sub(added);
        duplicated += run.duplicated + added.saturating_sub(run.acknowledged);
        baton.push(run.figures);
        same_rows.push(rows_alone(&data, &workspace, arguments.pairs, arguments.seconds).await?);
        stored = Stored::read(&data, &workspace).await?;
    }
    let one_bare = bare_floor(&dir.join("bare-one.db"), 1, arguments.seconds).await?.figures;
    let one = baton_run(&data, &workspace, &stored, 1, arguments.seconds).await?;
    let (bare, baton, same_rows) = (median(&bare), median(&baton), median(&same_rows));
    Ok(Report {
        pairs: arguments.pairs,
        store: if url.is_some() { "postgres" } else { "sqlite" },
        ratio_bare: baton.msgs_per_s / bare.msgs_per_s,
        ratio_same_rows: baton.msgs_per_s / same_rows.msgs_per_s,
        noisy: bare.msgs_per_s < NOISY,
        baton,
        bare,
        same_rows,
        lost: lost + one.lost,
        duplicated: duplicated + one.duplicated,
        load_average: load_average(),
        one_pair: OnePair { p50_ms: one.figures.p50_ms, bare_p50_ms: one_bare.p50_ms },
        rounds: arguments.rounds,
    })
}

async fn bare_floor(file: &std::path::Path, pairs: usize, seconds: u64) -> anyhow::Result<Run> {
    let file = file.to_str().context("a folder name that is not UTF-8")?;
    let server = Process::start(&["bench", "bare-floor", file]).await?;
    let run = load::run(server.port, Peer::Bare, pairs, seconds).await;
    server.stop().await?;
    run
}

async fn baton_run(
    data: &Data,
    workspace: &Workspace,
    stored: &Stored,
    pairs: usize,
    seconds: u64,
) -> anyhow::Result<Run> {
    let server = Process::serve(data).await?;
    let run = load::run(server.port, Peer::Baton(workspace, stored), pairs, seconds).await;
    server.stop().await?;
    run
}

/// The very statements of a live message, through the same writer, with no rules and no sockets.
async fn rows_alone(data: &Data, workspace: &Workspace, pairs: usize, seconds: u64) -> anyhow::Result<Figures> {
    let node = Node::open(data).await?;
    let store = Arc::clone(node.baton.store());
    let scope = workspace.scope;
    let length = Duration::from_secs(seconds);
    let begin = SystemClock.instant();
    let callers: Vec<_> = workspace
        .pairs
        .iter()
        .take(pairs)
        .map(|pair| {
            let (store, conversation) = (Arc::clone(&store), pair.conversation);
            tokio::spawn(async move {
                let run = SystemClock.now();
                let text = "x".repeat(200);
                let mut times = Vec::new();
                while begin.elapsed() < length {
                    let start = SystemClock.instant();
                    let id = format!("rows/{}/{}", run.0, times.len());
                    let unit = store::bare_message(scope, conversation, id, text.clone(), run);
                    match store.execute(unit).await? {
                        UnitOutcome::Committed(_) => times.push(start.elapsed()),
                        other => bail!("a row was not written: {other:?}"),
                    }
                }
                Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await.context("a caller")??);
    }
    node.database.close().await;
    load::figures(&times, length)
}

/// The round in the middle, by throughput.
fn median(rounds: &[Figures]) -> Figures {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(|one, other| one.msgs_per_s.total_cmp(&other.msgs_per_s));
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
        return Ok(());
    }
    let line = |name: &str, figures: &Figures| {
        super::super::print(format_args!(
            "{name:<10} {:>8.0} messages/s   p50 {:>7.3} ms   p99 {:>7.3} ms",
            figures.msgs_per_s, figures.p50_ms, figures.p99_ms
        ));
    };
    line("baton", &report.baton);
    line("same rows", &report.same_rows);
    line("bare", &report.bare);
    super::super::print(format_args!(
        "{:.2} of bare, {:.2} of same rows; {} lost, {} doubled; load {:?}{}",
        report.ratio_bare,
        report.ratio_same_rows,
        report.lost,
        report.duplicated,
        report.load_average,
        if report.noisy { "; noisy: this run counts for nothing" } else { "" }
    ));
    super::super::print(format_args!(
        "one pair   p50 {:.3} ms, bare {:.3} ms",
        report.one_pair.p50_ms, report.one_pair.bare_p50_ms
    ));
    Ok(())
}
