//! `baton key`: API keys.

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::{ChatbotId, person::Role};

use crate::{config::DataArgs, node::Node};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes an API key and prints it, this once
    Create(Create),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    data: DataArgs,
    /// Whose key it is: messages sent with it are that person's
    #[arg(long)]
    email: String,
    /// What it is for
    #[arg(long)]
    name: String,
    /// Its role, no more than the person's [default: the person's]
    #[arg(long, value_parser = super::user::role)]
    role: Option<Role>,
    /// Only for this chatbot
    #[arg(long, value_name = "UUID")]
    chatbot: Option<ChatbotId>,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Create(create) = command;
    let node = Node::open(&create.data.existing()?).await?;
    let person = node.baton.person_by_email(&create.email).await.context(create.email.clone())?;
    let key = node.baton.create_key(&person, &create.name, create.role, create.chatbot).await?;
    super::print(key);
    node.database.close().await;
    Ok(())
}
