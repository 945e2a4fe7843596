//! The queue of those who wait for a person.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis};
use ports::{
    Result, Scope,
    queue::{Queue, Queued},
};

use crate::{Database, failure::Outcome, statements::queue as sql, value::args};

#[async_trait]
impl Queue for Database {
    async fn queued(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        (conversation, opened_at): (ConversationId, Millis),
        recent: Millis,
        samples: u32,
    ) -> Result<Queued> {
        self.read(move |tx| {
            Box::pin(async move {
                let ahead = tx.query(&sql::AHEAD, args![scope, chatbot, opened_at, conversation]).await?;
                let ahead = ahead.first().map(|row| row.int(0)).transpose()?.unwrap_or_default();
                let waits = tx.query(&sql::RECENT_WAITS, args![scope, chatbot, recent, i64::from(samples)]).await?;
                Ok(Queued {
                    ahead: u64::try_from(ahead).unwrap_or_default(),
                    waits: waits.iter().map(|row| row.int(0)).collect::<Outcome<_>>()?,
                })
            })
        })
        .await
    }
}
