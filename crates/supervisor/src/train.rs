//! Training of the detector from the example files: deterministic, seconds long, no randomness
//! but a fixed generator, no floating-point function that differs between machines.

use crate::{
    features::{self, BUCKETS, Features},
    model::{Model, sigmoid},
    normal,
    sheet::{self, next_random},
};

/// The training files, in the order they are read.
pub const FILES: [(&str, &str); 22] = [
    ("en", include_str!("../data/train.en.txt")),
    ("de", include_str!("../data/train.de.txt")),
    ("es", include_str!("../data/train.es.txt")),
    ("fr", include_str!("../data/train.fr.txt")),
    ("pt", include_str!("../data/train.pt.txt")),
    ("it", include_str!("../data/train.it.txt")),
    ("nl", include_str!("../data/train.nl.txt")),
    ("pl", include_str!("../data/train.pl.txt")),
    ("ru", include_str!("../data/train.ru.txt")),
    ("uk", include_str!("../data/train.uk.txt")),
    ("ar", include_str!("../data/train.ar.txt")),
    ("he", include_str!("../data/train.he.txt")),
    ("hi", include_str!("../data/train.hi.txt")),
    ("hi-latn", include_str!("../data/train.hi-latn.txt")),
    ("vi", include_str!("../data/train.vi.txt")),
    ("zh", include_str!("../data/train.zh.txt")),
    ("ja", include_str!("../data/train.ja.txt")),
    ("ko", include_str!("../data/train.ko.txt")),
    ("tr", include_str!("../data/train.tr.txt")),
    ("id", include_str!("../data/train.id.txt")),
    ("sv", include_str!("../data/train.sv.txt")),
    ("more", include_str!("../data/train.more.txt")),
];

/// A template is written out at most this often; more would only repeat it.
const PER_TEMPLATE: usize = 10;
const EPOCHS: usize = 12;
const RATE: f32 = 0.5;
/// L2 decay per step; chosen on the folds.
const DECAY: f32 = 2e-5;
const FOLDS: usize = 4;

/// One line of training text.
#[derive(Debug, Clone)]
pub struct Example {
    /// The message.
    pub text: String,
    /// Does it ask for a person?
    pub wish: bool,
    /// e.g. `negation`.
    pub category: String,
    /// Number of the template it comes from: folds never split a template.
    pub template: usize,
    /// How much it counts: a template with many expansions is no more important than one line.
    pub weight: f32,
}

/// All examples of the training files.
pub fn examples() -> Vec<Example> {
    let mut out = Vec::new();
    let mut template = 0;
    for (_, data) in FILES {
        let sheet = sheet::read(data);
        for section in &sheet.sections {
            let (label, category) = section.header.split_once(' ').unwrap_or((&section.header, "other"));
            for line in &section.lines {
                template += 1;
                let texts = sheet.expand(line, PER_TEMPLATE);
                let count = u16::try_from(texts.len()).map_or(1.0, f32::from);
                out.extend(texts.into_iter().map(|text| Example {
                    text,
                    wish: label == "yes",
                    category: category.trim().to_owned(),
                    template,
                    weight: 1.0 / count.sqrt(),
                }));
            }
        }
    }
    let slips: Vec<Example> = out.iter().enumerate().filter_map(|(n, e)| with_slip(n, e)).collect();
    out.extend(slips);
    out
}

/// Every third example once more with a slip of the finger, of both labels alike, so that bad
/// spelling says nothing about the wish.
fn with_slip(n: usize, example: &Example) -> Option<Example> {
    if !n.is_multiple_of(3) {
        return None;
    }
    let mut letters: Vec<char> = example.text.to_lowercase().chars().collect();
    let spots: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|&at| letters[at - 1..=at + 1].iter().all(|c| c.is_alphabetic() && !normal::is_unspaced(*c)))
        .collect();
    let random = usize::try_from(next_random(n as u64) >> 33).ok()?;
    let at = *spots.get(random % spots.len().max(1))?;
    match random % 3 {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    Some(Example { text: letters.into_iter().collect(), weight: example.weight * 0.5, ..example.clone() })
}

/// What the folds say about a training, each example scored by a model that never saw its template.
#[derive(Debug)]
pub struct FoldReport {
    /// (uncalibrated score, wish, weight) of every example, in the order of [`examples`].
    pub scores: Vec<(f32, bool, f32)>,
}

/// Trains the model that is shipped, and says what the folds measured.
pub fn train(examples: &[Example]) -> (Model, FoldReport) {
    let features: Vec<Features> = examples.iter().map(|e| features::of(&e.text)).collect();
    let mut scores = vec![(0.0, false, 0.0); examples.len()];
    for fold in 0..FOLDS {
        let mine = |e: &Example| usize::try_from(next_random(e.template as u64) >> 40).unwrap_or(0) % FOLDS == fold;
        let model = fit(examples, &features, |e| !mine(e));
        for ((example, f), score) in examples.iter().zip(&features).zip(&mut scores) {
            if mine(example) {
                *score = (model.raw(f), example.wish, example.weight);
            }
        }
    }
    let mut model = fit(examples, &features, |_| true);
    (model.slope, model.offset) = platt(&scores);
    (model, FoldReport { scores })
}

/// Logistic regression by AdaGrad (Duchi et al. 2011) over the chosen examples.
fn fit(examples: &[Example], features: &[Features], chosen: impl Fn(&Example) -> bool) -> Model {
    let mut order: Vec<usize> = (0..examples.len()).filter(|&n| chosen(&examples[n])).collect();
    let mut weights = vec![0.0_f32; BUCKETS];
    let mut seen = vec![1e-3_f32; BUCKETS];
    let (mut bias, mut bias_seen) = (0.0_f32, 1e-3_f32);
    let mut random = 7_u64;
    for _ in 0..EPOCHS {
        for n in (1..order.len()).rev() {
            random = next_random(random);
            order.swap(n, usize::try_from(random >> 33).unwrap_or(0) % (n + 1));
        }
        for &n in &order {
            let score = bias + features[n].iter().map(|&(p, v)| v * weights[p as usize]).sum::<f32>();
            let target = if examples[n].wish { 1.0 } else { 0.0 };
            let slope = (sigmoid(score) - target) * examples[n].weight;
            bias_seen += slope * slope;
            bias -= RATE * 0.3 * slope / bias_seen.sqrt();
            for &(p, v) in &features[n] {
                let p = p as usize;
                let g = slope * v + DECAY * weights[p];
                seen[p] += g * g;
                weights[p] -= RATE * 0.3 * g / seen[p].sqrt();
            }
        }
    }
    rounded(&weights, bias)
}

/// Weights as bytes: the rounding error of a whole message is below a hundredth of the score.
fn rounded(weights: &[f32], bias: f32) -> Model {
    let largest = weights.iter().fold(1e-6_f32, |m, w| m.max(w.abs()));
    let scale = largest / 127.0;
    #[expect(clippy::cast_possible_truncation, reason = "within -127..=127 by the choice of scale")]
    let weights = weights.iter().map(|w| (w / scale).round() as i8).collect();
    Model { scale, bias, weights, ..Model::blank() }
}

/// Slope and offset that make scores into probabilities, by gradient descent on the log loss.
fn platt(scores: &[(f32, bool, f32)]) -> (f32, f32) {
    let (mut slope, mut offset) = (1.0_f32, 0.0_f32);
    let total: f32 = scores.iter().map(|s| s.2).sum::<f32>().max(1e-6);
    for _ in 0..400 {
        let (mut ds, mut d_o) = (0.0_f32, 0.0_f32);
        for &(score, wish, weight) in scores {
            let miss = (sigmoid(slope * score + offset) - if wish { 1.0 } else { 0.0 }) * weight;
            ds += miss * score;
            d_o += miss;
        }
        slope -= 0.1 * ds / total;
        offset -= 0.5 * d_o / total;
    }
    (slope, offset)
}

impl FoldReport {
    /// Rightly decided examples and all examples of each category, e.g. `no negation`.
    pub fn by_category(&self, examples: &[Example], model: &Model) -> Vec<(String, u32, u32)> {
        let mut out: std::collections::BTreeMap<String, (u32, u32)> = std::collections::BTreeMap::new();
        for (example, &(score, wish, _)) in examples.iter().zip(&self.scores) {
            let called = sigmoid(model.slope * score + model.offset) >= model.yes;
            let name = format!("{} {}", if wish { "yes" } else { "no" }, example.category);
            let counts = out.entry(name).or_default();
            counts.0 += u32::from(called == wish);
            counts.1 += 1;
        }
        out.into_iter().map(|(name, (right, all))| (name, right, all)).collect()
    }
}
