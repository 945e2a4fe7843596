//! Read marks: who has read how far. They only move forward, and the newest one per conversation and side counts.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use domain::{ConversationId, Millis, WorkspaceId};
use ports::{
    Scope,
    conversations::{ReadMark, Row as InboxRow},
};

use crate::{
    failure::{Failure, Outcome},
    rows,
    statements::conversations as sql,
    tx::Tx,
    value::args,
};

/// A mark that somebody moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) scope: Scope,
    pub(crate) conversation: ConversationId,
    pub(crate) mark: ReadMark,
}

/// A conversation with the workspace that was named for it.
pub(crate) type Place = (ConversationId, WorkspaceId);

impl Mark {
    pub(crate) fn place(&self) -> Place {
        (self.conversation, self.scope.workspace())
    }
}

#[derive(Default)]
struct Newest {
    staff: i64,
    visitor: i64,
}

/// Moves marks in one transaction. Returns the rows that changed, and the places that exist.
pub(crate) async fn run(tx: &mut Tx, marks: &[Mark], now: Millis) -> Outcome<(Vec<Arc<InboxRow>>, HashSet<Place>)> {
    let mut newest: BTreeMap<Place, Newest> = BTreeMap::new();
    for mark in marks {
        let sides = newest.entry(mark.place()).or_default();
        match mark.mark {
            ReadMark::Staff(seq) => sides.staff = sides.staff.max(seq),
            ReadMark::Visitor(seq) => sides.visitor = sides.visitor.max(seq),
        }
    }
    tx.begin().await?;
    let done = run_inside(tx, &newest, now).await;
    if done.is_err() {
        tx.rollback().await;
    }
    done
}

async fn run_inside(
    tx: &mut Tx,
    newest: &BTreeMap<Place, Newest>,
    now: Millis,
) -> Outcome<(Vec<Arc<InboxRow>>, HashSet<Place>)> {
    let wanted = newest.keys().map(|&(conversation, workspace)| args![workspace, conversation]).collect();
    let answers = tx.query_all(&sql::HOLD_ROWS.calls(wanted)).await?;
    let mut found = HashMap::new();
    for row in answers.iter().flatten() {
        let row = rows::inbox(row)?;
        found.insert((row.id, row.scope.workspace()), row);
    }
    let mut changed = Vec::new();
    for (place, sides) in newest {
        let Some(row) = found.get(place) else { continue };
        let mut row = InboxRow::clone(row);
        let visitor_moved = sides.visitor > row.visitor_read && row.visitor_read < row.state.visitor_seq;
        if visitor_moved {
            row.visitor_read = sides.visitor.min(row.state.visitor_seq);
        }
        if staff_reads(tx, &mut row, sides.staff).await? || visitor_moved {
            changed.push(row);
        }
    }
    if changed.is_empty() {
        tx.rollback().await;
    } else {
        let mut changes = tx.next_changes(changed.len()).await?.into_iter();
        for row in &mut changed {
            row.change =
                changes.next().ok_or_else(|| Failure::broken("no place in the order of changes", "too few"))?;
        }
        let values = changed.iter().map(|row| rows::inbox_values(row, now)).collect::<Outcome<_>>()?;
        tx.commit(sql::SAVE_ROWS.calls(values)).await?;
    }
    Ok((changed.into_iter().map(Arc::new).collect(), found.into_keys().collect()))
}

/// Whether the collaborators' mark moved.
async fn staff_reads(tx: &mut Tx, row: &mut InboxRow, seq: i64) -> Outcome<bool> {
    let seq = seq.min(row.state.seq);
    if seq <= row.staff_read {
        return Ok(false);
    }
    row.staff_read = seq;
    row.staff_read_visitor_seq = if seq == row.state.seq {
        row.state.visitor_seq
    } else {
        tx.one(&sql::VISITOR_SEQ_AT, args![row.id, seq]).await?.int(0)?
    };
    row.unread = if seq >= row.summary.visitor_wrote {
        0
    } else {
        tx.one(&sql::UNREAD_AFTER, args![row.id, seq]).await?.int(0)?
    };
    Ok(true)
}
