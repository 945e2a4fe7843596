//! Calls that make something and carry an `Idempotency-Key`: sent again, they give what the first one made.
//!
//! The key is stored in the transaction that makes the thing, so there is no moment at which one exists without the
//! other. What is kept is the id of the thing, never an answer's bytes.

use domain::Millis;
use uuid::Uuid;

/// How long a key is kept, in milliseconds: 24 hours.
pub const KEPT_MS: i64 = 24 * 3_600 * 1_000;

/// What tells a call from all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Whose key it is: the API key or the person of a session.
    pub credential: String,
    /// What is made, and where.
    pub route: String,
    /// The caller's own key.
    pub key: String,
    /// Digest of what is to be made.
    pub fingerprint: String,
    /// Now.
    pub at: Millis,
}

/// What came of a call that makes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// It was made.
    Made,
    /// An earlier call with this key made this; nothing has changed.
    MadeBefore(Uuid),
    /// An earlier call with this key was for something else; nothing has changed.
    KeyReused,
}
