//! A whole server in the test's own process: the real router over TCP, the real store, hub, gate and worker.
//!
//! - [`Place`]: a database of its own, on SQLite or PostgreSQL
//! - [`TestServer`]: starts on a place; is drained with [`TestServer::stop`] or dies with [`TestServer::kill`]
//! - [`Client`]: calls of the REST API as nobody, a visitor, a session or a key
//! - [`DeskSocket`], [`VisitorSocket`]: sockets with typed frames
//! - [`EventStream`]: the same as a stream of events
//! - [`Steady`]: a client that connects again and sends again, whatever becomes of its server
//! - [`Cable`]: what lies between a server and its database or bus, to be pulled out

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what does not come in time is a panic"
)]

mod cable;
mod client;
mod nodes;
mod people;
mod place;
mod run;
mod socket;
mod steady;
mod stream;

pub use cable::Cable;
pub use client::{Answer, As, Client};
pub use nodes::{Deaf, NatsServer, Wires};
pub use people::{Guest, Member, OtherWorkspace};
pub use place::Place;
pub use run::{INBOUND_TOKEN, Options, REPLY_ADDRESS, TestServer};
pub use socket::{DeskSocket, Socket, VisitorSocket};
pub use steady::{Seen, Servers, Side, Steady};
pub use stream::{Block, EventStream};

use std::time::Duration;

/// How long a test waits for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A test for each engine from functions that take a [`Place`].
#[macro_export]
macro_rules! on_both_engines {
    ($($promise:ident),* $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                super::$promise($crate::server::Place::sqlite()).await;
            }
        )*}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                super::$promise($crate::server::Place::postgres().await).await;
            }
        )*}
    };
}
