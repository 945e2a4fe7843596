//! What a text means, as a vector.

use async_trait::async_trait;

/// What a text is embedded for. Some models read the two differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Something that was said now, or is compared with what is said. A visitor waits for it.
    Query,
    /// A piece of knowledge that will be searched. Nobody waits for it.
    Passage,
}

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// More waits than the model can work off; the caller goes on without.
    #[error("the embedding model has too much to do")]
    Busy,
    /// The model does not answer, or no longer runs.
    #[error("the embedding model is not available: {0}")]
    Unavailable(String),
}

/// A model that turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync + 'static {
    /// Which model, exactly: vectors of two names are never compared.
    fn model(&self) -> &str;

    /// One vector for each text, in order, each of length 1 and of the same number of dimensions.
    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError>;
}

/// Sums that run side by side: one sum would wait for itself at every step, since the order of a sum of fractions counts.
const LANES: usize = 16;

/// Cosine of two vectors of length 1: 1 for the same direction. 0 when they have different dimensions.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_counts_once_however_many_there_are() {
        for length in 0..3 * LANES {
            let ones = vec![1.0; length];
            let places: Vec<f32> = (0_u8..).take(length).map(f32::from).collect();
            let sum = places.iter().sum::<f32>();
            assert!((cosine(&ones, &places) - sum).abs() < f32::EPSILON, "{length}");
        }
        assert!(cosine(&[1.0], &[1.0, 0.0]).abs() < f32::EPSILON, "other dimensions");
    }
}
