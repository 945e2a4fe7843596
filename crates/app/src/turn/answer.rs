//! From the visitor's messages to what is to be committed: a request for a person, or an answer.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{
    PersonId,
    conversation::{AssistantOutcome, Event, Reason},
    limits, text,
};
use ports::{
    content::{Content, Made, Tried},
    conversations::{LogRange, Logged, Row},
    life::Unknown,
    models::{ChatRequest, Task},
};

use super::{
    ask::Outcome,
    phrases,
    stream::{Audience, Streamed},
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
    attempt: &'turn AtomicU32,
}

impl<'turn> Asked<'turn> {
    pub(super) fn new(row: &'turn Row, room: &'turn Arc<Room>, turn: u64, attempt: &'turn AtomicU32) -> Self {
        Self { row, room, turn, attempt }
    }

    /// The attempt that speaks now.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt.load(Ordering::Relaxed)
    }

    /// The attempt before has failed in sight of everybody: from here on another one speaks.
    pub(super) fn raised_to(&self, attempt: u32) {
        self.attempt.store(attempt, Ordering::Relaxed);
    }

    /// Those who hear the answer while it is made.
    pub(super) fn audience(&self) -> Audience<'turn> {
        Audience { room: self.room, turn: self.turn, attempt: self.attempt() }
    }
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
    /// Makes the answer of a turn, streaming it to the room while it grows. Nothing when the turn is over meanwhile.
    pub(super) async fn settlement(&self, asked: Asked<'_>) -> Result<Option<Settlement>> {
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
            Verdict::Person { reason, content } => Ok(Some(Settlement::request(reason, content))),
            Verdict::MaybePerson => {
                let offer = phrases::offer(language).to_owned();
                self.say_to(asked.audience(), &offer);
                let offer = Streamed { text: offer, offers_person: true, ..Streamed::default() };
                Ok(Some(answered(&profile, &talk, offer, None)))
            }
            Verdict::OnlyFiles => {
                let language = self.store.visitor(row.scope, row.visitor).await?.facts.language;
                let offers_person = profile.chatbot.settings.escalation.enabled;
                let text = only_files(language.as_deref(), offers_person);
                self.say_to(asked.audience(), &text);
                let told = Streamed { text, offers_person, ..Streamed::default() };
                Ok(Some(answered(&profile, &talk, told, None)))
            }
            Verdict::Answer => self.ask_models(asked, &profile, talk, language).await,
        }
    }

    async fn ask_models(
        &self,
        asked: Asked<'_>,
        profile: &Profile,
        talk: Talk,
        language: Option<&'static str>,
    ) -> Result<Option<Settlement>> {
        let row = asked.row;
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
            task: Task::Answer,
            model: None,
            temperature: None,
            tools: Vec::new(),
            rounds: Vec::new(),
        };
        Ok(match self.ask(asked, profile, request).await? {
            Outcome::Answer(streamed, made) => {
                let unknown = streamed.unknown.then(|| self.unknown(&talk.question)).flatten();
                let settlement = answered(profile, &talk, *streamed, made);
                Some(Settlement { texts: Texts { unknown, ..settlement.texts }, ..settlement })
            }
            Outcome::Nobody(tried) => Some(failed(profile, &talk, language, tried)),
            Outcome::Over => None,
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

    pub(super) async fn names(&self, log: &[Logged]) -> HashMap<PersonId, String> {
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
fn only_files(language: Option<&str>, offers_person: bool) -> String {
    let text = phrases::only_files(language);
    if offers_person { format!("{text} {}", phrases::offer(language)) } else { text.to_owned() }
}

/// An answer, with what its words and its calls mean for people: watched phrases, promises that must be kept, and a
/// person whom the AI has called.
fn answered(profile: &Profile, talk: &Talk, streamed: Streamed, made: Option<Made>) -> Settlement {
    let escalation = &profile.chatbot.settings.escalation;
    let called = streamed.requests.filter(|_| escalation.enabled);
    let words = Some(talk.question.clone());
    if streamed.text.trim().is_empty() {
        let content = Content::Reason { words, matched: None, name: called };
        return Settlement::request(Reason::AiAsked, content);
    }
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
    let requests = match (&requesting, &promise, &called) {
        (Some(_), ..) => Some(Reason::AiOutput),
        (None, Some(_), _) => Some(Reason::AiPromised),
        (None, None, Some(_)) => Some(Reason::AiAsked),
        (None, None, None) => None,
    };
    let reason = requests.map(|_| Content::Reason { words, matched: promise, name: requesting.or(called) });
    let answer = Content::Answer {
        text: streamed.text,
        citations: streamed.citations,
        agent: profile.answering_agent().map(|agent| agent.name.clone()),
        offers_person: streamed.offers_person && requests.is_none(),
        made,
    };
    Settlement {
        outcome: AssistantOutcome::Answered { alerts: alert.is_some(), requests },
        texts: Texts { answer: Some(answer), reason, phrase: alert, ..Texts::default() },
    }
}

/// Each term once, in order, and no more than a search needs.
pub(super) fn distinct(terms: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    terms.into_iter().filter(|term| seen.insert(term.clone())).take(SEARCH_TERMS).collect()
}

/// No AI could answer: a person is called, or at least it is said.
fn failed(profile: &Profile, talk: &Talk, language: Option<&str>, tried: Vec<Tried>) -> Settlement {
    if profile.chatbot.settings.escalation.enabled {
        let content = Content::Failure { words: Some(talk.question.clone()), tried };
        return Settlement::request(Reason::AiFailed, content);
    }
    let text = phrases::sorry(language).to_owned();
    let made = Made { tried, ..Made::default() };
    answered(profile, talk, Streamed { text, ..Streamed::default() }, Some(made))
}
