//! What a visitor costs who only waits.

use std::process::Command;

use serde_json::Value;

/// The limit, in bytes of the server's memory for each. The aim is 10,000 with 10,000 sockets; here they are fewer, so
/// that what is needed once (pages of the program, the database's caches) weighs more.
const MOST: f64 = 12_000.0;

#[test]
fn a_visitor_who_waits_costs_little_memory() {
    let arguments = ["bench", "sockets", "--sockets", "3000", "--seconds", "3", "--json"];
    let ran = Command::new(env!("CARGO_BIN_EXE_baton")).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["lost"], 0, "{report}");
    assert!(report["bytes_per_socket"].as_f64().unwrap() <= MOST, "{report}");
}
