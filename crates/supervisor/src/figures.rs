//! Figures of ranked lists, and those of `baton eval routing`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::eval::{InputError, wilson};

/// One labelled message of an input file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoutingRow {
    /// The message.
    pub text: String,
    /// What it means; nothing when it means none of them.
    pub intent: Option<String>,
}

/// What was said of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Routed {
    /// The intent that it is given to, were it none of the others.
    pub intent: Option<String>,
    /// How sure it is that it means any of them; greater is surer.
    pub score: f32,
    /// Of each intent, how strongly it would call a person, were it the owner's own; greater is stronger.
    pub own: BTreeMap<String, f32>,
}

/// The report of `baton eval routing --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoutingReport {
    /// Rows.
    pub n: usize,
    /// Of the rows that mean an intent, those given to it.
    pub accuracy: f64,
    /// How well the scores tell the rows that mean an intent from those that mean none; 0.5 when one side is missing.
    pub oos_auroc: f64,
    /// Each intent as the owner's own wish for a person among all others: the mean of their average precisions.
    pub own_intent_ap: f64,
    /// 95 % intervals.
    pub intervals: RoutingIntervals,
    /// Of each intent, the rows given to it.
    pub by_intent: BTreeMap<String, f64>,
    /// Name of what was measured.
    pub model: String,
}

/// 95 % intervals: Wilson for the accuracy, Hanley and McNeil (1982) for the area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoutingIntervals {
    /// Low and high.
    pub accuracy: [f64; 2],
    /// Low and high.
    pub oos_auroc: [f64; 2],
}

/// Reads an input file: one JSON object a line, empty lines skipped.
///
/// # Errors
/// The first line that cannot be read, with its number; or that there is none.
pub fn read_routing(jsonl: &str) -> Result<Vec<RoutingRow>, InputError> {
    let mut rows = Vec::new();
    for (n, line) in
        jsonl.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        let row = serde_json::from_str(line);
        let what =
            |error: serde_json::Error| format!("{error}; a row is {{\"text\": \"..\", \"intent\": \"..\" or null}}");
        rows.push(row.map_err(|error| InputError::Row { line: n + 1, what: what(error) })?);
    }
    if rows.is_empty() { Err(InputError::Empty) } else { Ok(rows) }
}

/// Compares what was said with the labels, row by row.
pub fn routing(rows: &[RoutingRow], routed: &[Routed], model: &str) -> RoutingReport {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (row, said) in rows.iter().zip(routed) {
        if let Some(intent) = &row.intent {
            let (right, all) = counts.entry(intent).or_default();
            *all += 1;
            *right += usize::from(said.intent.as_ref() == Some(intent));
        }
    }
    let (right, all) = counts.values().fold((0, 0), |(right, all), (r, a)| (right + r, all + a));
    let scores: Vec<(f32, bool)> =
        rows.iter().zip(routed).map(|(row, said)| (said.score, row.intent.is_some())).collect();
    let area = auroc(&scores);
    let share = |(right, all): (usize, usize)| right as f64 / all.max(1) as f64;
    let own = counts.keys().map(|&intent| {
        let strength = |said: &Routed| said.own.get(intent).copied().unwrap_or_default();
        let meant = |row: &RoutingRow| row.intent.as_deref() == Some(intent);
        average_precision(&rows.iter().zip(routed).map(|(row, said)| (strength(said), meant(row))).collect::<Vec<_>>())
    });
    let own_intent_ap = own.sum::<f64>() / counts.len().max(1) as f64;
    RoutingReport {
        n: rows.len(),
        own_intent_ap,
        accuracy: share((right, all)),
        oos_auroc: area,
        intervals: RoutingIntervals {
            accuracy: wilson(right, all),
            oos_auroc: auroc_interval(area, all, rows.len() - all),
        },
        by_intent: counts.into_iter().map(|(intent, counts)| (intent.to_owned(), share(counts))).collect(),
        model: model.to_owned(),
    }
}

/// Chance that one that is meant has a greater score than one that is not; ties count half. 0.5 when one side is missing.
pub fn auroc(scores: &[(f32, bool)]) -> f64 {
    let side = |wanted: bool| -> Vec<f32> {
        let mut side: Vec<f32> = scores.iter().filter(|(_, meant)| *meant == wanted).map(|(score, _)| *score).collect();
        side.sort_by(f32::total_cmp);
        side
    };
    let (meant, others) = (side(true), side(false));
    if meant.is_empty() || others.is_empty() {
        return 0.5;
    }
    let wins: f64 = meant
        .iter()
        .map(|score| {
            let below = others.partition_point(|other| other < score);
            let equal = others.partition_point(|other| other <= score) - below;
            below as f64 + 0.5 * equal as f64
        })
        .sum();
    wins / (meant.len() * others.len()) as f64
}

/// 95 % interval of [`auroc`] (Hanley and McNeil 1982).
pub fn auroc_interval(area: f64, meant: usize, others: usize) -> [f64; 2] {
    if meant == 0 || others == 0 {
        return [0.0, 1.0];
    }
    let (meant, others) = (meant as f64, others as f64);
    let (one, two) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
    let spread = area * (1.0 - area) + (meant - 1.0) * (one - area * area) + (others - 1.0) * (two - area * area);
    let half = 1.96 * (spread.max(0.0) / (meant * others)).sqrt();
    [(area - half).max(0.0), (area + half).min(1.0)]
}

/// Mean of the precisions at each place of a ranked list at which one that is meant stands; 0 when none is.
pub fn average_precision(scores: &[(f32, bool)]) -> f64 {
    let mut ranked = scores.to_vec();
    // Of equal ones those that are not meant come first: nothing is won by a tie.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut found, mut sum) = (0_usize, 0.0);
    for (place, (_, meant)) in ranked.iter().enumerate() {
        if *meant {
            found += 1;
            sum += found as f64 / (place + 1) as f64;
        }
    }
    sum / found.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_precisions_of_small_lists() {
        assert_eq!(auroc(&[(0.9, true), (0.1, false)]), 1.0);
        assert_eq!(auroc(&[(0.5, true), (0.5, false)]), 0.5);
        assert_eq!(auroc(&[(0.9, true), (0.5, false), (0.1, true)]), 0.5);
        assert_eq!(auroc(&[(0.9, true)]), 0.5);
        assert_eq!(average_precision(&[(0.9, true), (0.8, false), (0.7, true)]), (1.0 + 2.0 / 3.0) / 2.0);
        assert_eq!(average_precision(&[(0.5, true), (0.5, false)]), 0.5);
        assert_eq!(average_precision(&[]), 0.0);
    }

    #[test]
    fn the_interval_agrees_with_the_published_example() {
        // Hanley and McNeil 1982, table II: an area of 0.893 of 51 against 58 has a standard error of 0.0325.
        let [low, high] = auroc_interval(0.893, 51, 58);
        assert!(((high - low) / 2.0 / 1.96 - 0.0325).abs() < 0.002, "{low} {high}");
    }

    #[test]
    fn rows_are_counted_by_intent_and_bad_lines_are_named() {
        let rows = read_routing(
            r#"{"text":"a","intent":"refund"}
               {"text":"b","intent":"refund"}
               {"text":"c","intent":null,"lang":"en"}"#,
        )
        .unwrap();
        let said = |intent: Option<&str>, score| {
            let own = intent.map(|intent| (intent.to_owned(), score)).into_iter().collect();
            Routed { intent: intent.map(str::to_owned), score, own }
        };
        let report = routing(&rows, &[said(Some("refund"), 0.9), said(Some("other"), 0.4), said(None, 0.1)], "test");
        assert_eq!((report.n, report.accuracy, report.oos_auroc), (3, 0.5, 1.0));
        assert_eq!(report.by_intent["refund"], 0.5);
        assert_eq!(report.own_intent_ap, (1.0 + 2.0 / 3.0) / 2.0, "the second one comes behind a tie");
        let error = read_routing("{\"text\":\"a\",\"intent\":\"x\"}\nno").unwrap_err().to_string();
        assert!(error.starts_with("line 2: "), "{error}");
        assert_eq!(read_routing(" \n"), Err(InputError::Empty));
    }
}
