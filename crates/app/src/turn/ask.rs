//! Asks the models, one after the other as [`Chain`] says, until one has answered or nobody is left but a person.

use std::time::Duration;

use domain::{
    Millis,
    agents::Agent,
    answering::{Chain, Failed, Link, Next, TOOL_ROUNDS, Trouble},
    conversation::Command,
};
use futures_util::future::join_all;
use ports::{
    content::{Made, Tried},
    conversations::UnitOutcome,
    models::{ChatModel, ChatRequest, ModelError, Round, ToolCall, Usage},
};

use super::{
    answer::Asked,
    run::awaited,
    stream::{Audience, STALL, Streamed, WHOLE_MS, late},
    tools::{Function, NOTED, Results, Toolbox, Wish},
};
use crate::{Baton, act::Target, answerers::Answerer, compose::Texts, directory::Profile, error::Result};

/// What came of asking.
pub(super) enum Outcome {
    /// An answer, and how it was made when a provider had to do with it.
    Answer(Box<Streamed>, Option<Made>),
    /// Nobody had one; and who was asked, and what that took.
    Nobody(Made),
    /// The turn is over: somebody else speaks, or has been called.
    Over,
}

/// What a turn has come to so far, whichever models it took. A model that is asked after another one goes on from there: what
/// was done is not done again, and what was spent is not forgotten.
#[derive(Default)]
struct Work {
    /// How the answer is made: what was called and spent, and who has failed. The model's name comes last.
    made: Made,
    /// The calls of functions that were carried out.
    rounds: Vec<Round>,
    /// What came of each call.
    results: Results,
}

impl Work {
    /// A call of a model is over, however it ended.
    fn spend(&mut self, answerer: Option<&Answerer>, usage: Usage) {
        let cost = answerer.map_or(0, |one| one.settings.cost(usage.input, usage.output));
        self.made.input = self.made.input.saturating_add(usage.input);
        self.made.output = self.made.output.saturating_add(usage.output);
        self.made.cost = self.made.cost.saturating_add(cost);
    }

    /// Another model goes on: the marks that one provider puts on its calls mean nothing to the next one.
    fn hand_on(&mut self) {
        let calls = self.rounds.iter_mut().flat_map(|round| &mut round.calls);
        calls.for_each(|(call, _)| call.signatures.clear());
    }

    /// How an answer of this model was made; nothing when no provider had to do with it.
    fn made(self, model: &str, by_provider: bool) -> Option<Made> {
        (by_provider || !self.made.tried.is_empty()).then(|| Made { model: model.to_owned(), ..self.made })
    }
}

impl Baton {
    /// Asks until there is an answer.
    pub(super) async fn ask(
        &self,
        asked: Asked<'_>,
        profile: &Profile,
        agent: Option<&Agent>,
        request: ChatRequest,
    ) -> Result<Outcome> {
        let answerers = self.answerers_for(profile, agent);
        let escalates = profile.chatbot.settings.escalation.enabled;
        let toolbox = Toolbox::of(profile, escalates);
        let began = self.clock.now();
        let mut chain = Chain::new(answerers.len());
        let mut work = Work::default();
        loop {
            let answerer = match chain.link() {
                Link::Provider(number) => answerers.get(number),
                Link::BuiltIn => None,
            };
            let failed_before = !work.made.tried.is_empty();
            let mut streamed = Streamed::default();
            let done = match answerer {
                Some(answerer) => self.with_tools(asked, answerer, &toolbox, &request, &mut work, &mut streamed).await,
                // After a provider has failed, the built-in answerer is heard before it is shown: it may know nothing.
                None => {
                    let audience = (!failed_before).then(|| asked.audience());
                    let until = self.clock.now().plus(WHOLE_MS);
                    self.call(&*self.model, audience, until, request.clone(), &mut streamed).await
                }
            };
            work.spend(answerer, streamed.usage);
            let model = answerer.map_or(self.model.name(), |answerer| answerer.model.name());
            let failed = match done {
                Ok(()) if answerer.is_none() && escalates && streamed.unknown && failed_before => {
                    ModelError::new(Trouble::Unknown, "")
                }
                Ok(()) if streamed.text.trim().is_empty() && streamed.requests.is_none() => {
                    ModelError::new(Trouble::Empty, "an empty answer")
                }
                Ok(()) => {
                    if let Some(answerer) = answerer {
                        self.recovered(profile, answerer).await;
                    } else if failed_before {
                        self.say_to(asked.audience(), &streamed.text);
                    }
                    let made = work.made(model, answerer.is_some());
                    return Ok(Outcome::Answer(Box::new(streamed), made));
                }
                Err(error) => error,
            };
            tracing::warn!(conversation = %asked.row.id, turn = asked.turn, model, error = %failed, "no answer");
            if let Some(answerer) = answerer {
                self.troubled(profile, answerer, &failed).await;
            }
            let retry_after = failed.retry_after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
            let elapsed = self.clock.now().since(began);
            let next = chain.failed(Failed { trouble: failed.trouble, begun: streamed.shown, retry_after }, elapsed);
            let tried = Tried { model: model.to_owned(), trouble: failed.trouble, detail: failed.detail };
            work.made.tried.push(tried);
            match next {
                Next::Again { pause } => self.clock.sleep(Duration::from_millis(pause.unsigned_abs())).await,
                Next::Ask(_) => {
                    work.hand_on();
                    // What was shown belongs to an attempt that is over: the next one takes its place.
                    if streamed.shown && !self.raise_attempt(asked).await? {
                        return Ok(Outcome::Over);
                    }
                }
                Next::Person => return Ok(Outcome::Nobody(work.made)),
            }
        }
    }

    /// One model answers, and calls what it was given.
    async fn with_tools(
        &self,
        asked: Asked<'_>,
        answerer: &Answerer,
        toolbox: &Toolbox,
        request: &ChatRequest,
        work: &mut Work,
        answer: &mut Streamed,
    ) -> std::result::Result<(), ModelError> {
        let mut request = ChatRequest { tools: toolbox.offered(), rounds: work.rounds.clone(), ..request.clone() };
        let until = self.clock.now().plus(WHOLE_MS);
        let mut senseless = 0;
        loop {
            let from = answer.text.len();
            self.call(&*answerer.model, Some(asked.audience()), until, request.clone(), answer).await?;
            let calls = std::mem::take(&mut answer.calls);
            if calls.is_empty() {
                // Who quotes the knowledge has found something in it after all.
                answer.unknown &= answer.citations.is_empty();
                return Ok(());
            }
            if request.rounds.len() >= TOOL_ROUNDS {
                return Err(ModelError::new(Trouble::Malformed, "it calls tools without end"));
            }
            let mut wishes: Vec<(ToolCall, Wish<'_>)> = calls.into_iter().map(|call| toolbox.wish(call)).collect();
            // Where it has said so in words as well there is nothing more to hear.
            let only_notes = wishes.iter().all(|(_, wish)| matches!(wish, Wish::NotKnown));
            if only_notes && !answer.text.trim().is_empty() {
                answer.unknown = true;
                return Ok(());
            }
            // What stands behind a call of a person is left to that person.
            if let Some(person) = wishes.iter().position(|(_, wish)| matches!(wish, Wish::Person(_))) {
                wishes.truncate(person + 1);
            }
            let functions = wishes.iter().filter_map(|(_, wish)| wish.function()).collect();
            let left = until.since(self.clock.now());
            let results = self.use_functions(asked, functions, left, work).await;
            let said = &answer.text[from..];
            let mut round = Round { said: said.to_owned(), calls: Vec::with_capacity(wishes.len()) };
            let mut carried_out = Round { said: said.to_owned(), calls: Vec::new() };
            let (mut person, mut fault) = (None, None);
            for (call, wish) in wishes {
                let result = match wish {
                    Wish::Person(why) => {
                        work.made.called.push(call.name.clone());
                        person = Some(why);
                        break;
                    }
                    Wish::Function(function) => {
                        let result = results.get(&function.asks).cloned().unwrap_or_default();
                        carried_out.calls.push((call.clone(), result.clone()));
                        result
                    }
                    Wish::NotKnown => {
                        answer.unknown = true;
                        NOTED.to_owned()
                    }
                    Wish::Senseless(why) => {
                        senseless += 1;
                        if senseless > 1 {
                            fault = Some(ModelError::new(Trouble::Malformed, format!("a call of a tool: {why}")));
                            break;
                        }
                        format!("error: {why}")
                    }
                };
                round.calls.push((call, result));
            }
            if !carried_out.calls.is_empty() {
                work.rounds.push(carried_out);
            }
            if let Some(fault) = fault {
                return Err(fault);
            }
            if person.is_some() {
                answer.requests = person;
                return Ok(());
            }
            if self.clock.now() >= until {
                return Err(late("the answer took too long"));
            }
            request.rounds.push(round);
            if !answer.text.is_empty() && !answer.text.ends_with(char::is_whitespace) {
                answer.text.push_str("\n\n");
                self.say_to(asked.audience(), "\n\n");
            }
        }
    }

    /// What comes of these calls, by what each asks for. They are made side by side; what this turn has asked for before is
    /// not asked for again.
    async fn use_functions(
        &self,
        asked: Asked<'_>,
        functions: Vec<&Function<'_>>,
        left_ms: i64,
        work: &mut Work,
    ) -> Results {
        let mut results = Results::new();
        let mut fresh: Vec<&Function<'_>> = Vec::new();
        for function in functions {
            if let Some(known) = work.results.get(&function.asks) {
                results.insert(function.asks.clone(), known.clone());
            } else if !fresh.iter().any(|one| one.asks == function.asks) {
                fresh.push(function);
            }
        }
        work.made.called.extend(fresh.iter().map(|function| function.name().to_owned()));
        let calls = fresh.iter().map(|function| self.use_function(function, asked.row.id, asked.turn, left_ms));
        for (function, came) in fresh.iter().zip(join_all(calls).await) {
            if came.settled {
                work.results.insert(function.asks.clone(), came.text.clone());
            }
            results.insert(function.asks.clone(), came.text);
        }
        results
    }

    /// One call of one model, from asking to the end of its words.
    pub(super) async fn call(
        &self,
        model: &dyn ChatModel,
        audience: Option<Audience<'_>>,
        until: Millis,
        request: ChatRequest,
        answer: &mut Streamed,
    ) -> std::result::Result<(), ModelError> {
        let parts = tokio::select! {
            biased;
            begun = model.answer(request) => begun?,
            () = self.clock.sleep(STALL) => return Err(late("the model does not answer the call")),
        };
        self.stream(audience, until, parts, answer).await
    }

    /// What a model says to a request of its own, with nobody to hear it; and what that took.
    pub(crate) async fn try_out(
        &self,
        model: &dyn ChatModel,
        request: ChatRequest,
        until: Millis,
    ) -> (std::result::Result<String, ModelError>, Usage) {
        let mut answer = Streamed::default();
        let called = self.call(model, None, until, request, &mut answer).await;
        let said = match called {
            Ok(()) if answer.text.trim().is_empty() => Err(ModelError::new(Trouble::Empty, "an empty answer")),
            Ok(()) => Ok(answer.text),
            Err(error) => Err(error),
        };
        (said, answer.usage)
    }

    /// Another attempt at the same turn. False when the turn is over.
    async fn raise_attempt(&self, asked: Asked<'_>) -> Result<bool> {
        let (turn, attempt) = (asked.turn, asked.attempt());
        // First, so that the commit does not find an answer here that nobody awaits any more.
        asked.room.restart(turn, attempt, attempt + 1);
        // However it ends: the room is left as that attempt.
        asked.raised_to(attempt + 1);
        let command = Command::RetryTurn { turn, attempt };
        let done = self.execute(Target::of(asked.row), command, Texts::default(), None, None).await?;
        let UnitOutcome::Committed(committed) = done else { return Ok(false) };
        Ok(awaited(&committed.row, turn) == Some(attempt + 1))
    }
}
