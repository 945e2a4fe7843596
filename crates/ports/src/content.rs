//! What people and the AI said: kept beside the log, where it can be emptied.

use std::{borrow::Cow, collections::BTreeMap};

use domain::{AgentId, PersonId, answering::Trouble};
use serde::{Deserialize, Serialize};

use crate::files::Attached;

/// A numbered mark in an answer, and what it points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The number in the text, `[1]`.
    pub number: u32,
    /// Title of the source.
    pub title: String,
    /// The heading in it, below the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The page that the passage begins on, in a document with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The address of the web page that it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The passage that the answer rests on.
    pub passage: String,
}

/// How the AI Supervisor came to what it did with a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// The agent that answered.
    pub agent: Option<AgentId>,
    /// Why this one.
    pub chosen: Chosen,
    /// The rule that decided, by name.
    pub rule: Option<String>,
    /// How sure it was that a person is wanted, in thousandths.
    pub wish: u16,
    /// The rule or the training example behind that.
    pub wish_example: Option<String>,
    /// The intents that came nearest, best first.
    pub intents: Vec<SeenIntent>,
    /// The passages that were found, best first.
    pub passages: Vec<SeenPassage>,
    /// The models that were heard; none when words alone were compared.
    pub models: Vec<String>,
    /// What the talk has given.
    pub variables: BTreeMap<String, String>,
}

/// Why an agent was chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// There is no other one.
    #[default]
    Only,
    /// A rule says so.
    Rule,
    /// The message means one of its intents.
    Intent,
    /// It has answered before, and no other one is meant.
    Stayed,
    /// Nobody is meant: the one with the greatest bias.
    First,
    /// The message is spam.
    Spam,
}

/// An intent as it was compared with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenIntent {
    /// Whose it is: an agent by id, or the hand-over.
    pub agent: Option<AgentId>,
    /// Name of the intent.
    pub name: String,
    /// The nearest example.
    pub example: String,
    /// How near, in thousandths.
    pub score: u16,
}

/// A passage as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPassage {
    /// Title of its source.
    pub title: String,
    /// How sure it is by its meaning, in thousandths; absent when only words were compared.
    pub score: Option<u16>,
}

/// How an answer was made. For collaborators only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Made {
    /// Which model wrote it.
    pub model: String,
    /// Tokens that the model read.
    pub input: u64,
    /// Tokens that it wrote.
    pub output: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub cost: u64,
    /// The functions that it called, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    /// Who was asked before and gave no answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
}

/// A model that gave no answer, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which model.
    pub model: String,
    /// What went wrong.
    pub trouble: Trouble,
    /// More about it, in a line.
    pub detail: String,
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
    /// A message with files.
    Files {
        /// Markdown; may be empty.
        text: String,
        /// The files, at least one.
        files: Vec<Attached>,
    },
    /// A visitor's message that came by mail.
    Mailed {
        /// As it was written; may be empty when there are files.
        text: String,
        /// What was attached to it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attached>,
    },
    /// A private note.
    Note {
        /// Markdown; may be empty when there are files.
        text: String,
        /// Who is mentioned in it.
        mentions: Vec<PersonId>,
        /// What is attached to it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attached>,
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
        /// It said that it does not know.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unknown: bool,
        /// How it came about, for collaborators.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Box<Why>>,
        /// How it was made, when a model of a provider had to do with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Made>,
    },
    /// What belongs to a request that was made because no AI could answer.
    Failure {
        /// The visitor's words that nobody could answer.
        words: Option<String>,
        /// Who was asked, in order.
        tried: Vec<Tried>,
        /// How it came about, for collaborators.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Box<Why>>,
        /// What was called and spent all the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Made>,
    },
    /// What belongs to a reason for a request.
    Reason {
        /// The visitor's words that caused it.
        words: Option<String>,
        /// The nearest example, or the rule that matched.
        matched: Option<String>,
        /// Name of the intent or rule; the watched phrase.
        name: Option<String>,
        /// How it came about, for collaborators.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Box<Why>>,
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
            Self::Note { mentions, files, .. } => Self::Note { text, mentions: mentions.clone(), files: files.clone() },
            Self::Files { files, .. } => Self::Files { text, files: files.clone() },
            _ => Self::Text { text },
        }
    }

    /// The text that people read, if there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text }
            | Self::Files { text, .. }
            | Self::Mailed { text, .. }
            | Self::Note { text, .. }
            | Self::Answer { text, .. } => Some(text),
            Self::Failure { .. } | Self::Reason { .. } | Self::Phrase { .. } | Self::Emptied => None,
        }
    }

    /// What belongs to a reason: the visitor's words, what matched, a name. When no AI could answer these are the first
    /// model that was asked, and what went wrong there.
    pub fn of_reason(&self) -> (Option<String>, Option<String>, Option<String>) {
        match self {
            Self::Reason { words, matched, name, .. } => (words.clone(), matched.clone(), name.clone()),
            Self::Phrase { phrase } => (None, None, Some(phrase.clone())),
            Self::Failure { words, tried, .. } => {
                let first = tried.first();
                let trouble = first.map(|tried| tried.trouble.code().to_owned());
                (words.clone(), trouble, first.map(|tried| tried.model.clone()))
            }
            _ => (None, None, None),
        }
    }

    /// The files in it.
    pub fn files(&self) -> &[Attached] {
        match self {
            Self::Files { files, .. } | Self::Mailed { files, .. } | Self::Note { files, .. } => files,
            _ => &[],
        }
    }

    /// Whether it came by mail.
    pub fn by_mail(&self) -> bool {
        matches!(self, Self::Mailed { .. })
    }

    /// The text, or in its place the names of the files: for whoever sees one line of it.
    pub fn in_a_line(&self) -> Option<Cow<'_, str>> {
        match self.text() {
            Some("") if !self.files().is_empty() => Some(Cow::Owned(self.names())),
            text => text.map(Cow::Borrowed),
        }
    }

    /// The text, and after it the names of the files: what is searched, and what a transcript holds.
    pub fn with_names(&self) -> Option<Cow<'_, str>> {
        match self.text() {
            Some(text) if !text.is_empty() && !self.files().is_empty() => {
                Some(Cow::Owned(format!("{text}\n[{}]", self.names())))
            }
            Some(_) if !self.files().is_empty() => Some(Cow::Owned(format!("[{}]", self.names()))),
            text => text.map(Cow::Borrowed),
        }
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.files().iter().map(|file| file.name.as_str()).collect();
        names.join(", ")
    }
}
