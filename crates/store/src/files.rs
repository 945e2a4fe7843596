//! Files of conversations: what is known of them. Their bytes are elsewhere.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, FileId, Millis};
use ports::{
    Result, Scope,
    files::{Added, File, FileLimits, Files},
    requests::{Creation, RequestKey},
};

use crate::{
    Database,
    failure::Outcome,
    requests, rows,
    statements::files as sql,
    tx::Tx,
    value::{Row, Value, args},
};

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn file_values(file: &File) -> Vec<Value> {
    let of = &file.attached;
    let (width, height) = of.pixels.unzip();
    args![
        of.id,
        file.scope,
        file.chatbot,
        file.conversation,
        file.uploader.as_str(),
        of.key.as_str(),
        of.name.as_str(),
        file.kind.name(),
        number(of.bytes),
        width.map(i64::from),
        height.map(i64::from),
        file.state.name(),
        file.at,
    ]
}

async fn add(tx: &mut Tx, file: &File, limits: FileLimits, key: Option<&RequestKey>) -> Outcome<Added> {
    let (scope, conversation) = (file.scope, file.conversation);
    if let Some(key) = key {
        match requests::claim(tx, key, file.attached.id.uuid()).await? {
            Creation::Made => {}
            before => return Ok(Added::Place(before)),
        }
    }
    let unsent = tx.one(&sql::COUNT_UNSENT, args![conversation, file.uploader.as_str()]).await?.count(0)?;
    if unsent >= limits.unsent {
        return Ok(Added::TooManyUnsent);
    }
    if tx.one(&sql::COUNT_OF_CONVERSATION, args![conversation]).await?.count(0)? >= limits.conversation {
        return Ok(Added::TooManyHere);
    }
    let charge = args![scope, number(file.attached.bytes), number(limits.quota)];
    if file.attached.bytes > limits.quota || tx.run(&sql::CHARGE, charge).await? == 0 {
        return Ok(Added::QuotaFull);
    }
    tx.must(&sql::ADD_FILE, file_values(file)).await?;
    Ok(Added::Place(Creation::Made))
}

fn ids(found: &[Row]) -> Outcome<Vec<FileId>> {
    found.iter().map(|row| row.id(0)).collect()
}

#[async_trait]
impl Files for Database {
    async fn add_file(&self, file: &File, limits: FileLimits, key: Option<RequestKey>) -> Result<Added> {
        let file = file.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let added = add(tx, &file, limits, key.as_ref()).await?;
                // What has an answer is committed: a key must not stay behind for what was not made.
                if let (Some(key), false) = (&key, matches!(added, Added::Place(_))) {
                    requests::forget(tx, key).await?;
                }
                Ok(added)
            })
        })
        .await
    }

    async fn ready_file(&self, scope: Scope, id: FileId) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::READY_FILE, args![id, scope]).await })).await
    }

    async fn file_anywhere(&self, id: FileId) -> Result<Option<File>> {
        self.read(move |tx| {
            Box::pin(async move { tx.first(&sql::FILE, args![id]).await?.as_ref().map(rows::file).transpose() })
        })
        .await
    }

    async fn gone_files(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<FileId>> {
        let page = args![conversation, scope, i64::from(limit)];
        self.read(move |tx| Box::pin(async move { ids(&tx.query(&sql::GONE_FILES, page).await?) })).await
    }

    async fn give_up_files(&self, scope: Scope, conversation: ConversationId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move { tx.run(&sql::GIVE_UP_FILES, args![conversation, scope]).await.map(drop) })
        })
        .await
    }

    async fn files_of(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<FileId>> {
        let page = args![scope, chatbot, i64::from(limit)];
        self.read(move |tx| Box::pin(async move { ids(&tx.query(&sql::FILES_OF, page).await?) })).await
    }

    async fn take_unsent_files(&self, before: Millis, limit: u32) -> Result<Vec<(Scope, FileId)>> {
        self.write(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::TAKE_UNSENT, args![before, i64::from(limit)]).await?;
                found.iter().map(|row| Ok((rows::scope(row, 0)?, row.id(1)?))).collect()
            })
        })
        .await
    }

    async fn forget_file(&self, scope: Scope, id: FileId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                match tx.first(&sql::DELETE_FILE, args![id, scope]).await? {
                    Some(row) => tx.must(&sql::REFUND, args![scope, row.int(0)?]).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }

    async fn files_usage(&self, scope: Scope) -> Result<u64> {
        self.read(move |tx| {
            Box::pin(async move {
                let usage = tx.first(&sql::USAGE, args![scope]).await?;
                usage.map_or(Ok(0), |row| row.count(0))
            })
        })
        .await
    }
}
