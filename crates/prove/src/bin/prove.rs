//! Searches every order of events, deeper than the tests do: `make prove`.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use prove::hand_over::{Bounds, Fault, HandOver, Nodes, PROMISES};
use stateright::{Checker, Model};

/// Searches every order of events of a hand-over for one that breaks a promise.
#[derive(Debug, Parser)]
struct Arguments {
    /// Seconds that each search may last; one that is not through by then says so
    #[arg(long, default_value_t = 900)]
    seconds: u64,
}

#[expect(clippy::print_stdout, reason = "the report is what it is for")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut whole = true;
    let bounds = Bounds::DEEP;
    for (nodes, hold) in [(Nodes::One, false), (Nodes::One, true), (Nodes::Two, false), (Nodes::Two, true)] {
        let model = HandOver { nodes, hold, bounds, fault: Fault::None };
        let limit = Duration::from_secs(arguments.seconds);
        #[expect(clippy::disallowed_methods, reason = "how long the search may last is a matter of the machine's time")]
        let begun = Instant::now();
        let checked = model.checker().threads(2).timeout(limit).spawn_dfs().join();
        let through = if begun.elapsed() < limit { "all of them" } else { "not all of them: the time was up" };
        println!(
            "{nodes:?} node(s), hold {hold}: {} different states, depth {}, {through}",
            checked.unique_state_count(),
            checked.max_depth()
        );
        for (promise, path) in checked.discoveries() {
            if PROMISES.contains(&promise) {
                println!("BROKEN: {promise}\n{path}");
                whole = false;
            }
        }
    }
    if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
