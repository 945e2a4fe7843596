//! Websites that become knowledge: what is read of them, how often, and what people do with them.
//!
//! A reading is a job that puts itself off after a few pages (`crawl`): all that it knows is in the database, so that it
//! goes on where it was after a restart, on whatever node. A page is fetched (`fetch`), understood (`page`), and becomes a
//! source below its website, which is cut and indexed like any other.

mod crawl;
mod fetch;
mod page;
mod sitemaps;

use domain::{
    ChatbotId, Millis, SourceId, limits, text,
    websites::{self as rules, Plan, Reason, Schedule},
};
use knowledge::web::Address;
use ports::{
    Fault, Scope,
    jobs::{NewJob, Task},
    requests::Creation,
    sources::{Source, SourceKind, SourceStatus, Trouble},
    websites::{Begin, Ending, Found, WebPage, Website},
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
};

/// Websites that this node reads at the same time: each may hold a page or a sitemap in memory.
pub(crate) const READINGS: usize = 4;
/// Sources below a website that are removed between two looks at the list.
const BELOW: u32 = 50;

/// A new web page or website.
#[derive(Debug, Clone)]
pub struct WebsiteDraft {
    /// One page, or a website.
    pub kind: SourceKind,
    /// The address of the page, of the first page, or of a sitemap.
    pub address: String,
    /// Pages at most; [`rules::PAGES`] when absent.
    pub pages: Option<u32>,
    /// Only what is below the address.
    pub path_only: bool,
    /// How often it is read.
    pub schedule: Schedule,
}

/// Changes to a website. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct WebsitePatch {
    /// Its title.
    pub title: Option<String>,
    /// Pages at most.
    pub pages: Option<u32>,
    /// Only what is below the address.
    pub path_only: Option<bool>,
    /// How often it is read.
    pub schedule: Option<Schedule>,
}

impl Baton {
    /// Adds a web page or a website; a job reads it. With a key it is added once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::KeyReused`], or the field at fault.
    pub async fn add_website(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        draft: WebsiteDraft,
        key: Option<&str>,
    ) -> Result<Source> {
        self.administered(staff, chatbot).await?;
        let (scope, now) = (staff.scope(), self.clock.now());
        let address = self.web_address(&draft.address)?;
        let one = draft.kind == SourceKind::WebPage;
        let pages = if one { 1 } else { draft.pages.unwrap_or(rules::PAGES) };
        let path_only = draft.path_only && !one;
        let plan = Plan { address: address.as_str().to_owned(), pages, path_only, schedule: draft.schedule };
        self.may_have_pages(scope, chatbot, None, plan.pages).await?;
        let route = format!("chatbots/{chatbot}/sources");
        let (most, below) = (plan.pages.to_string(), if plan.path_only { "path" } else { "" });
        let body = [draft.kind.name(), &plan.address, &most, below, plan.schedule.name()];
        let key = key.map(|key| staff.request_key(route, key, &body, now)).transpose()?;
        let source = self.new_source(scope, chatbot, draft.kind).await?;
        let source = Source { title: short(&address), version: 1, ..source };
        match self.store.add_website(scope, &source, &plan, self.reading_at(source.id, now), key).await? {
            Creation::Made => {
                self.turns.nudge();
                Ok(source)
            }
            Creation::MadeBefore(id) => Ok(self.source(staff, chatbot, SourceId::new(id)).await?.0),
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Those of these sources that are read from the web.
    ///
    /// # Errors
    /// [`AppError::Fault`](AppError) when the database does not answer.
    pub async fn websites(&self, staff: &Staff, sources: &[Source]) -> Result<Vec<Website>> {
        let ids: Vec<SourceId> = sources.iter().filter(|one| one.kind.is_web()).map(|one| one.id).collect();
        if ids.is_empty() { Ok(Vec::new()) } else { Ok(self.store.websites(staff.scope(), &ids).await?) }
    }

    /// A page of the pages of a website, by their place on its list; a source of another kind has none.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn web_pages(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: SourceId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<WebPage>> {
        let (source, _) = self.source(staff, chatbot, id).await?;
        if !source.kind.is_web() {
            return Ok(Vec::new());
        }
        let scope = staff.scope();
        let website = self.store.website(scope, id).await?;
        let mut pages = self.store.pages(scope, id, after, limit).await?;
        for page in pages.iter_mut().filter(|page| website.reading && page.run < website.run) {
            page.status = rules::PageStatus::Waiting;
            page.reason = None;
        }
        Ok(pages)
    }

    /// Changes how much of a website is read, how often, and its title.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn change_website(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: SourceId,
        patch: WebsitePatch,
    ) -> Result<Source> {
        let website = self.administered_website(staff, chatbot, id).await?;
        let (scope, now) = (staff.scope(), self.clock.now());
        let WebsitePatch { title, pages, path_only, schedule } = patch;
        let one = website.kind == SourceKind::WebPage;
        let old = website.plan;
        let plan = Plan {
            address: old.address,
            pages: pages.filter(|_| !one).unwrap_or(old.pages),
            path_only: path_only.filter(|_| !one).unwrap_or(old.path_only),
            schedule: schedule.unwrap_or(old.schedule),
        };
        if plan.pages != old.pages {
            self.may_have_pages(scope, chatbot, Some(id), plan.pages).await?;
        }
        if let Some(title) = title {
            let title = field("title", text::line(&title, limits::SOURCE_TITLE_CHARS))?;
            self.store.rename_website(scope, id, &title, now).await?;
        }
        // A time that is set stays as long as the schedule does; while it is read, the end sets the next one.
        let next = match (plan.schedule == old.schedule, website.next_at) {
            (true, Some(at)) => Some(at),
            _ if website.reading => None,
            _ => plan.schedule.next(id.uuid().as_u128(), now),
        };
        let next = next.map(|at| self.reading_at(id, at));
        self.store.change_plan(scope, id, &plan, next).await?;
        Ok(self.source(staff, chatbot, id).await?.0)
    }

    /// Reads a website again, now. Nothing happens while it is being read.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`] for a source of another kind.
    pub async fn read_website_again(&self, staff: &Staff, chatbot: ChatbotId, id: SourceId) -> Result<Source> {
        let website = self.administered_website(staff, chatbot, id).await?;
        self.begin_reading(staff.scope(), &website, Begin::Now).await?;
        Ok(self.source(staff, chatbot, id).await?.0)
    }

    /// Stops the reading of a website: what was read so far stays. Nothing happens when it is not being read.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`] for a source of another kind.
    pub async fn stop_reading(&self, staff: &Staff, chatbot: ChatbotId, id: SourceId) -> Result<Source> {
        let website = self.administered_website(staff, chatbot, id).await?;
        if website.reading {
            self.end_reading(staff.scope(), &website, Some(Reason::Stopped)).await?;
        }
        Ok(self.source(staff, chatbot, id).await?.0)
    }

    async fn administered_website(&self, staff: &Staff, chatbot: ChatbotId, id: SourceId) -> Result<Website> {
        self.administered(staff, chatbot).await?;
        let (source, _) = self.source(staff, chatbot, id).await?;
        if !source.kind.is_web() {
            return Err(AppError::invalid("source", "is no web page and no website"));
        }
        Ok(self.store.website(staff.scope(), id).await?)
    }

    /// An address as somebody has typed it, looked at as far as can be told before it is called.
    fn web_address(&self, typed: &str) -> Result<Address> {
        let typed = typed.trim();
        let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        self.outside.check(&whole).map_err(|shut| AppError::invalid("address", shut))?;
        Address::parse(&whole).ok_or_else(|| AppError::invalid("address", "is not the address of a web page"))
    }

    /// Whether a website may have so many pages.
    async fn may_have_pages(&self, scope: Scope, chatbot: ChatbotId, but: Option<SourceId>, pages: u32) -> Result<()> {
        if !(1..=rules::MOST_PAGES).contains(&pages) {
            return Err(AppError::invalid("page_limit", format!("must be from 1 to {}", rules::MOST_PAGES)));
        }
        let others = self.store.pages_allowed(scope, chatbot, but).await?;
        if others + u64::from(pages) > rules::PAGES_PER_CHATBOT {
            let left = rules::PAGES_PER_CHATBOT.saturating_sub(others);
            let words =
                format!("is too high: the websites of this chatbot have {others} together, which leaves {left}");
            return Err(AppError::invalid("page_limit", words));
        }
        Ok(())
    }

    /// The job that begins a reading at a time, with that time.
    fn reading_at(&self, source: SourceId, at: Millis) -> (Millis, NewJob) {
        let id = self.entropy.id(self.clock.now());
        (at, NewJob { id, task: Task::CrawlDue { source, at }, run_at: at, lease: None })
    }

    /// Begins a reading, unless one is going on or it is not its time.
    async fn begin_reading(&self, scope: Scope, website: &Website, begin: Begin) -> Result<()> {
        let now = self.clock.now();
        let Some(address) = Address::parse(&website.plan.address) else { return Ok(()) };
        let first = self.new_page(&address, 0, None);
        let (id, source) = (self.entropy.id(now), website.source);
        // The store says which reading it is.
        let job = NewJob { id, task: Task::CrawlSource { source, run: 0 }, run_at: now, lease: None };
        if self.store.begin_reading(scope, source, begin, now, first, job).await?.is_some() {
            self.turns.nudge();
        }
        Ok(())
    }

    /// Begins the reading of a website when its time has come.
    pub(crate) async fn crawl_when_due(&self, scope: Scope, source: SourceId, at: Millis) -> Result<()> {
        let website = self.store.website(scope, source).await?;
        self.begin_reading(scope, &website, Begin::Due(at)).await
    }

    /// Ends a reading: the source says what has come of it, and the next one is set.
    async fn end_reading(&self, scope: Scope, website: &Website, notice: Option<Reason>) -> Result<()> {
        let (id, now) = (website.source, self.clock.now());
        let next = website.plan.schedule.next(id.uuid().as_u128(), now).map(|at| self.reading_at(id, at));
        let why = match notice.filter(|why| is_whole(*why)) {
            Some(why) => why,
            None => self.why_nothing(scope, website).await?,
        };
        let nothing = Trouble { code: why.code().to_owned(), words: why.to_string() };
        let ending = Ending { at: now, next, notice, nothing };
        if self.store.end_reading(scope, id, website.run, ending).await? {
            tracing::info!(source = %id, notice = notice.map(Reason::code), "a website was read");
            self.directory.forget_chatbot(website.chatbot).await;
        }
        Ok(())
    }

    /// Why nothing came of a website: what its first page says.
    async fn why_nothing(&self, scope: Scope, website: &Website) -> Result<Reason> {
        let Some(base) = Address::parse(&website.base) else { return Ok(Reason::Nothing) };
        let first = self.store.page_by_key(scope, website.source, &base.key()).await?;
        let why = first.and_then(|first| first.reason);
        Ok(why.filter(|why| !matches!(why, Reason::Moved | Reason::Same | Reason::Sitemap)).unwrap_or(Reason::Nothing))
    }

    /// An address for the list.
    fn new_page(&self, address: &Address, depth: u32, skipped: Option<Reason>) -> Found {
        let id = SourceId::new(self.entropy.id(self.clock.now()));
        Found { id, key: address.key(), url: address.as_str().to_owned(), depth, skipped }
    }

    /// The same website for another chatbot: it is read anew there.
    pub(crate) async fn copy_website(&self, scope: Scope, source: &Source, id: SourceId, to: ChatbotId) -> Result<()> {
        let website = match self.store.website(scope, source.id).await {
            // Taken away meanwhile.
            Err(Fault::NotFound) => return Ok(()),
            found => found?,
        };
        match self.store.website(scope, id).await {
            Err(Fault::NotFound) => {}
            known => return known.map(drop).map_err(AppError::from),
        }
        let copy = Source {
            id,
            chatbot: to,
            status: SourceStatus::Indexing,
            chunks: 0,
            read: 0,
            bytes: 0,
            version: 1,
            ..source.clone()
        };
        let first = self.reading_at(id, self.clock.now());
        match self.store.add_website(scope, &copy, &website.plan, first, None).await {
            // The copy was deleted before it was whole.
            Err(Fault::NotFound) => return Ok(()),
            added => added?,
        };
        self.copy_marks(scope, source.id, id).await
    }

    /// Takes a website out of sight; what it leaves is removed by a job.
    pub(crate) async fn hide_website(&self, scope: Scope, id: SourceId) -> Result<()> {
        let now = self.clock.now();
        let task = Task::RemoveWebsite { source: id };
        self.store.hide_website(scope, id, NewJob { id: self.entropy.id(now), task, run_at: now, lease: None }).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Removes what a website has left, page by page. Run again, it goes on where it was.
    pub(crate) async fn remove_website(&self, scope: Scope, id: SourceId) -> Result<()> {
        loop {
            let below = self.store.pages_below(scope, id, BELOW).await?;
            if below.is_empty() {
                return Ok(self.store.remove_website(scope, id).await?);
            }
            for page in below {
                self.drop_page(scope, page).await?;
            }
        }
    }

    /// Takes a page out of the knowledge, if it is in it.
    async fn drop_page(&self, scope: Scope, page: SourceId) -> Result<()> {
        match self.store.delete_source(scope, page).await {
            Err(Fault::NotFound) => Ok(()),
            gone => Ok(gone?),
        }
    }
}

/// Whether a reading that ends with it has read nothing at all.
fn is_whole(why: Reason) -> bool {
    matches!(
        why,
        Reason::Blocked
            | Reason::Unreachable
            | Reason::Insecure
            | Reason::TimedOut
            | Reason::RobotsUnknown
            | Reason::Stopped
    )
}

/// An address as a title: without the scheme, and no longer than a title may be.
fn short(address: &Address) -> String {
    let whole = address.as_str();
    let bare = whole.split_once("://").map_or(whole, |(_, bare)| bare).trim_end_matches('/');
    text::excerpt(bare, limits::SOURCE_TITLE_CHARS - 1)
}
