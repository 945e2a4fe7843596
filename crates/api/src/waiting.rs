//! What happens while a visitor waits for a person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happens while nobody comes to a request, and while a live chat is silent. Times are in seconds from the beginning
/// of the wait, 10 to 86400; a step whose time is 0, or whose text is empty, is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingSettings {
    /// A person whose first device was told, and who has not looked, is told on their other devices so many seconds later.
    pub others_after: u32,
    /// Those who were called first are called again after so many seconds.
    pub again_after: u32,
    /// Everybody who may answer is called.
    pub team_after: u32,
    /// The admins and the owner are called.
    pub admins_after: u32,
    /// Webhooks and chat apps are told.
    pub outside_after: u32,
    /// The visitor is told `first_text`.
    pub first_after: u32,
    /// That a person is still looked for.
    pub first_text: String,
    /// The visitor is told `second_text`.
    pub second_after: u32,
    /// That it takes longer.
    pub second_text: String,
    /// The visitor is told `nobody_text`.
    pub nobody_after: u32,
    /// That nobody could come.
    pub nobody_text: String,
    /// Outside the office hours nobody is looked for before they begin.
    pub follow_office_hours: bool,
    /// What a visitor is told outside the office hours, in the place of the `Human Agent Requested Message`.
    pub away_text: String,
    /// A live chat is silent: whoever has it is reminded.
    pub remind_after: u32,
    /// A live chat is silent: colleagues are called.
    pub colleagues_after: u32,
    /// A live chat is silent: the conversation waits for a person again.
    pub release_after: u32,
}

/// Changes to it. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingPatch {
    /// A person whose first device was told, and who has not looked, is told on their other devices so many seconds later.
    pub others_after: Option<u32>,
    /// Those who were called first are called again after so many seconds.
    pub again_after: Option<u32>,
    /// Everybody who may answer is called.
    pub team_after: Option<u32>,
    /// The admins and the owner are called.
    pub admins_after: Option<u32>,
    /// Webhooks and chat apps are told.
    pub outside_after: Option<u32>,
    /// The visitor is told `first_text`.
    pub first_after: Option<u32>,
    /// That a person is still looked for.
    pub first_text: Option<String>,
    /// The visitor is told `second_text`.
    pub second_after: Option<u32>,
    /// That it takes longer.
    pub second_text: Option<String>,
    /// The visitor is told `nobody_text`.
    pub nobody_after: Option<u32>,
    /// That nobody could come.
    pub nobody_text: Option<String>,
    /// Outside the office hours nobody is looked for before they begin.
    pub follow_office_hours: Option<bool>,
    /// What a visitor is told outside the office hours, in the place of the `Human Agent Requested Message`.
    pub away_text: Option<String>,
    /// A live chat is silent: whoever has it is reminded.
    pub remind_after: Option<u32>,
    /// A live chat is silent: colleagues are called.
    pub colleagues_after: Option<u32>,
    /// A live chat is silent: the conversation waits for a person again.
    pub release_after: Option<u32>,
}
