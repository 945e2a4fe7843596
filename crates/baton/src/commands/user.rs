//! `baton user`: collaborators, from the server's own terminal.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use app::setup::PersonDraft;
use clap::{Args, Subcommand};
use domain::person::Role;

use crate::{config::DataArgs, node::Node};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Adds a collaborator; the password comes from stdin. The first one owns the workspace that is made for them
    Add(Add),
    /// Sets a new password, which comes from stdin; all sessions of that person end
    Password(Password),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    data: DataArgs,
    /// E-mail address to sign in with
    #[arg(long)]
    email: String,
    /// Name as visitors see it
    #[arg(long)]
    name: String,
    /// owner, admin, agent or viewer
    #[arg(long, value_parser = role)]
    role: Role,
}

#[derive(Debug, Args)]
pub(crate) struct Password {
    #[command(flatten)]
    data: DataArgs,
    /// E-mail address of the collaborator
    #[arg(long)]
    email: String,
}

pub(super) fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| "must be owner, admin, agent or viewer".to_owned())
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => {
            let node = Node::open(&add.data.settle()?).await?;
            let first = node.baton.needs_setup().await?;
            let draft = PersonDraft { email: add.email, name: add.name, password: password()?, role: add.role };
            node.baton.add_person(draft).await?;
            super::print(if first { "Made the workspace and its owner." } else { "Added." });
            node.database.close().await;
        }
        Command::Password(change) => {
            let node = Node::open(&change.data.existing()?).await?;
            node.baton.reset_password(&change.email, &password()?).await?;
            super::print("Changed. All sessions of that person have ended.");
            node.database.close().await;
        }
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a prompt is for the person at the terminal")]
fn password() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprint!("Password (it is shown while you type): ");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).context("reading the password from stdin")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password on stdin");
    }
    Ok(password.to_owned())
}
