//! Mail between a visitor and a conversation.
//!
//! - [`replies`]: what was written and not read goes to the visitor when their page is closed
//! - [`incoming`]: what the visitor answers becomes a message
//! - [`fetch`]: mail that is fetched from a mailbox
//! - [`transcript`]: the conversation as a mail

pub mod fetch;
pub mod incoming;
mod replies;
mod transcript;

use std::sync::Arc;

use domain::{
    ConversationId,
    conversation::Command,
    limits,
    mail::{self, ReplyAddress},
};
use ports::{
    Fault,
    conversations::{KnownVisitor, Row},
    jobs::Job,
    mail::{Mail, MailReader},
    visitor_mail::{AnyMail, Leaving, MailOut, ReplyTo},
};
use uuid::Uuid;

use crate::{
    Baton,
    act::Target,
    auth::{Staff, digest},
    directory::Profile,
    error::Result,
    mail::Outgoing,
    turn::Later,
};

pub(crate) use replies::mailing_visitor;
pub use transcript::TranscriptTo;

/// Mails of a conversation that are shown, the newest.
const SHOWN: u32 = 50;
/// The longest pause between two tries to hand a mail over.
const PAUSE_MAX_MS: i64 = 5 * 60 * 1_000;

/// How answers come back.
pub struct Replies {
    /// What reply addresses are made of.
    pub address: ReplyAddress,
    /// Who reads what comes.
    pub reader: Arc<dyn MailReader>,
}

/// What a collaborator sees of the mail of a conversation.
#[derive(Debug, Clone)]
pub struct MailView {
    /// Where replies go while the page is closed; nothing when they go nowhere.
    pub to: Option<String>,
    /// Whether answers come back.
    pub answers: bool,
    /// Whether this server sends mail at all.
    pub sends_mail: bool,
    /// What was mailed and what came, the newest first.
    pub mails: Vec<AnyMail>,
}

impl Baton {
    /// The mail of a conversation.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] for a conversation that this person may not see.
    pub async fn mail_of(&self, staff: &Staff, id: ConversationId) -> Result<MailView> {
        let row = self.conversation(staff, id).await?;
        let profile = self.directory.profile(row.chatbot).await?;
        let visitor = self.store.visitor(row.scope, row.visitor).await?;
        let on = self.sends_mail() && profile.chatbot.settings.escalation.mail_replies;
        Ok(MailView {
            to: visitor.facts.email.filter(|_| on),
            answers: self.replies().is_some(),
            sends_mail: self.sends_mail(),
            mails: self.store.mails(row.scope, id, SHOWN).await?,
        })
    }

    pub(crate) fn replies(&self) -> Option<&Replies> {
        self.outgoing.get().and_then(|outgoing| outgoing.replies.as_ref())
    }

    /// The id of a job that mails the visitor what a command writes, where it may be needed.
    pub(crate) async fn visitor_mail_job(
        &self,
        profile: &Profile,
        target: Target,
        command: &Command,
    ) -> Result<Option<Uuid>> {
        if !self.sends_mail() || !profile.chatbot.settings.escalation.mail_replies {
            return Ok(None);
        }
        let wanted = match command {
            // Most visitors leave no address: a look is less than a job.
            Command::PersonWrites { .. } => {
                let row = self.store.row(target.scope, target.conversation).await?;
                self.store.visitor(target.scope, row.visitor).await?.facts.email.is_some()
            }
            // What a machine says is mailed to whoever wrote by mail; the row tells, when it is held.
            Command::VisitorWrites
            | Command::RequestHuman { .. }
            | Command::Climb { .. }
            | Command::Release { .. }
            | Command::RemovePerson { .. }
            | Command::AssistantSettles { .. }
            | Command::RetryTurn { .. } => true,
            _ => false,
        };
        Ok(wanted.then(|| self.entropy.id(self.clock.now())))
    }

    /// A new address for answers of a visitor who has read so far, where answers come back. Each try to send makes one of
    /// its own, and all of them are good: the secret waits in no database.
    async fn reply_address(&self, row: &Row, visitor_seq: i64) -> Result<Option<String>> {
        let Some(replies) = self.replies() else { return Ok(None) };
        let token = mail::token(&self.entropy.secret());
        let to = ReplyTo { scope: row.scope, conversation: row.id, visitor: row.visitor, visitor_seq };
        self.store.add_reply_address(digest(&token), to, self.clock.now(), limits::REPLY_ADDRESSES).await?;
        Ok(Some(replies.address.with(&token)))
    }

    /// Hands a mail over that was decided on, and notes what came of it. A mail server that is not there is asked again.
    async fn hand_planned_over(
        &self,
        job: &Job,
        planned: &MailOut,
        outgoing: &Outgoing,
        mail: Mail,
    ) -> Result<Option<Later>> {
        let sent = self.hand_mail_over(outgoing, mail).await;
        let now = self.clock.now();
        let state = match sent {
            Ok(()) => Leaving::Sent,
            Err(crate::AppError::Fault(Fault::Unavailable { cause, .. }))
                if now.since(planned.at) < limits::MAIL_VISITOR_TRIES_MS =>
            {
                let pause = 1_000_i64.saturating_mul(1 << job.tries.min(20)).min(PAUSE_MAX_MS);
                tracing::warn!(job = %job.id, tries = job.tries, error = cause.as_ref() as &dyn std::error::Error, "a mail to a visitor is put off");
                return Ok(Some(Later { at: now.plus(pause), why: cause.to_string() }));
            }
            Err(crate::AppError::Fault(Fault::Unavailable { cause, .. } | Fault::Broken { cause, .. })) => {
                tracing::warn!(job = %job.id, error = cause.as_ref() as &dyn std::error::Error, "a mail to a visitor was not sent");
                Leaving::Refused(cause.to_string())
            }
            Err(other) => return Err(other),
        };
        metrics::counter!("baton_visitor_mails_total", "way" => "out", "outcome" => state.name()).increment(1);
        self.store.note_leaving(job.scope, planned.id, state, now).await?;
        Ok(None)
    }

    /// Where a visitor goes on, if there is a page for it.
    fn way_back(&self, outgoing: &Outgoing, profile: &Profile, visitor: &KnownVisitor) -> Option<String> {
        let share_page = format!("{}/widget/{}", outgoing.public_url, profile.chatbot.id);
        mail::way_back(&profile.chatbot.settings, visitor.facts.page.as_deref(), &share_page)
    }
}
