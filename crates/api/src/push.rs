//! Devices that people are told on by push.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A device of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PushSubscriptionView {
    /// Its id.
    pub id: String,
    /// Browser and system, in words, when they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was added, in Unix milliseconds.
    pub created_at: i64,
    /// When a page was last open on it, in Unix milliseconds.
    pub used_at: i64,
}

/// One's own devices, and what a browser needs to become one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PushSubscriptions {
    /// The server's public key (VAPID, RFC 8292) in base64url; absent when this server pushes nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// The devices, the one that was used last coming first.
    pub items: Vec<PushSubscriptionView>,
}

/// What a browser hands out: `PushSubscription.toJSON()` of the Push API.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewPushSubscription {
    /// Address of the browser at its push service.
    pub endpoint: String,
    /// Its keys.
    pub keys: PushKeys,
}

/// Keys of a browser, in base64url.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PushKeys {
    /// Public key, 65 bytes.
    pub p256dh: String,
    /// Shared secret, 16 bytes.
    pub auth: String,
}

/// A test that is pushed to a device of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPushTest {
    /// The caller's own id of it, which comes back in the message: a page knows its own test by it.
    pub client_id: String,
}

/// What the push service made of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushTest {
    /// What came of it.
    pub outcome: PushTestOutcome,
    /// What the push service said, where it took nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PushTestOutcome {
    /// The push service has taken it, and will bring it.
    Accepted,
    /// There is no such device any more at the push service; it was forgotten here, too.
    Gone,
    /// It could not be handed over.
    Failed,
}
