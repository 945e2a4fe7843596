//! What visitors think of a live chat once it is over.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    conversation::{Entry, Event},
    text::InvalidText,
};

/// How long a live chat may be rated after its end, in milliseconds: a week. A rating may be changed as long.
pub const RATE_WITHIN_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// Longest comment, in characters.
pub const COMMENT_CHARS: usize = 1_000;

/// How satisfied a visitor was, from 1 (not at all) to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl Score {
    /// The best one.
    pub const BEST: u8 = 5;

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Score {
    type Error = InvalidText;

    fn try_from(number: u8) -> Result<Self, InvalidText> {
        if (1..=Self::BEST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidText::Malformed("number from 1 to 5"))
        }
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// The end of a chat in which a person was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// `seq` of the end.
    pub seq: i64,
    /// When.
    pub at: Millis,
}

impl Ended {
    /// The end that an entry tells of, if it does.
    pub fn of(entry: &Entry) -> Option<Self> {
        let ends = matches!(entry.event, Event::LiveChatEnded { .. } | Event::Resolved { .. });
        ends.then_some(Self { seq: entry.seq, at: entry.at })
    }

    /// Whether it may be rated now.
    pub fn may_be_rated(&self, now: Millis) -> bool {
        now.since(self.at) <= RATE_WITHIN_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_scores_and_no_others() {
        let good: Vec<u8> = (0..=u8::MAX).filter(|number| Score::try_from(*number).is_ok()).collect();
        assert_eq!(good, [1, 2, 3, 4, 5]);
        assert_eq!(u8::from(Score(3)), 3);
    }
}
