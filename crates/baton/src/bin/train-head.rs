//! Trains the head over the embeddings of multilingual-e5-small and writes `crates/supervisor/data/e5.head`; before that
//! `e5.cohort` and `minilm.cohort`, ordinary messages as both models read them (`--cohorts`: these alone).
//!
//! The examples are those of the detector itself; the model is read from `./models` (`scripts/models` fetches it). Takes
//! a few minutes: some thirty thousand short texts go through the network.
#![expect(clippy::print_stdout, reason = "a command for people: it says what it does")]

use std::{fs, path::Path, thread};

use anyhow::{Context, ensure};
use encoder::{
    Model,
    e5::{self, E5},
    minilm::{self, MiniLm},
};
use ports::embeddings::Purpose;
use supervisor::{Cohort, Head, cohort, train};

/// Texts that go through the network together.
const BATCH: usize = 16;

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let model = E5::open(&root.join("models/e5-small-q4.bin")).context("run scripts/models first")?;
    cohorts(&root, &model)?;
    if std::env::args().nth(1).as_deref() == Some("--cohorts") {
        return Ok(());
    }
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
    let head = Head::train(e5::NAME, &examples, &vectors).context("the examples have no optimum")?;
    fs::write(root.join("crates/supervisor/data/e5.head"), head.bytes())?;
    let right = examples
        .iter()
        .zip(&vectors)
        .filter(|(example, vector)| head.log_odds(vector).is_some_and(|odds| odds > 0.0) == example.wish)
        .count();
    println!("by itself it decides {right} of its own {} examples as they are labelled", examples.len());
    Ok(())
}

/// The ordinary messages that others are compared with, as each model reads them: a minute.
fn cohorts(root: &Path, e5: &E5) -> anyhow::Result<()> {
    let folder = root.join("models/minilm");
    let minilm = MiniLm::open(&folder.join("model.safetensors"), &folder.join("tokenizer.json"))?;
    let (messages, english) = cohort::messages();
    let data = root.join("crates/supervisor/data");
    fs::write(data.join("e5.cohort"), Cohort::new(e5::NAME, embed(e5, &messages)?).bytes())?;
    fs::write(data.join("minilm.cohort"), Cohort::new(minilm::NAME, embed(&minilm, &messages[..english])?).bytes())?;
    println!("{} ordinary messages, {english} of them English", messages.len());
    Ok(())
}

fn embed(model: &impl Model, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut vectors = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        vectors.extend(model.embed(Purpose::Query, batch)?);
    }
    Ok(vectors)
}
