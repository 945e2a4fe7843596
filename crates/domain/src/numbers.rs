//! The numbers of the page `Analytics`: requests by day, hour, reason and person.
//!
//! Every request counts in the period and the hour in which a person was wanted, by the clock on the reader's wall. Medians
//! are exact: every time is kept until all are known, so there is a limit on how many requests are counted at once.

use std::collections::BTreeMap;

use crate::{
    Millis, PersonId,
    conversation::Reason,
    requests::{End, Record},
};

/// Longest range, in days: a leap year.
pub const DAYS: usize = 366;
/// Ranges that are longer than so many days are told by week: a chart with more bars tells nothing.
pub const DAILY: usize = 92;
/// Requests that are counted at once, at most. A year of a desk with three hundred requests on each day has fewer.
pub const COUNTED: usize = 120_000;
/// Whoever answers later than this is late, unless somebody says otherwise: five minutes, in seconds.
pub const LATE_S: u32 = 300;
/// Limits for being late, in seconds: from ten seconds to a day.
pub const LATE_RANGE_S: (u32, u32) = (10, 24 * 3_600);

/// A day or a week, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its first day, `2026-11-30`.
    pub first: String,
    /// Its last day; the same for a day.
    pub last: String,
    /// When it begins.
    pub begins: Millis,
}

/// A range of time as the clock on a wall divides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Days or weeks in order, without gaps; never empty.
    pub periods: Vec<Period>,
    /// When the last one is over.
    pub ends: Millis,
    /// From when on the clock there is how many milliseconds ahead of UTC: in order, the first from before the range on.
    pub offsets: Vec<(Millis, i64)>,
}

impl Calendar {
    /// When the range begins.
    pub fn begins(&self) -> Millis {
        self.periods.first().map_or(self.ends, |period| period.begins)
    }

    /// The place of the period that a time lies in.
    fn period(&self, at: Millis) -> Option<usize> {
        let after = self.periods.partition_point(|period| period.begins <= at);
        after.checked_sub(1).filter(|_| at < self.ends)
    }

    /// The hour of the day at a time.
    fn hour(&self, at: Millis) -> usize {
        let after = self.offsets.partition_point(|(from, _)| *from <= at);
        let offset = after.checked_sub(1).and_then(|place| self.offsets.get(place)).map_or(0, |(_, offset)| *offset);
        let hour = at.plus(offset).0.div_euclid(3_600_000).rem_euclid(24);
        usize::try_from(hour).unwrap_or_default()
    }
}

/// What is counted of some requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// How often a person was wanted: those that were answered, missed, and those that still wait within the limit.
    pub requests: u64,
    /// A person wrote.
    pub answered: u64,
    /// Of those that were answered: later than the limit.
    pub late: u64,
    /// Nobody wrote, and it is over or has waited for longer than the limit.
    pub missed: u64,
    waits: Vec<i64>,
}

impl Figures {
    fn add(&mut self, record: &Record, limit: i64, now: Millis) {
        self.requests += 1;
        self.missed += u64::from(record.is_missed(limit, now));
        self.late += u64::from(record.is_late(limit));
        if let Some(waited) = record.waited() {
            self.answered += 1;
            self.waits.push(waited);
        }
    }

    /// The time to the first human word that so many of a hundred answered requests did not exceed, in milliseconds.
    fn percentile(&self, percent: usize) -> Option<i64> {
        let place = (self.waits.len() * percent).div_ceil(100).checked_sub(1)?;
        self.waits.get(place).copied()
    }

    /// Half of the answered requests waited no longer than this, in milliseconds.
    pub fn median(&self) -> Option<i64> {
        self.percentile(50)
    }

    /// Nine of ten answered requests waited no longer than this, in milliseconds.
    pub fn nine_of_ten(&self) -> Option<i64> {
        self.percentile(90)
    }
}

/// What visitors thought of live chats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratings {
    /// How many live chats were rated.
    pub ratings: u64,
    /// All stars together.
    pub stars: u64,
    /// With four or five stars.
    pub satisfied: u64,
}

impl Ratings {
    fn add(&mut self, more: Self) {
        self.ratings += more.ratings;
        self.stars += more.stars;
        self.satisfied += more.satisfied;
    }

    /// Stars on average, in hundredths; nothing when nobody rated.
    pub fn average(&self) -> Option<u64> {
        (self.stars * 100 + self.ratings / 2).checked_div(self.ratings)
    }
}

/// Conversations, by the time at which they began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Begun {
    /// In which something was said or done.
    pub conversations: u64,
    /// In which a person was wanted at least once, up to now.
    pub requested: u64,
    /// In which the AI answered, nobody was wanted, and no person came, up to now.
    pub by_ai_alone: u64,
}

impl Begun {
    fn add(&mut self, more: Self) {
        self.conversations += more.conversations;
        self.requested += more.requested;
        self.by_ai_alone += more.by_ai_alone;
    }
}

/// What one person has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfPerson {
    /// Requests whose first human word was theirs.
    pub figures: Figures,
    /// Conversations that they came to unasked.
    pub unasked: u64,
    /// What visitors thought of live chats in which they were last.
    pub ratings: Ratings,
}

/// All the numbers of a range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// All requests.
    pub total: Figures,
    /// All conversations.
    pub begun: Begun,
    /// How often a person came unasked.
    pub unasked: u64,
    /// What visitors thought of live chats.
    pub ratings: Ratings,
    /// By day or week: each period of the calendar, also when nothing was in it.
    pub periods: Vec<(Period, Begun, Figures)>,
    /// By hour of the day, from midnight: 24.
    pub hours: Vec<Figures>,
    /// By reason, the commonest first; those that there are.
    pub reasons: Vec<(Reason, Figures)>,
    /// By the person who wrote first, whoever answered most first; those that there are.
    pub people: Vec<(PersonId, OfPerson)>,
    /// Requests that ended without a human word, by how; those that there are.
    pub ends: Vec<(End, u64)>,
}

/// Counts records one after the other.
#[derive(Debug)]
pub struct Counting {
    calendar: Calendar,
    limit: i64,
    now: Millis,
    numbers: Numbers,
    reasons: BTreeMap<usize, Figures>,
    people: BTreeMap<PersonId, OfPerson>,
    ends: BTreeMap<End, u64>,
}

impl Counting {
    /// Nothing was counted so far. The limit for being late is in milliseconds.
    pub fn new(calendar: Calendar, limit: i64, now: Millis) -> Self {
        let periods = calendar.periods.iter().map(|period| (period.clone(), Begun::default(), Figures::default()));
        let numbers = Numbers { periods: periods.collect(), hours: vec![Figures::default(); 24], ..Numbers::default() };
        let (reasons, people, ends) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { calendar, limit, now, numbers, reasons, people, ends }
    }

    /// Counts a record; one that was opened outside the range is none of it.
    pub fn add(&mut self, record: &Record) {
        let Some(period) = self.calendar.period(record.opened_at) else { return };
        let Some(reason) = record.reason else {
            self.numbers.unasked += 1;
            if let Some((_, person)) = record.word {
                self.people.entry(person).or_default().unasked += 1;
            }
            return;
        };
        let (limit, now) = (self.limit, self.now);
        self.numbers.total.add(record, limit, now);
        if let Some((_, _, figures)) = self.numbers.periods.get_mut(period) {
            figures.add(record, limit, now);
        }
        if let Some(figures) = self.numbers.hours.get_mut(self.calendar.hour(record.opened_at)) {
            figures.add(record, limit, now);
        }
        let place = Reason::ALL.iter().position(|one| *one == reason).unwrap_or_default();
        self.reasons.entry(place).or_default().add(record, limit, now);
        match (record.word, record.end) {
            (Some((_, person)), _) => self.people.entry(person).or_default().figures.add(record, limit, now),
            (None, Some((_, end))) => *self.ends.entry(end).or_default() += 1,
            (None, None) => {}
        }
    }

    /// Counts conversations that began at about that time.
    pub fn add_begun(&mut self, at: Millis, begun: Begun) {
        let Some(period) = self.calendar.period(at) else { return };
        self.numbers.begun.add(begun);
        if let Some((_, of_period, _)) = self.numbers.periods.get_mut(period) {
            of_period.add(begun);
        }
    }

    /// Counts ratings of live chats in which a person was last.
    pub fn add_ratings(&mut self, person: PersonId, ratings: Ratings) {
        self.numbers.ratings.add(ratings);
        self.people.entry(person).or_default().ratings.add(ratings);
    }

    /// The numbers.
    pub fn finish(self) -> Numbers {
        let Self { mut numbers, reasons, people, ends, .. } = self;
        numbers.reasons = reasons.into_iter().map(|(place, figures)| (Reason::ALL[place], figures)).collect();
        numbers.reasons.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.requests));
        numbers.people = people.into_iter().collect();
        numbers.people.sort_by_key(|(_, of)| std::cmp::Reverse((of.figures.answered, of.unasked)));
        numbers.ends = ends.into_iter().collect();
        let of_periods = numbers.periods.iter_mut().map(|(_, _, figures)| figures);
        let of_reasons = numbers.reasons.iter_mut().map(|(_, figures)| figures);
        let of_people = numbers.people.iter_mut().map(|(_, of)| &mut of.figures);
        let all = of_periods.chain(of_reasons).chain(of_people).chain(&mut numbers.hours);
        all.chain(std::iter::once(&mut numbers.total)).for_each(|figures| figures.waits.sort_unstable());
        numbers
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOUR: i64 = 3_600_000;
    const ADA: PersonId = PersonId::new(Uuid::from_u128(1));
    const BEN: PersonId = PersonId::new(Uuid::from_u128(2));

    /// Three days that begin at 22:00 UTC of the day before; in the night to the third the clock goes back by an hour.
    fn calendar() -> Calendar {
        let period = |day: &str, begins| Period { first: day.into(), last: day.into(), begins: Millis(begins) };
        Calendar {
            periods: vec![period("24", 22 * HOUR), period("25", 46 * HOUR), period("26", 71 * HOUR)],
            ends: Millis(95 * HOUR),
            offsets: vec![(Millis(0), 2 * HOUR), (Millis(49 * HOUR), HOUR)],
        }
    }

    fn record(hour: i64, reason: Option<Reason>, word: Option<(i64, PersonId)>) -> Record {
        let opened_at = Millis(hour * HOUR);
        let word = word.map(|(seconds, person)| (opened_at.plus(seconds * 1_000), person));
        Record {
            opened: 1,
            opened_at,
            reason,
            since: Some(opened_at),
            word,
            end: word.map(|(at, _)| (at, End::Answered)),
        }
    }

    fn count(records: &[Record]) -> Numbers {
        let mut counting = Counting::new(calendar(), 300_000, Millis(100 * HOUR));
        records.iter().for_each(|record| counting.add(record));
        counting.finish()
    }

    #[test]
    fn a_request_counts_where_the_clock_on_the_wall_stood() {
        let button = Some(Reason::Button);
        let hours = [21, 22, 45, 46, 48, 49, 70, 71, 94, 95];
        let numbers = count(&hours.map(|hour| record(hour, button, None)));
        let by_day: Vec<u64> = numbers.periods.iter().map(|(_, _, figures)| figures.requests).collect();
        assert_eq!(by_day, [2, 4, 2], "the first and the last are outside");
        let by_hour: Vec<(usize, u64)> =
            numbers.hours.iter().map(|figures| figures.requests).enumerate().filter(|(_, n)| *n > 0).collect();
        // 22 and 46 are midnight in summer, 71 in winter; 48 and 49 are both two o'clock.
        assert_eq!(by_hour, [(0, 3), (2, 2), (23, 3)]);
        assert_eq!((numbers.total.requests, numbers.total.missed, numbers.total.answered), (8, 8, 0));
    }

    #[test]
    fn medians_are_times_that_there_were() {
        let waits = |seconds: &[i64]| {
            let records: Vec<_> = seconds.iter().map(|&s| record(30, Some(Reason::Button), Some((s, ADA)))).collect();
            let total = count(&records).total;
            (total.median().map(|ms| ms / 1_000), total.nine_of_ten().map(|ms| ms / 1_000))
        };
        assert_eq!(waits(&[]), (None, None));
        assert_eq!(waits(&[7]), (Some(7), Some(7)));
        assert_eq!(waits(&[9, 1, 5, 3]), (Some(3), Some(9)));
        assert_eq!(waits(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), (Some(5), Some(9)));
    }

    #[test]
    fn who_came_unasked_is_no_request() {
        let numbers = count(&[
            record(30, None, Some((5, ADA))),
            record(30, Some(Reason::Button), Some((301, BEN))),
            record(30, Some(Reason::VisitorAsked), Some((10, BEN))),
            record(30, Some(Reason::VisitorAsked), None),
        ]);
        assert_eq!((numbers.total.requests, numbers.total.late, numbers.unasked), (3, 1, 1));
        let people: Vec<_> = numbers.people.iter().map(|(id, of)| (*id, of.figures.answered, of.unasked)).collect();
        assert_eq!(people, [(BEN, 2, 0), (ADA, 0, 1)]);
        let reasons: Vec<_> = numbers.reasons.iter().map(|(reason, of)| (*reason, of.requests)).collect();
        assert_eq!(reasons, [(Reason::VisitorAsked, 2), (Reason::Button, 1)]);
    }

    #[test]
    fn ratings_belong_to_whoever_was_there_last() {
        let mut counting = Counting::new(calendar(), 300_000, Millis(100 * HOUR));
        counting.add(&record(30, Some(Reason::Button), Some((5, BEN))));
        counting.add_ratings(ADA, Ratings { ratings: 2, stars: 9, satisfied: 2 });
        counting.add_ratings(BEN, Ratings { ratings: 1, stars: 1, satisfied: 0 });
        let numbers = counting.finish();
        assert_eq!(numbers.ratings, Ratings { ratings: 3, stars: 10, satisfied: 2 });
        assert_eq!(numbers.ratings.average(), Some(333));
        let people: Vec<_> = numbers.people.iter().map(|(id, of)| (*id, of.ratings.average())).collect();
        assert_eq!(people, [(BEN, Some(100)), (ADA, Some(450))]);
        assert_eq!(Ratings::default().average(), None);
    }

    #[test]
    fn conversations_count_where_they_began() {
        let mut counting = Counting::new(calendar(), 300_000, Millis(100 * HOUR));
        let begun = Begun { conversations: 10, requested: 3, by_ai_alone: 6 };
        for at in [21 * HOUR, 22 * HOUR, 71 * HOUR, 95 * HOUR] {
            counting.add_begun(Millis(at), begun);
        }
        let numbers = counting.finish();
        assert_eq!(numbers.begun, Begun { conversations: 20, requested: 6, by_ai_alone: 12 });
        let by_day: Vec<u64> = numbers.periods.iter().map(|(_, begun, _)| begun.conversations).collect();
        assert_eq!(by_day, [10, 0, 10]);
    }
}
