//! Web pages: the part that says something, without menus, forms and scripts.

use domain::documents::Unreadable;
use ego_tree::iter::Edge;
use ports::documents::Document;
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
    let mut walk = Walk { plain: Plain::new(limits.text), words: String::new(), kind: Kind::Paragraph };
    walk.through(main.unwrap_or_else(|| page.root_element()))?;
    let heading = first(&page, "h1").map(|heading| heading.text().collect::<String>());
    let tidy = |title: String| title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = [title, heading].into_iter().flatten().map(tidy).find(|title| !title.is_empty());
    Ok(Document { title, text: walk.plain.finish() })
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
                        if hidden > 0 || is_hidden(name, element) {
                            hidden += 1;
                            continue;
                        }
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
    SKIPPED.contains(&name) || element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true")
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
    fn depth_is_no_matter() {
        let deep = format!("{}deep{}", "<div>".repeat(3_000), "</div>".repeat(3_000));
        check(&deep, "deep");
    }
}
