//! Does an AI's text promise a person? An AI that promises one has made a request, so that words
//! and state never differ.
//!
//! An offer ("shall I connect you?"), a condition ("if you like, I can ...") and a refusal ("I cannot
//! connect you") promise nothing. One set of patterns holds all languages.

use std::sync::OnceLock;

use crate::{
    normal,
    pattern::{Lists, Pattern},
    sheet,
};

const DATA: &str = include_str!("../data/promises.txt");

/// The first sentence of the text that promises a person, as written.
pub fn promises_person(text: &str) -> Option<String> {
    let patterns = built_in();
    sentences(text).into_iter().find(|sentence| {
        let folded = normal::folded(sentence);
        let words = normal::words(&folded);
        !sentence.trim_end().ends_with(['?', '？'])
            && patterns.promises.iter().any(|p| p.occurs(&words))
            && !patterns.offers.iter().any(|p| p.occurs(&words))
    })
}

struct Patterns {
    promises: Vec<Pattern>,
    offers: Vec<Pattern>,
}

fn built_in() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let sheet = sheet::read(DATA);
        let lists = Lists::of(&sheet);
        let of = |header: &str| {
            sheet
                .sections
                .iter()
                .filter(|s| s.header == header)
                .flat_map(|s| &s.lines)
                .map(|line| lists.pattern(line))
                .collect()
        };
        Patterns { promises: of("promise"), offers: of("offer") }
    })
}

/// Sentences as the model wrote them; marks of emphasis do not matter to [`normal::words`].
fn sentences(text: &str) -> Vec<String> {
    normal::clauses(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+ text` promises, `- text` does not.
    const CASES: &str = include_str!("../data/promises.cases.txt");

    #[test]
    fn promises_are_told_from_offers() {
        let mut wrong = Vec::new();
        for line in CASES.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (expect, text) = line.split_at(1);
            if promises_person(text.trim()).is_some() != (expect == "+") {
                wrong.push(line);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
