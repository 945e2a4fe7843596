//! Sitemaps: the pages that a website names by itself.

use domain::websites::{Reason, SITEMAP_DEPTH, SITEMAPS};
use knowledge::web::{Address, Robots, Sitemap, sitemap};
use ports::{Fault, websites::Listed};

use super::{
    crawl::{Reading, Step},
    fetch::{Known, Wanted},
};
use crate::error::Result;

/// Redirects of a sitemap that are followed.
const REDIRECTS: u8 = 3;
/// Largest sitemap as it comes, in bytes: unpacked it may be as large.
const LONGEST: usize = 50 * 1024 * 1024;
/// Addresses that are put on the list in one transaction.
const TOGETHER: usize = 500;
/// Where a sitemap is when nobody says where.
const USUAL: &str = "/sitemap.xml";

impl Reading<'_> {
    /// Puts the sitemaps that a website names on the way; where it names none, the usual place is looked at.
    pub(super) fn list_maps(&mut self, rules: &Robots) {
        let named: Vec<Address> = rules.sitemaps.iter().filter_map(|map| self.base.join(map)).collect();
        for map in &named {
            self.list_map(map, 0, true);
        }
        if named.is_empty()
            && let Some(usual) = self.base.at_root(USUAL)
        {
            self.list_map(&usual, 0, false);
        }
    }

    /// Whether a sitemap is on the way now that was not before.
    fn list_map(&mut self, map: &Address, depth: u8, named: bool) -> bool {
        let key = map.key();
        if depth > SITEMAP_DEPTH || self.way.seen.len() >= SITEMAPS || self.way.seen.contains(&key) {
            return false;
        }
        self.way.seen.push(key);
        self.way.maps.push((map.as_str().to_owned(), depth, named));
        true
    }

    /// Reads the next sitemap on the way.
    pub(super) async fn read_map(&mut self) -> Result<Step> {
        if self.way.maps.is_empty() {
            return Ok(Step::On);
        }
        let (at, depth, named) = self.way.maps.remove(0);
        let Some(address) = Address::parse(&at) else { return self.mapped(0, None).await };
        // What the website asks not to read is not read, even when it names it.
        if address.is_beside(&self.base) && !self.robots.allows(&address.path()) {
            return self.mapped(0, None).await;
        }
        self.pace().await;
        let wanted = Wanted { longest: LONGEST, redirects: REDIRECTS };
        let reply = self.baton.fetch_web(&address, wanted, Known::default()).await;
        let (bytes, notice) = match reply {
            Ok(reply) if (200..300).contains(&reply.status) => {
                let bytes = reply.body.len() as u64;
                // At the usual place there may be a page that says that nothing is there.
                if !named && !sitemap::is_sitemap(&reply.body) {
                    (bytes, None)
                } else {
                    let (step, notice) = self.take_map(reply.body, depth).await?;
                    if !matches!(step, Step::On) {
                        return Ok(step);
                    }
                    (bytes, notice)
                }
            }
            _ => (0, named.then_some(Reason::BrokenSitemap)),
        };
        self.mapped(bytes, notice).await
    }

    async fn mapped(&self, bytes: u64, notice: Option<Reason>) -> Result<Step> {
        if self.note(bytes, notice, None).await? { Ok(self.after()) } else { Ok(Step::Over) }
    }

    /// Puts what a sitemap names on the list and on the way, and tells what is to be known about it.
    pub(super) async fn take_map(&mut self, bytes: Vec<u8>, depth: u8) -> Result<(Step, Option<Reason>)> {
        let read = tokio::task::spawn_blocking(move || Sitemap::read(&bytes, sitemap::MOST_ADDRESSES));
        let read = read.await.map_err(|cause| Fault::broken("reading a sitemap", cause))?;
        let mut notice = None;
        if read.broken {
            notice = Some(Reason::BrokenSitemap);
        }
        let maps: Vec<Address> = read.maps.iter().filter_map(|map| self.base.join(map)).collect();
        for map in maps {
            if !self.list_map(&map, depth.saturating_add(1), true) {
                notice = Some(Reason::EndlessSitemap);
            }
        }
        if read.cut {
            notice = Some(Reason::EndlessSitemap);
        }
        let pages = read.pages.iter().filter_map(|page| self.base.join(page));
        let new: Vec<Address> = pages.filter(|page| self.holds(page) && !self.known.contains(&page.key())).collect();
        // More are not put on the list in any case.
        let most = 2 * self.site.plan.pages as usize + 200;
        let more = new.len() > most;
        let mut new = new.into_iter().take(most).peekable();
        while new.peek().is_some() {
            let some: Vec<Address> = new.by_ref().take(TOGETHER).collect();
            let found = self.allowed(some, 1).await?;
            let keys: Vec<String> = found.iter().map(|one| one.key.clone()).collect();
            let (source, run, most) = (self.site.source, self.site.run, self.site.plan.pages);
            match self.baton.store.list_pages(self.scope, source, run, found, most).await? {
                Listed::Over => return Ok((Step::Over, None)),
                Listed::Full => return Ok((Step::On, notice.or(Some(Reason::MostPages)))),
                Listed::All => self.known.extend(keys),
            }
        }
        Ok((Step::On, notice.or(more.then_some(Reason::MostPages))))
    }
}
