//! What the clock on the wall says somewhere.

use domain::{
    Millis,
    hours::{LocalTime, OfficeHours, Span},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::directory::Profile;

/// So many days are looked through for the next one on which somebody is there. Who is away for longer says so by hand.
const DAYS_AHEAD: i32 = 60;

/// The time of day in a time zone; nothing where there is no such zone.
pub(crate) fn local(zone: &str, now: Millis) -> Option<LocalTime> {
    let zone = TimeZone::get(zone).ok()?;
    let there = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone);
    let minute = u16::try_from(there.hour()).ok()? * 60 + u16::try_from(there.minute()).ok()?;
    let weekday = usize::try_from(there.weekday().to_monday_zero_offset()).ok()?;
    let (date, yesterday) = (there.date(), there.date().yesterday().ok()?);
    Some(LocalTime { weekday, minute, date: date.to_string(), yesterday: yesterday.to_string() })
}

/// When somebody is there again, where nobody is now by the office hours and the chatbot follows them. Where the hours name
/// no day at all, as late as anybody looks.
pub(crate) fn opens(profile: &Profile, now: Millis) -> Option<Millis> {
    opening(followed(profile)?, now)
}

/// Since when somebody is there, where somebody is now by the office hours and the chatbot follows them.
pub(crate) fn open_since(profile: &Profile, now: Millis) -> Option<Millis> {
    opened(followed(profile)?, now)
}

fn followed(profile: &Profile) -> Option<&OfficeHours> {
    let settings = &profile.chatbot.settings;
    settings.supervisor.office_hours.as_ref().filter(|_| settings.escalation.waiting.follow_office_hours)
}

/// When the hours began that are on now.
fn opened(hours: &OfficeHours, now: Millis) -> Option<Millis> {
    let there = local(&hours.time_zone, now)?;
    if !hours.open_at(&there) {
        return None;
    }
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    // Those of today, or those of yesterday that go on past midnight.
    let begins = |day: Date| {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        beginning(hours.span_on(weekday, &day.to_string())?, day, &zone)
    };
    begins(today).filter(|at| *at <= now).or_else(|| begins(today.yesterday().ok()?))
}

fn beginning(span: Span, day: Date, zone: &TimeZone) -> Option<Millis> {
    let at = Time::new(i8::try_from(span.from / 60).ok()?, i8::try_from(span.from % 60).ok()?, 0, 0).ok()?;
    Some(Millis(day.to_datetime(at).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()))
}

/// When the hours begin, unless they have begun.
fn opening(hours: &OfficeHours, now: Millis) -> Option<Millis> {
    // Where nobody knows the time there somebody may be there.
    if hours.open_at(&local(&hours.time_zone, now)?) {
        return None;
    }
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    for ahead in 0..=DAYS_AHEAD {
        let day = today.checked_add(ahead.days()).ok()?;
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        let Some(span) = hours.span_on(weekday, &day.to_string()) else { continue };
        let begins = beginning(span, day, &zone)?;
        if begins > now {
            return Some(begins);
        }
    }
    Some(now.plus(i64::from(DAYS_AHEAD) * 24 * 3_600 * 1_000))
}

/// Whether there is a time zone of that name.
pub(crate) fn is_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use domain::hours::Exception;

    use super::*;

    #[test]
    fn the_next_hours_are_found_over_weekends_holidays_and_changes_of_the_clock() {
        let exceptions = vec![Exception { date: "2026-12-26".into(), span: Span { from: 10 * 60, to: 12 * 60 } }];
        let holidays = vec!["2026-12-25".to_owned(), "2027-01-01".to_owned()];
        let hours = OfficeHours { time_zone: "Europe/Berlin".into(), holidays, exceptions, ..OfficeHours::default() };
        let at = |utc: &str| Millis(utc.parse::<Timestamp>().unwrap().as_millisecond());
        for (now, expected) in [
            // A Monday, before, within and after.
            ("2026-11-30T07:59:59Z", Some("2026-11-30T08:00:00Z")),
            ("2026-11-30T08:00:00Z", None),
            ("2026-11-30T16:00:00Z", Some("2026-12-01T08:00:00Z")),
            // Over a weekend.
            ("2026-12-04T16:00:00Z", Some("2026-12-07T08:00:00Z")),
            // Over a holiday to a Saturday with hours of its own, and from there to Monday.
            ("2026-12-24T20:00:00Z", Some("2026-12-26T09:00:00Z")),
            ("2026-12-26T11:00:00Z", Some("2026-12-28T08:00:00Z")),
            // On that weekend summer begins: nine o'clock is an hour earlier.
            ("2026-03-27T16:00:00Z", Some("2026-03-30T07:00:00Z")),
            ("2026-10-23T15:00:00Z", Some("2026-10-26T08:00:00Z")),
        ] {
            assert_eq!(opening(&hours, at(now)), expected.map(at), "{now}");
        }
        let never = OfficeHours { week: [None; 7], ..OfficeHours::default() };
        let now = at("2026-11-30T12:00:00Z");
        assert_eq!(opening(&never, now), Some(now.plus(i64::from(DAYS_AHEAD) * 24 * 3_600 * 1_000)));
    }

    #[test]
    fn hours_that_are_on_began_today_or_the_night_before() {
        let at = |utc: &str| Millis(utc.parse::<Timestamp>().unwrap().as_millisecond());
        let days = OfficeHours { time_zone: "Europe/Berlin".into(), ..OfficeHours::default() };
        let nights = OfficeHours { week: [Some(Span { from: 22 * 60, to: 6 * 60 }); 7], ..days.clone() };
        for (hours, now, expected) in [
            (&days, "2026-11-30T12:00:00Z", Some("2026-11-30T08:00:00Z")),
            (&days, "2026-11-30T20:00:00Z", None),
            (&nights, "2026-11-30T22:00:00Z", Some("2026-11-30T21:00:00Z")),
            (&nights, "2026-12-01T02:00:00Z", Some("2026-11-30T21:00:00Z")),
            (&nights, "2026-12-01T12:00:00Z", None),
        ] {
            assert_eq!(opened(hours, at(now)), expected.map(at), "{now}");
        }
    }

    #[test]
    fn summer_and_winter_are_told_apart() {
        // 2026-07-01 and 2026-12-01, both at 12:30 UTC.
        let summer = local("Europe/Berlin", Millis(1_782_909_000_000)).unwrap();
        assert_eq!((summer.weekday, summer.minute, summer.date.as_str()), (2, 14 * 60 + 30, "2026-07-01"));
        let winter = local("Europe/Berlin", Millis(1_796_128_200_000)).unwrap();
        assert_eq!((winter.weekday, winter.minute, winter.date.as_str()), (1, 13 * 60 + 30, "2026-12-01"));
        assert_eq!(local("Atlantis/Capital", Millis(0)), None);
        assert!(is_zone("UTC") && !is_zone("../etc/passwd"));
    }
}
