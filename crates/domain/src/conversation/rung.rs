//! The steps that are taken while a visitor waits for a person.

use serde::{Deserialize, Serialize};

/// A step that a timer takes while a visitor waits: somebody is called, or the visitor is told something. Each is taken
/// at most once for the same wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Nobody has come: those who were called first are called again.
    Again,
    /// Everybody who may answer is called, on all their devices.
    Team,
    /// The admins are called.
    Admins,
    /// Whoever listens outside is told: webhooks and chat apps.
    Outside,
    /// The visitor is told that a person is still looked for.
    FirstText,
    /// The visitor is told so once more.
    SecondText,
    /// The visitor is told honestly that nobody has come.
    Nobody,
    /// A live chat is silent: whoever has it is reminded.
    Remind,
    /// A live chat is silent: colleagues are called.
    Colleagues,
    /// A live chat is silent: the conversation waits for a person again.
    Release,
    /// Nobody was there when the request was made, and now somebody is: they are called for the first time.
    Opening,
}

/// Who is called by a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Circle {
    /// Those who were called first.
    Called,
    /// Everybody who may answer.
    Team,
    /// The admins and the owner.
    Admins,
    /// No person: what listens outside.
    Outside,
    /// Whoever has the live chat.
    Participants,
    /// Everybody who may answer and does not have the live chat.
    Colleagues,
}

/// What a rung does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It calls somebody.
    Calls(Circle),
    /// It tells the visitor something.
    Tells,
    /// It gives the live chat back.
    Releases,
}

impl Rung {
    /// All of them. The place in here is the place in [`Taken`]: it is stored, so it never changes.
    pub const ALL: [Self; 11] = [
        Self::Again,
        Self::Team,
        Self::Admins,
        Self::Outside,
        Self::FirstText,
        Self::SecondText,
        Self::Nobody,
        Self::Remind,
        Self::Colleagues,
        Self::Release,
        Self::Opening,
    ];

    /// What it does.
    pub fn step(self) -> Step {
        match self {
            Self::Again | Self::Opening => Step::Calls(Circle::Called),
            Self::Team => Step::Calls(Circle::Team),
            Self::Admins => Step::Calls(Circle::Admins),
            Self::Outside => Step::Calls(Circle::Outside),
            Self::FirstText | Self::SecondText | Self::Nobody => Step::Tells,
            Self::Remind => Step::Calls(Circle::Participants),
            Self::Colleagues => Step::Calls(Circle::Colleagues),
            Self::Release => Step::Releases,
        }
    }

    /// Its name in figures and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Team => "team",
            Self::Admins => "admins",
            Self::Outside => "outside",
            Self::FirstText => "first_text",
            Self::SecondText => "second_text",
            Self::Nobody => "nobody",
            Self::Remind => "remind",
            Self::Colleagues => "colleagues",
            Self::Release => "release",
            Self::Opening => "opening",
        }
    }

    /// Whether it belongs to a live chat in which nobody answers; else to a request that nobody has come to.
    pub fn is_of_silence(self) -> bool {
        matches!(self, Self::Remind | Self::Colleagues | Self::Release)
    }

    /// What it tells the visitor comes in place of these, which say less: whoever reads it needs them no more.
    pub(crate) fn outdates(self) -> &'static [Self] {
        match self {
            Self::SecondText => &[Self::FirstText],
            Self::Nobody => &[Self::FirstText, Self::SecondText],
            _ => &[],
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// The rungs that were taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Taken(u16);

impl Taken {
    /// Whether a rung was taken.
    pub fn has(self, rung: Rung) -> bool {
        self.0 & rung.bit() != 0
    }

    /// None was.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
    pub(super) fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// These, and one more.
    #[must_use]
    pub fn and(self, rung: Rung) -> Self {
        Self(self.0 | rung.bit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rung_has_a_place_of_its_own() {
        let mut taken = Taken::default();
        for (at, rung) in Rung::ALL.into_iter().enumerate() {
            assert_eq!(rung as usize, at);
            assert!(!taken.has(rung));
            taken = taken.and(rung);
            assert!(taken.has(rung));
        }
    }
}
