//! Collaborators, invitations, links, sessions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{account::Role, routing::PresenceView};

/// Somebody with a role for a chatbot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CollaboratorView {
    /// Id of the person.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Address of the photo; without one the initials are drawn.
    pub avatar_url: Option<String>,
    /// E-mail address; for admins only, and one's own.
    pub email: Option<String>,
    /// The role that counts here: the greater of the two below.
    pub role: Role,
    /// The role for the whole workspace, if one was given.
    pub workspace_role: Option<Role>,
    /// The role for this chatbot, if one was given.
    pub chatbot_role: Option<Role>,
    /// False while the person is deactivated.
    pub active: bool,
    /// When a browser of theirs last called, to within a few minutes; unix milliseconds.
    pub last_seen_at: Option<i64>,
    /// Whether they are at the desk now.
    pub presence: PresenceView,
}

/// A role for one chatbot.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// No more than one's own.
    pub role: Role,
}

/// Changes to a person of the workspace. What is left out stays.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    /// Role for the whole workspace, no more than one's own.
    pub role: Option<Role>,
    /// False deactivates: sessions and keys end, nobody can sign in as this person. True activates again.
    pub active: Option<bool>,
}

/// Invites somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// E-mail address: the invitation is for it alone.
    pub email: String,
    /// No more than one's own.
    pub role: Role,
    /// For the whole workspace, not only for this chatbot.
    #[serde(default)]
    pub whole_workspace: bool,
}

/// An open invitation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Id.
    pub id: String,
    /// Whom it is for.
    pub email: String,
    /// What is offered.
    pub role: Role,
    /// For the whole workspace, not only for this chatbot.
    pub whole_workspace: bool,
    /// Name of the person who invites.
    pub invited_by: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// It can be accepted until then; unix milliseconds.
    pub ends_at: i64,
}

/// An invitation that was just made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InvitationMade {
    /// The invitation.
    pub invitation: Invitation,
    /// The link to hand on. Shown this once: only its hash is kept. Absent when the call was repeated with its
    /// `Idempotency-Key`.
    pub link: Option<String>,
    /// It was also mailed.
    pub mailed: bool,
}

/// What an invitation offers, for whoever has its link.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InvitationOffer {
    /// Whom it is for.
    pub email: String,
    /// What is offered.
    pub role: Role,
    /// Name of the person who invites.
    pub invited_by: String,
    /// Address of their photo.
    pub inviter_avatar_url: Option<String>,
    /// Name of the workspace.
    pub workspace_name: String,
    /// Name of the chatbot; absent when it is for the whole workspace.
    pub chatbot_name: Option<String>,
    /// The address has an account: sign in to accept.
    pub has_account: bool,
    /// It can be accepted until then; unix milliseconds.
    pub ends_at: i64,
}

/// Accepts an invitation as somebody new.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinRequest {
    /// The secret of the link: what stands behind its `#`.
    pub token: String,
    /// Name as visitors and colleagues see it, 1 to 80 characters.
    pub name: String,
    /// At least 10 characters.
    pub password: String,
}

/// The secret of a link: what stands behind its `#`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// The secret.
    pub token: String,
}

/// Asks for a link to a new password.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    /// E-mail address of the account.
    pub email: String,
}

/// Sets a new password by a link.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The secret of the link: what stands behind its `#`.
    pub token: String,
    /// At least 10 characters.
    pub password: String,
}

/// Changes one's own address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequest {
    /// The present password.
    pub password: String,
    /// The new address.
    pub email: String,
}

/// What came of changing one's own address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AddressChange {
    /// The address that counts now.
    pub email: String,
    /// A mail with a link is on its way to the new address, which counts when it is opened.
    pub confirm: bool,
}

/// A browser on which one is signed in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Id, to end it by.
    pub id: String,
    /// Browser and system in words, if they are known.
    pub device: Option<String>,
    /// The address that was last seen.
    pub address: Option<String>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// When it was last used, to within a few minutes; unix milliseconds.
    pub last_seen_at: i64,
    /// It is this one.
    pub present: bool,
}
