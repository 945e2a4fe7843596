//! Clients that stay, whatever becomes of their server.
//!
//! They do what the web client does: what is said waits until it is answered, and goes out again under the same
//! `client_id` after a break; after a break they ask for what came after the last number that they have. Any server will
//! do. What they notice on the way that no client should is kept in [`Seen::wrong`].

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::watch,
    task::JoinHandle,
    time::{Interval, MissedTickBehavior},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::{As, PATIENCE, socket::open};

/// Pause before the next try to connect.
const AGAIN: Duration = Duration::from_millis(20);
/// A socket that is not greeted by then is given up.
const GREETED_IN: Duration = Duration::from_secs(10);
/// A socket on which nothing came for so long is given up: heartbeats come more often.
const SILENCE: Duration = Duration::from_secs(45);
/// What is said and not answered yet, at most.
const WINDOW: usize = 2;

/// Where servers listen now; a load balancer that knows at once.
#[derive(Clone)]
pub struct Servers(Arc<watch::Sender<Vec<SocketAddr>>>);

impl Servers {
    /// These.
    pub fn at(addresses: &[SocketAddr]) -> Self {
        Self(Arc::new(watch::Sender::new(addresses.to_vec())))
    }

    /// Only these from now on.
    pub fn are(&self, addresses: &[SocketAddr]) {
        self.0.send_replace(addresses.to_vec());
    }
}

/// Whose client it is.
#[derive(Debug, Clone)]
pub enum Side {
    /// A visitor's page, with the token.
    Page(String),
    /// A collaborator's desk.
    Desk(As),
}

/// What a client has said, and what it was told.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Texts that were acknowledged, in order.
    pub acked: Vec<String>,
    /// Texts that are not answered yet.
    pub outbox: VecDeque<String>,
    /// Entries as they are on the screen: kind and text.
    pub shown: Vec<(String, String)>,
    /// Why commands were refused for now; they were sent again.
    pub refused: Vec<String>,
    /// How often it connected.
    pub connected: usize,
    /// What no client should see: a number left out or given twice, a refusal for good.
    pub wrong: Vec<String>,
}

/// A client that stays.
pub struct Steady {
    seen: Arc<watch::Sender<Seen>>,
    saying: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Drop for Steady {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Steady {
    /// Follows a conversation on one of the servers, `prefers` first, and says something every so often: "NAME 1",
    /// "NAME 2" and so on.
    pub fn start(
        servers: &Servers,
        prefers: usize,
        side: Side,
        conversation: &str,
        name: &str,
        every: Duration,
    ) -> Self {
        let seen = Arc::new(watch::Sender::new(Seen::default()));
        let saying = watch::Sender::new(true);
        let client = Client {
            servers: servers.0.subscribe(),
            side,
            conversation: conversation.to_owned(),
            name: name.to_owned(),
            said: 0,
            every: interval(every),
            pace: interval(AGAIN),
            seen: Arc::clone(&seen),
            saying: saying.subscribe(),
            asked_again: false,
        };
        Self { seen, saying, task: tokio::spawn(client.live(prefers)) }
    }

    /// What it has said and seen so far.
    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// How many of its texts were acknowledged.
    pub fn acked(&self) -> usize {
        self.seen.borrow().acked.len()
    }

    /// Comes back when so many of its texts were acknowledged.
    pub async fn has_acked(&self, count: usize) {
        self.until(&format!("{count} acknowledged"), |seen| seen.acked.len() >= count).await;
    }

    /// Says nothing more; comes back when everything that it has said was answered.
    pub async fn falls_silent(&self) {
        self.saying.send_replace(false);
        self.until("an empty outbox", |seen| seen.outbox.is_empty()).await;
    }

    /// Comes back when it shows so many entries.
    pub async fn shows(&self, count: usize) {
        self.until(&format!("{count} entries"), |seen| seen.shown.len() >= count).await;
    }

    /// Comes back when it has seen something.
    pub async fn until(&self, what: &str, fits: impl FnMut(&Seen) -> bool) {
        let mut seen = self.seen.subscribe();
        let found = tokio::time::timeout(PATIENCE, seen.wait_for(fits)).await;
        if found.is_err() {
            let seen = self.seen();
            let last = seen.shown.len().saturating_sub(3);
            panic!(
                "{what} does not come: {} acknowledged, waiting {:?}, {} shown, the last {:?}, connected {} times, wrong {:?}",
                seen.acked.len(),
                seen.outbox,
                seen.shown.len(),
                &seen.shown[last..],
                seen.connected,
                seen.wrong
            );
        }
    }
}

/// The client itself.
struct Client {
    servers: watch::Receiver<Vec<SocketAddr>>,
    side: Side,
    conversation: String,
    name: String,
    said: u64,
    every: Interval,
    /// What failed is not tried again at once.
    pace: Interval,
    seen: Arc<watch::Sender<Seen>>,
    saying: watch::Receiver<bool>,
    /// It has asked again on this socket for what it may already have been sent: that may come twice, and is shown once.
    asked_again: bool,
}

type Stream = WebSocketStream<TcpStream>;

impl Client {
    async fn live(mut self, prefers: usize) {
        let mut tries = prefers;
        loop {
            self.pace.tick().await;
            let Ok(addresses) = self.servers.wait_for(|servers| !servers.is_empty()).await.map(|now| now.clone())
            else {
                return;
            };
            let address = addresses[tries % addresses.len()];
            tries += 1;
            if let Ok(Some(stream)) = tokio::time::timeout(GREETED_IN, self.greeted(address)).await {
                self.seen.send_modify(|seen| seen.connected += 1);
                self.serve(stream).await;
            }
        }
    }

    /// A socket that was welcomed.
    async fn greeted(&self, address: SocketAddr) -> Option<Stream> {
        let nobody = As::Nobody;
        let (query, caller, hello) = match &self.side {
            Side::Page(token) => ("", &nobody, json!({"type": "hello", "token": token})),
            Side::Desk(caller) => ("?as=desk", caller, json!({"type": "hello"})),
        };
        let mut stream = open(address, query, caller, None, false).await.ok()?;
        send(&mut stream, &hello).await?;
        while frame(&mut stream).await?["type"] != "welcome" {}
        Some(stream)
    }

    /// Until the socket is at its end.
    async fn serve(&mut self, mut stream: Stream) -> Option<()> {
        self.asked_again = false;
        send(&mut stream, &self.subscribe()).await?;
        let waiting = self.seen.borrow().outbox.clone();
        for text in &waiting {
            send(&mut stream, &self.message(text)).await?;
        }
        loop {
            let may_say = *self.saying.borrow() && self.seen.borrow().outbox.len() < WINDOW;
            tokio::select! {
                came = tokio::time::timeout(SILENCE, frame(&mut stream)) => {
                    if let Some(answer) = self.hear(&came.ok()??) {
                        self.pace.tick().await;
                        send(&mut stream, &answer).await?;
                    }
                }
                _ = self.every.tick(), if may_say => {
                    self.said += 1;
                    let text = format!("{} {}", self.name, self.said);
                    self.seen.send_modify(|seen| seen.outbox.push_back(text.clone()));
                    send(&mut stream, &self.message(&text)).await?;
                }
            }
        }
    }

    /// Takes note of a frame; gives what is to be sent because of it.
    fn hear(&mut self, frame: &Value) -> Option<Value> {
        match frame["type"].as_str()? {
            "event" if frame["conversation"] == self.conversation.as_str() => self.event(&frame["event"]),
            "ack" => {
                let id = frame["client_id"].as_str()?;
                self.seen.send_modify(|seen| {
                    if let Some(at) = seen.outbox.iter().position(|text| client_id(text) == id) {
                        let text = seen.outbox.remove(at);
                        seen.acked.extend(text);
                    }
                });
                None
            }
            "refused" => {
                let (id, problem) = (frame["client_id"].as_str()?, &frame["problem"]);
                // A fault of the server: the text is still in the box, and its sender tries again.
                if problem["status"].as_u64()? >= 500 {
                    self.seen.send_modify(|seen| seen.refused.push(problem.to_string()));
                    let text = self.seen.borrow().outbox.iter().find(|text| client_id(text) == id).cloned();
                    return Some(self.message(&text?));
                }
                self.wrong(format!("refused: {problem}"));
                None
            }
            // Something could not be read, or was lost on the way.
            "resync" | "problem" => Some(self.ask_again()),
            "heartbeat" => {
                let head = match &self.side {
                    Side::Page(_) => frame["head"].as_u64(),
                    Side::Desk(_) => frame["heads"][&self.conversation].as_u64(),
                };
                (head? > self.last()).then(|| self.ask_again())
            }
            _ => None,
        }
    }

    fn event(&self, event: &Value) -> Option<Value> {
        let number = event[self.number()].as_u64()?;
        let last = self.last();
        if number <= last && self.asked_again {
            return None;
        }
        if number != last + 1 {
            self.wrong(format!("{number} came after {last}"));
            return None;
        }
        let shown = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        self.seen.send_modify(|seen| seen.shown.push((shown("kind"), shown("text"))));
        None
    }

    fn wrong(&self, what: String) {
        self.seen.send_modify(|seen| seen.wrong.push(what));
    }

    fn last(&self) -> u64 {
        self.seen.borrow().shown.len() as u64
    }

    fn number(&self) -> &'static str {
        match self.side {
            Side::Page(_) => "visitor_seq",
            Side::Desk(_) => "seq",
        }
    }

    fn ask_again(&mut self) -> Value {
        self.asked_again = true;
        self.subscribe()
    }

    fn subscribe(&self) -> Value {
        json!({"type": "subscribe", "conversation": self.conversation, "after": self.last()})
    }

    fn message(&self, text: &str) -> Value {
        json!({"type": "send", "conversation": self.conversation, "client_id": client_id(text), "text": text})
    }
}

fn interval(every: Duration) -> Interval {
    let mut interval = tokio::time::interval(every);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// The id under which a text is sent, each time.
fn client_id(text: &str) -> String {
    text.replace(' ', "-")
}

async fn send(stream: &mut Stream, frame: &Value) -> Option<()> {
    tokio::time::timeout(GREETED_IN, stream.send(Message::text(frame.to_string()))).await.ok()?.ok()
}

/// The next frame; nothing when the socket is at its end.
async fn frame(stream: &mut Stream) -> Option<Value> {
    loop {
        match stream.next().await? {
            Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
