//! Rows of values: each becomes a paragraph that names its columns, so that it makes sense by itself.

use domain::documents::Unreadable;
use ports::documents::Document;

use crate::{Limits, plain::Plain};

/// What may part the values of a row.
const MARKS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows by which that is found out.
const LOOKED_AT: usize = 20;

/// Takes rows one after the other.
#[derive(Default)]
pub(crate) struct Rows {
    head: Option<Vec<String>>,
}

impl Rows {
    /// The next row; `cells` are left. The first one names the columns, unless it has figures in it.
    pub(crate) fn row(&mut self, plain: &mut Plain, cells: &mut usize, row: &[String]) -> Result<(), Unreadable> {
        let filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        *cells = cells.checked_sub(filled).ok_or(Unreadable::TooLarge)?;
        if filled == 0 {
            return Ok(());
        }
        let Some(head) = &self.head else {
            let names = filled > 1 && !row.iter().any(|cell| is_figure(cell));
            self.head = Some(if names { row.to_vec() } else { Vec::new() });
            // It is a row as well: a first one that names nothing must not get lost.
            return plain.paragraph(&joined(row, &[]));
        };
        plain.paragraph(&joined(row, head))
    }
}

fn joined(row: &[String], head: &[String]) -> String {
    let cell = |(column, value): (usize, &String)| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = head.get(column).map(|name| name.trim()).filter(|name| !name.is_empty());
        (!value.is_empty()).then(|| name.map_or_else(|| value.clone(), |name| format!("{name}: {value}")))
    };
    row.iter().enumerate().filter_map(cell).collect::<Vec<_>>().join("; ")
}

fn is_figure(cell: &str) -> bool {
    let cell = cell.trim();
    cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| !c.is_alphabetic())
}

/// Reads CSV and its like.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let text = knowledge::decode::characters(bytes).map_err(|_| Unreadable::Broken)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(parted_by(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut plain, mut cells) = (Plain::new(limits.text), limits.cells);
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Unreadable::Broken)? {
        rows.row(&mut plain, &mut cells, &record.iter().map(str::to_owned).collect::<Vec<_>>())?;
    }
    Ok(Document { title: None, text: plain.finish(), ..Document::default() })
}

/// The mark that stands in most of the first rows, as often in each as it can be.
fn parted_by(text: &str) -> u8 {
    let fewest = |mark: u8| {
        let rows = text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
        rows.map(|line| line.bytes().filter(|byte| *byte == mark).count()).min().unwrap_or(0)
    };
    MARKS.into_iter().rev().max_by_key(|mark| fewest(*mark)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(csv: &str, expect: &[&str]) {
        let text = read(csv.as_bytes(), &Limits::default()).unwrap().text;
        assert_eq!(text.split("\n\n").filter(|row| !row.is_empty()).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn each_row_names_its_columns() {
        check(
            "Tent,Price\nDome,199\n\"Long, tall\",249\n",
            &["Tent; Price", "Tent: Dome; Price: 199", "Tent: Long, tall; Price: 249"],
        );
        check("Zelt;Preis\nKuppel;199,50 €\n", &["Zelt; Preis", "Zelt: Kuppel; Preis: 199,50 €"]);
        check("a\tb\nc\td", &["a; b", "a: c; b: d"]);
    }

    #[test]
    fn figures_name_nothing() {
        check("1,2\n3,4", &["1; 2", "3; 4"]);
        check("only one column\nand its value", &["only one column", "and its value"]);
    }

    #[test]
    fn uneven_rows_and_quotes_that_never_end_are_read() {
        check("a,b\n1,2,3\n4\n", &["a; b", "a: 1; b: 2; 3", "a: 4"]);
        check("a,b\n\"never ends,2\n3,4", &["a; b", "a: never ends,2 3,4"]);
    }

    #[test]
    fn cells_are_counted() {
        let limits = Limits { cells: 3, ..Limits::default() };
        assert_eq!(read(b"1,2\n3,4", &limits), Err(Unreadable::TooLarge));
    }
}
