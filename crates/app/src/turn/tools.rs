//! What a model may call while it answers: a person, and functions of the owner's own servers.

use std::time::Duration;

use domain::{
    text,
    tools::{HttpTool, Kind, Parameter, REQUEST_HUMAN, placeholders},
};
use ports::{
    ai_models::StoredTool,
    models::{Tool, ToolCall},
    outside::{Call, NoReply},
};
use serde_json::{Map, Value, json};

use crate::{Baton, directory::Profile};

/// A function that takes longer is given up.
const WITHIN: Duration = Duration::from_secs(10);
/// Longest answer of a function, in bytes: a model reads it whole.
const LONGEST: usize = 32 * 1024;
/// Longest reason that a model gives for calling a person, in characters.
const WHY: usize = 300;

/// The tools of one answer. What is not in it cannot be called, whatever a model or a text says.
pub(super) struct Toolbox {
    person: bool,
    functions: Vec<StoredTool>,
}

/// What came of a call.
pub(super) enum Called {
    /// A person is called, and why.
    Person(String),
    /// A result for the model to read.
    Result(String),
    /// The call makes no sense: no such tool, or arguments that it does not take.
    Senseless(String),
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
        let functions = self.functions.iter().map(|stored| Tool {
            name: stored.tool.name.clone(),
            description: stored.tool.description.clone(),
            schema: schema(&stored.tool.parameters),
        });
        person.into_iter().chain(functions).collect()
    }
}

impl Baton {
    /// Does what a model asks for, if it may.
    pub(super) async fn use_tool(&self, toolbox: &Toolbox, call: &ToolCall) -> Called {
        let Some(Value::Object(arguments)) = &call.arguments else {
            return Called::Senseless("the arguments are not a JSON object".to_owned());
        };
        if call.name == REQUEST_HUMAN && toolbox.person {
            let why = arguments.get("reason").and_then(Value::as_str).unwrap_or_default();
            return Called::Person(text::excerpt(&text::printable(why), WHY));
        }
        let Some(stored) = toolbox.functions.iter().find(|stored| stored.tool.name == call.name) else {
            return Called::Senseless("there is no tool of this name".to_owned());
        };
        if let Err(why) = fit(&stored.tool.parameters, arguments) {
            return Called::Senseless(why);
        }
        let headers = match self.tool_headers(stored) {
            Ok(headers) => headers,
            Err(_) => return Called::Result("error: the function cannot be called at the moment".to_owned()),
        };
        let called = self.outside.call(request(&stored.tool, arguments, headers)).await;
        Called::Result(match called {
            Ok(reply) => format!("status {}\n{}", reply.status, String::from_utf8_lossy(&reply.body)),
            Err(error) => {
                tracing::warn!(function = stored.tool.name, %error, "a function gave no answer");
                told(&error).to_owned()
            }
        })
    }
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
    use domain::tools::Method;

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
    fn the_schema_says_the_same() {
        let written = schema(&tool(Method::Get).parameters);
        assert_eq!(written["required"], json!(["number"]));
        assert_eq!(written["properties"]["lines"]["type"], json!("boolean"));
    }
}
