//! Measures gate and extraction on a labelled set with a plain BM25 in front:
//! `cargo run --release -p knowledge --example gate CORPUS.jsonl QUERIES.jsonl [-v] [--no-counts]`.
#![expect(clippy::print_stdout, reason = "a command for people: it prints figures")]

use std::collections::HashMap;

use knowledge::{Chunk, Passage, Rarity, chunk, confidence, extract, gate, terms::terms};
use serde::Deserialize;

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
}

fn rows<T: for<'a> Deserialize<'a>>(path: &str) -> Result<Vec<T>, Box<dyn std::error::Error>> {
    Ok(std::fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [corpus, queries, rest @ ..] = arguments.as_slice() else {
        return Err("usage: gate CORPUS.jsonl QUERIES.jsonl [-v] [--no-counts]".into());
    };
    let documents: Vec<Document> = rows(corpus)?;
    let queries: Vec<Query> = rows(queries)?;
    let chunks: Vec<(String, Chunk)> =
        documents.iter().flat_map(|d| chunk(&d.title, &d.text).into_iter().map(|c| (d.id.clone(), c))).collect();
    let whole: Vec<String> = chunks.iter().map(|(_, c)| format!("{} {} {}", c.heading, c.heading, c.text)).collect();
    // Without counts of the corpus the gate must still work, if less well.
    let rarity = if rest.iter().any(|a| a == "--no-counts") { Rarity::default() } else { Rarity::of(&whole) };
    let (mut found, mut cited_right, mut answerable) = (0, 0, 0);
    let mut scores: Vec<(f32, bool)> = Vec::new();
    for query in &queries {
        let ranked = bm25(&query.query, &whole, &rarity);
        let best: Vec<&(String, Chunk)> = ranked.iter().take(5).map(|&n| &chunks[n]).collect();
        let passages: Vec<Passage<'_>> =
            best.iter().map(|(_, c)| Passage { heading: &c.heading, text: &c.text, fits: None }).collect();
        let score = confidence(&query.query, &passages, &rarity);
        let answer = extract(&[&query.query], &passages, &rarity);
        let cited = answer.as_ref().and_then(|a| a.cited.first()).map(|&n| best[n].0.clone());
        let right = cited.as_ref().is_some_and(|id| query.relevant.contains(id));
        scores.push((score, !query.relevant.is_empty()));
        if !query.relevant.is_empty() {
            answerable += 1;
            found += usize::from(best.first().is_some_and(|(id, _)| query.relevant.contains(id)));
            cited_right += usize::from(right);
        }
        if rest.iter().any(|a| a == "-v") {
            println!(
                "{score:.2} {} {:?}\n     -> {:?}",
                !query.relevant.is_empty(),
                query.query,
                answer.map(|a| a.text)
            );
        }
    }
    println!(
        "queries {}, answerable {answerable}; BM25 first right {found}, first citation right {cited_right}",
        queries.len()
    );
    for threshold in [gate::THRESHOLD, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5] {
        let passed = |wanted: bool| scores.iter().filter(|(s, a)| *a == wanted && *s >= threshold).count();
        println!(
            "gate at {threshold:.2}: answers {} of {answerable} answerable, {} of {} others",
            passed(true),
            passed(false),
            queries.len() - answerable
        );
    }
    println!("AUROC {:.3}", auroc(&scores));
    Ok(())
}

/// Indices of the documents that share a term, best first (k1 = 1.2, b = 0.75).
fn bm25(query: &str, documents: &[String], rarity: &Rarity) -> Vec<usize> {
    let texts: Vec<Vec<String>> = documents.iter().map(|d| terms(d)).collect();
    let average = texts.iter().map(Vec::len).sum::<usize>() as f32 / texts.len().max(1) as f32;
    let mut scored: Vec<(f32, usize)> = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        let mut counts: HashMap<&str, f32> = HashMap::new();
        text.iter().for_each(|t| *counts.entry(t).or_default() += 1.0);
        let score: f32 = terms(query)
            .iter()
            .map(|t| {
                let tf = counts.get(t.as_str()).copied().unwrap_or(0.0);
                rarity.weight(t) * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * text.len() as f32 / average))
            })
            .sum();
        if score > 0.0 {
            scored.push((score, n));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().map(|(_, n)| n).collect()
}

fn auroc(scores: &[(f32, bool)]) -> f64 {
    let of = |wanted: bool| scores.iter().filter(move |s| s.1 == wanted).map(|s| s.0);
    let pairs = of(true).count() * of(false).count();
    let wins: f64 = of(true)
        .flat_map(|y| {
            of(false).map(move |n| match y.total_cmp(&n) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
        })
        .sum();
    wins / pairs.max(1) as f64
}
