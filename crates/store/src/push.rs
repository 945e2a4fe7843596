//! Devices that people are told on by push, and this server's key at push services.

use async_trait::async_trait;
use domain::{PersonId, push::Subscription};
use ports::{
    Result, Scope,
    push::{Device, Devices},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::Outcome,
    statements::push as sql,
    value::{Row, args},
};

fn device(row: &Row) -> Outcome<Device> {
    Ok(Device {
        id: row.id(0)?,
        person: row.id(1)?,
        subscription: Subscription {
            endpoint: row.text(2)?.to_owned(),
            key: row.bytes(3)?.to_vec(),
            auth: row.bytes(4)?.to_vec(),
        },
        name: row.maybe_text(5)?.map(str::to_owned),
        at: row.time(6)?,
        used_at: row.time(7)?,
    })
}

#[async_trait]
impl Devices for Database {
    async fn keep_device(&self, scope: Scope, device: Device, session: Option<[u8; 32]>, most: usize) -> Result<Uuid> {
        self.write(move |tx| {
            Box::pin(async move {
                let Device { id, person, subscription, name, at, used_at } = device;
                let Subscription { endpoint, key, auth } = subscription;
                let (key, auth) = (key.as_slice(), auth.as_slice());
                let kept = args![id, scope, person, endpoint, key, auth, name, at, used_at, session];
                let id = tx.one(&sql::KEEP_DEVICE, kept).await?.id(0)?;
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                tx.run(&sql::FORGET_OLD_DEVICES, args![person, most]).await?;
                Ok(id)
            })
        })
        .await
    }

    async fn devices(&self, scope: Scope, limit: u32) -> Result<Vec<Device>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::DEVICES, args![scope, i64::from(limit)]).await?;
                found.iter().map(device).collect()
            })
        })
        .await
    }

    async fn forget_device(&self, scope: Scope, person: Option<PersonId>, device: Uuid) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                match person {
                    Some(person) => tx.must(&sql::FORGET_DEVICE_OF, args![device, scope, person]).await,
                    None => tx.must(&sql::FORGET_DEVICE, args![device, scope]).await,
                }
            })
        })
        .await
    }

    async fn push_key(&self) -> Result<Option<Vec<u8>>> {
        self.read(|tx| {
            Box::pin(async move {
                tx.first(&sql::PUSH_KEY, Vec::new()).await?.map(|row| Ok(row.bytes(0)?.to_vec())).transpose()
            })
        })
        .await
    }

    async fn claim_push_key(&self, sealed: Vec<u8>) -> Result<Vec<u8>> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.run(&sql::CLAIM_PUSH_KEY, args![sealed.as_slice()]).await?;
                Ok(tx.one(&sql::PUSH_KEY, Vec::new()).await?.bytes(0)?.to_vec())
            })
        })
        .await
    }
}
