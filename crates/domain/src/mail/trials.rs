//! Which mails of a mailbox are tried when: one that cannot be taken holds up no other.

use std::collections::BTreeMap;

use crate::Millis;

/// A mail that could not be taken so often is set aside.
pub const TRIES: u32 = 5;
/// Mails that are taken in one look.
const MAILS: usize = 50;
/// Most mails that are put off at a time. Beyond it they are not remembered, and tried with every look.
const PUT_OFF: usize = 1_000;
/// The pause after the first try, in milliseconds. It doubles with each.
const PAUSE_MS: i64 = 60_000;
/// One that is hopeless, and is still there, is tried so seldom, in milliseconds.
const SELDOM_MS: i64 = 24 * 3_600 * 1_000;

/// The mails that were tried and are still there, by their number in the mailbox. A try counts before it is made: one whose
/// mark does not stay in the mailbox comes again just as one that cannot be read does.
#[derive(Debug, Default)]
pub struct Trials(BTreeMap<u32, Trial>);

#[derive(Debug, Clone, Copy)]
struct Trial {
    tries: u32,
    next: Millis,
}

impl Trials {
    /// So many of the unseen mails are to be asked for: those that are put off may be the first.
    pub fn wanted(&self) -> usize {
        MAILS + self.0.len()
    }

    /// Those to try now, from the unseen ones in the order of their numbers: the new ones first. What is not there any more
    /// is forgotten.
    pub fn due(&mut self, unseen: &[u32], now: Millis) -> Vec<u32> {
        // What lies beyond the last one was not asked for.
        let last = unseen.last().copied().filter(|_| unseen.len() >= self.wanted());
        self.0.retain(|uid, _| unseen.binary_search(uid).is_ok() || last.is_some_and(|last| *uid > last));
        let (again, new): (Vec<u32>, Vec<u32>) = unseen.iter().partition(|uid| self.0.contains_key(*uid));
        let is_due = |uid: &u32| self.0.get(uid).is_some_and(|trial| trial.next <= now);
        new.into_iter().chain(again.into_iter().filter(is_due)).take(MAILS).collect()
    }

    /// One is tried.
    pub fn begins(&mut self, uid: u32, now: Millis) {
        if self.0.len() >= PUT_OFF && !self.0.contains_key(&uid) {
            return;
        }
        let trial = self.0.entry(uid).or_insert(Trial { tries: 0, next: now });
        trial.tries = trial.tries.saturating_add(1);
        let pause = if trial.tries < TRIES { PAUSE_MS << (trial.tries - 1) } else { SELDOM_MS };
        trial.next = now.plus(pause);
    }

    /// It was not the mail's fault: the try does not count, and the next one is not before then.
    pub fn spares(&mut self, uid: u32, next: Millis) {
        if let Some(trial) = self.0.get_mut(&uid) {
            trial.tries = trial.tries.saturating_sub(1);
            trial.next = next;
        }
    }

    /// Whether it was tried often enough.
    pub fn is_hopeless(&self, uid: u32) -> bool {
        self.0.get(&uid).is_some_and(|trial| trial.tries >= TRIES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn one_that_fails_is_tried_after_the_new_ones_and_ever_more_seldom() {
        let mut trials = Trials::default();
        assert_eq!(trials.due(&[4, 7, 9], Millis(0)), [4, 7, 9]);
        trials.begins(4, Millis(0));
        assert_eq!(trials.due(&[4, 7, 9], Millis(1)), [7, 9]);
        assert_eq!(trials.due(&[4, 7, 9], Millis(MINUTE)), [7, 9, 4]);
        let mut tried = Vec::new();
        for minute in 1..60 {
            if trials.due(&[4], Millis(minute * MINUTE)) == [4] {
                tried.push(minute);
                trials.begins(4, Millis(minute * MINUTE));
                assert_eq!(trials.is_hopeless(4), tried.len() >= 4, "{tried:?}");
            }
        }
        assert_eq!(tried, [1, 3, 7, 15], "and not again before the next day");
        // It is gone; whatever gets its number is new.
        assert!(trials.due(&[], Millis(0)).is_empty());
        assert_eq!(trials.due(&[4], Millis(0)), [4]);
        assert!(!trials.is_hopeless(4));
    }

    #[test]
    fn many_that_fail_leave_room_for_the_others() {
        let mut trials = Trials::default();
        let all: Vec<u32> = (1..=500).collect();
        let mut seen = Vec::new();
        for _ in 0..10 {
            let asked = &all[..trials.wanted().min(all.len())];
            for uid in trials.due(asked, Millis(0)) {
                trials.begins(uid, Millis(0));
                seen.push(uid);
            }
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn what_is_not_its_fault_does_not_count() {
        let mut trials = Trials::default();
        for look in 0..20 {
            let now = Millis(look * MINUTE);
            assert_eq!(trials.due(&[1], now), [1]);
            trials.begins(1, now);
            trials.spares(1, now.plus(MINUTE));
            assert!(!trials.is_hopeless(1));
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut trials = Trials::default();
        for uid in 0..2_000 {
            trials.begins(uid, Millis(0));
        }
        assert_eq!(trials.wanted(), MAILS + PUT_OFF);
    }
}
