//! Full-text search. Words come from people and models: nothing in them may act as syntax.

use async_trait::async_trait;
use domain::{ChatbotId, SourceId};
use ports::{
    Result, Scope,
    search::{KnowledgeIndex, Passage},
};

use crate::{
    Database,
    failure::Outcome,
    rows,
    statements::{Call, knowledge as sql},
    tx::Tx,
    value::{Value, args},
};

/// Most words of a question that are looked at.
const WORDS: usize = 64;
/// Longest word, in characters.
const WORD_CHARS: usize = 100;
/// What one counts for in a stored score.
const MILLION: f64 = 1_000_000.0;

/// A word as one quoted string of the engine's query language; nothing when there is nothing to find in it.
fn quoted(tx: &Tx, word: &str) -> Option<String> {
    let word: String = word.chars().filter(|c| *c != '\0').take(WORD_CHARS).collect();
    word.chars().any(char::is_alphanumeric).then(|| match tx {
        Tx::Sqlite(_) => format!("\"{}\"", word.replace('"', "\"\"")),
        Tx::Postgres(_) => format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''")),
    })
}

/// A query for any of the words.
fn any_of(tx: &Tx, words: &[String]) -> Option<String> {
    let words: Vec<String> = words.iter().filter_map(|word| quoted(tx, word)).take(WORDS).collect();
    let or = if matches!(tx, Tx::Sqlite(_)) { " OR " } else { " | " };
    (!words.is_empty()).then(|| words.join(or))
}

#[async_trait]
impl KnowledgeIndex for Database {
    async fn search_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        words: &[String],
        only: Option<&[SourceId]>,
        limit: u32,
    ) -> Result<Vec<Passage>> {
        let words = words.to_vec();
        // As JSON, the one kind of list that both engines take for one parameter; empty for all of them.
        let only = match only {
            Some(only) => Value::json(&only)?,
            None => Value::from(""),
        };
        self.read(move |tx| {
            Box::pin(async move {
                let Some(query) = any_of(tx, &words) else { return Ok(Vec::new()) };
                let found = tx.query(&sql::SEARCH, args![query, scope, chatbot, i64::from(limit), only]).await?;
                let passage = |row: &crate::value::Row| {
                    #[expect(clippy::cast_precision_loss, reason = "a score of few digits")]
                    let score = row.int(4)? as f64 / MILLION;
                    let text = |column| row.text(column).map(str::to_owned);
                    let source: SourceId = row.id(0)?;
                    Ok(Passage {
                        source,
                        title: text(1)?,
                        heading: text(2)?,
                        text: text(3)?,
                        page: rows::page(row, 6)?,
                        url: row.maybe_text(7)?.map(str::to_owned),
                        score,
                        chunk: row.int(5)?,
                        fits: None,
                    })
                };
                found.iter().map(passage).collect::<Outcome<_>>()
            })
        })
        .await
    }

    async fn word_counts(&self, scope: Scope, chatbot: ChatbotId, words: &[String]) -> Result<(Vec<u64>, u64)> {
        let words = words.to_vec();
        self.read(move |tx| {
            Box::pin(async move {
                let mut calls = vec![Call::new(&sql::COUNT_CHUNKS, args![scope, chatbot])];
                // A word without anything to find has no call of its own.
                let asked: Vec<Option<String>> =
                    words.iter().enumerate().map(|(i, word)| quoted(tx, word).filter(|_| i < WORDS)).collect();
                calls.extend(
                    asked
                        .iter()
                        .flatten()
                        .map(|word| Call::new(&sql::COUNT_WORD, args![word.as_str(), scope, chatbot])),
                );
                let answers = tx.query_all(&calls).await?;
                let mut counts = answers.iter().flatten().map(|row| row.count(0));
                let all = counts.next().unwrap_or(Ok(0))?;
                let of = |word: &Option<String>| match word {
                    Some(_) => counts.next().unwrap_or(Ok(0)),
                    None => Ok(0),
                };
                Ok((asked.iter().map(of).collect::<Outcome<_>>()?, all))
            })
        })
        .await
    }
}
