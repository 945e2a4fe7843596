//! What a model has written on the hand-over cards.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ConversationId, Millis, card::Card};

use crate::{Result, Scope, content::Made, conversations::Row};

/// What came of asking for a card: one for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCard {
    /// What was written; nothing when no model could. It is not asked again.
    pub card: Option<Card>,
    /// Language of the visitor, as it was told the model.
    pub language: Option<String>,
    /// Who wrote it, what that took, and who was asked before.
    pub made: Made,
    /// When.
    pub at: Millis,
}

/// What a model has written on the hand-over cards.
#[async_trait]
pub trait Cards {
    /// The card of the request that began then.
    async fn card(&self, scope: Scope, conversation: ConversationId, since: Millis) -> Result<Option<WrittenCard>>;

    /// Keeps the card of the request that was opened at this place of the log and at this time. The first one stays: whoever
    /// writes a second one changes nothing. The row counts as changed, so that whoever looks at it looks again.
    async fn keep_card(
        &self,
        scope: Scope,
        conversation: ConversationId,
        request: (i64, Millis),
        card: WrittenCard,
    ) -> Result<Arc<Row>>;
}
