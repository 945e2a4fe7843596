//! The Escalation lab.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::{
    ChatbotId, LabMessageId, LabRunId, Millis,
    lab::{Label, RunKind, RunState},
};
use ports::{
    Result, Scope,
    lab::{Added, Lab, LabCounts, LabMessage, LabRun, RunResult},
};

use crate::{
    Database,
    failure::Outcome,
    statements::lab as sql,
    tx::Tx,
    value::{Row, Value, args},
};

fn message(row: &Row) -> Outcome<LabMessage> {
    Ok(LabMessage {
        id: row.id(0)?,
        text: row.text(1)?.to_owned(),
        digest: row.text(2)?.to_owned(),
        label: row.named(3, Label::named)?,
        by: row.id(4)?,
        at: row.time(5)?,
        conversation: row.maybe_id(6)?,
    })
}

fn run(row: &Row) -> Outcome<LabRun> {
    Ok(LabRun {
        id: row.id(0)?,
        kind: row.named(1, RunKind::named)?,
        draft: row.maybe_text(2)?.map(serde_json::from_str).transpose()?,
        by: row.id(3)?,
        state: row.named(4, RunState::named)?,
        done: row.count(5)?,
        total: row.count(6)?,
        began: row.time(7)?,
        beat: row.time(8)?,
        asked: row.time(9)?,
    })
}

/// A number that was counted, as it is stored.
fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A value as JSON, if there is one.
fn maybe_json(value: Option<&impl serde::Serialize>) -> Outcome<Value> {
    value.map_or(Ok(Value::Null), Value::json)
}

async fn labels(tx: &mut Tx, scope: Scope, chatbot: ChatbotId, digests: &[String]) -> Outcome<Vec<(String, Label)>> {
    let wanted = digests.iter().map(|digest| args![scope, chatbot, digest.as_str()]).collect();
    let answers = tx.query_all(&sql::LAB_LABELS.calls(wanted)).await?;
    answers.iter().flatten().map(|row| Ok((row.text(0)?.to_owned(), row.named(1, Label::named)?))).collect()
}

async fn add(tx: &mut Tx, scope: Scope, chatbot: ChatbotId, messages: Vec<LabMessage>, most: u64) -> Outcome<Added> {
    tx.one(&sql::HOLD_LAB, args![chatbot, scope]).await?;
    let digests: Vec<String> = messages.iter().map(|message| message.digest.clone()).collect();
    let known: HashSet<String> =
        labels(tx, scope, chatbot, &digests).await?.into_iter().map(|(digest, _)| digest).collect();
    let mut room = most.saturating_sub(tx.one(&sql::COUNT_LAB, args![scope, chatbot]).await?.count(0)?);
    let (mut added, mut rows) = (Added::default(), Vec::with_capacity(messages.len()));
    for message in messages {
        if known.contains(&message.digest) {
            added.known += 1;
        } else if room == 0 {
            added.left_out += 1;
            continue;
        } else {
            room -= 1;
            added.added += 1;
        }
        let LabMessage { id, text, digest, label, by, at, conversation } = message;
        rows.push(args![id, scope, chatbot, digest, text, label.name(), by, at, conversation]);
    }
    tx.run_all(&sql::ADD_LAB_MESSAGES.calls(rows)).await?;
    Ok(added)
}

#[async_trait]
impl Lab for Database {
    async fn lab_counts(&self, scope: Scope, chatbot: ChatbotId) -> Result<LabCounts> {
        self.read(move |tx| {
            Box::pin(async move {
                let mut counts = LabCounts::default();
                for row in &tx.query(&sql::LAB_COUNTS, args![scope, chatbot]).await? {
                    match row.named(0, Label::named)? {
                        Label::Person => counts.person = row.count(1)?,
                        Label::NoPerson => counts.no_person = row.count(1)?,
                    }
                }
                Ok(counts)
            })
        })
        .await
    }

    async fn lab_messages(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        label: Option<Label>,
        before: Option<(Millis, LabMessageId)>,
        limit: u32,
    ) -> Result<Vec<LabMessage>> {
        let (at, last) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        let label = label.map_or("", Label::name);
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![scope, chatbot, at, last, label, i64::from(limit)];
                tx.query(&sql::LAB_MESSAGES, page).await?.iter().map(message).collect()
            })
        })
        .await
    }

    async fn lab_labels(&self, scope: Scope, chatbot: ChatbotId, digests: Vec<String>) -> Result<Vec<(String, Label)>> {
        self.read(move |tx| Box::pin(async move { labels(tx, scope, chatbot, &digests).await })).await
    }

    async fn add_lab_messages(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        messages: Vec<LabMessage>,
        most: u64,
    ) -> Result<Added> {
        self.write(move |tx| Box::pin(async move { add(tx, scope, chatbot, messages, most).await })).await
    }

    async fn label_lab_message(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        message: LabMessageId,
        label: Label,
    ) -> Result<()> {
        self.write(move |tx| {
            let args = args![message, scope, chatbot, label.name()];
            Box::pin(async move { tx.must(&sql::LABEL_LAB_MESSAGE, args).await })
        })
        .await
    }

    async fn remove_lab_message(&self, scope: Scope, chatbot: ChatbotId, message: LabMessageId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move { tx.must(&sql::REMOVE_LAB_MESSAGE, args![message, scope, chatbot]).await })
        })
        .await
    }

    async fn clear_lab(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.run(&sql::CLEAR_LAB, args![chatbot, scope]).await.map(drop) }))
            .await
    }

    async fn begin_lab_run(&self, scope: Scope, chatbot: ChatbotId, run: LabRun, lost: Millis) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.one(&sql::HOLD_LAB, args![chatbot, scope]).await?;
                if tx.first(&sql::LAB_RUNNING, args![chatbot, scope, lost]).await?.is_some() {
                    return Ok(false);
                }
                let LabRun { id, kind, draft, by, state, done, total, began, beat, asked } = run;
                let mut row = args![chatbot, scope, id, kind.name()];
                row.push(maybe_json(draft.as_ref())?);
                row.extend(args![by, state.name(), stored(done), stored(total), began, beat, asked]);
                Ok(tx.run(&sql::BEGIN_LAB_RUN, row).await? > 0)
            })
        })
        .await
    }

    async fn lab_runs(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<LabRun>> {
        self.read(move |tx| {
            Box::pin(async move { tx.query(&sql::LAB_RUNS, args![chatbot, scope]).await?.iter().map(run).collect() })
        })
        .await
    }

    async fn ask_lab_run(&self, scope: Scope, chatbot: ChatbotId, run: LabRunId, now: Millis) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move { tx.run(&sql::ASK_LAB_RUN, args![chatbot, scope, run, now]).await.map(drop) })
        })
        .await
    }

    async fn lab_result(&self, scope: Scope, chatbot: ChatbotId, run: LabRunId) -> Result<Option<RunResult>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::LAB_RESULT, args![chatbot, scope, run]).await? else { return Ok(None) };
                Ok(row.maybe_text(0)?.map(serde_json::from_str).transpose()?)
            })
        })
        .await
    }

    async fn beat_lab_run(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        run: LabRunId,
        (done, total): (u64, u64),
        now: Millis,
    ) -> Result<Option<Millis>> {
        self.write(move |tx| {
            let args = args![chatbot, scope, run, stored(done), stored(total), now];
            Box::pin(async move { tx.first(&sql::BEAT_LAB_RUN, args).await?.map(|row| row.time(0)).transpose() })
        })
        .await
    }

    async fn end_lab_run(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        run: LabRunId,
        state: RunState,
        result: Option<RunResult>,
        now: Millis,
    ) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut row = args![chatbot, scope, run, state.name()];
                row.push(maybe_json(result.as_ref())?);
                row.push(now.into());
                tx.run(&sql::END_LAB_RUN, row).await.map(drop)
            })
        })
        .await
    }
}
