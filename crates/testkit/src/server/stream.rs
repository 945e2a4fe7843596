//! The event stream of a visitor.

use std::collections::VecDeque;

use api::frames::VisitorServerFrame;
use http_body_util::{BodyExt, Empty};
use hyper::{
    HeaderMap, Method, StatusCode,
    body::{Bytes, Incoming},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle};

use super::{Client, Guest, PATIENCE, TestServer};

/// A block of the stream: its id, if it has one, and its frame.
pub type Block = (Option<i64>, VisitorServerFrame);

/// A visitor's event stream.
pub struct EventStream {
    /// What the server answered with.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Frames that [`EventStream::until`] went past.
    pub seen: Vec<VisitorServerFrame>,
    /// Their ids.
    pub ids: Vec<Option<i64>>,
    body: Incoming,
    text: String,
    blocks: VecDeque<Block>,
    connection: JoinHandle<()>,
}

impl TestServer {
    /// Follows a guest's conversation by event stream, after the last number at hand.
    pub async fn stream(&self, guest: &Guest, after: Option<i64>) -> EventStream {
        EventStream::open(self, &guest.client, &guest.conversation, &headers(after)).await
    }
}

fn headers(after: Option<i64>) -> Vec<(&'static str, String)> {
    after.map(|after| ("last-event-id", after.to_string())).into_iter().collect()
}

impl EventStream {
    /// Opens a stream with these headers, as this client.
    pub async fn open(
        server: &TestServer,
        client: &Client,
        conversation: &str,
        headers: &[(&'static str, String)],
    ) -> Self {
        let mut request = client.request(&Method::GET, &format!("/conversations/{conversation}/stream"));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.header("accept-encoding", "gzip").body(Empty::<Bytes>::new()).unwrap();
        let stream = TcpStream::connect(server.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(async move { drop(connection.await) });
        let answer = tokio::time::timeout(PATIENCE, sender.send_request(request)).await;
        let (head, body) = answer.expect("no answer").unwrap().into_parts();
        Self {
            status: head.status,
            headers: head.headers,
            seen: Vec::new(),
            ids: Vec::new(),
            body,
            text: String::new(),
            blocks: VecDeque::new(),
            connection,
        }
    }

    /// The next block; `None` when the server has ended the stream.
    pub async fn next_or_end(&mut self) -> Option<Block> {
        loop {
            if let Some(block) = self.blocks.pop_front() {
                return Some(block);
            }
            let frame = tokio::time::timeout(PATIENCE * 2, self.body.frame()).await.expect("no frame comes");
            let bytes = frame?.ok()?.into_data().ok()?;
            self.text.push_str(std::str::from_utf8(&bytes).expect("a block is cut inside a letter"));
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                self.blocks.push_back(read(block));
                self.text = rest.to_owned();
            }
        }
    }

    /// The first frame that fits; those before it, and it, are in [`Self::seen`].
    pub async fn until<T>(&mut self, mut fits: impl FnMut(&VisitorServerFrame) -> Option<T>) -> T {
        loop {
            let (id, frame) = self.next_or_end().await.expect("the stream was ended");
            let found = fits(&frame);
            self.seen.push(frame);
            self.ids.push(id);
            if let Some(found) = found {
                return found;
            }
        }
    }
}

fn read(block: &str) -> Block {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let data = field("data:").unwrap_or_else(|| panic!("a block without data: {block}"));
    let frame = serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}"));
    (field("id:").map(|id| id.parse().unwrap()), frame)
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
