//! Copies of a database file, made while it is in use and checked before anybody relies on them.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use domain::Millis;
use ports::{Fault, Result};
use rusqlite::{Connection, OpenFlags};

use super::read_only;
use crate::failure::{Failure, Outcome};

/// Copies a database into a new file. One read transaction of a connection of its own: the writer goes on, and the copy
/// is one moment of the database.
pub(crate) fn backup(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Fault::Conflict("the backup file"));
    }
    let partial = beside(to, "partial");
    remove(&partial)?;
    let made = copy(from, &partial).and_then(|()| {
        sync(&partial)?;
        fs::rename(&partial, to).map_err(|error| Fault::broken("the backup could not be given its name", error))?;
        sync_folder(to)
    });
    if made.is_err() {
        remove(&partial)?;
    }
    made
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    // Not the page by page copy: that starts over whenever somebody writes, and on a busy database never ends.
    let source = read_only(from)?;
    // It writes no page of the source, but SQLite counts the new file as writing.
    source.execute_batch("pragma query_only = off").map_err(Failure::from)?;
    let name = to.to_str().ok_or_else(|| Fault::broken("the backup's path is not text", "it is not UTF-8"))?;
    source
        .execute("vacuum into ?1", [name])
        .map_err(|error| Fault::broken("the backup could not be written", error))?;
    expect_whole(to)
}

/// Opens a copy and looks at every page of it.
fn expect_whole(copy: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(Failure::from)?;
    let damage = pragma_lines(&connection, "integrity_check")?;
    if !damage.is_empty() {
        return Err(Fault::broken("the copy is damaged", damage.join("; ")));
    }
    let migrations = connection.query_row("select count(*) from migration", [], |row| row.get::<_, i64>(0));
    match migrations {
        Ok(1..) => Ok(()),
        Ok(_) => Err(Fault::broken("the copy is not a database of Baton", "it has no migrations")),
        Err(error) => Err(Fault::broken("the copy is not a database of Baton", error)),
    }
}

/// Puts a copy in the place of a database that nobody uses, which is kept under another name.
pub(crate) fn restore(from: &Path, to: &Path, now: Millis) -> Result<Option<PathBuf>> {
    expect_whole(from)?;
    let partial = beside(to, "partial");
    remove(&partial)?;
    let copied = fs::copy(from, &partial).map_err(|error| Fault::broken("the backup could not be copied", error));
    let ready = copied.and_then(|_| sync(&partial)).and_then(|()| to.exists().then(|| set_aside(to, now)).transpose());
    if ready.is_err() {
        remove(&partial)?;
    }
    let kept = ready?;
    // Pages that belong to the database that was here must not be read into the one that comes.
    remove(&beside_log(to, "-wal"))?;
    remove(&beside_log(to, "-shm"))?;
    fs::rename(&partial, to).map_err(|error| Fault::broken("the backup could not be put in place", error))?;
    sync_folder(to)?;
    Ok(kept)
}

/// Folds the log of a database that nobody uses and gives the file another name.
fn set_aside(database: &Path, now: Millis) -> Result<PathBuf> {
    let in_use = |error: rusqlite::Error| Fault::broken("the database is in use or damaged: stop Baton first", error);
    let connection = Connection::open(database).map_err(in_use)?;
    connection
        .execute_batch("pragma locking_mode = exclusive; begin exclusive; commit; pragma wal_checkpoint(truncate);")
        .map_err(in_use)?;
    drop(connection);
    let kept = beside(database, &format!("before-restore-{}", now.0));
    fs::rename(database, &kept).map_err(|error| Fault::broken("the database could not be set aside", error))?;
    Ok(kept)
}

/// Engine, version, settings and damage.
pub(crate) type Known = (&'static str, String, Vec<(&'static str, String)>, Vec<String>);

pub(crate) fn facts(connection: &Connection) -> Outcome<Known> {
    let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    // Set by the connection that writes and refused there if it did not take.
    let settings = vec![("journal_mode", journal), ("synchronous", "full".to_owned())];
    let damage = pragma_lines(connection, "quick_check")?;
    Ok(("SQLite", rusqlite::version().to_owned(), settings, damage))
}

/// What a check found, without its "ok".
fn pragma_lines(connection: &Connection, pragma: &str) -> Outcome<Vec<String>> {
    let mut lines = Vec::new();
    connection.pragma_query(None, pragma, |row| {
        lines.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    lines.retain(|line| line != "ok");
    Ok(lines)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    beside_log(path, &format!(".{suffix}"))
}

fn beside_log(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Fault::broken("a file could not be removed", error))
        }
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| Fault::broken("a file could not be synced", error))
}

fn sync_folder(of: &Path) -> Result<()> {
    match of.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => sync(folder),
        _ => Ok(()),
    }
}
