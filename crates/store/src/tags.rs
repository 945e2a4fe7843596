//! Tags of sources.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, SourceId};
use ports::{Result, Scope, passages::Tags, sources::Source};

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{Call, knowledge as source_sql, tags as sql},
    value::{Row, Value, args},
};

#[async_trait]
impl Tags for Database {
    async fn tags_of(&self, scope: Scope, sources: &[SourceId]) -> Result<Vec<(SourceId, String)>> {
        let calls: Vec<Call> = sources.iter().map(|&source| Call::new(&sql::TAGS_OF, args![source, scope])).collect();
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query_all(&calls).await?;
                let tag = |row: &Row| Ok((row.id(0)?, row.text(1)?.to_owned()));
                found.iter().flatten().map(tag).collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn set_tags(&self, scope: Scope, source: SourceId, tags: &[String]) -> Result<()> {
        let tags = tags.to_vec();
        self.write(move |tx| {
            Box::pin(async move {
                tx.one(&source_sql::SOURCE_VERSION, args![source, scope]).await?;
                tx.run(&sql::CLEAR_TAGS, args![source, scope]).await?;
                for tag in tags {
                    tx.run(&sql::ADD_TAG, args![source, scope, tag]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn tags(&self, scope: Scope, chatbot: ChatbotId, after: &str, limit: u32) -> Result<Vec<(String, u64)>> {
        let page = args![scope, chatbot, after, i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::TAGS, page).await?;
                found.iter().map(|row| Ok((row.text(0)?.to_owned(), row.count(1)?))).collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn sources_tagged(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        tag: &str,
        before: Option<(Millis, SourceId)>,
        limit: u32,
    ) -> Result<Vec<Source>> {
        let (at, id) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        let page = args![scope, chatbot, at, id, i64::from(limit), tag];
        self.read(move |tx| {
            Box::pin(
                async move { tx.query(&source_sql::SOURCES_TAGGED, page).await?.iter().map(rows::source).collect() },
            )
        })
        .await
    }

    async fn tagged(&self, scope: Scope, chatbot: ChatbotId, tags: &[String], limit: u32) -> Result<Vec<SourceId>> {
        let of = |tag: &String| Call::new(&sql::TAGGED, args![scope, chatbot, tag.as_str(), i64::from(limit)]);
        let calls: Vec<Call> = tags.iter().map(of).collect();
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query_all(&calls).await?;
                let mut sources = found.iter().flatten().map(|row| row.id(0)).collect::<Outcome<Vec<SourceId>>>()?;
                sources.sort_unstable();
                sources.dedup();
                sources.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                Ok(sources)
            })
        })
        .await
    }
}
