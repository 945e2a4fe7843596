//! Is a visitor upset? Phrases of people who have had enough, shouting, and the same question once more.

use std::sync::OnceLock;

use crate::{
    normal,
    pattern::{Lists, Pattern},
    sheet,
};

const DATA: &str = include_str!("../data/frustration.txt");
/// Messages that are looked at, the newest ones.
const MESSAGES: usize = 4;
/// From this sum on a visitor counts as upset.
const UPSET: u32 = 2;
/// Letters that a message needs to be a shout.
const SHOUT_LETTERS: usize = 12;
/// Words that two messages share of all they have, to be the same question in per cent.
const SAME: usize = 80;
/// Words of a message that can be a question asked again; "ok" twice is none.
const SAME_WORDS: usize = 4;

/// What shows that a visitor is upset, as it was written; nothing when they are not. `messages` are the visitor's since
/// the AI has the conversation, oldest first.
pub fn upset<S: AsRef<str>>(messages: &[S]) -> Option<String> {
    let recent = &messages[messages.len().saturating_sub(MESSAGES)..];
    let (newest, before) = recent.split_last()?;
    let newest = newest.as_ref();
    let now = weight(newest) + u32::from(before.iter().any(|said| same(said.as_ref(), newest)));
    let earlier: u32 = before.iter().map(|said| weight(said.as_ref()).min(1)).sum();
    // The newest message has to show it: who was upset and then thanks is upset no more.
    (now > 0 && now + earlier >= UPSET).then(|| newest.to_owned())
}

/// 2 for a strong phrase, 1 for a weak one or a shout.
fn weight(text: &str) -> u32 {
    let patterns = built_in();
    let mut strongest = u32::from(shouts(text));
    for clause in normal::clauses(text) {
        let folded = normal::folded(&clause);
        let words = normal::words(&folded);
        let any = |of: &[Pattern]| of.iter().any(|pattern| pattern.occurs(&words));
        if any(&patterns.not) {
            continue;
        }
        if any(&patterns.strong) {
            return 2;
        }
        strongest = strongest.max(u32::from(any(&patterns.weak)));
    }
    strongest
}

/// Mostly capitals, and more than one word of them: "HELLO" is none, and neither is an order number.
fn shouts(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_uppercase() || c.is_lowercase());
    let (all, large) = letters.fold((0, 0), |(all, large), c| (all + 1, large + usize::from(c.is_uppercase())));
    let words = text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_uppercase()).count() > 1);
    all >= SHOUT_LETTERS && large * 10 >= all * 9 && words.count() > 2 && text.contains('!')
}

/// Whether somebody asks the same once more.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (normal::folded(one), normal::folded(other));
    let (a, b) = (normal::words(&one), normal::words(&other));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    a.len().min(b.len()) >= SAME_WORDS && shared * 100 >= SAME * a.len().max(b.len())
}

struct Patterns {
    strong: Vec<Pattern>,
    weak: Vec<Pattern>,
    not: Vec<Pattern>,
}

fn built_in() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let sheet = sheet::read(DATA);
        let lists = Lists::of(&sheet);
        let of = |header: &str| {
            let sections = sheet.sections.iter().filter(|section| section.header == header);
            sections.flat_map(|section| &section.lines).map(|line| lists.pattern(line)).collect()
        };
        Patterns { strong: of("strong"), weak: of("weak"), not: of("not") }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(messages: &[&str], expect: bool) {
        assert_eq!(upset(messages).is_some(), expect, "{messages:?}");
    }

    #[test]
    fn one_strong_word_is_enough() {
        for text in [
            "This is a complete waste of my time",
            "you are so useless",
            "I'm really fed up with this",
            "How many times do I have to explain it?",
            "wtf",
            "Das ist eine Frechheit!",
            "Ich habe die Nase voll.",
            "estoy harta de esto",
            "J'en ai marre",
            "非常生气，受够了",
            "Ik ben het zat",
        ] {
            check(&[text], true);
        }
    }

    #[test]
    fn weak_signs_have_to_come_together() {
        check(&["that doesn't help"], false);
        check(&["where is my parcel", "that doesn't help", "that's not what I asked"], true);
        check(&["where is my parcel", "WHERE IS MY PARCEL NOW???!"], true);
        check(&["hello", "WHERE IS MY PARCEL NOW???!"], false);
        check(&["where is my parcel now", "you don't understand", "where is my parcel now"], true);
        check(&["WHY DOES NOBODY ANSWER ME!", "that does not help"], true);
    }

    #[test]
    fn ordinary_messages_are_not_upset() {
        for text in [
            "",
            "Hello, where is my order?",
            "My order arrived damaged, what can I do?",
            "the lamp is broken",
            "I'm not angry, just curious",
            "HELLO",
            "ORDER AB-1234 STATUS",
            "Is it useful?",
            "Is this for the first time buyers?",
            "I ordered it twice by mistake",
            "Vielen Dank, kein Problem",
            "gracias",
        ] {
            check(&[text], false);
        }
        check(&["you are useless", "sorry, thank you"], false);
        check(&["ok", "ok"], false);
    }

    proptest! {
        #[test]
        fn any_texts_get_an_answer(texts in proptest::collection::vec("\\PC{0,80}", 0..6)) {
            let _ = upset(&texts);
        }
    }
}
