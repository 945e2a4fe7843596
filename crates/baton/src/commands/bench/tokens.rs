//! `baton bench tokens`: the AI's words on their way to visitors, beside the same frames from a loop without a hub.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use tokio::task::LocalSet;

use super::{
    at_most,
    folder::Folder,
    load,
    page::{self, Page},
    prepare,
    process::{Process, load_average},
    socket::Socket,
};

/// Tokens a second of one answer.
const PACE: u64 = 50;
/// An answer that is not there so long after its last token never will be.
const ENDS_IN: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Answers that are written at once
    #[arg(long, default_value_t = 1_000, value_parser = at_most::<100_000, usize>)]
    answers: usize,
    /// Seconds that each takes
    #[arg(long, default_value_t = 10, value_parser = at_most::<3_600, usize>)]
    seconds: usize,
    /// Folder for the database, on the disk to be measured [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    answers: usize,
    #[serde(flatten)]
    baton: Flow,
    commits_per_answer: f64,
    floor: Flow,
    ratio: f64,
    load_average: [f64; 3],
}

/// What came to all visitors together. The rates are of the time in which every answer is being written: from the first
/// words of the last one to begin to the last words of the first one to end.
#[derive(Debug, Serialize)]
struct Flow {
    /// Length of that time.
    all_write_s: f64,
    tokens_per_s: f64,
    frames_per_s: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
    /// Tokens that came with the whole answer only, beyond those of its last group.
    late: u64,
    /// Tokens that never came.
    lost: u64,
}

/// Tokens of the last group of an answer: they come with the whole message, not as tokens.
const IN_LAST_GROUP: u64 = 3;

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    Box::pin(LocalSet::new().run_until(measure(arguments))).await
}

async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let tokens = arguments.seconds * usize::try_from(PACE)?;
    let (baton, writes) = baton(&arguments, tokens).await?;
    let floor = floor(&arguments, tokens).await?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let commits_per_answer = writes as f64 / arguments.answers as f64;
    let report = Report {
        answers: arguments.answers,
        ratio: baton.tokens_per_s / floor.tokens_per_s,
        baton,
        commits_per_answer,
        floor,
        load_average: load_average(),
    };
    show(&report, arguments.json)
}

async fn baton(arguments: &Arguments, tokens: usize) -> anyhow::Result<(Flow, u64)> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let data = prepare::data(folder.path(), None);
    let streams = prepare::streams(&data, arguments.answers).await?;
    let (every, tokens_of_each) = ((1_000_000 / PACE).to_string(), tokens.to_string());
    let server = Process::streamer(folder.path(), &["--every-us", &every, "--tokens", &tokens_of_each]).await?;
    let mut sockets = Vec::new();
    for pair in &streams.pairs {
        sockets.push((page::visitor(server.port, pair).await?, pair.conversation));
    }
    let mut pages = Vec::new();
    for (socket, conversation) in sockets {
        pages.push(Page::read(socket, conversation, Some("How do I return something?")).await?);
    }
    for page in &pages {
        let length = Duration::from_secs(u64::try_from(arguments.seconds)?) + ENDS_IN;
        let ends = tokio::time::timeout(length, page.until(|came| came.answers > 0)).await;
        ends.with_context(|| format!("the answer in conversation {} does not end", page.conversation))?;
    }
    let flow = flow(&pages, tokens, true)?;
    let stamps = server.stamps().await?;
    Ok((flow, stamps.writes))
}

/// A socket for each answer, and a loop that writes to each the frames that Baton writes.
async fn floor(arguments: &Arguments, tokens: usize) -> anyhow::Result<Flow> {
    let (every, tokens_of_each) = ((1_000_000 / PACE).to_string(), tokens.to_string());
    let server = Process::start(&["bench", "token-floor", &every, &tokens_of_each]).await?;
    let mut sockets = Vec::new();
    for _ in 0..arguments.answers {
        sockets.push(Socket::connect(server.port, "/", "").await?);
    }
    let mut pages = Vec::new();
    for socket in sockets {
        pages.push(Page::read(socket, domain::ConversationId::new(uuid::Uuid::nil()), Some("go")).await?);
    }
    for page in &pages {
        let length = Duration::from_secs(u64::try_from(arguments.seconds)?) + ENDS_IN;
        let ends = tokio::time::timeout(length, page.until(|came| came.answers > 0)).await;
        ends.context("the floor does not end")?;
    }
    let flow = flow(&pages, tokens, false)?;
    server.stop().await?;
    Ok(flow)
}

/// `whole`: each answer comes once more as a whole, so that what did not come as tokens is late, not lost.
fn flow(pages: &[Page], tokens_of_each: usize, whole: bool) -> anyhow::Result<Flow> {
    let due = u64::try_from(tokens_of_each)?;
    let (mut late, mut lost, mut delays) = (0, 0, Vec::new());
    let (mut first, mut last) = (0, u64::MAX);
    for page in pages {
        let came = page.came.borrow();
        let ends = came.read.first().zip(came.read.last());
        let ((from, _), (to, _)) = ends.context("an answer without tokens")?;
        (first, last) = (first.max(*from), last.min(*to));
        let all = if whole { came.whole } else { came.stamped };
        lost += due.saturating_sub(all);
        late += all.saturating_sub(came.stamped).saturating_sub(IN_LAST_GROUP);
        delays.extend(came.delays.iter().map(|&delay| Duration::from_micros(delay.into())));
    }
    let length = Duration::from_micros(last.saturating_sub(first));
    if length.is_zero() {
        bail!("the answers were not written at the same time: let each take longer");
    }
    let (mut frames, mut read) = (0_u32, 0_u32);
    for page in pages {
        for (_, tokens) in page.came.borrow().read.iter().filter(|(at, _)| (first..last).contains(at)) {
            frames += 1;
            read += tokens;
        }
    }
    let figures = load::figures(&delays, length)?;
    Ok(Flow {
        all_write_s: length.as_secs_f64(),
        tokens_per_s: f64::from(read) / length.as_secs_f64(),
        frames_per_s: f64::from(frames) / length.as_secs_f64(),
        delay_p50_ms: figures.p50_ms,
        delay_p99_ms: figures.p99_ms,
        late,
        lost,
    })
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
    } else {
        for (name, flow) in [("baton", &report.baton), ("floor", &report.floor)] {
            super::super::print(format_args!(
                "{name:<6} {:>7.0} tokens/s in {:>6.0} frames/s   delay p50 {:>6.1} ms   p99 {:>6.1} ms   late {}   lost {}",
                flow.tokens_per_s, flow.frames_per_s, flow.delay_p50_ms, flow.delay_p99_ms, flow.late, flow.lost
            ));
        }
        super::super::print(format_args!(
            "{} answers, {:.2} of the floor, at most {:.2} commits an answer; load {:?}",
            report.answers, report.ratio, report.commits_per_answer, report.load_average
        ));
    }
    if report.baton.lost > 0 {
        bail!("{} tokens never came", report.baton.lost);
    }
    Ok(())
}
