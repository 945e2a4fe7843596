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

/// Cosine of two vectors of length 1: 1 for the same direction. 0 when they have different dimensions.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
