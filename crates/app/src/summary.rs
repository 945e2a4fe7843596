//! The daily summary: what became of yesterday's requests, by mail at eight in the morning to whoever wants it.
//!
//! Whoever wants one has one job in the outbox, with their own id: it mails, and puts itself off until the next morning. So
//! it survives a restart, runs on one node, and there is never a second one. A try that is repeated after a crash carries
//! the same `Message-ID`: it is made of the job and the day.

use std::{fmt::Write, sync::Arc};

use domain::{
    Millis, PersonId,
    calling::SUMMARY_HOUR,
    numbers::{Counting, Figures},
    requests::End,
};
use ports::{Fault, accounts::Person, jobs::Job, mail::Mail, numbers::Kept};
use uuid::Uuid;

use crate::{
    Baton,
    directory::Profile,
    error::{AppError, Result},
    hours::{days_before, is_zone, local, next_hour, today},
    numbers::{Asked, Days},
    turn::Later,
};

/// Chatbots that a summary tells of, at most.
const CHATBOTS: usize = 50;
/// Missed requests that it leads to, at most; the page has the others.
const LINKS: usize = 10;
/// Longest name of a visitor in it, in characters.
const NAME: usize = 60;
/// A day, in milliseconds: how long it takes to the next try where no calendar knows a morning.
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// What is told of a chatbot.
struct OfChatbot {
    profile: Arc<Profile>,
    figures: Figures,
    missed: Vec<Kept>,
}

impl Baton {
    /// When a person is mailed next.
    pub(crate) async fn next_summary(&self, person: &Person) -> Result<Millis> {
        let zone = zone_of(&self.chatbots_of(person).await?);
        Ok(self.morning(&zone))
    }

    fn morning(&self, zone: &str) -> Millis {
        let now = self.clock.now();
        next_hour(zone, SUMMARY_HOUR, now).unwrap_or_else(|| now.plus(DAY_MS))
    }

    /// The chatbots whose conversations a person may read, the oldest first.
    async fn chatbots_of(&self, person: &Person) -> Result<Vec<Arc<Profile>>> {
        let (mut profiles, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.chatbots(person.scope, after, domain::limits::PAGE.0).await?;
            for chatbot in page.iter().filter(|chatbot| person.role_for(chatbot.id).is_some()) {
                match self.directory.profile(chatbot.id).await {
                    Ok(profile) => profiles.push(profile),
                    // Deleted just now.
                    Err(AppError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            match page.last() {
                Some(last) if page.len() == domain::limits::PAGE.0 as usize && profiles.len() < CHATBOTS => {
                    after = Some(last.id);
                }
                _ => break,
            }
        }
        profiles.truncate(CHATBOTS);
        Ok(profiles)
    }

    /// Mails what became of yesterday's requests. Returns when the next mail is due; nothing when the person wants none.
    pub(crate) async fn mail_summary(&self, job: &Job, to: PersonId) -> Result<Option<Later>> {
        // As it is now: what is kept at hand may be older than the wish.
        let Some(person) = self.store.person(to).await?.filter(|person| person.calling.summary) else {
            return Ok(None);
        };
        let profiles = self.chatbots_of(&person).await?;
        let zone = zone_of(&profiles);
        let later = Later { at: self.morning(&zone), why: "the next summary is due then".to_owned() };
        // Whoever is deactivated may be active tomorrow, and a server may have a mail server again.
        let Some(outgoing) = self.outgoing.get().filter(|_| person.active && !profiles.is_empty()) else {
            return Ok(Some(later));
        };
        let yesterday = today(&zone, self.clock.now()).and_then(|today| days_before(&today, 1));
        let asked = Asked { from: yesterday.clone(), to: yesterday, time_zone: Some(zone), late_after: None };
        let days = asked.days(self.clock.now())?;
        let (total, chatbots) = self.of_day(&person, profiles, &days).await?;
        let subject = subject(&total);
        let text = letter(&person, &days, &total, &chatbots, &outgoing.public_url);
        let day = days.calendar.begins().0.unsigned_abs();
        let id = Uuid::from_u128(job.id.as_u128() ^ u128::from(day));
        let mail = Mail { id, to: person.email.clone(), subject, text, thread: None };
        match self.hand_mail_over(outgoing, mail).await {
            // It would be refused again, every time: tomorrow there is another one.
            Err(AppError::Fault(Fault::Broken { cause, .. })) => {
                let cause = cause.as_ref() as &dyn std::error::Error;
                tracing::warn!(person = %to, error = cause, "a daily summary was refused");
            }
            sent => sent?,
        }
        Ok(Some(later))
    }

    async fn of_day(
        &self,
        person: &Person,
        profiles: Vec<Arc<Profile>>,
        days: &Days,
    ) -> Result<(Figures, Vec<OfChatbot>)> {
        let counting = || Counting::new(days.calendar.clone(), days.limit(), self.clock.now());
        let (mut all, mut chatbots, mut room) = (counting(), Vec::with_capacity(profiles.len()), LINKS);
        for profile in profiles {
            let (id, mut own) = (profile.chatbot.id, counting());
            self.each_record(person.scope, id, days, |record| {
                all.add(record);
                own.add(record);
            })
            .await?;
            let figures = own.finish().total;
            let missed = match u32::try_from(room) {
                Ok(limit) if limit > 0 => self.missed_of(person.scope, id, days, None, limit).await?,
                _ => Vec::new(),
            };
            room -= missed.len();
            chatbots.push(OfChatbot { profile, figures, missed });
        }
        Ok((all.finish().total, chatbots))
    }
}

/// The time zone of the first chatbot that has office hours.
fn zone_of(profiles: &[Arc<Profile>]) -> String {
    let hours = profiles.iter().find_map(|profile| profile.chatbot.settings.supervisor.office_hours.as_ref());
    let zone = hours.map(|hours| hours.time_zone.clone()).filter(|zone| is_zone(zone));
    zone.unwrap_or_else(|| "UTC".to_owned())
}

fn subject(total: &Figures) -> String {
    match (total.requests, total.missed) {
        (0, _) => "Yesterday nobody asked for a person".to_owned(),
        (requests, 0) => format!("Yesterday: {}, none missed", count(requests, "request")),
        (requests, missed) => format!("Yesterday: {}, {missed} missed", count(requests, "request")),
    }
}

fn letter(person: &Person, days: &Days, total: &Figures, chatbots: &[OfChatbot], public_url: &str) -> String {
    let mut text = format!("Hello {},\n\nthis was {} ({}).\n\n", in_a_line(&person.name), days.from, days.time_zone);
    // Writing into a text cannot fail.
    let _ = match total.requests {
        0 => writeln!(text, "Nobody asked for a person."),
        requests => writeln!(text, "{} for a person. {}", count(requests, "request"), told(total, days)),
    };
    for OfChatbot { profile, figures, .. } in chatbots.iter().filter(|_| chatbots.len() > 1) {
        if figures.requests > 0 {
            let (name, requests) = (in_a_line(&profile.chatbot.settings.name), count(figures.requests, "request"));
            let _ = writeln!(text, "- {name}: {requests}. {}", told(figures, days));
        }
    }
    let missed: u64 = total.missed + total.late;
    if missed > 0 {
        let _ = writeln!(text, "\nMissed, or answered late:");
        for OfChatbot { profile, missed, .. } in chatbots {
            for kept in missed {
                let _ =
                    writeln!(text, "- {}\n  {public_url}/inbox/{}", of_request(kept, profile, days), kept.conversation);
            }
        }
        let more = missed.saturating_sub(chatbots.iter().map(|of| of.missed.len() as u64).sum());
        if more > 0 {
            let _ = writeln!(text, "- and {more} more");
        }
    }
    if let Some(first) = chatbots.iter().max_by_key(|of| of.figures.requests) {
        let (id, day) = (first.profile.chatbot.id, &days.from);
        let _ = writeln!(text, "\nAll numbers: {public_url}/chatbots/{id}/analytics?from={day}&to={day}");
    }
    let _ = writeln!(text, "\nYou get this mail because you asked for it. To turn it off: {public_url}/account");
    text
}

/// What became of requests, in a sentence or two.
fn told(figures: &Figures, days: &Days) -> String {
    let mut parts = Vec::new();
    if let Some(median) = figures.median() {
        parts.push(format!("{} answered, half of them within {}", figures.answered, duration(median)));
    }
    if figures.late > 0 {
        parts.push(format!("{} later than {}", figures.late, duration(days.limit())));
    }
    if figures.missed > 0 {
        parts.push(format!("{} answered by nobody", figures.missed));
    }
    if parts.is_empty() { "They still wait.".to_owned() } else { parts.join("; ") + "." }
}

fn of_request(kept: &Kept, profile: &Profile, days: &Days) -> String {
    let record = &kept.record;
    let clock = local(&days.time_zone, record.opened_at);
    let clock = clock.map_or_else(String::new, |there| format!("{:02}:{:02} ", there.minute / 60, there.minute % 60));
    let visitor = kept.visitor_name.as_deref().map_or_else(|| "A visitor".to_owned(), in_a_line);
    let became = match (record.end.map(|(_, how)| how), record.waited()) {
        (Some(End::Answered), Some(waited)) => format!("answered after {}", duration(waited)),
        (Some(End::Cancelled), _) => "went on with the assistant".to_owned(),
        (Some(End::Dismissed), _) => "dismissed".to_owned(),
        (Some(End::Resolved), _) => "resolved without an answer".to_owned(),
        (Some(End::Ended | End::Answered), _) => "ended without a word".to_owned(),
        (None, _) => "still waiting".to_owned(),
    };
    format!("{clock}{visitor} at {}: {became}", in_a_line(&profile.chatbot.settings.name))
}

fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// What somebody has chosen as a name, so that it cannot pass for a line of ours.
fn in_a_line(name: &str) -> String {
    domain::text::excerpt(name, NAME)
}

fn duration(milliseconds: i64) -> String {
    let seconds = milliseconds.saturating_add(500) / 1_000;
    let pair = |greater: i64, unit: &str, rest: i64, small: &str| match rest {
        0 => format!("{greater} {unit}"),
        rest => format!("{greater} {unit} {rest} {small}"),
    };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => pair(seconds / 60, "min", seconds % 60, "s"),
        _ => pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_names_are_written_for_people() {
        let words = [8_400, 60_000, 61_000, 3_600_000, 90_000_000].map(duration);
        assert_eq!(words, ["8 s", "1 min", "1 min 1 s", "1 h", "25 h"]);
        assert_eq!(
            in_a_line("Eve\n\nYour password is over: https://evil.example"),
            "Eve Your password is over: https://evil.example"
        );
        assert_eq!((count(1, "request"), count(2, "request")), ("1 request".to_owned(), "2 requests".to_owned()));
    }
}
