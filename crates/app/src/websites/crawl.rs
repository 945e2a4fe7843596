//! The reading of a website: `robots.txt` first, then the first page, the sitemaps, and page by page what they lead to.
//!
//! A reading is made of steps, each of which looks into the database and stores what came of it. After some steps the job
//! puts itself off, so that others come in between; a restart costs the step that it breaks off.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    SourceId,
    websites::{HOPS, PAUSE_MS, READING_BYTES, READING_MS, Reason},
};
use knowledge::web::{Address, Robots};
use ports::{
    Fault, Scope,
    sources::SourceKind,
    websites::{Listed, Progress, WebPage, Website},
};
use serde::{Deserialize, Serialize};

use super::{
    fetch::{Known, Wanted},
    page::Outcome,
};
use crate::{Baton, error::Result, turn::Later};

/// The name by which a website speaks to us.
const NAME: &str = "Baton";
/// So long steps follow each other before the job puts itself off.
const SLICE: Duration = Duration::from_secs(4);
/// A longer pause is not waited for, but put off.
const SHORT_MS: u64 = 1_000;
/// When a node that reads enough websites looks at another one again, in milliseconds.
const FULL_MS: i64 = 2_000;
/// When a website that has too much to do is asked again, in milliseconds.
const BUSY_MS: i64 = 20_000;
/// Redirects of a `robots.txt` that are followed, as the standard says.
const ROBOTS_REDIRECTS: u8 = 5;
/// Largest answer to a call for `robots.txt`, in bytes; of it the beginning counts.
const ROBOTS_BYTES: usize = 5 * 1024 * 1024;

/// What a reading has to remember of its way.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Way {
    /// Websites that the address has led on to.
    pub(super) hops: u32,
    /// Sitemaps that are to be read, each with the number of those that lead to it, and whether the website has named it.
    pub(super) maps: Vec<(String, u8, bool)>,
    /// Sitemaps that were put on that list.
    pub(super) seen: Vec<String>,
}

/// A reading at work.
pub(super) struct Reading<'a> {
    pub(super) baton: &'a Baton,
    pub(super) scope: Scope,
    pub(super) site: Website,
    /// Where the address has led to.
    pub(super) base: Address,
    /// What the website lets us read.
    pub(super) robots: Arc<Robots>,
    /// Whether it was asked.
    asked: bool,
    pub(super) way: Way,
    /// Pages that may still be read: fewer than are on the list when the limit was lowered.
    pub(super) left: u64,
    /// The keys of the pages on the list.
    pub(super) known: HashSet<String>,
    /// When it was called last.
    called: Option<Instant>,
    /// Whether the knowledge has changed.
    changed: bool,
}

/// What comes after a step.
pub(super) enum Step {
    /// The next one.
    On,
    /// The next one, after so many milliseconds.
    After(i64),
    /// Nothing: the reading is over, for this reason if there is one.
    End(Option<Reason>),
    /// Nothing: somebody else has ended it.
    Over,
}

impl Baton {
    /// Goes on with a reading. Returns when it is to go on further; nothing when it is over.
    pub(crate) async fn crawl(&self, scope: Scope, source: SourceId, run: i64) -> Result<Option<Later>> {
        let Ok(_place) = self.readings.try_acquire() else {
            let why = "other websites are being read".to_owned();
            return Ok(Some(Later { at: self.clock.now().plus(FULL_MS), why }));
        };
        let Some(mut reading) = self.open_reading(scope, source, run).await? else { return Ok(None) };
        let began = self.clock.instant();
        let step = loop {
            match Box::pin(reading.step()).await {
                Ok(Step::On) if self.clock.instant() - began < SLICE => {}
                step => break step,
            }
        };
        // Whatever became of it: what was read counts.
        if reading.changed {
            self.store.settle_website(scope, source).await?;
            self.directory.forget_chatbot(reading.site.chatbot).await;
            self.read_later(scope, reading.site.chatbot).await?;
        }
        let after = match step? {
            Step::On => 0,
            Step::After(pause) => pause,
            Step::Over => return Ok(None),
            Step::End(notice) => {
                self.end_reading(scope, &reading.site, notice).await?;
                return Ok(None);
            }
        };
        Ok(Some(Later { at: self.clock.now().plus(after), why: "there are more pages".to_owned() }))
    }

    /// A reading as it stands in the database; nothing when it is over.
    async fn open_reading(&self, scope: Scope, source: SourceId, run: i64) -> Result<Option<Reading<'_>>> {
        let site = self.store.website(scope, source).await?;
        if !site.reading || site.run != run {
            return Ok(None);
        }
        let robots = match self.store.robots(scope, source).await? {
            Some(kept) => Some(serde_json::from_str(&kept).map_err(|error| Fault::broken("rules for robots", error))?),
            None => None,
        };
        let base = Address::parse(&site.base);
        let base = base.ok_or_else(|| Fault::broken("the address of a website", Reason::Blocked))?;
        let known = self.store.page_keys(scope, source).await?.into_iter().collect();
        Ok(Some(Reading {
            baton: self,
            scope,
            base,
            asked: robots.is_some(),
            robots: Arc::new(robots.unwrap_or_default()),
            way: serde_json::from_str(&site.state).unwrap_or_default(),
            site,
            left: 0,
            known,
            called: None,
            changed: false,
        }))
    }
}

impl Reading<'_> {
    async fn step(&mut self) -> Result<Step> {
        let (baton, source, run) = (self.baton, self.site.source, self.site.run);
        self.site = baton.store.website(self.scope, source).await?;
        let site = &self.site;
        // Stopped, or stopped and begun anew: that is another job's.
        if !site.reading || site.run != run {
            return Ok(Step::Over);
        }
        if site.began_at.is_some_and(|began| baton.clock.now().since(began) >= READING_MS) {
            return Ok(Step::End(Some(Reason::MostTime)));
        }
        if site.bytes >= READING_BYTES {
            return Ok(Step::End(Some(Reason::MostBytes)));
        }
        if !self.asked {
            return self.ask_robots().await;
        }
        self.left = u64::from(site.plan.pages).saturating_sub(site.pages.read + site.pages.failed);
        let mut pages = baton.store.next_pages(self.scope, source, run, 2).await?.into_iter();
        let Some(first) = pages.next() else {
            return if self.way.maps.is_empty() { Ok(Step::End(None)) } else { self.read_map().await };
        };
        if first.depth > 0 && !self.way.maps.is_empty() {
            return self.read_map().await;
        }
        // One that asks for pauses is asked for one page at a time.
        let one = first.depth == 0 || self.robots.pause_ms > PAUSE_MS || self.left < 2;
        self.read_pages(first, pages.next().filter(|_| !one)).await
    }

    /// Waits until the website may be called again.
    pub(super) async fn pace(&mut self) {
        let (clock, pause) = (&self.baton.clock, Duration::from_millis(PAUSE_MS));
        if let Some(called) = self.called {
            let left = (called + pause).saturating_duration_since(clock.instant());
            if !left.is_zero() {
                clock.sleep(left).await;
            }
        }
        self.called = Some(clock.instant());
    }

    /// The pause that the website asks for after a page.
    pub(super) fn after(&self) -> Step {
        match self.robots.pause_ms {
            pause if pause > SHORT_MS => Step::After(i64::try_from(pause).unwrap_or(i64::MAX)),
            _ => Step::On,
        }
    }

    async fn read_pages(&mut self, first: WebPage, second: Option<WebPage>) -> Result<Step> {
        self.pace().await;
        if (PAUSE_MS + 1..=SHORT_MS).contains(&self.robots.pause_ms) {
            self.baton.clock.sleep(Duration::from_millis(self.robots.pause_ms - PAUSE_MS)).await;
        }
        let (one, other) = {
            let this = &*self;
            let other = async {
                let Some(second) = second else { return Ok(None) };
                this.baton.clock.sleep(Duration::from_millis(PAUSE_MS)).await;
                this.read_page(second).await.map(Some)
            };
            tokio::join!(Box::pin(this.read_page(first)), Box::pin(other))
        };
        if other.as_ref().is_ok_and(Option::is_some) {
            self.called = Some(self.baton.clock.instant());
        }
        let step = self.settle(one?).await?;
        match other? {
            Some(other) if matches!(step, Step::On | Step::After(_)) => match self.settle(other).await? {
                Step::On => Ok(step),
                after => Ok(after),
            },
            _ => Ok(step),
        }
    }

    /// Stores what came of a page.
    async fn settle(&mut self, outcome: Outcome) -> Result<Step> {
        let Outcome { mut page, text, found, bytes, hop, map, busy } = outcome;
        let (baton, scope, source, run) = (self.baton, self.scope, self.site.source, self.site.run);
        if busy {
            return Ok(Step::After(BUSY_MS));
        }
        if let Some((title, text)) = text {
            let at = page.read_at.unwrap_or_else(|| baton.clock.now());
            if !baton.store.keep_page(scope, source, page.id, &title, &text, at).await? {
                return Ok(Step::Over);
            }
            let (kept, text) = baton.store.source(scope, page.id).await?;
            self.changed |= baton.index_text(scope, kept, text).await?;
            self.name_after(&title).await?;
        }
        if page.digest.is_some() && page.reason.is_some_and(|why| why.takes_away(page.gone)) {
            baton.drop_page(scope, page.id).await?;
            page.digest = None;
            self.changed = true;
        }
        let keys: Vec<String> = found.iter().map(|one| one.key.clone()).collect();
        let listed = baton.store.settle_page(scope, source, run, page, found, self.site.plan.pages).await?;
        if listed == Listed::Over {
            return Ok(Step::Over);
        }
        self.known.extend(keys);
        let full = (listed == Listed::Full && self.site.kind == SourceKind::Website).then_some(Reason::MostPages);
        if let Some(hop) = hop {
            return self.hop(hop, bytes).await;
        }
        let mut notice = full;
        if let Some(map) = map {
            let (step, why) = self.take_map(map, 0).await?;
            notice = notice.or(why);
            if !matches!(step, Step::On) {
                return Ok(step);
            }
        }
        if !self.note(bytes, notice, None).await? {
            return Ok(Step::Over);
        }
        Ok(self.after())
    }

    /// A single page is called what it calls itself, unless somebody has named it.
    async fn name_after(&self, title: &str) -> Result<()> {
        let (baton, source) = (self.baton, self.site.source);
        if self.site.kind != SourceKind::WebPage {
            return Ok(());
        }
        let (known, _) = baton.store.source(self.scope, source).await?;
        let typed = Address::parse(&self.site.plan.address);
        if typed.is_some_and(|typed| super::short(&typed) == known.title) && known.title != title {
            baton.store.rename_website(self.scope, source, title, baton.clock.now()).await?;
        }
        Ok(())
    }

    /// Stores how far the reading is; false when it is over.
    pub(super) async fn note(&self, bytes: u64, notice: Option<Reason>, robots: Option<String>) -> Result<bool> {
        let state = serde_json::to_string(&self.way).map_err(|error| Fault::broken("the way of a reading", error))?;
        let base = Some(self.base.as_str().to_owned());
        let progress = Progress { base, state, robots, bytes, notice };
        Ok(self.baton.store.note_reading(self.scope, self.site.source, self.site.run, progress).await?)
    }

    /// The address leads on to another website: that one is read, by its own rules.
    async fn hop(&mut self, to: Address, bytes: u64) -> Result<Step> {
        if self.way.hops >= HOPS {
            return Ok(Step::End(Some(Reason::Redirects)));
        }
        let first = self.baton.new_page(&to, 0, None);
        self.known.insert(first.key.clone());
        let (source, run, most) = (self.site.source, self.site.run, self.site.plan.pages);
        if self.baton.store.list_pages(self.scope, source, run, vec![first], most).await? == Listed::Over {
            return Ok(Step::Over);
        }
        self.way = Way { hops: self.way.hops + 1, ..Way::default() };
        (self.base, self.asked, self.robots) = (to, false, Arc::default());
        if self.note(bytes, None, Some(String::new())).await? { Ok(Step::On) } else { Ok(Step::Over) }
    }

    /// Asks what the website lets us read. A file that is not there allows everything; one that cannot be had, nothing.
    async fn ask_robots(&mut self) -> Result<Step> {
        let Some(at) = self.base.at_root("/robots.txt") else { return Ok(Step::End(Some(Reason::Blocked))) };
        self.pace().await;
        let wanted = Wanted { longest: ROBOTS_BYTES, redirects: ROBOTS_REDIRECTS };
        let rules = match self.baton.fetch_web(&at, wanted, Known::default()).await {
            Ok(reply) => match reply.status {
                200..=299 => {
                    let read = tokio::task::spawn_blocking(move || Robots::read(&reply.body, NAME));
                    read.await.map_err(|cause| Fault::broken("reading robots.txt", cause))?
                }
                500..=599 => return Ok(Step::End(Some(Reason::RobotsUnknown))),
                _ => Robots::default(),
            },
            // It leads on and on: as good as not there.
            Err(Reason::Redirects) => Robots::default(),
            Err(why @ (Reason::Blocked | Reason::Unreachable | Reason::Insecure)) => return Ok(Step::End(Some(why))),
            Err(_) => return Ok(Step::End(Some(Reason::RobotsUnknown))),
        };
        if self.site.kind == SourceKind::Website {
            self.list_maps(&rules);
        }
        let kept = serde_json::to_string(&rules).map_err(|error| Fault::broken("rules for robots", error))?;
        (self.robots, self.asked) = (Arc::new(rules), true);
        if self.note(0, None, Some(kept)).await? { Ok(Step::On) } else { Ok(Step::Over) }
    }
}
