//! The arrows between the crates. An arrow that is not in the table makes this test fail: whoever adds one says here
//! that it is meant, and in ARCHITECTURE.md why.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// What each crate may use of the others.
const ARROWS: [(&str, &[&str]); 20] = [
    // Pure: nothing of ours but what is pure too.
    ("domain", &[]),
    ("supervisor", &[]),
    ("knowledge", &[]),
    // What the use cases need from the outside, and the use cases.
    ("ports", &["domain"]),
    ("app", &["domain", "ports", "supervisor", "knowledge"]),
    // Adapters: never each other, never `app`.
    ("store", ADAPTER),
    ("bus", ADAPTER),
    ("models", ADAPTER),
    ("encoder", ADAPTER),
    ("documents", ADAPTER),
    ("mailbox", ADAPTER),
    ("media", ADAPTER),
    ("notify", ADAPTER),
    ("objects", ADAPTER),
    // Calls of other servers, behind a port of its own; and the adapter that hands its client to a library.
    ("outside", &["domain", "ports"]),
    ("providers", &["domain", "ports", "outside"]),
    // Doors.
    ("api", &[]),
    ("baton-http", &["api", "app", "domain", "ports"]),
    // The search for a history that breaks a promise: no part of the binary.
    ("prove", &["domain"]),
    // The binary names every adapter, and nothing else does.
    (
        "baton",
        &[
            "api",
            "app",
            "baton-http",
            "bus",
            "documents",
            "domain",
            "encoder",
            "knowledge",
            "mailbox",
            "media",
            "models",
            "notify",
            "objects",
            "outside",
            "ports",
            "providers",
            "store",
            "supervisor",
        ],
    ),
];

/// What an adapter may use.
const ADAPTER: &[&str] = &["domain", "ports", "supervisor", "knowledge"];

/// For tests only: may use everything, is used by no crate but in its tests.
const TESTKIT: &str = "testkit";

/// Crates without a clock, randomness, a network, a database or a runtime.
const PURE: [&str; 3] = ["domain", "supervisor", "knowledge"];

/// What brings those in.
const IMPURE: [&str; 14] = [
    "async-trait",
    "axum",
    "chrono",
    "futures-util",
    "getrandom",
    "hyper",
    "rand",
    "reqwest",
    "rusqlite",
    "sqlx",
    "time",
    "tokio",
    "tokio-postgres",
    "tracing",
];

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap()
}

/// Arrows from each crate of the workspace, dependencies for tests left out.
fn arrows(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata.workspace_packages();
    let of = |package: &cargo_metadata::Package| {
        let real = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
        real.map(|one| one.name.to_string()).collect()
    };
    packages.into_iter().map(|package| (package.name.to_string(), of(package))).collect()
}

#[test]
fn no_arrow_is_added_that_is_not_in_the_table() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let arrows = arrows(&metadata());
    let ours: BTreeSet<&String> = arrows.keys().collect();
    for (from, to) in &arrows {
        if from == TESTKIT {
            continue;
        }
        let Some(allowed) = allowed.get(from.as_str()) else { panic!("the crate {from} is not in the table") };
        for to in to.iter().filter(|to| ours.contains(to)) {
            assert!(allowed.contains(&to.as_str()), "the arrow {from} -> {to} is not in the table");
        }
    }
}

#[test]
fn the_table_names_only_crates_that_exist() {
    let arrows = arrows(&metadata());
    for (from, to) in ARROWS {
        assert!(arrows.contains_key(from), "{from}");
        assert!(to.iter().all(|to| arrows.contains_key(*to)), "{from} -> {to:?}");
    }
}

#[test]
fn pure_crates_stay_pure() {
    let arrows = arrows(&metadata());
    for pure in PURE {
        let impure: Vec<_> = IMPURE.iter().filter(|name| arrows[pure].contains(**name)).collect();
        assert!(impure.is_empty(), "{pure} uses {impure:?}");
    }
}
