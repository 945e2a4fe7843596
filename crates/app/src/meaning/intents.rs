//! Intents by meaning: the vectors of their examples are made by a job when somebody saves, kept with the model's name,
//! and learned once for each state of the examples.

use std::{collections::HashMap, sync::Arc};

use domain::{AgentId, ChatbotId, agents::AgentKind};
use ports::{
    Scope,
    embeddings::{Embedder, Purpose},
    jobs::{NewJob, Task},
    vectors::{Digest, Known},
};
use sha2::{Digest as _, Sha256};
use supervisor::{
    Learned, language,
    meaning::{Example, MEANT},
};

use super::{Meaning, SLOW, unavailable};
use crate::{Baton, auth::Staff, directory::Profile, error::Result};

/// The cosine from which on a sentence of the AI means a watched phrase: there is one example only, and an alert
/// interrupts.
const WATCHED: f32 = 0.62;
/// A phrase of fewer words is a word to look for and no meaning.
const PHRASE_WORDS: usize = 3;
/// Sentences of an answer that are compared with watched phrases.
const SENTENCES: usize = 12;
/// Texts that are embedded together.
const SLICE: usize = 16;
/// Vectors of a page.
const PAGE: u32 = 500;

/// A group of examples, as the Supervisor saw it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeenGroup {
    /// Its place among the groups of the profile.
    pub(crate) group: usize,
    /// The nearest example.
    pub(crate) example: String,
    /// How near, 0 to 1; half is where it counts.
    pub(crate) near: f32,
    /// How probable among all of them.
    pub(crate) share: f32,
}

/// What was learned of a chatbot's examples.
#[derive(Debug)]
pub(crate) struct Learning {
    /// Of which examples.
    digest: [u8; 32],
    general: Option<Learned>,
    /// By both models; only where every example is English.
    english: Option<Learned>,
    /// Watched phrases by their place, centred.
    phrases: Vec<(usize, Vec<f32>)>,
}

/// How messages are compared with a chatbot's examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Examples {
    /// By what they mean.
    Learned,
    /// By their spelling, until that is learned.
    BeingLearned,
    /// By their spelling: there is no model.
    Spelled,
}

/// What stands for a text.
pub(crate) fn digest(text: &str) -> Digest {
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    digest
}

/// A language that may be English: short texts do not give theirs away.
fn may_be_english(text: &str) -> bool {
    language::guess(text).is_none_or(|code| code == "en")
}

impl Baton {
    /// How messages are compared with a chatbot's examples at the moment.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`].
    pub async fn examples(&self, staff: &Staff, chatbot: ChatbotId) -> Result<Examples> {
        let profile = self.chatbot(staff, chatbot).await?;
        if self.meanings.names().is_empty() {
            return Ok(Examples::Spelled);
        }
        let learning = self.learned(&profile).await;
        let learned = learning.is_some_and(|learning| learning.general.is_some() || learning.english.is_some());
        Ok(if learned || profile.groups.is_empty() { Examples::Learned } else { Examples::BeingLearned })
    }

    /// Puts the learning of a chatbot's intents into the outbox, where there is a model to learn with.
    pub(crate) async fn learn_later(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        if self.meanings.names().is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let job = NewJob { id: self.entropy.id(now), task: Task::LearnIntents { chatbot }, run_at: now, lease: None };
        self.store.add_job(scope, job).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Reads the examples that have no vector yet, forgets those that are no examples any more, and learns.
    pub(crate) async fn learn_intents(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        let profile = self.directory.profile(chatbot).await?;
        let texts = profile.examples();
        let mut kept = HashMap::new();
        if let Some(general) = &self.meanings.embedders.general {
            self.read_examples(scope, chatbot, general, &texts).await?;
            kept = self.known(scope, chatbot, general.model()).await?;
        }
        if let Some(english) = self.meanings.embedders.english.as_ref().filter(|_| self.are_english(&texts, &kept)) {
            self.read_examples(scope, chatbot, english, &texts).await?;
        }
        let learning = self.learn(&profile).await?;
        if learning.phrases.len() < profile.meant_phrases().len() && self.meanings.embedders.general.is_some() {
            // A job that saw other settings has taken vectors away meanwhile: learned again when they are needed.
            return Ok(());
        }
        self.meanings.learned.insert(chatbot, learning).await;
        Ok(())
    }

    /// Whether examples are English, by their vectors of the general model where there are any. Some short lines are taken
    /// for another language: what counts is what most of them are.
    fn are_english(&self, texts: &[&str], kept: &HashMap<Digest, Vec<f32>>) -> bool {
        let is_english = |text: &&&str| {
            let general = kept.get(&digest(text)).map(Vec::as_slice);
            self.meanings.spaces.speaks_english(text, general, may_be_english(text))
        };
        texts.iter().filter(is_english).count() * 10 >= texts.len() * 9
    }

    /// What is learned of the examples of a profile that may be a draft: what has no vector yet is read now, and none of it is
    /// kept. Nothing without a model, or without examples.
    ///
    /// # Errors
    /// The model does not answer, a fault of the database.
    pub(crate) async fn learn_now(&self, profile: &Arc<Profile>) -> Result<Option<Arc<Learning>>> {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        if self.meanings.names().is_empty() || profile.groups.is_empty() {
            return Ok(None);
        }
        if let Some(learning) = self.meanings.learned.get(&chatbot).await
            && learning.digest == profile.examples_digest
            && (learning.general.is_some() || learning.english.is_some())
        {
            return Ok(Some(learning));
        }
        let texts = profile.examples();
        let mut kept = [HashMap::new(), HashMap::new()];
        for (place, embedder) in
            [&self.meanings.embedders.general, &self.meanings.embedders.english].into_iter().enumerate()
        {
            let Some(embedder) = embedder else { continue };
            if place == 1 && !self.are_english(&texts, &kept[0]) {
                continue;
            }
            kept[place] = self.known(scope, chatbot, embedder.model()).await?;
            let missing: HashMap<Digest, &str> = texts.iter().map(|text| (digest(text), *text)).collect();
            let missing: Vec<(Digest, &str)> =
                missing.into_iter().filter(|(digest, _)| !kept[place].contains_key(digest)).collect();
            for slice in missing.chunks(SLICE) {
                let read = self.read_slice(embedder, slice).await?;
                kept[place].extend(read);
            }
        }
        self.learn_from(profile, kept).await.map(Some)
    }

    async fn read_examples(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        embedder: &Arc<dyn Embedder>,
        texts: &[&str],
    ) -> Result<()> {
        let model = embedder.model().to_owned();
        let known = self.known(scope, chatbot, &model).await?;
        let wanted: HashMap<Digest, &str> = texts.iter().map(|text| (digest(text), *text)).collect();
        let gone: Vec<Digest> = known.keys().filter(|digest| !wanted.contains_key(*digest)).copied().collect();
        let missing: Vec<(Digest, &str)> =
            wanted.into_iter().filter(|(digest, _)| !known.contains_key(digest)).collect();
        for slice in missing.chunks(SLICE) {
            let read = self.read_slice(embedder, slice).await?;
            self.store.keep_examples(scope, chatbot, &model, read).await?;
        }
        if !gone.is_empty() {
            self.store.forget_examples(scope, chatbot, &model, gone).await?;
        }
        Ok(())
    }

    async fn read_slice(&self, embedder: &Arc<dyn Embedder>, slice: &[(Digest, &str)]) -> Result<Vec<Known>> {
        let texts = slice.iter().map(|(_, text)| (*text).to_owned()).collect();
        let vectors = self.in_time(embedder, Purpose::Query, texts, SLOW).await.map_err(unavailable)?;
        Ok(slice.iter().map(|(digest, _)| *digest).zip(vectors).collect())
    }

    async fn known(&self, scope: Scope, chatbot: ChatbotId, model: &str) -> Result<HashMap<Digest, Vec<f32>>> {
        let mut known = HashMap::new();
        let mut after = None;
        loop {
            let page = self.store.example_vectors(scope, chatbot, model, after, PAGE).await?;
            after = page.last().map(|(digest, _)| *digest);
            let full = page.len() == PAGE as usize;
            known.extend(page);
            if !full {
                return Ok(known);
            }
        }
    }

    /// Learns from the vectors that are kept. What has none yet is left out.
    async fn learn(&self, profile: &Arc<Profile>) -> Result<Arc<Learning>> {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        let mut kept = [HashMap::new(), HashMap::new()];
        for (kept, embedder) in
            kept.iter_mut().zip([&self.meanings.embedders.general, &self.meanings.embedders.english])
        {
            if let Some(embedder) = embedder {
                *kept = self.known(scope, chatbot, embedder.model()).await?;
            }
        }
        self.learn_from(profile, kept).await
    }

    /// Learns from vectors of each model.
    async fn learn_from(&self, profile: &Arc<Profile>, kept: [HashMap<Digest, Vec<f32>>; 2]) -> Result<Arc<Learning>> {
        let meaning = |text: &str| {
            let digest = digest(text);
            Meaning { general: kept[0].get(&digest).cloned(), english: kept[1].get(&digest).cloned() }
        };
        let both = self.meanings.embedders.english.is_some();
        let groups = |english: bool| -> Vec<Vec<Example>> {
            let one = |text: &String| {
                let vector = meaning(text).joined(&self.meanings.spaces, english)?;
                Some(Example { text: text.clone(), vector })
            };
            profile.groups.iter().map(|group| group.examples.iter().filter_map(one).collect()).collect()
        };
        let whole = |groups: &[Vec<Example>]| {
            let size = groups.iter().flatten().map(|example| example.vector.len()).max();
            let same = groups.iter().flatten().all(|example| Some(example.vector.len()) == size);
            let all = groups.iter().zip(&profile.groups).all(|(read, group)| read.len() == group.examples.len());
            size.is_some() && same && all
        };
        let general = Some(groups(false)).filter(|groups| self.meanings.embedders.general.is_some() && whole(groups));
        let english = Some(groups(true)).filter(|groups| both && whole(groups));
        let phrases = profile.meant_phrases().into_iter().filter_map(|(place, phrase)| {
            let vector = meaning(phrase).joined(&self.meanings.spaces, false)?;
            Some((place, vector))
        });
        let (phrases, digest) = (phrases.collect(), profile.examples_digest);
        let spaces = [self.meanings.spaces.of(false), self.meanings.spaces.of(true)];
        // Thousands of examples take seconds; the other tasks of this thread shall not wait for it.
        let learned = tokio::task::spawn_blocking(move || Learning {
            digest,
            general: general.map(|groups| Learned::learn(&groups, spaces[0].clone())),
            english: english.map(|groups| Learned::learn(&groups, spaces[1].clone())),
            phrases,
        });
        Ok(Arc::new(learned.await.map_err(|cause| ports::Fault::broken("learning intents", cause))?))
    }

    /// What was learned of these very examples, if it is at hand; else it is seen to that it will be.
    async fn learned(&self, profile: &Arc<Profile>) -> Option<Arc<Learning>> {
        let chatbot = profile.chatbot.id;
        if profile.groups.is_empty() && profile.meant_phrases().is_empty() {
            return None;
        }
        match self.meanings.learned.get(&chatbot).await {
            Some(learning) if learning.digest == profile.examples_digest => return Some(learning),
            _ => {}
        }
        // Another node saved, or this one has just started: what is kept may be enough.
        let learning = match self.learn(profile).await {
            Ok(learning) => learning,
            Err(error) => {
                tracing::warn!(%chatbot, error = &error as &dyn std::error::Error, "intents cannot be learned");
                return None;
            }
        };
        let nothing = learning.general.is_none() && learning.english.is_none() && !profile.groups.is_empty();
        // A phrase without its vector is watched by nobody: what is kept of it would be kept until somebody saves.
        let unread =
            self.meanings.embedders.general.is_some() && learning.phrases.len() < profile.meant_phrases().len();
        if !nothing && !unread {
            self.meanings.learned.insert(chatbot, Arc::clone(&learning)).await;
            return Some(learning);
        }
        if self.meanings.put_off.get(&chatbot).await != Some(profile.examples_digest) {
            self.meanings.put_off.insert(chatbot, profile.examples_digest).await;
            if let Err(error) = self.learn_later(profile.chatbot.scope, chatbot).await {
                tracing::warn!(%chatbot, error = &error as &dyn std::error::Error, "intents cannot be learned later");
            }
        }
        (!nothing).then_some(learning)
    }

    /// Every group that a message was compared with, the most probable first, and the models that were heard. Without a
    /// model, or while nothing is learned yet, spelling is compared.
    pub(crate) async fn seen_groups(
        &self,
        profile: &Arc<Profile>,
        text: &str,
        meaning: &Meaning,
    ) -> (Vec<SeenGroup>, bool) {
        let learned = if *meaning == Meaning::default() { None } else { self.learned(profile).await };
        self.compared(profile, learned.as_deref(), text, meaning)
    }

    /// The same by what is learned already.
    pub(crate) fn compared(
        &self,
        profile: &Profile,
        learned: Option<&Learning>,
        text: &str,
        meaning: &Meaning,
    ) -> (Vec<SeenGroup>, bool) {
        let spelled = profile.spelled_groups(text);
        let read = learned.and_then(|learning| {
            let (learned, english) = match (&learning.english, &meaning.english) {
                (Some(learned), Some(_)) => (learned, true),
                _ => (learning.general.as_ref()?, false),
            };
            Some(learned.read(&meaning.joined(&self.meanings.spaces, english)?))
        });
        let Some(read) = read else { return (spelled, false) };
        // Who puts labels competes with nobody.
        let background = |group: usize| {
            let agent = profile.groups.get(group).and_then(|group| profile.agent(group.agent?));
            agent.is_some_and(|agent| agent.kind == AgentKind::Background)
        };
        let rivals: f32 = read.iter().filter(|meant| !background(meant.group)).map(|meant| meant.share).sum();
        let seen = read.into_iter().map(|meant| {
            // What stands there almost word for word is meant, whatever a model says of it.
            let literal = spelled.iter().find(|seen| seen.group == meant.group && seen.near > LITERAL);
            let near = literal.map_or(meant.near, |seen| meant.near.max(seen.near));
            let share = if background(meant.group) { 0.0 } else { meant.share / rivals.max(f32::EPSILON) };
            let share = if literal.is_some() { share.max(MEANT) } else { share };
            SeenGroup { group: meant.group, example: meant.example, near, share }
        });
        let mut seen: Vec<SeenGroup> = seen.collect();
        seen.sort_by(|a, b| b.share.total_cmp(&a.share));
        (seen, true)
    }

    /// The watched phrases that an answer means in other words, by their place.
    pub(crate) async fn meant_phrases(&self, profile: &Arc<Profile>, answer: &str) -> Vec<usize> {
        if profile.meant_phrases().is_empty() || self.meanings.embedders.general.is_none() {
            return Vec::new();
        }
        let Some(learning) = self.learned(profile).await else { return Vec::new() };
        let mut found = Vec::new();
        for sentence in knowledge::sentences(answer).into_iter().take(SENTENCES) {
            let Some(vector) = self.meaning(sentence, false).await.joined(&self.meanings.spaces, false) else {
                return found;
            };
            let near = |phrase: &[f32]| supervisor::meaning::dot(phrase, &vector) >= WATCHED;
            found.extend(learning.phrases.iter().filter(|(_, phrase)| near(phrase)).map(|(place, _)| *place));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// From this likeness of spelling on an example counts as said.
const LITERAL: f32 = 0.75;

/// A group of examples: an intent, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// An agent's; the hand-over's when absent.
    pub agent: Option<AgentId>,
    /// Name of the intent.
    pub name: String,
    /// What a visitor might write.
    pub examples: Vec<String>,
    /// The label that it puts on a conversation.
    pub label: Option<domain::LabelId>,
}

impl Profile {
    /// Every text whose meaning is read: examples, and watched phrases.
    fn examples(&self) -> Vec<&str> {
        let examples = self.groups.iter().flat_map(|group| &group.examples).map(String::as_str);
        examples.chain(self.meant_phrases().into_iter().map(|(_, phrase)| phrase)).collect()
    }

    /// Watched phrases that are also compared by their meaning, with their places.
    fn meant_phrases(&self) -> Vec<(usize, &str)> {
        let triggers = self.chatbot.settings.escalation.output_triggers.iter().enumerate();
        let meant = triggers
            .filter(|(_, trigger)| trigger.by_meaning && trigger.phrase.split_whitespace().count() >= PHRASE_WORDS);
        meant.map(|(place, trigger)| (place, trigger.phrase.as_str())).collect()
    }

    /// What stands for all examples: another state of them has to be learned anew.
    pub(crate) fn digest_of(groups: &[Group], phrases: &[domain::chatbot::OutputTrigger]) -> [u8; 32] {
        let mut all = Sha256::new();
        let mut add = |text: &str| {
            all.update(text.len().to_le_bytes());
            all.update(text.as_bytes());
        };
        for group in groups {
            add(&group.agent.map(|agent| agent.to_string()).unwrap_or_default());
            group.examples.iter().for_each(|example| add(example));
            add("");
        }
        phrases.iter().filter(|trigger| trigger.by_meaning).for_each(|trigger| add(&trigger.phrase));
        all.finalize().into()
    }

    /// The groups by spelling: half is where an intent counts.
    pub(crate) fn spelled_groups(&self, text: &str) -> Vec<SeenGroup> {
        let threshold = supervisor::intents::THRESHOLD;
        let ranked = self.spelled.ranked(text);
        let sum: f32 = ranked.iter().map(|found| found.score).sum::<f32>().max(f32::EPSILON);
        let one = |found: supervisor::IntentMatch| {
            let near = if found.score < threshold {
                found.score / threshold * MEANT
            } else {
                MEANT + (found.score - threshold) / (1.0 - threshold) * (1.0 - MEANT)
            };
            Some(SeenGroup { group: found.name.parse().ok()?, example: found.example, near, share: found.score / sum })
        };
        ranked.into_iter().filter_map(one).collect()
    }
}
