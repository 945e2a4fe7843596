//! What the clock on the wall says somewhere.

use domain::{Millis, hours::LocalTime};
use jiff::{Timestamp, tz::TimeZone};

/// The time of day in a time zone; nothing where there is no such zone.
pub(crate) fn local(zone: &str, now: Millis) -> Option<LocalTime> {
    let zone = TimeZone::get(zone).ok()?;
    let there = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone);
    let minute = u16::try_from(there.hour()).ok()? * 60 + u16::try_from(there.minute()).ok()?;
    let weekday = usize::try_from(there.weekday().to_monday_zero_offset()).ok()?;
    Some(LocalTime { weekday, minute, date: there.date().to_string() })
}

/// Whether there is a time zone of that name.
pub(crate) fn is_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
