//! Handlers, one file a noun. Each reads the request, calls one use case, and shapes the answer.

pub(crate) mod account;
pub(crate) mod agents;
pub(crate) mod calling;
pub(crate) mod calls;
pub(crate) mod chatbots;
pub(crate) mod commands;
pub(crate) mod conversations;
pub(crate) mod files;
pub(crate) mod health;
pub(crate) mod identities;
pub(crate) mod invitations;
pub(crate) mod labels;
pub(crate) mod life;
pub(crate) mod links;
pub(crate) mod mail;
pub(crate) mod models;
pub(crate) mod notes;
pub(crate) mod push;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod sources;
pub(crate) mod team;
pub(crate) mod transcript;
pub(crate) mod visitors;
pub(crate) mod webhooks;
pub(crate) mod writing;
