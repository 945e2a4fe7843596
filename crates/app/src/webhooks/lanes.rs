//! How many calls one webhook may have open on this node: a receiver that is slow holds up its own messages and nobody
//! else's.

use std::collections::HashMap;

use parking_lot::Mutex;
use uuid::Uuid;

/// Calls of one webhook at the same time.
const AT_A_TIME: usize = 8;
/// What finds no place comes back after this, in milliseconds, and the later the more there are.
const BACK_MS: (i64, i64, i64) = (1_000, 100, 60_000);

/// The webhooks that are being called.
#[derive(Debug, Default)]
pub(crate) struct Lanes(Mutex<HashMap<Uuid, Lane>>);

#[derive(Debug, Default)]
struct Lane {
    open: usize,
    /// Messages that found no place since one was free.
    turned_away: i64,
}

/// A call that may be made; its place is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place<'lanes>(&'lanes Lanes, Uuid);

impl Lanes {
    /// A place for a call, or after how many milliseconds to ask again.
    pub(crate) fn enter(&self, webhook: Uuid) -> Result<Place<'_>, i64> {
        let mut lanes = self.0.lock();
        let lane = lanes.entry(webhook).or_default();
        if lane.open < AT_A_TIME {
            lane.open += 1;
            lane.turned_away = 0;
            return Ok(Place(self, webhook));
        }
        let (first, each, most) = BACK_MS;
        lane.turned_away += 1;
        Err((first + each * lane.turned_away).min(most))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lanes = self.0.0.lock();
        if let Some(lane) = lanes.get_mut(&self.1) {
            lane.open -= 1;
            if lane.open == 0 {
                lanes.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_receiver_holds_up_its_own_messages_alone() {
        let lanes = Lanes::default();
        let [slow, quick] = [1, 2].map(Uuid::from_u128);
        let mut open: Vec<_> = (0..AT_A_TIME).map(|_| lanes.enter(slow).unwrap()).collect();
        assert_eq!(lanes.enter(slow).map(drop), Err(1_100));
        assert_eq!(lanes.enter(slow).map(drop), Err(1_200));
        let last = (0..10_000).map(|_| lanes.enter(slow).map(drop)).last();
        assert_eq!(last, Some(Err(60_000)));
        drop(lanes.enter(quick).unwrap());
        drop(open.pop());
        let again = lanes.enter(slow).unwrap();
        assert_eq!(lanes.enter(slow).map(drop), Err(1_100));
        drop((open, again));
        assert!(lanes.0.lock().is_empty(), "nothing is kept of who is not called");
    }
}
