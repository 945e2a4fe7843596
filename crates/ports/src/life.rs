//! How chatbots come and go: made, copied, deleted in slices; the guide to the first live one; questions without answer.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis, chatbot::Settings, guide::Guide};
use uuid::Uuid;

use crate::{
    Result, Scope,
    chatbots::Agent,
    jobs::NewJob,
    requests::{Creation, RequestKey},
};

/// A chatbot to be made.
#[derive(Debug, Clone)]
pub struct NewChatbot {
    /// Its id.
    pub id: ChatbotId,
    /// Its settings.
    pub settings: Settings,
    /// Its AI agents, at least one.
    pub agents: Vec<Agent>,
    /// What follows: copying the knowledge of another one.
    pub job: Option<NewJob>,
    /// Now.
    pub at: Millis,
}

/// What the database knows of the way to a first live chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuideFacts {
    /// What was noted.
    pub guide: Guide,
    /// It has a source.
    pub knowledge: bool,
    /// Somebody has written to it.
    pub chat: bool,
}

/// A question that the AI could not answer, to be noted with the answer that said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Id, should it be the first of its kind.
    pub id: Uuid,
    /// What it is recognised by: its terms, folded and sorted.
    pub terms: String,
    /// In the visitor's words.
    pub question: String,
}

/// Questions with the same terms that the AI could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Id.
    pub id: Uuid,
    /// In the words of whoever asked last.
    pub question: String,
    /// The newest conversation in which it was asked.
    pub conversation: ConversationId,
    /// How often.
    pub times: u64,
    /// When it was asked last.
    pub asked_at: Millis,
}

/// What came of a wish to delete a chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone for everybody; what is left of it goes in slices.
    Begun,
    /// Nothing has changed: so many live chats are going on.
    LiveChats(u64),
}

/// How chatbots come and go.
#[async_trait]
pub trait Life {
    /// Makes a chatbot with its agents; with a key, once.
    async fn make_chatbot(&self, scope: Scope, new: NewChatbot, key: Option<RequestKey>) -> Result<Creation>;

    /// Takes a chatbot away from everybody, with the job that removes what it left. `NotFound` when it is gone already.
    async fn delete_chatbot(&self, scope: Scope, id: ChatbotId, job: NewJob, now: Millis) -> Result<Deletion>;

    /// Removes a slice of what a deleted chatbot left: false when nothing is left. Knowledge is removed before, by
    /// source.
    async fn delete_slice(&self, scope: Scope, id: ChatbotId) -> Result<bool>;

    /// How far the way to a first live chatbot is.
    async fn guide(&self, scope: Scope, id: ChatbotId) -> Result<GuideFacts>;

    /// Notes a step on that way.
    async fn save_guide(&self, scope: Scope, id: ChatbotId, guide: Guide) -> Result<()>;

    /// Questions without answer, the one asked last first: at most `limit`, before the time and id of the last one seen.
    async fn unanswered(
        &self,
        scope: Scope,
        id: ChatbotId,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Unanswered>>;

    /// Takes a question off the list. Nothing happens when it is not there.
    async fn dismiss_unanswered(&self, scope: Scope, id: ChatbotId, question: Uuid) -> Result<()>;
}
