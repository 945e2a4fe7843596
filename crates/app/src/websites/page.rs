//! What came of a page: its text, where it leads, or why it is left out.

use std::sync::Arc;

use domain::{
    documents::{DocumentKind, Unreadable},
    limits, text,
    websites::{DEPTH, PAGE_BYTES, PAGE_TEXT, PageStatus, Reason, TRIES},
};
use knowledge::web::{Address, Robots, sitemap};
use ports::{
    Fault,
    documents::{Document, Web},
    outside::Reply,
    sources::SourceKind,
    websites::{Found, WebPage},
};
use sha2::{Digest, Sha256};

use super::{crawl::Reading, fetch::Known};
use crate::{Baton, error::Result};

/// What came of a page.
pub(super) struct Outcome {
    /// The page, as it is to be stored.
    pub(super) page: WebPage,
    /// The text that is new, with its title.
    pub(super) text: Option<(String, String)>,
    /// What it leads to.
    pub(super) found: Vec<Found>,
    /// Bytes that came.
    pub(super) bytes: u64,
    /// The address leads to another website, which is the one to read.
    pub(super) hop: Option<Address>,
    /// It is a sitemap.
    pub(super) map: Option<Vec<u8>>,
    /// The website has too much to do: the page is to be asked for later.
    pub(super) busy: bool,
}

impl Outcome {
    fn of(page: WebPage) -> Self {
        Self { page, text: None, found: Vec::new(), bytes: 0, hop: None, map: None, busy: false }
    }

    /// It was not read.
    fn not(mut self, why: Reason) -> Self {
        self.page.status = if why.is_skip() { PageStatus::Skipped } else { PageStatus::Failed };
        self.page.reason = Some(why);
        self.page.gone = if why == Reason::NotFound { self.page.gone.saturating_add(1) } else { 0 };
        self
    }

    fn is(mut self, status: PageStatus) -> Self {
        self.page.status = status;
        self.page.reason = None;
        self.page.gone = 0;
        self
    }
}

/// What was found in the bytes of a page.
enum Content {
    Page(Document),
    Not(Reason),
}

impl Reading<'_> {
    /// Reads a page, and stores nothing of it but that it was begun.
    pub(super) async fn read_page(&self, page: WebPage) -> Result<Outcome> {
        let mut outcome = Outcome::of(page);
        outcome.page.read_at = Some(self.baton.clock.now());
        let Some(address) = Address::parse(&outcome.page.url) else { return Ok(outcome.not(Reason::Elsewhere)) };
        if outcome.page.tries >= TRIES {
            return Ok(outcome.not(Reason::GivenUp));
        }
        if outcome.page.depth > 0 && !self.holds(&address) {
            return Ok(outcome.not(Reason::Elsewhere));
        }
        if outcome.page.depth > 0 && self.left == 0 {
            return Ok(outcome.not(Reason::MostPages));
        }
        if !self.robots.allows(&address.path()) {
            return Ok(outcome.not(Reason::Robots));
        }
        self.baton.store.note_try(self.scope, outcome.page.id).await?;
        // What is not in the knowledge any more has to come whole.
        let in_knowledge = outcome.page.digest.is_some();
        let known = Known {
            etag: outcome.page.etag.as_deref().filter(|_| in_knowledge),
            last_modified: outcome.page.last_modified.as_deref().filter(|_| in_knowledge),
        };
        let (address, reply) = self.baton.fetch_page(address, known).await;
        outcome.page.url = address.as_str().to_owned();
        let reply = match reply {
            Ok(reply) => reply,
            Err(why) => return Ok(outcome.not(why)),
        };
        outcome.bytes = reply.body.len() as u64;
        let location = reply.location.clone();
        match (reply.status, location.as_deref()) {
            (304, _) if in_knowledge => Ok(outcome.is(PageStatus::Unchanged)),
            (300..=399, Some(to)) => Ok(self.leads_on(outcome, &address, to)),
            (200..=299, _) => self.understand(outcome, &address, reply).await,
            (status, _) => {
                let why = Reason::of_status(status);
                outcome.busy = why == Reason::Busy && outcome.page.tries + 1 < TRIES;
                Ok(outcome.not(why))
            }
        }
    }

    /// Whether an address belongs to what is read.
    pub(super) fn holds(&self, address: &Address) -> bool {
        address.is_beside(&self.base) && (!self.site.plan.path_only || address.is_under(&self.base))
    }

    /// A page that leads to another address.
    fn leads_on(&self, mut outcome: Outcome, from: &Address, to: &str) -> Outcome {
        let Some(to) = Address::parse(to) else { return outcome.not(Reason::Redirects) };
        let first = outcome.page.depth == 0;
        if first && !to.is_beside(from) {
            outcome.hop = Some(to);
            return outcome.not(Reason::Moved);
        }
        if !first && !self.holds(&to) {
            return outcome.not(Reason::Elsewhere);
        }
        if to.key() == from.key() {
            return outcome.not(Reason::Redirects);
        }
        outcome.found = vec![self.baton.new_page(&to, outcome.page.depth, None)];
        outcome.not(Reason::Moved)
    }

    async fn understand(&self, mut outcome: Outcome, address: &Address, reply: Reply) -> Result<Outcome> {
        let many = self.site.kind == SourceKind::Website;
        if many && outcome.page.depth == 0 && sitemap::is_sitemap(&reply.body) {
            outcome.map = Some(reply.body);
            return Ok(outcome.not(Reason::Sitemap));
        }
        let Reply { content_type, body, etag, last_modified, robots, .. } = reply;
        let document = match self.baton.content(address, content_type.as_deref(), body).await? {
            Content::Page(document) => document,
            Content::Not(why) => return Ok(outcome.not(why)),
        };
        let Document { title, text, web } = document;
        if many && outcome.page.depth < DEPTH {
            outcome.found = self.links(address, &web, outcome.page.depth + 1).await?;
        }
        if web.noindex || robots.is_some_and(|asked| asks_noindex(&asked)) {
            return Ok(outcome.not(Reason::NoIndex));
        }
        if many && let Some(why) = self.is_another(&mut outcome, address, &web).await? {
            return Ok(outcome.not(why));
        }
        let text = shortened(&text);
        if text.trim().is_empty() {
            return Ok(outcome.not(Reason::Empty));
        }
        let title = title.map(|title| text::excerpt(&title, limits::SOURCE_TITLE_CHARS - 1));
        let title = title.and_then(|title| text::line(&title, limits::SOURCE_TITLE_CHARS).ok());
        let title = title.unwrap_or_else(|| super::short(address));
        let digest = Sha256::new().chain_update(title.as_bytes()).chain_update([0]).chain_update(text.as_bytes());
        let digest = digest.finalize().to_vec();
        outcome.page.title.clone_from(&title);
        outcome.page.etag = etag.filter(|etag| etag.len() <= HEADER);
        outcome.page.last_modified = last_modified.filter(|at| at.len() <= HEADER);
        if outcome.page.digest.as_ref() == Some(&digest) {
            return Ok(outcome.is(PageStatus::Unchanged));
        }
        if self.baton.store.says_the_same(self.scope, self.site.source, outcome.page.id, &digest).await? {
            return Ok(outcome.not(Reason::Same));
        }
        outcome.page.digest = Some(digest);
        outcome.text = Some((title, text));
        Ok(outcome.is(PageStatus::Read))
    }

    /// Whether a page calls another address its own: that one is read in its place, unless nothing came of it.
    async fn is_another(&self, outcome: &mut Outcome, address: &Address, web: &Web) -> Result<Option<Reason>> {
        let own = web.canonical.as_deref().and_then(|own| address.join(own));
        let Some(own) = own.filter(|own| own.key() != address.key()) else { return Ok(None) };
        if !self.holds(&own) {
            // Somebody has asked for the first page by its address.
            return Ok((outcome.page.depth > 0).then_some(Reason::Elsewhere));
        }
        let known = self.baton.store.page_by_key(self.scope, self.site.source, &own.key()).await?;
        let nothing = known.is_some_and(|known| {
            known.run == self.site.run && matches!(known.status, PageStatus::Failed | PageStatus::Skipped)
        });
        if nothing || !self.robots.allows(&own.path()) {
            return Ok(None);
        }
        outcome.found.insert(0, self.baton.new_page(&own, outcome.page.depth, None));
        Ok(Some(Reason::Moved))
    }

    /// The addresses that a page leads to and that are not on the list yet.
    async fn links(&self, address: &Address, web: &Web, depth: u32) -> Result<Vec<Found>> {
        let base = web.base.as_deref().and_then(|base| address.join(base)).unwrap_or_else(|| address.clone());
        let links = web.links.iter().filter_map(|link| base.join(link));
        let links = links.filter(|to| to.may_be_page() && self.holds(to) && !self.known.contains(&to.key()));
        self.allowed(links.collect(), depth).await
    }

    /// Addresses for the list: those that the website asks not to read are on it as left out.
    pub(super) async fn allowed(&self, addresses: Vec<Address>, depth: u32) -> Result<Vec<Found>> {
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let robots: Arc<Robots> = Arc::clone(&self.robots);
        // A long file of rules and many addresses take a while; the other tasks of this thread shall not wait for it.
        let compared = tokio::task::spawn_blocking(move || {
            let look = |address: Address| (robots.allows(&address.path()), address);
            addresses.into_iter().map(look).collect::<Vec<_>>()
        });
        let compared = compared.await.map_err(|cause| Fault::broken("comparing addresses with rules", cause))?;
        let found = compared.into_iter().map(|(allowed, address)| {
            let skipped = (!allowed).then_some(Reason::Robots);
            self.baton.new_page(&address, depth, skipped)
        });
        Ok(found.collect())
    }
}

/// Longest tag or time of a version that is kept, in bytes.
const HEADER: usize = 500;

impl Baton {
    /// What is in the bytes of a page, by what its website says that it is.
    async fn content(&self, address: &Address, content_type: Option<&str>, body: Vec<u8>) -> Result<Content> {
        let kind = content_type.unwrap_or("text/html").split(';').next().unwrap_or_default();
        let kind = match kind.trim().to_ascii_lowercase().as_str() {
            "text/html" | "application/xhtml+xml" => DocumentKind::Html,
            "application/pdf" => DocumentKind::Pdf,
            "text/plain" => return Ok(plain("page.txt", &body, address)),
            "text/markdown" | "text/x-markdown" => return Ok(plain("page.md", &body, address)),
            _ => return Ok(Content::Not(Reason::NotText)),
        };
        Ok(match self.documents.read(kind, body).await? {
            Ok(document) => Content::Page(document),
            Err(Unreadable::Empty) => Content::Not(Reason::Empty),
            Err(_) => Content::Not(Reason::Damaged),
        })
    }
}

fn plain(name: &str, body: &[u8], address: &Address) -> Content {
    match knowledge::decode(name, body, &knowledge::Limits { bytes: PAGE_BYTES }) {
        Ok(read) => {
            // A file without a heading goes by its address.
            let title = Some(read.title).filter(|title| title != "page").unwrap_or_else(|| super::short(address));
            Content::Page(Document { title: Some(title), text: read.text, ..Document::default() })
        }
        Err(knowledge::KnowledgeError::Empty) => Content::Not(Reason::Empty),
        Err(_) => Content::Not(Reason::NotText),
    }
}

/// The text of a page, as far as it is kept, without what no database takes.
fn shortened(text: &str) -> String {
    let mut end = text.len().min(PAGE_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "")
}

/// What `X-Robots-Tag` asks of everybody, or of us by name.
fn asks_noindex(asked: &str) -> bool {
    asked.lines().any(|line| {
        let (whom, what) = match line.split_once(':') {
            Some((whom, what)) if !whom.contains(',') && !whom.trim().eq_ignore_ascii_case("unavailable_after") => {
                (whom.trim(), what)
            }
            _ => ("", line),
        };
        let ours = whom.is_empty() || whom.eq_ignore_ascii_case("baton");
        let asks = |one: &str| one.trim().eq_ignore_ascii_case("noindex") || one.trim().eq_ignore_ascii_case("none");
        ours && what.split(',').any(asks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_asks_everybody_or_one() {
        for (asked, expect) in [
            ("noindex", true),
            ("noarchive, NOINDEX", true),
            ("none", true),
            ("googlebot: noindex", false),
            ("baton: noindex, nofollow", true),
            ("otherbot: noindex\nnoindex", true),
            ("unavailable_after: 25 Jun 2027 15:00:00 GMT", false),
            ("all", false),
        ] {
            assert_eq!(asks_noindex(asked), expect, "{asked}");
        }
    }

    #[test]
    fn a_text_is_cut_between_letters() {
        let long = "ü".repeat(PAGE_TEXT);
        assert!(shortened(&long).len() <= PAGE_TEXT && !shortened(&long).is_empty());
        assert_eq!(shortened("a\0b"), "ab");
    }
}
