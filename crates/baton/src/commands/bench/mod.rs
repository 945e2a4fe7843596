//! `baton bench`: figures beside their floors, measured in the same run, with what was lost and doubled.

mod bare;
mod caller;
mod echo;
mod folder;
mod history;
mod inbox;
mod load;
mod messages;
mod page;
mod prepare;
mod process;
mod socket;
mod sockets;
mod source;
mod streamer;
mod takeover;
mod times;
mod token_floor;
mod tokens;
mod understand;
pub(crate) mod watch;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A visitor's message, committed and on the collaborator's socket
    Messages(messages::Arguments),
    /// The memory that an idle visitor costs
    Sockets(sockets::Arguments),
    /// A person's first message while the AI streams: what of the AI comes after it
    Takeover(takeover::Arguments),
    /// The AI's words on their way to visitors
    Tokens(tokens::Arguments),
    /// The first page of the inbox and its counts, in a small workspace and in a large one
    Inbox(inbox::Arguments),
    /// What a visitor's message costs before it is answered: read, judged, and looked up in a large knowledge
    Understand(understand::Arguments),
    /// The bare floor: keeps and passes on messages and does nothing else
    #[command(hide = true)]
    BareFloor(BareFloor),
    /// The floor of `tokens`: writes the same frames and does nothing else
    #[command(hide = true)]
    TokenFloor(token_floor::TokenFloor),
    /// Nodes on a token source, for `takeover` and `tokens`
    #[command(hide = true)]
    Streamer(streamer::Streamer),
}

#[derive(Debug, Args)]
pub(crate) struct BareFloor {
    /// Database file
    file: std::path::PathBuf,
}

/// Reads a number from 1 to `MOST` of an option: what is beyond it is a slip, not a measurement.
fn at_most<const MOST: u64, T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let number = text.parse::<u64>().ok().filter(|number| (1..=MOST).contains(number));
    number.and_then(|number| number.try_into().ok()).ok_or_else(|| format!("write a number from 1 to {MOST}"))
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        // Boxed: the state of a measurement is large.
        Command::Messages(arguments) => Box::pin(messages::run(arguments)).await,
        Command::Sockets(arguments) => Box::pin(sockets::run(arguments)).await,
        Command::Takeover(arguments) => Box::pin(takeover::run(arguments)).await,
        Command::Tokens(arguments) => Box::pin(tokens::run(arguments)).await,
        Command::Inbox(arguments) => Box::pin(inbox::run(arguments)).await,
        Command::Understand(arguments) => Box::pin(understand::run(arguments)).await,
        Command::BareFloor(arguments) => bare::serve(&arguments.file).await,
        Command::TokenFloor(arguments) => token_floor::serve(arguments).await,
        Command::Streamer(arguments) => Box::pin(streamer::serve(arguments)).await,
    }
}
