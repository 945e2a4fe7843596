//! What nodes tell each other: hints and tokens that are not saved yet. Losing any of it costs time, never a message.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, PersonId, VisitorId, WorkspaceId,
    conversation::{Answer, Conversation},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a conversation stands, as much of it as a gate has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its newest entry.
    pub seq: i64,
    /// The answer that is awaited: turn and attempt.
    pub awaits: Option<(u64, u32)>,
}

impl From<&Conversation> for Head {
    fn from(state: &Conversation) -> Self {
        let awaits = match state.answer {
            Answer::Asked { turn, attempt, .. } => Some((turn, attempt)),
            Answer::Idle => None,
        };
        Self { seq: state.seq, awaits }
    }
}

/// Something that one node tells all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum Message {
    /// This node is there. Told again and again.
    Alive {
        /// It has just started: the others say that they are there, too.
        new: bool,
    },
    /// This node ends: nobody needs to wait for it any more.
    Leaves {},
    /// Entries were added to a log.
    Changed {
        /// The workspace.
        workspace: WorkspaceId,
        /// The conversation.
        conversation: ConversationId,
        /// The first one of them.
        first: i64,
        /// Where the conversation stands now.
        head: Head,
    },
    /// A row of the inbox changed without a new entry: read marks, a name.
    Row {
        /// The workspace.
        workspace: WorkspaceId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// A part of an answer that is being written.
    Tokens {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: u64,
        /// The attempt.
        attempt: u32,
        /// Where it begins in the whole answer, in UTF-16 code units.
        offset: u64,
        /// The text.
        text: String,
    },
    /// The answer that was being written will not come, although no entry says so.
    TokensDropped {
        /// The conversation.
        conversation: ConversationId,
        /// Which answer.
        turn: u64,
    },
    /// Somebody needs the text so far of the answer that is being written.
    TextSoFar {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Somebody is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: ConversationId,
        /// The collaborator, with the name that visitors see; the visitor when absent.
        person: Option<(PersonId, String)>,
        /// Writing now.
        on: bool,
    },
    /// A collaborator has a conversation in front of them, or not any more.
    Viewing {
        /// The conversation.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
        /// Looking now.
        on: bool,
    },
    /// A takeover is about to be committed: close the gate of this conversation and say so.
    Hold {
        /// The conversation.
        conversation: ConversationId,
        /// Which takeover.
        hold: Uuid,
    },
    /// The gate is closed.
    Held {
        /// For which takeover.
        hold: Uuid,
    },
    /// The takeover is committed, or was given up: look at the log, then open the gate.
    Release {
        /// Which takeover.
        hold: Uuid,
    },
    /// Somebody needs to know whether a visitor has a page open: every node says.
    IsVisitorHere {
        /// Who.
        visitor: VisitorId,
        /// Which question.
        question: Uuid,
    },
    /// Whether a visitor has a page open on this node.
    VisitorIs {
        /// To which question.
        question: Uuid,
        /// They have.
        here: bool,
    },
    /// There are jobs that nobody has taken.
    Jobs {},
    /// Something that is kept at hand has changed.
    Forget(Kept),
    /// Collaborators' rights changed, or a session ended.
    Recheck {
        /// The workspace.
        workspace: WorkspaceId,
    },
    /// Visitors may have to go: a chatbot became private, say.
    RecheckFollowers {},
    /// Desks fetch what they show anew.
    StartOver {
        /// The workspace.
        workspace: WorkspaceId,
    },
}

/// What nodes keep at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A chatbot.
    Chatbot(ChatbotId),
    /// Every chatbot of a workspace: what all of them rest on.
    Chatbots(WorkspaceId),
    /// A person.
    Person(PersonId),
    /// The labels of a workspace.
    Labels(WorkspaceId),
    /// Whether a workspace has webhooks.
    Webhooks(WorkspaceId),
}

/// What came over the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Another node said something.
    Message {
        /// Which node.
        from: Uuid,
        /// What.
        message: Message,
    },
    /// Something was lost, or may have been: the connection was cut and is back, or a queue was full.
    Gap,
}

/// The bus between the nodes on one database. A message may be lost, come late or out of order; it never comes to the
/// node that sent it.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// This node's own name on the bus.
    fn me(&self) -> Uuid;

    /// Tells every other node. Never waits: what finds no room is lost.
    fn tell(&self, message: Message);

    /// What comes next. For one listener.
    async fn hear(&self) -> Heard;

    /// Whether the bus is reached right now.
    fn is_up(&self) -> bool;
}
