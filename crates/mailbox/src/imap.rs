//! A mailbox on an IMAP server.

use std::{fmt::Debug, future::Future, sync::Arc, time::Duration};

use async_imap::{Client, Session, error::Error};
use async_trait::async_trait;
use domain::limits::MAIL_BYTES;
use futures_util::TryStreamExt;
use percent_encoding::percent_decode_str;
use ports::{
    Fault, Result,
    mail::{Fetched, Mailbox, OpenMailbox},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use url::Url;

/// Longest time for one command, and for connecting.
const COMMAND: Duration = Duration::from_secs(30);
/// Longest time for fetching one mail.
const FETCH: Duration = Duration::from_secs(120);
/// What a failure is about.
const SERVER: &str = "the mailbox";

/// Why a mailbox cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The address.
    #[error("write the address like imaps://user:password@mail.example.com/INBOX")]
    Address,
    /// There are no certificates on this machine to check a server by.
    #[error("no certificates of authorities were found on this machine: install ca-certificates")]
    Certificates,
}

/// A mailbox by its address.
pub struct Imap {
    host: String,
    port: u16,
    user: String,
    password: String,
    folder: String,
    encryption: Option<TlsConnector>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Debug + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Debug + Send> Stream for T {}

impl Imap {
    /// A mailbox by its address. No connection is made yet. Encryption is by the certificates that this machine trusts.
    ///
    /// # Errors
    /// What is wrong with the address; it holds a password, so it is not told.
    pub fn new(address: &str) -> std::result::Result<Self, Unusable> {
        Self::with_roots(address, || rustls_native_certs::load_native_certs().certs)
    }

    /// The same with one authority that is trusted, as PEM, and no other.
    ///
    /// # Errors
    /// What is wrong with the address, or [`Unusable::Certificates`].
    pub fn trusting(address: &str, authority: &[u8]) -> std::result::Result<Self, Unusable> {
        Self::with_roots(address, || CertificateDer::from_pem_slice(authority).into_iter().collect())
    }

    fn with_roots(
        address: &str,
        roots: impl FnOnce() -> Vec<CertificateDer<'static>>,
    ) -> std::result::Result<Self, Unusable> {
        let url = Url::parse(address).map_err(|_| Unusable::Address)?;
        let (encrypted, port) = match url.scheme() {
            "imaps" => (true, 993),
            "imap" => (false, 143),
            _ => return Err(Unusable::Address),
        };
        let decoded =
            |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| Unusable::Address);
        let user = decoded(url.username())?;
        let password = decoded(url.password().unwrap_or_default())?;
        let folder = decoded(url.path().trim_matches('/'))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Unusable::Address)?.to_owned();
        if user.is_empty() || password.is_empty() || url.query().is_some() || url.fragment().is_some() {
            return Err(Unusable::Address);
        }
        Ok(Self {
            host,
            port: url.port().unwrap_or(port),
            user,
            password,
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
            encryption: encrypted.then(|| connector(roots())).transpose()?,
        })
    }

    async fn stream(&self) -> std::io::Result<Box<dyn Stream>> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let stream = TcpStream::connect((host.as_str(), self.port)).await?;
        let Some(connector) = &self.encryption else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(host).map_err(std::io::Error::other)?;
        Ok(Box::new(connector.connect(name, stream).await?))
    }

    async fn session(&self) -> std::result::Result<Session<Box<dyn Stream>>, Error> {
        let mut client = Client::new(self.stream().await?);
        // The server greets first.
        client.read_response().await?.ok_or(Error::ConnectionLost)?;
        let mut session = client.login(&self.user, &self.password).await.map_err(|(error, _)| error)?;
        session.select(&self.folder).await?;
        Ok(session)
    }
}

/// Encryption with servers that these authorities vouch for.
fn connector(trusted: Vec<CertificateDer<'static>>) -> std::result::Result<TlsConnector, Unusable> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted);
    if roots.is_empty() {
        return Err(Unusable::Certificates);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|_| Unusable::Certificates)?.with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Ends what takes too long; the cause of a failure is told without what was sent, which holds the password.
async fn within<T>(limit: Duration, what: impl Future<Output = std::result::Result<T, Error>> + Send) -> Result<T> {
    match tokio::time::timeout(limit, what).await {
        Ok(done) => done.map_err(|error| Fault::unavailable(SERVER, error)),
        Err(_) => Err(Fault::unavailable(SERVER, "it does not answer")),
    }
}

#[async_trait]
impl Mailbox for Imap {
    async fn open(&self) -> Result<Box<dyn OpenMailbox>> {
        Ok(Box::new(Open(within(COMMAND, self.session()).await?)))
    }
}

struct Open(Session<Box<dyn Stream>>);

impl Open {
    /// No answer of the server had a mail in it. Where it has hung up that says nothing of the mail.
    async fn gone(&mut self) -> Result<Fetched> {
        within(COMMAND, self.0.noop()).await?;
        Ok(Fetched::Gone)
    }

    async fn mark(&mut self, uid: u32, flag: &str) -> Result<()> {
        within(COMMAND, async {
            let mark = format!("+FLAGS.SILENT ({flag})");
            let _: Vec<_> = self.0.uid_store(uid.to_string(), mark).await?.try_collect().await?;
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl OpenMailbox for Open {
    async fn unseen(&mut self, limit: usize) -> Result<Vec<u32>> {
        let found = within(COMMAND, async {
            // The server may tell of what is new with an answer to this only.
            self.0.noop().await?;
            self.0.uid_search("UNSEEN UNDELETED UNFLAGGED").await
        });
        let mut found: Vec<u32> = found.await?.into_iter().collect();
        while self.0.unsolicited_responses.try_recv().is_ok() {}
        found.sort_unstable();
        found.truncate(limit);
        Ok(found)
    }

    async fn fetch(&mut self, uid: u32) -> Result<Fetched> {
        let size = within(COMMAND, async {
            let found: Vec<_> = self.0.uid_fetch(uid.to_string(), "(UID RFC822.SIZE)").await?.try_collect().await?;
            Ok(found.into_iter().find(|one| one.uid == Some(uid)).and_then(|one| one.size))
        });
        match size.await? {
            None => return self.gone().await,
            Some(size) if usize::try_from(size).unwrap_or(usize::MAX) > MAIL_BYTES => return Ok(Fetched::TooLarge),
            Some(_) => {}
        }
        let body = within(FETCH, async {
            let found: Vec<_> = self.0.uid_fetch(uid.to_string(), "(UID BODY.PEEK[])").await?.try_collect().await?;
            Ok(found.iter().find(|one| one.uid == Some(uid)).and_then(|one| one.body()).map(<[u8]>::to_vec))
        });
        match body.await? {
            Some(body) => Ok(Fetched::Mail(body)),
            None => self.gone().await,
        }
    }

    async fn seen(&mut self, uid: u32) -> Result<()> {
        self.mark(uid, "\\Seen").await
    }

    async fn set_aside(&mut self, uid: u32) -> Result<()> {
        self.mark(uid, "\\Flagged").await
    }

    async fn close(mut self: Box<Self>) {
        if let Err(fault) = within(COMMAND, async { self.0.logout().await }).await {
            tracing::debug!(error = &fault as &dyn std::error::Error, "the mailbox was left without a goodbye");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let imap = Imap::new("imap://ada%40example.com:p%2Fw%20d@127.0.0.1:1143/Support/Replies").unwrap();
        assert_eq!((imap.host.as_str(), imap.port), ("127.0.0.1", 1_143));
        assert_eq!((imap.user.as_str(), imap.password.as_str()), ("ada@example.com", "p/w d"));
        assert_eq!(imap.folder, "Support/Replies");
        let imap = Imap::new("imap://ada:secret@mail.example.com").unwrap();
        assert_eq!((imap.port, imap.folder.as_str()), (143, "INBOX"));
        for bad in [
            "",
            "mail.example.com",
            "https://ada:secret@mail.example.com",
            "imap://mail.example.com",
            "imap://ada@mail.example.com",
            "imap://ada:hush@mail.example.com/INBOX?x=1",
            "imap://ada:hush@",
            "imap://ada:hush@host:port",
        ] {
            let error = Imap::new(bad).err().expect(bad);
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
