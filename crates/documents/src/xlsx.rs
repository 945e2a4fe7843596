//! Excel: each sheet is a heading, each row a paragraph.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use domain::documents::Unreadable;
use ports::documents::Document;

use crate::{Limits, packed, plain::Plain, rows::Rows};

/// Columns of a sheet that are read.
const COLUMNS: usize = 500;
/// Sheets of a workbook.
const SHEETS: usize = 500;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    // A look at how much it unpacks to.
    drop(packed::open(bytes, limits)?);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = book.sheet_names();
    if sheets.len() > SHEETS {
        return Err(Unreadable::TooLarge);
    }
    let (mut plain, mut cells) = (Plain::new(limits.text), limits.cells);
    for sheet in &sheets {
        // A sheet of charts has no cells.
        let Ok(mut reader) = book.worksheet_cells_reader(sheet) else { continue };
        let (mut at, mut row, mut begun) = (0, Vec::new(), false);
        let mut rows = Rows::default();
        loop {
            let cell = reader.next_cell().map_err(broken)?;
            let next = cell.as_ref().map(calamine::Cell::get_position);
            if next.is_none_or(|(number, _)| number != at) && !row.is_empty() {
                if !begun {
                    plain.heading(sheet)?;
                    begun = true;
                }
                rows.row(&mut plain, &mut cells, &row)?;
                row.clear();
            }
            let (Some(cell), Some((number, column))) = (cell, next) else { break };
            at = number;
            let (value, column) = (words(cell.get_value()), column as usize);
            if value.is_empty() {
                continue;
            }
            if column >= COLUMNS {
                return Err(Unreadable::TooLarge);
            }
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = value;
        }
    }
    Ok(Document { title: None, text: plain.finish(), ..Document::default() })
}

/// What stands in a cell, as people read it.
fn words(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
            match (hour, minute) {
                (0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        _ => String::new(),
    }
}

fn broken(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Encrypted,
        _ => Unreadable::Broken,
    }
}
