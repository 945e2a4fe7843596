//! Labels: a team's own marks on conversations.

use std::sync::Arc;

use domain::{ConversationId, LabelId, labels, labels::LabelColor, limits};
use ports::{conversations::Row, labels::Label, requests::Creation};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
};

impl Baton {
    /// Every label of the workspace, by name.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn labels(&self, staff: &Staff) -> Result<Arc<Vec<Label>>> {
        self.directory.labels(staff.scope()).await
    }

    /// Adds a label. Whoever answers visitors may; with a key it is added once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for viewers, [`AppError::Exists`], or the field at fault.
    pub async fn add_label(&self, staff: &Staff, name: &str, color: LabelColor, key: Option<&str>) -> Result<Label> {
        if !staff.may_answer_anywhere() {
            return Err(AppError::Forbidden);
        }
        let now = self.clock.now();
        let name = field("name", labels::name(name))?;
        let key = key.map(|key| staff.request_key("labels".into(), key, &[&name, color.name()], now)).transpose()?;
        let known = self.store.labels(staff.scope()).await?;
        if known.len() >= limits::LABELS {
            return Err(AppError::invalid("labels", format!("must be at most {}", limits::LABELS)));
        }
        let label = Label { id: LabelId::new(self.entropy.id(now)), name, color };
        let made = self.store.add_label(staff.scope(), &label, now, key).await?;
        self.directory.forget_labels(staff.scope()).await;
        match made {
            Creation::Made => Ok(label),
            Creation::MadeBefore(id) => {
                // Read again: it may have been made since this call began.
                let known = self.store.labels(staff.scope()).await?;
                known.into_iter().find(|one| one.id.uuid() == id).ok_or(AppError::NotFound)
            }
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Changes a label for everybody.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for all but admins of the workspace, [`AppError::Exists`], [`AppError::NotFound`].
    pub async fn change_label(
        &self,
        staff: &Staff,
        id: LabelId,
        name: Option<&str>,
        color: Option<LabelColor>,
    ) -> Result<Label> {
        staff.administers_workspace()?;
        let known = self.store.labels(staff.scope()).await?;
        let mut label = known.into_iter().find(|label| label.id == id).ok_or(AppError::NotFound)?;
        if let Some(name) = name {
            label.name = field("name", labels::name(name))?;
        }
        label.color = color.unwrap_or(label.color);
        self.store.change_label(staff.scope(), &label).await?;
        self.directory.forget_labels(staff.scope()).await;
        Ok(label)
    }

    /// Removes a label, also from every conversation.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for all but admins of the workspace, [`AppError::NotFound`].
    pub async fn remove_label(&self, staff: &Staff, id: LabelId) -> Result<()> {
        staff.administers_workspace()?;
        self.store.remove_label(staff.scope(), id).await?;
        self.directory.forget_labels(staff.scope()).await;
        Ok(())
    }

    /// Puts a label on a conversation, or takes it off.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a label or a conversation that is not there, [`AppError::Forbidden`] for viewers.
    pub async fn set_label(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        label: LabelId,
        on: bool,
    ) -> Result<Arc<Row>> {
        let row = self.conversation(staff, conversation).await?;
        if !staff.collaborator(row.chatbot)?.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        if on && row.summary.labels.len() >= limits::LABELS_PER_CONVERSATION && !row.summary.labels.contains(&label) {
            let most = limits::LABELS_PER_CONVERSATION;
            return Err(AppError::invalid("labels", format!("can be {most} on one conversation at most")));
        }
        Ok(self.store.set_label(staff.scope(), conversation, label, on).await?)
    }
}
