//! Office hours: when people are there. The place of the clock and of time zones is outside; here is the week.

use serde::{Deserialize, Serialize};

use crate::{
    chatbot::{InvalidSetting, bounded},
    limits,
    text::InvalidText,
};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// When people are there, in the time of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfficeHours {
    /// Name of the time zone, `Europe/Berlin`.
    pub time_zone: String,
    /// From Monday to Sunday.
    pub week: [Option<Span>; 7],
    /// Days on which nobody is there, `2026-12-25`.
    pub holidays: Vec<String>,
    /// Days with hours of their own, whatever the weekday; a holiday among them is none.
    pub exceptions: Vec<Exception>,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// `2026-12-24`.
    pub date: String,
    /// When people are there; it ends on the same day.
    pub span: Span,
}

/// A part of a day, in minutes from midnight; the end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first minute.
    pub from: u16,
    /// The minute after the last.
    pub to: u16,
}

/// What the clock on the wall says there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    /// 0 is Monday.
    pub weekday: usize,
    /// Minutes since midnight.
    pub minute: u16,
    /// `2026-12-25`.
    pub date: String,
    /// The day before.
    pub yesterday: String,
}

impl Default for OfficeHours {
    fn default() -> Self {
        let day = Some(Span { from: 9 * 60, to: 17 * 60 });
        Self {
            time_zone: "UTC".into(),
            week: [day, day, day, day, day, None, None],
            holidays: Vec::new(),
            exceptions: Vec::new(),
        }
    }
}

impl OfficeHours {
    /// Whether people are there at that time. A span that ends before it begins goes on past midnight.
    pub fn open_at(&self, now: &LocalTime) -> bool {
        let today = now.weekday % 7;
        let on = |span: Span| if span.from < span.to { span.from..span.to } else { span.from..DAY };
        let open = self.span_on(today, &now.date).is_some_and(|span| on(span).contains(&now.minute));
        // What began yesterday is not ended by a holiday that begins at midnight; what never began then does not go on.
        let night = self.span_on(today + 6, &now.yesterday).filter(|span| span.from >= span.to);
        open || night.is_some_and(|span| now.minute < span.to)
    }

    /// When people are there on a day, 0 being Monday.
    pub fn span_on(&self, weekday: usize, date: &str) -> Option<Span> {
        if let Some(exception) = self.exceptions.iter().find(|exception| exception.date == date) {
            return Some(exception.span);
        }
        if self.holidays.iter().any(|holiday| holiday == date) { None } else { self.week[weekday % 7] }
    }

    /// Checks every limit. Whether there is such a time zone is known outside.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let wrong = |field: String, what| InvalidSetting { field, cause: InvalidText::Malformed(what) };
        let zone = &self.time_zone;
        if !is_zone_name(zone) {
            return Err(wrong("supervisor.office_hours.time_zone".into(), "time zone, like Europe/Berlin"));
        }
        for (day, span) in self.week.iter().enumerate() {
            if span.is_some_and(|span| !span.is_part_of_a_day()) {
                let field = format!("supervisor.office_hours.week.{day}");
                return Err(wrong(field, "part of a day, in minutes from midnight"));
            }
        }
        bounded("supervisor.office_hours.holidays", self.holidays.len(), limits::HOLIDAYS)?;
        if let Some(at) = self.holidays.iter().position(|day| !is_date(day)) {
            return Err(wrong(format!("supervisor.office_hours.holidays.{at}"), "date, like 2026-12-25"));
        }
        bounded("supervisor.office_hours.exceptions", self.exceptions.len(), limits::HOLIDAYS)?;
        for (at, exception) in self.exceptions.iter().enumerate() {
            let field = |name: &str| format!("supervisor.office_hours.exceptions.{at}.{name}");
            if !is_date(&exception.date) {
                return Err(wrong(field("date"), "date, like 2026-12-25"));
            }
            if !exception.span.is_part_of_a_day() || exception.span.from > exception.span.to {
                return Err(wrong(field("span"), "part of one day, in minutes from midnight"));
            }
            if self.exceptions[..at].iter().any(|earlier| earlier.date == exception.date) {
                return Err(wrong(field("date"), "date: it is there already"));
            }
        }
        Ok(self)
    }
}

impl Span {
    fn is_part_of_a_day(self) -> bool {
        self.from < DAY && self.to <= DAY && self.from != self.to
    }
}

/// Whether a text looks like the name of a time zone.
pub fn is_zone_name(zone: &str) -> bool {
    !zone.is_empty()
        && zone.len() <= limits::NAME_CHARS
        && zone.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, length: usize, most: u32| {
        parts.get(at).is_some_and(|part| {
            part.len() == length && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
        })
    };
    parts.len() == 3 && number(0, 4, 9999) && number(1, 2, 12) && number(2, 2, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour of a day that is not the first one of a month.
    fn at(weekday: usize, hour: u16, date: &str) -> LocalTime {
        let (month, day) = date.split_at(8);
        let yesterday = format!("{month}{:02}", day.parse::<u32>().unwrap() - 1);
        LocalTime { weekday, minute: hour * 60, date: date.into(), yesterday }
    }

    #[test]
    fn open_in_the_week_and_closed_at_its_end() {
        let hours = OfficeHours { holidays: vec!["2026-12-25".into()], ..OfficeHours::default() };
        for (weekday, hour, date, open) in [
            (0, 9, "2026-12-21", true),
            (0, 8, "2026-12-21", false),
            (4, 16, "2026-12-18", true),
            (4, 17, "2026-12-18", false),
            (5, 12, "2026-12-19", false),
            (4, 12, "2026-12-25", false),
        ] {
            assert_eq!(hours.open_at(&at(weekday, hour, date)), open, "{weekday} {hour} {date}");
        }
    }

    #[test]
    fn a_day_with_hours_of_its_own_has_no_others() {
        let exceptions = vec![
            Exception { date: "2026-12-24".into(), span: Span { from: 9 * 60, to: 12 * 60 } },
            Exception { date: "2026-12-25".into(), span: Span { from: 10 * 60, to: 11 * 60 } },
            Exception { date: "2026-12-26".into(), span: Span { from: 8 * 60, to: 10 * 60 } },
        ];
        let hours = OfficeHours { holidays: vec!["2026-12-25".into()], exceptions, ..OfficeHours::default() };
        for (weekday, hour, date, open) in [
            (3, 11, "2026-12-24", true),
            (3, 13, "2026-12-24", false),
            // A holiday on which somebody is there for an hour, and a Saturday on which somebody is.
            (4, 10, "2026-12-25", true),
            (4, 12, "2026-12-25", false),
            (5, 9, "2026-12-26", true),
            (5, 9, "2027-01-02", false),
        ] {
            assert_eq!(hours.open_at(&at(weekday, hour, date)), open, "{weekday} {hour} {date}");
        }
    }

    #[test]
    fn a_night_shift_goes_on_past_midnight() {
        let mut week = [None; 7];
        week[6] = Some(Span { from: 22 * 60, to: 6 * 60 });
        let hours = OfficeHours { week, ..OfficeHours::default() };
        assert!(hours.open_at(&at(6, 23, "2026-12-20")));
        assert!(hours.open_at(&at(0, 5, "2026-12-21")));
        assert!(!hours.open_at(&at(0, 6, "2026-12-21")));
        assert!(!hours.open_at(&at(6, 5, "2026-12-20")));
    }

    #[test]
    fn a_night_that_never_began_does_not_go_on() {
        let nights = [Some(Span { from: 22 * 60, to: 6 * 60 }); 7];
        let exceptions = vec![Exception { date: "2026-12-24".into(), span: Span { from: 9 * 60, to: 12 * 60 } }];
        let hours =
            OfficeHours { week: nights, holidays: vec!["2026-12-26".into()], exceptions, ..OfficeHours::default() };
        assert!(hours.open_at(&at(3, 5, "2026-12-24")), "the night before");
        assert!(!hours.open_at(&at(4, 3, "2026-12-25")), "the day before had other hours");
        assert!(hours.open_at(&at(5, 3, "2026-12-26")), "a holiday ends no night");
        assert!(!hours.open_at(&at(6, 3, "2026-12-27")), "nobody came on the holiday");
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let field = |change: &dyn Fn(&mut OfficeHours)| {
            let mut hours = OfficeHours::default();
            change(&mut hours);
            hours.validated().unwrap_err().field
        };
        assert_eq!(field(&|h| h.time_zone = "Europe Berlin".into()), "supervisor.office_hours.time_zone");
        assert_eq!(field(&|h| h.week[2] = Some(Span { from: 5, to: 5 })), "supervisor.office_hours.week.2");
        assert_eq!(field(&|h| h.holidays = vec!["25.12.2026".into()]), "supervisor.office_hours.holidays.0");
        let exception = |date: &str, from, to| Exception { date: date.into(), span: Span { from, to } };
        let at = |place: usize, name: &str| format!("supervisor.office_hours.exceptions.{place}.{name}");
        assert_eq!(field(&|h| h.exceptions = vec![exception("24.12.2026", 0, 60)]), at(0, "date"));
        assert_eq!(field(&|h| h.exceptions = vec![exception("2026-12-24", 1_320, 60)]), at(0, "span"));
        let twice = || vec![exception("2026-12-24", 0, 60), exception("2026-12-24", 60, 90)];
        assert_eq!(field(&|h| h.exceptions = twice()), at(1, "date"));
        assert!(OfficeHours::default().validated().is_ok());
    }
}
