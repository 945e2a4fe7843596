//! Writes the plain form, within a limit.

use domain::documents::Unreadable;

/// Longest heading, in characters; what is longer is a paragraph.
const HEADING: usize = 200;

/// Text in the making.
#[derive(Debug)]
pub(crate) struct Plain {
    out: String,
    most: usize,
}

impl Plain {
    /// With room for so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { out: String::new(), most }
    }

    /// A heading.
    pub(crate) fn heading(&mut self, text: &str) -> Result<(), Unreadable> {
        let text = tidy(text);
        if text.chars().nth(HEADING).is_some() {
            return self.paragraph(&text);
        }
        self.block(if text.is_empty() { String::new() } else { format!("# {text}") })
    }

    /// A paragraph of one or more lines.
    pub(crate) fn paragraph(&mut self, text: &str) -> Result<(), Unreadable> {
        let lines = text.lines().map(tidy).filter(|line| !line.is_empty());
        self.block(lines.collect::<Vec<_>>().join("\n"))
    }

    /// An item of a list; those that follow each other stay together.
    pub(crate) fn item(&mut self, text: &str) -> Result<(), Unreadable> {
        let text = tidy(text);
        if text.is_empty() {
            return Ok(());
        }
        if self.last_line().is_some_and(|last| last.starts_with("- ")) {
            self.out.pop();
        }
        self.block(format!("- {text}"))
    }

    /// From here on it is this page.
    pub(crate) fn page(&mut self, number: usize) -> Result<(), Unreadable> {
        self.block(format!("[Page {number}]"))
    }

    /// All of it.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Whether nothing was written yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    fn last_line(&self) -> Option<&str> {
        self.out.strip_suffix("\n\n").and_then(|out| out.rsplit('\n').next())
    }

    fn block(&mut self, text: String) -> Result<(), Unreadable> {
        if text.is_empty() {
            return Ok(());
        }
        if self.out.len() + text.len() + 2 > self.most {
            return Err(Unreadable::TooLarge);
        }
        self.out.push_str(&text);
        self.out.push_str("\n\n");
        Ok(())
    }
}

/// Whether a line marks a page.
pub(crate) fn is_page_mark(line: &str) -> bool {
    knowledge::chunk::page_mark(line).is_some()
}

/// One line: no control characters, blanks as they should be, nothing at its beginning that has a meaning in the plain form.
fn tidy(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let visible = |c: &char| !c.is_control() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{fffd}');
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{0}') {
        let before = line.len();
        if !line.is_empty() {
            line.push(' ');
        }
        let filled = line.len();
        line.extend(word.chars().filter(visible));
        if line.len() == filled {
            line.truncate(before);
        }
    }
    line.trim_start_matches(['#', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_plain() {
        let mut plain = Plain::new(1_000);
        plain.page(1).unwrap();
        plain.heading("  Returns\u{7} \n policy ").unwrap();
        plain.paragraph("# not a heading\n\n\tsecond\u{0}line\u{ad}").unwrap();
        plain.item("one").unwrap();
        plain.item("").unwrap();
        plain.item("two").unwrap();
        plain.paragraph("end").unwrap();
        let expect = "[Page 1]\n\n# Returns policy\n\nnot a heading\nsecond line\n\n- one\n- two\n\nend\n\n";
        assert_eq!(plain.finish(), expect);
    }

    #[test]
    fn there_is_room_for_so_much() {
        let mut plain = Plain::new(10);
        plain.paragraph("12345").unwrap();
        assert_eq!(plain.paragraph("12345"), Err(Unreadable::TooLarge));
        let mut plain = Plain::new(1_000);
        plain.heading(&"h".repeat(201)).unwrap();
        assert!(plain.finish().starts_with('h'));
    }
}
