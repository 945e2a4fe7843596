//! What happens while a visitor waits: between the rules and the wire.

use api::waiting::{WaitingPatch, WaitingSettings};
use domain::waiting::Waiting;

/// The settings as collaborators see them.
pub(crate) fn waiting_settings(waiting: Waiting) -> WaitingSettings {
    WaitingSettings {
        others_after: waiting.others_after,
        again_after: waiting.again_after,
        team_after: waiting.team_after,
        admins_after: waiting.admins_after,
        outside_after: waiting.outside_after,
        first_after: waiting.first_after,
        first_text: waiting.first_text,
        second_after: waiting.second_after,
        second_text: waiting.second_text,
        nobody_after: waiting.nobody_after,
        nobody_text: waiting.nobody_text,
        follow_office_hours: waiting.follow_office_hours,
        away_text: waiting.away_text,
        remind_after: waiting.remind_after,
        colleagues_after: waiting.colleagues_after,
        release_after: waiting.release_after,
    }
}

/// The settings after a change. What was left out stays.
pub(crate) fn merge_waiting(known: Waiting, patch: WaitingPatch) -> Waiting {
    Waiting {
        others_after: patch.others_after.unwrap_or(known.others_after),
        again_after: patch.again_after.unwrap_or(known.again_after),
        team_after: patch.team_after.unwrap_or(known.team_after),
        admins_after: patch.admins_after.unwrap_or(known.admins_after),
        outside_after: patch.outside_after.unwrap_or(known.outside_after),
        first_after: patch.first_after.unwrap_or(known.first_after),
        first_text: patch.first_text.unwrap_or(known.first_text),
        second_after: patch.second_after.unwrap_or(known.second_after),
        second_text: patch.second_text.unwrap_or(known.second_text),
        nobody_after: patch.nobody_after.unwrap_or(known.nobody_after),
        nobody_text: patch.nobody_text.unwrap_or(known.nobody_text),
        follow_office_hours: patch.follow_office_hours.unwrap_or(known.follow_office_hours),
        away_text: patch.away_text.unwrap_or(known.away_text),
        remind_after: patch.remind_after.unwrap_or(known.remind_after),
        colleagues_after: patch.colleagues_after.unwrap_or(known.colleagues_after),
        release_after: patch.release_after.unwrap_or(known.release_after),
    }
}
