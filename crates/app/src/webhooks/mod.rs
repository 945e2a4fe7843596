//! Webhooks: servers of the owner that are told of what happens. Admins of the workspace manage them.

mod chat_apps;
mod deliver;
mod lanes;
mod message;
mod sign;

use std::net::IpAddr;

use domain::{
    ChatbotId, Millis,
    webhooks::{DeliveryState, Endpoint, Kind, OVERLAP_MS, OffWhy, Topic, Verdict, WEBHOOKS, masked},
};
use ports::{
    jobs::{NewJob, Task},
    requests::Creation,
    webhooks::{Delivery, Webhook},
};
use uuid::Uuid;

pub(crate) use deliver::telling;
pub(crate) use lanes::Lanes;

use self::{deliver::delivery, sign::Secrets};
use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
    limiter::Door,
};

/// A webhook as somebody wants it.
#[derive(Debug, Clone)]
pub struct WebhookDraft {
    /// Where it is, and what it is told of.
    pub endpoint: Endpoint,
    /// Only of this chatbot; of all of them when absent.
    pub chatbot: Option<ChatbotId>,
    /// Whether it is on.
    pub enabled: bool,
}

impl Baton {
    /// The public address of the desk, without a trailing slash, for links in what leaves the server. Once, at the start.
    pub fn known_as(&self, public_url: String) {
        // A second one would be a defect of the start-up; the first one stays.
        let _ = self.public_url.set(public_url);
    }

    /// All webhooks of the workspace, by name, or those of one chatbot.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`] for a chatbot that is not theirs to see.
    pub async fn webhooks(&self, staff: &Staff, of: Option<ChatbotId>) -> Result<Vec<Webhook>> {
        self.manages(staff, of).await?;
        let mut all = self.store.webhooks(staff.scope()).await?;
        all.retain(|webhook| of.is_none() || webhook.chatbot == of);
        Ok(all)
    }

    /// Whoever administers a chatbot manages its webhooks; those of all chatbots are the workspace's.
    async fn manages(&self, staff: &Staff, of: Option<ChatbotId>) -> Result<()> {
        match of {
            Some(chatbot) => self.administered(staff, chatbot).await.map(drop),
            None => staff.administers_workspace(),
        }
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn webhook(&self, staff: &Staff, id: Uuid) -> Result<Webhook> {
        let webhook = self.store.webhook(staff.scope(), id).await?;
        match self.manages(staff, webhook.chatbot).await {
            // The chatbot is there, and not theirs to see.
            Err(AppError::NotFound) => Err(AppError::Forbidden),
            may => may.map(|()| webhook),
        }
    }

    /// Adds a webhook, once where the call has a key. Comes back with its secret, which is shown this once; a channel of a
    /// chat app has none.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], the field at fault, [`AppError::Exists`] when there are as many as there can be,
    /// [`AppError::KeyReused`].
    pub async fn add_webhook(
        &self,
        staff: &Staff,
        draft: WebhookDraft,
        key: Option<&str>,
    ) -> Result<(Webhook, Option<String>)> {
        let draft = self.checked_webhook(staff, draft, None).await?;
        let now = self.clock.now();
        let WebhookDraft { mut endpoint, chatbot, enabled } = draft;
        let kind = endpoint.kind;
        let topics: Vec<&str> = endpoint.topics.iter().map(|topic| topic.name()).collect();
        let of = chatbot.map(|chatbot| chatbot.to_string()).unwrap_or_default();
        let body = [&[kind.name(), endpoint.name.as_str(), &endpoint.url, &of], topics.as_slice()].concat();
        let key = key.map(|key| staff.request_key("webhooks".into(), key, &body, now)).transpose()?;
        let id = self.entropy.id(now);
        let secrets = match kind {
            Kind::Standard => Secrets::first(&self.entropy.secret()),
            _ => {
                let shown = masked(&endpoint.url);
                Secrets::address(std::mem::replace(&mut endpoint.url, shown))
            }
        };
        let webhook = Webhook {
            id,
            chatbot,
            endpoint,
            sealed: Some(self.sealed(id, &secrets)?),
            by: staff.id(),
            at: now,
            off: None,
            failing_since: None,
        };
        let id = match self.store.add_webhook(staff.scope(), webhook, WEBHOOKS, key).await? {
            Creation::Made if !enabled => {
                self.store.switch_webhook_off(staff.scope(), id, OffWhy::Person, now, Vec::new()).await?;
                id
            }
            Creation::Made => id,
            Creation::MadeBefore(id) => id,
            Creation::KeyReused => return Err(AppError::KeyReused),
        };
        self.directory.forget_webhooks(staff.scope()).await;
        let webhook = self.store.webhook(staff.scope(), id).await?;
        let secret = self.secrets(&webhook).ok_or(AppError::NotFound)?.now;
        Ok((webhook, (kind == Kind::Standard).then_some(secret)))
    }

    /// Changes a webhook. What waits for it goes to the new address.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], the field at fault.
    pub async fn change_webhook(&self, staff: &Staff, id: Uuid, draft: WebhookDraft) -> Result<Webhook> {
        let (scope, before) = (staff.scope(), self.webhook(staff, id).await?);
        let mut draft = self.checked_webhook(staff, draft, Some(&before)).await?;
        if before.endpoint.kind != Kind::Standard && draft.endpoint.url != before.endpoint.url {
            let shown = masked(&draft.endpoint.url);
            let secrets = Secrets::address(std::mem::replace(&mut draft.endpoint.url, shown));
            self.store.seal_webhook(scope, id, self.sealed(id, &secrets)?).await?;
        }
        self.store.save_webhook(scope, id, draft.endpoint, draft.chatbot).await?;
        match (before.off, draft.enabled) {
            (Some(_), true) => self.store.switch_webhook_on(scope, id).await?,
            (None, false) => {
                let now = self.clock.now();
                self.store.switch_webhook_off(scope, id, OffWhy::Person, now, Vec::new()).await?;
            }
            _ => {}
        }
        self.directory.forget_webhooks(scope).await;
        Ok(self.store.webhook(scope, id).await?)
    }

    /// Gives a webhook a new secret, which is shown this once. The one before signs beside it for a day; comes back with
    /// the end of that day.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a channel of a chat app; [`AppError::Forbidden`].
    pub async fn replace_webhook_secret(&self, staff: &Staff, id: Uuid) -> Result<(String, Millis)> {
        let webhook = self.webhook(staff, id).await?;
        if webhook.endpoint.kind != Kind::Standard {
            return Err(AppError::NotFound);
        }
        let until = self.clock.now().plus(OVERLAP_MS);
        let random = self.entropy.secret();
        let secrets = match self.secrets(&webhook) {
            Some(secrets) => secrets.replaced(&random, until.0),
            None => Secrets::first(&random),
        };
        self.store.seal_webhook(staff.scope(), id, self.sealed(id, &secrets)?).await?;
        Ok((secrets.now, until))
    }

    /// Removes a webhook with its log. What waits for it is not sent.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn remove_webhook(&self, staff: &Staff, id: Uuid) -> Result<()> {
        self.webhook(staff, id).await?;
        self.store.remove_webhook(staff.scope(), id).await?;
        self.directory.forget_webhooks(staff.scope()).await;
        Ok(())
    }

    /// What a webhook was told, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn webhook_deliveries(
        &self,
        staff: &Staff,
        id: Uuid,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        self.webhook(staff, id).await?;
        Ok(self.store.deliveries(staff.scope(), id, before, limit).await?)
    }

    /// Tells a webhook the same once more, under the same `webhook-id`, with all tries anew.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::WebhookOff`].
    pub async fn replay_delivery(&self, staff: &Staff, webhook: Uuid, id: Uuid) -> Result<Delivery> {
        let on = self.webhook(staff, webhook).await?.off.is_none();
        let (_, before) = self.store.delivery(staff.scope(), id).await?;
        if before.webhook != webhook {
            return Err(AppError::NotFound);
        }
        if !on {
            return Err(AppError::WebhookOff);
        }
        let now = self.clock.now();
        let again = Delivery {
            conversation: before.conversation,
            seq: before.seq,
            happened_at: before.happened_at,
            ..delivery(webhook, self.entropy.id(now), before.message, before.topic, now)
        };
        let task = Task::DeliverWebhook { delivery: again.id };
        let job = NewJob { id: self.entropy.id(now), task, run_at: now, lease: None };
        self.put_in_line(staff.scope(), vec![(again.clone(), Some(job))]).await?;
        Ok(again)
    }

    /// Sends a test event at once, whether the webhook is on or not, and says what came of it. It is tried once.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::RateLimited`].
    pub async fn test_webhook(&self, staff: &Staff, id: Uuid, address: IpAddr) -> Result<Delivery> {
        let webhook = self.webhook(staff, id).await?;
        self.limiter.door(Door::Model, address)?;
        let now = self.clock.now();
        let own = self.entropy.id(now);
        let mut test = delivery(id, own, format!("msg_{}", own.simple()), Topic::Test, now);
        let tried = self.try_webhook(staff.scope(), &webhook, &test).await?.ok_or(AppError::NotFound)?;
        test.state = if tried.verdict == Verdict::Taken { DeliveryState::Delivered } else { DeliveryState::Failed };
        (test.tries, test.last, test.next_at) = (1, Some(tried.attempt), None);
        self.put_in_line(staff.scope(), vec![(test.clone(), None)]).await?;
        Ok(test)
    }

    async fn checked_webhook(
        &self,
        staff: &Staff,
        draft: WebhookDraft,
        before: Option<&Webhook>,
    ) -> Result<WebhookDraft> {
        match self.manages(staff, draft.chatbot).await {
            Err(AppError::NotFound) => return Err(AppError::invalid("chatbot_id", "is none of your chatbots")),
            may => may?,
        }
        let kind = before.map_or(draft.endpoint.kind, |before| before.endpoint.kind);
        let endpoint = Endpoint { kind, ..draft.endpoint }.validated()?;
        // What is shown of a channel's address says that it stays.
        let stays = kind != Kind::Standard && before.is_some_and(|before| before.endpoint.url == endpoint.url);
        if !stays {
            self.outside.check(&endpoint.url).map_err(|shut| AppError::invalid("url", shut))?;
        }
        Ok(WebhookDraft { endpoint, ..draft })
    }
}
