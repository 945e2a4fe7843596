//! A page, or a desk, that an answer streams to: what comes to it, and what of that is automatic and too late.

use std::{cell::RefCell, rc::Rc};

use domain::ConversationId;
use tokio::sync::Notify;

use super::{prepare::Pair, socket::Socket};
use crate::world::micros;

/// Delays above this are counted as this, in microseconds.
const LONGEST: u64 = 60_000_000;

/// What came to one socket.
#[derive(Debug, Default)]
pub(super) struct Came {
    /// Frames with tokens.
    pub(super) frames: u64,
    /// When the frame of the takeover was read, in Unix microseconds.
    pub(super) taken_us: Option<u64>,
    /// Frames with tokens after it.
    pub(super) tokens_after: u64,
    /// Whole messages of the AI after it.
    pub(super) messages_after: u64,
    /// Answers that were committed.
    pub(super) answers: u64,
    /// Tokens that say when they were made.
    pub(super) stamped: u64,
    /// Such tokens in the whole messages of the AI.
    pub(super) whole: u64,
    /// How long each of these took, in microseconds.
    pub(super) delays: Vec<u32>,
    /// When frames with such tokens were read, in Unix microseconds, and how many each held.
    pub(super) read: Vec<(u64, u32)>,
}

/// A socket that is read all the time.
pub(super) struct Page {
    pub(super) conversation: ConversationId,
    pub(super) came: Rc<RefCell<Came>>,
    moved: Rc<Notify>,
    reading: tokio::task::JoinHandle<()>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// A visitor's socket that follows the conversation.
pub(super) async fn visitor(port: u16, pair: &Pair) -> anyhow::Result<Socket> {
    let mut socket = Socket::connect(port, "/api/v2/socket", "").await?;
    socket.send(&format!(r#"{{"type":"hello","token":"{}"}}"#, pair.token)).await?;
    socket.until("welcome").await?;
    follow(&mut socket, pair.conversation).await?;
    Ok(socket)
}

/// A collaborator's socket that follows it.
pub(super) async fn desk(port: u16, key: &str, pair: &Pair) -> anyhow::Result<Socket> {
    let mut socket =
        Socket::connect(port, "/api/v2/socket?as=desk", &format!("Authorization: Bearer {key}\r\n")).await?;
    socket.send(r#"{"type":"hello"}"#).await?;
    socket.until("welcome").await?;
    follow(&mut socket, pair.conversation).await?;
    Ok(socket)
}

async fn follow(socket: &mut Socket, conversation: ConversationId) -> anyhow::Result<()> {
    socket.send(&format!(r#"{{"type":"subscribe","conversation":"{conversation}","after":0}}"#)).await?;
    socket.until("subscribed").await
}

/// A message as a frame.
pub(super) fn message(conversation: ConversationId, id: &str, text: &str) -> String {
    format!(r#"{{"type":"send","conversation":"{conversation}","client_id":"{id}","text":"{text}"}}"#)
}

impl Page {
    /// Says something, if there is something to say, and reads from then on.
    pub(super) async fn read(
        mut socket: Socket,
        conversation: ConversationId,
        says: Option<&str>,
    ) -> anyhow::Result<Self> {
        let (came, moved) = (Rc::<RefCell<Came>>::default(), Rc::new(Notify::new()));
        if let Some(text) = says {
            socket.send(&message(conversation, "page", text)).await?;
        }
        let (seen, told) = (Rc::clone(&came), Rc::clone(&moved));
        let reading = tokio::task::spawn_local(async move {
            while socket.receive(|frame| seen.borrow_mut().take(frame)).await.is_ok() {
                told.notify_waiters();
            }
        });
        Ok(Self { conversation, came, moved, reading })
    }

    /// Comes back when what came fits.
    pub(super) async fn until(&self, fits: impl Fn(&Came) -> bool) {
        loop {
            let moved = self.moved.notified();
            if fits(&self.came.borrow()) {
                return;
            }
            moved.await;
        }
    }
}

impl Came {
    fn take(&mut self, frame: &str) {
        if frame.starts_with(r#"{"type":"tokens""#) {
            self.frames += 1;
            self.tokens_after += u64::from(self.taken_us.is_some());
            self.stamps(frame);
        } else if frame.contains(r#""kind":"taken_over""#) {
            self.taken_us = Some(micros());
        } else if frame.contains(r#""kind":"assistant_message""#) {
            self.answers += 1;
            self.messages_after += u64::from(self.taken_us.is_some());
            self.whole += stamps(frame).map_or(0, |stamps| stamps.count() as u64);
        }
    }

    /// How old the tokens in a frame are.
    fn stamps(&mut self, frame: &str) {
        let Some(stamps) = stamps(frame) else { return };
        let now = micros();
        let before = self.stamped;
        for stamp in stamps {
            self.stamped += 1;
            self.delays.push(u32::try_from(now.saturating_sub(stamp).min(LONGEST)).unwrap_or(u32::MAX));
        }
        self.read.push((now, u32::try_from(self.stamped - before).unwrap_or(u32::MAX)));
    }
}

/// The times in the text of a frame: each token of the source says when it was made.
fn stamps(frame: &str) -> Option<impl Iterator<Item = u64>> {
    let (_, text) = frame.rsplit_once(r#""text":""#)?;
    let text = text.split_once('"').map_or(text, |(text, _)| text);
    Some(text.split(' ').filter_map(|token| token.parse::<u64>().ok()))
}
