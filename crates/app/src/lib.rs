//! Use cases: load, decide, save events and outbox in one transaction, then effects.
//!
//! [`Baton`] is the application. Its methods are the use cases, one file each or one file per noun; sockets, REST and the
//! command line call nothing else. Rules are in `domain`; what is here is the order of things.

pub mod account;
pub mod act;
pub mod agents;
pub mod ai_models;
pub mod alerts;
mod answerers;
pub mod auth;
pub mod calling;
pub mod calls;
pub mod chatbots;
mod compose;
pub mod desk;
pub mod directory;
pub mod documents;
pub mod error;
pub mod files;
mod hours;
pub mod identify;
pub mod inbox;
pub mod invitations;
pub mod lab;
pub mod labels;
pub mod life;
pub mod limiter;
pub mod live;
pub mod mail;
pub mod meaning;
mod nodes;
pub mod notes;
pub mod numbers;
pub mod passages;
pub mod passwords;
mod presence;
pub mod push;
pub mod queue;
mod rating;
pub mod rehearsals;
mod routing;
pub mod search;
pub mod sessions;
pub mod setup;
pub mod sources;
mod summary;
pub mod teaching;
pub mod team;
pub mod transcript;
pub mod turn;
pub mod visitor;
pub mod visitor_mail;
mod waiting;
pub mod webhooks;
pub mod websites;
pub mod writing;

use std::sync::{Arc, OnceLock};

use moka::future::Cache;
use parking_lot::Mutex;
use ports::{
    Store,
    bus::Bus,
    documents::Documents,
    files::Objects,
    models::{ChatModel, Connection, Providers},
    outside::Outside,
    pictures::Pictures,
    push::Pusher,
    world::{Clock, Entropy, Passwords, Vault},
};

use tokio::sync::Semaphore;
use uuid::Uuid;

pub use compose::Said;
pub use error::{AppError, Result};

pub use meaning::Embedders;

use crate::{
    answerers::Recovered, directory::Directory, limiter::Limiter, live::Hub, mail::Outgoing, meaning::Meanings,
    nodes::Nodes, turn::Turns, webhooks::Lanes,
};

/// What the application is made of. The binary chooses; nothing else names an adapter.
pub struct Parts {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The hub that the database tells of every commit.
    pub hub: Arc<Hub>,
    /// The bus to the other nodes on the database, where there are any.
    pub bus: Option<Arc<dyn Bus>>,
    /// Most jobs (AI turns, mails, indexing) that this node runs at once; with 0 it leaves them to others.
    pub jobs: usize,
    /// Who answers when no provider does.
    pub model: Arc<dyn ChatModel>,
    /// Models of providers.
    pub providers: Arc<dyn Providers>,
    /// The models that the operator named for every workspace that has none, asked one after the other.
    pub servers_models: Vec<Connection>,
    /// Other servers.
    pub outside: Arc<dyn Outside>,
    /// What texts mean, where there are models for it.
    pub embedders: Embedders,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub entropy: Arc<dyn Entropy>,
    /// Password hashing.
    pub passwords: Arc<dyn Passwords>,
    /// Secrets that are read again.
    pub vault: Arc<dyn Vault>,
    /// Avatars, and pictures that are sent.
    pub pictures: Arc<dyn Pictures>,
    /// Where the bytes of files are.
    pub objects: Arc<dyn Objects>,
    /// Who reads documents.
    pub documents: Arc<dyn Documents>,
    /// Bytes that the files of the workspace may take.
    pub files_quota: u64,
}

/// The application.
pub struct Baton {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    nodes: Option<Arc<Nodes>>,
    /// What this process is called among others on the same database.
    node: Uuid,
    model: Arc<dyn ChatModel>,
    providers: Arc<dyn Providers>,
    servers_models: Vec<Connection>,
    outside: Arc<dyn Outside>,
    recovered: Recovered,
    meanings: Meanings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    passwords: Arc<dyn Passwords>,
    vault: Arc<dyn Vault>,
    pictures: Arc<dyn Pictures>,
    objects: Arc<dyn Objects>,
    documents: Arc<dyn Documents>,
    files_quota: u64,
    uploads: Arc<Semaphore>,
    readings: Semaphore,
    lab_places: Arc<Semaphore>,
    directory: Directory,
    limiter: Limiter,
    turns: Turns,
    setup_code: Mutex<Option<String>>,
    outgoing: OnceLock<Outgoing>,
    pusher: OnceLock<Arc<dyn Pusher>>,
    public_url: OnceLock<String>,
    lanes: Lanes,
    calls: calls::CallBook,
    /// What was taken back from which device a moment ago.
    taken_back: Cache<(Uuid, String), ()>,
}

impl Baton {
    /// Puts the application together. Nothing runs yet: see [`Baton::work`](turn).
    pub fn new(parts: Parts) -> Arc<Self> {
        let node = parts.bus.as_ref().map_or_else(|| parts.entropy.id(parts.clock.now()), |bus| bus.me());
        let nodes = parts.bus.map(|bus| Nodes::new(bus, Arc::clone(&parts.clock)));
        if let Some(nodes) = &nodes {
            parts.hub.join(Arc::clone(nodes));
        }
        Arc::new(Self {
            directory: Directory::new(Arc::clone(&parts.store), Arc::clone(&parts.hub)),
            limiter: Limiter::default(),
            turns: Turns::new(parts.jobs),
            setup_code: Mutex::new(None),
            outgoing: OnceLock::new(),
            pusher: OnceLock::new(),
            public_url: OnceLock::new(),
            lanes: Lanes::default(),
            calls: calls::CallBook::default(),
            taken_back: push::taken_back(),
            store: parts.store,
            hub: parts.hub,
            nodes,
            node,
            model: parts.model,
            providers: parts.providers,
            servers_models: parts.servers_models,
            outside: parts.outside,
            recovered: Recovered::default(),
            meanings: Meanings::new(parts.embedders),
            clock: parts.clock,
            entropy: parts.entropy,
            passwords: parts.passwords,
            vault: parts.vault,
            pictures: parts.pictures,
            objects: parts.objects,
            documents: parts.documents,
            files_quota: parts.files_quota,
            uploads: Arc::new(Semaphore::new(files::UPLOADS)),
            readings: Semaphore::new(websites::READINGS),
            lab_places: Arc::new(Semaphore::new(lab::RUNS)),
        })
    }

    /// The hub of this node.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// People and chatbots, kept at hand.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The database, for readiness and the operator's commands.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }
}
