//! Web push: people are told on their devices while no page of the desk is open there.
//!
//! The jobs are written in the transaction of the event that they tell of. The first wave goes out at once to one device of
//! each person; the second, [`REST_AFTER_MS`] later, to the others, unless somebody has looked by then. A message that is
//! sent twice after a crash carries the same name, so that a device shows it once.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ConversationId, Millis, PersonId, calls,
    conversation::{Actor, Control, Conversation, Event},
    presence::Presence,
    push::{DEVICES, KEPT_SECONDS, REST_AFTER_MS, Subscription, Wave, reached},
    text::excerpt,
};
use ports::{
    Fault, Scope,
    content::Content,
    conversations::{LogRange, Row},
    jobs::{NewJob, Task},
    push::{Device, Push, Pushed, Pusher},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Baton,
    alerts::{Alert, alert_for, alert_id, is_over, rings},
    auth::{Staff, Via},
    calling::{Way, may_call, silence},
    calls::{Call, is_call, silent},
    error::{AppError, Result, field},
};

/// Devices of a workspace that are looked at, at most.
const MOST_DEVICES: u32 = 2_000;
/// Devices that are told at a time.
const AT_A_TIME: usize = 16;
/// Longest time for handing a message to a push service.
const HAND_OVER: Duration = Duration::from_secs(15);
/// Longest words in a message, in characters: push services take 4 kB of what is encrypted.
const WORDS: usize = 300;
/// What the key is sealed as.
const KEY_PURPOSE: &str = "push key";

/// A message for the service worker of the desk (`web/desk/src/push/worker.ts`).
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message<'a> {
    Alert { id: &'a str, tag: &'a str, conversation: String, title: String, body: String, sound: bool, stays: bool },
    Withdraw { id: &'a str, title: &'a str },
}

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
            jobs.push(job(self.alert, Task::PushAlert { conversation, seq, rest: false }));
        }
        if let Some(seq) = opened(before) {
            let over = opened(after) != Some(seq);
            // Whom routing has taken it from is not called any more.
            let moved = before.assignee.filter(|former| after.assignee != Some(*former) && routed(events));
            if over || moved.is_some() {
                let of = moved.filter(|_| !over);
                jobs.push(job(self.withdraw, Task::WithdrawAlert { conversation, seq, of }));
            }
        }
        jobs
    }
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

    /// Tells people of an event on their devices.
    pub(crate) async fn push_alert(&self, scope: Scope, id: ConversationId, seq: i64, wave: Wave) -> Result<()> {
        let row = self.store.row(scope, id).await?;
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let Some(logged) = self.store.log(scope, id, range).await?.into_iter().find(|one| one.entry.seq == seq) else {
            return Ok(());
        };
        // Somebody has looked. That nobody has come although somebody looked is what a further call is for.
        let further = matches!(logged.entry.event, Event::Climbed { .. });
        if wave == Wave::Rest && row.staff_read >= seq && !further {
            return Ok(());
        }
        let profile = self.directory.profile(row.chatbot).await?;
        let (call, desk) = (Call { conversation: id, seq }, self.at_desk(scope).await?);
        let (mut pushes, mut quiet, mut more, mut noted) = (Vec::new(), Vec::new(), false, false);
        let mut tag = alert_id(&row, seq);
        for (person, devices) in by_person(self.store.devices(scope, MOST_DEVICES).await?) {
            let known = match self.directory.person(person).await {
                Err(AppError::NotFound) => continue,
                known => known?,
            };
            let alert = alert_for(&profile, &row, &logged, person, known.role_for(row.chatbot));
            let tells = |alert: &Alert| alert.notify && !is_over(alert.kind, seq, &row, person);
            let Some(alert) = alert.filter(tells) else { continue };
            if let Some(silence) = silence(&known.calling, self.clock.now())
                && is_call(alert.kind)
            {
                quiet.push((person, String::new(), silent(silence)));
            }
            if !may_call(&known, Way::Push, self.clock.now()) {
                continue;
            }
            // A page that may not tell is none.
            let page_open = known.calling.browser && desk.presence(person) != Presence::Offline;
            let text = alert_message(&row, &alert);
            noted |= is_call(alert.kind);
            tag = alert.tag;
            let told = reached(&devices, page_open, wave).iter();
            pushes.extend(told.map(|device| (device.clone(), text.clone())));
            more |= !reached(&devices, page_open, Wave::Rest).is_empty();
        }
        if wave == Wave::First && more {
            // Before the first wave: should this end in between, it begins again, and nobody is told of it twice.
            let now = self.clock.now();
            let task = Task::PushAlert { conversation: id, seq, rest: true };
            let job = NewJob { id: self.entropy.id(now), task, run_at: now.plus(REST_AFTER_MS), lease: None };
            self.store.add_job(scope, job).await?;
        }
        self.note_calls(scope, call, calls::Way::Push, quiet);
        self.hand_over(scope, &tag, noted.then_some(call), pushes).await
    }

    /// Takes back from the devices what is over: the notification of a request says who answers it, without a sound. `of`
    /// names the only person from whom it was taken; others have it.
    pub(crate) async fn withdraw_alert(
        &self,
        scope: Scope,
        id: ConversationId,
        seq: i64,
        of: Option<PersonId>,
    ) -> Result<()> {
        let row = self.store.row(scope, id).await?;
        if of.is_some() && row.state.assignee == of {
            // It came back to them meanwhile.
            return Ok(());
        }
        let title = match (row.state.participants().first(), row.state.assignee.filter(|_| of.is_some())) {
            (Some(person), _) => format!("{} answers", self.directory.person(*person).await?.name),
            (None, Some(person)) => format!("{} has it now", self.directory.person(person).await?.name),
            (None, None) => "The request is closed".to_owned(),
        };
        let alert = alert_id(&row, seq);
        let text = message(&Message::Withdraw { id: &alert, title: &title });
        let devices = self.store.devices(scope, MOST_DEVICES).await?;
        let mut pushes = Vec::new();
        for device in devices.into_iter().filter(|device| of.is_none_or(|of| of == device.person)) {
            let person = self.directory.person(device.person).await?;
            if person.role_for(row.chatbot).is_some_and(domain::person::Role::may_answer) {
                pushes.push((device, text.clone()));
            }
        }
        self.hand_over(scope, &alert, None, pushes).await
    }

    /// Hands messages to the push services. A device that is gone is forgotten; when a service could not be reached the
    /// job is tried again, and the topic keeps that from being seen.
    async fn hand_over(
        &self,
        scope: Scope,
        tag: &str,
        call: Option<Call>,
        pushes: Vec<(Device, Arc<[u8]>)>,
    ) -> Result<()> {
        let Some(pusher) = self.pusher.get() else { return Ok(()) };
        let topic = topic(tag);
        let (mut failed, mut came) = (None, Vec::new());
        for some in pushes.chunks(AT_A_TIME) {
            let sending = some.iter().map(|(device, text)| {
                let push = Push {
                    to: device.subscription.clone(),
                    topic: topic.clone(),
                    kept: KEPT_SECONDS,
                    text: text.to_vec(),
                };
                async move {
                    let pushed = tokio::select! {
                        biased;
                        pushed = pusher.push(push) => pushed,
                        () = self.clock.sleep(HAND_OVER) => Err(Fault::unavailable("a push service", "it does not answer")),
                    };
                    (device, pushed)
                }
            });
            for (device, pushed) in futures_util::future::join_all(sending).await {
                let outcome = match pushed {
                    Ok(Pushed::Accepted) => calls::Outcome::Accepted,
                    Ok(Pushed::Gone) => {
                        match self.store.forget_device(scope, None, device.id).await {
                            Ok(()) | Err(Fault::NotFound) => self.directory.forget_devices(scope).await,
                            Err(fault) => return Err(fault.into()),
                        }
                        calls::Outcome::Gone
                    }
                    Err(fault) => {
                        tracing::warn!(device = %device.id, error = &fault as &dyn std::error::Error, "a push failed");
                        failed = Some(fault);
                        calls::Outcome::Failed
                    }
                };
                metrics::counter!("baton_pushes_total", "outcome" => outcome.name()).increment(1);
                came.push((device.person, device.id.to_string(), outcome));
            }
        }
        if let Some(call) = call {
            self.note_calls(scope, call, calls::Way::Push, came);
            // Before the job is done: what it did is known even when this process ends now.
            self.write_calls().await;
        }
        failed.map_or(Ok(()), |fault| Err(fault.into()))
    }
}

/// Devices of each person, in the order in which they come.
fn by_person(devices: Vec<Device>) -> Vec<(PersonId, Vec<Device>)> {
    let mut people: Vec<(PersonId, Vec<Device>)> = Vec::new();
    for device in devices {
        match people.iter_mut().find(|(person, _)| *person == device.person) {
            Some((_, theirs)) => theirs.push(device),
            None => people.push((device.person, vec![device])),
        }
    }
    people
}

fn alert_message(row: &Row, alert: &Alert) -> Arc<[u8]> {
    message(&Message::Alert {
        id: &alert.id,
        tag: &alert.tag,
        conversation: row.id.to_string(),
        title: excerpt(&alert.title, WORDS),
        body: excerpt(&alert.body, WORDS),
        sound: alert.sound,
        stays: is_call(alert.kind),
    })
}

fn message(message: &Message<'_>) -> Arc<[u8]> {
    // It holds nothing that could not be written as JSON.
    serde_json::to_vec(message).unwrap_or_default().into()
}

/// A name that push services take: RFC 8030, section 5.4.
fn topic(tag: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(tag)[..24])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_what_push_services_take() {
        let topic = topic("01a1f287-aa82-7864-a197-7bc9f8223aad:12");
        assert_eq!(topic.len(), 32);
        assert!(topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }
}
