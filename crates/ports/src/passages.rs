//! Passages of sources: as they are found, as they were cut, and what somebody has changed in them; tags of sources.

use async_trait::async_trait;
use domain::{
    ChatbotId, Millis, PersonId, SourceId,
    passages::{Change, Mark, Passage},
};
use uuid::Uuid;

use crate::{Result, Scope, jobs::NewJob, sources::Source};

/// A passage of a source as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its place, from 1.
    pub place: u32,
    /// As it is found; as it was cut, when it is left out.
    pub passage: Passage,
    /// What stands for it as it was cut; nothing when it was added.
    pub mark: Option<Mark>,
    /// The change that made it so.
    pub change: Option<Uuid>,
    /// The text as it was cut, when another one stands there.
    pub original: Option<String>,
    /// It is not found.
    pub left_out: bool,
}

/// A change as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptChange {
    /// Its id.
    pub id: Uuid,
    /// What was changed.
    pub change: Change,
    /// The passage that it was made for, as it was cut; the passage itself when it was added.
    pub cut: Passage,
    /// Where it has taken hold; nothing where it does not fit any more.
    pub place: Option<u32>,
    /// Words that it is found by in the list of its source.
    pub terms: String,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Millis,
}

/// Passages.
#[async_trait]
pub trait Passages {
    /// The title of a chatbot's source; `NotFound` for any other.
    async fn source_title(&self, scope: Scope, chatbot: ChatbotId, source: SourceId) -> Result<String>;

    /// Passages of a source in their order, those that are left out among them, after a place. With `words` (the beginnings of
    /// terms) those that have all of them.
    async fn list_passages(
        &self,
        scope: Scope,
        source: SourceId,
        words: &[String],
        after: u32,
        limit: u32,
    ) -> Result<Vec<Listed>>;

    /// A passage as it was cut, with its place; also when something else stands there.
    async fn cut_passage(&self, scope: Scope, source: SourceId, mark: Mark) -> Result<Option<(u32, Passage)>>;

    /// Every change of a source, in the order in which they were made. There are [`domain::passages::CHANGES`] at most.
    async fn passage_changes(&self, scope: Scope, source: SourceId) -> Result<Vec<KeptChange>>;

    /// Changes that do not fit any more, by id.
    async fn unfit_changes(
        &self,
        scope: Scope,
        source: SourceId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<KeptChange>>;

    /// Keeps a change, in the place of an earlier one of the same passage, with the job that reads the source again: its
    /// version rises. False when there are `most` already, `NotFound` for a website: its pages have the passages.
    async fn put_change(
        &self,
        scope: Scope,
        source: SourceId,
        change: KeptChange,
        most: u64,
        job: NewJob,
    ) -> Result<bool>;

    /// Takes a change back, with the job that reads the source again. `NotFound` when it is not there.
    async fn drop_change(&self, scope: Scope, source: SourceId, change: Uuid, at: Millis, job: NewJob) -> Result<()>;

    /// Notes where changes have taken hold in a source made from `version`. Nothing happens when it changed since.
    async fn settle_changes(
        &self,
        scope: Scope,
        source: SourceId,
        version: i64,
        places: Vec<(Uuid, Option<u32>)>,
    ) -> Result<()>;

    /// Gives a copy of a source the tags and the changes of the original, each change under a new id, with the job that reads
    /// it. What is there already stays.
    async fn copy_marks(
        &self,
        scope: Scope,
        from: SourceId,
        to: SourceId,
        changes: Vec<(Uuid, Uuid)>,
        job: NewJob,
    ) -> Result<()>;
}

/// Tags of sources.
#[async_trait]
pub trait Tags {
    /// The tags of these sources, by name.
    async fn tags_of(&self, scope: Scope, sources: &[SourceId]) -> Result<Vec<(SourceId, String)>>;

    /// Gives a source these tags and no others.
    async fn set_tags(&self, scope: Scope, source: SourceId, tags: &[String]) -> Result<()>;

    /// The tags of a chatbot with the number of their sources, by name, after the last one seen.
    async fn tags(&self, scope: Scope, chatbot: ChatbotId, after: &str, limit: u32) -> Result<Vec<(String, u64)>>;

    /// A page of the sources with a tag, newest first: as [`crate::sources::Sources::sources`].
    async fn sources_tagged(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        tag: &str,
        before: Option<(Millis, SourceId)>,
        limit: u32,
    ) -> Result<Vec<Source>>;

    /// The sources of a chatbot that have any of these tags, at most `limit`.
    async fn tagged(&self, scope: Scope, chatbot: ChatbotId, tags: &[String], limit: u32) -> Result<Vec<SourceId>>;
}
