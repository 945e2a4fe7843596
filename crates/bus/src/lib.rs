//! The bus between nodes over NATS.
//!
//! Every node of one database subscribes to one subject and hears all that the others say. What is lost while the
//! connection is away is reported as a [`Heard::Gap`]: whoever listens compares heads then.

mod subjects;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, ConnectOptions, Event};
use async_trait::async_trait;
use futures_util::StreamExt;
use ports::bus::{Bus, Heard, Message};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinHandle,
};
use uuid::Uuid;

/// Messages that wait in either direction; what finds no room is lost.
const WAITING: usize = 8_192;
/// A server that does not answer in this time is not there.
const CONNECT: Duration = Duration::from_secs(5);

/// The bus cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("NATS cannot be reached: {0}")]
pub struct Unreachable(String);

/// One node's end of the bus.
pub struct Nats {
    me: Uuid,
    out: mpsc::Sender<Message>,
    heard: Mutex<mpsc::Receiver<Heard>>,
    up: Arc<AtomicBool>,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// What came in, on its way to whoever listens.
struct Inbox {
    to: mpsc::Sender<Heard>,
    up: Arc<AtomicBool>,
    gap: AtomicBool,
}

impl Inbox {
    fn put(&self, heard: Heard) {
        if self.gap.load(Ordering::Acquire) && self.to.try_send(Heard::Gap).is_ok() {
            self.gap.store(false, Ordering::Release);
        }
        if self.to.try_send(heard).is_err() {
            self.gap.store(true, Ordering::Release);
        }
    }

    fn event(&self, event: &Event) {
        match event {
            Event::Connected => {
                self.up.store(true, Ordering::Release);
                self.put(Heard::Gap);
            }
            Event::Disconnected => {
                tracing::warn!("the bus is away: other nodes are heard of late until it is back");
                self.up.store(false, Ordering::Release);
            }
            Event::SlowConsumer(_) => self.put(Heard::Gap),
            other => tracing::debug!(event = %other, "the bus"),
        }
    }
}

impl Nats {
    /// Connects to `nats://[user:password@]host[:port]`, several separated by commas; `tls://` encrypts. Nodes with the
    /// same `space` hear each other. Once connected it connects again by itself.
    ///
    /// # Errors
    /// Nobody is there, or does not let us in.
    pub async fn connect(url: &str, space: &str, me: Uuid) -> Result<Self, Unreachable> {
        let (to, heard) = mpsc::channel(WAITING);
        let up = Arc::new(AtomicBool::new(false));
        let inbox = Arc::new(Inbox { to, up: Arc::clone(&up), gap: AtomicBool::new(false) });
        let told = Arc::clone(&inbox);
        let options = ConnectOptions::new().name("baton").connection_timeout(CONNECT).event_callback(move |event| {
            let told = Arc::clone(&told);
            async move { told.event(&event) }
        });
        let servers: Vec<&str> = url.split(',').map(str::trim).collect();
        let connected = tokio::time::timeout(CONNECT, options.connect(servers)).await;
        let client = connected
            .map_err(|_| Unreachable("it does not answer".to_owned()))?
            .map_err(|error| Unreachable(error.to_string()))?;
        up.store(true, Ordering::Release);
        let subject = subjects::nodes(space);
        let mut incoming = client.subscribe(subject.clone()).await.map_err(|error| Unreachable(error.to_string()))?;
        let listening = tokio::spawn(async move {
            while let Some(message) = incoming.next().await {
                match serde_json::from_slice::<(Uuid, Message)>(&message.payload) {
                    Ok((from, _)) if from == me => {}
                    Ok((from, message)) => inbox.put(Heard::Message { from, message }),
                    // A node of another version, in a rolling upgrade.
                    Err(error) => tracing::debug!(%error, "a message on the bus is not understood"),
                }
            }
        });
        let (out, waiting) = mpsc::channel(WAITING);
        let sending = tokio::spawn(send(client, subject, me, waiting));
        Ok(Self { me, out, heard: Mutex::new(heard), up, tasks: [listening, sending] })
    }
}

async fn send(client: Client, subject: String, me: Uuid, mut waiting: mpsc::Receiver<Message>) {
    while let Some(message) = waiting.recv().await {
        let Ok(bytes) = serde_json::to_vec(&(me, message)) else { continue };
        if let Err(error) = client.publish(subject.clone(), bytes.into()).await {
            tracing::debug!(%error, "a message was not put on the bus");
        }
    }
}

#[async_trait]
impl Bus for Nats {
    fn me(&self) -> Uuid {
        self.me
    }

    fn tell(&self, message: Message) {
        // A full queue loses it, as the bus may.
        let _ = self.out.try_send(message);
    }

    async fn hear(&self) -> Heard {
        match self.heard.lock().await.recv().await {
            Some(heard) => heard,
            None => std::future::pending().await,
        }
    }

    fn is_up(&self) -> bool {
        self.up.load(Ordering::Acquire)
    }
}
