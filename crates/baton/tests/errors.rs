//! `docs/errors.md` explains every code that a client may read.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::{collections::BTreeSet, fs, path::Path};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

/// The texts in quotes of a piece of source.
fn quoted(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// The codes of a type with a method `code`.
fn codes_of(file: &str) -> Vec<String> {
    let source = read(Path::new(ROOT).join(file));
    let method = source.split_once("pub fn code(").unwrap().1;
    let method = method.split_once("\n    }\n").unwrap().0;
    quoted(method).filter(|text| is_code(text)).map(str::to_owned).collect()
}

/// The codes of calls that fail before any use case, wherever the doors name them.
fn codes_of_calls(folder: &Path, codes: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_of_calls(&path, codes);
            continue;
        }
        let source = read(&path);
        for call in source.split("of_call(").skip(1) {
            // The first text in a call is its code; the definition itself has none.
            codes.extend(call.split(')').next().and_then(|call| quoted(call).next()).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_is_explained_and_every_explained_code_exists() {
    let mut codes = codes_of("crates/app/src/error.rs");
    codes.extend(codes_of("crates/domain/src/conversation/refusal.rs"));
    codes.extend(codes_of("crates/domain/src/answering.rs"));
    codes.extend(codes_of("crates/domain/src/documents.rs"));
    codes.extend(codes_of("crates/domain/src/websites.rs"));
    codes_of_calls(&Path::new(ROOT).join("crates/http/src"), &mut codes);
    let codes: BTreeSet<String> = codes.into_iter().filter(|code| is_code(code)).collect();
    assert!(codes.len() > 25, "the codes are not found any more: {codes:?}");

    let page = read(Path::new(ROOT).join("docs/errors.md"));
    let explained: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split('`').next())
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = codes.difference(&explained).collect();
    let gone: Vec<_> = explained.difference(&codes).collect();
    assert!(missing.is_empty(), "docs/errors.md does not explain {missing:?}");
    assert!(gone.is_empty(), "docs/errors.md explains what no longer exists: {gone:?}");
}
