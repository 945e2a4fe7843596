//! One call of a website, and what came of it.

use std::time::Duration;

use domain::websites::{PAGE_BYTES, PAGE_MS, Reason};
use knowledge::web::Address;
use ports::outside::{Call, NoReply, Reply};

use crate::Baton;

/// What is said to be read.
const ACCEPT: &str =
    "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.9,application/pdf;q=0.8,*/*;q=0.1";
/// How often an address may lead to itself in another form: with encryption, with a slash at the end.
const FORMS: usize = 5;

/// What is known of an earlier version of a page: the website need not send it again.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) etag: Option<&'a str>,
    pub(super) last_modified: Option<&'a str>,
}

/// A call that is made with more than an address.
pub(super) struct Wanted {
    /// Longest answer, in bytes.
    pub(super) longest: usize,
    /// Redirects that are followed.
    pub(super) redirects: u8,
}

impl Wanted {
    /// A page: where it leads is looked at before it is followed.
    pub(super) const PAGE: Self = Self { longest: PAGE_BYTES, redirects: 0 };
}

impl Baton {
    /// Who we are, for the websites that we read.
    fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match self.public_url.get() {
            Some(url) => format!("Baton/{version} (+{url})"),
            None => format!("Baton/{version}"),
        }
    }

    /// Calls a website, within the time that a page may take.
    pub(super) async fn fetch_web(
        &self,
        address: &Address,
        wanted: Wanted,
        known: Known<'_>,
    ) -> std::result::Result<Reply, Reason> {
        let mut headers = vec![("user-agent".to_owned(), self.user_agent()), ("accept".to_owned(), ACCEPT.to_owned())];
        headers.extend(known.etag.map(|etag| ("if-none-match".to_owned(), etag.to_owned())));
        headers.extend(known.last_modified.map(|at| ("if-modified-since".to_owned(), at.to_owned())));
        let call = Call {
            method: "GET",
            url: address.as_str().to_owned(),
            headers,
            body: None,
            within: Duration::from_millis(PAGE_MS),
            longest: wanted.longest,
            redirects: wanted.redirects,
        };
        let replied = tokio::select! {
            biased;
            replied = self.outside.call(call) => replied,
            // By the clock of the use cases, too.
            () = self.clock.sleep(Duration::from_millis(PAGE_MS)) => Err(NoReply::TimedOut),
        };
        replied.map_err(|none| match none {
            NoReply::Shut(_) => Reason::Blocked,
            NoReply::Unreachable(_) => Reason::Unreachable,
            NoReply::Insecure(_) => Reason::Insecure,
            NoReply::TimedOut => Reason::TimedOut,
            NoReply::TooLong(_) => Reason::TooLarge,
            NoReply::Redirects => Reason::Redirects,
        })
    }

    /// Fetches a page. Where it leads to itself in another form that is followed; where it leads elsewhere, the answer says.
    pub(super) async fn fetch_page(
        &self,
        mut address: Address,
        known: Known<'_>,
    ) -> (Address, std::result::Result<Reply, Reason>) {
        let Known { etag, last_modified } = known;
        for _ in 0..FORMS {
            let reply = self.fetch_web(&address, Wanted::PAGE, Known { etag, last_modified }).await;
            let to = reply.as_ref().ok().and_then(|reply| Address::parse(reply.location.as_deref()?));
            match to {
                Some(to) if to.key() == address.key() && to != address => address = to,
                _ => return (address, reply),
            }
        }
        (address, Err(Reason::Redirects))
    }
}
