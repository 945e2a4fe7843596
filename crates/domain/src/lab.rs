//! The Escalation lab: messages that somebody labelled, drafts of settings, and runs that judge both.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    chatbot::{Intent, Settings},
    conversation::Reason,
    limits,
    text::{self, InvalidText},
};

/// A run ends by then, in milliseconds: 15 minutes. The whole of a set, or of 30 days, takes a small machine less.
pub const RUN_MS: i64 = 15 * 60 * 1_000;
/// A run ends when nobody has asked for it for so long, in milliseconds. Browsers let a page in the background ask once a
/// minute.
pub const ASKED_MS: i64 = 150 * 1_000;
/// A run of which nothing was heard for so long, in milliseconds, is over: its server is gone. Longer than the embedding of
/// one slice by both models may take.
pub const LOST_MS: i64 = 180 * 1_000;

/// What the visitor wants who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// A person: one should be called at once.
    Person,
    /// No person.
    NoPerson,
}

impl Label {
    /// The name under which it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::NoPerson => "no_person",
        }
    }

    /// The label of a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Person, Self::NoPerson].into_iter().find(|label| label.name() == name)
    }

    /// Whether a person should be called.
    pub fn wants_person(self) -> bool {
        self == Self::Person
    }
}

/// The text of a labelled message, as it is kept.
///
/// # Errors
/// Nothing to see, or too long.
pub fn message(text: &str) -> Result<String, InvalidText> {
    text::required(text, limits::LAB_MESSAGE_CHARS)
}

/// Settings of the hand-over as somebody tries them, not saved. What is left out is as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// `Enable Human Escalation`.
    pub enabled: Option<bool>,
    /// A person is called when the visitor asks for one.
    pub when_asked: Option<bool>,
    /// How readily a wish is heard, -10 to 10.
    pub bias: Option<i8>,
    /// A person is called when the visitor is upset.
    pub when_upset: Option<bool>,
    /// `Escalation Intents`.
    pub intents: Option<Vec<Intent>>,
}

impl Draft {
    /// The settings as they would be.
    pub fn on(&self, settings: &Settings) -> Settings {
        let mut settings = settings.clone();
        let known = &mut settings.escalation;
        known.enabled = self.enabled.unwrap_or(known.enabled);
        known.when_asked = self.when_asked.unwrap_or(known.when_asked);
        known.bias = self.bias.unwrap_or(known.bias);
        known.when_upset = self.when_upset.unwrap_or(known.when_upset);
        if let Some(intents) = &self.intents {
            known.intents.clone_from(intents);
        }
        settings
    }
}

/// What a run judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// The labelled messages.
    Judge,
    /// What was said lately.
    Replay,
}

impl RunKind {
    /// The name under which it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judge => "judge",
            Self::Replay => "replay",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Judge, Self::Replay].into_iter().find(|kind| kind.name() == name)
    }
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    Running,
    /// All was judged.
    Done,
    /// Its time was up: what was judged until then counts.
    TimeUp,
    /// Nobody asked for it any more, or somebody ended it.
    Stopped,
    /// The embedding model did not answer.
    NoModel,
    /// Something else failed, or its server is gone.
    Failed,
}

impl RunState {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Running, Self::Done, Self::TimeUp, Self::Stopped, Self::NoModel, Self::Failed];

    /// The name under which it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::TimeUp => "time_up",
            Self::Stopped => "stopped",
            Self::NoModel => "no_model",
            Self::Failed => "failed",
        }
    }

    /// The state of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The state as it really is, of a run of which nothing was heard since `beat`.
    #[must_use]
    pub fn seen(self, beat: Millis, now: Millis) -> Self {
        if self == Self::Running && now.since(beat) > LOST_MS { Self::Failed } else { self }
    }
}

/// Why a run that began then, and was asked for then, has to end now; nothing while it may go on.
pub fn ends(began: Millis, asked: Millis, now: Millis) -> Option<RunState> {
    if now.since(began) > RUN_MS {
        Some(RunState::TimeUp)
    } else if now.since(asked) > ASKED_MS {
        Some(RunState::Stopped)
    } else {
        None
    }
}

/// What a replay says of a conversation: what would happen now, against what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The same.
    Same,
    /// A person would be called, and nobody was.
    WouldCall,
    /// Nobody would be called, and somebody was.
    WouldNot,
    /// Somebody was called for a reason that messages alone do not give, like the button.
    Elsewise,
}

/// Compares whether a person would be called now with why somebody was called, if somebody was.
pub fn outcome(would: bool, called: Option<Reason>) -> Outcome {
    match (would, called) {
        (true, None) => Outcome::WouldCall,
        (false, Some(reason)) if is_judged(reason) => Outcome::WouldNot,
        (false, Some(_)) => Outcome::Elsewise,
        (true, Some(_)) | (false, None) => Outcome::Same,
    }
}

/// Whether a request for this reason follows from what visitors write and how often, and so can be judged again later.
pub fn is_judged(reason: Reason) -> bool {
    match reason {
        Reason::VisitorAsked | Reason::Intent | Reason::Frustration | Reason::Rule | Reason::TurnLimit => true,
        Reason::Button
        | Reason::AiOutput
        | Reason::NoAnswer
        | Reason::AiFailed
        | Reason::AiPromised
        | Reason::AiAsked
        | Reason::Api
        | Reason::Released => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for label in [Label::Person, Label::NoPerson] {
            assert_eq!(Label::named(label.name()), Some(label));
        }
        for kind in [RunKind::Judge, RunKind::Replay] {
            assert_eq!(RunKind::named(kind.name()), Some(kind));
        }
        for state in RunState::ALL {
            assert_eq!(RunState::named(state.name()), Some(state));
        }
        assert_eq!((Label::named("maybe"), RunKind::named(""), RunState::named("Done")), (None, None, None));
    }

    #[test]
    fn a_draft_changes_what_it_names_and_nothing_else() {
        let settings = Settings::default();
        assert_eq!(Draft::default().on(&settings), settings);
        let theft = Intent { name: "Theft".into(), examples: vec!["my bike was stolen".into()] };
        let draft = Draft { bias: Some(4), intents: Some(vec![theft.clone()]), ..Draft::default() };
        let drafted = draft.on(&settings);
        assert_eq!((drafted.escalation.bias, &drafted.escalation.intents), (4, &vec![theft]));
        assert_eq!(drafted.escalation.when_upset, settings.escalation.when_upset);
        assert_eq!(drafted.name, settings.name);
    }

    #[test]
    fn a_run_ends_by_its_time_or_when_nobody_asks() {
        let began = Millis(1_000);
        assert_eq!(ends(began, began, began.plus(ASKED_MS)), None);
        assert_eq!(ends(began, began, began.plus(ASKED_MS + 1)), Some(RunState::Stopped));
        let late = began.plus(RUN_MS + 1);
        assert_eq!(ends(began, late, late), Some(RunState::TimeUp));
        assert_eq!(RunState::Running.seen(began, began.plus(LOST_MS)), RunState::Running);
        assert_eq!(RunState::Running.seen(began, began.plus(LOST_MS + 1)), RunState::Failed);
        assert_eq!(RunState::Done.seen(began, late), RunState::Done);
    }

    #[test]
    fn a_replay_compares_like_with_like() {
        assert_eq!(outcome(true, None), Outcome::WouldCall);
        assert_eq!(outcome(false, None), Outcome::Same);
        for reason in Reason::ALL {
            assert_eq!(outcome(true, Some(reason)), Outcome::Same);
            let expected = if is_judged(reason) { Outcome::WouldNot } else { Outcome::Elsewise };
            assert_eq!(outcome(false, Some(reason)), expected, "{reason:?}");
        }
        assert!(is_judged(Reason::Intent) && !is_judged(Reason::Button));
    }

    #[test]
    fn texts_have_a_length() {
        assert_eq!(message("  I want a person \n").as_deref(), Ok("I want a person"));
        assert_eq!(message(" "), Err(InvalidText::Empty));
        let max = limits::LAB_MESSAGE_CHARS;
        assert_eq!(message(&"x".repeat(max + 1)), Err(InvalidText::TooLong { max }));
    }
}
