//! The models that answer for a chatbot, ready to be asked, and what is noted of how they do.

use std::{collections::HashSet, sync::Arc};

use domain::{
    ChatbotId, WorkspaceId,
    agents::Agent,
    models::{Level, ModelSettings, for_agent, in_force},
};
use parking_lot::Mutex;
use ports::{
    Scope,
    ai_models::{ModelTrouble, ModelsOf, StoredModels},
    models::{ApiKey, ChatModel, Connection, ModelError},
};

use crate::{Baton, directory::Profile};

/// Models whose success is remembered; beyond that all is forgotten and noted once more.
const REMEMBERED: usize = 10_000;

/// A model of a provider that can be asked.
pub(crate) struct Answerer {
    pub(crate) model: Arc<dyn ChatModel>,
    pub(crate) settings: ModelSettings,
}

/// The models that have answered since they failed the last time: of those nothing needs to be noted.
#[derive(Default)]
pub(crate) struct Recovered(Mutex<HashSet<(ChatbotId, String)>>);

/// The purpose under which keys are sealed.
pub(crate) fn purpose(workspace: WorkspaceId, of: ModelsOf) -> String {
    match of {
        ModelsOf::Workspace => format!("keys of the models of workspace {workspace}"),
        ModelsOf::Chatbot(chatbot) => format!("keys of the models of {chatbot}"),
    }
}

impl Profile {
    /// Whose models answer; `server` when the operator has named some.
    pub(crate) fn level(&self, server: bool) -> Level {
        in_force(self.models.own.choice.choice, self.models.workspace.choice.choice, server)
    }
}

impl Baton {
    /// The models that answer for a chatbot, in the order in which they are asked.
    pub(crate) fn answerers(&self, profile: &Profile) -> Vec<Answerer> {
        self.connected(profile).into_iter().map(|connection| self.answerer(connection)).collect()
    }

    /// The same for an AI agent, which may want a model of its own: [`for_agent`] says who is asked for it.
    pub(crate) fn answerers_for(&self, profile: &Profile, agent: Option<&Agent>) -> Vec<Answerer> {
        let mut connections = self.connected(profile);
        let settings: Vec<ModelSettings> = connections.iter().map(|one| one.settings.clone()).collect();
        let wanted = agent.and_then(|agent| agent.settings.model.as_deref());
        if let Some((place, settings)) = wanted.and_then(|wanted| for_agent(&settings, wanted)) {
            let connection = Connection { settings, ..connections.remove(place) };
            connections.insert(0, connection);
        }
        connections.into_iter().map(|connection| self.answerer(connection)).collect()
    }

    fn connected(&self, profile: &Profile) -> Vec<Connection> {
        let chatbot = &profile.chatbot;
        match profile.level(!self.servers_models.is_empty()) {
            Level::Chatbot => self.connections(chatbot.scope, ModelsOf::Chatbot(chatbot.id), &profile.models.own),
            Level::Workspace => self.connections(chatbot.scope, ModelsOf::Workspace, &profile.models.workspace),
            Level::Server => self.servers_models.clone(),
            Level::BuiltIn => Vec::new(),
        }
    }

    pub(crate) fn answerer(&self, connection: Connection) -> Answerer {
        Answerer { model: self.providers.connect(&connection), settings: connection.settings }
    }

    /// Stored models with their keys.
    pub(crate) fn connections(&self, scope: Scope, of: ModelsOf, stored: &StoredModels) -> Vec<Connection> {
        let keys = self.keys(scope, of, stored);
        let with_key = stored.choice.models.iter().enumerate().map(|(place, settings)| Connection {
            settings: settings.clone(),
            key: keys.get(place).cloned().flatten(),
            trusted: false,
        });
        with_key.collect()
    }

    /// The keys of stored models, in their order. Where they cannot be opened there are none, and the providers will say
    /// so: what is lost is lost, and a visitor gets an answer all the same.
    pub(crate) fn keys(&self, scope: Scope, of: ModelsOf, stored: &StoredModels) -> Vec<Option<ApiKey>> {
        let Some(sealed) = &stored.keys else { return Vec::new() };
        match self.vault.open(&purpose(scope.workspace(), of), sealed) {
            Ok(opened) => split(&String::from_utf8_lossy(&opened)),
            Err(fault) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "the keys of the models cannot be opened");
                Vec::new()
            }
        }
    }

    /// Notes that a model failed. The visitor waits for an answer, not for this.
    pub(crate) async fn troubled(&self, profile: &Profile, answerer: &Answerer, error: &ModelError) {
        let model = answerer.model.name().to_owned();
        self.recovered.0.lock().remove(&(profile.chatbot.id, model.clone()));
        let trouble = ModelTrouble {
            model,
            trouble: error.trouble,
            detail: error.detail.clone(),
            times: 1,
            at: self.clock.now(),
            over: None,
        };
        if let Err(fault) = self.store.note_trouble(profile.chatbot.scope, profile.chatbot.id, trouble).await {
            tracing::warn!(error = &fault as &dyn std::error::Error, "a model's trouble could not be noted");
        }
    }

    /// Notes that a model has answered, when that may be news.
    pub(crate) async fn recovered(&self, profile: &Profile, answerer: &Answerer) {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        {
            let mut known = self.recovered.0.lock();
            if known.len() >= REMEMBERED {
                known.clear();
            }
            if !known.insert((chatbot, answerer.model.name().to_owned())) {
                return;
            }
        }
        let now = self.clock.now();
        if let Err(fault) = self.store.end_troubles(scope, chatbot, answerer.model.name(), now).await {
            tracing::warn!(error = &fault as &dyn std::error::Error, "a model's recovery could not be noted");
        }
    }
}

/// Keys as one text to be sealed: a line each, empty where there is none. No key holds a line break.
pub(crate) fn join(keys: &[Option<ApiKey>]) -> Option<String> {
    let any = keys.iter().any(Option::is_some);
    let lines = keys.iter().map(|key| key.as_ref().map_or("", |ApiKey(key)| key.as_str()));
    any.then(|| lines.collect::<Vec<_>>().join("\n"))
}

fn split(keys: &str) -> Vec<Option<ApiKey>> {
    keys.split('\n').map(|key| (!key.is_empty()).then(|| ApiKey(key.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_in_their_places() {
        let keys = [None, Some(ApiKey("two".into()))];
        assert_eq!(split(&join(&keys).unwrap()), keys);
        assert_eq!(join(&[None, None]), None);
    }
}
