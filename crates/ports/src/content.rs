//! What people and the AI said: kept beside the log, where it can be emptied.

use domain::PersonId;
use serde::{Deserialize, Serialize};

/// A numbered mark in an answer, and what it points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The number in the text, `[1]`.
    pub number: u32,
    /// Title of the source.
    pub title: String,
    /// The passage that the answer rests on.
    pub passage: String,
}

/// The content of one event. Stored as JSON; the log's envelope never holds any of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// A message, a note, an announcement or the requested message.
    Text {
        /// Markdown.
        text: String,
    },
    /// A private note.
    Note {
        /// Markdown.
        text: String,
        /// Who is mentioned in it.
        mentions: Vec<PersonId>,
    },
    /// An answer of the AI.
    Answer {
        /// Markdown with marks like `[1]`.
        text: String,
        /// What the marks point to.
        citations: Vec<Citation>,
        /// Name of the AI agent.
        agent: Option<String>,
        /// It asked whether a person should be brought in: a plain "yes" makes a request.
        offers_person: bool,
    },
    /// What belongs to a reason for a request.
    Reason {
        /// The visitor's words that caused it.
        words: Option<String>,
        /// The nearest example, or the rule that matched.
        matched: Option<String>,
        /// Name of the intent or rule; the watched phrase.
        name: Option<String>,
    },
    /// A watched phrase that the AI said.
    Phrase {
        /// The phrase as the owner wrote it.
        phrase: String,
    },
    /// Emptied: deleted, or the visitor was erased.
    Emptied,
}

impl Content {
    /// The same with another text, for what a person wrote.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        match self {
            Self::Note { mentions, .. } => Self::Note { text, mentions: mentions.clone() },
            _ => Self::Text { text },
        }
    }

    /// The text that people read, if there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text } | Self::Note { text, .. } | Self::Answer { text, .. } => Some(text),
            Self::Reason { .. } | Self::Phrase { .. } | Self::Emptied => None,
        }
    }
}
