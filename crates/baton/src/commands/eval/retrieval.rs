//! `baton eval retrieval`: which document answers a question, found as the AI finds its passages.

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use anyhow::Context;
use app::{
    Embedders,
    meaning::{ByModel, LOOKED_AT, Spaces, nearness, part_texts, passage_text},
};
use clap::Args;
use knowledge::{
    Passage, Rarity, chunk, confidence,
    figures::{Ranking, figures},
    rank,
};
use ports::{
    embeddings::{Embedder, Purpose, cosine},
    vectors::Reading,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use supervisor::{
    eval::{json_fault, wilson},
    figures::{auroc, auroc_interval},
};

use super::{super::print, is_english, read, vectors};
use crate::{config::DataArgs, models::ModelArgs, node::embedders};

/// Passages that are looked at, by meaning and by words.
const PASSAGES: usize = 24;

#[derive(Debug, Args)]
pub(crate) struct Retrieval {
    /// Lines of {"id", "title", "text"}
    #[arg(long, value_name = "FILE.jsonl")]
    corpus: PathBuf,
    /// Lines of {"query", "relevant": [ids], "lang"?}; none = no document answers it
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

#[derive(Deserialize)]
struct Document {
    id: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Query {
    query: String,
    relevant: Vec<String>,
    lang: Option<String>,
}

/// What is printed with `--json`.
#[derive(Serialize)]
struct Report {
    n: usize,
    recall_at_1: f64,
    recall_at_3: f64,
    mrr: f64,
    no_answer_auroc: f64,
    intervals: Intervals,
    /// Of the questions whose language is said: those in English, and the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    english: Option<Recall>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Recall>,
    model: String,
}

/// How often the right document was found for questions that have one.
#[derive(Serialize)]
struct Recall {
    answerable: usize,
    recall_at_1: f64,
    recall_at_3: f64,
    intervals: [[f64; 2]; 2],
}

impl Recall {
    /// Of these questions; nothing when there are none.
    fn of<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Option<Self> {
        let counted = figures(&rankings.copied().collect::<Vec<_>>());
        let share = |part: usize| part as f64 / counted.answerable as f64;
        let interval = |part: usize| wilson(part, counted.answerable);
        (counted.answerable > 0).then(|| Self {
            answerable: counted.answerable,
            recall_at_1: share(counted.first),
            recall_at_3: share(counted.third),
            intervals: [interval(counted.first), interval(counted.third)],
        })
    }
}

#[derive(Serialize)]
struct Intervals {
    recall_at_1: [f64; 2],
    recall_at_3: [f64; 2],
    no_answer_auroc: [f64; 2],
}

/// A piece of a document, with its vectors by the models that there are.
struct Piece {
    document: usize,
    heading: String,
    text: String,
    terms: Vec<String>,
    /// The general one first.
    read: [Option<Reading>; 2],
}

impl Piece {
    /// By one of the models, beside the question by the same one.
    fn by<'a>(&'a self, model: usize, question: Option<&'a Vec<f32>>) -> Option<ByModel<'a>> {
        let read = self.read[model].as_ref()?;
        Some(ByModel { question: question?, whole: &read.whole, parts: &read.parts })
    }
}

pub(super) async fn run(arguments: Retrieval) -> anyhow::Result<()> {
    let documents: Vec<Document> = read(&arguments.corpus, |text| told_apart(lines(text)?))?;
    let queries: Vec<Query> = read(&arguments.input, |text| checked(lines(text)?, &documents))?;
    let embedders = embedders(&arguments.models.settle_with_file(arguments.data.settled()?)?)?;
    let spaces = Spaces::new(&embedders);
    let pieces = pieces(&embedders, &spaces, &documents).await?;
    let rarity = Rarity::of(pieces.iter().map(|piece| format!("{} {}", piece.heading, piece.text)));
    let mut rankings = Vec::with_capacity(queries.len());
    for query in &queries {
        let found = search(&embedders, &spaces, &pieces, &rarity, &query.query).await?;
        let place = found.documents.iter().position(|&at| query.relevant.contains(&documents[at].id));
        rankings.push(Ranking { place, answerable: !query.relevant.is_empty(), score: found.sure });
    }
    let counted = figures(&rankings);
    let spoken = |english: bool| {
        let fits = move |query: &Query| query.lang.as_deref().is_some_and(|lang| (lang == "en") == english);
        Recall::of(queries.iter().zip(&rankings).filter(move |(query, _)| fits(query)).map(|(_, ranking)| ranking))
    };
    let scores: Vec<(f32, bool)> = rankings.iter().map(|ranking| (ranking.score, ranking.answerable)).collect();
    let area = auroc(&scores);
    let share = |part: usize| part as f64 / counted.answerable.max(1) as f64;
    let names = [&embedders.general, &embedders.english].into_iter().flatten().map(|embedder| embedder.model());
    let names: Vec<&str> = names.collect();
    let report = Report {
        n: counted.n,
        recall_at_1: share(counted.first),
        recall_at_3: share(counted.third),
        mrr: counted.mrr,
        no_answer_auroc: area,
        intervals: Intervals {
            recall_at_1: wilson(counted.first, counted.answerable),
            recall_at_3: wilson(counted.third, counted.answerable),
            no_answer_auroc: auroc_interval(area, counted.answerable, counted.n - counted.answerable),
        },
        english: spoken(true),
        others: spoken(false),
        model: if names.is_empty() { "BM25".to_owned() } else { names.join(" + ") },
    };
    if arguments.json {
        print(serde_json::to_string(&report).context("writing the report")?);
        return Ok(());
    }
    print(format_args!("{} questions, {} documents, {}", report.n, documents.len(), report.model));
    let line = |name: &str, figure: f64, [low, high]: [f64; 2]| {
        print(format_args!("{name:<18} {figure:.3}  ({low:.3} to {high:.3})"));
    };
    line("recall@1", report.recall_at_1, report.intervals.recall_at_1);
    line("recall@3", report.recall_at_3, report.intervals.recall_at_3);
    print(format_args!("{:<18} {:.3}", "MRR", report.mrr));
    line("no-answer AUROC", report.no_answer_auroc, report.intervals.no_answer_auroc);
    for (name, recall) in [("English", &report.english), ("other languages", &report.others)] {
        if let Some(recall) = recall {
            print(format_args!("of {} questions in {name}", recall.answerable));
            line("  recall@1", recall.recall_at_1, recall.intervals[0]);
            line("  recall@3", recall.recall_at_3, recall.intervals[1]);
        }
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, String> {
    let rows = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows: Vec<T> = rows
        .map(|(n, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {}", n + 1, json_fault(&error))))
        .collect::<Result<_, _>>()?;
    if rows.is_empty() { Err("the input has no rows".to_owned()) } else { Ok(rows) }
}

/// Documents of which each has an id of its own.
fn told_apart(documents: Vec<Document>) -> Result<Vec<Document>, String> {
    let mut ids = HashSet::with_capacity(documents.len());
    match documents.iter().find(|document| !ids.insert(document.id.as_str())) {
        Some(twice) => Err(format!("there are two documents with the id {:?}", twice.id)),
        None => Ok(documents),
    }
}

/// Questions that ask for documents that there are, some of them with an answer.
fn checked(queries: Vec<Query>, documents: &[Document]) -> Result<Vec<Query>, String> {
    let ids: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
    let unknown = |query: &Query| query.relevant.iter().find(|id| !ids.contains(id.as_str())).cloned();
    if let Some((query, id)) = queries.iter().find_map(|query| Some((query, unknown(query)?))) {
        return Err(format!("the question {:?} is answered by {id:?}, which is not in the corpus", query.query));
    }
    if queries.iter().all(|query| query.relevant.is_empty()) {
        return Err("no question has an answer: there is nothing to find".to_owned());
    }
    Ok(queries)
}

async fn pieces(embedders: &Embedders, spaces: &Spaces, documents: &[Document]) -> anyhow::Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for (document, of) in documents.iter().enumerate() {
        for piece in chunk(&of.title, &of.text) {
            let terms = knowledge::terms::terms(&format!("{} {}", piece.heading, piece.text));
            pieces.push(Piece { document, heading: piece.heading, text: piece.text, terms, read: [None, None] });
        }
    }
    let parts: Vec<Vec<String>> = pieces.iter().map(|piece| part_texts(&piece.heading, &piece.text)).collect();
    let whole = pieces.iter().map(|piece| passage_text(&piece.heading, &piece.text));
    let texts: Vec<String> =
        whole.zip(&parts).flat_map(|(whole, parts)| [vec![whole], parts.clone()].concat()).collect();
    let english = documents.iter().all(|of| is_english(&format!("{}\n{}", of.title, of.text)));
    let of = [embedders.general.as_ref(), embedders.english.as_ref().filter(|_| english)];
    for (model, embedder) in of.into_iter().enumerate() {
        let Some(embedder) = embedder else { continue };
        let mut read = vectors(embedder, Purpose::Passage, &texts).await?.into_iter();
        let mut next = || read.next().map(|vector| if model == 0 { spaces.centred(&vector) } else { vector });
        for (piece, parts) in pieces.iter_mut().zip(&parts) {
            let whole = next().context("a text was not read")?;
            piece.read[model] = Some(Reading { whole, parts: parts.iter().filter_map(|_| next()).flatten().collect() });
        }
    }
    Ok(pieces)
}

/// What was found for a question.
struct Found {
    /// Each document once, best first.
    documents: Vec<usize>,
    /// How sure it is that one of them answers.
    sure: f32,
}

async fn search(
    embedders: &Embedders,
    spaces: &Spaces,
    pieces: &[Piece],
    rarity: &Rarity,
    question: &str,
) -> anyhow::Result<Found> {
    let read = async |embedder: Option<&Arc<dyn Embedder>>| -> anyhow::Result<Option<Vec<f32>>> {
        let Some(embedder) = embedder else { return Ok(None) };
        Ok(embedder.embed(Purpose::Query, vec![question.to_owned()]).await?.into_iter().next())
    };
    let general = read(embedders.general.as_ref()).await?;
    let told = spaces.speaks_english(question, general.as_deref(), is_english(question));
    let covered = pieces.iter().all(|piece| piece.read[1].is_some());
    let english = read(embedders.english.as_ref().filter(|_| told && covered)).await?;
    let general = general.map(|vector| spaces.centred(&vector));
    let across = embedders.english.is_some() && covered && !told;
    let near = near(pieces, general.as_ref(), english.as_ref(), across);
    let codes = rank::codes(question);
    let worded = bm25(question, pieces, rarity);
    let held = |at: usize| rank::holds(&passage_text(&pieces[at].heading, &pieces[at].text), &codes);
    let marked: Vec<(usize, bool, bool)> =
        worded.iter().take(PASSAGES).map(|&at| (at, held(at), !near.is_empty())).collect();
    let order = rank::ranked(&near, &marked);
    let passages: Vec<Passage<'_>> = order
        .iter()
        .map(|found| Passage { heading: &pieces[found.id].heading, text: &pieces[found.id].text, fits: found.fits })
        .collect();
    let by_words = confidence(question, &passages, rarity);
    let by_meaning = order.iter().filter_map(|found| found.fits).fold(0.0, f32::max);
    let sure = if near.is_empty() { by_words } else { knowledge::gate::sure(by_meaning, by_words) };
    let mut seen = HashSet::new();
    let documents = order.iter().map(|found| pieces[found.id].document).filter(|document| seen.insert(*document));
    Ok(Found { documents: documents.collect(), sure })
}

/// Places of the pieces with how near they are, best first: those nearest as a whole by the model that knows the language
/// best are looked at closer.
fn near(pieces: &[Piece], general: Option<&Vec<f32>>, english: Option<&Vec<f32>>, across: bool) -> Vec<(usize, f32)> {
    let Some((question, model)) = english.map(|it| (it, 1)).or(general.map(|it| (it, 0))) else { return Vec::new() };
    let whole = |piece: &Piece| Some(cosine(&piece.read[model].as_ref()?.whole, question));
    let mut near: Vec<(usize, f32)> =
        pieces.iter().enumerate().filter_map(|(at, piece)| Some((at, whole(piece)?))).collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    near.truncate(LOOKED_AT);
    for (at, near) in &mut near {
        *near = nearness(pieces[*at].by(0, general), pieces[*at].by(1, english), across);
    }
    near.sort_by(|a, b| b.1.total_cmp(&a.1));
    near
}

/// Places of the pieces that share a term with the question, best first (k1 = 1.2, b = 0.75).
fn bm25(question: &str, pieces: &[Piece], rarity: &Rarity) -> Vec<usize> {
    let asked: HashSet<String> = knowledge::terms::terms(question).into_iter().collect();
    let average = pieces.iter().map(|piece| piece.terms.len()).sum::<usize>() as f32 / pieces.len().max(1) as f32;
    let score = |piece: &Piece| -> f32 {
        let length = 1.2 * (0.25 + 0.75 * piece.terms.len() as f32 / average);
        let of = |term: &String| {
            let count = piece.terms.iter().filter(|other| *other == term).count() as f32;
            rarity.weight(term) * count * 2.2 / (count + length)
        };
        asked.iter().map(of).sum()
    };
    let mut scored: Vec<(f32, usize)> = pieces.iter().map(score).zip(0..).filter(|(score, _)| *score > 0.0).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().map(|(_, at)| at).collect()
}
