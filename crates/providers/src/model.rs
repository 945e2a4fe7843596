//! One model of a provider: a call, and its stream as parts of an answer.

use std::{collections::VecDeque, sync::Arc};

use async_trait::async_trait;
use domain::{answering::Trouble, models::Provider};
use futures_util::{StreamExt, stream};
use genai::{
    Client, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    chat::{self, ChatMessage, ChatOptions, ChatStream, ChatStreamEvent, ContentPart, StopReason, StreamEnd},
    resolver::{AuthData, Endpoint},
};
use outside::Guard;
use ports::{
    content::Citation,
    models::{ApiKey, ChatModel, ChatRequest, Connection, ModelError, Part, Parts, Round, Speaker, ToolCall, Usage},
};
use serde_json::{Map, Value};

use crate::{
    bounds::{self, ARGUMENTS, CALLS, Pieced, Read},
    failure,
    label::Beginning,
    prompt::{self, Role},
};

/// Tokens that a model may write for one answer.
const TOKENS: u32 = 4_096;
/// Bytes that are read of one answer; what is shown of it is less.
const BYTES: usize = 128_000;

/// A model of a provider.
pub(crate) struct RemoteModel {
    guard: Arc<Guard>,
    connection: Connection,
    name: String,
}

impl RemoteModel {
    pub(crate) fn new(guard: Arc<Guard>, connection: Connection) -> Self {
        let name = format!("{}/{}", connection.settings.provider.name(), connection.settings.model);
        Self { guard, connection, name }
    }

    fn client(&self) -> Result<Client, ModelError> {
        let base = self.connection.settings.base();
        let http = if self.connection.trusted { self.guard.operators() } else { self.guard.client(base) };
        let http = http.map_err(|reply| failure::no_reply(&reply))?;
        Client::builder().with_reqwest(http).build().map_err(|error| failure::model_error(error, None))
    }

    fn target(&self) -> ServiceTarget {
        let settings = &self.connection.settings;
        let kind = match settings.provider {
            Provider::Openai | Provider::Compatible => AdapterKind::OpenAI,
            Provider::Anthropic => AdapterKind::Anthropic,
            Provider::Gemini => AdapterKind::Gemini,
            Provider::Ollama => AdapterKind::Ollama,
        };
        // A server of one's own may want none, and the protocol wants one.
        let key = self.connection.key.as_ref().map_or("none", |ApiKey(key)| key.as_str());
        ServiceTarget {
            endpoint: Endpoint::from_owned(settings.base()),
            auth: AuthData::from_single(key),
            model: ModelIden::new(kind, settings.model.as_str()),
        }
    }
}

#[async_trait]
impl ChatModel for RemoteModel {
    fn name(&self) -> &str {
        &self.name
    }

    async fn answer(&self, request: ChatRequest) -> Result<Parts, ModelError> {
        let own = self.connection.settings.temperature.map(|hundredths| f32::from(hundredths) / 100.0);
        let pieced = matches!(self.connection.settings.provider, Provider::Openai | Provider::Compatible);
        let mut options =
            ChatOptions::default().with_max_tokens(TOKENS).with_capture_usage(true).with_capture_tool_calls(!pieced);
        if let Some(temperature) = request.temperature.or(own) {
            // The next number with two places: 0.4 is to be 0.4, and not what a shorter number holds of it.
            options = options.with_temperature((f64::from(temperature) * 100.0).round() / 100.0);
        }
        let key = self.connection.key.clone();
        let called = self.client()?.exec_chat_stream(self.target(), written(&request), Some(&options)).await;
        let answer = Answer {
            stream: called.map_err(|error| failure::model_error(error, key.as_ref()))?.stream,
            key,
            beginning: Beginning::without(people(&request)),
            citations: citations(&request),
            text: String::new(),
            read: Read::default(),
            pieced: pieced.then(Pieced::default),
            spoke: false,
            ready: VecDeque::new(),
            over: false,
        };
        let parts = stream::unfold(answer, |mut answer| async move { answer.next().await.map(|part| (part, answer)) });
        Ok(parts.boxed())
    }
}

/// A request in the library's terms.
fn written(request: &ChatRequest) -> chat::ChatRequest {
    let prompt = prompt::assemble(request);
    let messages = prompt.messages.into_iter().map(|(role, text)| match role {
        Role::User => ChatMessage::user(text),
        Role::Assistant => ChatMessage::assistant(text),
    });
    let rounds = request.rounds.iter().flat_map(round);
    let mut written = chat::ChatRequest::new(messages.chain(rounds).collect()).with_system(prompt.system);
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            let named = chat::Tool::new(tool.name.as_str()).with_description(tool.description.as_str());
            named.with_schema(tool.schema.clone())
        });
        written = written.with_tools(tools);
    }
    written
}

fn round(round: &Round) -> Vec<ChatMessage> {
    let call = |call: &ToolCall| chat::ToolCall {
        call_id: call.id.clone(),
        fn_name: call.name.clone(),
        fn_arguments: call.arguments.clone().unwrap_or_else(|| Value::Object(Map::new())),
        thought_signatures: (!call.signatures.is_empty()).then(|| call.signatures.clone()),
    };
    let mut parts = Vec::with_capacity(round.calls.len() + 1);
    if !round.said.trim().is_empty() {
        parts.push(ContentPart::from_text(round.said.as_str()));
    }
    parts.extend(round.calls.iter().map(|(called, _)| ContentPart::ToolCall(call(called))));
    let results = round.calls.iter().map(|(called, result)| {
        ChatMessage::from(chat::ToolResponse::from_tool_call(&call(called), prompt::result(result)))
    });
    std::iter::once(ChatMessage::assistant(chat::MessageContent::from_parts(parts))).chain(results).collect()
}

fn people(request: &ChatRequest) -> impl Iterator<Item = &str> {
    request.history.iter().filter_map(|said| match &said.by {
        Speaker::Person(name) => Some(name.as_str()),
        _ => None,
    })
}

fn citations(request: &ChatRequest) -> Vec<Citation> {
    (1..).zip(&request.passages).map(|(number, found)| found.citation(number)).collect()
}

/// An answer on its way.
struct Answer {
    stream: ChatStream,
    key: Option<ApiKey>,
    beginning: Beginning,
    /// What marks can point to.
    citations: Vec<Citation>,
    text: String,
    read: Read,
    /// Calls of tools, where they come in pieces.
    pieced: Option<Pieced>,
    /// Something came that is in the provider's format.
    spoke: bool,
    ready: VecDeque<Result<Part, ModelError>>,
    over: bool,
}

impl Answer {
    async fn next(&mut self) -> Option<Result<Part, ModelError>> {
        loop {
            if let Some(part) = self.ready.pop_front() {
                return Some(part);
            }
            if self.over {
                return None;
            }
            let event = match bounds::next(&mut self.stream).await {
                Ok(event) => event,
                Err(endless) => {
                    self.fail(endless);
                    continue;
                }
            };
            match event {
                None => self.fail(if self.spoke {
                    ModelError::new(Trouble::CutOff, "the connection ended before the answer did")
                } else {
                    ModelError::new(Trouble::Malformed, "what came is not in the provider's format")
                }),
                Some(Err(error)) => self.fail(failure::model_error(error, self.key.as_ref())),
                Some(Ok(event)) => {
                    if let Err(too_much) = self.read.more(&event).and_then(|()| self.hear(event)) {
                        self.fail(too_much);
                    }
                }
            }
        }
    }

    fn hear(&mut self, event: ChatStreamEvent) -> Result<(), ModelError> {
        match event {
            // The connection is there; not a word of the model's yet.
            ChatStreamEvent::Start | ChatStreamEvent::Heartbeat => {}
            ChatStreamEvent::ReasoningChunk(_) | ChatStreamEvent::ThoughtSignatureChunk(_) => {
                self.spoke = true;
                self.ready.push_back(Ok(Part::Thinks));
            }
            ChatStreamEvent::ToolCallChunk(chunk) => {
                self.spoke = true;
                self.ready.push_back(Ok(Part::Thinks));
                if let Some(pieced) = &mut self.pieced {
                    pieced.add(chunk.tool_call)?;
                }
            }
            ChatStreamEvent::Chunk(chunk) => {
                self.spoke = true;
                let text = self.beginning.pass(&chunk.content);
                self.say(text);
            }
            ChatStreamEvent::End(end) => self.end(end),
        }
        Ok(())
    }

    fn say(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(&text);
        self.ready.push_back(Ok(Part::Text(text)));
        if self.text.len() > BYTES {
            self.cite();
            self.over = true;
        }
    }

    fn end(&mut self, mut end: StreamEnd) {
        let rest = self.beginning.rest();
        self.say(rest);
        if let Some(usage) = end.captured_usage.take() {
            let tokens = |count: Option<i32>| count.map_or(0, |count| u64::from(count.max(0).unsigned_abs()));
            let usage = Usage { input: tokens(usage.prompt_tokens), output: tokens(usage.completion_tokens) };
            self.ready.push_back(Ok(Part::Used(usage)));
        }
        if let Some(StopReason::ContentFilter(why)) = &end.captured_stop_reason {
            return self
                .fail(ModelError::new(Trouble::Refused, domain::text::excerpt(&domain::text::printable(why), 80)));
        }
        let calls = match self.pieced.take() {
            Some(pieced) => pieced.whole(),
            None => end.captured_into_tool_calls().unwrap_or_default(),
        };
        self.ready.extend(calls.into_iter().take(CALLS).map(|call| Ok(Part::Calls(read(call)))));
        self.cite();
        self.over = true;
    }

    fn cite(&mut self) {
        let used = |citation: &Citation| self.text.contains(&format!("[{}]", citation.number));
        let cited: Vec<Citation> = self.citations.iter().filter(|citation| used(citation)).cloned().collect();
        if !cited.is_empty() {
            self.ready.push_back(Ok(Part::Citations(cited)));
        }
    }

    fn fail(&mut self, error: ModelError) {
        self.over = true;
        self.ready.push_back(Err(error));
    }
}

/// A call as the model made it; without arguments when they are not what a function can take.
fn read(call: chat::ToolCall) -> ToolCall {
    let arguments = match call.fn_arguments {
        Value::Object(object) => Some(Value::Object(object)),
        Value::Null => Some(Value::Object(Map::new())),
        // Some providers send nothing where there is nothing to say.
        Value::String(text) if text.trim().is_empty() => Some(Value::Object(Map::new())),
        _ => None,
    };
    ToolCall {
        id: call.call_id,
        name: call.fn_name,
        arguments: arguments.filter(|arguments| arguments.to_string().len() <= ARGUMENTS),
        signatures: call.thought_signatures.unwrap_or_default(),
    }
}
