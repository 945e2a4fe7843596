//! Local text embeddings: what a text means, as a direction in space, computed on this machine.
//!
//! Two models, both optional files beside the data:
//! - [`e5`]: multilingual-e5-small with 4-bit weights, about a hundred languages;
//! - [`minilm`]: all-MiniLM-L6-v2, English, the better one for English retrieval.
//!
//! Both are the same kind of network ([`bert`]); they differ in how text becomes tokens and in how the weights are
//! stored. [`Workers`] runs one behind [`ports::embeddings::Embedder`] on threads of its own.

pub mod bert;
mod dense;
pub mod e5;
mod gelu;
pub mod minilm;
mod workers;

use ports::embeddings::Purpose;

pub use dense::Matrix;
pub use workers::Workers;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// It cannot be read.
    #[error("the model file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is not what its name says; the text names the part that is wrong.
    #[error("the model file is damaged or of another kind: {0}")]
    Damaged(String),
    /// The arithmetic library refused it.
    #[error("the model cannot be built from its file: {0}")]
    Arithmetic(#[from] candle_core::Error),
}

/// A model that turns texts into vectors, on the thread that calls it.
pub trait Model: Send + Sync + 'static {
    /// One vector for each text, in order, each of length 1.
    ///
    /// # Errors
    /// When the arithmetic fails, which a whole model file rules out.
    fn embed(&self, purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelFileError>;
}
