//! Signing in, and the person who is signed in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a collaborator may do. Each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads; never writes, is never alerted.
    Viewer,
    /// Answers visitors.
    Agent,
    /// Sets chatbots up, takes conversations over from others.
    Admin,
    /// Everything.
    Owner,
}

/// Whether the server still waits for its first user.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    /// True while no user exists.
    pub needed: bool,
    /// The server sends mail: a forgotten password can be mended with a link.
    pub mail: bool,
}

/// Makes the workspace and its owner. The code is the one that the server printed at its start.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// One-time set-up code from the server's terminal.
    pub code: String,
    /// E-mail address to sign in with.
    pub email: String,
    /// Display name, 1 to 80 characters.
    pub name: String,
    /// At least 10 characters.
    pub password: String,
}

/// Credentials of a collaborator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// The signed-in person and what the page needs to act for them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The person.
    pub me: Me,
    /// Goes into the header `X-CSRF-Token` of every call that changes something.
    pub csrf_token: String,
    /// The workspace's name.
    pub workspace_name: String,
}

/// The signed-in person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Id of the person.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// Name as visitors and colleagues see it.
    pub display_name: String,
    /// Address of the photo; without one the initials are drawn.
    pub avatar_url: Option<String>,
    /// Role for the whole workspace, if one was given.
    pub role: Option<Role>,
}

/// Changes to one's own account. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    /// Name as visitors and colleagues see it, 1 to 80 characters.
    pub display_name: Option<String>,
}

/// A change of one's own password. Other sessions of the person end.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present password.
    pub current: String,
    /// The new one, at least 10 characters.
    pub new: String,
}

/// A collaborator as the desk shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Id of the person.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Address of the photo; without one the initials are drawn.
    pub avatar_url: Option<String>,
}

/// How one wants to be called.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallingWanted {
    /// By an open page of the desk: notifications and sounds.
    pub browser: bool,
    /// By push, on the devices that have it on.
    pub push: bool,
    /// By mail, when nobody has come to a request for a minute.
    pub email: bool,
    /// By mail, at 8 in the morning: what became of the requests of the day before. Off when absent.
    #[serde(default)]
    pub summary: bool,
    /// When not at all, week by week.
    #[serde(default)]
    pub quiet: Option<QuietHours>,
    /// Not at all until then, in Unix milliseconds; a month from now at most.
    #[serde(default)]
    pub undisturbed_until: Option<i64>,
}

/// Hours of a day in which one is not called, by the clock on one's own wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Name of the time zone, `Europe/Berlin`.
    pub time_zone: String,
    /// The first quiet minute, from midnight.
    pub from: u16,
    /// The minute after the last one, 1440 for midnight. Before `from` it is one of the next day.
    pub to: u16,
    /// On which days it begins, from Monday to Sunday.
    pub days: [bool; 7],
}

/// How one wants to be called, and whether one is now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallingView {
    /// By an open page of the desk: notifications and sounds.
    pub browser: bool,
    /// By push, on the devices that have it on.
    pub push: bool,
    /// By mail, when nobody has come to a request for a minute.
    pub email: bool,
    /// By mail, at 8 in the morning: what became of the requests of the day before.
    pub summary: bool,
    /// When not at all, week by week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// Not at all until then, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undisturbed_until: Option<i64>,
    /// Why one is not called now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<SilentWhy>,
    /// Whether this server sends mail.
    pub sends_mail: bool,
}

/// Why somebody is not called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SilentWhy {
    /// They asked not to be disturbed.
    Undisturbed,
    /// It is one of their quiet hours.
    Quiet,
}
