//! Does a message say yes or no to "Shall I bring in a person?"
//!
//! Only asked when the AI's last words were that offer: elsewhere "yes please" and "not now" mean something else.

use std::{collections::HashSet, sync::OnceLock};

use crate::normal;

const DATA: &str = include_str!("../data/affirmations.txt");
const DECLINES: &str = include_str!("../data/declines.txt");
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

/// Whether a message says no, not now or goodbye, and nothing else: "ok, not now, thanks".
pub fn declines(text: &str) -> bool {
    let Declines { no, around, longest } = declining();
    let folded = normal::folded(text);
    let words = normal::words(&folded);
    let (mut place, mut declined) = (0, false);
    while place < words.len() {
        // The longest phrase first: "no" is a part of "no need".
        let most = (words.len() - place).min(*longest);
        let known = (1..=most).rev().find_map(|length| {
            let phrase = words[place..place + length].join(" ");
            let says_no = no.contains(&phrase);
            (says_no || around.contains(&phrase)).then_some((length, says_no))
        });
        let Some((length, says_no)) = known else { return false };
        place += length;
        declined |= says_no;
    }
    declined
}

struct Declines {
    no: HashSet<String>,
    around: HashSet<String>,
    /// Words of the longest phrase.
    longest: usize,
}

fn declining() -> &'static Declines {
    static LISTS: OnceLock<Declines> = OnceLock::new();
    LISTS.get_or_init(|| {
        let (no, around) = DECLINES.split_once("# around").unwrap_or((DECLINES, ""));
        let (no, around) = (phrases(no), phrases(around));
        let longest = no.iter().chain(&around).map(|phrase| phrase.split(' ').count()).max().unwrap_or_default();
        Declines { no, around, longest }
    })
}

/// The phrases of a list, one a line, as messages are read.
fn phrases(list: &str) -> HashSet<String> {
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| normal::words(&normal::folded(line)).join(" ")).collect()
}

struct Lists {
    yes: HashSet<String>,
    but: HashSet<String>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let (yes, but) = DATA.split_once("# but").unwrap_or((DATA, ""));
        Lists { yes: phrases(yes), but: phrases(but) }
    })
}

#[cfg(test)]
mod tests {
    use super::{affirms, declines};

    #[test]
    fn no_not_now_and_goodbye_are_a_no_in_many_languages() {
        for text in [
            "no",
            "Nope!",
            "nah",
            "no thanks",
            "No, thank you.",
            "not now",
            "not today",
            "not necessary",
            "not really",
            "no thanks, never mind",
            "maybe later",
            "yes but not now",
            "ok no",
            "ok thanks bye",
            "stop",
            "nein danke",
            "ok danke tschüss",
            "jetzt nicht, vielen Dank",
            "no gracias",
            "vale gracias adiós",
            "ahora no",
            "non",
            "non merci",
            "pas maintenant",
            "c’est bon merci",
            "não, obrigado",
            "no grazie",
            "nee dank je",
            "nie, dziękuję",
            "нет, спасибо",
            "ні, дякую",
            "لا شكرا",
            "לא תודה",
            "नहीं, धन्यवाद",
            "không cần ạ",
            "不用了，谢谢",
            "いいえ、大丈夫です",
            "아니요 괜찮아요",
            "hayır teşekkürler",
            "tidak usah, terima kasih",
            "nej tack",
        ] {
            assert!(declines(text), "{text}");
        }
    }

    #[test]
    fn a_no_with_something_behind_it_is_heard_whole() {
        for text in [
            "",
            "thanks",
            "ok",
            "yes please",
            "no internet",
            "no, I want a person",
            "not a bot, a human",
            "stop my order",
            "never arrived",
            "later than Friday?",
            "nein, einen Menschen bitte",
            "no quiero un robot",
            "pas de réponse",
        ] {
            assert!(!declines(text), "{text}");
        }
    }

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
