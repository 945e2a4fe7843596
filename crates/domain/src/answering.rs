//! Who is asked next when a model gave no answer: the same one again, the next one, or in the end a person.

use serde::{Deserialize, Serialize};

/// Calls of one provider for one answer, at most.
pub const TRIES: u32 = 2;
/// Nobody waits longer than this for another try at the same provider.
pub const PAUSE_MAX_MS: i64 = 2_000;
/// The pause when the provider named none.
pub const PAUSE_MS: i64 = 250;
/// After this no further provider is asked: the built-in answerer needs no time.
pub const PATIENCE_MS: i64 = 45_000;
/// Rounds of calls of tools in one answer, at most.
pub const TOOL_ROUNDS: usize = 4;

/// Why a model gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Its address is one that this server does not call.
    NotAllowed,
    /// No connection.
    Unreachable,
    /// Nothing came for too long.
    TimedOut,
    /// The key is wrong or may not do this: 401, 403.
    WrongKey,
    /// There is no such model or address: 404.
    NoModel,
    /// Too many calls, or the account is used up: 429.
    Busy,
    /// The provider has a fault: 5xx.
    Broken,
    /// The provider does not take the request: any other 4xx.
    Rejected,
    /// It refused to answer.
    Refused,
    /// Not a word.
    Empty,
    /// It was cut off before its end.
    CutOff,
    /// What came is no answer: not the format, or a call of a tool that cannot be made sense of.
    Malformed,
    /// The built-in answerer has nothing about it.
    Unknown,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::NotAllowed,
        Self::Unreachable,
        Self::TimedOut,
        Self::WrongKey,
        Self::NoModel,
        Self::Busy,
        Self::Broken,
        Self::Rejected,
        Self::Refused,
        Self::Empty,
        Self::CutOff,
        Self::Malformed,
        Self::Unknown,
    ];

    /// The stable code for the outside.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::WrongKey => "wrong_key",
            Self::NoModel => "no_model",
            Self::Busy => "busy",
            Self::Broken => "broken",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Empty => "empty",
            Self::CutOff => "cut_off",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
        }
    }

    /// The trouble of that code.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }

    /// What the provider's status says.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::WrongKey,
            404 => Self::NoModel,
            408 | 504 => Self::TimedOut,
            429 => Self::Busy,
            500..=599 => Self::Broken,
            _ => Self::Rejected,
        }
    }

    /// Whether it may be over in a moment. Waiting once more for what did not come is not worth a visitor's time.
    fn passes(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy | Self::Broken | Self::CutOff)
    }
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The provider of this number, from 0.
    Provider(usize),
    /// The built-in answerer.
    BuiltIn,
}

/// What is done after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The same one is asked again, after a pause.
    Again {
        /// The pause in milliseconds.
        pause: i64,
    },
    /// Another one is asked.
    Ask(Link),
    /// Nobody is left but a person.
    Person,
}

/// A failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// What went wrong.
    pub trouble: Trouble,
    /// Something of the answer was shown already.
    pub begun: bool,
    /// What the provider wants to be left alone for, in milliseconds.
    pub retry_after: Option<i64>,
}

/// Those who can be asked for one answer, in order: the providers, then the built-in answerer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    providers: usize,
    link: Link,
    tries: u32,
}

impl Chain {
    /// Begins with the first of so many providers.
    pub fn new(providers: usize) -> Self {
        Self { providers, link: if providers == 0 { Link::BuiltIn } else { Link::Provider(0) }, tries: 1 }
    }

    /// Who is asked now.
    pub fn link(&self) -> Link {
        self.link
    }

    /// What comes after a failure, `elapsed` milliseconds after the first call.
    ///
    /// A provider is asked again only as long as nothing of its answer was shown: what was read cannot be said in another
    /// way by the same voice.
    pub fn failed(&mut self, failed: Failed, elapsed: i64) -> Next {
        let Link::Provider(number) = self.link else { return Next::Person };
        let pause = failed.retry_after.unwrap_or(PAUSE_MS).max(0);
        let in_time = pause <= PAUSE_MAX_MS && elapsed.saturating_add(pause) < PATIENCE_MS;
        if !failed.begun && failed.trouble.passes() && self.tries < TRIES && in_time {
            self.tries += 1;
            return Next::Again { pause };
        }
        self.tries = 1;
        self.link = if number + 1 < self.providers && elapsed < PATIENCE_MS {
            Link::Provider(number + 1)
        } else {
            Link::BuiltIn
        };
        Next::Ask(self.link)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn failed(trouble: Trouble) -> Failed {
        Failed { trouble, begun: false, retry_after: None }
    }

    #[test]
    fn a_passing_fault_is_tried_once_more_and_then_the_next_one_is_asked() {
        let mut chain = Chain::new(2);
        assert_eq!(chain.failed(failed(Trouble::Broken), 100), Next::Again { pause: PAUSE_MS });
        assert_eq!(chain.failed(failed(Trouble::Broken), 500), Next::Ask(Link::Provider(1)));
        assert_eq!(chain.failed(failed(Trouble::Busy), 600), Next::Again { pause: PAUSE_MS });
        assert_eq!(chain.failed(failed(Trouble::Busy), 900), Next::Ask(Link::BuiltIn));
        assert_eq!(chain.failed(failed(Trouble::Unknown), 901), Next::Person);
    }

    #[test]
    fn what_another_try_cannot_mend_is_not_tried_again() {
        for trouble in [Trouble::WrongKey, Trouble::NoModel, Trouble::TimedOut, Trouble::Refused, Trouble::Malformed] {
            assert_eq!(Chain::new(1).failed(failed(trouble), 0), Next::Ask(Link::BuiltIn), "{trouble:?}");
        }
    }

    #[test]
    fn after_the_first_word_the_same_one_is_not_asked_again() {
        let cut = Failed { trouble: Trouble::CutOff, begun: true, retry_after: None };
        assert_eq!(Chain::new(2).failed(cut, 0), Next::Ask(Link::Provider(1)));
        assert_eq!(Chain::new(1).failed(Failed { begun: false, ..cut }, 0), Next::Again { pause: PAUSE_MS });
    }

    #[test]
    fn a_provider_that_wants_a_long_pause_is_left_alone() {
        let busy = |retry_after| Failed { trouble: Trouble::Busy, begun: false, retry_after: Some(retry_after) };
        assert_eq!(Chain::new(1).failed(busy(1_000), 0), Next::Again { pause: 1_000 });
        assert_eq!(Chain::new(1).failed(busy(30_000), 0), Next::Ask(Link::BuiltIn));
    }

    #[test]
    fn without_a_provider_the_built_in_answerer_is_the_first() {
        let mut chain = Chain::new(0);
        assert_eq!(chain.link(), Link::BuiltIn);
        assert_eq!(chain.failed(failed(Trouble::Unknown), 0), Next::Person);
    }

    #[test]
    fn codes_are_names() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::named(trouble.code()), Some(trouble));
        }
    }

    proptest! {
        /// Whatever fails and however long it takes: it ends, with a person, after each one was asked no more often than
        /// allowed and in order.
        #[test]
        fn it_always_ends(
            providers in 0usize..4,
            failures in prop::collection::vec((0usize..13, any::<bool>(), prop::option::of(-5i64..100_000), 0i64..30_000), 16),
        ) {
            let mut chain = Chain::new(providers);
            let mut asked = vec![chain.link()];
            let mut elapsed = 0;
            let mut ended = false;
            for (trouble, begun, retry_after, took) in failures {
                elapsed += took;
                match chain.failed(Failed { trouble: Trouble::ALL[trouble], begun, retry_after }, elapsed) {
                    Next::Again { pause } => {
                        prop_assert!(!begun && pause <= PAUSE_MAX_MS && elapsed + pause < PATIENCE_MS);
                        asked.push(chain.link());
                    }
                    Next::Ask(link) => {
                        prop_assert!(link == Link::BuiltIn || elapsed < PATIENCE_MS);
                        asked.push(link);
                    }
                    Next::Person => { ended = true; break; }
                }
            }
            prop_assert!(ended);
            prop_assert_eq!(asked.last(), Some(&Link::BuiltIn));
            for link in &asked {
                let times = asked.iter().filter(|one| *one == link).count();
                prop_assert!(times <= TRIES as usize);
            }
            let place = |link: &Link| match link { Link::Provider(number) => *number, Link::BuiltIn => usize::MAX };
            prop_assert!(asked.windows(2).all(|pair| place(&pair[0]) <= place(&pair[1])));
        }
    }
}
