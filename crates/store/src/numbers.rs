//! Records of requests: written along with the events that they follow from, and counted anew from the log where a release
//! has written it that kept none.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    ConversationId, Millis, PersonId, WorkspaceId,
    conversation::{Entry, Reason},
    numbers::{Begun, Ratings},
    requests::{End, Record, Tally},
};
use ports::{
    Result, Scope,
    conversations::Row as InboxRow,
    numbers::{Kept, Missed, Numbers, Place, Range},
};

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{conversations as log_sql, numbers as sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// Entries of a log that are read at once when it is counted anew.
const ENTRIES: i64 = 500;
/// Conversations that are counted in one transaction. They are held meanwhile, so it stays short.
const FILL: i64 = 20;
/// A quarter of an hour, in milliseconds.
const QUARTER: i64 = 900_000;

/// The values of `PUT_RECORDS`.
pub(crate) fn record_values(row: &InboxRow, record: &Record) -> Vec<Value> {
    args![
        row.id,
        record.opened,
        row.scope,
        row.chatbot,
        record.opened_at,
        record.reason.map(Reason::name),
        record.since,
        record.word.map(|(at, _)| at),
        record.word.map(|(_, by)| by),
        record.end.map(|(at, _)| at),
        record.end.map(|(_, how)| how.name()),
    ]
}

/// A conversation whose log was counted from its beginning.
pub(crate) struct Anew {
    /// The row with its tally.
    pub(crate) row: Arc<InboxRow>,
    /// The records, by what opened them.
    pub(crate) records: BTreeMap<i64, Record>,
}

/// Counts a log from its beginning. The row is held.
pub(crate) async fn count_anew(tx: &mut Tx, row: &InboxRow) -> Outcome<Anew> {
    let (mut tally, mut records, mut after) = (Tally::default(), BTreeMap::new(), 0);
    loop {
        let found = tx.query(&sql::COUNTED_ENTRIES, args![row.id, after, ENTRIES]).await?;
        let entries: Vec<Entry> = found.iter().map(rows::entry).collect::<Outcome<_>>()?;
        let (next, happened) = tally.after(&entries);
        tally = next;
        records.extend(happened.into_iter().map(|(_, record)| (record.opened, record)));
        match entries.last() {
            Some(last) if i64::try_from(entries.len()).unwrap_or(i64::MAX) >= ENTRIES => after = last.seq,
            _ => break,
        }
    }
    let mut row = row.clone();
    row.summary.tally = Some(tally);
    Ok(Anew { row: Arc::new(row), records })
}

fn kept(row: &Row) -> Outcome<Kept> {
    let pair = |at: usize| -> Outcome<Option<Millis>> { Ok(row.maybe_int(at)?.map(Millis)) };
    let reason = row.maybe_text(4)?.map(|_| row.named(4, Reason::named)).transpose()?;
    let how = row.maybe_text(9)?.map(|_| row.named(9, End::named)).transpose()?;
    Ok(Kept {
        conversation: row.id(0)?,
        visitor_name: row.maybe_text(1)?.map(str::to_owned),
        record: Record {
            opened: row.int(2)?,
            opened_at: row.time(3)?,
            reason,
            since: pair(5)?,
            word: pair(6)?.zip(row.maybe_id(7)?),
            end: pair(8)?.zip(how),
        },
    })
}

/// The first arguments of every list: $1 to $4 the range, $5 to $7 a place.
fn asked(scope: Scope, range: Range, place: Option<Place>, at_the_edge: i64) -> Vec<Value> {
    let Range { chatbot, from, until } = range;
    match place {
        Some(Place { at, conversation, opened }) => args![scope, chatbot, from, until, at, conversation, opened],
        None => args![scope, chatbot, from, until, at_the_edge, "", 0_i64],
    }
}

#[async_trait]
impl Numbers for Database {
    async fn request_records(&self, scope: Scope, range: Range, after: Option<Place>, limit: u32) -> Result<Vec<Kept>> {
        let mut values = asked(scope, range, after, i64::MIN);
        values.push(i64::from(limit).into());
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::REQUEST_RECORDS, values).await?.iter().map(kept).collect() })
        })
        .await
    }

    async fn missed_requests(
        &self,
        scope: Scope,
        range: Range,
        missed: Missed,
        before: Option<Place>,
        limit: u32,
    ) -> Result<Vec<Kept>> {
        let mut values = asked(scope, range, before, i64::MAX);
        values.extend(args![missed.now.plus(-missed.limit), missed.limit, i64::from(limit)]);
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::MISSED_REQUESTS, values).await?.iter().map(kept).collect() })
        })
        .await
    }

    async fn conversations_begun(&self, scope: Scope, range: Range) -> Result<Vec<(Millis, Begun)>> {
        let Range { chatbot, from, until } = range;
        let begun = |row: &Row| {
            let [conversations, requested, by_ai_alone] = [row.count(1)?, row.count(2)?, row.count(3)?];
            Ok((Millis(row.int(0)?.saturating_mul(QUARTER)), Begun { conversations, requested, by_ai_alone }))
        };
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CONVERSATIONS_BEGUN, args![scope, chatbot, from, until]).await?;
                found.iter().map(begun).collect()
            })
        })
        .await
    }

    async fn ratings(&self, scope: Scope, range: Range) -> Result<Vec<(PersonId, Ratings)>> {
        let Range { chatbot, from, until } = range;
        let rated = |row: &Row| {
            Ok((row.id(0)?, Ratings { ratings: row.count(1)?, stars: row.count(2)?, satisfied: row.count(3)? }))
        };
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::RATINGS, args![scope, chatbot, from, until]).await?;
                found.iter().map(rated).collect()
            })
        })
        .await
    }

    async fn fill_requests(&self) -> Result<bool> {
        let now = self.now();
        self.write(move |tx| Box::pin(fill(tx, now))).await
    }

    async fn requests_are_filled(&self) -> Result<bool> {
        self.read(|tx| Box::pin(async move { Ok(tx.first(&sql::REQUEST_FILL_AT, Vec::new()).await?.is_none()) })).await
    }
}

/// Counts the next slice. What was written meanwhile is counted already.
async fn fill(tx: &mut Tx, now: Millis) -> Outcome<bool> {
    let Some(at) = tx.first(&sql::REQUEST_FILL_AT, Vec::new()).await? else { return Ok(false) };
    let found = tx.query(&sql::REQUEST_FILL_FROM, args![at.text(0)?, FILL]).await?;
    let Some(last) = found.last() else {
        tx.run(&sql::REQUEST_FILL_END, Vec::new()).await?;
        return Ok(false);
    };
    let mut wanted = Vec::with_capacity(found.len());
    for row in &found {
        wanted.push(args![row.id::<WorkspaceId>(1)?, row.id::<ConversationId>(0)?]);
    }
    let (mut saved, mut records) = (Vec::new(), Vec::new());
    for row in tx.query_all(&log_sql::HOLD_ROWS.calls(wanted)).await?.iter().flatten() {
        let row = rows::inbox(row)?;
        if !row.is_counted() {
            let anew = count_anew(tx, &row).await?;
            saved.push(rows::inbox_values(&anew.row, now)?);
            records.extend(anew.records.values().map(|record| record_values(&anew.row, record)));
        }
    }
    let mut calls = log_sql::SAVE_ROWS.calls(saved);
    calls.extend(sql::PUT_RECORDS.calls(records));
    tx.run_all(&calls).await?;
    tx.run(&sql::REQUEST_FILL_MOVE, args![last.id::<ConversationId>(0)?]).await?;
    Ok(true)
}
