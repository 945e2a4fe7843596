//! Knowledge by meaning: chunks are read by a job, slice by slice, and only what has no vector yet. The vectors of whole
//! chunks are kept at hand while the number of the chatbot's knowledge stays; those of their parts are fetched for the
//! few that are looked at closer.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{ChatbotId, SourceId};
use knowledge::rank;
use ports::{
    Fault, Scope,
    embeddings::{Embedder, Purpose, cosine},
    jobs::{NewJob, Task},
    search::Passage,
    vectors::Reading,
};
use uuid::Uuid;

use super::{ByModel, Meaning, SLOW, TOGETHER, intents::digest, nearness, unavailable};
use crate::{Baton, directory::Profile, error::Result};

/// Chunks that are kept together when they were read.
const SLICE: u32 = 8;
/// Under which all chunks are counted: no word is empty.
const ALL_CHUNKS: &str = "";
/// Numbers of all chunks.
const ALL: (i64, i64) = (0, i64::MAX);
/// In a long reading, what was read is found after so many chunks.
const SETTLED_AFTER: usize = 512;
/// Chunks that are looked at part by part: the nearest ones as a whole.
pub const LOOKED_AT: usize = 24;
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

    /// The vector of a chunk.
    fn whole(&self, chunk: i64) -> Option<&[f32]> {
        let at = self.chunks.binary_search_by_key(&chunk, |(chunk, _)| *chunk).ok()?;
        let length = self.vectors.len() / self.chunks.len();
        self.vectors.get(at * length..(at + 1) * length)
    }
}

/// A question by one model, and the knowledge that it is compared with.
struct Heard<'a> {
    embedder: &'a Arc<dyn Embedder>,
    question: Vec<f32>,
    index: Arc<Index>,
}

impl Heard<'_> {
    fn by<'a>(&'a self, chunk: i64, parts: &'a Parts) -> Option<ByModel<'a>> {
        let parts = parts.get(self.embedder.model()).and_then(|by| by.get(&chunk));
        let parts = parts.map_or(&[][..], Vec::as_slice);
        Some(ByModel { question: &self.question, whole: self.index.whole(chunk)?, parts })
    }
}

/// By model and number of the chunk, the vectors of its parts as they are compared, one behind the other.
type Parts = HashMap<String, HashMap<i64, Vec<f32>>>;

/// What is near by meaning.
struct Near {
    /// The model that was heard first.
    model: String,
    /// The nearest chunks and how sure each is, best first.
    chunks: Vec<(i64, f32)>,
    /// All that it has read.
    index: Arc<Index>,
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
        let embedders = &self.meanings.embedders;
        if let Some(general) = &embedders.general {
            self.read_by(scope, chatbot, general, None, true).await?;
            // The English reading makes it better.
            self.settle_reading(scope, chatbot).await?;
        }
        if let Some(english) = &embedders.english {
            let alone = embedders.general.is_none();
            if self.read_by(scope, chatbot, english, Some("en"), alone).await? || alone {
                self.settle_reading(scope, chatbot).await?;
            }
        }
        Ok(())
    }

    /// Reads the newest chunks first, also those that come while it reads: a passage that was just changed does not wait
    /// behind a handbook. Whether anything was read.
    async fn read_by(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        embedder: &Arc<dyn Embedder>,
        language: Option<&str>,
        counted: bool,
    ) -> Result<bool> {
        let unread =
            async |between| self.store.unread_chunks(scope, chatbot, embedder.model(), language, between, SLICE).await;
        // Nothing above `top` was looked at; of what is below, these gaps were not, the newest last.
        let (mut top, mut gaps) = (0, Vec::new());
        let mut unsettled = 0;
        loop {
            let mut slice = unread((top, i64::MAX)).await?;
            if let (Some(first), Some(last)) = (slice.first(), slice.last()) {
                gaps.push((top, last.chunk));
                top = first.chunk;
            } else {
                let Some(&gap) = gaps.last() else { return Ok(top > 0) };
                slice = unread(gap).await?;
                match slice.last() {
                    Some(last) => gaps.last_mut().into_iter().for_each(|gap| gap.1 = last.chunk),
                    None => drop(gaps.pop()),
                }
            }
            // What came and was read is found before what is older is read; whoever has called settles the rest.
            let came = slice.is_empty() && unsettled > 0 && !gaps.is_empty();
            if came || unsettled >= SETTLED_AFTER {
                self.settle_reading(scope, chatbot).await?;
                unsettled = 0;
            }
            if slice.is_empty() {
                continue;
            }
            unsettled += slice.len();
            let texts: Vec<Vec<String>> = slice.iter().map(|chunk| texts_of(&chunk.heading, &chunk.text)).collect();
            let mut vectors = self.read_texts(embedder, texts.concat()).await?.into_iter();
            let read = slice.into_iter().zip(texts).filter_map(|(chunk, texts)| {
                let digest = digest(&passage_text(&chunk.heading, &chunk.text));
                let whole = vectors.next()?;
                let parts = vectors.by_ref().take(texts.len() - 1).flatten().collect();
                Some((chunk, digest, Reading { whole, parts }))
            });
            self.store.keep_chunks(scope, chatbot, embedder.model(), read.collect(), counted).await?;
        }
    }

    /// What was read is found from here on.
    async fn settle_reading(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        let embedders = &self.meanings.embedders;
        let Some(counted) = embedders.general.as_ref().or(embedders.english.as_ref()) else { return Ok(()) };
        self.store.settle_chunks(scope, chatbot, counted.model(), &self.meanings.names()).await?;
        self.directory.forget_chatbot(chatbot).await;
        Ok(())
    }

    /// The vectors of texts, a few at a time: the message of a visitor goes in between.
    async fn read_texts(&self, embedder: &Arc<dyn Embedder>, texts: Vec<String>) -> Result<Vec<Vec<f32>>> {
        let mut vectors = Vec::with_capacity(texts.len());
        for together in texts.chunks(TOGETHER) {
            let read = self.in_time(embedder, Purpose::Passage, together.to_vec(), SLOW).await;
            vectors.append(&mut read.map_err(unavailable)?);
        }
        Ok(vectors)
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
                    let any = self.store.unread_chunks(*scope, *chatbot, general.model(), None, ALL, 1).await?;
                    unread |= !any.is_empty();
                }
                if let Some(english) = &embedders.english {
                    let any = self.store.unread_chunks(*scope, *chatbot, english.model(), Some("en"), ALL, 1).await?;
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
        let chosen: Option<HashSet<SourceId>> = only.map(|only| only.iter().copied().collect());
        let Some(Near { model, chunks, index }) = self.near(profile, meaning, chosen.as_ref()).await? else {
            let mut worded = self.store.search_chunks(scope, chatbot, words, only, WORDED).await?;
            worded.truncate(PASSAGES);
            return Ok((worded, None));
        };
        // Words find what was not read yet, and codes letter for letter. Where all is read and none was asked for, nothing
        // that they find would count.
        let codes = rank::codes(question);
        let all_read = index.chunks.len() as u64 >= self.word_counts(profile, &[]).await?.1;
        let of_codes = all_read.then(|| knowledge::terms::terms(&codes.join(" ")));
        let worded = match of_codes.as_deref().unwrap_or(words) {
            [] => Vec::new(),
            words => self.store.search_chunks(scope, chatbot, words, only, WORDED).await?,
        };
        let held = |found: &Passage| rank::holds(&passage_text(&found.heading, &found.text), &codes);
        let marked: Vec<(i64, bool, bool)> =
            worded.iter().map(|found| (found.chunk, held(found), index.whole(found.chunk).is_some())).collect();
        let mut order = rank::ranked(&chunks, &marked);
        order.truncate(PASSAGES);
        let chunks: Vec<i64> = order.iter().map(|found| found.id).collect();
        let mut passages = self.store.passages(scope, chatbot, &chunks).await?;
        for passage in &mut passages {
            passage.fits = order.iter().find(|found| found.id == passage.chunk).and_then(|found| found.fits);
        }
        Ok((passages, Some(model)))
    }

    /// In how many chunks of a chatbot each word occurs, and how many there are. The words that are dear to count stand in many
    /// chunks and in many questions: what was counted is kept while the knowledge stays.
    pub(crate) async fn word_counts(&self, profile: &Profile, words: &[String]) -> Result<(Vec<u64>, u64)> {
        let (scope, chatbot, knowledge) = (profile.chatbot.scope, profile.chatbot.id, profile.chatbot.knowledge);
        let key = |word: &str| (chatbot, knowledge, word.to_owned());
        let mut counts = Vec::with_capacity(words.len());
        for word in words {
            counts.push(self.meanings.counts.get(&key(word)).await);
        }
        let all = self.meanings.counts.get(&key(ALL_CHUNKS)).await;
        if let (Some(counts), Some(all)) = (counts.iter().copied().collect(), all) {
            return Ok((counts, all));
        }
        let missing = || words.iter().zip(&counts).filter(|(_, count)| count.is_none()).map(|(word, _)| word);
        let wanted: Vec<String> = missing().cloned().collect();
        let (counted, all) = self.store.word_counts(scope, chatbot, &wanted).await?;
        self.meanings.counts.insert(key(ALL_CHUNKS), all).await;
        for (word, count) in missing().zip(&counted) {
            self.meanings.counts.insert(key(word), *count).await;
        }
        let mut counted = counted.into_iter();
        Ok((counts.into_iter().map(|count| count.or_else(|| counted.next()).unwrap_or_default()).collect(), all))
    }

    /// The nearest chunks by meaning; nothing without a model.
    async fn near(
        &self,
        profile: &Profile,
        meaning: &Meaning,
        only: Option<&HashSet<SourceId>>,
    ) -> Result<Option<Near>> {
        let embedders = &self.meanings.embedders;
        let general = match (&embedders.general, &meaning.general) {
            (Some(embedder), Some(vector)) => {
                let (question, index) =
                    (self.meanings.spaces.centred(vector), self.index(profile, embedder, false).await?);
                Some(Heard { embedder, question, index })
            }
            _ => None,
        };
        // The English model is the better one where all of the knowledge is English.
        let read_by_it = match &embedders.english {
            Some(embedder) => Some((embedder, self.index(profile, embedder, true).await?)),
            None => None,
        };
        let covers = |index: &Index| general.as_ref().is_none_or(|all| index.chunks.len() >= all.index.chunks.len());
        let covering = read_by_it.filter(|(_, index)| covers(index));
        let across = covering.is_some() && meaning.english.is_none();
        let english = covering.zip(meaning.english.clone());
        let english = english.map(|((embedder, index), question)| Heard { embedder, question, index });
        let Some(first) = english.as_ref().or(general.as_ref()) else { return Ok(None) };
        if first.index.chunks.is_empty() {
            return Ok(None);
        }
        let wholes = first.index.nearest(&first.question, only, LOOKED_AT);
        let chunks: Vec<i64> = wholes.iter().map(|(chunk, _)| *chunk).collect();
        let parts = self.parts_of(profile, general.as_ref(), english.as_ref(), &chunks).await?;
        let near = |chunk: i64| {
            let general = general.as_ref().and_then(|heard| heard.by(chunk, &parts));
            (chunk, nearness(general, english.as_ref().and_then(|heard| heard.by(chunk, &parts)), across))
        };
        let mut near: Vec<(i64, f32)> = chunks.into_iter().map(near).collect();
        // Equally near ones stay in the order of their wholes.
        near.sort_by(|a, b| b.1.total_cmp(&a.1));
        near.truncate(PASSAGES);
        let (model, index) = (first.embedder.model().to_owned(), Arc::clone(&first.index));
        Ok(Some(Near { model, chunks: near, index }))
    }

    /// The vectors of the parts of chunks by each model that was heard, as they are compared.
    async fn parts_of(
        &self,
        profile: &Profile,
        general: Option<&Heard<'_>>,
        english: Option<&Heard<'_>>,
        chunks: &[i64],
    ) -> Result<Parts> {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        let models: Vec<&str> = general.iter().chain(&english).map(|heard| heard.embedder.model()).collect();
        let mut parts = Parts::new();
        for read in self.store.part_vectors(scope, chatbot, &models, chunks).await? {
            // Without what those of the general model have in common, as the wholes.
            let compared = match general.filter(|heard| heard.embedder.model() == read.model) {
                Some(heard) => {
                    let length = heard.question.len().max(1);
                    read.parts.chunks(length).flat_map(|part| self.meanings.spaces.centred(part)).collect()
                }
                None => read.parts,
            };
            parts.entry(read.model).or_default().insert(read.chunk, compared);
        }
        Ok(parts)
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

/// What is embedded of each part of a chunk; nothing where it has one part only.
pub fn part_texts(heading: &str, text: &str) -> Vec<String> {
    knowledge::parts(text).iter().map(|part| passage_text(heading, part)).collect()
}

/// All that is embedded of a chunk: the whole first.
fn texts_of(heading: &str, text: &str) -> Vec<String> {
    let mut texts = vec![passage_text(heading, text)];
    texts.append(&mut part_texts(heading, text));
    texts
}
