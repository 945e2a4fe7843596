//! The binary, and the only place that names an adapter.

mod commands;
mod config;
mod files;
mod models;
mod node;
mod telemetry;
mod vault;
mod world;

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use commands::Command;
use config::Unusable;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An open-source, self-hosted AI support desk.
#[derive(Debug, Parser)]
#[command(name = "baton", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Exit code for settings that cannot be used, as clap's own.
const UNUSABLE: u8 = 2;

/// How long work that cannot be interrupted (hashing, cutting a text) may hold up the end.
const LAST_WORK: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            say(&anyhow::Error::new(error).context("starting the runtime"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(commands::run(Cli::parse().command));
    runtime.shutdown_timeout(LAST_WORK);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = if error.is::<Unusable>() || error.is::<store::OpenError>() { UNUSABLE } else { 1 };
            say(&error);
            ExitCode::from(code)
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one line that tells the operator what is wrong")]
fn say(error: &anyhow::Error) {
    eprintln!("baton: {error:#}");
}
