//! Knowledge: the sources that a chatbot answers from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a source came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
}

/// How far a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// Waiting to be cut into chunks and indexed.
    Indexing,
    /// The AI answers from it.
    Ready,
    /// It could not be read; `error` says why.
    Failed,
}

/// One piece of knowledge, as the list shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Id.
    pub id: String,
    /// Where it came from.
    pub kind: SourceKind,
    /// Title, or the question of a Q&A pair.
    pub title: String,
    /// How far it is.
    pub status: SourceStatus,
    /// Why it failed, and what to do.
    pub error: Option<String>,
    /// The stable code of why it failed.
    pub error_code: Option<String>,
    /// Number of chunks in the index.
    pub chunks: u32,
    /// Those of them whose meaning was read; stays behind while it is being read, and is 0 without a local model.
    pub read: u32,
    /// Size of the text in bytes.
    pub bytes: u64,
    /// Its tags, by name.
    pub tags: Vec<String>,
    /// Unix milliseconds.
    pub updated_at: i64,
    /// What is read of it, and how far that is: of a web page or a website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SourceSite>,
}

/// How often a website is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteSchedule {
    /// When somebody says so.
    #[default]
    Never,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
}

/// What is read of a website, and how far that is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceSite {
    /// Where the reading begins.
    pub address: String,
    /// Pages at most.
    pub page_limit: u32,
    /// Only what is below the address.
    pub path_only: bool,
    /// How often it is read.
    pub schedule: SiteSchedule,
    /// Whether it is being read now.
    pub reading: bool,
    /// Pages on the list.
    pub found: u64,
    /// Pages that the AI answers from; while it is being read, those that were looked at in this reading.
    pub pages_read: u64,
    /// Pages that could not be read.
    pub failed: u64,
    /// Pages that are left out for a good reason.
    pub skipped: u64,
    /// What is to be known about the last reading, in words.
    pub notice: Option<String>,
    /// Its stable code.
    pub notice_code: Option<String>,
    /// When the last reading began, in Unix milliseconds.
    pub began_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// When the next one begins.
    pub next_at: Option<i64>,
}

/// How far a page of a website is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SitePageStatus {
    /// It is on the list.
    Waiting,
    /// The AI answers from it.
    Read,
    /// It is as it was: the AI answers from what was read before.
    Unchanged,
    /// It could not be read; `reason` says why.
    Failed,
    /// It is left out; `reason` says why.
    Skipped,
}

/// A page of a website.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SitePage {
    /// Its id: its passages are those of a source with this id.
    pub id: String,
    /// Its address.
    pub url: String,
    /// Its title; empty as long as it was not read.
    pub title: String,
    /// How far it is.
    pub status: SitePageStatus,
    /// Why it was not read, in words.
    pub reason: Option<String>,
    /// The stable code of why.
    pub code: Option<String>,
    /// Links between the first page and this one.
    pub depth: u32,
    /// When it was looked at last, in Unix milliseconds.
    pub read_at: Option<i64>,
}

/// A source with its whole text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceDetail {
    /// The entry of the list.
    #[serde(flatten)]
    pub source: Source,
    /// The text, or the answer of a Q&A pair.
    pub text: String,
}

/// A new source. Files go to `/sources/upload`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewSource {
    /// A question with its answer.
    Qa {
        /// Up to 500 characters.
        question: String,
        /// Up to 20,000 characters.
        answer: String,
    },
    /// Pasted text.
    Text {
        /// Up to 200 characters.
        title: String,
        /// Up to 1 MiB.
        text: String,
    },
    /// One page of a website, which is read.
    WebPage {
        /// Its address, with or without `https://`.
        address: String,
        /// How often it is read.
        #[serde(default)]
        schedule: SiteSchedule,
    },
    /// A website, which is read page by page.
    Website {
        /// The address of its first page or of a sitemap, with or without `https://`.
        address: String,
        /// Pages at most: from 1 to 5,000, and 500 when absent.
        #[serde(default)]
        page_limit: Option<u32>,
        /// Only what is below the address.
        #[serde(default)]
        path_only: bool,
        /// How often it is read.
        #[serde(default)]
        schedule: SiteSchedule,
    },
}

/// Changes to a source. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcePatch {
    /// Title, or the question.
    pub title: Option<String>,
    /// The text, or the answer. That of a website cannot be changed.
    pub text: Option<String>,
    /// Pages at most, of a website.
    pub page_limit: Option<u32>,
    /// Only what is below the address, of a website.
    pub path_only: Option<bool>,
    /// How often a web page or a website is read.
    pub schedule: Option<SiteSchedule>,
}

/// The tags of a source: these and no others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceTags {
    /// At most 20, each of at most 40 characters. They are kept in small letters.
    pub tags: Vec<String>,
}

/// A tag of a chatbot's sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagView {
    /// The tag.
    pub tag: String,
    /// How many sources have it.
    pub sources: u64,
}

/// How a passage came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PassageState {
    /// As it was cut from the source.
    Cut,
    /// Somebody wrote another text in its place.
    Changed,
    /// Somebody left it out: the AI does not find it.
    LeftOut,
    /// Somebody added it: it stands nowhere in the source.
    Added,
    /// A change that fits no more: the source has other words now. The AI finds what the source says.
    Unfit,
}

/// A piece of a source, as the AI finds it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PassageView {
    /// What it is called by in its own routes. Of a passage that was cut it stays as long as its words do.
    pub id: String,
    /// Its place in the source, from 1; 0 while the source is read again.
    pub place: u32,
    /// How it came about.
    pub state: PassageState,
    /// Title and headings above it, or the question.
    pub heading: String,
    /// Its text; of one that is left out, and of a change that fits no more, see `original`.
    pub text: String,
    /// The page that it begins on, in a source with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The text as it was cut, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

/// A passage to be added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassage {
    /// Heading below the title, up to 200 characters.
    #[serde(default)]
    pub heading: String,
    /// 1 to 4,000 characters.
    pub text: String,
    /// A page to cite.
    #[serde(default)]
    pub page: Option<u32>,
}

/// What is to become of a passage: exactly one of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassagePatch {
    /// Another text, 1 to 4,000 characters; the very text that was cut takes the change back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the AI does not find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<bool>,
}
