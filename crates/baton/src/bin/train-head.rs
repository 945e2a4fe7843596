//! Trains the head over the embeddings of multilingual-e5-small and writes `crates/supervisor/data/e5.head`.
//!
//! The examples are those of the detector itself; the model is read from `./models` (`scripts/models` fetches it). Takes
//! a few minutes: some thirty thousand short texts go through the network.
#![expect(clippy::print_stdout, reason = "a command for people: it says what it does")]

use std::{path::Path, thread};

use anyhow::{Context, ensure};
use encoder::{Model, e5::E5};
use ports::embeddings::Purpose;
use supervisor::{Head, train};

/// Texts that go through the network together.
const BATCH: usize = 16;

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let model = E5::open(&root.join("models/e5-small-q4.bin")).context("run scripts/models first")?;
    let examples = train::examples();
    let texts: Vec<String> = examples.iter().map(|example| example.text.clone()).collect();
    println!("{} examples", texts.len());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = texts.len().div_ceil(threads);
    let vectors = thread::scope(|scope| {
        let work: Vec<_> = texts.chunks(share).map(|part| scope.spawn(|| embed(&model, part))).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        for part in work {
            vectors.extend(part.join().map_err(|_| anyhow::anyhow!("a thread broke down"))??);
        }
        anyhow::Ok(vectors)
    })?;
    ensure!(vectors.len() == examples.len(), "a text has no vector");
    let head = Head::train(encoder::e5::NAME, &examples, &vectors).context("the examples have no optimum")?;
    std::fs::write(root.join("crates/supervisor/data/e5.head"), head.bytes())?;
    let right = examples
        .iter()
        .zip(&vectors)
        .filter(|(example, vector)| head.log_odds(vector).is_some_and(|odds| odds > 0.0) == example.wish)
        .count();
    println!("by itself it decides {right} of its own {} examples as they are labelled", examples.len());
    Ok(())
}

fn embed(model: &E5, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut vectors = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        vectors.extend(model.embed(Purpose::Query, batch)?);
    }
    Ok(vectors)
}
