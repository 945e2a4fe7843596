//! Tables as files for spreadsheets, after RFC 4180.
//!
//! A file begins with the mark of UTF-8 (a BOM): without it the commonest spreadsheet reads names as if they were written in
//! another century. Whatever begins like a formula gets an apostrophe in front of it, so that no name that somebody has
//! chosen is computed on somebody else's machine.

use api::numbers::{Analytics, ConversationFigures, MissedRequest, RequestFigures};
use domain::Millis;
use serde::Serialize;

use app::transcript::moment;

const BOM: &str = "\u{feff}";
const OF_REQUESTS: [&str; 6] =
    ["requests", "answered", "answered_late", "missed", "median_seconds", "nine_of_ten_seconds"];

/// A table that is being written.
struct Table {
    text: String,
    first: bool,
}

impl Table {
    fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut table = Self { text: BOM.to_owned(), first: true };
        names.into_iter().for_each(|name| table.cell(name));
        table.end();
        table
    }

    fn cell(&mut self, text: &str) {
        if !std::mem::take(&mut self.first) {
            self.text.push(',');
        }
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        let text = if formula { format!("'{text}") } else { text.to_owned() };
        if text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
            self.text.push('"');
            self.text.push_str(&text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&text);
        }
    }

    fn number(&mut self, number: u64) {
        self.cell(&number.to_string());
    }

    /// Seconds with three digits after the point; nothing where there is no time.
    fn seconds(&mut self, milliseconds: Option<i64>) {
        let text = milliseconds.map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
        self.cell(&text.unwrap_or_default());
    }

    fn requests(&mut self, figures: &RequestFigures) {
        let RequestFigures { requests, answered, late, missed, median_ms, nine_of_ten_ms } = *figures;
        [requests, answered, late, missed].into_iter().for_each(|number| self.number(number));
        [median_ms, nine_of_ten_ms].into_iter().for_each(|time| self.seconds(time));
    }

    fn conversations(&mut self, figures: &ConversationFigures) {
        let ConversationFigures { conversations, requested, by_ai_alone } = *figures;
        [conversations, requested, by_ai_alone].into_iter().for_each(|number| self.number(number));
    }

    fn end(&mut self) {
        self.text.push_str("\r\n");
        self.first = true;
    }
}

/// The name of a value as it is on the wire.
fn wire(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(crate) fn periods(analytics: &Analytics) -> String {
    let names = ["first_day", "last_day", "conversations", "conversations_with_request", "conversations_by_ai_alone"];
    let mut table = Table::new(names.into_iter().chain(OF_REQUESTS));
    for period in &analytics.periods {
        table.cell(&period.first);
        table.cell(&period.last);
        table.conversations(&period.conversations);
        table.requests(&period.requests);
        table.end();
    }
    table.text
}

pub(crate) fn hours(analytics: &Analytics) -> String {
    let mut table = Table::new(["hour"].into_iter().chain(OF_REQUESTS));
    for hour in &analytics.hours {
        table.number(hour.hour.into());
        table.requests(&hour.requests);
        table.end();
    }
    table.text
}

pub(crate) fn reasons(analytics: &Analytics) -> String {
    let mut table = Table::new(["reason"].into_iter().chain(OF_REQUESTS));
    for of in &analytics.reasons {
        table.cell(&wire(of.reason));
        table.requests(&of.requests);
        table.end();
    }
    table.text
}

pub(crate) fn people(analytics: &Analytics) -> String {
    let mut table = Table::new([
        "person",
        "answered",
        "answered_late",
        "median_seconds",
        "nine_of_ten_seconds",
        "came_unasked",
        "ratings",
        "satisfied",
        "average_stars",
    ]);
    for of in &analytics.people {
        table.cell(&of.person.name);
        table.number(of.requests.answered);
        table.number(of.requests.late);
        table.seconds(of.requests.median_ms);
        table.seconds(of.requests.nine_of_ten_ms);
        table.number(of.unasked);
        table.number(of.ratings.ratings);
        table.number(of.ratings.satisfied);
        table.cell(&of.ratings.average.map(|stars| format!("{}.{:02}", stars / 100, stars % 100)).unwrap_or_default());
        table.end();
    }
    table.text
}

/// Times are in UTC, as spreadsheets read them.
pub(crate) fn missed(missed: &[MissedRequest]) -> String {
    let names = ["requested_at_utc", "visitor", "reason", "waited_seconds", "outcome", "answered_by", "conversation"];
    let mut table = Table::new(names);
    for one in missed {
        table.cell(moment(Millis(one.opened_at)).trim_end_matches(" UTC"));
        table.cell(one.visitor_name.as_deref().unwrap_or_default());
        table.cell(&wire(one.reason));
        table.seconds(Some(one.waited_ms));
        table.cell(&wire(one.outcome));
        table.cell(one.person.as_ref().map_or("", |person| person.name.as_str()));
        table.cell(&one.conversation_id);
        table.end();
    }
    table.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_none_and_quotes_are_doubled() {
        let mut table = Table::new(["name"]);
        for text in ["=1+1", "+49", "-2", "@home", "\tx", "a,b", "say \"hi\"", "two\nlines", "Zoë", "", " x"] {
            table.cell(text);
            table.end();
        }
        let expected = [
            "name",
            "'=1+1",
            "'+49",
            "'-2",
            "'@home",
            "'\tx",
            "\"a,b\"",
            "\"say \"\"hi\"\"\"",
            "\"two\nlines\"",
            "Zoë",
            "",
            "\" x\"",
            "",
        ];
        assert_eq!(table.text, format!("{BOM}{}", expected.join("\r\n")));
    }

    #[test]
    fn times_are_in_seconds() {
        let mut table = Table::new([""; 0]);
        [Some(0), Some(61_005), None].into_iter().for_each(|time| table.seconds(time));
        assert_eq!(table.text, format!("{BOM}\r\n0.000,61.005,"));
    }
}
