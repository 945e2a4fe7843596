//! The queue of those who wait for a person, and how long it takes: told honestly or not at all.

/// From so many answered requests on an estimate says more than chance.
pub const ENOUGH: usize = 5;
/// So many of the newest answered requests are looked at.
pub const SAMPLES: u32 = 20;
/// What is older says nothing of today, in milliseconds: a day.
pub const RECENT_MS: i64 = 24 * 3_600 * 1_000;
/// Whoever is told more than this learns nothing from it, in minutes.
const LONGEST: u32 = 60;

/// How long others waited, in whole minutes, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Half of them waited no longer.
    pub from: u32,
    /// Four of five waited no longer.
    pub to: u32,
}

/// What can honestly be said to a visitor who has waited for `waited` milliseconds, from how long others waited until a
/// person's first word. Nothing when there are too few of them, when it takes longer than an hour, or when this visitor has
/// waited longer than what would be said.
pub fn estimate(waits: &[i64], waited: i64) -> Option<Estimate> {
    if waits.len() < ENOUGH {
        return None;
    }
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    let of = |percent: usize| {
        let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
        let ms = sorted.get(place).copied().unwrap_or_default().max(1);
        u32::try_from(ms.div_euclid(60_000) + i64::from(ms.rem_euclid(60_000) > 0)).unwrap_or(u32::MAX)
    };
    let estimate = Estimate { from: of(50), to: of(80) };
    (estimate.to <= LONGEST && waited < i64::from(estimate.to) * 60_000).then_some(estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn half_and_four_of_five_in_whole_minutes() {
        let waits: Vec<i64> = (1..=10).map(|minutes| minutes * MINUTE).collect();
        assert_eq!(estimate(&waits, 0), Some(Estimate { from: 5, to: 8 }));
        assert_eq!(estimate(&[1, 2, 3, 4, 5], 0), Some(Estimate { from: 1, to: 1 }), "rounded up, never to nothing");
        let shuffled = [9, 1, 5, 3, 7].map(|minutes| minutes * MINUTE + 1);
        assert_eq!(estimate(&shuffled, 0), Some(Estimate { from: 6, to: 8 }));
    }

    #[test]
    fn where_nothing_honest_can_be_said_nothing_is() {
        assert_eq!(estimate(&[MINUTE; 4], 0), None, "too few");
        assert_eq!(estimate(&[90 * MINUTE; 20], 0), None, "too long to be of use");
        assert_eq!(estimate(&[MINUTE; 5], MINUTE), None, "it is late already");
        assert_eq!(estimate(&[i64::MAX; 5], 0), None);
        assert_eq!(estimate(&[-5; 5], 0), Some(Estimate { from: 1, to: 1 }), "a clock that was set back");
    }
}
