//! Language models of providers behind [`ports::models::ChatModel`]: OpenAI, Anthropic, Gemini, Ollama, and every server
//! that speaks like OpenAI.
//!
//! - [`prompt`]: what a model reads, with instructions, knowledge and talk kept apart. Pure
//! - `model`: one call and its stream
//! - `bounds`: how much of what it sends is read
//! - `embeddings`: what texts mean, asked of a server
//! - `failure`: what went wrong, in words that hold no key

mod bounds;
mod embeddings;
mod failure;
mod label;
mod model;
pub mod prompt;

use std::sync::Arc;

use outside::Guard;
use ports::models::{ChatModel, Connection, Providers};

pub use embeddings::{EmbeddingServer, RemoteEmbedder};

/// Models of providers, called through the guard.
pub struct Remote {
    guard: Arc<Guard>,
}

impl Remote {
    /// With the guard that every address passes.
    pub fn new(guard: Arc<Guard>) -> Self {
        Self { guard }
    }
}

impl Providers for Remote {
    fn connect(&self, connection: &Connection) -> Arc<dyn ChatModel> {
        Arc::new(model::RemoteModel::new(Arc::clone(&self.guard), connection.clone()))
    }
}
