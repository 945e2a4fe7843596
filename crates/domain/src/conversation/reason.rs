//! Why a person is wanted.

use serde::{Deserialize, Serialize};

/// Why a person is wanted. The words, phrases and examples that belong to it are content of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The visitor asked in their own words.
    VisitorAsked,
    /// The visitor pressed `Talk to a person`.
    Button,
    /// The visitor's message means one of the owner's escalation intents.
    Intent,
    /// The AI said a watched phrase whose trigger says `Also request a person`.
    AiOutput,
    /// The AI had no answer, several times in a row.
    NoAnswer,
    /// The visitor is upset.
    Frustration,
    /// A rule of the Supervisor.
    Rule,
    /// The AI has answered as often as it may in one conversation.
    TurnLimit,
    /// No AI could answer.
    AiFailed,
    /// The AI promised a person: words and state never differ.
    AiPromised,
    /// The AI found that a person is needed and called one.
    AiAsked,
    /// Through the API.
    Api,
    /// The person in the live chat stayed silent or left.
    Released,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::VisitorAsked,
        Self::Button,
        Self::Intent,
        Self::AiOutput,
        Self::NoAnswer,
        Self::Frustration,
        Self::Rule,
        Self::TurnLimit,
        Self::AiFailed,
        Self::AiPromised,
        Self::AiAsked,
        Self::Api,
        Self::Released,
    ];

    /// Its name in the database, in figures and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::VisitorAsked => "visitor_asked",
            Self::Button => "button",
            Self::Intent => "intent",
            Self::AiOutput => "ai_output",
            Self::NoAnswer => "no_answer",
            Self::Frustration => "frustration",
            Self::Rule => "rule",
            Self::TurnLimit => "turn_limit",
            Self::AiFailed => "ai_failed",
            Self::AiPromised => "ai_promised",
            Self::AiAsked => "ai_asked",
            Self::Api => "api",
            Self::Released => "released",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Whether the visitor still has to be told: an AI that promised a person has told them itself, and somebody
    /// whose live chat was released has read the announcement of the one who left.
    pub(super) fn wants_acknowledgement(self) -> bool {
        !matches!(self, Self::AiPromised | Self::Released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.name()), Some(reason));
        }
        assert_eq!(Reason::named("boredom"), None);
    }
}
