//! `baton bench understand`: what a visitor's message costs before it is answered. It is read by the local models, heard for
//! a wish for a person, compared with the examples of every intent, an agent is chosen, and a large knowledge is looked into.
//! Run it on one core (`taskset -c 0`) to see what one core does.

use std::{fmt::Write, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use app::{agents::AgentPatch, auth::Staff};
use clap::Args;
use domain::{ChatbotId, agents::AgentIntent};
use ports::{Scope, world::Clock};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{at_most, folder::Folder, prepare, process::load_average, times::Times};
use crate::{config::DataArgs, node::Node, world::SystemClock};

/// Chunks of one source.
const CHUNKS_OF_SOURCE: usize = 100;
/// How often it is looked how far the reading is.
const LOOKS: Duration = Duration::from_millis(500);
/// Reading that does not go on for so long never will.
const STANDS_STILL: Duration = Duration::from_secs(60);
/// Messages before those that count.
const WARM_UP: usize = 20;
/// Sources that are asked for at once.
const PAGE: u32 = 200;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Chunks of the knowledge
    #[arg(long, default_value_t = 10_000, value_parser = at_most::<100_000, usize>)]
    chunks: usize,
    /// Messages that are understood, one after the other
    #[arg(long, default_value_t = 1_000, value_parser = at_most::<1_000_000, usize>)]
    messages: usize,
    /// Folder for the database [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    models: Vec<String>,
    chunks: usize,
    /// Intents, each of ten examples.
    intents: usize,
    /// Until every chunk was read by every model.
    indexing_s: f64,
    chunks_per_s: f64,
    /// How many states of the progress the desk could have shown.
    progress: usize,
    messages: usize,
    /// From the text to everything that an answer needs.
    message: Figures,
    /// The share of it that is the knowledge.
    search: Figures,
    load_average: [f64; 3],
}

#[derive(Debug, Serialize)]
struct Figures {
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let folder = Folder::new(arguments.dir.as_deref())?;
    let mut data = prepare::data(folder.path(), None);
    data.model_dir = arguments.data.settled()?.model_dir;
    let node = Node::open(&data).await?;
    let (scope, person, chatbot) = prepare::found(&node).await?;
    let stop = CancellationToken::new();
    let work = tokio::spawn(Arc::clone(&node.baton).work(stop.clone()));
    let began = SystemClock.instant();
    let staff = prepare::knowledge(&node, person, chatbot, sources(arguments.chunks)).await?;
    let (chunks, progress) = indexed(&node, scope, &staff, chatbot, arguments.chunks).await?;
    let indexing = began.elapsed();
    let intents = taught(&node, &staff, chatbot).await?;
    let (mut whole, mut search) = (Times::new()?, Times::new()?);
    for number in 0..WARM_UP + arguments.messages {
        let understood = node.baton.understand(chatbot, &message(number)).await?;
        if understood.passages == 0 {
            bail!("nothing was found: {}", message(number));
        }
        if understood.intents < intents {
            bail!("it was compared with {} of {intents} intents: {}", understood.intents, message(number));
        }
        if number >= WARM_UP {
            whole.record(understood.judged_in + understood.searched_in)?;
            search.record(understood.searched_in)?;
        }
    }
    stop.cancel();
    work.await.context("the worker")?;
    node.database.close().await;
    let (general, english) = node.baton.models();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let chunks_per_s = chunks as f64 / indexing.as_secs_f64();
    let report = Report {
        models: general.into_iter().chain(english).collect(),
        chunks,
        intents,
        indexing_s: indexing.as_secs_f64(),
        chunks_per_s,
        progress,
        messages: arguments.messages,
        message: Figures::of(&whole),
        search: Figures::of(&search),
        load_average: load_average(),
    };
    show(&report, arguments.json)
}

impl Figures {
    fn of(times: &Times) -> Self {
        Self { p50_ms: times.ms(0.5), p95_ms: times.ms(0.95), p99_ms: times.ms(0.99) }
    }
}

/// Gives the chatbot's agent an intent for everything that a shop is asked about, and waits until they are learned; how many.
async fn taught(node: &Node, staff: &Staff, chatbot: ChatbotId) -> anyhow::Result<usize> {
    let profile = node.baton.directory().profile(chatbot).await?;
    let agent = profile.agents.first().context("the chatbot has no agent")?.id;
    let intents: Vec<AgentIntent> = THINGS.iter().map(|thing| intent(thing)).collect();
    let count = intents.len();
    let patch = AgentPatch { intents: Some(intents), ..AgentPatch::default() };
    node.baton.change_agent(staff, chatbot, agent, patch).await?;
    let began = SystemClock.instant();
    // Each model learns them by itself, and which one a message is read by hangs on its language.
    for message in MESSAGES {
        while node.baton.understand(chatbot, message).await?.intents < count {
            if began.elapsed() > STANDS_STILL {
                bail!("the examples of {count} intents were not learned: {message}");
            }
            tokio::time::sleep(LOOKS).await;
        }
    }
    Ok(count)
}

/// Waits until so many chunks were cut, and each was read by every model; how many there are, and how often the progress
/// moved.
async fn indexed(
    node: &Node,
    scope: Scope,
    staff: &Staff,
    chatbot: ChatbotId,
    due: usize,
) -> anyhow::Result<(usize, usize)> {
    let (mut shown, mut progress) = ((0, 0), 0);
    let (mut before, mut moved) = (None, SystemClock.instant());
    loop {
        let now = shown_by_the_desk(node, staff, chatbot).await?;
        if now != shown {
            (shown, progress, moved) = (now, progress + 1, SystemClock.instant());
            tracing::info!(read = now.1, of = now.0, "indexing");
        }
        let next = next(node, scope, chatbot).await?;
        if now.0 >= due && next.is_none() {
            return Ok((now.0, progress));
        }
        // The second model shows no progress of its own: what is to be read next moves with either.
        if next != before {
            (before, moved) = (next, SystemClock.instant());
        }
        if moved.elapsed() > STANDS_STILL {
            bail!("the indexing stands still: {} of {due} chunks were cut, {} read", now.0, now.1);
        }
        // As a desk that is open asks: nobody is told how far a reading is.
        tokio::time::sleep(LOOKS).await;
    }
}

/// Chunks, and those that were read, of all sources.
async fn shown_by_the_desk(node: &Node, staff: &Staff, chatbot: ChatbotId) -> anyhow::Result<(usize, usize)> {
    let (mut all, mut before) = ((0, 0), None);
    loop {
        let page = node.baton.sources(staff, chatbot, None, before, PAGE).await?;
        for source in &page {
            all = (all.0 + source.chunks as usize, all.1 + source.read as usize);
        }
        before = page.last().map(|last| (last.updated_at, last.id));
        if page.len() < PAGE as usize {
            return Ok(all);
        }
    }
}

/// The first chunk that waits to be read, and by which model.
async fn next(node: &Node, scope: Scope, chatbot: ChatbotId) -> anyhow::Result<Option<(String, i64)>> {
    let (general, english) = node.baton.models();
    for (model, language) in [(general, None), (english, Some("en"))] {
        let Some(model) = model else { continue };
        let unread = node.baton.store().unread_chunks(scope, chatbot, &model, language, (0, i64::MAX), 1).await?;
        if let Some(first) = unread.first() {
            return Ok(Some((model, first.chunk)));
        }
    }
    Ok(None)
}

fn show(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        super::super::print(serde_json::to_string(report).context("writing the report")?);
        return Ok(());
    }
    super::super::print(format_args!(
        "{} chunks in {:.0} s, {:.1} a second, {} steps of progress; {}",
        report.chunks,
        report.indexing_s,
        report.chunks_per_s,
        report.progress,
        if report.models.is_empty() { "no model: by words".to_owned() } else { report.models.join(" + ") },
    ));
    for (name, figures) in [("message", &report.message), ("search", &report.search)] {
        super::super::print(format_args!(
            "{name:<8} p50 {:>6.1} ms   p95 {:>6.1} ms   p99 {:>6.1} ms",
            figures.p50_ms, figures.p95_ms, figures.p99_ms
        ));
    }
    super::super::print(format_args!(
        "{} messages, one after the other, {} intents; load {:?}",
        report.messages, report.intents, report.load_average
    ));
    Ok(())
}

/// Things that a shop is asked about.
const THINGS: [&str; 24] = [
    "parcel",
    "invoice",
    "voucher",
    "bicycle",
    "battery",
    "refund",
    "return",
    "warranty",
    "account",
    "password",
    "helmet",
    "saddle",
    "delivery",
    "workshop",
    "payment",
    "order",
    "discount",
    "address",
    "newsletter",
    "charger",
    "repair",
    "insurance",
    "tyre",
    "catalogue",
];
/// What is said of them.
const SAID: [&str; 12] = [
    "can be changed in the settings until it has been handed to the carrier",
    "is checked by the workshop within two working days",
    "comes with a label that has to be kept until everything has arrived",
    "is shown in the list at the top right, beside the number of the customer",
    "has to be confirmed by the link in the e-mail that is sent at once",
    "costs nothing within the country and is billed by weight abroad",
    "stays valid for three years from the day of purchase",
    "may be used in several parts, as long as the rest is not below five",
    "needs a photo on which the number of the frame can be read",
    "should be kept indoors when it freezes, and never be fully empty",
    "is only available in the shops, on weekdays from nine to six",
    "is cancelled by itself when nobody has asked for it after ten days",
];

/// What is asked about a thing.
const ASKED: [&str; 10] = [
    "where is my {}",
    "there is something wrong with the {}",
    "can I change the {}",
    "who do I ask about a {}",
    "how much does the {} cost",
    "my {} has not come yet",
    "I never got the {} that you promised",
    "how long does it take with a {}",
    "the {} does not work",
    "what do I have to know about the {}",
];

fn intent(thing: &str) -> AgentIntent {
    let examples = ASKED.iter().map(|asked| asked.replace("{}", thing)).collect();
    AgentIntent { name: thing.to_owned(), examples, generated: false, label: None }
}

/// The knowledge: sources of sections, no two alike.
fn sources(chunks: usize) -> impl Iterator<Item = (String, String)> {
    (0..chunks.div_ceil(CHUNKS_OF_SOURCE)).map(move |source| {
        let first = source * CHUNKS_OF_SOURCE;
        let mut text = String::new();
        for number in first..chunks.min(first + CHUNKS_OF_SOURCE) {
            let thing = |step: usize| THINGS[(number * 7 + step * 5 + number / 24) % THINGS.len()];
            let said = |step: usize| SAID[(number * 5 + step * 7 + number / 12) % SAID.len()];
            let (a, b, c) = (thing(0), thing(1), thing(2));
            let (one, two, three) = (said(0), said(1), said(2));
            // Writing to a String never fails.
            let _ = write!(
                text,
                "# The {a} and the {b}, case {number}\n\nThe {a} {one}. A {b} of kind {number} {two}. Where a {c} is \
                 concerned as well, it {three}.\n\n"
            );
        }
        (format!("Handbook, part {}", source + 1), text)
    })
}

/// Messages as visitors write them, short and long, mostly English.
const MESSAGES: [&str; 12] = [
    "How long does the delivery take?",
    "I ordered a battery ten days ago and the parcel still has not arrived, where can I see what happened to it?",
    "refund?",
    "Can I change the address of my order after I have paid for it? I moved last week and forgot about it.",
    "The charger does not fit and nobody answers my mails, this is really annoying. What about the warranty?",
    "Wie lange ist der Gutschein gültig?",
    "do you repair tyres of other brands in your workshop on saturdays",
    "¿Dónde encuentro la factura de mi pedido?",
    "I forgot my password",
    "My helmet has a crack after a fall. Is that covered by the insurance or do I have to buy a new one?",
    "Je voudrais savoir comment retourner une selle que j'ai achetée la semaine dernière.",
    "where do I type the voucher",
];

/// The message of a number: no two alike, so that nothing is remembered.
fn message(number: usize) -> String {
    let text = MESSAGES[number % MESSAGES.len()];
    format!("{text} ({})", number / MESSAGES.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knowledge_has_as_many_chunks_as_asked_for() {
        let of = |(title, text): (String, String)| knowledge::chunk(&title, &text).len();
        assert_eq!(sources(250).map(of).collect::<Vec<_>>(), [100, 100, 50]);
    }
}
