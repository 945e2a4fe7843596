//! `baton bench inbox`: what opening the inbox costs (its first page and its counts) in a large workspace, beside a small
//! one in the same run, by turns; and what it costs to search the large one.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use ports::world::Clock;
use serde::Serialize;

use super::{
    at_most,
    caller::Caller,
    folder::Folder,
    history, prepare,
    process::{Process, load_average},
    times::Times,
};
use crate::world::SystemClock;

/// Calls before those that count.
const WARM_UP: usize = 50;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Conversations of the large workspace
    #[arg(long, default_value_t = 100_000, value_parser = at_most::<10_000_000, usize>)]
    conversations: usize,
    /// Conversations of the small one
    #[arg(long, default_value_t = 1_000, value_parser = at_most::<10_000_000, usize>)]
    small: usize,
    /// How often the inbox is opened in each
    #[arg(long, default_value_t = 1_000, value_parser = at_most::<1_000_000, usize>)]
    times: usize,
    /// How often each word is searched for in the large one
    #[arg(long, default_value_t = 200, value_parser = at_most::<1_000_000, usize>)]
    searches: usize,
    /// Folder for the databases [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    conversations: usize,
    p50_ms: f64,
    p99_ms: f64,
    small: Small,
    ratio: f64,
    search: Search,
    load_average: [f64; 3],
}

#[derive(Debug, Serialize)]
struct Small {
    conversations: usize,
    p50_ms: f64,
    p99_ms: f64,
}

/// The newest 50 for a word in one message of a thousand, and for one in every tenth.
#[derive(Debug, Serialize)]
struct Search {
    rare_p50_ms: f64,
    rare_p99_ms: f64,
    common_p50_ms: f64,
    common_p99_ms: f64,
}

/// A workspace with its server.
struct Side {
    server: Process,
    caller: Caller,
    times: Times,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let mut small = Side::start(&folder, "small", arguments.small).await?;
    let mut large = Side::start(&folder, "large", arguments.conversations).await?;
    for time in 0..WARM_UP + arguments.times {
        let counts = time >= WARM_UP;
        small.open_inbox(counts).await?;
        large.open_inbox(counts).await?;
    }
    let rare = large.search(history::RARE.0, arguments.searches).await?;
    let common = large.search(history::COMMON.0, arguments.searches).await?;
    let report = Report {
        conversations: arguments.conversations,
        p50_ms: large.times.ms(0.5),
        p99_ms: large.times.ms(0.99),
        ratio: large.times.ms(0.99) / small.times.ms(0.99),
        small: Small { conversations: arguments.small, p50_ms: small.times.ms(0.5), p99_ms: small.times.ms(0.99) },
        search: Search {
            rare_p50_ms: rare.ms(0.5),
            rare_p99_ms: rare.ms(0.99),
            common_p50_ms: common.ms(0.5),
            common_p99_ms: common.ms(0.99),
        },
        load_average: load_average(),
    };
    small.server.stop().await?;
    large.server.stop().await?;
    show(&report, arguments.json)
}

impl Side {
    async fn start(folder: &Folder, name: &str, conversations: usize) -> anyhow::Result<Self> {
        let dir = folder.path().join(name);
        std::fs::create_dir_all(&dir).context("making a folder for a database")?;
        let data = prepare::data(&dir, None);
        let key = history::fill(&data, conversations).await?;
        let server = Process::serve(&data).await?;
        let caller = Caller::connect(server.port, &key).await?;
        Ok(Self { server, caller, times: Times::new()? })
    }

    async fn open_inbox(&mut self, counts: bool) -> anyhow::Result<()> {
        let start = SystemClock.instant();
        self.caller.get("/api/v2/conversations?limit=50").await?;
        self.caller.get("/api/v2/inbox/counts").await?;
        if counts {
            self.times.record(start.elapsed())?;
        }
        Ok(())
    }

    /// How long it takes to find the newest messages with a word, as the desk asks while somebody types.
    async fn search(&mut self, word: &str, times: usize) -> anyhow::Result<Times> {
        let path = format!("/api/v2/search?q={word}&limit=50");
        let mut taken = Times::new()?;
        for time in 0..WARM_UP + times {
            let start = SystemClock.instant();
            let found = self.caller.get(&path).await?;
            if time >= WARM_UP {
                taken.record(start.elapsed())?;
            }
            anyhow::ensure!(found.len() > 100, "nothing was found for {word}");
        }
        Ok(taken)
    }
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
        return Ok(());
    }
    let line = |conversations: usize, p50: f64, p99: f64| {
        super::super::print(format_args!("{conversations:>9} conversations   p50 {p50:>7.3} ms   p99 {p99:>7.3} ms"));
    };
    line(report.conversations, report.p50_ms, report.p99_ms);
    line(report.small.conversations, report.small.p50_ms, report.small.p99_ms);
    let search = &report.search;
    let line = |word: &str, p50: f64, p99: f64| {
        super::super::print(format_args!("search, {word:<12}           p50 {p50:>7.3} ms   p99 {p99:>7.3} ms"));
    };
    line("a rare word", search.rare_p50_ms, search.rare_p99_ms);
    line("a common one", search.common_p50_ms, search.common_p99_ms);
    super::super::print(format_args!("{:.2} of the small one's p99; load {:?}", report.ratio, report.load_average));
    Ok(())
}
