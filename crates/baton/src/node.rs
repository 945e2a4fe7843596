//! Puts a node together from its adapters.

use std::sync::Arc;

use app::{
    Baton, Embedders, Parts,
    live::{GateMode, Hub},
};
use documents::{Apart, Bounds};
use encoder::{
    Workers,
    e5::{self, E5},
    minilm::{self, MiniLm},
};
use models::BuiltIn;
use notify::WebPush;
use outside::Guard;
use ports::{
    bus::Bus,
    conversations::CommitListener,
    embeddings::Embedder,
    identities::{Identities, KeyClaim},
    models::ChatModel,
    world::{Clock, Entropy},
};
use providers::{Remote, RemoteEmbedder};
use store::{Database, PostgresBus};

use crate::{
    commands::bench::watch::{First, Watch},
    config::{Data, Others, Unusable},
    vault::KeyFile,
    world::{Argon, OsEntropy, SystemClock},
};

/// A node: the application and its database.
pub(crate) struct Node {
    /// The application.
    pub(crate) baton: Arc<Baton>,
    /// Its database.
    pub(crate) database: Database,
    /// The key that seals secrets.
    pub(crate) key: Arc<KeyFile>,
    /// The guarded way to other servers.
    guard: Arc<Guard>,
}

/// What a measurement puts in the place of a node's own parts.
pub(crate) struct Measured {
    /// What answers.
    pub(crate) source: Arc<dyn ChatModel>,
    /// Whether tokens have to pass the gate.
    pub(crate) gate: GateMode,
    /// Who stamps the hand-over.
    pub(crate) watch: Arc<Watch>,
}

/// What is wrong where secrets were sealed with another key than the one that is there, and what to do.
pub(crate) const ANOTHER_KEY: &str = "the secrets in this database were sealed with another key: put the secret.key of \
    the server that made them here, or name it by --secret-key-file; if it is lost, run `baton doctor --forget-secrets`";
/// Threads that embed what visitors say: one message takes about 30 ms of one.
const EMBEDDING_THREADS: usize = 2;

/// The embedding models: of the server that the operator named, else the local ones, as far as their files are there. Each
/// is opened when it is first needed.
pub(crate) fn embedders(data: &Data) -> anyhow::Result<Embedders> {
    let mut embedders = Embedders::default();
    if let Some(server) = &data.models.embeddings {
        let remote = RemoteEmbedder::new(Guard::new(data.models.openings.clone()), server.clone());
        embedders.general = Some(Arc::new(remote) as Arc<dyn Embedder>);
        return Ok(embedders);
    }
    let path = data.model_dir.join("e5-small-q4.bin");
    if path.is_file() {
        let workers = Workers::start(e5::NAME, move || E5::open(&path), EMBEDDING_THREADS)?;
        embedders.general = Some(Arc::new(workers) as Arc<dyn Embedder>);
    }
    let folder = data.model_dir.join("minilm");
    let (weights, tokenizer) = (folder.join("model.safetensors"), folder.join("tokenizer.json"));
    if weights.is_file() && tokenizer.is_file() {
        let workers = Workers::start(minilm::NAME, move || MiniLm::open(&weights, &tokenizer), EMBEDDING_THREADS)?;
        embedders.english = Some(Arc::new(workers) as Arc<dyn Embedder>);
    }
    Ok(embedders)
}

/// Reads documents in processes of this very program, also when another one has taken the place of its file.
fn documents_apart() -> anyhow::Result<Apart> {
    let this = std::path::Path::new("/proc/self/exe");
    let program = if this.exists() { this.to_owned() } else { std::env::current_exe()? };
    Ok(Apart::new(program, &["read-document"], Bounds::default()))
}

impl Node {
    /// Opens the database and builds the application on it. Nothing runs yet.
    pub(crate) async fn open(data: &Data) -> anyhow::Result<Self> {
        Self::with_clock(data, Arc::new(SystemClock)).await
    }

    /// Like [`Node::open`], with a clock of one's own.
    pub(crate) async fn with_clock(data: &Data, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let key = Arc::new(KeyFile::new(data.secret_key_file.clone()));
        Self::built(data, clock, key, None, app::turn::JOBS, None).await
    }

    /// A node of a measurement, with a token source in the place of the model: no configuration leads here.
    pub(crate) async fn measured(
        data: &Data,
        bus: Option<Arc<dyn Bus>>,
        jobs: usize,
        measured: Measured,
    ) -> anyhow::Result<Self> {
        let key = Arc::new(KeyFile::new(data.secret_key_file.clone()));
        Self::built(data, Arc::new(SystemClock), key, bus, jobs, Some(measured)).await
    }

    /// Opens it to serve, alone or beside others. A database that others have is not touched.
    pub(crate) async fn to_serve(data: &Data, others: &Others, jobs: usize) -> anyhow::Result<Self> {
        let key = Arc::new(KeyFile::new(data.secret_key_file.clone()));
        let me = OsEntropy.id(SystemClock.now());
        let bus: Option<Arc<dyn Bus>> = match others {
            Others::None => None,
            _ if data.database_url.starts_with("sqlite://") => {
                let why = "several nodes need a PostgreSQL database: see --database-url";
                return Err(Unusable(why.to_owned()).into());
            }
            Others::ThroughPostgres => Some(Arc::new(PostgresBus::connect(&data.database_url, me).await?)),
            Others::ThroughNats(url) => {
                // The nodes of one database have the same key, and no other installation has it.
                let space: String = key.fingerprint()?.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                let nats = bus::Nats::connect(url, &space, me).await;
                Some(Arc::new(nats.map_err(|error| Unusable(format!("--nats-url: {error}")))?))
            }
        };
        let together = bus.is_some();
        let node = Self::built(data, Arc::new(SystemClock), key, bus, jobs, None).await?;
        if together {
            node.database.serve_together().await?
        } else {
            node.database.serve_alone().await?
        }
        Ok(node)
    }

    async fn built(
        data: &Data,
        clock: Arc<dyn Clock>,
        key: Arc<KeyFile>,
        bus: Option<Arc<dyn Bus>>,
        jobs: usize,
        measured: Option<Measured>,
    ) -> anyhow::Result<Self> {
        let (hub, listener) = match &measured {
            None => {
                let hub = Hub::new(GateMode::On, None);
                (Arc::clone(&hub), hub as Arc<dyn CommitListener>)
            }
            Some(measured) => {
                let hub = Hub::new(measured.gate, Some(Arc::clone(&measured.watch) as _));
                let first = First(Arc::clone(&measured.watch), Arc::clone(&hub) as _);
                (hub, Arc::new(first) as Arc<dyn CommitListener>)
            }
        };
        let database = Database::open(&data.database_url, listener, Arc::clone(&clock)).await?;
        let (database, model): (_, Arc<dyn ChatModel>) = match measured {
            None => (database, Arc::new(BuiltIn)),
            Some(measured) => (database.paced(measured.watch), measured.source),
        };
        let guard = Guard::new(data.models.openings.clone());
        let baton = Baton::new(Parts {
            store: Arc::new(database.clone()),
            hub,
            bus,
            jobs,
            model,
            providers: Arc::new(Remote::new(Arc::clone(&guard))),
            servers_models: data.models.connections.clone(),
            outside: Arc::clone(&guard) as _,
            embedders: embedders(data)?,
            clock,
            entropy: Arc::new(OsEntropy),
            passwords: Arc::new(Argon::new()),
            vault: Arc::clone(&key) as _,
            pictures: Arc::new(media::PictureMaker::default()),
            objects: Arc::new(data.files.open()?),
            documents: Arc::new(documents_apart()?),
            files_quota: data.files_quota,
        });
        Ok(Self { baton, database, key, guard })
    }

    /// Pushes leave from now on. `subject` says who runs this server to whoever runs a push service.
    pub(crate) async fn push(&self, subject: String) -> anyhow::Result<()> {
        let key = self.baton.push_key().await?;
        let pusher = WebPush::new(&key, subject, Arc::clone(&self.guard) as _, Arc::new(SystemClock))?;
        self.baton.push_through(Arc::new(pusher));
        Ok(())
    }

    /// Finds the key that seals secrets, or makes it at the first start. Secrets that were sealed with another one could
    /// not be read.
    pub(crate) async fn ready_key(&self) -> anyhow::Result<()> {
        match self.database.claim_secret_key(self.key.fingerprint()?).await? {
            KeyClaim::Ours => Ok(()),
            KeyClaim::Another => {
                self.key.unmake();
                Err(Unusable(format!("{}: {ANOTHER_KEY}", self.key.path().display())).into())
            }
        }
    }
}
