//! Passages of a source as somebody wants them: another text for one, one that is left out, one that was added.
//!
//! A source is cut anew whenever it is read again. A change holds on to the very words that it was made for: where they
//! still stand it is made again, and where they do not it fits no more and is left to whoever made it.

use uuid::Uuid;

use crate::{
    limits,
    text::{self, InvalidText},
};

/// What stands for the words of a passage as it was cut.
pub type Mark = [u8; 16];

/// Longest text of a passage, in characters: none is cut longer either.
pub const TEXT_CHARS: usize = 4_000;
/// Longest heading of a passage that is added, in characters.
pub const HEADING_CHARS: usize = 200;
/// Most changes of one source. Whoever wants more writes another text.
pub const CHANGES: u64 = 500;
/// The greatest page that a passage can be said to stand on; documents have fewer.
pub const PAGES: u32 = 10_000;

/// A piece of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Title and headings above it.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// The page that it begins on.
    pub page: Option<u32>,
}

/// What somebody has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another text stands where this passage was cut.
    Rewritten {
        /// What it was made for.
        of: Mark,
        /// The text.
        text: String,
    },
    /// This passage is left out.
    LeftOut {
        /// What it was made for.
        of: Mark,
    },
    /// A passage that stands nowhere in the source. Its heading is what stands below the title.
    Added(Passage),
}

impl Change {
    /// The words that it was made for.
    #[must_use]
    pub fn of(&self) -> Option<Mark> {
        match self {
            Self::Rewritten { of, .. } | Self::LeftOut { of } => Some(*of),
            Self::Added(_) => None,
        }
    }
}

/// A passage that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place among all, from 1; what is left out has one, too.
    pub place: u32,
    /// The passage.
    pub passage: Passage,
    /// What stands for it as it was cut; nothing when it was added.
    pub mark: Option<Mark>,
    /// The change that made it so.
    pub change: Option<Uuid>,
}

/// What became of a source's passages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Those that are found, in their order.
    pub kept: Vec<Kept>,
    /// Where each change has taken hold first; nothing where it does not fit any more.
    pub places: Vec<(Uuid, Option<u32>)>,
}

/// Makes changes to passages as they were cut, in the order in which they stand; what was added comes behind them.
#[must_use]
pub fn applied(title: &str, cut: Vec<(Mark, Passage)>, changes: &[(Uuid, Change)]) -> Applied {
    let mut done =
        Applied { kept: Vec::with_capacity(cut.len()), places: changes.iter().map(|(id, _)| (*id, None)).collect() };
    let mut place = 0;
    for (mark, passage) in cut {
        place += 1;
        let found = changes.iter().position(|(_, change)| change.of() == Some(mark));
        if let Some(slot) = found.and_then(|at| done.places.get_mut(at)) {
            slot.1.get_or_insert(place);
        }
        let (passage, change) = match found.and_then(|at| changes.get(at)) {
            Some((_, Change::LeftOut { .. })) => continue,
            Some((id, Change::Rewritten { text, .. })) => (Passage { text: text.clone(), ..passage }, Some(*id)),
            Some((_, Change::Added(_))) | None => (passage, None),
        };
        done.kept.push(Kept { place, passage, mark: Some(mark), change });
    }
    for (at, (id, change)) in changes.iter().enumerate() {
        let Change::Added(added) = change else { continue };
        place += 1;
        if let Some(slot) = done.places.get_mut(at) {
            slot.1 = Some(place);
        }
        let passage = Passage { heading: below(title, &added.heading), ..added.clone() };
        done.kept.push(Kept { place, passage, mark: None, change: Some(*id) });
    }
    done
}

/// A heading below a title, as it stands above passages that were cut.
#[must_use]
pub fn below(title: &str, heading: &str) -> String {
    if heading.is_empty() || heading == title { title.to_owned() } else { format!("{title} › {heading}") }
}

/// Checks the text of a passage.
///
/// # Errors
/// What is wrong with it.
pub fn checked_text(words: &str) -> Result<String, InvalidText> {
    text::required(words, TEXT_CHARS)
}

/// Checks a passage that is to be added.
///
/// # Errors
/// The field at fault.
pub fn checked(passage: &Passage) -> Result<Passage, (&'static str, InvalidText)> {
    let heading = text::optional(&passage.heading, HEADING_CHARS).map_err(|cause| ("heading", cause))?;
    let text = checked_text(&passage.text).map_err(|cause| ("text", cause))?;
    if passage.page.is_some_and(|page| !(1..=PAGES).contains(&page)) {
        return Err(("page", InvalidText::Malformed("page: a number from 1 on")));
    }
    Ok(Passage { heading: heading.split_whitespace().collect::<Vec<_>>().join(" "), text, page: passage.page })
}

/// The tags of a source: in small letters, so that the same word is one tag however it was written; each once, by name.
///
/// # Errors
/// The place of the one at fault, and what is wrong with it; without a place there are too many.
pub fn tags(written: &[String]) -> Result<Vec<String>, (Option<usize>, InvalidText)> {
    let mut tags = Vec::with_capacity(written.len().min(limits::SOURCE_TAGS));
    for (at, tag) in written.iter().enumerate() {
        let tag = text::line(tag, limits::TAG_CHARS).map_err(|cause| (Some(at), cause))?;
        tags.push(tag.to_lowercase());
        if at > limits::SOURCE_TAGS * 4 {
            // However many of them are the same.
            return Err((None, InvalidText::Malformed("list: there are too many tags")));
        }
    }
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > limits::SOURCE_TAGS {
        return Err((None, InvalidText::Malformed("list: there are too many tags")));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(texts: &[&str]) -> Vec<(Mark, Passage)> {
        let passage = |text: &&str| {
            let mut mark = [0; 16];
            mark.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
            (mark, Passage { heading: "Hire".into(), text: (*text).into(), page: None })
        };
        texts.iter().map(passage).collect()
    }

    fn mark(text: &str) -> Mark {
        cut(&[text])[0].0
    }

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn texts(applied: &Applied) -> Vec<(u32, &str)> {
        applied.kept.iter().map(|kept| (kept.place, kept.passage.text.as_str())).collect()
    }

    #[test]
    fn changes_are_made_where_their_words_stand() {
        let added = Passage { heading: "Season".into(), text: "Open from May.".into(), page: Some(3) };
        let changes = [
            (id(1), Change::Rewritten { of: mark("canoes"), text: "Canoes cost 40.".into() }),
            (id(2), Change::LeftOut { of: mark("boots") }),
            (id(3), Change::Added(added)),
            (id(4), Change::LeftOut { of: mark("tents") }),
        ];
        let done = applied("Hire", cut(&["boots", "canoes", "paddles", "canoes"]), &changes);
        assert_eq!(
            texts(&done),
            [(2, "Canoes cost 40."), (3, "paddles"), (4, "Canoes cost 40."), (5, "Open from May.")]
        );
        assert_eq!(done.places, [(id(1), Some(2)), (id(2), Some(1)), (id(3), Some(5)), (id(4), None)]);
        assert_eq!(done.kept[0].mark, Some(mark("canoes")), "it is known again by the words that were cut");
        assert_eq!((done.kept[3].passage.heading.as_str(), done.kept[3].mark), ("Hire › Season", None));
        // The source has other words now: what was made for the old ones waits for somebody.
        let later = applied("Hire", cut(&["boots", "canoes for two"]), &changes);
        assert_eq!(texts(&later), [(2, "canoes for two"), (3, "Open from May.")]);
        assert_eq!(later.places[0], (id(1), None));
    }

    #[test]
    fn without_changes_everything_is_as_it_was_cut() {
        let done = applied("Hire", cut(&["boots", "boots"]), &[]);
        assert_eq!(texts(&done), [(1, "boots"), (2, "boots")]);
        assert!(done.places.is_empty() && done.kept.iter().all(|kept| kept.change.is_none()));
        assert_eq!(applied("Hire", Vec::new(), &[]), Applied::default());
    }

    #[test]
    fn tags_are_small_short_and_few() {
        let written = |all: &[&str]| tags(&all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
        assert_eq!(written(&["Returns", " hire ", "RETURNS"]).unwrap(), ["hire", "returns"]);
        assert_eq!(written(&["a", " "]).unwrap_err().0, Some(1));
        assert_eq!(written(&["a", &"x".repeat(limits::TAG_CHARS + 1)]).unwrap_err().0, Some(1));
        let many: Vec<String> = (0..=limits::SOURCE_TAGS).map(|number| number.to_string()).collect();
        assert_eq!(tags(&many).unwrap_err().0, None);
        assert!(tags(&many[1..]).is_ok());
    }

    #[test]
    fn what_is_added_has_a_text() {
        let with = |text: &str, page| checked(&Passage { heading: " Open \n hours ".into(), text: text.into(), page });
        assert_eq!(with("From nine.", Some(2)).unwrap().heading, "Open hours");
        assert_eq!(with("  ", None).unwrap_err().0, "text");
        assert_eq!(with("x", Some(0)).unwrap_err().0, "page");
        assert_eq!(with(&"x".repeat(TEXT_CHARS + 1), None).unwrap_err().0, "text");
    }
}
