//! AI agents: made, changed, removed; the intents that are made of what is said of them.

use std::{collections::HashMap, sync::Arc};

use domain::{
    AgentId, ChatbotId, ConversationId, LabelId, SourceId,
    agents::{Agent, AgentIntent, AgentKind, AgentSettings, Variable},
    conversation::Event,
    limits,
    rules::{Action, Condition, Group, SupervisorSettings},
    text,
};
use ports::{
    content::{Content, Why},
    conversations::{LogRange, Logged},
    requests::Creation,
};
use supervisor::generate;

use crate::{
    Baton,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result, field},
};

/// Entries behind a message in which its answer is looked for.
const LOOK_AHEAD: u32 = 30;

/// Changes to an AI agent. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct AgentPatch {
    /// Name.
    pub name: Option<String>,
    /// What it knows and does.
    pub description: Option<String>,
    /// Instructions.
    pub prompt: Option<String>,
    /// Whether it is connected.
    pub enabled: Option<bool>,
    /// The language model; the chatbot's own when nothing.
    pub model: Option<Option<String>>,
    /// Temperature in hundredths; the model's own when nothing.
    pub temperature: Option<Option<u16>>,
    /// What it says.
    pub default_message: Option<String>,
    /// The only sources that it answers from; all when nothing.
    pub sources: Option<Option<Vec<SourceId>>>,
    /// Sources with one of these tags it answers from, too.
    pub tags: Option<Vec<String>>,
    /// What it wants to know.
    pub variables: Option<Vec<Variable>>,
    /// What it is for. A generated one that is no longer as it was made is fixed from then on.
    pub intents: Option<Vec<AgentIntent>>,
    /// How readily it is chosen.
    pub bias: Option<i8>,
    /// How long it keeps a visitor.
    pub stickiness: Option<u8>,
}

impl Baton {
    /// Adds an AI agent, not connected yet; with a key, once.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::KeyReused`], or the field at fault.
    pub async fn add_agent(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        kind: AgentKind,
        patch: AgentPatch,
        key: Option<&str>,
    ) -> Result<Agent> {
        let profile = self.administered(staff, chatbot).await?;
        if profile.agents.len() >= limits::AGENTS {
            return Err(AppError::invalid("agents", format!("can be {} at most", limits::AGENTS)));
        }
        let now = self.clock.now();
        let agent = Agent {
            id: AgentId::new(self.entropy.id(now)),
            kind,
            name: String::new(),
            description: String::new(),
            prompt: String::new(),
            enabled: false,
            settings: AgentSettings::default(),
        };
        let digested = format!("{patch:?}");
        let agent = changed(agent, patch)?;
        self.own_sources(staff, chatbot, &agent).await?;
        let route = || format!("chatbots/{chatbot}/agents");
        let key = key.map(|key| staff.request_key(route(), key, &[kind.name(), &digested], now)).transpose()?;
        let made = self.store.add_agent(staff.scope(), chatbot, &agent, key).await?;
        let profile = match made {
            Creation::Made => {
                self.know_each_other(staff, chatbot, &profile.agents).await?;
                self.changed(staff, chatbot).await?
            }
            Creation::MadeBefore(id) => {
                // Read again, from the database: it may have been made since this call began, on another node.
                let known = self.store.agents(staff.scope(), chatbot).await?;
                return known.into_iter().find(|agent| agent.id.uuid() == id).ok_or(AppError::NotFound);
            }
            Creation::KeyReused => return Err(AppError::KeyReused),
        };
        self.learn_later(staff.scope(), chatbot).await?;
        profile.agent(agent.id).cloned().ok_or(AppError::NotFound)
    }

    /// While there was one agent, nobody had to know what it is for.
    async fn know_each_other(&self, staff: &Staff, chatbot: ChatbotId, agents: &[Agent]) -> Result<()> {
        for agent in agents.iter().filter(|agent| agent.settings.intents.is_empty()) {
            let intents = with_generated(agent, Vec::new());
            let agent = Agent { settings: AgentSettings { intents, ..agent.settings.clone() }, ..agent.clone() };
            self.store.save_agent(staff.scope(), chatbot, &agent).await?;
        }
        Ok(())
    }

    /// Changes an AI agent.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn change_agent(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: AgentId,
        patch: AgentPatch,
    ) -> Result<Agent> {
        let profile = self.administered(staff, chatbot).await?;
        let agent = profile.agent(id).cloned().ok_or(AppError::NotFound)?;
        let agent = changed(agent, patch)?;
        self.own_sources(staff, chatbot, &agent).await?;
        self.store.save_agent(staff.scope(), chatbot, &agent).await?;
        self.changed(staff, chatbot).await?;
        self.learn_later(staff.scope(), chatbot).await?;
        Ok(agent)
    }

    /// Removes an AI agent. Rules that name it do nothing from then on.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn remove_agent(&self, staff: &Staff, chatbot: ChatbotId, id: AgentId) -> Result<()> {
        let profile = self.administered(staff, chatbot).await?;
        profile.agent(id).ok_or(AppError::NotFound)?;
        self.store.delete_agent(staff.scope(), chatbot, id).await?;
        self.changed(staff, chatbot).await?;
        self.learn_later(staff.scope(), chatbot).await
    }

    /// How the Supervisor came to what it did: at an answer or a request itself, or at the message of the visitor before it.
    /// With it goes the place of what it is about.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the AI did nothing: it was off, or that is no message.
    pub async fn why(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        seq: i64,
    ) -> Result<(Arc<Profile>, i64, Box<Why>)> {
        let row = self.conversation(staff, conversation).await?;
        let range = LogRange { after: seq.saturating_sub(1), before: None, visitor: false, limit: LOOK_AHEAD };
        let log = self.store.log(row.scope, row.id, range).await?;
        let mut entries = log.into_iter();
        let first = entries.next().filter(|logged| logged.entry.seq == seq).ok_or(AppError::NotFound)?;
        let visitors = matches!(first.entry.event, Event::VisitorWrote { .. });
        let own = |logged: Logged| match logged.content {
            Some(
                Content::Answer { why: Some(why), .. }
                | Content::Reason { why: Some(why), .. }
                | Content::Failure { why: Some(why), .. },
            ) => Some((logged.entry.seq, why)),
            _ => None,
        };
        // What a person said ends the looking: the AI was off.
        let ends = |logged: &Logged| matches!(logged.entry.event, Event::TakenOver { .. } | Event::PersonWrote { .. });
        let mut rest = std::iter::once(first).chain(entries.take_while(|logged| visitors && !ends(logged)));
        let (of, why) = rest.find_map(own).ok_or(AppError::NotFound)?;
        Ok((self.directory.profile(row.chatbot).await?, of, why))
    }

    /// An agent answers from sources of its own chatbot only.
    async fn own_sources(&self, staff: &Staff, chatbot: ChatbotId, agent: &Agent) -> Result<()> {
        for (at, source) in agent.settings.sources.iter().flatten().enumerate() {
            let own = match self.store.source(staff.scope(), *source).await {
                Ok((source, _)) => source.chatbot == chatbot && source.kind != ports::sources::SourceKind::Page,
                Err(ports::Fault::NotFound) => false,
                Err(fault) => return Err(fault.into()),
            };
            if !own {
                return Err(AppError::invalid(format!("sources.{at}"), "is no source of this chatbot"));
            }
        }
        Ok(())
    }
}

fn changed(agent: Agent, patch: AgentPatch) -> Result<Agent> {
    let text_of = |new: Option<String>, old: &str| new.unwrap_or_else(|| old.to_owned());
    let old = agent.settings.clone();
    let settings = AgentSettings {
        model: patch.model.unwrap_or(old.model),
        temperature: patch.temperature.unwrap_or(old.temperature),
        default_message: patch.default_message.unwrap_or(old.default_message),
        sources: patch.sources.unwrap_or(old.sources),
        tags: patch.tags.unwrap_or(old.tags),
        variables: patch.variables.unwrap_or(old.variables),
        intents: match patch.intents {
            Some(new) => settled(&old.intents, new),
            None => old.intents,
        },
        bias: patch.bias.unwrap_or(old.bias),
        stickiness: patch.stickiness.unwrap_or(old.stickiness),
    };
    let new = Agent {
        name: field("name", text::line(&text_of(patch.name, &agent.name), limits::NAME_CHARS))?,
        description: field(
            "description",
            text::optional(&text_of(patch.description, &agent.description), limits::SETTING_TEXT_CHARS),
        )?,
        prompt: field("prompt", text::optional(&text_of(patch.prompt, &agent.prompt), limits::PROMPT_CHARS))?,
        enabled: patch.enabled.unwrap_or(agent.enabled),
        settings: settings.validated(agent.kind)?,
        ..agent.clone()
    };
    let described = |agent: &Agent| (agent.name.clone(), agent.description.clone(), agent.prompt.clone());
    if described(&new) == described(&agent) {
        return Ok(new);
    }
    let intents = with_generated(&new, new.settings.intents.clone());
    Ok(Agent { settings: AgentSettings { intents, ..new.settings }, ..new })
}

/// Intents as somebody has written them: what is not as it was made is fixed.
fn settled(old: &[AgentIntent], new: Vec<AgentIntent>) -> Vec<AgentIntent> {
    let as_made = |intent: &AgentIntent| {
        old.iter().any(|it| it.generated && it.name == intent.name && it.examples == intent.examples)
    };
    let one = |intent: AgentIntent| AgentIntent { generated: intent.generated && as_made(&intent), ..intent };
    new.into_iter().map(one).collect()
}

/// The fixed intents of an agent, and those that are made of what is said of it now. A label stays with its name.
fn with_generated(agent: &Agent, known: Vec<AgentIntent>) -> Vec<AgentIntent> {
    let labels: HashMap<String, Option<LabelId>> =
        known.iter().map(|intent| (intent.name.to_lowercase(), intent.label)).collect();
    let mut intents: Vec<AgentIntent> = known.into_iter().filter(|intent| !intent.generated).collect();
    let made = match agent.kind {
        AgentKind::SpamDefense => generate::spam(),
        _ => generate::intents(&agent.name, &agent.description, &agent.prompt),
    };
    for intent in made {
        let name: String = intent.name.chars().take(limits::NAME_CHARS).collect();
        let taken = intents.iter().any(|fixed| fixed.name.to_lowercase() == name.to_lowercase());
        if !taken && intents.len() < limits::AGENT_INTENTS {
            let label = labels.get(&name.to_lowercase()).copied().flatten();
            intents.push(AgentIntent { name, examples: intent.examples, generated: true, label });
        }
    }
    intents
}

/// Agents and rules of a copy: each agent has an id of its own there, and so has each source.
pub(crate) fn copied(
    agents: &[Agent],
    rules: &SupervisorSettings,
    mut fresh: impl FnMut() -> AgentId,
    source: impl Fn(SourceId) -> SourceId,
) -> (Vec<Agent>, SupervisorSettings) {
    let ids: HashMap<AgentId, AgentId> = agents.iter().map(|agent| (agent.id, fresh())).collect();
    let renamed = |id: AgentId| ids.get(&id).copied().unwrap_or(id);
    let copies = agents.iter().map(|agent| {
        let sources = agent.settings.sources.as_ref().map(|all| all.iter().map(|one| source(*one)).collect());
        Agent { id: renamed(agent.id), settings: AgentSettings { sources, ..agent.settings.clone() }, ..agent.clone() }
    });
    let mut rules = rules.clone();
    for rule in &mut rules.rules {
        if let Action::UseAgent { agent } = &mut rule.then {
            *agent = renamed(*agent);
        }
        rename(&mut rule.when, &renamed);
    }
    (copies.collect(), rules)
}

fn rename(group: &mut Group, renamed: &impl Fn(AgentId) -> AgentId) {
    for condition in &mut group.conditions {
        match condition {
            Condition::CurrentAgent { agent: Some(agent), .. } => *agent = renamed(*agent),
            Condition::Group { group } => rename(group, renamed),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(kind: AgentKind) -> Agent {
        Agent {
            id: AgentId::new(uuid::Uuid::from_u128(7)),
            kind,
            name: "Billing".into(),
            description: String::new(),
            prompt: String::new(),
            enabled: true,
            settings: AgentSettings::default(),
        }
    }

    fn names(agent: &Agent, generated: bool) -> Vec<&str> {
        let all = agent.settings.intents.iter().filter(|intent| intent.generated == generated);
        all.map(|intent| intent.name.as_str()).collect()
    }

    fn described(text: &str) -> AgentPatch {
        AgentPatch { description: Some(text.into()), ..AgentPatch::default() }
    }

    #[test]
    fn generated_intents_follow_the_description_and_fixed_ones_stay() {
        let agent = changed(agent(AgentKind::UserFacing), described("Handles invoices and refunds")).unwrap();
        assert_eq!(names(&agent, true), ["Billing", "invoices", "refunds"]);

        // Edited: it is fixed from then on.
        let mut intents = agent.settings.intents.clone();
        intents[1].examples.push("where is my bill".into());
        let agent = changed(agent, AgentPatch { intents: Some(intents), ..AgentPatch::default() }).unwrap();
        assert_eq!(names(&agent, false), ["invoices"]);
        assert_eq!(names(&agent, true), ["Billing", "refunds"]);

        let agent = changed(agent, described("Handles chargebacks and invoices")).unwrap();
        assert_eq!(names(&agent, false), ["invoices"]);
        assert_eq!(names(&agent, true), ["Billing", "chargebacks"]);
        assert!(agent.settings.intents[0].examples.contains(&"where is my bill".to_owned()));

        // Nothing else makes them anew, and nobody makes a generated one by saying so.
        let said = AgentIntent { name: "x".into(), examples: vec!["y".into()], generated: true, label: None };
        let patch = AgentPatch { intents: Some(vec![said]), bias: Some(2), ..AgentPatch::default() };
        let agent = changed(agent, patch).unwrap();
        assert_eq!((names(&agent, false), names(&agent, true)), (vec!["x"], vec![]));
    }

    #[test]
    fn who_turns_spam_away_knows_it_and_needs_words() {
        let patch = || AgentPatch { name: Some("Guard".into()), ..AgentPatch::default() };
        assert!(changed(agent(AgentKind::SpamDefense), patch()).is_err());
        let patch = AgentPatch { default_message: Some("Sorry, no.".into()), ..patch() };
        assert_eq!(names(&changed(agent(AgentKind::SpamDefense), patch).unwrap(), true), ["Spam"]);
    }

    #[test]
    fn a_copy_speaks_of_its_own_agents() {
        use domain::rules::Rule;
        let when = Group {
            all: true,
            conditions: vec![Condition::Group {
                group: Group {
                    all: false,
                    conditions: vec![Condition::CurrentAgent {
                        agent: Some(agent(AgentKind::UserFacing).id),
                        is: true,
                    }],
                },
            }],
        };
        let then = Action::UseAgent { agent: agent(AgentKind::UserFacing).id };
        let rules = SupervisorSettings {
            rules: vec![Rule { name: "r".into(), enabled: true, when, then }],
            office_hours: None,
        };
        let mut original = agent(AgentKind::UserFacing);
        let source = |number| SourceId::new(uuid::Uuid::from_u128(number));
        original.settings.sources = Some(vec![source(1)]);
        let fresh = AgentId::new(uuid::Uuid::from_u128(9));
        let (agents, rules) = copied(&[original], &rules, || fresh, |_| source(2));
        assert_eq!((agents[0].id, agents[0].settings.sources.clone()), (fresh, Some(vec![source(2)])));
        assert_eq!(rules.rules[0].then, Action::UseAgent { agent: fresh });
        let told = format!("{:?}", rules.rules[0].when);
        assert!(told.contains(&format!("{fresh:?}")), "{told}");
    }
}
