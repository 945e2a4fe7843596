//! Labels.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ConversationId, LabelId, Millis, labels::LabelColor};
use ports::{
    Result, Scope,
    conversations::Row as InboxRow,
    labels::{Label, Labels},
    requests::{Creation, RequestKey},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    requests, rows,
    statements::{conversations as inbox_sql, labels as sql},
    value::args,
};

/// What a name that is taken is told as.
const TAKEN: Failure = Failure::Conflict("a label of this name");

#[async_trait]
impl Labels for Database {
    async fn labels(&self, scope: Scope) -> Result<Vec<Label>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::LABELS, args![scope]).await?;
                let label = |row: &crate::value::Row| {
                    Ok(Label { id: row.id(0)?, name: row.text(1)?.to_owned(), color: row.named(2, LabelColor::named)? })
                };
                found.iter().map(label).collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn add_label(&self, scope: Scope, label: &Label, at: Millis, key: Option<RequestKey>) -> Result<Creation> {
        let label = label.clone();
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, label.id.uuid()).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                let added = args![label.id, scope, label.name, label.color.name(), at];
                if tx.run(&sql::ADD_LABEL, added).await? == 0 { Err(TAKEN) } else { Ok(Creation::Made) }
            })
        })
        .await
    }

    async fn change_label(&self, scope: Scope, label: &Label) -> Result<()> {
        let label = label.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let named = tx.first(&sql::LABEL_NAMED, args![scope, label.name.as_str()]).await?;
                if named.map(|row| row.id::<LabelId>(0)).transpose()?.is_some_and(|id| id != label.id) {
                    return Err(TAKEN);
                }
                tx.must(&sql::SAVE_LABEL, args![label.id, scope, label.name, label.color.name()]).await
            })
        })
        .await
    }

    async fn remove_label(&self, scope: Scope, label: LabelId) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::DELETE_LABEL, args![label, scope]).await })).await
    }

    async fn set_label(
        &self,
        scope: Scope,
        conversation: ConversationId,
        label: LabelId,
        on: bool,
    ) -> Result<Arc<InboxRow>> {
        let now = self.now();
        self.write_row(move |tx| {
            Box::pin(async move {
                // Held as a batch holds it: nobody else writes the row between reading and saving.
                let held = inbox_sql::HOLD_ROWS.calls(vec![args![scope, conversation]]);
                let found = tx.query_all(&held).await?;
                let row = rows::inbox(found.iter().flatten().next().ok_or(Failure::NotFound)?)?;
                if row.summary.labels.contains(&label) == on {
                    return Ok(row);
                }
                let mut row = InboxRow::clone(&row);
                if on {
                    tx.must(&sql::PUT_LABEL, args![label, conversation, scope]).await?;
                    row.summary.labels.push(label);
                } else {
                    tx.run(&sql::TAKE_LABEL, args![label, conversation]).await?;
                    row.summary.labels.retain(|one| *one != label);
                }
                row.change = tx.next_changes(1).await?.first().copied().unwrap_or(row.change);
                tx.run_all(&inbox_sql::SAVE_ROWS.calls(vec![rows::inbox_values(&row, now)?])).await?;
                Ok(Arc::new(row))
            })
        })
        .await
    }
}
