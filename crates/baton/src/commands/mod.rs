//! The commands.

mod backup;
pub(crate) mod bench;
mod demo;
mod doctor;
mod eval;
mod key;
mod openapi;
mod serve;
mod user;

use std::io::Write;

use clap::Subcommand;
use domain::documents::DocumentKind;

/// What `baton` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves the desk, the share pages and the API
    Serve(Box<serve::Arguments>),
    /// Collaborators
    #[command(subcommand)]
    User(user::Command),
    /// API keys
    #[command(subcommand)]
    Key(key::Command),
    /// Fills an empty database with a sample workspace and prints how to sign in
    Demo(demo::Arguments),
    /// Copies the database into FILE while it is in use
    Backup(backup::Backup),
    /// Puts a copy made by `backup` in the place of the database
    Restore(backup::Restore),
    /// Says what is wrong and how to mend it
    Doctor(doctor::Arguments),
    /// Measures the AI on examples
    #[command(subcommand)]
    Eval(eval::Command),
    /// Measures speed, beside its floors
    #[command(subcommand)]
    Bench(bench::Command),
    /// Prints the OpenAPI document
    #[command(hide = true)]
    Openapi,
    /// Reads one document from stdin, for a server that wants no part in it
    #[command(hide = true)]
    ReadDocument {
        /// Bytes of memory that it may take
        memory: u64,
        /// Seconds that it may compute
        seconds: u64,
        /// What it is
        #[arg(value_parser = kind_of_document)]
        kind: DocumentKind,
    },
}

fn kind_of_document(name: &str) -> Result<DocumentKind, String> {
    DocumentKind::named(name).ok_or_else(|| "no kind of document has this name".to_owned())
}

/// Runs a command.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(arguments) => serve::run(*arguments).await,
        Command::User(command) => user::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Backup(arguments) => backup::backup(arguments).await,
        Command::Restore(arguments) => backup::restore(arguments).await,
        Command::Doctor(arguments) => doctor::run(arguments).await,
        Command::Eval(command) => eval::run(command).await,
        Command::Bench(command) => bench::run(command).await,
        Command::Openapi => openapi::run(),
        Command::ReadDocument { .. } => anyhow::bail!("this command needs a process of its own"),
    }
}

/// Prints a line that somebody or some script reads. Where nobody reads any more (`| head -1`), what was begun is done to its
/// end all the same.
fn print(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
