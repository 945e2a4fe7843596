//! Word: paragraphs, headings by the outline level of their style, lists, tables as rows.

use std::collections::HashMap;

use domain::documents::Unreadable;
use ports::documents::Document;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use crate::{Limits, packed, plain::Plain};

/// Outline levels that are headings here: what is deeper is a paragraph.
const LEVELS: u8 = 4;
/// Rows of a table whose cells were counted are written at once; so many characters in one are enough.
const ROW: usize = 20_000;

/// What a style makes of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Title,
    Heading,
    Text,
}

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut packed = packed::open(bytes, limits)?;
    let styles = match packed::file(&mut packed, "word/styles.xml")? {
        Some(styles) => named_styles(&styles)?,
        None => HashMap::new(),
    };
    let body = packed::file(&mut packed, "word/document.xml")?.ok_or(Unreadable::Broken)?;
    let mut walk = Walk { plain: Plain::new(limits.text), cells: limits.cells, styles, ..Walk::new() };
    let mut reader = Reader::from_reader(body.as_slice());
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| Unreadable::Broken)? {
            Event::Eof => break,
            Event::Start(element) => walk.begins(&element),
            Event::Empty(element) => {
                walk.begins(&element);
                walk.ends(element.local_name().as_ref())?;
            }
            Event::End(element) => walk.ends(element.local_name().as_ref())?,
            Event::Text(text) if walk.in_text > 0 => walk.words.push_str(&text.xml10_content()),
            Event::CData(text) if walk.in_text > 0 => walk.words.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if walk.in_text > 0 => walk.words.extend(character(&entity)),
            _ => {}
        }
        buffer.clear();
    }
    walk.paragraph_ends()?;
    Ok(Document { title: walk.title, text: walk.plain.finish(), ..Document::default() })
}

/// What an entity stands for. Only those of XML itself: a document has none of its own here.
fn character(entity: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(numbered)) = entity.resolve_char_ref() {
        return Some(numbered);
    }
    match entity.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// What each style makes of a paragraph. Ids are translated, the names inside are not.
fn named_styles(bytes: &[u8]) -> Result<HashMap<String, Style>, Unreadable> {
    let mut styles = HashMap::new();
    let mut current = None;
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| Unreadable::Broken)? {
            Event::Eof => return Ok(styles),
            Event::Start(element) | Event::Empty(element) => {
                let value = || attribute(&element, "val").unwrap_or_default();
                let style = match element.local_name().as_ref() {
                    "style" => {
                        current = attribute(&element, "styleId");
                        None
                    }
                    "name" => style_called(&value()),
                    "outlineLvl" => value().parse::<u8>().ok().filter(|level| *level < LEVELS).map(|_| Style::Heading),
                    _ => None,
                };
                if let (Some(style), Some(id)) = (style, &current) {
                    styles.entry(id.clone()).or_insert(style);
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}

fn style_called(name: &str) -> Option<Style> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(Style::Title);
    }
    let level = name.strip_prefix("heading")?.trim().parse::<u8>().ok()?;
    (1..=LEVELS).contains(&level).then_some(Style::Heading)
}

/// What was seen so far.
struct Walk {
    plain: Plain,
    styles: HashMap<String, Style>,
    title: Option<String>,
    words: String,
    style: Style,
    listed: bool,
    /// Depth of elements that hold text.
    in_text: usize,
    /// Depth of tables.
    in_table: usize,
    row: String,
    cells: usize,
}

impl Walk {
    fn new() -> Self {
        Self {
            plain: Plain::new(0),
            styles: HashMap::new(),
            title: None,
            words: String::new(),
            style: Style::Text,
            listed: false,
            in_text: 0,
            in_table: 0,
            row: String::new(),
            cells: 0,
        }
    }

    fn begins(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "t" => self.in_text += 1,
            "tbl" => self.in_table += 1,
            "pStyle" => {
                let id = attribute(element, "val").unwrap_or_default();
                let known = self.styles.get(&id).copied().or_else(|| style_called(&id));
                self.style = known.unwrap_or(self.style);
            }
            "outlineLvl" => {
                let level = attribute(element, "val").and_then(|level| level.parse::<u8>().ok());
                if level.is_some_and(|level| level < LEVELS) {
                    self.style = Style::Heading;
                }
            }
            "numPr" => self.listed = true,
            "tab" => self.words.push(' '),
            "br" | "cr" => self.words.push('\n'),
            "noBreakHyphen" => self.words.push('-'),
            _ => {}
        }
    }

    fn ends(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "t" => self.in_text = self.in_text.saturating_sub(1),
            "p" => self.paragraph_ends()?,
            "tc" if self.in_table > 0 => {
                self.cells = self.cells.checked_sub(1).ok_or(Unreadable::TooLarge)?;
                self.row.push('\t');
            }
            "tr" if self.in_table == 1 => self.row_ends()?,
            "tbl" => {
                self.in_table = self.in_table.saturating_sub(1);
                if self.in_table == 0 {
                    self.row_ends()?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn paragraph_ends(&mut self) -> Result<(), Unreadable> {
        let words = std::mem::take(&mut self.words);
        let (style, listed) = (self.style, self.listed);
        (self.style, self.listed) = (Style::Text, false);
        if words.trim().is_empty() {
            return Ok(());
        }
        if self.in_table > 0 {
            self.row.push_str(words.trim());
            self.row.push(' ');
            return if self.row.len() > ROW { self.row_ends() } else { Ok(()) };
        }
        match style {
            Style::Title | Style::Heading => {
                if self.title.is_none() && (style == Style::Title || self.plain.is_empty()) {
                    self.title = Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
                }
                self.plain.heading(&words)
            }
            Style::Text if listed => self.plain.item(&words),
            Style::Text => self.plain.paragraph(&words),
        }
    }

    fn row_ends(&mut self) -> Result<(), Unreadable> {
        let row = std::mem::take(&mut self.row);
        let cells: Vec<&str> = row.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
        self.plain.paragraph(&cells.join(" | "))
    }
}
