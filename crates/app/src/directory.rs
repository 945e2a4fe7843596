//! People and chatbots, kept at hand: every message needs them and they change rarely.
//!
//! What this node changes is forgotten at once, here and, over the bus, elsewhere; without a bus, or when it loses the
//! word, another process notices after [`FRESH`].

use std::{sync::Arc, time::Duration};

use domain::{
    AgentId, ChatbotId, PersonId, WorkspaceId,
    chatbot::{Settings, Visibility},
    conversation::Policy,
};
use moka::future::Cache;
use ports::{
    Fault, Scope, Store,
    accounts::Person,
    ai_models::{ModelsOf, StoredModels, StoredTool},
    bus::{Kept, Message},
    chatbots::{Agent, AgentKind, Chatbot},
    identities::SealedSecret,
    labels::Label,
};
use supervisor::IntentIndex;

use crate::{
    error::{AppError, Result},
    live::Hub,
    meaning::Group,
};

/// How long something is kept without another look at the database.
const FRESH: Duration = Duration::from_secs(2);
/// People who are mailed of one request, at most: of those who may answer it.
const MOST_MAILED: u32 = 200;
/// Most chatbots and people kept.
const KEPT: u64 = 10_000;

/// A chatbot with all that answering needs.
#[derive(Debug)]
pub struct Profile {
    /// The chatbot.
    pub chatbot: Chatbot,
    /// Its AI agents.
    pub agents: Vec<Agent>,
    /// The examples of every intent, of the hand-over first and then of each connected agent.
    pub groups: Vec<Group>,
    /// What stands for them.
    pub(crate) examples_digest: [u8; 32],
    /// The same, ready to compare their spelling; the names are their places.
    pub(crate) spelled: IntentIndex,
    /// What its website signs with.
    pub signing: Option<SealedSecret>,
    /// Which models answer.
    pub models: Models,
}

/// What is chosen of models for a chatbot.
#[derive(Debug, Default)]
pub struct Models {
    /// Its own.
    pub own: StoredModels,
    /// Those of its workspace.
    pub workspace: StoredModels,
    /// The functions that they may call.
    pub tools: Vec<StoredTool>,
}

impl Profile {
    fn new(chatbot: Chatbot, agents: Vec<Agent>, signing: Option<SealedSecret>, models: Models) -> Self {
        let escalation = &chatbot.settings.escalation;
        let own = escalation.intents.iter().map(|intent| Group {
            agent: None,
            name: intent.name.clone(),
            examples: intent.examples.clone(),
            label: None,
        });
        let connected = agents.iter().filter(|agent| agent.enabled);
        let theirs = connected.flat_map(|agent| {
            agent.settings.intents.iter().map(|intent| Group {
                agent: Some(agent.id),
                name: intent.name.clone(),
                examples: intent.examples.clone(),
                label: intent.label,
            })
        });
        let groups: Vec<Group> = own.chain(theirs).collect();
        let numbered = groups.iter().enumerate();
        let numbered: Vec<supervisor::Intent> = numbered
            .map(|(place, group)| supervisor::Intent { name: place.to_string(), examples: group.examples.clone() })
            .collect();
        Self {
            spelled: IntentIndex::build(&numbered),
            examples_digest: Self::digest_of(&groups, &escalation.output_triggers),
            groups,
            chatbot,
            agents,
            signing,
            models,
        }
    }

    /// The same with other settings, as if they were saved. Who answers and what they may call is left out: it is judged by,
    /// and answers nobody.
    pub(crate) fn with(&self, settings: Settings) -> Self {
        let chatbot = Chatbot { settings, ..self.chatbot.clone() };
        Self::new(chatbot, self.agents.clone(), None, Models::default())
    }

    /// What the conversation machine has to know of the settings, while somebody is there.
    pub fn policy(&self) -> Policy {
        let escalation = &self.chatbot.settings.escalation;
        Policy {
            escalation: escalation.enabled,
            hold: escalation.hold,
            ai_available: self.answering_agent().is_some(),
            announces_start: !escalation.start_announcement.is_empty(),
            announces_end: !escalation.end_announcement.is_empty(),
            tells_away: !escalation.waiting.away_text.is_empty(),
            opens: None,
        }
    }

    /// The AI agents that a visitor may be given to.
    pub fn answering_agents(&self) -> impl Iterator<Item = &Agent> + Clone {
        self.agents.iter().filter(|agent| agent.enabled && agent.kind.answers())
    }

    /// The AI agent that answers when nothing speaks for another one: the one with the greatest bias, of several the
    /// oldest, and one that says always the same only when there is no other.
    pub fn answering_agent(&self) -> Option<&Agent> {
        let rank = |agent: &&Agent| (agent.kind != AgentKind::UserFacing, -i16::from(agent.settings.bias));
        self.answering_agents().min_by_key(rank)
    }

    /// An agent by id.
    pub fn agent(&self, id: AgentId) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.id == id)
    }

    /// Whether there is a link that anybody can open.
    pub fn has_link(&self) -> bool {
        self.chatbot.settings.visibility == Visibility::Public
    }
}

/// People and chatbots, kept at hand.
pub struct Directory {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    profiles: Cache<ChatbotId, Arc<Profile>>,
    people: Cache<PersonId, Arc<Person>>,
    labels: Cache<WorkspaceId, Arc<Vec<Label>>>,
    devices: Cache<WorkspaceId, bool>,
    webhooks: Cache<WorkspaceId, bool>,
    mailed: Cache<ChatbotId, Arc<Vec<PersonId>>>,
}

impl Directory {
    pub(crate) fn new(store: Arc<dyn Store>, hub: Arc<Hub>) -> Self {
        Self {
            store,
            hub,
            profiles: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
            people: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
            labels: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
            devices: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
            webhooks: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
            mailed: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build(),
        }
    }

    /// A chatbot by its public id.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a fault of the database.
    pub async fn profile(&self, id: ChatbotId) -> Result<Arc<Profile>> {
        let load = async {
            let chatbot = self.store.chatbot_anywhere(id).await?.ok_or(Fault::NotFound)?;
            let agents = self.store.agents(chatbot.scope, id).await?;
            let signing = self.store.signing_secret(chatbot.scope, id).await?;
            let models = Models {
                own: self.store.models(chatbot.scope, ModelsOf::Chatbot(id)).await?,
                workspace: self.store.models(chatbot.scope, ModelsOf::Workspace).await?,
                tools: self.store.tools(chatbot.scope, id).await?,
            };
            Ok(Arc::new(Profile::new(chatbot, agents, signing, models)))
        };
        self.profiles.try_get_with(id, load).await.map_err(shared)
    }

    /// A person by id.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a fault of the database.
    pub async fn person(&self, id: PersonId) -> Result<Arc<Person>> {
        let load = async {
            let person = self.store.person(id).await?.ok_or(Fault::NotFound)?;
            Ok(Arc::new(person))
        };
        self.people.try_get_with(id, load).await.map_err(shared)
    }

    /// The labels of a workspace, by name.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn labels(&self, scope: Scope) -> Result<Arc<Vec<Label>>> {
        let load = async { Ok(Arc::new(self.store.labels(scope).await?)) };
        self.labels.try_get_with(scope.workspace(), load).await.map_err(shared)
    }

    /// Whether anybody of a workspace has a device that is told by push.
    pub(crate) async fn has_devices(&self, scope: Scope) -> Result<bool> {
        let load = async { Ok(!self.store.devices(scope, 1).await?.is_empty()) };
        self.devices.try_get_with(scope.workspace(), load).await.map_err(shared)
    }

    /// Whether a workspace has a webhook that is on.
    pub(crate) async fn has_webhooks(&self, scope: Scope) -> Result<bool> {
        let load = async { Ok(self.store.webhooks(scope).await?.iter().any(|webhook| webhook.off.is_none())) };
        self.webhooks.try_get_with(scope.workspace(), load).await.map_err(shared)
    }

    pub(crate) async fn forget_webhooks(&self, scope: Scope) {
        self.hub.tell_nodes(|| Message::Forget(Kept::Webhooks(scope.workspace())));
        self.forget_here(Kept::Webhooks(scope.workspace())).await;
    }

    /// Who may answer for a chatbot and wants to be called by mail.
    pub(crate) async fn mailed(&self, scope: Scope, chatbot: ChatbotId) -> Result<Arc<Vec<PersonId>>> {
        let load = async { Ok(Arc::new(self.store.mailed(scope, chatbot, MOST_MAILED).await?)) };
        self.mailed.try_get_with(chatbot, load).await.map_err(shared)
    }

    pub(crate) fn forget_mailed(&self) {
        // They are few, and each is read again when it is needed.
        self.mailed.invalidate_all();
    }

    pub(crate) async fn forget_devices(&self, scope: Scope) {
        self.devices.invalidate(&scope.workspace()).await;
    }

    pub(crate) async fn forget_labels(&self, scope: Scope) {
        self.hub.tell_nodes(|| Message::Forget(Kept::Labels(scope.workspace())));
        self.forget_here(Kept::Labels(scope.workspace())).await;
    }

    pub(crate) async fn forget_chatbot(&self, id: ChatbotId) {
        self.hub.tell_nodes(|| Message::Forget(Kept::Chatbot(id)));
        self.forget_here(Kept::Chatbot(id)).await;
    }

    /// Something changed that every chatbot may rest on.
    pub(crate) async fn forget_chatbots(&self, scope: Scope) {
        self.hub.tell_nodes(|| Message::Forget(Kept::Chatbots(scope.workspace())));
        self.forget_here(Kept::Chatbots(scope.workspace())).await;
    }

    pub(crate) async fn forget_person(&self, id: PersonId) {
        self.hub.tell_nodes(|| Message::Forget(Kept::Person(id)));
        self.forget_here(Kept::Person(id)).await;
    }

    /// Forgets what another node has changed.
    pub(crate) async fn forget_here(&self, kept: Kept) {
        match kept {
            Kept::Chatbot(id) => self.profiles.invalidate(&id).await,
            // They are few, and each is read again when it is needed.
            Kept::Chatbots(_) => self.profiles.invalidate_all(),
            Kept::Person(id) => self.people.invalidate(&id).await,
            Kept::Labels(workspace) => self.labels.invalidate(&workspace).await,
            Kept::Webhooks(workspace) => self.webhooks.invalidate(&workspace).await,
        }
    }
}

/// Several callers may wait for one reading; each gets the failure in its own words.
fn shared(fault: Arc<Fault>) -> AppError {
    match &*fault {
        Fault::NotFound => AppError::NotFound,
        _ => AppError::Fault(Fault::unavailable("the database", fault)),
    }
}
