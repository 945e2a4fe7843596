//! Does a message say yes to "Shall I bring in a person?"
//!
//! Only asked when the AI's last words were that offer: elsewhere "yes please" means something else.

use std::{collections::HashSet, sync::OnceLock};

use crate::normal;

const DATA: &str = include_str!("../data/affirmations.txt");
/// A longer message says more than yes and is judged as any other.
const MOST_WORDS: usize = 6;
/// In scripts without spaces every character is a word; a real one has about two.
const CHARACTERS_A_WORD: usize = 2;

/// Whether a short message says yes.
pub fn affirms(text: &str) -> bool {
    let lists = lists();
    let folded = normal::folded(text);
    let words = normal::words(&folded);
    let unspaced = words.iter().filter(|word| word.starts_with(normal::is_unspaced)).count();
    let length = words.len() - unspaced + unspaced.div_ceil(CHARACTERS_A_WORD);
    if words.is_empty() || length > MOST_WORDS || words.iter().any(|word| lists.but.contains(*word)) {
        return false;
    }
    (1..=words.len()).any(|end| lists.yes.contains(&words[..end].join(" ")))
}

struct Lists {
    yes: HashSet<String>,
    but: HashSet<String>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let (yes, but) = DATA.split_once("# but").unwrap_or((DATA, ""));
        let read = |part: &str| {
            let phrases = part.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
            phrases.map(|line| normal::words(&normal::folded(line)).join(" ")).collect()
        };
        Lists { yes: read(yes), but: read(but) }
    })
}

#[cfg(test)]
mod tests {
    use super::affirms;

    #[test]
    fn a_short_yes_is_a_yes_in_many_languages() {
        for text in [
            "Yes",
            "yes please!",
            "YEAH",
            "ok",
            "Ja, bitte",
            "gerne",
            "Sí, por favor",
            "oui s'il vous plaît",
            "好的",
            "Yesss",
            "sim, por favor",
            "sì grazie",
            "ja graag",
            "tak, poproszę",
            "да, пожалуйста",
            "так, будь ласка",
            "نعم من فضلك",
            "כן בבקשה",
            "हाँ जी",
            "haan please",
            "vâng ạ",
            "はい、お願いします",
            "네 부탁드려요",
            "evet lütfen",
            "iya kak",
            "ja tack",
        ] {
            assert!(affirms(text), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "no",
            "no thanks",
            "not yet please",
            "yes but not now",
            "nein danke",
            "ok how long is the warranty",
            "yes I would like to know how I can return the shoes that I bought",
            "blue",
            "não, obrigado",
            "nee dank je",
            "nie, dziękuję",
            "нет, спасибо",
            "لا شكرا",
            "नहीं",
            "không cần ạ",
            "いいえ",
            "아니요",
            "hayır",
        ] {
            assert!(!affirms(text), "{text}");
        }
    }
}
