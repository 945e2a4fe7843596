//! Lessons that somebody has looked at.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis};
use ports::{
    Result, Scope,
    lessons::{Lessons, Looked, Made},
};

use crate::{
    Database,
    failure::{Failure, Outcome},
    statements::lessons as sql,
    value::{Row, args},
};

fn looked(row: &Row) -> Outcome<Looked> {
    let made = match (row.text(5)?, row.maybe_id(6)?) {
        ("taught", Some(source)) => Made::Taught(source),
        ("suggested", _) => Made::Suggested,
        ("dismissed", _) => Made::Dismissed,
        (other, _) => return Err(Failure::broken("what was made of a lesson", other.to_owned())),
    };
    Ok(Looked {
        chatbot: row.id(0)?,
        conversation: row.id(1)?,
        seq: row.int(2)?,
        question: row.text(3)?.to_owned(),
        answer: row.text(4)?.to_owned(),
        made,
        by: row.id(7)?,
        at: row.time(8)?,
    })
}

#[async_trait]
impl Lessons for Database {
    async fn looked_at(&self, scope: Scope, conversation: ConversationId) -> Result<Vec<Looked>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.query(&sql::LOOKED_AT, args![scope, conversation]).await?.iter().map(looked).collect()
            })
        })
        .await
    }

    async fn keep_lesson(&self, scope: Scope, lesson: Looked) -> Result<bool> {
        self.write(move |tx| {
            let Looked { chatbot, conversation, seq, question, answer, made, by, at } = lesson.clone();
            Box::pin(async move {
                let (made, source) = match made {
                    Made::Taught(source) => ("taught", Some(source.to_string())),
                    Made::Suggested => ("suggested", None),
                    Made::Dismissed => ("dismissed", None),
                };
                let row = args![scope, chatbot, conversation, seq, question, answer, made, source, by, at];
                Ok(tx.run(&sql::KEEP_LESSON, row).await? > 0)
            })
        })
        .await
    }

    async fn suggested(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, ConversationId, i64)>,
        limit: u32,
    ) -> Result<Vec<Looked>> {
        let (at, conversation, seq) = match before {
            Some((at, conversation, seq)) => (at, conversation.to_string(), seq),
            None => (Millis(i64::MAX), String::new(), 0),
        };
        self.read(move |tx| {
            let conversation = conversation.clone();
            Box::pin(async move {
                let row = args![scope, chatbot, at, conversation, seq, i64::from(limit)];
                tx.query(&sql::SUGGESTED, row).await?.iter().map(looked).collect()
            })
        })
        .await
    }
}
