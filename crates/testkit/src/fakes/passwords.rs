//! Passwords without the work of hashing them.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_trait::async_trait;
use ports::{Result, world::Passwords};

/// Passwords in plain sight: hashing is slow on purpose, and tests are not about it. Counts the checks, because each
/// one would have cost the same work.
#[derive(Debug, Default)]
pub struct FastPasswords(AtomicUsize);

impl FastPasswords {
    /// How many passwords were checked, also against nothing.
    pub fn checked(&self) -> usize {
        self.0.load(SeqCst)
    }
}

#[async_trait]
impl Passwords for FastPasswords {
    async fn hash(&self, password: &str) -> Result<String> {
        Ok(format!("$plain${password}"))
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        self.0.fetch_add(1, SeqCst);
        Ok(hash.is_some_and(|hash| hash.strip_prefix("$plain$") == Some(password)))
    }
}
