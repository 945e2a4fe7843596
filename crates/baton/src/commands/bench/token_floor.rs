//! The floor of `bench tokens`: a loop for each socket that writes the frames that Baton writes, with no hub, no gate and
//! no database.

use std::time::Duration;

use anyhow::Context;
use axum::{
    Router,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use clap::Args;
use futures_util::StreamExt;
use tokio::time::MissedTickBehavior;

use crate::world::micros;

/// Tokens in one frame: as many as Baton groups at this pace.
const GROUP: usize = 2;

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct TokenFloor {
    /// Microseconds between two tokens
    every_us: u64,
    /// Tokens of an answer
    tokens: usize,
}

/// Serves on a port of its own choice and says which.
pub(super) async fn serve(arguments: TokenFloor) -> anyhow::Result<()> {
    let app = Router::new().route("/", get(upgrade)).with_state(arguments);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    super::super::print(format_args!("listening on http://{}", listener.local_addr()?));
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await.context("serving the floor")
}

async fn upgrade(State(arguments): State<TokenFloor>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(4096).write_buffer_size(0).on_upgrade(move |socket| answer(socket, arguments))
}

/// After the first frame: an answer, in groups.
async fn answer(mut socket: WebSocket, arguments: TokenFloor) {
    if socket.next().await.is_none() {
        return;
    }
    let conversation = uuid::Uuid::nil();
    let mut ticks = tokio::time::interval(Duration::from_micros(arguments.every_us));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut text, mut offset) = (String::new(), 0);
    for number in 1..=arguments.tokens {
        ticks.tick().await;
        text.push_str(&format!("{} ", micros()));
        if number % GROUP != 0 && number != arguments.tokens {
            continue;
        }
        let frame = format!(
            r#"{{"type":"tokens","conversation":"{conversation}","turn":1,"attempt":1,"offset":{offset},"text":"{text}"}}"#
        );
        offset += text.len();
        text.clear();
        if socket.send(Message::Text(frame.into())).await.is_err() {
            return;
        }
    }
    // What tells the client that this was all.
    let _ = socket.send(Message::Text(r#"{"type":"event","kind":"assistant_message"}"#.into())).await;
    while let Some(Ok(_)) = socket.next().await {}
}
