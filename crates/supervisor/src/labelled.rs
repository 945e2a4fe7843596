//! Messages that somebody labelled, as people paste and upload them: lines, a table, or lines of JSON.

use crate::eval::{InputError, read_rows};

/// A message, and whether it asks for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The message.
    pub text: String,
    /// It asks for a person.
    pub person: bool,
}

/// How the messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One a line: `+` before a message that asks for a person and `-` before one that does not, or the label and the
    /// message, in either order, with a tab between.
    Lines,
    /// A table with the columns `text` and `label`, in any order; without a first line that names them, in this one.
    /// Between them stand commas, semicolons or tabs.
    Csv,
    /// One JSON object a line, as `baton eval escalation` reads it.
    Jsonl,
}

/// Reads labelled messages. Empty lines are skipped.
///
/// # Errors
/// The first line that cannot be read, with its number; or that there is none.
pub fn read(form: Form, text: &str) -> Result<Vec<Labelled>, InputError> {
    let text = text.trim_start_matches('\u{feff}');
    let read = match form {
        Form::Lines => lines(text)?,
        Form::Csv => table(text)?,
        Form::Jsonl => read_rows(text)?.into_iter().map(|row| Labelled { text: row.text, person: row.label }).collect(),
    };
    if read.is_empty() { Err(InputError::Empty) } else { Ok(read) }
}

/// The label in a word: nothing when it is none.
fn label(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "1" | "+" | "person" | "human" | "yes" | "true" => Some(true),
        "0" | "_" | "\u{2212}" | "no_person" | "no_human" | "no" | "false" => Some(false),
        _ => None,
    }
}

fn lines(text: &str) -> Result<Vec<Labelled>, InputError> {
    let mut read = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let labelled = line_of(line.trim()).ok_or_else(|| InputError::Row {
            line: n + 1,
            what: "begin it with + where a person is wanted and with - where none is".to_owned(),
        })?;
        read.push(labelled);
    }
    Ok(read)
}

fn line_of(line: &str) -> Option<Labelled> {
    if let Some((one, other)) = line.split_once('\t') {
        let (person, text) = match (label(one), label(other)) {
            (Some(person), _) => (person, other),
            (None, Some(person)) => (person, one),
            (None, None) => return signed(line),
        };
        return Some(Labelled { text: text.trim().to_owned(), person });
    }
    signed(line)
}

/// A line that begins with a sign. Whatever an editor has made of a hyphen is one.
fn signed(line: &str) -> Option<Labelled> {
    let mut rest = line.chars();
    let person = match rest.next()? {
        '+' | '\u{ff0b}' => true,
        '-' | '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' => false,
        _ => return None,
    };
    let text = rest.as_str().trim();
    (!text.is_empty()).then(|| Labelled { text: text.to_owned(), person })
}

/// A row of a table, and the line that it begins on.
type Record = (usize, Vec<String>);

fn table(text: &str) -> Result<Vec<Labelled>, InputError> {
    let mut records = records(text, separator(text))?.into_iter().peekable();
    let place = |header: &[String], name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let named = records.peek().and_then(|(_, header)| Some((place(header, "text")?, place(header, "label")?)));
    if named.is_some() {
        records.next();
    }
    let (text_at, label_at) = named.unwrap_or((0, 1));
    let mut read = Vec::new();
    for (line, cells) in records {
        let wrong = |what: &str| InputError::Row { line, what: what.to_owned() };
        let text = cells.get(text_at).map(|cell| cell.trim()).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| wrong("the column `text` is empty"))?;
        let said = cells.get(label_at).map_or("", String::as_str);
        let person = label(said).ok_or_else(|| wrong("the column `label` is neither 1 nor 0"))?;
        read.push(Labelled { text: text.to_owned(), person });
    }
    Ok(read)
}

/// What stands between the columns: whichever is most often in the first line.
fn separator(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let times = |separator: char| first.chars().filter(|c| *c == separator).count();
    // Of equal ones the last: a comma is in many sentences.
    [',', ';', '\t'].into_iter().max_by_key(|separator| times(*separator)).filter(|it| times(*it) > 0).unwrap_or(',')
}

/// The rows of a table after RFC 4180: a cell in quotes may hold separators, line breaks and doubled quotes.
fn records(text: &str, separator: char) -> Result<Vec<Record>, InputError> {
    let mut records = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut line, mut began) = (1, 1);
    let mut quoted = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted.is_some() => {
                if chars.next_if_eq(&'"').is_some() {
                    cell.push('"');
                } else {
                    quoted = None;
                }
            }
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = Some(line);
            }
            '\r' if quoted.is_none() && chars.peek() == Some(&'\n') => {}
            '\n' if quoted.is_none() => {
                cells.push(std::mem::take(&mut cell));
                records.extend(row(began, std::mem::take(&mut cells)));
                line += 1;
                began = line;
            }
            c if c == separator && quoted.is_none() => cells.push(std::mem::take(&mut cell)),
            c => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if let Some(line) = quoted {
        return Err(InputError::Row { line, what: "a quotation mark is opened here and never closed".to_owned() });
    }
    cells.push(cell);
    records.extend(row(began, cells));
    Ok(records)
}

/// A row, unless nothing is in it.
fn row(line: usize, cells: Vec<String>) -> Option<Record> {
    cells.iter().any(|cell| !cell.trim().is_empty()).then_some((line, cells))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(form: Form, text: &str) -> Vec<(String, bool)> {
        read(form, text).unwrap().into_iter().map(|one| (one.text, one.person)).collect()
    }

    fn owned(pairs: &[(&str, bool)]) -> Vec<(String, bool)> {
        pairs.iter().map(|(text, person)| ((*text).to_owned(), *person)).collect()
    }

    #[test]
    fn lines_begin_with_a_sign_or_have_a_label_behind_a_tab() {
        let text = "+ I want a person\n\n-where is my order?\n \u{2013} no, not an agent \n1\tcall me back\nthank you\tno person\n+1 for the new shop\n";
        let expected = [
            ("I want a person", true),
            ("where is my order?", false),
            ("no, not an agent", false),
            ("call me back", true),
            ("thank you", false),
            ("1 for the new shop", true),
        ];
        assert_eq!(pairs(Form::Lines, text), owned(&expected));
        // A tab in a message is no label.
        assert_eq!(pairs(Form::Lines, "+ name\taddress"), owned(&[("name\taddress", true)]));
    }

    #[test]
    fn a_table_names_its_columns_in_any_order() {
        let text =
            "id,label,text\r\n7,1,\"A person, please\"\r\n8,0,\"He said \"\"agent\"\"\nand left\"\r\n\r\n9,no,bye\r\n";
        let expected = [("A person, please", true), ("He said \"agent\"\nand left", false), ("bye", false)];
        assert_eq!(pairs(Form::Csv, text), owned(&expected));
        assert_eq!(pairs(Form::Csv, "\u{feff}Text;Label\nA, b and c;person\n"), owned(&[("A, b and c", true)]));
        assert_eq!(pairs(Form::Csv, "call me\t1\nhello\t0"), owned(&[("call me", true), ("hello", false)]));
    }

    #[test]
    fn json_is_read_as_the_command_reads_it() {
        let text = r#"{"id":"a","text":"A person","label":1,"lang":"en"}
            {"text":"Hello","label":false}"#;
        assert_eq!(pairs(Form::Jsonl, text), owned(&[("A person", true), ("Hello", false)]));
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let error = |form, text: &str| read(form, text).unwrap_err().to_string();
        assert!(error(Form::Lines, "+ yes\nno sign").starts_with("line 2: begin it with +"));
        assert!(error(Form::Lines, "+ ").starts_with("line 1: "));
        assert!(
            error(Form::Csv, "text,label\n\"two\nlines\",1\nhello,maybe").starts_with("line 4: the column `label`")
        );
        assert!(error(Form::Csv, "text,label\n,1").starts_with("line 2: the column `text`"));
        assert!(error(Form::Csv, "text,label\n\"never closed,1").starts_with("line 2: a quotation mark"));
        assert!(error(Form::Jsonl, "{\"text\":\"x\",\"label\":7}").starts_with("line 1: "));
        for form in [Form::Lines, Form::Csv, Form::Jsonl] {
            assert_eq!(read(form, " \n\n"), Err(InputError::Empty));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in "(?s).{0,400}") {
            for form in [Form::Lines, Form::Csv, Form::Jsonl] {
                if let Ok(read) = read(form, &text) {
                    prop_assert!(!read.is_empty());
                }
            }
        }

        #[test]
        fn a_table_gives_back_what_was_put_in(text in "[a-z\",;\n ]{1,40}", person: bool) {
            prop_assume!(!text.trim().is_empty());
            let cell = text.replace('"', "\"\"");
            let table = format!("text,label\n\"{cell}\",{}\n", u8::from(person));
            prop_assert_eq!(pairs(Form::Csv, &table), vec![(text.trim().to_owned(), person)]);
        }
    }
}
