//! A disk that forgets what was not synced: `disk.c`, loaded in front of the C library of a server.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use tempfile::TempDir;
use testkit::fakes::SeededEntropy;

use crate::{
    ground::Ground,
    program::{Folder, Serving},
};

/// What of a database can be cut in the middle.
const FILES: [&str; 3] = ["baton.db", "baton.db-wal", "baton.db-journal"];
/// A disk writes so many bytes, or none of them.
const SECTOR: usize = 512;

/// What a disk is obliged to have: the twins of a database's files.
pub(crate) struct Disk {
    real: PathBuf,
    kept: TempDir,
}

/// Builds it once. A C compiler is needed for Baton itself, too.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chaos/disk.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("disk-{}.so", std::process::id()));
        let built = Command::new("cc")
            .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .status()
            .unwrap();
        assert!(built.success(), "disk.c does not compile");
        library
    })
}

impl Disk {
    /// Under the data of a folder. Everything that is there now was synced.
    pub(crate) fn under(folder: &Folder) -> Self {
        let disk = Self { real: folder.path().join("data"), kept: tempfile::tempdir().unwrap() };
        for name in FILES {
            if disk.real.join(name).exists() {
                std::fs::copy(disk.real.join(name), disk.kept.path().join(name)).unwrap();
            }
        }
        disk
    }

    /// A server on it.
    pub(crate) async fn serve(&self, ground: &Ground) -> Serving {
        let variables =
            [("LD_PRELOAD", library().to_str().unwrap()), ("BATON_DISK_KEPT", self.kept.path().to_str().unwrap())];
        ground.serve(&[], &variables).await
    }

    /// From now on nothing more can be written, or everything again.
    pub(crate) fn is_full(&self, full: bool) {
        self.flag("full", full);
    }

    /// From now on every sync takes so many milliseconds.
    pub(crate) fn syncs_in(&self, milliseconds: u32) {
        std::fs::write(self.kept.path().join("slow"), milliseconds.to_string()).unwrap();
    }

    /// The power goes in the middle of one of the next syncs, the first or a later one.
    pub(crate) fn power_goes_in_sync(&self, number: u64) {
        std::fs::write(self.kept.path().join("cut"), number.to_string()).unwrap();
    }

    /// From now on it says that it has synced, and has not.
    pub(crate) fn lies(&self, lies: bool) {
        self.flag("lies", lies);
    }

    fn flag(&self, name: &str, on: bool) {
        let path = self.kept.path().join(name);
        if on { std::fs::write(path, "").unwrap() } else { std::fs::remove_file(path).unwrap() }
    }

    /// The power was cut: of what was written and not synced so many in a hundred sectors are there, by chance. Gives how
    /// many were at stake, and how many of them were forgotten.
    pub(crate) fn power_cut(&self, chance: &SeededEntropy, stays: u64) -> (usize, usize) {
        // The power is back for the next server.
        let _ = std::fs::remove_file(self.kept.path().join("cut"));
        self.forget(|| chance.below(100) >= stays)
    }

    /// The power was cut, and all that was not synced is gone.
    pub(crate) fn forgets_all(&self) {
        self.forget(|| true);
    }

    fn forget(&self, mut forgets: impl FnMut() -> bool) -> (usize, usize) {
        let (mut at_stake, mut forgotten) = (0, 0);
        for name in FILES {
            let (real, kept) = (self.real.join(name), self.kept.path().join(name));
            let Ok(mut written) = std::fs::read(&real) else { continue };
            let synced = std::fs::read(&kept).unwrap_or_default();
            let longer = written.len() > synced.len();
            if longer && forgets() {
                // The length is news, too.
                written.truncate(synced.len());
                (at_stake, forgotten) = (at_stake + 1, forgotten + 1);
            }
            for at in (0..written.len()).step_by(SECTOR) {
                let end = (at + SECTOR).min(written.len());
                let before = |at: usize| synced.get(at).copied().unwrap_or(0);
                if (at..end).all(|byte| written[byte] == before(byte)) {
                    continue;
                }
                at_stake += 1;
                if forgets() {
                    forgotten += 1;
                    (at..end).for_each(|byte| written[byte] = before(byte));
                }
            }
            std::fs::write(&real, &written).unwrap();
            std::fs::write(&kept, &written).unwrap();
        }
        // It is memory that processes share, and gone.
        let _ = std::fs::remove_file(self.real.join("baton.db-shm"));
        (at_stake, forgotten)
    }
}
