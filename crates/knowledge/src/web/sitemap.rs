//! Sitemaps: the pages that a site names, and the sitemaps that a sitemap names (sitemaps.org).
//!
//! They are read piece by piece: no entity of their own is looked up, and nothing is unpacked that is not looked at.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use quick_xml::{Reader, events::Event};

use super::address;

/// Largest sitemap, unpacked, in bytes: what the protocol allows.
pub const MOST_BYTES: u64 = 50 * 1024 * 1024;
/// Most addresses in one, as the protocol says.
pub const MOST_ADDRESSES: usize = 50_000;

/// What a sitemap names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<String>,
    /// Other sitemaps.
    pub maps: Vec<String>,
    /// It is longer than it may be, and was read so far.
    pub cut: bool,
    /// It is none, or breaks off: what stood before that counts.
    pub broken: bool,
}

impl Sitemap {
    /// Reads a sitemap, packed or not, and of its addresses at most `most`.
    pub fn read(bytes: &[u8], most: usize) -> Self {
        let most = most.min(MOST_ADDRESSES);
        if bytes.starts_with(&[0x1f, 0x8b]) {
            // One byte more than may be tells that it is too long.
            return read(BufReader::new(MultiGzDecoder::new(bytes).take(MOST_BYTES + 1)), most);
        }
        read(bytes.take(MOST_BYTES + 1), most)
    }

    fn count(&self) -> usize {
        self.pages.len() + self.maps.len()
    }
}

/// Whether bytes look like a sitemap, whatever their server calls them.
pub fn is_sitemap(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(2_000)];
    let start = String::from_utf8_lossy(start);
    bytes.starts_with(&[0x1f, 0x8b]) || start.contains("<urlset") || start.contains("<sitemapindex")
}

fn read(mut from: impl BufRead, most: usize) -> Sitemap {
    let mut map = Sitemap::default();
    let Ok(first) = from.fill_buf() else {
        return Sitemap { broken: true, ..map };
    };
    let first = first.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(first);
    if first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        read_xml(from, most, &mut map);
    } else {
        read_lines(from, most, &mut map);
    }
    map
}

/// The plain form: one address in each line.
fn read_lines(mut from: impl BufRead, most: usize, map: &mut Sitemap) {
    let mut line = Vec::new();
    let (mut read, mut any) = (0_u64, false);
    loop {
        line.clear();
        match from.by_ref().take(address::LONGEST as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(length) => read += length as u64,
            Err(_) => {
                map.broken = true;
                break;
            }
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim();
        any |= !text.is_empty();
        if text.starts_with("http") {
            if map.count() >= most {
                map.cut = true;
                return;
            }
            map.pages.push(text.to_owned());
        }
    }
    map.cut |= read > MOST_BYTES;
    map.broken |= any && map.pages.is_empty();
}

fn read_xml(from: impl BufRead, most: usize, map: &mut Sitemap) {
    let mut reader = Reader::from_reader(from);
    let mut buffer = Vec::new();
    let mut known = false;
    // How deep it is, at which depth an entry began and whether it names a sitemap, and the address so far.
    let mut depth = 0_usize;
    let mut entry: Option<(usize, bool)> = None;
    let mut address: Option<String> = None;
    loop {
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(_) => {
                map.broken = true;
                break;
            }
        };
        match event {
            Event::Eof => {
                map.broken |= depth > 0;
                break;
            }
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    "urlset" | "sitemapindex" if depth == 1 => known = true,
                    "url" if depth == 2 => entry = Some((depth, false)),
                    "sitemap" if depth == 2 => entry = Some((depth, true)),
                    // A picture in it has a `loc` of its own, further in.
                    "loc" if entry.is_some_and(|(at, _)| depth == at + 1) => address = Some(String::new()),
                    _ => {}
                }
            }
            Event::End(_) => {
                if let (Some(text), Some((_, is_map))) = (address.take(), entry) {
                    let text = text.trim();
                    if !text.is_empty() && text.len() <= address::LONGEST {
                        if map.count() >= most {
                            map.cut = true;
                            return;
                        }
                        let list = if is_map { &mut map.maps } else { &mut map.pages };
                        list.push(text.to_owned());
                    }
                }
                depth = depth.saturating_sub(1);
                if entry.is_some_and(|(at, _)| depth < at) {
                    entry = None;
                }
            }
            Event::Text(text) => push(&mut address, &text.xml10_content()),
            Event::CData(text) => push(&mut address, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let numbered = entity.resolve_char_ref().ok().flatten();
                let named = match entity.xml10_content().as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                };
                if let Some(letter) = numbered.or(named) {
                    push(&mut address, letter.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
        buffer.clear();
    }
    map.cut |= reader.buffer_position() > MOST_BYTES;
    map.broken |= !known;
}

/// No address becomes longer than one may be by much.
fn push(address: &mut Option<String>, text: &str) {
    if let Some(address) = address
        && address.len() <= address::LONGEST
    {
        address.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;

    use super::*;

    const MAP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
          <url><loc> https://shop.example/a?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod>
            <image:image><image:loc>https://shop.example/a.png</image:loc></image:image></url>
          <url><loc><![CDATA[https://shop.example/b]]></loc></url>
          <url/><url><loc></loc></url>
        </urlset>"#;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn pages_are_named() {
        let pages = vec!["https://shop.example/a?x=1&y=2".to_owned(), "https://shop.example/b".to_owned()];
        let expect = Sitemap { pages, ..Sitemap::default() };
        assert_eq!(Sitemap::read(MAP.as_bytes(), 9), expect);
        assert_eq!(Sitemap::read(&packed(MAP.as_bytes()), 9), expect);
        assert!(is_sitemap(MAP.as_bytes()) && is_sitemap(&packed(MAP.as_bytes())) && !is_sitemap(b"<html>"));
        let cut = Sitemap::read(MAP.as_bytes(), 1);
        assert_eq!((cut.pages.len(), cut.cut), (1, true));
    }

    #[test]
    fn sitemaps_are_named() {
        let index = "<sitemapindex><sitemap><loc>https://shop.example/1.xml</loc></sitemap>\
                     <sitemap><loc>https://shop.example/2.xml.gz</loc></sitemap></sitemapindex>";
        let read = Sitemap::read(index.as_bytes(), 9);
        assert_eq!(read.maps, ["https://shop.example/1.xml", "https://shop.example/2.xml.gz"]);
        assert!(read.pages.is_empty() && !read.broken);
    }

    #[test]
    fn lines_will_do() {
        let read = Sitemap::read(b"\xef\xbb\xbfhttps://shop.example/a\r\n\nhttps://shop.example/b\n", 9);
        assert_eq!(read.pages, ["https://shop.example/a", "https://shop.example/b"]);
    }

    #[test]
    fn what_is_none_says_so() {
        for text in ["<html><body>no</body></html>", "<urlset><url><loc>https://shop.example/a</loc></url>", "no"] {
            assert!(Sitemap::read(text.as_bytes(), 9).broken, "{text}");
        }
        assert_eq!(Sitemap::read(b"<urlset><url><loc>https://shop.example/a</loc></url>", 9).pages.len(), 1);
        assert_eq!(Sitemap::read(b"", 9), Sitemap::default());
    }

    /// Entities of its own are not looked up, so that none can grow.
    #[test]
    fn entities_stay_small() {
        let laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"> \
            <!ENTITY c SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>https://shop.example/&b;&c;</loc></url></urlset>";
        assert_eq!(Sitemap::read(laughs.as_bytes(), 9).pages, ["https://shop.example/"]);
    }

    /// What unpacks to more than may be is read so far.
    #[test]
    fn a_bomb_ends() {
        let line = "<url><loc>https://shop.example/</loc></url>".repeat(1_000);
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(b"<urlset>").unwrap();
        for _ in 0..100 {
            packer.write_all(line.as_bytes()).unwrap();
        }
        let read = Sitemap::read(&packer.finish().unwrap(), usize::MAX);
        assert_eq!((read.pages.len(), read.cut), (MOST_ADDRESSES, true));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let read = Sitemap::read(&bytes, 10);
            prop_assert!(read.count() <= 10);
            let _ = Sitemap::read(&packed(&bytes), 10);
        }

        #[test]
        fn tags_in_any_order_are_read(
            tags in proptest::collection::vec("</?(urlset|url|loc|sitemap|sitemapindex|a:loc)/?>|&amp;|&#x41;|&x;|https://a.example/|<!--|-->|<!\\[CDATA\\[|\\]\\]>", 0..40),
        ) {
            let read = Sitemap::read(tags.concat().as_bytes(), 10);
            prop_assert!(read.count() <= 10);
        }
    }
}
