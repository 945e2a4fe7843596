//! From the visitor's messages to what is to be committed: a request for a person, or an answer.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{
    LabelId, PersonId,
    agents::Variable,
    conversation::{AssistantOutcome, Control, Event, Reason},
    limits, placeholders, text,
};
use ports::{
    content::{Content, Made, SeenPassage, Why},
    conversations::{LogRange, Logged, Row},
    life::Unknown,
    models::{ChatRequest, Speaker, Task},
    search::Passage,
};

use super::{
    ask::Outcome,
    assess::{Reading, kept},
    look_up::{Found, Question, terms_of},
    phrases,
    stream::{Audience, Streamed},
    supervise::{Ruling, Verdict, thousandths, wanted},
    talk::Talk,
};
use crate::{Baton, compose::Texts, directory::Profile, error::Result, live::Room};

/// How far back a turn reads, in events.
const HISTORY: u32 = 120;
/// What was said last, as far as a model is told.
const TOLD: usize = 60;
/// Passages that collaborators are shown.
const SHOWN: usize = 4;

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
    /// Labels that go onto the conversation with it.
    pub(super) labels: Vec<LabelId>,
}

impl Settlement {
    fn request(reason: Reason, content: Content) -> Self {
        let texts = Texts { reason: Some(content), ..Texts::default() };
        Self { outcome: AssistantOutcome::Requests(reason), texts, labels: Vec::new() }
    }

    /// The same answer, which also tells people that they are wanted, unless it does already.
    fn with_reason(self, reason: Reason, content: Content) -> Self {
        let AssistantOutcome::Answered { alerts, requests: None } = self.outcome else { return self };
        let outcome = AssistantOutcome::Answered { alerts, requests: Some(reason) };
        Self { outcome, texts: Texts { reason: Some(content), ..self.texts }, ..self }
    }
}

/// What an answer is made for.
#[derive(Clone, Copy)]
struct Answering<'turn> {
    profile: &'turn Arc<Profile>,
    talk: &'turn Talk,
    why: &'turn Why,
    language: Option<&'static str>,
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
        let mut talk =
            Talk::read(&log, |person| names.get(&person).cloned().unwrap_or_else(|| "A colleague".to_owned()));
        let ruled = self.supervise(&profile, row, &talk).await?;
        let Some((rest, reason)) = self.beside_a_wish(&profile, row, &talk, &ruled.0).await? else {
            return self.carry_out(asked, &profile, &talk, ruled).await;
        };
        talk.question = rest;
        let ruled = self.supervise(&profile, row, &talk).await?;
        let settlement = self.carry_out(asked, &profile, &talk, ruled).await?;
        Ok(settlement.map(|settlement| settlement.with_reason(Reason::VisitorAsked, reason)))
    }

    /// Does what the Supervisor decided. Nothing when the turn is over meanwhile.
    async fn carry_out(
        &self,
        asked: Asked<'_>,
        profile: &Arc<Profile>,
        talk: &Talk,
        (Ruling { verdict, why, labels }, reading): (Ruling, Reading),
    ) -> Result<Option<Settlement>> {
        let row = asked.row;
        let answering = Answering { profile, talk, why: &why, language: reading.language };
        let settlement = match verdict {
            Verdict::Person { reason, content } => Settlement::request(reason, content),
            Verdict::MaybePerson => {
                let offer = phrases::offer(answering.language).to_owned();
                self.says(asked, answering, offer, true).await
            }
            Verdict::OnlyFiles => {
                let offers_person = may_offer(profile, row);
                let text = only_files(answering.language, offers_person);
                self.says(asked, answering, text, offers_person).await
            }
            Verdict::Says(text) => {
                let text = said_or_sorry(with_question(answering, text), answering.language);
                self.says(asked, answering, text, false).await
            }
            Verdict::Answer => match self.ask_models(asked, answering, reading).await? {
                Some(settlement) => settlement,
                None => return Ok(None),
            },
        };
        Ok(Some(Settlement { labels, ..settlement }))
    }

    /// Says a text that no model was asked for.
    async fn says(&self, asked: Asked<'_>, answering: Answering<'_>, text: String, offers_person: bool) -> Settlement {
        self.say_to(asked.audience(), &text);
        self.answered(answering, Streamed { text, offers_person, ..Streamed::default() }, None).await
    }

    async fn ask_models(
        &self,
        asked: Asked<'_>,
        answering: Answering<'_>,
        reading: Reading,
    ) -> Result<Option<Settlement>> {
        let row = asked.row;
        let Answering { profile, talk, language, .. } = answering;
        let agent = answering.why.agent.and_then(|id| profile.agent(id));
        let question =
            Question { words: &talk.question, before: talk.before_question(), meaning: &reading.meaning, agent };
        let Found { passages, word_counts, model } = self.look_up(profile, question).await?;
        let mut why = answering.why.clone();
        why.passages = passages.iter().take(SHOWN).map(seen).collect();
        let heard = model.filter(|model| !why.models.contains(model));
        why.models.extend(heard);
        let answering = Answering { why: &why, ..answering };
        let request = ChatRequest {
            agent: agent.map(|agent| agent.name.clone()).unwrap_or_default(),
            // The values are the visitor's words: they go beside the instructions, never into them.
            prompt: agent.map(|agent| agent.prompt.clone()).unwrap_or_default(),
            variables: agent.map(|agent| placeholders::named(&agent.prompt, &why.variables)).unwrap_or_default(),
            temperature: agent.and_then(|agent| agent.settings.temperature).map(|it| f32::from(it) / 100.0),
            language: language.map(str::to_owned),
            history: talk.history[talk.history.len().saturating_sub(TOLD)..].to_vec(),
            passages,
            word_counts,
            may_offer_person: may_offer(profile, row),
            task: Task::Answer,
            tools: Vec::new(),
            rounds: Vec::new(),
        };
        let may_offer_person = request.may_offer_person;
        Ok(match self.ask(asked, profile, agent, request).await? {
            Outcome::Answer(mut streamed, made) => {
                let by_provider = made.as_ref().is_some_and(|made| made.model != self.model.name());
                if by_provider && streamed.unknown && may_offer_person && !calls_in_vain(answering) {
                    // The built-in answerer says this by itself.
                    let offer = format!("\n\n{}", phrases::offer(language));
                    self.say_to(asked.audience(), &offer);
                    streamed.text.push_str(&offer);
                    streamed.offers_person = true;
                }
                let unknown = streamed.unknown.then(|| self.unknown(&talk.question)).flatten();
                if !streamed.unknown && !streamed.offers_person && streamed.requests.is_none() {
                    let whole = with_question(answering, streamed.text.clone());
                    if let Some(question) = whole.get(streamed.text.len()..).filter(|more| !more.is_empty()) {
                        self.say_to(asked.audience(), question);
                    }
                    streamed.text = whole;
                }
                let settlement = self.answered(answering, *streamed, made).await;
                Some(Settlement { texts: Texts { unknown, ..settlement.texts }, ..settlement })
            }
            Outcome::Nobody(made) => Some(self.failed(answering, made).await),
            Outcome::Over => None,
        })
    }

    /// A question to be noted as one that the AI did not know; nothing when it has no term to recognise it by.
    fn unknown(&self, question: &str) -> Option<Unknown> {
        let mut terms = terms_of(question);
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
/// Whether the AI may offer to bring in a person: not where nobody may be called, nor where somebody was called already.
fn may_offer(profile: &Profile, row: &Row) -> bool {
    profile.chatbot.settings.escalation.enabled && !matches!(row.state.control, Control::Requested(_))
}

fn only_files(language: Option<&str>, offers_person: bool) -> String {
    let text = phrases::only_files(language);
    if offers_person { format!("{text} {}", phrases::offer(language)) } else { text.to_owned() }
}

/// A passage as it is shown to collaborators.
fn seen(passage: &Passage) -> SeenPassage {
    SeenPassage { title: passage.title.clone(), score: passage.fits.map(thousandths) }
}

/// A text with the question for the first variable that the agent needs and the talk has not given. Each is asked for once:
/// a visitor who does not want to say it is not pressed.
fn with_question(answering: Answering<'_>, text: String) -> String {
    let Answering { profile, talk, why, language } = answering;
    let Some(agent) = why.agent.and_then(|id| profile.agent(id)) else { return text };
    let asked = |variable: &Variable| {
        let by_ai = talk.history.iter().filter(|said| said.by == Speaker::Assistant);
        by_ai.map(|said| said.text.as_str()).any(|said| supervisor::variables::asks_for(said, wanted(variable)))
    };
    let missing = |variable: &&Variable| variable.required && !why.variables.contains_key(&variable.name);
    match agent.settings.variables.iter().filter(missing).find(|variable| !asked(variable)) {
        Some(variable) if text.trim().is_empty() => phrases::ask_for(language, variable),
        Some(variable) => format!("{text}\n\n{}", phrases::ask_for(language, variable)),
        None => text,
    }
}

/// Whether one more answer without knowledge calls a person.
fn calls_in_vain(answering: Answering<'_>) -> bool {
    let escalation = &answering.profile.chatbot.settings.escalation;
    let most = escalation.after_no_answers;
    escalation.enabled && most > 0 && answering.talk.unknown + 1 >= most
}

/// A text, or an apology where it has come to nothing: places of variables without a value were all that there was.
fn said_or_sorry(text: String, language: Option<&str>) -> String {
    if text.trim().is_empty() { phrases::sorry(language).to_owned() } else { text }
}

impl Baton {
    /// An answer, with what its words and its calls mean for people: watched phrases, promises that must be kept, a person
    /// whom the AI has called, and that nobody knew.
    async fn answered(&self, answering: Answering<'_>, streamed: Streamed, made: Option<Made>) -> Settlement {
        let Answering { profile, talk, why, language } = answering;
        let escalation = &profile.chatbot.settings.escalation;
        let called = streamed.requests.filter(|_| escalation.enabled);
        let words = Some(talk.question.clone());
        if called.is_some() && streamed.text.trim().is_empty() {
            let content = Content::Reason { words, matched: None, name: called, why: kept(why) };
            return Settlement::request(Reason::AiAsked, content);
        }
        // Where nobody may be called, silence would be the end of the conversation.
        let streamed = Streamed { requests: None, text: said_or_sorry(streamed.text, language), ..streamed };
        let meant = self.meant_phrases(profile, &streamed.text).await;
        let found = |also_request: bool| {
            let triggers = escalation.output_triggers.iter().filter(|trigger| trigger.also_request == also_request);
            let phrases: Vec<&str> = triggers.map(|trigger| trigger.phrase.as_str()).collect();
            let literal = supervisor::watched(&streamed.text, &phrases).and_then(|index| phrases.get(index).copied());
            let by_meaning = || {
                let all = meant.iter().filter_map(|&place| escalation.output_triggers.get(place));
                all.filter(|trigger| trigger.also_request == also_request).map(|trigger| trigger.phrase.as_str()).next()
            };
            literal.or_else(by_meaning).map(str::to_owned)
        };
        let alert = found(false);
        let requesting = found(true).filter(|_| escalation.enabled);
        let promise =
            supervisor::promises_person(&streamed.text).filter(|_| escalation.enabled && requesting.is_none());
        let times = if streamed.unknown { talk.unknown + 1 } else { 0 };
        let in_vain = streamed.unknown && calls_in_vain(answering);
        let requests = match (&requesting, &promise, &called) {
            (Some(_), ..) => Some(Reason::AiOutput),
            (None, Some(_), _) => Some(Reason::AiPromised),
            (None, None, Some(_)) => Some(Reason::AiAsked),
            (None, None, None) => in_vain.then_some(Reason::NoAnswer),
        };
        let counted = (requests == Some(Reason::NoAnswer)).then(|| times.to_string());
        let name = requesting.or(called).or(counted);
        let reason = requests.map(|_| Content::Reason { words, matched: promise, name, why: kept(why) });
        let answer = Content::Answer {
            text: streamed.text,
            citations: streamed.citations,
            agent: why.agent.and_then(|id| profile.agent(id)).map(|agent| agent.name.clone()),
            offers_person: streamed.offers_person && requests.is_none(),
            unknown: streamed.unknown,
            why: kept(why),
            made,
        };
        Settlement {
            outcome: AssistantOutcome::Answered { alerts: alert.is_some(), requests },
            texts: Texts { answer: Some(answer), reason, phrase: alert, ..Texts::default() },
            labels: Vec::new(),
        }
    }

    /// A turn that nobody could bring to an end, whatever was tried: a person is called, or at least it is said. So the
    /// conversation goes on.
    pub(super) async fn given_up(&self, row: &Row) -> Result<Settlement> {
        let profile = self.directory.profile(row.chatbot).await?;
        let language = self.store.visitor(row.scope, row.visitor).await?.facts.language;
        let language = supervisor::language::spoken([], language.as_deref());
        let (talk, why) = (Talk::default(), Why::default());
        let answering = Answering { profile: &profile, talk: &talk, why: &why, language };
        Ok(self.failed(answering, Made::default()).await)
    }

    /// No AI could answer: a person is called, or at least it is said.
    async fn failed(&self, answering: Answering<'_>, made: Made) -> Settlement {
        let escalation = &answering.profile.chatbot.settings.escalation;
        if escalation.enabled && escalation.when_ai_fails {
            let words = Some(answering.talk.question.clone());
            let (tried, why) = (made.tried.clone(), kept(answering.why));
            let content = Content::Failure { words, tried, why, made: Some(Made { tried: Vec::new(), ..made }) };
            return Settlement::request(Reason::AiFailed, content);
        }
        let text = phrases::sorry(answering.language).to_owned();
        self.answered(answering, Streamed { text, ..Streamed::default() }, Some(made)).await
    }
}
