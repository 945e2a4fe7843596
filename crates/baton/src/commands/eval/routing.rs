//! `baton eval routing`: intents by examples, as the Supervisor learns them.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context;
use app::{Embedders, meaning::Spaces};
use clap::Args;
use ports::embeddings::Purpose;
use supervisor::{
    Intent, IntentIndex, Learned,
    figures::{Routed, RoutingRow, read_routing, routing},
    meaning::{Example, margin},
};

use super::{super::print, is_english, read, vectors};
use crate::{config::DataArgs, models::ModelArgs, node::embedders};

#[derive(Debug, Args)]
pub(crate) struct Routing {
    /// Examples: lines of {"text", "intent"}
    #[arg(long, value_name = "FILE.jsonl")]
    train: PathBuf,
    /// Lines of {"text", "intent"}; intent null = none of them
    #[arg(long, value_name = "FILE.jsonl")]
    input: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    models: ModelArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A text as its models read it: centred, by the general one and by both.
struct Read {
    general: Vec<f32>,
    joined: Option<Vec<f32>>,
}

pub(super) async fn run(arguments: Routing) -> anyhow::Result<()> {
    let train = read(&arguments.train, read_routing)?;
    let rows = read(&arguments.input, read_routing)?;
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in &train {
        groups.entry(row.intent.as_deref().unwrap_or_default()).or_default().push(&row.text);
    }
    groups.remove("");
    let embedders = embedders(&arguments.models.settle_with_file(arguments.data.settled()?)?)?;
    let (routed, model) = match &embedders.general {
        Some(general) => {
            let names: Vec<&str> =
                [Some(general), embedders.english.as_ref()].into_iter().flatten().map(|e| e.model()).collect();
            (by_meaning(&embedders, &groups, &rows).await?, names.join(" + "))
        }
        None => (by_spelling(&groups, &rows), "hashed n-grams".to_owned()),
    };
    let report = routing(&rows, &routed, &model);
    if arguments.json {
        print(serde_json::to_string(&report).context("writing the report")?);
        return Ok(());
    }
    let [low, high] = report.intervals.accuracy;
    print(format_args!("{} messages, {} intents, {}", report.n, groups.len(), report.model));
    print(format_args!("accuracy            {:.3}  ({low:.3} to {high:.3})", report.accuracy));
    let [low, high] = report.intervals.oos_auroc;
    print(format_args!("out-of-scope AUROC  {:.3}  ({low:.3} to {high:.3})", report.oos_auroc));
    print(format_args!("own intent, AP      {:.3}  (mean of {})", report.own_intent_ap, report.by_intent.len()));
    for (row, said) in rows.iter().zip(&routed).filter(|(row, said)| row.intent.is_some() && row.intent != said.intent)
    {
        let (is, was) = (row.intent.as_deref().unwrap_or_default(), said.intent.as_deref().unwrap_or("nothing"));
        print(format_args!("  {is}: taken for {was} ({:.2}): {}", said.score, row.text));
    }
    Ok(())
}

async fn by_meaning(
    embedders: &Embedders,
    groups: &BTreeMap<&str, Vec<&str>>,
    rows: &[RoutingRow],
) -> anyhow::Result<Vec<Routed>> {
    let names: Vec<&str> = groups.keys().copied().collect();
    let examples: Vec<String> = groups.values().flatten().map(|&text| text.to_owned()).collect();
    let texts: Vec<String> = rows.iter().map(|row| row.text.clone()).collect();
    let read_examples = read_all(embedders, &examples, true).await?;
    let both = read_examples.iter().all(|read| read.joined.is_some());
    let mut all = examples.into_iter().zip(read_examples);
    let (mut general, mut joined) = (Vec::new(), Vec::new());
    for group in groups.values() {
        let of: Vec<(String, Read)> = all.by_ref().take(group.len()).collect();
        let example = |text: &String, vector: &[f32]| Example { text: text.clone(), vector: vector.to_vec() };
        general.push(of.iter().map(|(text, read)| example(text, &read.general)).collect::<Vec<_>>());
        joined
            .push(of.iter().filter_map(|(text, read)| Some(example(text, read.joined.as_ref()?))).collect::<Vec<_>>());
    }
    let spaces = Spaces::new(embedders);
    let general = Learned::learn(&general, spaces.of(false));
    let joined = both.then(|| Learned::learn(&joined, spaces.of(true)));
    let routed = read_all(embedders, &texts, false).await?.into_iter().map(|read| {
        let seen = match (&joined, &read.joined) {
            (Some(learned), Some(vector)) => learned.read(vector),
            _ => general.read(&read.general),
        };
        let nearest = seen.iter().map(|meant| meant.near).fold(0.0, f32::max);
        let intent = seen.first().and_then(|meant| names.get(meant.group)).map(|&name| name.to_owned());
        let most = seen.first().map_or(0.0, |meant| meant.share);
        let own = seen
            .iter()
            .filter_map(|meant| Some(((*names.get(meant.group)?).to_owned(), margin(meant.near, meant.share, most))));
        Routed { intent, score: nearest, own: own.collect() }
    });
    Ok(routed.collect())
}

/// Reads texts; `together` they are English when most of them are, as the Supervisor takes examples.
async fn read_all(embedders: &Embedders, texts: &[String], together: bool) -> anyhow::Result<Vec<Read>> {
    let general = embedders.general.as_ref().context("no general model")?;
    let spaces = Spaces::new(embedders);
    let raw = vectors(general, Purpose::Query, texts).await?;
    let mut read: Vec<Read> = raw.iter().map(|vector| Read { general: spaces.centred(vector), joined: None }).collect();
    if let Some(english) = &embedders.english {
        let english_text = |at: &usize| spaces.speaks_english(&texts[*at], Some(&raw[*at]), is_english(&texts[*at]));
        let mut places: Vec<usize> = (0..texts.len()).filter(english_text).collect();
        if together {
            let all = if places.len() * 10 >= texts.len() * 9 { texts.len() } else { 0 };
            places = (0..all).collect();
        }
        let some: Vec<String> = places.iter().map(|&at| texts[at].clone()).collect();
        for (at, vector) in places.into_iter().zip(vectors(english, Purpose::Query, &some).await?) {
            read[at].joined = spaces.joined(Some(&raw[at]), Some(&vector));
        }
    }
    Ok(read)
}

fn by_spelling(groups: &BTreeMap<&str, Vec<&str>>, rows: &[RoutingRow]) -> Vec<Routed> {
    let owned = |texts: &Vec<&str>| texts.iter().map(|&text| text.to_owned()).collect();
    let intents: Vec<Intent> =
        groups.iter().map(|(name, texts)| Intent { name: (*name).to_owned(), examples: owned(texts) }).collect();
    let index = IntentIndex::build(&intents);
    let one = |row: &RoutingRow| {
        let found = index.ranked(&row.text);
        let best = found.first();
        let (score, intent) = (best.map_or(0.0, |best| best.score), best.map(|best| best.name.clone()));
        Routed { score, intent, own: found.into_iter().map(|found| (found.name, found.score)).collect() }
    };
    rows.iter().map(one).collect()
}
