//! Who belongs to a workspace: invitations, links, changes of roles.
//!
//! What decides (may this person be demoted, is this the last owner) is a pure closure that the store runs on what it
//! found inside the transaction, as with the units of conversations.

use async_trait::async_trait;
use domain::{
    ChatbotId, Millis, PersonId,
    person::Role,
    team::{Denied, LinkState},
};
use uuid::Uuid;

use crate::{
    Result, Scope,
    accounts::{NewPerson, Person},
    jobs::NewJob,
    requests::{Creation, RequestKey},
};

/// What is to be written about a person.
#[derive(Debug, Clone, Default)]
pub struct PersonWrite {
    /// The role for the whole workspace, if it changes.
    pub role: Option<Option<Role>>,
    /// The role for a chatbot, if one changes.
    pub membership: Option<(ChatbotId, Option<Role>)>,
    /// All roles for chatbots go.
    pub no_memberships: bool,
    /// Whether they may sign in, if it changes.
    pub active: Option<bool>,
    /// Their sessions and API keys end.
    pub signs_out: bool,
}

/// What is known of a person while it is decided what to write.
#[derive(Debug, Clone)]
pub struct PersonFacts {
    /// As stored.
    pub person: Person,
    /// The only active owner of the workspace.
    pub last_owner: bool,
}

/// Decides on a person.
pub type DecidePerson = Box<dyn FnOnce(&PersonFacts) -> std::result::Result<PersonWrite, Denied> + Send>;

/// An invitation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Id.
    pub id: Uuid,
    /// For one chatbot; for the whole workspace when absent.
    pub chatbot: Option<ChatbotId>,
    /// Whom it is for, normalised.
    pub email: String,
    /// The role that is offered.
    pub role: Role,
    /// Who invites.
    pub inviter: PersonId,
    /// SHA-256 of the secret in the link that is shown.
    pub token_hash: [u8; 32],
    /// Now.
    pub at: Millis,
    /// It can be accepted until then.
    pub until: Millis,
}

/// An invitation as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The workspace.
    pub scope: Scope,
    /// Id.
    pub id: Uuid,
    /// For one chatbot; for the whole workspace when absent.
    pub chatbot: Option<ChatbotId>,
    /// Whom it is for.
    pub email: String,
    /// The role that is offered.
    pub role: Role,
    /// Who invites.
    pub inviter: PersonId,
    /// When it was made.
    pub created_at: Millis,
    /// It can be accepted until then.
    pub ends_at: Millis,
    /// It was accepted.
    pub used: bool,
    /// It was taken back.
    pub revoked: bool,
}

impl Invitation {
    /// What has become of it.
    pub fn state(&self, now: Millis) -> LinkState {
        domain::team::link_state(self.used, self.revoked, self.ends_at, now)
    }
}

/// Who accepts an invitation.
#[derive(Debug, Clone)]
pub enum Guest {
    /// Somebody without an account: it is made with it. The address and the role come from the invitation.
    New(NewPerson),
    /// Somebody who is signed in.
    Known(PersonId),
}

/// What came of accepting an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// The role was given.
    Done(PersonId),
    /// Nothing has changed: there is no such link.
    Unknown,
    /// Nothing has changed: it cannot be used any more.
    Over(LinkState),
    /// Nothing has changed: it is for another address.
    ForAnother,
    /// Nothing has changed: somebody has this address already, and has to sign in.
    AddressTaken,
}

/// What a link in a mail is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPurpose {
    /// A new password for this person.
    NewPassword(PersonId),
    /// This person's new address.
    NewAddress(PersonId, String),
    /// Another way to an invitation, beside the link that was shown.
    Invitation(Uuid),
}

/// A link to be stored. Only the hash of its secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// SHA-256 of the secret.
    pub token_hash: [u8; 32],
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Now.
    pub at: Millis,
    /// It can be used until then.
    pub until: Millis,
}

/// What came of using a link for a password or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkUse {
    /// Done.
    Done(Scope, PersonId),
    /// Nothing has changed: there is no such link.
    Unknown,
    /// Nothing has changed: it cannot be used any more.
    Over(LinkState),
    /// Nothing has changed: somebody else has this address.
    AddressTaken,
}

/// Who belongs to a workspace.
#[async_trait]
pub trait Team {
    /// Everybody with a role for a chatbot, deactivated ones too, by name: at most `limit`, after the name and id of the
    /// last one seen.
    async fn collaborators(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Vec<Person>>;

    /// Decides on a person and writes what was decided, with the job that follows. `NotFound` for somebody of another
    /// workspace.
    async fn change_person(
        &self,
        scope: Scope,
        person: PersonId,
        decide: DecidePerson,
        job: NewJob,
        now: Millis,
    ) -> Result<std::result::Result<(), Denied>>;

    /// Makes an invitation, with the job that mails it; with a key, once. Open ones for the same address and place are
    /// taken back.
    async fn invite(
        &self,
        scope: Scope,
        invitation: NewInvitation,
        job: Option<NewJob>,
        key: Option<RequestKey>,
    ) -> Result<Creation>;

    /// How many invitations of the workspace are open.
    async fn count_invitations(&self, scope: Scope, now: Millis) -> Result<u64>;

    /// An invitation.
    async fn invitation(&self, scope: Scope, id: Uuid) -> Result<Invitation>;

    /// Open invitations that concern a chatbot (its own, and those for the whole workspace), the newest first: at most
    /// `limit`, before the time and id of the last one seen.
    async fn invitations(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, Uuid)>,
        limit: u32,
        now: Millis,
    ) -> Result<Vec<Invitation>>;

    /// Takes an invitation back. Nothing happens when it was used.
    async fn revoke_invitation(&self, scope: Scope, id: Uuid, now: Millis) -> Result<()>;

    /// The invitation that a secret opens.
    async fn invitation_by_link(&self, token_hash: [u8; 32]) -> Result<Option<Invitation>>;

    /// Accepts an invitation: gives the role, and makes the person where there is none. Once.
    async fn accept(&self, token_hash: [u8; 32], guest: Guest, now: Millis) -> Result<Accepted>;

    /// Stores a link.
    async fn add_link(&self, scope: Scope, link: NewLink) -> Result<()>;

    /// Stores a link for a new password, unless that person has had `most` of them since then: false.
    async fn add_password_link(&self, scope: Scope, link: NewLink, since: Millis, most: u64) -> Result<bool>;

    /// What has become of a link for a password or an address.
    async fn link_state(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<LinkState>>;

    /// Uses a link for a new password: sets it, ends all sessions and all other such links.
    async fn use_password_link(&self, token_hash: [u8; 32], password_hash: &str, now: Millis) -> Result<LinkUse>;

    /// Uses a link for a new address.
    async fn use_address_link(&self, token_hash: [u8; 32], now: Millis) -> Result<LinkUse>;

    /// Changes a person's address; links that were mailed to the old one end. `Conflict` when somebody has it.
    async fn set_address(&self, scope: Scope, person: PersonId, email: &str, now: Millis) -> Result<()>;

    /// Conversations that a person takes part in or is to take care of, by id, at most `limit`, after the last one seen.
    async fn chats_of(
        &self,
        scope: Scope,
        person: PersonId,
        after: Option<domain::ConversationId>,
        limit: u32,
    ) -> Result<Vec<(domain::ConversationId, ChatbotId)>>;
}
