//! What helps people to write: canned replies, and drafts that are the same on every device.

use domain::{CannedReplyId, ConversationId, Millis, limits, text};
use ports::{
    requests::Creation,
    writing::{CannedReply, Draft},
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
};

/// Where the next page of canned replies begins.
pub type CannedKey = (String, CannedReplyId);

impl Baton {
    /// Everybody's canned replies and the person's own, by name; and where the next page begins.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn canned_replies(
        &self,
        staff: &Staff,
        after: Option<CannedKey>,
        limit: u32,
    ) -> Result<(Vec<CannedReply>, Option<CannedKey>)> {
        let replies = self.store.canned_replies(staff.scope(), staff.id(), after, limit).await?;
        let next = replies.last().filter(|_| replies.len() == limit as usize);
        let next = next.map(|last| (last.name.clone(), last.id));
        Ok((replies, next))
    }

    /// Adds a canned reply: for everybody (admins of the workspace), or one's own. With a key it is added once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], or the field at fault.
    pub async fn add_canned_reply(
        &self,
        staff: &Staff,
        name: &str,
        body: &str,
        shared: bool,
        key: Option<&str>,
    ) -> Result<CannedReply> {
        if shared {
            staff.administers_workspace()?;
        } else if !staff.may_answer_anywhere() {
            return Err(AppError::Forbidden);
        }
        let now = self.clock.now();
        let (name, text) = checked(name, body)?;
        let kind = if shared { "shared" } else { "own" };
        let key = key.map(|key| staff.request_key("canned-replies".into(), key, &[&name, &text, kind], now));
        let of = (!shared).then(|| staff.id());
        let reply = CannedReply { id: CannedReplyId::new(self.entropy.id(now)), of, name, text, updated_at: now };
        let most = limits::CANNED_REPLIES;
        match self.store.add_canned_reply(staff.scope(), &reply, most, key.transpose()?).await? {
            Creation::Made => Ok(reply),
            Creation::MadeBefore(id) => {
                Ok(self.store.canned_reply(staff.scope(), staff.id(), CannedReplyId::new(id)).await?)
            }
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Changes a canned reply. Whose it is stays as it was.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody else's own, [`AppError::Forbidden`], or the field at fault.
    pub async fn change_canned_reply(
        &self,
        staff: &Staff,
        id: CannedReplyId,
        name: Option<&str>,
        body: Option<&str>,
    ) -> Result<CannedReply> {
        let old = self.own_canned_reply(staff, id).await?;
        let (name, text) = checked(name.unwrap_or(&old.name), body.unwrap_or(&old.text))?;
        let reply = CannedReply { name, text, updated_at: self.clock.now(), ..old };
        self.store.save_canned_reply(staff.scope(), &reply).await?;
        Ok(reply)
    }

    /// Removes a canned reply.
    ///
    /// # Errors
    /// As [`Baton::change_canned_reply`].
    pub async fn remove_canned_reply(&self, staff: &Staff, id: CannedReplyId) -> Result<()> {
        self.own_canned_reply(staff, id).await?;
        Ok(self.store.remove_canned_reply(staff.scope(), id).await?)
    }

    /// One that this person may change.
    async fn own_canned_reply(&self, staff: &Staff, id: CannedReplyId) -> Result<CannedReply> {
        let reply = self.store.canned_reply(staff.scope(), staff.id(), id).await?;
        if reply.of.is_none() {
            staff.administers_workspace()?;
        } else if !staff.may_answer_anywhere() {
            return Err(AppError::Forbidden);
        }
        Ok(reply)
    }

    /// The person's drafts, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn drafts(&self, staff: &Staff, before: Option<Millis>, limit: u32) -> Result<Vec<Draft>> {
        Ok(self.store.drafts(staff.scope(), staff.id(), before, limit).await?)
    }

    /// The person's draft for a conversation; an empty one when there is none.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn draft(&self, staff: &Staff, conversation: ConversationId) -> Result<Draft> {
        self.conversation(staff, conversation).await?;
        let draft = self.store.draft(staff.scope(), staff.id(), conversation).await?;
        Ok(draft.unwrap_or_else(|| Draft { conversation, text: String::new(), at: Millis(0) }))
    }

    /// Keeps a draft; an empty one is forgotten.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] for viewers, or the field at fault.
    pub async fn write_draft(&self, staff: &Staff, conversation: ConversationId, body: &str) -> Result<Draft> {
        let (_, by) = self.desk_target(staff, conversation).await?;
        if !by.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        let text = if body.trim().is_empty() { String::new() } else { bounded(body)? };
        let draft = Draft { conversation, text, at: self.clock.now() };
        self.store.write_draft(staff.scope(), staff.id(), draft.clone()).await?;
        Ok(draft)
    }
}

/// A draft is kept as it is, spaces at its end too: somebody is in the middle of it.
fn bounded(body: &str) -> Result<String> {
    if body.chars().count() > limits::DRAFT_CHARS {
        return Err(AppError::invalid("text", format!("must have at most {} characters", limits::DRAFT_CHARS)));
    }
    Ok(body.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}

fn checked(name: &str, body: &str) -> Result<(String, String)> {
    let name = field("name", text::line(name, limits::NAME_CHARS))?;
    let text = field("text", text::required(body, limits::MESSAGE_CHARS))?;
    Ok((name, text))
}
