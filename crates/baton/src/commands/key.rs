//! `baton key`: API keys.

use anyhow::Context;
use app::auth::KeyTerms;
use clap::{Args, Subcommand};
use domain::{ChatbotId, Millis, person::Role};
use ports::{accounts::KeyEntry, world::Clock};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{config::DataArgs, node::Node, world::SystemClock};

/// Keys that are read at once.
const PAGE: u32 = 100;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes an API key and prints it, this once
    Create(Create),
    /// Prints the keys that there are, one a line: id, whose, role, chatbot, made, ends, name
    List(List),
    /// Takes a key back: it opens nothing any more
    Revoke(Revoke),
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
    /// Ends after so many days [default: when it is revoked]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    data: DataArgs,
    /// Its id, as `baton key list` prints it
    #[arg(value_name = "ID")]
    id: Uuid,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create(create) => self::create(create).await,
        Command::List(list) => self::list(list).await,
        Command::Revoke(revoke) => self::revoke(revoke).await,
    }
}

async fn create(create: Create) -> anyhow::Result<()> {
    let node = Node::open(&create.data.existing()?).await?;
    let person = node.baton.person_by_email(&create.email).await.context(create.email.clone())?;
    let terms = KeyTerms { role: create.role, chatbot: create.chatbot, days: create.days };
    let key = node.baton.create_key(&person, &create.name, terms).await?;
    super::print(key);
    node.database.close().await;
    Ok(())
}

async fn list(list: List) -> anyhow::Result<()> {
    let node = Node::open(&list.data.existing()?).await?;
    let scope = node.baton.operator_scope().await?;
    let mut after = None;
    // Each page begins behind the one before it.
    loop {
        let page = node.baton.api_keys(scope, after, PAGE).await?;
        page.iter().for_each(|key| super::print(line(key, SystemClock.now())));
        after = page.last().map(|key| key.id);
        if page.len() < PAGE as usize {
            break;
        }
    }
    node.database.close().await;
    Ok(())
}

async fn revoke(revoke: Revoke) -> anyhow::Result<()> {
    let node = Node::open(&revoke.data.existing()?).await?;
    let scope = node.baton.operator_scope().await?;
    node.baton.end_api_key(scope, revoke.id).await.with_context(|| format!("key {}", revoke.id))?;
    super::print(format_args!("Revoked {}.", revoke.id));
    node.database.close().await;
    Ok(())
}

/// A day by the clock of the whole world.
fn day(at: Millis) -> String {
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000))
        .map_or_else(|_| "?".to_owned(), |at| at.date().to_string())
}

/// What is said of a key; a script cuts it at the tabs.
fn line(key: &KeyEntry, now: Millis) -> String {
    let ends = match key.until {
        None => "no end".to_owned(),
        Some(until) if until <= now => format!("ended {}", day(until)),
        Some(until) => format!("ends {}", day(until)),
    };
    let chatbot = key.chatbot.map_or_else(|| "all chatbots".to_owned(), |id| id.to_string());
    let fields = [key.id.to_string(), key.email.clone(), key.role.name().to_owned(), chatbot, day(key.at), ends];
    format!("{}\t{}", fields.join("\t"), key.name)
}
