//! Text to pieces: the unigram tokenizer of the model file (Kudo 2018), found by Viterbi over characters.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::file::{Head, damaged};
use crate::ModelFileError;

/// What a space becomes: pieces carry it at their front.
const SPACE: char = '\u{2581}';
/// No piece has more bytes.
const MOST_BYTES: usize = 48;
/// An unknown character is this much less likely than the least likely piece.
const UNKNOWN_PENALTY: f32 = 10.0;
/// `<s>`, `<pad>` and `</s>`: marks of the model that a text may spell out.
const FIRST_MARKS: [&[u8]; 4] = [b"<s>", b"<pad>", b"</s>", b"<mask>"];
/// A character becomes at most this many others (U+FDFA has 18).
const MOST_REPLACEMENTS: u8 = 64;

/// What a mark of the model means that is written out in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Letters like any others: what visitors and documents say.
    AreText,
    /// The mark itself, as the packaged engine takes it.
    AreMarks,
}

/// The pieces of a model file.
pub struct Pieces {
    ids: HashMap<Box<[u8]>, u32>,
    scores: Vec<f32>,
    unknown: u32,
    unknown_score: f32,
    /// What a character is replaced by before anything else.
    replacements: HashMap<char, Box<[char]>>,
}

impl Pieces {
    pub(super) fn read(head: &Head<'_>) -> Result<Self, ModelFileError> {
        let mut reader = head.reader;
        let count = head.pieces;
        let mut starts = Vec::with_capacity(count + 1);
        for _ in 0..=count {
            starts.push(reader.u32()? as usize);
        }
        let mut scores = Vec::with_capacity(count);
        for _ in 0..count {
            scores.push(reader.f32()?);
        }
        let text = reader.take(head.text_bytes)?;
        let mut ids = HashMap::with_capacity(count);
        for (id, ends) in starts.windows(2).enumerate() {
            let piece = text.get(ends[0]..ends[1]).ok_or_else(|| damaged("the starts of its pieces"))?;
            ids.insert(piece.into(), id as u32);
        }
        if scores.iter().any(|score| !score.is_finite()) || head.unknown as usize >= count {
            return Err(damaged("the scores of its pieces"));
        }
        let least = scores.iter().copied().fold(0.0, f32::min);
        let entries = reader.u32()?;
        reader.u32()?;
        let mut replacements = HashMap::new();
        for _ in 0..entries {
            let from = reader.u32()?;
            let length = reader.u8()?;
            let mut to = Vec::new();
            for _ in 0..length {
                to.push(character(reader.u32()?)?);
            }
            if length > MOST_REPLACEMENTS {
                return Err(damaged("its table of characters"));
            }
            replacements.insert(character(from)?, to.into());
        }
        Ok(Self { ids, scores, unknown: head.unknown, unknown_score: least - UNKNOWN_PENALTY, replacements })
    }

    /// The pieces of what somebody said: composed first (NFC), its marks letters. Without the marks around a window.
    pub fn split(&self, text: &str) -> Vec<u32> {
        self.split_as(&text.nfc().collect::<String>(), Marks::AreText)
    }

    /// The pieces of a text as it stands.
    pub fn split_as(&self, text: &str, marks: Marks) -> Vec<u32> {
        let text = self.normal(text);
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        // best[n]: score, first character and id of the last piece of the best way to the n-th character.
        let mut best = vec![(f32::NEG_INFINITY, 0, self.unknown); starts.len()];
        best[0].0 = 0.0;
        for from in 0..starts.len() - 1 {
            let so_far = best[from].0;
            let mut improve = |to: usize, score: f32, id: u32| {
                if so_far + score > best[to].0 {
                    best[to] = (so_far + score, from, id);
                }
            };
            for to in from + 1..starts.len() {
                if starts[to] - starts[from] > MOST_BYTES {
                    break;
                }
                let span = &text.as_bytes()[starts[from]..starts[to]];
                let Some(&id) = self.ids.get(span) else { continue };
                let barred = id == self.unknown || (marks == Marks::AreText && FIRST_MARKS.contains(&span));
                if !barred {
                    improve(to, self.scores[id as usize], id);
                }
            }
            improve(from + 1, self.unknown_score, self.unknown);
        }
        let mut pieces = Vec::new();
        let mut at = starts.len() - 1;
        while at > 0 {
            let (_, from, id) = best[at];
            pieces.push(id);
            at = from;
        }
        pieces.reverse();
        pieces
    }

    /// Characters replaced, runs of spaces made one, a space in front, and each space made visible.
    fn normal(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        let mut put = |c: char| {
            if c != ' ' {
                out.push(c);
            } else if !out.ends_with(SPACE) {
                out.push(SPACE);
            }
        };
        // A text begins with a space, whether it was written or not.
        put(' ');
        for c in text.chars().filter(|c| *c != '\0') {
            match self.replacements.get(&c) {
                Some(others) => others.iter().copied().for_each(&mut put),
                None => put(c),
            }
        }
        out
    }
}

fn character(code: u32) -> Result<char, ModelFileError> {
    char::from_u32(code).ok_or_else(|| damaged("its table of characters"))
}
