//! Web push: people are told on their devices while no page of the desk is open there.
//!
//! The jobs are written in the transaction of the event that they tell of ([`tell`] is their work). A message that is sent
//! twice after a crash carries the same name, so that a device shows it once.

mod tell;

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ConversationId, Millis,
    conversation::{Actor, Control, Conversation, Event},
    push::{DEVICES, Subscription},
};
use moka::future::Cache;
use ports::{
    Scope,
    content::Content,
    jobs::{NewJob, Task},
    push::{Device, Pusher},
};
use uuid::Uuid;

pub(crate) use self::tell::SoFar;
pub use self::tell::Tried;
use crate::{
    Baton,
    alerts::rings,
    auth::{Staff, Via},
    error::{AppError, Result, field},
};

/// Devices of a workspace that are looked at, at most.
const MOST_DEVICES: u32 = 2_000;
/// What the key is sealed as.
const KEY_PURPOSE: &str = "push key";

/// Ids for the jobs that one command may need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PushJobs {
    /// Of the job that tells of it.
    pub alert: Uuid,
    /// Of the job that takes back what is over.
    pub withdraw: Uuid,
}

impl PushJobs {
    /// The jobs for what was decided: telling of the newest event that rings, and taking back what is over.
    pub(crate) fn of(
        self,
        conversation: ConversationId,
        before: &Conversation,
        after: &Conversation,
        events: &[(Event, Option<Content>)],
        now: Millis,
    ) -> Vec<NewJob> {
        let mut jobs = Vec::new();
        let job = |id, task| NewJob { id, task, run_at: now, lease: None };
        let ringing = (before.seq + 1..)
            .zip(events)
            .filter(|(_, (event, content))| rings(after.standing(), event, content.as_ref()))
            .last();
        if let Some((seq, _)) = ringing {
            let task = Task::PushAlert { conversation, seq, rest: false, since: None, told: Vec::new() };
            jobs.push(job(self.alert, task));
        }
        if let Some(seq) = opened(before) {
            let over = opened(after) != Some(seq);
            // Whom routing has taken it from is not called any more.
            let moved = before.assignee.filter(|former| after.assignee != Some(*former) && routed(events));
            if over || moved.is_some() {
                let of = moved.filter(|_| !over);
                let task = Task::WithdrawAlert { conversation, seq, of, told: Vec::new() };
                jobs.push(job(self.withdraw, task));
            }
        }
        jobs
    }
}

/// Room for what was taken back a moment ago, by device and alert.
pub(crate) fn taken_back() -> Cache<(Uuid, String), ()> {
    Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(60)).build()
}

fn routed(events: &[(Event, Option<Content>)]) -> bool {
    events.iter().any(|(event, _)| matches!(event, Event::Assigned { to: Some(_), by: Actor::System }))
}

fn opened(state: &Conversation) -> Option<i64> {
    match &state.control {
        Control::Requested(request) => Some(request.opened),
        _ => None,
    }
}

impl Baton {
    /// Pushes leave through here from now on. Once, at the start.
    pub fn push_through(&self, pusher: Arc<dyn Pusher>) {
        // A second one would be a defect of the start-up; the first one stays.
        let _ = self.pusher.set(pusher);
    }

    /// This server's key at push services, 32 bytes; it is made at the first start.
    ///
    /// # Errors
    /// When the stored one cannot be opened, or a fault of the database.
    pub async fn push_key(&self) -> Result<Vec<u8>> {
        let sealed = match self.store.push_key().await? {
            Some(sealed) => sealed,
            None => {
                let made = self.vault.seal(KEY_PURPOSE, &self.entropy.secret())?;
                self.store.claim_push_key(made).await?
            }
        };
        Ok(self.vault.open(KEY_PURPOSE, &sealed)?)
    }

    /// The public key that browsers subscribe with; nothing when this server pushes nothing.
    pub fn push_public_key(&self) -> Option<String> {
        self.pusher.get().map(|pusher| BASE64_URL_SAFE_NO_PAD.encode(pusher.public_key()))
    }

    /// One's own devices, the one that was used last coming first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn my_devices(&self, staff: &Staff) -> Result<Vec<Device>> {
        let mut devices = self.store.devices(staff.scope(), MOST_DEVICES).await?;
        devices.retain(|device| device.person == staff.id());
        Ok(devices)
    }

    /// Adds the device that is calling, or says that it is still in use.
    ///
    /// # Errors
    /// The field at fault.
    pub async fn keep_device(
        &self,
        staff: &Staff,
        endpoint: String,
        keys: (&str, &str),
        name: Option<String>,
    ) -> Result<Device> {
        let Some(pusher) = self.pusher.get() else { return Err(AppError::NotFound) };
        pusher.check(&endpoint).map_err(|shut| AppError::invalid("endpoint", shut.to_string()))?;
        // What is no base64url is no key either.
        let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
        let checked = Subscription::checked(endpoint, bytes(keys.0), bytes(keys.1));
        let subscription = checked.or_else(|(at, cause)| field(at, Err(cause)))?;
        let now = self.clock.now();
        let id = self.entropy.id(now);
        let mut device = Device { id, person: staff.id(), subscription, name, at: now, used_at: now };
        let session = match staff.via {
            Via::Session { token_hash } => Some(token_hash),
            Via::Key { .. } => None,
        };
        device.id = self.store.keep_device(staff.scope(), device.clone(), session, DEVICES).await?;
        self.directory.forget_devices(staff.scope()).await;
        Ok(device)
    }

    /// Forgets one of one's own devices.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn forget_device(&self, staff: &Staff, id: Uuid) -> Result<()> {
        self.store.forget_device(staff.scope(), Some(staff.id()), id).await?;
        self.directory.forget_devices(staff.scope()).await;
        Ok(())
    }

    /// Ids for the jobs that tell of what a command does; nothing where nobody has a device.
    pub(crate) async fn push_jobs(&self, scope: Scope) -> Result<Option<PushJobs>> {
        if self.pusher.get().is_none() || !self.directory.has_devices(scope).await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let id = || self.entropy.id(now);
        Ok(Some(PushJobs { alert: id(), withdraw: id() }))
    }
}
