//! What single words stand for in any language: a person, a bot, a wish, "connect", "not" ...
//!
//! The model sees these classes beside the words themselves, so that an order of classes learnt in
//! one language ("I want" + "talk" + "person") counts in the others.

use std::{collections::HashMap, sync::OnceLock};

use crate::{normal, sheet};

const DATA: &str = include_str!("../data/lexicon.txt");
/// Longest entry, in words; characters count as words where a script has no spaces.
const LONGEST: usize = 8;
/// A prefix entry needs this many bytes, or it would fit half the dictionary.
const SHORTEST_PREFIX: usize = 2;

/// A class: the index of its list in the data file, by name.
pub(crate) type Class = u8;

/// Word classes, built once from the data file.
#[derive(Debug)]
pub(crate) struct Lexicon {
    exact: HashMap<String, Class>,
    prefix: HashMap<String, Class>,
    names: Vec<String>,
}

impl Lexicon {
    /// The built-in lexicon.
    pub(crate) fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::read(DATA))
    }

    fn read(data: &str) -> Self {
        let sheet = sheet::read(data);
        let mut lexicon = Self { exact: HashMap::new(), prefix: HashMap::new(), names: Vec::new() };
        for (class, (name, entries)) in (0_u8..).zip(&sheet.lists) {
            lexicon.names.push(name.clone());
            for entry in entries {
                let folded = normal::folded(entry.trim_end_matches('*'));
                let key = normal::words(&folded).join(" ");
                let map = if entry.ends_with('*') { &mut lexicon.prefix } else { &mut lexicon.exact };
                if !key.is_empty() {
                    map.entry(key).or_insert(class);
                }
            }
        }
        lexicon
    }

    /// Name of a class as in the data file.
    pub(crate) fn name(&self, class: Class) -> &str {
        self.names.get(usize::from(class)).map_or("", String::as_str)
    }

    /// The classes in a row of words, in order, with the position of the first word of each; the
    /// longest entry wins.
    pub(crate) fn classes(&self, words: &[&str]) -> Vec<(usize, Class)> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(&words[at..]) {
                Some((length, class)) => {
                    out.push((at, class));
                    at += length;
                }
                None => at += 1,
            }
        }
        out
    }

    fn at(&self, words: &[&str]) -> Option<(usize, Class)> {
        (1..=words.len().min(LONGEST)).rev().find_map(|length| {
            let key = words[..length].join(" ");
            let found = self.entry(&key, words[length - 1].len());
            // Arabic and Hebrew write "the", "and", "to" as first letters of the word.
            let bare = if found.is_none() && length == 1 { without_clitic(&key) } else { None };
            found.or_else(|| bare.and_then(|bare| self.entry(bare, bare.len()))).map(|class| (length, class))
        })
    }

    /// The class of a key whose last word has this many bytes.
    fn entry(&self, key: &str, last: usize) -> Option<Class> {
        let by_prefix = || {
            let shortest = key.len() - last + SHORTEST_PREFIX;
            (shortest..=key.len())
                .rev()
                .filter(|&end| key.is_char_boundary(end))
                .find_map(|end| self.prefix.get(&key[..end]))
        };
        self.exact.get(key).or_else(by_prefix).copied()
    }
}

/// What stays of an Arabic or Hebrew word without the small words at its front, if it is long enough.
fn without_clitic(word: &str) -> Option<&str> {
    const CLITICS: [&str; 14] = ["وال", "بال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "וה", "של", "ה", "ל", "ו"];
    let rest = CLITICS.iter().find_map(|clitic| word.strip_prefix(clitic))?;
    (rest.chars().count() >= 3).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_entry_wins_and_prefixes_fit() {
        let lexicon = Lexicon::read("@A = real person | talk*\n@B = real\n");
        let text = "talking to a real person is real";
        let found: Vec<_> = lexicon
            .classes(&text.split(' ').collect::<Vec<_>>())
            .into_iter()
            .map(|(at, class)| (at, lexicon.name(class)))
            .collect();
        assert_eq!(found, [(0, "A"), (3, "A"), (6, "B")]);
    }

    #[test]
    fn small_words_at_the_front_do_not_hide_a_word() {
        let lexicon = Lexicon::read("@A = موظف | נציג\n");
        for word in ["الموظف", "للموظف", "لموظف", "והנציג", "לנציג"] {
            assert_eq!(lexicon.classes(&[word]).len(), 1, "{word}");
        }
        assert!(lexicon.classes(&["موظ"]).is_empty());
    }
}
