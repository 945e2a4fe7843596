//! `AI model`: which models answer, with which keys; whether they do; and the functions that they may call.

use std::net::IpAddr;

use domain::{
    ChatbotId, limits,
    models::{Choice, Level, ModelChoice, ModelSettings},
    text,
    tools::{HttpTool, header_value},
};
use ports::{
    Fault, Scope,
    ai_models::{ModelTrouble, ModelsOf, StoredModels, StoredTool},
    models::{ApiKey, ChatRequest, Connection, ModelError, Speaker, Task, Usage, Utterance},
};
use uuid::Uuid;

use crate::{
    Baton,
    answerers::{join, purpose},
    auth::Staff,
    error::{AppError, Result, field},
    limiter::Door,
};

/// Troubles that are shown.
const TROUBLES: u32 = 20;
/// How long a connection is tested, in milliseconds.
const TEST_MS: i64 = 25_000;
/// Words of the model that a test shows, in characters.
const WORDS: usize = 200;

/// What becomes of a secret that nobody can read.
#[derive(Clone, Default)]
pub enum Secret {
    /// It stays, where it may.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// This one takes its place.
    Set(String),
}

/// A model as somebody wants it.
#[derive(Clone)]
pub struct ModelDraft {
    /// What it is.
    pub settings: ModelSettings,
    /// Its key.
    pub key: Secret,
    /// Which of the stored models it was, from 0: its key may stay. A new one when absent.
    pub was: Option<usize>,
}

/// The models of a place, as they are shown.
#[derive(Debug)]
pub struct ShownModels {
    /// Who answers.
    pub choice: ModelChoice,
    /// Which of the models have a key, in their order.
    pub keys: Vec<bool>,
    /// The version that a change is made from.
    pub version: i64,
    /// Whose models answer.
    pub level: Level,
    /// The models that answer, in the order in which they are asked.
    pub answering: Vec<String>,
    /// The models that the operator of the server named.
    pub servers: Vec<String>,
    /// What went wrong with them, the newest first. Of a chatbot only.
    pub troubles: Vec<ModelTrouble>,
}

/// What a test of a connection found.
#[derive(Debug)]
pub struct Tested {
    /// Which model, as `provider/model`.
    pub model: String,
    /// How long it took, in milliseconds.
    pub took: u64,
    /// What it said, or why it said nothing.
    pub said: std::result::Result<String, ModelError>,
    /// What that took.
    pub usage: Usage,
}

/// A function as somebody wants it.
#[derive(Clone)]
pub struct ToolDraft {
    /// What it is.
    pub tool: HttpTool,
    /// The values of its headers, in their order.
    pub values: Vec<Secret>,
}

impl Baton {
    /// The models of a chatbot, for its admins.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn chatbots_models(&self, staff: &Staff, id: ChatbotId) -> Result<ShownModels> {
        let profile = self.administered(staff, id).await?;
        let troubles = self.store.troubles(staff.scope(), id, TROUBLES).await?;
        let answering = self.answerers(&profile).iter().map(|one| one.model.name().to_owned()).collect();
        let level = profile.level(!self.servers_models.is_empty());
        Ok(self.shown(staff.scope(), ModelsOf::Chatbot(id), &profile.models.own, level, answering, troubles))
    }

    /// The models of the workspace, for its admins.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub async fn workspaces_models(&self, staff: &Staff) -> Result<ShownModels> {
        staff.administers_workspace()?;
        let stored = self.store.models(staff.scope(), ModelsOf::Workspace).await?;
        let server = !self.servers_models.is_empty();
        let level = domain::models::in_force(Choice::Inherit, stored.choice.choice, server);
        let connections = match level {
            Level::Workspace => self.connections(staff.scope(), ModelsOf::Workspace, &stored),
            Level::Server => self.servers_models.clone(),
            Level::Chatbot | Level::BuiltIn => Vec::new(),
        };
        let answering = connections.into_iter().map(|one| self.answerer(one).model.name().to_owned()).collect();
        Ok(self.shown(staff.scope(), ModelsOf::Workspace, &stored, level, answering, Vec::new()))
    }

    /// Saves the models of a chatbot.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], the field at fault, [`AppError::Conflict`].
    pub async fn set_chatbots_models(
        &self,
        staff: &Staff,
        id: ChatbotId,
        choice: Choice,
        models: Vec<ModelDraft>,
        version: i64,
    ) -> Result<ShownModels> {
        self.administered(staff, id).await?;
        self.set_models(staff.scope(), ModelsOf::Chatbot(id), choice, models, version).await?;
        self.directory.forget_chatbot(id).await;
        self.chatbots_models(staff, id).await
    }

    /// Saves the models of the workspace.
    ///
    /// # Errors
    /// As [`Self::set_chatbots_models`].
    pub async fn set_workspaces_models(
        &self,
        staff: &Staff,
        choice: Choice,
        models: Vec<ModelDraft>,
        version: i64,
    ) -> Result<ShownModels> {
        staff.administers_workspace()?;
        self.set_models(staff.scope(), ModelsOf::Workspace, choice, models, version).await?;
        self.directory.forget_chatbots(staff.scope()).await;
        self.workspaces_models(staff).await
    }

    /// Asks a model for a sentence, to see whether it answers. Nothing is saved.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], the field at fault, [`AppError::RateLimited`].
    pub async fn test_model(&self, staff: &Staff, of: ModelsOf, draft: ModelDraft, address: IpAddr) -> Result<Tested> {
        match of {
            ModelsOf::Chatbot(id) => drop(self.administered(staff, id).await?),
            ModelsOf::Workspace => staff.administers_workspace()?,
        }
        self.limiter.door(Door::Model, address)?;
        let stored = self.store.models(staff.scope(), of).await?;
        let (settings, keys) = self.with_keys(staff.scope(), of, &stored, Choice::Own, vec![draft])?;
        let settings = settings.models.into_iter().next().ok_or(AppError::NotFound)?;
        let key = keys.into_iter().next().flatten();
        let answerer = self.answerer(Connection { settings, key, trusted: false });
        let began = self.clock.instant();
        let (said, usage) = self.try_out(&*answerer.model, greeting(), self.clock.now().plus(TEST_MS)).await;
        let said = said.map(|said| text::excerpt(&said, WORDS));
        let took = u64::try_from((self.clock.instant() - began).as_millis()).unwrap_or(u64::MAX);
        Ok(Tested { model: answerer.model.name().to_owned(), took, said, usage })
    }

    /// The functions of a chatbot, for its admins.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn tools(&self, staff: &Staff, id: ChatbotId) -> Result<Vec<StoredTool>> {
        self.administered(staff, id).await?;
        Ok(self.store.tools(staff.scope(), id).await?)
    }

    /// Adds a function, or changes one.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], the field at fault, [`AppError::Exists`].
    pub async fn save_tool(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: Option<Uuid>,
        draft: ToolDraft,
    ) -> Result<StoredTool> {
        self.administered(staff, chatbot).await?;
        let known = self.store.tools(staff.scope(), chatbot).await?;
        let before = match id {
            Some(id) => Some(known.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound)?),
            None => None,
        };
        let tool = draft.tool.validated()?;
        self.outside.check(&tool.url).map_err(|shut| AppError::invalid("url", shut))?;
        let id = before.as_ref().map_or_else(|| self.entropy.id(self.clock.now()), |before| before.id);
        let values = self.header_values(&tool, before.as_ref(), draft.values)?;
        let headers = match values.is_empty() {
            true => None,
            false => Some(self.vault.seal(&header_purpose(id), values.join("\n").as_bytes())?),
        };
        let stored = StoredTool { id, tool, headers };
        self.store.save_tool(staff.scope(), chatbot, stored.clone()).await?;
        self.directory.forget_chatbot(chatbot).await;
        Ok(stored)
    }

    /// Removes a function.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn remove_tool(&self, staff: &Staff, chatbot: ChatbotId, id: Uuid) -> Result<()> {
        self.administered(staff, chatbot).await?;
        self.store.delete_tool(staff.scope(), chatbot, id).await?;
        self.directory.forget_chatbot(chatbot).await;
        Ok(())
    }

    /// The headers of a function with their values.
    pub(crate) fn tool_headers(&self, stored: &StoredTool) -> Result<Vec<(String, String)>> {
        let Some(sealed) = &stored.headers else {
            return if stored.tool.headers.is_empty() { Ok(Vec::new()) } else { Err(AppError::NotFound) };
        };
        let opened = self.vault.open(&header_purpose(stored.id), sealed)?;
        let values = String::from_utf8_lossy(&opened);
        Ok(stored.tool.headers.iter().cloned().zip(values.split('\n').map(str::to_owned)).collect())
    }

    /// The values of a function's headers. One that nobody names again stays, as long as it goes to the same address.
    fn header_values(&self, tool: &HttpTool, before: Option<&StoredTool>, values: Vec<Secret>) -> Result<Vec<String>> {
        let kept = match before {
            Some(before) if before.tool.url == tool.url => self.tool_headers(before).unwrap_or_default(),
            _ => Vec::new(),
        };
        let mut values = values.into_iter();
        let mut all = Vec::with_capacity(tool.headers.len());
        for (place, name) in tool.headers.iter().enumerate() {
            let at = format!("headers.{place}.value");
            let value = match values.next().unwrap_or_default() {
                Secret::Set(value) => field(&at, header_value(&value))?,
                Secret::Remove => return Err(AppError::invalid(at, "must not be empty")),
                Secret::Keep => {
                    let found = kept.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                    found.ok_or_else(|| AppError::invalid(at, "must be entered again: the address is another one"))?
                }
            };
            all.push(value);
        }
        Ok(all)
    }

    async fn set_models(
        &self,
        scope: Scope,
        of: ModelsOf,
        choice: Choice,
        models: Vec<ModelDraft>,
        version: i64,
    ) -> Result<()> {
        let stored = self.store.models(scope, of).await?;
        if stored.version != version {
            return Err(AppError::Conflict);
        }
        let (choice, keys) = self.with_keys(scope, of, &stored, choice, models)?;
        let sealed = match join(&keys) {
            Some(keys) => Some(self.vault.seal(&purpose(scope.workspace(), of), keys.as_bytes())?),
            None => None,
        };
        let models = StoredModels { choice, keys: sealed, version };
        match self.store.save_models(scope, of, models, self.clock.now()).await {
            Err(Fault::Conflict(_)) => Err(AppError::Conflict),
            saved => Ok(saved?),
        }
    }

    /// Models with the keys that they end up with. A key goes nowhere but where it was given to.
    fn with_keys(
        &self,
        scope: Scope,
        of: ModelsOf,
        stored: &StoredModels,
        choice: Choice,
        drafts: Vec<ModelDraft>,
    ) -> Result<(ModelChoice, Vec<Option<ApiKey>>)> {
        let models = drafts.iter().map(|draft| draft.settings.clone()).collect();
        let choice = ModelChoice { choice, models }.validated()?;
        let kept = self.keys(scope, of, stored);
        let (_, _, longest) = limits::MODEL;
        let mut keys = Vec::with_capacity(drafts.len());
        for (place, (settings, draft)) in choice.models.iter().zip(drafts).enumerate() {
            if let Some(address) = &settings.address {
                let shut = |shut| AppError::invalid(format!("models.{place}.address"), shut);
                self.outside.check(address).map_err(shut)?;
            }
            keys.push(match draft.key {
                Secret::Set(key) => {
                    let key = field(&format!("models.{place}.key"), text::line(&key, longest))?;
                    if !key.is_ascii() || key.contains(' ') {
                        return Err(AppError::invalid(format!("models.{place}.key"), "is not a key"));
                    }
                    Some(ApiKey(key))
                }
                Secret::Remove => None,
                Secret::Keep => draft.was.and_then(|was| {
                    let before = stored.choice.models.get(was)?;
                    settings.keeps_key_of(before).then(|| kept.get(was).cloned().flatten()).flatten()
                }),
            });
        }
        Ok((choice, keys))
    }

    fn shown(
        &self,
        scope: Scope,
        of: ModelsOf,
        stored: &StoredModels,
        level: Level,
        answering: Vec<String>,
        troubles: Vec<ModelTrouble>,
    ) -> ShownModels {
        let keys = self.keys(scope, of, stored);
        let has = |place| keys.get(place).is_some_and(Option::is_some);
        ShownModels {
            keys: (0..stored.choice.models.len()).map(has).collect(),
            choice: stored.choice.clone(),
            version: stored.version,
            level,
            answering,
            servers: self.servers_models.iter().map(|one| self.answerer(one.clone()).model.name().to_owned()).collect(),
            troubles,
        }
    }
}

fn header_purpose(id: Uuid) -> String {
    format!("headers of the function {id}")
}

/// What a model is asked to see whether it answers.
fn greeting() -> ChatRequest {
    ChatRequest {
        agent: String::new(),
        prompt: "This is a test of the connection: greet in one short sentence.".into(),
        language: None,
        history: vec![Utterance { by: Speaker::Visitor, text: "Hello".into() }],
        passages: Vec::new(),
        word_counts: (Vec::new(), 0),
        may_offer_person: false,
        task: Task::Answer,
        variables: Vec::new(),
        temperature: None,
        tools: Vec::new(),
        rounds: Vec::new(),
    }
}
