//! Rules: word patterns that say more than any weight could, and give a reason a person can read.
//!
//! A rule does not decide alone: it is a feature of the model and, when it says "no wish", a ceiling
//! on the score. What a rule gets wrong the examples can still put right when it is a feature only.

use std::sync::OnceLock;

use crate::{
    pattern::{Lists, Pattern},
    sheet,
};

const DATA: &str = include_str!("../data/rules.txt");

/// What a fitting rule does to the score of its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// This clause is no wish: the score may not pass the threshold.
    No,
    /// This clause is a wish whatever else it says.
    Yes,
    /// Only a feature of the model.
    Hint,
}

/// One rule: several patterns of one name.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Shown to the owner, e.g. `negation`.
    pub name: String,
    /// What it does.
    pub effect: Effect,
    patterns: Vec<Pattern>,
}

/// The built-in rules that fit these words (of folded text), in the order of the data file.
pub(crate) fn fitting<'a>(words: &'a [&'a str]) -> impl Iterator<Item = &'static Rule> + 'a {
    built_in().iter().filter(|rule| rule.patterns.iter().any(|p| p.occurs(words)))
}

fn built_in() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let sheet = sheet::read(DATA);
        let lists = Lists::of(&sheet);
        sheet
            .sections
            .iter()
            .map(|section| {
                let (effect, name) = section.header.split_once(' ').unwrap_or(("hint", &section.header));
                Rule {
                    name: name.trim().to_owned(),
                    effect: match effect {
                        "no" => Effect::No,
                        "yes" => Effect::Yes,
                        _ => Effect::Hint,
                    },
                    patterns: section.lines.iter().map(|line| lists.pattern(line)).collect(),
                }
            })
            .collect()
    })
}
