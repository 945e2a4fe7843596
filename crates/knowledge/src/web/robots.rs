//! `robots.txt`: what a site lets robots read (RFC 9309).

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// So much of a file is looked at, in bytes; the standard asks for as much at least.
pub const MOST_BYTES: usize = 500 * 1024;
/// Longest pause that a site can ask for, in milliseconds.
pub const LONGEST_PAUSE_MS: u64 = 30_000;
/// Rules that are kept; what comes after them is not heard.
const MOST_RULES: usize = 10_000;
/// Those of them that hold a `*`: each of them costs more to compare.
const MOST_WILD: usize = 1_000;
/// Longest rule, in bytes.
const LONGEST_RULE: usize = 2_000;
/// Sitemaps that are kept.
const MOST_SITEMAPS: usize = 100;

/// What a site lets one robot read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    rules: Vec<Rule>,
    /// The pause between two pages that it asks for, in milliseconds.
    pub pause_ms: u64,
    /// The sitemaps that it names.
    pub sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    allow: bool,
    /// With `*` for anything and `$` at the end.
    pattern: String,
}

/// What a file says to whom.
#[derive(Default)]
struct Group {
    rules: Vec<Rule>,
    wild: usize,
    pause_ms: u64,
}

impl Group {
    fn add(&mut self, allow: bool, pattern: &str) {
        let pattern = pattern.trim();
        if pattern.is_empty() || pattern.len() > LONGEST_RULE || self.rules.len() >= MOST_RULES {
            return;
        }
        let pattern = normal(pattern, false);
        let pattern = if pattern.starts_with(['/', '*']) { pattern } else { format!("/{pattern}") };
        let wild = pattern.contains('*');
        if wild && self.wild >= MOST_WILD {
            return;
        }
        self.wild += usize::from(wild);
        self.rules.push(Rule { allow, pattern });
    }
}

impl Robots {
    /// Reads what a file says to the robot of this name: the groups that name it, else those for all.
    pub fn read(bytes: &[u8], name: &str) -> Self {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]);
        let (mut ours, mut all, mut sitemaps) = (None::<Group>, Group::default(), Vec::new());
        // Whom the lines that come speak to, and whether they have begun.
        let (mut to_us, mut to_all, mut begun) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if begun {
                        (to_us, to_all, begun) = (false, false, false);
                    }
                    to_all |= value == "*";
                    if product(value).eq_ignore_ascii_case(name) {
                        to_us = true;
                        ours.get_or_insert_with(Group::default);
                    }
                }
                "allow" | "disallow" | "crawl-delay" => {
                    begun = true;
                    let groups = [ours.as_mut().filter(|_| to_us), Some(&mut all).filter(|_| to_all)];
                    for group in groups.into_iter().flatten() {
                        match (key.as_str(), pause(value)) {
                            ("crawl-delay", Some(pause)) => group.pause_ms = pause,
                            ("crawl-delay", None) => {}
                            (key, _) => group.add(key == "allow", value),
                        }
                    }
                }
                "sitemap" if sitemaps.len() < MOST_SITEMAPS && value.len() <= LONGEST_RULE => {
                    sitemaps.push(value.to_owned());
                }
                _ => {}
            }
        }
        let Group { rules, pause_ms, .. } = ours.unwrap_or(all);
        Self { rules, pause_ms, sitemaps }
    }

    /// Whether a path, with its query, may be read: the longest rule that fits decides, and of two as long the kinder one.
    pub fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = normal(path, true);
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, &path));
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }
}

/// The part of a robot's name that counts.
fn product(value: &str) -> &str {
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(value.len());
    &value[..end]
}

/// Seconds as milliseconds, within the limit.
fn pause(value: &str) -> Option<u64> {
    let seconds: f64 = value.parse().ok().filter(|seconds: &f64| *seconds >= 0.0)?;
    let pause = Duration::try_from_secs_f64(seconds).map_or(u128::MAX, |pause| pause.as_millis());
    Some(u64::try_from(pause).unwrap_or(u64::MAX).min(LONGEST_PAUSE_MS))
}

/// A path or a rule in the form in which they are compared: `%41` is `A`, `ü` is `%C3%BC`. In a path `*` and `$` are
/// letters like others, and a rule means them by `%2A` and `%24`.
fn normal(text: &str, path: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let coded = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let coded = coded.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        // A sign before a digit is none of a number here.
        let coded = coded.filter(|_| bytes[at + 1].is_ascii_hexdigit());
        let (byte, was_coded, length) = coded.map_or((byte, false, 1), |coded| (coded, true, 3));
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let plain =
            if was_coded { unreserved } else { byte.is_ascii_graphic() && !(path && matches!(byte, b'*' | b'$')) };
        if plain {
            out.push(char::from(byte))
        } else {
            out.push_str(&format!("%{byte:02X}"))
        }
        at += length;
    }
    out
}

/// Whether a rule fits the beginning of a path. Each part between two stars is looked for once, so that it takes no more
/// steps than both are long.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return !to_end || rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    if to_end { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(file: &str, expect: &[(&str, bool)]) {
        let robots = Robots::read(file.as_bytes(), "Baton");
        for (path, allowed) in expect {
            assert_eq!(robots.allows(path), *allowed, "{path} by {file}");
        }
    }

    #[test]
    fn the_longest_rule_decides() {
        check(
            "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /same\nAllow: /same\n",
            &[("/", true), ("/private", false), ("/private/a", false), ("/private/open/a", true), ("/same", true)],
        );
        check("User-agent: *\nDisallow:\n", &[("/a", true)]);
        check("User-agent: *\nDisallow: /\n", &[("/a", false), ("/robots.txt", true)]);
        check("", &[("/a", true)]);
    }

    #[test]
    fn stars_and_ends_are_heard() {
        check(
            "User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: /*?sort=\n",
            &[
                ("/x.php", false),
                ("/x.php?a", true),
                ("/aXbYc", false),
                ("/aXcYb", true),
                ("/list?sort=up", false),
                ("/list", true),
            ],
        );
    }

    #[test]
    fn a_group_of_ones_own_counts_alone() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: baton/2.0\nDisallow: /a\nCrawl-delay: 2.5\n\n\
                    User-agent: BATON\nDisallow: /b\n";
        check(file, &[("/", true), ("/a", false), ("/b", false)]);
        assert_eq!(Robots::read(file.as_bytes(), "Baton").pause_ms, 2_500);
        assert_eq!(Robots::read(b"User-agent: *\nCrawl-delay: 900", "Baton").pause_ms, LONGEST_PAUSE_MS);
        assert_eq!(Robots::read(b"User-agent: *\nCrawl-delay: -1", "Baton").pause_ms, 0);
        check("User-agent: Batonist\nDisallow: /\n", &[("/", true)]);
    }

    #[test]
    fn letters_are_compared_however_they_are_written() {
        check(
            "\u{feff}user-agent : * # all\r\ndisallow: /m%c3%bcnchen\rDisallow: /%7Euser\nDisallow: /star%2A\n",
            &[("/münchen", false), ("/~user", false), ("/star*", false), ("/starling", true)],
        );
    }

    #[test]
    fn sitemaps_stand_outside_of_groups() {
        let robots =
            Robots::read(b"Sitemap: https://shop.example/a.xml\nUser-agent: Other\nSitemap: /b.xml\n", "Baton");
        assert_eq!(robots.sitemaps, ["https://shop.example/a.xml", "/b.xml"]);
    }

    /// The rule as it is written in the standard, letter by letter, to compare with.
    fn fits_slowly(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => true,
            [b'$'] => path.is_empty(),
            [b'*', rest @ ..] => (0..=path.len()).any(|skipped| fits_slowly(rest, &path[skipped..])),
            [letter, rest @ ..] => path.first() == Some(letter) && fits_slowly(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn rules_fit_as_the_standard_says(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,10}") {
            prop_assert_eq!(fits(&pattern, &path), fits_slowly(pattern.as_bytes(), path.as_bytes()), "{} {}", pattern, path);
        }

        #[test]
        fn whatever_a_file_holds_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..400), path in "\\PC{0,40}") {
            let robots = Robots::read(&bytes, "Baton");
            let _ = robots.allows(&path);
            prop_assert!(robots.pause_ms <= LONGEST_PAUSE_MS);
        }

        #[test]
        fn lines_in_any_order_are_read(
            lines in proptest::collection::vec("(User-agent|Allow|Disallow|Crawl-delay|Sitemap|x): ?(\\*|Baton|/[a*$%0-9]{0,6}|[0-9.e-]{0,5})", 0..30),
        ) {
            let robots = Robots::read(lines.join("\n").as_bytes(), "Baton");
            prop_assert!(robots.allows("/robots.txt"));
            let again: Robots = serde_json::from_str(&serde_json::to_string(&robots).unwrap()).unwrap();
            prop_assert_eq!(again, robots);
        }
    }

    /// Many stars against a long path end at once.
    #[test]
    fn a_hostile_file_costs_little() {
        let line = format!("Disallow: /{}b\n", "*a".repeat(900));
        let file = format!("User-agent: *\n{}", line.repeat(250));
        let robots = Robots::read(file.as_bytes(), "Baton");
        assert!(robots.allows(&format!("/{}", "a".repeat(1_900))));
    }
}
