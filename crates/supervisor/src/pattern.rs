//! Word patterns: what rules and promises are written in, in data files.
//!
//! A pattern is a row of words; `<list>` stands for any entry of that list, `..` for up to three
//! words in between, `..n` for up to n, `^` for the start and `$` for the end of the sentence,
//! `word*` for every word that starts so. A list entry may have several words.

use std::{collections::HashMap, sync::Arc};

use crate::{normal, sheet::Sheet};

/// A pattern, ready to be looked for.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    /// One of these word rows comes next.
    Any(Arc<Rows>),
    Gap(usize),
    Start,
    End,
}

/// Word rows, found by their first word: a list has many entries and most of them never fit.
#[derive(Debug, Clone, Default)]
struct Rows {
    by_first: HashMap<String, Vec<Vec<Word>>>,
    /// Rows whose first word is a beginning only.
    by_prefix: Vec<Vec<Word>>,
}

impl Rows {
    fn of(rows: impl IntoIterator<Item = Vec<Word>>) -> Self {
        let mut out = Self::default();
        for row in rows {
            match row.first() {
                Some(first) if first.prefix => out.by_prefix.push(row),
                Some(first) => out.by_first.entry(first.text.clone()).or_default().push(row),
                None => {}
            }
        }
        out
    }

    /// The rows that may begin with this word.
    fn beginning(&self, word: &str) -> impl Iterator<Item = &Vec<Word>> {
        self.by_first.get(word).into_iter().flatten().chain(&self.by_prefix)
    }
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    prefix: bool,
}

impl Word {
    fn row(text: &str) -> Vec<Self> {
        // The tokeniser drops the star, so it is taken off first and given to the last word.
        let prefix = text.ends_with('*');
        let text = normal::folded(text.trim_end_matches('*'));
        let mut row: Vec<Self> =
            normal::words(&text).into_iter().map(|w| Self { text: w.to_owned(), prefix: false }).collect();
        if let Some(last) = row.last_mut() {
            last.prefix = prefix;
        }
        row
    }

    fn fits(&self, word: &str) -> bool {
        if self.prefix { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// The named lists of a data file, each made once: hundreds of patterns name lists of hundreds of entries.
#[derive(Debug)]
pub(crate) struct Lists {
    by_name: HashMap<String, Arc<Rows>>,
}

impl Lists {
    /// The lists of `sheet`.
    pub(crate) fn of(sheet: &Sheet) -> Self {
        let rows = |entries: &Vec<String>| Arc::new(Rows::of(entries.iter().map(|entry| Word::row(entry))));
        Self { by_name: sheet.lists.iter().map(|(name, entries)| (name.clone(), rows(entries))).collect() }
    }

    /// Reads a pattern; a `<list>` that is not there fits nothing.
    pub(crate) fn pattern(&self, text: &str) -> Pattern {
        let steps = text
            .split_whitespace()
            .map(|piece| match piece {
                "^" => Step::Start,
                "$" => Step::End,
                gap if gap.starts_with("..") => Step::Gap(gap[2..].parse().unwrap_or(3)),
                list if list.starts_with('<') && list.ends_with('>') => {
                    Step::Any(self.by_name.get(&list[1..list.len() - 1]).cloned().unwrap_or_default())
                }
                word => Step::Any(Arc::new(Rows::of([Word::row(word)]))),
            })
            .collect();
        Pattern { steps }
    }
}

impl Pattern {
    /// Does the pattern occur anywhere in these words (of folded text)?
    pub(crate) fn occurs(&self, words: &[&str]) -> bool {
        (0..words.len()).any(|at| fits(&self.steps, words, at))
    }
}

fn fits(steps: &[Step], words: &[&str], at: usize) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match step {
        Step::Start => at == 0 && fits(rest, words, at),
        Step::End => at == words.len() && fits(rest, words, at),
        Step::Gap(most) => (at..=words.len().min(at + most)).any(|next| fits(rest, words, next)),
        Step::Any(rows) => words.get(at).is_some_and(|first| {
            rows.beginning(first).any(|row| {
                let end = at + row.len();
                end <= words.len()
                    && row.iter().zip(&words[at..end]).all(|(w, word)| w.fits(word))
                    && fits(rest, words, end)
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet;

    #[test]
    fn gaps_lists_and_ends() {
        let sheet = sheet::read("@who = a human | real person | agent*\n");
        let check = |pattern: &str, text: &str| {
            let folded = normal::folded(text);
            Lists::of(&sheet).pattern(pattern).occurs(&normal::words(&folded))
        };
        assert!(check("talk ..2 <who>", "I must talk right now a human"));
        assert!(!check("talk ..1 <who>", "talk to me about a human"));
        assert!(check("^ <who> $", "Agents!"));
        assert!(!check("^ <who> $", "an agent"));
        assert!(check("not ..", "not"));
        assert!(!check("<missing>", "anything"));
    }
}
