//! Rehearsals: a collaborator talks to the chatbot as a visitor would, and answers as a person, alerting nobody.
//!
//! A rehearsal is a conversation with a mark. What follows of the mark is nowhere in the use cases of conversations: the store
//! keeps no job, mention or question that would leave it (`ports::conversations::Write::inside`), no list has it, and the hub
//! tells no desk but those that follow it. Here it is made, and removed.

use std::net::IpAddr;

use domain::{ChatbotId, ConversationId, Millis, person::Role, rehearsal::KEPT_MS};
use ports::{
    Scope,
    conversations::{NewRehearsal, VisitorFacts},
    jobs::{NewJob, Task},
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
    limiter::Door,
    visitor::{VisitorGrant, short},
};

/// Earlier rehearsals that are removed when a new one begins. There is one, or a few when several pages began at once; what is
/// beyond goes by its own job.
const EARLIER: u32 = 20;

/// A new rehearsal.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// What the visitor's side keeps.
    pub grant: VisitorGrant,
    /// When it is removed.
    pub until: Millis,
}

impl Baton {
    /// Begins a rehearsal with a chatbot: a visitor with an empty conversation, whose other side is this person and nobody
    /// else. An earlier one of theirs is over.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] for viewers, [`AppError::RateLimited`].
    pub async fn rehearse(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        language: Option<String>,
        address: IpAddr,
    ) -> Result<Rehearsal> {
        let profile = self.chatbot(staff, chatbot).await?;
        if !staff.role_for(chatbot).is_some_and(Role::may_answer) {
            return Err(AppError::Forbidden);
        }
        self.limiter.door(Door::NewVisitor, address)?;
        let (scope, now) = (staff.scope(), self.clock.now());
        let earlier = self.store.rehearsals(scope, staff.id(), chatbot, EARLIER).await?;
        let until = now.plus(KEPT_MS);
        let facts =
            VisitorFacts { language: short(language), collaborator: Some(staff.id()), ..VisitorFacts::default() };
        let (grant, _) = self
            .open_chat_as(&profile, facts, |conversation| {
                let task = Task::DeleteRehearsal { conversation };
                let delete = NewJob { id: self.entropy.id(now), task, run_at: until, lease: None };
                Some(NewRehearsal { of: staff.id(), delete })
            })
            .await?;
        for id in earlier {
            match self.remove_rehearsal(scope, id).await {
                Ok(()) | Err(AppError::NotFound) => {}
                // The job that came with it removes it later.
                Err(error) => {
                    tracing::warn!(conversation = %id, error = &error as &dyn std::error::Error, "a rehearsal is left over");
                }
            }
        }
        Ok(Rehearsal { grant, until })
    }

    /// Removes a rehearsal with everything in it, and closes the pages that still show it.
    pub(crate) async fn remove_rehearsal(&self, scope: Scope, id: ConversationId) -> Result<()> {
        if self.store.row(scope, id).await?.reaches_out() {
            tracing::error!(conversation = %id, "a conversation was to be removed as a rehearsal, which it is not");
            return Ok(());
        }
        self.store.give_up_files(scope, id).await?;
        self.sweep_files(scope, id).await?;
        while self.store.delete_rehearsal(scope, id).await? {}
        self.hub.recheck_followers();
        Ok(())
    }
}
