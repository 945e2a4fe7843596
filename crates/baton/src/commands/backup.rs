//! `baton backup` and `baton restore`.

use std::path::PathBuf;

use clap::Args;
use ports::world::Clock;
use store::Database;

use crate::{
    config::{DataArgs, Unusable},
    node::Node,
    world::SystemClock,
};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    data: DataArgs,
    /// The copy; must not exist
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    data: DataArgs,
    /// A copy made by `baton backup`
    file: PathBuf,
}

pub(super) async fn backup(arguments: Backup) -> anyhow::Result<()> {
    let node = Node::open(&arguments.data.existing()?).await?;
    node.database.backup(&arguments.file).await?;
    super::print(format_args!("Copied the database to {}.", arguments.file.display()));
    super::print(format_args!("The key that opens its secrets is not in it: keep {} too.", node.key.path().display()));
    node.database.close().await;
    Ok(())
}

pub(super) async fn restore(arguments: Restore) -> anyhow::Result<()> {
    let data = arguments.data.settle()?;
    let Some(path) = data.database_url.strip_prefix("sqlite://") else {
        return Err(Unusable("this database is PostgreSQL: use pg_restore, its own tool".to_owned()).into());
    };
    let kept = Database::restore(&arguments.file, path.as_ref(), SystemClock.now()).await?;
    super::print(format_args!("Restored {}.", arguments.file.display()));
    if let Some(kept) = kept {
        super::print(format_args!("What was there before is kept as {}.", kept.display()));
    }
    Ok(())
}
