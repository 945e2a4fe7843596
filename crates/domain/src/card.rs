//! The part of the hand-over card that a model writes: what the visitor wants, how they feel, and a first line.
//!
//! What a model says is a proposal of a machine about what strangers wrote. So it is held to a shape: the mood is one of a
//! few words, the texts are short and on one line.

use serde::{Deserialize, Serialize};

use crate::text;

/// Longest wish, in characters.
const WISH: usize = 300;
/// Longest first line, in characters.
const FIRST_LINE: usize = 500;

/// How a visitor seems to feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Nothing stands out.
    Calm,
    /// Glad.
    Pleased,
    /// Afraid of what may come.
    Worried,
    /// At a loss.
    Confused,
    /// Has tried for long and in vain.
    Frustrated,
    /// Angry.
    Angry,
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Calm, Self::Pleased, Self::Worried, Self::Confused, Self::Frustrated, Self::Angry];

    /// Its name, as models and the database know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Pleased => "pleased",
            Self::Worried => "worried",
            Self::Confused => "confused",
            Self::Frustrated => "frustrated",
            Self::Angry => "angry",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.into_iter().find(|mood| mood.name().eq_ignore_ascii_case(name))
    }
}

/// What a model writes on the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What the visitor wants, for the colleague.
    pub wish: String,
    /// How the visitor seems to feel; nothing when the model did not say it in one of our words.
    pub mood: Option<Mood>,
    /// What the colleague could write first, in the visitor's language; empty when there is nothing to propose.
    pub first_line: String,
}

impl Card {
    /// A card of what a model said; nothing when it does not say what the visitor wants.
    pub fn of(wish: &str, mood: &str, first_line: &str) -> Option<Self> {
        let wish = in_a_line(wish, WISH);
        let first_line = in_a_line(first_line, FIRST_LINE);
        (!wish.is_empty()).then(|| Self { wish, mood: Mood::named(mood), first_line })
    }
}

fn in_a_line(said: &str, max: usize) -> String {
    text::excerpt(&text::printable(said), max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_short_and_of_known_words() {
        let check = |wish: &str, mood: &str, expected: Option<(&str, Option<Mood>)>| {
            let card = Card::of(wish, mood, "  Hello,\n I am  on it. ");
            let card = card.as_ref();
            assert_eq!(card.map(|card| (card.wish.as_str(), card.mood)), expected, "{wish:?} {mood:?}");
            assert!(card.is_none_or(|card| card.first_line == "Hello, I am on it."));
        };
        check("Wants a refund.", "Angry", Some(("Wants a refund.", Some(Mood::Angry))));
        check(" Wants\na refund. ", "ready to pay anything", Some(("Wants a refund.", None)));
        check(" \n ", "calm", None);
        let long = Card::of(&"word ".repeat(500), "", "").unwrap();
        assert!(long.wish.chars().count() <= WISH + 1 && long.first_line.is_empty());
        for mood in Mood::ALL {
            assert_eq!(Mood::named(mood.name()), Some(mood));
        }
    }
}
