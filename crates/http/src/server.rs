//! What every handler has at hand.

use std::{net::IpAddr, sync::Arc};

use app::Baton;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How the server is reached.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Public address without a trailing slash, `https://desk.example.com`.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What a mail server shows that hands over mail, if one may.
    pub inbound_mail_token: Option<String>,
}

/// The server.
pub struct Server {
    /// The application.
    pub baton: Arc<Baton>,
    /// How the server is reached.
    pub config: HttpConfig,
    /// Gives the metrics in the text form of Prometheus.
    pub metrics: Box<dyn Fn() -> String + Send + Sync>,
    /// Set when the server drains: sockets say goodbye, clients come back elsewhere.
    pub stopping: CancellationToken,
    /// The sockets and event streams that are open: what they are in the middle of needs the database until it is done.
    pub open: TaskTracker,
}

/// The server, as handlers share it.
pub(crate) type Shared = axum::extract::State<Arc<Server>>;

impl Server {
    /// Whether cookies are for encrypted connections only.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.public_url.starts_with("https://")
    }

    /// Whether an origin is the public address.
    pub(crate) fn is_public_origin(&self, origin: &str) -> bool {
        let public = self.config.public_url.as_str();
        // On one's own machine the two names of the loopback address are the same server.
        origin == public || origin.replacen("//localhost:", "//127.0.0.1:", 1) == public
    }

    /// Public address of a chatbot's share page.
    pub(crate) fn share_url(&self, chatbot: domain::ChatbotId) -> String {
        format!("{}/widget/{chatbot}", self.config.public_url)
    }
}
