//! `baton demo`, as scripts use it.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn baton(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.args(arguments).arg("--data-dir").arg(&folder.0).env_clear().current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.output().unwrap()
}

#[test]
fn an_empty_database_becomes_a_workspace_and_a_second_time_is_refused() {
    let folder = Folder::new("demo");
    let made = baton(&folder, &["demo", "--public-url", "https://desk.example.com"]);
    let log = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{log}");

    let made: serde_json::Value = serde_json::from_slice(&made.stdout).expect("one JSON object and nothing else");
    let text = |key: &str| made[key].as_str().unwrap_or_default().to_owned();
    let mut keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["api_key", "chatbot_name", "chatbot_uuid", "email", "password", "share_url"]);
    assert_eq!(text("share_url"), format!("https://desk.example.com/widget/{}", text("chatbot_uuid")));
    assert!(text("api_key").starts_with("bk_") && text("password").len() >= 16 && !text("chatbot_name").is_empty());

    let again = baton(&folder, &["demo"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(again.stdout.is_empty());
    assert_eq!(String::from_utf8_lossy(&again.stderr).lines().filter(|line| line.starts_with("baton: ")).count(), 1);

    let checked = baton(&folder, &["doctor"]);
    let report = String::from_utf8_lossy(&checked.stdout);
    assert!(report.contains("0 waiting or running, 0 given up") && report.contains("All is well."), "{report}");
}
