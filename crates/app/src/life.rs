//! How chatbots come and go: made, copied with their knowledge, deleted in slices; the guide to the first live one.

use std::sync::Arc;

use domain::{AgentId, ChatbotId, SourceId, chatbot::Settings, guide::Step, limits, text};
use ports::{
    Fault, Scope,
    chatbots::{Agent, AgentKind, AgentSettings},
    jobs::{NewJob, Task},
    life::{Deletion, GuideFacts, NewChatbot},
    requests::Creation,
    sources::{Source, SourceStatus},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Baton, agents,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result, field},
};

/// Sources that are copied or removed between two looks at the list.
const SOURCES: u32 = 50;

/// The id of a copy: the same source copied to the same chatbot again is the same copy.
fn copy_of(source: SourceId, to: ChatbotId) -> SourceId {
    SourceId::new(copied_id(&format!("{source}/{to}")))
}

/// An id that follows from a text.
fn copied_id(of: &str) -> Uuid {
    let digest = Sha256::digest(of.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Baton {
    /// The AI agent that a new chatbot has.
    pub(crate) fn first_agent(&self) -> Agent {
        Agent {
            id: AgentId::new(self.entropy.id(self.clock.now())),
            kind: AgentKind::UserFacing,
            name: "Support".into(),
            description: "Answers questions from the knowledge and calls a person when one is wanted.".into(),
            prompt: String::new(),
            enabled: true,
            settings: AgentSettings::default(),
        }
    }

    /// Only an admin of the whole workspace makes and removes chatbots.
    fn shapes_workspace(&self, staff: &Staff) -> Result<()> {
        let may = staff.workspace_role().is_some_and(|role| role.may_administer());
        if may { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// Makes a chatbot; with a key, once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::KeyReused`], or the field at fault.
    pub async fn create_chatbot(&self, staff: &Staff, name: &str, key: Option<&str>) -> Result<Arc<Profile>> {
        self.shapes_workspace(staff)?;
        let name = field("name", text::line(name, limits::NAME_CHARS))?;
        let settings = Settings { name: name.clone(), ..Settings::default() };
        let id = ChatbotId::new(self.entropy.id(self.clock.now()));
        let new = (id, settings, vec![self.first_agent()]);
        self.make_chatbot(staff, new, None, ["chatbots", &name], key).await
    }

    /// Makes a chatbot like another one: its settings and AI agents at once, its knowledge by a job. Conversations and
    /// people stay where they are.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::KeyReused`], or the field at fault.
    pub async fn duplicate_chatbot(
        &self,
        staff: &Staff,
        id: ChatbotId,
        name: &str,
        key: Option<&str>,
    ) -> Result<Arc<Profile>> {
        let from = self.chatbot(staff, id).await?;
        self.shapes_workspace(staff)?;
        let name = field("name", text::line(name, limits::NAME_CHARS))?;
        let to = ChatbotId::new(self.entropy.id(self.clock.now()));
        let fresh = || AgentId::new(self.entropy.id(self.clock.now()));
        let rules = &from.chatbot.settings.supervisor;
        let (mut agents, supervisor) = agents::copied(&from.agents, rules, fresh, |source| copy_of(source, to));
        if agents.is_empty() {
            // Its agents were all removed; a chatbot begins with one.
            agents.push(self.first_agent());
        }
        let settings = Settings { name: name.clone(), supervisor, ..from.chatbot.settings.clone() };
        let route = format!("chatbots/{id}/duplicate");
        self.make_chatbot(staff, (to, settings, agents), Some(id), [&route, &name], key).await
    }

    async fn make_chatbot(
        &self,
        staff: &Staff,
        (id, settings, agents): (ChatbotId, Settings, Vec<Agent>),
        copies: Option<ChatbotId>,
        [route, name]: [&str; 2],
        key: Option<&str>,
    ) -> Result<Arc<Profile>> {
        let now = self.clock.now();
        let key = key.map(|key| staff.request_key(route.to_owned(), key, &[name], now)).transpose()?;
        let job = copies.map(|from| NewJob {
            id: self.entropy.id(now),
            task: Task::CopyKnowledge { from, to: id },
            run_at: now,
            lease: None,
        });
        let new = NewChatbot { id, settings: settings.validated()?, agents, job, at: now };
        match self.store.make_chatbot(staff.scope(), new, key).await? {
            Creation::Made => {
                self.turns.nudge();
                self.directory.profile(id).await
            }
            Creation::MadeBefore(before) => self.directory.profile(ChatbotId::new(before)).await,
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Copies the knowledge of a chatbot, source by source. Run again, it goes on where it was.
    pub(crate) async fn copy_knowledge(&self, scope: Scope, from: ChatbotId, to: ChatbotId) -> Result<()> {
        let mut before = None;
        loop {
            let page = self.store.sources(scope, from, before, SOURCES).await?;
            for source in &page {
                self.copy_source(scope, source, to).await?;
            }
            match page.last() {
                Some(last) if page.len() == SOURCES as usize => before = Some((last.updated_at, last.id)),
                _ => return Ok(()),
            }
        }
    }

    async fn copy_source(&self, scope: Scope, source: &Source, to: ChatbotId) -> Result<()> {
        let id = copy_of(source.id, to);
        match self.store.source(scope, id).await {
            Err(Fault::NotFound) => {}
            // Begun, and perhaps not ended: what is there already stays.
            Ok((Source { status: SourceStatus::Indexing, .. }, _)) => {
                return self.copy_marks(scope, source.id, id).await;
            }
            known => return known.map(drop).map_err(AppError::from),
        }
        if source.kind.is_web() {
            return self.copy_website(scope, source, id, to).await;
        }
        let text = match self.store.source(scope, source.id).await {
            // Removed meanwhile: then there is nothing to copy.
            Err(Fault::NotFound) => return Ok(()),
            // To be read first: it is looked at again when this job is.
            Ok((Source { original: Some(_), .. }, _)) => {
                return Err(Fault::unavailable("copying knowledge", "a document is still being read").into());
            }
            // There is nothing in it to copy.
            Ok((Source { status: SourceStatus::Failed(_), .. }, text)) if text.is_empty() => return Ok(()),
            found => found?.1,
        };
        let copy = Source {
            id,
            chatbot: to,
            status: SourceStatus::Indexing,
            chunks: 0,
            read: 0,
            version: 1,
            ..source.clone()
        };
        match self.store.add_source(scope, &copy, &text, None, None).await {
            // The copy was deleted before it was whole.
            Err(Fault::NotFound) => return Ok(()),
            added => added?,
        };
        self.copy_marks(scope, source.id, id).await
    }

    /// Gives a copy of a source its tags and what was changed in its passages; then it is read.
    pub(crate) async fn copy_marks(&self, scope: Scope, from: SourceId, to: SourceId) -> Result<()> {
        let changes = self.store.passage_changes(scope, from).await?;
        let pairs = changes.iter().map(|kept| (kept.id, copied_id(&format!("{}/{to}", kept.id)))).collect();
        match self.store.copy_marks(scope, from, to, pairs, self.index_job(to)).await {
            Err(Fault::NotFound) => return Ok(()),
            copied => copied?,
        }
        self.turns.nudge();
        Ok(())
    }

    /// Deletes a chatbot: at once out of everybody's sight, then piece by piece. `name` is its name, written out by
    /// whoever deletes it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`] for another name,
    /// [`AppError::LiveChats`] while people talk with visitors there.
    pub async fn delete_chatbot(&self, staff: &Staff, id: ChatbotId, name: &str) -> Result<()> {
        let profile = self.chatbot(staff, id).await?;
        self.shapes_workspace(staff)?;
        if name.trim() != profile.chatbot.settings.name {
            return Err(AppError::invalid("name", "is not the name of this chatbot: write it as it stands there"));
        }
        let now = self.clock.now();
        let job =
            NewJob { id: self.entropy.id(now), task: Task::DeleteChatbot { chatbot: id }, run_at: now, lease: None };
        match self.store.delete_chatbot(staff.scope(), id, job, now).await? {
            Deletion::LiveChats(count) => return Err(AppError::LiveChats(count)),
            Deletion::Begun => {}
        }
        self.directory.forget_chatbot(id).await;
        self.hub.start_over(staff.scope());
        self.hub.recheck_followers();
        self.turns.nudge();
        Ok(())
    }

    /// Removes what a deleted chatbot left, in slices, so that nobody waits for it.
    pub(crate) async fn remove_chatbot(&self, scope: Scope, id: ChatbotId) -> Result<()> {
        loop {
            let sources = self.store.sources(scope, id, None, SOURCES).await?;
            for source in &sources {
                match self.remove_source(scope, source).await {
                    Err(AppError::NotFound) => {}
                    removed => removed?,
                }
            }
            if sources.is_empty() {
                break;
            }
        }
        self.remove_files_of(scope, id).await?;
        while self.store.delete_slice(scope, id).await? {}
        self.hub.start_over(scope);
        Ok(())
    }

    /// How far the way to a first live chatbot is.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn guide(&self, staff: &Staff, id: ChatbotId) -> Result<GuideFacts> {
        self.administered(staff, id).await?;
        Ok(self.store.guide(staff.scope(), id).await?)
    }

    /// Notes a step on that way.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn note_step(&self, staff: &Staff, id: ChatbotId, step: Step) -> Result<GuideFacts> {
        let known = self.guide(staff, id).await?;
        let guide = known.guide.with(step);
        self.store.save_guide(staff.scope(), id, guide).await?;
        Ok(GuideFacts { guide, ..known })
    }

    /// Questions that the AI could not answer, the one asked last first.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn unanswered(
        &self,
        staff: &Staff,
        id: ChatbotId,
        before: Option<(domain::Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<ports::life::Unanswered>> {
        self.chatbot(staff, id).await?;
        Ok(self.store.unanswered(staff.scope(), id, before, limit).await?)
    }

    /// Takes a question off the list.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn dismiss_unanswered(&self, staff: &Staff, id: ChatbotId, question: Uuid) -> Result<()> {
        self.administered(staff, id).await?;
        Ok(self.store.dismiss_unanswered(staff.scope(), id, question).await?)
    }
}
