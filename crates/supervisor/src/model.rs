//! The linear model: a byte per feature place, a bias, and the calibration of its score.

use crate::features::{self, BUCKETS};

const MAGIC: &[u8; 8] = b"BATONSV1";
const HEADER: usize = 8 + 4 * 6;

/// Weights and calibration, as trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Value of one weight step.
    pub scale: f32,
    /// Added to every score.
    pub bias: f32,
    /// Platt scaling (Platt 1999): probability = sigmoid(slope * score + offset).
    pub slope: f32,
    /// See `slope`.
    pub offset: f32,
    /// From this probability on the chatbot asks "Shall I bring in a person?".
    pub ask: f32,
    /// From this probability on a person is called.
    pub yes: f32,
    /// One step count per feature place.
    pub weights: Vec<i8>,
}

impl Model {
    /// Calibrated probability that a clause asks for a person.
    pub fn probability(&self, clause: &str) -> f32 {
        sigmoid(self.slope * self.raw(&features::of(clause)) + self.offset)
    }

    /// The score before calibration.
    pub fn raw(&self, features: &[(u32, f32)]) -> f32 {
        let sum: f32 = features
            .iter()
            .map(|&(place, value)| value * f32::from(self.weights.get(place as usize).copied().unwrap_or(0)))
            .sum();
        sum * self.scale + self.bias
    }

    /// Reads a weights file; `None` when it is not one of ours.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let body = bytes.strip_prefix(MAGIC)?;
        if bytes.len() != HEADER + BUCKETS {
            return None;
        }
        let number = |n: usize| {
            let at = body.get(n * 4..n * 4 + 4)?;
            Some(f32::from_le_bytes(at.try_into().ok()?)).filter(|v| v.is_finite())
        };
        Some(Self {
            scale: number(0)?,
            bias: number(1)?,
            slope: number(2)?,
            offset: number(3)?,
            ask: number(4)?,
            yes: number(5)?,
            weights: body[24..].iter().map(|b| i8::from_le_bytes([*b])).collect(),
        })
    }

    /// The weights file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for v in [self.scale, self.bias, self.slope, self.offset, self.ask, self.yes] {
            out.extend(v.to_le_bytes());
        }
        out.extend(self.weights.iter().flat_map(|w| w.to_le_bytes()));
        out
    }

    /// A model that knows nothing and calls nobody: what is left when a weights file is broken.
    pub fn blank() -> Self {
        Self { scale: 0.0, bias: -4.0, slope: 1.0, offset: 0.0, ask: 0.35, yes: 0.55, weights: Vec::new() }
    }
}

/// Logistic function, from additions, multiplications and divisions alone: those round the same
/// on every machine, `f32::exp` does not, and training must give the same bytes everywhere.
pub(crate) fn sigmoid(x: f32) -> f32 {
    let x = x.clamp(-30.0, 30.0);
    // e^x = (e^(x/1024))^1024, the inner one by its series.
    let small = x / 1024.0;
    let mut e = 1.0 + small * (1.0 + small * (0.5 + small / 6.0));
    for _ in 0..10 {
        e *= e;
    }
    e / (1.0 + e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_the_logistic_function() {
        for x in [-20.0_f32, -3.0, -0.5, 0.0, 0.1, 1.0, 8.0, 40.0] {
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 1e-3, "{x}");
        }
    }

    #[test]
    fn a_file_reads_back_and_a_broken_one_is_refused() {
        let mut model = Model::blank();
        model.weights = vec![3; BUCKETS];
        let bytes = model.bytes();
        assert_eq!(Model::read(&bytes), Some(model));
        assert_eq!(Model::read(&bytes[1..]), None);
        assert_eq!(Model::read(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Model::read(b""), None);
    }
}
