//! Finding knowledge, and what was said.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ChatbotId, LabelId, Millis, PersonId, SourceId, conversation::Standing, find::Query};

use crate::{
    Result, Scope,
    content::Citation,
    conversations::{Logged, Row, Viewpoint, VisitorFacts},
};

/// A chunk that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Its source.
    pub source: SourceId,
    /// Title of the source.
    pub title: String,
    /// The heading above it, or the question.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// The page that it begins on.
    pub page: Option<u32>,
    /// The address of the web page that it stands on.
    pub url: Option<String>,
    /// How well it fits, greater is better; comparable within one search only.
    pub score: f64,
    /// Number of the chunk.
    pub chunk: i64,
    /// How sure it is by its meaning that it answers the question, 0 to 1; absent when only words were compared.
    pub fits: Option<f32>,
}

impl Passage {
    /// The citation of it under a number.
    pub fn citation(&self, number: u32) -> Citation {
        // The title stands in front of the heading already.
        let below = self.heading.strip_prefix(&self.title).unwrap_or(&self.heading);
        let heading = below.trim_start_matches([' ', '›']);
        let heading = (!heading.is_empty()).then(|| heading.to_owned());
        Citation {
            number,
            title: self.title.clone(),
            heading,
            page: self.page,
            url: self.url.clone(),
            passage: self.text.clone(),
        }
    }
}

/// Full-text search over chunks.
#[async_trait]
pub trait KnowledgeIndex {
    /// The chunks of a chatbot that hold most of the words, best first; with `only`, those of these sources. Words are
    /// compared whole with the terms of the chunks; nothing in them is syntax.
    async fn search_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        words: &[String],
        only: Option<&[SourceId]>,
        limit: u32,
    ) -> Result<Vec<Passage>>;

    /// In how many chunks of a chatbot each word occurs, in the order given, and how many chunks there are.
    async fn word_counts(&self, scope: Scope, chatbot: ChatbotId, words: &[String]) -> Result<(Vec<u64>, u64)>;
}

/// What search is narrowed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only conversations of this standing.
    pub standing: Option<Standing>,
    /// Only of this chatbot.
    pub chatbot: Option<ChatbotId>,
    /// Only with this label.
    pub label: Option<LabelId>,
    /// Only what this person wrote, takes part in or is assigned to.
    pub person: Option<PersonId>,
    /// Only from then on.
    pub since: Option<Millis>,
    /// Only before then.
    pub until: Option<Millis>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The conversation.
    pub row: Arc<Row>,
    /// The entry of its log with its text, when it is the text that was found.
    pub entry: Option<Logged>,
    /// What is known of the visitor, when it is the visitor who was found.
    pub visitor: Option<VisitorFacts>,
}

/// A page of what was found, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundPage {
    /// The entries. There may be fewer than were asked for while more are to come: a search ends its page after so many
    /// looks.
    pub items: Vec<Found>,
    /// Where the next page begins; nothing when there is none.
    pub next: Option<i64>,
}

/// Search over conversations. What was written is found from its commit on, and what was deleted is not, from its commit
/// on.
#[async_trait]
pub trait ConversationIndex {
    /// Texts of visitors, the AI and collaborators, notes too, that hold what is looked for.
    async fn find_texts(
        &self,
        scope: Scope,
        view: Viewpoint,
        query: &Query,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage>;

    /// Conversations of visitors by name, e-mail address or the website's id of them.
    async fn find_visitors(
        &self,
        scope: Scope,
        view: Viewpoint,
        query: &Query,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage>;

    /// Conversations without looking for words.
    async fn find_rows(
        &self,
        scope: Scope,
        view: Viewpoint,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage>;

    /// Other chats of a conversation's visitor, newest first: of the same visitor, and of those who left or were given the
    /// same e-mail address.
    async fn past_chats(
        &self,
        scope: Scope,
        view: Viewpoint,
        of: &Row,
        email: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Arc<Row>>>;

    /// Takes in a slice of what was said before there was a search; false when nothing is left.
    async fn fill_search(&self) -> Result<bool>;
}
