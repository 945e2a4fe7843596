//! An IMAP server in the test's own process: speaks as much as fetching mail needs, and keeps what was seen.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use parking_lot::{MappedMutexGuard, Mutex, MutexGuard};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

/// How long a test waits for a mail to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The authority that has signed the certificate of every encrypted server here, as PEM. Its own key is gone, and the
/// server's is good for `localhost` and nothing else.
pub const AUTHORITY: &[u8] = include_bytes!("imap_tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("imap_tls/server.pem");
const KEY: &[u8] = include_bytes!("imap_tls/server.key");

/// A mailbox with one user.
#[derive(Debug, Clone)]
pub struct ImapServer {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<Kept>>>,
    /// How many were seen.
    seen: watch::Sender<usize>,
    sign_ins: Arc<Mutex<u32>>,
    silent: Arc<Mutex<bool>>,
    encrypted: bool,
}

#[derive(Debug, Clone)]
struct Kept {
    mail: Vec<u8>,
    /// What the server says of its size.
    size: usize,
    seen: bool,
    flagged: bool,
    trouble: Trouble,
    /// How often its text was asked for.
    fetches: u32,
}

/// What the server does instead of giving a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// It refuses.
    Refuses,
    /// It ends the connection.
    HangsUp,
}

impl ImapServer {
    /// Starts one on a free port; it ends with the runtime.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// The same, encrypted from the first byte, with a certificate of [`AUTHORITY`].
    pub async fn start_encrypted() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let certificates = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = config.with_no_client_auth().with_single_cert(certificates, key).unwrap();
        Self::start_with(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start_with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            mails: Arc::default(),
            seen: watch::Sender::new(0),
            sign_ins: Arc::default(),
            silent: Arc::default(),
            encrypted: tls.is_some(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, tls) = (serving.clone(), tls.clone());
                // A client that goes away ends its conversation and nothing else.
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => server.talk(tls.accept(stream).await?).await,
                        None => server.talk(stream).await,
                    }
                });
            }
        });
        server
    }

    /// Its address, with what signs in.
    pub fn url(&self) -> String {
        let port = self.address.port();
        if self.encrypted {
            return format!("imaps://support:s%20ecret@localhost:{port}/Replies");
        }
        format!("imap://support:s%20ecret@127.0.0.1:{port}/Replies")
    }

    /// A mail is delivered.
    pub fn deliver(&self, mail: impl Into<Vec<u8>>) {
        drop(self.keeps(mail, Trouble::None));
    }

    /// A mail is delivered that is said to be of this size.
    pub fn deliver_large(&self, size: usize) {
        self.keeps("To: a@b\r\n\r\nlarge", Trouble::None).size = size;
    }

    /// A mail is delivered that the server refuses to give.
    pub fn deliver_refused(&self) {
        drop(self.keeps("To: a@b\r\n\r\nrefused", Trouble::Refuses));
    }

    /// A mail is delivered at which the server hangs up.
    pub fn deliver_broken(&self) {
        drop(self.keeps("To: a@b\r\n\r\nbroken", Trouble::HangsUp));
    }

    fn keeps(&self, mail: impl Into<Vec<u8>>, trouble: Trouble) -> MappedMutexGuard<'_, Kept> {
        let mail = mail.into();
        MutexGuard::map(self.mails.lock(), |mails| {
            let size = mail.len();
            mails.push(Kept { mail, size, seen: false, flagged: false, trouble, fetches: 0 });
            mails.last_mut().unwrap()
        })
    }

    /// The mails that have a flag, by their numbers.
    pub fn flagged(&self) -> Vec<usize> {
        let mails = self.mails.lock();
        mails.iter().enumerate().filter(|(_, kept)| kept.flagged).map(|(at, _)| at + 1).collect()
    }

    /// How often somebody wanted to have a mail.
    pub fn fetches(&self, uid: usize) -> u32 {
        self.mails.lock()[uid - 1].fetches
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

    async fn talk(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
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
            let Some((untagged, status)) = self.answer(command) else { return Ok(()) };
            let mut answer = untagged;
            answer.extend_from_slice(format!("{tag} {status}\r\n").as_bytes());
            stream.get_mut().write_all(&answer).await?;
            if command == "LOGOUT" {
                return Ok(());
            }
        }
    }

    /// What is said before the end, and the end; nothing where the server hangs up.
    fn answer(&self, command: &str) -> Option<(Vec<u8>, &'static str)> {
        let text = |text: &str| text.as_bytes().to_vec();
        let words: Vec<&str> = command.split(' ').collect();
        let mut mails = self.mails.lock();
        let at = words.get(2).and_then(|uid| uid.parse::<usize>().ok()).and_then(|uid| uid.checked_sub(1));
        Some(match (words[0], words.get(1).copied().unwrap_or_default()) {
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
                let unseen = mails.iter().enumerate().filter(|(_, kept)| !kept.seen && !kept.flagged);
                let uids: Vec<String> = unseen.map(|(at, _)| (at + 1).to_string()).collect();
                (text(&format!("* SEARCH {}\r\n", uids.join(" ")).replace(" \r\n", "\r\n")), "OK found")
            }
            ("UID", "FETCH") => {
                let Some((uid, kept)) = at.and_then(|at| Some((at + 1, mails.get_mut(at)?))) else {
                    return Some((Vec::new(), "OK nothing"));
                };
                if command.contains("RFC822.SIZE") {
                    let size = format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", kept.size);
                    return Some((text(&size), "OK fetched"));
                }
                kept.fetches += 1;
                match kept.trouble {
                    Trouble::None => {}
                    Trouble::Refuses => return Some((Vec::new(), "NO [SERVERBUG] it cannot be read")),
                    Trouble::HangsUp => return None,
                }
                let mut answer = text(&format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n", kept.mail.len()));
                answer.extend_from_slice(&kept.mail);
                answer.extend_from_slice(b")\r\n");
                (answer, "OK fetched")
            }
            ("UID", "STORE") => {
                if let Some(kept) = at.and_then(|at| mails.get_mut(at)) {
                    kept.seen |= command.contains("\\Seen");
                    kept.flagged |= command.contains("\\Flagged");
                }
                let count = mails.iter().filter(|kept| kept.seen).count();
                self.seen.send_replace(count);
                (Vec::new(), "OK stored")
            }
            _ => (Vec::new(), "BAD what?"),
        })
    }
}
