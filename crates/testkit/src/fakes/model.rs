//! A language model that does what the test says, token by token.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::answering::Trouble;
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use ports::models::{ChatModel, ChatRequest, ModelError, Part, Parts};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the model does when it is asked.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Says this in one part and ends.
    Says(String),
    /// Says nothing until the test does: see [`Call::say`].
    Driven,
    /// A token each time this long has passed, without end.
    Endless(Duration),
    /// Never answers the call at all.
    Hangs,
    /// Refuses the call.
    Refuses,
    /// Ends without a word.
    Empty,
    /// Says this and then breaks.
    Breaks(String),
    /// Says this and then nothing more.
    Stops(String),
}

/// A model that the test drives.
#[derive(Debug, Clone, Default)]
pub struct ScriptedModel(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    replies: Mutex<(VecDeque<Reply>, Reply)>,
    calls: watch::Sender<Vec<Call>>,
}

impl Default for Inner {
    fn default() -> Self {
        let replies = Mutex::new((VecDeque::new(), Reply::Says("An answer.".to_owned())));
        Self { replies, calls: watch::Sender::new(Vec::new()) }
    }
}

/// One call of the model.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it was asked.
    pub request: ChatRequest,
    parts: mpsc::Sender<Option<Result<Part, ModelError>>>,
    dropped: CancellationToken,
}

impl ScriptedModel {
    /// What it does from now on, unless something is queued.
    pub fn always(&self, reply: Reply) {
        self.0.replies.lock().1 = reply;
    }

    /// What it does at the next call that has no reply yet.
    pub fn then(&self, reply: Reply) {
        self.0.replies.lock().0.push_back(reply);
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.0.calls.borrow().len()
    }

    /// The call of this number, from 0, once it comes.
    pub async fn call(&self, number: usize) -> Call {
        let mut calls = self.0.calls.subscribe();
        let found = tokio::time::timeout(PATIENCE, calls.wait_for(|calls| calls.len() > number)).await;
        found.unwrap_or_else(|_| panic!("the model was not asked {} times", number + 1)).unwrap()[number].clone()
    }

    /// The newest call whose last words are these, once it comes.
    pub async fn call_about(&self, words: &str) -> Call {
        let about = |call: &&Call| call.request.history.last().is_some_and(|said| said.text == words);
        let mut calls = self.0.calls.subscribe();
        let found = tokio::time::timeout(PATIENCE, calls.wait_for(|calls| calls.iter().any(|call| about(&call)))).await;
        let calls = found.unwrap_or_else(|_| panic!("the model was not asked about {words:?}")).unwrap();
        calls.iter().rev().find(about).unwrap().clone()
    }

    /// All calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.0.calls.borrow().clone()
    }

    fn next_reply(&self) -> Reply {
        let mut replies = self.0.replies.lock();
        let always = replies.1.clone();
        replies.0.pop_front().unwrap_or(always)
    }
}

impl Call {
    /// Says a part of the answer. Nobody may listen any more.
    pub async fn say(&self, text: &str) {
        self.part(Part::Text(text.to_owned())).await;
    }

    /// Says something else than text.
    pub async fn part(&self, part: Part) {
        // The answer may have been cut off; a test that cares looks at `is_dropped`.
        drop(self.parts.send(Some(Ok(part))).await);
    }

    /// Breaks off with an error.
    pub async fn fail(&self) {
        let broken = ModelError::new(Trouble::CutOff, "cut off by the test");
        drop(self.parts.send(Some(Err(broken))).await);
    }

    /// Ends the answer.
    pub async fn finish(&self) {
        drop(self.parts.send(None).await);
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_dropped(&self) -> bool {
        self.dropped.is_cancelled()
    }

    /// Comes back when nobody waits for the answer any more: it was cancelled, or has ended.
    pub async fn dropped(&self) {
        tokio::time::timeout(PATIENCE, self.dropped.cancelled()).await.expect("the model's answer goes on");
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn name(&self) -> &str {
        "scripted"
    }

    async fn answer(&self, request: ChatRequest) -> Result<Parts, ModelError> {
        let reply = self.next_reply();
        let (sender, parts) = mpsc::channel(64);
        let call = Call { request, parts: sender, dropped: CancellationToken::new() };
        // Whether the answer is cancelled while it begins or while it flows: this goes with it.
        let guard = call.dropped.clone().drop_guard();
        self.0.calls.send_modify(|calls| calls.push(call));
        let text = |text: String| Ok(Part::Text(text));
        let broken = || Err(ModelError::new(Trouble::CutOff, "cut off by the test"));
        let parts = match reply {
            Reply::Says(answer) => stream::iter([text(answer)]).boxed(),
            Reply::Empty => stream::empty().boxed(),
            Reply::Breaks(answer) => stream::iter([text(answer), broken()]).boxed(),
            Reply::Stops(answer) => stream::iter([text(answer)]).chain(stream::pending()).boxed(),
            Reply::Refuses => return Err(ModelError::new(Trouble::Refused, "the test says so")),
            Reply::Hangs => std::future::pending().await,
            Reply::Driven => {
                let next = |mut parts: mpsc::Receiver<_>| async move {
                    let part: Option<Result<Part, ModelError>> = parts.recv().await?;
                    part.map(|part| (part, parts))
                };
                stream::unfold(parts, next).boxed()
            }
            Reply::Endless(every) => {
                let mut ticks = tokio::time::interval(every);
                ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                let tokens = stream::unfold((ticks, 0_u64), move |(mut ticks, number)| async move {
                    ticks.tick().await;
                    Some((Ok(Part::Text(format!("token{number} "))), (ticks, number + 1)))
                });
                tokens.boxed()
            }
        };
        let while_open = move |part| {
            let _open = &guard;
            part
        };
        Ok(parts.map(while_open).boxed())
    }
}
