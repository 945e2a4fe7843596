//! What people wrote while nobody was there to read it, as one mail.

use std::fmt::Write;

use domain::{
    ConversationId, Millis,
    chatbot::Visibility,
    conversation::Event,
    limits::{MAIL_VISITOR_AFTER_MS, PAGE_KEEPS_MAIL_MS},
    mail::{Words, words},
};
use ports::{
    content::Content,
    conversations::{KnownVisitor, LogRange, Logged, Row},
    jobs::{Job, NewJob, Task},
    mail::{Mail, Thread},
    visitor_mail::{Holds, Leaving, MailOut, Mailed},
};
use uuid::Uuid;

use crate::{Baton, directory::Profile, error::Result, mail::Outgoing, turn::Later};

/// How far back it is looked for what was not read, in entries of the log.
const LOOKS_BACK: u32 = 200;
/// Mails of the thread that a mail refers to.
const THREAD: u32 = 10;
/// How often a job looks again when another one was faster.
const TRIES: usize = 3;

/// The job that mails a visitor what is written now: by a person, or by the AI to somebody who wrote by mail.
pub(crate) fn mailing_visitor(id: Uuid, row: &Row, events: &[(Event, Option<Content>)], now: Millis) -> Option<NewJob> {
    let mut by_mail = row.summary.by_mail;
    let mut last = None;
    for (seq, (event, content)) in (row.state.seq + 1..).zip(events) {
        match event {
            Event::VisitorWrote { .. } => by_mail = content.as_ref().is_some_and(Content::by_mail),
            Event::PersonWrote { .. } => last = Some(seq),
            event if event.is_automatic_text() && by_mail => last = Some(seq),
            _ => {}
        }
    }
    let task = Task::MailVisitor { conversation: row.id, seq: last? };
    Some(NewJob { id, task, run_at: now.plus(MAIL_VISITOR_AFTER_MS), lease: None })
}

/// What of a log is to be mailed: what people wrote and, to a message that came by mail, what the AI said. Not what `mailed`
/// holds.
fn due<'l>(log: &'l [Logged], mailed: &[Mailed], read: i64) -> Vec<&'l Logged> {
    let is_mailed = |seq: i64| mailed.iter().any(|one| (one.from..=one.to).contains(&seq));
    let mut by_mail = false;
    let mut due = Vec::new();
    for logged in log {
        let wanted = match logged.entry.event {
            Event::VisitorWrote { .. } => {
                by_mail = logged.content.as_ref().is_some_and(Content::by_mail);
                false
            }
            Event::PersonWrote { .. } => true,
            event => event.is_automatic_text() && by_mail,
        };
        let says = logged.content.as_ref().and_then(Content::with_names).is_some_and(|text| !text.trim().is_empty());
        let unread = logged.entry.visitor_seq.is_some_and(|visitor_seq| visitor_seq > read);
        if wanted && says && unread && !is_mailed(logged.entry.seq) {
            due.push(logged);
        }
    }
    due
}

impl Baton {
    /// Mails the visitor what was not read. Returns when it is to be looked at again.
    pub(crate) async fn mail_visitor(&self, job: &Job, id: ConversationId, seq: i64) -> Result<Option<Later>> {
        let Some(outgoing) = self.outgoing.get() else { return Ok(None) };
        let row = self.store.row(job.scope, id).await?;
        let planned = match self.store.mail_out(job.scope, job.id).await? {
            // The mail left, and the job's end was lost.
            Some(planned) if planned.state != Leaving::Waiting => return Ok(None),
            Some(planned) => Some(planned),
            None => match self.plan_mail(job, &row, seq).await? {
                Plan::Nothing => None,
                Plan::Later(later) => return Ok(Some(later)),
                Plan::Mail(planned) => Some(planned),
            },
        };
        match planned {
            Some(planned) => self.send_replies(job, &row, &planned, outgoing).await,
            None => Ok(None),
        }
    }

    async fn plan_mail(&self, job: &Job, row: &Row, seq: i64) -> Result<Plan> {
        let profile = self.directory.profile(row.chatbot).await?;
        let visitor = self.store.visitor(job.scope, row.visitor).await?;
        let settings = &profile.chatbot.settings;
        let wanted = settings.escalation.mail_replies && settings.visibility != Visibility::Private;
        let Some(to) = visitor.facts.email.filter(|_| wanted) else {
            return Ok(Plan::Nothing);
        };
        for _ in 0..TRIES {
            let mailed = self.store.mailed_replies(job.scope, row.id, LOOKS_BACK).await?;
            let log = self.unread_log(row).await?;
            let due = due(&log, &mailed, row.visitor_read);
            let (Some(first), Some(last)) = (due.first(), due.last()) else { return Ok(Plan::Nothing) };
            let now = self.clock.now();
            let written = due.iter().find(|logged| logged.entry.seq >= seq).unwrap_or(last).entry.at;
            if now.since(written) < PAGE_KEEPS_MAIL_MS && self.is_visitor_here(row.visitor).await {
                let why = "the visitor's page is open".to_owned();
                return Ok(Plan::Later(Later { at: now.plus(MAIL_VISITOR_AFTER_MS), why }));
            }
            // Where the mail before it ends: whoever decides at the same time comes to the same beginning, and one of them
            // has it.
            let before = mailed.iter().map(|one| one.to).filter(|to| *to < first.entry.seq).max().unwrap_or(0);
            let holds = Holds::Replies { from: before + 1, to: last.entry.seq };
            let conversation = row.id;
            let (at, state) = (now, Leaving::Waiting);
            let planned = MailOut { id: job.id, conversation, to: to.clone(), holds, state, at, done_at: None };
            if self.store.plan_replies(job.scope, planned.clone()).await? {
                return Ok(Plan::Mail(planned));
            }
            // The job of another message was faster: it has taken this one along, or a part of it is left.
        }
        let (at, why) = (self.clock.now().plus(1_000), "other mails are decided on".to_owned());
        Ok(Plan::Later(Later { at, why }))
    }

    /// The job that mails a visitor, who leaves an address now, what was written before; nothing where that is nothing.
    pub(crate) async fn mailing_to_new_address(
        &self,
        visitor: &KnownVisitor,
        profile: &Profile,
    ) -> Result<Option<NewJob>> {
        if !self.sends_mail() || !profile.chatbot.settings.escalation.mail_replies {
            return Ok(None);
        }
        let row = self.store.row(visitor.scope, visitor.conversation).await?;
        let mailed = self.store.mailed_replies(row.scope, row.id, LOOKS_BACK).await?;
        let log = self.unread_log(&row).await?;
        let Some(last) = due(&log, &mailed, row.visitor_read).pop() else { return Ok(None) };
        let now = self.clock.now();
        let task = Task::MailVisitor { conversation: row.id, seq: last.entry.seq };
        Ok(Some(NewJob { id: self.entropy.id(now), task, run_at: now.plus(MAIL_VISITOR_AFTER_MS), lease: None }))
    }

    async fn unread_log(&self, row: &Row) -> Result<Vec<Logged>> {
        let range = LogRange { after: 0, before: Some(i64::MAX), visitor: false, limit: LOOKS_BACK };
        Ok(self.store.log(row.scope, row.id, range).await?)
    }

    async fn send_replies(
        &self,
        job: &Job,
        row: &Row,
        planned: &MailOut,
        outgoing: &Outgoing,
    ) -> Result<Option<Later>> {
        let Holds::Replies { from, to } = planned.holds else { return Ok(None) };
        let log = self.unread_log(row).await?;
        // After a mail that was refused, one that left meanwhile may lie within this one.
        let mut others = self.store.mailed_replies(job.scope, row.id, LOOKS_BACK).await?;
        others.retain(|one| one.id != planned.id);
        let mut texts = due(&log, &others, row.visitor_read);
        texts.retain(|logged| (from..=to).contains(&logged.entry.seq));
        let read = texts.last().and_then(|last| last.entry.visitor_seq).unwrap_or_default();
        // While it waited for the mail server it was read in the chat, or deleted.
        if texts.is_empty() {
            self.store.note_leaving(job.scope, planned.id, Leaving::Needless, self.clock.now()).await?;
            return Ok(None);
        }
        let profile = self.directory.profile(row.chatbot).await?;
        let reply_to = self.reply_address(row, read).await?;
        let visitor = self.store.visitor(row.scope, row.visitor).await?;
        let text = self.words_to_visitor(&visitor, &profile, outgoing, &texts, reply_to.is_some()).await;
        let place = profile.chatbot.settings.name.clone();
        let words = words(visitor.facts.language.as_deref());
        let mail = Mail {
            id: planned.id,
            to: planned.to.clone(),
            subject: Words::named(words.subject, &place),
            text,
            thread: Some(Thread {
                from_name: place,
                reply_to,
                before: self.store.mail_thread(row.scope, row.id, THREAD).await?,
                automatic: !texts.iter().any(|logged| matches!(logged.entry.event, Event::PersonWrote { .. })),
            }),
        };
        self.hand_planned_over(job, planned, outgoing, mail).await
    }

    /// The text of a mail: each text under the name of who wrote it, and around it what belongs to a mail.
    async fn words_to_visitor(
        &self,
        visitor: &KnownVisitor,
        profile: &Profile,
        outgoing: &Outgoing,
        texts: &[&Logged],
        answers: bool,
    ) -> String {
        let words = words(visitor.facts.language.as_deref());
        let place = profile.chatbot.settings.name.as_str();
        let mut text = if answers { format!("{}\n\n", words.above) } else { String::new() };
        for logged in texts {
            let who = match logged.entry.event {
                Event::PersonWrote { person } => self.name_of(person).await,
                _ => format!("{place} (AI)"),
            };
            let said = logged.content.as_ref().and_then(Content::text).unwrap_or_default();
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{who}:\n{}", said.trim());
            for file in logged.content.as_ref().map(Content::files).unwrap_or_default() {
                let url = format!("{}/api/v2/files/{}?key={}", outgoing.public_url, file.id, file.key);
                let _ = writeln!(text, "[{}] {url}", file.name);
            }
            text.push('\n');
        }
        if !answers {
            let _ = writeln!(text, "{}\n", words.unread);
        }
        if let Some(page) = self.way_back(outgoing, profile, visitor) {
            let _ = writeln!(text, "{}\n{page}\n", words.go_on);
        }
        let _ = writeln!(text, "{}", Words::named(words.why, place));
        text
    }
}

/// What a job has to do.
enum Plan {
    /// Nothing: it was read, or mailed, or nobody left an address.
    Nothing,
    /// To look again.
    Later(Later),
    /// To send this.
    Mail(MailOut),
}

#[cfg(test)]
mod tests {
    use domain::{
        PersonId,
        conversation::{Asks, Entry},
    };

    use super::*;

    /// `p` a person, `a` the AI, `v` the visitor in the chat, `m` by mail, `x` a text that was deleted.
    fn log(of: &str) -> Vec<Logged> {
        let person = PersonId::new(Uuid::from_u128(1));
        let text = || Content::Text { text: "words".into() };
        let one = |(at, what): (usize, char)| {
            let (event, content) = match what {
                'p' => (Event::PersonWrote { person }, text()),
                'x' => (Event::PersonWrote { person }, Content::Emptied),
                'a' => (Event::AssistantWrote { turn: 1, attempt: 1 }, text()),
                'm' => {
                    (Event::VisitorWrote { asks: Asks::Ai }, Content::Mailed { text: "words".into(), files: vec![] })
                }
                _ => (Event::VisitorWrote { asks: Asks::Ai }, text()),
            };
            let seq = i64::try_from(at).unwrap() + 1;
            let entry = Entry { seq, visitor_seq: Some(seq), at: Millis(seq), turn: 1, event };
            Logged { entry, client_id: None, content: Some(content), edited: false }
        };
        of.chars().enumerate().map(one).collect()
    }

    #[test]
    fn what_is_due_is_what_nobody_has_read_or_been_mailed() {
        for (of, mailed, read, expected) in [
            ("vapp", (0, 0), 0, vec![3, 4]),
            ("vapp", (1, 3), 0, vec![4]),
            ("vapp", (0, 0), 4, vec![]),
            ("vapxp", (0, 0), 3, vec![5]),
            // A mail before the one that left was refused.
            ("vpppp", (3, 4), 0, vec![2, 5]),
            // The AI answers by mail whoever wrote by mail, until they write in the chat again.
            ("mapava", (0, 0), 0, vec![2, 3, 4]),
            ("vama", (0, 0), 0, vec![4]),
            ("", (0, 0), 0, vec![]),
        ] {
            let log = log(of);
            let mailed = Mailed { id: Uuid::from_u128(2), from: mailed.0, to: mailed.1 };
            let seqs: Vec<i64> = due(&log, &[mailed], read).iter().map(|logged| logged.entry.seq).collect();
            assert_eq!(seqs, expected, "{of} {mailed:?} {read}");
        }
    }
}
