//! The page `Analytics`: the numbers of a chatbot, and the requests that were missed.

use domain::{
    ChatbotId, Millis,
    numbers::{COUNTED, Calendar, Counting, DAYS, LATE_RANGE_S, LATE_S, Numbers},
    requests::{End, Happened, Record},
};
use ports::{
    Scope,
    numbers::{Kept, Missed, Place, Range},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
    hours::{calendar, days_before, today},
};

/// Records that are read at once.
const PAGE: u32 = 2_000;
/// Days of a range that nobody has named: today and the 29 before it.
const MONTH: usize = 30;
/// How long to wait before a slice is tried again.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(10);
/// Missed requests in one file, at most: whoever has more has to look at a shorter range.
const MISSED_IN_A_FILE: usize = 5_000;

/// What is asked for, as somebody has written it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The first day, `2026-11-01`; 29 days before the last when absent.
    pub from: Option<String>,
    /// The last day; today when absent.
    pub to: Option<String>,
    /// By whose clock; UTC when absent.
    pub time_zone: Option<String>,
    /// Whoever answers later than so many seconds is late.
    pub late_after: Option<u32>,
}

/// A range of days that may be asked for.
#[derive(Debug, Clone)]
pub struct Days {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// By whose clock.
    pub time_zone: String,
    /// Whoever answers later than so many seconds is late.
    pub late_after: u32,
    /// The range as that clock divides it.
    pub calendar: Calendar,
}

impl Days {
    pub(crate) fn limit(&self) -> i64 {
        i64::from(self.late_after) * 1_000
    }

    fn range(&self, chatbot: ChatbotId) -> Range {
        Range { chatbot, from: self.calendar.begins(), until: self.calendar.ends }
    }
}

/// The numbers of a chatbot.
#[derive(Debug, Clone)]
pub struct Told {
    /// Of which days.
    pub days: Days,
    /// The numbers.
    pub numbers: Numbers,
    /// What was written before there were records is in them.
    pub complete: bool,
    /// Everybody is among the people: otherwise only whoever asks.
    pub everybody: bool,
}

impl Asked {
    /// The days that are meant.
    ///
    /// # Errors
    /// The field at fault.
    pub fn days(self, now: Millis) -> Result<Days> {
        let time_zone = self.time_zone.unwrap_or_else(|| "UTC".to_owned());
        let today = today(&time_zone, now)
            .ok_or_else(|| AppError::invalid("time_zone", format!("{time_zone} is no time zone")))?;
        let to = self.to.unwrap_or(today);
        let wrong = |field: &str| AppError::invalid(field, "must be a date, like 2026-12-25");
        let from = match self.from {
            Some(from) => from,
            None => days_before(&to, MONTH - 1).ok_or_else(|| wrong("to"))?,
        };
        let late_after = self.late_after.unwrap_or(LATE_S);
        let (least, most) = LATE_RANGE_S;
        if !(least..=most).contains(&late_after) {
            return Err(AppError::invalid("late_after", format!("must be from {least} to {most} seconds")));
        }
        for (field, day) in [("from", &from), ("to", &to)] {
            if days_before(day, 0).as_ref() != Some(day) {
                return Err(wrong(field));
            }
        }
        if from > to {
            return Err(AppError::invalid("to", "must not be before the first day"));
        }
        let calendar = calendar(&time_zone, &from, &to)
            .ok_or_else(|| AppError::invalid("from", format!("must be less than {DAYS} days before the last day")))?;
        Ok(Days { from, to, time_zone, late_after, calendar })
    }
}

impl Baton {
    /// The numbers of a chatbot. Whoever may see its conversations may see them; by person they are for admins, and for each
    /// person their own.
    ///
    /// # Errors
    /// [`AppError::NotFound`], the field at fault, or more requests than are counted at once.
    pub async fn numbers(&self, staff: &Staff, id: ChatbotId, asked: Asked) -> Result<Told> {
        self.chatbot(staff, id).await?;
        let days = asked.days(self.clock.now())?;
        let mut numbers = self.counted(staff.scope(), id, &days).await?;
        let everybody = staff.collaborator(id)?.role.may_administer();
        if !everybody {
            numbers.people.retain(|(person, _)| *person == staff.id());
        }
        let complete = self.store.requests_are_filled().await?;
        Ok(Told { days, numbers, complete, everybody })
    }

    pub(crate) async fn counted(&self, scope: Scope, id: ChatbotId, days: &Days) -> Result<Numbers> {
        let mut counting = Counting::new(days.calendar.clone(), days.limit(), self.clock.now());
        self.each_record(scope, id, days, |record| counting.add(record)).await?;
        for (at, begun) in self.store.conversations_begun(scope, days.range(id)).await? {
            counting.add_begun(at, begun);
        }
        for (person, ratings) in self.store.ratings(scope, days.range(id)).await? {
            counting.add_ratings(person, ratings);
        }
        Ok(counting.finish())
    }

    /// Hands over every record of some days, one after the other.
    pub(crate) async fn each_record(
        &self,
        scope: Scope,
        id: ChatbotId,
        days: &Days,
        mut each: impl FnMut(&Record),
    ) -> Result<()> {
        let (mut after, mut counted) = (None, 0);
        loop {
            let page = self.store.request_records(scope, days.range(id), after, PAGE).await?;
            counted += page.len();
            if counted > COUNTED {
                let cause = format!("has more than {COUNTED} requests after it: choose fewer days");
                return Err(AppError::invalid("from", cause));
            }
            page.iter().for_each(|kept| each(&kept.record));
            match page.last() {
                Some(last) if page.len() == PAGE as usize => after = Some(last.place()),
                _ => return Ok(()),
            }
        }
    }

    /// Requests that nobody answered, or too late, the newest first; and now, until when those wait that still do.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or the field at fault.
    pub async fn missed(
        &self,
        staff: &Staff,
        id: ChatbotId,
        asked: Asked,
        before: Option<Place>,
        limit: u32,
    ) -> Result<(Vec<Kept>, Millis)> {
        self.chatbot(staff, id).await?;
        let now = self.clock.now();
        let days = asked.days(now)?;
        Ok((self.missed_of(staff.scope(), id, &days, before, limit).await?, now))
    }

    pub(crate) async fn missed_of(
        &self,
        scope: Scope,
        id: ChatbotId,
        days: &Days,
        before: Option<Place>,
        limit: u32,
    ) -> Result<Vec<Kept>> {
        let missed = Missed { limit: days.limit(), now: self.clock.now() };
        Ok(self.store.missed_requests(scope, days.range(id), missed, before, limit).await?)
    }

    /// The same for a file: all of them, as far as a file goes.
    ///
    /// # Errors
    /// [`AppError::NotFound`], the field at fault, or more requests than a file holds.
    pub async fn all_missed(&self, staff: &Staff, id: ChatbotId, asked: Asked) -> Result<(Vec<Kept>, Millis)> {
        let most = u32::try_from(MISSED_IN_A_FILE).unwrap_or(u32::MAX);
        let (all, now) = self.missed(staff, id, asked, None, most.saturating_add(1)).await?;
        if all.len() > MISSED_IN_A_FILE {
            let cause = format!("has more than {MISSED_IN_A_FILE} missed requests after it: choose fewer days");
            return Err(AppError::invalid("from", cause));
        }
        Ok((all, now))
    }

    /// Counts what was written before there were records, slice by slice.
    pub(crate) async fn fill_requests(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.store.fill_requests().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(fault) => {
                    tracing::warn!(error = &fault as &dyn std::error::Error, "earlier requests cannot be counted yet");
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = self.clock.sleep(AGAIN) => {}
                    }
                }
            }
        }
    }
}

/// Figures for the operator of what happened to requests, on the node that has committed it.
pub(crate) fn observe(happened: &[(Happened, Record)]) {
    for (what, record) in happened {
        let Some(reason) = record.reason else { continue };
        match (what, record.end) {
            (Happened::Opened, _) => {
                metrics::counter!("baton_requests_total", "reason" => reason.name()).increment(1);
            }
            (Happened::Ended, Some((_, End::Answered))) => {
                #[expect(clippy::cast_precision_loss, reason = "a wait is far below 2^52 milliseconds")]
                let seconds = record.waited().unwrap_or_default() as f64 / 1_000.0;
                metrics::histogram!("baton_first_human_word_seconds").record(seconds);
            }
            (Happened::Ended, Some((_, how))) => {
                metrics::counter!("baton_requests_unanswered_total", "end" => how.name()).increment(1);
            }
            _ => {}
        }
    }
}
