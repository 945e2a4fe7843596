//! What can go wrong between here and the disk, in a form that many callers of one commit can share.

use std::{error::Error, fmt, sync::Arc};

use ports::Fault;

/// The result of everything below the traits.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// A cause that several callers hold: a failed commit fails every unit in it.
#[derive(Debug, Clone)]
pub(crate) struct Cause(Arc<dyn Error + Send + Sync>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// Why something was not done.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// Not there, or not in this scope.
    NotFound,
    /// It exists already.
    Conflict(&'static str),
    /// Another transaction was in the way: the same again has a good chance.
    Again(Cause),
    /// The database is not there, full, or too slow. Whether a commit in flight came through is unknown.
    Unavailable(Cause),
    /// A defect or damaged data.
    Broken(&'static str, Cause),
}

impl Failure {
    pub(crate) fn broken(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Broken(what, Cause(Arc::from(cause.into())))
    }

    pub(crate) fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(Cause(Arc::from(cause.into())))
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::NotFound,
            Failure::Conflict(what) => Self::Conflict(what),
            Failure::Again(cause) | Failure::Unavailable(cause) => Self::unavailable("the database", cause),
            Failure::Broken(what, cause) => Self::broken(what, cause),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly, SystemIoFailure};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked | DiskFull | SystemIoFailure | CannotOpen | ReadOnly) => {
                Self::unavailable(error)
            }
            _ => Self::broken("an SQLite statement failed", error),
        }
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(state) = error.code().cloned() else {
            // No answer of the server: the connection is gone, unless a value did not fit its column.
            let misfit = !error.is_closed() && error.source().is_some_and(|cause| !cause.is::<std::io::Error>());
            return if misfit { Self::broken("a value does not fit", error) } else { Self::unavailable(error) };
        };
        if state == SqlState::T_R_SERIALIZATION_FAILURE || state == SqlState::T_R_DEADLOCK_DETECTED {
            return Self::Again(Cause(Arc::new(error)));
        }
        // 53 out of resources, 57 the operator intervened, 58 the system failed, 08 the connection failed,
        // 55P03 a lock was not to be had in time, 25006 the primary became a standby.
        let class = &state.code()[..2];
        if matches!(class, "53" | "57" | "58" | "08") || matches!(state.code(), "55P03" | "25006") {
            return Self::unavailable(error);
        }
        Self::broken("a PostgreSQL statement failed", error)
    }
}

impl From<deadpool_postgres::PoolError> for Failure {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Self::from(error),
            other => Self::unavailable(other),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::broken("stored JSON could not be read or written", error)
    }
}
