//! The log and the inbox.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, PersonId, VisitorId, conversation::Conversation};
use ports::{
    Result, Scope,
    conversations::{
        Conversations, Counts, InboxFilter, KnownVisitor, LogRange, Logged, NewConversation, NewRehearsal, ReadMark,
        Row as InboxRow, Summary, Unit, UnitOutcome, Viewpoint,
    },
};

use crate::{
    Database,
    failure::Outcome,
    find, life,
    marks::Mark,
    postgres::{OVERLAP, OVERLAP_MS},
    rows,
    statements::{Call, conversations as sql, jobs as jobs_sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// The person whose memberships decide, or nothing for whoever sees the whole workspace.
fn viewer(view: Viewpoint) -> Value {
    if view.whole_workspace { Value::from("") } else { view.person.into() }
}

fn inbox(found: &[Row]) -> Outcome<Vec<Arc<InboxRow>>> {
    found.iter().map(rows::inbox).collect()
}

/// Entries that tell of a changed text get the text as it is now. They are few.
async fn fill_revised(tx: &mut Tx, scope: Scope, conversation: ConversationId, entries: &mut [Logged]) -> Outcome<()> {
    let revising: Vec<(usize, i64)> =
        entries.iter().enumerate().filter_map(|(i, logged)| Some((i, logged.entry.event.revises()?))).collect();
    if revising.is_empty() {
        return Ok(());
    }
    let of = |&(_, seq): &(usize, i64)| Call::new(&sql::ENTRY, args![conversation, scope, seq]);
    let answers = tx.query_all(&revising.iter().map(of).collect::<Vec<_>>()).await?;
    for ((place, _), found) in revising.into_iter().zip(answers) {
        if let (Some(entry), Some(row)) = (entries.get_mut(place), found.first()) {
            entry.content = rows::logged(row)?.content;
        }
    }
    Ok(())
}

#[async_trait]
impl Conversations for Database {
    async fn execute(&self, unit: Unit) -> Result<UnitOutcome> {
        self.command(unit).await
    }

    async fn open(&self, scope: Scope, new: NewConversation) -> Result<Arc<InboxRow>> {
        let now = self.now();
        self.write_row(move |tx| {
            Box::pin(async move {
                let facts = Value::json(&new.facts)?;
                let name = new.facts.name.as_deref();
                let visitor = args![new.visitor, scope, new.chatbot, new.token_hash, name, facts, new.at];
                tx.must(&sql::ADD_VISITOR, visitor).await?;
                let change = tx.next_changes(1).await?.first().copied().unwrap_or_default();
                let row = InboxRow {
                    id: new.id,
                    scope,
                    chatbot: new.chatbot,
                    visitor: new.visitor,
                    visitor_name: new.facts.name.clone(),
                    rehearsal_of: new.rehearsal.as_ref().map(|rehearsal| rehearsal.of),
                    state: Conversation::default(),
                    summary: Summary::default(),
                    staff_read: 0,
                    staff_read_visitor_seq: 0,
                    visitor_read: 0,
                    unread: 0,
                    change,
                    place: change,
                    created_at: new.at,
                    updated_at: new.at,
                };
                let values = rows::inbox_values(&row, now)?;
                tx.run_all(&sql::SAVE_ROWS.calls(vec![values])).await?;
                match &new.rehearsal {
                    None => find::put_visitor(tx, scope, new.id, &new.facts, true).await?,
                    Some(NewRehearsal { of, delete }) => {
                        tx.must(&sql::MARK_REHEARSAL, args![new.id, scope, *of]).await?;
                        tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![rows::job_values(scope, delete)?])).await?;
                    }
                }
                Ok(Arc::new(row))
            })
        })
        .await
    }

    async fn rehearsals(
        &self,
        scope: Scope,
        person: PersonId,
        chatbot: ChatbotId,
        limit: u32,
    ) -> Result<Vec<ConversationId>> {
        let page = args![person, chatbot, scope, i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::REHEARSALS, page).await?.iter().map(|row| row.id(0)).collect() })
        })
        .await
    }

    async fn delete_rehearsal(&self, scope: Scope, conversation: ConversationId) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::REHEARSAL, args![conversation, scope]).await? else { return Ok(false) };
                life::delete_some_of(tx, scope, conversation, row.id(0)?).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn visitor_by_token(&self, token_hash: [u8; 32]) -> Result<Option<KnownVisitor>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.first(&sql::VISITOR_BY_TOKEN, args![token_hash]).await?.as_ref().map(rows::visitor).transpose()
            })
        })
        .await
    }

    async fn visitor(&self, scope: Scope, visitor: VisitorId) -> Result<KnownVisitor> {
        self.read(move |tx| {
            Box::pin(async move { rows::visitor(&tx.one(&sql::VISITOR, args![visitor, scope]).await?) })
        })
        .await
    }

    async fn row(&self, scope: Scope, conversation: ConversationId) -> Result<Arc<InboxRow>> {
        self.read(move |tx| Box::pin(async move { rows::inbox(&tx.one(&sql::ROW, args![conversation, scope]).await?) }))
            .await
    }

    async fn rows(
        &self,
        scope: Scope,
        view: Viewpoint,
        filter: InboxFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Arc<InboxRow>>> {
        let standing = filter.standing.map_or("", |standing| standing.name());
        let chatbot = filter.chatbot.map_or_else(|| Value::from(""), Value::from);
        let before = before.unwrap_or(i64::MAX);
        let mut args = args![scope, before, i64::from(limit), viewer(view), standing, chatbot];
        // The index that leaves the least to look at.
        let statement = match filter {
            InboxFilter { label: Some(label), of, .. } => {
                args.push(label.into());
                args.push(of.map_or_else(|| Value::from(""), Value::from));
                &sql::ROWS_LABEL
            }
            InboxFilter { of: Some(person), .. } => {
                args.push(person.into());
                &sql::ROWS_OF
            }
            InboxFilter { standing: Some(_), .. } => &sql::ROWS_STANDING,
            InboxFilter { chatbot: Some(_), .. } => &sql::ROWS_CHATBOT,
            InboxFilter { .. } => &sql::ROWS,
        };
        self.read(move |tx| Box::pin(async move { inbox(&tx.query(statement, args).await?) })).await
    }

    async fn changes(&self, scope: Scope, view: Viewpoint, after: i64, limit: u32) -> Result<Vec<Arc<InboxRow>>> {
        let since = self.now().plus(-OVERLAP_MS);
        self.read(move |tx| {
            Box::pin(async move {
                let mut found = Vec::new();
                // SQLite's only writer commits in the order of its numbers: nothing comes late.
                if matches!(tx, Tx::Postgres(_)) {
                    let late = args![scope, after.saturating_sub(OVERLAP), after, viewer(view), since];
                    found = tx.query(&sql::LATE_CHANGES, late).await?;
                }
                found.extend(tx.query(&sql::CHANGES, args![scope, after, i64::from(limit), viewer(view)]).await?);
                inbox(&found)
            })
        })
        .await
    }

    async fn newest_change(&self, scope: Scope) -> Result<i64> {
        self.read(move |tx| Box::pin(async move { tx.one(&sql::NEWEST_CHANGE, args![scope]).await?.int(0) })).await
    }

    async fn counts(&self, scope: Scope, view: Viewpoint) -> Result<Counts> {
        self.read(move |tx| {
            Box::pin(async move {
                let calls = [
                    Call::new(&sql::COUNTS, args![scope, viewer(view), ""]),
                    Call::new(&sql::COUNTS, args![scope, viewer(view), view.person]),
                ];
                let mut counts = Counts::default();
                for row in tx.query_all(&calls).await?.iter().flatten() {
                    let n = u64::try_from(row.int(1)?).unwrap_or_default();
                    match row.text(0)? {
                        "requested" => counts.waiting = n,
                        "live" => counts.live = n,
                        "mine" => counts.mine = n,
                        _ => {}
                    }
                }
                Ok(counts)
            })
        })
        .await
    }

    async fn log(&self, scope: Scope, conversation: ConversationId, range: LogRange) -> Result<Vec<Logged>> {
        let mut args = args![conversation, scope, range.after, i64::from(range.limit)];
        // Far beyond every log, and far enough from the greatest number to be added to.
        args.extend(range.before.map(|before| Value::from(before.min(i64::MAX / 2))));
        let statement = match (range.visitor, range.before) {
            (false, None) => &sql::LOG_AFTER,
            (false, Some(_)) => &sql::LOG_BEFORE,
            (true, None) => &sql::LOG_AFTER_VISITOR,
            (true, Some(_)) => &sql::LOG_BEFORE_VISITOR,
        };
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(statement, args).await?;
                if found.is_empty() {
                    // Nothing in this range, or nothing that this scope may see.
                    tx.one(&sql::ROW, args![conversation, scope]).await?;
                }
                let mut entries: Vec<Logged> = found.iter().map(rows::logged).collect::<Outcome<_>>()?;
                fill_revised(tx, scope, conversation, &mut entries).await?;
                if range.before.is_some() {
                    entries.reverse();
                }
                Ok(entries)
            })
        })
        .await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, i64, u64)>> {
        let calls = sql::HEADS.calls(conversations.iter().map(|&id| args![id]).collect());
        self.read(move |tx| {
            Box::pin(async move {
                let answers = tx.query_all(&calls).await?;
                answers.iter().flatten().map(|row| Ok((row.id(0)?, row.int(1)?, row.count(2)?))).collect()
            })
        })
        .await
    }

    async fn rows_anywhere(&self, conversations: &[ConversationId]) -> Result<Vec<Arc<InboxRow>>> {
        let calls = sql::ROWS_ANYWHERE.calls(conversations.iter().map(|&id| args![id]).collect());
        self.read(move |tx| {
            Box::pin(async move { tx.query_all(&calls).await?.iter().flatten().map(rows::inbox).collect() })
        })
        .await
    }

    async fn mark_read(&self, scope: Scope, conversation: ConversationId, mark: ReadMark) -> Result<()> {
        self.mark(Mark { scope, conversation, mark }).await
    }

    async fn live_of(&self, scope: Scope, person: PersonId, limit: u32) -> Result<Vec<ConversationId>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::LIVE_OF, args![person, scope, i64::from(limit)]).await?;
                found.iter().map(|row| row.id(0)).collect()
            })
        })
        .await
    }
}
