//! AI agents: the specialists of a chatbot, and what an owner sets on each.

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, LabelId, SourceId,
    chatbot::{InvalidSetting, bounded, checked},
    limits, passages,
    text::{self, InvalidText},
};

/// What an AI agent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgentKind {
    /// Answers visitors from the knowledge.
    UserFacing,
    /// Says one text, always the same.
    PreCanned,
    /// Puts labels on a conversation and says nothing.
    Background,
    /// Turns away what is not meant for the chatbot.
    SpamDefense,
}

impl AgentKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::UserFacing, Self::PreCanned, Self::Background, Self::SpamDefense];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserFacing => "user-facing",
            Self::PreCanned => "pre-canned",
            Self::Background => "background",
            Self::SpamDefense => "spam-defense",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a visitor may be given to it. While one of these is enabled, an AI can answer.
    pub fn answers(self) -> bool {
        matches!(self, Self::UserFacing | Self::PreCanned)
    }

    /// Whether it has a text of its own to say.
    pub fn has_text(self) -> bool {
        matches!(self, Self::PreCanned | Self::SpamDefense)
    }
}

/// An AI agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// What it is for.
    pub kind: AgentKind,
    /// Name.
    pub name: String,
    /// What it knows and does.
    pub description: String,
    /// Instructions.
    pub prompt: String,
    /// Whether it is connected.
    pub enabled: bool,
    /// The rest.
    pub settings: AgentSettings,
}

/// What an owner sets on an AI agent beside its name, description and prompt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentSettings {
    /// The language model that it uses, as `name` or `provider/name`: [`crate::models::for_agent`] says which connection is
    /// asked for it. The chatbot's own when absent.
    pub model: Option<String>,
    /// Temperature of the model in hundredths; the model's own when absent.
    pub temperature: Option<u16>,
    /// What it says, where it has a text of its own. `{name}` becomes the value of a variable.
    pub default_message: String,
    /// The only sources that it answers from; all of the chatbot's when absent.
    pub sources: Option<Vec<SourceId>>,
    /// It also answers from sources with one of these tags, and, where it names no sources, from those alone.
    pub tags: Vec<String>,
    /// What it wants to know from the visitor.
    pub variables: Vec<Variable>,
    /// What it is for, by examples.
    pub intents: Vec<AgentIntent>,
    /// How readily it is chosen, -10 to 10.
    pub bias: i8,
    /// How long it keeps a visitor once it has them, 0 to 10.
    pub stickiness: u8,
}

/// A named set of example messages for which an AI agent is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentIntent {
    /// Name.
    pub name: String,
    /// What a visitor might write.
    pub examples: Vec<String>,
    /// Made from the agent's name, description and prompt, and made anew when one of them changes. A fixed one never is.
    pub generated: bool,
    /// The label that a background agent puts on a conversation for it.
    pub label: Option<LabelId>,
}

/// What kind of value a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    /// Any text.
    #[default]
    String,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
}

/// Something that an AI agent wants to know from the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Variable {
    /// Name: letters, digits and `_`.
    pub name: String,
    /// What it is, in words; a question is asked as it stands.
    pub description: String,
    /// What kind of value.
    pub kind: VariableKind,
    /// Asked for when the talk does not give it.
    pub required: bool,
}

impl AgentSettings {
    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self, kind: AgentKind) -> Result<Self, InvalidSetting> {
        let wrong = |field: &str, what| InvalidSetting { field: field.into(), cause: InvalidText::Malformed(what) };
        if self.temperature.is_some_and(|hundredths| hundredths > 200) {
            return Err(wrong("temperature", "temperature: it goes from 0 to 2"));
        }
        if !(-10..=10).contains(&self.bias) {
            return Err(wrong("bias", "bias: it goes from -10 to 10"));
        }
        if self.stickiness > 10 {
            return Err(wrong("stickiness", "stickiness: it goes from 0 to 10"));
        }
        let message = text::optional(&self.default_message, limits::SETTING_TEXT_CHARS);
        let default_message = checked("default_message", message)?;
        if kind.has_text() && default_message.is_empty() {
            return Err(InvalidSetting { field: "default_message".into(), cause: InvalidText::Empty });
        }
        bounded("sources", self.sources.as_ref().map_or(0, Vec::len), limits::AGENT_SOURCES)?;
        bounded("tags", self.tags.len(), limits::AGENT_TAGS)?;
        let tags = passages::tags(&self.tags).map_err(|(at, cause)| InvalidSetting {
            field: at.map_or_else(|| "tags".to_owned(), |at| format!("tags.{at}")),
            cause,
        })?;
        bounded("variables", self.variables.len(), limits::VARIABLES)?;
        bounded("intents", self.intents.len(), limits::AGENT_INTENTS)?;
        let model = self.model.map(|model| text::optional(&model, limits::NAME_CHARS)).transpose();
        let model = model.map_err(|cause| InvalidSetting { field: "model".into(), cause })?;
        let variables = variables(self.variables)?;
        let intents = self.intents.into_iter().enumerate().map(|(at, intent)| intent.validated(at));
        let intents = intents.collect::<Result<_, _>>()?;
        Ok(Self { model: model.filter(|model| !model.is_empty()), default_message, tags, variables, intents, ..self })
    }
}

fn variables(all: Vec<Variable>) -> Result<Vec<Variable>, InvalidSetting> {
    let mut out: Vec<Variable> = Vec::with_capacity(all.len());
    for (at, variable) in all.into_iter().enumerate() {
        let field = |name: &str| format!("variables.{at}.{name}");
        let name = checked(field("name"), text::line(&variable.name, limits::VARIABLE_CHARS))?;
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain || out.iter().any(|known| known.name == name) {
            let what = "name: letters, digits and _, each name once";
            return Err(InvalidSetting { field: field("name"), cause: InvalidText::Malformed(what) });
        }
        let description = text::optional(&variable.description, limits::SETTING_TEXT_CHARS);
        out.push(Variable { name, description: checked(field("description"), description)?, ..variable });
    }
    Ok(out)
}

impl AgentIntent {
    fn validated(self, at: usize) -> Result<Self, InvalidSetting> {
        let name = checked(format!("intents.{at}.name"), text::line(&self.name, limits::NAME_CHARS))?;
        Ok(Self { name, examples: examples(format!("intents.{at}.examples"), &self.examples)?, ..self })
    }
}

/// Examples of an intent: at least one, empty lines left out.
pub(crate) fn examples(field: String, lines: &[String]) -> Result<Vec<String>, InvalidSetting> {
    let (count, chars) = limits::INTENT_EXAMPLES;
    bounded(&field, lines.len(), count)?;
    let lines = lines.iter().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> =
        lines.map(|line| checked(field.clone(), text::line(line, chars))).collect::<Result<_, _>>()?;
    if lines.is_empty() { Err(InvalidSetting { field, cause: InvalidText::Empty }) } else { Ok(lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_back_by_name_and_two_of_them_answer() {
        for kind in AgentKind::ALL {
            assert_eq!(AgentKind::named(kind.name()), Some(kind));
        }
        assert_eq!(AgentKind::named("human-escalation"), None);
        let answering: Vec<_> = AgentKind::ALL.into_iter().filter(|kind| kind.answers()).collect();
        assert_eq!(answering, [AgentKind::UserFacing, AgentKind::PreCanned]);
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let variable = |name: &str| Variable { name: name.into(), ..Variable::default() };
        let intent = |examples: &[&str]| AgentIntent {
            name: "Refund".into(),
            examples: examples.iter().map(|&line| line.into()).collect(),
            ..AgentIntent::default()
        };
        let with = |change: &dyn Fn(&mut AgentSettings)| {
            let mut settings = AgentSettings::default();
            change(&mut settings);
            settings.validated(AgentKind::UserFacing).map_err(|wrong| wrong.field)
        };
        assert_eq!(with(&|s| s.temperature = Some(201)).unwrap_err(), "temperature");
        assert_eq!(with(&|s| s.bias = -11).unwrap_err(), "bias");
        assert_eq!(with(&|s| s.stickiness = 11).unwrap_err(), "stickiness");
        assert_eq!(with(&|s| s.variables = vec![variable("a"), variable("a")]).unwrap_err(), "variables.1.name");
        assert_eq!(with(&|s| s.variables = vec![variable("order number")]).unwrap_err(), "variables.0.name");
        assert_eq!(with(&|s| s.intents = vec![intent(&["  "])]).unwrap_err(), "intents.0.examples");
        assert_eq!(with(&|s| s.intents = vec![intent(&["x", " "])]).unwrap().intents[0].examples, ["x"]);
        assert_eq!(with(&|s| s.model = Some("  ".into())).unwrap().model, None);
        assert_eq!(with(&|s| s.tags = vec!["Hire".into(), "hire".into()]).unwrap().tags, ["hire"]);
        assert_eq!(with(&|s| s.tags = vec!["hire".into(), " ".into()]).unwrap_err(), "tags.1");
    }

    #[test]
    fn whoever_says_one_text_needs_it() {
        let empty = AgentSettings::default().validated(AgentKind::PreCanned).unwrap_err();
        assert_eq!(empty.field, "default_message");
        let said = AgentSettings { default_message: "Hello".into(), ..AgentSettings::default() };
        assert!(said.validated(AgentKind::SpamDefense).is_ok());
    }
}
