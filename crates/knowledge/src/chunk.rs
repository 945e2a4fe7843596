//! Text to chunks: what is searched, embedded and cited.

use sha2::{Digest, Sha256};

use crate::{sentences, terms::is_unspaced};

/// A chunk is closed when the next paragraph would take it past this many words.
pub const FULL: usize = 120;
/// A chunk that has reached this many words is closed at the next paragraph.
pub const ENOUGH: usize = 80;
/// No chunk is larger, in characters, whatever stands in it.
pub const MOST_CHARACTERS: usize = 4_000;
/// No text gives more chunks; what is beyond is left out.
pub const MOST_CHUNKS: usize = 20_000;
/// A heading path is cut to this many characters.
const MOST_HEADING: usize = 300;

/// A piece of a source that makes sense by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Title and headings above it, joined by ` › `.
    pub heading: String,
    /// The text, without the headings.
    pub text: String,
    /// The page that it begins on, in a text with marks of pages.
    pub page: Option<u32>,
    /// Place in the source, from 0.
    pub ordinal: u32,
    /// SHA-256 of heading and text: an equal hash needs no new embedding.
    pub hash: [u8; 32],
}

/// The number in a line that marks a page: `[Page 3]`.
pub fn page_mark(line: &str) -> Option<u32> {
    line.strip_prefix("[Page ")?.strip_suffix(']')?.parse().ok()
}

/// Cuts plain-form text into chunks: paragraphs packed to 80 to 120 words, long ones cut between
/// sentences, a question kept with its answer, headings carried along.
///
/// At most [`MOST_CHUNKS`] chunks of at most [`MOST_CHARACTERS`] characters.
pub fn chunk(title: &str, text: &str) -> Vec<Chunk> {
    let mut packer = Packer { title: title.trim(), ..Packer::default() };
    for block in blocks(text) {
        if let Some(heading) = block.strip_prefix("# ") {
            packer.heading(heading);
        } else if let Some(page) = page_mark(block) {
            packer.page(page);
        } else {
            packer.paragraph(block);
        }
    }
    packer.close();
    packer.bare_heading();
    packer.chunks
}

#[derive(Default)]
struct Packer<'a> {
    title: &'a str,
    heading: Option<&'a str>,
    /// The page at hand, and the one that the open chunk begins on.
    pages: (Option<u32>, Option<u32>),
    /// The heading has not been carried by any chunk yet.
    heading_alone: bool,
    open: String,
    open_size: usize,
    /// The last paragraph taken asks a question: its answer must follow in the same chunk.
    asks: bool,
    chunks: Vec<Chunk>,
}

impl<'a> Packer<'a> {
    fn heading(&mut self, heading: &'a str) {
        self.close();
        self.bare_heading();
        self.heading = Some(heading.trim());
        self.heading_alone = true;
    }

    /// A heading with nothing below it is text after all; nothing gets lost.
    fn bare_heading(&mut self) {
        if let Some(heading) = self.heading.filter(|h| self.heading_alone && !h.is_empty()) {
            self.open.push_str(heading);
            self.pages.1 = self.pages.0;
            self.close();
        }
    }

    fn paragraph(&mut self, block: &str) {
        let long = size(block);
        let asks = is_question(block);
        let keeps_answer = self.asks && self.open_size + long <= FULL * 3 / 2;
        if !self.open.is_empty() && !keeps_answer && (asks || self.open_size >= ENOUGH || self.open_size + long > FULL)
        {
            self.close();
        }
        if long <= FULL * 3 / 2 && block.chars().count() <= MOST_CHARACTERS / 2 {
            self.push("\n\n", block, long);
        } else {
            for piece in sentences(block).into_iter().flat_map(pieces) {
                let words = size(piece);
                if self.open_size > 0 && self.open_size + words > FULL {
                    self.close();
                }
                self.push(if sentences::is_item(piece) { "\n" } else { " " }, piece, words);
            }
        }
        self.asks = asks;
    }

    /// A chunk may go on over the end of a page, as sentences do: it is where it began.
    fn page(&mut self, page: u32) {
        self.pages.0 = Some(page);
    }

    fn push(&mut self, between: &str, piece: &str, size: usize) {
        if self.open.chars().count() + piece.chars().count() + 2 > MOST_CHARACTERS {
            self.close();
        }
        if self.open.is_empty() {
            self.pages.1 = self.pages.0;
        } else {
            self.open.push_str(between);
        }
        self.open.push_str(piece.trim());
        self.open_size += size;
    }

    fn close(&mut self) {
        self.asks = false;
        self.open_size = 0;
        let text = std::mem::take(&mut self.open);
        if text.trim().is_empty() || self.chunks.len() >= MOST_CHUNKS {
            return;
        }
        self.heading_alone = false;
        let heading = match self.heading {
            Some(heading) if self.title.is_empty() || heading == self.title => heading.to_owned(),
            Some(heading) => format!("{} › {heading}", self.title),
            None => self.title.to_owned(),
        };
        let heading: String = heading.chars().take(MOST_HEADING).collect();
        let hash = Sha256::new().chain_update(heading.as_bytes()).chain_update([0]).chain_update(text.as_bytes());
        self.chunks.push(Chunk {
            page: self.pages.1,
            ordinal: u32::try_from(self.chunks.len()).unwrap_or(u32::MAX),
            hash: hash.finalize().into(),
            heading,
            text,
        });
    }
}

/// Paragraphs and headings; a list stays with the line that leads to it.
fn blocks(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let mut start: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        let heading = line.starts_with("# ");
        if blank || heading {
            if let Some(from) = start.take() {
                out.push(text[from..at].trim());
            }
            if heading {
                out.push(line.trim());
            }
        } else {
            start.get_or_insert(at);
        }
        at += line.len();
    }
    if let Some(from) = start {
        out.push(text[from..].trim());
    }
    // A bare "#" is trimmed to a heading without words; it says nothing.
    out.retain(|block| !block.is_empty() && *block != "#");
    out
}

/// A short paragraph that asks, or that is marked as a question.
fn is_question(block: &str) -> bool {
    size(block) <= 40
        && (block.ends_with(['?', '？', '؟']) || block.starts_with("Q:") || block.starts_with("Question:"))
        && !block.contains("\nA:")
}

/// Size in words; two characters of a script without spaces count as one word.
pub(crate) fn size(text: &str) -> usize {
    text.split_whitespace().map(|word| 1 + word.chars().filter(|c| is_unspaced(*c)).count() / 2).sum()
}

/// Whether a piece must be cut. Looks no further than it must: a text may be one word of megabytes.
fn is_too_long(piece: &str) -> bool {
    match piece.char_indices().nth(MOST_CHARACTERS / 4) {
        Some(_) => true,
        None => size(piece) > FULL,
    }
}

/// Cuts a sentence that is too long for a chunk between words, and a word too long between letters.
fn pieces(sentence: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = sentence;
    while is_too_long(rest) {
        let mut cut = rest.len();
        let mut words = 0;
        let mut blank = None;
        for (n, (at, c)) in rest.char_indices().enumerate() {
            if c.is_whitespace() && at > 0 {
                words += 1;
                blank = Some(at);
            } else if is_unspaced(c) && n % 2 == 1 {
                words += 1;
            }
            if words >= FULL - 1 || n >= MOST_CHARACTERS / 4 {
                cut = blank.unwrap_or(at);
                break;
            }
        }
        let (piece, after) = rest.split_at(cut);
        out.push(piece.trim());
        if after.is_empty() {
            return out;
        }
        rest = after.trim_start();
    }
    out.push(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headings_are_carried_and_paragraphs_packed() {
        let chunks =
            chunk("Help", "# Returns\n\nSend it back.\n\nWe refund you.\n\n# Empty\n\n# Shipping\n\nTwo days.");
        let seen: Vec<_> = chunks.iter().map(|c| (c.heading.as_str(), c.text.as_str(), c.ordinal)).collect();
        assert_eq!(
            seen,
            [
                ("Help › Returns", "Send it back.\n\nWe refund you.", 0),
                ("Help › Empty", "Empty", 1),
                ("Help › Shipping", "Two days.", 2),
            ]
        );
        assert_ne!(chunks[0].hash, chunks[2].hash);
        assert_eq!(chunks[2].hash, chunk("Help", "# Shipping\n\nTwo days.")[0].hash);
    }

    #[test]
    fn a_chunk_knows_its_page() {
        let filler = "word ".repeat(100);
        let text = format!(
            "[Page 1]\n\n# Terms\n\nShort.\n\n[Page 2]\n\n{filler}\n\n# Costs\n\nFree.\n\n[Page 3]\n\n{filler}"
        );
        let pages: Vec<_> = chunk("T", &text).iter().map(|c| (c.heading.clone(), c.page)).collect();
        let at = |heading: &str, page| (format!("T › {heading}"), Some(page));
        assert_eq!(pages, [at("Terms", 1), at("Costs", 2)]);
        assert!(chunk("T", &text).iter().all(|c| !c.text.contains("[Page")));
        assert_eq!(chunk("T", "Nothing marked.\n\n[Page x]")[0].page, None);
    }

    #[test]
    fn a_question_stays_with_its_answer() {
        let filler = "word ".repeat(70);
        let chunks = chunk("F", &format!("{filler}\n\nHow do I pay?\n\nBy card.\n\nCan I return it?\n\nYes."));
        assert!(chunks.iter().any(|c| c.text == "How do I pay?\n\nBy card."), "{chunks:#?}");
        assert!(chunks.iter().any(|c| c.text == "Can I return it?\n\nYes."));
    }

    #[test]
    fn a_long_paragraph_is_cut_between_sentences() {
        let text = "This is a sentence of eight words here. ".repeat(60);
        let chunks = chunk("T", &text);
        assert!(chunks.len() >= 4);
        assert!(chunks.iter().all(|c| size(&c.text) <= FULL && c.text.ends_with("here.")));
    }

    /// It was cut in quadratic time once: this took most of an hour.
    #[test]
    fn a_word_of_megabytes_is_cut_as_fast_as_any_text() {
        let chunks = chunk("T", &"w".repeat(5_000_000));
        assert_eq!(chunks.iter().map(|c| bare(&c.text).len()).sum::<usize>(), 5_000_000);
    }

    fn bare(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    proptest! {
        #[test]
        fn limits_hold_and_nothing_is_lost(
            lines in prop::collection::vec("(# )?[a-zé人。.?! ]{0,60}|[x人]{2000}", 0..30),
        ) {
            let text = lines.join("\n\n");
            let chunks = chunk("Title", &text);
            for (n, c) in chunks.iter().enumerate() {
                prop_assert!(c.text.chars().count() <= MOST_CHARACTERS);
                prop_assert!(size(&c.text) <= FULL * 2, "{}", size(&c.text));
                prop_assert_eq!(c.ordinal as usize, n);
            }
            let mut all = bare(&chunks.iter().map(|c| format!("{} {}", c.heading, c.text)).collect::<String>());
            all.push_str("Title");
            for line in &lines {
                for word in line.trim_start_matches("# ").split_whitespace().filter(|w| w.len() < 60 && *w != "#") {
                    prop_assert!(all.contains(word), "{word:?} lost");
                }
            }
            let body: String = lines.iter().filter(|l| !l.starts_with("# ")).map(|l| bare(l)).collect();
            let kept: usize = chunks.iter().map(|c| bare(&c.text).len()).sum();
            prop_assert!(kept >= body.len());
        }

        #[test]
        fn any_text_is_cut_without_panic(text in "(?s).{0,400}") {
            let _ = chunk("", &text);
        }
    }
}
