//! Web push, behind [`ports::push::Pusher`]: a message is encrypted for one browser (RFC 8291), signed with this server's
//! key (VAPID, RFC 8292) and handed to the push service that the browser has named (RFC 8030).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::outside::Shut;
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::sec1::ToEncodedPoint,
};
use ports::{
    Fault, Result,
    outside::{Call, Outside},
    push::{Push, Pushed, Pusher},
    world::Clock,
};
use web_push_native::{Auth, encrypt};

/// Longest time for one call of a push service.
const CALL: Duration = Duration::from_secs(10);
/// Longest answer that is read: its words go into the log.
const ANSWER: usize = 4_096;
/// How long a signature is good for; 24 hours are the most that push services take.
const SIGNED_SECONDS: i64 = 12 * 60 * 60;
/// The head of every token: RFC 7515 with the algorithm that RFC 8292 asks for.
const HEAD: &str = r#"{"typ":"JWT","alg":"ES256"}"#;

/// The way to push services.
pub struct WebPush {
    key: SigningKey,
    public: Vec<u8>,
    subject: String,
    outside: Arc<dyn Outside>,
    clock: Arc<dyn Clock>,
}

impl WebPush {
    /// With a key of 32 random bytes. `subject` is where the operator of a push service finds whoever runs this server:
    /// the public address, or `mailto:` and an address.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the bytes are no key of the curve.
    pub fn new(key: &[u8], subject: String, outside: Arc<dyn Outside>, clock: Arc<dyn Clock>) -> Result<Self> {
        let secret = SecretKey::from_slice(key).map_err(|error| Fault::broken("the push key", error))?;
        let public = secret.public_key().to_encoded_point(false).as_bytes().to_vec();
        Ok(Self { key: SigningKey::from(secret), public, subject, outside, clock })
    }

    /// The header that shows who sends: RFC 8292, section 3.
    fn authorization(&self, origin: &str) -> String {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let expires = self.clock.now().0 / 1_000 + SIGNED_SECONDS;
        let claims = serde_json::json!({ "aud": origin, "exp": expires, "sub": self.subject });
        let signed = format!("{}.{}", part(HEAD), part(&claims.to_string()));
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", BASE64_URL_SAFE_NO_PAD.encode(&self.public))
    }
}

#[async_trait]
impl Pusher for WebPush {
    fn public_key(&self) -> Vec<u8> {
        self.public.clone()
    }

    fn check(&self, endpoint: &str) -> std::result::Result<(), Shut> {
        origin(endpoint).ok_or(Shut::Malformed)?;
        self.outside.check(endpoint)
    }

    async fn push(&self, push: Push) -> Result<Pushed> {
        // A browser that has handed out what is no key can never be told anything: it is as good as gone.
        let Some(origin) = origin(&push.to.endpoint) else { return Ok(Pushed::Gone) };
        let (Ok(key), true) = (PublicKey::from_sec1_bytes(&push.to.key), push.to.auth.len() == Auth::default().len())
        else {
            return Ok(Pushed::Gone);
        };
        let body = encrypt(push.text, &key, Auth::from_slice(&push.to.auth))
            .map_err(|error| Fault::broken("a message for a device", error))?;
        let header = |name: &str, value: String| (name.to_owned(), value);
        let call = Call {
            method: "POST",
            url: push.to.endpoint.clone(),
            headers: vec![
                header("authorization", self.authorization(origin)),
                header("content-encoding", "aes128gcm".into()),
                header("content-type", "application/octet-stream".into()),
                header("ttl", push.kept.to_string()),
                header("urgency", "high".into()),
                header("topic", push.topic),
            ],
            body: Some(body),
            within: CALL,
            longest: ANSWER,
            redirects: 0,
        };
        let unavailable = |cause: String| Err(Fault::unavailable("a push service", cause));
        match self.outside.call(call).await {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(Pushed::Accepted),
            Ok(reply) if matches!(reply.status, 404 | 410) => Ok(Pushed::Gone),
            Ok(reply) => {
                let words = String::from_utf8_lossy(&reply.body).trim().to_owned();
                unavailable(format!("{origin} said {}: {words}", reply.status))
            }
            Err(why) => unavailable(format!("{origin}: {why}")),
        }
    }
}

/// Scheme, host and port of an address: whom a signature is for.
fn origin(endpoint: &str) -> Option<&str> {
    let (scheme, rest) = endpoint.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    matches!(scheme, "https" | "http").then(|| &endpoint[..scheme.len() + 3 + host.len()])
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_signature_is_for_the_server_and_not_for_the_path() {
        let check = |endpoint, expect| assert_eq!(origin(endpoint), expect, "{endpoint}");
        check("https://push.example.com/send/abc?x=1", Some("https://push.example.com"));
        check("http://127.0.0.1:8099/1", Some("http://127.0.0.1:8099"));
        check("https://push.example.com", Some("https://push.example.com"));
        check("ftp://push.example.com/1", None);
        check("https:///1", None);
        check("nonsense", None);
    }
}
