//! `baton bench`: figures beside their floors, measured in the same run, with what was lost and doubled.

mod bare;
mod load;
mod messages;
mod prepare;
mod process;
mod socket;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A visitor's message, committed and on the collaborator's socket
    Messages(messages::Arguments),
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
        Command::BareFloor(arguments) => bare::serve(&arguments.file).await,
    }
}
