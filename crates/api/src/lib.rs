//! Wire shapes: what clients send and receive, and nothing else.
//!
//! Two families never mix: shapes a **visitor** may receive (`Visitor..`) and shapes for the **desk**. A visitor's
//! shape carries `visitor_seq` and never `seq`, never an internal id of a person, never an event for staff; a test
//! in `tests/visitor_fields.rs` reads the schemas and fails when one slips in.
//!
//! Conventions: times are Unix milliseconds, ids are UUID text, enums are `snake_case`, an absent value is left out
//! or `null`, unknown fields in requests are refused.

pub mod account;
pub mod agents;
pub mod calls;
pub mod chatbots;
pub mod common;
pub mod conversations;
pub mod events;
pub mod files;
pub mod frames;
pub mod knowledge;
pub mod lab;
pub mod labels;
pub mod lessons;
pub mod life;
pub mod mail;
pub mod models;
pub mod notes;
pub mod numbers;
pub mod push;
pub mod rehearsals;
pub mod routing;
pub mod schema;
pub mod search;
pub mod team;
pub mod visitor;
pub mod waiting;
pub mod webhooks;
pub mod writing;
