//! Mail between a visitor and a conversation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a mail that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailReception {
    /// `taken` as a message, `repeated` when it came before, `filed` when nobody answers it, `dropped` when it is for nobody
    /// here. None of them is to be delivered again.
    pub outcome: String,
    /// Why it was filed or dropped: see docs/operate/mail.md.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Who gets a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptReceiver {
    /// The visitor, at the address that is known of them.
    #[default]
    Visitor,
    /// The collaborator who asks.
    Me,
}

/// A wish for a transcript by mail.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranscriptMail {
    /// Who gets it; a visitor can name nobody else.
    #[serde(default)]
    pub to: TranscriptReceiver,
}

/// The mail of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConversationMail {
    /// Where replies go while the visitor's page is closed; absent when they go nowhere.
    pub to: Option<String>,
    /// Whether this server sends mail at all.
    pub sends_mail: bool,
    /// Whether answers come back.
    pub answers: bool,
    /// What was mailed and what came, the newest first, at most 50.
    pub mails: Vec<MailEntry>,
}

/// One mail of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailEntry {
    /// What was written and not read went to the visitor.
    Replies {
        /// The address.
        to: String,
        /// `seq` of the first entry that it may hold.
        first_seq: i64,
        /// `seq` of the last one.
        last_seq: i64,
        /// How far it has come.
        state: MailState,
        /// Why it was not sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// Unix milliseconds.
        at: i64,
    },
    /// A transcript.
    Transcript {
        /// The address.
        to: String,
        /// How far it has come.
        state: MailState,
        /// Why it was not sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// Unix milliseconds.
        at: i64,
    },
    /// One came in.
    Received {
        /// What became of it: `taken` as a message; `loop`, `bounce`, `auto_reply` and `bulk` a machine wrote, `empty` says
        /// nothing, and of `too_many` within an hour the rest is taken later.
        what: String,
        /// Its subject, of one that is no message.
        subject: String,
        /// Its beginning, of one that is no message.
        excerpt: String,
        /// Unix milliseconds.
        at: i64,
    },
}

/// How far a mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is still to be handed over.
    Waiting,
    /// A mail server took it.
    Sent,
    /// The visitor has read it in the chat meanwhile.
    Needless,
    /// It will not be sent.
    Refused,
}
