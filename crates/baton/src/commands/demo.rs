//! `baton demo`: an empty database becomes a workspace that looks lived in.
//!
//! Nothing here writes to the database by itself. The play in `crates/baton/demo/` is acted out through the use cases,
//! on a clock that the play sets and with the real worker and the built-in answerer, so that every row is what the
//! product would have written.

mod clock;
mod play;
mod script;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use anyhow::{Context, bail};
use app::{
    Baton,
    auth::{Browser, KeyTerms, SignedIn},
    setup::PersonDraft,
    sources::SourceDraft,
};
use clap::Args;
use domain::{ChatbotId, Millis, person::Role};
use ports::{
    sources::{SourceKind, SourceStatus},
    world::{Clock, Entropy},
};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, DataArgs, LogFormat, Unusable},
    node::Node,
    telemetry,
    world::{OsEntropy, SystemClock},
};
use clock::DemoClock;
use play::{Cast, Stage};
use script::Script;

/// Where the people of the play call from.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// The workspace was made so long ago, in milliseconds: ten days.
const FOUNDED: i64 = 10 * 24 * 3_600 * 1_000;
/// How often the index is asked whether it is done, and with what pause.
const INDEX_LOOKS: (u32, std::time::Duration) = (400, std::time::Duration::from_millis(50));
/// Sources are looked at in pages of so many.
const PAGE: u32 = 200;
/// Letters of a password: none that look alike.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArgs,
    /// Address that browsers will use, for the share link [default: http://127.0.0.1:8080]
    #[arg(long, env = "BATON_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

/// What a script or a person needs to go on: one JSON object on stdout.
#[derive(Debug, Serialize)]
struct Made {
    email: String,
    password: String,
    chatbot_uuid: String,
    chatbot_name: String,
    share_url: String,
    api_key: String,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    telemetry::logs(LogFormat::Text);
    let address = arguments.public_url.unwrap_or_else(|| format!("http://{}", config::LISTEN));
    let address = config::public_url(&address)?;
    let data = arguments.data.settle()?;
    let script = Script::read()?;
    let today = SystemClock.now();
    let clock = Arc::new(DemoClock::starting_at(today.plus(-FOUNDED)));
    let node = Node::with_clock(&data, Arc::clone(&clock) as Arc<dyn Clock>).await?;
    if !node.baton.needs_setup().await? {
        node.database.close().await;
        return Err(
            Unusable("the demo fills an empty database, and in this one somebody can sign in already".into()).into()
        );
    }
    let stop = CancellationToken::new();
    let work = tokio::spawn(Arc::clone(&node.baton).work(stop.clone()));
    let made = fill(&node.baton, &clock, script, today, &address).await;
    stop.cancel();
    work.await.context("the worker")?;
    node.database.close().await;
    super::print(serde_json::to_string(&made?).context("writing the result")?);
    Ok(())
}

async fn fill(
    baton: &Arc<Baton>,
    clock: &Arc<DemoClock>,
    script: Script,
    today: Millis,
    address: &str,
) -> anyhow::Result<Made> {
    let workspace = script.workspace;
    let (owner_password, agent_password) = (password(), password());
    let draft = |person: &script::Person, password: &str, role| PersonDraft {
        email: person.email.clone(),
        name: person.name.clone(),
        password: password.to_owned(),
        role,
    };
    let owner_draft = draft(&workspace.owner, &owner_password, Role::Owner);
    let (_, _, chatbot) = baton.found(owner_draft, &workspace.name, workspace.chatbot.clone()).await?;
    baton.add_person(draft(&workspace.agent, &agent_password, Role::Agent)).await?;
    let owner = sign_in(baton, &workspace.owner.email, &owner_password).await?;
    let agent = sign_in(baton, &workspace.agent.email, &agent_password).await?;
    baton.set_my_avatar(&owner.staff, Some(script::OWNER_PICTURE.to_vec())).await?;
    baton.set_chatbot_avatar(&owner.staff, chatbot, Some(script::CHATBOT_PICTURE.to_vec())).await?;
    tracing::info!(workspace = workspace.name, "made the workspace and its people");

    let entries = script.knowledge.len();
    for entry in script.knowledge {
        if entry.kind == SourceKind::File {
            baton.upload_source(&owner.staff, chatbot, &entry.title, entry.text.into_bytes(), None).await?;
        } else {
            let draft = SourceDraft { kind: entry.kind, title: entry.title, text: entry.text };
            baton.add_source(&owner.staff, chatbot, draft, None).await?;
        }
    }
    indexed(baton, clock, &owner, chatbot).await?;
    tracing::info!(entries, "indexed the knowledge");

    let chats = script.chats.len();
    let cast = Cast { owner: owner.staff.clone(), agent: agent.staff.clone(), chatbot };
    Stage::new(Arc::clone(baton), Arc::clone(clock), cast).perform(script.chats, today).await?;
    tracing::info!(chats, "played the conversations");

    clock.set(SystemClock.now());
    let person = baton.person_by_email(&workspace.owner.email).await?;
    let api_key = baton.create_key(&person, "Demo", KeyTerms::default()).await?;
    baton.sign_out(&owner.staff).await?;
    baton.sign_out(&agent.staff).await?;
    Ok(Made {
        email: workspace.owner.email,
        password: owner_password,
        chatbot_uuid: chatbot.to_string(),
        chatbot_name: workspace.chatbot.name,
        share_url: format!("{address}/widget/{chatbot}"),
        api_key,
    })
}

async fn sign_in(baton: &Baton, email: &str, password: &str) -> anyhow::Result<SignedIn> {
    let browser = Browser { address: HERE, device: None };
    baton.sign_in(email, password, &browser).await.with_context(|| format!("signing {email} in"))
}

/// Comes back when the AI can answer from every source.
async fn indexed(baton: &Baton, clock: &DemoClock, owner: &SignedIn, chatbot: ChatbotId) -> anyhow::Result<()> {
    let (looks, pause) = INDEX_LOOKS;
    for _ in 0..looks {
        let sources = baton.sources(&owner.staff, chatbot, None, None, PAGE).await?;
        if let Some(failed) = sources.iter().find(|source| matches!(source.status, SourceStatus::Failed(_))) {
            bail!("the entry “{}” could not be indexed", failed.title);
        }
        if sources.iter().all(|source| source.status == SourceStatus::Ready) {
            return Ok(());
        }
        clock.sleep(pause).await;
    }
    bail!("the knowledge was not indexed in time")
}

/// A password that a person can type: 16 letters in groups, 79 bits.
fn password() -> String {
    let secret = OsEntropy.secret();
    let letters: Vec<char> =
        secret[..16].iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}
