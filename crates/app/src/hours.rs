//! What the clock on the wall says somewhere.

use domain::{
    Millis,
    hours::{LocalTime, OfficeHours, Span},
    numbers::{Calendar, DAILY, DAYS, Period},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
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

/// Today's date in a time zone; nothing where there is no such zone.
pub(crate) fn today(zone: &str, now: Millis) -> Option<String> {
    Some(local(zone, now)?.date)
}

/// The date so many days before another one; nothing where that is none.
pub(crate) fn days_before(date: &str, days: usize) -> Option<String> {
    let date: Date = date.parse().ok()?;
    Some(date.checked_sub(i64::try_from(days).ok()?.days()).ok()?.to_string())
}

/// The next time at which the clock in a zone shows this hour; in UTC where there is no such zone.
pub(crate) fn next_hour(zone: &str, hour: i8, now: Millis) -> Option<Millis> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    (0..=1_i64).find_map(|ahead| {
        let day = today.checked_add(ahead.days()).ok()?;
        let at = day.to_datetime(Time::new(hour, 0, 0, 0).ok()?).to_zoned(zone.clone()).ok()?;
        Some(Millis(at.timestamp().as_millisecond())).filter(|at| *at > now)
    })
}

/// The days from one date to another, both included, as the clock on a wall in a time zone divides them; by week, from
/// Monday on, where they are many. Nothing where there are more than [`DAYS`], none, or no such zone.
pub(crate) fn calendar(zone: &str, from: &str, to: &str) -> Option<Calendar> {
    let zone = TimeZone::get(zone).ok()?;
    let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
    let days = usize::try_from((to - from).get_days()).ok()? + 1;
    if from > to || days > DAYS {
        return None;
    }
    // Where the clock jumps over midnight a day begins later, and where it shows it twice with the first time.
    let begins = |day: Date| Some(Millis(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()));
    let mut periods: Vec<Period> = Vec::new();
    for ahead in 0..days {
        let day = from.checked_add(i64::try_from(ahead).ok()?.days()).ok()?;
        match periods.last_mut() {
            Some(week) if days > DAILY && day.weekday() != Weekday::Monday => week.last = day.to_string(),
            _ => periods.push(Period { first: day.to_string(), last: day.to_string(), begins: begins(day)? }),
        }
    }
    let ends = begins(to.checked_add(1.days()).ok()?)?;
    let first = Timestamp::from_millisecond(begins(from)?.0).ok()?;
    let ahead = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1_000;
    let mut offsets = vec![(begins(from)?, ahead(zone.to_offset(first)))];
    let changes =
        zone.following(first).map(|change| (Millis(change.timestamp().as_millisecond()), ahead(change.offset())));
    offsets.extend(changes.take_while(|(at, _)| *at < ends));
    Some(Calendar { periods, ends, offsets })
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
    fn a_calendar_has_short_and_long_days() {
        let at = |utc: &str| Millis(utc.parse::<Timestamp>().unwrap().as_millisecond());
        let lengths = |zone: &str, from: &str, to: &str| -> Vec<i64> {
            let calendar = calendar(zone, from, to).unwrap();
            let mut edges: Vec<i64> = calendar.periods.iter().map(|period| period.begins.0).collect();
            edges.push(calendar.ends.0);
            edges.windows(2).map(|edge| (edge[1] - edge[0]) / 3_600_000).collect()
        };
        assert_eq!(lengths("Europe/Berlin", "2026-03-28", "2026-03-30"), [24, 23, 24]);
        assert_eq!(lengths("Europe/Berlin", "2026-10-24", "2026-10-26"), [24, 25, 24]);
        assert_eq!(lengths("Asia/Kathmandu", "2026-10-24", "2026-10-24"), [24]);
        // In Beirut the clock jumps over midnight.
        assert_eq!(lengths("Asia/Beirut", "2026-03-28", "2026-03-30"), [24, 23, 24]);
        let autumn = calendar("Europe/Berlin", "2026-10-24", "2026-10-26").unwrap();
        let hour = 3_600_000;
        let expected = [(at("2026-10-23T22:00:00Z"), 2 * hour), (at("2026-10-25T01:00:00Z"), hour)];
        assert_eq!(autumn.offsets, expected);
        assert_eq!(autumn.ends, at("2026-10-26T23:00:00Z"));
    }

    #[test]
    fn a_long_range_is_told_by_week() {
        let quarter = calendar("UTC", "2026-09-01", "2026-12-01").unwrap();
        assert_eq!(quarter.periods.len(), 92);
        let longer = calendar("UTC", "2026-08-31", "2026-12-01").unwrap();
        let ends = |place: usize| (longer.periods[place].first.as_str(), longer.periods[place].last.as_str());
        assert_eq!(
            (longer.periods.len(), ends(0), ends(13)),
            (14, ("2026-08-31", "2026-09-06"), ("2026-11-30", "2026-12-01"))
        );
        assert_eq!(calendar("UTC", "2025-12-01", "2026-12-01").unwrap().periods.first().unwrap().last, "2025-12-07");
        assert_eq!(calendar("UTC", "2025-11-30", "2026-12-01"), None, "more than a leap year");
        assert_eq!(calendar("UTC", "2026-12-02", "2026-12-01"), None);
        assert_eq!(calendar("Atlantis/Capital", "2026-12-01", "2026-12-01"), None);
        assert_eq!(days_before("2026-03-01", 1).as_deref(), Some("2026-02-28"));
        assert_eq!((days_before("2026-13-01", 1), days_before("yesterday", 1)), (None, None));
    }

    #[test]
    fn eight_in_the_morning_moves_with_the_clock() {
        let at = |utc: &str| Millis(utc.parse::<Timestamp>().unwrap().as_millisecond());
        for (now, expected) in [
            ("2026-03-28T06:59:59Z", "2026-03-28T07:00:00Z"),
            ("2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"),
            ("2026-10-24T06:00:00Z", "2026-10-25T07:00:00Z"),
        ] {
            assert_eq!(next_hour("Europe/Berlin", 8, at(now)), Some(at(expected)), "{now}");
        }
        assert_eq!(next_hour("", 8, at("2026-10-24T06:00:00Z")), Some(at("2026-10-24T08:00:00Z")));
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
