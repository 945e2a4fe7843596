//! Visitors whom a website identifies, and the secrets that websites sign with.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ChatbotId, Millis, VisitorId};

use crate::{
    Result, Scope,
    conversations::{KnownVisitor, Row, VisitorFacts},
    jobs::NewJob,
};

/// A secret as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// Sealed by the [`Vault`](crate::world::Vault).
    pub sealed: Vec<u8>,
    /// When it was made.
    pub made_at: Millis,
}

/// From what is known of a visitor to what is known now. Pure.
pub type ChangeFacts = Box<dyn FnOnce(VisitorFacts) -> VisitorFacts + Send>;

/// Whose key the secrets of a database are sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyClaim {
    /// The one that was named, or none yet: then that one from now on.
    Ours,
    /// Another one, and there are secrets that only it opens.
    Another,
}

/// Identified visitors, their tokens, and secrets.
#[async_trait]
pub trait Identities {
    /// Stores what a chatbot's website signs with; an earlier one is gone.
    async fn set_signing_secret(&self, scope: Scope, chatbot: ChatbotId, sealed: Vec<u8>, at: Millis) -> Result<()>;

    /// What a chatbot's website signs with.
    async fn signing_secret(&self, scope: Scope, chatbot: ChatbotId) -> Result<Option<SealedSecret>>;

    /// The visitor of a chatbot whom a signature has identified by this id.
    async fn identified(&self, scope: Scope, chatbot: ChatbotId, external_id: &str) -> Result<Option<KnownVisitor>>;

    /// Says that a visitor is this person of the website. False when the person has a visitor already, or the visitor a
    /// person.
    async fn bind_identity(&self, scope: Scope, visitor: VisitorId, external_id: &str, at: Millis) -> Result<bool>;

    /// Gives a visitor a further token. The oldest are forgotten when there are very many.
    async fn add_token(&self, scope: Scope, visitor: VisitorId, token_hash: [u8; 32], at: Millis) -> Result<()>;

    /// Gives a visitor a new token in the place of all that there are.
    async fn replace_tokens(&self, scope: Scope, visitor: VisitorId, token_hash: [u8; 32]) -> Result<()>;

    /// Changes what is known of a visitor; the row of the newest conversation changes with it. The jobs are written in the
    /// same transaction.
    async fn change_facts(
        &self,
        scope: Scope,
        visitor: VisitorId,
        with: ChangeFacts,
        jobs: Vec<NewJob>,
    ) -> Result<Arc<Row>>;

    /// Names the key that secrets are sealed with. Nothing happens when they are sealed with another one.
    async fn claim_secret_key(&self, fingerprint: [u8; 32]) -> Result<KeyClaim>;

    /// Fingerprint of the key that secrets are sealed with; nothing while there are none.
    async fn secret_key(&self) -> Result<Option<[u8; 32]>>;

    /// Forgets every sealed secret, because its key is lost; how many there were.
    async fn forget_sealed(&self) -> Result<u64>;
}
