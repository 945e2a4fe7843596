//! The Escalation lab: does the hand-over hear what it should? Messages that somebody labelled, what visitors wrote lately,
//! and runs that judge both by the settings as they are and by a draft of others.

mod history;
mod result;
mod run;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    ChatbotId, ConversationId, LabMessageId, Millis,
    lab::{self, Label},
    limits,
};
use ports::{
    conversations::Row,
    lab::{Added, LabCounts, LabMessage, LabRun},
};
use supervisor::labelled;

pub use history::{HistoryPlace, Written};
pub use result::{Came, Judged, Judging, Looked, Replayed, Replaying, SideJudged, SideReplayed};
pub use run::RUNS;
pub use supervisor::{
    eval::{Figures, Mistake},
    labelled::Form,
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
};

/// A message to be labelled.
#[derive(Debug, Clone)]
pub struct NewLabelled {
    /// What was written.
    pub text: String,
    /// What the visitor wants.
    pub label: Label,
    /// The conversation that it is from.
    pub conversation: Option<ConversationId>,
}

impl Baton {
    /// How many messages are labelled, and the newest run of each kind as it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn lab(&self, staff: &Staff, chatbot: ChatbotId) -> Result<(LabCounts, Vec<LabRun>)> {
        self.administered(staff, chatbot).await?;
        let counts = self.store.lab_counts(staff.scope(), chatbot).await?;
        let runs = self.store.lab_runs(staff.scope(), chatbot).await?;
        let now = self.clock.now();
        Ok((counts, runs.into_iter().map(|run| LabRun { state: run.state.seen(run.beat, now), ..run }).collect()))
    }

    /// A page of labelled messages, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn lab_messages(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        label: Option<Label>,
        before: Option<(Millis, LabMessageId)>,
        limit: u32,
    ) -> Result<Vec<LabMessage>> {
        self.administered(staff, chatbot).await?;
        Ok(self.store.lab_messages(staff.scope(), chatbot, label, before, limit).await?)
    }

    /// Adds what was pasted or uploaded.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], the line at fault.
    pub async fn add_labelled_text(&self, staff: &Staff, chatbot: ChatbotId, form: Form, text: &str) -> Result<Added> {
        self.administered(staff, chatbot).await?;
        let read = labelled::read(form, text).map_err(|error| AppError::invalid("text", error))?;
        let one = |message: labelled::Labelled| NewLabelled {
            label: if message.person { Label::Person } else { Label::NoPerson },
            text: message.text,
            conversation: None,
        };
        self.add_labelled(staff, chatbot, read.into_iter().map(one).collect()).await
    }

    /// Adds labelled messages. One that is there gets the label that is given now.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], the message at fault.
    pub async fn add_labelled(&self, staff: &Staff, chatbot: ChatbotId, messages: Vec<NewLabelled>) -> Result<Added> {
        self.administered(staff, chatbot).await?;
        if messages.len() as u64 > limits::LAB_MESSAGES {
            let most = limits::LAB_MESSAGES;
            return Err(AppError::invalid("messages", format!("may be {most} at once: leave some out")));
        }
        self.are_of(staff, chatbot, &messages).await?;
        let now = self.clock.now();
        let (mut places, mut kept) = (HashMap::new(), Vec::<LabMessage>::with_capacity(messages.len()));
        for (at, message) in messages.into_iter().enumerate() {
            let text = field(&format!("messages.{at}.text"), lab::message(&message.text))?;
            let digest = digest(&text);
            let one = LabMessage {
                id: LabMessageId::new(self.entropy.id(now)),
                text,
                digest: digest.clone(),
                label: message.label,
                by: staff.id(),
                at: now,
                conversation: message.conversation,
            };
            // What stands there twice has the label that stands there last.
            match places.get(&digest).and_then(|place: &usize| kept.get_mut(*place)) {
                Some(before) => *before = one,
                None => {
                    places.insert(digest, kept.len());
                    kept.push(one);
                }
            }
        }
        Ok(self.store.add_lab_messages(staff.scope(), chatbot, kept, limits::LAB_MESSAGES).await?)
    }

    /// Whether the conversations that messages are from are of this chatbot.
    async fn are_of(&self, staff: &Staff, chatbot: ChatbotId, messages: &[NewLabelled]) -> Result<()> {
        let named: HashSet<ConversationId> = messages.iter().filter_map(|message| message.conversation).collect();
        if named.is_empty() {
            return Ok(());
        }
        let named: Vec<ConversationId> = named.into_iter().collect();
        let rows = self.store.rows_anywhere(&named).await?;
        // A rehearsal is nobody else's business.
        let is_theirs = |row: &&Arc<Row>| row.scope == staff.scope() && row.chatbot == chatbot && row.reaches_out();
        let theirs: HashSet<ConversationId> = rows.iter().filter(is_theirs).map(|row| row.id).collect();
        let foreign = |message: &NewLabelled| message.conversation.is_some_and(|id| !theirs.contains(&id));
        match messages.iter().position(foreign) {
            Some(at) => {
                let field = format!("messages.{at}.conversation_id");
                Err(AppError::invalid(field, "is no conversation of this chatbot"))
            }
            None => Ok(()),
        }
    }

    /// Gives a message another label.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn label_message(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        message: LabMessageId,
        label: Label,
    ) -> Result<()> {
        self.administered(staff, chatbot).await?;
        Ok(self.store.label_lab_message(staff.scope(), chatbot, message, label).await?)
    }

    /// Removes a message.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn remove_labelled(&self, staff: &Staff, chatbot: ChatbotId, message: LabMessageId) -> Result<()> {
        self.administered(staff, chatbot).await?;
        Ok(self.store.remove_lab_message(staff.scope(), chatbot, message).await?)
    }

    /// Removes all messages of a chatbot.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn clear_labelled(&self, staff: &Staff, chatbot: ChatbotId) -> Result<()> {
        self.administered(staff, chatbot).await?;
        Ok(self.store.clear_lab(staff.scope(), chatbot).await?)
    }
}

/// What stands for a text: a chatbot has each one once.
fn digest(text: &str) -> String {
    crate::meaning::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
