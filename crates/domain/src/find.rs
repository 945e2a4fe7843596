//! Finding words in what was said. Texts and searches are cut into the same folded words here, so that every engine finds
//! the same and a passage is marked where it was found.
//!
//! A word is a run of letters, digits and their marks, in lower case and without accents. In scripts without spaces every
//! character is a word of its own, so that a part of a run is found too.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::limits;

/// Longest word that is told apart from others, in characters.
const WORD_CHARS: usize = 64;
/// Most words of a text that are found: far more than a message may have.
const WORDS: usize = 16_000;
/// The last word of a search is taken for the beginning of a longer one from so many characters on.
const BEGINNING_CHARS: usize = 2;
/// How much of a text is shown around what was found, in characters.
const SHOWN: (usize, usize) = (50, 160);

/// A word of a text: where it stands, and its folded form.
type Place = (Range<usize>, String);

/// The words of a text in order, repeats included.
pub fn words(text: &str) -> Vec<String> {
    places(text).into_iter().map(|(_, word)| word).collect()
}

fn places(text: &str) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut open: Option<Place> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_joiner(c) {
            continue;
        }
        if !(c.is_alphanumeric() || is_combining_mark(c)) || stands_alone(c) {
            places.extend(open.take().filter(|(_, word)| !word.is_empty()));
            if stands_alone(c) {
                places.push((at..end, folded(c).collect()));
            }
        } else {
            let (range, word) = open.get_or_insert_with(|| (at..end, String::new()));
            range.end = end;
            let room = WORD_CHARS.saturating_sub(word.chars().count());
            word.extend(folded(c).take(room));
        }
        if places.len() >= WORDS {
            return places;
        }
    }
    places.extend(open.filter(|(_, word)| !word.is_empty()));
    places
}

/// A character in lower case, without accents.
fn folded(c: char) -> impl Iterator<Item = char> {
    let plain: &[char] = match c {
        'ß' | 'ẞ' => &['s', 's'],
        'æ' | 'Æ' => &['a', 'e'],
        'œ' | 'Œ' => &['o', 'e'],
        'ø' | 'Ø' => &['o'],
        'đ' | 'Đ' => &['d'],
        'ł' | 'Ł' => &['l'],
        'ı' | 'İ' => &['i'],
        _ => &[],
    };
    let other = plain.is_empty().then(|| std::iter::once(c).nfkd().filter(|c| !is_accent(*c)).nfc());
    let lower = other.into_iter().flatten().flat_map(char::to_lowercase);
    plain.iter().copied().chain(lower).filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
}

/// Marks that are often left out: accents, the points of Hebrew, the vowels of Arabic.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05c7}' | '\u{064b}'..='\u{0652}' | '\u{0670}')
}

/// Characters that join letters and are not seen.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Scripts without spaces between words, and Hangul, where endings follow the word at once; in any of their widths.
fn stands_alone(c: char) -> bool {
    is_unspaced(c) || std::iter::once(c).nfkc().any(is_unspaced)
}

fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e01}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}')
        && (c.is_alphanumeric() || is_combining_mark(c))
}

/// Words that have to follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Folded, at least one.
    pub words: Vec<String>,
    /// The last one may go on.
    pub goes_on: bool,
}

impl Phrase {
    fn starts(&self, places: &[Place]) -> bool {
        let Some(last) = self.words.len().checked_sub(1) else { return false };
        self.words.len() <= places.len()
            && self.words.iter().zip(places).enumerate().all(|(i, (wanted, (_, word)))| {
                word == wanted || (self.goes_on && i == last && word.starts_with(wanted.as_str()))
            })
    }
}

/// What somebody looks for: all of these phrases, anywhere in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Vec<Phrase>);

/// A part of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// As it was written, white space folded.
    pub text: String,
    /// It is what was looked for.
    pub found: bool,
}

impl Query {
    /// Reads what was typed: words, and phrases in quotes. The last word may be the beginning of one. Nothing when there
    /// is no word in it.
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.replace(['“', '”', '„', '«', '»'], "\"");
        let mut phrases: Vec<Phrase> = Vec::new();
        let mut left = limits::SEARCH.1;
        for (i, part) in typed.split('"').enumerate() {
            let quoted = i % 2 == 1;
            let runs: Vec<&str> = if quoted { vec![part] } else { part.split_whitespace().collect() };
            for run in runs {
                let mut words = words(run);
                words.truncate(left);
                left -= words.len();
                if !words.is_empty() {
                    phrases.push(Phrase { words, goes_on: false });
                }
            }
        }
        let ends_open = typed.chars().next_back().is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c));
        if let Some(last) = phrases.last_mut().filter(|_| ends_open) {
            let word = last.words.last().map_or("", String::as_str);
            last.goes_on = word.chars().count() >= BEGINNING_CHARS;
        }
        (!phrases.is_empty()).then_some(Self(phrases))
    }

    /// What has to be there.
    pub fn phrases(&self) -> &[Phrase] {
        &self.0
    }

    /// Where a text holds what is looked for, in order, without overlaps; empty unless all of it is there.
    fn found_in(&self, text: &str) -> Vec<Range<usize>> {
        let places = places(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for phrase in &self.0 {
            let before = found.len();
            for start in (0..places.len()).filter(|&start| phrase.starts(&places[start..])) {
                found.push(places[start].0.start..places[start + phrase.words.len() - 1].0.end);
            }
            if found.len() == before {
                return Vec::new();
            }
        }
        found.sort_by_key(|range| range.start);
        found.dedup_by(|next, one| {
            let meets = next.start <= one.end;
            if meets {
                one.end = one.end.max(next.end);
            }
            meets
        });
        found
    }

    /// The passage of a text around the first thing that was looked for, in parts; nothing unless all of it is there.
    pub fn passage(&self, text: &str) -> Option<Vec<Part>> {
        let found = self.found_in(text);
        let first = found.first()?.start;
        let back = |chars: usize| text[..first].char_indices().rev().take(chars).last().map_or(first, |(at, _)| at);
        let start = back(SHOWN.0);
        // From the beginning of a word on, where one is near.
        let start = match text[start..first].find(char::is_whitespace) {
            Some(space) if start > 0 => start + space,
            _ => start,
        };
        let end = text[first..].char_indices().nth(SHOWN.1).map_or(text.len(), |(at, _)| first + at);
        let mut parts = Vec::new();
        let mut add = |range: Range<usize>, found: bool| {
            let text = fold_spaces(&text[range]);
            if !text.is_empty() {
                parts.push(Part { text, found });
            }
        };
        let mut at = start;
        for range in found.into_iter().filter(|range| range.start < end) {
            add(at..range.start, false);
            at = range.end.max(at);
            add(range, true);
        }
        if at < end {
            add(at..end, false);
        }
        if start > 0
            && let Some(part) = parts.first_mut()
        {
            part.text = format!("…{}", part.text.trim_start());
        }
        if at.max(end) < text.len()
            && let Some(part) = parts.last_mut()
        {
            part.text = format!("{}…", part.text.trim_end());
        }
        Some(parts)
    }
}

/// White space as single spaces; those at the ends stay, because the parts stand beside each other.
fn fold_spaces(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            folded.push(c);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, text: &str, passage: Option<&str>) {
        let query = Query::read(typed).unwrap();
        let shown = query.passage(text).map(|parts| {
            parts.iter().map(|part| if part.found { format!("[{}]", part.text) } else { part.text.clone() }).collect()
        });
        assert_eq!(shown, passage.map(str::to_owned), "{typed} in {text}");
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(
            words("Straße, CAFÉ  e-mail: Ada@x.org 5kg"),
            ["strasse", "cafe", "e", "mail", "ada", "x", "org", "5kg"]
        );
        assert_eq!(words("返品したい"), ["返", "品", "し", "た", "い"]);
        assert_eq!(words("배송 ガス"), ["배", "송", "ガ", "ス"]);
        assert_eq!(words("हिन्दी नامه\u{200c}ای"), ["हिन्दी", "नامهای"]);
        assert_eq!(words(" -- … "), [""; 0]);
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(64)]);
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        check("parcel", "Where is my Parcel?", Some("Where is my [Parcel]?"));
        check("par", "Where is my parcel?", Some("Where is my [parcel]?"));
        check("par ", "Where is my parcel?", None);
        check("\"my parcel\"", "my parcel, not my other parcel", Some("[my parcel], not my other parcel"));
        check("parcel where", "Where is\nmy parcel?", Some("[Where] is my [parcel]?"));
        check("parcel lost", "Where is my parcel?", None);
        check("品し", "返品したい", Some("返[品し]たい"));
        check("ada@example", "Write to ada@example.com", Some("Write to [ada@example].com"));
        check("my \"par", "my parcel", Some("[my] [parcel]"));
        check("CAFE", "the café", Some("the [café]"));
        check("ヲ", "Aｦ", Some("A[ｦ]"));
    }

    #[test]
    fn a_long_text_is_cut_around_it() {
        let text = format!("{} needle {}", "hay ".repeat(100).trim(), "straw ".repeat(100).trim());
        let parts = Query::read("needle").unwrap().passage(&text).unwrap();
        assert!(parts[0].text.starts_with("…hay ") && parts[0].text.len() < 60, "{parts:?}");
        assert_eq!((parts[1].text.as_str(), parts[1].found), ("needle", true));
        assert!(parts[2].text.ends_with('…') && parts[2].text.len() < 170, "{parts:?}");
    }

    #[test]
    fn a_search_has_a_limit() {
        let query = Query::read(&"a b c ".repeat(50)).unwrap();
        assert_eq!(query.phrases().len(), limits::SEARCH.1);
        assert!(Query::read("\"\" !?").is_none());
        // One letter is not the beginning of everything.
        assert!(!Query::read("p").unwrap().phrases()[0].goes_on);
    }

    proptest::proptest! {
        #[test]
        fn a_word_of_a_text_is_found_in_it(text in ".{1,80}") {
            for (range, _) in places(&text) {
                let query = Query::read(&format!("{} ", &text[range])).unwrap();
                let parts = query.passage(&text).unwrap();
                proptest::prop_assert!(parts.iter().any(|part| part.found));
            }
        }

        #[test]
        fn nothing_typed_breaks_it(typed in ".{0,60}", text in ".{0,60}") {
            if let Some(query) = Query::read(&typed) {
                let _ = query.passage(&text);
            }
        }
    }
}
