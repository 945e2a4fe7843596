//! The process that reads one document: it takes it from its input, writes what it read to its output, and ends.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use domain::documents::{DocumentKind, Unreadable};
use ports::documents::{Document, Web};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::{Bounds, Limits};

/// What goes from one process to the other.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// It was read.
    Read {
        /// What it calls itself.
        title: Option<String>,
        /// Its text.
        text: String,
        /// What only a web page has.
        web: Web,
    },
    /// It cannot be read: the code of the reason.
    Unreadable(String),
}

impl Told {
    fn of(read: Result<Document, Unreadable>) -> Self {
        match read {
            Ok(Document { title, text, web }) => Self::Read { title, text, web },
            Err(why) => Self::Unreadable(why.code().to_owned()),
        }
    }

    /// What it means; nothing when it makes no sense.
    pub(crate) fn meant(self) -> Option<Result<Document, Unreadable>> {
        match self {
            Self::Read { title, text, web } => Some(Ok(Document { title, text, web })),
            Self::Unreadable(code) => Unreadable::coded(&code).map(Err),
        }
    }
}

/// Reads the document on the standard input and writes to the standard output what it says. Gives its right to memory,
/// time, files and sockets away first; whoever started it ends it when it takes too long all the same.
///
/// The process is of no use for anything else afterwards.
pub fn serve(kind: DocumentKind, bounds: &Bounds) -> ExitCode {
    if let Err(error) = give_rights_away(bounds) {
        return failed(&error);
    }
    // A library that gives up is no news: what is said of it is the answer.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    let most = domain::limits::DOCUMENT_BYTES as u64;
    if let Err(error) = io::stdin().lock().take(most + 1).read_to_end(&mut bytes) {
        return failed(&error);
    }
    let read = if bytes.len() as u64 > most {
        Err(Unreadable::TooLarge)
    } else {
        let read = std::panic::catch_unwind(|| crate::read(kind, &bytes, &Limits::default()));
        read.unwrap_or(Err(Unreadable::Broken))
    };
    let mut out = io::stdout().lock();
    let told = serde_json::to_writer(&mut out, &Told::of(read)).map_err(io::Error::from);
    match told.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn give_rights_away(bounds: &Bounds) -> io::Result<()> {
    let seconds = bounds.seconds;
    for (resource, most) in [
        (Resource::Data, bounds.memory),
        // Programs and libraries take room in it, too.
        (Resource::As, bounds.memory.saturating_mul(4)),
        (Resource::Cpu, seconds),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        // What is open already stays open: input and output.
        (Resource::Nofile, 3),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "read by the process that started this one")]
fn failed(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
