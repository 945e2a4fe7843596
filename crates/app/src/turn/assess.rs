//! Does the visitor want a person? The n-gram tier always has an opinion; an embedding model is heard where there is one.

use std::time::Duration;

use ports::embeddings::{EmbedError, Purpose};
use supervisor::{Assessment, Detector, Head};

use crate::Baton;

/// Longer than this nobody waits for a second opinion.
const PATIENCE: Duration = Duration::from_millis(1_500);

impl Baton {
    /// Assesses what a visitor wrote.
    pub(super) async fn assess(&self, text: &str) -> Assessment {
        let spelled = Detector::built_in().assess(text);
        let Some((head, vector)) = self.meaning(text).await else { return spelled };
        head.join(spelled, &vector)
    }

    /// What a text means, with the head that can read it. Nothing without a model, or when it does not answer in time:
    /// that costs some understanding and no answer.
    async fn meaning(&self, text: &str) -> Option<(&'static Head, Vec<f32>)> {
        let embedder = self.embedder.as_ref()?;
        let head = Head::built_in().filter(|head| head.model() == embedder.model())?;
        let embedded = tokio::select! {
            biased;
            embedded = embedder.embed(Purpose::Query, vec![text.to_owned()]) => embedded,
            () = self.clock.sleep(PATIENCE) => Err(EmbedError::Unavailable("it does not answer in time".to_owned())),
        };
        match embedded {
            Ok(vectors) => Some((head, vectors.into_iter().next()?)),
            Err(error) => {
                tracing::warn!(model = embedder.model(), %error, "a message is judged by its spelling alone");
                None
            }
        }
    }
}
