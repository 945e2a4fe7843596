//! A cited answer made of the passages' own sentences.

use std::collections::HashSet;

use crate::{
    gate::Passage,
    rank, sentences,
    terms::{Rarity, terms},
};

/// Most sentences taken; a list counts as one.
const MOST_SENTENCES: usize = 3;
/// Most items of a list that come along.
const MOST_ITEMS: usize = 8;
/// Passages looked at, best first.
const MOST_PASSAGES: usize = 5;
/// What a passage is worth for its place, best first, by its words.
const BY_WORDS: [f32; 5] = [0.25, 0.12, 0.06, 0.03, 0.0];
/// The same where meaning was compared: it is right about the first one far more often than shared words are about another.
const BY_MEANING: [f32; 5] = [0.8, 0.12, 0.06, 0.03, 0.0];
/// A further sentence must be worth this share of the best one.
const SHARE: f32 = 0.55;
/// A sentence of another passage must hold this share of the question's own terms by itself: that it stands under a
/// fitting heading, or was found at all, is not enough there.
const OWN_SHARE: f32 = 0.5;

/// An extractive answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// The answer, with marks `[1]`, `[2]` behind what comes from a passage.
    pub text: String,
    /// Index into the given passages for each mark: mark `[n]` is `cited[n - 1]`.
    pub cited: Vec<usize>,
}

/// Passage and sentence in it.
type Place = (usize, usize);

struct Candidate<'a> {
    at: Place,
    text: &'a str,
    /// Share of the question's terms that it holds.
    own: f32,
    score: f32,
}

/// One answer to some questions: a paragraph for each, in their order, of at most three sentences in reading order, each
/// passage cited. What answers two of them is said once.
///
/// `None` when no passage has a sentence that is not itself a question. Ask [`crate::confident`] first:
/// this takes the best there is, however poor.
pub fn extract(questions: &[&str], passages: &[Passage<'_>], rarity: &Rarity) -> Option<Extract> {
    let units: Vec<Vec<String>> = passages.iter().take(MOST_PASSAGES).map(|p| units(p.text)).collect();
    let mut said: Vec<Place> = Vec::new();
    let mut paragraphs: Vec<Vec<Place>> = Vec::new();
    // Of several questions the order says which passage is nearest to all of them together.
    let by_meaning = questions.len() == 1 && passages.first().is_some_and(|first| first.fits.is_some());
    let places = if by_meaning { BY_MEANING } else { BY_WORDS };
    for question in questions {
        let mut chosen = choose(question, passages, &units, rarity, places);
        chosen.retain(|place| !said.contains(place));
        said.extend(&chosen);
        paragraphs.push(chosen);
    }
    paragraphs.retain(|chosen| !chosen.is_empty());
    (!paragraphs.is_empty()).then(|| written(&units, &paragraphs))
}

/// The sentences that answer one question, in reading order.
fn choose(
    question: &str,
    passages: &[Passage<'_>],
    units: &[Vec<String>],
    rarity: &Rarity,
    places: [f32; MOST_PASSAGES],
) -> Vec<Place> {
    let asked: HashSet<String> = terms(question).into_iter().collect();
    let codes = rank::codes(question);
    // Whoever asks for one article is not told of another.
    let of_another = |unit: &str| !codes.is_empty() && !rank::codes(unit).is_empty() && !rank::holds(unit, &codes);
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for (number, (units, passage)) in units.iter().zip(passages).enumerate() {
        let heading = overlap(&asked, passage.heading, rarity);
        let worth = places.get(number).copied().unwrap_or_default();
        let mut answers = false;
        for (place, unit) in units.iter().enumerate() {
            if is_question(unit) {
                // What follows the very question is its answer.
                answers = overlap(&asked, unit, rarity) >= 0.5;
                continue;
            }
            if of_another(unit) {
                continue;
            }
            let lead = if place == 0 || answers { 0.1 } else { 0.0 };
            let own = overlap(&asked, unit, rarity);
            let score = own + 0.6 * heading + worth + lead + if answers { 0.5 } else { 0.0 };
            answers = false;
            candidates.push(Candidate { at: (number, place), text: unit, own, score });
        }
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
    let Some(best) = candidates.first() else { return Vec::new() };
    let ((first, place), floor) = (best.at, best.score * SHARE);
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    for candidate in candidates {
        // The sentence after the best one usually finishes its thought.
        let continues = candidate.at == (first, place + 1);
        let repeats = chosen.iter().any(|c| same(c.text, candidate.text));
        let fits = candidate.score >= floor && (candidate.at.0 == first || candidate.own >= OWN_SHARE);
        if chosen.len() < MOST_SENTENCES && !repeats && (fits || continues) {
            chosen.push(candidate);
        }
    }
    let mut chosen: Vec<Place> = chosen.into_iter().map(|candidate| candidate.at).collect();
    // The passage of the best sentence comes first, the rest in order of rank; inside, as written.
    chosen.sort_by_key(|&(passage, place)| (passage != first, passage, place));
    chosen
}

fn written(units: &[Vec<String>], paragraphs: &[Vec<Place>]) -> Extract {
    let mut out = Extract { text: String::new(), cited: Vec::new() };
    for paragraph in paragraphs {
        for (n, &(passage, place)) in paragraph.iter().enumerate() {
            let sentence = units[passage][place].as_str();
            if !out.text.is_empty() {
                let apart = n == 0 || sentence.contains('\n') || out.text.ends_with('\n');
                out.text.push_str(if apart { "\n\n" } else { " " });
            }
            out.text.push_str(sentence);
            let mark = out.cited.iter().position(|&cited| cited == passage).unwrap_or(out.cited.len());
            if mark == out.cited.len() {
                out.cited.push(passage);
            }
            // One mark behind the last sentence of each passage.
            if paragraph.get(n + 1).is_none_or(|&(next, _)| next != passage) {
                out.text.push_str(&format!(" [{}]", mark + 1));
            }
        }
    }
    out
}

/// Sentences, with a list joined to the line that leads to it, answer labels taken off.
fn units(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut items = 0;
    for sentence in sentences(text) {
        let sentence =
            sentence.strip_prefix("A:").or_else(|| sentence.strip_prefix("Answer:")).unwrap_or(sentence).trim();
        if sentence.is_empty() {
            continue;
        }
        let item = sentences::is_item(sentence);
        let leads = out.last().is_some_and(|l| items > 0 || l.ends_with([':', '：']));
        match out.last_mut() {
            Some(last) if item && leads => {
                items += 1;
                if items <= MOST_ITEMS {
                    last.push('\n');
                    last.push_str(sentence);
                }
            }
            _ => {
                items = usize::from(item);
                out.push(sentence.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    out
}

fn is_question(sentence: &str) -> bool {
    sentence.ends_with(['?', '？', '؟']) || sentence.starts_with("Q:") || sentence.starts_with("# ")
}

/// Weighted share of the question's terms that a text holds, 0 to 1.
fn overlap(asked: &HashSet<String>, text: &str, rarity: &Rarity) -> f32 {
    let there: HashSet<String> = terms(text).into_iter().collect();
    let total: f32 = asked.iter().map(|t| rarity.weight(t)).sum();
    let held: f32 = asked.intersection(&there).map(|t| rarity.weight(t)).sum();
    if total > 0.0 { held / total } else { 0.0 }
}

/// Do two sentences say the same in nearly the same words?
fn same(one: &str, other: &str) -> bool {
    let one: HashSet<String> = terms(one).into_iter().collect();
    let other: HashSet<String> = terms(other).into_iter().collect();
    let shared = one.intersection(&other).count();
    shared * 10 >= one.len().max(other.len()) * 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(question: &str, passages: &[(&str, &str)]) -> Option<Extract> {
        let passages: Vec<_> = passages.iter().map(|(heading, text)| Passage { heading, text, fits: None }).collect();
        extract(&[question], &passages, &Rarity::default())
    }

    #[test]
    fn meaning_knows_better_than_a_shared_word() {
        let known =
            [("How long does delivery take?", "Three to five days."), ("What does shipping cost?", "Shipping is 5.")];
        let question = "How long does the shipping take?";
        let read: Vec<_> = known.iter().map(|(heading, text)| Passage { heading, text, fits: Some(0.9) }).collect();
        let found = extract(&[question], &read, &Rarity::default()).unwrap();
        assert_eq!((found.text.as_str(), found.cited), ("Three to five days. [1]", vec![0]));
        assert!(ask("How long does it take?", &known).unwrap().text.starts_with("Three to five days."));
    }

    #[test]
    fn whoever_asks_for_one_article_is_not_told_of_another() {
        let rows = [("Parts", "TK-4821 costs 12. TK-4822 costs 15.")];
        assert_eq!(ask("What does TK-4822 cost?", &rows).unwrap().text, "TK-4822 costs 15. [1]");
        assert_eq!(ask("What does TK-9999 cost?", &rows), None);
        assert_eq!(ask("Where is order 633123?", &[("Orders", "Look into your account.")]).unwrap().cited, [0]);
    }

    #[test]
    fn the_question_is_left_out_and_the_answer_cited() {
        let found = ask(
            "How long can I return shoes?",
            &[("FAQ", "How long can I return shoes?\n\nYou have 30 days. Keep the box."), ("Jobs", "We are hiring.")],
        )
        .unwrap();
        assert_eq!(found.text, "You have 30 days. Keep the box. [1]");
        assert_eq!(found.cited, [0]);
    }

    #[test]
    fn marks_follow_the_order_of_the_answer() {
        let found = ask(
            "Does shipping to Norway cost extra?",
            &[("Payment", "We take all cards."), ("Shipping", "Shipping to Norway costs 5 euros extra.")],
        )
        .unwrap();
        assert!(found.text.starts_with("Shipping to Norway costs 5 euros extra. [1]"), "{found:?}");
        assert_eq!(found.cited[0], 1);
    }

    #[test]
    fn a_list_comes_whole() {
        let found = ask(
            "How do I reset the router?",
            &[("Router", "To reset the router:\n\n1. Hold the button.\n2. Wait ten seconds.\n\nIt blinks.")],
        )
        .unwrap();
        assert!(found.text.contains("To reset the router:\n1. Hold the button.\n2. Wait ten seconds."), "{found:?}");
    }

    #[test]
    fn another_passage_must_answer_by_itself() {
        let found = ask(
            "How long does delivery take?",
            &[
                ("How long does delivery take?", "Three to five days."),
                (
                    "Can I change the delivery address?",
                    "You can, until the order shows Packed, usually within two hours.",
                ),
            ],
        )
        .unwrap();
        assert_eq!(found.text, "Three to five days. [1]");
    }

    #[test]
    fn each_of_several_questions_gets_its_paragraph() {
        let passages = [
            ("What does the warranty cover?", "It covers the frame for ten years. Tyres are not covered."),
            ("How long does delivery take?", "Three to five days. You get a tracking link."),
        ];
        let passages: Vec<_> = passages.iter().map(|(heading, text)| Passage { heading, text, fits: None }).collect();
        let questions = ["How long does delivery take?", "What does the warranty cover?", "And how long is delivery?"];
        let found = extract(&questions, &passages, &Rarity::default()).unwrap();
        let expect = "Three to five days. You get a tracking link. [1]\n\n\
                      It covers the frame for ten years. Tyres are not covered. [2]";
        assert_eq!((found.text.as_str(), found.cited.as_slice()), (expect, &[1, 0][..]));
    }

    #[test]
    fn nothing_to_say_is_none() {
        assert_eq!(ask("x", &[]), None);
        assert_eq!(ask("x", &[("t", "Why?")]), None);
    }

    proptest! {
        #[test]
        fn every_mark_has_a_passage(question in ".{0,40}", texts in prop::collection::vec("(?s).{0,120}", 0..6)) {
            let passages: Vec<_> = texts.iter().map(|t| ("h", t.as_str())).collect();
            if let Some(found) = ask(&question, &passages) {
                prop_assert!(!found.cited.is_empty() && found.cited.iter().all(|&n| n < texts.len()));
                for mark in 1..=found.cited.len() {
                    let mark = format!("[{mark}]");
                    prop_assert!(found.text.contains(&mark));
                }
            }
        }
    }
}
