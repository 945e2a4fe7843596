//! Why a database cannot be used. Each one is a line that an operator can act on.

use crate::failure::Failure;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of no known form.
    #[error("the database address must be sqlite:///absolute/path or postgres://.., not {0:?}")]
    Address(String),
    /// The address of a PostgreSQL server has a mistake.
    #[error("the address of the PostgreSQL server cannot be read")]
    PostgresAddress(#[source] tokio_postgres::Error),
    /// Something that keeps acknowledged messages safe is switched off.
    #[error("the database has {name} = {found}, but Baton needs {wanted}: what it acknowledges must be on disk")]
    Setting {
        /// Name of the setting.
        name: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// A newer Baton has been here.
    #[error(
        "the database is at migration {found}, this Baton knows {known}: start the newer Baton, or restore a backup"
    )]
    Newer {
        /// The newest migration in the database.
        found: i64,
        /// The newest one in this program.
        known: i64,
    },
    /// A migration that was applied is not the one in this program.
    #[error(
        "migration {0} was applied with another text than this Baton has: it is not from the same line of releases"
    )]
    Edited(i64),
    /// Another server has it.
    #[error("another Baton serves this database: stop it first, or give this one a database of its own")]
    InUse,
    /// The database did not answer or refused.
    #[error("the database cannot be opened")]
    Database(#[source] ports::Fault),
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        Self::Database(failure.into())
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Failure::from(error).into()
    }
}
