//! Who was called to what, and what came of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PersonView;

/// How somebody was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallWay {
    /// By an open page of the desk.
    Page,
    /// By the push service of a device.
    Push,
    /// By mail.
    Mail,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// A page was told; whether anybody saw it the page says later.
    Told,
    /// A notification was shown.
    Shown,
    /// The page has played its sound.
    Played,
    /// The page was to play its sound, and the volume of the device is at zero.
    Muted,
    /// The browser let the page play nothing.
    SoundBlocked,
    /// The browser shows no notifications of this page.
    NotAllowed,
    /// The push service, or the mail server, has taken it.
    Accepted,
    /// There is no such device any more.
    Gone,
    /// It could not be handed over so far.
    Failed,
    /// Nobody was called there: the person asked not to be disturbed.
    Undisturbed,
    /// Nobody was called there: these are the person's quiet hours.
    Quiet,
    /// The person has no way on which they could be called.
    NoWay,
    /// The person opened the conversation.
    Opened,
}

/// One thing that came of a call.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallView {
    /// The event that called, by its `seq`.
    pub seq: i64,
    /// Whom.
    pub person: PersonView,
    /// How.
    pub way: CallWay,
    /// A name of the device, the same each time; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What came of it.
    pub outcome: CallOutcome,
    /// When it was first so, in Unix milliseconds.
    pub at: i64,
}
