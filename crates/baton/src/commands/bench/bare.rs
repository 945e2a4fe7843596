//! The bare floor: what this machine can do when a chat server does nothing but keep and pass on messages.
//!
//! A text comes in by WebSocket, one thread writes it to SQLite (WAL, `synchronous=FULL`, as many in one commit as have
//! come, 64 at most), and after the commit it goes out to the other side. No rules, no rights, no JSON.

use std::{collections::HashMap, path::Path, sync::Arc};

use anyhow::Context;
use axum::{
    Router,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use futures_util::StreamExt;
use parking_lot::Mutex;
use tokio::sync::mpsc;

/// Messages in one commit.
const BATCH: usize = 64;
/// Messages that may wait for the writer, and for one receiver.
const QUEUE: usize = 10_000;

type Receivers = Arc<Mutex<HashMap<String, mpsc::Sender<Utf8Bytes>>>>;

#[derive(Clone)]
struct Floor {
    receivers: Receivers,
    writer: mpsc::Sender<(String, Utf8Bytes)>,
}

/// Serves on a port of its own choice and says which, as `baton serve` does.
pub(super) async fn serve(file: &Path) -> anyhow::Result<()> {
    let receivers = Receivers::default();
    let (writer, inserts) = mpsc::channel(QUEUE);
    let database = open(file)?;
    let thread_receivers = Arc::clone(&receivers);
    std::thread::spawn(move || write(&database, inserts, &thread_receivers));
    let app = Router::new().route("/", get(upgrade)).with_state(Floor { receivers, writer });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    super::super::print(format_args!("listening on http://{}", listener.local_addr()?));
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await.context("serving the floor")
}

async fn upgrade(State(floor): State<Floor>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(4096).write_buffer_size(0).on_upgrade(|socket| session(socket, floor))
}

/// The first frame names the conversation; `<name` receives, anything else sends.
async fn session(mut socket: WebSocket, floor: Floor) {
    let Some(Ok(Message::Text(name))) = socket.next().await else { return };
    let (mine, mut mail) = mpsc::channel(QUEUE);
    let conversation = name.as_str().trim_start_matches('<').to_owned();
    if name.starts_with('<') {
        floor.receivers.lock().insert(conversation.clone(), mine.clone());
    }
    if socket.send(Message::Text("ready".into())).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            incoming = socket.next() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    if floor.writer.send((conversation.clone(), text)).await.is_err() { return }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            Some(text) = mail.recv() => if socket.send(Message::Text(text)).await.is_err() { return },
        }
    }
}

fn open(file: &Path) -> anyhow::Result<rusqlite::Connection> {
    let database = rusqlite::Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch(
        "create table message (id integer primary key, conversation text not null, sender text not null,
           body text not null, at integer not null);
         create index message_by_conversation on message (conversation, id);",
    )?;
    Ok(database)
}

fn write(database: &rusqlite::Connection, mut inserts: mpsc::Receiver<(String, Utf8Bytes)>, receivers: &Receivers) {
    let mut batch = Vec::with_capacity(BATCH);
    while inserts.blocking_recv_many(&mut batch, BATCH) > 0 {
        if let Err(error) = commit(database, &batch) {
            tracing::error!(%error, "the floor cannot write");
            return;
        }
        let receivers = receivers.lock();
        for (conversation, text) in batch.drain(..) {
            if let Some(receiver) = receivers.get(&conversation) {
                // A full queue shows as a lost message.
                let _ = receiver.try_send(text);
            }
        }
    }
}

fn commit(database: &rusqlite::Connection, batch: &[(String, Utf8Bytes)]) -> rusqlite::Result<()> {
    database.execute_batch("begin immediate")?;
    let mut insert = database
        .prepare_cached("insert into message (conversation, sender, body, at) values (?1, 'visitor', ?2, 0)")?;
    for (conversation, text) in batch {
        insert.execute((conversation, text.as_str()))?;
    }
    database.execute_batch("commit")
}
