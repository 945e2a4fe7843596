//! Search over what was said: what is kept for it with each write, and how it is found.
//!
//! Both engines get words that `domain::find` has cut, so that both find the same; nothing of them is parsed again.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis, PersonId,
    conversation::{Entry, Event},
    find::{self, Query},
};
use ports::{
    Result, Scope,
    content::Content,
    conversations::{Row as InboxRow, Viewpoint, VisitorFacts},
    search::{ConversationIndex, Found, FoundPage, Narrowed},
};

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{Call, conversations as log_sql, find as sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// How many entries that hold the words are looked at in one go ..
const WINDOW: i64 = 5_000;
/// .. and how often for one page. What the filter leaves out of so many is told as a page that is short.
const WINDOWS: usize = 4;
/// On PostgreSQL: how many entries are looked at in one go, with the words or without, ..
const ENTRIES: i64 = 10_000;
/// .. and how many of them hold a common word.
const COMMON: i64 = 100;
/// Entries that are taken in at once of what was said before there was a search.
const FILL: i64 = 200;

/// Who wrote a text that search finds; nothing for what Baton says by itself.
fn author(event: &Event) -> Option<Value> {
    match event {
        Event::VisitorWrote { .. } => Some("visitor".into()),
        Event::AssistantWrote { .. } => Some("ai".into()),
        Event::PersonWrote { person } | Event::NoteWritten { person } => Some((*person).into()),
        _ => None,
    }
}

/// Words in the form in which an engine keeps them.
fn kept(sqlite: bool, text: &str) -> String {
    let words = find::words(text);
    if sqlite {
        return words.join(" ");
    }
    let numbered = words.iter().zip(1..).map(|(word, place)| format!("'{word}':{place}"));
    numbered.collect::<Vec<_>>().join(" ")
}

/// The values of `PUT_ENTRIES`: id and the rest. Nothing for an entry that search does not find.
pub(crate) fn entry_values(
    sqlite: bool,
    scope: Scope,
    conversation: ConversationId,
    change: i64,
    entry: &Entry,
    content: Option<&Content>,
) -> Option<(i64, Vec<Value>)> {
    let author = author(&entry.event)?;
    let id = change.saturating_mul(1024).saturating_add(entry.seq % 1024);
    let terms = kept(sqlite, &content.and_then(Content::with_names).unwrap_or_default());
    Some((id, args![id, scope, conversation, entry.seq, author, entry.at, terms]))
}

/// Keeps the words of what is known of a visitor. Without any, only what was kept before is replaced.
pub(crate) async fn put_visitor(
    tx: &mut Tx,
    scope: Scope,
    conversation: ConversationId,
    facts: &VisitorFacts,
    is_new: bool,
) -> Outcome<()> {
    let known = [&facts.name, &facts.email, &facts.external_id].map(|fact| fact.as_deref().unwrap_or_default());
    let terms = kept(matches!(tx, Tx::Sqlite(_)), &known.join(" · "));
    if is_new && terms.is_empty() {
        return Ok(());
    }
    let email = facts.email.as_deref().map(str::to_lowercase);
    tx.run(&sql::PUT_VISITOR, args![scope, conversation, email, terms]).await.map(drop)
}

/// A search in the language of an engine.
fn asked(sqlite: bool, query: &Query) -> String {
    let phrase = |phrase: &find::Phrase| match sqlite {
        true => format!("\"{}\"{}", phrase.words.join(" "), if phrase.goes_on { "*" } else { "" }),
        false => {
            let words: Vec<String> = phrase.words.iter().map(|word| format!("'{word}'")).collect();
            format!("{}{}", words.join(" <-> "), if phrase.goes_on { ":*" } else { "" })
        }
    };
    let phrases: Vec<String> = query.phrases().iter().map(phrase).collect();
    phrases.join(if sqlite { " AND " } else { " & " })
}

/// What narrows a search: $5 to $12 of its statements.
fn narrowing(scope: Scope, view: Viewpoint, narrowed: Narrowed) -> Vec<Value> {
    fn or_nothing<T: Into<Value>>(value: Option<T>) -> Value {
        value.map_or_else(|| Value::from(""), Into::into)
    }
    let viewer: Option<PersonId> = (!view.whole_workspace).then_some(view.person);
    let chatbot: Option<ChatbotId> = narrowed.chatbot;
    args![
        scope,
        or_nothing(viewer),
        narrowed.standing.map_or("", |standing| standing.name()),
        or_nothing(chatbot),
        or_nothing(narrowed.label),
        or_nothing(narrowed.person),
        narrowed.since.unwrap_or(Millis(i64::MIN)),
        narrowed.until.unwrap_or(Millis(i64::MAX)),
    ]
}

/// What was found of a text, with its conversation.
async fn texts(tx: &mut Tx, scope: Scope, hits: &[Row]) -> Outcome<Vec<Found>> {
    let mut calls = Vec::with_capacity(hits.len() * 2);
    for hit in hits {
        let (conversation, seq) = (hit.id::<ConversationId>(1)?, hit.int(2)?);
        calls.push(Call::new(&log_sql::ROW, args![conversation, scope]));
        calls.push(Call::new(&log_sql::ENTRY, args![conversation, scope, seq]));
    }
    let answers = tx.query_all(&calls).await?;
    let mut found = Vec::with_capacity(hits.len());
    for answer in answers.chunks(2) {
        if let [row, entry] = answer
            && let (Some(row), Some(entry)) = (row.first(), entry.first())
        {
            found.push(Found { row: rows::inbox(row)?, entry: Some(rows::logged(entry)?), visitor: None });
        }
    }
    Ok(found)
}

/// A search on its way through what was said, window by window.
struct Pages {
    query: String,
    filter: Vec<Value>,
    scope: Scope,
    /// Nothing is left out: a page is full as soon as there is enough.
    everything: bool,
}

impl Pages {
    /// What is found in the next window, and where the one after it begins.
    async fn next(&self, tx: &mut Tx, before: i64, room: i64) -> Outcome<(Vec<Found>, Option<i64>)> {
        let (statement, low, more) = match tx {
            Tx::Sqlite(_) if self.everything => (&sql::FOUND, i64::MIN, false),
            Tx::Sqlite(_) => {
                let window = tx.one(&sql::FOUND_WINDOW, args![self.query.as_str(), before, WINDOW]).await?;
                (&sql::FOUND, window.int(0)?, window.int(1)? == WINDOW)
            }
            Tx::Postgres(_) => {
                let window = tx.one(&sql::ENTRY_WINDOW, args![self.query.as_str(), before, ENTRIES]).await?;
                // Words that are common now are near; others are found by their index, wherever they are.
                match window.int(2)? >= COMMON {
                    true => (&sql::FOUND, window.int(0)?, window.int(1)? == ENTRIES),
                    false => (&sql::FOUND_RARE, i64::MIN, false),
                }
            }
        };
        let mut asked = args![self.query.as_str(), low, before, room];
        asked.extend(self.filter.iter().cloned());
        let hits = tx.query(statement, asked).await?;
        let full = i64::try_from(hits.len()).unwrap_or(i64::MAX) >= room;
        let last = hits.last().map(|hit| hit.int(0)).transpose()?;
        let next = if full { last } else { more.then_some(low) };
        Ok((texts(tx, self.scope, &hits).await?, next))
    }
}

#[async_trait]
impl ConversationIndex for Database {
    async fn find_texts(
        &self,
        scope: Scope,
        view: Viewpoint,
        query: &Query,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage> {
        let (query, filter) = (query.clone(), narrowing(scope, view, narrowed));
        let everything = view.whole_workspace && narrowed == Narrowed::default();
        self.read(move |tx| {
            Box::pin(async move {
                let pages = Pages { query: asked(matches!(tx, Tx::Sqlite(_)), &query), filter, scope, everything };
                let (mut before, mut page) = (before.unwrap_or(i64::MAX), FoundPage::default());
                for _ in 0..WINDOWS {
                    let room = i64::from(limit) - i64::try_from(page.items.len()).unwrap_or(i64::MAX);
                    let (items, next) = pages.next(tx, before, room).await?;
                    let full = i64::try_from(items.len()).unwrap_or(i64::MAX) >= room;
                    page.items.extend(items);
                    page.next = next;
                    match next {
                        Some(low) if !full => before = low,
                        _ => break,
                    }
                }
                Ok(page)
            })
        })
        .await
    }

    async fn find_visitors(
        &self,
        scope: Scope,
        view: Viewpoint,
        query: &Query,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage> {
        let (query, filter) = (query.clone(), narrowing(scope, view, narrowed));
        self.read(move |tx| {
            Box::pin(async move {
                let query = asked(matches!(tx, Tx::Sqlite(_)), &query);
                let mut asked = args![query, 0_i64, before.unwrap_or(i64::MAX), i64::from(limit)];
                asked.extend(filter);
                let hits = tx.query(&sql::FOUND_VISITORS, asked).await?;
                let found = |row: &Row| {
                    Ok(Found { row: rows::inbox(row)?, entry: None, visitor: Some(row.json(rows::INBOX_COLUMNS)?) })
                };
                let items: Vec<Found> = hits.iter().map(found).collect::<Outcome<_>>()?;
                let next = items.last().filter(|_| items.len() == limit as usize).map(|last| last.row.place);
                Ok(FoundPage { items, next })
            })
        })
        .await
    }

    async fn find_rows(
        &self,
        scope: Scope,
        view: Viewpoint,
        narrowed: Narrowed,
        before: Option<i64>,
        limit: u32,
    ) -> Result<FoundPage> {
        let filter = narrowing(scope, view, narrowed);
        self.read(move |tx| {
            Box::pin(async move {
                let mut before = before.unwrap_or(i64::MAX);
                let (mut items, mut next): (Vec<Found>, _) = (Vec::new(), None);
                for _ in 0..WINDOWS {
                    let window = tx.one(&sql::ROWS_WINDOW, args![scope, before, WINDOW]).await?;
                    let (low, looked_at) = (window.int(0)?, window.int(1)?);
                    let room = i64::from(limit) - i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let mut asked = args![scope, low, before, room];
                    asked.extend(filter.iter().cloned());
                    let hits = tx.query(&sql::ROWS_FOUND, asked).await?;
                    for hit in &hits {
                        items.push(Found { row: rows::inbox(hit)?, entry: None, visitor: None });
                    }
                    let full = i64::try_from(hits.len()).unwrap_or(i64::MAX) >= room;
                    let last = items.last().map(|found| found.row.place);
                    next = if full { last } else { (looked_at == WINDOW).then_some(low) };
                    match next {
                        Some(low) if !full => before = low,
                        _ => break,
                    }
                }
                Ok(FoundPage { items, next })
            })
        })
        .await
    }

    async fn past_chats(
        &self,
        scope: Scope,
        view: Viewpoint,
        of: &InboxRow,
        email: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Arc<InboxRow>>> {
        let email = email.unwrap_or_default().to_lowercase();
        let viewer = (!view.whole_workspace).then_some(view.person).map_or_else(|| Value::from(""), Value::from);
        let before = before.unwrap_or(i64::MAX);
        let asked = args![scope, of.id, before, i64::from(limit), of.visitor, email, viewer];
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::PAST, asked).await?.iter().map(rows::inbox).collect() })
        })
        .await
    }

    async fn fill_search(&self) -> Result<bool> {
        self.write(|tx| Box::pin(fill(tx))).await
    }
}

/// Takes in the next slice. What has been written, changed or deleted meanwhile is in already, and stays as it is.
async fn fill(tx: &mut Tx) -> Outcome<bool> {
    let Some(at) = tx.first(&sql::FILL_AT, Vec::new()).await? else { return Ok(false) };
    let sqlite = matches!(tx, Tx::Sqlite(_));
    let from = args![at.text(0)?, at.int(1)?, FILL];
    let found = tx.query(&sql::FILL_FROM, from).await?;
    let Some(last) = found.last() else {
        tx.run(&sql::FILL_END, Vec::new()).await?;
        return Ok(false);
    };
    let mut entries = Vec::new();
    for row in &found {
        let logged = rows::logged(row)?;
        let (scope, conversation): (Scope, ConversationId) = (rows::scope(row, 9)?, row.id(10)?);
        let values = entry_values(sqlite, scope, conversation, row.int(8)?, &logged.entry, logged.content.as_ref());
        entries.extend(values.map(|(_, values)| values));
        if logged.entry.seq == 1 {
            put_visitor(tx, scope, conversation, &row.json(11)?, true).await?;
        }
    }
    tx.run_all(&sql::FILL_ENTRIES.calls(entries)).await?;
    tx.run(&sql::FILL_MOVE, args![last.id::<ConversationId>(10)?, last.int(0)?]).await?;
    Ok(true)
}
