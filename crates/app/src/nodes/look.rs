//! What a node looks up in the database, because it was told that there is something, or because it may not have been.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::ConversationId;
use futures_util::future::join_all;
use ports::{
    Scope,
    conversations::{LogRange, Logged, Row, Viewpoint},
};
use tokio_util::sync::CancellationToken;

use super::Nodes;
use crate::{Baton, error::Result, live::Closed};

/// How often the heads of all that is followed here are compared with the database.
const COMPARE: Duration = Duration::from_secs(2);
/// Pause after a look that failed.
const AGAIN: Duration = Duration::from_millis(200);
/// How often conversations are read in which an answer is shown: often enough that it never stops.
const READ: Duration = Duration::from_millis(200);
/// An answer of which nothing came for so long is not read for any more.
const SILENT: Duration = Duration::from_secs(3);
/// A gate that was closed for another node opens after so long whatever happens: no commit takes longer.
const CLOSED: Duration = Duration::from_secs(10);
/// Conversations that are read in one go.
const AT_ONCE: usize = 64;
/// Heads that are compared in one go.
const HEADS: usize = 500;
/// Rows of an inbox that are compared in one go.
const ROWS: u32 = 200;
/// Entries that are read of one conversation in one go.
const ENTRIES: u32 = 200;
/// How old an entry may be that people are alerted of although its hint was lost: clocks differ, and whoever was alerted
/// before is not alerted twice.
const NEWS_MS: i64 = 10 * 60_000;

impl Baton {
    /// Compares heads until told to stop; returns at once where there are no other nodes.
    pub async fn compare_heads(self: Arc<Self>, stop: CancellationToken) {
        let Some(nodes) = self.nodes.clone() else { return };
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = nodes.to_compare.notified() => {}
                () = self.clock.sleep(COMPARE) => {}
            }
            let compared = async {
                self.compare_rooms(&nodes).await?;
                self.compare_inboxes(&nodes).await
            };
            if let Err(error) = compared.await {
                tracing::warn!(error = &error as &dyn std::error::Error, "the heads could not be compared");
            }
        }
    }

    async fn compare_rooms(&self, nodes: &Nodes) -> Result<()> {
        let told: Vec<(ConversationId, i64)> =
            self.hub.rooms().iter().filter_map(|room| Some((room.conversation, room.told()?))).collect();
        for told in told.chunks(HEADS) {
            let ids: Vec<ConversationId> = told.iter().map(|(id, _)| *id).collect();
            let heads = self.store.heads(&ids).await?;
            let told: HashMap<ConversationId, i64> = told.iter().copied().collect();
            for (id, seq, _) in heads {
                if let Some(told) = told.get(&id).filter(|&&told| told < seq) {
                    nodes.behind(id, told + 1);
                }
            }
        }
        Ok(())
    }

    async fn compare_inboxes(&self, nodes: &Nodes) -> Result<()> {
        for (scope, compared) in self.hub.desks.followed() {
            // Before a desk has said where it begins, there is nothing that it could have missed.
            let Some(mut after) = compared else { continue };
            // Also when nothing is newer: a number may become visible after a greater one.
            loop {
                let rows = self.changes_anywhere(scope, after).await?;
                let whole = rows.len() < ROWS as usize;
                let upto = rows.iter().map(|row| row.change).max().unwrap_or(after).max(after);
                for (conversation, first) in self.hub.desks.untold(scope, &rows, upto) {
                    nodes.behind(conversation, first);
                }
                if whole || upto == after {
                    break;
                }
                after = upto;
            }
        }
        Ok(())
    }

    async fn changes_anywhere(&self, scope: Scope, after: i64) -> Result<Vec<Arc<Row>>> {
        let view = Viewpoint { person: domain::PersonId::new(uuid::Uuid::nil()), whole_workspace: true };
        Ok(self.store.changes(scope, view, after, ROWS).await?)
    }

    /// Fetches what this node was told of and has not seen, and tells it here.
    pub(super) async fn fetch_what_is_behind(&self, nodes: &Nodes) {
        loop {
            nodes.to_fetch.notified().await;
            loop {
                let next: Vec<(ConversationId, i64)> = {
                    let mut behind = nodes.behind.lock();
                    std::iter::from_fn(|| behind.pop_first()).take(AT_ONCE).collect()
                };
                if next.is_empty() {
                    break;
                }
                if let Err(error) = self.fetch(nodes, &next).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "news of another node could not be read");
                    for (id, first) in next {
                        nodes.behind(id, first);
                    }
                    self.clock.sleep(AGAIN).await;
                }
            }
        }
    }

    async fn fetch(&self, nodes: &Nodes, next: &[(ConversationId, i64)]) -> Result<()> {
        let ids: Vec<ConversationId> = next.iter().map(|(id, _)| *id).collect();
        let rows = self.store.rows_anywhere(&ids).await?;
        let logs = rows.iter().map(|row| {
            let first = next.iter().find(|(id, _)| *id == row.id).map_or(i64::MAX, |(_, first)| *first);
            self.entries_from(row, first)
        });
        for (row, log) in rows.iter().zip(join_all(logs).await) {
            let log = log?;
            if log.is_empty() {
                self.hub.tell_row_here(row);
                continue;
            }
            let since = self.clock.now().min(row.updated_at).plus(-NEWS_MS);
            if let Some(last) = log.last().filter(|last| last.entry.seq < row.state.seq) {
                nodes.behind(row.id, last.entry.seq + 1);
            }
            self.hub.tell_here(row, &Arc::new(log), since);
        }
        Ok(())
    }

    async fn entries_from(&self, row: &Row, first: i64) -> Result<Vec<Logged>> {
        // What its followers miss before that is read in the same go.
        let told = self.hub.existing_room(row.id).and_then(|room| room.told());
        let first = told.map_or(first, |told| first.min(told + 1));
        if first > row.state.seq {
            return Ok(Vec::new());
        }
        let range = LogRange { after: first - 1, before: None, visitor: false, limit: ENTRIES };
        Ok(self.store.log(row.scope, row.id, range).await?)
    }

    /// Reads the conversations in which an answer is shown, and those whose gate is to open.
    pub(super) async fn keep_streams_fresh(&self, nodes: &Nodes) {
        loop {
            let opening = self.opening(nodes);
            let streaming: Vec<ConversationId> = {
                let now = self.clock.instant();
                let mut streaming = nodes.streaming.lock();
                streaming.retain(|_, last| now.saturating_duration_since(*last) < SILENT);
                streaming.keys().copied().collect()
            };
            let idle = opening.is_empty() && streaming.is_empty() && nodes.closed.lock().is_empty();
            if self.read_for_gates(&opening, streaming).await {
                self.open(opening);
            } else {
                nodes.opening.lock().extend(opening);
            }
            let pause = async { if idle { std::future::pending().await } else { self.clock.sleep(READ).await } };
            tokio::select! {
                biased;
                () = nodes.to_read.notified() => {}
                () = pause => {}
            }
        }
    }

    /// Gates that were told to open, or have been closed for too long.
    fn opening(&self, nodes: &Nodes) -> Vec<Closed> {
        let now = self.clock.instant();
        let mut opening = std::mem::take(&mut *nodes.opening.lock());
        let mut closed = nodes.closed.lock();
        let late = closed.extract_if(|_, (_, since)| now.saturating_duration_since(*since) > CLOSED);
        opening.extend(late.map(|(_, (closed, _))| closed));
        opening
    }

    fn open(&self, gates: Vec<Closed>) {
        for closed in gates {
            let conversation = closed.room().conversation;
            drop(closed);
            self.hub.tidy(conversation);
        }
    }

    async fn read_for_gates(&self, opening: &[Closed], streaming: Vec<ConversationId>) -> bool {
        let mut ids: Vec<ConversationId> = opening.iter().map(|closed| closed.room().conversation).collect();
        ids.extend(streaming);
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return true;
        }
        let began = self.clock.instant();
        match self.store.rows_anywhere(&ids).await {
            Ok(rows) => {
                for row in rows {
                    if let Some(room) = self.hub.existing_room(row.id) {
                        room.read(&row.state, began);
                    }
                }
                true
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "what streams here could not be read");
                false
            }
        }
    }
}
