//! The rules of Baton.
//!
//! Pure on purpose: no async, no clock, no randomness, no SQL, no HTTP, no JSON shape of any API. Whatever comes from
//! outside (the time, a new id, a role) is an argument. `serde` is here only for the form in which the log is stored.
//!
//! Start with [`conversation`]: the machine that decides who may speak.

pub mod agents;
pub mod answering;
pub mod calling;
pub mod calls;
pub mod card;
pub mod chatbot;
pub mod conversation;
pub mod documents;
pub mod embed;
pub mod files;
pub mod find;
pub mod guide;
pub mod handover;
pub mod handover_texts;
pub mod hours;
pub mod identity;
pub mod ids;
pub mod lab;
pub mod labels;
pub mod limits;
pub mod mail;
pub mod models;
pub mod numbers;
pub mod outside;
pub mod passages;
pub mod person;
pub mod placeholders;
pub mod presence;
pub mod push;
pub mod queue;
pub mod rating;
pub mod rehearsal;
pub mod requests;
pub mod routing;
pub mod rules;
pub mod teaching;
pub mod team;
pub mod text;
pub mod time;
pub mod tools;
pub mod waiting;
pub mod webhooks;
pub mod websites;

pub use ids::{
    AgentId, CannedReplyId, ChatbotId, ConversationId, FileId, LabMessageId, LabRunId, LabelId, PersonId, SourceId,
    VisitorId, WorkspaceId,
};
pub use time::Millis;
