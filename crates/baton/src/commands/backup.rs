//! `baton backup` and `baton restore`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use ports::world::Clock;
use store::Database;

use crate::{
    config::{DataArgs, Unusable},
    files::{FilesArgs, FilesAt},
    node::Node,
    world::SystemClock,
};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    files: FilesArgs,
    /// The copy; must not exist. Files that people sent go into a folder beside it, FILE.files
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    files: FilesArgs,
    /// A copy made by `baton backup`, with FILE.files beside it if people have sent files
    file: PathBuf,
}

pub(super) async fn backup(arguments: Backup) -> anyhow::Result<()> {
    let data = arguments.files.settle_with_file(arguments.data.existing()?)?;
    let node = Node::open(&data).await?;
    node.database.backup(&arguments.file).await?;
    super::print(format_args!("Copied the database to {}.", arguments.file.display()));
    match &data.files {
        FilesAt::Folder(folder) => {
            // After the database: whatever that names was there before.
            let beside = beside(&arguments.file);
            let copied = copy_all(folder, &beside).context("copying the files that people sent")?;
            if copied > 0 {
                super::print(format_args!("Copied {copied} files that people sent to {}.", beside.display()));
            }
        }
        FilesAt::Bucket(bucket) => {
            super::print(format_args!("Files that people sent are not in it: they are in the bucket {}.", bucket.name));
        }
    }
    super::print(format_args!("The key that opens its secrets is not in it: keep {} too.", node.key.path().display()));
    node.database.close().await;
    Ok(())
}

pub(super) async fn restore(arguments: Restore) -> anyhow::Result<()> {
    let data = arguments.files.settle_with_file(arguments.data.settle()?)?;
    let Some(path) = data.database_url.strip_prefix("sqlite://") else {
        return Err(Unusable("this database is PostgreSQL: use pg_restore, its own tool".to_owned()).into());
    };
    let kept = Database::restore(&arguments.file, path.as_ref(), SystemClock.now()).await?;
    super::print(format_args!("Restored {}.", arguments.file.display()));
    if let Some(kept) = kept {
        super::print(format_args!("What was there before is kept as {}.", kept.display()));
    }
    if let FilesAt::Folder(folder) = &data.files {
        let copied = copy_all(&beside(&arguments.file), folder).context("putting the files that people sent back")?;
        if copied > 0 {
            super::print(format_args!("Put {copied} files that people sent into {}.", folder.display()));
        }
    }
    Ok(())
}

/// The folder for files beside a copy of the database.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".files");
    name.into()
}

/// Copies a folder with all that is in it, and says how many files that were; none where there is no folder. Files never
/// change: what is there already stays, and what is removed meanwhile is left out.
fn copy_all(from: &Path, to: &Path) -> io::Result<usize> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut copied = 0;
    for entry in entries {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copied += copy_all(&path, &target)?;
            continue;
        }
        // What is just being written has a name with this sign in it.
        if entry.file_name().to_string_lossy().contains('#') {
            continue;
        }
        fs::create_dir_all(to)?;
        match fs::copy(&path, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => {
                done?;
                fs::File::open(&target)?.sync_all()?;
                copied += 1;
            }
        }
    }
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_whole_and_again() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("files"), place.path().join("copy.db.files"));
        assert_eq!(copy_all(&from, &to).unwrap(), 0, "there is none");
        assert!(!to.exists());
        fs::create_dir_all(from.join("workspace")).unwrap();
        for name in ["one", "two", "three#1"] {
            fs::write(from.join("workspace").join(name), name).unwrap();
        }
        assert_eq!(copy_all(&from, &to).unwrap(), 2, "what is being written is left out");
        assert_eq!(fs::read(to.join("workspace/two")).unwrap(), b"two");
        assert_eq!(copy_all(&from, &to).unwrap(), 2);
        assert_eq!(beside(Path::new("/backups/copy.db")), Path::new("/backups/copy.db.files"));
    }
}
