//! A mail server in the test's own process: speaks as much SMTP as mail needs, and keeps what it was given.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How long a test waits for a mail that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Who it is for, as the envelope says.
    pub to: String,
    /// Headers and text.
    pub data: String,
}

impl Received {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{}:", name.to_ascii_lowercase());
        let line = self.data.lines().take_while(|line| !line.is_empty());
        let mut found = line.filter(|line| line.to_ascii_lowercase().starts_with(&start));
        found.next().map(|line| line[start.len()..].trim())
    }

    /// The secret in the link of a page.
    pub fn secret(&self, page: &str) -> String {
        let (_, rest) = self.data.split_once(&format!("/{page}#")).unwrap_or_else(|| panic!("no link: {}", self.data));
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct MailServer {
    address: SocketAddr,
    mails: watch::Sender<Vec<Received>>,
    /// Commands `DATA` that are still answered like this.
    not_taken: Arc<Mutex<(u32, &'static str)>>,
    /// Who is unknown here.
    unknown: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Starts one on a free port; it ends with the runtime.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            mails: watch::Sender::new(Vec::new()),
            not_taken: Arc::default(),
            unknown: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        server
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next so many mails are put off, as a busy server does.
    pub fn puts_off(&self, mails: u32) {
        *self.not_taken.lock() = (mails, "451 try again later");
    }

    /// The next so many mails are refused for good.
    pub fn refuses(&self, mails: u32) {
        *self.not_taken.lock() = (mails, "550 no such mailbox");
    }

    /// How many of them have not come yet.
    pub fn still_not_taken(&self) -> u32 {
        self.not_taken.lock().0
    }

    /// Nobody has this address.
    pub fn knows_nobody_as(&self, address: &str) {
        self.unknown.lock().push(address.to_owned());
    }

    /// How many mails have come.
    pub fn count(&self) -> usize {
        self.mails.borrow().len()
    }

    /// The mail of this number, from 0, when it has come.
    pub async fn mail(&self, number: usize) -> Received {
        let mut mails = self.mails.subscribe();
        let came = mails.wait_for(|mails| mails.len() > number);
        tokio::time::timeout(PATIENCE, came).await.expect("no mail comes").unwrap()[number].clone()
    }

    /// A client that goes away ends its conversation and nothing else.
    async fn talk(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let mut answer = "220 test".to_owned();
        let mut to = String::new();
        loop {
            if stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
            let mut line = String::new();
            if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
                return;
            }
            let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            answer = match word.as_str() {
                "EHLO" => "250-test\r\n250 8BITMIME".to_owned(),
                "RCPT" => {
                    line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                    let known = !self.unknown.lock().contains(&to);
                    if known { "250 ok" } else { "550 5.1.1 no such user" }.to_owned()
                }
                "DATA" => self.data(&mut stream, &to).await,
                "QUIT" => return,
                _ => "250 ok".to_owned(),
            };
        }
    }

    async fn data(&self, stream: &mut BufReader<TcpStream>, to: &str) -> String {
        {
            let mut not_taken = self.not_taken.lock();
            if not_taken.0 > 0 {
                not_taken.0 -= 1;
                return not_taken.1.to_owned();
            }
        }
        if stream.get_mut().write_all(b"354 go on\r\n").await.is_err() {
            return String::new();
        }
        let mut data = String::new();
        loop {
            let mut line = String::new();
            match stream.read_line(&mut line).await {
                Ok(1..) if line.trim_end() != "." => {
                    data.push_str(&format!("{}\n", line.trim_end_matches(['\r', '\n'])))
                }
                _ => break,
            }
        }
        let quoted = data.to_ascii_lowercase().contains("content-transfer-encoding: quoted-printable");
        let data = if quoted { unquoted(&data) } else { data };
        self.mails.send_modify(|mails| mails.push(Received { to: to.to_owned(), data }));
        "250 taken".to_owned()
    }
}

/// Quoted-printable as text: long lines are joined, `=XX` is a byte.
fn unquoted(data: &str) -> String {
    let joined = data.replace("=\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(format!("={part}").as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
