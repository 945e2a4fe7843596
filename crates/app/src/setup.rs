//! The first user, and with it the workspace and its first chatbot.

use domain::{ChatbotId, PersonId, WorkspaceId, chatbot::Settings, limits, person::Role, text};
use ports::{
    Fault, Scope,
    accounts::{Founding, NewPerson},
};

use crate::{
    Baton,
    auth::{Browser, SignedIn, same},
    error::{AppError, Result, field},
};

/// Letters of a set-up code: none that look alike.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters in a set-up code: 60 bits.
const CODE_LENGTH: usize = 12;

/// A person to be made, in the operator's or the owner's own words.
#[derive(Debug, Clone)]
pub struct PersonDraft {
    /// E-mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Role for the whole workspace.
    pub role: Role,
}

impl Baton {
    /// Whether the server waits for its first user.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn needs_setup(&self) -> Result<bool> {
        Ok(!self.store.any_person().await?)
    }

    /// Name of the workspace that somebody is signed in to.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn workspace_name(&self, staff: &crate::auth::Staff) -> Result<String> {
        Ok(self.store.workspace_name(staff.scope()).await?)
    }

    /// A one-time code for the first user, to be printed where only the operator reads it. `None` when a user exists.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn offer_setup(&self) -> Result<Option<String>> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let letter = |byte: &u8| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()]);
        let code: String = self.entropy.secret()[..CODE_LENGTH].iter().map(letter).collect();
        *self.setup_code.lock() = Some(code.clone());
        Ok(Some(code))
    }

    /// Sets the server up with the code that it printed, and signs the owner in.
    ///
    /// # Errors
    /// [`AppError::SetupDone`], [`AppError::WrongCode`], or the field at fault.
    pub async fn set_up(&self, code: &str, draft: PersonDraft, browser: &Browser) -> Result<SignedIn> {
        if !self.needs_setup().await? {
            return Err(AppError::SetupDone);
        }
        let code = code.trim().to_uppercase();
        let right = self.setup_code.lock().as_ref().is_some_and(|known| same(known.as_bytes(), code.as_bytes()));
        if !right {
            // Whoever came first may have used the code up meanwhile.
            return Err(if self.needs_setup().await? { AppError::WrongCode } else { AppError::SetupDone });
        }
        let (_, owner, _) =
            self.found(PersonDraft { role: Role::Owner, ..draft }, "Workspace", Settings::default()).await?;
        self.setup_code.lock().take();
        self.start_session(owner, browser).await
    }

    /// Makes the workspace with its owner and first chatbot.
    ///
    /// # Errors
    /// [`AppError::SetupDone`], or the field at fault.
    pub async fn found(
        &self,
        owner: PersonDraft,
        workspace_name: &str,
        settings: Settings,
    ) -> Result<(Scope, PersonId, ChatbotId)> {
        let owner = self.new_person(owner).await?;
        let now = self.clock.now();
        let (person, chatbot) = (owner.id, ChatbotId::new(self.entropy.id(now)));
        let founding = Founding {
            workspace: WorkspaceId::new(self.entropy.id(now)),
            workspace_name: field("workspace", text::line(workspace_name, limits::NAME_CHARS))?,
            owner,
            chatbot,
            settings: settings.validated()?,
            agent: self.first_agent(),
        };
        match self.store.found(founding).await {
            Ok(scope) => Ok((scope, person, chatbot)),
            Err(Fault::Conflict(_)) => Err(AppError::SetupDone),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Makes a collaborator; the first one makes the workspace. For the operator's command.
    ///
    /// # Errors
    /// [`AppError::Exists`] when the address is taken, or the field at fault.
    pub async fn add_person(&self, draft: PersonDraft) -> Result<PersonId> {
        if self.needs_setup().await? {
            let owner = PersonDraft { role: Role::Owner, ..draft };
            return Ok(self.found(owner, "Workspace", Settings::default()).await?.1);
        }
        let scope = self.operator_scope().await?;
        let person = self.new_person(draft).await?;
        let id = person.id;
        self.store.add_person(scope, person).await?;
        self.hub.recheck(scope);
        Ok(id)
    }

    async fn new_person(&self, draft: PersonDraft) -> Result<NewPerson> {
        let email = field("email", text::email(&draft.email))?;
        let name = field("name", text::line(&draft.name, limits::NAME_CHARS))?;
        field("password", text::password(&draft.password))?;
        let now = self.clock.now();
        Ok(NewPerson {
            id: PersonId::new(self.entropy.id(now)),
            email,
            name,
            password_hash: self.passwords.hash(&draft.password).await?,
            role: Some(draft.role),
            at: now,
        })
    }
}
