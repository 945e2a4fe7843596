//! A push service and its browsers, in the test's own process: it takes what RFC 8030 says, looks at the signature (RFC
//! 8292), and decrypts as a browser would (RFC 8291).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::outside::Shut;
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    elliptic_curve::sec1::ToEncodedPoint,
};
use parking_lot::Mutex;
use ports::outside::{Call, NoReply, Outside, Reply};
use serde_json::{Value, json};
use tokio::sync::watch;
use web_push_native::{Auth, decrypt};

/// How long a test waits for a push that must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Where its browsers are.
const ADDRESS: &str = "https://push.example.com";

/// A push as its browser reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The browser.
    pub browser: String,
    /// What it replaces.
    pub topic: String,
    /// How long it was to be kept, in seconds.
    pub ttl: u32,
    /// The message.
    pub message: Value,
}

/// A push service.
#[derive(Debug, Clone)]
pub struct PushService {
    told: watch::Sender<Vec<Told>>,
    /// What the next calls for a browser are answered; 201 when there is nothing.
    answers: Arc<Mutex<HashMap<String, Vec<u16>>>>,
    /// The browsers for which calls hang.
    held: watch::Sender<HashSet<String>>,
    /// The browsers for which a call has come, however it was answered.
    called: watch::Sender<Vec<String>>,
}

impl Default for PushService {
    fn default() -> Self {
        Self {
            told: watch::Sender::new(Vec::new()),
            answers: Arc::default(),
            held: watch::Sender::default(),
            called: watch::Sender::default(),
        }
    }
}

fn secret_of(browser: &str) -> SecretKey {
    // Any number below the order of the curve is a key.
    let mut bytes = [1; 32];
    bytes.iter_mut().skip(1).zip(browser.bytes()).for_each(|(to, from)| *to = from);
    SecretKey::from_slice(&bytes).unwrap()
}

impl PushService {
    /// What a browser hands out, as `PushSubscription.toJSON()` writes it.
    pub fn browser(name: &str) -> Value {
        let key = secret_of(name).public_key().to_encoded_point(false);
        let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "endpoint": format!("{ADDRESS}/{name}"),
            "expirationTime": null,
            "keys": {"p256dh": text(key.as_bytes()), "auth": text(&[7; 16])},
        })
    }

    /// The next call for a browser is answered like this.
    pub fn answers(&self, browser: &str, status: u16) {
        self.answers.lock().entry(browser.to_owned()).or_default().insert(0, status);
    }

    /// From now on calls for a browser hang.
    pub fn holds(&self, browser: &str) {
        self.held.send_modify(|held| _ = held.insert(browser.to_owned()));
    }

    /// They go on.
    pub fn lets_go(&self, browser: &str) {
        self.held.send_modify(|held| _ = held.remove(browser));
    }

    /// Waits until so many calls for a browser have come, however they were answered.
    pub async fn called(&self, browser: &str, count: usize) {
        let mut called = self.called.subscribe();
        let enough = called.wait_for(|called| called.iter().filter(|one| *one == browser).count() >= count);
        tokio::time::timeout(PATIENCE, enough).await.expect("not called so often").unwrap();
    }

    /// How many calls have come for a browser so far.
    pub fn calls(&self, browser: &str) -> usize {
        self.called.borrow().iter().filter(|one| *one == browser).count()
    }

    /// Waits until it was told so much, and gives all of it.
    pub async fn told(&self, count: usize) -> Vec<Told> {
        let mut told = self.told.subscribe();
        let enough = tokio::time::timeout(PATIENCE, told.wait_for(|told| told.len() >= count)).await;
        enough.unwrap_or_else(|_| panic!("{count} pushes, but: {:?}", self.told.borrow())).unwrap().clone()
    }

    fn take(&self, call: &Call) -> u16 {
        let header = |name: &str| {
            let found = call.headers.iter().find(|(known, _)| known == name);
            found.unwrap_or_else(|| panic!("no {name}")).1.clone()
        };
        assert_eq!((call.method, header("content-encoding").as_str()), ("POST", "aes128gcm"));
        let browser = call.url.strip_prefix(ADDRESS).unwrap().trim_start_matches('/').to_owned();
        check_signature(&header("authorization"));
        if let Some(status) = self.answers.lock().get_mut(&browser).and_then(Vec::pop) {
            return status;
        }
        let body = call.body.clone().unwrap();
        assert!(body.len() <= 4_096, "push services take 4 kB");
        let text = decrypt(body, &secret_of(&browser), Auth::from_slice(&[7; 16])).unwrap();
        let message = serde_json::from_slice(&text).unwrap();
        let (topic, ttl) = (header("topic"), header("ttl").parse().unwrap());
        self.told.send_modify(|told| told.push(Told { browser, topic, ttl, message }));
        201
    }
}

fn check_signature(authorization: &str) {
    let (token, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = VerifyingKey::from(PublicKey::from_sec1_bytes(&bytes(key)).unwrap());
    key.verify(signed.as_bytes(), &Signature::from_slice(&bytes(signature)).unwrap()).expect("a wrong signature");
    let claims: Value = serde_json::from_slice(&bytes(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["aud"], ADDRESS);
    assert!(claims["exp"].is_i64() && claims["sub"].is_string(), "{claims}");
}

#[async_trait]
impl Outside for PushService {
    fn check(&self, url: &str) -> Result<(), Shut> {
        if url.starts_with(ADDRESS) { Ok(()) } else { Err(Shut::Private) }
    }

    async fn call(&self, call: Call) -> Result<Reply, NoReply> {
        let browser = call.url.rsplit('/').next().unwrap_or_default().to_owned();
        self.called.send_modify(|called| called.push(browser.clone()));
        self.held.subscribe().wait_for(|held| !held.contains(&browser)).await.unwrap();
        let status = self.take(&call);
        Ok(Reply::of(status, call.url))
    }

    async fn hand_over(&self, call: Call) -> Result<Reply, NoReply> {
        self.call(call).await
    }
}
