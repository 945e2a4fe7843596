//! The jobs behind webhooks: who is told of what, each delivery by itself, and what comes of it.
//!
//! A delivery is one row with one job. It is noted what came of a try after the try: a node that is killed in between tries
//! again, under the same `webhook-id`.

use std::time::Duration;

use domain::{
    ConversationId, Millis, PersonId,
    conversation::Event,
    person::Role,
    text::excerpt,
    webhooks::{
        DeliveryState, EXCERPT_CHARS, FAILING_MS, KEPT, KEPT_MS, Kind, OffWhy, Topic, Verdict, pause_after, verdict,
    },
};
use ports::{
    Fault, Scope,
    accounts::Person,
    conversations::{LogRange, Row},
    jobs::{Job, NewJob, Task},
    outside::{Call, NoReply},
    webhooks::{Attempt, Delivery, Noted, Webhook},
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::{chat_apps, sign::Secrets};
use crate::{Baton, error::Result, turn::Later};

/// Longest time for one call: what the specification recommends.
const CALL: Duration = Duration::from_secs(15);
/// So much of an answer is read, in bytes: more than is kept, for what a chat app says of a message.
const ANSWER: usize = 16_384;
/// What is said of a webhook whose secret cannot be opened any more.
const NO_SECRET: &str = "It has no secret any more: make a new one.";
/// The same of a channel.
const NO_ADDRESS: &str = "Its address was lost with the server's key: enter it again.";
/// Entries that one command writes, at most.
const ENTRIES: u32 = 50;
/// Deliveries that are swept at once.
const SWEPT: u32 = 1_000;

/// What came of a call.
pub(super) struct Tried {
    /// For the log.
    pub attempt: Attempt,
    /// What it means.
    pub verdict: Verdict,
    /// What the receiver knows the message by.
    pub reference: Option<String>,
}

impl Baton {
    /// Puts in line what webhooks are told of some entries of a log.
    pub(crate) async fn tell_webhooks(
        &self,
        scope: Scope,
        conversation: ConversationId,
        (from, to): (i64, i64),
        was_live: bool,
    ) -> Result<()> {
        let webhooks = self.store.webhooks(scope).await?;
        let row = self.store.row(scope, conversation).await?;
        let range = LogRange { after: from - 1, before: None, visitor: false, limit: ENTRIES };
        let log = self.store.log(scope, conversation, range).await?;
        let mut told: Vec<(Topic, i64, Millis)> = Vec::new();
        for logged in log.iter().filter(|logged| logged.entry.seq <= to) {
            if logged.entry.seq == 1 {
                told.push((Topic::ConversationCreated, 0, row.created_at));
            }
            if let Some(topic) = Topic::of(&logged.entry.event, was_live) {
                told.push((topic, logged.entry.seq, logged.entry.at));
            }
        }
        let now = self.clock.now();
        let mut all = Vec::new();
        for (topic, seq, at) in told {
            // The same for everybody who is told, and whenever this job runs again.
            let message = format!("msg_{}_{seq}", conversation.uuid().simple());
            for webhook in webhooks.iter().filter(|webhook| wants(webhook, topic, &row)) {
                let delivery = Delivery {
                    conversation: Some(conversation),
                    seq: (seq > 0).then_some(seq),
                    happened_at: at,
                    ..delivery(webhook.id, derived(webhook.id, &message), message.clone(), topic, now)
                };
                all.push(self.queued(delivery, now));
            }
        }
        self.put_in_line(scope, all).await
    }

    /// Puts in line what webhooks are told of an address that a visitor left.
    pub(crate) async fn tell_of_lead(&self, job: &Job, conversation: ConversationId) -> Result<()> {
        let row = self.store.row(job.scope, conversation).await?;
        let message = format!("msg_{}", job.id.simple());
        let now = self.clock.now();
        let webhooks = self.store.webhooks(job.scope).await?;
        let wanted = webhooks.iter().filter(|webhook| wants(webhook, Topic::LeadCaptured, &row));
        let all = wanted.map(|webhook| {
            let id = derived(webhook.id, &message);
            let delivery = delivery(webhook.id, id, message.clone(), Topic::LeadCaptured, now);
            self.queued(Delivery { conversation: Some(conversation), ..delivery }, now)
        });
        self.put_in_line(job.scope, all.collect()).await
    }

    fn queued(&self, delivery: Delivery, now: Millis) -> (Delivery, Option<NewJob>) {
        let task = Task::DeliverWebhook { delivery: delivery.id };
        let job = NewJob { id: self.entropy.id(now), task, run_at: now, lease: None };
        (delivery, Some(job))
    }

    pub(super) async fn put_in_line(&self, scope: Scope, all: Vec<(Delivery, Option<NewJob>)>) -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        self.store.add_deliveries(scope, all, KEPT).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Tells a webhook one thing, once. Comes back with a time when it is to be tried again.
    pub(crate) async fn deliver_webhook(&self, job: &Job, id: Uuid) -> Result<Option<Later>> {
        let (webhook, delivery) = self.store.delivery(job.scope, id).await?;
        if delivery.state != DeliveryState::Waiting {
            // It was noted what came of it, and then this process was gone.
            return Ok(None);
        }
        if let Some(at) = delivery.next_at.filter(|at| *at > self.clock.now()) {
            // The same, and it is to be tried again.
            return Ok(Some(Later { at, why: "its time has not come".into() }));
        }
        if webhook.off.is_some() {
            return self.dropped(job.scope, &delivery).await;
        }
        let _place = match self.lanes.enter(webhook.id) {
            Ok(place) => place,
            Err(back) => {
                let at = self.clock.now().plus(back);
                return Ok(Some(Later { at, why: "others of this webhook are being sent".into() }));
            }
        };
        let Some(tried) = self.try_webhook(job.scope, &webhook, &delivery).await? else {
            return self.dropped(job.scope, &delivery).await;
        };
        let Tried { attempt, verdict, reference } = tried;
        let tries = delivery.tries + 1;
        let (state, pause) = match verdict {
            Verdict::Taken => (DeliveryState::Delivered, None),
            Verdict::Gone => (DeliveryState::Failed, None),
            Verdict::NotTaken => match pause_after(tries, delivery.id.as_bytes()[0]) {
                Some(pause) => (DeliveryState::Waiting, Some(pause)),
                None => (DeliveryState::Failed, None),
            },
        };
        let now = self.clock.now();
        let next_at = pause.map(|pause| now.plus(pause));
        let why = attempt.answer.clone();
        metrics::counter!("baton_webhooks_total", "outcome" => state.name()).increment(1);
        let noted = Noted { delivery: delivery.id, attempt: Some(attempt), state, next_at, reference };
        let failing_since = self.store.note_attempt(job.scope, noted).await?;
        let off = match failing_since {
            _ if verdict == Verdict::Gone => Some(OffWhy::Gone),
            Some(since) if now.since(since) >= FAILING_MS => Some(OffWhy::Failing),
            _ => None,
        };
        if let Some(why) = off {
            self.switch_off(job.scope, webhook.id, why).await?;
        }
        Ok(next_at.map(|at| Later { at, why }))
    }

    async fn dropped(&self, scope: Scope, delivery: &Delivery) -> Result<Option<Later>> {
        let (id, state) = (delivery.id, DeliveryState::Dropped);
        let noted = Noted { delivery: id, attempt: None, state, next_at: None, reference: None };
        self.store.note_attempt(scope, noted).await?;
        Ok(None)
    }

    /// Calls a webhook. Nothing when what it is to be told is not there any more.
    pub(super) async fn try_webhook(
        &self,
        scope: Scope,
        webhook: &Webhook,
        delivery: &Delivery,
    ) -> Result<Option<Tried>> {
        let at = self.clock.now();
        let call = match (self.secrets(webhook), webhook.endpoint.kind) {
            (None, kind) => Err(if kind == Kind::Standard { NO_SECRET } else { NO_ADDRESS }),
            (Some(secrets), Kind::Standard) => match self.webhook_body(scope, delivery).await? {
                Some(body) => Ok(signed(webhook, delivery, &secrets, at, body)),
                None => return Ok(None),
            },
            (Some(secrets), _) => match self.channel_call(scope, webhook, delivery, &secrets.now).await? {
                Some(call) => Ok(call),
                None => return Ok(None),
            },
        };
        let began = self.clock.instant();
        let replied = match call {
            Ok(call) => self.call_webhook(call).await,
            Err(missing) => Err(missing.to_owned()),
        };
        let took = u64::try_from((self.clock.instant() - began).as_millis()).unwrap_or(u64::MAX);
        Ok(Some(match replied {
            Ok((status, body)) => {
                let verdict = verdict(status);
                let edits = webhook.endpoint.kind == Kind::Discord && verdict == Verdict::Taken;
                let reference = edits.then(|| chat_apps::reference(&body)).flatten();
                let answer = excerpt(&domain::text::printable(&body), EXCERPT_CHARS);
                Tried { attempt: Attempt { at, took, status: Some(status), answer }, verdict, reference }
            }
            Err(answer) => {
                let attempt = Attempt { at, took, status: None, answer };
                Tried { attempt, verdict: Verdict::NotTaken, reference: None }
            }
        }))
    }

    async fn call_webhook(&self, call: Call) -> std::result::Result<(u16, String), String> {
        let replied = tokio::select! {
            biased;
            replied = self.outside.hand_over(call) => replied,
            () = self.clock.sleep(CALL) => Err(NoReply::TimedOut),
        };
        let reply = replied.map_err(|none| excerpt(&none.to_string(), EXCERPT_CHARS))?;
        Ok((reply.status, String::from_utf8_lossy(&reply.body).into_owned()))
    }

    /// Switches a webhook off, and has its owner told where this server sends mail.
    async fn switch_off(&self, scope: Scope, id: Uuid, why: OffWhy) -> Result<()> {
        let now = self.clock.now();
        let task = Task::MailWebhookOff { webhook: id };
        let job = NewJob { id: self.entropy.id(now), task, run_at: now, lease: None };
        let jobs = if self.sends_mail() { vec![job] } else { Vec::new() };
        if self.store.switch_webhook_off(scope, id, why, now, jobs).await? {
            tracing::warn!(webhook = %id, why = why.name(), "a webhook was switched off");
            self.directory.forget_webhooks(scope).await;
            self.turns.nudge();
        }
        Ok(())
    }

    /// Tells whoever made a webhook, or an owner of the workspace in their place, that it was switched off.
    pub(crate) async fn mail_webhook_off(&self, job: &Job, id: Uuid) -> Result<()> {
        let webhook = self.store.webhook(job.scope, id).await?;
        let Some((why, _)) = webhook.off else { return Ok(()) };
        let Some(person) = self.responsible(job.scope, webhook.by).await? else { return Ok(()) };
        let name = &webhook.endpoint.name;
        let reason = match why {
            OffWhy::Gone => "its receiver has answered 410: it wants no more messages",
            OffWhy::Failing => "every message has failed for three days",
            // Whoever did that knows it.
            OffWhy::Person => return Ok(()),
        };
        let words = format!(
            "Hello {},\n\nthe webhook \"{name}\" was switched off: {reason}. Until it is switched on again it is told of \
             nothing.",
            person.name
        );
        let subject = format!("The webhook \"{name}\" was switched off");
        self.mail_page(job.id, person.email, subject, &words, &format!("webhooks/{id}")).await
    }

    async fn responsible(&self, scope: Scope, made_by: PersonId) -> Result<Option<Person>> {
        let maker = self.store.person(made_by).await?.filter(|person| person.active && person.scope == scope);
        if maker.is_some() {
            return Ok(maker);
        }
        let people = self.store.people(scope, None, domain::limits::PAGE.1).await?;
        Ok(people.into_iter().find(|person| person.active && person.role == Some(Role::Owner)))
    }

    /// Forgets old deliveries.
    pub(crate) async fn sweep_deliveries(&self) {
        let before = self.clock.now().plus(-KEPT_MS);
        loop {
            match self.store.sweep_deliveries(before, SWEPT).await {
                Ok(count) if count == u64::from(SWEPT) => {}
                Ok(_) => return,
                Err(fault) => {
                    tracing::warn!(
                        error = &fault as &dyn std::error::Error,
                        "old deliveries of webhooks are left over"
                    );
                    return;
                }
            }
        }
    }

    /// The secrets of a webhook; nothing when they cannot be opened any more.
    pub(super) fn secrets(&self, webhook: &Webhook) -> Option<Secrets> {
        let opened = self.vault.open(&purpose(webhook.id), webhook.sealed.as_ref()?).ok()?;
        serde_json::from_slice(&opened).ok()
    }

    pub(super) fn sealed(&self, webhook: Uuid, secrets: &Secrets) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(secrets).map_err(|error| Fault::broken("a webhook's secrets", error))?;
        Ok(self.vault.seal(&purpose(webhook), &text)?)
    }

    /// The id of the job that has webhooks told of what a command does; nothing where there are none.
    pub(crate) async fn webhook_job(&self, scope: Scope) -> Result<Option<Uuid>> {
        let any = self.directory.has_webhooks(scope).await?;
        Ok(any.then(|| self.entropy.id(self.clock.now())))
    }
}

/// A signed message.
fn signed(webhook: &Webhook, delivery: &Delivery, secrets: &Secrets, at: Millis, body: Vec<u8>) -> Call {
    let timestamp = at.0 / 1_000;
    let signature = secrets.signatures(&delivery.message, timestamp, &body, at.0);
    let headers = [
        ("webhook-id", delivery.message.clone()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature),
    ];
    json_call("POST", webhook.endpoint.url.clone(), &headers, body)
}

/// A call with a body of JSON.
pub(super) fn json_call(method: &'static str, url: String, headers: &[(&str, String)], body: Vec<u8>) -> Call {
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    Call {
        method,
        url,
        headers: [json].into_iter().chain(headers).collect(),
        body: Some(body),
        within: CALL,
        longest: ANSWER,
        redirects: 0,
    }
}

/// The job that has webhooks told of what was decided, if there is anything to tell.
pub(crate) fn telling(id: Uuid, row: &Row, events: &[Event], now: Millis) -> Option<NewJob> {
    let was_live = row.state.standing() == domain::conversation::Standing::Live;
    let any = events.iter().any(|event| Topic::of(event, was_live).is_some());
    let (from, to) = (row.state.seq + 1, row.state.seq + i64::try_from(events.len()).unwrap_or(0));
    let task = Task::TellWebhooks { conversation: row.id, from, to, was_live };
    (any || from == 1).then_some(NewJob { id, task, run_at: now, lease: None })
}

fn wants(webhook: &Webhook, topic: Topic, row: &Row) -> bool {
    webhook.off.is_none()
        && webhook.endpoint.topics.contains(&topic)
        && webhook.chatbot.is_none_or(|chatbot| chatbot == row.chatbot)
}

/// A delivery that waits for its first try.
pub(super) fn delivery(webhook: Uuid, id: Uuid, message: String, topic: Topic, now: Millis) -> Delivery {
    Delivery {
        id,
        webhook,
        message,
        topic,
        conversation: None,
        seq: None,
        happened_at: now,
        at: now,
        state: DeliveryState::Waiting,
        tries: 0,
        last: None,
        next_at: Some(now),
        reference: None,
    }
}

/// The id of a delivery, the same whenever it is made.
fn derived(webhook: Uuid, message: &str) -> Uuid {
    let digest = Sha256::new().chain_update(webhook.as_bytes()).chain_update(message).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

fn purpose(webhook: Uuid) -> String {
    format!("secrets of the webhook {webhook}")
}
