//! The AI Supervisor: who answers this message, or does it need a person? Pure.

use std::collections::BTreeMap;

use domain::{
    AgentId, LabelId,
    agents::{Agent, AgentKind},
    chatbot::Escalation,
    conversation::Reason,
    placeholders::filled,
    rules::{self, Action, Facts},
};
use ports::content::{Chosen, Content, SeenIntent, Why};
use supervisor::{
    Assessment, Wish,
    meaning::{MEANT, margin},
};

use super::{phrases, talk::Talk};
use crate::{
    directory::Profile,
    meaning::{Group, SeenGroup},
};

/// What a step of bias, of -10 to 10, moves a probability by.
const BIAS: f32 = 0.03;
/// What a step of stickiness, of 0 to 10, is worth to the agent that has the visitor.
const STICKINESS: f32 = 0.03;
/// Intents that are shown.
const SHOWN: usize = 3;

/// What the visitor's newest messages ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A person, and why.
    Person {
        /// The reason.
        reason: Reason,
        /// What belongs to it.
        content: Content,
    },
    /// Perhaps a person: ask.
    MaybePerson,
    /// Files without a word: say that the AI does not look into them.
    OnlyFiles,
    /// This text, always the same.
    Says(String),
    /// An answer of the agent in [`Ruling::why`].
    Answer,
}

/// What the Supervisor decides, and how it came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruling {
    /// What is to be done.
    pub(super) verdict: Verdict,
    /// How it came to it.
    pub(super) why: Why,
    /// Labels that background agents put on the conversation.
    pub(super) labels: Vec<LabelId>,
}

/// What is known of a message and its conversation.
pub(super) struct Case<'a> {
    pub(super) profile: &'a Profile,
    pub(super) talk: &'a Talk,
    /// Does it ask for a person?
    pub(super) assessment: &'a Assessment,
    /// Every group of examples as it was compared, the most probable first.
    pub(super) seen: &'a [SeenGroup],
    /// The models that were heard.
    pub(super) models: Vec<String>,
    /// A person is wanted already.
    pub(super) requested: bool,
    pub(super) office_open: bool,
    pub(super) language: Option<&'a str>,
    pub(super) attributes: &'a BTreeMap<String, String>,
}

impl Case<'_> {
    /// Decides. What asks for a person goes before all; then the owner's rules, in their order; then what was understood.
    pub(super) fn ruling(self) -> Ruling {
        let variables = variables(self.profile, self.talk);
        let mut why = self.why(variables.clone());
        let labels = self.labels();
        let verdict = self.verdict(&variables, &mut why);
        // A person sees why in the request, too.
        let verdict = match verdict {
            Verdict::Person { reason, content: Content::Reason { words, matched, name, .. } } => {
                let why = Some(Box::new(why.clone()));
                Verdict::Person { reason, content: Content::Reason { words, matched, name, why } }
            }
            other => other,
        };
        Ruling { verdict, why, labels }
    }

    fn verdict(&self, variables: &BTreeMap<String, String>, why: &mut Why) -> Verdict {
        if self.talk.question.is_empty() {
            return Verdict::OnlyFiles;
        }
        let escalation = &self.profile.chatbot.settings.escalation;
        let wish = wish(self.assessment, escalation);
        if escalation.enabled {
            if self.talk.offered && supervisor::declines(&self.talk.question) {
                return Verdict::Says(phrases::all_right(self.language).to_owned());
            }
            if wish == Wish::Yes {
                return self.person(Reason::VisitorAsked, self.assessment.matched.clone(), None);
            }
            if self.talk.offered && supervisor::affirms(&self.talk.question) {
                return self.person(Reason::VisitorAsked, None, None);
            }
        }
        if let Some(verdict) = self.by_rule(variables, why) {
            return verdict;
        }
        if escalation.enabled
            && let Some(verdict) = self.by_itself(escalation, wish)
        {
            return verdict;
        }
        self.by_agent(variables, why)
    }

    /// The owner's rules.
    fn by_rule(&self, variables: &BTreeMap<String, String>, why: &mut Why) -> Option<Verdict> {
        let settings = &self.profile.chatbot.settings;
        let answering: Vec<AgentId> = self.profile.answering_agents().map(|agent| agent.id).collect();
        let facts = Facts {
            visitor_messages: u32::try_from(self.talk.messages.len()).unwrap_or(u32::MAX),
            agent: self.talk.agent,
            turns_with_agent: self.talk.turns_with_agent,
            variables,
            office_open: self.office_open,
            language: self.language,
            attributes: self.attributes,
            // Where nobody may be called there is no rule that calls somebody.
            requested: self.requested || !settings.escalation.enabled,
            answering: &answering,
        };
        let rule = rules::first(&settings.supervisor.rules, &facts)?;
        why.rule = Some(rule.name.clone());
        why.chosen = Chosen::Rule;
        Some(match &rule.then {
            Action::RequestPerson => self.person(Reason::Rule, None, Some(rule.name.clone())),
            Action::Say { text } => Verdict::Says(filled(text, variables)),
            Action::UseAgent { agent } => {
                let agent = self.profile.agent(*agent)?;
                why.agent = Some(agent.id);
                answer_of(agent, variables)
            }
        })
    }

    /// What the hand-over understands by itself.
    fn by_itself(&self, escalation: &Escalation, wish: Wish) -> Option<Verdict> {
        let most = self.seen.first().map_or(0.0, |seen| seen.share);
        let own = self.seen.iter().filter(|seen| self.group(seen).is_some_and(|group| group.agent.is_none()));
        let counts = |seen: &&SeenGroup| margin(seen.near, seen.share, most) >= 1.0;
        if let Some(seen) = own.filter(counts).max_by(|a, b| a.near.total_cmp(&b.near)) {
            let name = self.group(seen).map(|group| group.name.clone());
            return Some(self.person(Reason::Intent, Some(seen.example.clone()), name));
        }
        if !self.requested {
            if escalation.when_upset
                && let Some(words) = supervisor::frustration::upset(&self.talk.messages)
            {
                return Some(self.person(Reason::Frustration, Some(words), None));
            }
            let turns = self.talk.answers;
            if escalation.after_turns > 0 && turns >= escalation.after_turns {
                return Some(self.person(Reason::TurnLimit, None, Some(turns.to_string())));
            }
        }
        // Nobody is offered who was called already.
        (wish == Wish::Ask && !self.requested).then_some(Verdict::MaybePerson)
    }

    /// Who answers.
    fn by_agent(&self, variables: &BTreeMap<String, String>, why: &mut Why) -> Verdict {
        if let Some(agent) = self.spam() {
            why.agent = Some(agent.id);
            why.chosen = Chosen::Spam;
            return Verdict::Says(filled(&agent.settings.default_message, variables));
        }
        let Some((agent, chosen)) = self.chosen() else { return Verdict::Answer };
        why.agent = Some(agent.id);
        why.chosen = chosen;
        answer_of(agent, variables)
    }

    /// The spam agent whose examples the message means, when it means nothing else more.
    fn spam(&self) -> Option<&Agent> {
        let seen = self.seen.first().filter(|seen| seen.near >= MEANT)?;
        let agent = self.profile.agent(self.group(seen)?.agent?)?;
        (agent.kind == AgentKind::SpamDefense && agent.enabled).then_some(agent)
    }

    fn chosen(&self) -> Option<(&Agent, Chosen)> {
        let answering = || self.profile.answering_agents();
        let first = self.profile.answering_agent()?;
        if answering().count() == 1 {
            return Some((first, Chosen::Only));
        }
        let stays = |agent: &Agent| Some(agent.id) == self.talk.agent;
        let meant = |agent: &Agent| -> f32 {
            let theirs = self.seen.iter().filter(|seen| self.group(seen).is_some_and(|it| it.agent == Some(agent.id)));
            theirs.filter(|seen| seen.near >= MEANT).map(|seen| seen.share).fold(0.0, f32::max)
        };
        let weight = |agent: &Agent| -> f32 {
            let stays = if stays(agent) { f32::from(agent.settings.stickiness) * STICKINESS } else { 0.0 };
            meant(agent) + f32::from(agent.settings.bias) * BIAS + stays
        };
        if answering().all(|agent| meant(agent) == 0.0) {
            // Nobody is meant: whoever has the visitor keeps them.
            let current = answering().find(|agent| stays(agent));
            return Some(current.map_or((first, Chosen::First), |agent| (agent, Chosen::Stayed)));
        }
        let best = answering().max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.id.cmp(&a.id)))?;
        let chosen = if meant(best) > 0.0 {
            Chosen::Intent
        } else if stays(best) {
            Chosen::Stayed
        } else {
            Chosen::First
        };
        Some((best, chosen))
    }

    /// Labels of background agents whose intents the message means. Their intents do not compete with those of others.
    fn labels(&self) -> Vec<LabelId> {
        let background = |group: &Group| {
            let agent = group.agent.and_then(|id| self.profile.agent(id));
            agent.is_some_and(|agent| agent.enabled && agent.kind == AgentKind::Background)
        };
        let near = self.seen.iter().filter(|seen| seen.near >= MEANT).filter_map(|seen| self.group(seen));
        let mut labels: Vec<LabelId> = near.filter(|group| background(group)).filter_map(|group| group.label).collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    fn person(&self, reason: Reason, matched: Option<String>, name: Option<String>) -> Verdict {
        let content = Content::Reason { words: Some(self.talk.question.clone()), matched, name, why: None };
        Verdict::Person { reason, content }
    }

    fn group(&self, seen: &SeenGroup) -> Option<&Group> {
        self.profile.groups.get(seen.group)
    }

    fn why(&self, variables: BTreeMap<String, String>) -> Why {
        let mut near: Vec<&SeenGroup> = self.seen.iter().collect();
        near.sort_by(|a, b| (b.near * b.share.sqrt()).total_cmp(&(a.near * a.share.sqrt())));
        let shown = near.into_iter().take(SHOWN).filter_map(|seen| {
            let group = self.group(seen)?;
            let (name, example) = (group.name.clone(), seen.example.clone());
            Some(SeenIntent { agent: group.agent, name, example, score: thousandths(seen.near) })
        });
        Why {
            wish: thousandths(self.assessment.score),
            wish_example: self.assessment.matched.clone(),
            intents: shown.collect(),
            models: self.models.clone(),
            variables,
            ..Why::default()
        }
    }
}

/// What the talk has given, of the variables of every connected agent.
pub(super) fn variables(profile: &Profile, talk: &Talk) -> BTreeMap<String, String> {
    let connected = profile.agents.iter().filter(|agent| agent.enabled);
    let wanted: Vec<_> = connected.flat_map(|agent| agent.settings.variables.iter().map(wanted)).collect();
    let said: Vec<(&str, &str)> = talk.exchanges.iter().map(|(asked, said)| (asked.as_str(), said.as_str())).collect();
    supervisor::variables::fill(&wanted, &said)
}

/// A variable as it is looked for.
pub(super) fn wanted(variable: &domain::agents::Variable) -> supervisor::variables::Wanted<'_> {
    use domain::agents::VariableKind;
    use supervisor::variables::Kind;
    let kind = match variable.kind {
        VariableKind::String => Kind::Text,
        VariableKind::Number => Kind::Number,
        VariableKind::Boolean => Kind::Boolean,
    };
    supervisor::variables::Wanted { name: &variable.name, description: &variable.description, kind }
}

fn answer_of(agent: &Agent, variables: &BTreeMap<String, String>) -> Verdict {
    match agent.kind {
        AgentKind::PreCanned => Verdict::Says(filled(&agent.settings.default_message, variables)),
        _ => Verdict::Answer,
    }
}

/// The wish for a person as the owner's bias hears it. What a rule of the detector has decided it has decided.
pub(super) fn wish(assessment: &Assessment, escalation: &Escalation) -> Wish {
    if !escalation.when_asked {
        return Wish::No;
    }
    let ruled = assessment.matched.as_ref().is_some_and(|matched| matched.starts_with("rule: "));
    if ruled || escalation.bias == 0 {
        return assessment.wish;
    }
    assessment.biased(f32::from(escalation.bias) * BIAS)
}

/// From which score on a wish calls a person, as [`wish`] decides; nothing where nobody listens to wishes.
pub(super) fn called_from(assessment: &Assessment, escalation: &Escalation) -> Option<f32> {
    escalation.when_asked.then(|| assessment.thresholds.1 - f32::from(escalation.bias) * BIAS)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000")]
pub(super) fn thousandths(share: f32) -> u16 {
    (share.clamp(0.0, 1.0) * 1_000.0).round() as u16
}
