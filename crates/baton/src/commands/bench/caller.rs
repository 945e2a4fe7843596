//! A caller of the REST API with an API key, over one connection that stays open.

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The caller.
pub(super) struct Caller {
    sender: http1::SendRequest<Empty<Bytes>>,
    authorization: String,
    host: String,
}

impl Caller {
    /// Connects to a server on this machine.
    pub(super) async fn connect(port: u16, key: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, authorization: format!("Bearer {key}"), host: format!("127.0.0.1:{port}") })
    }

    /// The whole body of a call that has to go well.
    pub(super) async fn get(&mut self, path: &str) -> anyhow::Result<Bytes> {
        let request = Request::get(path)
            .header("host", self.host.as_str())
            .header("authorization", self.authorization.as_str())
            .body(Empty::new())?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("{path}: {status}");
        }
        Ok(body)
    }
}
