//! The event stream: what a visitor's socket says, for networks that let no socket through. What the visitor does goes by
//! REST.
//!
//! One task follows the conversation, as for a socket. It hands its frames to the body of the answer one at a time; tokens
//! pass the gate there, when they are taken for the network, not when they are put in line.

use std::{convert::Infallible, sync::Arc};

use api::{common::Problem, frames::VisitorServerFrame as Frame};
use app::{
    AppError,
    live::{Hub, Passage, Seat, TokenGroup},
};
use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{
    HEARTBEAT, Open,
    follow::{Follower, Outlet},
    wire::{Gone, WRITE_IN},
};
use crate::{
    caller::Caller,
    endpoints,
    place::CalledFrom,
    problem::Answer,
    server::{Server, Shared},
};

/// Frames that wait for the network.
const LINE: usize = 4;

/// Something on its way to the network.
enum Item {
    /// A frame that is said in any case.
    Said(Bytes),
    /// Tokens, which pass the gate of their room when they are taken.
    Tokens { group: Arc<TokenGroup>, bytes: Bytes },
}

/// The task's end of the line.
struct Line(mpsc::Sender<Item>);

impl Line {
    async fn put(&mut self, item: Item) -> Result<(), Gone> {
        // Whoever takes nothing in this time is gone.
        self.0.send_timeout(item, WRITE_IN).await.map_err(|_| Gone::default())
    }
}

impl Outlet for Line {
    async fn send(&mut self, frame: &Frame) -> Result<(), Gone> {
        self.put(Item::Said(block(frame)?)).await
    }

    async fn send_tokens(&mut self, _: &Hub, group: &Arc<TokenGroup>, frame: &Frame) -> Result<(), Gone> {
        self.put(Item::Tokens { group: Arc::clone(group), bytes: block(frame)? }).await
    }
}

/// A frame as a block of the stream. Only what is in the log has an id: a client goes on after the last one that it has.
fn block(frame: &Frame) -> Result<Bytes, Gone> {
    let json = serde_json::to_string(frame).map_err(|error| {
        tracing::error!(%error, "a frame cannot be written as JSON");
        Gone::default()
    })?;
    Ok(match frame {
        Frame::Event { event, .. } => format!("id: {}\ndata: {json}\n\n", event.visitor_seq),
        _ => format!("data: {json}\n\n"),
    }
    .into())
}

/// Follows the conversation: the frames of the socket's visitor side, from `subscribed` on, each as `data`. Events have
/// their `visitor_seq` as `id`; `Last-Event-ID` goes on after it. Visitors only.
#[utoipa::path(get, path = "/conversations/{id}/stream", tag = "visitors",
    params(("id" = String, Path), ("Last-Event-ID" = Option<i64>, Header, description = "Last `visitor_seq` at hand; absent for all.")),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn open(
    State(server): Shared,
    caller: Caller,
    CalledFrom(place): CalledFrom,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    endpoints::conversations::own(&visitor, id.parse()?)?;
    let after = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let Some(seat) = server.baton.hub().seat(visitor.visitor) else {
        let text = "this chat is open in too many places: close some of them".to_owned();
        return Err(AppError::RateLimited { text, retry_after: 60 }.into());
    };
    let (line, taken) = mpsc::channel(LINE);
    let follower = Follower::new(Arc::clone(&server), *visitor, place, Line(line));
    tokio::spawn(Box::pin(run(follower, seat, after.unwrap_or(0))));
    let mut response = Response::new(body(server, taken));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers would hold back every word.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Follows until the client goes, the server drains or the visitor may not stay.
async fn run(mut follower: Follower<Line>, _seat: Seat, after: i64) {
    let server = Arc::clone(&follower.server);
    let _open = Open::new(&server, "stream");
    let gone = follower.out.0.clone();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    heartbeat.reset();
    let mut step = follower.subscribe(after).await;
    while step.is_ok() {
        step = tokio::select! {
            biased;
            () = server.stopping.cancelled() => break,
            () = gone.closed() => break,
            signal = follower.mailbox.next() => {
                // A client that is told to subscribe again opens another stream.
                let lost = signal.is_none();
                let told = follower.tell(signal).await;
                if lost { break } else { told }
            }
            _ = heartbeat.tick() => follower.heartbeat().await,
        };
    }
    follower.unfollow();
}

fn body(server: Arc<Server>, taken: mpsc::Receiver<Item>) -> Body {
    let blocks = stream::unfold((server, taken), |(server, mut taken)| async move {
        loop {
            match taken.recv().await? {
                Item::Said(bytes) => return Some((Ok::<_, Infallible>(bytes), (server, taken))),
                Item::Tokens { group, bytes } => {
                    if pass(server.baton.hub(), &group).await {
                        // Nothing waits between the gate and here.
                        return Some((Ok(bytes), (server, taken)));
                    }
                }
            }
        }
    });
    Body::from_stream(blocks)
}

/// Whether tokens are handed over; waits while a takeover is being committed.
async fn pass(hub: &Hub, group: &TokenGroup) -> bool {
    loop {
        match hub.pass(group, || ()) {
            Passage::Passed(()) => return true,
            Passage::Held => hub.moved(group).await,
            Passage::Dropped => return false,
        }
    }
}
