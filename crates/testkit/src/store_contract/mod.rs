//! The promises of `ports::Store`, one async function for each. Every engine runs all of them.
//!
//! Data is named, not built: `world.says("tea", "hello")` is the visitor of the conversation "tea" who says hello. See
//! [`World`].

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests: a promise that does not hold is a panic")]

pub mod accounts;
pub mod calls;
pub mod cards;
pub mod files;
pub mod identities;
pub mod inbox;
pub mod isolation;
pub mod jobs;
pub mod knowledge;
pub mod lab;
pub mod life;
pub mod log;
pub mod marks;
pub mod models;
pub mod notes;
pub mod numbers;
pub mod passages;
pub mod push;
pub mod queue;
pub mod rehearsals;
pub mod replay;
pub mod routing;
pub mod search;
pub mod team;
pub mod units;
pub mod vectors;
pub mod visitor_mail;
pub mod webhooks;
pub mod websites;
pub mod world;

pub use world::{Engine, Told, World, id};
