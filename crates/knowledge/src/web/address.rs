//! Addresses of pages, each in one form: what leads to the same page has the same key.

use url::Url;

/// Longest address that is looked at, in bytes: what is longer is made by a machine, for machines.
pub const LONGEST: usize = 2_000;
/// A part of a path that comes so often is a link that leads round in a circle.
const CIRCLE: usize = 4;
/// Parameters that say where somebody came from, and nothing about the page.
const TRACKING: [&str; 19] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "phpsessid",
    "jsessionid",
];
/// Names that end like this are no pages.
const NO_PAGES: [&str; 44] = [
    "jpg", "jpeg", "png", "gif", "svg", "webp", "avif", "ico", "bmp", "tif", "tiff", "css", "js", "mjs", "map", "json",
    "xml", "rss", "atom", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a", "m4v", "mov", "avi", "webm",
    "ogg", "wav", "zip", "gz", "tgz", "rar", "7z", "dmg", "exe", "apk", "iso", "docx", "xlsx",
];

/// The address of a page: without a fragment and without what only follows visitors around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address; nothing when it is none of a page.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST { None } else { Self::of(Url::parse(text.trim()).ok()?) }
    }

    /// The address that a link on this page leads to.
    pub fn join(&self, link: &str) -> Option<Self> {
        if link.len() > LONGEST { None } else { Self::of(self.0.join(link.trim()).ok()?) }
    }

    fn of(mut url: Url) -> Option<Self> {
        let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
        if !is_web || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        url.set_fragment(None);
        let path = without_session(url.path());
        if path != url.path() {
            url.set_path(&path);
        }
        if let Some(query) = url.query() {
            let kept: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !is_tracking(part)).collect();
            let kept = kept.join("&");
            url.set_query((!kept.is_empty()).then_some(kept.as_str()));
        }
        (url.as_str().len() <= LONGEST).then_some(Self(url))
    }

    /// The address as it is called and shown.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// What is the same for every address of a page: neither the scheme nor a slash at the end makes another one.
    pub fn key(&self) -> String {
        let query = self.0.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{}{query}", self.host(), self.0.path().trim_end_matches('/'))
    }

    /// The host, with its port where that is not the usual one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Path and query: what `robots.txt` speaks of.
    pub fn path(&self) -> String {
        self.0.query().map_or_else(|| self.0.path().to_owned(), |query| format!("{}?{query}", self.0.path()))
    }

    /// A file at the root of this site.
    pub fn at_root(&self, path: &str) -> Option<Self> {
        self.join(path)
    }

    /// Whether both are on the same host.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.host() == other.host()
    }

    /// Whether it is this address, or below it. A last part with a dot is a file, and stands for where it is.
    pub fn is_under(&self, top: &Self) -> bool {
        let path = top.0.path();
        let (directory, last) = path.rsplit_once('/').unwrap_or(("", path));
        let prefix = if last.contains('.') { directory } else { path.trim_end_matches('/') };
        let below = self.0.path().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.is_beside(top) && below
    }

    /// Whether a link to it is worth following: no picture, no program, and no path that leads round in a circle.
    pub fn may_be_page(&self) -> bool {
        let last = self.0.path().rsplit('/').next().unwrap_or_default();
        let ending = last.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let parts: Vec<&str> = self.0.path().split('/').filter(|part| !part.is_empty()).collect();
        let circle = parts.iter().any(|one| parts.iter().filter(|other| *other == one).count() >= CIRCLE);
        !circle && ending.is_none_or(|ending| !NO_PAGES.contains(&ending.as_str()))
    }
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// A path without the number of a session that some servers write into it.
fn without_session(path: &str) -> String {
    let mut path = path.to_owned();
    while let Some(from) = path.to_ascii_lowercase().find(";jsessionid=") {
        let to = path[from..].find('/').map_or(path.len(), |end| from + end);
        path.replace_range(from..to, "");
    }
    path
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn a_page_has_one_address() {
        for (text, expect) in [
            ("HTTPS://Shop.Example:443/Help?utm_source=x&b=2&fbclid=1#top", "https://shop.example/Help?b=2"),
            ("http://shop.example", "http://shop.example/"),
            ("https://shop.example/a;jsessionid=12/b?", "https://shop.example/a/b"),
            ("https://shop.example/a/../b", "https://shop.example/b"),
            ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ] {
            assert_eq!(address(text).as_str(), expect, "{text}");
        }
        for text in
            ["ftp://shop.example/", "mailto:a@shop.example", "https://a:b@shop.example/", "/help", "", "https://"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        assert_eq!(Address::parse(&format!("https://shop.example/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn the_same_page_has_the_same_key() {
        let key = address("https://shop.example/help/").key();
        assert_eq!(key, address("http://shop.example/help#more").key());
        assert_ne!(key, address("https://shop.example/help?page=2").key());
        assert_ne!(key, address("https://shop.example:8443/help").key());
    }

    #[test]
    fn links_are_read_from_where_they_stand() {
        let page = address("https://shop.example/help/returns");
        assert_eq!(page.join("shipping?x=1#y").unwrap().as_str(), "https://shop.example/help/shipping?x=1");
        assert_eq!(page.join("//other.example/a").unwrap().host(), "other.example");
        assert_eq!(page.join("javascript:alert(1)"), None);
        assert_eq!(page.at_root("/robots.txt").unwrap().as_str(), "https://shop.example/robots.txt");
    }

    #[test]
    fn what_is_below_an_address() {
        let check = |top: &str, page: &str, expect: bool| {
            assert_eq!(address(page).is_under(&address(top)), expect, "{page} under {top}");
        };
        check("https://shop.example/help", "https://shop.example/help/a", true);
        check("https://shop.example/help/", "https://shop.example/help", true);
        check("https://shop.example/help", "https://shop.example/helpers", false);
        check("https://shop.example/help/index.html", "https://shop.example/help/a", true);
        check("https://shop.example/", "https://shop.example/a", true);
        check("https://shop.example/", "https://other.example/a", false);
    }

    #[test]
    fn what_is_no_page_is_not_followed() {
        for (text, expect) in [
            ("https://shop.example/a.html", true),
            ("https://shop.example/terms.pdf", true),
            ("https://shop.example/v1.2", true),
            ("https://shop.example/a.JPG", false),
            ("https://shop.example/en/a/en/a/en/a/en/a", false),
        ] {
            assert_eq!(address(text).may_be_page(), expect, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_an_address_or_none(text in "\\PC{0,80}", link in ".{0,80}") {
            if let Some(read) = Address::parse(&text) {
                prop_assert_eq!(Address::parse(read.as_str()), Some(read));
            }
            let page = address("https://shop.example/a/b?c=d");
            if let Some(joined) = page.join(&link) {
                prop_assert_eq!(Address::parse(joined.as_str()), Some(joined.clone()));
                let (_, _) = (joined.is_under(&page), joined.may_be_page());
                prop_assert!(joined.as_str().len() <= LONGEST);
            }
        }

        #[test]
        fn parameters_that_follow_visitors_make_no_other_page(
            path in "(/[a-z]{1,5}){0,4}",
            tracked in proptest::collection::vec("(utm_[a-z]{1,4}|gclid|PHPSESSID)=[a-z0-9]{0,6}", 0..4),
        ) {
            let plain = format!("https://shop.example{path}");
            let followed = format!("{plain}?{}", tracked.join("&"));
            prop_assert_eq!(address(&plain).key(), address(&followed).key());
        }
    }
}
