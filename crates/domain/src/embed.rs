//! Where a chat may stand: on our own page, in a frame of it, on somebody's website.

use crate::{
    chatbot::{Settings, Visibility},
    limits,
    text::InvalidText,
};

/// Where a visitor's page is, as its browser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The share page, for itself; or no browser at all.
    Page,
    /// The share page in a frame. Which sites may frame it, the page itself has told the browser.
    Frame,
    /// A script on a site of somebody else, by its origin: `https://shop.example`.
    Site(String),
}

/// Why a visitor does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The chatbot is for collaborators.
    Private,
    /// The chatbot has no page of its own.
    EmbedOnly,
    /// The site is not among the allowed domains.
    Site,
}

impl Settings {
    /// Whether a visitor may come in here. `member` is a collaborator of the chatbot.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(&self, place: &Place, member: bool) -> Result<(), Shut> {
        if let Place::Site(origin) = place
            && !self.allows_site(origin)
        {
            return Err(Shut::Site);
        }
        match self.visibility {
            Visibility::Private if !member => Err(Shut::Private),
            Visibility::Hybrid if *place == Place::Page => Err(Shut::EmbedOnly),
            Visibility::Private | Visibility::Hybrid | Visibility::Public => Ok(()),
        }
    }

    /// Whether a script on this site may talk with the chatbot. Without a list every site may.
    pub fn allows_site(&self, origin: &str) -> bool {
        self.allowed_domains.is_empty() || self.allowed_domains.iter().any(|domain| matches(domain, origin))
    }

    /// Who may put the share page into a frame, for `frame-ancestors`: our own pages always can.
    pub fn frame_ancestors(&self) -> String {
        match (self.visibility, self.allowed_domains.as_slice()) {
            (Visibility::Private, _) => "'self'".to_owned(),
            (_, []) => "*".to_owned(),
            (_, domains) => {
                let mut ancestors = "'self'".to_owned();
                for domain in domains {
                    // Both by name: without a scheme a browser would take ours.
                    for scheme in ["https", "http"] {
                        ancestors.push(' ');
                        ancestors.push_str(&format!("{scheme}://{domain}"));
                    }
                }
                ancestors
            }
        }
    }
}

/// Checks a domain that may embed: `example.com`, `*.example.com` for what is below it, with a port where the site has
/// one. What people copy from an address bar (a scheme, a slash at the end) is taken off.
///
/// # Errors
/// [`InvalidText`] for anything that is no host.
pub fn domain(text: &str) -> Result<String, InvalidText> {
    const WRONG: InvalidText = InvalidText::Malformed("domain: write it like example.com or *.example.com");
    let text = text.trim().to_ascii_lowercase();
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    if bare.is_empty() {
        return Err(InvalidText::Empty);
    }
    if bare.len() > limits::DOMAIN_BYTES {
        return Err(InvalidText::TooLong { max: limits::DOMAIN_BYTES });
    }
    let (host, port) = split_port(bare).ok_or(WRONG)?;
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
        return Err(InvalidText::Malformed("port: a number from 1 to 65535"));
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    // `*.com` would be half of the world.
    if host.starts_with("*.") && !name.contains('.') {
        return Err(WRONG);
    }
    if is_address(name) && !host.starts_with('*') || name.split('.').all(is_label) {
        Ok(bare.to_owned())
    } else {
        Err(WRONG)
    }
}

/// Host and port of `host`, `host:port` or `[address]:port`.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let end = authority.rfind(']').map_or(0, |at| at + 1);
    match authority.get(end..)?.split_once(':') {
        None => Some((authority, None)),
        Some((rest, port)) => authority.get(..end + rest.len()).map(|host| (host, Some(port))),
    }
}

/// An IPv6 address in brackets, as it stands in an origin.
fn is_address(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())
}

/// One part of a host name. Browsers send others than these in this form too (`xn--..`).
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// Whether an origin is of an allowed domain. As in `frame-ancestors`: `*.example.com` is not `example.com`, and a
/// domain without a port means the usual one.
fn matches(domain: &str, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let usual = match scheme {
        "https" => "443",
        "http" => "80",
        _ => return false,
    };
    let (Some((host, port)), Some((wanted, wanted_port))) = (split_port(authority), split_port(domain)) else {
        return false;
    };
    if port.unwrap_or(usual) != wanted_port.unwrap_or(usual) {
        return false;
    }
    match wanted.strip_prefix("*.") {
        Some(above) => host.strip_suffix(above).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None => host == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_hosts_with_a_port_where_there_is_one() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(domain(text).ok().as_deref(), expect, "{text}");
        check("example.com", Some("example.com"));
        check(" Shop.Example.COM ", Some("shop.example.com"));
        check("*.example.com", Some("*.example.com"));
        check("https://shop.example/", Some("shop.example"));
        check("localhost:3000", Some("localhost:3000"));
        check("127.0.0.1:8080", Some("127.0.0.1:8080"));
        check("[::1]:8080", Some("[::1]:8080"));
        check("xn--mnchen-3ya.example", Some("xn--mnchen-3ya.example"));
        for bad in [
            "",
            "*",
            "*.com",
            "*.*.com",
            "a.*.com",
            "example.com/shop",
            "a b.com",
            "user@example.com",
            "example..com",
            ".example.com",
            "-a.com",
            "münchen.example",
            "ftp://example.com",
            "example.com:",
            "example.com:0",
            "example.com:99999",
            "example.com:8o",
            "[::1",
            "*.[::1]",
            "a.com; script-src *",
            "'self'",
            "a.com,b.com",
        ] {
            assert!(domain(bad).is_err(), "{bad:?}");
        }
        assert!(domain(&"a.".repeat(200)).is_err());
    }

    #[test]
    fn an_origin_is_of_a_domain_exactly() {
        let check = |domain: &str, origin: &str, expect: bool| {
            assert_eq!(matches(domain, origin), expect, "{domain} {origin}");
        };
        check("example.com", "https://example.com", true);
        check("example.com", "http://example.com", true);
        check("example.com", "https://example.com:8443", false);
        check("example.com", "https://shop.example.com", false);
        check("example.com", "https://badexample.com", false);
        check("example.com", "https://example.com.evil.example", false);
        check("*.example.com", "https://shop.example.com", true);
        check("*.example.com", "https://a.b.example.com", true);
        check("*.example.com", "https://example.com", false);
        check("*.example.com", "https://badexample.com", false);
        check("*.example.com", "https://.example.com", false);
        check("example.com:8443", "https://example.com:8443", true);
        check("example.com:443", "https://example.com", true);
        check("example.com:443", "http://example.com", false);
        check("[::1]:3000", "http://[::1]:3000", true);
        check("example.com", "null", false);
        check("example.com", "file://", false);
        check("example.com", "chrome-extension://example.com", false);
    }

    fn with(visibility: Visibility, domains: &[&str]) -> Settings {
        let allowed_domains = domains.iter().map(|&domain| domain.to_owned()).collect();
        Settings { visibility, allowed_domains, ..Settings::default() }
    }

    #[test]
    fn who_comes_in_where() {
        use Visibility::{Hybrid, Private, Public};
        let site = || Place::Site("https://shop.example".to_owned());
        let check = |visibility, domains: &[&str], place, member, expect: Result<(), Shut>| {
            assert_eq!(
                with(visibility, domains).admits(&place, member),
                expect,
                "{visibility:?} {domains:?} {place:?}"
            );
        };
        let (here, elsewhere) = (&["shop.example"][..], &["other.example"][..]);
        check(Public, &[], Place::Page, false, Ok(()));
        check(Public, &[], Place::Frame, false, Ok(()));
        check(Public, &[], site(), false, Ok(()));
        check(Public, &[], Place::Site("null".to_owned()), false, Ok(()));
        check(Public, here, site(), false, Ok(()));
        check(Public, here, Place::Site("null".to_owned()), false, Err(Shut::Site));
        check(Public, elsewhere, site(), false, Err(Shut::Site));
        // The list is about other sites: our own page is the link, a frame was let in by the browser.
        check(Public, elsewhere, Place::Page, false, Ok(()));
        check(Public, elsewhere, Place::Frame, false, Ok(()));
        check(Hybrid, &[], site(), false, Ok(()));
        check(Hybrid, &[], Place::Frame, false, Ok(()));
        check(Hybrid, &[], Place::Page, false, Err(Shut::EmbedOnly));
        check(Hybrid, &[], Place::Page, true, Err(Shut::EmbedOnly));
        check(Hybrid, elsewhere, site(), false, Err(Shut::Site));
        check(Private, &[], Place::Page, false, Err(Shut::Private));
        check(Private, &[], Place::Page, true, Ok(()));
        check(Private, &[], site(), false, Err(Shut::Private));
        check(Private, elsewhere, site(), true, Err(Shut::Site));
    }

    #[test]
    fn frames_follow_the_same_list() {
        let check = |visibility, domains: &[&str], expect: &str| {
            assert_eq!(with(visibility, domains).frame_ancestors(), expect);
        };
        check(Visibility::Public, &[], "*");
        check(Visibility::Hybrid, &[], "*");
        check(Visibility::Private, &["shop.example"], "'self'");
        check(
            Visibility::Hybrid,
            &["shop.example", "*.shop.example:8443"],
            "'self' https://shop.example http://shop.example https://*.shop.example:8443 http://*.shop.example:8443",
        );
    }
}
