//! `/api/v2/socket`: one WebSocket for the desk and for visitors. The frames are in `api::frames`.
//!
//! One task serves one socket and does nothing else: it reads frames, runs their use cases one after the other, and writes
//! what the hub puts into its mailbox. It keeps a cursor for each conversation that it follows, so that a client sees every
//! entry once and in order, whatever was lost on the way to it.

mod desk;
pub(crate) mod follow;
pub(crate) mod stream;
mod visitor;
pub(crate) mod wire;

use std::time::Duration;

use app::AppError;
use axum::{
    extract::{Query, State, WebSocketUpgrade},
    http::{HeaderMap, header},
    response::Response,
};
use serde::Deserialize;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::{
    caller::Caller,
    place::CalledFrom,
    problem::Answer,
    server::{Server, Shared},
};

/// A heartbeat comes at least this often.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A client that does not say `hello` in this time is let go.
const HELLO_IN: Duration = Duration::from_secs(10);
/// Largest frame of a client, in bytes. A message that is too long fits in, so that it is refused like any other mistake;
/// what is larger ends the socket.
const FRAME: usize = 256 * 1024;
/// Most bytes that wait for a client that does not read.
const WRITE_BUFFER: usize = 1024 * 1024;
/// What a socket reads into. Its default is 128 KiB, which each idle visitor would cost; below 1 KiB a buffer that a frame
/// was cut off from would not be made anew in its size.
const READ_BUFFER: usize = 1024;
/// Entries read from a log in one go when a client catches up.
const CATCH_UP: u32 = 200;
/// A client that sends so many frames that are none is let go.
const NONSENSE: u32 = 10;

/// Whose socket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    Visitor,
    Desk,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SocketQuery {
    /// `visitor` (the default) or `desk`.
    #[serde(rename = "as")]
    side: Option<Side>,
}

/// Upgrades to a socket. A desk is authenticated here, a visitor by its first frame.
pub(crate) async fn upgrade(
    State(server): Shared,
    Query(query): Query<SocketQuery>,
    caller: Result<Caller, crate::problem::Failure>,
    CalledFrom(place): CalledFrom,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(FRAME)
        .max_frame_size(FRAME);
    if query.side != Some(Side::Desk) {
        return Ok(upgrade.on_upgrade(move |socket| visitor::serve(server, socket, place)));
    }
    let Caller::Staff(staff) = caller? else { return Err(AppError::Forbidden.into()) };
    if matches!(staff.via, app::auth::Via::Session { .. }) && !same_origin(&server, &headers) {
        // A page of another site can make a browser open this socket with the cookie.
        return Err(AppError::Forbidden.into());
    }
    Ok(upgrade.on_upgrade(move |socket| desk::serve(server, socket, staff)))
}

fn same_origin(server: &Server, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| server.is_public_origin(origin))
}

/// Counts a socket while it is open.
struct Open {
    side: &'static str,
    _open: TaskTrackerToken,
}

impl Open {
    fn new(server: &Server, side: &'static str) -> Self {
        metrics::gauge!("baton_sockets", "side" => side).increment(1.0);
        Self { side, _open: server.open.token() }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("baton_sockets", "side" => self.side).decrement(1.0);
    }
}
