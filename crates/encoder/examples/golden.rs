//! Compares the models with vectors that were computed elsewhere.
//!
//! `scripts/golden DIR` runs it over both files of a folder. By hand:
//! `cargo run --example golden -- e5 MODEL.bin VECTORS.jsonl`, or `minilm MODEL.safetensors TOKENIZER.json VECTORS.jsonl`.
//! Lines hold `text`, `ids`, the first dimensions as `f32_emb16` or `emb16`, and `norm`.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it prints what it finds, and how long it took")]

use std::{error::Error, fs, path::Path, time::Instant};

use encoder::{
    Model,
    e5::{E5, Marks},
    minilm::MiniLm,
};
use ports::embeddings::{Purpose, cosine};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["e5", model, vectors] => e5(&E5::open(Path::new(model))?, vectors),
        ["minilm", model, tokenizer, vectors] => {
            minilm(&MiniLm::open(Path::new(model), Path::new(tokenizer))?, vectors)
        }
        _ => Err("golden e5 MODEL VECTORS | golden minilm MODEL TOKENIZER VECTORS".into()),
    }
}

/// Where a row stands against what was expected of it.
#[derive(Default)]
struct Worst {
    rows: usize,
    other_ids: Vec<i64>,
    cosine: f32,
    dimension: f32,
}

impl Worst {
    fn new() -> Self {
        Self { cosine: 1.0, ..Self::default() }
    }

    fn take(&mut self, row: &Value, ids: &[u32], vector: &[f32]) {
        self.rows += 1;
        let number = row["n"].as_i64().unwrap_or_default();
        if row["ids"]
            .as_array()
            .is_none_or(|wanted| wanted.iter().map(Value::as_u64).ne(ids.iter().map(|i| Some(u64::from(*i)))))
        {
            self.other_ids.push(number);
        }
        let known = if row["f32_emb16"].is_array() { &row["f32_emb16"] } else { &row["emb16"] };
        let known: Vec<f32> =
            known.as_array().into_iter().flatten().filter_map(Value::as_f64).map(|x| x as f32).collect();
        let ours = &vector[..known.len()];
        let near = cosine(ours, &known) / (cosine(ours, ours) * cosine(&known, &known)).sqrt();
        let far = ours.iter().zip(&known).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        println!("{number:>3}  {:>4} tokens  cosine {near:.7}  largest difference {far:.7}", ids.len());
        self.cosine = self.cosine.min(near);
        self.dimension = self.dimension.max(far);
    }

    fn end(self, started: Instant) -> Result<(), Box<dyn Error>> {
        println!(
            "{} rows in {:.0?}: least cosine {:.7}, largest difference {:.7}, other ids in rows {:?}",
            self.rows,
            started.elapsed(),
            self.cosine,
            self.dimension,
            self.other_ids
        );
        if self.cosine < 0.999 || !self.other_ids.is_empty() { Err("not the same".into()) } else { Ok(()) }
    }
}

fn rows(path: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    Ok(fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn e5(model: &E5, vectors: &str) -> Result<(), Box<dyn Error>> {
    let (mut worst, started) = (Worst::new(), Instant::now());
    for row in rows(vectors)? {
        // As the packaged engine takes them: not composed, and marks are marks.
        let pieces = model.pieces().split_as(row["text"].as_str().unwrap_or_default(), Marks::AreMarks);
        let mean = model.means(std::slice::from_ref(&pieces))?.swap_remove(0);
        let length = cosine(&mean, &mean).sqrt();
        let vector: Vec<f32> = mean.iter().map(|x| x / length).collect();
        let ids: Vec<u32> = [0].into_iter().chain(pieces.iter().copied()).chain([2]).collect();
        worst.take(&row, &ids, &vector);
    }
    worst.end(started)
}

fn minilm(model: &MiniLm, vectors: &str) -> Result<(), Box<dyn Error>> {
    let (mut worst, started) = (Worst::new(), Instant::now());
    for row in rows(vectors)? {
        let text = row["text"].as_str().unwrap_or_default().to_owned();
        let ids = model.split(&text)?;
        let vector = model.embed(Purpose::Query, &[text])?.swap_remove(0);
        worst.take(&row, &ids, &vector);
    }
    worst.end(started)
}
