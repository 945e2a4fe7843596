//! From the visitor's messages to what is to be committed: a request for a person, or an answer.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    PersonId,
    conversation::{AssistantOutcome, Event, Reason},
    limits, text,
};
use ports::{
    content::Content,
    conversations::{LogRange, Logged, Row},
    life::Unknown,
    models::{ChatRequest, ModelError},
};

use super::{
    phrases,
    stream::{STALL, Streamed},
    supervise::{Talk, Verdict, supervise},
};
use crate::{Baton, compose::Texts, directory::Profile, error::Result, live::Room};

/// How far back a turn reads, in events.
const HISTORY: u32 = 60;
/// Chunks of knowledge that an answer may rest on.
const PASSAGES: u32 = 8;
/// Terms of a question that are searched for.
const SEARCH_TERMS: usize = 24;

/// The turn at hand.
#[derive(Clone, Copy)]
pub(super) struct Asked<'turn> {
    pub(super) row: &'turn Row,
    pub(super) room: &'turn Arc<Room>,
    pub(super) turn: u64,
    pub(super) attempt: u32,
}

/// What a turn comes to.
pub(super) struct Settlement {
    pub(super) outcome: AssistantOutcome,
    pub(super) texts: Texts,
}

impl Settlement {
    fn request(reason: Reason, content: Content) -> Self {
        Self { outcome: AssistantOutcome::Requests(reason), texts: Texts { reason: Some(content), ..Texts::default() } }
    }
}

impl Baton {
    /// Makes the answer of a turn, streaming it to the room while it grows.
    pub(super) async fn settlement(&self, asked: Asked<'_>) -> Result<Settlement> {
        let row = asked.row;
        let profile = self.directory.profile(row.chatbot).await?;
        // With what is for staff: only there it says that a repeated wish for a person was understood.
        let range = LogRange { after: 0, before: Some(row.state.seq + 1), visitor: false, limit: HISTORY };
        let log = self.store.log(row.scope, row.id, range).await?;
        let names = self.names(&log).await;
        let talk = Talk::read(&log, |person| names.get(&person).cloned().unwrap_or_else(|| "A colleague".to_owned()));
        let assessment = self.assess(&talk.question).await;
        let (verdict, language) = supervise(&profile, assessment, &talk);
        match verdict {
            Verdict::Person { reason, content } => Ok(Settlement::request(reason, content)),
            Verdict::MaybePerson => {
                let offer = phrases::offer(language).to_owned();
                self.say(asked.room, asked.turn, asked.attempt, offer.clone());
                Ok(answered(&profile, &talk, Streamed { text: offer, offers_person: true, ..Streamed::default() }))
            }
            Verdict::OnlyFiles => {
                let language = self.store.visitor(row.scope, row.visitor).await?.facts.language;
                Ok(only_files(&profile, &talk, asked, language.as_deref()))
            }
            Verdict::Answer => self.ask_model(asked, &profile, talk, language).await,
        }
    }

    async fn ask_model(
        &self,
        asked: Asked<'_>,
        profile: &Profile,
        talk: Talk,
        language: Option<&'static str>,
    ) -> Result<Settlement> {
        let Asked { row, room, turn, attempt } = asked;
        let words = distinct(knowledge::terms::terms(&talk.question));
        let passages = self.store.search_chunks(row.scope, row.chatbot, &words, PASSAGES).await?;
        let (counts, total) = self.store.word_counts(row.scope, row.chatbot, &words).await?;
        let agent = profile.answering_agent();
        let request = ChatRequest {
            agent: agent.map(|agent| agent.name.clone()).unwrap_or_default(),
            prompt: agent.map(|agent| agent.prompt.clone()).unwrap_or_default(),
            language: language.map(str::to_owned),
            history: talk.history.clone(),
            passages,
            word_counts: (words.into_iter().zip(counts).collect(), total),
            may_offer_person: profile.chatbot.settings.escalation.enabled,
        };
        let begun = tokio::select! {
            biased;
            begun = self.model.answer(request) => begun,
            () = self.clock.sleep(STALL) => Err(ModelError::Unavailable("the model does not answer the call".into())),
        };
        let streamed = match begun {
            Ok(parts) => self.stream(room, turn, attempt, parts).await,
            Err(error) => Err(error),
        };
        Ok(match streamed {
            Ok(streamed) => {
                let unknown = streamed.unknown.then(|| self.unknown(&talk.question)).flatten();
                let settlement = answered(profile, &talk, streamed);
                Settlement { texts: Texts { unknown, ..settlement.texts }, ..settlement }
            }
            Err(error) => {
                tracing::warn!(conversation = %row.id, turn, model = self.model.name(), %error, "no answer");
                failed(profile, &talk, language)
            }
        })
    }

    /// A question to be noted as one that the AI did not know; nothing when it has no term to recognise it by.
    fn unknown(&self, question: &str) -> Option<Unknown> {
        let mut terms = distinct(knowledge::terms::terms(question));
        terms.sort_unstable();
        let question = text::excerpt(question, limits::UNANSWERED_CHARS);
        let id = self.entropy.id(self.clock.now());
        (!terms.is_empty()).then(|| Unknown { id, terms: terms.join(" "), question })
    }

    async fn names(&self, log: &[Logged]) -> HashMap<PersonId, String> {
        let mut names = HashMap::new();
        for logged in log {
            let (Event::PersonWrote { person } | Event::TakenOver { person }) = logged.entry.event else { continue };
            if !names.contains_key(&person)
                && let Ok(known) = self.directory.person(person).await
            {
                names.insert(person, known.name.clone());
            }
        }
        names
    }
}

/// Files came without a word: they are for people, and one may be wanted.
fn only_files(profile: &Profile, talk: &Talk, asked: Asked<'_>, language: Option<&str>) -> Settlement {
    let offers_person = profile.chatbot.settings.escalation.enabled;
    let mut text = phrases::only_files(language).to_owned();
    if offers_person {
        text = format!("{text} {}", phrases::offer(language));
    }
    asked.room.append(asked.turn, asked.attempt, &text);
    answered(profile, talk, Streamed { text, offers_person, ..Streamed::default() })
}

/// An answer, with what its words mean for people: watched phrases, and promises that must be kept.
fn answered(profile: &Profile, talk: &Talk, streamed: Streamed) -> Settlement {
    let escalation = &profile.chatbot.settings.escalation;
    let phrases = |also_request: bool| -> Vec<&str> {
        let triggers = escalation.output_triggers.iter().filter(|trigger| trigger.also_request == also_request);
        triggers.map(|trigger| trigger.phrase.as_str()).collect()
    };
    let found = |phrases: Vec<&str>| {
        supervisor::watched(&streamed.text, &phrases).and_then(|index| phrases.get(index).map(|&p| p.to_owned()))
    };
    let alert = found(phrases(false));
    let requesting = found(phrases(true)).filter(|_| escalation.enabled);
    let promise = supervisor::promises_person(&streamed.text).filter(|_| escalation.enabled && requesting.is_none());
    let requests = match (&requesting, &promise) {
        (Some(_), _) => Some(Reason::AiOutput),
        (None, Some(_)) => Some(Reason::AiPromised),
        (None, None) => None,
    };
    let reason =
        requests.map(|_| Content::Reason { words: Some(talk.question.clone()), matched: promise, name: requesting });
    let answer = Content::Answer {
        text: streamed.text,
        citations: streamed.citations,
        agent: profile.answering_agent().map(|agent| agent.name.clone()),
        offers_person: streamed.offers_person && requests.is_none(),
    };
    Settlement {
        outcome: AssistantOutcome::Answered { alerts: alert.is_some(), requests },
        texts: Texts { answer: Some(answer), reason, phrase: alert, ..Texts::default() },
    }
}

/// Each term once, in order, and no more than a search needs.
fn distinct(terms: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    terms.into_iter().filter(|term| seen.insert(term.clone())).take(SEARCH_TERMS).collect()
}

/// No AI could answer: a person is called, or at least it is said.
fn failed(profile: &Profile, talk: &Talk, language: Option<&str>) -> Settlement {
    if profile.chatbot.settings.escalation.enabled {
        let content = Content::Reason { words: Some(talk.question.clone()), matched: None, name: None };
        return Settlement::request(Reason::AiFailed, content);
    }
    let text = phrases::sorry(language).to_owned();
    answered(profile, talk, Streamed { text, ..Streamed::default() })
}
