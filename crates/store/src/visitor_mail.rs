//! Mail between visitors and conversations.

use async_trait::async_trait;
use domain::{ConversationId, Millis};
use ports::{
    Result, Scope,
    jobs::NewJob,
    mail::Known,
    visitor_mail::{AnyMail, Arrived, Holds, Leaving, MailIn, MailOut, Mailed, Noted, ReplyTo, VisitorMails},
};
use uuid::Uuid;

use crate::{
    Database,
    failure::{Failure, Outcome},
    rows,
    statements::{jobs as jobs_sql, visitor_mail as sql},
    tx::Tx,
    value::{Row, Value, args},
};

const REPLIES: &str = "replies";
const TRANSCRIPT: &str = "transcript";
const IN: &str = "in";

fn leaving(row: &Row) -> Outcome<Leaving> {
    Ok(match row.text(3)? {
        "waiting" => Leaving::Waiting,
        "sent" => Leaving::Sent,
        "needless" => Leaving::Needless,
        _ => Leaving::Refused(row.maybe_text(4)?.unwrap_or_default().to_owned()),
    })
}

fn any(row: &Row) -> Outcome<AnyMail> {
    let (id, conversation, at) = (row.id(0)?, row.id(1)?, row.time(12)?);
    let text = |column| -> Outcome<String> { Ok(row.maybe_text(column)?.unwrap_or_default().to_owned()) };
    if row.text(2)? == IN {
        return Ok(AnyMail::In(MailIn {
            id,
            conversation,
            key: text(8)?,
            message_id: row.maybe_text(9)?.map(str::to_owned),
            what: row.named(3, Arrived::named)?,
            subject: text(10)?,
            excerpt: text(11)?,
            at,
        }));
    }
    let holds = match (row.maybe_int(6)?, row.maybe_int(7)?) {
        (Some(from), Some(to)) => Holds::Replies { from, to },
        _ => Holds::Transcript,
    };
    let done_at = row.maybe_int(13)?.map(Millis);
    Ok(AnyMail::Out(MailOut { id, conversation, to: text(5)?, holds, state: leaving(row)?, at, done_at }))
}

fn out(row: &Row) -> Outcome<MailOut> {
    match any(row)? {
        AnyMail::Out(mail) => Ok(mail),
        AnyMail::In(_) => Err(Failure::broken("a mail that leaves is one that came", "its way")),
    }
}

fn plan_values(scope: Scope, mail: MailOut) -> Vec<Value> {
    let (way, from, to) = match mail.holds {
        Holds::Replies { from, to } => (REPLIES, Some(from), Some(to)),
        Holds::Transcript => (TRANSCRIPT, None, None),
    };
    args![mail.id, mail.conversation, scope, way, mail.to, from, to, mail.at]
}

/// The conversation's row is held until the end of the transaction: of two at once, the second counts what the first has made.
async fn hold(tx: &mut Tx, scope: Scope, conversation: ConversationId) -> Outcome<()> {
    tx.one(&sql::HOLD_CONVERSATION, args![conversation, scope]).await.map(drop)
}

async fn note_in(tx: &mut Tx, scope: Scope, mail: MailIn, since: Millis, most: u32) -> Outcome<Noted> {
    let of = mail.conversation;
    hold(tx, scope, of).await?;
    if tx.first(&sql::MAIL_IN, args![of, scope, mail.key.as_str()]).await?.is_some() {
        return Ok(Noted::Known);
    }
    let add = |mail: MailIn| {
        let MailIn { id, conversation, key, message_id, what, subject, excerpt, at } = mail;
        // One that was put off comes again, and is not to be taken for one that came before.
        let key = (what != Arrived::TooMany).then_some(key);
        args![id, scope, conversation, what.name(), key, message_id, subject, excerpt, at]
    };
    if tx.one(&sql::COUNT_MAILS_IN, args![of, scope, since]).await?.count(0)? >= u64::from(most) {
        if tx.one(&sql::COUNT_TOO_MANY, args![of, scope, since]).await?.count(0)? == 0 {
            tx.run(&sql::ADD_MAIL_IN, add(MailIn { what: Arrived::TooMany, ..mail })).await?;
        }
        return Ok(Noted::TooMany);
    }
    Ok(if tx.run(&sql::ADD_MAIL_IN, add(mail)).await? == 1 { Noted::New } else { Noted::Known })
}

#[async_trait]
impl VisitorMails for Database {
    async fn mailed_replies(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<Mailed>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MAILED, args![conversation, scope, i64::from(limit)]).await?;
                let mailed = |row: &Row| Ok(Mailed { id: row.id(0)?, from: row.int(1)?, to: row.int(2)? });
                found.iter().map(mailed).collect()
            })
        })
        .await
    }

    async fn mail_out(&self, scope: Scope, id: Uuid) -> Result<Option<MailOut>> {
        self.read(move |tx| {
            Box::pin(async move { tx.first(&sql::MAIL_OUT, args![id, scope]).await?.as_ref().map(out).transpose() })
        })
        .await
    }

    async fn plan_replies(&self, scope: Scope, mail: MailOut) -> Result<bool> {
        let values = plan_values(scope, mail);
        self.write(move |tx| Box::pin(async move { Ok(tx.run(&sql::PLAN_MAIL, values).await? == 1) })).await
    }

    async fn plan_transcript(
        &self,
        scope: Scope,
        mail: MailOut,
        job: NewJob,
        since: Millis,
        most: u32,
    ) -> Result<bool> {
        let job = rows::job_values(scope, &job)?;
        self.write(move |tx| {
            Box::pin(async move {
                hold(tx, scope, mail.conversation).await?;
                let counted = args![scope, mail.conversation, mail.to.as_str(), since];
                if tx.one(&sql::COUNT_TRANSCRIPTS, counted).await?.count(0)? >= u64::from(most) {
                    return Ok(false);
                }
                tx.must(&sql::PLAN_MAIL, plan_values(scope, mail)).await?;
                tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![job])).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn note_leaving(&self, scope: Scope, id: Uuid, state: Leaving, at: Millis) -> Result<()> {
        let why = match &state {
            Leaving::Refused(why) => Some(why.clone()),
            _ => None,
        };
        let values = args![id, scope, state.name(), why, at];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::NOTE_LEAVING, values).await.map(drop) })).await
    }

    async fn add_reply_address(&self, token_hash: [u8; 32], to: ReplyTo, at: Millis, most: i64) -> Result<()> {
        let ReplyTo { scope, conversation, visitor, visitor_seq } = to;
        let values = args![token_hash, conversation, scope, visitor, visitor_seq, at];
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::ADD_REPLY_ADDRESS, values).await?;
                tx.run(&sql::FORGET_OLD_ADDRESSES, args![conversation, most]).await.map(drop)
            })
        })
        .await
    }

    async fn reply_address(&self, token_hash: [u8; 32]) -> Result<Option<ReplyTo>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::REPLY_ADDRESS, args![token_hash]).await? else { return Ok(None) };
                let scope = rows::scope(&row, 0)?;
                let (conversation, visitor, visitor_seq) = (row.id(1)?, row.id(2)?, row.int(3)?);
                Ok(Some(ReplyTo { scope, conversation, visitor, visitor_seq }))
            })
        })
        .await
    }

    async fn mail_in(&self, scope: Scope, conversation: ConversationId, key: &str) -> Result<Option<Arrived>> {
        let values = args![conversation, scope, key];
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.first(&sql::MAIL_IN, values).await?;
                found.map(|row| row.named(0, Arrived::named)).transpose()
            })
        })
        .await
    }

    async fn note_mail_in(&self, scope: Scope, mail: MailIn, since: Millis, most: u32) -> Result<Noted> {
        self.write(move |tx| Box::pin(async move { note_in(tx, scope, mail, since, most).await })).await
    }

    async fn mails_since(&self, scope: Scope, conversation: ConversationId, since: Millis) -> Result<u32> {
        self.read(move |tx| {
            Box::pin(async move {
                let count = tx.one(&sql::COUNT_MAILS_IN, args![conversation, scope, since]).await?.count(0)?;
                Ok(u32::try_from(count).unwrap_or(u32::MAX))
            })
        })
        .await
    }

    async fn mail_thread(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<Known>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MAIL_THREAD, args![conversation, scope, i64::from(limit)]).await?;
                let known = found.iter().rev().map(|row| {
                    Ok(match row.maybe_text(2)? {
                        Some(theirs) if row.text(0)? == IN => Known::Theirs(theirs.to_owned()),
                        _ => Known::Ours(row.id(1)?),
                    })
                });
                known.collect()
            })
        })
        .await
    }

    async fn mails(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<AnyMail>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MAILS, args![conversation, scope, i64::from(limit)]).await?;
                found.iter().map(any).collect()
            })
        })
        .await
    }

    async fn take_duty(&self, duty: &str, holder: Uuid, until: Millis, now: Millis) -> Result<bool> {
        let values = args![duty, holder, until, now];
        self.write(move |tx| Box::pin(async move { Ok(tx.run(&sql::TAKE_DUTY, values).await? == 1) })).await
    }
}
