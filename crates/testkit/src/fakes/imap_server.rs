//! An IMAP server in the test's own process: speaks as much as fetching mail needs, and keeps what was seen.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How long a test waits for a mail to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mailbox with one user.
#[derive(Debug, Clone)]
pub struct ImapServer {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<Kept>>>,
    /// How many were seen.
    seen: watch::Sender<usize>,
    sign_ins: Arc<Mutex<u32>>,
    silent: Arc<Mutex<bool>>,
}

#[derive(Debug, Clone)]
struct Kept {
    mail: Vec<u8>,
    /// What the server says of its size.
    size: usize,
    seen: bool,
}

impl ImapServer {
    /// Starts one on a free port; it ends with the runtime.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            mails: Arc::default(),
            seen: watch::Sender::new(0),
            sign_ins: Arc::default(),
            silent: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                // A client that goes away ends its conversation and nothing else.
                tokio::spawn(async move { drop(server.talk(stream).await) });
            }
        });
        server
    }

    /// Its address, with what signs in.
    pub fn url(&self) -> String {
        format!("imap://support:s%20ecret@{}/Replies", self.address)
    }

    /// A mail is delivered.
    pub fn deliver(&self, mail: impl Into<Vec<u8>>) {
        let mail = mail.into();
        self.mails.lock().push(Kept { size: mail.len(), mail, seen: false });
    }

    /// A mail is delivered that is said to be of this size.
    pub fn deliver_large(&self, size: usize) {
        self.mails.lock().push(Kept { mail: b"To: a@b\r\n\r\nlarge".to_vec(), size, seen: false });
    }

    /// Answers nothing any more.
    pub fn falls_silent(&self) {
        *self.silent.lock() = true;
    }

    /// How often somebody signed in.
    pub fn sign_ins(&self) -> u32 {
        *self.sign_ins.lock()
    }

    /// Waits until so many mails were seen.
    pub async fn seen(&self, count: usize) {
        let mut seen = self.seen.subscribe();
        let all = seen.wait_for(|seen| *seen >= count);
        tokio::time::timeout(PATIENCE, all).await.expect("the mails are not seen").unwrap();
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.get_mut().write_all(b"* OK ready\r\n").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if *self.silent.lock() {
                continue;
            }
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
            let (untagged, status) = self.answer(command);
            let mut answer = untagged;
            answer.extend_from_slice(format!("{tag} {status}\r\n").as_bytes());
            stream.get_mut().write_all(&answer).await?;
            if command == "LOGOUT" {
                return Ok(());
            }
        }
    }

    fn answer(&self, command: &str) -> (Vec<u8>, &'static str) {
        let text = |text: &str| text.as_bytes().to_vec();
        let words: Vec<&str> = command.split(' ').collect();
        let mut mails = self.mails.lock();
        let at = words.get(2).and_then(|uid| uid.parse::<usize>().ok()).and_then(|uid| uid.checked_sub(1));
        match (words[0], words.get(1).copied().unwrap_or_default()) {
            ("LOGIN", _) if command == "LOGIN \"support\" \"s ecret\"" => {
                *self.sign_ins.lock() += 1;
                (Vec::new(), "OK signed in")
            }
            ("LOGIN", _) => (Vec::new(), "NO [AUTHENTICATIONFAILED] wrong"),
            ("SELECT", "\"Replies\"") => {
                let exists = format!("* FLAGS (\\Seen)\r\n* {} EXISTS\r\n* 0 RECENT\r\n", mails.len());
                (text(&exists), "OK [READ-WRITE] selected")
            }
            ("SELECT", _) => (Vec::new(), "NO there is no such folder"),
            ("NOOP" | "LOGOUT", _) => (Vec::new(), "OK done"),
            ("UID", "SEARCH") => {
                let unseen = mails.iter().enumerate().filter(|(_, kept)| !kept.seen);
                let uids: Vec<String> = unseen.map(|(at, _)| (at + 1).to_string()).collect();
                (text(&format!("* SEARCH {}\r\n", uids.join(" ")).replace(" \r\n", "\r\n")), "OK found")
            }
            ("UID", "FETCH") => {
                let Some((uid, kept)) = at.and_then(|at| Some((at + 1, mails.get(at)?))) else {
                    return (Vec::new(), "OK nothing");
                };
                if command.contains("RFC822.SIZE") {
                    return (text(&format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", kept.size)), "OK fetched");
                }
                let mut answer = text(&format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n", kept.mail.len()));
                answer.extend_from_slice(&kept.mail);
                answer.extend_from_slice(b")\r\n");
                (answer, "OK fetched")
            }
            ("UID", "STORE") => {
                if let Some(kept) = at.and_then(|at| mails.get_mut(at)) {
                    kept.seen = true;
                }
                let count = mails.iter().filter(|kept| kept.seen).count();
                self.seen.send_replace(count);
                (Vec::new(), "OK stored")
            }
            _ => (Vec::new(), "BAD what?"),
        }
    }
}
