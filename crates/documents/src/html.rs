//! Web pages: the part that says something, without menus, forms and scripts.

use domain::{documents::Unreadable, websites::LINKS};
use ego_tree::{NodeRef, iter::Edge};
use ports::documents::{Document, Web};
use scraper::{ElementRef, Html, Node, Selector};

use crate::{Limits, plain::Plain};

/// What is no part of a page's text.
const SKIPPED: [&str; 20] = [
    "head", "script", "style", "noscript", "template", "svg", "math", "nav", "footer", "aside", "form", "iframe",
    "object", "button", "select", "textarea", "dialog", "canvas", "audio", "video",
];
/// What stands by itself.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "figure",
    "figcaption",
    "address",
    "details",
    "summary",
    "body",
    "br",
    "hr",
    "fieldset",
];
/// What an element is for, where that is no part of a page's text.
const ROLES: [&str; 9] =
    ["navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar"];
/// Names by which the questions about cookies go.
const CONSENT: [&str; 3] = ["cookie", "consent", "gdpr"];
/// Such a question has at most so many bytes: a page about cookies has more.
const CONSENT_BYTES: usize = 1_500;
/// Longest address of a link, in bytes.
const LINK: usize = knowledge::web::address::LONGEST;
/// A part of a page that calls itself the main one has at least so many characters.
const MAIN: usize = 200;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    if bytes.len() as u64 > limits.unpacked {
        return Err(Unreadable::TooLarge);
    }
    let text = knowledge::decode::characters(bytes).map_err(|_| Unreadable::Broken)?;
    let page = Html::parse_document(&text);
    let title = first(&page, "title").map(|title| title.text().collect::<String>());
    let main =
        first(&page, "main, [role=main], article").filter(|main| main.text().map(str::len).sum::<usize>() >= MAIN);
    let mut walk = Walk { plain: Plain::new(limits.text), words: String::new(), kind: Kind::Paragraph, content: 0 };
    walk.through(main.unwrap_or_else(|| page.root_element()))?;
    let heading = first(&page, "h1").map(|heading| heading.text().collect::<String>());
    let tidy = |title: String| title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = [title, heading].into_iter().flatten().map(tidy).find(|title| !title.is_empty());
    Ok(Document { title, text: walk.plain.finish(), web: web(&page) })
}

/// What the page says of itself, and where it leads.
fn web(page: &Html) -> Web {
    let of = |selector: &str, name: &str| {
        let value = first(page, selector)?.attr(name)?.trim().to_owned();
        (!value.is_empty() && value.len() <= LINK).then_some(value)
    };
    let asked = all(page, "meta[name][content]").into_iter().filter_map(|meta| {
        let name = meta.attr("name")?.trim().to_ascii_lowercase();
        matches!(name.as_str(), "robots" | "baton").then(|| meta.attr("content"))?
    });
    let asked = asked.collect::<Vec<_>>().join(",").to_ascii_lowercase();
    let asks = |what: &str| asked.split(',').map(str::trim).any(|one| one == what || one == "none");
    let mut links: Vec<String> = Vec::new();
    if !asks("nofollow") {
        for link in all(page, "a[href]") {
            let (Some(to), rel) = (link.attr("href"), link.attr("rel").unwrap_or_default()) else { continue };
            let to = to.trim();
            let follow = !rel.split_whitespace().any(|one| one.eq_ignore_ascii_case("nofollow"));
            if !follow || to.is_empty() || to.starts_with('#') || to.len() > LINK {
                continue;
            }
            links.push(to.to_owned());
            if links.len() >= LINKS {
                break;
            }
        }
    }
    Web {
        canonical: of("link[rel~='canonical' i][href]", "href"),
        base: of("base[href]", "href"),
        links,
        noindex: asks("noindex"),
    }
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|selector| page.select(&selector).collect()).unwrap_or_default()
}

fn first<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    page.select(&Selector::parse(selector).ok()?).next()
}

/// What the words are that come now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading,
    Item,
    Paragraph,
}

struct Walk {
    plain: Plain,
    words: String,
    kind: Kind,
    /// How many elements are open that hold the text of a page: a header in one of them is its own.
    content: usize,
}

impl Walk {
    /// Step by step, never in itself: a page may be nested as deep as it likes.
    fn through(&mut self, root: ElementRef<'_>) -> Result<(), Unreadable> {
        let mut hidden = 0_usize;
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let name = element.name();
                        let head = name == "header" && self.content == 0;
                        if hidden > 0 || head || is_hidden(name, element) || is_consent(node, element) {
                            hidden += 1;
                            continue;
                        }
                        self.content += usize::from(is_content(name, element));
                        match name {
                            "h1" | "h2" | "h3" | "h4" => self.begin(Kind::Heading)?,
                            "li" => self.begin(Kind::Item)?,
                            "td" | "th" if !self.words.trim().is_empty() => self.words.push_str(" | "),
                            "img" => {}
                            name if BLOCKS.contains(&name) => self.begin(self.inside())?,
                            _ => {}
                        }
                    }
                    Node::Text(text) if hidden == 0 => self.words.push_str(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    if hidden > 0 {
                        hidden -= 1;
                        continue;
                    }
                    self.content -= usize::from(is_content(element.name(), element)).min(self.content);
                    match element.name() {
                        "h1" | "h2" | "h3" | "h4" | "li" => self.begin(Kind::Paragraph)?,
                        name if BLOCKS.contains(&name) => self.begin(self.inside())?,
                        _ => {}
                    }
                }
            }
        }
        self.begin(Kind::Paragraph)
    }

    /// A block inside a heading or an item is a part of it.
    fn inside(&self) -> Kind {
        if self.words.trim().is_empty() { self.kind } else { Kind::Paragraph }
    }

    /// Writes the words so far.
    fn begin(&mut self, kind: Kind) -> Result<(), Unreadable> {
        let words = std::mem::take(&mut self.words);
        let before = std::mem::replace(&mut self.kind, kind);
        // Line ends in the text of a page are blanks.
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        match before {
            Kind::Heading => self.plain.heading(&words),
            Kind::Item => self.plain.item(&words),
            Kind::Paragraph => self.plain.paragraph(&words),
        }
    }
}

fn is_hidden(name: &str, element: &scraper::node::Element) -> bool {
    let role = element.attr("role").is_some_and(|role| ROLES.contains(&role.trim()));
    SKIPPED.contains(&name) || role || element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true")
}

fn is_content(name: &str, element: &scraper::node::Element) -> bool {
    matches!(name, "main" | "article") || element.attr("role") == Some("main")
}

/// A question about cookies, by its name, unless it is so long that it must be something else.
fn is_consent(node: NodeRef<'_, Node>, element: &scraper::node::Element) -> bool {
    if !matches!(element.name(), "div" | "section" | "p" | "span") {
        return false;
    }
    let named = |name: &str| {
        let name = element.attr(name).unwrap_or_default().to_ascii_lowercase();
        CONSENT.iter().any(|one| name.contains(one))
    };
    if !named("id") && !named("class") {
        return false;
    }
    let mut bytes = 0;
    for below in node.descendants() {
        if let Node::Text(text) = below.value() {
            bytes += text.trim().len();
        }
        if bytes > CONSENT_BYTES {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expect: &str) {
        assert_eq!(read(html.as_bytes(), &Limits::default()).unwrap().text.trim_end(), expect);
    }

    #[test]
    fn what_says_something_is_kept() {
        check(
            "<html><head><title> Shop \n help </title><style>p{}</style></head><body><nav><a href=/>Home</a></nav>
             <h1>Returns</h1><div>Send it <b>back</b>\nin 30&nbsp;days.<p>Free.</div><ul><li>by post<li><p>in the shop</p></ul>
             <script>alert('no')</script><p hidden>no</p><footer>no</footer></body></html>",
            "# Returns\n\nSend it back in 30 days.\n\nFree.\n\n- by post\n- in the shop",
        );
    }

    #[test]
    fn tables_are_lines() {
        check("<table><tr><th>Tent<th>Price<tr><td>Dome<td>199</table>", "Tent | Price\n\nDome | 199");
    }

    #[test]
    fn the_main_part_is_enough() {
        let long = "word ".repeat(60);
        let page = format!("<title>T</title><div>menu</div><main><p>{long}</p></main><div>more</div>");
        let read = read(page.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((read.title.as_deref(), read.text.trim_end()), (Some("T"), long.trim_end()));
    }

    #[test]
    fn what_frames_a_page_is_left_out() {
        check(
            "<body class=cookie-page><header><h1>Shop</h1><a href=/>Home</a></header><div role=navigation>Menu</div>
             <div id=CookieBanner><div>We use cookies.</div><p>Accept all</p></div>
             <article><header><h2>Returns</h2></header><p>Free.</p></article><div role=contentinfo>Imprint</div>",
            "# Returns\n\nFree.",
        );
        let policy = format!("<div class=cookie-policy><p>{}</p></div>", "We use cookies. ".repeat(120));
        assert!(read(policy.as_bytes(), &Limits::default()).unwrap().text.starts_with("We use cookies."));
    }

    #[test]
    fn a_page_says_where_it_leads() {
        let page = "<head><base href=/en/><link rel='Canonical alternate' href=' /en/help '><meta name=Robots content='noarchive, NoIndex'></head>
             <nav><a href=/a>A</a><a href='#top'>Top</a><a rel='external nofollow' href=/b>B</a></nav><a href='c?d=1#e'>C</a>";
        let web = read(page.as_bytes(), &Limits::default()).unwrap().web;
        assert_eq!((web.base.as_deref(), web.noindex), (Some("/en/"), true));
        assert_eq!(web.links, ["/a", "c?d=1#e"]);
        let page =
            "<link rel=canonical href=https://shop.example/a><meta name=robots content=none><a href=/a>A</a>text";
        let web = read(page.as_bytes(), &Limits::default()).unwrap().web;
        assert_eq!((web.canonical.as_deref(), web.noindex, web.links.len()), (Some("https://shop.example/a"), true, 0));
        let many = "<a href=/a>a</a>".repeat(LINKS + 5);
        assert_eq!(read(many.as_bytes(), &Limits::default()).unwrap().web.links.len(), LINKS);
    }

    #[test]
    fn depth_is_no_matter() {
        let deep = format!("{}deep{}", "<div>".repeat(3_000), "</div>".repeat(3_000));
        check(&deep, "deep");
    }
}
