//! AI agents and the rules of the Supervisor, to the wire and from it.

use api::agents as wire;
use app::{AppError, directory::Profile};
use domain::{
    agents::{Agent, AgentIntent, AgentKind, Variable, VariableKind},
    hours::{Exception, OfficeHours, Span},
    rules::{Action, Compare, Condition, Group, Match, Rule, SupervisorSettings},
};
use ports::content::{Chosen, Why};

/// Groups that lie in each other deeper than this are not even read.
const DEEP: usize = 16;

/// An AI agent.
pub(crate) fn agent(agent: &Agent) -> wire::AiAgent {
    let settings = agent.settings.clone();
    wire::AiAgent {
        id: agent.id.to_string(),
        kind: kind(agent.kind),
        name: agent.name.clone(),
        description: agent.description.clone(),
        prompt: agent.prompt.clone(),
        enabled: agent.enabled,
        model: settings.model,
        temperature: settings.temperature.map(|hundredths| f64::from(hundredths) / 100.0),
        default_message: settings.default_message,
        sources: settings.sources.map(|sources| sources.iter().map(ToString::to_string).collect()),
        tags: settings.tags,
        variables: settings.variables.into_iter().map(variable).collect(),
        intents: settings.intents.into_iter().map(intent).collect(),
        bias: settings.bias,
        stickiness: settings.stickiness,
    }
}

fn kind(kind: AgentKind) -> wire::AgentKind {
    match kind {
        AgentKind::UserFacing => wire::AgentKind::UserFacing,
        AgentKind::PreCanned => wire::AgentKind::PreCanned,
        AgentKind::Background => wire::AgentKind::Background,
        AgentKind::SpamDefense => wire::AgentKind::SpamDefense,
    }
}

/// What an agent is for, from the wire.
pub(crate) fn kind_of(kind: wire::AgentKind) -> AgentKind {
    match kind {
        wire::AgentKind::UserFacing => AgentKind::UserFacing,
        wire::AgentKind::PreCanned => AgentKind::PreCanned,
        wire::AgentKind::Background => AgentKind::Background,
        wire::AgentKind::SpamDefense => AgentKind::SpamDefense,
    }
}

fn variable(variable: Variable) -> wire::AgentVariable {
    let kind = match variable.kind {
        VariableKind::String => wire::VariableKind::String,
        VariableKind::Number => wire::VariableKind::Number,
        VariableKind::Boolean => wire::VariableKind::Boolean,
    };
    let Variable { name, description, required, .. } = variable;
    wire::AgentVariable { name, description, kind, required }
}

/// A variable from the wire.
pub(crate) fn variable_of(variable: wire::AgentVariable) -> Variable {
    let kind = match variable.kind {
        wire::VariableKind::String => VariableKind::String,
        wire::VariableKind::Number => VariableKind::Number,
        wire::VariableKind::Boolean => VariableKind::Boolean,
    };
    let wire::AgentVariable { name, description, required, .. } = variable;
    Variable { name, description, kind, required }
}

fn intent(intent: AgentIntent) -> wire::AgentIntent {
    let AgentIntent { name, examples, generated, label } = intent;
    wire::AgentIntent { name, examples, generated, label: label.map(|label| label.to_string()) }
}

/// An intent from the wire; `at` is its place, for what is wrong with it.
pub(crate) fn intent_of(at: usize, intent: wire::AgentIntent) -> Result<AgentIntent, AppError> {
    let wire::AgentIntent { name, examples, generated, label } = intent;
    let wrong = |_| AppError::invalid(format!("intents.{at}.label"), "is no label");
    let label = label.map(|label| label.parse()).transpose().map_err(wrong)?;
    Ok(AgentIntent { name, examples, generated, label })
}

/// Rules and office hours.
pub(super) fn supervisor(settings: SupervisorSettings) -> wire::SupervisorSettings {
    let span = |span: Span| wire::DaySpan { from: span.from, to: span.to };
    wire::SupervisorSettings {
        rules: settings.rules.into_iter().map(rule).collect(),
        office_hours: settings.office_hours.map(|hours| wire::OfficeHours {
            time_zone: hours.time_zone,
            week: hours.week.iter().map(|day| day.map(span)).collect(),
            holidays: hours.holidays,
            exceptions: hours
                .exceptions
                .into_iter()
                .map(|one| wire::HoursException { date: one.date, span: span(one.span) })
                .collect(),
        }),
    }
}

fn rule(rule: Rule) -> wire::Rule {
    let action = match rule.then {
        Action::UseAgent { agent } => wire::RuleAction::UseAgent { agent: agent.to_string() },
        Action::RequestPerson => wire::RuleAction::RequestPerson {},
        Action::Say { text } => wire::RuleAction::Say { text },
    };
    wire::Rule { name: rule.name, enabled: rule.enabled, when: group(rule.when), action }
}

fn group(of: Group) -> wire::RuleGroup {
    wire::RuleGroup { all: of.all, conditions: of.conditions.into_iter().map(condition).collect() }
}

fn compare(is: Compare) -> wire::Compare {
    match is {
        Compare::AtLeast => wire::Compare::AtLeast,
        Compare::AtMost => wire::Compare::AtMost,
        Compare::Exactly => wire::Compare::Exactly,
    }
}

fn compare_of(is: wire::Compare) -> Compare {
    match is {
        wire::Compare::AtLeast => Compare::AtLeast,
        wire::Compare::AtMost => Compare::AtMost,
        wire::Compare::Exactly => Compare::Exactly,
    }
}

fn text_match(is: Match) -> wire::TextMatch {
    match is {
        Match::Is => wire::TextMatch::Is,
        Match::IsNot => wire::TextMatch::IsNot,
        Match::Contains => wire::TextMatch::Contains,
        Match::IsSet => wire::TextMatch::IsSet,
        Match::IsEmpty => wire::TextMatch::IsEmpty,
    }
}

fn text_match_of(is: wire::TextMatch) -> Match {
    match is {
        wire::TextMatch::Is => Match::Is,
        wire::TextMatch::IsNot => Match::IsNot,
        wire::TextMatch::Contains => Match::Contains,
        wire::TextMatch::IsSet => Match::IsSet,
        wire::TextMatch::IsEmpty => Match::IsEmpty,
    }
}

fn condition(condition: Condition) -> wire::RuleCondition {
    use wire::RuleCondition as Shown;
    match condition {
        Condition::VisitorMessages { is, count } => Shown::VisitorMessages { is: compare(is), count },
        Condition::TurnsWithAgent { is, count } => Shown::TurnsWithAgent { is: compare(is), count },
        Condition::CurrentAgent { agent, is } => Shown::CurrentAgent { agent: agent.map(|id| id.to_string()), is },
        Condition::VariableEmpty { variable, is } => Shown::VariableEmpty { variable, is },
        Condition::OfficeHours { within } => Shown::OfficeHours { within },
        Condition::Language { language, is } => Shown::Language { language, is },
        Condition::Attribute { name, is, value } => Shown::Attribute { name, is: text_match(is), value },
        Condition::Group { group: inner } => Shown::Group { group: group(inner) },
    }
}

/// Rules and office hours from the wire.
pub(crate) fn supervisor_of(settings: wire::SupervisorSettings) -> Result<SupervisorSettings, AppError> {
    let rules = settings.rules.into_iter().enumerate();
    Ok(SupervisorSettings {
        rules: rules.map(|(at, rule)| rule_of(&format!("supervisor.rules.{at}"), rule)).collect::<Result<_, _>>()?,
        office_hours: settings.office_hours.map(hours_of).transpose()?,
    })
}

fn hours_of(hours: wire::OfficeHours) -> Result<OfficeHours, AppError> {
    let span = |span: wire::DaySpan| Span { from: span.from, to: span.to };
    let week: Vec<Option<Span>> = hours.week.into_iter().map(|day| day.map(span)).collect();
    let exceptions = hours.exceptions.into_iter();
    let wrong = |_| AppError::invalid("supervisor.office_hours.week", "must have seven days");
    Ok(OfficeHours {
        time_zone: hours.time_zone,
        week: week.try_into().map_err(wrong)?,
        holidays: hours.holidays,
        exceptions: exceptions.map(|one| Exception { date: one.date, span: span(one.span) }).collect(),
    })
}

fn rule_of(field: &str, rule: wire::Rule) -> Result<Rule, AppError> {
    let then = match rule.action {
        wire::RuleAction::UseAgent { agent } => {
            Action::UseAgent { agent: agent_id(&format!("{field}.action"), &agent)? }
        }
        wire::RuleAction::RequestPerson {} => Action::RequestPerson,
        wire::RuleAction::Say { text } => Action::Say { text },
    };
    let when = group_of(&format!("{field}.when"), rule.when, 0)?;
    Ok(Rule { name: rule.name, enabled: rule.enabled, when, then })
}

fn agent_id(field: &str, id: &str) -> Result<domain::AgentId, AppError> {
    id.parse().map_err(|_| AppError::invalid(format!("{field}.agent"), "is no AI agent"))
}

fn group_of(field: &str, group: wire::RuleGroup, depth: usize) -> Result<Group, AppError> {
    if depth > DEEP {
        return Err(AppError::invalid(field, "lies in too many groups"));
    }
    let each = group.conditions.into_iter().enumerate();
    let conditions = each.map(|(at, one)| condition_of(&format!("{field}.conditions.{at}"), one, depth));
    Ok(Group { all: group.all, conditions: conditions.collect::<Result<_, _>>()? })
}

fn condition_of(field: &str, condition: wire::RuleCondition, depth: usize) -> Result<Condition, AppError> {
    use wire::RuleCondition as Sent;
    Ok(match condition {
        Sent::VisitorMessages { is, count } => Condition::VisitorMessages { is: compare_of(is), count },
        Sent::TurnsWithAgent { is, count } => Condition::TurnsWithAgent { is: compare_of(is), count },
        Sent::CurrentAgent { agent, is } => {
            Condition::CurrentAgent { agent: agent.map(|id| agent_id(field, &id)).transpose()?, is }
        }
        Sent::VariableEmpty { variable, is } => Condition::VariableEmpty { variable, is },
        Sent::OfficeHours { within } => Condition::OfficeHours { within },
        Sent::Language { language, is } => Condition::Language { language, is },
        Sent::Attribute { name, is, value } => Condition::Attribute { name, is: text_match_of(is), value },
        Sent::Group { group } => Condition::Group { group: group_of(field, group, depth + 1)? },
    })
}

/// How the Supervisor came to an answer or a request. Names are those of now.
pub(crate) fn why(profile: &Profile, of: i64, why: &Why) -> wire::WhyView {
    let named = |id: domain::AgentId| profile.agent(id).map_or_else(String::new, |agent| agent.name.clone());
    let share = |thousandths: u16| f64::from(thousandths) / 1_000.0;
    wire::WhyView {
        of,
        agent: why.agent.map(named),
        chosen: match why.chosen {
            Chosen::Only => wire::ChosenView::Only,
            Chosen::Rule => wire::ChosenView::Rule,
            Chosen::Intent => wire::ChosenView::Intent,
            Chosen::Stayed => wire::ChosenView::Stayed,
            Chosen::First => wire::ChosenView::First,
            Chosen::Spam => wire::ChosenView::Spam,
        },
        rule: why.rule.clone(),
        wish: share(why.wish),
        wish_example: why.wish_example.clone(),
        intents: why
            .intents
            .iter()
            .map(|seen| wire::SeenIntentView {
                agent: seen.agent.map(named),
                name: seen.name.clone(),
                example: seen.example.clone(),
                score: share(seen.score),
            })
            .collect(),
        passages: why
            .passages
            .iter()
            .map(|seen| wire::SeenPassageView { title: seen.title.clone(), score: seen.score.map(share) })
            .collect(),
        models: why.models.clone(),
        variables: why.variables.clone(),
    }
}
