//! PDF: where letters stand and how large they are tells lines, paragraphs and headings; each page keeps its number.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use domain::documents::Unreadable;
use pdf_extract::{Document as Pdf, Error, MediaBox, OutputDev, OutputError, Transform, output_doc_page};
use ports::documents::Document;

use crate::{Limits, plain::Plain};

/// A heading is larger than ordinary letters by so much.
const LARGER: f64 = 1.15;
/// Longest heading, in characters.
const HEADING: usize = 160;
/// Another paragraph begins where lines are apart so many times as far as usual.
const APART: f64 = 1.35;
/// Blanks as wide as this part of a letter's size part words: between two strings, and inside one, where letters are moved
/// a little to look well.
const BLANK: (f64, f64) = (0.1, 0.22);

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::load_mem(bytes))).map_err(|_| Unreadable::Broken)?;
    let mut pdf = opened.map_err(|error| match error {
        Error::InvalidPassword | Error::Decryption(_) => Unreadable::Encrypted,
        _ => Unreadable::Broken,
    })?;
    // Many are encrypted with no password at all, only to forbid things.
    if pdf.is_encrypted() && pdf.decrypt("").is_err() {
        return Err(Unreadable::Encrypted);
    }
    let pages = pdf.get_pages().len();
    if pages == 0 {
        return Err(Unreadable::Broken);
    }
    if pages > limits.pages {
        return Err(Unreadable::TooLarge);
    }
    let (mut lines, mut left, mut faults) = (Vec::new(), limits.text, 0);
    for page in 1..=u32::try_from(pages).unwrap_or(u32::MAX) {
        let mut seen = Page { number: page as usize, left, ..Page::default() };
        // The library gives up on what it does not expect; the other pages may be as they should.
        let read = catch_unwind(AssertUnwindSafe(|| output_doc_page(&pdf, &mut seen, page)));
        if seen.is_full {
            return Err(Unreadable::TooLarge);
        }
        faults += usize::from(!matches!(read, Ok(Ok(()))));
        left = seen.left;
        lines.extend(seen.lines.into_iter().filter(|line| !line.text.trim().is_empty()));
    }
    if lines.is_empty() {
        return Err(if faults > 0 { Unreadable::Broken } else { Unreadable::Empty });
    }
    written(&lines, limits)
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    page: usize,
    text: String,
    /// Size of its letters.
    size: f64,
    /// Distance of its baseline from the upper edge of the page.
    y: f64,
}

/// The lines of a page in the making.
#[derive(Debug, Default)]
struct Page {
    number: usize,
    /// Bytes of text that there is still room for.
    left: usize,
    is_full: bool,
    height: f64,
    lines: Vec<Line>,
    /// Where the last letter ended.
    end: f64,
    begins_word: bool,
}

impl OutputDev for Page {
    fn begin_page(&mut self, _: u32, media: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.height = media.ury;
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        let (x, y) = (at.m31, self.height - at.m32);
        // Letters may be stretched, turned or mirrored: what counts is the square with the same area.
        let size = font_size.abs() * (at.m11 * at.m22 - at.m12 * at.m21).abs().sqrt();
        if !x.is_finite() || !y.is_finite() || !size.is_finite() {
            return Ok(());
        }
        match self.left.checked_sub(letter.len() + 1) {
            Some(left) => self.left = left,
            None => {
                self.is_full = true;
                return Err(OutputError::FormatError(fmt::Error));
            }
        }
        let begins = std::mem::take(&mut self.begins_word);
        match self.lines.last_mut() {
            // Small figures stand a little higher in the same line.
            Some(line) if (y - line.y).abs() < 0.5 * line.size.max(size) && x > self.end - 2.0 * size => {
                let blank = if begins { BLANK.0 } else { BLANK.1 };
                if x > self.end + blank * size && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(letter);
                if size > line.size && !letter.trim().is_empty() {
                    line.size = size;
                }
            }
            _ => self.lines.push(Line { page: self.number, text: letter.to_owned(), size, y }),
        }
        self.end = x + width * size;
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.begins_word = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Lines to headings and paragraphs.
fn written(lines: &[Line], limits: &Limits) -> Result<Document, Unreadable> {
    let usual = usual_size(lines);
    let apart = usual_distance(lines) * APART;
    let mut plain = Plain::new(limits.text);
    let mut title = None;
    let mut page = 0;
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let together = |pair: &[Line]| {
            let (one, next) = (&pair[0], &pair[1]);
            let step = next.y - one.y;
            next.page == one.page && same_size(one.size, next.size) && step > 0.0 && step <= apart.max(one.size * APART)
        };
        let length = 1 + rest.windows(2).take_while(|pair| together(pair)).count();
        let (paragraph, after) = rest.split_at(length);
        rest = after;
        if first.page != page {
            page = first.page;
            plain.page(page)?;
        }
        let is_heading =
            first.size > usual * LARGER && paragraph.iter().map(|line| line.text.len()).sum::<usize>() <= HEADING;
        if is_heading {
            let words = joined(paragraph);
            plain.heading(&words)?;
            // Only what stands large at the very beginning is a title.
            if title.is_none() && page == 1 {
                title = Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        } else {
            in_items(paragraph, &mut plain)?;
        }
    }
    Ok(Document { title, text: plain.finish(), ..Document::default() })
}

/// A paragraph, with the items of a list in it.
fn in_items(lines: &[Line], plain: &mut Plain) -> Result<(), Unreadable> {
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let length = 1 + rest[1..].iter().take_while(|line| item(&line.text).is_none()).count();
        let (piece, after) = rest.split_at(length);
        rest = after;
        let words = joined(piece);
        match item(&first.text) {
            Some(_) => plain.item(item(&words).unwrap_or(&words))?,
            None => plain.paragraph(&words)?,
        }
    }
    Ok(())
}

/// What follows the mark of an item.
fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix(['•', '◦', '▪', '●', '‣', '·', '\u{f0b7}'])
        .or_else(|| line.strip_prefix("- "))
        .or_else(|| line.strip_prefix("– "))
}

/// Lines as one; a word that was parted at the end of a line is whole again.
fn joined(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = line.text.trim();
        let parted = out.strip_suffix(['-', '\u{ad}', '\u{2010}']).map(str::len);
        match parted {
            Some(length) if text.starts_with(char::is_lowercase) && out[..length].ends_with(char::is_alphabetic) => {
                out.truncate(length);
            }
            _ if !out.is_empty() => out.push(' '),
            _ => {}
        }
        out.push_str(text);
    }
    out
}

fn same_size(one: f64, other: f64) -> bool {
    (one - other).abs() <= 0.1 * one.max(other)
}

/// The size of most letters.
fn usual_size(lines: &[Line]) -> f64 {
    middle(lines.iter().map(|line| (line.size, line.text.len())).collect())
}

/// How far lines are apart that follow each other, as a rule.
fn usual_distance(lines: &[Line]) -> f64 {
    let pairs = lines.windows(2).filter(|pair| pair[0].page == pair[1].page && same_size(pair[0].size, pair[1].size));
    let steps = pairs.map(|pair| pair[1].y - pair[0].y).filter(|step| *step > 0.0);
    middle(steps.map(|step| (step, 1)).collect())
}

/// The value in the middle, each as often as its weight says; 0 of none.
fn middle(mut values: Vec<(f64, usize)>) -> f64 {
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut passed = 0;
    let found = values.iter().find(|(_, weight)| {
        passed += weight;
        passed > half
    });
    found.or(values.last()).map_or(0.0, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, y: f64, size: f64, text: &str) -> Line {
        Line { page, text: text.to_owned(), size, y }
    }

    #[test]
    fn sizes_and_distances_tell_what_is_what() {
        let lines = [
            line(1, 100.0, 20.0, "Terms"),
            line(1, 130.0, 10.0, "We deliver to every coun-"),
            line(1, 142.0, 10.0, "try in Europe."),
            line(1, 170.0, 10.0, "Returns are free:"),
            line(1, 182.0, 10.0, "• by post"),
            line(1, 194.0, 10.0, "• in the"),
            line(1, 206.0, 10.0, "shop"),
            line(2, 100.0, 14.0, "Warranty"),
            line(2, 120.0, 10.0, "Two years."),
        ];
        let document = written(&lines, &Limits::default()).unwrap();
        assert_eq!(document.title.as_deref(), Some("Terms"));
        assert_eq!(
            document.text,
            "[Page 1]\n\n# Terms\n\nWe deliver to every country in Europe.\n\nReturns are free:\n\n- by post\n- in the shop\n\n\
             [Page 2]\n\n# Warranty\n\nTwo years.\n\n"
        );
    }

    #[test]
    fn the_middle_is_weighed() {
        assert_eq!(middle(vec![(1.0, 1), (9.0, 5), (2.0, 1)]), 9.0);
        assert_eq!(middle(Vec::new()), 0.0);
    }
}
