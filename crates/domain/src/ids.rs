//! Typed ids: a chatbot's id cannot be passed where a person's is wanted.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID, version 7 where Baton makes it.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads a UUID with or without hyphens.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )*};
}

ids! {
    /// The tenant: people, chatbots, conversations. Nothing crosses it.
    WorkspaceId,
    /// A person with a login.
    PersonId,
    /// One assistant with its knowledge and settings.
    ChatbotId,
    /// One specialist of a chatbot.
    AgentId,
    /// One piece of knowledge.
    SourceId,
    /// Somebody who writes to a chatbot.
    VisitorId,
    /// One chat of one visitor with one chatbot.
    ConversationId,
    /// A mark on conversations.
    LabelId,
    /// A text that is written again and again.
    CannedReplyId,
    /// A file or picture of a conversation.
    FileId,
    /// A labelled message of the Escalation lab.
    LabMessageId,
    /// A run of the Escalation lab.
    LabRunId,
}
