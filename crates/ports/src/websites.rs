//! Websites that are read for knowledge, and their pages.
//!
//! A website is a source without a text of its own; each page that was read is a source below it, under the page's id. A
//! reading has a number: whoever works for an earlier one changes nothing any more.

use async_trait::async_trait;
use domain::{
    ChatbotId, Millis, SourceId,
    websites::{PageStatus, Plan, Reason},
};

use crate::{
    Result, Scope,
    jobs::NewJob,
    requests::{Creation, RequestKey},
    sources::{Source, SourceKind, Trouble},
};

/// How many pages are how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageCounts {
    /// On the list.
    pub found: u64,
    /// Read in this reading, or found as they were.
    pub read: u64,
    /// Could not be read.
    pub failed: u64,
    /// Left out for a good reason.
    pub skipped: u64,
}

/// A website, and how far its reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Website {
    /// Its source.
    pub source: SourceId,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// One page or many.
    pub kind: SourceKind,
    /// What is read of it, and how often.
    pub plan: Plan,
    /// Where the address has led to.
    pub base: String,
    /// The number of the reading.
    pub run: i64,
    /// Whether it is being read.
    pub reading: bool,
    /// What the reading has to remember, in its own form.
    pub state: String,
    /// Bytes that came in this reading.
    pub bytes: u64,
    /// What is to be known about the reading.
    pub notice: Option<Reason>,
    /// When the reading began.
    pub began_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// When the next one begins.
    pub next_at: Option<Millis>,
    /// Its pages.
    pub pages: PageCounts,
}

/// A page of a website.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebPage {
    /// Its id, and that of the source below the website's.
    pub id: SourceId,
    /// Its address.
    pub url: String,
    /// Its title; empty as long as it was not read.
    pub title: String,
    /// Links between the first page and this one.
    pub depth: u32,
    /// Its place on the list.
    pub place: i64,
    /// What came of it when it was looked at last.
    pub status: PageStatus,
    /// Why.
    pub reason: Option<Reason>,
    /// The reading that looked at it last.
    pub run: i64,
    /// How often it was begun in this reading without an end.
    pub tries: u32,
    /// How often in a row it was gone.
    pub gone: u32,
    /// What stands for the text that is in the knowledge; nothing when none of it is.
    pub digest: Option<Vec<u8>>,
    /// What stands for this version of it.
    pub etag: Option<String>,
    /// When it was changed, as its server named it.
    pub last_modified: Option<String>,
    /// When it was looked at last.
    pub read_at: Option<Millis>,
}

/// An address that goes on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The id of the page.
    pub id: SourceId,
    /// What is the same for all addresses of the page.
    pub key: String,
    /// Its address.
    pub url: String,
    /// Links between the first page and it.
    pub depth: u32,
    /// Why it is left out at once, if it is.
    pub skipped: Option<Reason>,
}

/// What a reading has to remember of its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where the address has led to, when that is another place than before.
    pub base: Option<String>,
    /// What it remembers, in its own form.
    pub state: String,
    /// What the website lets robots read; empty: it is to be asked anew.
    pub robots: Option<String>,
    /// Bytes that came.
    pub bytes: u64,
    /// What is to be known about it.
    pub notice: Option<Reason>,
}

/// What putting addresses on the list has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// All are on it.
    All,
    /// There was no room for all.
    Full,
    /// The reading is over: nothing has changed.
    Over,
}

/// When a reading may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// Now.
    Now,
    /// When it was set for this time, and still is.
    Due(Millis),
}

/// How a reading ends.
#[derive(Debug, Clone)]
pub struct Ending {
    /// When.
    pub at: Millis,
    /// When the next one begins, with the job for it.
    pub next: Option<(Millis, NewJob)>,
    /// What is to be known about it.
    pub notice: Option<Reason>,
    /// What the source says when no page of it is in the knowledge.
    pub nothing: Trouble,
}

/// Websites and their pages.
#[async_trait]
pub trait Websites {
    /// Stores a new source with its plan, and the job that begins its first reading at the time named; with a key, once.
    async fn add_website(
        &self,
        scope: Scope,
        source: &Source,
        plan: &Plan,
        first: (Millis, NewJob),
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// A website.
    async fn website(&self, scope: Scope, id: SourceId) -> Result<Website>;

    /// Those of these sources that are websites.
    async fn websites(&self, scope: Scope, ids: &[SourceId]) -> Result<Vec<Website>>;

    /// How many pages the websites of a chatbot may have together, one left out.
    async fn pages_allowed(&self, scope: Scope, chatbot: ChatbotId, but: Option<SourceId>) -> Result<u64>;

    /// Changes the plan, all but its address, and the time of the next reading with the job for it.
    async fn change_plan(&self, scope: Scope, id: SourceId, plan: &Plan, next: Option<(Millis, NewJob)>) -> Result<()>;

    /// Changes the title of a website's source.
    async fn rename_website(&self, scope: Scope, id: SourceId, title: &str, at: Millis) -> Result<()>;

    /// Begins a reading with its first page; the job is told its number. Nothing when one is going on, or when it is not due.
    async fn begin_reading(
        &self,
        scope: Scope,
        id: SourceId,
        begin: Begin,
        now: Millis,
        first: Found,
        job: NewJob,
    ) -> Result<Option<i64>>;

    /// Remembers how far a reading is; false when it is over.
    async fn note_reading(&self, scope: Scope, id: SourceId, run: i64, progress: Progress) -> Result<bool>;

    /// What the website lets robots read, as it was remembered.
    async fn robots(&self, scope: Scope, id: SourceId) -> Result<Option<String>>;

    /// Ends a reading and says what came of the source; false when it was over.
    async fn end_reading(&self, scope: Scope, id: SourceId, run: i64, ending: Ending) -> Result<bool>;

    /// The next pages of a reading: first the first, then those that were never looked at, by depth.
    async fn next_pages(&self, scope: Scope, id: SourceId, run: i64, limit: u32) -> Result<Vec<WebPage>>;

    /// The keys of all pages on the list.
    async fn page_keys(&self, scope: Scope, id: SourceId) -> Result<Vec<String>>;

    /// A page by its key.
    async fn page_by_key(&self, scope: Scope, id: SourceId, key: &str) -> Result<Option<WebPage>>;

    /// Whether another page of the website says the same.
    async fn says_the_same(&self, scope: Scope, id: SourceId, page: SourceId, digest: &[u8]) -> Result<bool>;

    /// Notes that a page is begun.
    async fn note_try(&self, scope: Scope, page: SourceId) -> Result<()>;

    /// Puts addresses on the list, as far as there is room for `most` pages; a first page replaces nothing but its depth.
    async fn list_pages(&self, scope: Scope, id: SourceId, run: i64, found: Vec<Found>, most: u32) -> Result<Listed>;

    /// Stores what came of a page and what it leads to.
    async fn settle_page(
        &self,
        scope: Scope,
        id: SourceId,
        run: i64,
        page: WebPage,
        found: Vec<Found>,
        most: u32,
    ) -> Result<Listed>;

    /// Stores the text of a page as a source below its website: a new version of it, to be indexed. False when the website
    /// is gone.
    async fn keep_page(
        &self,
        scope: Scope,
        id: SourceId,
        page: SourceId,
        title: &str,
        text: &str,
        at: Millis,
    ) -> Result<bool>;

    /// Adds up what the pages of a website have come to.
    async fn settle_website(&self, scope: Scope, id: SourceId) -> Result<()>;

    /// Pages by their place, those after `after`.
    async fn pages(&self, scope: Scope, id: SourceId, after: i64, limit: u32) -> Result<Vec<WebPage>>;

    /// Takes a website out of sight, with the job that removes what it leaves.
    async fn hide_website(&self, scope: Scope, id: SourceId, job: NewJob) -> Result<()>;

    /// Some of the sources below a website.
    async fn pages_below(&self, scope: Scope, id: SourceId, limit: u32) -> Result<Vec<SourceId>>;

    /// Removes a website whose pages are gone.
    async fn remove_website(&self, scope: Scope, id: SourceId) -> Result<()>;
}
