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
use documents::Bounds;

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
    // Everything that is made here holds what visitors wrote: it is for its owner alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return unreadable(&error),
    };
    if let Command::ReadDocument { memory, seconds, kind } = command {
        // Before there are threads, so that nothing but this is in the process.
        return documents::serve(kind, &Bounds { memory, seconds, ..Bounds::default() });
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            say(&anyhow::Error::new(error).context("starting the runtime"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(commands::run(command));
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

/// What a command line or a variable that cannot be read comes to: help that was asked for as it is, a mistake as one line.
fn unreadable(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
        error.exit();
    }
    let text = error.render().to_string();
    // What follows is how the command is used: `--help` says it.
    let lines =
        text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
    let said: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    say(&anyhow::anyhow!("{}; --help says more", said.strip_prefix("error: ").unwrap_or(&said)));
    ExitCode::from(UNUSABLE)
}

#[expect(clippy::print_stderr, reason = "the one line that tells the operator what is wrong")]
fn say(error: &anyhow::Error) {
    eprintln!("baton: {error:#}");
}
