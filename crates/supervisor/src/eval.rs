//! Figures of whether messages ask for a person: what is counted, for `baton eval escalation` and for the Escalation lab,
//! and the JSON that scripts read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// z of a two-sided 95 % interval.
const Z: f64 = 1.959_964;

/// One labelled message of an input file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line's own id, or its number from 1.
    pub id: String,
    /// The message.
    pub text: String,
    /// Does it ask for a person?
    pub label: bool,
    /// `und` when the line names none.
    pub lang: String,
    /// `none` when the line names none.
    pub category: String,
}

/// Why an input file cannot be evaluated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InputError {
    /// A line is not the JSON object that was expected.
    #[error(
        "line {line}: {what}; expected {{\"text\": \"..\", \"label\": 0 or 1}}, and optionally \"id\", \"lang\", \"category\""
    )]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A line of another kind of input is not what was expected; the text says what was.
    #[error("line {line}: {what}")]
    Row {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// No line at all.
    #[error("the input has no rows")]
    Empty,
}

#[derive(Deserialize)]
struct RawRow {
    id: Option<serde_json::Value>,
    text: String,
    label: serde_json::Value,
    lang: Option<String>,
    category: Option<String>,
}

/// Reads an input file: one JSON object a line, empty lines skipped.
///
/// # Errors
/// The first line that cannot be read, with its number; or that there is none.
pub fn read_rows(jsonl: &str) -> Result<Vec<Row>, InputError> {
    let mut rows = Vec::new();
    for (n, text) in jsonl.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = n + 1;
        if text.trim().is_empty() {
            continue;
        }
        let raw: RawRow = serde_json::from_str(text).map_err(|e| InputError::Line { line, what: json_fault(&e) })?;
        let label = match &raw.label {
            serde_json::Value::Bool(label) => *label,
            number if number.as_i64() == Some(1) => true,
            number if number.as_i64() == Some(0) => false,
            other => {
                return Err(InputError::Line { line, what: format!("label is {other}, not 0 or 1") });
            }
        };
        rows.push(Row {
            id: match raw.id {
                Some(serde_json::Value::String(id)) => id,
                Some(serde_json::Value::Null) | None => line.to_string(),
                Some(other) => other.to_string(),
            },
            text: raw.text,
            label,
            lang: raw.lang.unwrap_or_else(|| "und".to_owned()),
            category: raw.category.unwrap_or_else(|| "none".to_owned()),
        });
    }
    if rows.is_empty() { Err(InputError::Empty) } else { Ok(rows) }
}

/// What is wrong with one line of JSON. Its own message counts lines too, always from the first.
pub fn json_fault(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    format!("{words}, at column {}", error.column())
}

/// What a detector said about one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The row's id.
    pub id: String,
    /// A person is called at once.
    pub escalate: bool,
    /// The chatbot would ask first; counts as not escalated.
    pub ask: bool,
    /// Calibrated probability.
    pub score: f32,
    /// The example or rule behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
}

/// The report of `baton eval escalation --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Rows.
    pub n: usize,
    /// True calls / all calls; 0 when nothing was called.
    pub precision: f64,
    /// Wishes found / all wishes; 0 when there is none.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Calls among the rows with label 0.
    pub false_alarm: f64,
    /// 95 % intervals of the four figures.
    pub intervals: Intervals,
    /// The same per language.
    pub by_lang: BTreeMap<String, Slice>,
    /// The same per category.
    pub by_category: BTreeMap<String, Slice>,
    /// Name of what was measured.
    pub model: String,
    /// One per row, in the order of the input.
    pub predictions: Vec<Prediction>,
}

/// The figures of some of the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// Rows.
    pub n: usize,
    /// Wishes among them.
    pub positives: usize,
    /// Rows decided rightly / rows.
    pub accuracy: f64,
    /// As in [`Report`].
    pub precision: f64,
    /// As in [`Report`].
    pub recall: f64,
    /// As in [`Report`].
    pub f1: f64,
    /// As in [`Report`].
    pub false_alarm: f64,
    /// 95 % interval of the accuracy (Wilson).
    pub accuracy_interval: [f64; 2],
}

/// 95 % intervals: Wilson for the rates; for F1 see `f1_interval` in the source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intervals {
    /// Low and high.
    pub precision: [f64; 2],
    /// Low and high.
    pub recall: [f64; 2],
    /// Low and high.
    pub f1: [f64; 2],
    /// Low and high.
    pub false_alarm: [f64; 2],
}

/// How a decision about one message was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Somebody wanted a person, and none was called.
    Missed,
    /// Nobody wanted a person, and one was called.
    FalseAlarm,
}

impl Mistake {
    /// The mistake of a decision, if it is one.
    pub fn of(label: bool, escalate: bool) -> Option<Self> {
        match (label, escalate) {
            (true, false) => Some(Self::Missed),
            (false, true) => Some(Self::FalseAlarm),
            (true, true) | (false, false) => None,
        }
    }
}

/// The figures of labelled messages, in one piece.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Messages.
    pub n: usize,
    /// Those that ask for a person.
    pub wishes: usize,
    /// Wishes that were missed.
    pub missed: usize,
    /// Calls that nobody asked for.
    pub alarms: usize,
    /// As in [`Report`].
    pub precision: f64,
    /// As in [`Report`].
    pub recall: f64,
    /// As in [`Report`].
    pub f1: f64,
    /// As in [`Report`].
    pub false_alarm: f64,
    /// 95 % intervals of the four figures.
    pub intervals: Intervals,
}

/// The figures of decisions, each with the label of its message: (it asks for a person, one is called).
pub fn figures(decided: impl IntoIterator<Item = (bool, bool)>) -> Figures {
    let mut counts = Counts::default();
    for (label, escalate) in decided {
        counts.add(label, escalate);
    }
    let slice = counts.slice();
    Figures {
        n: slice.n,
        wishes: slice.positives,
        missed: counts.missed,
        alarms: counts.alarm,
        precision: slice.precision,
        recall: slice.recall,
        f1: slice.f1,
        false_alarm: slice.false_alarm,
        intervals: counts.intervals(),
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    hit: usize,
    missed: usize,
    alarm: usize,
    quiet: usize,
}

/// Compares predictions with labels, row by row; surplus rows or predictions are left out.
pub fn report(rows: &[Row], predictions: Vec<Prediction>, model: &str) -> Report {
    let mut all = Counts::default();
    let mut by_lang: BTreeMap<String, Counts> = BTreeMap::new();
    let mut by_category: BTreeMap<String, Counts> = BTreeMap::new();
    for (row, prediction) in rows.iter().zip(&predictions) {
        for counts in [
            &mut all,
            by_lang.entry(row.lang.clone()).or_default(),
            by_category.entry(row.category.clone()).or_default(),
        ] {
            counts.add(row.label, prediction.escalate);
        }
    }
    let whole = all.slice();
    let slices = |map: BTreeMap<String, Counts>| map.into_iter().map(|(k, c)| (k, c.slice())).collect();
    Report {
        n: whole.n,
        precision: whole.precision,
        recall: whole.recall,
        f1: whole.f1,
        false_alarm: whole.false_alarm,
        intervals: all.intervals(),
        by_lang: slices(by_lang),
        by_category: slices(by_category),
        model: model.to_owned(),
        predictions,
    }
}

impl Counts {
    fn add(&mut self, label: bool, escalate: bool) {
        *match (label, escalate) {
            (true, true) => &mut self.hit,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.alarm,
            (false, false) => &mut self.quiet,
        } += 1;
    }

    fn slice(self) -> Slice {
        let n = self.hit + self.missed + self.alarm + self.quiet;
        Slice {
            n,
            positives: self.hit + self.missed,
            accuracy: rate(self.hit + self.quiet, n),
            precision: rate(self.hit, self.hit + self.alarm),
            recall: rate(self.hit, self.hit + self.missed),
            f1: rate(2 * self.hit, 2 * self.hit + self.alarm + self.missed),
            false_alarm: rate(self.alarm, self.alarm + self.quiet),
            accuracy_interval: wilson(self.hit + self.quiet, n),
        }
    }

    fn intervals(self) -> Intervals {
        Intervals {
            precision: wilson(self.hit, self.hit + self.alarm),
            recall: wilson(self.hit, self.hit + self.missed),
            f1: self.f1_interval(),
            false_alarm: wilson(self.alarm, self.alarm + self.quiet),
        }
    }

    /// F1 = 2p/(1+p) with p = hits / (hits + alarms + misses), a proportion: its Wilson interval
    /// goes through the same monotone map (Takahashi et al. 2022, sec. 2, use the delta method;
    /// the map keeps the bounds inside 0..1).
    fn f1_interval(self) -> [f64; 2] {
        wilson(self.hit, self.hit + self.alarm + self.missed).map(|p| 2.0 * p / (1.0 + p))
    }
}

fn rate(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Wilson's score interval for `part` of `whole` at 95 % (Wilson 1927); 0 to 1 when `whole` is 0.
pub fn wilson(part: usize, whole: usize) -> [f64; 2] {
    if whole == 0 {
        return [0.0, 1.0];
    }
    let n = whole as f64;
    let p = part as f64 / n;
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [(middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(id: &str, escalate: bool) -> Prediction {
        Prediction { id: id.to_owned(), escalate, ask: false, score: 0.5, matched: None }
    }

    #[test]
    fn figures_of_a_small_table() {
        let rows = read_rows(
            r#"{"id":"a","text":"x","label":1,"lang":"en","category":"explicit"}
               {"text":"y","label":1,"lang":"de"}

               {"id":7,"text":"z","label":0,"lang":"en","category":"negation"}
               {"text":"w","label":false}"#,
        )
        .unwrap();
        assert_eq!(rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["a", "2", "7", "5"]);
        let predictions = [true, false, true, false].iter().zip(&rows);
        let report = report(&rows, predictions.map(|(e, r)| prediction(&r.id, *e)).collect(), "test");
        assert_eq!((report.n, report.precision, report.recall), (4, 0.5, 0.5));
        assert_eq!((report.f1, report.false_alarm), (0.5, 0.5));
        assert_eq!(report.by_category["negation"].accuracy, 0.0);
        assert_eq!(report.by_lang["de"].recall, 0.0);
        let json = serde_json::to_value(&report).unwrap();
        for key in ["n", "precision", "recall", "f1", "false_alarm", "by_lang", "by_category", "model", "predictions"] {
            assert!(json.get(key).is_some(), "{key}");
        }
        assert_eq!(json["by_lang"]["en"]["n"], 2);
        assert_eq!(json["predictions"][0]["escalate"], true);
    }

    #[test]
    fn figures_in_one_piece_are_those_of_the_report() {
        let decided = [(true, true), (true, true), (true, false), (false, true), (false, false), (false, false)];
        let figures = figures(decided);
        assert_eq!((figures.n, figures.wishes, figures.missed, figures.alarms), (6, 3, 1, 1));
        let rows: Vec<Row> = decided
            .iter()
            .map(|(label, _)| Row {
                id: String::new(),
                text: String::new(),
                label: *label,
                lang: String::new(),
                category: String::new(),
            })
            .collect();
        let report = report(&rows, decided.iter().map(|(_, called)| prediction("", *called)).collect(), "test");
        assert_eq!((figures.precision, figures.recall, figures.f1), (report.precision, report.recall, report.f1));
        assert_eq!((figures.false_alarm, &figures.intervals), (report.false_alarm, &report.intervals));
        let nothing = super::figures([]);
        assert_eq!((nothing.n, nothing.recall, nothing.intervals.recall), (0, 0.0, [0.0, 1.0]));
    }

    #[test]
    fn a_mistake_is_a_wish_missed_or_a_false_alarm() {
        assert_eq!(Mistake::of(true, false), Some(Mistake::Missed));
        assert_eq!(Mistake::of(false, true), Some(Mistake::FalseAlarm));
        assert_eq!((Mistake::of(true, true), Mistake::of(false, false)), (None, None));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = |text: &str| read_rows(text).unwrap_err().to_string();
        assert!(error("{\"text\":\"x\",\"label\":1}\nnot json").starts_with("line 2: "));
        assert!(error(r#"{"text":"x","label":2}"#).contains("label is 2, not 0 or 1"));
        assert!(error(r#"{"label":1}"#).contains("text"));
        assert_eq!(read_rows("\n\n"), Err(InputError::Empty));
    }

    #[test]
    fn wilson_agrees_with_the_published_example() {
        // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
        let [low, high] = wilson(81, 263);
        assert!((low - 0.2553).abs() < 1e-4 && (high - 0.3662).abs() < 1e-4, "{low} {high}");
        assert_eq!(wilson(0, 0), [0.0, 1.0]);
    }
}
