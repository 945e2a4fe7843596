//! Watched phrases: what an owner wants to hear of when the AI says it.

use crate::normal;

/// Index of the first phrase that occurs in what the AI said.
///
/// Case, spacing and full-width forms do not matter; markdown marks and citations such as `[1]`
/// do not hide a phrase; a phrase matches whole words only, except in scripts written without
/// spaces. A phrase written without accents also finds the accented spelling, not the other way
/// round. Empty phrases never match.
pub fn watched<S: AsRef<str>>(text: &str, phrases: &[S]) -> Option<usize> {
    let exact = normal::plain(&bare(text));
    let loose = normal::without_accents(&exact);
    phrases.iter().position(|phrase| {
        let phrase = normal::plain(&bare(phrase.as_ref()));
        let accented = normal::without_accents(&phrase) != phrase;
        occurs(if accented { &exact } else { &loose }, &phrase)
    })
}

/// Text without markdown marks: emphasis, code, headings, citations and link targets go.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '[' => {
                if let Some(end) = citation(after) {
                    rest = &after[end..];
                    continue;
                }
            }
            ']' => {
                // "[text](address)": the text was copied already, the address goes.
                if let Some(end) = after.strip_prefix('(').and_then(|a| a.find(')')) {
                    rest = &after[end + 2..];
                    continue;
                }
            }
            '*' | '`' | '~' | '#' | '_' | '>' | '|' | '\\' => {}
            other => out.push(other),
        }
        // A mark between two words parts them only where a blank stood anyway; "snake_case" is
        // read the same in the phrase and in the text, so nothing is lost.
        rest = after;
    }
    out
}

/// Length of `1]` or `1, 2]` after an opening bracket.
fn citation(after: &str) -> Option<usize> {
    let end = after.find(']')?;
    let inside = &after[..end];
    let numbers = !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '^'));
    numbers.then_some(end + 1)
}

fn occurs(text: &str, phrase: &str) -> bool {
    let (Some(first), Some(last)) = (phrase.chars().next(), phrase.chars().next_back()) else {
        return false;
    };
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        parted(before, first) && parted(after, last)
    })
}

/// Is there a word boundary between a phrase's edge and what stands next to it?
fn parted(outside: Option<char>, edge: char) -> bool {
    let Some(outside) = outside else { return true };
    !edge.is_alphanumeric() || !outside.is_alphanumeric() || normal::is_unspaced(edge) || normal::is_unspaced(outside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, phrase: &str, expect: bool) {
        assert_eq!(watched(text, &[phrase]).is_some(), expect, "{phrase:?} in {text:?}");
    }

    #[test]
    fn marks_case_and_spacing_do_not_hide_a_phrase() {
        check("You get a **full\n refund** today.", "Full refund", true);
        check("a full [1] refund", "full refund", true);
        check("a full[2] refund", "full refund", true);
        check("a [full](https://example.org/x) refund", "full refund", true);
        check("# I don’t know", "i don't know", true);
        check("ｆｕｌｌ refund", "full refund", true);
        check("`rm -rf`", "rm -rf", true);
    }

    #[test]
    fn whole_words_only_where_words_are_parted() {
        check("refunds are paid", "refund", false);
        check("prerefund", "refund", false);
        check("refund.", "refund", true);
        check("全額返金します", "返金", true);
        check("100% sure", "100%", true);
        check("nothing", "", false);
        check("nothing", "  **  ", false);
    }

    #[test]
    fn accents_may_be_left_out_of_the_phrase_only() {
        check("Eine Rückerstattung folgt", "ruckerstattung", true);
        check("Eine Rückerstattung folgt", "Rückerstattung", true);
        check("publie sans accent", "publié", false);
    }

    #[test]
    fn the_first_phrase_of_the_list_is_named() {
        assert_eq!(watched("refund and lawyer", &["court", "lawyer", "refund"]), Some(1));
        assert_eq!(watched::<&str>("refund", &[]), None);
    }

    proptest! {
        #[test]
        fn never_panics_and_finds_itself(text in "\\PC{0,60}", phrase in "\\PC{0,12}") {
            let _ = watched(&text, &[&phrase]);
            let _ = watched(&format!("[{text}]({phrase}"), &[&phrase]);
        }

        #[test]
        fn a_phrase_of_words_is_found_between_blanks(phrase in "[a-z]{1,8}( [a-z]{1,8}){0,2}") {
            prop_assert_eq!(watched(&format!("so **{phrase}** it is"), &[&phrase]), Some(0));
        }
    }
}
