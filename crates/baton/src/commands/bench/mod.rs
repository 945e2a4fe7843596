//! `baton bench`: figures beside their floors, measured in the same run, with what was lost and doubled.

mod bare;
mod caller;
mod folder;
mod history;
mod inbox;
mod load;
mod messages;
mod prepare;
mod process;
mod socket;
mod sockets;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A visitor's message, committed and on the collaborator's socket
    Messages(messages::Arguments),
    /// The memory that an idle visitor costs
    Sockets(sockets::Arguments),
    /// The first page of the inbox and its counts, in a small workspace and in a large one
    Inbox(inbox::Arguments),
    /// The bare floor: keeps and passes on messages and does nothing else
    #[command(hide = true)]
    BareFloor(BareFloor),
}

#[derive(Debug, Args)]
pub(crate) struct BareFloor {
    /// Database file
    file: std::path::PathBuf,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        // Boxed: the state of a measurement is large.
        Command::Messages(arguments) => Box::pin(messages::run(arguments)).await,
        Command::Sockets(arguments) => Box::pin(sockets::run(arguments)).await,
        Command::Inbox(arguments) => Box::pin(inbox::run(arguments)).await,
        Command::BareFloor(arguments) => bare::serve(&arguments.file).await,
    }
}
