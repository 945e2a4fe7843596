//! Sources of knowledge and their chunks.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, SourceId, documents::DocumentKind, passages::Mark};
use uuid::Uuid;

use crate::{
    Result, Scope,
    jobs::NewJob,
    requests::{Creation, RequestKey},
    vectors::Digest,
};

/// Where a source came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A question with its answer.
    Qa,
    /// Pasted text.
    Text,
    /// An uploaded file.
    File,
    /// One page of a website.
    WebPage,
    /// A website, or a part of one.
    Website,
    /// A page that belongs to one of the two before: never shown by itself.
    Page,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Qa, Self::Text, Self::File, Self::WebPage, Self::Website, Self::Page];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Qa => "qa",
            Self::Text => "text",
            Self::File => "file",
            Self::WebPage => "web_page",
            Self::Website => "website",
            Self::Page => "page",
        }
    }

    /// Whether it is read from the web, page by page.
    pub fn is_web(self) -> bool {
        matches!(self, Self::WebPage | Self::Website)
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How far a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceStatus {
    /// Waiting to be indexed.
    Indexing,
    /// The AI answers from it.
    Ready,
    /// It could not be read, and why.
    Failed(Trouble),
}

/// Why a source could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A stable code.
    pub code: String,
    /// What happened and what to do, for its owner.
    pub words: String,
}

/// A source without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Id.
    pub id: SourceId,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Where it came from.
    pub kind: SourceKind,
    /// Title, or the question.
    pub title: String,
    /// How far it is.
    pub status: SourceStatus,
    /// Chunks in the index.
    pub chunks: u32,
    /// Those of them whose meaning was read.
    pub read: u32,
    /// Size of the text in bytes.
    pub bytes: u64,
    /// Rises with every change of title or text: what was made from an older one is thrown away.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Millis,
    /// What it is, as long as it is a document that nobody has read: its text is still in an object.
    pub original: Option<DocumentKind>,
}

/// A chunk of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The heading above it, or the question.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// The page that it begins on.
    pub page: Option<u32>,
    /// Words that the heading is found by, as a question's words are made: folded, stemmed, parted by spaces.
    pub heading_terms: String,
    /// Words that the text is found by.
    pub terms: String,
    /// What stands for heading and text: the vector of a text that was there before is used again.
    pub digest: Digest,
    /// Its place in the source, from 1. There may be gaps: what is left out keeps its own.
    pub place: u32,
    /// What stands for its words as they were cut; nothing when it was added.
    pub mark: Option<Mark>,
    /// The change that made it what it is.
    pub change: Option<Uuid>,
}

/// Sources and their chunks.
#[async_trait]
pub trait Sources {
    /// Stores a new source with its job, in one transaction; with a key, once. One of this id that is there already stays as
    /// it is ([`Creation::MadeBefore`]). A document has no job yet: it gets one when its bytes are there.
    async fn add_source(
        &self,
        scope: Scope,
        source: &Source,
        text: &str,
        job: Option<NewJob>,
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// Stores a changed title and text with their job, in one transaction. `source.version` is the new version: when it is not
    /// the next one, somebody else has changed the source ([`crate::Fault::Conflict`]) or removed it
    /// ([`crate::Fault::NotFound`]). The status becomes `Indexing`; old chunks stay until new ones replace them.
    async fn change_source(&self, scope: Scope, source: &Source, text: &str, job: NewJob) -> Result<()>;

    /// Keeps what was read of a document made from `version`: title and text, in bytes as they are; it is a document no
    /// more. False when the source changed since.
    async fn keep_text(&self, scope: Scope, id: SourceId, version: i64, title: &str, text: &str) -> Result<bool>;

    /// Documents that are not read and were not touched since `before`, of all workspaces, the oldest first.
    async fn forgotten_documents(&self, before: Millis, limit: u32) -> Result<Vec<(Scope, SourceId)>>;

    /// A page of sources, newest first: those before `before` (time of change and id of the last one seen).
    async fn sources(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, SourceId)>,
        limit: u32,
    ) -> Result<Vec<Source>>;

    /// How many sources a chatbot has.
    async fn count_sources(&self, scope: Scope, chatbot: ChatbotId) -> Result<u64>;

    /// A source with its text.
    async fn source(&self, scope: Scope, id: SourceId) -> Result<(Source, String)>;

    /// Removes a source and its chunks.
    async fn delete_source(&self, scope: Scope, id: SourceId) -> Result<()>;

    /// Replaces the chunks of a source made from `version` and sets its status and its language. False when the source
    /// changed since.
    async fn index_source(
        &self,
        scope: Scope,
        id: SourceId,
        version: i64,
        outcome: std::result::Result<Vec<Chunk>, Trouble>,
        language: Option<&str>,
    ) -> Result<bool>;
}
