//! AI agents, and the rules of the Supervisor.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// What an AI agent is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
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

/// What kind of value a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentVariable {
    /// Name: letters, digits and `_`; each comes once.
    pub name: String,
    /// What it is, in words; a question is asked as it stands.
    #[serde(default)]
    pub description: String,
    /// What kind of value.
    #[serde(default, rename = "type")]
    pub kind: VariableKind,
    /// Asked for when the talk does not give it.
    #[serde(default)]
    pub required: bool,
}

/// A named set of example messages for which an AI agent is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentIntent {
    /// Name.
    pub name: String,
    /// What a visitor might write, 1 to 100 lines.
    pub examples: Vec<String>,
    /// Made from the agent's name, description and prompt. One that was changed is fixed.
    #[serde(default)]
    pub generated: bool,
    /// Id of the label that a background agent puts on a conversation for it.
    #[serde(default)]
    pub label: Option<String>,
}

/// One specialist of a chatbot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AiAgent {
    /// Id.
    pub id: String,
    /// What it is for.
    pub kind: AgentKind,
    /// Name as the desk shows it.
    pub name: String,
    /// What it knows and does, in a sentence.
    pub description: String,
    /// Instructions for a language model; the built-in answerer reads none.
    pub prompt: String,
    /// Whether it is connected.
    pub enabled: bool,
    /// The language model that it uses, as `name` or `provider/name`; the chatbot's own when absent.
    pub model: Option<String>,
    /// Temperature of the model, 0 to 2; the model's own when absent.
    pub temperature: Option<f64>,
    /// What it says, where it has a text of its own. `{name}` becomes the value of a variable.
    pub default_message: String,
    /// Ids of the only sources that it answers from; all of the chatbot's when absent.
    pub sources: Option<Vec<String>>,
    /// It also answers from sources with one of these tags, and, where it names no sources, from those alone.
    pub tags: Vec<String>,
    /// What it wants to know from the visitor.
    pub variables: Vec<AgentVariable>,
    /// What it is for, by examples.
    pub intents: Vec<AgentIntent>,
    /// How readily it is chosen, -10 to 10.
    pub bias: i8,
    /// How long it keeps a visitor once it has them, 0 to 10.
    pub stickiness: u8,
}

/// A new AI agent. It is not connected yet; what is left out is as good as empty.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAiAgent {
    /// What it is for.
    pub kind: AgentKind,
    /// Name, 1 to 80 characters.
    pub name: String,
    /// Description, up to 1,000 characters.
    pub description: Option<String>,
    /// Instructions, up to 20,000 characters.
    pub prompt: Option<String>,
    /// What it says, up to 1,000 characters; needed where it has a text of its own.
    pub default_message: Option<String>,
}

/// Changes to an AI agent. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AiAgentPatch {
    /// Name, 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Instructions, up to 20,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Whether it is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The language model, as `name` or `provider/name`; `null` for the chatbot's own.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub model: Option<Option<String>>,
    /// Temperature, 0 to 2; `null` for the model's own.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub temperature: Option<Option<f64>>,
    /// What it says, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_message: Option<String>,
    /// Ids of the only sources that it answers from; `null` for all.
    #[serde(default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub sources: Option<Option<Vec<String>>>,
    /// Tags of sources that it answers from, at most 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// What it wants to know, at most 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<Vec<AgentVariable>>,
    /// What it is for, at most 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intents: Option<Vec<AgentIntent>>,
    /// How readily it is chosen, -10 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<i8>,
    /// How long it keeps a visitor, 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stickiness: Option<u8>,
}

/// `null` is a value, and nothing at all is none.
fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// `AI Supervisor Settings`, beside what stands on each AI agent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisorSettings {
    /// In their order; the first TRUE one wins. At most 50.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// When people are there; always, when absent.
    #[serde(default)]
    pub office_hours: Option<OfficeHours>,
}

/// When something is so, do that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name as people read it.
    pub name: String,
    /// Whether it is looked at.
    pub enabled: bool,
    /// When it is TRUE.
    pub when: RuleGroup,
    /// What happens then.
    pub action: RuleAction,
}

/// Conditions joined by AND or OR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleGroup {
    /// AND: all of them; else OR: any of them.
    pub all: bool,
    /// The conditions, 1 to 20.
    pub conditions: Vec<RuleCondition>,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextMatch {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RuleCondition {
    /// Number of messages of the visitor since the AI has the conversation, up to 30.
    VisitorMessages {
        /// How.
        is: Compare,
        /// With what.
        count: u32,
    },
    /// Turns in a row that the current agent has answered, up to 30.
    TurnsWithAgent {
        /// How.
        is: Compare,
        /// With what.
        count: u32,
    },
    /// Who answered last.
    CurrentAgent {
        /// Id of this agent; nobody when absent.
        agent: Option<String>,
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
        /// Within the office hours, or else outside.
        within: bool,
    },
    /// The visitor's language.
    Language {
        /// A tag; `pt` is also `pt-BR`.
        language: String,
        /// Whether it has to be this one.
        is: bool,
    },
    /// What the website says of the visitor.
    Attribute {
        /// Name of the attribute.
        name: String,
        /// How.
        is: TextMatch,
        /// With what.
        #[serde(default)]
        value: String,
    },
    /// Conditions within, three deep at most.
    Group {
        /// These.
        #[schema(no_recursion)]
        group: RuleGroup,
    },
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RuleAction {
    /// This agent answers.
    UseAgent {
        /// Its id.
        agent: String,
    },
    /// A person is called.
    RequestPerson {},
    /// This is said.
    Say {
        /// The text, up to 1,000 characters; `{name}` becomes the value of a variable.
        text: String,
    },
}

/// When people are there, in the time of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeHours {
    /// Name of the time zone, `Europe/Berlin`.
    pub time_zone: String,
    /// Seven, from Monday to Sunday; absent where nobody is there.
    pub week: Vec<Option<DaySpan>>,
    /// Days on which nobody is there, `2026-12-25`.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// Days with hours of their own, also where they are holidays; each comes once.
    #[serde(default)]
    pub exceptions: Vec<HoursException>,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursException {
    /// `2026-12-24`.
    pub date: String,
    /// When people are there; it ends on the same day.
    pub span: DaySpan,
}

/// A part of a day, in minutes from midnight. One that ends before it begins goes on past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DaySpan {
    /// The first minute.
    pub from: u16,
    /// The minute after the last.
    pub to: u16,
}

/// What the AI of this server is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AiStatus {
    /// The local embedding model of a hundred languages; absent when its file is not there: then words alone are compared.
    pub general_model: Option<String>,
    /// The one that is better at English.
    pub english_model: Option<String>,
    /// What the hand-over understands by itself, for people to look at.
    pub wishes: Vec<String>,
}

/// How messages are compared with a chatbot's examples at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntentsState {
    /// By what they mean.
    Meaning,
    /// By their spelling, until it is learned what they mean.
    Learning,
    /// By their spelling: there is no model.
    Spelling,
}

/// Whether what a chatbot's intents mean is learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntentsStatus {
    /// How messages are compared with the examples.
    pub state: IntentsState,
}

/// How the AI Supervisor came to what it did with a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WhyView {
    /// `seq` of the answer or request that it is about.
    pub of: i64,
    /// Name of the agent that answered.
    pub agent: Option<String>,
    /// Why this one.
    pub chosen: ChosenView,
    /// The rule that decided.
    pub rule: Option<String>,
    /// How sure it was that a person is wanted, 0 to 1.
    pub wish: f64,
    /// The rule or the training example behind that.
    pub wish_example: Option<String>,
    /// The intents that came nearest, best first.
    pub intents: Vec<SeenIntentView>,
    /// The passages that were found, best first.
    pub passages: Vec<SeenPassageView>,
    /// The models that were heard; none when words alone were compared.
    pub models: Vec<String>,
    /// What the talk has given, by the names of variables.
    pub variables: std::collections::BTreeMap<String, String>,
}

/// Why an agent was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChosenView {
    /// There is no other one.
    Only,
    /// A rule says so.
    Rule,
    /// The message means one of its intents.
    Intent,
    /// It has answered before, and no other one is meant.
    Stayed,
    /// Nobody is meant: the one with the greatest bias.
    First,
    /// The message is spam.
    Spam,
}

/// An intent as it was compared with a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeenIntentView {
    /// Name of the agent whose it is; the hand-over's when absent.
    pub agent: Option<String>,
    /// Name of the intent.
    pub name: String,
    /// The nearest example.
    pub example: String,
    /// How near, 0 to 1; from a half on it counts.
    pub score: f64,
}

/// A passage as it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeenPassageView {
    /// Title of its source.
    pub title: String,
    /// How sure it is by its meaning, 0 to 1; absent when only words were compared.
    pub score: Option<f64>,
}
