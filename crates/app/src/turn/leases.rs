//! The leases that this process holds, renewed together: however many answers are in the making, they cost the database one
//! commit every [`RENEWED_EVERY`].

use std::{collections::HashMap, time::Duration};

use domain::Millis;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::LEASE_MS;
use crate::Baton;

/// How often every lease is renewed: four times until whoever holds it has to stop.
const RENEWED_EVERY: Duration = Duration::from_millis(LEASE_MS.unsigned_abs() / 6);
/// The database is waited for that long; a database that does not answer must not keep anybody from giving up in time.
const ANSWERS_IN: Duration = Duration::from_secs(2);
/// A worker that could not renew its lease for so long stops: others may take the job soon.
const STOPS_AFTER_MS: i64 = LEASE_MS * 2 / 3;

/// A job, and the name that it was taken under.
type Name = (Uuid, Uuid);

/// What this process works on.
#[derive(Default)]
pub(super) struct Leases(Mutex<HashMap<Name, Held>>);

struct Held {
    renewed: Millis,
    lost: CancellationToken,
}

/// A lease that is renewed until this is dropped.
pub(super) struct Keeping<'leases> {
    leases: &'leases Leases,
    name: Name,
    lost: CancellationToken,
}

impl Keeping<'_> {
    /// Comes back when somebody else has the job, or may have it soon.
    pub(super) async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        self.leases.0.lock().remove(&self.name);
    }
}

impl Leases {
    /// Keeps a lease that was taken or renewed just now.
    pub(super) fn keep(&self, job: Uuid, worker: Uuid, now: Millis) -> Keeping<'_> {
        let (name, lost) = ((job, worker), CancellationToken::new());
        self.0.lock().insert(name, Held { renewed: now, lost: lost.clone() });
        Keeping { leases: self, name, lost }
    }

    fn names(&self) -> Vec<Name> {
        self.0.lock().keys().copied().collect()
    }

    /// What came of renewing these.
    fn learn(&self, names: &[Name], renewed: &[bool], now: Millis) {
        let mut held = self.0.lock();
        for (name, &renewed) in names.iter().zip(renewed) {
            match held.get_mut(name) {
                Some(lease) if renewed => lease.renewed = now,
                Some(lease) => lease.lost.cancel(),
                // Its work was done meanwhile.
                None => {}
            }
        }
    }

    /// Gives up what could not be renewed for too long.
    fn give_up(&self, now: Millis) {
        for lease in self.0.lock().values().filter(|lease| now.since(lease.renewed) >= STOPS_AFTER_MS) {
            lease.lost.cancel();
        }
    }
}

impl Baton {
    /// Renews what is held, for ever.
    pub(super) async fn renew_leases(&self) {
        loop {
            self.clock.sleep(RENEWED_EVERY).await;
            let names = self.turns.leases.names();
            if names.is_empty() {
                continue;
            }
            let began = self.clock.now();
            let renewing = self.store.renew(&names, began.plus(LEASE_MS));
            let renewed = tokio::select! {
                biased;
                renewed = renewing => renewed.ok(),
                () = self.clock.sleep(ANSWERS_IN) => None,
            };
            if let Some(renewed) = renewed {
                self.turns.leases.learn(&names, &renewed, began);
            }
            self.turns.leases.give_up(self.clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_lost_when_another_has_it_or_when_it_could_not_be_renewed_for_long() {
        let leases = Leases::default();
        let [one, two, other] = [1, 2, 3].map(Uuid::from_u128);
        let (kept, lost) = (leases.keep(one, other, Millis(0)), leases.keep(two, other, Millis(0)));
        leases.learn(&[(one, other), (two, other), (other, other)], &[true, false, true], Millis(5_000));
        assert_eq!((kept.lost.is_cancelled(), lost.lost.is_cancelled()), (false, true));
        leases.give_up(Millis(5_000 + STOPS_AFTER_MS - 1));
        assert!(!kept.lost.is_cancelled());
        leases.give_up(Millis(5_000 + STOPS_AFTER_MS));
        assert!(kept.lost.is_cancelled());
        drop((kept, lost));
        assert!(leases.names().is_empty(), "what is done is renewed no more");
    }
}
