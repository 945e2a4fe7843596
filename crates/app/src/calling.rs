//! How people want to be called, and whether they may be right now. Every way of calling asks here.

use std::sync::Arc;

use domain::{
    ConversationId, Millis, PersonId,
    calling::{Calling, MAIL_AFTER_MS, Silence},
    calls,
    conversation::Event,
};
use ports::{
    Scope,
    accounts::Person,
    content::Content,
    conversations::{LogRange, Row},
    jobs::{Job, NewJob, Task},
};
use uuid::Uuid;

use crate::{
    Baton,
    alerts::{AlertKind, is_over, late_alert_for},
    auth::Staff,
    calls::{Call, silent},
    error::{AppError, Result},
    hours::{is_zone, local},
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
        self.directory.forget_mailed(staff.scope()).await;
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

    /// An id of a job for everybody who wants mails; nobody where this server sends none.
    pub(crate) async fn mail_jobs(&self, scope: Scope) -> Result<Vec<(PersonId, Uuid)>> {
        if !self.sends_mail() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        Ok(self.directory.mailed(scope).await?.iter().map(|person| (*person, self.entropy.id(now))).collect())
    }

    /// Mails a person that somebody is wanted, when nobody has come by now.
    pub(crate) async fn mail_alert(&self, job: &Job, id: ConversationId, seq: i64, to: PersonId) -> Result<()> {
        let row = self.store.row(job.scope, id).await?;
        let person = self.directory.person(to).await?;
        if is_over(AlertKind::HumanRequested, seq, &row, to) {
            return Ok(());
        }
        let call = Call { conversation: id, seq };
        if let Some(silence) = silence(&person.calling, self.clock.now()) {
            self.note_calls(job.scope, call, calls::Way::Mail, vec![(to, String::new(), silent(silence))]);
        }
        if !may_call(&person, Way::Email, self.clock.now()) {
            return Ok(());
        }
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let Some(logged) = self.store.log(job.scope, id, range).await?.into_iter().find(|one| one.entry.seq == seq)
        else {
            return Ok(());
        };
        let profile = self.directory.profile(row.chatbot).await?;
        let alert = late_alert_for(&profile, &row, &logged, to, person.role_for(row.chatbot));
        let Some(alert) = alert.filter(|alert| alert.notify) else { return Ok(()) };
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
        let sent = self.mail_page(job, person.email.clone(), subject, &words, &format!("inbox/{}", row.id)).await;
        let outcome = if sent.is_ok() { calls::Outcome::Accepted } else { calls::Outcome::Failed };
        self.note_calls(job.scope, call, calls::Way::Mail, vec![(to, String::new(), outcome)]);
        self.write_calls().await;
        sent
    }
}

/// Longest subject, in characters.
const SUBJECT: usize = 120;

/// The jobs that mail a request that was just made, one for each person.
pub(crate) fn mailing(
    people: &[(PersonId, Uuid)],
    row: &Row,
    events: &[(Event, Option<Content>)],
    now: Millis,
) -> Vec<NewJob> {
    // While nobody is there nobody is called: the minute runs from when the office opens.
    let asked = |event: &Event| match event {
        Event::HumanRequested { opens, .. } | Event::Released { opens, .. } => Some(opens.unwrap_or(now)),
        _ => None,
    };
    let asks = (row.state.seq + 1..).zip(events).filter_map(|(seq, (event, _))| Some((seq, asked(event)?)));
    let Some((seq, since)) = asks.last() else { return Vec::new() };
    let conversation = row.id;
    let job = |&(person, id): &(PersonId, Uuid)| NewJob {
        id,
        task: Task::MailAlert { conversation, seq, person },
        run_at: since.plus(MAIL_AFTER_MS),
        lease: None,
    };
    people.iter().map(job).collect()
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
