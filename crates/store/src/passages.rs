//! Passages of sources: as they are found, as they were cut, and what somebody has changed in them.

use async_trait::async_trait;
use domain::{
    ChatbotId, Millis, SourceId,
    passages::{CHANGES, Change, Mark, Passage},
};
use ports::{
    Result, Scope,
    jobs::NewJob,
    passages::{KeptChange, Listed, Passages},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::{Failure, Outcome},
    jobs::add_again,
    statements::{Call, knowledge as source_sql, passages as sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// Words that are looked for at once; more narrow a source down no further.
const WORDS: usize = 4;

fn mark(row: &Row, column: usize) -> Outcome<Option<Mark>> {
    let mark = row.maybe_bytes(column)?.map(Mark::try_from);
    mark.transpose().map_err(|error| Failure::broken("a mark of another length", error))
}

fn number(row: &Row, column: usize) -> Outcome<Option<u32>> {
    Ok(row.maybe_int(column)?.and_then(|number| u32::try_from(number).ok()))
}

fn passage(row: &Row, from: usize) -> Outcome<Passage> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Passage { heading: text(from)?, text: text(from + 1)?, page: number(row, from + 2)? })
}

/// A change: see `columns!` in `statements::passages`.
fn change(row: &Row) -> Outcome<KeptChange> {
    let cut = Passage { heading: row.text(2)?.to_owned(), text: row.text(3)?.to_owned(), page: number(row, 5)? };
    let body = row.maybe_text(4)?.map(str::to_owned);
    let change = match (mark(row, 1)?, body) {
        (Some(of), Some(text)) => Change::Rewritten { of, text },
        (Some(of), None) => Change::LeftOut { of },
        (None, text) => Change::Added(Passage { text: text.unwrap_or_default(), ..cut.clone() }),
    };
    Ok(KeptChange {
        id: row.id(0)?,
        change,
        cut,
        place: number(row, 6)?,
        terms: row.text(7)?.to_owned(),
        by: row.id(8)?,
        at: row.time(9)?,
    })
}

/// $5 to $8 of `has_words!`: nothing that a pattern understands goes into one.
fn patterns(words: &[String]) -> Vec<Value> {
    let plain = |word: &String| word.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect::<String>();
    let mut patterns: Vec<Value> = words
        .iter()
        .map(plain)
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(|word| Value::from(format!("% {word}%")))
        .collect();
    patterns.resize(WORDS, Value::from(""));
    patterns
}

/// The text that stands in the place of what was cut.
fn body(change: &Change) -> Option<String> {
    match change {
        Change::Rewritten { text, .. } => Some(text.clone()),
        Change::LeftOut { .. } => None,
        Change::Added(passage) => Some(passage.text.clone()),
    }
}

async fn read_again(tx: &mut Tx, scope: Scope, source: SourceId, at: Millis, job: &NewJob) -> Outcome<()> {
    if tx.run(&sql::READ_AGAIN, args![source, scope, at]).await? > 0 {
        add_again(tx, scope, job).await?;
    }
    Ok(())
}

async fn put(tx: &mut Tx, scope: Scope, source: SourceId, kept: &KeptChange, most: u64) -> Outcome<bool> {
    tx.one(&sql::CUT_SOURCE, args![source, scope]).await?;
    let of = kept.change.of().map(|mark| Value::Bytes(mark.to_vec()));
    let body = body(&kept.change);
    let saved = args![source, scope, of.clone(), body.clone(), kept.terms.as_str(), kept.by, kept.at, kept.id];
    if tx.run(&sql::SAVE_CHANGE, saved).await? > 0 {
        return Ok(true);
    }
    if tx.one(&sql::COUNT_CHANGES, args![source, scope]).await?.count(0)? >= most {
        return Ok(false);
    }
    let Passage { heading, text, page } = &kept.cut;
    let (page, place) = (page.map(i64::from), kept.place.map(i64::from));
    let terms = kept.terms.as_str();
    let added =
        args![kept.id, source, scope, of, heading.as_str(), text.as_str(), body, page, place, terms, kept.by, kept.at];
    tx.run(&sql::ADD_CHANGE, added).await?;
    Ok(true)
}

#[async_trait]
impl Passages for Database {
    async fn source_title(&self, scope: Scope, chatbot: ChatbotId, source: SourceId) -> Result<String> {
        self.read(move |tx| {
            Box::pin(
                async move { Ok(tx.one(&sql::SOURCE_TITLE, args![source, scope, chatbot]).await?.text(0)?.to_owned()) },
            )
        })
        .await
    }

    async fn list_passages(
        &self,
        scope: Scope,
        source: SourceId,
        words: &[String],
        after: u32,
        limit: u32,
    ) -> Result<Vec<Listed>> {
        let mut page = args![source, scope, i64::from(after), i64::from(limit)];
        page.extend(patterns(words));
        self.read(move |tx| {
            Box::pin(async move {
                let mut listed = Vec::new();
                for row in tx.query(&sql::FOUND, page.clone()).await? {
                    listed.push(Listed {
                        place: number(&row, 0)?.unwrap_or_default(),
                        passage: passage(&row, 1)?,
                        mark: mark(&row, 4)?,
                        change: row.maybe_id(5)?,
                        original: row.maybe_text(6)?.map(str::to_owned),
                        left_out: false,
                    });
                }
                for row in tx.query(&sql::LEFT_OUT, page).await? {
                    listed.push(Listed {
                        place: number(&row, 0)?.unwrap_or_default(),
                        passage: passage(&row, 1)?,
                        mark: mark(&row, 4)?,
                        change: row.maybe_id(5)?,
                        original: None,
                        left_out: true,
                    });
                }
                // Each list is whole up to its own end, so that both together are up to the nearer one.
                listed.sort_by_key(|one| one.place);
                listed.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                Ok(listed)
            })
        })
        .await
    }

    async fn cut_passage(&self, scope: Scope, source: SourceId, mark: Mark) -> Result<Option<(u32, Passage)>> {
        self.read(move |tx| {
            Box::pin(async move {
                let by_mark = || args![source, scope, &mark[..]];
                let found = match tx.first(&sql::CUT_BY_MARK, by_mark()).await? {
                    None => tx.first(&sql::CHANGED_BY_MARK, by_mark()).await?,
                    found => found,
                };
                found.map(|row| Ok((number(&row, 0)?.unwrap_or_default(), passage(&row, 1)?))).transpose()
            })
        })
        .await
    }

    async fn passage_changes(&self, scope: Scope, source: SourceId) -> Result<Vec<KeptChange>> {
        let most = i64::try_from(CHANGES).unwrap_or(i64::MAX);
        self.read(move |tx| {
            Box::pin(
                async move { tx.query(&sql::CHANGES, args![source, scope, most]).await?.iter().map(change).collect() },
            )
        })
        .await
    }

    async fn unfit_changes(
        &self,
        scope: Scope,
        source: SourceId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<KeptChange>> {
        let after = after.map_or_else(|| Value::from(""), Value::from);
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![source, scope, after, i64::from(limit)];
                tx.query(&sql::UNFIT, page).await?.iter().map(change).collect()
            })
        })
        .await
    }

    async fn put_change(
        &self,
        scope: Scope,
        source: SourceId,
        change: KeptChange,
        most: u64,
        job: NewJob,
    ) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let put = put(tx, scope, source, &change, most).await?;
                if put {
                    read_again(tx, scope, source, change.at, &job).await?;
                }
                Ok(put)
            })
        })
        .await
    }

    async fn drop_change(&self, scope: Scope, source: SourceId, change: Uuid, at: Millis, job: NewJob) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::DROP_CHANGE, args![change, source, scope]).await?;
                read_again(tx, scope, source, at, &job).await
            })
        })
        .await
    }

    async fn settle_changes(
        &self,
        scope: Scope,
        source: SourceId,
        version: i64,
        places: Vec<(Uuid, Option<u32>)>,
    ) -> Result<()> {
        let settle = |(id, place): &(Uuid, Option<u32>)| {
            Call::new(&sql::SETTLE_CHANGE, args![*id, source, scope, place.map(i64::from), version])
        };
        let calls: Vec<Call> = places.iter().map(settle).collect();
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn copy_marks(
        &self,
        scope: Scope,
        from: SourceId,
        to: SourceId,
        changes: Vec<(Uuid, Uuid)>,
        job: NewJob,
    ) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.one(&source_sql::SOURCE_VERSION, args![to, scope]).await?;
                tx.run(&sql::COPY_TAGS, args![from, to, scope]).await?;
                for (old, new) in changes {
                    tx.run(&sql::COPY_CHANGE, args![old, new, to, scope]).await?;
                }
                add_again(tx, scope, &job).await
            })
        })
        .await
    }
}
