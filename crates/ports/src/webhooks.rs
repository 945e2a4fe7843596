//! Webhooks: endpoints of the owner's servers, and what they were told.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis, PersonId,
    webhooks::{DeliveryState, Endpoint, OffWhy, Topic},
};
use uuid::Uuid;

use crate::{
    Result, Scope,
    jobs::NewJob,
    requests::{Creation, RequestKey},
};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: Uuid,
    /// Only of this chatbot; of all of them when absent.
    pub chatbot: Option<ChatbotId>,
    /// Where it is, and what it is told of.
    pub endpoint: Endpoint,
    /// Its secret, or the whole address of a chat app's channel, sealed by the [`Vault`](crate::world::Vault); nothing when
    /// the key that sealed it is lost.
    pub sealed: Option<Vec<u8>>,
    /// Who made it.
    pub by: PersonId,
    /// When it was made.
    pub at: Millis,
    /// Why it is told of nothing, and since when.
    pub off: Option<(OffWhy, Millis)>,
    /// Since when every try has failed.
    pub failing_since: Option<Millis>,
}

/// Something that a webhook is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// Which webhook.
    pub webhook: Uuid,
    /// What the receiver knows it by, whenever it is sent: `webhook-id`.
    pub message: String,
    /// What it is about.
    pub topic: Topic,
    /// The conversation, where it is about one.
    pub conversation: Option<ConversationId>,
    /// The entry of its log, where it is about one.
    pub seq: Option<i64>,
    /// When that happened.
    pub happened_at: Millis,
    /// When it was put in line.
    pub at: Millis,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// The last try.
    pub last: Option<Attempt>,
    /// When it is tried again.
    pub next_at: Option<Millis>,
    /// What the receiver knows it by, where it says so and lets it be changed.
    pub reference: Option<String>,
}

/// A try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took: u64,
    /// What the receiver answered.
    pub status: Option<u16>,
    /// The beginning of its answer; what went wrong when there is none.
    pub answer: String,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Which delivery.
    pub delivery: Uuid,
    /// The try; nothing when it was not tried any more.
    pub attempt: Option<Attempt>,
    /// How it stands now.
    pub state: DeliveryState,
    /// When it is tried again.
    pub next_at: Option<Millis>,
    /// What the receiver knows it by, where it has said so.
    pub reference: Option<String>,
}

/// Webhooks and their deliveries.
#[async_trait]
pub trait Webhooks {
    /// All of a workspace, by name.
    async fn webhooks(&self, scope: Scope) -> Result<Vec<Webhook>>;

    /// One. `NotFound` when it is not there.
    async fn webhook(&self, scope: Scope, id: Uuid) -> Result<Webhook>;

    /// Adds one, once where the call has a key. `Conflict` when there are `most`.
    async fn add_webhook(
        &self,
        scope: Scope,
        webhook: Webhook,
        most: usize,
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// Changes where it is, what it is told of, and of which chatbot.
    async fn save_webhook(&self, scope: Scope, id: Uuid, endpoint: Endpoint, chatbot: Option<ChatbotId>) -> Result<()>;

    /// Gives it another sealed secret.
    async fn seal_webhook(&self, scope: Scope, id: Uuid, sealed: Vec<u8>) -> Result<()>;

    /// Switches it on: whatever failed before does not count any more.
    async fn switch_webhook_on(&self, scope: Scope, id: Uuid) -> Result<()>;

    /// Switches it off, with the jobs that tell of it. False when it was off already.
    async fn switch_webhook_off(
        &self,
        scope: Scope,
        id: Uuid,
        why: OffWhy,
        at: Millis,
        jobs: Vec<NewJob>,
    ) -> Result<bool>;

    /// Removes it with its deliveries.
    async fn remove_webhook(&self, scope: Scope, id: Uuid) -> Result<()>;

    /// Puts deliveries in line, each with its job. One that is there already stays as it is, and gets no second job. Of each
    /// webhook about `most` are kept, the newest.
    async fn add_deliveries(&self, scope: Scope, deliveries: Vec<(Delivery, Option<NewJob>)>, most: u32) -> Result<()>;

    /// A delivery with its webhook. `NotFound` when either is gone.
    async fn delivery(&self, scope: Scope, id: Uuid) -> Result<(Webhook, Delivery)>;

    /// What the receiver knows the newest delivery on a topic by that was about a conversation.
    async fn reference(
        &self,
        scope: Scope,
        webhook: Uuid,
        conversation: ConversationId,
        topic: Topic,
    ) -> Result<Option<String>>;

    /// Deliveries of a webhook, the newest first: at most `limit`, before the time and id of the last one seen.
    async fn deliveries(
        &self,
        scope: Scope,
        webhook: Uuid,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Delivery>>;

    /// Notes what came of a try. Says since when every try of the webhook has failed.
    async fn note_attempt(&self, scope: Scope, noted: Noted) -> Result<Option<Millis>>;

    /// Forgets deliveries of every workspace from before that time, at most `limit`; how many there were.
    async fn sweep_deliveries(&self, before: Millis, limit: u32) -> Result<u64>;
}
