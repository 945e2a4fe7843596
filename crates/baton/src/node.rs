//! Puts a node together from its adapters.

use std::sync::Arc;

use app::{
    Baton, Parts,
    live::{GateMode, Hub},
};
use models::BuiltIn;
use ports::{conversations::CommitListener, world::Clock};
use store::Database;

use crate::{
    config::Data,
    world::{Argon, OsEntropy, SystemClock},
};

/// A node: the application and its database.
pub(crate) struct Node {
    /// The application.
    pub(crate) baton: Arc<Baton>,
    /// Its database.
    pub(crate) database: Database,
}

impl Node {
    /// Opens the database and builds the application on it. Nothing runs yet.
    pub(crate) async fn open(data: &Data) -> anyhow::Result<Self> {
        Self::with_clock(data, Arc::new(SystemClock)).await
    }

    /// Like [`Node::open`], with a clock of one's own.
    pub(crate) async fn with_clock(data: &Data, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let hub = Hub::new(GateMode::On, None);
        let listener: Arc<dyn CommitListener> = Arc::clone(&hub) as Arc<dyn CommitListener>;
        let database = Database::open(&data.database_url, listener, Arc::clone(&clock)).await?;
        let baton = Baton::new(Parts {
            store: Arc::new(database.clone()),
            hub,
            model: Arc::new(BuiltIn),
            clock,
            entropy: Arc::new(OsEntropy),
            passwords: Arc::new(Argon::new()?),
            pictures: Arc::new(media::AvatarMaker::default()),
        });
        Ok(Self { baton, database })
    }
}
