//! Webhooks and their deliveries.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis,
    webhooks::{DeliveryState, Endpoint, Kind, OffWhy, Topic},
};
use ports::{
    Result, Scope,
    jobs::NewJob,
    requests::{Creation, RequestKey},
    webhooks::{Attempt, Delivery, Noted, Webhook, Webhooks},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::{Failure, Outcome},
    requests, rows,
    statements::{jobs as jobs_sql, webhooks as sql},
    value::{Row, Value, args},
};

/// Of so many deliveries one looks whether there are too many: looking is walking over all that are kept.
const LOOKS: u8 = 64;

fn topics(text: &str) -> Vec<Topic> {
    // What a later release wrote and this one does not know is told of by nobody.
    text.split(' ').filter_map(Topic::named).collect()
}

fn names(topics: &[Topic]) -> String {
    topics.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(" ")
}

fn webhook(row: &Row) -> Outcome<Webhook> {
    let off = match (row.maybe_text(8)?.and_then(OffWhy::named), row.maybe_int(9)?) {
        (Some(why), Some(at)) => Some((why, Millis(at))),
        _ => None,
    };
    Ok(Webhook {
        id: row.id(0)?,
        chatbot: row.maybe_id(1)?,
        endpoint: Endpoint {
            name: row.text(2)?.to_owned(),
            url: row.text(3)?.to_owned(),
            topics: topics(row.text(4)?),
            kind: row.named(11, Kind::named)?,
        },
        sealed: row.maybe_bytes(5)?.map(<[u8]>::to_vec),
        by: row.id(6)?,
        at: row.time(7)?,
        off,
        failing_since: row.maybe_int(10)?.map(Millis),
    })
}

fn delivery(row: &Row) -> Outcome<Delivery> {
    let last = match row.maybe_int(10)? {
        None => None,
        Some(at) => Some(Attempt {
            at: Millis(at),
            took: row.maybe_int(11)?.and_then(|took| u64::try_from(took).ok()).unwrap_or_default(),
            status: row.maybe_int(12)?.and_then(|status| u16::try_from(status).ok()),
            answer: row.maybe_text(13)?.unwrap_or_default().to_owned(),
        }),
    };
    Ok(Delivery {
        id: row.id(0)?,
        webhook: row.id(1)?,
        message: row.text(2)?.to_owned(),
        topic: row.named(3, Topic::named)?,
        conversation: row.maybe_id(4)?,
        seq: row.maybe_int(5)?,
        happened_at: row.time(6)?,
        at: row.time(7)?,
        state: row.named(8, DeliveryState::named)?,
        tries: rows::tries(row, 9)?,
        last,
        next_at: row.maybe_int(14)?.map(Millis),
        reference: row.maybe_text(15)?.map(str::to_owned),
    })
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn delivery_values(scope: Scope, one: &Delivery) -> Vec<Value> {
    let last = one.last.as_ref();
    args![
        one.id,
        one.webhook,
        scope,
        one.message.as_str(),
        one.topic.name(),
        one.conversation,
        one.seq,
        one.happened_at,
        one.at,
        one.state.name(),
        i64::from(one.tries),
        last.map(|last| last.at),
        last.map(|last| number(last.took)),
        last.and_then(|last| last.status).map(i64::from),
        last.map(|last| last.answer.as_str()),
        one.next_at,
    ]
}

#[async_trait]
impl Webhooks for Database {
    async fn webhooks(&self, scope: Scope) -> Result<Vec<Webhook>> {
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::WEBHOOKS, args![scope]).await?.iter().map(webhook).collect() })
        })
        .await
    }

    async fn webhook(&self, scope: Scope, id: Uuid) -> Result<Webhook> {
        self.read(move |tx| Box::pin(async move { webhook(&tx.one(&sql::WEBHOOK, args![id, scope]).await?) })).await
    }

    async fn add_webhook(
        &self,
        scope: Scope,
        webhook: Webhook,
        most: usize,
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, webhook.id).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                let count = tx.one(&sql::COUNT_WEBHOOKS, args![scope]).await?.count(0)?;
                if count >= u64::try_from(most).unwrap_or(u64::MAX) {
                    return Err(Failure::Conflict("as many webhooks as a workspace can have"));
                }
                let Webhook { id, chatbot, endpoint, sealed, by, at, .. } = webhook;
                let sealed = sealed.map_or(Value::Null, Value::Bytes);
                let topics = names(&endpoint.topics);
                let kind = endpoint.kind.name();
                let values = args![id, scope, chatbot, by, endpoint.name, endpoint.url, topics, sealed, at, kind];
                tx.must(&sql::ADD_WEBHOOK, values).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn save_webhook(&self, scope: Scope, id: Uuid, endpoint: Endpoint, chatbot: Option<ChatbotId>) -> Result<()> {
        let topics = names(&endpoint.topics);
        let args = args![id, scope, endpoint.name, endpoint.url, topics, chatbot];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SAVE_WEBHOOK, args).await })).await
    }

    async fn seal_webhook(&self, scope: Scope, id: Uuid, sealed: Vec<u8>) -> Result<()> {
        let args = args![id, scope, Value::Bytes(sealed)];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SEAL_WEBHOOK, args).await })).await
    }

    async fn switch_webhook_on(&self, scope: Scope, id: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::SWITCH_ON, args![id, scope]).await })).await
    }

    async fn switch_webhook_off(
        &self,
        scope: Scope,
        id: Uuid,
        why: OffWhy,
        at: Millis,
        jobs: Vec<NewJob>,
    ) -> Result<bool> {
        let jobs = jobs.iter().map(|job| rows::job_values(scope, job)).collect::<Outcome<Vec<_>>>()?;
        self.write(move |tx| {
            Box::pin(async move {
                let off = tx.run(&sql::SWITCH_OFF, args![id, scope, why.name(), at]).await? > 0;
                if off {
                    tx.run_all(&jobs_sql::ADD_JOBS.calls(jobs)).await?;
                }
                Ok(off)
            })
        })
        .await
    }

    async fn remove_webhook(&self, scope: Scope, id: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::DELETE_WEBHOOK, args![id, scope]).await })).await
    }

    async fn add_deliveries(&self, scope: Scope, deliveries: Vec<(Delivery, Option<NewJob>)>, most: u32) -> Result<()> {
        let mut all = Vec::with_capacity(deliveries.len());
        for (delivery, job) in &deliveries {
            let looks = delivery.id.as_bytes()[15] % LOOKS == 0;
            let job = job.as_ref().map(|job| rows::job_values(scope, job)).transpose()?;
            all.push((delivery_values(scope, delivery), job, looks.then_some(delivery.webhook)));
        }
        self.write(move |tx| {
            Box::pin(async move {
                let mut jobs = Vec::new();
                for (delivery, job, looks) in all {
                    if tx.run(&sql::ADD_DELIVERY, delivery).await? > 0 {
                        jobs.extend(job);
                    }
                    if let Some(webhook) = looks {
                        tx.run(&sql::FORGET_OLD_DELIVERIES, args![webhook, i64::from(most)]).await?;
                    }
                }
                tx.run_all(&jobs_sql::ADD_JOBS.calls(jobs)).await
            })
        })
        .await
    }

    async fn delivery(&self, scope: Scope, id: Uuid) -> Result<(Webhook, Delivery)> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = delivery(&tx.one(&sql::DELIVERY, args![id, scope]).await?)?;
                Ok((webhook(&tx.one(&sql::WEBHOOK, args![found.webhook, scope]).await?)?, found))
            })
        })
        .await
    }

    async fn reference(
        &self,
        scope: Scope,
        webhook: Uuid,
        conversation: ConversationId,
        topic: Topic,
    ) -> Result<Option<String>> {
        let args = args![conversation, webhook, scope, topic.name()];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.first(&sql::REFERENCE, args).await?;
                found.map(|row| row.text(0).map(str::to_owned)).transpose()
            })
        })
        .await
    }

    async fn deliveries(
        &self,
        scope: Scope,
        webhook: Uuid,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        let (at, last) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        let page = args![webhook, scope, at, last, i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::DELIVERIES, page).await?.iter().map(delivery).collect() })
        })
        .await
    }

    async fn note_attempt(&self, scope: Scope, noted: Noted) -> Result<Option<Millis>> {
        self.write(move |tx| {
            Box::pin(async move {
                let Noted { delivery, attempt, state, next_at, reference } = noted;
                let tried = attempt.as_ref();
                let values = args![
                    delivery,
                    scope,
                    state.name(),
                    next_at,
                    i64::from(tried.is_some()),
                    tried.map(|tried| tried.at),
                    tried.map(|tried| number(tried.took)),
                    tried.and_then(|tried| tried.status).map(i64::from),
                    tried.map(|tried| tried.answer.as_str()),
                    reference,
                ];
                let webhook: Uuid = tx.one(&sql::NOTE_DELIVERY, values).await?.id(0)?;
                match (&attempt, state) {
                    (None, _) => Ok(None),
                    (Some(_), DeliveryState::Delivered) => {
                        tx.run(&sql::WEBHOOK_WORKED, args![webhook, scope]).await?;
                        Ok(None)
                    }
                    (Some(attempt), _) => {
                        let since = tx.one(&sql::WEBHOOK_FAILED, args![webhook, scope, attempt.at]).await?;
                        Ok(since.maybe_int(0)?.map(Millis))
                    }
                }
            })
        })
        .await
    }

    async fn sweep_deliveries(&self, before: Millis, limit: u32) -> Result<u64> {
        let args = args![before, i64::from(limit)];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::SWEEP_DELIVERIES, args).await })).await
    }
}
