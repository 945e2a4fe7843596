//! Rules of the AI Supervisor: ordered conditions on a conversation, of which the first TRUE one says what happens.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AgentId,
    chatbot::{InvalidSetting, bounded, checked},
    handover::language_tag,
    hours::OfficeHours,
    limits,
    placeholders::filled,
    text::{self, InvalidText},
};

/// `AI Supervisor Settings`, beside what stands on each AI agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SupervisorSettings {
    /// In their order; the first TRUE one wins.
    pub rules: Vec<Rule>,
    /// When people are there; always, when nobody has said.
    pub office_hours: Option<OfficeHours>,
}

/// When something is so, do that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Name as people read it.
    pub name: String,
    /// Whether it is looked at.
    pub enabled: bool,
    /// When it is TRUE.
    pub when: Group,
    /// What happens then.
    pub then: Action,
}

/// Conditions joined by AND or OR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// AND: all of them; else OR: any of them.
    pub all: bool,
    /// The conditions. An empty group is never TRUE.
    pub conditions: Vec<Condition>,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// So many or more.
    AtLeast,
    /// So many or fewer.
    AtMost,
    /// Exactly so many.
    Exactly,
}

/// How a text is compared, without regard to case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// The same.
    Is,
    /// Another one, or none.
    IsNot,
    /// It occurs in it.
    Contains,
    /// There is a value.
    IsSet,
    /// There is none.
    IsEmpty,
}

/// Something that is so or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Condition {
    /// Number of messages of the visitor since the AI has the conversation.
    VisitorMessages {
        /// How.
        is: Compare,
        /// With what.
        count: u32,
    },
    /// Turns in a row that the current agent has answered.
    TurnsWithAgent {
        /// How.
        is: Compare,
        /// With what.
        count: u32,
    },
    /// Who answered last.
    CurrentAgent {
        /// This agent; nobody when absent.
        agent: Option<AgentId>,
        /// Whether it has to be so.
        is: bool,
    },
    /// Whether the talk has given a variable a value.
    VariableEmpty {
        /// Its name.
        variable: String,
        /// Whether it has to be empty.
        is: bool,
    },
    /// Whether people are there.
    OfficeHours {
        /// Within them, or else outside.
        within: bool,
    },
    /// The visitor's language.
    Language {
        /// A tag; `pt` is also `pt-BR`.
        language: String,
        /// Whether it has to be this one. An unknown language is no language.
        is: bool,
    },
    /// What the website says of the visitor.
    Attribute {
        /// Name of the attribute.
        name: String,
        /// How.
        is: Match,
        /// With what.
        value: String,
    },
    /// Conditions within.
    Group {
        /// These.
        group: Group,
    },
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// This agent answers.
    UseAgent {
        /// Which.
        agent: AgentId,
    },
    /// A person is called.
    RequestPerson,
    /// This is said.
    Say {
        /// The text; `{name}` becomes the value of a variable.
        text: String,
    },
}

/// What is known of a conversation when a message comes.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Messages of the visitor since the AI has the conversation, this one included.
    pub visitor_messages: u32,
    /// Who answered last.
    pub agent: Option<AgentId>,
    /// Turns in a row that this one has answered.
    pub turns_with_agent: u32,
    /// What the talk has given.
    pub variables: &'a BTreeMap<String, String>,
    /// Whether people are there.
    pub office_open: bool,
    /// The visitor's language.
    pub language: Option<&'a str>,
    /// What the website says of the visitor.
    pub attributes: &'a BTreeMap<String, String>,
    /// Somebody is called already: a rule that only calls a person has nothing to do.
    pub requested: bool,
    /// The agents that can answer now: a rule that names another one has nothing to do.
    pub answering: &'a [AgentId],
}

/// The first rule that is TRUE and can be carried out.
pub fn first<'r>(rules: &'r [Rule], facts: &Facts<'_>) -> Option<&'r Rule> {
    let feasible = |rule: &&Rule| match &rule.then {
        Action::UseAgent { agent } => facts.answering.contains(agent),
        Action::RequestPerson => !facts.requested,
        // Nothing but places of variables without a value: there is nothing to say.
        Action::Say { text } => !filled(text, facts.variables).trim().is_empty(),
    };
    rules.iter().filter(|rule| rule.enabled).filter(feasible).find(|rule| rule.when.holds(facts))
}

impl Group {
    /// Whether it is TRUE.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        let mut each = self.conditions.iter().map(|condition| condition.holds(facts));
        !self.conditions.is_empty() && if self.all { each.all(|so| so) } else { each.any(|so| so) }
    }
}

impl Compare {
    fn holds(self, number: u32, with: u32) -> bool {
        match self {
            Self::AtLeast => number >= with,
            Self::AtMost => number <= with,
            Self::Exactly => number == with,
        }
    }
}

impl Match {
    fn holds(self, value: Option<&String>, with: &str) -> bool {
        let value = value.map(|value| value.trim().to_lowercase()).unwrap_or_default();
        let with = with.trim().to_lowercase();
        match self {
            Self::Is => value == with,
            Self::IsNot => value != with,
            Self::Contains => !with.is_empty() && value.contains(&with),
            Self::IsSet => !value.is_empty(),
            Self::IsEmpty => value.is_empty(),
        }
    }
}

impl Condition {
    /// Whether it is so.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::VisitorMessages { is, count } => is.holds(facts.visitor_messages, *count),
            Self::TurnsWithAgent { is, count } => is.holds(facts.turns_with_agent, *count),
            Self::CurrentAgent { agent, is } => (facts.agent == *agent) == *is,
            Self::VariableEmpty { variable, is } => {
                facts.variables.get(variable).is_none_or(|value| value.trim().is_empty()) == *is
            }
            Self::OfficeHours { within } => facts.office_open == *within,
            Self::Language { language, is } => facts.language.is_some_and(|spoken| speaks(spoken, language)) == *is,
            Self::Attribute { name, is, value } => is.holds(facts.attributes.get(name), value),
            Self::Group { group } => group.holds(facts),
        }
    }
}

/// `pt-BR` speaks `pt`, and `pt` does not speak `pt-BR`.
fn speaks(spoken: &str, wanted: &str) -> bool {
    let (spoken, wanted) = (spoken.replace('_', "-").to_lowercase(), wanted.to_lowercase());
    spoken == wanted || spoken.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('-'))
}

impl SupervisorSettings {
    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        bounded("supervisor.rules", self.rules.len(), limits::RULES)?;
        let rules =
            self.rules.into_iter().enumerate().map(|(at, rule)| rule.validated(&format!("supervisor.rules.{at}")));
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
            office_hours: self.office_hours.map(OfficeHours::validated).transpose()?,
        })
    }
}

impl Rule {
    fn validated(self, field: &str) -> Result<Self, InvalidSetting> {
        let said = format!("{field}.action.text");
        Ok(Self {
            name: checked(format!("{field}.name"), text::line(&self.name, limits::NAME_CHARS))?,
            when: self.when.validated(&format!("{field}.when"), limits::RULE_DEPTH)?,
            then: match self.then {
                Action::Say { text } => {
                    Action::Say { text: checked(said, text::required(&text, limits::SETTING_TEXT_CHARS))? }
                }
                other => other,
            },
            ..self
        })
    }
}

impl Group {
    fn validated(self, field: &str, depth: usize) -> Result<Self, InvalidSetting> {
        let wrong = |what| InvalidSetting { field: field.into(), cause: InvalidText::Malformed(what) };
        if depth == 0 {
            return Err(wrong("group: groups lie in too many groups"));
        }
        if self.conditions.is_empty() {
            return Err(InvalidSetting { field: field.into(), cause: InvalidText::Empty });
        }
        bounded(field, self.conditions.len(), limits::RULE_CONDITIONS)?;
        let each = self.conditions.into_iter().enumerate();
        let conditions = each.map(|(at, one)| one.validated(&format!("{field}.conditions.{at}"), depth));
        Ok(Self { conditions: conditions.collect::<Result<_, _>>()?, ..self })
    }
}

impl Condition {
    fn validated(self, field: &str, depth: usize) -> Result<Self, InvalidSetting> {
        let count_of = |count: u32| {
            let cause = InvalidText::Malformed("number: it goes from 0 to 30");
            let wrong = InvalidSetting { field: format!("{field}.count"), cause };
            if count > limits::RULE_COUNT { Err(wrong) } else { Ok(count) }
        };
        Ok(match self {
            Self::VisitorMessages { is, count } => Self::VisitorMessages { is, count: count_of(count)? },
            Self::TurnsWithAgent { is, count } => Self::TurnsWithAgent { is, count: count_of(count)? },
            Self::VariableEmpty { variable, is } => {
                let name = text::line(&variable, limits::VARIABLE_CHARS);
                Self::VariableEmpty { variable: checked(format!("{field}.variable"), name)?, is }
            }
            Self::Language { language, is } => {
                Self::Language { language: checked(format!("{field}.language"), language_tag(&language))?, is }
            }
            Self::Attribute { name, is, value } => {
                let (_, name_chars, value_chars) = limits::ATTRIBUTES;
                Self::Attribute {
                    name: checked(format!("{field}.name"), text::line(&name, name_chars))?,
                    is,
                    value: checked(format!("{field}.value"), text::optional(&value, value_chars))?,
                }
            }
            Self::Group { group } => Self::Group { group: group.validated(field, depth - 1)? },
            other => other,
        })
    }
}
