//! Sockets with typed frames.

use std::{collections::VecDeque, fmt::Debug, marker::PhantomData, net::SocketAddr, time::Duration};

use api::{
    common::Problem,
    frames::{DeskClientFrame, DeskServerFrame, VisitorClientFrame, VisitorServerFrame},
};
use futures_util::{SinkExt, StreamExt};
use hyper::header::{AUTHORIZATION, COOKIE, HeaderValue, ORIGIN};
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::{As, PATIENCE};

/// A collaborator's socket.
pub type DeskSocket = Socket<DeskClientFrame, DeskServerFrame>;
/// A visitor's socket.
pub type VisitorSocket = Socket<VisitorClientFrame, VisitorServerFrame>;

/// A socket that sends `S` and receives `R`.
pub struct Socket<S, R> {
    stream: WebSocketStream<TcpStream>,
    /// Frames that [`Socket::until`] went past.
    pub seen: Vec<R>,
    put_back: VecDeque<R>,
    said: u64,
    sends: PhantomData<S>,
}

/// Opens a socket with exactly these headers. The error holds the server's answer.
pub(super) async fn open(
    address: SocketAddr,
    query: &str,
    caller: &As,
    origin: Option<&str>,
    small_buffers: bool,
) -> Result<WebSocketStream<TcpStream>, tungstenite::Error> {
    let mut request = format!("ws://{address}/api/v2/socket{query}").into_client_request()?;
    let headers = request.headers_mut();
    match caller {
        As::Nobody => {}
        As::Session { cookie, .. } => {
            headers.insert(COOKIE, HeaderValue::from_str(&format!("baton_session={cookie}")).unwrap());
        }
        As::Bearer(token) => {
            headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        }
    }
    if let Some(origin) = origin {
        headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
    }
    let stream = if small_buffers {
        // A client that does not read shall fill the pipe soon.
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4_096)?;
        socket.connect(address).await?
    } else {
        TcpStream::connect(address).await?
    };
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default();
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
    Ok(socket)
}

impl<S: Serialize, R: DeserializeOwned + Debug> Socket<S, R> {
    fn new(stream: WebSocketStream<TcpStream>) -> Self {
        Self { stream, seen: Vec::new(), put_back: VecDeque::new(), said: 0, sends: PhantomData }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &S) {
        self.send_text(&serde_json::to_string(frame).unwrap()).await;
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: &str) {
        self.send_message(Message::text(text)).await;
    }

    /// Sends any message. A socket that is closed already is no reason to fail: what it says next is.
    pub async fn send_message(&mut self, message: Message) {
        let sent = tokio::time::timeout(PATIENCE, self.stream.send(message)).await;
        drop(sent.expect("the server does not read"));
    }

    /// The next frame; `None` when the server closed the socket.
    pub async fn next_or_end(&mut self) -> Option<R> {
        if let Some(frame) = self.put_back.pop_front() {
            return Some(frame);
        }
        loop {
            let message = tokio::time::timeout(PATIENCE * 2, self.stream.next()).await;
            match message.expect("no frame comes") {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame.
    pub async fn next(&mut self) -> R {
        self.next_or_end().await.expect("the socket was closed")
    }

    /// The next frame if it comes within this time.
    pub async fn next_within(&mut self, time: Duration) -> Option<R> {
        tokio::time::timeout(time, self.next()).await.ok()
    }

    /// The first frame that fits; those before it are in [`Self::seen`].
    pub async fn until<T>(&mut self, mut fits: impl FnMut(&R) -> Option<T>) -> T {
        let began = self.seen.len();
        loop {
            let found = tokio::time::timeout(PATIENCE * 2, self.next()).await;
            let frame = found.unwrap_or_else(|_| panic!("only these came: {:?}", &self.seen[began..]));
            let found = fits(&frame);
            self.seen.push(frame);
            if let Some(found) = found {
                return found;
            }
        }
    }

    /// Comes back when the server has closed the socket, with its code if it said one.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE * 2, self.stream.next()).await;
            match message.expect("the socket stays open") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Leaves without a word, as a lost network does.
    pub fn drop_connection(self) {
        drop(self.stream);
    }

    /// A `client_id` that this socket has not used.
    fn next_client_id(&mut self, name: &str) -> String {
        self.said += 1;
        format!("{name}-{}", self.said)
    }
}

/// What became of a command.
type Acked = Result<Option<i64>, Box<Problem>>;

impl DeskSocket {
    /// Opens a socket and says hello. The error holds the server's answer to the upgrade.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(address: SocketAddr, caller: &As, origin: Option<&str>) -> Result<Self, tungstenite::Error> {
        let mut socket = Self::new(open(address, "?as=desk", caller, origin, false).await?);
        socket.send(&DeskClientFrame::Hello {}).await;
        socket.until(|frame| matches!(frame, DeskServerFrame::Welcome { .. }).then_some(())).await;
        Ok(socket)
    }

    /// Follows a conversation from after a number; comes back with the answer.
    pub async fn follow(&mut self, conversation: &str, after: i64) -> api::conversations::ConversationRow {
        self.send(&DeskClientFrame::Subscribe { conversation: conversation.to_owned(), after }).await;
        self.until(|frame| match frame {
            DeskServerFrame::Subscribed { row } if row.id == conversation => Some((**row).clone()),
            _ => None,
        })
        .await
    }

    /// Sends a message; `client_id` is the socket's own choice.
    pub async fn says(&mut self, conversation: &str, text: &str) -> Acked {
        let client_id = self.next_client_id(text);
        self.says_as(conversation, &client_id, text).await
    }

    /// Sends a message under a `client_id`.
    pub async fn says_as(&mut self, conversation: &str, client_id: &str, text: &str) -> Acked {
        let (conversation, id) = (conversation.to_owned(), folded(client_id));
        self.send(&DeskClientFrame::Send {
            conversation,
            client_id: id.clone(),
            text: text.to_owned(),
            files: Vec::new(),
        })
        .await;
        self.acked(&id).await
    }

    /// Does something else.
    pub async fn does(&mut self, conversation: &str, action: api::frames::DeskAction) -> Acked {
        let client_id = self.next_client_id("does");
        let (conversation, id) = (conversation.to_owned(), client_id.clone());
        self.send(&DeskClientFrame::Command { conversation, client_id: id, action }).await;
        self.acked(&client_id).await
    }

    /// What became of the command with this id.
    pub async fn acked(&mut self, id: &str) -> Acked {
        self.until(|frame| match frame {
            DeskServerFrame::Ack { client_id, seq } if client_id == id => Some(Ok(*seq)),
            DeskServerFrame::Refused { client_id, problem } if client_id == id => Some(Err(Box::new(problem.clone()))),
            _ => None,
        })
        .await
    }
}

impl VisitorSocket {
    /// Opens a socket and shows the token.
    pub async fn open(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::silent(address).await;
        socket.send(&VisitorClientFrame::Hello { token: token.to_owned() }).await;
        socket.until(|frame| matches!(frame, VisitorServerFrame::Welcome { .. }).then_some(())).await;
        socket
    }

    /// Opens a socket and says nothing yet.
    pub async fn silent(address: SocketAddr) -> Self {
        Self::new(open(address, "", &As::Nobody, None, false).await.unwrap())
    }

    /// Opens a socket as a page does, from this origin or with this query, and says hello.
    pub async fn from_page(address: SocketAddr, token: &str, origin: Option<&str>, query: &str) -> Self {
        let mut socket = Self::new(open(address, query, &As::Nobody, origin, false).await.unwrap());
        socket.send(&VisitorClientFrame::Hello { token: token.to_owned() }).await;
        socket
    }

    /// Opens a socket whose buffers are small.
    pub async fn narrow(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::new(open(address, "", &As::Nobody, None, true).await.unwrap());
        socket.send(&VisitorClientFrame::Hello { token: token.to_owned() }).await;
        socket
    }

    /// Follows the conversation from after a number; comes back with the answer.
    pub async fn follow(&mut self, conversation: &str, after: i64) -> api::visitor::VisitorConversation {
        self.send(&VisitorClientFrame::Subscribe { conversation: conversation.to_owned(), after }).await;
        self.until(|frame| match frame {
            VisitorServerFrame::Subscribed { conversation } => Some(conversation.clone()),
            _ => None,
        })
        .await
    }

    /// Sends a message; `client_id` is the socket's own choice.
    pub async fn says(&mut self, conversation: &str, text: &str) -> Acked {
        let client_id = self.next_client_id(text);
        self.says_as(conversation, &client_id, text).await
    }

    /// Sends a message under a `client_id`.
    pub async fn says_as(&mut self, conversation: &str, client_id: &str, text: &str) -> Acked {
        let (conversation, id) = (conversation.to_owned(), folded(client_id));
        self.send(&VisitorClientFrame::Send {
            conversation,
            client_id: id.clone(),
            text: text.to_owned(),
            files: Vec::new(),
        })
        .await;
        self.acked(&id).await
    }

    /// Does something else.
    pub async fn does(&mut self, conversation: &str, action: api::frames::VisitorAction) -> Acked {
        let client_id = self.next_client_id("does");
        let (conversation, id) = (conversation.to_owned(), client_id.clone());
        self.send(&VisitorClientFrame::Command { conversation, client_id: id, action }).await;
        self.acked(&client_id).await
    }

    /// What became of the command with this id.
    pub async fn acked(&mut self, id: &str) -> Acked {
        self.until(|frame| match frame {
            VisitorServerFrame::Ack { client_id, visitor_seq } if client_id == id => Some(Ok(*visitor_seq)),
            VisitorServerFrame::Refused { client_id, problem } if client_id == id => {
                Some(Err(Box::new(problem.clone())))
            }
            _ => None,
        })
        .await
    }
}

/// A `client_id` has no spaces and is short.
fn folded(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).take(64).collect()
}
