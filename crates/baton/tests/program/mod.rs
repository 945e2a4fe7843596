//! Runs the binary.

use std::{
    io::Write,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use api::visitor::VisitorGrant;
use serde_json::json;
use tempfile::TempDir;
use testkit::server::{As, Client};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    sync::watch,
};

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a server may take that was told to stop.
const A_FEW_SECONDS: Duration = Duration::from_secs(8);

/// A folder that goes away with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// What a command did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn command(folder: &Folder) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.env_clear().current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command on the folder's data to its end.
pub(crate) fn run(folder: &Folder, arguments: &[&str], input: &str) -> Ran {
    let is_eval = arguments.first() == Some(&"eval");
    let data: &[&str] = if is_eval { &[] } else { &["--data-dir", "data"] };
    run_without_folder(folder, &[arguments, data].concat(), input)
}

/// Runs a command that names its data itself.
pub(crate) fn run_without_folder(folder: &Folder, arguments: &[&str], input: &str) -> Ran {
    let mut child = command(folder).args(arguments).spawn().unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// The set-up code that a server printed.
pub(crate) fn code_in(err: &str) -> Option<String> {
    err.split("set-up code ").nth(1)?.split_whitespace().next().map(str::to_owned)
}

/// A server that runs.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    child: tokio::process::Child,
    err: watch::Receiver<String>,
}

impl Serving {
    /// Starts it and waits until it says where it listens.
    pub(crate) async fn start(folder: &Folder) -> Self {
        Self::start_with(folder, &[], &[]).await
    }

    /// Starts it with more arguments and with these variables.
    pub(crate) async fn start_with(folder: &Folder, more: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(more).envs(variables.iter().copied());
        if !more.contains(&"--data-dir") {
            command.args(["--data-dir", "data"]);
        }
        let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn().unwrap();
        let (heard, err) = watch::channel(String::new());
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                heard.send_modify(|err| *err += &format!("{line}\n"));
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        let line = line.unwrap_or_else(|| panic!("it ended: {}", *err.borrow()));
        let address = line.strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
        Self { address: address.parse().unwrap(), child, err }
    }

    /// What it said on stderr so far.
    pub(crate) fn err(&self) -> String {
        self.err.borrow().clone()
    }

    /// Waits until it has said something on stderr. What it says there and on stdout comes in any order.
    pub(crate) async fn has_said<T>(&mut self, mut fits: impl FnMut(&str) -> Option<T>) -> T {
        let said = async {
            loop {
                if let Some(found) = fits(&self.err.borrow_and_update()) {
                    return found;
                }
                assert!(self.err.changed().await.is_ok(), "it ended: {}", *self.err.borrow());
            }
        };
        tokio::time::timeout(PATIENCE, said).await.unwrap_or_else(|_| panic!("it does not say so"))
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// A new visitor of the only chatbot: token and conversation.
    pub(crate) async fn visitor(&self, owner: &As) -> (String, String) {
        let chatbots = self.client().is(owner.clone()).get("/chatbots").await.value();
        let body = json!({"chatbot_id": chatbots["items"][0]["id"]});
        let grant: VisitorGrant = self.client().post("/visitors", &body).await.ok();
        (grant.token, grant.conversation_id)
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let told = Command::new("kill").arg("-TERM").arg(self.child.id().unwrap().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// Comes back when it has ended by itself, with 0 and soon.
    pub(crate) async fn ended_well(mut self) {
        let ended = tokio::time::timeout(A_FEW_SECONDS, self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("it goes on: {}", self.err())).unwrap();
        assert_eq!(status.code(), Some(0), "{}", self.err());
    }

    /// Tells it to stop and waits for it; everything that it has said on stderr.
    pub(crate) async fn stop(self) -> String {
        self.terminate();
        let mut err = self.err.clone();
        self.ended_well().await;
        while err.changed().await.is_ok() {}
        err.borrow().clone()
    }

    /// Sends SIGKILL: nothing is told, nothing is finished.
    pub(crate) async fn kill(mut self) {
        self.child.start_kill().unwrap();
        self.was_killed().await;
    }

    /// Comes back when it was killed, by whomever.
    pub(crate) async fn was_killed(mut self) {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("it goes on: {}", self.err())).unwrap();
        assert_eq!(status.code(), None, "{}", self.err());
    }
}
