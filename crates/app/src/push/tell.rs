//! The work of telling: in two waves, and taking back what is over.
//!
//! The first wave goes out at once to one device of each person; the second, some seconds later, to the others, unless
//! somebody has looked by then. Both are one job that goes on: it remembers which devices have the message, so that a try
//! that is repeated tells nobody twice, and a device that is gone or a page that was closed meanwhile leaves nobody out.

use std::{net::IpAddr, pin::pin, sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ConversationId, Millis, PersonId, calls,
    conversation::Event,
    presence::Presence,
    push::{KEPT_SECONDS, Wave, reached},
    text::excerpt,
};
use futures_util::{StreamExt, stream};
use ports::{
    Fault, Scope,
    conversations::{LogRange, Row},
    jobs::{Job, Task},
    push::{Device, Push, Pushed, Pusher},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{MOST_DEVICES, opened};
use crate::{
    Baton,
    act::own_id,
    alerts::{Alert, AlertKind, alert_for, alert_id, is_over},
    auth::Staff,
    calling::{Way, may_call, silence},
    calls::{Call, is_call, silent},
    error::{AppError, Result},
    limiter::Door,
    turn::{CALL_TRIES, Left, again_until},
};

/// Devices that are told at a time.
const AT_A_TIME: usize = 16;
/// Longest time for handing a message to a push service.
const HAND_OVER: Duration = Duration::from_secs(15);
/// Longest words in a message, in characters: push services take 4 kB of what is encrypted.
const WORDS: usize = 300;
/// Tries of what is no call to a person who is wanted, and of taking back: after that it helps nobody.
const TRIES: u32 = 8;

/// A message for the service worker of the desk (`web/desk/src/push/worker.ts`).
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message<'a> {
    Alert { id: &'a str, tag: &'a str, conversation: String, title: String, body: String, sound: bool, stays: bool },
    Withdraw { id: &'a str, title: &'a str },
    Test { id: &'a str, title: &'a str },
}

/// What a job has done so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SoFar<'a> {
    /// It is the turn of the other devices.
    pub rest: bool,
    /// When the first wave was.
    pub since: Option<Millis>,
    /// The devices that have it.
    pub told: &'a [Uuid],
}

/// A message, and the devices that it is for: it goes to the first one that is not gone.
struct Telling {
    devices: Vec<Device>,
    text: Arc<[u8]>,
}

/// What a push service made of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It will bring it.
    Accepted,
    /// There is no such device any more; it was forgotten.
    Gone,
    /// It could not be handed over, and why.
    Failed(String),
}

impl Baton {
    /// Tells people of an event on their devices.
    pub(crate) async fn push_alert(&self, job: &Job, call: Call, so_far: SoFar<'_>) -> Result<Left> {
        let (scope, now, Call { conversation, seq }) = (job.scope, self.clock.now(), call);
        let row = self.store.row(scope, conversation).await?;
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let found = self.store.log(scope, conversation, range).await?;
        let Some(logged) = found.into_iter().find(|one| one.entry.seq == seq) else { return Ok(Left::Open) };
        let profile = self.directory.profile(row.chatbot).await?;
        let since = so_far.since.unwrap_or(now);
        let waiting = &profile.chatbot.settings.escalation.waiting;
        let others_at = waiting.others_after_ms().map(|after| since.plus(after));
        let rest = so_far.rest || so_far.since.is_some() && others_at.is_some_and(|at| at <= now);
        let wave = if rest { Wave::Rest } else { Wave::First };
        // Somebody has looked. That nobody has come although somebody looked is what a further call is for.
        let further = matches!(logged.entry.event, Event::Climbed { .. });
        if wave == Wave::Rest && row.staff_read >= seq && !further {
            return Ok(Left::Open);
        }
        let mut has: Vec<Uuid> = so_far.told.to_vec();
        if job.tries > 1 {
            // Whoever worked on it before may have ended before it could say so.
            self.write_calls().await;
            let taken = self.store.taken(scope, conversation, seq, calls::Way::Push, MOST_DEVICES).await?;
            has.extend(taken.into_iter().filter_map(|(_, place)| place.parse::<Uuid>().ok()));
        }
        let desk = self.at_desk(scope).await?;
        let (mut tellings, mut quiet, mut more, mut kinds) = (Vec::new(), Vec::new(), false, Vec::new());
        let mut tag = alert_id(&row, seq);
        for (person, devices) in by_person(self.store.devices(scope, MOST_DEVICES).await?) {
            let known = match self.directory.person(person).await {
                Err(AppError::NotFound) => continue,
                known => known?,
            };
            let alert = alert_for(&profile, &row, &logged, person, known.role_for(row.chatbot));
            let tells = |alert: &Alert| alert.notify && !is_over(alert.kind, seq, &row, person);
            let Some(alert) = alert.filter(tells) else { continue };
            if let Some(silence) = silence(&known.calling, now)
                && is_call(alert.kind)
            {
                quiet.push((person, String::new(), silent(silence)));
            }
            if !may_call(&known, Way::Push, now) {
                continue;
            }
            // A page that may not tell is none.
            let page_open = known.calling.browser && desk.presence(person) != Presence::Offline;
            let text = alert_message(&row, &alert);
            kinds.push(alert.kind);
            tag = alert.tag;
            let in_wave = |wave| reached(&devices, |device: &Device| has.contains(&device.id), page_open, wave);
            let lists = in_wave(wave);
            more |= in_wave(Wave::Rest).len() > lists.len();
            for device in lists.iter().flatten() {
                self.taken_back.invalidate(&(device.id, tag.clone())).await;
            }
            tellings.extend(
                lists
                    .into_iter()
                    .map(|list| Telling { devices: list.into_iter().cloned().collect(), text: text.clone() }),
            );
        }
        self.note_calls(scope, call, calls::Way::Push, quiet);
        let (wanted, requested) = (kinds.iter().any(|kind| is_call(*kind)), kinds.contains(&AlertKind::HumanRequested));
        let came = self.hand_over(scope, &tag, wanted.then_some(call), tellings).await;
        let told: Vec<&Device> = taken(&came).collect();
        if requested && let Some(request) = opened(&row.state) {
            self.take_back_late(scope, (conversation, request), seq, &told).await?;
        }
        let failed = came.iter().any(|(_, outcome)| *outcome == calls::Outcome::Failed);
        let again = failed.then(|| again_until(job.tries, if wanted { CALL_TRIES } else { TRIES }, now)).flatten();
        let others = others_at.filter(|_| wave == Wave::First && more);
        let Some(at) = again.into_iter().chain(others).min() else {
            return Ok(if failed { Left::GivenUp("a push service took nothing".to_owned()) } else { Left::Open });
        };
        let why = if failed { "a push service took nothing" } else { "nobody has looked yet" }.to_owned();
        let told = so_far.told.iter().copied().chain(told.iter().map(|device| device.id)).collect();
        let rest = rest || others.is_some_and(|others| others <= at);
        Ok(Left::GoesOn { task: Task::PushAlert { conversation, seq, rest, since: Some(since), told }, at, why })
    }

    /// Takes back from the devices that were told what is over: the notification of a request says who answers it, without
    /// a sound. `of` names the only person from whom it was taken; others have it.
    pub(crate) async fn withdraw_alert(
        &self,
        job: &Job,
        (conversation, seq): (ConversationId, i64),
        of: Option<PersonId>,
        told: &[Uuid],
    ) -> Result<Left> {
        let scope = job.scope;
        let row = self.store.row(scope, conversation).await?;
        if of.is_some() && row.state.assignee == of {
            // It came back to them meanwhile.
            return Ok(Left::Open);
        }
        self.write_calls().await;
        let have = self.store.taken(scope, conversation, seq, calls::Way::Push, MOST_DEVICES).await?;
        let mut devices = self.store.devices(scope, MOST_DEVICES).await?;
        devices.retain(|device| {
            let (name, theirs) = (device.id.to_string(), of.is_none_or(|of| of == device.person));
            theirs && !told.contains(&device.id) && have.iter().any(|(_, place)| *place == name)
        });
        let came = self.withdraw_from(&row, seq, devices).await?;
        if came.iter().all(|(_, outcome)| *outcome != calls::Outcome::Failed) {
            return Ok(Left::Open);
        }
        let why = "a push service took nothing".to_owned();
        let Some(at) = again_until(job.tries, TRIES, self.clock.now()) else { return Ok(Left::GivenUp(why)) };
        let told = told.iter().copied().chain(taken(&came).map(|device| device.id)).collect();
        Ok(Left::GoesOn { task: Task::WithdrawAlert { conversation, seq, of, told }, at, why })
    }

    /// Somebody may have come while a message was on its way: the job that takes back may have looked before these devices
    /// had it.
    async fn take_back_late(
        &self,
        scope: Scope,
        (conversation, request): (ConversationId, i64),
        seq: i64,
        told: &[&Device],
    ) -> Result<()> {
        if told.is_empty() {
            return Ok(());
        }
        let row = self.store.row(scope, conversation).await?;
        let over = |device: &&Device| {
            opened(&row.state) != Some(request) || is_over(AlertKind::HumanRequested, seq, &row, device.person)
        };
        let late = told.iter().filter(|device| over(device)).map(|device| (*device).clone()).collect();
        self.withdraw_from(&row, request, late).await?;
        Ok(())
    }

    async fn withdraw_from(
        &self,
        row: &Row,
        request: i64,
        devices: Vec<Device>,
    ) -> Result<Vec<(Device, calls::Outcome)>> {
        let holder = row.state.assignee.filter(|_| opened(&row.state) == Some(request));
        let title = match (row.state.participants().first(), holder) {
            (Some(person), _) => format!("{} answers", self.directory.person(*person).await?.name),
            (None, Some(person)) => format!("{} has it now", self.directory.person(person).await?.name),
            (None, None) => "The request is closed".to_owned(),
        };
        let alert = alert_id(row, request);
        let text = message(&Message::Withdraw { id: &alert, title: &title });
        let mut tellings = Vec::new();
        for device in devices {
            let person = self.directory.person(device.person).await?;
            // The job that takes back and whoever was still telling may both come to it.
            let first = self.taken_back.entry((device.id, alert.clone())).or_insert(()).await.is_fresh();
            if first && person.role_for(row.chatbot).is_some_and(domain::person::Role::may_answer) {
                tellings.push(Telling { devices: vec![device], text: text.clone() });
            }
        }
        let came = self.hand_over(row.scope, &alert, None, tellings).await;
        for (device, _) in came.iter().filter(|(_, outcome)| *outcome == calls::Outcome::Failed) {
            self.taken_back.invalidate(&(device.id, alert.clone())).await;
        }
        Ok(came)
    }

    /// Pushes a test to one of one's own devices, and says what its push service made of it. The name comes back in the
    /// message: the page that asked knows its own test by it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also where this server pushes nothing; the name; [`AppError::RateLimited`].
    pub async fn try_device(&self, staff: &Staff, id: Uuid, name: &str, address: IpAddr) -> Result<Tried> {
        own_id("client_id", name)?;
        let Some(pusher) = self.pusher.get() else { return Err(AppError::NotFound) };
        let device = self.my_devices(staff).await?.into_iter().find(|device| device.id == id);
        let device = device.ok_or(AppError::NotFound)?;
        self.limiter.door(Door::Model, address)?;
        let text = message(&Message::Test { id: name, title: "This is a test" });
        Ok(match self.push_to(pusher.as_ref(), staff.scope(), &device, &topic(&format!("test:{id}")), &text).await {
            Ok(Pushed::Accepted) => Tried::Accepted,
            Ok(Pushed::Gone) => Tried::Gone,
            Err(Fault::Unavailable { cause, .. } | Fault::Broken { cause, .. }) => {
                Tried::Failed(excerpt(&domain::text::printable(&cause.to_string()), WORDS))
            }
            Err(fault) => return Err(fault.into()),
        })
    }

    /// Hands messages to the push services, none of which waits for another one. A device that is gone is forgotten. What
    /// came of a call is noted as it comes: whoever takes it back asks who has it, and a slow service is not waited for.
    async fn hand_over(
        &self,
        scope: Scope,
        tag: &str,
        call: Option<Call>,
        tellings: Vec<Telling>,
    ) -> Vec<(Device, calls::Outcome)> {
        let Some(pusher) = self.pusher.get() else { return Vec::new() };
        let (topic, mut all) = (topic(tag), Vec::new());
        let telling = tellings.into_iter().map(|telling| self.hand_one_over(pusher.as_ref(), scope, &topic, telling));
        let mut telling = pin!(stream::iter(telling).buffer_unordered(AT_A_TIME));
        while let Some(came) = telling.next().await {
            if let Some(call) = call {
                let note =
                    |(device, outcome): &(Device, calls::Outcome)| (device.person, device.id.to_string(), *outcome);
                self.note_calls(scope, call, calls::Way::Push, came.iter().map(note).collect());
            }
            all.extend(came);
        }
        if call.is_some() {
            // Before the job is done: what it did is known even when this process ends now.
            self.write_calls().await;
        }
        all
    }

    async fn hand_one_over(
        &self,
        pusher: &dyn Pusher,
        scope: Scope,
        topic: &str,
        Telling { devices, text }: Telling,
    ) -> Vec<(Device, calls::Outcome)> {
        let mut came = Vec::new();
        for device in devices {
            let outcome = match self.push_to(pusher, scope, &device, topic, &text).await {
                Ok(Pushed::Accepted) => calls::Outcome::Accepted,
                Ok(Pushed::Gone) => calls::Outcome::Gone,
                Err(_) => calls::Outcome::Failed,
            };
            came.push((device, outcome));
            if outcome != calls::Outcome::Gone {
                break;
            }
        }
        came
    }

    /// Hands one message over.
    async fn push_to(
        &self,
        pusher: &dyn Pusher,
        scope: Scope,
        device: &Device,
        topic: &str,
        text: &[u8],
    ) -> ports::Result<Pushed> {
        let push =
            Push { to: device.subscription.clone(), topic: topic.to_owned(), kept: KEPT_SECONDS, text: text.to_vec() };
        let pushed = tokio::select! {
            biased;
            pushed = pusher.push(push) => pushed,
            () = self.clock.sleep(HAND_OVER) => Err(Fault::unavailable("a push service", "it does not answer")),
        };
        let outcome = match &pushed {
            Ok(Pushed::Accepted) => calls::Outcome::Accepted,
            Ok(Pushed::Gone) => {
                match self.store.forget_device(scope, None, device.id).await {
                    Ok(()) | Err(Fault::NotFound) => self.directory.forget_devices(scope).await,
                    // Its push service will say so again.
                    Err(fault) => {
                        tracing::warn!(device = %device.id, error = &fault as &dyn std::error::Error, "a device that is gone was not forgotten");
                    }
                }
                calls::Outcome::Gone
            }
            Err(fault) => {
                tracing::warn!(device = %device.id, error = fault as &dyn std::error::Error, "a push failed");
                calls::Outcome::Failed
            }
        };
        metrics::counter!("baton_pushes_total", "outcome" => outcome.name()).increment(1);
        pushed
    }
}

/// The devices that have it now.
fn taken(came: &[(Device, calls::Outcome)]) -> impl Iterator<Item = &Device> {
    came.iter().filter(|(_, outcome)| *outcome == calls::Outcome::Accepted).map(|(device, _)| device)
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
