//! How long things took, and what share of them took no longer than what.

use std::time::Duration;

use anyhow::Context;
use hdrhistogram::Histogram;

/// Longest time that is told apart, in microseconds.
const LONGEST: u64 = 60_000_000;

/// Times of a measurement, to the microsecond.
pub(super) struct Times(Histogram<u64>);

impl Times {
    /// None yet.
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST, 3)?))
    }

    /// Counts one more.
    pub(super) fn record(&mut self, time: Duration) -> anyhow::Result<()> {
        self.0.record(u64::try_from(time.as_micros())?.max(1)).context("a time out of range")
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.0.len()
    }

    /// The time in milliseconds that this share of them, 0 to 1, did not take longer than.
    pub(super) fn ms(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "microseconds are far below 2^53")]
        let micros = self.0.value_at_quantile(share) as f64;
        micros / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_few_times_are_among_them() {
        let mut times = Times::new().unwrap();
        for ms in [3, 1, 2] {
            times.record(Duration::from_millis(ms)).unwrap();
        }
        let about = |share: f64, ms: f64| assert!((times.ms(share) - ms).abs() < 0.01, "{}", times.ms(share));
        about(0.5, 2.0);
        about(0.95, 3.0);
        assert_eq!(times.len(), 3);
        assert!(times.record(Duration::from_secs(3_600)).is_err());
    }
}
