//! Websites that are read for knowledge: how much of one, how often, and what becomes of each page.

use crate::Millis;

/// Pages of a website, when nobody says otherwise.
pub const PAGES: u32 = 500;
/// Most pages of a website.
pub const MOST_PAGES: u32 = 5_000;
/// Most pages that the websites of a chatbot may have together: each one is a source of its own for the search.
pub const PAGES_PER_CHATBOT: u64 = 20_000;
/// So many links may lie between the first page and another one.
pub const DEPTH: u32 = 5;
/// Largest page, in bytes.
pub const PAGE_BYTES: usize = 5 * 1024 * 1024;
/// Most text of a page, in bytes; what comes after it is left out.
pub const PAGE_TEXT: usize = 1024 * 1024;
/// Longest time that a page may take, in milliseconds.
pub const PAGE_MS: u64 = 30_000;
/// Bytes of all pages in one reading.
pub const READING_BYTES: u64 = 100 * 1024 * 1024;
/// Longest reading, in milliseconds: an hour.
pub const READING_MS: i64 = 3_600_000;
/// The pause between two calls of a host, in milliseconds, unless it asks for a longer one.
pub const PAUSE_MS: u64 = 200;
/// Hosts that the first page may lead on to.
pub const HOPS: u32 = 5;
/// Sitemaps of a website that are read.
pub const SITEMAPS: usize = 100;
/// So deep may sitemaps name sitemaps.
pub const SITEMAP_DEPTH: u8 = 2;
/// Links of a page that are looked at.
pub const LINKS: usize = 1_000;
/// A page that stopped the server, or that was too busy, so often is given up for this reading.
pub const TRIES: u32 = 3;
/// A page that was gone so often leaves the knowledge.
pub const GONE: u32 = 2;

const HOUR_MS: i64 = 3_600_000;

/// How often a website is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schedule {
    /// When somebody says so.
    #[default]
    Never,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
}

impl Schedule {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Daily, Self::Weekly];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// The schedule of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schedule| schedule.name() == name)
    }

    /// When a website is read next: at a time of its own, so that not all are read at once, and not before half of the time
    /// between two readings is over.
    pub fn next(self, source: u128, now: Millis) -> Option<Millis> {
        let every = match self {
            Self::Never => return None,
            Self::Daily => 24 * HOUR_MS,
            Self::Weekly => 7 * 24 * HOUR_MS,
        };
        // The lower half of an id is random.
        let own = i64::try_from(source % u128::from(every.unsigned_abs())).unwrap_or_default();
        let earliest = now.plus(every / 2).0;
        let into = (earliest - own).rem_euclid(every);
        Some(Millis(earliest + if into == 0 { 0 } else { every - into }))
    }
}

/// How much of a website is read, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where the reading begins: a page, or a sitemap.
    pub address: String,
    /// Pages at most.
    pub pages: u32,
    /// Only what is below the address.
    pub path_only: bool,
    /// How often.
    pub schedule: Schedule,
}

/// How far a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStatus {
    /// It is on the list.
    Waiting,
    /// The AI answers from it.
    Read,
    /// It is as it was: the AI answers from what was read before.
    Unchanged,
    /// It could not be read.
    Failed,
    /// It is left out, for a good reason.
    Skipped,
}

impl PageStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Read, Self::Unchanged, Self::Failed, Self::Skipped];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// The status of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Why a page was not read, or a website not further. The words are for whoever added it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It leads into a private network, or is no address.
    #[error(
        "The address leads into a private network and is not called. Whoever runs this server can open single hosts with BATON_ALLOW_PRIVATE."
    )]
    Blocked,
    /// Nobody answers there.
    #[error("Nobody answers at this address. Check that it is right and that the website is up.")]
    Unreachable,
    /// No encrypted connection comes about.
    #[error("No secure connection: the certificate of the website is not valid. Its owner has to mend that.")]
    Insecure,
    /// It takes too long.
    #[error("The page did not come within 30 seconds.")]
    TimedOut,
    /// Larger than 5 MB.
    #[error("The page is larger than 5 MB.")]
    TooLarge,
    /// Neither HTML, text, Markdown nor PDF.
    #[error("There is no text at this address, but a file of another kind.")]
    NotText,
    /// 404, 410.
    #[error("There is no page at this address any more.")]
    NotFound,
    /// 401, 403.
    #[error("The website does not let us read this page: it asks for a sign-in, or refuses us.")]
    Refused,
    /// 429, 503.
    #[error("The website was too busy each time.")]
    Busy,
    /// 5xx.
    #[error("The website has a fault of its own and could not show the page.")]
    Broken,
    /// Any other answer.
    #[error("The website answered with something that is no page.")]
    Rejected,
    /// It leads round in a circle, or on and on.
    #[error("The address leads on to others again and again.")]
    Redirects,
    /// There is no text on it.
    #[error("There is no text on the page. It may be drawn by a script, which we do not run.")]
    Empty,
    /// It is damaged, or takes too much to read.
    #[error("The page is damaged, or too complicated to read.")]
    Damaged,
    /// The server stopped each time.
    #[error("It could not be read: the server stopped each time.")]
    GivenUp,
    /// The website asks not to.
    #[error("The website's robots.txt asks not to read this page.")]
    Robots,
    /// Nobody knows whether the website asks not to.
    #[error("The website's robots.txt could not be read, so nothing was: it may ask not to. Try again later.")]
    RobotsUnknown,
    /// The page asks not to.
    #[error("The page asks not to be taken up (noindex).")]
    NoIndex,
    /// On another website, or not below the address.
    #[error("It is on another website, or outside of the part that is read.")]
    Elsewhere,
    /// It leads to another page of the website, which is read instead.
    #[error("It leads to another page of the website, which is read instead.")]
    Moved,
    /// It says what another page says.
    #[error("It says the same as another page of the website.")]
    Same,
    /// It is a sitemap.
    #[error("It is a sitemap: the pages that it names are read.")]
    Sitemap,
    /// Nothing came of the whole website.
    #[error("No page with text was found there.")]
    Nothing,
    /// There are more pages.
    #[error(
        "There are more pages than this source may have. Raise its limit, or add parts of the website by themselves."
    )]
    MostPages,
    /// There was more to read.
    #[error("The pages were more than 100 MB together: the rest was left out.")]
    MostBytes,
    /// It took an hour.
    #[error("The website could not be read within an hour: the rest comes with the next reading.")]
    MostTime,
    /// Sitemaps go round in a circle, or on and on.
    #[error("The sitemaps name each other in a circle, or there are too many: the rest was left out.")]
    EndlessSitemap,
    /// A sitemap is damaged.
    #[error("A sitemap could not be read to its end.")]
    BrokenSitemap,
    /// Somebody stopped it.
    #[error("The reading was stopped.")]
    Stopped,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Blocked,
        Self::Unreachable,
        Self::Insecure,
        Self::TimedOut,
        Self::TooLarge,
        Self::NotText,
        Self::NotFound,
        Self::Refused,
        Self::Busy,
        Self::Broken,
        Self::Rejected,
        Self::Redirects,
        Self::Empty,
        Self::Damaged,
        Self::GivenUp,
        Self::Robots,
        Self::RobotsUnknown,
        Self::NoIndex,
        Self::Elsewhere,
        Self::Moved,
        Self::Same,
        Self::Sitemap,
        Self::Nothing,
        Self::MostPages,
        Self::MostBytes,
        Self::MostTime,
        Self::EndlessSitemap,
        Self::BrokenSitemap,
        Self::Stopped,
    ];

    /// The stable code for the outside.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blocked => "web_blocked",
            Self::Unreachable => "web_unreachable",
            Self::Insecure => "web_insecure",
            Self::TimedOut => "web_timed_out",
            Self::TooLarge => "web_too_large",
            Self::NotText => "web_not_text",
            Self::NotFound => "web_not_found",
            Self::Refused => "web_refused",
            Self::Busy => "web_busy",
            Self::Broken => "web_broken",
            Self::Rejected => "web_rejected",
            Self::Redirects => "web_redirects",
            Self::Empty => "web_empty",
            Self::Damaged => "web_damaged",
            Self::GivenUp => "web_given_up",
            Self::Robots => "web_robots",
            Self::RobotsUnknown => "web_robots_unknown",
            Self::NoIndex => "web_noindex",
            Self::Elsewhere => "web_elsewhere",
            Self::Moved => "web_moved",
            Self::Same => "web_same",
            Self::Sitemap => "web_sitemap",
            Self::Nothing => "web_nothing",
            Self::MostPages => "web_most_pages",
            Self::MostBytes => "web_most_bytes",
            Self::MostTime => "web_most_time",
            Self::EndlessSitemap => "web_endless_sitemap",
            Self::BrokenSitemap => "web_broken_sitemap",
            Self::Stopped => "web_stopped",
        }
    }

    /// The one of that code.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether a page with it was left out for a good reason, and is no failure.
    pub fn is_skip(self) -> bool {
        matches!(
            self,
            Self::Robots | Self::NoIndex | Self::Elsewhere | Self::Moved | Self::Same | Self::Sitemap | Self::MostPages
        )
    }

    /// What an HTTP status means that is no success and leads nowhere.
    pub fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::NotFound,
            401 | 403 | 451 => Self::Refused,
            429 | 503 => Self::Busy,
            500..=599 => Self::Broken,
            _ => Self::Rejected,
        }
    }

    /// Whether the page leaves the knowledge, after it was gone `gone` times, this one included. What may be there again
    /// tomorrow stays.
    pub fn takes_away(self, gone: u32) -> bool {
        self.is_skip() || (self == Self::NotFound && gone >= GONE) || matches!(self, Self::Empty | Self::NotText)
    }
}

/// How many addresses more may be put on the list, of a website with so many pages that count (left-out ones do not) among
/// so many on the list: an endless website ends, also when all of it is left out.
pub fn room(most: u32, counting: u64, listed: u64) -> u64 {
    let most = u64::from(most);
    most.saturating_sub(counting).min((2 * most + 100).saturating_sub(listed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_codes_come_back() {
        assert!(Schedule::ALL.into_iter().all(|one| Schedule::named(one.name()) == Some(one)));
        assert!(PageStatus::ALL.into_iter().all(|one| PageStatus::named(one.name()) == Some(one)));
        assert!(Reason::ALL.into_iter().all(|one| Reason::coded(one.code()) == Some(one)));
    }

    #[test]
    fn a_status_has_a_meaning() {
        for (status, expect) in [
            (404, Reason::NotFound),
            (410, Reason::NotFound),
            (403, Reason::Refused),
            (503, Reason::Busy),
            (500, Reason::Broken),
            (418, Reason::Rejected),
        ] {
            assert_eq!(Reason::of_status(status), expect, "{status}");
        }
    }

    #[test]
    fn what_is_gone_twice_leaves_and_what_fails_stays() {
        assert!(!Reason::NotFound.takes_away(1));
        assert!(Reason::NotFound.takes_away(2));
        assert!(Reason::NoIndex.takes_away(0));
        assert!(!Reason::Broken.takes_away(9));
        assert!(!Reason::TimedOut.takes_away(0));
    }

    #[test]
    fn the_list_ends() {
        assert_eq!(room(500, 0, 0), 500);
        assert_eq!(room(500, 499, 600), 1);
        assert_eq!(room(500, 600, 600), 0);
        assert_eq!(room(500, 1, 1_099), 1);
        assert_eq!(room(1, 0, 102), 0);
    }

    proptest! {
        #[test]
        fn the_next_reading_is_at_a_time_of_its_own(source in any::<u128>(), now in 0_i64..4_000_000_000_000) {
            let day = 24 * HOUR_MS;
            let next = Schedule::Daily.next(source, Millis(now)).unwrap();
            let wait = next.since(Millis(now));
            prop_assert!((day / 2..day / 2 + day).contains(&wait), "{wait}");
            // Read at its time, it is read a day later.
            prop_assert_eq!(Schedule::Daily.next(source, next), Some(next.plus(day)));
            let weekly = Schedule::Weekly.next(source, next).unwrap();
            prop_assert_eq!(weekly.0.rem_euclid(day), next.0.rem_euclid(day));
            prop_assert_eq!(Schedule::Never.next(source, next), None);
        }
    }
}
