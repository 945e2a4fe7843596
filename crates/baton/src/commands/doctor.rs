//! `baton doctor`: what is wrong, and how to mend it.

use clap::Args;
use ports::{embeddings::Purpose, identities::Identities};

use crate::{
    config::{Data, DataArgs},
    models::ModelArgs,
    node::{ANOTHER_KEY, Node, embedders},
};

/// What to do where the key of the secrets cannot be read.
const NO_KEY: &str = "without it `baton serve` does not start: put the secret.key that belongs to this database there, or \
    if it is lost, run `baton doctor --forget-secrets`";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    models: ModelArgs,
    /// Forgets every sealed secret, because their key is lost; they have to be made anew
    #[arg(long)]
    forget_secrets: bool,
}

/// The models of meaning, each tried out, or what goes without one; and what to do about those that cannot be used.
async fn embeddings(data: &Data) -> anyhow::Result<(String, Vec<String>)> {
    let (folder, mend) = match &data.models.embeddings {
        // Its name says where it is.
        Some(_) => (String::new(), "see that its server is reached"),
        None => (format!(" in {}", data.model_dir.display()), "`scripts/models` fetches it anew"),
    };
    let models = embedders(data)?;
    if models.general.is_none() && models.english.is_none() {
        let none = "wishes for a person are recognised by rules and n-grams alone; `scripts/models` fetches one";
        return Ok((format!("none{folder}: {none}"), Vec::new()));
    }
    let (mut names, mut advice) = (Vec::new(), Vec::new());
    for model in [models.general, models.english].into_iter().flatten() {
        let name = model.model();
        match model.embed(Purpose::Query, vec!["hello".to_owned()]).await {
            Ok(_) => names.push(name.to_owned()),
            Err(error) => {
                names.push(format!("{name} (cannot be used)"));
                advice
                    .push(format!("The model {name} cannot be used ({error}). Until then words are compared; {mend}."));
            }
        }
    }
    Ok((format!("{}{folder}", names.join(", ")), advice))
}

/// Who answers where nobody has chosen another model in the desk.
fn models(data: &Data) -> String {
    let named = data.models.connections.iter().map(|one| {
        let key = if one.key.is_some() { "with a key" } else { "without a key" };
        let settings = &one.settings;
        format!("{}/{} at {}, {key}", settings.provider.name(), settings.model, settings.base())
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { "built-in answerer, no key needed".to_owned() } else { named.join("; then ") }
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let data = arguments.models.settle_with_file(arguments.data.existing()?)?;
    let node = Node::open(&data).await?;
    if arguments.forget_secrets {
        let forgotten = node.database.forget_sealed().await?;
        super::print(format_args!("Forgot {forgotten} sealed secrets: make new ones in the desk."));
    }
    let facts = node.database.check().await?;
    super::print(format_args!("data folder    {}", data.dir.display()));
    super::print(format_args!("database       {} {}, migration {}", facts.engine, facts.version, facts.migration));
    for (name, value) in &facts.settings {
        super::print(format_args!("               {name} = {value}"));
    }
    super::print(format_args!("conversations  {} with {} events", facts.conversations, facts.events));
    super::print(format_args!("jobs           {} waiting or running, {} given up", facts.jobs, facts.dead_jobs));
    super::print(format_args!("AI             {}", models(&data)));
    let (embeddings, embeddings_advice) = embeddings(&data).await?;
    super::print(format_args!("embeddings     {embeddings}"));

    // What keeps Baton from running well or at all, and what is only to be known.
    let (mut hindrances, mut advice) = (Vec::new(), embeddings_advice);
    if !facts.damage.is_empty() {
        hindrances.push(format!(
            "The database is damaged ({}). Stop the server and put the last backup back: baton restore FILE",
            facts.damage.join("; ")
        ));
    }
    if let Some(sealed_with) = node.database.secret_key().await? {
        match node.key.existing() {
            Ok(ours) if ours == sealed_with => {}
            Ok(_) => hindrances.push(format!("{}: {ANOTHER_KEY}", node.key.path().display())),
            Err(error) => hindrances.push(format!("{error:#}: {NO_KEY}")),
        }
    }
    if facts.dead_jobs > 0 {
        let dead = node.baton.store().dead(3).await?;
        let causes: Vec<_> = dead.iter().map(|job| format!("{}: {}", job.task.kind(), job.error)).collect();
        advice.push(format!("Some jobs were given up ({}). The log has the whole cause.", causes.join("; ")));
    }
    if node.baton.needs_setup().await? {
        advice
            .push("Nobody can sign in yet. Run `baton serve` and follow the set-up code, or `baton user add`.".into());
    }
    let fine = hindrances.is_empty();
    if fine && advice.is_empty() {
        super::print("All is well.");
    }
    let advice = hindrances.into_iter().chain(advice);
    for line in advice {
        super::print(format_args!("! {line}"));
    }
    node.database.close().await;
    anyhow::ensure!(fine, "this has to be mended first, see above");
    Ok(())
}
