//! Who was called to what, between the rules and the wire.

use api::{
    calls::{CallOutcome, CallView, CallWay},
    frames::PageOutcome,
};
use app::Baton;
use domain::calls::{Outcome, Way};
use ports::calls::CallRecord;

use super::people::person_view;

/// One thing that came of a call.
pub(crate) async fn call(baton: &Baton, record: &CallRecord) -> CallView {
    CallView {
        seq: record.seq,
        person: person_view(baton, record.person).await,
        way: match record.way {
            Way::Page => CallWay::Page,
            Way::Push => CallWay::Push,
            Way::Mail => CallWay::Mail,
        },
        place: Some(record.place.clone()).filter(|place| !place.is_empty()),
        outcome: outcome(record.outcome),
        at: record.at.0,
    }
}

fn outcome(outcome: Outcome) -> CallOutcome {
    match outcome {
        Outcome::Told => CallOutcome::Told,
        Outcome::Shown => CallOutcome::Shown,
        Outcome::Played => CallOutcome::Played,
        Outcome::Muted => CallOutcome::Muted,
        Outcome::SoundBlocked => CallOutcome::SoundBlocked,
        Outcome::NotAllowed => CallOutcome::NotAllowed,
        Outcome::Accepted => CallOutcome::Accepted,
        Outcome::Gone => CallOutcome::Gone,
        Outcome::Failed => CallOutcome::Failed,
        Outcome::Undisturbed => CallOutcome::Undisturbed,
        Outcome::Quiet => CallOutcome::Quiet,
        Outcome::NoWay => CallOutcome::NoWay,
        Outcome::Opened => CallOutcome::Opened,
    }
}

/// What a page says of itself.
pub(crate) fn page_outcome(outcome: PageOutcome) -> Outcome {
    match outcome {
        PageOutcome::Shown => Outcome::Shown,
        PageOutcome::Played => Outcome::Played,
        PageOutcome::Muted => Outcome::Muted,
        PageOutcome::SoundBlocked => Outcome::SoundBlocked,
        PageOutcome::NotAllowed => Outcome::NotAllowed,
    }
}
