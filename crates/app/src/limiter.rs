//! How often somebody may do something.

use std::{collections::HashMap, hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use domain::{VisitorId, chatbot::MessageLimit};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use parking_lot::Mutex;

use crate::error::{AppError, Result};

/// What an address may do often, seldom, hardly ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// Signing in and set-up.
    SignIn,
    /// Making a visitor.
    NewVisitor,
    /// Opening or using a link that was shown or mailed.
    Link,
    /// Asking for a mail.
    Mail,
    /// Sending a file.
    Upload,
    /// Asking a model for a draft, or whether it answers.
    Model,
    /// Anything else that writes.
    Write,
}

impl Door {
    fn quota(self) -> (u32, u32) {
        match self {
            Self::SignIn => (10, 60),
            Self::NewVisitor => (60, 60),
            Self::Link => (30, 60),
            Self::Mail => (10, 600),
            Self::Upload | Self::Model => (60, 60),
            Self::Write => (1_200, 60),
        }
    }
}

/// Keys after which a limiter forgets those that have not been heard of.
const TIDY_EVERY: usize = 10_000;

/// One limiter for each limit (messages, seconds) that some chatbot has.
type ByLimit = HashMap<(u32, u32), Arc<Keyed<VisitorId>>>;

/// Limits by address and by visitor.
pub struct Limiter {
    doors: HashMap<Door, Keyed<IpAddr>>,
    visitors: Mutex<ByLimit>,
}

struct Keyed<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    /// `count` at once, and then as many again in `seconds`.
    fn new(count: u32, seconds: u32) -> Self {
        let count = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let each = Duration::from_secs(u64::from(seconds.max(1))) / count.get();
        let quota = Quota::with_period(each.max(Duration::from_nanos(1)))
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(count);
        Self { limiter: RateLimiter::keyed(quota) }
    }

    /// Seconds to wait, when it is too much.
    fn check(&self, key: &K) -> std::result::Result<(), u64> {
        if self.limiter.len() > TIDY_EVERY {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }
}

impl Default for Limiter {
    fn default() -> Self {
        let doors = [Door::SignIn, Door::NewVisitor, Door::Link, Door::Mail, Door::Upload, Door::Model, Door::Write];
        let doors = doors.into_iter().map(|door| (door, Keyed::new(door.quota().0, door.quota().1))).collect();
        Self { doors, visitors: Mutex::default() }
    }
}

impl Limiter {
    pub(crate) fn door(&self, door: Door, address: IpAddr) -> Result<()> {
        let Some(limiter) = self.doors.get(&door) else { return Ok(()) };
        limiter.check(&network(address)).map_err(|retry_after| AppError::RateLimited {
            text: "too many tries from your network: wait a little and try again".into(),
            retry_after,
        })
    }

    /// A message of a visitor, by the chatbot's own limit.
    pub(crate) fn message(&self, visitor: VisitorId, limit: &MessageLimit) -> Result<()> {
        let key = (limit.messages, limit.seconds);
        let limiter = {
            let mut visitors = self.visitors.lock();
            Arc::clone(visitors.entry(key).or_insert_with(|| Arc::new(Keyed::new(key.0, key.1))))
        };
        limiter.check(&visitor).map_err(|retry_after| AppError::RateLimited { text: limit.text.clone(), retry_after })
    }
}

/// Who has an IPv6 address has 2^64 of them: the network counts, not the address.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_stopped_at_the_chatbots_own_limit_and_reads_its_text() {
        let limiter = Limiter::default();
        let limit = MessageLimit { messages: 2, seconds: 3_600, text: "slow down".into() };
        let visitor = VisitorId::new(uuid::Uuid::from_u128(1));
        assert!(limiter.message(visitor, &limit).is_ok());
        assert!(limiter.message(visitor, &limit).is_ok());
        match limiter.message(visitor, &limit) {
            Err(AppError::RateLimited { text, retry_after }) => {
                assert_eq!(text, "slow down");
                assert!(retry_after > 60, "{retry_after}");
            }
            other => panic!("{other:?}"),
        }
        assert!(limiter.message(VisitorId::new(uuid::Uuid::from_u128(2)), &limit).is_ok());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let address = |text: &str| network(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }
}
