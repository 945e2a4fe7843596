//! Workspaces, people, memberships, sessions and API keys.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, PersonId, WorkspaceId, calling::Calling, person::Role};
use uuid::Uuid;

use crate::{Result, Scope};

/// The first user with everything that a workspace needs: one transaction, and only while no user exists.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Id of the workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// Its owner.
    pub owner: NewPerson,
    /// Id of its first chatbot.
    pub chatbot: ChatbotId,
    /// The chatbot's settings.
    pub settings: domain::chatbot::Settings,
    /// The chatbot's AI agent.
    pub agent: crate::chatbots::Agent,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Id.
    pub id: PersonId,
    /// E-mail address, normalised; unique in the installation.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Password hash in PHC form.
    pub password_hash: String,
    /// Role for the whole workspace.
    pub role: Option<Role>,
    /// Now.
    pub at: Millis,
}

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The workspace.
    pub scope: Scope,
    /// Id.
    pub id: PersonId,
    /// E-mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// The photo's address part, if there is one.
    pub avatar: Option<Uuid>,
    /// Role for the whole workspace.
    pub role: Option<Role>,
    /// Roles for single chatbots.
    pub memberships: Vec<(ChatbotId, Role)>,
    /// May sign in. Who may not has no role anywhere, whatever is kept for the day when they may again.
    pub active: bool,
    /// When a browser of theirs last called, to within a few minutes.
    pub seen_at: Option<Millis>,
    /// How they want to be called.
    pub calling: Calling,
}

impl Person {
    /// The role that counts for a chatbot.
    pub fn role_for(&self, chatbot: ChatbotId) -> Option<Role> {
        domain::person::effective_role(self.role, self.membership(chatbot)).filter(|_| self.active)
    }

    /// The role that was given for one chatbot.
    pub fn membership(&self, chatbot: ChatbotId) -> Option<Role> {
        self.memberships.iter().find(|(id, _)| *id == chatbot).map(|(_, role)| *role)
    }

    /// The greatest role that was given anywhere.
    pub fn greatest_role(&self) -> Option<Role> {
        self.memberships.iter().map(|(_, role)| Some(*role)).fold(self.role, Option::max)
    }
}

/// A collaborator's credentials, for checking a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The person.
    pub person: PersonId,
    /// Password hash in PHC form.
    pub password_hash: String,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its name: what its person ends it by.
    pub id: Uuid,
    /// SHA-256 of the cookie's secret.
    pub token_hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// The address that it was started from.
    pub address: String,
    /// The browser in words, if it is known.
    pub device: Option<String>,
    /// Now.
    pub at: Millis,
    /// It ends then.
    pub until: Millis,
}

/// A session, as authentication needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSession {
    /// Who.
    pub person: PersonId,
    /// When it was last noted that it was used.
    pub seen_at: Millis,
}

/// A session, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub id: Uuid,
    /// SHA-256 of the cookie's secret.
    pub token_hash: [u8; 32],
    /// When it began.
    pub created_at: Millis,
    /// When it was last used, to within a few minutes.
    pub seen_at: Millis,
    /// The address that was last seen.
    pub address: Option<String>,
    /// The browser in words, if it is known.
    pub device: Option<String>,
}

/// An API key to be stored. Only its hash is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Id.
    pub id: Uuid,
    /// SHA-256 of the key.
    pub token_hash: [u8; 32],
    /// Whose.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// Its role: never above the person's.
    pub role: Role,
    /// Only for this chatbot.
    pub chatbot: Option<ChatbotId>,
    /// Now.
    pub at: Millis,
    /// It ends then.
    pub until: Option<Millis>,
}

/// An API key that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Id.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Its role.
    pub role: Role,
    /// Only for this chatbot.
    pub chatbot: Option<ChatbotId>,
}

/// What is said of an API key to whoever keeps them; the key itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// Id.
    pub id: Uuid,
    /// Address of whose it is.
    pub email: String,
    /// What it is for.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Only for this chatbot.
    pub chatbot: Option<ChatbotId>,
    /// When it was made.
    pub at: Millis,
    /// It ends, or has ended, then.
    pub until: Option<Millis>,
}

/// A picture: small, square, re-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    /// Its address part; a new picture gets a new one.
    pub id: Uuid,
    /// MIME type.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Whose picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarOf {
    /// A person's.
    Person(PersonId),
    /// A chatbot's.
    Chatbot(ChatbotId),
}

/// Workspaces, people, sessions and keys.
#[async_trait]
pub trait Accounts {
    /// Whether any user exists.
    async fn any_person(&self) -> Result<bool>;

    /// Makes the workspace with its owner and first chatbot. `Conflict` when a user exists already.
    async fn found(&self, founding: Founding) -> Result<Scope>;

    /// Makes a person. `Conflict` when the address is taken.
    async fn add_person(&self, scope: Scope, person: NewPerson) -> Result<()>;

    /// The only workspace, for the operator's commands. `NotFound` while there is none.
    async fn sole_workspace(&self) -> Result<WorkspaceId>;

    /// The workspace's name.
    async fn workspace_name(&self, scope: Scope) -> Result<String>;

    /// Credentials by e-mail address.
    async fn credentials(&self, email: &str) -> Result<Option<Credentials>>;

    /// One person by id, whatever the workspace: for authentication only.
    async fn person(&self, id: PersonId) -> Result<Option<Person>>;

    /// Everybody of the workspace, by name, at most `limit`, after the name and id of the last one seen.
    async fn people(&self, scope: Scope, after: Option<(String, PersonId)>, limit: u32) -> Result<Vec<Person>>;

    /// Gives a person a role for one chatbot, or takes it away.
    async fn set_membership(
        &self,
        scope: Scope,
        person: PersonId,
        chatbot: ChatbotId,
        role: Option<Role>,
    ) -> Result<()>;

    /// Changes the display name.
    async fn rename_person(&self, scope: Scope, person: PersonId, name: &str) -> Result<()>;

    /// Changes how a person wants to be called. The job that mails them each morning runs at `summary` for the first time,
    /// unless there is one; without a time there is none from then on.
    async fn set_calling(
        &self,
        scope: Scope,
        person: PersonId,
        calling: Calling,
        summary: Option<Millis>,
    ) -> Result<()>;

    /// Who wants to be called by mail, may sign in and may answer for a chatbot, at most `limit`.
    async fn mailed(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<PersonId>>;

    /// Changes the password and ends all sessions but `keep`.
    async fn set_password(&self, person: PersonId, password_hash: &str, keep: Option<[u8; 32]>) -> Result<()>;

    /// Sets or removes a picture.
    async fn set_avatar(&self, scope: Scope, of: AvatarOf, avatar: Option<Avatar>) -> Result<()>;

    /// A picture by its address part: public, for whoever knows the address.
    async fn avatar(&self, id: Uuid) -> Result<Option<Avatar>>;

    /// Starts a session.
    async fn start_session(&self, session: NewSession) -> Result<()>;

    /// A session that has not ended, of somebody who may sign in.
    async fn session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<KnownSession>>;

    /// Notes that a session was used, and its person seen.
    async fn touch_session(&self, token_hash: [u8; 32], address: &str, now: Millis) -> Result<()>;

    /// The sessions of a person, the one used last first: at most `limit`, after the time and id of the last one seen.
    async fn sessions(
        &self,
        person: PersonId,
        after: Option<(Millis, Uuid)>,
        limit: u32,
        now: Millis,
    ) -> Result<Vec<Session>>;

    /// Ends one session of a person by its name. `NotFound` when it is not theirs.
    async fn end_session_of(&self, person: PersonId, id: Uuid) -> Result<()>;

    /// Ends all sessions of a person.
    async fn end_sessions(&self, person: PersonId) -> Result<()>;

    /// Ends a session.
    async fn end_session(&self, token_hash: [u8; 32]) -> Result<()>;

    /// Stores a key.
    async fn add_key(&self, scope: Scope, key: NewKey) -> Result<()>;

    /// A key that has not ended, of somebody who may sign in.
    async fn key(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Key>>;

    /// A page of the workspace's keys in the order in which they were made, also of those that have ended.
    async fn keys(&self, scope: Scope, after: Option<Uuid>, limit: u32) -> Result<Vec<KeyEntry>>;

    /// Revokes a key: it is gone.
    ///
    /// # Errors
    /// [`crate::Fault::NotFound`].
    async fn end_key(&self, scope: Scope, id: Uuid) -> Result<()>;
}
