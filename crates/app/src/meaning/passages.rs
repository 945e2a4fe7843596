//! Knowledge by meaning: chunks are read by a job, slice by slice, and only what has no vector yet; their vectors are kept
//! at hand while the number of the chatbot's knowledge stays.

use std::{collections::HashSet, sync::Arc};

use domain::{ChatbotId, SourceId};
use knowledge::rank;
use ports::{
    Fault, Scope,
    embeddings::{Embedder, Purpose, cosine},
    jobs::{NewJob, Task},
    search::Passage,
    vectors::Unread,
};
use supervisor::meaning::Scale;
use uuid::Uuid;

use super::{Meaning, SLOW, intents::digest, unavailable};
use crate::{Baton, directory::Profile, error::Result};

/// How sure a cosine is to answer, for each model: theirs lie in different places. Chosen on
/// `knowledge/data/retrieval.queries.jsonl`.
pub const GENERAL: Scale = Scale { middle: 0.32, width: 0.2 };
/// The same of the English model.
pub const ENGLISH: Scale = Scale { middle: 0.38, width: 0.25 };
/// Chunks that are read together: a visitor's message goes in between.
const SLICE: u32 = 8;
/// Vectors of a page.
const PAGE: u32 = 1_000;
/// Vectors that are kept at hand of one chatbot, at most; beyond that words are compared.
const MOST_VECTORS: usize = 100_000;
/// Passages that an answer may rest on.
const PASSAGES: usize = 8;
/// Passages that are looked at by their words.
const WORDED: u32 = 24;

/// The vectors of a chatbot's knowledge.
#[derive(Debug)]
pub(crate) struct Index {
    /// The number of the knowledge that it is of.
    knowledge: i64,
    chunks: Vec<(i64, SourceId)>,
    /// One behind the other.
    vectors: Vec<f32>,
}

impl Index {
    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> u32 {
        u32::try_from(self.vectors.len() * 4 + self.chunks.len() * 24 + 64).unwrap_or(u32::MAX)
    }

    /// The nearest chunks with their cosines, best first, of these sources only.
    fn nearest(&self, vector: &[f32], only: Option<&HashSet<SourceId>>, limit: usize) -> Vec<(i64, f32)> {
        // A server that is asked for vectors may have got another model under the same name.
        if self.vectors.len() != self.chunks.len() * vector.len() {
            return Vec::new();
        }
        let rows = self.vectors.chunks_exact(vector.len().max(1)).zip(&self.chunks);
        let rows = rows.filter(|(_, (_, source))| only.is_none_or(|only| only.contains(source)));
        let mut near: Vec<(i64, f32)> = rows.map(|(row, (chunk, _))| (*chunk, cosine(row, vector))).collect();
        near.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(limit);
        near
    }
}

impl Baton {
    /// Puts the reading of a chatbot's knowledge into the outbox, where there is a model to read with.
    pub(crate) async fn read_later(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        if self.meanings.names().is_empty() {
            return Ok(());
        }
        // One job for each chatbot, whoever asks for it and how often: two would begin at the same chunk and read all twice.
        let task = Task::ReadKnowledge { chatbot };
        let job = NewJob { id: job_of(chatbot), task, run_at: self.clock.now(), lease: None };
        self.store.add_again(scope, job).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Reads what has no vector yet, by each model that is there. Run again, it goes on where it was.
    pub(crate) async fn read_knowledge(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        // After another model came all chatbots are read again: not all at once, or no model takes more.
        let _place = self.meanings.reading.acquire().await.map_err(|closed| Fault::broken("reading", closed))?;
        let models = self.meanings.names();
        let embedders = &self.meanings.embedders;
        let counted = embedders.general.as_ref().or(embedders.english.as_ref());
        let Some(counted) = counted.map(|embedder| embedder.model().to_owned()) else { return Ok(()) };
        if let Some(general) = &embedders.general {
            self.read_by(scope, chatbot, general, None, true).await?;
            // Found from here on; the English reading makes it better.
            self.store.settle_chunks(scope, chatbot, &counted, &models).await?;
        }
        if let Some(english) = &embedders.english {
            let alone = embedders.general.is_none();
            if self.read_by(scope, chatbot, english, Some("en"), alone).await? || alone {
                self.store.settle_chunks(scope, chatbot, &counted, &models).await?;
            }
        }
        self.directory.forget_chatbot(chatbot).await;
        Ok(())
    }

    /// Whether anything was read.
    async fn read_by(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        embedder: &Arc<dyn Embedder>,
        language: Option<&str>,
        counted: bool,
    ) -> Result<bool> {
        let (mut after, mut any) = (0, false);
        loop {
            let unread = self.store.unread_chunks(scope, chatbot, embedder.model(), language, after, SLICE).await?;
            let Some(last) = unread.last() else { return Ok(any) };
            (after, any) = (last.chunk, true);
            let whole = |chunk: &Unread| passage_text(&chunk.heading, &chunk.text);
            let vectors = self.in_time(embedder, Purpose::Passage, unread.iter().map(whole).collect(), SLOW).await;
            let vectors = vectors.map_err(unavailable)?;
            let read = unread.into_iter().zip(vectors).map(|(chunk, vector)| {
                let digest = digest(&whole(&chunk));
                (chunk, digest, vector)
            });
            self.store.keep_chunks(scope, chatbot, embedder.model(), read.collect(), counted).await?;
        }
    }

    /// Sees to it that all knowledge is read by the models that are there: after a start, they may be other ones.
    pub(crate) async fn read_all_knowledge(&self) -> Result<()> {
        if self.meanings.names().is_empty() {
            return Ok(());
        }
        let mut after = None;
        loop {
            let page = self.store.chatbots_anywhere(after, 100).await?;
            for (scope, chatbot) in &page {
                let embedders = &self.meanings.embedders;
                let mut unread = false;
                if let Some(general) = &embedders.general {
                    let any = self.store.unread_chunks(*scope, *chatbot, general.model(), None, 0, 1).await?;
                    unread |= !any.is_empty();
                }
                if let Some(english) = &embedders.english {
                    let any = self.store.unread_chunks(*scope, *chatbot, english.model(), Some("en"), 0, 1).await?;
                    unread |= !any.is_empty();
                }
                if unread {
                    self.read_later(*scope, *chatbot).await?;
                }
            }
            match page.last() {
                Some((_, last)) if page.len() == 100 => after = Some(*last),
                _ => return Ok(()),
            }
        }
    }

    /// The vectors of the chatbot's knowledge by one of the models, as they are now.
    async fn index(&self, profile: &Profile, embedder: &Arc<dyn Embedder>, english: bool) -> Result<Arc<Index>> {
        let (scope, chatbot, knowledge) = (profile.chatbot.scope, profile.chatbot.id, profile.chatbot.knowledge);
        let key = (chatbot, english);
        if let Some(index) = self.meanings.indexes.get(&key).await
            && index.knowledge == knowledge
        {
            return Ok(index);
        }
        let mut index = Index { knowledge, chunks: Vec::new(), vectors: Vec::new() };
        let mut after = 0;
        loop {
            let page = self.store.chunk_vectors(scope, chatbot, embedder.model(), after, PAGE).await?;
            let full = page.len() == PAGE as usize;
            for read in page {
                after = read.chunk;
                if index.chunks.len() * read.vector.len() != index.vectors.len() {
                    tracing::warn!(%chatbot, chunk = read.chunk, "a vector of other dimensions is left out");
                    continue;
                }
                index.chunks.push((read.chunk, read.source));
                // Without what they have in common they are told apart much better, most of all across languages.
                index.vectors.extend(if english { read.vector } else { self.meanings.spaces.centred(&read.vector) });
            }
            if !full || index.chunks.len() >= MOST_VECTORS {
                break;
            }
        }
        let index = Arc::new(index);
        self.meanings.indexes.insert(key, Arc::clone(&index)).await;
        Ok(index)
    }

    /// The passages that an answer may rest on, best first: by meaning, codes before all, and by words where there is no
    /// meaning. The names of the models that were heard go with them.
    pub(crate) async fn retrieve(
        &self,
        profile: &Profile,
        question: &str,
        words: &[String],
        meaning: &Meaning,
        only: Option<&[SourceId]>,
    ) -> Result<(Vec<Passage>, Option<String>)> {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        let mut worded = self.store.search_chunks(scope, chatbot, words, only, WORDED).await?;
        let only: Option<HashSet<SourceId>> = only.map(|only| only.iter().copied().collect());
        let near = self.near(profile, meaning, only.as_ref()).await?;
        let Some((model, near, read)) = near else {
            worded.truncate(PASSAGES);
            return Ok((worded, None));
        };
        let codes = rank::codes(question);
        let held = |found: &Passage| rank::holds(&passage_text(&found.heading, &found.text), &codes);
        let marked: Vec<(i64, bool, bool)> =
            worded.iter().map(|found| (found.chunk, held(found), read.contains(&found.chunk))).collect();
        let mut order = rank::ranked(&near, &marked);
        order.truncate(PASSAGES);
        let chunks: Vec<i64> = order.iter().map(|found| found.id).collect();
        let mut passages = self.store.passages(scope, chatbot, &chunks).await?;
        for passage in &mut passages {
            passage.fits = order.iter().find(|found| found.id == passage.chunk).and_then(|found| found.fits);
        }
        Ok((passages, Some(model)))
    }

    /// The nearest chunks by meaning, how sure each is, and all that were read; nothing without a model.
    async fn near(
        &self,
        profile: &Profile,
        meaning: &Meaning,
        only: Option<&HashSet<SourceId>>,
    ) -> Result<Option<(String, Vec<(i64, f32)>, HashSet<i64>)>> {
        let embedders = &self.meanings.embedders;
        let general = match (&embedders.general, &meaning.general) {
            (Some(embedder), Some(vector)) => {
                Some((embedder, self.meanings.spaces.centred(vector), self.index(profile, embedder, false).await?))
            }
            _ => None,
        };
        let english = match (&embedders.english, &meaning.english) {
            (Some(embedder), Some(vector)) => {
                Some((embedder, vector.clone(), self.index(profile, embedder, true).await?))
            }
            _ => None,
        };
        // The English model is the better one where all of the knowledge is English.
        let covers = |index: &Index| general.as_ref().is_none_or(|(_, _, all)| index.chunks.len() >= all.chunks.len());
        let chosen = english.filter(|(_, _, index)| covers(index)).map(|found| (found, ENGLISH));
        let Some(((embedder, vector, index), scale)) = chosen.or_else(|| general.map(|found| (found, GENERAL))) else {
            return Ok(None);
        };
        if index.chunks.is_empty() {
            return Ok(None);
        }
        let near = index.nearest(&vector, only, PASSAGES);
        let near = near.into_iter().map(|(chunk, cosine)| (chunk, scale.near(cosine))).collect();
        let read = index.chunks.iter().map(|(chunk, _)| *chunk).collect();
        Ok(Some((embedder.model().to_owned(), near, read)))
    }
}

/// The id of the job that reads a chatbot's knowledge.
fn job_of(chatbot: ChatbotId) -> Uuid {
    Uuid::from_bytes(digest(&format!("read the knowledge of {chatbot}")))
}

/// What is embedded of a chunk.
pub fn passage_text(heading: &str, text: &str) -> String {
    if heading.is_empty() { text.to_owned() } else { format!("{heading}\n{text}") }
}
