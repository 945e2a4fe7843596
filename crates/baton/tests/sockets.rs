//! What a visitor costs who only waits, and a server that nobody has asked anything.

use std::{path::Path, process::Command};

use serde_json::Value;

/// The limit, in bytes of the server's memory for each. The aim is 10,000 with 10,000 sockets; here they are fewer, so
/// that what is needed once (pages of the program, the database's caches) weighs more.
const MOST: f64 = 12_000.0;
/// The limit, in bytes, for a server that waits. The aim is 60 MB in a release build, with the pages of the program, which
/// in a debug build weigh as much again and are left out here. With the embedding model open it would be more than twice
/// as much.
const MOST_IDLE: u64 = 60_000_000;

#[test]
fn who_waits_costs_little_memory_and_a_server_without_work_opens_no_model() {
    let arguments = ["bench", "sockets", "--sockets", "3000", "--seconds", "3", "--json"];
    // Where the models are: the server finds them, and leaves them shut.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    assert!(root.join("models/e5-small-q4.bin").is_file(), "scripts/models fetches the models");
    let ran = Command::new(env!("CARGO_BIN_EXE_baton")).args(arguments).current_dir(root).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["lost"], 0, "{report}");
    assert!(report["bytes_per_socket"].as_f64().unwrap() <= MOST, "{report}");
    assert!(report["base_own_bytes"].as_u64().unwrap() <= MOST_IDLE, "{report}");
}
