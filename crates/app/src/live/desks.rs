//! The desks of this node that follow the inbox of a workspace. Of rehearsals they hear nothing: whoever plays one follows its
//! room.

use std::{collections::HashMap, sync::Arc};

use domain::{ConversationId, WorkspaceId};
use parking_lot::Mutex;
use ports::{
    Scope,
    conversations::{Logged, Row},
};

use super::subscriber::{Postbox, Signal};

/// Conversations of which is remembered what was told, to find what was not. Of more, some is told twice.
const TOLD: usize = 4_096;
/// Entries before the first one heard of a conversation that may have been lost.
const EARLIER: i64 = 20;

/// The desks of all workspaces.
#[derive(Debug, Default)]
pub(crate) struct Desks(Mutex<HashMap<WorkspaceId, Inbox>>);

/// What was told of a conversation.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    /// Every entry up to this one.
    seq: i64,
    /// The newest change.
    change: i64,
}

#[derive(Debug)]
struct Inbox {
    scope: Scope,
    desks: Vec<Arc<Postbox>>,
    /// What was told here of each conversation, as far back as hints may be late.
    told: HashMap<ConversationId, Told>,
    /// Every change up to this one was looked for in the database.
    compared: Option<i64>,
}

impl Desks {
    pub(super) fn follow(&self, postbox: Arc<Postbox>, scope: Scope) {
        let mut all = self.0.lock();
        let inbox = all.entry(scope.workspace()).or_insert_with(|| Inbox {
            scope,
            desks: Vec::new(),
            told: HashMap::new(),
            compared: None,
        });
        if !inbox.desks.iter().any(|one| one.id == postbox.id) {
            inbox.desks.push(postbox);
        }
    }

    pub(super) fn unfollow(&self, id: u64, workspace: WorkspaceId) {
        let mut all = self.0.lock();
        if let Some(inbox) = all.get_mut(&workspace) {
            inbox.desks.retain(|one| one.id != id);
            if inbox.desks.is_empty() {
                all.remove(&workspace);
            }
        }
    }

    /// A desk has read the inbox up to this change.
    pub(super) fn begins_at(&self, scope: Scope, change: i64) {
        if let Some(inbox) = self.0.lock().get_mut(&scope.workspace()) {
            inbox.compared.get_or_insert(change);
        }
    }

    /// Whether anybody here follows the inbox of a workspace.
    pub(crate) fn any(&self, workspace: WorkspaceId) -> bool {
        self.0.lock().contains_key(&workspace)
    }

    /// Tells every desk of a workspace.
    pub(crate) fn tell(&self, workspace: WorkspaceId, signal: &Signal) {
        for desk in self.0.lock().get(&workspace).into_iter().flat_map(|inbox| &inbox.desks) {
            desk.put(signal.clone());
        }
    }

    /// Entries were added: the row is shown anew, and people hear the news.
    pub(super) fn added(&self, row: &Arc<Row>, entries: &[Logged], signal: Option<&Signal>) {
        if !row.reaches_out() {
            return;
        }
        if let Some(inbox) = self.0.lock().get(&row.scope.workspace()) {
            let counts_changed = entries.iter().any(|logged| !logged.entry.event.is_text());
            inbox.show(row, counts_changed, signal);
        }
    }

    /// Entries from `first` to `last` were told. The first entry before them that was never told here, if there is one
    /// that should have been: its hint was lost.
    pub(super) fn tells(&self, row: &Row, first: i64, last: i64) -> Option<i64> {
        if !row.reaches_out() {
            return None;
        }
        let mut all = self.0.lock();
        let inbox = all.get_mut(&row.scope.workspace())?;
        if inbox.told.len() >= TOLD {
            inbox.told.clear();
        }
        let known = inbox.told.get(&row.id).copied();
        let missing = match known {
            None => (first - EARLIER).max(1),
            Some(told) => told.seq + 1,
        };
        let missing = Some(missing).filter(|&missing| missing < first);
        let seq = if known.is_some() && missing.is_some() { 0 } else { last };
        let known = known.unwrap_or_default();
        inbox.told.insert(row.id, Told { seq: known.seq.max(seq), change: known.change.max(row.change) });
        missing
    }

    /// A row changed without a new entry.
    pub(super) fn changed(&self, row: &Arc<Row>) {
        if !row.reaches_out() {
            return;
        }
        if let Some(inbox) = self.0.lock().get_mut(&row.scope.workspace()) {
            if let Some(told) = inbox.told.get_mut(&row.id) {
                told.change = told.change.max(row.change);
            }
            inbox.show(row, false, None);
        }
    }

    /// The inboxes that are followed here, with the change from which on to compare; nothing before the first time.
    pub(crate) fn followed(&self) -> Vec<(Scope, Option<i64>)> {
        self.0.lock().values().map(|inbox| (inbox.scope, inbox.compared)).collect()
    }

    /// Those of these conversations of which something was not told here, and the first entry of that; from now on the
    /// inbox is compared from `upto` on.
    pub(crate) fn untold(&self, scope: Scope, rows: &[Arc<Row>], upto: i64) -> Vec<(ConversationId, i64)> {
        let mut all = self.0.lock();
        let Some(inbox) = all.get_mut(&scope.workspace()) else { return Vec::new() };
        inbox.compared = Some(upto);
        let first = |row: &Arc<Row>| match inbox.told.get(&row.id) {
            None => Some((row.state.seq - EARLIER).max(1)),
            Some(told) if told.seq < row.state.seq => Some(told.seq + 1),
            Some(told) if told.change < row.change => Some(i64::MAX),
            Some(_) => None,
        };
        rows.iter().filter_map(|row| Some((row.id, first(row)?))).collect()
    }
}

impl Inbox {
    fn show(&self, row: &Arc<Row>, counts_changed: bool, signal: Option<&Signal>) {
        for desk in &self.desks {
            desk.inbox.put(row, counts_changed);
            if let Some(signal) = signal {
                desk.put(signal.clone());
            }
        }
    }
}
