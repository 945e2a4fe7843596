//! Chatbots and their settings.

use std::sync::Arc;

use domain::{ChatbotId, chatbot::Settings, embed::Place};
use ports::{Fault, accounts::AvatarOf};

use crate::{
    Baton,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result},
};

/// Tries at saving settings when somebody else saves at the same moment.
const SAVE_TRIES: usize = 5;

impl Baton {
    /// The chatbots that a person may see, by id; and where the next page begins.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn chatbots(
        &self,
        staff: &Staff,
        after: Option<ChatbotId>,
        limit: u32,
    ) -> Result<(Vec<Arc<Profile>>, Option<ChatbotId>)> {
        let found = self.store.chatbots(staff.scope(), after, limit).await?;
        let next = found.last().filter(|_| found.len() == limit as usize).map(|last| last.id);
        let mut profiles = Vec::with_capacity(found.len());
        for chatbot in found {
            if staff.role_for(chatbot.id).is_some() {
                profiles.push(self.directory.profile(chatbot.id).await?);
            }
        }
        Ok((profiles, next))
    }

    /// A chatbot that a person may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn chatbot(&self, staff: &Staff, id: ChatbotId) -> Result<Arc<Profile>> {
        staff.collaborator(id)?;
        let profile = self.directory.profile(id).await?;
        if profile.chatbot.scope == staff.scope() { Ok(profile) } else { Err(AppError::NotFound) }
    }

    /// A chatbot that a person may change.
    pub(crate) async fn administered(&self, staff: &Staff, id: ChatbotId) -> Result<Arc<Profile>> {
        let profile = self.chatbot(staff, id).await?;
        if staff.collaborator(id)?.role.may_administer() { Ok(profile) } else { Err(AppError::Forbidden) }
    }

    /// What anybody who may open the chatbot sees of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::SignInRequired`], [`AppError::EmbedOnly`], [`AppError::OriginNotAllowed`].
    pub async fn public_chatbot(&self, id: ChatbotId, staff: Option<&Staff>, place: &Place) -> Result<Arc<Profile>> {
        self.may_visit(id, staff.map(Staff::id), place).await?;
        self.directory.profile(id).await
    }

    /// Changes settings. Two people who change different fields at once both get their way.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], or the field at fault.
    pub async fn change_settings(
        &self,
        staff: &Staff,
        id: ChatbotId,
        change: impl Fn(Settings) -> Settings + Send + Sync,
    ) -> Result<Arc<Profile>> {
        self.administered(staff, id).await?;
        for _ in 0..SAVE_TRIES {
            let chatbot = self.store.chatbot(staff.scope(), id).await?;
            let settings = change(chatbot.settings).validated()?;
            let hours = settings.supervisor.office_hours.as_ref();
            if hours.is_some_and(|hours| !crate::hours::is_zone(&hours.time_zone)) {
                let field = "supervisor.office_hours.time_zone";
                return Err(AppError::invalid(field, "is no time zone that we know, like Europe/Berlin"));
            }
            match self.store.save_settings(staff.scope(), id, chatbot.version, &settings).await {
                Err(Fault::Conflict(_)) => {}
                saved => {
                    saved?;
                    let profile = self.changed(staff, id).await?;
                    self.learn_later(staff.scope(), id).await?;
                    return Ok(profile);
                }
            }
        }
        Err(AppError::Conflict)
    }

    /// Sets or removes a chatbot's picture.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::TooLarge`], [`AppError::UnsupportedImage`].
    pub async fn set_chatbot_avatar(
        &self,
        staff: &Staff,
        id: ChatbotId,
        file: Option<Vec<u8>>,
    ) -> Result<Arc<Profile>> {
        self.administered(staff, id).await?;
        let avatar = self.avatar(file).await?;
        self.store.set_avatar(staff.scope(), AvatarOf::Chatbot(id), avatar).await?;
        self.changed(staff, id).await
    }

    pub(crate) async fn changed(&self, staff: &Staff, id: ChatbotId) -> Result<Arc<Profile>> {
        self.directory.forget_chatbot(id).await;
        self.hub.recheck(staff.scope());
        self.hub.recheck_followers();
        self.directory.profile(id).await
    }
}
