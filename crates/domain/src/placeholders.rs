//! Texts of an owner with places for variables in them: `{order_number}` stands for what the visitor gave.

use std::collections::{BTreeMap, BTreeSet};

/// A piece of a text.
enum Piece<'a> {
    /// As it stands there.
    Text(&'a str),
    /// The place of a variable of this name.
    Place(&'a str),
}

/// The text in pieces. A brace that belongs to no name is text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let behind = &rest[open + 1..];
        let named = behind
            .split_once('}')
            .filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let end = match named {
            Some((name, after)) => {
                pieces.extend([Piece::Text(&rest[..open]), Piece::Place(name)]);
                rest = after;
                continue;
            }
            None => open + 1,
        };
        pieces.push(Piece::Text(&rest[..end]));
        rest = &rest[end..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// A text with the values of variables in it; one without a value is left out.
pub fn filled(text: &str, variables: &BTreeMap<String, String>) -> String {
    let piece = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Place(name) => variables.get(name).map_or("", String::as_str),
    };
    pieces(text).into_iter().map(piece).collect()
}

/// The variables that a text has places for and that have a value, each once, by name.
pub fn named(text: &str, variables: &BTreeMap<String, String>) -> Vec<(String, String)> {
    places(text).into_iter().filter_map(|name| Some((name.to_owned(), variables.get(name)?.clone()))).collect()
}

/// The names that a text has places for, each once, in their order.
pub fn places(text: &str) -> BTreeSet<&str> {
    let name = |piece| match piece {
        Piece::Place(name) => Some(name),
        Piece::Text(_) => None,
    };
    pieces(text).into_iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> BTreeMap<String, String> {
        BTreeMap::from([("order_number".to_owned(), "A-7".to_owned()), ("colour".to_owned(), "red".to_owned())])
    }

    #[test]
    fn a_text_is_filled_and_other_braces_stay() {
        let check = |text: &str, expected: &str| assert_eq!(filled(text, &variables()), expected, "{text}");
        check("Order {order_number} is here.", "Order A-7 is here.");
        check("{colour}{order_number}{size}", "redA-7");
        check("{size}", "");
        check("{ colour } {} {a b} {{colour}} {", "{ colour } {} {a b} {red} {");
        check("größe {colour} 尺", "größe red 尺");
    }

    #[test]
    fn only_what_is_named_and_known_is_told() {
        let told = named("{size} {colour} and {colour}", &variables());
        assert_eq!(told, [("colour".to_owned(), "red".to_owned())]);
    }
}
