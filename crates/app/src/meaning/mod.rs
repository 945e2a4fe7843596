//! What texts mean, by the local embedding models: one of a hundred languages, and one that is better at English. Both may
//! be missing; then words are compared, and nothing waits for a model that is not there.

mod intents;
mod nearness;
mod passages;
mod spaces;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use domain::ChatbotId;
use moka::future::Cache;
use ports::{
    Fault,
    embeddings::{EmbedError, Embedder, Purpose},
};

use tokio::sync::Semaphore;

use crate::{AppError, Baton};

pub(crate) use intents::digest;
pub use intents::{Examples, Group};
pub(crate) use intents::{Learning, SeenGroup};
pub use nearness::{ByModel, nearness};
pub(crate) use passages::Index;
pub use passages::{LOOKED_AT, part_texts, passage_text};
pub use spaces::Spaces;

/// Longer than this no visitor waits for a model.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Longer than this no job waits for one slice of texts.
const SLOW: Duration = Duration::from_secs(60);
/// Texts that are read together while visitors may come in between: as many as the model takes at once.
pub(crate) const TOGETHER: usize = 8;
/// Most bytes of vectors that are kept at hand.
const KEPT_BYTES: u64 = 512 * 1024 * 1024;
/// Chatbots whose knowledge is read at once: the model has no more hands than that.
const READ_AT_ONCE: usize = 2;
/// Most counts of words that are kept at hand.
const KEPT_COUNTS: u64 = 100_000;
/// Most chatbots whose intents are kept at hand.
const KEPT: u64 = 1_000;

/// The models, as far as they are there.
#[derive(Clone, Default)]
pub struct Embedders {
    /// Of a hundred languages.
    pub general: Option<Arc<dyn Embedder>>,
    /// Better at English, and at nothing else.
    pub english: Option<Arc<dyn Embedder>>,
}

/// What one text means.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Meaning {
    /// By the general model.
    pub(crate) general: Option<Vec<f32>>,
    /// By the English one; only of English texts.
    pub(crate) english: Option<Vec<f32>>,
}

/// The models and what is kept of them.
pub(crate) struct Meanings {
    pub(crate) embedders: Embedders,
    /// Made when they are first needed: a server that waits is small.
    pub(crate) spaces: LazyLock<Spaces, Box<dyn FnOnce() -> Spaces + Send>>,
    learned: Cache<ChatbotId, Arc<Learning>>,
    /// For which examples learning was put off lately: once is enough.
    put_off: Cache<ChatbotId, [u8; 32]>,
    indexes: Cache<(ChatbotId, bool), Arc<Index>>,
    /// In how many chunks a word occurs, by the number of the knowledge.
    counts: Cache<(ChatbotId, i64, String), u64>,
    /// Chatbots whose knowledge is read at once.
    reading: Semaphore,
}

impl Meanings {
    pub(crate) fn new(embedders: Embedders) -> Self {
        let weigh = |_: &(ChatbotId, bool), index: &Arc<Index>| index.bytes();
        let theirs = embedders.clone();
        Self {
            spaces: LazyLock::new(Box::new(move || Spaces::new(&theirs))),
            embedders,
            learned: Cache::builder().max_capacity(KEPT).build(),
            put_off: Cache::builder().max_capacity(KEPT).time_to_live(SLOW).build(),
            counts: Cache::builder().max_capacity(KEPT_COUNTS).build(),
            indexes: Cache::builder().max_capacity(KEPT_BYTES).weigher(weigh).build(),
            reading: Semaphore::new(READ_AT_ONCE),
        }
    }

    /// The models that are there, by name.
    pub(crate) fn names(&self) -> Vec<String> {
        let all = [&self.embedders.general, &self.embedders.english];
        all.into_iter().flatten().map(|embedder| embedder.model().to_owned()).collect()
    }
}

impl Meaning {
    /// As one vector of the models of this text; with `english` by both, else by the general one.
    fn joined(&self, spaces: &Spaces, english: bool) -> Option<Vec<f32>> {
        spaces.joined(self.general.as_deref(), self.english.as_deref().filter(|_| english))
    }
}

/// What the hand-over understands by itself, for people to look at.
pub fn wishes() -> Vec<String> {
    supervisor::generate::WISHES.map(str::to_owned).to_vec()
}

impl Baton {
    /// The models that are there, by name: of a hundred languages, and of English.
    pub fn models(&self) -> (Option<String>, Option<String>) {
        let name = |embedder: &Option<Arc<dyn Embedder>>| embedder.as_ref().map(|embedder| embedder.model().to_owned());
        (name(&self.meanings.embedders.general), name(&self.meanings.embedders.english))
    }

    /// What a visitor's text means. Nothing without a model, or when it does not answer in time: that costs some
    /// understanding and no answer. The English model is asked of English texts only; where the general one cannot tell,
    /// `may_be_english` does.
    pub(crate) async fn meaning(&self, text: &str, may_be_english: bool) -> Meaning {
        let general = self.embedded(self.meanings.embedders.general.as_ref(), text).await;
        let is_english = self.meanings.spaces.speaks_english(text, general.as_deref(), may_be_english);
        let english = self.meanings.embedders.english.as_ref().filter(|_| is_english);
        Meaning { english: self.embedded(english, text).await, general }
    }

    /// What texts mean, for whoever can wait: none is left out for lack of time. Each comes with whether it may be English, as
    /// for [`Self::meaning`]. Read in slices, so that the message of a visitor does not wait for all of them.
    ///
    /// # Errors
    /// A model does not answer.
    pub(crate) async fn meanings_of(&self, texts: &[(&str, bool)]) -> crate::Result<Vec<Meaning>> {
        let mut meanings = Vec::with_capacity(texts.len());
        for slice in texts.chunks(TOGETHER) {
            let all: Vec<String> = slice.iter().map(|(text, _)| (*text).to_owned()).collect();
            let general: Vec<Option<Vec<f32>>> = match &self.meanings.embedders.general {
                Some(embedder) => {
                    let read = self.in_time(embedder, Purpose::Query, all, SLOW).await.map_err(unavailable)?;
                    read.into_iter().map(Some).collect()
                }
                None => vec![None; slice.len()],
            };
            let mut read: Vec<Meaning> =
                general.into_iter().map(|general| Meaning { general, english: None }).collect();
            if let Some(embedder) = &self.meanings.embedders.english {
                let is_english = |(meaning, (text, may_be)): (&Meaning, &(&str, bool))| {
                    self.meanings.spaces.speaks_english(text, meaning.general.as_deref(), *may_be)
                };
                let english: Vec<bool> = read.iter().zip(slice).map(is_english).collect();
                let chosen = slice.iter().zip(&english).filter(|(_, english)| **english);
                let chosen: Vec<String> = chosen.map(|((text, _), _)| (*text).to_owned()).collect();
                if !chosen.is_empty() {
                    let vectors = self.in_time(embedder, Purpose::Query, chosen, SLOW).await.map_err(unavailable)?;
                    let places = read.iter_mut().zip(&english).filter(|(_, english)| **english);
                    for ((meaning, _), vector) in places.zip(vectors) {
                        meaning.english = Some(vector);
                    }
                }
            }
            meanings.append(&mut read);
        }
        Ok(meanings)
    }

    async fn embedded(&self, embedder: Option<&Arc<dyn Embedder>>, text: &str) -> Option<Vec<f32>> {
        let embedder = embedder?;
        match self.in_time(embedder, Purpose::Query, vec![text.to_owned()], PATIENCE).await {
            Ok(vectors) => vectors.into_iter().next(),
            Err(error) => {
                tracing::warn!(model = embedder.model(), %error, "a message is judged by its spelling alone");
                None
            }
        }
    }

    async fn in_time(
        &self,
        embedder: &Arc<dyn Embedder>,
        purpose: Purpose,
        texts: Vec<String>,
        patience: Duration,
    ) -> Result<Vec<Vec<f32>>, EmbedError> {
        tokio::select! {
            biased;
            embedded = embedder.embed(purpose, texts) => embedded,
            () = self.clock.sleep(patience) => Err(EmbedError::Unavailable("it does not answer in time".to_owned())),
        }
    }
}

/// What a model is called that does not answer.
pub(crate) const MODEL: &str = "the embedding model";

/// A job is tried again when the model is there again.
fn unavailable(error: EmbedError) -> AppError {
    AppError::Fault(Fault::unavailable(MODEL, error))
}
