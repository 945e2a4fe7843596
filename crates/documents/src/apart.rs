//! Reading in a process apart.

use std::{
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use async_trait::async_trait;
use domain::documents::{DocumentKind, Unreadable};
use ports::{
    Fault, Result,
    documents::{Document, Documents},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::Semaphore,
};

use crate::inside::Told;

/// Documents that are read at the same time.
const AT_ONCE: usize = 2;
/// Longest answer of the other process: text in quotes, where some characters take more room.
const ANSWER: u64 = 4 * domain::limits::UPLOAD_BYTES as u64;
/// So much of its complaints is looked at, in bytes.
const COMPLAINTS: u64 = 4_096;
/// Signals by which the system ends who has used up the time that it may compute.
const TIME_IS_UP: [i32; 2] = [24, 9];

/// What reading one document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of memory.
    pub memory: u64,
    /// Seconds of computing.
    pub seconds: u64,
    /// Time that passes, waiting included.
    pub passing: Duration,
}

impl Default for Bounds {
    /// 512 MiB, 20 s of computing, 60 s altogether.
    fn default() -> Self {
        Self { memory: 512 * 1024 * 1024, seconds: 20, passing: Duration::from_secs(60) }
    }
}

/// Reads each document in a process of its own: a command that comes to [`serve`](crate::serve), with three more arguments:
/// bytes of memory, seconds of computing, and the name of the kind.
#[derive(Debug)]
pub struct Apart {
    program: PathBuf,
    arguments: Vec<String>,
    bounds: Bounds,
    places: Semaphore,
}

impl Apart {
    /// By this command.
    pub fn new(program: PathBuf, arguments: &[&str], bounds: Bounds) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { program, arguments, bounds, places: Semaphore::new(AT_ONCE) }
    }

    fn start(&self, kind: DocumentKind) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .args([&self.bounds.memory.to_string(), &self.bounds.seconds.to_string(), kind.name()])
            // No secret of this process is known to the other one.
            .env_clear()
            // Memory that is only kept ready counts, too.
            .env("MIMALLOC_ARENA_RESERVE", "65536")
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}

/// What the other process left.
struct Left {
    answer: Vec<u8>,
    complaints: Vec<u8>,
    status: ExitStatus,
}

async fn talk(child: &mut Child, bytes: &[u8]) -> std::io::Result<Left> {
    let (mut input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut answer, mut complaints) = (Vec::new(), Vec::new());
    let give = async {
        if let Some(input) = &mut input {
            // One that ends before it has heard all of it says why.
            let _ = input.write_all(bytes).await;
        }
        drop(input);
    };
    let take = async {
        match output {
            Some(output) => output.take(ANSWER).read_to_end(&mut answer).await.map(drop),
            None => Ok(()),
        }
    };
    let hear = async {
        match errors {
            Some(errors) => errors.take(COMPLAINTS).read_to_end(&mut complaints).await.map(drop),
            None => Ok(()),
        }
    };
    let ((), taken, heard) = tokio::join!(give, take, hear);
    taken.and(heard)?;
    let status = child.wait().await?;
    Ok(Left { answer, complaints, status })
}

/// What it means that the other process ended like this.
fn meaning(left: &Left) -> std::result::Result<Document, Unreadable> {
    if left.status.success()
        && let Some(read) = serde_json::from_slice::<Told>(&left.answer).ok().and_then(Told::meant)
    {
        return read;
    }
    let complaints = String::from_utf8_lossy(&left.complaints);
    tracing::warn!(status = %left.status, %complaints, "a document ended the process that read it");
    Err(match left.status.signal() {
        Some(signal) if TIME_IS_UP.contains(&signal) => Unreadable::TooSlow,
        Some(_) if complaints.contains("memory allocation") => Unreadable::TooLarge,
        _ => Unreadable::Broken,
    })
}

#[async_trait]
impl Documents for Apart {
    async fn read(&self, kind: DocumentKind, bytes: Vec<u8>) -> Result<std::result::Result<Document, Unreadable>> {
        let cannot = |error| Fault::unavailable("the process that reads documents", error);
        let _place = self.places.acquire().await.map_err(|error| Fault::unavailable("reading documents", error))?;
        let mut child = self.start(kind).map_err(cannot)?;
        match tokio::time::timeout(self.bounds.passing, talk(&mut child, &bytes)).await {
            Ok(left) => Ok(meaning(&left.map_err(cannot)?)),
            Err(_) => {
                child.kill().await.map_err(cannot)?;
                Ok(Err(Unreadable::TooSlow))
            }
        }
    }
}
