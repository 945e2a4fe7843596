//! Servers under test are processes of their own.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use super::watch::Stamps;
use crate::config::Data;

/// A server that is not ready by then is broken.
const READY_IN: Duration = Duration::from_secs(30);

/// A running server. Dropping it kills it.
pub(super) struct Process {
    child: Child,
    /// Where it listens on 127.0.0.1.
    pub(super) port: u16,
    /// The same of each of its nodes.
    pub(super) ports: Vec<u16>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts this very program with other arguments, and waits until it listens.
    pub(super) async fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_with(arguments, Stdio::null()).await
    }

    /// Starts nodes on a token source, on the database in a folder.
    pub(super) async fn streamer(dir: &Path, options: &[&str]) -> anyhow::Result<Self> {
        let dir = dir.to_str().context("a folder name that is not UTF-8")?;
        Self::start_with(&[&["bench", "streamer", dir], options].concat(), Stdio::piped()).await
    }

    async fn start_with(arguments: &[&str], stdin: Stdio) -> anyhow::Result<Self> {
        let program: PathBuf = std::env::current_exe().context("finding this program")?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting a server")?;
        let stdout = child.stdout.take().context("a server without output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line =
            tokio::time::timeout(READY_IN, lines.next_line()).await.context("the server does not get ready")??;
        let port = |address: &str| address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let ports: Vec<u16> = line.as_deref().unwrap_or_default().split(' ').filter_map(port).collect();
        let Some(&port) = ports.first() else {
            bail!("the server said {line:?} instead of where it listens");
        };
        Ok(Self { child, port, ports, lines })
    }

    /// Starts a server of Baton on a database.
    pub(super) async fn serve(data: &Data) -> anyhow::Result<Self> {
        let dir = data.dir.to_str().context("a folder name that is not UTF-8")?;
        let url = data.database_url.as_str();
        Self::start(&["serve", "--listen", "127.0.0.1:0", "--data-dir", dir, "--database-url", url]).await
    }

    /// Its resident memory in bytes: `VmRSS` of proc(5).
    pub(super) fn resident(&self) -> anyhow::Result<u64> {
        self.memory("VmRSS")
    }

    /// Its resident memory without the pages of files, the program's own among them, in bytes: `RssAnon` of proc(5).
    pub(super) fn resident_own(&self) -> anyhow::Result<u64> {
        self.memory("RssAnon")
    }

    fn memory(&self, what: &'static str) -> anyhow::Result<u64> {
        let id = self.child.id().context("the server is gone")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).context("reading the server's memory")?;
        let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':')).context(what)?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().context(what)?;
        Ok(kib * 1024)
    }

    /// Ends nodes on a token source; what they have seen.
    pub(super) async fn stamps(mut self) -> anyhow::Result<Stamps> {
        drop(self.child.stdin.take());
        let line =
            tokio::time::timeout(READY_IN, self.lines.next_line()).await.context("the server does not end")??;
        let stamps = serde_json::from_str(&line.context("the server said nothing at its end")?)?;
        self.stop().await?;
        Ok(stamps)
    }

    /// Ends it and waits.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("ending a server")
    }
}

/// The load averages of the machine.
pub(super) fn load_average() -> [f64; 3] {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let mut values = text.split_whitespace().filter_map(|value| value.parse().ok());
    std::array::from_fn(|_| values.next().unwrap_or(f64::NAN))
}
