//! A folder for a measurement's databases, gone when it ends, however it ends.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ports::world::Clock;

use crate::world::SystemClock;

/// The folder. Dropping it removes it.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes one below `base`, or below the system's folder for temporary files.
    pub(super) fn new(base: Option<&Path>) -> anyhow::Result<Self> {
        let base = base.map_or_else(std::env::temp_dir, Path::to_owned);
        let dir = base.join(format!("baton-bench-{}-{}", SystemClock.now().0, std::process::id()));
        std::fs::create_dir_all(&dir).context("making a folder for the bench")?;
        Ok(Self(dir))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a folder of the bench is left behind");
        }
    }
}
