//! The committed weights are what the committed examples give.

use supervisor::train;

#[test]
fn the_weights_are_those_of_the_examples() {
    let (model, _) = train::train(&train::examples());
    assert!(
        model.bytes() == include_bytes!("../data/detector.weights"),
        "data/ changed: run `cargo run -p supervisor --bin train-detector` and commit detector.weights"
    );
}
