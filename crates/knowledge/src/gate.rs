//! Does what was found answer the question at all? Where not, the answerer says so.
//!
//! Engine scores differ between search engines, so the gate looks at the words: which share of the
//! question, weighted by rarity, do the passages hold?

use std::collections::HashSet;

use crate::{
    sentences,
    terms::{Rarity, terms},
};

/// From this confidence on the built-in answerer answers; measured with `--example gate`.
pub const THRESHOLD: f32 = 0.3;

/// Share of the words where there is a meaning; chosen with `baton eval retrieval`.
const WORDS_SHARE: f32 = 0.25;

/// A chunk that retrieval found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage<'a> {
    /// Title and headings.
    pub heading: &'a str,
    /// Its text.
    pub text: &'a str,
    /// How sure it is by its meaning, 0 to 1; absent where only words were compared.
    pub fits: Option<f32>,
}

/// 0 to 1: the weighted share of the question's terms that the best passage holds, most of it near
/// each other. Passages beyond the fifth are not looked at.
pub fn confidence(question: &str, passages: &[Passage<'_>], rarity: &Rarity) -> f32 {
    let asked: HashSet<String> = terms(question).into_iter().collect();
    let total: f32 = asked.iter().map(|t| rarity.weight(t)).sum();
    if total <= 0.0 {
        return 0.0;
    }
    passages.iter().take(5).map(|p| held(&asked, p, rarity) / total).fold(0.0, f32::max)
}

/// [`confidence`] has reached [`THRESHOLD`].
pub fn confident(question: &str, passages: &[Passage<'_>], rarity: &Rarity) -> bool {
    confidence(question, passages, rarity) >= THRESHOLD
}

/// How sure it is that a passage answers, by its meaning and by its words: whichever is surer, and the other a little. 0 to 1.
pub fn sure(by_meaning: f32, by_words: f32) -> f32 {
    (WORDS_SHARE * by_words + (1.0 - WORDS_SHARE) * by_meaning).clamp(0.0, 1.0)
}

fn held(asked: &HashSet<String>, passage: &Passage<'_>, rarity: &Rarity) -> f32 {
    let weigh = |text: &str| -> f32 {
        let there: HashSet<String> = terms(text).into_iter().collect();
        asked.intersection(&there).map(|t| rarity.weight(t)).sum()
    };
    let whole = weigh(&format!("{} {}", passage.heading, passage.text));
    let heading = weigh(passage.heading);
    let sentence = sentences(passage.text).into_iter().map(weigh).fold(heading, f32::max);
    // Words scattered over a passage say less than the same words in one sentence.
    0.5 * whole + 0.5 * sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETURNS: Passage<'static> = Passage {
        heading: "Returns",
        text: "You can return any item within 30 days. Refunds are paid to your card.",
        fits: None,
    };

    #[test]
    fn what_is_there_is_answered_and_what_is_not_is_not() {
        let rarity = Rarity::default();
        assert!(confident("Can I return an item after 30 days?", &[RETURNS], &rarity));
        assert!(!confident("Which hair style suits my face?", &[RETURNS], &rarity));
        assert!(!confident("how are you?", &[RETURNS], &rarity));
        assert_eq!(confidence("returns", &[], &rarity), 0.0);
    }
}
