//! What a model has written on the hand-over cards.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ConversationId, Millis,
    card::{Card, Mood},
};
use ports::{
    Result, Scope,
    cards::{Cards, WrittenCard},
    conversations::Row as InboxRow,
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    rows,
    statements::{cards as sql, conversations as inbox_sql},
    value::{Row, Value, args},
};

fn written(row: &Row) -> Outcome<WrittenCard> {
    let card = match row.maybe_text(0)? {
        None => None,
        Some(wish) => Some(Card {
            wish: wish.to_owned(),
            mood: row.maybe_text(1)?.and_then(Mood::named),
            first_line: row.maybe_text(2)?.unwrap_or_default().to_owned(),
        }),
    };
    Ok(WrittenCard { card, language: row.maybe_text(3)?.map(str::to_owned), made: row.json(4)?, at: row.time(5)? })
}

#[async_trait]
impl Cards for Database {
    async fn card(&self, scope: Scope, conversation: ConversationId, since: Millis) -> Result<Option<WrittenCard>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.first(&sql::CARD, args![scope, conversation, since]).await?.as_ref().map(written).transpose()
            })
        })
        .await
    }

    async fn keep_card(
        &self,
        scope: Scope,
        conversation: ConversationId,
        (opened, since): (i64, Millis),
        WrittenCard { card, language, made, at }: WrittenCard,
    ) -> Result<Arc<InboxRow>> {
        let now = self.now();
        let made = Value::json(&made)?;
        self.write_row(move |tx| {
            Box::pin(async move {
                // Held as a batch holds it: nobody else writes the row between reading and saving.
                let held = inbox_sql::HOLD_ROWS.calls(vec![args![scope, conversation]]);
                let found = tx.query_all(&held).await?;
                let row = rows::inbox(found.iter().flatten().next().ok_or(Failure::NotFound)?)?;
                let (wish, mood, first) = match card {
                    Some(Card { wish, mood, first_line }) => (Some(wish), mood.map(Mood::name), Some(first_line)),
                    None => (None, None, None),
                };
                let kept = args![conversation, opened, scope, since, wish, mood, first, language, made, at];
                if tx.run(&sql::KEEP_CARD, kept).await? == 0 {
                    return Ok(row);
                }
                let mut row = InboxRow::clone(&row);
                row.change = tx.next_changes(1).await?.first().copied().unwrap_or(row.change);
                tx.run_all(&inbox_sql::SAVE_ROWS.calls(vec![rows::inbox_values(&row, now)?])).await?;
                Ok(Arc::new(row))
            })
        })
        .await
    }
}
