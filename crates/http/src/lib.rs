//! The doors of Baton: REST, the socket, static files.
//!
//! The whole list of routes is in [`routes`]. Handlers read the request, call one use case of `app`, and put the answer
//! into a shape of `api`; nothing here decides anything.

mod assets;
mod caller;
mod device;
mod endpoints;
mod headers;
mod json;
mod place;
mod present;
mod problem;
pub mod routes;
mod server;
mod socket;

pub use routes::{openapi, router};
pub use server::{HttpConfig, Server};
pub use socket::{
    follow::{Follower, Outlet},
    wire::Gone,
};
