//! `baton eval`: the AI's judgement, measured.

mod escalation;
mod retrieval;
mod routing;

use std::{fmt::Display, path::Path, sync::Arc};

use clap::Subcommand;
use ports::embeddings::{Embedder, Purpose};
use supervisor::language;

use crate::config::Unusable;

/// Texts that go through a model together.
const BATCH: usize = 16;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Does a message ask for a person?
    Escalation(Box<escalation::Escalation>),
    /// Which intent does a message mean, if any?
    Routing(routing::Routing),
    /// Which document answers a question, if any?
    Retrieval(retrieval::Retrieval),
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Escalation(arguments) => escalation::run(*arguments).await,
        Command::Routing(arguments) => routing::run(arguments).await,
        Command::Retrieval(arguments) => retrieval::run(arguments).await,
    }
}

/// Reads an input file; what is wrong with it names the file.
fn read<T, E: Display>(path: &Path, reads: impl Fn(&str) -> Result<T, E>) -> anyhow::Result<T> {
    let unusable = |error: &dyn Display| Unusable(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
    Ok(reads(&text).map_err(|error| unusable(&error))?)
}

/// The vectors of texts by one model.
async fn vectors(embedder: &Arc<dyn Embedder>, purpose: Purpose, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut out = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        out.extend(embedder.embed(purpose, batch.to_vec()).await?);
    }
    Ok(out)
}

/// Whether a text is English, as the Supervisor sees it of somebody whose browser is English.
fn is_english(text: &str) -> bool {
    language::guess(text).is_none_or(|code| code == "en")
}
