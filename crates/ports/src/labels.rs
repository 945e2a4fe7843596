//! Labels, and which conversations carry them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ConversationId, LabelId, Millis, labels::LabelColor};

use crate::{
    Result, Scope,
    conversations::Row,
    requests::{Creation, RequestKey},
};

/// A label of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its id.
    pub id: LabelId,
    /// Its name; no two of a workspace are alike.
    pub name: String,
    /// Its colour.
    pub color: LabelColor,
}

/// The labels of a workspace.
#[async_trait]
pub trait Labels {
    /// All of them, by name. There are few.
    async fn labels(&self, scope: Scope) -> Result<Vec<Label>>;

    /// Adds one. `Conflict` when there is one of this name.
    async fn add_label(&self, scope: Scope, label: &Label, at: Millis, key: Option<RequestKey>) -> Result<Creation>;

    /// Gives one another name and colour. `Conflict` when there is one of this name.
    async fn change_label(&self, scope: Scope, label: &Label) -> Result<()>;

    /// Removes one, also from every conversation.
    async fn remove_label(&self, scope: Scope, label: LabelId) -> Result<()>;

    /// Puts a label on a conversation, or takes it off. Returns the row after it; whoever listens hears of it.
    async fn set_label(&self, scope: Scope, conversation: ConversationId, label: LabelId, on: bool)
    -> Result<Arc<Row>>;
}
