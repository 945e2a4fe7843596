//! Calls of the REST API.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    body::Bytes,
    header::{self, HeaderName, HeaderValue},
};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::net::TcpStream;

use super::PATIENCE;

/// Who calls.
#[derive(Debug, Clone, Default)]
pub enum As {
    /// Nobody.
    #[default]
    Nobody,
    /// A browser: the session's cookie, and the token that a page shows with every change.
    Session {
        /// The cookie's secret.
        cookie: String,
        /// The token.
        csrf: String,
    },
    /// An API key or a visitor's token.
    Bearer(String),
}

/// Calls of the REST API, each on a connection of its own.
#[derive(Debug, Clone)]
pub struct Client {
    address: SocketAddr,
    caller: As,
    from: IpAddr,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Client {
    /// Calls a server at this address, as nobody.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, caller: As::Nobody, from: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)) }
    }

    /// The same client as somebody else.
    #[must_use]
    pub fn is(&self, caller: As) -> Self {
        Self { caller, ..self.clone() }
    }

    /// The same client at another address.
    #[must_use]
    pub fn from(&self, from: IpAddr) -> Self {
        Self { from, ..self.clone() }
    }

    /// Who calls.
    pub fn caller(&self) -> &As {
        &self.caller
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(&Method::GET, path), Bytes::new()).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.json(Method::POST, path, body).await
    }

    /// Posts nothing.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(self.request(&Method::POST, path), Bytes::new()).await
    }

    /// Changes with JSON.
    pub async fn patch(&self, path: &str, body: &impl Serialize) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    /// Removes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(&Method::DELETE, path), Bytes::new()).await
    }

    /// Sends JSON with any method.
    pub async fn json(&self, method: Method, path: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).unwrap();
        self.bytes(method, path, "application/json", body).await
    }

    /// Sends any body.
    pub async fn bytes(&self, method: Method, path: &str, mime: &str, body: impl Into<Bytes>) -> Answer {
        let mut request = self.request(&method, path);
        request.headers_mut().unwrap().insert(header::CONTENT_TYPE, mime.parse().unwrap());
        self.send(request, body.into()).await
    }

    /// Uploads a file as a form does.
    pub async fn upload(&self, path: &str, file_name: &str, bytes: &[u8]) -> Answer {
        let mut form = format!(
            "--frontier\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        form.extend_from_slice(bytes);
        form.extend_from_slice(b"\r\n--frontier--\r\n");
        self.bytes(Method::POST, path, "multipart/form-data; boundary=frontier", form).await
    }

    /// A request as this caller sends it. Paths begin with `/`; those of the API without `/api/v2`.
    pub fn request(&self, method: &Method, path: &str) -> hyper::http::request::Builder {
        let path = if path.starts_with("//") { path[1..].to_owned() } else { format!("/api/v2{path}") };
        let mut request = Request::builder().method(method).uri(path);
        let headers = request.headers_mut().unwrap();
        headers.insert(header::HOST, HeaderValue::from_str(&self.address.to_string()).unwrap());
        headers.insert("x-forwarded-for", HeaderValue::from_str(&self.from.to_string()).unwrap());
        match &self.caller {
            As::Nobody => {}
            As::Session { cookie, csrf } => {
                headers.insert(header::COOKIE, format!("baton_session={cookie}").parse().unwrap());
                if !method.is_safe() {
                    headers.insert("x-csrf-token", csrf.parse().unwrap());
                }
            }
            As::Bearer(token) => {
                headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
            }
        }
        request
    }

    /// Sends a request.
    pub async fn send(&self, request: hyper::http::request::Builder, body: Bytes) -> Answer {
        let request = request.body(Full::new(body)).unwrap();
        let called = format!("{} {}", request.method(), request.uri());
        let answer = tokio::time::timeout(PATIENCE * 2, self.exchange(request)).await;
        answer.unwrap_or_else(|_| panic!("no answer: {called}")).unwrap_or_else(|error| panic!("{called}: {error}"))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, hyper::Error> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        connection.abort();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of an answer that must be a success.
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.value()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and code, for tables.
    pub fn said(&self) -> (u16, String) {
        (self.status.as_u16(), self.code())
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(HeaderName::from_bytes(name.as_bytes()).unwrap())?.to_str().ok()
    }
}
