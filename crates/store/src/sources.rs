//! Sources and their chunks.
//!
//! A large source has thousands of chunks. They are written and removed in slices, so that no operation keeps the
//! commands on conversations waiting: new chunks lie beside the old ones under the new version's number, one update
//! makes them count, and the old ones go afterwards. What a crash leaves in between is never found by a search and is
//! cleared by the next indexing.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, SourceId, documents::DocumentKind};
use ports::{
    Result, Scope,
    jobs::NewJob,
    requests::{Creation, RequestKey},
    sources::{Chunk, Source, Sources, Trouble},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    jobs::add_again,
    requests, rows,
    statements::{Statement, knowledge as sql},
    tx::Tx,
    value::{Value, args},
};

/// What a source is told as that somebody else has changed.
const CHANGED: Failure = Failure::Conflict("this source in another version");
/// Chunks that are written or removed at once.
const SLICE: usize = 64;

impl Database {
    /// Removes chunks of a source, slice by slice.
    async fn drop_chunks(&self, how: &'static Statement, scope: Scope, id: SourceId, version: i64) -> Result<()> {
        let slice = i64::try_from(SLICE).unwrap_or(i64::MAX);
        loop {
            let args = args![id, scope, version, slice];
            let gone = self.write(move |tx| Box::pin(async move { tx.run(how, args).await })).await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }

    /// Writes chunks beside those that count; false when the source changed since.
    async fn lay_out(&self, scope: Scope, id: SourceId, version: i64, chunks: Vec<Chunk>) -> Result<bool> {
        let mut rest = chunks.into_iter().peekable();
        while rest.peek().is_some() {
            let slice = rest.by_ref().take(SLICE).map(|chunk| {
                args![
                    id,
                    version,
                    i64::from(chunk.place),
                    chunk.heading,
                    chunk.text,
                    chunk.heading_terms,
                    chunk.terms,
                    &chunk.digest[..],
                    chunk.page.map(i64::from),
                    chunk.mark.map(|mark| Value::Bytes(mark.to_vec())),
                    chunk.change
                ]
            });
            let calls = sql::ADD_CHUNKS.calls(slice.collect());
            let added = self.write(move |tx| {
                Box::pin(async move {
                    let current = tx.first(&sql::SOURCE_VERSION, args![id, scope]).await?;
                    if current.map(|row| row.int(0)).transpose()? != Some(version) {
                        return Ok(false);
                    }
                    tx.run_all(&calls).await?;
                    Ok(true)
                })
            });
            if !added.await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn remove_source(&self, scope: Scope, id: SourceId) -> Result<()> {
        // First out of sight, and out of reach of whoever indexes it now.
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::HIDE_SOURCE, args![id, scope]).await?;
                tx.run(&sql::RAISE_KNOWLEDGE, args![id, scope]).await.map(drop)
            })
        })
        .await?;
        self.drop_chunks(&sql::DROP_CHUNKS_BUT, scope, id, 0).await?;
        self.write(move |tx| Box::pin(async move { tx.run(&sql::DELETE_SOURCE, args![id, scope]).await.map(drop) }))
            .await
    }
}

/// The values of `ADD_SOURCE`.
pub(crate) fn source_values(scope: Scope, source: &Source, text: &str) -> Vec<Value> {
    let bytes = i64::try_from(source.bytes).unwrap_or(i64::MAX);
    let (kind, title) = (source.kind.name(), source.title.as_str());
    args![
        source.id,
        scope,
        source.chatbot,
        kind,
        title,
        text,
        bytes,
        source.updated_at,
        source.original.map(DocumentKind::name)
    ]
}

async fn add_index_job(tx: &mut Tx, scope: Scope, job: Option<&NewJob>) -> Outcome<()> {
    match job {
        Some(job) => add_again(tx, scope, job).await,
        None => Ok(()),
    }
}

#[async_trait]
impl Sources for Database {
    async fn add_source(
        &self,
        scope: Scope,
        source: &Source,
        text: &str,
        job: Option<NewJob>,
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        let id = source.id.uuid();
        let args = source_values(scope, source, text);
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, id).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                if tx.run(&sql::ADD_SOURCE, args).await? == 0 {
                    // It is there already, or there is no such chatbot.
                    tx.first(&sql::SOURCE_VERSION, args![id, scope]).await?.ok_or(Failure::NotFound)?;
                    return Ok(Creation::MadeBefore(id));
                }
                add_index_job(tx, scope, job.as_ref()).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn change_source(&self, scope: Scope, source: &Source, text: &str, job: NewJob) -> Result<()> {
        let (id, from) = (source.id, source.version - 1);
        let bytes = i64::try_from(source.bytes).unwrap_or(i64::MAX);
        let original = source.original.map(DocumentKind::name);
        let args =
            args![id, scope, source.chatbot, source.title.as_str(), text, bytes, source.updated_at, from, original];
        self.write(move |tx| {
            Box::pin(async move {
                if tx.run(&sql::CHANGE_SOURCE, args).await? == 0 {
                    tx.first(&sql::SOURCE_VERSION, args![id, scope]).await?.ok_or(Failure::NotFound)?;
                    return Err(CHANGED);
                }
                add_index_job(tx, scope, Some(&job)).await
            })
        })
        .await
    }

    async fn keep_text(&self, scope: Scope, id: SourceId, version: i64, title: &str, text: &str) -> Result<bool> {
        let bytes = i64::try_from(text.len()).unwrap_or(i64::MAX);
        let args = args![id, scope, version, title, text, bytes];
        self.write(move |tx| Box::pin(async move { Ok(tx.run(&sql::KEEP_TEXT, args).await? > 0) })).await
    }

    async fn forgotten_documents(&self, before: Millis, limit: u32) -> Result<Vec<(Scope, SourceId)>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::FORGOTTEN_DOCUMENTS, args![before, i64::from(limit)]).await?;
                found.iter().map(|row| Ok((rows::scope(row, 0)?, row.id(1)?))).collect()
            })
        })
        .await
    }

    async fn sources(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, SourceId)>,
        limit: u32,
    ) -> Result<Vec<Source>> {
        let (at, id) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::SOURCES, args![scope, chatbot, at, id, i64::from(limit)]).await?;
                found.iter().map(rows::source).collect()
            })
        })
        .await
    }

    async fn count_sources(&self, scope: Scope, chatbot: ChatbotId) -> Result<u64> {
        self.read(move |tx| Box::pin(async move { tx.one(&sql::COUNT_SOURCES, args![scope, chatbot]).await?.count(0) }))
            .await
    }

    async fn source(&self, scope: Scope, id: SourceId) -> Result<(Source, String)> {
        self.read(move |tx| {
            Box::pin(async move {
                let row = tx.one(&sql::SOURCE, args![id, scope]).await?;
                Ok((rows::source(&row)?, row.text(13)?.to_owned()))
            })
        })
        .await
    }

    async fn delete_source(&self, scope: Scope, id: SourceId) -> Result<()> {
        // In a task of its own: the caller going away must not leave half of it.
        let database = self.clone();
        let removed = tokio::spawn(async move { database.remove_source(scope, id).await });
        removed.await.map_err(Failure::unavailable)?
    }

    async fn index_source(
        &self,
        scope: Scope,
        id: SourceId,
        version: i64,
        outcome: std::result::Result<Vec<Chunk>, Trouble>,
        language: Option<&str>,
    ) -> Result<bool> {
        let chunks = match outcome {
            Ok(chunks) => chunks,
            Err(Trouble { code, words }) => {
                let args = args![id, scope, version, words, code];
                return self
                    .write(move |tx| Box::pin(async move { Ok(tx.run(&sql::FAIL_SOURCE, args).await? > 0) }))
                    .await;
            }
        };
        let current = self.read(move |tx| {
            Box::pin(async move {
                let row = tx.first(&sql::SOURCE_VERSION, args![id, scope]).await?;
                row.map(|row| Ok((row.int(0)?, row.int(1)?))).transpose() as Outcome<_>
            })
        });
        match current.await? {
            // Somebody did it before, and it counts already.
            Some((current, indexed)) if current == version && indexed == version => return Ok(true),
            Some((current, _)) if current == version => {}
            _ => return Ok(false),
        }
        let count = i64::try_from(chunks.len()).unwrap_or(i64::MAX);
        self.drop_chunks(&sql::DROP_CHUNKS_OF, scope, id, version).await?;
        if !self.lay_out(scope, id, version, chunks).await? {
            return Ok(false);
        }
        let args = args![id, scope, version, count, language];
        let shown = self.write(move |tx| {
            Box::pin(async move {
                let shown = tx.run(&sql::SHOW_CHUNKS, args).await? > 0;
                if shown {
                    tx.run(&sql::RAISE_KNOWLEDGE, args![id, scope]).await?;
                }
                Ok(shown)
            })
        });
        let shown = shown.await?;
        if shown {
            self.drop_chunks(&sql::DROP_CHUNKS_BUT, scope, id, version).await?;
        }
        Ok(shown)
    }
}
