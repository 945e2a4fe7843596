//! Mail that leaves the server.

use async_trait::async_trait;
use uuid::Uuid;

use crate::Result;

/// A mail of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What it is known by: sent twice, it has the same `Message-ID`, and a mailbox may show it once.
    pub id: Uuid,
    /// Who gets it.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Hands mail to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends a mail. `Unavailable` when trying again may help.
    async fn send(&self, mail: Mail) -> Result<()>;
}
