//! Signatures after the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What a secret begins with, so that people and scanners recognise it.
const PREFIX: &str = "whsec_";

/// The secrets of a webhook, as they are sealed. Of a chat app's channel the one that counts is its address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The one that counts.
    pub now: String,
    /// The one before it, and until when it signs beside it, in Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<(String, i64)>,
}

impl Secrets {
    /// The first secret of a webhook.
    pub(crate) fn first(random: &[u8; 32]) -> Self {
        Self { now: shown(random), before: None }
    }

    /// The address of a chat app's channel.
    pub(crate) fn address(url: String) -> Self {
        Self { now: url, before: None }
    }

    /// The same with another secret; the one that counted until now signs beside it for a while.
    pub(crate) fn replaced(self, random: &[u8; 32], until: i64) -> Self {
        Self { now: shown(random), before: Some((self.now, until)) }
    }

    /// The header `webhook-signature`: one signature for each secret that is good, in the order of their age.
    pub(crate) fn signatures(&self, id: &str, timestamp: i64, body: &[u8], now_ms: i64) -> String {
        let before = self.before.as_ref().filter(|(_, until)| *until > now_ms).map(|(secret, _)| secret.as_str());
        let each = [Some(self.now.as_str()), before].into_iter().flatten();
        each.filter_map(|secret| signature(secret, id, timestamp, body)).collect::<Vec<_>>().join(" ")
    }
}

fn shown(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(random))
}

/// One signature, `v1,..`; nothing when the secret is none.
fn signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let key = BASE64_STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of the specification's reference libraries.
    #[test]
    fn a_signature_is_what_the_specification_says() {
        let body = br#"{"test": 2432232314}"#;
        let made =
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(made.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg", 1, body), None);
    }

    #[test]
    fn a_secret_that_was_replaced_signs_for_a_while() {
        let first = Secrets::first(&[7; 32]);
        let one = first.signatures("msg", 1, b"{}", 0);
        let second = first.replaced(&[8; 32], 1_000);
        let both = second.signatures("msg", 1, b"{}", 999);
        let (new, old) = both.split_once(' ').unwrap();
        assert_eq!(old, one);
        assert_eq!(second.signatures("msg", 1, b"{}", 1_000), new);
        assert_ne!(new, old);
        assert_eq!(second.now.len(), PREFIX.len() + 44);
    }
}
