//! Calls of other servers at addresses that somebody named in the desk.

use std::time::Duration;

use async_trait::async_trait;
use domain::outside::Shut;

/// A call.
#[derive(Clone)]
pub struct Call {
    /// `GET`, `POST` and the like.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// Names and values; a value may be a secret.
    pub headers: Vec<(String, String)>,
    /// The body, if it has one.
    pub body: Option<Vec<u8>>,
    /// How long it may take altogether.
    pub within: Duration,
    /// Longest answer, in bytes.
    pub longest: usize,
    /// How many redirects are followed. Each is looked at like the first address, and headers go to the first host alone.
    pub redirects: u8,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type as the server named it.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Where it was in the end.
    pub url: String,
    /// Where it leads, when it leads elsewhere and that was not followed.
    pub location: Option<String>,
    /// What stands for this version of it.
    pub etag: Option<String>,
    /// When it was changed, as the server named it.
    pub last_modified: Option<String>,
    /// What it asks of robots (`X-Robots-Tag`).
    pub robots: Option<String>,
}

impl Reply {
    /// An answer of which no more is known.
    pub fn of(status: u16, url: String) -> Self {
        Self {
            status,
            content_type: None,
            body: Vec::new(),
            url,
            location: None,
            etag: None,
            last_modified: None,
            robots: None,
        }
    }
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// The address is not called.
    #[error("the address {0}")]
    Shut(#[from] Shut),
    /// The name leads nowhere, or nobody answers there.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// No encrypted connection comes about: above all, the certificate is not valid.
    #[error("no secure connection: {0}")]
    Insecure(String),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// Longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// It leads elsewhere more often than is followed.
    #[error("it redirects too often")]
    Redirects,
}

/// Other servers.
#[async_trait]
pub trait Outside: Send + Sync + 'static {
    /// Looks at an address as far as can be told without asking where its name leads.
    ///
    /// # Errors
    /// Why it would not be called.
    fn check(&self, url: &str) -> Result<(), Shut>;

    /// Calls.
    async fn call(&self, call: Call) -> Result<Reply, NoReply>;

    /// Calls to hand something over: what counts is the status. Of the answer no more is read than [`Call::longest`], and
    /// no longer than [`Call::within`]; what comes after that stays unread, and is no failure. Redirects are not followed.
    async fn hand_over(&self, call: Call) -> Result<Reply, NoReply>;
}
