//! Where every schedule begins: a workspace with two people and a visitor who has opened a page. Made once, then copied.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::Path,
    sync::{Arc, OnceLock},
};

use app::{
    Baton, Embedders, Parts,
    auth::KeyTerms,
    identify::Introduction,
    live::{GateMode, Hub},
    setup::PersonDraft,
};
use domain::{
    chatbot::{MessageLimit, Settings},
    embed::Place,
    outside::Openings,
    person::Role,
};
use ports::{
    conversations::{CommitListener, Conversations, KnownVisitor, VisitorFacts},
    world::Clock,
};
use store::Database;
use tempfile::TempDir;

use super::time::Time;
use crate::fakes::{FastPasswords, OpenVault, ReadHere, ScriptedModel, SeededEntropy};

/// What a schedule begins with.
#[derive(Clone)]
pub(super) struct Start {
    pub(super) url: String,
    /// API keys of the people.
    pub(super) keys: Vec<String>,
    pub(super) visitor: KnownVisitor,
}

/// The first copy.
struct First {
    folder: TempDir,
    start: Start,
}

/// A folder in memory where there is one: what is asked of the disk is another suite's business.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

impl Start {
    /// A copy in a folder of its own.
    pub(super) fn copy_to(folder: &Path) -> Self {
        static FIRST: OnceLock<First> = OnceLock::new();
        let first = FIRST.get_or_init(|| std::thread::spawn(First::make).join().unwrap());
        let file = folder.join("baton.db");
        std::fs::copy(first.folder.path().join("baton.db"), &file).unwrap();
        Self { url: format!("sqlite://{}", file.display()), ..first.start.clone() }
    }
}

impl First {
    fn make() -> Self {
        let folder = folder();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let start = runtime.block_on(fill(folder.path()));
        Self { folder, start }
    }
}

async fn fill(folder: &Path) -> Start {
    let url = format!("sqlite://{}", folder.join("baton.db").display());
    let hub = Hub::new(GateMode::On, None);
    let clock: Arc<dyn Clock> = Arc::new(Time::new().clock(0));
    let listener: Arc<dyn CommitListener> = Arc::clone(&hub) as _;
    let database = Database::open(&url, listener, Arc::clone(&clock)).await.unwrap();
    let baton = Baton::new(Parts {
        store: Arc::new(database.clone()),
        hub,
        bus: None,
        jobs: 0,
        model: Arc::new(ScriptedModel::default()),
        providers: Arc::new(providers::Remote::new(outside::Guard::new(Openings::default()))),
        servers_models: Vec::new(),
        outside: outside::Guard::new(Openings::default()),
        embedders: Embedders::default(),
        clock,
        entropy: Arc::new(SeededEntropy::new(1)),
        passwords: Arc::new(FastPasswords::default()),
        vault: Arc::new(OpenVault),
        pictures: Arc::new(media::PictureMaker::default()),
        objects: Arc::new(objects::FileStore::folder(&folder.join("files")).unwrap()),
        documents: Arc::new(ReadHere),
        files_quota: domain::limits::FILES_QUOTA,
    });
    let person = |name: &str, role| PersonDraft {
        email: format!("{name}@example.com"),
        name: name.to_owned(),
        password: format!("password of {name}"),
        role,
    };
    let message_limit = MessageLimit { messages: 1_000, seconds: 1, ..MessageLimit::default() };
    let settings = Settings { message_limit, ..Settings::default() };
    let (_, _, chatbot) = baton.found(person("olga", Role::Owner), "Workspace", settings).await.unwrap();
    let mut keys = Vec::new();
    for name in ["sofia", "omar"] {
        let id = baton.add_person(person(name, Role::Agent)).await.unwrap();
        let person = baton.directory().person(id).await.unwrap();
        keys.push(baton.create_key(&person, "simulator", KeyTerms::default()).await.unwrap());
    }
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let (facts, introduction) = (VisitorFacts::default(), Introduction::default());
    let grant = baton.welcome(chatbot, facts, None, introduction, address, &Place::Page).await.unwrap();
    let visitor = baton.visitor_by_token(&grant.token, &Place::Page).await.unwrap();
    debug_assert_eq!(database.visitor(visitor.scope, visitor.visitor).await.unwrap().conversation, grant.conversation);
    database.close().await;
    Start { url, keys, visitor }
}
