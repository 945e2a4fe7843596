//! A conversation as a mail, for its visitor or for a collaborator.

use domain::{
    ConversationId, PersonId,
    limits::TRANSCRIPTS_IN_AN_HOUR,
    mail::{Words, words},
};
use ports::{
    conversations::{KnownVisitor, Row},
    jobs::{Job, NewJob, Task},
    mail::{Mail, Thread},
    visitor_mail::{Holds, Leaving, MailOut},
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
    limiter::Door,
    turn::Later,
    visitor::own,
};

/// An hour, in milliseconds and in seconds.
const HOUR: (i64, u64) = (3_600_000, 3_600);

/// Who gets a transcript that a collaborator asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptTo {
    /// The visitor.
    Visitor,
    /// The collaborator.
    Me,
}

impl Baton {
    /// The visitor's own conversation is mailed to the address that is known of them.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::MailOff`], [`AppError::NoAddress`], [`AppError::RateLimited`].
    pub async fn mail_own_transcript(
        &self,
        visitor: &KnownVisitor,
        id: ConversationId,
        from: std::net::IpAddr,
    ) -> Result<()> {
        own(visitor, id)?;
        self.limiter.door(Door::Mail, from)?;
        let row = self.own_conversation(visitor).await?;
        let to = visitor.facts.email.clone().ok_or(AppError::NoAddress)?;
        // Before the first answer there is nothing to keep, and nobody's words but the visitor's own would be sent to an
        // address that may be somebody else's.
        if !row.state.exchanged {
            return Err(AppError::Refused { refusal: domain::conversation::Refusal::NoExchange, held_by: None });
        }
        self.plan_transcript(&row, to, None).await
    }

    /// A conversation is mailed to its visitor, or to the collaborator who asks. Private notes are in neither.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] for viewers who would mail the visitor, [`AppError::MailOff`],
    /// [`AppError::NoAddress`], [`AppError::RateLimited`].
    pub async fn mail_transcript(&self, staff: &Staff, id: ConversationId, to: TranscriptTo) -> Result<()> {
        let row = self.conversation(staff, id).await?;
        match to {
            TranscriptTo::Me => self.plan_transcript(&row, staff.person.email.clone(), Some(staff.id())).await,
            TranscriptTo::Visitor => {
                if !staff.collaborator(row.chatbot)?.role.may_answer() {
                    return Err(AppError::Forbidden);
                }
                let visitor = self.store.visitor(row.scope, row.visitor).await?;
                let to = visitor.facts.email.ok_or(AppError::NoAddress)?;
                self.plan_transcript(&row, to, None).await
            }
        }
    }

    async fn plan_transcript(&self, row: &Row, to: String, person: Option<PersonId>) -> Result<()> {
        if !self.sends_mail() {
            return Err(AppError::MailOff);
        }
        if !row.reaches_out() {
            return Err(AppError::invalid("to", "is nobody: nothing of a rehearsal is mailed"));
        }
        let now = self.clock.now();
        let id = self.entropy.id(now);
        let (conversation, holds, state) = (row.id, Holds::Transcript, Leaving::Waiting);
        let mail = MailOut { id, conversation, to, holds, state, at: now, done_at: None };
        let task = Task::MailTranscript { conversation, person };
        let job = NewJob { id, task, run_at: now, lease: None };
        let since = now.plus(-HOUR.0);
        if self.store.plan_transcript(row.scope, mail, job, since, TRANSCRIPTS_IN_AN_HOUR).await? {
            self.turns.nudge();
            return Ok(());
        }
        let text = "this transcript was mailed several times within an hour: wait a little".to_owned();
        Err(AppError::RateLimited { text, retry_after: HOUR.1 })
    }

    /// Sends a transcript. Returns when it is to be tried again.
    pub(crate) async fn send_transcript(
        &self,
        job: &Job,
        id: ConversationId,
        person: Option<PersonId>,
    ) -> Result<Option<Later>> {
        let Some(outgoing) = self.outgoing.get() else { return Ok(None) };
        let Some(planned) = self.store.mail_out(job.scope, job.id).await? else { return Ok(None) };
        if planned.state != Leaving::Waiting {
            return Ok(None);
        }
        let row = self.store.row(job.scope, id).await?;
        let profile = self.directory.profile(row.chatbot).await?;
        let place = profile.chatbot.settings.name.clone();
        let log = self.whole_log(job.scope, id, true).await?;
        let said = self.transcript_text(&row, &log).await?;
        let visitor = self.store.visitor(job.scope, row.visitor).await?;
        let language = visitor.facts.language.clone().filter(|_| person.is_none());
        let words = words(language.as_deref());
        let (text, reply_to) = if person.is_some() {
            (format!("{said}{}/inbox/{id}\n", outgoing.public_url), None)
        } else {
            let read = log.last().and_then(|last| last.entry.visitor_seq).unwrap_or_default();
            let reply_to = self.reply_address(&row, read).await?;
            let above = if reply_to.is_some() { words.above } else { words.unread };
            let go_on = self.way_back(outgoing, &profile, &visitor);
            let go_on = go_on.map(|page| format!("{}\n{page}\n\n", words.go_on)).unwrap_or_default();
            (format!("{above}\n\n{said}{go_on}{}\n", Words::named(words.why, &place)), reply_to)
        };
        let subject = Words::named(words.transcript, &place);
        let thread = Some(Thread { from_name: place, reply_to, before: Vec::new(), automatic: true });
        let mail = Mail { id: planned.id, to: planned.to.clone(), subject, text, thread };
        self.hand_planned_over(job, &planned, outgoing, mail).await
    }
}
