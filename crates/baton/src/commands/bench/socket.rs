//! A WebSocket client that knows just what a load needs, so that the client is no part of what is measured: text frames,
//! not fragmented, masked with zeros. The same one talks to the floor and to Baton.

use std::time::Duration;

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A server that says nothing for so long is broken: its heartbeats come every 20 s.
const SILENCE: Duration = Duration::from_secs(50);

/// A client's end of a WebSocket.
pub(super) struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the next unread byte of the buffer is.
    read: usize,
    out: Vec<u8>,
}

impl Socket {
    /// Connects to `ws://127.0.0.1:port/path`.
    pub(super) async fn connect(port: u16, path: &str, headers: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Self { stream, buffer: Vec::new(), read: 0, out: Vec::new() };
        loop {
            if let Some(end) = socket.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&socket.buffer[..end]).into_owned();
                if !head.starts_with("HTTP/1.1 101") {
                    bail!("no upgrade: {}", head.lines().next().unwrap_or_default());
                }
                socket.read = end + 4;
                return Ok(socket);
            }
            socket.fill().await?;
        }
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        let mut chunk = [0; 8192];
        let read =
            tokio::time::timeout(SILENCE, self.stream.read(&mut chunk)).await.context("no word from the server")?;
        match read? {
            0 => bail!("the server closed the socket"),
            count => self.buffer.extend_from_slice(&chunk[..count]),
        }
        Ok(())
    }

    /// The next text frame, given to `look` without being copied.
    pub(super) async fn receive<T>(&mut self, look: impl FnOnce(&str) -> T) -> anyhow::Result<T> {
        loop {
            if let Some((opcode, start, end)) = frame(&self.buffer[self.read..]) {
                let body = self.read + start..self.read + end;
                self.read = body.end;
                match opcode {
                    1 => return Ok(look(std::str::from_utf8(&self.buffer[body]).context("not UTF-8")?)),
                    8 => bail!("the server said goodbye"),
                    _ => continue,
                }
            }
            self.fill().await?;
        }
    }

    /// Reads on until a frame of this type came.
    pub(super) async fn until(&mut self, kind: &str) -> anyhow::Result<()> {
        let mark = format!(r#""type":"{kind}""#);
        while !self.receive(|frame| frame.contains(&mark)).await? {}
        Ok(())
    }

    /// Sends a text frame.
    pub(super) async fn send(&mut self, text: &str) -> anyhow::Result<()> {
        self.out.clear();
        self.out.push(0x81);
        match u16::try_from(text.len()).context("a long frame")? {
            short @ 0..126 => self.out.push(0x80 | short.to_be_bytes()[1]),
            long => {
                self.out.push(0x80 | 126);
                self.out.extend_from_slice(&long.to_be_bytes());
            }
        }
        self.out.extend_from_slice(&[0; 4]);
        self.out.extend_from_slice(text.as_bytes());
        Ok(self.stream.write_all(&self.out).await?)
    }
}

/// Opcode, begin and end of the body of the first frame, when it is all there.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    let (start, length) = match second & 127 {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, usize::from(short)),
    };
    (bytes.len() >= start + length).then_some((first & 15, start, start + length))
}
