//! Time, ids, randomness and password hashing: what makes a program hard to replay when it is taken for granted.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::Millis;
use uuid::Uuid;

/// Time.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time.
    fn now(&self) -> Millis;

    /// Time that only moves forward, for measuring.
    fn instant(&self) -> Instant;

    /// Comes back after a while.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Ids and secrets.
pub trait Entropy: Send + Sync + 'static {
    /// A new id: UUID version 7 of the given time.
    fn id(&self, now: Millis) -> Uuid;

    /// 256 random bits.
    fn secret(&self) -> [u8; 32];
}

/// Keeps secrets that must be read again: what is stored is of no use without the server's key.
pub trait Vault: Send + Sync + 'static {
    /// Seals a secret. `purpose` says what it is and whose; it opens under the same one only.
    fn seal(&self, purpose: &str, secret: &[u8]) -> crate::Result<Vec<u8>>;

    /// Opens a sealed secret.
    fn open(&self, purpose: &str, sealed: &[u8]) -> crate::Result<Vec<u8>>;
}

/// Password hashing. Slow on purpose: implementations bound how many run at once.
#[async_trait]
pub trait Passwords: Send + Sync + 'static {
    /// Hashes a password, to PHC form.
    async fn hash(&self, password: &str) -> crate::Result<String>;

    /// Whether the password belongs to the hash. With no hash it takes as long and says no, so that nobody can find
    /// out by the time whether an address is known.
    async fn verify(&self, password: &str, hash: Option<&str>) -> crate::Result<bool>;
}
