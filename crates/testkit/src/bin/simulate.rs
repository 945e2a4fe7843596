//! Runs schedules of the simulator, or one from its file: `make prove`.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use testkit::simulator::{Bug, replay, search};

/// Runs schedules of nodes on one database until one breaks a promise.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many
    #[arg(long, default_value_t = 100_000)]
    schedules: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Run this plan and nothing else
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
}

#[expect(clippy::print_stdout, reason = "the report is what it is for")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(file) = arguments.replay {
        let Some((breach, report)) = replay(&file) else {
            println!("no promise is broken");
            return ExitCode::SUCCESS;
        };
        println!("BROKEN: {}\n{report}", breach.promise());
        return ExitCode::FAILURE;
    }
    let (seed, schedules) = (arguments.seed, arguments.schedules);
    match search(seed..seed + schedules, Bug::None, arguments.threads) {
        None => {
            println!("{schedules} schedules from seed {seed} on: no promise is broken");
            ExitCode::SUCCESS
        }
        Some(found) => {
            let (promise, file) = (found.breach.promise(), found.file.display());
            println!("BROKEN: {promise}\nseed {}, {} steps, kept in {file}", found.seed, found.plan.steps.len());
            println!("{}", found.report);
            ExitCode::FAILURE
        }
    }
}
