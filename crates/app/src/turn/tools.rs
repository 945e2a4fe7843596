//! What a model may call while it answers: a person, and functions of the owner's own servers.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use domain::{
    ConversationId, text,
    tools::{HttpTool, Kind, Method, NOT_IN_KNOWLEDGE, Parameter, REQUEST_HUMAN, placeholders},
};
use ports::{
    ai_models::StoredTool,
    models::{Tool, ToolCall},
    outside::{Call, NoReply},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{Baton, directory::Profile};

/// A function that takes longer is given up.
const WITHIN: Duration = Duration::from_secs(10);
/// Longest answer of a function, in bytes: a model reads it whole.
const LONGEST: usize = 32 * 1024;
/// What a model reads when it has said that the knowledge has no answer. The offer of a person is the desk's own: what it
/// says is in the visitor's language, and a "yes" to it is understood.
pub(super) const NOTED: &str = "Noted. Now tell the visitor in a sentence or two, in their language, that you do not know. Do not \
    offer a person: the desk adds that where one can come.";
/// The header that tells two calls for the same thing from two things.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest reason that a model gives for calling a person, in characters.
const WHY: usize = 300;

/// The tools of one answer. What is not in it cannot be called, whatever a model or a text says.
pub(super) struct Toolbox {
    person: bool,
    functions: Vec<StoredTool>,
}

/// What a model asks for with a call.
pub(super) enum Wish<'t> {
    /// A person, and why.
    Person(String),
    /// To have it noted that the knowledge has no answer.
    NotKnown,
    /// A function, and with what.
    Function(Function<'t>),
    /// It makes no sense: no such tool, or arguments that it does not take.
    Senseless(String),
}

/// A function with what it is called with.
pub(super) struct Function<'t> {
    stored: &'t StoredTool,
    arguments: Map<String, Value>,
    /// What it is asked for: the same for each call that asks for the same.
    pub(super) asks: Asks,
}

/// Name and arguments of a call, in one order.
pub(super) type Asks = (String, String);

/// What came of calls, for the model to read.
pub(super) type Results = HashMap<Asks, String>;

/// What came of a function.
pub(super) struct Came {
    /// For the model to read.
    pub(super) text: String,
    /// It stands for the rest of the turn. What only reads and has failed may be tried once more; what may have done
    /// something is not done again.
    pub(super) settled: bool,
}

impl Wish<'_> {
    /// The function that is wanted.
    pub(super) fn function(&self) -> Option<&Function<'_>> {
        match self {
            Self::Function(function) => Some(function),
            Self::Person(_) | Self::NotKnown | Self::Senseless(_) => None,
        }
    }
}

impl<'t> Function<'t> {
    fn new(stored: &'t StoredTool, arguments: Map<String, Value>) -> Self {
        let ordered: BTreeMap<&String, &Value> = arguments.iter().filter(|(_, value)| !value.is_null()).collect();
        let asks = (stored.tool.name.clone(), json!(ordered).to_string());
        Self { stored, arguments, asks }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.stored.tool.name
    }
}

impl Toolbox {
    /// What a chatbot's models may call; a person only where that is switched on.
    pub(super) fn of(profile: &Profile, person: bool) -> Self {
        Self { person, functions: profile.models.tools.iter().filter(|stored| stored.tool.enabled).cloned().collect() }
    }

    /// As the model is told.
    pub(super) fn offered(&self) -> Vec<Tool> {
        let person = self.person.then(|| Tool {
            name: REQUEST_HUMAN.to_owned(),
            description: "Brings a person from the team into this chat. The only way to do so.".to_owned(),
            schema: json!({
                "type": "object",
                "properties": {"reason": {"type": "string", "description": "What the person is needed for, in one sentence."}},
                "required": ["reason"],
            }),
        });
        let not_known = Tool {
            name: NOT_IN_KNOWLEDGE.to_owned(),
            description: "Notes that the knowledge has no answer to what the visitor asks about the product."
                .to_owned(),
            schema: json!({"type": "object", "properties": {}}),
        };
        let functions = self.functions.iter().map(|stored| Tool {
            name: stored.tool.name.clone(),
            description: stored.tool.description.clone(),
            schema: schema(&stored.tool.parameters),
        });
        person.into_iter().chain([not_known]).chain(functions).collect()
    }
}

impl Toolbox {
    /// What a call asks for.
    pub(super) fn wish(&self, call: ToolCall) -> (ToolCall, Wish<'_>) {
        let wish = self.read(&call);
        (call, wish)
    }

    fn read(&self, call: &ToolCall) -> Wish<'_> {
        let Some(Value::Object(arguments)) = &call.arguments else {
            return Wish::Senseless("the arguments are not a JSON object".to_owned());
        };
        if call.name == REQUEST_HUMAN && self.person {
            let why = arguments.get("reason").and_then(Value::as_str).unwrap_or_default();
            return Wish::Person(text::excerpt(&text::printable(why), WHY));
        }
        if call.name == NOT_IN_KNOWLEDGE {
            return Wish::NotKnown;
        }
        let Some(stored) = self.functions.iter().find(|stored| stored.tool.name == call.name) else {
            return Wish::Senseless("there is no tool of this name".to_owned());
        };
        match fit(&stored.tool.parameters, arguments) {
            Ok(()) => Wish::Function(Function::new(stored, arguments.clone())),
            Err(why) => Wish::Senseless(why),
        }
    }
}

impl Baton {
    /// Calls a function, within the time that is left.
    pub(super) async fn use_function(
        &self,
        function: &Function<'_>,
        conversation: ConversationId,
        turn: u64,
        left_ms: i64,
    ) -> Came {
        let tool = &function.stored.tool;
        let Ok(mut headers) = self.tool_headers(function.stored) else {
            return Came { text: "error: the function cannot be called at the moment".to_owned(), settled: true };
        };
        if tool.method != Method::Get && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY)) {
            headers.push((IDEMPOTENCY_KEY.to_owned(), idempotency_key(conversation, turn, &function.asks)));
        }
        let call = request(tool, &function.arguments, headers);
        let called = self.outside.call(Call { within: within(left_ms), ..call }).await;
        let failed = called.as_ref().map_or(true, |reply| reply.status >= 500);
        let text = match called {
            Ok(reply) => format!("status {}\n{}", reply.status, String::from_utf8_lossy(&reply.body)),
            Err(error) => {
                tracing::warn!(function = tool.name, %error, "a function gave no answer");
                told(&error).to_owned()
            }
        };
        Came { text, settled: !failed || tool.method != Method::Get }
    }
}

/// How long a function may take when so much is left of the time for the answer.
fn within(left_ms: i64) -> Duration {
    WITHIN.min(Duration::from_millis(left_ms.max(0).unsigned_abs()))
}

/// The same for the same call in the same turn, also when the turn begins again, here or on another node: so a server that
/// knows such keys does once what it is asked to do once.
fn idempotency_key(conversation: ConversationId, turn: u64, (name, arguments): &Asks) -> String {
    let digest = Sha256::digest(format!("{conversation}/{turn}/{name}/{arguments}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What the model reads of a failure: nothing about the network behind the server.
fn told(error: &NoReply) -> &'static str {
    match error {
        NoReply::TimedOut => "error: the function took too long",
        NoReply::TooLong(_) => "error: the function answered too much",
        NoReply::Shut(_) | NoReply::Unreachable(_) | NoReply::Insecure(_) | NoReply::Redirects => {
            "error: the function cannot be reached"
        }
    }
}

fn schema(parameters: &[Parameter]) -> Value {
    let mut properties = Map::new();
    for parameter in parameters {
        let mut property = Map::new();
        property.insert("type".to_owned(), kind(parameter.kind).into());
        if !parameter.description.is_empty() {
            property.insert("description".to_owned(), parameter.description.clone().into());
        }
        if !parameter.choices.is_empty() && parameter.kind == Kind::String {
            property.insert("enum".to_owned(), parameter.choices.clone().into());
        }
        properties.insert(parameter.name.clone(), Value::Object(property));
    }
    let required: Vec<&str> = parameters.iter().filter(|one| one.required).map(|one| one.name.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
    }
}

/// Whether a function takes these arguments.
fn fit(parameters: &[Parameter], arguments: &Map<String, Value>) -> Result<(), String> {
    if let Some(unknown) = arguments.keys().find(|name| !parameters.iter().any(|one| one.name == **name)) {
        return Err(format!("there is no parameter {}", text::excerpt(&text::printable(unknown), 64)));
    }
    for parameter in parameters {
        let name = &parameter.name;
        let value = match arguments.get(name) {
            None | Some(Value::Null) if parameter.required => return Err(format!("the parameter {name} is missing")),
            None | Some(Value::Null) => continue,
            Some(value) => value,
        };
        let fits = match parameter.kind {
            Kind::String => value.is_string(),
            Kind::Number => value.is_number(),
            Kind::Integer => value.is_i64() || value.is_u64(),
            Kind::Boolean => value.is_boolean(),
        };
        if !fits {
            return Err(format!("the parameter {name} must be a {}", kind(parameter.kind)));
        }
        let choices = &parameter.choices;
        if !choices.is_empty() && value.as_str().is_some_and(|value| !choices.iter().any(|choice| choice == value)) {
            return Err(format!("the parameter {name} must be one of {}", choices.join(", ")));
        }
    }
    Ok(())
}

/// The call of a function. What stands in its address is encoded: an argument is a part of the path, never a path.
fn request(tool: &HttpTool, arguments: &Map<String, Value>, mut headers: Vec<(String, String)>) -> Call {
    let mut url = tool.url.clone();
    let in_path: Vec<&str> = placeholders(&tool.url).unwrap_or_default();
    for name in &in_path {
        let value = arguments.get(*name).map(plain).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), &segment(&value));
    }
    let rest = arguments.iter().filter(|(name, value)| !in_path.contains(&name.as_str()) && !value.is_null());
    let body = if tool.method.has_body() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        let object: Map<String, Value> = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
        Some(Value::Object(object).to_string().into_bytes())
    } else {
        for (name, value) in rest {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{name}={}", encoded(&plain(value))));
        }
        None
    };
    Call { method: tool.method.name(), url, headers, body, within: WITHIN, longest: LONGEST, redirects: 0 }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A part of a path. Dots alone would lead upwards.
fn segment(value: &str) -> String {
    if value.chars().all(|c| c == '.') { encoded(value).replace('.', "%2E") + "_" } else { encoded(value) }
}

/// A value in an address: everything but plain letters and digits as numbers.
fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, kind: Kind, required: bool) -> Parameter {
        Parameter { name: name.into(), description: String::new(), kind, required, choices: vec![] }
    }

    fn tool(method: Method) -> HttpTool {
        HttpTool {
            name: "order".into(),
            description: "An order.".into(),
            method,
            url: "https://shop.example/orders/{number}?v=1".into(),
            parameters: vec![parameter("number", Kind::String, true), parameter("lines", Kind::Boolean, false)],
            headers: vec![],
            enabled: true,
        }
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn an_argument_is_a_part_of_the_path_and_no_path() {
        let url = |number: &str| request(&tool(Method::Get), &object(json!({"number": number})), vec![]).url;
        assert_eq!(url("A-7"), "https://shop.example/orders/A-7?v=1");
        assert_eq!(url("../admin?x=/#"), "https://shop.example/orders/..%2Fadmin%3Fx%3D%2F%23?v=1");
        assert!(!url("..").contains("/..?"), "{}", url(".."));
        let with_query = request(&tool(Method::Get), &object(json!({"number": "1", "lines": true})), vec![]);
        assert_eq!(with_query.url, "https://shop.example/orders/1?v=1&lines=true");
        assert_eq!(with_query.body, None);
    }

    #[test]
    fn the_rest_is_the_body() {
        let call = request(&tool(Method::Post), &object(json!({"number": "1", "lines": false})), vec![]);
        assert_eq!(call.body.as_deref(), Some(br#"{"lines":false}"#.as_slice()));
        assert_eq!(call.redirects, 0);
    }

    #[test]
    fn arguments_must_fit() {
        let mut parameters = tool(Method::Get).parameters;
        parameters.push(parameter("count", Kind::Integer, false));
        parameters.push(Parameter { choices: vec!["a".into(), "b".into()], ..parameter("kind", Kind::String, false) });
        let check = |arguments: Value| fit(&parameters, &object(arguments));
        assert_eq!(check(json!({"number": "1", "lines": null, "count": 2, "kind": "a"})), Ok(()));
        assert!(check(json!({})).unwrap_err().contains("missing"));
        assert!(check(json!({"number": 1})).unwrap_err().contains("string"));
        assert!(check(json!({"number": "1", "count": 1.5})).unwrap_err().contains("integer"));
        assert!(check(json!({"number": "1", "kind": "c"})).unwrap_err().contains("one of"));
        assert!(check(json!({"number": "1", "url": "http://x"})).unwrap_err().contains("no parameter"));
    }

    #[test]
    fn the_same_call_is_the_same_in_any_order_and_turn_by_turn() {
        let stored = StoredTool { tool: tool(Method::Post), id: uuid::Uuid::nil(), headers: None };
        let asks = |arguments: Value| Function::new(&stored, object(arguments)).asks;
        let one = asks(json!({"number": "1", "lines": true}));
        assert_eq!(one, asks(json!({"lines": true, "number": "1"})));
        assert_eq!(asks(json!({"number": "1"})), asks(json!({"number": "1", "lines": null})));
        assert_ne!(one, asks(json!({"number": "2", "lines": true})));
        let conversation = |number| ConversationId::new(uuid::Uuid::from_u128(number));
        let key = idempotency_key(conversation(1), 3, &one);
        assert_eq!(key.len(), 32);
        assert_eq!(key, idempotency_key(conversation(1), 3, &one));
        assert_ne!(key, idempotency_key(conversation(1), 4, &one));
        assert_ne!(key, idempotency_key(conversation(2), 3, &one));
    }

    #[test]
    fn a_function_has_no_more_time_than_the_answer() {
        assert_eq!(within(120_000), WITHIN);
        assert_eq!(within(3_000), Duration::from_secs(3));
        assert_eq!(within(-5), Duration::ZERO);
    }

    #[test]
    fn the_schema_says_the_same() {
        let written = schema(&tool(Method::Get).parameters);
        assert_eq!(written["required"], json!(["number"]));
        assert_eq!(written["properties"]["lines"]["type"], json!("boolean"));
    }
}
