//! What the knowledge has about the visitor's words, for whoever answers them: the AI's turn and the copilot.

use std::collections::HashSet;

use domain::{AgentId, agents::Agent};
use ports::search::Passage;
use supervisor::language;

use super::talk::Talk;
use crate::{Baton, directory::Profile, error::Result, meaning::Meaning};

/// Terms of a question that are searched for.
const SEARCH_TERMS: usize = 24;

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// The visitor's last words.
    pub(super) words: &'a str,
    /// What the visitor said before: what follows up on it may say nothing by itself.
    pub(super) before: Option<&'a str>,
    /// What the last words mean.
    pub(super) meaning: &'a Meaning,
    /// Whose sources are looked into.
    pub(super) agent: Option<&'a Agent>,
}

/// What was found.
pub(super) struct Found {
    /// Best first.
    pub(super) passages: Vec<Passage>,
    /// In how many chunks each word occurs that was looked for, and how many there are.
    pub(super) word_counts: (Vec<(String, u64)>, u64),
    /// The model that was heard.
    pub(super) model: Option<String>,
}

impl Baton {
    /// Looks into the knowledge. "And for children?" finds nothing that fits; then it is looked for what was said before with
    /// it.
    pub(super) async fn look_up(&self, profile: &Profile, question: Question<'_>) -> Result<Found> {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        let only = match question.agent {
            Some(agent) => self.held_to(scope, chatbot, &agent.settings).await?,
            None => None,
        };
        let only = only.as_deref();
        let mut words = terms_of(question.words);
        let (mut passages, mut model) = self.retrieve(profile, question.words, &words, question.meaning, only).await?;
        if let Some(before) = question.before.filter(|_| !fits(&passages)) {
            let whole = format!("{before}\n{}", question.words);
            let meaning = self.meaning(&whole, may_be_english(&whole)).await;
            let terms = terms_of(&whole);
            let (more, heard) = self.retrieve(profile, &whole, &terms, &meaning, only).await?;
            if fits(&more) {
                (words, passages, model) = (terms, more, heard);
            }
        }
        let (counts, total) = self.word_counts(profile, &words).await?;
        Ok(Found { passages, word_counts: (words.into_iter().zip(counts).collect(), total), model })
    }
}

impl Talk {
    /// What the visitor said before the messages that wait for an answer.
    pub(super) fn before_question(&self) -> Option<&str> {
        let before = self.messages.len().checked_sub(self.waiting.len().max(1) + 1)?;
        self.messages.get(before).map(String::as_str)
    }

    /// The agent that has the visitor, else the one that would.
    pub(super) fn agent_of<'p>(&self, profile: &'p Profile) -> Option<&'p Agent> {
        let current = self.agent.and_then(|id: AgentId| profile.agent(id)).filter(|agent| agent.enabled);
        current.or_else(|| profile.answering_agent())
    }
}

/// Whether the best passage is about the question. Where words alone were compared, it is enough that there is one.
fn fits(passages: &[Passage]) -> bool {
    passages.first().is_some_and(|best| best.fits.is_none_or(|fits| fits >= knowledge::rank::FITS))
}

pub(super) fn may_be_english(text: &str) -> bool {
    language::guess(text).is_none_or(|code| code == "en")
}

/// Each term of a text once, in order, and no more than a search needs.
pub(super) fn terms_of(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let terms = knowledge::terms::terms(text).into_iter();
    terms.filter(|term| seen.insert(term.clone())).take(SEARCH_TERMS).collect()
}
