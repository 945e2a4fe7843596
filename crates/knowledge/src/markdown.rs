//! Markdown to the plain form: headings, list items, paragraphs, and nothing else marked.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Plain form of a Markdown text. Raw HTML is left out, links and images keep their words.
pub fn plain(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, options) {
        writer.take(event);
    }
    writer.out.push('\n');
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Number of the next item of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Inside front matter or raw HTML.
    hidden: bool,
    in_heading: bool,
    in_code: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if !self.hidden => self.words(&text),
            Event::Code(text) if !self.hidden => self.words(&text),
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.out.push(if self.in_heading { ' ' } else { '\n' }),
            Event::Rule => self.part(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.part();
                self.out.push_str("# ");
                self.in_heading = true;
            }
            // The first paragraph of an item belongs on the item's line.
            Tag::Paragraph if self.out.ends_with("- ") || self.out.ends_with(". ") => {}
            Tag::Paragraph if !self.lists.is_empty() => self.line(),
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::Table(_) => self.part(),
            Tag::CodeBlock(kind) => {
                self.part();
                self.in_code = matches!(kind, CodeBlockKind::Fenced(_) | CodeBlockKind::Indented);
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.part();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.line();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.out.push_str(&mark);
            }
            Tag::TableHead | Tag::TableRow => self.line(),
            Tag::TableCell if !self.out.is_empty() && !self.out.ends_with('\n') => self.out.push_str(" | "),
            Tag::MetadataBlock(_) | Tag::HtmlBlock => self.hidden = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.in_heading = false;
                self.part();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.part();
                }
            }
            TagEnd::Paragraph | TagEnd::Table | TagEnd::BlockQuote(_) if self.lists.is_empty() => self.part(),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.part();
            }
            TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock => self.hidden = false,
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        if self.in_code {
            // A comment in code is no heading.
            for line in text.lines() {
                self.line();
                self.out.push_str(line.trim_start_matches(['#', ' ']));
            }
        } else {
            self.out.push_str(text);
        }
    }

    /// Ends the line.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Ends the paragraph.
    fn part(&mut self) {
        self.line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expect: &str) {
        assert_eq!(plain(markdown).trim(), expect);
    }

    #[test]
    fn marks_go_and_words_stay() {
        check(
            "# Returns\nSend it **back** in [30 days](https://example.org/x).",
            "# Returns\n\nSend it back in 30 days.",
        );
        check("a &amp; b <b>c</b>\n\n<div>x</div>\n\nd", "a & b c\n\nd");
        check("![a chart](x.png) and `code`", "a chart and code");
        check("---\ntitle: x\n---\n\ntext", "text");
    }

    #[test]
    fn lists_and_tables_are_lines() {
        check("Steps:\n\n1. open\n2. press\n   - long\n\nDone.", "Steps:\n\n1. open\n2. press\n- long\n\nDone.");
        check("- one\n\n- two", "- one\n- two");
        check("| plan | price |\n|---|---|\n| basic | 5 |", "plan | price\nbasic | 5");
        check("```sh\n# comment\nrun it\n```", "comment\nrun it");
    }
}
