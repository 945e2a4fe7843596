//! What a visitor who waits for a person can be told of the wait.

use domain::{
    ConversationId, Millis,
    conversation::Control,
    queue::{Estimate, RECENT_MS, SAMPLES, estimate},
};
use ports::conversations::KnownVisitor;

use crate::{Baton, error::Result, visitor::target};

/// A wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wait {
    /// Place in the queue, from 1; nothing when nobody is wanted.
    pub place: Option<u64>,
    /// How long others waited lately, where something honest can be said.
    pub estimate: Option<Estimate>,
    /// When somebody is there again, where nobody is now.
    pub opens: Option<Millis>,
}

impl Baton {
    /// What the visitor can be told of their wait.
    ///
    /// # Errors
    /// [`AppError::NotFound`](crate::AppError::NotFound) for somebody else's conversation.
    pub async fn wait(&self, visitor: &KnownVisitor, conversation: ConversationId) -> Result<Wait> {
        let target = target(visitor, conversation)?;
        let row = self.store.row(target.scope, conversation).await?;
        let Control::Requested(request) = &row.state.control else { return Ok(Wait::default()) };
        let now = self.clock.now();
        let recent = now.plus(-RECENT_MS);
        let at = (conversation, request.since);
        let queued = self.store.queued(target.scope, target.chatbot, at, recent, SAMPLES).await?;
        let opens = request.opens.filter(|opens| *opens > now);
        Ok(Wait {
            place: Some(queued.ahead + 1),
            // What others waited by day says nothing of a night.
            estimate: estimate(&queued.waits, now.since(request.since)).filter(|_| opens.is_none()),
            opens,
        })
    }
}
