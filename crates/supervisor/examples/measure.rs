//! Measures the built-in detector on labelled lines: `cargo run --release -p supervisor --example measure FILE [-v]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people: it prints figures")]

use std::time::Instant;

use supervisor::{
    Detector, Wish,
    eval::{self, Prediction},
};

#[expect(clippy::disallowed_methods, reason = "this command measures time, it does not decide by it")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: measure FILE [-v]")?;
    let verbose = arguments.next().is_some();
    let rows = eval::read_rows(&std::fs::read_to_string(file)?)?;
    let detector = Detector::built_in();
    let started = Instant::now();
    let verdicts: Vec<_> = rows.iter().map(|row| detector.assess(&row.text)).collect();
    let micros = started.elapsed().as_micros() / rows.len().max(1) as u128;
    let predictions = rows.iter().zip(&verdicts).map(|(row, verdict)| Prediction {
        id: row.id.clone(),
        escalate: verdict.wish == Wish::Yes,
        ask: verdict.wish == Wish::Ask,
        score: verdict.score,
        matched: verdict.matched.clone(),
    });
    let report = eval::report(&rows, predictions.collect(), "built-in");
    println!(
        "n {}  precision {:.3}  recall {:.3}  F1 {:.3} {:.3?}  false alarm {:.3}  {micros} us a message",
        report.n, report.precision, report.recall, report.f1, report.intervals.f1, report.false_alarm
    );
    for (name, slices) in [("lang", &report.by_lang), ("category", &report.by_category)] {
        for (key, s) in slices {
            println!(
                "  {name} {key:<17} n {:>3}  accuracy {:.3} {:.3?}  F1 {:.3}  recall {:.3}  false alarm {:.3}",
                s.n, s.accuracy, s.accuracy_interval, s.f1, s.recall, s.false_alarm
            );
        }
    }
    let asks = |label| rows.iter().zip(&report.predictions).filter(|(r, p)| r.label == label && p.ask).count();
    println!("  asks first: {} of the wishes, {} of the others", asks(true), asks(false));
    if verbose {
        for (row, p) in rows.iter().zip(&report.predictions).filter(|(r, p)| r.label != p.escalate) {
            eprintln!(
                "{} {} {:.2} {:?} <- {:?} {}",
                u8::from(row.label),
                row.category,
                p.score,
                row.text,
                p.matched,
                row.lang
            );
        }
    }
    Ok(())
}
