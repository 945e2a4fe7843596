//! Does this message ask for a person? The tier that needs no key and no model file.

use std::sync::OnceLock;

use crate::{
    intents::{Intent, IntentIndex},
    language,
    model::Model,
    normal,
    rules::{self, Effect},
    train,
};

const WEIGHTS: &[u8] = include_bytes!("../data/detector.weights");
/// A longer message is judged by its clauses alone: as a whole it says too many things at once.
const WHOLE_WORDS: usize = 30;
/// More clauses than this are not read; a message has a bound, and so has its cost.
const MOST_CLAUSES: usize = 60;

/// What the chatbot should do about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Go on answering.
    No,
    /// Near the threshold: ask "Shall I bring in a person?".
    Ask,
    /// Call a person.
    Yes,
}

/// The verdict on one message, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// What to do.
    pub wish: Wish,
    /// Calibrated probability, 0 to 1, that the visitor wants a person.
    pub score: f32,
    /// Why: `rule: negation`, or the training example nearest to the deciding clause.
    pub matched: Option<String>,
    /// ISO 639-1 code of the message's language, if its script or small words give it away.
    pub language: Option<&'static str>,
    /// The scores from which on the chatbot asks, and from which on it calls.
    pub thresholds: (f32, f32),
}

impl Assessment {
    /// What to do when a wish is heard so much more readily, or less: `by` is added to the score.
    pub fn biased(&self, by: f32) -> Wish {
        let (ask, yes) = self.thresholds;
        Wish::of(self.score + by, ask, yes)
    }
}

impl Wish {
    pub(crate) fn of(score: f32, ask: f32, yes: f32) -> Self {
        match score {
            s if s >= yes => Self::Yes,
            s if s >= ask => Self::Ask,
            _ => Self::No,
        }
    }
}

/// The trained detector. Costs a fraction of a millisecond per message.
#[derive(Debug)]
pub struct Detector {
    model: Model,
    reasons: IntentIndex,
}

impl Detector {
    /// The detector whose weights are in the binary.
    pub fn built_in() -> &'static Self {
        static DETECTOR: OnceLock<Detector> = OnceLock::new();
        DETECTOR.get_or_init(|| Self::new(Model::read(WEIGHTS).unwrap_or_else(Model::blank)))
    }

    /// A detector with weights of one's own (training measures its candidates so).
    pub fn new(model: Model) -> Self {
        let mut wishes = Intent { name: "yes".to_owned(), examples: Vec::new() };
        let mut others = Intent { name: "no".to_owned(), examples: Vec::new() };
        let mut last = 0;
        for example in train::examples() {
            // The first expansion stands for its template.
            if example.template > last {
                last = example.template;
                if example.wish { &mut wishes } else { &mut others }.examples.push(example.text);
            }
        }
        Self { model, reasons: IntentIndex::build(&[wishes, others]) }
    }

    /// Judges one message.
    pub fn assess(&self, text: &str) -> Assessment {
        let mut clauses = normal::clauses(text);
        clauses.truncate(MOST_CLAUSES);
        if clauses.len() > 1 && normal::words(text).len() <= WHOLE_WORDS {
            clauses.push(text.to_owned());
        }
        let mut best = (0.0, None, String::new());
        for clause in clauses {
            let (score, rule) = self.clause(&clause);
            if score > best.0 {
                best = (score, rule, clause);
            }
        }
        let (score, rule, clause) = best;
        let thresholds = (self.model.ask, self.model.yes);
        let wish = Wish::of(score, self.model.ask, self.model.yes);
        let matched = rule.map(|name| format!("rule: {name}")).or_else(|| {
            let side = if wish == Wish::No { "no" } else { "yes" };
            self.reasons.best_of(side, &clause).map(|m| m.example)
        });
        Assessment { wish, score, matched, language: language::guess(text), thresholds }
    }

    fn clause(&self, clause: &str) -> (f32, Option<&'static str>) {
        let probability = self.model.probability(clause);
        let folded = normal::folded(clause);
        let words = normal::words(&folded);
        let mut decided = None;
        for rule in rules::fitting(&words) {
            match rule.effect {
                Effect::No => decided = Some((probability.min(self.model.ask * 0.5), rule)),
                Effect::Yes => return (probability.max(0.97), Some(&rule.name)),
                Effect::Hint => {}
            }
        }
        decided.map_or((probability, None), |(score, rule)| (score, Some(&rule.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wish(text: &str) -> Wish {
        Detector::built_in().assess(text).wish
    }

    #[test]
    fn plain_cases_of_each_kind() {
        for text in [
            "I want to talk to a human",
            "My order is late. Can I speak to an agent?",
            "Ich möchte mit einem Mitarbeiter sprechen",
            "quiero hablar con una persona",
            "je voudrais parler à un conseiller",
            "转人工",
            "HUMAN PLEEEASE",
            "Are you a bot? I want a real person.",
        ] {
            assert_eq!(wish(text), Wish::Yes, "{text}");
        }
        for text in [
            "",
            "no, not an agent",
            "I don't want to talk to a human",
            "are you human?",
            "An agent told me the refund takes five days",
            "was it a human error?",
            "what are your opening hours?",
            "where is my order?",
            "AB-1234",
            "#99812",
            "three to five",
            "peter@example.com",
            "thank you",
        ] {
            assert_eq!(wish(text), Wish::No, "{text}");
        }
    }

    #[test]
    fn the_reason_is_a_rule_or_an_example() {
        let because = |text: &str| Detector::built_in().assess(text).matched.unwrap_or_default();
        assert_eq!(because("are you a bot?"), "rule: bot-challenge");
        assert_eq!(because("agent please"), "rule: keyword");
        assert!(because("put me through to your manager").contains("manager"));
    }

    #[test]
    fn the_shipped_weights_are_readable() {
        assert!(Model::read(WEIGHTS).is_some());
    }

    proptest! {
        #[test]
        fn any_text_gets_a_probability(text in "(?s).{0,300}") {
            let verdict = Detector::built_in().assess(&text);
            prop_assert!((0.0..=1.0).contains(&verdict.score));
        }
    }
}
