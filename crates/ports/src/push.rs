//! The devices that people are told on by push, and the way to a push service.

use async_trait::async_trait;
use domain::{Millis, PersonId, push::Subscription};
use uuid::Uuid;

use crate::{Result, Scope};

/// A device of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// How it is reached.
    pub subscription: Subscription,
    /// Browser and system, in words.
    pub name: Option<String>,
    /// When it was added.
    pub at: Millis,
    /// When a page was last open on it.
    pub used_at: Millis,
}

/// Devices, and the key that this server signs with at push services.
#[async_trait]
pub trait Devices {
    /// Adds a device, or says that a known one is used and by whom: an address stands for one browser. It is forgotten with
    /// the session that is named by its hash. The devices of the person that were not used for longest give way where there
    /// are more than `most`. Returns its id.
    async fn keep_device(&self, scope: Scope, device: Device, session: Option<[u8; 32]>, most: usize) -> Result<Uuid>;

    /// The devices of active people of a workspace, the one that was used last coming first; at most `limit`.
    async fn devices(&self, scope: Scope, limit: u32) -> Result<Vec<Device>>;

    /// Forgets a device, of this person only when one is named.
    ///
    /// # Errors
    /// [`Fault::NotFound`](crate::Fault::NotFound).
    async fn forget_device(&self, scope: Scope, person: Option<PersonId>, device: Uuid) -> Result<()>;

    /// The sealed key of this server, once one is stored.
    async fn push_key(&self) -> Result<Option<Vec<u8>>>;

    /// Stores the sealed key, unless there is one: that one comes back.
    async fn claim_push_key(&self, sealed: Vec<u8>) -> Result<Vec<u8>>;
}

/// A message for a device.
#[derive(Debug, Clone)]
pub struct Push {
    /// Which device.
    pub to: Subscription,
    /// What it replaces at the push service while the device is off: the same name, at most 32 characters of base64url.
    pub topic: String,
    /// How long the push service keeps it, in seconds.
    pub kept: u32,
    /// The message; it is encrypted for the device.
    pub text: Vec<u8>,
}

/// What a push service made of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It will bring it.
    Accepted,
    /// There is no such device any more.
    Gone,
}

/// The way to push services.
#[async_trait]
pub trait Pusher: Send + Sync + 'static {
    /// The public key of this server, as browsers want it: 65 bytes.
    fn public_key(&self) -> Vec<u8>;

    /// Whether an address may be called at all, as far as can be told without calling it.
    ///
    /// # Errors
    /// Why not.
    fn check(&self, endpoint: &str) -> std::result::Result<(), domain::outside::Shut>;

    /// Hands a message over. It has a time limit of its own.
    ///
    /// # Errors
    /// [`Fault::Unavailable`](crate::Fault::Unavailable): worth another try.
    async fn push(&self, push: Push) -> Result<Pushed>;
}
