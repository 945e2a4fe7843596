//! What the use cases need from the outside, as traits. Adapters implement them; only the binary names an adapter.
//!
//! - [`bus`]: what nodes tell each other
//! - [`conversations`]: the log, in units of work, and what the inbox reads
//! - [`ai_models`]: which models answer, and what they may call
//! - [`accounts`], [`chatbots`], [`sources`]: the rest of the database
//! - [`calls`]: who was called, and what came of it
//! - [`documents`]: documents to text
//! - [`files`]: files in conversations, and where their bytes are
//! - [`identities`]: visitors whom a website identifies
//! - [`jobs`]: the outbox
//! - [`lab`]: labelled messages, and what judging them came to
//! - [`lessons`]: what the AI could learn from conversations
//! - [`mail`]: mail that leaves the server, and mail that comes in
//! - [`labels`]: marks on conversations
//! - [`models`]: language models
//! - [`notes`]: mentions, and earlier versions of texts
//! - [`numbers`]: what is counted of requests
//! - [`outside`]: calls of other servers
//! - [`passages`]: pieces of sources, what was changed in them, and tags
//! - [`pictures`]: makes avatars, and pictures ready to be sent
//! - [`push`]: devices that are told by push
//! - [`queue`]: those who wait for a person
//! - [`requests`]: calls that make something once
//! - [`routing`]: who is at the desk, and who was given which request
//! - [`search`]: finding knowledge, and what was said
//! - [`team`]: invitations, roles, links
//! - [`visitor_mail`]: mail between visitors and conversations
//! - [`vectors`]: what examples and knowledge mean
//! - [`webhooks`]: servers of the owner that are told of what happens
//! - [`websites`]: websites that are read, and their pages
//! - [`world`]: time, ids, randomness, password hashing
//! - [`writing`]: canned replies and drafts

pub mod accounts;
pub mod ai_models;
pub mod bus;
pub mod calls;
pub mod cards;
pub mod chatbots;
pub mod content;
pub mod conversations;
pub mod documents;
pub mod embeddings;
pub mod error;
pub mod files;
pub mod identities;
pub mod jobs;
pub mod lab;
pub mod labels;
pub mod lessons;
pub mod life;
pub mod mail;
pub mod models;
pub mod notes;
pub mod numbers;
pub mod outside;
pub mod passages;
pub mod pictures;
pub mod push;
pub mod queue;
pub mod requests;
pub mod routing;
pub mod scope;
pub mod search;
pub mod sources;
pub mod team;
pub mod vectors;
pub mod visitor_mail;
pub mod webhooks;
pub mod websites;
pub mod world;
pub mod writing;

pub use error::{Fault, Result};
pub use scope::Scope;

/// Everything that a database has to offer. One adapter implements all of it.
pub trait Store:
    accounts::Accounts
    + ai_models::AiModels
    + calls::Calls
    + cards::Cards
    + chatbots::Chatbots
    + conversations::Conversations
    + files::Files
    + identities::Identities
    + jobs::Jobs
    + lab::Lab
    + labels::Labels
    + lessons::Lessons
    + life::Life
    + notes::Notes
    + numbers::Numbers
    + passages::Passages
    + passages::Tags
    + push::Devices
    + queue::Queue
    + routing::Routings
    + search::ConversationIndex
    + search::KnowledgeIndex
    + sources::Sources
    + team::Team
    + vectors::Vectors
    + visitor_mail::VisitorMails
    + webhooks::Webhooks
    + websites::Websites
    + writing::Writing
    + Send
    + Sync
    + 'static
{
}

impl<T> Store for T where
    T: accounts::Accounts
        + ai_models::AiModels
        + calls::Calls
        + cards::Cards
        + chatbots::Chatbots
        + conversations::Conversations
        + files::Files
        + identities::Identities
        + jobs::Jobs
        + lab::Lab
        + labels::Labels
        + lessons::Lessons
        + life::Life
        + notes::Notes
        + numbers::Numbers
        + passages::Passages
        + passages::Tags
        + push::Devices
        + queue::Queue
        + routing::Routings
        + search::ConversationIndex
        + search::KnowledgeIndex
        + sources::Sources
        + team::Team
        + vectors::Vectors
        + visitor_mail::VisitorMails
        + webhooks::Webhooks
        + websites::Websites
        + writing::Writing
        + Send
        + Sync
        + 'static
{
}
