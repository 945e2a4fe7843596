//! One order of what was found by meaning and what was found by words.
//!
//! Meaning goes first: joined by rank, the two are worse than meaning alone. Words decide where meaning is blind: an order
//! number or a code that stands in the question and, letter for letter, in a passage; and passages whose meaning was not
//! read yet.

use std::collections::HashSet;

/// From this sureness by its meaning on a passage is about what was asked.
pub const FITS: f32 = 0.5;

/// Most codes of a question that are looked for.
const MOST_CODES: usize = 8;
/// Characters of a code.
const CODE_CHARS: std::ops::RangeInclusive<usize> = 2..=40;

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<I> {
    /// Which.
    pub id: I,
    /// How sure it is by its meaning, 0 to 1; absent when only words were compared.
    pub fits: Option<f32>,
    /// It holds a code of the question.
    pub exact: bool,
}

/// The codes of a text: order numbers, article numbers, error codes, versions; what is written with digits, or in capitals
/// with a sign in between. Folded to lower case.
pub fn codes(text: &str) -> Vec<String> {
    let edge = |c: char| !c.is_alphanumeric() && c != '#';
    let shouted = text.chars().filter(|c| c.is_lowercase()).count() == 0;
    let mut seen = HashSet::new();
    let tokens = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"'));
    tokens
        .map(|token| token.trim_matches(edge))
        .filter(|token| is_code(token, shouted))
        .map(|token| token.trim_start_matches('#').to_lowercase())
        .filter(|code| seen.insert(code.clone()))
        .take(MOST_CODES)
        .collect()
}

fn is_code(token: &str, shouted: bool) -> bool {
    let count = token.chars().count();
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let joined = token.chars().any(|c| matches!(c, '-' | '_' | '/' | '.'));
    let capitals = !token.chars().any(char::is_lowercase);
    let plain = token.chars().all(|c| c.is_alphanumeric() || "-_/.#".contains(c));
    // "2" and "30" are numbers, "3.50" an amount, "24/7" a phrase: a code has letters beside its digits, or many digits.
    let numbered = (digits > 0 && letters > 0) || digits >= 4;
    let spelled = letters > 1 && joined && capitals && !shouted;
    plain && CODE_CHARS.contains(&count) && (numbered || spelled)
}

/// Whether a passage holds one of the codes, as a whole.
pub fn holds(text: &str, codes: &[String]) -> bool {
    let text = text.to_lowercase();
    let whole = |code: &String| {
        text.match_indices(code.as_str()).any(|(at, _)| {
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !inside(text[..at].chars().next_back()) && !inside(text[at + code.len()..].chars().next())
        })
    };
    codes.iter().any(whole)
}

/// One order: passages that hold a code, then those that fit by their meaning, then what words found and nobody has read
/// yet, then the rest by meaning. `worded` says of each passage that words found whether it holds a code and whether its
/// meaning was read; one that was read and is not among the nearest is no better for its words.
pub fn ranked<I: Copy + Eq + std::hash::Hash>(meant: &[(I, f32)], worded: &[(I, bool, bool)]) -> Vec<Found<I>> {
    let fits = |id: I| meant.iter().find(|(other, _)| *other == id).map(|(_, fits)| *fits);
    let exact =
        worded.iter().filter(|(_, exact, _)| *exact).map(|(id, ..)| Found { id: *id, fits: fits(*id), exact: true });
    let near = |fitting: bool| {
        let near = meant.iter().filter(move |(_, fits)| (*fits >= FITS) == fitting);
        near.map(|(id, fits)| Found { id: *id, fits: Some(*fits), exact: false })
    };
    let unread = worded.iter().filter(|(_, _, read)| meant.is_empty() || !read);
    let unread = unread.map(|(id, ..)| Found { id: *id, fits: None, exact: false });
    let mut seen = HashSet::new();
    exact.chain(near(true)).chain(unread).chain(near(false)).filter(|found| seen.insert(found.id)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_told_from_words_and_numbers() {
        let check = |text: &str, expect: &[&str]| assert_eq!(codes(text), expect, "{text}");
        check("Where is order AB-1234?", &["ab-1234"]);
        check("error E42, what now", &["e42"]);
        check("invoice #77812.", &["77812"]);
        check("does it cost 30 or 3.50?", &[]);
        check("are you there 24/7", &[]);
        check("the X-PRO is broken", &["x-pro"]);
        check("I AM VERY E-MAIL", &[]);
        check("v2.1 and v2.1", &["v2.1"]);
        check("", &[]);
    }

    #[test]
    fn a_code_is_found_as_a_whole() {
        let code = ["e42".to_owned()];
        assert!(holds("Error E42: the door is open.", &code));
        assert!(!holds("Error E421", &code));
        assert!(!holds("see42", &code));
        assert!(!holds("anything", &[]));
    }

    #[test]
    fn codes_then_meaning_then_what_was_not_read() {
        let order = |meant: &[(u8, f32)], worded: &[(u8, bool, bool)]| -> Vec<u8> {
            ranked(meant, worded).into_iter().map(|found| found.id).collect()
        };
        assert_eq!(order(&[(1, 0.9), (2, 0.5)], &[(3, false, true), (2, true, true)]), [2, 1]);
        assert_eq!(order(&[(1, 0.9)], &[(3, false, false)]), [1, 3]);
        assert_eq!(
            order(&[(1, 0.4)], &[(3, false, false)]),
            [3, 1],
            "what is new is found by its words until it is read"
        );
        assert_eq!(order(&[], &[(3, false, false), (4, true, false)]), [4, 3]);
        assert_eq!(ranked(&[(1, 0.9)], &[(1, true, true)]), [Found { id: 1, fits: Some(0.9), exact: true }]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,120}", other in "\\PC{0,80}") {
            let codes = codes(&text);
            prop_assert!(codes.len() <= MOST_CODES);
            let _ = holds(&other, &codes);
            if let Some(code) = codes.first() {
                let said = format!("so {code} it is");
                prop_assert!(holds(&said, &codes));
            }
        }
    }
}
