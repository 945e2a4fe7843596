//! For a simulator that decides in which order things happen: operations of the database begin when it says so.

use futures_util::future::BoxFuture;
use ports::{Fault, conversations::Unit};

/// What is asked of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Something is read.
    Read,
    /// A command on a conversation.
    Command,
    /// A read mark is moved.
    Mark,
    /// Something else is changed.
    Write,
}

/// Decides when an operation begins, whether it does, and whether its caller hears of its end.
pub trait Pace: Send + Sync + 'static {
    /// Runs an operation to its end, when it pleases; a fault is all that the caller hears then.
    fn run(&self, what: Operation, operation: BoxFuture<'static, ()>) -> BoxFuture<'static, Result<(), Fault>>;

    /// A command before it is handed in.
    fn unit(&self, unit: Unit) -> Unit {
        unit
    }
}
