//! Chatbots and their settings.

use std::sync::Arc;

use domain::{AgentId, ChatbotId, chatbot::Settings, embed::Place, limits, text};
use ports::{Fault, accounts::AvatarOf, chatbots::Agent};

use crate::{
    Baton,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result, field},
};

/// Tries at saving settings when somebody else saves at the same moment.
const SAVE_TRIES: usize = 5;

/// Changes to an AI agent. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct AgentPatch {
    /// Name.
    pub name: Option<String>,
    /// What it knows and does.
    pub description: Option<String>,
    /// Instructions.
    pub prompt: Option<String>,
    /// Whether it answers.
    pub enabled: Option<bool>,
}

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
            match self.store.save_settings(staff.scope(), id, chatbot.version, &settings).await {
                Err(Fault::Conflict(_)) => {}
                saved => {
                    saved?;
                    return self.changed(staff, id).await;
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

    /// Changes an AI agent.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn change_agent(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: AgentId,
        patch: AgentPatch,
    ) -> Result<Agent> {
        let profile = self.administered(staff, chatbot).await?;
        let agent = profile.agents.iter().find(|agent| agent.id == id).cloned().ok_or(AppError::NotFound)?;
        let text_of = |new: Option<String>, old: String| new.unwrap_or(old);
        let agent = Agent {
            name: field("name", text::line(&text_of(patch.name, agent.name), limits::NAME_CHARS))?,
            description: field(
                "description",
                text::optional(&text_of(patch.description, agent.description), limits::SETTING_TEXT_CHARS),
            )?,
            prompt: field("prompt", text::optional(&text_of(patch.prompt, agent.prompt), limits::PROMPT_CHARS))?,
            enabled: patch.enabled.unwrap_or(agent.enabled),
            ..agent
        };
        self.store.save_agent(staff.scope(), chatbot, &agent).await?;
        self.changed(staff, chatbot).await?;
        Ok(agent)
    }

    async fn changed(&self, staff: &Staff, id: ChatbotId) -> Result<Arc<Profile>> {
        self.directory.forget_chatbot(id).await;
        self.hub.recheck(staff.scope());
        self.hub.recheck_followers();
        self.directory.profile(id).await
    }
}
