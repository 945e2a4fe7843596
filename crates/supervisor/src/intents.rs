//! An owner's own intents, recognised by their nearest examples.
//!
//! TF-IDF cosine over words, word pairs and character n-grams, joined with the share of the message
//! that the intent's examples cover together: a paraphrase often borrows its words from two of them.

use std::{collections::HashMap, sync::OnceLock};

use crate::{normal, train};

/// From this score on a message means the intent; chosen on `data/intents.cases.txt`.
pub const THRESHOLD: f32 = 0.38;

/// Share of the nearest example in the score; the rest is coverage by all examples.
const NEAREST_SHARE: f32 = 0.6;
/// Above 1 the phrases that many messages share ("I would like to") count for still less.
const RARITY_POWER: f32 = 1.6;
/// Share of the score that is left to a question ("How do I wash my jacket?") where the intent's examples only tell
/// or demand ("You sent me the wrong jacket"): it is about the same things, and means something else.
const QUESTION_SHARE: f32 = 0.6;
/// The same where the question mark is missing: "What you do is illegal" begins like a question and is none.
const UNMARKED_SHARE: f32 = 0.8;
/// What a question for information begins with: English, German, Spanish, French.
const QUESTION_WORDS: &str = "how what when where which who whose why \
    wann warum was welche welchen welcher welches wer weshalb wie wieso wieviel wo woher wohin \
    adonde como cual cuales cuando cuanta cuantas cuanto cuantos donde que quien quienes \
    combien comment ou pourquoi quand quel quelle quelles quels qui";
/// Words read of one text.
const MOST_WORDS: usize = 200;

/// A named set of example messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intent {
    /// As the owner named it.
    pub name: String,
    /// What visitors say who mean it.
    pub examples: Vec<String>,
}

/// The intent that a message means, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentMatch {
    /// The intent's name.
    pub name: String,
    /// Its nearest example.
    pub example: String,
    /// 0 to 1; 1 is the example itself.
    pub score: f32,
}

/// Intents, ready to be asked.
#[derive(Debug, Default)]
pub struct IntentIndex {
    names: Vec<String>,
    /// Whether an example of the intent is a question for information.
    asks: Vec<bool>,
    /// (intent, text) of every example.
    examples: Vec<(usize, String)>,
    /// Feature -> (example, weight); two sets of features with lengths of their own.
    postings: [HashMap<u64, Vec<(usize, f32)>>; 2],
}

type Weighted = HashMap<u64, f32>;

impl IntentIndex {
    /// Builds the index; empty examples are left out.
    pub fn build(intents: &[Intent]) -> Self {
        let mut index = Self::default();
        for intent in intents {
            let number = index.names.len();
            index.names.push(intent.name.clone());
            index.asks.push(intent.examples.iter().any(|example| asks(example)));
            for text in &intent.examples {
                let groups = weighted(text);
                if groups[0].is_empty() {
                    continue;
                }
                let example = index.examples.len();
                index.examples.push((number, text.clone()));
                for (postings, group) in index.postings.iter_mut().zip(groups) {
                    for (feature, weight) in group {
                        postings.entry(feature).or_default().push((example, weight));
                    }
                }
            }
        }
        index
    }

    /// The intent that the message means, if its score reaches [`THRESHOLD`].
    pub fn nearest(&self, text: &str) -> Option<IntentMatch> {
        self.ranked(text).into_iter().next().filter(|m| m.score >= THRESHOLD)
    }

    /// Every intent that shares anything with the message, best first (the lab shows them).
    pub fn ranked(&self, text: &str) -> Vec<IntentMatch> {
        let (cosines, covered) = self.compare(text);
        let share = if text.contains(['?', '？']) { QUESTION_SHARE } else { UNMARKED_SHARE };
        let question = asks(text);
        let mut best: Vec<Option<(usize, f32)>> = vec![None; self.names.len()];
        for (example, &cosine) in cosines.iter().enumerate() {
            let slot = &mut best[self.examples[example].0];
            if cosine > slot.map_or(0.0, |(_, c)| c) {
                *slot = Some((example, cosine));
            }
        }
        let mut out: Vec<IntentMatch> = best
            .into_iter()
            .enumerate()
            .filter_map(|(intent, best)| {
                let (example, cosine) = best?;
                let mut score = NEAREST_SHARE * cosine + (1.0 - NEAREST_SHARE) * covered[intent];
                if question && !self.asks[intent] {
                    score *= share;
                }
                Some(IntentMatch {
                    name: self.names[intent].clone(),
                    example: self.examples[example].1.clone(),
                    score: score.clamp(0.0, 1.0),
                })
            })
            .collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score));
        out
    }

    /// The nearest example of one intent, however far.
    pub fn best_of(&self, name: &str, text: &str) -> Option<IntentMatch> {
        self.ranked(text).into_iter().find(|m| m.name == name)
    }

    /// Cosine with every example, and the covered share of the message per intent.
    fn compare(&self, text: &str) -> (Vec<f32>, Vec<f32>) {
        let mut cosines = vec![0.0; self.examples.len()];
        let mut covered = vec![0.0; self.names.len()];
        for (postings, group) in self.postings.iter().zip(weighted(text)) {
            for (feature, weight) in group {
                let mut last = usize::MAX;
                for &(example, other) in postings.get(&feature).into_iter().flatten() {
                    cosines[example] += 0.5 * weight * other;
                    let intent = self.examples[example].0;
                    if intent != last {
                        // Examples of an intent stand together, so each intent is counted once.
                        covered[intent] += 0.5 * weight * weight;
                        last = intent;
                    }
                }
            }
        }
        (cosines, covered)
    }
}

/// Does a text ask for information? "Can you .." asks for an act, and counts as a demand.
fn asks(text: &str) -> bool {
    let folded = normal::folded(text);
    let first = normal::words(&folded).into_iter().next();
    first.is_some_and(|first| QUESTION_WORDS.split_whitespace().any(|word| word == first))
}

/// The two feature groups of a text (words with pairs; character n-grams), each of length 1.
fn weighted(text: &str) -> [Weighted; 2] {
    let background = background();
    let mut groups = counted(text);
    for group in &mut groups {
        for (feature, value) in group.iter_mut() {
            let seen = background.counts.get(feature).copied().unwrap_or(0.0);
            *value *= (background.texts / (seen + 1.0)).ln().max(0.05).powf(RARITY_POWER);
        }
        let length = group.values().map(|v| v * v).sum::<f32>().sqrt();
        if length > 0.0 {
            group.values_mut().for_each(|v| *v /= length);
        }
    }
    groups
}

fn counted(text: &str) -> [Weighted; 2] {
    let folded = normal::folded(text);
    let mut words = normal::words(&folded);
    words.truncate(MOST_WORDS);
    let mut by_word = Weighted::new();
    let mut by_gram = Weighted::new();
    for (at, word) in words.iter().enumerate() {
        by_word.insert(hash(&[word]), 1.0);
        if let Some(next) = words.get(at + 1) {
            by_word.insert(hash(&[word, next]), 0.3);
        }
        let padded: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
        // Each word counts for one, however many parts it has: else the longest decides alone.
        let grams: Vec<&[char]> = (3..=5).flat_map(|size| padded.windows(size)).collect();
        let share = 1.0 / (grams.len() as f32).sqrt();
        for gram in grams {
            let gram: String = gram.iter().collect();
            by_gram.insert(hash(&["#", &gram]), share);
        }
    }
    [by_word, by_gram]
}

struct Background {
    counts: HashMap<u64, f32>,
    texts: f32,
}

/// How common each feature is in the detector's training texts: five examples alone cannot know
/// that "I want to" says little and "refund" much.
fn background() -> &'static Background {
    static BACKGROUND: OnceLock<Background> = OnceLock::new();
    BACKGROUND.get_or_init(|| {
        let mut counts: HashMap<u64, f32> = HashMap::new();
        let mut texts = 1.0_f32;
        let mut last = 0;
        for example in train::examples() {
            // The rest of the examples is all about persons and would make "person" a common word.
            let ordinary = matches!(example.category.as_str(), "faq" | "oos" | "chitchat" | "complaint" | "info-hours");
            if example.template <= last || !ordinary {
                continue;
            }
            last = example.template;
            texts += 1.0;
            for group in counted(&example.text) {
                for feature in group.into_keys() {
                    *counts.entry(feature).or_default() += 1.0;
                }
            }
        }
        Background { counts, texts }
    })
}

fn hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(name: &str, examples: &[&str]) -> Intent {
        Intent { name: name.to_owned(), examples: examples.iter().map(|e| (*e).to_owned()).collect() }
    }

    #[test]
    fn an_example_matches_itself_and_nothing_matches_nothing() {
        let index = IntentIndex::build(&[intent("refund", &["I want my money back", ""]), intent("empty", &[])]);
        let found = index.nearest("i want my MONEY back!").expect("the example itself");
        assert_eq!((found.name.as_str(), found.example.as_str()), ("refund", "I want my money back"));
        assert!(found.score > 0.99);
        assert_eq!(index.nearest(""), None);
        assert_eq!(index.nearest("how tall is the Eiffel tower"), None);
        assert_eq!(IntentIndex::build(&[]).nearest("anything"), None);
    }
}
