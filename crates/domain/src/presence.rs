//! Who is at the desk: what each node says of a person, taken together.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// How often a node says again who is there, in milliseconds.
pub const BEAT_MS: i64 = 30_000;
/// What a node said longer ago counts for nothing, in milliseconds: two words of it were lost and a third is late. It was
/// killed, or is cut off.
pub const STALE_MS: i64 = 75_000;
/// Who closed the last page so lately, in milliseconds, keeps what was given to them: a page that is loaded anew, or a
/// network that changes, takes less.
pub const GRACE_MS: i64 = 15_000;

/// Whether somebody is at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// No page of theirs is open.
    Offline,
    /// Pages are open, and nobody sits at any of them.
    Away,
    /// They are there.
    Online,
}

/// What one node says of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it said so last.
    pub at: Millis,
    /// Every page that is open there is left alone.
    pub away: bool,
    /// When the last page was closed there; none is open since.
    pub left: Option<Millis>,
}

impl Seen {
    /// What it means by itself. Who left since `since` is still there.
    fn presence(&self, since: Millis, now: Millis) -> Presence {
        let open = self.left.is_none_or(|left| left > since);
        match (open && now.since(self.at) <= STALE_MS, self.away) {
            (false, _) => Presence::Offline,
            (true, true) => Presence::Away,
            (true, false) => Presence::Online,
        }
    }
}

/// Whether somebody is there, by what every node says of them: one page at which they sit is enough.
pub fn presence(seen: &[Seen], now: Millis) -> Presence {
    // Nobody leaves later than now, as far as this clock knows.
    seen.iter().map(|one| one.presence(Millis(i64::MAX), now)).max().unwrap_or(Presence::Offline)
}

/// The same for somebody who has something to lose: who left a moment ago counts as if they were still there.
pub fn lately(seen: &[Seen], now: Millis) -> Presence {
    seen.iter().map(|one| one.presence(now.plus(-GRACE_MS), now)).max().unwrap_or(Presence::Offline)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn seen(ago: i64, away: bool) -> Seen {
        Seen { at: NOW.plus(-ago), away, left: None }
    }

    fn left(ago: i64) -> Seen {
        Seen { left: Some(NOW.plus(-ago)), ..seen(0, false) }
    }

    #[test]
    fn one_page_at_which_somebody_sits_is_enough() {
        assert_eq!(presence(&[], NOW), Presence::Offline);
        assert_eq!(presence(&[seen(0, true)], NOW), Presence::Away);
        assert_eq!(presence(&[seen(0, true), seen(30_000, false)], NOW), Presence::Online);
        assert_eq!(presence(&[left(0), seen(0, true)], NOW), Presence::Away);
    }

    #[test]
    fn what_a_node_said_long_ago_counts_for_nothing() {
        assert_eq!(presence(&[seen(STALE_MS, false)], NOW), Presence::Online);
        assert_eq!(presence(&[seen(STALE_MS + 1, false)], NOW), Presence::Offline);
        assert_eq!(lately(&[seen(STALE_MS + 1, false)], NOW), Presence::Offline);
    }

    #[test]
    fn who_left_a_moment_ago_keeps_what_they_have_and_gets_nothing_new() {
        assert_eq!(presence(&[left(0)], NOW), Presence::Offline);
        assert_eq!(lately(&[left(GRACE_MS - 1)], NOW), Presence::Online);
        assert_eq!(lately(&[left(GRACE_MS)], NOW), Presence::Offline);
        // A clock that is behind: who left in the future has left.
        assert_eq!(presence(&[left(-5_000)], NOW), Presence::Offline);
    }
}
