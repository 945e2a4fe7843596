//! The database: SQLite or PostgreSQL behind the traits of [`ports`], with one text per SQL statement for both.
//!
//! Where things are:
//! - [`Database`]: opens, closes, checks and copies; implements every trait (one file per trait)
//! - `statements`: every SQL text, in the common subset of both engines
//! - `batch`: the unit of work; `marks`: read marks; `lanes`: the writer that runs them and shares commits
//! - `tx`, `value`: the small layer under which both engines look the same
//! - `sqlite`, `postgres`: what is different about them
//! - `migrations`: how the tables come about
//!
//! Invariants:
//! - What is answered with `Committed` is on disk: settings that would break this are refused at start.
//! - The listener hears of a commit after it, in commit order, before the caller does.
//! - The caller going away cancels nothing: whoever writes is the writer, with inputs of its own.
//! - Every queue has a bound, and a full one answers `Unavailable` at once.

mod accounts;
mod ai_models;
mod batch;
mod bench;
mod calls;
mod cards;
mod chatbots;
mod conversations;
mod database;
mod failure;
mod files;
mod find;
mod identities;
mod jobs;
mod lab;
mod labels;
mod lanes;
mod lessons;
mod life;
mod marks;
mod migrations;
mod notes;
mod numbers;
mod open_error;
mod pace;
mod passages;
mod postgres;
mod push;
mod queue;
mod requests;
mod routing;
mod rows;
mod search;
mod sources;
mod sqlite;
mod statements;
mod tags;
mod team;
#[cfg(test)]
mod tests;
mod tx;
mod value;
mod vectors;
mod visitor_mail;
mod webhooks;
mod websites;
mod writing;

pub use bench::bare_message;
pub use database::{Database, Facts};
pub use open_error::OpenError;
pub use pace::{Operation, Pace};
pub use postgres::bus::PostgresBus;
