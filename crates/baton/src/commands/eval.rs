//! `baton eval`: the AI's judgement, measured.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use supervisor::{
    Detector, Wish,
    eval::{Prediction, Report, read_rows, report},
};

use crate::config::Unusable;

/// Name of the tier in figures.
const MODEL: &str = "rules + hashed n-grams";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Does a message ask for a person?
    Escalation(Escalation),
}

#[derive(Debug, Args)]
pub(crate) struct Escalation {
    /// Lines of {"id"?, "text", "label": 0|1, "lang"?, "category"?}
    #[arg(long, value_name = "FILE.jsonl")]
    input: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Escalation(escalation) = command;
    let path = &escalation.input;
    let text = std::fs::read_to_string(path).map_err(|error| Unusable(format!("{}: {error}", path.display())))?;
    let rows = read_rows(&text).map_err(|error| Unusable(format!("{}: {error}", path.display())))?;
    let detector = Detector::built_in();
    let predictions = rows.iter().map(|row| {
        let assessment = detector.assess(&row.text);
        Prediction {
            id: row.id.clone(),
            escalate: assessment.wish == Wish::Yes,
            ask: assessment.wish == Wish::Ask,
            score: assessment.score,
            matched: assessment.matched,
        }
    });
    let report = report(&rows, predictions.collect(), MODEL);
    if escalation.json {
        super::print(serde_json::to_string(&report).context("writing the report")?);
    } else {
        show(&report, &rows);
    }
    Ok(())
}

fn show(report: &Report, rows: &[supervisor::eval::Row]) {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let between = |[low, high]: [f64; 2]| format!("{:.1} to {:.1} %", low * 100.0, high * 100.0);
    super::print(format_args!("{} messages, {}", report.n, report.model));
    super::print(format_args!("precision    {}  ({})", percent(report.precision), between(report.intervals.precision)));
    super::print(format_args!("recall       {}  ({})", percent(report.recall), between(report.intervals.recall)));
    super::print(format_args!("F1           {:.3}", report.f1));
    super::print(format_args!("false alarms {}  ({})", percent(report.false_alarm), between(report.intervals.false_alarm)));
    for (lang, slice) in &report.by_lang {
        super::print(format_args!("  {lang:<12} n {:<5} F1 {:.3}", slice.n, slice.f1));
    }
    for (category, slice) in &report.by_category {
        super::print(format_args!("  {category:<18} n {:<5} accuracy {}", slice.n, percent(slice.accuracy)));
    }
    for (row, prediction) in rows.iter().zip(&report.predictions) {
        if row.label != prediction.escalate {
            let kind = if row.label { "missed" } else { "false alarm" };
            let because = prediction.matched.as_deref().map(|m| format!(" because of “{m}”")).unwrap_or_default();
            super::print(format_args!("{kind} {} ({:.2}){because}: {}", row.id, prediction.score, row.text));
        }
    }
}
