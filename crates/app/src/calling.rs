//! How people want to be called, and whether they may be right now. Every way of calling asks here.

use std::sync::Arc;

use domain::{
    ConversationId, Millis, PersonId,
    calling::{Calling, MAIL_AFTER_MS, Silence},
    calls,
    conversation::{Actor, Circle, Control, Event, Step},
};
use ports::{
    Fault, Scope,
    accounts::Person,
    content::Content,
    conversations::{LogRange, Row},
    jobs::{Job, NewJob, Task},
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::{
    Baton,
    act::Target,
    alerts::{AlertKind, is_over, late_alert_for},
    auth::Staff,
    calls::{Call, silent},
    error::{AppError, Result},
    hours::{is_zone, local},
    turn::{CALL_TRIES, Later, Left, again_until},
};

/// A way of calling somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// An open page of the desk.
    Browser,
    /// Their devices.
    Push,
    /// A mail.
    Email,
}

/// Whether a person may be called on a way right now.
pub(crate) fn may_call(person: &Person, way: Way, now: Millis) -> bool {
    let on = match way {
        Way::Browser => person.calling.browser,
        Way::Push => person.calling.push,
        Way::Email => person.calling.email,
    };
    on && silence(&person.calling, now).is_none()
}

/// Why a person is not called now, if they are not.
pub fn silence(calling: &Calling, now: Millis) -> Option<Silence> {
    let there = calling.quiet.as_ref().and_then(|quiet| local(&quiet.time_zone, now));
    calling.silence(now, there.as_ref())
}

impl Baton {
    /// Changes how one wants to be called.
    ///
    /// # Errors
    /// The field at fault.
    pub async fn set_calling(&self, staff: &Staff, calling: Calling) -> Result<Arc<Person>> {
        let calling = calling.validated(self.clock.now())?;
        if let Some(quiet) = calling.quiet.as_ref().filter(|quiet| !is_zone(&quiet.time_zone)) {
            return Err(AppError::invalid("quiet.time_zone", format!("{} is no time zone", quiet.time_zone)));
        }
        let summary = match calling.summary {
            true => Some(self.next_summary(&staff.person).await?),
            false => None,
        };
        self.store.set_calling(staff.scope(), staff.id(), calling, summary).await?;
        self.directory.forget_mailed();
        self.directory.forget_person(staff.id()).await;
        self.directory.person(staff.id()).await
    }

    /// Whether the pages of a person may call them right now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn page_may_call(&self, person: PersonId) -> Result<bool> {
        Ok(may_call(&*self.directory.person(person).await?, Way::Browser, self.clock.now()))
    }

    /// Whom a command may have mailed; nobody where this server sends no mail.
    pub(crate) async fn mail_jobs(&self, Target { scope, chatbot, .. }: Target) -> Result<Mails> {
        if !self.sends_mail() {
            return Ok(Mails::default());
        }
        Ok(Mails { people: self.directory.mailed(scope, chatbot).await?, seed: self.entropy.id(self.clock.now()) })
    }

    /// Mails a person that somebody is wanted, when nobody has come by now. A mail server that is not there is asked again
    /// as long as somebody is wanted.
    pub(crate) async fn mail_alert(&self, job: &Job, id: ConversationId, seq: i64, to: PersonId) -> Result<Left> {
        let row = self.store.row(job.scope, id).await?;
        let person = self.directory.person(to).await?;
        if is_over(AlertKind::HumanRequested, seq, &row, to) || !self.sends_mail() {
            return Ok(Left::Open);
        }
        let call = Call { conversation: id, seq };
        if let Some(silence) = silence(&person.calling, self.clock.now()) {
            self.note_calls(job.scope, call, calls::Way::Mail, vec![(to, String::new(), silent(silence))]);
        }
        if !may_call(&person, Way::Email, self.clock.now()) {
            return Ok(Left::Open);
        }
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let Some(logged) = self.store.log(job.scope, id, range).await?.into_iter().find(|one| one.entry.seq == seq)
        else {
            return Ok(Left::Open);
        };
        let profile = self.directory.profile(row.chatbot).await?;
        let alert = late_alert_for(&profile, &row, &logged, to, person.role_for(row.chatbot));
        let Some(alert) = alert.filter(|alert| alert.notify) else { return Ok(Left::Open) };
        // A further call is news to nobody who was mailed of the same request. That a colleague has given it to them is.
        let by_colleague = matches!(
            logged.entry.event,
            Event::Assigned { by: Actor::Person { .. }, .. } | Event::ParticipantsReplaced { .. }
        );
        let opened = match &row.state.control {
            _ if by_colleague => seq,
            Control::Requested(request) => request.opened,
            // Somebody came, and be it this person.
            _ => return Ok(Left::Open),
        };
        if self.was_mailed(job.scope, id, opened, to).await? {
            return Ok(Left::Open);
        }
        let words = match alert.body.as_str() {
            "" => format!("Hello {},\n\n{} at {}.", person.name, alert.title, profile.chatbot.settings.name),
            said => {
                // Quoted line by line: what a visitor wrote cannot pass for what we write.
                let quoted: Vec<String> = said.lines().map(|line| format!("> {line}")).collect();
                let place = &profile.chatbot.settings.name;
                format!("Hello {},\n\n{} at {place}:\n\n{}", person.name, alert.title, quoted.join("\n"))
            }
        };
        let subject = domain::text::excerpt(&alert.title, SUBJECT);
        let mail = match by_colleague {
            true => job.id,
            false => mail_id(id, opened, to),
        };
        let sent = self.mail_page(mail, person.email.clone(), subject, &words, &format!("inbox/{}", row.id)).await;
        let outcome = if sent.is_ok() { calls::Outcome::Accepted } else { calls::Outcome::Failed };
        self.note_calls(job.scope, call, calls::Way::Mail, vec![(to, String::new(), outcome)]);
        self.write_calls().await;
        match sent {
            Ok(()) => Ok(Left::Open),
            Err(AppError::Fault(Fault::Unavailable { cause, .. })) => {
                let why = cause.to_string();
                let again = again_until(job.tries, CALL_TRIES, self.clock.now());
                tracing::warn!(job = %job.id, tries = job.tries, why, "a mail to a person who is wanted is put off");
                Ok(again.map_or(Left::GivenUp(why.clone()), |at| Left::Later(Later { at, why })))
            }
            // It would be refused again; the record of the call says so.
            Err(AppError::Fault(Fault::Broken { cause, .. })) => {
                let cause = cause.as_ref() as &dyn std::error::Error;
                tracing::warn!(job = %job.id, error = cause, "a mail to a person who is wanted was refused");
                Ok(Left::Open)
            }
            Err(other) => Err(other),
        }
    }

    /// Whether a person was mailed of a call to this event or to a later one.
    async fn was_mailed(&self, scope: Scope, id: ConversationId, from: i64, to: PersonId) -> Result<bool> {
        self.write_calls().await;
        let mailed = self.store.taken(scope, id, from, calls::Way::Mail, MOST_PEOPLE).await?;
        Ok(mailed.iter().any(|(person, _)| *person == to))
    }
}

/// The name of the mail that calls a person to a request. Two jobs may come to it at the same time, as after a mail server
/// was away: what is sent twice is the same mail.
fn mail_id(conversation: ConversationId, opened: i64, to: PersonId) -> Uuid {
    let digest = Sha256::digest(format!("{conversation}:{opened}:{to}"));
    Builder::from_sha1_bytes(digest.first_chunk().copied().unwrap_or_default()).into_uuid()
}

/// Longest subject, in characters.
const SUBJECT: usize = 120;
/// People who were mailed of a request, at most: more than there are jobs.
const MOST_PEOPLE: u32 = 1_000;

/// Whom a command may have mailed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mails {
    /// Who may answer and wants mails.
    pub people: Arc<Vec<PersonId>>,
    /// What the ids of the jobs are made of.
    pub seed: Uuid,
}

impl Mails {
    /// The jobs for what was just decided, one for each person: for the newest event that has somebody mailed.
    pub(crate) fn of(&self, row: &Row, events: &[(Event, Option<Content>)], now: Millis) -> Vec<NewJob> {
        let mailed = (row.state.seq + 1..).zip(events).filter_map(|(seq, (event, _))| {
            let (to, at) = mailed(event, now)?;
            Some((seq, to, at))
        });
        let Some((seq, to, run_at)) = mailed.last() else { return Vec::new() };
        let conversation = row.id;
        let job = |person: PersonId| NewJob {
            id: Uuid::from_u128(self.seed.as_u128() ^ person.uuid().as_u128()),
            task: Task::MailAlert { conversation, seq, person },
            run_at,
            lease: None,
        };
        self.people.iter().copied().filter(|person| to.is_none_or(|to| to == *person)).map(job).collect()
    }
}

/// Whether an event has people mailed, and when: one person, or everybody whom it concerns by then.
fn mailed(event: &Event, now: Millis) -> Option<(Option<PersonId>, Millis)> {
    let if_nobody_comes = now.plus(MAIL_AFTER_MS);
    match *event {
        // While nobody is there nobody is called: the minute runs from when the office opens.
        Event::HumanRequested { opens, .. } | Event::Released { opens, .. } => {
            Some((None, opens.unwrap_or(now).plus(MAIL_AFTER_MS)))
        }
        // Nobody has come for long enough.
        Event::Climbed { rung } => {
            matches!(rung.step(), Step::Calls(Circle::Team | Circle::Admins)).then_some((None, now))
        }
        Event::Assigned { to: Some(to), by } if by != (Actor::Person { id: to }) => Some((Some(to), if_nobody_comes)),
        // Routing has found nobody, or nobody any more.
        Event::Assigned { to: None, by: Actor::System } => Some((None, if_nobody_comes)),
        Event::ParticipantsReplaced { person, by } if by != person => Some((Some(person), if_nobody_comes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::calling::Quiet;

    use super::*;

    fn night() -> Calling {
        let quiet = Quiet { time_zone: "Europe/Berlin".into(), from: 22 * 60, to: 7 * 60, days: [true; 7] };
        Calling { quiet: Some(quiet), ..Calling::default() }
    }

    /// Seconds of UTC.
    fn check(times: &[(&str, bool)]) {
        for (utc, silent) in times {
            let at = utc.parse::<jiff::Timestamp>().unwrap();
            assert_eq!(silence(&night(), Millis(at.as_millisecond())).is_some(), *silent, "{utc}");
        }
    }

    #[test]
    fn the_night_moves_with_the_clock_in_spring_and_autumn() {
        // In winter Berlin is an hour ahead, in summer two.
        check(&[("2026-01-15T20:59:00Z", false), ("2026-01-15T21:00:00Z", true), ("2026-01-16T06:00:00Z", false)]);
        check(&[("2026-07-15T19:59:00Z", false), ("2026-07-15T20:00:00Z", true), ("2026-07-16T05:00:00Z", false)]);
        // The night in which an hour is left out, and the one that has an hour twice.
        check(&[("2026-03-28T21:00:00Z", true), ("2026-03-29T00:59:00Z", true), ("2026-03-29T01:00:00Z", true)]);
        check(&[("2026-03-29T04:59:00Z", true), ("2026-03-29T05:00:00Z", false), ("2026-03-29T20:00:00Z", true)]);
        check(&[("2026-10-24T20:00:00Z", true), ("2026-10-25T00:30:00Z", true), ("2026-10-25T01:30:00Z", true)]);
        check(&[("2026-10-25T05:59:00Z", true), ("2026-10-25T06:00:00Z", false), ("2026-10-25T20:30:00Z", false)]);
    }
}
