//! A workspace to measure on: live conversations, each with its visitor.

use std::{net::Ipv4Addr, path::Path};

use anyhow::Context;
use app::{
    auth::{KeyTerms, Staff},
    identify::Introduction,
    setup::PersonDraft,
    sources::SourceDraft,
};
use domain::{
    ChatbotId, ConversationId, PersonId,
    chatbot::{MessageLimit, Settings},
    embed::Place,
    limits::FILES_QUOTA,
    person::Role,
};
use futures_util::{StreamExt, stream};
use ports::{Scope, conversations::VisitorFacts, sources::SourceKind};

use crate::{config::Data, files::FilesAt, models::Models, node::Node};

/// Units of work on their way while a database is filled: enough to share commits.
pub(super) const AT_A_TIME: usize = 256;

/// Live pairs beside streams of tokens.
const LIVE: usize = 4;

/// What a load needs to take part.
pub(super) struct Workspace {
    pub(super) scope: Scope,
    /// The collaborator's API key.
    pub(super) key: String,
    /// The conversations.
    pub(super) pairs: Vec<Pair>,
}

/// What streams of tokens are measured on.
pub(super) struct Streams {
    /// The collaborator's API key.
    pub(super) key: String,
    /// Conversations in which the AI answers.
    pub(super) pairs: Vec<Pair>,
    /// Live conversations.
    pub(super) live: Vec<Pair>,
}

/// A conversation.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) conversation: ConversationId,
    /// The visitor's token.
    pub(super) token: String,
}

/// What a log holds, read by another process than the one that wrote it.
pub(super) struct Stored {
    /// Entries of all logs.
    pub(super) events: u64,
    /// Newest `seq` and `visitor_seq` of each pair's conversation.
    pub(super) heads: Vec<(i64, i64)>,
}

impl Stored {
    /// Reads it.
    pub(super) async fn read(data: &Data, workspace: &Workspace) -> anyhow::Result<Self> {
        let node = Node::open(data).await?;
        let events = node.database.check().await?.events;
        let mut heads = Vec::with_capacity(workspace.pairs.len());
        for pair in &workspace.pairs {
            let row = node.baton.store().row(workspace.scope, pair.conversation).await?;
            heads.push((row.state.seq, row.state.visitor_seq));
        }
        node.database.close().await;
        Ok(Self { events, heads })
    }
}

/// Where a workspace for measuring lives.
pub(super) fn data(dir: &Path, database_url: Option<&str>) -> Data {
    let file = format!("sqlite://{}", dir.join("baton.db").display());
    Data {
        dir: dir.to_owned(),
        database_url: database_url.map_or(file, str::to_owned),
        secret_key_file: dir.join("secret.key"),
        model_dir: dir.join("models"),
        files: FilesAt::Folder(dir.join("files")),
        files_quota: FILES_QUOTA,
        models: Models::default(),
    }
}

/// Fills an empty database.
pub(super) async fn workspace(data: &Data, pairs: usize) -> anyhow::Result<Workspace> {
    let node = Node::open(data).await?;
    let (scope, person, chatbot) = found(&node).await?;
    unlimited(&node, scope, chatbot).await?;
    let person = node.baton.directory().person(person).await?;
    let key = node.baton.create_key(&person, "bench", KeyTerms::default()).await?;
    let staff: Staff = node.baton.staff_by_key(&key).await?;
    let made = live(&node, &staff, chatbot, pairs).await?;
    node.database.close().await;
    Ok(Workspace { scope, key, pairs: made })
}

/// Fills an empty database with visitors who have said nothing yet, and a few live pairs.
pub(super) async fn streams(data: &Data, count: usize) -> anyhow::Result<Streams> {
    let node = Node::open(data).await?;
    let (scope, person, chatbot) = found(&node).await?;
    unlimited(&node, scope, chatbot).await?;
    let person = node.baton.directory().person(person).await?;
    let key = node.baton.create_key(&person, "bench", KeyTerms::default()).await?;
    let staff: Staff = node.baton.staff_by_key(&key).await?;
    let live = live(&node, &staff, chatbot, LIVE).await?;
    let pairs = open(&node, chatbot, count).await?;
    node.database.close().await;
    Ok(Streams { key, pairs, live })
}

/// Puts sections of text into the knowledge of the chatbot, as its owner.
pub(super) async fn knowledge(
    node: &Node,
    person: PersonId,
    chatbot: ChatbotId,
    sources: impl Iterator<Item = (String, String)>,
) -> anyhow::Result<Staff> {
    let person = node.baton.directory().person(person).await?;
    let key = node.baton.create_key(&person, "bench", KeyTerms::default()).await?;
    let staff = node.baton.staff_by_key(&key).await?;
    for (title, text) in sources {
        let draft = SourceDraft { kind: SourceKind::Text, title, text };
        node.baton.add_source(&staff, chatbot, draft, None).await?;
    }
    Ok(staff)
}

/// A load writes more than any visitor may: the limit itself stays in the path, but never stops it.
async fn unlimited(node: &Node, scope: Scope, chatbot: ChatbotId) -> anyhow::Result<()> {
    let unlimited = MessageLimit { messages: u32::MAX, seconds: 1, ..MessageLimit::default() };
    let settings = Settings { message_limit: unlimited, ..Settings::default() };
    let version = node.baton.store().chatbot(scope, chatbot).await?.version;
    node.baton.store().save_settings(scope, chatbot, version, &settings).await?;
    Ok(())
}

/// Makes live conversations.
async fn live(node: &Node, staff: &Staff, chatbot: ChatbotId, count: usize) -> anyhow::Result<Vec<Pair>> {
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let address = address(number)?;
        let grant = node
            .baton
            .welcome(chatbot, VisitorFacts::default(), None, Introduction::default(), address.into(), &Place::Page)
            .await?;
        node.baton.reply(staff, grant.conversation, "first", "Hello.").await?;
        made.push(Pair { conversation: grant.conversation, token: grant.token });
    }
    Ok(made)
}

/// Fills an empty database with visitors who have opened a page and said nothing.
pub(super) async fn visitors(data: &Data, count: usize) -> anyhow::Result<Vec<Pair>> {
    let node = Node::open(data).await?;
    let (_, _, chatbot) = found(&node).await?;
    let made = open(&node, chatbot, count).await?;
    node.database.close().await;
    Ok(made)
}

/// Makes visitors with a conversation each, many at a time.
pub(super) async fn open(node: &Node, chatbot: ChatbotId, count: usize) -> anyhow::Result<Vec<Pair>> {
    let mut made = Vec::with_capacity(count);
    let mut coming = stream::iter(0..count)
        .map(|number| async move {
            let address = address(number)?;
            let grant = node
                .baton
                .welcome(chatbot, VisitorFacts::default(), None, Introduction::default(), address.into(), &Place::Page)
                .await?;
            anyhow::Ok(Pair { conversation: grant.conversation, token: grant.token })
        })
        .buffered(AT_A_TIME);
    while let Some(pair) = coming.next().await {
        made.push(pair?);
    }
    Ok(made)
}

/// Makes the workspace with its owner.
pub(super) async fn found(node: &Node) -> anyhow::Result<(Scope, PersonId, ChatbotId)> {
    let owner = PersonDraft {
        email: "bench@example.com".into(),
        name: "Bench".into(),
        password: "not for people".into(),
        role: Role::Owner,
    };
    Ok(node.baton.found(owner, "Bench", Settings::default()).await?)
}

/// Each visitor comes from an address of their own, as in life.
fn address(number: usize) -> anyhow::Result<Ipv4Addr> {
    Ok(Ipv4Addr::from(0x0a00_0000 + u32::try_from(number).context("so many visitors")?))
}
