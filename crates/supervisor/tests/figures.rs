//! The detector does not get worse unnoticed. Measured on messages written apart from the training
//! templates; `tuning.jsonl` was looked at while the examples grew, `heldout.jsonl` was not.

use supervisor::{
    Detector, Wish,
    eval::{self, Prediction, Report},
};

fn measure(jsonl: &str) -> Result<Report, eval::InputError> {
    let rows = eval::read_rows(jsonl)?;
    let predictions = rows.iter().map(|row| {
        let verdict = Detector::built_in().assess(&row.text);
        Prediction {
            id: row.id.clone(),
            escalate: verdict.wish == Wish::Yes,
            ask: verdict.wish == Wish::Ask,
            score: verdict.score,
            matched: verdict.matched,
        }
    });
    Ok(eval::report(&rows, predictions.collect(), "built-in"))
}

#[test]
fn figures_hold_on_the_tuning_set() {
    let report = measure(include_str!("../data/tuning.jsonl")).unwrap();
    assert!(report.n >= 500 && report.f1 >= 0.93, "F1 {}", report.f1);
    assert!(report.false_alarm <= 0.05, "false alarm {}", report.false_alarm);
}

#[test]
fn figures_hold_on_messages_nobody_tuned_on() {
    let report = measure(include_str!("../data/heldout.jsonl")).unwrap();
    println!("held out: F1 {:.3} of {} rows", report.f1, report.n);
    assert!(report.n >= 200, "{} rows say too little", report.n);
    assert!(report.f1 >= FLOOR, "F1 {}", report.f1);
}

/// What was measured at first sight (0.87), less half the width of its interval.
const FLOOR: f64 = 0.80;
