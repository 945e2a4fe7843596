//! One's own account: name, password, picture.

use std::sync::Arc;

use domain::{PersonId, limits, text};
use ports::accounts::{Avatar, AvatarOf, Person};
use uuid::Uuid;

use crate::{
    Baton,
    auth::{Staff, Via},
    error::{AppError, Result, field},
};

impl Baton {
    /// Changes the display name.
    ///
    /// # Errors
    /// The field at fault.
    pub async fn rename_me(&self, staff: &Staff, name: &str) -> Result<Arc<Person>> {
        let name = field("display_name", text::line(name, limits::NAME_CHARS))?;
        self.store.rename_person(staff.scope(), staff.id(), &name).await?;
        self.fresh(staff.id()).await
    }

    /// Changes the password; every other session of the person ends.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] when the present one is wrong, or the field at fault.
    pub async fn change_password(&self, staff: &Staff, current: &str, new: &str) -> Result<()> {
        field("new", text::password(new))?;
        let known = self.store.credentials(&staff.person.email).await?.ok_or(AppError::NotFound)?;
        let fits = current.len() <= limits::PASSWORD_MAX_BYTES;
        if !fits || !self.passwords.verify(current, Some(&known.password_hash)).await? {
            return Err(AppError::WrongCredentials);
        }
        let keep = match staff.via {
            Via::Session { token_hash } => Some(token_hash),
            Via::Key { .. } => None,
        };
        self.store.set_password(staff.id(), &self.passwords.hash(new).await?, keep).await?;
        self.hub.recheck(staff.scope());
        Ok(())
    }

    /// Sets a password for somebody who forgot it; all their sessions end. For the operator's command.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody has the address, or the field at fault.
    pub async fn reset_password(&self, email: &str, new: &str) -> Result<()> {
        let email = field("email", text::email(email))?;
        field("password", text::password(new))?;
        let known = self.store.credentials(&email).await?.ok_or(AppError::NotFound)?;
        self.store.set_password(known.person, &self.passwords.hash(new).await?, None).await?;
        Ok(())
    }

    /// A person by e-mail address. For the operator's commands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody has the address.
    pub async fn person_by_email(&self, email: &str) -> Result<Arc<Person>> {
        let email = field("email", text::email(email))?;
        let known = self.store.credentials(&email).await?.ok_or(AppError::NotFound)?;
        self.directory.person(known.person).await
    }

    /// Sets or removes one's own picture.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], [`AppError::UnsupportedImage`].
    pub async fn set_my_avatar(&self, staff: &Staff, file: Option<Vec<u8>>) -> Result<Arc<Person>> {
        let avatar = self.avatar(file).await?;
        self.store.set_avatar(staff.scope(), AvatarOf::Person(staff.id()), avatar).await?;
        self.fresh(staff.id()).await
    }

    /// A picture by its address part.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn picture(&self, id: Uuid) -> Result<Avatar> {
        self.store.avatar(id).await?.ok_or(AppError::NotFound)
    }

    pub(crate) async fn avatar(&self, file: Option<Vec<u8>>) -> Result<Option<Avatar>> {
        let Some(file) = file else { return Ok(None) };
        if file.len() > limits::AVATAR_BYTES {
            return Err(AppError::TooLarge { what: "the picture", max: limits::AVATAR_BYTES });
        }
        let picture = self.pictures.avatar(file).await.map_err(|cause| AppError::UnsupportedImage(cause.0))?;
        Ok(Some(Avatar { id: self.entropy.id(self.clock.now()), mime: picture.mime, bytes: picture.bytes }))
    }

    async fn fresh(&self, person: PersonId) -> Result<Arc<Person>> {
        self.directory.forget_person(person).await;
        self.directory.person(person).await
    }
}
