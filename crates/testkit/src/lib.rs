//! What tests share. A dev-dependency only: nothing here is part of the program.
//!
//! - [`store_contract`]: what every store promises, run against each engine
//! - [`postgres`]: a PostgreSQL database of its own for each test

pub mod postgres;
pub mod store_contract;
