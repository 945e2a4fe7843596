//! Values of an agent's variables, taken from what the visitor said, with no language model: by the kind of value, and by
//! what the variable is called.

use std::collections::BTreeMap;

use crate::normal;

/// Longest value that is taken.
const MOST_CHARS: usize = 60;
/// Words in front of a value that may say what it is.
const BEFORE: usize = 5;

/// What kind of value is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
}

/// A variable that wants a value.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its name, `order_number`.
    pub name: &'a str,
    /// What it is, in words.
    pub description: &'a str,
    /// What kind.
    pub kind: Kind,
}

/// What a text looks like that is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Email,
    Phone,
    Code,
    PersonName,
    Free,
}

/// Reads the values out of what was said, oldest first: pairs of what was asked before a message and the message. A later
/// value takes the place of an earlier one.
pub fn fill(wanted: &[Wanted<'_>], said: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut filled = BTreeMap::new();
    for (asked, message) in said {
        for variable in wanted {
            if let Some(value) = find(*variable, asked, message) {
                filled.insert(variable.name.to_owned(), value.chars().take(MOST_CHARS).collect());
            }
        }
    }
    filled
}

fn find(variable: Wanted<'_>, asked: &str, message: &str) -> Option<String> {
    let about = words_of(&format!("{} {}", variable.name.replace('_', " "), variable.description));
    let was_asked = asks_for(asked, variable);
    match (variable.kind, shape(&about)) {
        (Kind::Boolean, _) if was_asked => yes_or_no(message),
        (Kind::Boolean, _) => None,
        (Kind::Number, _) => number(message, &words_of(&variable.name.replace('_', " ")), was_asked),
        (Kind::Text, Shape::Email) => token(message, is_email),
        (Kind::Text, Shape::Phone) => phone(message),
        (Kind::Text, Shape::Code) => token(message, is_code),
        (Kind::Text, Shape::PersonName) => introduced(message).or_else(|| was_asked.then(|| short(message)).flatten()),
        (Kind::Text, Shape::Free) => {
            named(message, variable.name).or_else(|| was_asked.then(|| short(message)).flatten())
        }
    }
}

/// Whether the last words before a message asked for the variable.
pub fn asks_for(asked: &str, variable: Wanted<'_>) -> bool {
    let asked = words_of(asked);
    let held = |text: &str| {
        let words = words_of(text);
        !words.is_empty() && asked.windows(words.len()).any(|run| run == words)
    };
    held(variable.description) || held(&variable.name.replace('_', " "))
}

fn words_of(text: &str) -> Vec<String> {
    normal::words(&normal::folded(text)).into_iter().map(str::to_owned).collect()
}

fn shape(about: &[String]) -> Shape {
    let any = |list: &[&str]| about.iter().any(|word| list.contains(&word.as_str()));
    if any(&["email", "mail", "e-mail", "correo", "courriel"]) {
        Shape::Email
    } else if any(&["phone", "telephone", "mobile", "telefon", "telefono", "handy"]) {
        Shape::Phone
    } else if any(&[
        "order",
        "number",
        "code",
        "id",
        "invoice",
        "tracking",
        "serial",
        "nummer",
        "numero",
        "bestellung",
        "pedido",
    ]) {
        Shape::Code
    } else if any(&["name", "nombre", "nom"]) {
        Shape::PersonName
    } else {
        Shape::Free
    }
}

fn tokens(message: &str) -> impl Iterator<Item = &str> {
    let edge = |c: char| !c.is_alphanumeric() && c != '#';
    message.split_whitespace().map(move |token| token.trim_matches(edge)).filter(|token| !token.is_empty())
}

fn token(message: &str, fits: fn(&str) -> bool) -> Option<String> {
    tokens(message).filter(|token| fits(token)).last().map(|token| token.trim_start_matches('#').to_owned())
}

fn is_email(token: &str) -> bool {
    let Some((name, host)) = token.split_once('@') else { return false };
    !name.is_empty() && !host.contains('@') && host.rsplit_once('.').is_some_and(|(a, b)| !a.is_empty() && b.len() > 1)
}

/// Something with a digit that is no plain small number, no amount and no time: order numbers, serials.
fn is_code(token: &str) -> bool {
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let plain = token.chars().all(|c| c.is_ascii_alphanumeric() || "-_/#".contains(c));
    plain && digits > 0 && (digits >= 4 || token.starts_with('#') || (letters > 0 && digits >= 2))
}

fn phone(message: &str) -> Option<String> {
    let mut best = String::new();
    let mut run = String::new();
    for c in message.chars().chain(['\n']) {
        if c.is_ascii_digit() || (c == '+' && run.is_empty()) || (!run.is_empty() && " -/().".contains(c)) {
            run.push(c);
        } else {
            let digits = run.chars().filter(char::is_ascii_digit).count();
            if (7..=15).contains(&digits) {
                best = run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+').to_owned();
            }
            run.clear();
        }
    }
    (!best.is_empty()).then_some(best)
}

/// A number that stands alone in an answer, or right behind or before a word that the variable is called by: a description is
/// a sentence, whose words stand beside any number.
fn number(message: &str, name: &[String], was_asked: bool) -> Option<String> {
    let words: Vec<&str> = tokens(message).collect();
    let value = |word: &str| {
        let plain = word.replace(',', ".");
        plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| plain)
    };
    let numbers: Vec<(usize, String)> =
        words.iter().enumerate().filter_map(|(at, word)| Some((at, value(word)?))).collect();
    if was_asked && let [(_, only)] = numbers.as_slice() {
        return Some(only.clone());
    }
    let called = |word: &&str| name.contains(&normal::folded(word));
    let near = |at: usize| {
        let from = at.saturating_sub(BEFORE);
        words[from..at].iter().any(called) || words.get(at + 1).is_some_and(called)
    };
    numbers.into_iter().find(|(at, _)| near(*at)).map(|(_, number)| number)
}

fn yes_or_no(message: &str) -> Option<String> {
    const NO: [&str; 12] = ["no", "nope", "nein", "nah", "non", "nao", "nee", "nie", "not", "нет", "hayir", "いいえ"];
    if crate::affirms(message) {
        return Some("true".to_owned());
    }
    let first = words_of(message).into_iter().next()?;
    NO.contains(&first.as_str()).then(|| "false".to_owned())
}

/// "My name is Ada", in some languages.
fn introduced(message: &str) -> Option<String> {
    const BEFORE_NAME: [&str; 10] = [
        "my name is ",
        "i am called ",
        "this is ",
        "mein name ist ",
        "ich heisse ",
        "ich heiße ",
        "me llamo ",
        "mi nombre es ",
        "je m'appelle ",
        "mi chiamo ",
    ];
    let lower = message.to_lowercase();
    // Lower case may be longer in bytes; then the places do not fit, and nothing is taken.
    let (at, before) = BEFORE_NAME.iter().find_map(|before| Some((lower.find(before)?, *before)))?;
    let rest = message.get(at + before.len()..)?;
    let end = rest.find(['.', ',', '!', '\n', ';']).unwrap_or(rest.len());
    let stop = ["and", "und", "y", "et", "e", "from"];
    let name: Vec<&str> = rest[..end].split_whitespace().take_while(|word| !stop.contains(word)).take(3).collect();
    (!name.is_empty()).then(|| name.join(" "))
}

/// "color: red".
fn named(message: &str, name: &str) -> Option<String> {
    let name = normal::plain(&name.replace('_', " "));
    message.split(['\n', ',', ';']).find_map(|part| {
        let (key, value) = part.split_once([':', '='])?;
        let value = value.trim();
        (normal::plain(key) == name && !value.is_empty()).then(|| value.to_owned())
    })
}

/// A short answer to the question that was asked, and no question itself.
fn short(message: &str) -> Option<String> {
    let message = message.trim();
    let fits = !message.is_empty() && !message.contains(['?', '\n']) && message.chars().count() <= MOST_CHARS;
    fits.then(|| message.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, description: &str, kind: Kind, said: &[(&str, &str)], expect: Option<&str>) {
        let filled = fill(&[Wanted { name, description, kind }], said);
        assert_eq!(filled.get(name).map(String::as_str), expect, "{name} in {said:?}");
    }

    #[test]
    fn values_are_known_by_their_shape() {
        let text = Kind::Text;
        check("email", "", text, &[("", "write to ada@example.com, please")], Some("ada@example.com"));
        check("email", "", text, &[("", "my mail is broken")], None);
        check("order_number", "", text, &[("", "where is order AB-1234?")], Some("AB-1234"));
        check("order_number", "", text, &[("", "it's #77812.")], Some("77812"));
        check("order_number", "", text, &[("", "I bought 2 lamps")], None);
        check("phone", "", text, &[("", "call +49 30 1234567 after 5")], Some("+49 30 1234567"));
        check("name", "", text, &[("", "Hi, my name is Ada Martins and I need help")], Some("Ada Martins"));
    }

    #[test]
    fn numbers_and_answers_need_their_question() {
        check(
            "quantity",
            "How many do you need?",
            Kind::Number,
            &[("How many do you need?", "500, in blue")],
            Some("500"),
        );
        check("quantity", "", Kind::Number, &[("", "a quantity of 12 please")], Some("12"));
        check("quantity", "", Kind::Number, &[("", "I live at number 12")], None);
        check("quantity", "How many do you need?", Kind::Number, &[("", "do you deliver by 12?")], None);
        check("insured", "Is it insured?", Kind::Boolean, &[("Is it insured?", "yes it is")], Some("true"));
        check("insured", "Is it insured?", Kind::Boolean, &[("Is it insured?", "no")], Some("false"));
        check("insured", "Is it insured?", Kind::Boolean, &[("Hello", "yes")], None);
        check("color", "Which colour?", Kind::Text, &[("Which colour?", "dark red")], Some("dark red"));
        check("color", "Which colour?", Kind::Text, &[("Which colour?", "what is there?")], None);
        check("color", "", Kind::Text, &[("", "size: L, color: red")], Some("red"));
    }

    #[test]
    fn what_is_said_later_counts() {
        check("email", "", Kind::Text, &[("", "a@example.com"), ("", "no, b@example.com")], Some("b@example.com"));
    }

    proptest! {
        #[test]
        fn any_talk_is_read(asked in "\\PC{0,40}", message in "\\PC{0,120}", name in "[a-z_]{1,12}", kind in 0..3_u8) {
            let kind = [Kind::Text, Kind::Number, Kind::Boolean][usize::from(kind)];
            let filled = fill(&[Wanted { name: &name, description: "order name phone", kind }], &[(&asked, &message)]);
            prop_assert!(filled.values().all(|value| value.chars().count() <= MOST_CHARS));
        }
    }
}
