//! Mentions and versions.

use async_trait::async_trait;
use domain::{ConversationId, PersonId};
use ports::{
    Result, Scope,
    notes::{Mention, Notes, Version},
};

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{Call, conversations as log_sql, notes as sql},
    value::args,
};

#[async_trait]
impl Notes for Database {
    async fn mentions(&self, scope: Scope, person: PersonId, before: Option<i64>, limit: u32) -> Result<Vec<Mention>> {
        let before = before.unwrap_or(i64::MAX);
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MENTIONS, args![person, scope, before, i64::from(limit)]).await?;
                let mut calls = Vec::with_capacity(found.len() * 2);
                for mention in &found {
                    let (conversation, seq) = (mention.id::<ConversationId>(1)?, mention.int(2)?);
                    calls.push(Call::new(&log_sql::ROW, args![conversation, scope]));
                    calls.push(Call::new(&log_sql::ENTRY, args![conversation, scope, seq]));
                }
                let answers = tx.query_all(&calls).await?;
                let mut mentions = Vec::with_capacity(found.len());
                for (mention, answer) in found.iter().zip(answers.chunks(2)) {
                    let [row, note] = answer else { continue };
                    if let (Some(row), Some(note)) = (row.first(), note.first()) {
                        let (row, note) = (rows::inbox(row)?, rows::logged(note)?);
                        mentions.push(Mention { change: mention.int(0)?, row, note });
                    }
                }
                Ok(mentions)
            })
        })
        .await
    }

    async fn read_mentions(
        &self,
        scope: Scope,
        person: PersonId,
        conversation: ConversationId,
        seq: i64,
    ) -> Result<()> {
        self.write(move |tx| {
            Box::pin(
                async move { tx.run(&sql::READ_MENTIONS, args![person, scope, conversation, seq]).await.map(drop) },
            )
        })
        .await
    }

    async fn versions(&self, scope: Scope, conversation: ConversationId, seq: i64) -> Result<Vec<Version>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&log_sql::VERSIONS, args![conversation, scope, seq]).await?;
                let version = |row: &crate::value::Row| Ok(Version { number: row.int(0)?, content: row.json(1)? });
                found.iter().map(version).collect::<Outcome<_>>()
            })
        })
        .await
    }
}
