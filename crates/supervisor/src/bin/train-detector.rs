//! Trains the detector from `data/` and writes `data/detector.weights`: same input, same bytes.
#![expect(clippy::print_stdout, reason = "a command for people: it says what it did")]

use std::path::Path;

use supervisor::train;

fn main() -> std::io::Result<()> {
    let examples = train::examples();
    let (model, folds) = train::train(&examples);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/detector.weights");
    std::fs::write(&path, model.bytes())?;
    println!("{} examples; calibration {:.3} {:+.3}", examples.len(), model.slope, model.offset);
    println!("held-out folds at threshold {:.2}:", model.yes);
    for (category, right, all) in folds.by_category(&examples, &model) {
        println!("  {category:<18} {right:>5} of {all:<5} {:.3}", f64::from(right) / f64::from(all.max(1)));
    }
    Ok(())
}
