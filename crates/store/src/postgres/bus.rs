//! The bus between nodes over PostgreSQL itself: `NOTIFY` on a connection of its own, never inside the transactions that
//! it tells of.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use ports::bus::{Bus, Heard, Message};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinHandle,
};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket, config::SslMode, tls::MakeTlsConnect};
use uuid::Uuid;

use super::{CONNECT, setup};
use crate::{failure::Failure, open_error::OpenError};

/// Messages that wait in either direction; what finds no room is lost.
const WAITING: usize = 8_192;
/// Messages that are sent in one go.
const AT_ONCE: usize = 256;
/// PostgreSQL takes less than 8,000 bytes in one notification.
const LONGEST: usize = 7_900;
/// A server that does not take messages for so long is away.
const SEND: Duration = Duration::from_secs(5);
/// Pause before a lost connection is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// One node's end of the bus.
pub struct PostgresBus {
    me: Uuid,
    out: mpsc::Sender<String>,
    heard: Mutex<mpsc::Receiver<Heard>>,
    up: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Drop for PostgresBus {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The other end of the queues.
struct Line {
    config: Config,
    me: Uuid,
    waiting: mpsc::Receiver<String>,
    to: mpsc::Sender<Heard>,
    up: Arc<AtomicBool>,
}

impl PostgresBus {
    /// Connects, once now and from then on by itself. Every node on the database hears the others.
    ///
    /// # Errors
    /// The address is none, or nobody is there.
    pub async fn connect(url: &str, me: Uuid) -> Result<Self, OpenError> {
        let mut config: Config = url.parse().map_err(OpenError::PostgresAddress)?;
        config.connect_timeout(CONNECT).application_name("baton bus");
        let (out, waiting) = mpsc::channel(WAITING);
        let (to, heard) = mpsc::channel(WAITING);
        let up = Arc::new(AtomicBool::new(false));
        let mut line = Line { config, me, waiting, to, up: Arc::clone(&up) };
        let task = if line.config.get_ssl_mode() == SslMode::Require {
            let tls = setup::encrypted()?;
            let first = line.connect(tls.clone()).await?;
            tokio::spawn(async move { line.run(first, tls).await })
        } else {
            let first = line.connect(NoTls).await?;
            tokio::spawn(async move { line.run(first, NoTls).await })
        };
        Ok(Self { me, out, heard: Mutex::new(heard), up, task })
    }
}

/// A connection and the task that moves it.
struct Connection {
    client: Client,
    task: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    async fn connect<T>(&self, tls: T) -> Result<Connection, Failure>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let (client, mut connection) = self.config.connect(tls).await?;
        let (to, me) = (self.to.clone(), self.me);
        let task = tokio::spawn(async move {
            let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
            let mut gap = false;
            while let Some(Ok(message)) = messages.next().await {
                let AsyncMessage::Notification(note) = message else { continue };
                match serde_json::from_str::<(Uuid, Message)>(note.payload()) {
                    Ok((from, _)) if from == me => {}
                    Ok((from, message)) => {
                        gap = gap && to.try_send(Heard::Gap).is_err();
                        gap |= to.try_send(Heard::Message { from, message }).is_err();
                    }
                    // A node of another version, in a rolling upgrade.
                    Err(error) => tracing::debug!(%error, "a message on the bus is not understood"),
                }
            }
        });
        let connection = Connection { client, task };
        let listens = tokio::time::timeout(CONNECT, connection.client.batch_execute("listen baton")).await;
        listens.map_err(|_| Failure::unavailable("the database does not answer the bus"))??;
        self.up.store(true, Ordering::Release);
        Ok(connection)
    }

    async fn run<T>(&mut self, first: Connection, tls: T)
    where
        T: MakeTlsConnect<Socket> + Clone,
        T::Stream: Send + 'static,
    {
        let mut connection = first;
        loop {
            if self.send(&connection).await {
                return;
            }
            self.up.store(false, Ordering::Release);
            tracing::warn!("the bus is away: other nodes are heard of late until it is back");
            connection = loop {
                tokio::time::sleep(AGAIN).await;
                if let Ok(connection) = self.connect(tls.clone()).await {
                    break connection;
                }
            };
            // What was said meanwhile nobody has heard.
            let _ = self.to.try_send(Heard::Gap);
        }
    }

    /// Sends what waits until the connection is lost; true when nothing will come any more.
    async fn send(&mut self, connection: &Connection) -> bool {
        let mut ticks = tokio::time::interval(AGAIN);
        loop {
            let mut messages = Vec::new();
            tokio::select! {
                biased;
                taken = self.waiting.recv_many(&mut messages, AT_ONCE) => if taken == 0 { return true },
                // A connection on which nothing is sent is looked at now and then.
                _ = ticks.tick() => if connection.client.is_closed() { return false } else { continue },
            }
            let told = "select pg_notify('baton', m) from unnest($1::text[]) as m";
            let sent = tokio::time::timeout(SEND, connection.client.execute(told, &[&messages])).await;
            if !matches!(sent, Ok(Ok(_))) {
                return false;
            }
        }
    }
}

#[async_trait]
impl Bus for PostgresBus {
    fn me(&self) -> Uuid {
        self.me
    }

    fn tell(&self, message: Message) {
        match serde_json::to_string(&(self.me, &message)) {
            // A full queue loses it, as the bus may.
            Ok(text) if text.len() <= LONGEST => drop(self.out.try_send(text)),
            Ok(text) => tracing::warn!(bytes = text.len(), "a message is too long for the bus"),
            Err(error) => tracing::warn!(%error, "a message cannot be written as JSON"),
        }
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
