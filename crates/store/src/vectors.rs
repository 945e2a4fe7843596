//! Vectors of examples and of chunks, as bytes: numbers of four bytes, the lowest first.

use async_trait::async_trait;
use domain::ChatbotId;
use ports::{
    Result, Scope,
    search::Passage,
    vectors::{Digest, Known, PartsRead, Read, Reading, Unread, Vectors},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    rows,
    statements::{Call, vectors as sql},
    value::{Row, Value, args},
};

/// Vectors that go at once.
const SLICE: i64 = 64;

fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn vector(row: &Row, column: usize) -> Outcome<Vec<f32>> {
    let (numbers, rest) = row.bytes(column)?.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(Failure::broken("a vector of odd length", "the database holds one"));
    }
    Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
}

fn digest(row: &Row, column: usize) -> Outcome<Digest> {
    row.bytes(column)?.try_into().map_err(|error| Failure::broken("a digest of another length", error))
}

/// The call that keeps one vector.
fn keep(scope: Scope, chatbot: ChatbotId, what: &str, model: &str, digest: &Digest, numbers: &[f32]) -> Call {
    Call::new(&sql::KEEP, args![scope, chatbot, what, model, &digest[..], Value::Bytes(bytes(numbers))])
}

#[async_trait]
impl Vectors for Database {
    async fn example_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        after: Option<Digest>,
        limit: u32,
    ) -> Result<Vec<Known>> {
        let after = after.map_or_else(Vec::new, |digest| digest.to_vec());
        let args = args![scope, chatbot, model, Value::Bytes(after), i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::EXAMPLES, args).await?;
                found.iter().map(|row| Ok((digest(row, 0)?, vector(row, 1)?))).collect()
            })
        })
        .await
    }

    async fn keep_examples(&self, scope: Scope, chatbot: ChatbotId, model: &str, vectors: Vec<Known>) -> Result<()> {
        let one = |(digest, numbers): &Known| keep(scope, chatbot, "example", model, digest, numbers);
        let calls: Vec<Call> = vectors.iter().map(one).collect();
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn forget_examples(&self, scope: Scope, chatbot: ChatbotId, model: &str, digests: Vec<Digest>) -> Result<()> {
        let one = |digest: &Digest| Call::new(&sql::FORGET_EXAMPLE, args![scope, chatbot, model, &digest[..]]);
        let calls: Vec<Call> = digests.iter().map(one).collect();
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn unread_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        language: Option<&str>,
        (above, below): (i64, i64),
        limit: u32,
    ) -> Result<Vec<Unread>> {
        let args = args![scope, chatbot, model, above, below, language.unwrap_or_default(), i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::UNREAD, args).await?;
                let unread = |row: &Row| {
                    let text = |column| row.text(column).map(str::to_owned);
                    Ok(Unread { chunk: row.int(0)?, source: row.id(1)?, heading: text(2)?, text: text(3)? })
                };
                found.iter().map(unread).collect()
            })
        })
        .await
    }

    async fn keep_chunks(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        read: Vec<(Unread, Digest, Reading)>,
        counted: bool,
    ) -> Result<()> {
        let mut calls = Vec::with_capacity(read.len() * 4);
        for (of, digest, reading) in &read {
            calls.push(Call::new(&sql::MARK_CHUNK, args![of.chunk, scope, &digest[..], of.source]));
            calls.push(keep(scope, chatbot, "chunk", model, digest, &reading.whole));
            calls.push(keep(scope, chatbot, "parts", model, digest, &reading.parts));
            if counted {
                calls.push(Call::new(&sql::COUNT_READ, args![of.source, scope, 1_i64]));
            }
        }
        self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await
    }

    async fn settle_chunks(&self, scope: Scope, chatbot: ChatbotId, model: &str, models: &[String]) -> Result<()> {
        // Looked for by a reader, so that nobody waits for the looking.
        loop {
            let gone =
                self.read(move |tx| Box::pin(async move { tx.query(&sql::GONE, args![scope, chatbot, SLICE]).await }));
            let gone = gone.await?;
            let calls: Vec<Call> = gone
                .iter()
                .map(|row| Ok(Call::new(&sql::FORGET_CHUNK, args![scope, chatbot, row.bytes(0)?])))
                .collect::<Outcome<_>>()?;
            if calls.is_empty() {
                break;
            }
            self.write(move |tx| Box::pin(async move { tx.run_all(&calls).await })).await?;
        }
        let known = self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MODELS, args![scope, chatbot]).await?;
                found.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Outcome<Vec<String>>>()
            })
        });
        let gone: Vec<String> = known.await?.into_iter().filter(|known| !models.contains(known)).collect();
        let settle = args![scope, chatbot, model];
        self.write(move |tx| {
            Box::pin(async move {
                for model in gone {
                    tx.run(&sql::FORGET_MODEL, args![scope, chatbot, model]).await?;
                }
                tx.run(&sql::SETTLE_READ, settle).await?;
                tx.run(&sql::SETTLE_SITES, args![scope, chatbot]).await?;
                tx.run(&sql::RAISE, args![scope, chatbot]).await.map(drop)
            })
        })
        .await
    }

    async fn chunk_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        model: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Read>> {
        let args = args![scope, chatbot, model, after, i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CHUNKS, args).await?;
                let read = |row: &Row| Ok(Read { chunk: row.int(0)?, source: row.id(1)?, vector: vector(row, 2)? });
                found.iter().map(read).collect()
            })
        })
        .await
    }

    async fn part_vectors(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        models: &[&str],
        chunks: &[i64],
    ) -> Result<Vec<PartsRead>> {
        let call = |model: &str, chunk: i64| Call::new(&sql::PARTS, args![scope, chatbot, model, chunk]);
        let calls: Vec<Call> =
            models.iter().flat_map(|model| chunks.iter().map(move |&chunk| call(model, chunk))).collect();
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query_all(&calls).await?;
                let read = |row: &Row| {
                    Ok(PartsRead { chunk: row.int(0)?, model: row.text(1)?.to_owned(), parts: vector(row, 2)? })
                };
                found.iter().flatten().map(read).collect()
            })
        })
        .await
    }

    async fn passages(&self, scope: Scope, chatbot: ChatbotId, chunks: &[i64]) -> Result<Vec<Passage>> {
        let calls: Vec<Call> =
            chunks.iter().map(|&chunk| Call::new(&sql::PASSAGE, args![scope, chatbot, chunk])).collect();
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query_all(&calls).await?;
                let passage = |row: &Row| {
                    let text = |column| row.text(column).map(str::to_owned);
                    let (title, heading, text) = (text(1)?, text(2)?, text(3)?);
                    let (page, url) = (rows::page(row, 5)?, row.maybe_text(6)?.map(str::to_owned));
                    let (source, chunk) = (row.id(0)?, row.int(4)?);
                    Ok(Passage { source, title, heading, text, page, url, score: 0.0, chunk, fits: None })
                };
                found.iter().flatten().map(passage).collect()
            })
        })
        .await
    }
}
