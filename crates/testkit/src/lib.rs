//! What tests share. A dev-dependency only: nothing here is part of the program.
//!
//! - [`store_contract`]: what every store promises, run against each engine
//! - [`postgres`]: a PostgreSQL database of its own for each test
//! - [`fakes`]: time that a test moves, secrets that come back, a model that it drives
//! - `papers` (feature of that name): documents of all kinds, also such as nobody should write
//! - `server` (feature of that name): a whole server in the test's own process, with clients
//! - `simulator` (feature of that name): nodes on one database, in an order that a seed gives

pub mod fakes;
#[cfg(feature = "papers")]
pub mod papers;
pub mod postgres;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod store_contract;
