//! The real world: clock, randomness, password hashing.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use argon2::{Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier};
use async_trait::async_trait;
use domain::Millis;
use ports::{
    Fault,
    world::{Clock, Entropy, Passwords},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn instant(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Unix microseconds, for stamps that several processes of a measurement compare.
pub(crate) fn micros() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsEntropy;

impl OsEntropy {
    fn fill(bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is the randomness")]
        #[expect(clippy::expect_used, reason = "without randomness no secret is one: better to stop")]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl Entropy for OsEntropy {
    fn id(&self, now: Millis) -> Uuid {
        let mut random = [0; 10];
        Self::fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(now.0.unsigned_abs(), &random).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        Self::fill(&mut secret);
        secret
    }
}

/// argon2id with the crate's defaults (19 MiB, 2 passes: the first choice of the OWASP password sheet), two at once.
pub(crate) struct Argon {
    two_at_once: Arc<Semaphore>,
    /// Verified against when an address is unknown, so that it takes as long.
    nobody: String,
}

impl Argon {
    pub(crate) fn new() -> Self {
        // Of no password that anybody knows: written down and not computed, which would take 19 MiB at every start.
        let (memory, passes, lanes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
        let (salt, output) = ("A".repeat(22), "A".repeat(43));
        let nobody = format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${output}");
        Self { two_at_once: Arc::new(Semaphore::new(2)), nobody }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ports::Result<T> {
        let busy = |error| Fault::unavailable("password hashing", error);
        let permit = self.two_at_once.clone().acquire_owned().await.map_err(busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|error| Fault::broken("hashing a password", error))
    }
}

fn hash(password: &[u8]) -> Result<String, argon2::password_hash::Error> {
    let mut salt = [0; 16];
    OsEntropy::fill(&mut salt);
    Ok(Argon2::default().hash_password_with_salt(password, &salt)?.to_string())
}

#[async_trait]
impl Passwords for Argon {
    async fn hash(&self, password: &str) -> ports::Result<String> {
        let password = password.to_owned();
        let hashed = self.run(move || hash(password.as_bytes()).map_err(|error| error.to_string())).await?;
        hashed.map_err(|error| Fault::broken("hashing a password", error))
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> ports::Result<bool> {
        let known = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(&self.nobody).to_owned());
        let right = self.run(move || {
            PasswordHash::new(&hash)
                .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        });
        Ok(right.await? && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let argon = Argon::new();
        let hash = argon.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(argon.verify("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!argon.verify("correct horse", Some(&hash)).await.unwrap());
        // Who is unknown costs as much as who is known.
        let costs = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(costs(&argon.nobody), costs(&hash));
        assert!(PasswordHash::new(&argon.nobody).is_ok());
        assert!(!argon.verify("correct horse battery", None).await.unwrap());
        assert!(!argon.verify("x", Some("not a hash")).await.unwrap());
    }

    #[test]
    fn ids_are_in_order_of_time() {
        let (one, two) = (OsEntropy.id(Millis(1_000)), OsEntropy.id(Millis(2_000)));
        assert!(one < two);
        assert_eq!(one.get_version_num(), 7);
    }
}
