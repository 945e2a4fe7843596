//! The rules of the Supervisor as a table: each condition with what makes it TRUE and what does not, the order, the groups.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::collections::BTreeMap;

use domain::{
    AgentId,
    rules::{Action, Compare, Condition, Facts, Group, Match, Rule, SupervisorSettings, first},
};
use proptest::prelude::*;

fn agent(number: u8) -> AgentId {
    format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
}

/// A conversation in words: `key=value` parts.
fn with_facts<T>(told: &str, look: impl FnOnce(&Facts<'_>) -> T) -> T {
    let (mut variables, mut attributes) = (BTreeMap::new(), BTreeMap::new());
    let (mut messages, mut turns, mut current, mut open, mut language, mut requested) = (1, 0, None, true, None, false);
    for (key, value) in told.split_whitespace().filter_map(|part| part.split_once('=')) {
        match key {
            "messages" => messages = value.parse().unwrap(),
            "turns" => turns = value.parse().unwrap(),
            "agent" => current = Some(agent(value.parse().unwrap())),
            "open" => open = value == "yes",
            "language" => language = Some(value),
            "requested" => requested = value == "yes",
            "plan" => drop(attributes.insert("plan".to_owned(), value.to_owned())),
            other => drop(variables.insert(other.to_owned(), value.to_owned())),
        }
    }
    look(&Facts {
        visitor_messages: messages,
        agent: current,
        turns_with_agent: turns,
        variables: &variables,
        office_open: open,
        language,
        attributes: &attributes,
        requested,
        answering: &[agent(1), agent(2)],
    })
}

fn all(conditions: Vec<Condition>) -> Group {
    Group { all: true, conditions }
}

fn any(conditions: Vec<Condition>) -> Group {
    Group { all: false, conditions }
}

fn rule(name: &str, when: Group, then: Action) -> Rule {
    Rule { name: name.into(), enabled: true, when, then }
}

#[test]
fn each_condition() {
    use Condition::*;
    let check = |condition: Condition, told: &str, expect: bool| {
        let holds = with_facts(told, |facts| condition.holds(facts));
        assert_eq!(holds, expect, "{condition:?} in {told:?}");
    };
    let messages = |is, count| VisitorMessages { is, count };
    check(messages(Compare::AtLeast, 3), "messages=3", true);
    check(messages(Compare::AtLeast, 3), "messages=2", false);
    check(messages(Compare::AtMost, 3), "messages=3", true);
    check(messages(Compare::AtMost, 3), "messages=4", false);
    check(messages(Compare::Exactly, 3), "messages=3", true);
    check(messages(Compare::Exactly, 3), "messages=4", false);
    check(TurnsWithAgent { is: Compare::AtLeast, count: 2 }, "turns=2", true);
    check(TurnsWithAgent { is: Compare::AtLeast, count: 2 }, "turns=1", false);
    check(CurrentAgent { agent: Some(agent(1)), is: true }, "agent=1", true);
    check(CurrentAgent { agent: Some(agent(1)), is: true }, "agent=2", false);
    check(CurrentAgent { agent: Some(agent(1)), is: true }, "", false);
    check(CurrentAgent { agent: Some(agent(1)), is: false }, "", true);
    check(CurrentAgent { agent: None, is: true }, "", true);
    check(VariableEmpty { variable: "order".into(), is: true }, "", true);
    check(VariableEmpty { variable: "order".into(), is: true }, "order=17", false);
    check(VariableEmpty { variable: "order".into(), is: false }, "order=17", true);
    check(OfficeHours { within: true }, "open=yes", true);
    check(OfficeHours { within: true }, "open=no", false);
    check(OfficeHours { within: false }, "open=no", true);
    let speaks = |language: &str, is| Language { language: language.into(), is };
    check(speaks("de", true), "language=de", true);
    check(speaks("de", true), "language=de-AT", true);
    check(speaks("pt-BR", true), "language=pt", false);
    check(speaks("pt-BR", true), "language=pt_br", true);
    check(speaks("de", true), "language=den", false);
    check(speaks("de", true), "", false);
    check(speaks("de", false), "", true);
    let plan = |is, value: &str| Attribute { name: "plan".into(), is, value: value.into() };
    check(plan(Match::Is, "Gold"), "plan=gold", true);
    check(plan(Match::Is, "gold"), "", false);
    check(plan(Match::IsNot, "gold"), "", true);
    check(plan(Match::Contains, "old"), "plan=gold", true);
    check(plan(Match::Contains, ""), "plan=gold", false);
    check(plan(Match::IsSet, ""), "plan=gold", true);
    check(plan(Match::IsEmpty, ""), "", true);
}

#[test]
fn groups_join_by_and_or_and_lie_in_each_other() {
    let yes = || Condition::VisitorMessages { is: Compare::AtLeast, count: 0 };
    let no = || Condition::VisitorMessages { is: Compare::Exactly, count: 30 };
    let within = |group| Condition::Group { group };
    let check = |group: Group, expect: bool| {
        assert_eq!(with_facts("", |facts| group.holds(facts)), expect, "{group:?}");
    };
    check(all(vec![yes(), yes()]), true);
    check(all(vec![yes(), no()]), false);
    check(any(vec![no(), yes()]), true);
    check(any(vec![no(), no()]), false);
    check(all(vec![]), false);
    check(any(vec![]), false);
    check(all(vec![yes(), within(any(vec![no(), yes()]))]), true);
    check(any(vec![no(), within(all(vec![yes(), no()]))]), false);
}

#[test]
fn the_first_true_one_wins_if_it_can_be_carried_out() {
    let always = || all(vec![Condition::VisitorMessages { is: Compare::AtLeast, count: 0 }]);
    let never = || all(vec![]);
    let uses = |number| Action::UseAgent { agent: agent(number) };
    let check = |rules: &[Rule], told: &str, expect: Option<&str>| {
        let found = with_facts(told, |facts| first(rules, facts).map(|rule| rule.name.clone()));
        assert_eq!(found.as_deref(), expect);
    };
    let say = || Action::Say { text: "Hello".into() };
    check(&[rule("a", never(), say()), rule("b", always(), say()), rule("c", always(), say())], "", Some("b"));
    check(&[Rule { enabled: false, ..rule("a", always(), say()) }, rule("b", always(), say())], "", Some("b"));
    check(&[rule("gone", always(), uses(9)), rule("b", always(), uses(2))], "", Some("b"));
    let person = [rule("a", always(), Action::RequestPerson), rule("b", always(), say())];
    check(&person, "", Some("a"));
    check(&person, "requested=yes", Some("b"));
    // A text of which nothing is left says nothing.
    let order = [rule("a", always(), Action::Say { text: " {order} ".into() }), rule("b", always(), say())];
    check(&order, "", Some("b"));
    check(&order, "order=A-7", Some("a"));
    check(&[], "", None);
}

#[test]
fn what_is_stored_reads_back_and_nonsense_is_refused_by_name() {
    let attribute = Condition::Attribute { name: " plan ".into(), is: Match::Is, value: " gold ".into() };
    let group = any(vec![Condition::Language { language: "DE_at".into(), is: true }]);
    let one =
        rule(" Gold ", all(vec![attribute, Condition::Group { group }]), Action::Say { text: " Hi {name} ".into() });
    let settings = SupervisorSettings { rules: vec![one], office_hours: None }.validated().unwrap();
    assert_eq!(settings.rules[0].name, "Gold");
    assert_eq!(settings.rules[0].then, Action::Say { text: "Hi {name}".into() });
    assert_eq!(settings.clone().validated().unwrap(), settings, "what is right stays as it is");

    let field = |when: Group, then: Action| {
        let settings = SupervisorSettings { rules: vec![rule("x", when, then)], office_hours: None };
        settings.validated().unwrap_err().field
    };
    let count = |count| all(vec![Condition::VisitorMessages { is: Compare::AtLeast, count }]);
    assert_eq!(field(all(vec![]), Action::RequestPerson), "supervisor.rules.0.when");
    assert_eq!(field(count(31), Action::RequestPerson), "supervisor.rules.0.when.conditions.0.count");
    assert_eq!(field(count(1), Action::Say { text: " ".into() }), "supervisor.rules.0.action.text");
    let deep = (0..3).fold(count(1), |group, _| all(vec![Condition::Group { group }]));
    assert!(field(deep, Action::RequestPerson).starts_with("supervisor.rules.0.when.conditions.0"));
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        (0..5_u32).prop_map(|count| Condition::VisitorMessages { is: Compare::AtLeast, count }),
        any_bool().prop_map(|within| Condition::OfficeHours { within }),
        any_bool().prop_map(|is| Condition::VariableEmpty { variable: "order".into(), is }),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        (any_bool(), prop::collection::vec(inner, 0..4))
            .prop_map(|(all, conditions)| Condition::Group { group: Group { all, conditions } })
    })
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

/// Whether a condition has an empty group somewhere in it, for which De Morgan's laws do not hold.
fn hollow(condition: &Condition) -> bool {
    match condition {
        Condition::Group { group } => group.conditions.is_empty() || group.conditions.iter().any(hollow),
        _ => false,
    }
}

/// The same with every condition turned into its opposite.
fn opposite(condition: &Condition) -> Condition {
    match condition.clone() {
        Condition::VisitorMessages { count: 0, .. } => Condition::Group { group: all(vec![]) },
        Condition::VisitorMessages { count, .. } => {
            Condition::VisitorMessages { is: Compare::AtMost, count: count - 1 }
        }
        Condition::OfficeHours { within } => Condition::OfficeHours { within: !within },
        Condition::VariableEmpty { variable, is } => Condition::VariableEmpty { variable, is: !is },
        Condition::Group { group } => Condition::Group {
            group: Group { all: !group.all, conditions: group.conditions.iter().map(opposite).collect() },
        },
        other => other,
    }
}

proptest! {
    #[test]
    fn de_morgan(condition in condition(), messages in 0..6_u32, open: bool, order: bool) {
        prop_assume!(!hollow(&condition));
        let told = format!("messages={messages} open={} {}", if open { "yes" } else { "no" }, if order { "order=1" } else { "" });
        let (is, is_not) = with_facts(&told, |facts| (condition.holds(facts), opposite(&condition).holds(facts)));
        prop_assert_ne!(is, is_not);
    }
}
