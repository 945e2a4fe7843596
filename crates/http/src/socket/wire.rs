//! A socket with typed frames, time limits, and the gate at the point where tokens are handed over.

use std::{future::poll_fn, time::Duration};

use api::frames::VisitorServerFrame;
use app::live::{Hub, Passage, TokenGroup};
use axum::{
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    http::StatusCode,
};
use futures_util::{SinkExt, StreamExt};
use serde::{Serialize, de::DeserializeOwned};

use super::FRAME;
use crate::problem::Failure;

/// A client that does not take a frame in this time is gone.
pub(super) const WRITE_IN: Duration = Duration::from_secs(15);

/// The socket is at its end.
#[derive(Debug, Default)]
pub struct Gone {
    /// What to say goodbye with, while the other side still listens: a code after RFC 6455 and a reason.
    pub(super) goodbye: Option<(u16, &'static str)>,
}

impl Gone {
    /// It was told why it may not stay.
    pub(super) const REFUSED: Self = Self { goodbye: Some((1008, "refused")) };
}

/// What came in.
pub(super) enum Incoming<T> {
    /// A frame.
    Frame(T),
    /// Something that is none.
    Nonsense(String),
}

/// A socket with typed frames.
pub(super) struct Wire {
    /// Boxed: it is handed on a few times, and every future on the way would keep room for it.
    socket: Box<WebSocket>,
}

impl Wire {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self { socket: Box::new(socket) }
    }

    /// The next frame.
    pub(super) async fn receive<T: DeserializeOwned>(&mut self) -> Result<Incoming<T>, Gone> {
        loop {
            return match self.socket.next().await {
                Some(Ok(Message::Text(text))) => Ok(match serde_json::from_str(&text) {
                    Ok(frame) => Incoming::Frame(frame),
                    Err(error) => Incoming::Nonsense(error.to_string()),
                }),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Binary(_))) => Ok(Incoming::Nonsense("frames are JSON text".to_owned())),
                Some(Err(error)) if is_too_large(&error) => Err(self.too_large().await),
                Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Gone::default()),
            };
        }
    }

    /// Says what was wrong with a frame that was not even read.
    async fn too_large(&mut self) -> Gone {
        let detail = format!("a frame may have at most {FRAME} bytes");
        let failure = Failure::of_call(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &detail);
        // The same shape for either side.
        let frame = VisitorServerFrame::Problem { problem: *failure.0 };
        match self.send(&frame).await {
            Ok(()) => Gone { goodbye: Some((1009, "too large")) },
            Err(gone) => gone,
        }
    }

    /// Sends a frame.
    pub(super) async fn send(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        let message = text(frame)?;
        within(self.socket.send(message)).await
    }

    /// Sends tokens, if their answer is still awaited at the moment when they are handed over.
    pub(super) async fn send_tokens(
        &mut self,
        hub: &Hub,
        group: &TokenGroup,
        frame: &impl Serialize,
    ) -> Result<(), Gone> {
        let message = text(frame)?;
        loop {
            let socket = &mut self.socket;
            within(poll_fn(|context| socket.poll_ready_unpin(context))).await?;
            // From here to the end of the closure nothing waits: a takeover that closes the gate waits for it instead.
            match hub.pass(group, || self.socket.start_send_unpin(message.clone())) {
                Passage::Passed(handed) => {
                    handed.map_err(|_| Gone::default())?;
                    return within(self.socket.flush()).await;
                }
                Passage::Held => hub.moved(group).await,
                Passage::Dropped => return Ok(()),
            }
        }
    }

    /// Says the goodbye that an end asks for, if it does.
    pub(super) async fn end(self, gone: Gone) {
        if let Some((code, reason)) = gone.goodbye {
            self.close(code, reason).await;
        }
    }

    /// Says goodbye. `code` after RFC 6455: 1012 means "come back, I am restarting", 1008 "do not".
    pub(super) async fn close(mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // Whoever does not listen to the goodbye is gone already.
        let _ = within(self.socket.send(Message::Close(Some(frame)))).await;
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(tungstenite::Error::Capacity(_)) = error.downcast_ref() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn text(frame: &impl Serialize) -> Result<Message, Gone> {
    serde_json::to_string(frame).map(|json| Message::Text(json.into())).map_err(|error| {
        tracing::error!(%error, "a frame cannot be written as JSON");
        Gone::default()
    })
}

async fn within(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), Gone> {
    match tokio::time::timeout(WRITE_IN, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone::default()),
    }
}
