//! How a person wants to be called: on which ways, and when not at all.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    chatbot::InvalidSetting,
    hours::{LocalTime, is_zone_name},
    text::InvalidText,
};

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Longest time without being disturbed, in milliseconds: a month. Whoever is away longer is better deactivated.
pub const UNDISTURBED_MS: i64 = 31 * 24 * 3_600 * 1_000;
/// A request is mailed when nobody has come for so long, in milliseconds.
pub const MAIL_AFTER_MS: i64 = 60_000;
/// The hour at which the day before is mailed: before the day's first requests, and not in the night.
pub const SUMMARY_HOUR: i8 = 8;

/// How a person wants to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calling {
    /// By an open page of the desk: notifications and sounds.
    pub browser: bool,
    /// By the push service of their devices.
    pub push: bool,
    /// By mail, when nobody has come to a request for [`MAIL_AFTER_MS`].
    pub email: bool,
    /// By mail, once a day: what became of the requests of the day before.
    pub summary: bool,
    /// When not at all, week by week.
    pub quiet: Option<Quiet>,
    /// Not at all until then.
    pub undisturbed_until: Option<Millis>,
}

impl Default for Calling {
    fn default() -> Self {
        Self { browser: true, push: true, email: false, summary: false, quiet: None, undisturbed_until: None }
    }
}

/// Hours of a day in which a person is not called, by the clock on their wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// Name of the time zone, `Europe/Berlin`.
    pub time_zone: String,
    /// The first quiet minute, from midnight.
    pub from: u16,
    /// The minute after the last one. Before `from` it is one of the next day.
    pub to: u16,
    /// On which days it begins, from Monday to Sunday.
    pub days: [bool; 7],
}

/// Why a person is not called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// They asked not to be disturbed until then.
    Undisturbed(Millis),
    /// It is one of their quiet hours.
    Quiet,
}

impl Calling {
    /// Why a person is not called now, if they are not. `there` is what the clock on their wall says, where they have
    /// quiet hours.
    pub fn silence(&self, now: Millis, there: Option<&LocalTime>) -> Option<Silence> {
        if let Some(until) = self.undisturbed_until.filter(|until| *until > now) {
            return Some(Silence::Undisturbed(until));
        }
        let quiet = self.quiet.as_ref()?;
        there.is_some_and(|there| quiet.covers(there)).then_some(Silence::Quiet)
    }

    /// Checks every limit. Whether there is such a time zone is known outside.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self, now: Millis) -> Result<Self, InvalidSetting> {
        let wrong = |field: &str, what| InvalidSetting { field: field.into(), cause: InvalidText::Malformed(what) };
        if self.undisturbed_until.is_some_and(|until| until.since(now) > UNDISTURBED_MS) {
            return Err(wrong("undisturbed_until", "time: a month from now at most"));
        }
        if let Some(quiet) = &self.quiet {
            if !is_zone_name(&quiet.time_zone) {
                return Err(wrong("quiet.time_zone", "time zone, like Europe/Berlin"));
            }
            if quiet.from >= DAY || quiet.to > DAY || quiet.from == quiet.to {
                return Err(wrong("quiet.to", "part of a day, in minutes from midnight"));
            }
        }
        // What is over is not kept.
        let undisturbed_until = self.undisturbed_until.filter(|until| *until > now);
        Ok(Self { undisturbed_until, ..self })
    }
}

impl Quiet {
    /// Whether it is quiet at that time of that day. What begins in the evening goes on past midnight.
    pub fn covers(&self, there: &LocalTime) -> bool {
        let today = there.weekday % 7;
        let begins = |day: usize| self.days.get(day).is_some_and(|on| *on);
        if self.from < self.to {
            return begins(today) && (self.from..self.to).contains(&there.minute);
        }
        (begins(today) && there.minute >= self.from) || (begins((today + 6) % 7) && there.minute < self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY_DAY: [bool; 7] = [true; 7];
    const WORKDAYS: [bool; 7] = [true, true, true, true, true, false, false];
    const WEEKEND: [bool; 7] = [false, false, false, false, false, true, true];

    fn at(weekday: usize, clock: &str) -> LocalTime {
        let (hour, minute) = clock.split_once(':').unwrap();
        let minute = hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap();
        LocalTime { weekday, minute, date: "2026-01-05".into(), yesterday: "2026-01-04".into() }
    }

    fn quiet(from: &str, to: &str, days: [bool; 7]) -> Quiet {
        let minute = |clock: &str| if clock == "24:00" { DAY } else { at(0, clock).minute };
        Quiet { time_zone: "Europe/Berlin".into(), from: minute(from), to: minute(to), days }
    }

    #[test]
    fn quiet_hours_begin_and_end_by_the_clock_on_the_wall() {
        for (from, to, days, weekday, clock, covered) in [
            // A night, every day.
            ("22:00", "07:00", EVERY_DAY, 0, "21:59", false),
            ("22:00", "07:00", EVERY_DAY, 0, "22:00", true),
            ("22:00", "07:00", EVERY_DAY, 1, "00:00", true),
            ("22:00", "07:00", EVERY_DAY, 1, "06:59", true),
            ("22:00", "07:00", EVERY_DAY, 1, "07:00", false),
            // The night of a workday: on Friday it begins, on Saturday it does not, on Saturday morning it goes on.
            ("22:00", "07:00", WORKDAYS, 4, "23:00", true),
            ("22:00", "07:00", WORKDAYS, 5, "03:00", true),
            ("22:00", "07:00", WORKDAYS, 5, "23:00", false),
            ("22:00", "07:00", WORKDAYS, 0, "03:00", false),
            // From Sunday on into Monday.
            ("22:00", "07:00", WEEKEND, 0, "03:00", true),
            ("22:00", "07:00", WEEKEND, 1, "03:00", false),
            // A part of a day, and a whole one.
            ("12:00", "13:00", WORKDAYS, 2, "12:30", true),
            ("12:00", "13:00", WORKDAYS, 2, "13:00", false),
            ("12:00", "13:00", WORKDAYS, 6, "12:30", false),
            ("00:00", "24:00", WEEKEND, 6, "23:59", true),
            ("00:00", "24:00", WEEKEND, 0, "00:00", false),
            // On no day it is never quiet.
            ("22:00", "07:00", [false; 7], 3, "23:00", false),
        ] {
            let there = at(weekday, clock);
            assert_eq!(quiet(from, to, days).covers(&there), covered, "{from}-{to} on day {weekday} at {clock}");
        }
    }

    #[test]
    fn who_wants_not_to_be_disturbed_is_not_until_then() {
        let (now, later) = (Millis(1_000), Millis(2_000));
        let evening = at(0, "23:00");
        let night = Some(quiet("22:00", "07:00", EVERY_DAY));
        for (undisturbed_until, quiet, expected) in [
            (None, None, None),
            (Some(later), None, Some(Silence::Undisturbed(later))),
            (Some(now), None, None),
            (None, night.clone(), Some(Silence::Quiet)),
            (Some(later), night.clone(), Some(Silence::Undisturbed(later))),
            (Some(Millis(1)), night, Some(Silence::Quiet)),
        ] {
            let calling = Calling { undisturbed_until, quiet, ..Calling::default() };
            assert_eq!(calling.silence(now, Some(&evening)), expected, "{calling:?}");
        }
        // Where nobody knows the time there nobody is kept from hearing.
        let calling = Calling { quiet: Some(quiet("00:00", "24:00", EVERY_DAY)), ..Calling::default() };
        assert_eq!(calling.silence(now, None), None);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let now = Millis(0);
        let with = |quiet: Quiet| Calling { quiet: Some(quiet), ..Calling::default() };
        let field = |calling: Calling| calling.validated(now).unwrap_err().field;
        let night = || quiet("22:00", "07:00", EVERY_DAY);
        assert_eq!(field(with(Quiet { time_zone: "Europe Berlin".into(), ..night() })), "quiet.time_zone");
        assert_eq!(field(with(Quiet { from: DAY, ..night() })), "quiet.to");
        assert_eq!(field(with(Quiet { to: 22 * 60, ..night() })), "quiet.to");
        let far = Calling { undisturbed_until: Some(Millis(UNDISTURBED_MS + 1)), ..Calling::default() };
        assert_eq!(field(far), "undisturbed_until");
        let over = Calling { undisturbed_until: Some(now), ..with(night()) };
        assert_eq!(over.validated(now).unwrap(), with(night()));
    }
}
