//! A message as a sparse vector: words, word pairs, character n-grams, word classes, rules.
//!
//! Every feature is hashed to one of [`BUCKETS`] places (the "hashing trick", Weinberger et al.
//! 2009), so that no vocabulary has to be shipped and an unseen spelling still finds its n-grams.

use crate::{lexicon::Lexicon, normal, rules};

/// Number of places; one byte each in the weights file.
pub(crate) const BUCKETS: usize = 1 << 17;

/// Longer messages are read up to here: nobody asks for a person only in word 401.
const MOST_WORDS: usize = 400;

/// A sparse vector: place and value, places ascending, each once.
pub(crate) type Features = Vec<(u32, f32)>;

/// Share of each group in the vector's length. Groups are scaled separately, or the many character
/// n-grams would drown the few word classes.
const SHARES: [f32; 4] = [1.0, 0.8, 1.4, 1.0];

/// The features of one clause.
pub(crate) fn of(text: &str) -> Features {
    let folded = normal::folded(text);
    let mut words = normal::words(&folded);
    words.truncate(MOST_WORDS);
    let groups = [word_group(&words), char_group(&words), class_group(&words), shape_group(&folded, &words)];
    let mut all: Features = Vec::new();
    for (group, share) in groups.into_iter().zip(SHARES) {
        let group = merged(group);
        let length = group.iter().map(|&(_, v)| v * v).sum::<f32>().sqrt();
        if length > 0.0 {
            all.extend(group.into_iter().map(|(place, v)| (place, v * share / length)));
        }
    }
    merged(all)
}

fn word_group(words: &[&str]) -> Features {
    let mut out = Vec::with_capacity(words.len() * 3);
    for (at, word) in words.iter().enumerate() {
        out.push((place(b'w', &[word]), 1.0));
        if let Some(next) = words.get(at + 1) {
            out.push((place(b'b', &[word, next]), 1.0));
            if let Some(third) = words.get(at + 2) {
                out.push((place(b't', &[word, next, third]), 0.7));
                out.push((place(b's', &[word, third]), 0.5));
            }
        }
    }
    out
}

fn char_group(words: &[&str]) -> Features {
    let mut out = Vec::new();
    for word in words {
        let padded: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
        for size in 3..=5 {
            for gram in padded.windows(size) {
                let gram: String = gram.iter().collect();
                out.push((place(b'c', &[&gram]), 1.0));
            }
        }
    }
    out
}

/// Classes alone, in order by two and three, and whether something stands between them.
fn class_group(words: &[&str]) -> Features {
    let lexicon = Lexicon::built_in();
    let found = lexicon.classes(words);
    let mut out = Vec::new();
    let name = |n: usize| lexicon.name(found[n].1);
    for at in 0..found.len() {
        out.push((place(b'K', &[name(at)]), 1.0));
        if at == 0 {
            out.push((place(b'^', &[name(at)]), 0.7));
        }
        for next in at + 1..found.len().min(at + 4) {
            let near = if found[next].0 - found[at].0 <= 4 { "near" } else { "far" };
            out.push((place(b'P', &[name(at), name(next), near]), 1.0));
        }
        if at + 2 < found.len() {
            out.push((place(b'T', &[name(at), name(at + 1), name(at + 2)]), 1.0));
        }
    }
    if let Some(&(at, class)) = found.last() {
        // "agent" ends a wish, "agent fees" does not: what follows the last class matters.
        let end = if at + 1 == words.len() { "end" } else { "more" };
        out.push((place(b'$', &[lexicon.name(class), end]), 0.7));
    } else {
        out.push((place(b'K', &["none"]), 1.0));
    }
    out
}

/// Length, question mark, and the rules that fit.
fn shape_group(folded: &str, words: &[&str]) -> Features {
    let length = match words.len() {
        0 => "0",
        1 => "1",
        2..=3 => "2",
        4..=7 => "4",
        8..=15 => "8",
        _ => "16",
    };
    let mut out = vec![(place(b'L', &[length]), 0.6)];
    if folded.contains(['?', '؟', '？']) {
        out.push((place(b'?', &[]), 0.6));
    }
    for rule in rules::fitting(words) {
        out.push((place(b'R', &[&rule.name]), 1.5));
    }
    out
}

/// Sorts by place and adds up what fell on the same one.
fn merged(mut features: Features) -> Features {
    features.sort_by_key(|&(place, _)| place);
    let mut out: Features = Vec::with_capacity(features.len());
    for (place, value) in features {
        match out.last_mut() {
            Some(last) if last.0 == place => last.1 += value,
            _ => out.push((place, value)),
        }
    }
    out
}

/// FNV-1a over the kind and its parts, mixed once more so that the low bits are good.
fn place(kind: u8, parts: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    eat(kind);
    for part in parts {
        part.bytes().for_each(&mut eat);
        eat(0);
    }
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^= hash >> 32;
    u32::try_from(hash % BUCKETS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_alone_changes_nothing() {
        assert_eq!(of("I want a HUMAN"), of("i  want a human"));
        assert_ne!(of("I want a human"), of("I want a refund"));
    }

    #[test]
    fn places_ascend_and_are_valid() {
        let features = of("Kann ich bitte mit einem Menschen sprechen? 人と話したい");
        assert!(features.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(features.iter().all(|f| (f.0 as usize) < BUCKETS && f.1 > 0.0));
    }
}
