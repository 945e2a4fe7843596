//! Ten thousand random calls, made from the OpenAPI document itself so that none is forgotten: every route, with
//! addresses, queries, headers and bodies that fit now and then, and now and then do not.

#![expect(clippy::print_stdout, reason = "how many calls were answered how")]

use std::collections::BTreeMap;

use api::{agents::AiAgent, common::Page};
use hyper::{Method, header::HeaderValue};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Map, Value, json};
use testkit::server::{Client, Place, TestServer};

use crate::hostile::{example, json_value, runner, text};

/// Calls on each engine. PostgreSQL is slower to ask, and what differs there are the statements, not the decoders.
const ON_SQLITE: usize = 10_000;
const ON_POSTGRES: usize = 2_000;
/// Never ends where it is answered; `stream` has tests of its own.
const ENDLESS: &str = "/conversations/{id}/stream";

/// A route as the document describes it.
struct Operation<'doc> {
    method: Method,
    path: &'doc str,
    parameters: Vec<&'doc Value>,
    body: Option<(&'doc str, &'doc Value)>,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if path == ENDLESS || !operation.is_object() || operation.get("responses").is_none() {
                continue;
            }
            let parameters = operation["parameters"].as_array().map(|all| all.iter().collect()).unwrap_or_default();
            let body = operation["requestBody"]["content"]
                .as_object()
                .and_then(|content| content.iter().next().map(|(mime, body)| (mime.as_str(), &body["schema"])));
            operations.push(Operation { method, path, parameters, body });
        }
    }
    // What takes things away comes last in each round.
    operations.sort_by_key(|operation| operation.method == Method::DELETE || operation.path.ends_with("/delete"));
    operations
}

/// Makes values for a document.
struct Maker<'doc> {
    document: &'doc Value,
    runner: TestRunner,
    /// Ids of things that there are.
    ids: Vec<String>,
}

impl Maker<'_> {
    fn below(&mut self, limit: usize) -> usize {
        example(&(0..limit), &mut self.runner)
    }

    fn text(&mut self) -> String {
        match self.below(3) {
            0 => example(&text(), &mut self.runner),
            1 => self.id(),
            _ => "Hello".to_owned(),
        }
    }

    fn id(&mut self) -> String {
        let which = self.below(self.ids.len());
        self.ids[which].clone()
    }

    /// A value after a schema, in which something is wrong now and then.
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if depth == 0 || self.below(8) == 0 {
            return example(&json_value(), &mut self.runner);
        }
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.value(&self.document["components"]["schemas"][name], depth - 1);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(all) = schema[choice].as_array() {
                let which = self.below(all.len());
                return self.value(&all[which], depth - 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.value(part, depth - 1) {
                    whole.extend(fields);
                }
            }
            return whole.into();
        }
        if let Some(all) = schema["enum"].as_array() {
            let which = self.below(all.len());
            return all[which].clone();
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"].as_array().and_then(|all| all[0].as_str()));
        match kind {
            Some("string") => self.text().into(),
            Some("integer" | "number") => {
                [json!(1), json!(0), json!(-1), json!(i64::MAX), json!(1.5)][self.below(5)].clone()
            }
            Some("boolean") => (self.below(2) == 0).into(),
            Some("null") => Value::Null,
            Some("array") => {
                let length = self.below(4);
                (0..length).map(|_| self.value(&schema["items"], depth - 1)).collect()
            }
            _ => {
                let mut whole = Map::new();
                let required: Vec<&str> =
                    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                    if required.contains(&name.as_str()) || self.below(2) == 0 {
                        whole.insert(name.clone(), self.value(field, depth - 1));
                    }
                }
                whole.into()
            }
        }
    }

    /// A value of a path, a query or a header as it is written there.
    fn word(&mut self) -> String {
        match self.below(4) {
            0 => escaped(&example(&text(), &mut self.runner)).chars().take(2_000).collect(),
            1 => self.below(50).to_string(),
            _ => escaped(&self.id()),
        }
    }

    async fn call(&mut self, client: &Client, operation: &Operation<'_>) -> (u16, String) {
        let mut path = operation.path.to_owned();
        let (mut query, mut headers) = (Vec::new(), Vec::new());
        for parameter in &operation.parameters {
            let name = parameter["name"].as_str().unwrap();
            let word = self.word();
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), if word.is_empty() { "-" } else { &word }),
                "query" if self.below(2) == 0 => query.push(format!("{name}={word}")),
                "header" if self.below(2) == 0 => headers.push((name, word)),
                _ => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let (mime, body) = match operation.body {
            None => ("application/json", Vec::new()),
            Some((mime @ "application/json", schema)) => {
                let body = self.value(schema, 6).to_string().into_bytes();
                // Now and then it ends in the middle.
                let end = if self.below(16) == 0 { self.below(body.len() + 1) } else { body.len() };
                (mime, body[..end].to_vec())
            }
            Some((mime, _)) => (mime, example(&upload(), &mut self.runner)),
        };
        let mime = if mime == "multipart/form-data" { "multipart/form-data; boundary=frontier" } else { mime };
        let mut request = client.request(&operation.method, &path).header("content-type", mime);
        for (name, word) in headers {
            if let Ok(word) = HeaderValue::from_str(&word) {
                request = request.header(name, word);
            }
        }
        let answer = client.send(request, body.into()).await;
        let told = format!("{} {path}: {} {}", operation.method, answer.status, answer.text());
        assert!(answer.status.as_u16() < 500, "{told}");
        if answer.status.is_client_error() {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{told}");
            assert!(!answer.code().is_empty(), "{told}");
        }
        (answer.status.as_u16(), told)
    }
}

/// Bytes that may begin like a file of some kind.
fn upload() -> impl Strategy<Value = Vec<u8>> {
    let heads: [&[u8]; 8] = [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">",
        b"\xef\xbb\xbf",
        b"--frontier\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../../x\"\r\n\r\n",
    ];
    (proptest::option::of(proptest::sample::select(heads.to_vec())), proptest::collection::vec(any::<u8>(), 0..2_000))
        .prop_map(|(head, rest)| [head.unwrap_or_default(), &rest].concat())
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || byte == b'-' {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

async fn random_calls(place: Place, calls: usize) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let guest = server.guest().await;
    let agents: Page<AiAgent> = owner.get(&format!("/chatbots/{}/agents", server.chatbot())).await.ok();
    let document = serde_json::to_value(baton_http::openapi()).unwrap();
    let ids = vec![
        server.chatbot().to_string(),
        guest.conversation.clone(),
        guest.conversation.clone(),
        server.owner().id.to_string(),
        agents.items[0].id.clone(),
    ];
    let mut maker = Maker { document: &document, runner: runner(), ids };
    let operations = operations(&document);
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for number in 0..calls {
        let operation = &operations[number % operations.len()];
        let (visitor, nobody) = (&guest.client, server.client());
        let client = [&owner, &owner, &owner, visitor, &nobody][maker.below(5)].from(server.new_address());
        let (status, _) = maker.call(&client, operation).await;
        *statuses.entry(status).or_default() += 1;
    }
    println!("{calls} calls of {} routes: {statuses:?}", operations.len());
    let done: usize = statuses.range(200..300).map(|(_, count)| count).sum();
    assert!(done > calls / 20, "nonsense that never gets past the first check shows little: {statuses:?}");
    assert_eq!(server.client().get("//readyz").await.status, 200);
    server.settled().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_random_calls_break_nothing() {
    random_calls(Place::sqlite(), ON_SQLITE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_random_calls_break_nothing_on_postgres() {
    random_calls(Place::postgres().await, ON_POSTGRES).await;
}
