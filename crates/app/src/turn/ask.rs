//! Asks the models, one after the other as [`Chain`] says, until one has answered or nobody is left but a person.

use std::time::Duration;

use domain::{
    Millis,
    agents::Agent,
    answering::{Chain, Failed, Link, Next, TOOL_ROUNDS, Trouble},
    conversation::Command,
};
use ports::{
    content::{Made, Tried},
    conversations::UnitOutcome,
    models::{ChatModel, ChatRequest, ModelError, Round, Usage},
};

use super::{
    answer::Asked,
    run::awaited,
    stream::{Audience, STALL, Streamed, WHOLE_MS, late},
    tools::{Called, Toolbox},
};
use crate::{Baton, act::Target, answerers::Answerer, compose::Texts, directory::Profile, error::Result};

/// What came of asking.
pub(super) enum Outcome {
    /// An answer, and how it was made when a provider had to do with it.
    Answer(Box<Streamed>, Option<Made>),
    /// Nobody had one.
    Nobody(Vec<Tried>),
    /// The turn is over: somebody else speaks, or has been called.
    Over,
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
        let mut tried: Vec<Tried> = Vec::new();
        loop {
            let answerer = match chain.link() {
                Link::Provider(number) => answerers.get(number),
                Link::BuiltIn => None,
            };
            let mut streamed = Streamed::default();
            let done = match answerer {
                Some(answerer) => self.with_tools(asked, answerer, &toolbox, request.clone(), &mut streamed).await,
                // After a provider has failed, the built-in answerer is heard before it is shown: it may know nothing.
                None => {
                    let audience = tried.is_empty().then(|| asked.audience());
                    let until = self.clock.now().plus(WHOLE_MS);
                    self.call(&*self.model, audience, until, request.clone(), &mut streamed).await
                }
            };
            let failed = match done {
                Ok(()) if answerer.is_none() && escalates && streamed.unknown && !tried.is_empty() => {
                    ModelError::new(Trouble::Unknown, "")
                }
                Ok(()) if streamed.text.trim().is_empty() && streamed.requests.is_none() => {
                    ModelError::new(Trouble::Empty, "an empty answer")
                }
                Ok(()) => {
                    if let Some(answerer) = answerer {
                        self.recovered(profile, answerer).await;
                    } else if !tried.is_empty() {
                        self.say_to(asked.audience(), &streamed.text);
                    }
                    let made = self.made(answerer, &streamed, tried);
                    return Ok(Outcome::Answer(Box::new(streamed), made));
                }
                Err(error) => error,
            };
            let model = answerer.map_or(self.model.name(), |answerer| answerer.model.name()).to_owned();
            tracing::warn!(conversation = %asked.row.id, turn = asked.turn, model, error = %failed, "no answer");
            if let Some(answerer) = answerer {
                self.troubled(profile, answerer, &failed).await;
            }
            let retry_after = failed.retry_after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
            let elapsed = self.clock.now().since(began);
            let next = chain.failed(Failed { trouble: failed.trouble, begun: streamed.shown, retry_after }, elapsed);
            tried.push(Tried { model, trouble: failed.trouble, detail: failed.detail });
            match next {
                Next::Again { pause } => self.clock.sleep(Duration::from_millis(pause.unsigned_abs())).await,
                // What was shown belongs to an attempt that is over: the next one takes its place.
                Next::Ask(_) if streamed.shown => {
                    if !self.raise_attempt(asked).await? {
                        return Ok(Outcome::Over);
                    }
                }
                Next::Ask(_) => {}
                Next::Person => return Ok(Outcome::Nobody(tried)),
            }
        }
    }

    fn made(&self, answerer: Option<&Answerer>, streamed: &Streamed, tried: Vec<Tried>) -> Option<Made> {
        if answerer.is_none() && tried.is_empty() {
            return None;
        }
        let model = answerer.map_or(self.model.name(), |answerer| answerer.model.name()).to_owned();
        let cost = answerer.map_or(0, |one| one.settings.cost(streamed.usage.input, streamed.usage.output));
        let (input, output) = (streamed.usage.input, streamed.usage.output);
        Some(Made { model, input, output, cost, called: streamed.called.clone(), tried })
    }

    /// One model answers, and calls what it was given.
    async fn with_tools(
        &self,
        asked: Asked<'_>,
        answerer: &Answerer,
        toolbox: &Toolbox,
        mut request: ChatRequest,
        answer: &mut Streamed,
    ) -> std::result::Result<(), ModelError> {
        request.tools = toolbox.offered();
        let until = self.clock.now().plus(WHOLE_MS);
        let mut senseless = 0;
        for _ in 0..=TOOL_ROUNDS {
            let from = answer.text.len();
            self.call(&*answerer.model, Some(asked.audience()), until, request.clone(), answer).await?;
            let calls = std::mem::take(&mut answer.calls);
            if calls.is_empty() {
                return Ok(());
            }
            let mut results = Vec::with_capacity(calls.len());
            for call in calls {
                let called = self.use_tool(toolbox, &call).await;
                // A name that a model made up is in no record.
                if !matches!(called, Called::Senseless(_)) {
                    answer.called.push(call.name.clone());
                }
                match called {
                    Called::Person(why) => {
                        answer.requests = Some(why);
                        return Ok(());
                    }
                    Called::Result(result) => results.push((call, result)),
                    Called::Senseless(why) => {
                        senseless += 1;
                        if senseless > 1 {
                            return Err(ModelError::new(Trouble::Malformed, format!("a call of a tool: {why}")));
                        }
                        results.push((call, format!("error: {why}")));
                    }
                }
            }
            request.rounds.push(Round { said: answer.text[from..].to_owned(), calls: results });
            if !answer.text.is_empty() && !answer.text.ends_with(char::is_whitespace) {
                answer.text.push_str("\n\n");
                self.say_to(asked.audience(), "\n\n");
            }
        }
        Err(ModelError::new(Trouble::Malformed, "it calls tools without end"))
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
