//! What can go wrong outside.

use std::error::Error;

/// The result of a port.
pub type Result<T> = std::result::Result<T, Fault>;

/// Something outside failed. The whole cause chain is for the log; the outside reads a stable code only.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// What was looked for is not there, or not in this scope.
    #[error("not found")]
    NotFound,
    /// It exists already.
    #[error("{0} exists already")]
    Conflict(&'static str),
    /// The other side is not there right now, or too slow; trying again may help.
    #[error("{what} is not available")]
    Unavailable {
        /// Which part.
        what: &'static str,
        /// Why.
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },
    /// A defect or damaged data.
    #[error("{what}")]
    Broken {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },
}

impl Fault {
    /// A defect or damaged data.
    pub fn broken(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Broken { what, cause: cause.into() }
    }

    /// The other side is not there right now.
    pub fn unavailable(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable { what, cause: cause.into() }
    }
}
