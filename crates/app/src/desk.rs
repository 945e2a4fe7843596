//! What collaborators do to conversations.

use std::sync::Arc;

use domain::{
    ConversationId, PersonId,
    conversation::{Actor, Command, Reason},
    person::Collaborator,
};
use ports::conversations::{ReadMark, Row};

use crate::{
    Baton,
    act::{Acted, Target, once},
    auth::Staff,
    compose::{Said, Texts},
    error::{AppError, Result},
};

/// What a collaborator can do besides writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskAction {
    /// `Take over` without a word.
    TakeOver,
    /// `Take over from <name>`.
    TakeOverFrom(PersonId),
    /// `Join`.
    Join,
    /// Leave the live chat to the others.
    Leave,
    /// Hand it to a colleague.
    Transfer(PersonId),
    /// Say who should take care of it.
    Assign(Option<PersonId>),
    /// `End Live Chat`.
    EndLiveChat,
    /// `Dismiss request`.
    DismissRequest,
    /// Take the dismissal back.
    UndoDismiss,
    /// Request a person.
    RequestHuman,
    /// Done with it.
    Resolve,
    /// Not done after all.
    Reopen,
}

impl DeskAction {
    fn command(self, by: Collaborator) -> Command {
        match self {
            Self::TakeOver => Command::TakeOver { by },
            Self::TakeOverFrom(from) => Command::TakeOverFrom { by, from },
            Self::Join => Command::Join { by },
            Self::Leave => Command::Leave { by },
            Self::Transfer(to) => Command::Transfer { by, to },
            Self::Assign(to) => Command::Assign { by, to },
            Self::EndLiveChat => Command::EndLiveChat { by },
            Self::DismissRequest => Command::DismissRequest { by },
            Self::UndoDismiss => Command::UndoDismiss { by },
            Self::RequestHuman => Command::RequestHuman { by: Actor::Person { id: by.id }, reason: Reason::Api },
            Self::Resolve => Command::Resolve { by },
            Self::Reopen => Command::Reopen { by },
        }
    }

    /// What it says, for the digest under which a call is known again: the name, and whom it is about.
    fn digested(self) -> [String; 2] {
        let (name, whom) = match self {
            Self::TakeOver => ("take_over", None),
            Self::TakeOverFrom(from) => ("take_over_from", Some(from)),
            Self::Join => ("join", None),
            Self::Leave => ("leave", None),
            Self::Transfer(to) => ("transfer", Some(to)),
            Self::Assign(to) => ("assign", to),
            Self::EndLiveChat => ("end_live_chat", None),
            Self::DismissRequest => ("dismiss_request", None),
            Self::UndoDismiss => ("undo_dismiss", None),
            Self::RequestHuman => ("request_human", None),
            Self::Resolve => ("resolve", None),
            Self::Reopen => ("reopen", None),
        };
        [name.to_owned(), whom.map(|person| person.to_string()).unwrap_or_default()]
    }

    /// The colleague who gets it.
    fn receiver(self) -> Option<PersonId> {
        match self {
            Self::Transfer(to) | Self::Assign(Some(to)) => Some(to),
            _ => None,
        }
    }
}

impl Baton {
    /// The target of a collaborator's command, and the role that counts there.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn desk_target(&self, staff: &Staff, conversation: ConversationId) -> Result<(Target, Collaborator)> {
        let (row, by) = self.desk_row(staff, conversation).await?;
        Ok((Target::of(&row), by))
    }

    /// The same with the row. Somebody else's rehearsal is nothing to them.
    pub(crate) async fn desk_row(
        &self,
        staff: &Staff,
        conversation: ConversationId,
    ) -> Result<(Arc<Row>, Collaborator)> {
        let row = self.store.row(staff.scope(), conversation).await?;
        let by = staff.collaborator(row.chatbot)?;
        if row.opens_to(staff.id()) { Ok((row, by)) } else { Err(AppError::NotFound) }
    }

    /// A collaborator's message. Unless the chat is live, this takes over: takeover, announcement and message are one
    /// transaction.
    ///
    /// # Errors
    /// `held_by` with the winner's name when somebody else was first, `forbidden` for viewers, the field at fault.
    pub async fn reply(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: &str,
        said: impl Into<Said>,
    ) -> Result<Acted> {
        let said = said.into();
        let (target, by) = self.desk_target(staff, conversation).await?;
        self.reply_to(staff, target, by, client_id, said).await
    }

    /// Like [`Baton::reply`], for a socket that knows the conversation already.
    ///
    /// # Errors
    /// As [`Baton::reply`].
    pub async fn reply_to(
        &self,
        staff: &Staff,
        target: Target,
        by: Collaborator,
        client_id: &str,
        said: Said,
    ) -> Result<Acted> {
        let said = said.checked()?;
        let author = staff.id().to_string();
        let once = once(&author, client_id, &said.digested("message"))?;
        let texts = Texts {
            message: Some(said.text),
            files: (said.files, author),
            name: Some(staff.person.name.clone()),
            ..Texts::default()
        };
        self.act(target, Command::PersonWrites { by }, texts, Some(once)).await
    }

    /// Something else that a collaborator does. Under the caller's own id it is done once.
    ///
    /// # Errors
    /// A refusal, [`AppError::ClientIdReused`], or a fault of the database.
    pub async fn desk_acts(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: Option<&str>,
        action: DeskAction,
    ) -> Result<Acted> {
        let once = client_id.map(|id| once(&staff.id().to_string(), id, &action.digested())).transpose()?;
        let (row, by) = self.desk_row(staff, conversation).await?;
        if let Some(receiver) = action.receiver() {
            self.may_receive(&row, receiver).await?;
        }
        if matches!(action, DeskAction::RequestHuman) && !by.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        let texts = Texts { name: Some(staff.person.name.clone()), ..Texts::default() };
        self.act(Target::of(&row), action.command(by), texts, once).await
    }

    /// Only somebody who may answer there can be handed a conversation.
    async fn may_receive(&self, row: &Row, receiver: PersonId) -> Result<()> {
        let person = self.directory.person(receiver).await?;
        let answers = person.scope == row.scope && person.role_for(row.chatbot).is_some_and(|r| r.may_answer());
        if answers && row.opens_to(receiver) {
            Ok(())
        } else {
            Err(AppError::invalid("to", "is nobody who may answer here"))
        }
    }

    /// The person has seen everything up to here. A viewer's eyes do not count.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn staff_read(&self, staff: &Staff, conversation: ConversationId, seq: i64) -> Result<()> {
        let (target, by) = self.desk_target(staff, conversation).await?;
        if !by.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        Ok(self.store.mark_read(target.scope, conversation, ReadMark::Staff(seq)).await?)
    }
}
