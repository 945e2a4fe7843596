//! Labels: marks on conversations that a team agrees on.

use serde::{Deserialize, Serialize};

use crate::{
    limits,
    text::{self, InvalidText},
};

/// The colour of a label, by name: every theme has one of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelColor {
    /// Quiet.
    Grey,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
}

impl LabelColor {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Grey, Self::Red, Self::Orange, Self::Yellow, Self::Green, Self::Teal, Self::Blue, Self::Purple];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Purple => "purple",
        }
    }

    /// The colour of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.name() == name)
    }
}

/// The name of a label: one line that is not too long.
///
/// # Errors
/// What is wrong with it.
pub fn name(text: &str) -> Result<String, InvalidText> {
    text::line(text, limits::LABEL_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back_by_name() {
        for color in LabelColor::ALL {
            assert_eq!(LabelColor::named(color.name()), Some(color));
        }
        assert_eq!(LabelColor::named("pink"), None);
    }

    #[test]
    fn names_are_short_lines() {
        assert_eq!(name("  bug \n report "), Ok("bug report".to_owned()));
        assert_eq!(name("   "), Err(InvalidText::Empty));
        assert!(name(&"x".repeat(limits::LABEL_CHARS + 1)).is_err());
    }
}
