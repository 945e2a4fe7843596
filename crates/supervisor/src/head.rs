//! The detector's second opinion: a linear head over what a message means, joined with the n-gram tier.
//!
//! The n-gram tier knows spellings and rules, the embedding knows paraphrases; what one of them misses the other one
//! often sees. Their log-odds are added with weights, and the sum is compared with thresholds of its own.

use std::sync::OnceLock;

use crate::{Assessment, Wish, model::sigmoid, train::Example};

const MAGIC: &[u8; 8] = b"BATONEH1";
const BUILT_IN: &[u8] = include_bytes!("../data/e5.head");
/// Share of the embedding's log-odds, chosen on `data/tuning.jsonl`.
const MEANING: f32 = 0.5;
/// Share of the n-gram tier's log-odds, chosen there too.
const SPELLING: f32 = 0.8;
/// From this probability on the chatbot asks "Shall I bring in a person?".
const ASK: f32 = 0.4;
/// From this probability on a person is called.
const YES: f32 = 0.57;
/// No single tier is believed beyond this.
const SUREST: f32 = 1e-4;
/// Embeddings of one model lie close together; what is left after their mean is stretched to about one.
const STRETCH: f32 = 10.0;
/// L2 penalty against one example of weight 1; chosen on `data/tuning.jsonl`.
const PENALTY: f64 = 10.0;
/// Newton's method is there long before.
const MOST_STEPS: usize = 25;

/// A head for one embedding model.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    model: String,
    examples: [u8; 8],
    mean: Vec<f32>,
    weights: Vec<f32>,
    bias: f32,
}

impl Head {
    /// The head whose weights are in the binary, for multilingual-e5-small in 4 bit.
    pub fn built_in() -> Option<&'static Self> {
        static HEAD: OnceLock<Option<Head>> = OnceLock::new();
        HEAD.get_or_init(|| Self::read(BUILT_IN)).as_ref()
    }

    /// The embedding model that it was trained for, as that one names itself.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The mean of the model's vectors, as the examples gave it: what texts have in common, whatever they say.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// Fingerprint of the examples that it was trained from; see [`fingerprint`].
    pub fn examples(&self) -> [u8; 8] {
        self.examples
    }

    /// Joins what the n-gram tier said of a message with what its embedding says. Without an embedding of the right
    /// size it stays as it is.
    pub fn join(&self, spelled: Assessment, vector: &[f32]) -> Assessment {
        let Some(meant) = self.log_odds(vector) else { return spelled };
        let sure = spelled.score.clamp(SUREST, 1.0 - SUREST);
        let score = sigmoid(MEANING * meant + SPELLING * (sure / (1.0 - sure)).ln());
        Assessment { wish: Wish::of(score, ASK, YES), score, thresholds: (ASK, YES), ..spelled }
    }

    /// Log-odds that a message with this embedding asks for a person.
    pub fn log_odds(&self, vector: &[f32]) -> Option<f32> {
        if vector.len() != self.weights.len() {
            return None;
        }
        let centred = vector.iter().zip(&self.mean).map(|(x, m)| (x - m) * STRETCH);
        Some(self.bias + centred.zip(&self.weights).map(|(x, w)| x * w).sum::<f32>())
    }

    /// Reads a head file; `None` when it is not one of ours.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (examples, rest) = rest.split_first_chunk::<8>()?;
        let (&length, rest) = rest.split_first()?;
        let (model, rest) = rest.split_at_checked(usize::from(length))?;
        let mut numbers = rest.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let bias = numbers.next()?;
        let numbers: Vec<f32> = numbers.collect();
        let half = numbers.len() / 2;
        let whole = rest.len().is_multiple_of(4) && numbers.len().is_multiple_of(2) && half > 0;
        let finite = bias.is_finite() && numbers.iter().all(|x| x.is_finite());
        (whole && finite).then(|| Self {
            model: String::from_utf8_lossy(model).into_owned(),
            examples: *examples,
            mean: numbers[..half].to_vec(),
            weights: numbers[half..].to_vec(),
            bias,
        })
    }

    /// The head file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.examples);
        out.push(u8::try_from(self.model.len()).unwrap_or(0));
        out.extend(self.model.as_bytes());
        for x in std::iter::once(&self.bias).chain(&self.mean).chain(&self.weights) {
            out.extend(x.to_le_bytes());
        }
        out
    }

    /// Logistic regression with an L2 penalty over the embeddings of the examples, by Newton's method (Hastie,
    /// Tibshirani, Friedman 2009, 4.4.1): one optimum, found to the last digit that is kept.
    ///
    /// `None` when there is not one vector for each example, or the vectors differ in size.
    pub fn train(model: &str, examples: &[Example], vectors: &[Vec<f32>]) -> Option<Self> {
        let size = vectors.first()?.len();
        if vectors.len() != examples.len() || vectors.iter().any(|v| v.len() != size) {
            return None;
        }
        let mut mean = vec![0.0_f64; size];
        for vector in vectors {
            for (m, x) in mean.iter_mut().zip(vector) {
                *m += f64::from(*x) / vectors.len() as f64;
            }
        }
        let mean: Vec<f32> = mean.into_iter().map(rounded).collect();
        // The last column is the bias, which is not held back by the penalty.
        let rows: Vec<Vec<f64>> = vectors
            .iter()
            .map(|v| v.iter().zip(&mean).map(|(x, m)| f64::from((x - m) * STRETCH)).chain([1.0]).collect())
            .collect();
        let mut weights = vec![0.0_f64; size + 1];
        for _ in 0..MOST_STEPS {
            let step = newton(examples, &rows, &weights)?;
            for (w, s) in weights.iter_mut().zip(&step) {
                *w -= s;
            }
            if step.iter().all(|s| s.abs() < 1e-9) {
                break;
            }
        }
        let bias = rounded(weights.pop()?);
        let weights = weights.into_iter().map(rounded).collect();
        Some(Self { model: model.to_owned(), examples: fingerprint(examples), mean, weights, bias })
    }
}

/// Numbers are kept to four decimals: machines differ in the last ones of an embedding.
#[expect(clippy::cast_possible_truncation, reason = "four decimals of small numbers")]
fn rounded(x: f64) -> f32 {
    ((x * 1e4).round() / 1e4) as f32
}

/// Newton's step: the inverse of the second derivatives times the first.
fn newton(examples: &[Example], rows: &[Vec<f64>], weights: &[f64]) -> Option<Vec<f64>> {
    let size = weights.len();
    let mut gradient = vec![0.0; size];
    let mut curvature = vec![0.0; size * size];
    for (at, (g, w)) in gradient.iter_mut().zip(weights).enumerate().take(size - 1) {
        *g = PENALTY * w;
        curvature[at * size + at] = PENALTY;
    }
    // The bias needs a little, or a set with one label has no optimum.
    curvature[size * size - 1] = 1e-6;
    for (example, row) in examples.iter().zip(rows) {
        let score: f64 = row.iter().zip(weights).map(|(x, w)| x * w).sum();
        let chance = 1.0 / (1.0 + (-score).exp());
        let weight = f64::from(example.weight);
        let miss = (chance - if example.wish { 1.0 } else { 0.0 }) * weight;
        let bend = chance * (1.0 - chance) * weight;
        for (at, x) in row.iter().enumerate() {
            gradient[at] += miss * x;
            let bent = bend * x;
            for (c, y) in curvature[at * size..=at * size + at].iter_mut().zip(row) {
                *c += bent * y;
            }
        }
    }
    solve(curvature, gradient)
}

/// Solves `matrix · x = right` for a symmetric positive definite matrix of which the lower half is given (Cholesky).
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        for column in 0..=row {
            let (before, own) = matrix.split_at_mut(row * size);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            if column < row {
                let other = &before[column * size..=column * size + column];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            } else {
                let rest = own[column] - dot(&own[..column], &own[..column]);
                if rest <= 0.0 || !rest.is_finite() {
                    return None;
                }
                own[column] = rest.sqrt();
            }
        }
    }
    for row in 0..size {
        let known: f64 = (0..row).map(|column| matrix[row * size + column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|below| matrix[below * size + row] * right[below]).sum();
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    Some(right)
}

/// Fingerprint of examples: a head whose fingerprint is another one is stale. FNV-1a.
pub fn fingerprint(examples: &[Example]) -> [u8; 8] {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for example in examples {
        let bytes = example.text.bytes().chain([0, u8::from(example.wish)]).chain(example.weight.to_le_bytes());
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    fn example(text: &str, wish: bool) -> Example {
        Example { text: text.to_owned(), wish, category: String::new(), template: 0, weight: 1.0 }
    }

    /// Two clouds of points around (1, 0) and (-1, 0).
    fn clouds() -> (Vec<Example>, Vec<Vec<f32>>) {
        (0..40_u8)
            .map(|n| {
                let side = if n % 2 == 0 { 1.0 } else { -1.0 };
                let off = f32::from(n) / 100.0 - 0.2;
                (example(&n.to_string(), n % 2 == 0), vec![side + off, off])
            })
            .unzip()
    }

    #[test]
    fn a_trained_head_tells_two_clouds_apart() {
        let (examples, vectors) = clouds();
        let head = Head::train("test", &examples, &vectors).unwrap();
        for (example, vector) in examples.iter().zip(&vectors) {
            assert_eq!(head.log_odds(vector).unwrap() > 0.0, example.wish);
        }
        assert_eq!(Head::train("test", &examples, &vectors).unwrap(), head, "the same every time");
        assert_eq!(Head::train("test", &examples[1..], &vectors), None);
    }

    #[test]
    fn the_optimum_is_where_the_derivative_vanishes() {
        let (examples, vectors) = clouds();
        let head = Head::train("test", &examples, &vectors).unwrap();
        let pull: f64 = examples
            .iter()
            .zip(&vectors)
            .map(|(e, v)| {
                let chance = 1.0 / (1.0 + f64::from(-head.log_odds(v).unwrap()).exp());
                (chance - if e.wish { 1.0 } else { 0.0 }) * f64::from((v[0] - head.mean[0]) * STRETCH)
            })
            .sum();
        assert!((pull + PENALTY * f64::from(head.weights[0])).abs() < 0.05, "{pull} against {}", head.weights[0]);
    }

    #[test]
    fn a_file_reads_back_and_a_broken_one_is_refused() {
        let (examples, vectors) = clouds();
        let head = Head::train("some model", &examples, &vectors).unwrap();
        let bytes = head.bytes();
        assert_eq!(Head::read(&bytes), Some(head));
        assert_eq!(Head::read(&bytes[1..]), None);
        assert_eq!(Head::read(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Head::read(&bytes[..bytes.len() - 4]), None);
        assert_eq!(Head::read(b""), None);
    }

    #[test]
    fn the_shipped_head_is_of_the_shipped_examples() {
        let head = Head::built_in().expect("data/e5.head is readable");
        assert_eq!(
            head.examples(),
            fingerprint(&crate::train::examples()),
            "the examples changed: run `make train` and commit data/e5.head"
        );
    }

    #[test]
    fn without_a_fitting_embedding_the_first_opinion_stands() {
        let spelled = Detector::built_in().assess("I want to talk to a human");
        let head = Head::built_in().unwrap();
        assert_eq!(head.join(spelled.clone(), &[]), spelled);
    }
}
