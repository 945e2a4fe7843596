//! `baton backup` and `baton restore`.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, lchown},
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
    let path = Path::new(path);
    let kept = Database::restore(&arguments.file, path, SystemClock.now()).await?;
    give_to_owner_of_folder(path).context("giving the database to the owner of its folder")?;
    super::print(format_args!("Restored {}.", arguments.file.display()));
    if let Some(kept) = kept {
        super::print(format_args!("What was there before is kept as {}.", kept.display()));
    }
    if let FilesAt::Folder(folder) = &data.files {
        let copied = copy_all(&beside(&arguments.file), folder).context("putting the files that people sent back")?;
        give_to_owner_of_folder(folder).context("giving the files to the owner of their folder")?;
        if copied > 0 {
            super::print(format_args!("Put {copied} files that people sent into {}.", folder.display()));
        }
    }
    Ok(())
}

/// Gives what was put somewhere to whoever owns the folder around it: an administrator restores, the service reads. Nothing
/// happens where the owner is the same, or there is nothing.
fn give_to_owner_of_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let (Ok(folder), Ok(found)) = (fs::metadata(folder), fs::symlink_metadata(path)) else { return Ok(()) };
    if (found.uid(), found.gid()) != (folder.uid(), folder.gid()) && rustix::process::geteuid().is_root() {
        lchown(path, Some(folder.uid()), Some(folder.gid()))?;
    }
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            give_to_owner_of_folder(&entry?.path())?;
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
        // Put back by somebody else than the owner of the folder.
        let owner = |path: &Path| (fs::metadata(path).unwrap().uid(), fs::metadata(path).unwrap().gid());
        if rustix::process::geteuid().is_root() {
            lchown(place.path(), Some(4_321), Some(4_322)).unwrap();
        }
        give_to_owner_of_folder(&to).unwrap();
        assert_eq!(owner(&to.join("workspace/two")), owner(place.path()));
        assert_eq!(owner(&to), owner(place.path()));
        assert_eq!(beside(Path::new("/backups/copy.db")), Path::new("/backups/copy.db.files"));
    }
}
