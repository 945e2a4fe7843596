//! The real binary while it is killed, cut off and starved: what was acknowledged is stored and shown once, in order.
//!
//! Here each story is told a few times; `make chaos` tells them as often as the promises say.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of a test fail like the test, and say what was found"
)]

#[expect(dead_code, reason = "other tests of the binary use the rest of it")]
#[path = "../program/mod.rs"]
mod program;

mod cuts;
mod disk;
mod ground;
mod kills;
mod nodes;
mod outages;

use testkit::fakes::SeededEntropy;

/// How often something happens: a few times, or as often as `make chaos` says.
#[expect(clippy::disallowed_methods, reason = "how `make chaos` says it")]
fn times(few: u64, variable: &str) -> u64 {
    std::env::var(variable).map_or(few, |times| times.parse().unwrap())
}

/// What chance decides, from a seed that is printed; `BATON_CHAOS_SEED` chooses it.
#[expect(clippy::disallowed_methods, reason = "a seed that is printed")]
fn chance(what: &str) -> SeededEntropy {
    let given = std::env::var("BATON_CHAOS_SEED").ok().map(|seed| seed.parse().unwrap());
    let seed = given.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        u64::from(since.subsec_nanos())
    });
    println!("{what}: BATON_CHAOS_SEED={seed}");
    SeededEntropy::new(seed)
}
