//! The world as a test wants it: time that it moves, secrets that come back, a model that it drives.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what does not come in time is a panic"
)]

mod clock;
mod concepts;
#[cfg(feature = "server")]
mod documents;
mod entropy;
mod imap_server;
mod mail_server;
mod model;
mod passwords;
#[cfg(feature = "server")]
mod push_service;
mod vault;
mod watch;
mod web_server;

pub use clock::TestClock;
pub use concepts::Concepts;
#[cfg(feature = "server")]
pub use documents::ReadHere;
pub use entropy::SeededEntropy;
pub use imap_server::{AUTHORITY, ImapServer};
pub use mail_server::{MailServer, Received};
pub use model::{Call, Reply, ScriptedModel};
pub use passwords::FastPasswords;
#[cfg(feature = "server")]
pub use push_service::{PushService, Told};
pub use vault::OpenVault;
pub use watch::{Before, HandOverWatch, Leak};
pub use web_server::{Answer, Request, WebServer};
