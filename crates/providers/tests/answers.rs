//! What a provider may answer, and what is made of it: a real server on this machine, which answers what the test says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::time::Duration;

use domain::{
    SourceId,
    answering::Trouble,
    models::{ModelSettings, Provider},
    outside::Openings,
};
use futures_util::StreamExt;
use outside::Guard;
use ports::{
    models::{
        ApiKey, ChatRequest, Connection, ModelError, Part, Providers, Round, Speaker, Task, Tool, Usage, Utterance,
    },
    search::Passage,
};
use providers::Remote;
use serde_json::{Value, json};
use testkit::fakes::{Answer, WebServer};

fn connection(server: &WebServer, provider: Provider) -> Connection {
    Connection {
        settings: ModelSettings {
            provider,
            address: Some(server.url("/v1/")),
            model: "small".into(),
            temperature: Some(40),
            input_price: 0,
            output_price: 0,
        },
        key: Some(ApiKey("sk-secret-key".into())),
        trusted: true,
    }
}

fn request() -> ChatRequest {
    let source: SourceId = "00000000-0000-7000-8000-000000000001".parse().unwrap();
    let found = |title: &str, text: &str| Passage {
        source,
        title: title.into(),
        heading: String::new(),
        text: text.into(),
        page: None,
        url: None,
        score: 1.0,
        chunk: 0,
        fits: None,
    };
    ChatRequest {
        agent: "Shop".into(),
        prompt: "Be kind.".into(),
        language: None,
        history: vec![Utterance { by: Speaker::Visitor, text: "How long can I return shoes?".into() }],
        passages: vec![found("Returns", "Within 30 days."), found("Repairs", "In our workshop.")],
        word_counts: (Vec::new(), 0),
        may_offer_person: true,
        task: Task::Answer,
        variables: Vec::new(),
        temperature: None,
        tools: vec![Tool {
            name: "order".into(),
            description: "An order.".into(),
            schema: json!({"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]}),
        }],
        rounds: Vec::new(),
    }
}

async fn ask(connection: &Connection, request: ChatRequest) -> Vec<Result<Part, ModelError>> {
    let model = Remote::new(Guard::new(Openings::default())).connect(connection);
    let asked = async {
        match model.answer(request).await {
            Ok(parts) => parts.collect().await,
            Err(error) => vec![Err(error)],
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked).await.unwrap()
}

/// Asks an OpenAI-compatible server that answers this.
async fn answered(answer: Answer) -> Vec<Result<Part, ModelError>> {
    let server = WebServer::start().await;
    server.always(answer);
    ask(&connection(&server, Provider::Compatible), request()).await
}

fn text(parts: &[Result<Part, ModelError>]) -> String {
    parts.iter().filter_map(|part| if let Ok(Part::Text(text)) = part { Some(text.as_str()) } else { None }).collect()
}

fn trouble(parts: &[Result<Part, ModelError>]) -> (Trouble, String) {
    match parts.last() {
        Some(Err(error)) => (error.trouble, error.detail.clone()),
        other => panic!("no trouble: {other:?}"),
    }
}

fn delta(text: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string()
}

fn stopped(why: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": why}], "usage": {"prompt_tokens": 120, "completion_tokens": 9, "total_tokens": 129}})
        .to_string()
}

fn sse() -> Answer {
    Answer::stream("text/event-stream")
}

#[tokio::test]
async fn an_answer_comes_in_parts_with_its_citations_and_what_it_took() {
    let server = WebServer::start().await;
    server.always(sse().events(&[&delta("Within 30"), &delta(" days [1]."), &stopped("stop"), "[DONE]"]).end());
    let parts = ask(&connection(&server, Provider::Compatible), request()).await;
    assert_eq!(text(&parts), "Within 30 days [1].");
    assert!(parts.contains(&Ok(Part::Used(Usage { input: 120, output: 9 }))), "{parts:?}");
    let cited = parts.iter().find_map(|part| if let Ok(Part::Citations(cited)) = part { Some(cited) } else { None });
    let cited = cited.unwrap();
    assert_eq!((cited.len(), cited[0].number, cited[0].title.as_str()), (1, 1, "Returns"));

    let asked = server.request(0).await;
    assert!(asked.line.starts_with("POST /v1/chat/completions "), "{}", asked.line);
    assert_eq!(asked.header("authorization"), Some("Bearer sk-secret-key"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!((&body["model"], &body["stream"], &body["temperature"]), (&json!("small"), &json!(true), &json!(0.4)));
    assert_eq!(body["messages"][0]["role"], json!("system"));
    assert!(body["messages"][0]["content"].as_str().unwrap().contains("Be kind."));
    assert_eq!(body["messages"][1]["role"], json!("user"));
    assert_eq!(body["tools"][0]["function"]["name"], json!("order"));
}

#[tokio::test]
async fn a_status_is_told_for_what_it_is_and_holds_no_key() {
    let error = |words: &str| json!({"error": {"message": words}}).to_string();
    for (status, expected) in [
        (401, Trouble::WrongKey),
        (403, Trouble::WrongKey),
        (404, Trouble::NoModel),
        (400, Trouble::Rejected),
        (429, Trouble::Busy),
        (500, Trouble::Broken),
        (503, Trouble::Broken),
    ] {
        let body = error("Incorrect API key provided: sk-secret-key");
        let parts = answered(Answer::of(status, "application/json", &body)).await;
        let (trouble, detail) = trouble(&parts);
        assert_eq!(trouble, expected, "{status}");
        assert!(detail.contains(&status.to_string()) && !detail.contains("sk-secret"), "{detail}");
    }
    let parts = answered(Answer::redirect("http://127.0.0.1:1/elsewhere")).await;
    assert_eq!(trouble(&parts).0, Trouble::Rejected, "a redirect is not followed");
}

#[tokio::test]
async fn a_provider_says_how_long_it_wants_to_be_left_alone() {
    let body = "{}";
    let busy = Answer::with(429, &[("retry-after", "7"), ("content-length", "2")]).raw(body);
    let parts = answered(busy).await;
    let Some(Err(error)) = parts.last() else { panic!("{parts:?}") };
    assert_eq!((error.trouble, error.retry_after), (Trouble::Busy, Some(Duration::from_secs(7))));
}

#[tokio::test]
async fn nobody_there() {
    let server = WebServer::start().await;
    let gone = connection(&server, Provider::Compatible);
    drop(server);
    // The listener ends with its last handle; a port that nobody listens at refuses at once.
    let nowhere = Connection {
        settings: ModelSettings { address: Some("http://127.0.0.1:9/v1/".into()), ..gone.settings },
        ..gone
    };
    assert_eq!(trouble(&ask(&nowhere, request()).await).0, Trouble::Unreachable);
}

#[tokio::test]
async fn a_cut_in_the_middle_is_one() {
    let parts = answered(sse().events(&[&delta("Within")]).cut()).await;
    assert_eq!(text(&parts), "Within");
    assert!(matches!(trouble(&parts).0, Trouble::CutOff | Trouble::Unreachable), "{parts:?}");
    // The connection ends in order, but the answer does not.
    let parts = answered(sse().events(&[&delta("Within")]).end()).await;
    assert_eq!((text(&parts).as_str(), trouble(&parts).0), ("Within", Trouble::CutOff));
}

#[tokio::test]
async fn a_refusal_is_one() {
    let parts = answered(sse().events(&[&delta("I"), &stopped("content_filter"), "[DONE]"]).end()).await;
    assert_eq!(trouble(&parts).0, Trouble::Refused);
    let error = json!({"error": {"type": "content_filter", "message": "no"}}).to_string();
    assert_eq!(trouble(&answered(sse().events(&[&error]).end()).await).0, Trouble::Refused);
}

#[tokio::test]
async fn an_error_in_the_stream_is_one() {
    let error = json!({"error": {"type": "server_error", "message": "sk-secret-key broke"}}).to_string();
    let parts = answered(sse().events(&[&delta("Within"), &error]).end()).await;
    assert_eq!(trouble(&parts), (Trouble::Broken, "… broke".to_owned()));
    let error = json!({"error": {"type": "overloaded_error", "message": "later"}}).to_string();
    assert_eq!(trouble(&answered(sse().events(&[&error]).end()).await).0, Trouble::Busy);
}

#[tokio::test]
async fn nothing_is_nothing() {
    let parts = answered(sse().events(&[&stopped("stop"), "[DONE]"]).end()).await;
    assert_eq!(text(&parts), "");
    assert!(parts.iter().all(Result::is_ok), "whether that is enough, others decide: {parts:?}");
}

#[tokio::test]
async fn what_is_no_answer_is_told_as_that() {
    let page = Answer::of(200, "text/html", "<html><body>Please sign in</body></html>");
    assert_eq!(trouble(&answered(page).await).0, Trouble::Malformed);
    assert_eq!(trouble(&answered(sse().events(&["{not json"]).end()).await).0, Trouble::Malformed);
    let odd = sse().raw("5\r\n\u{fffd}\u{0}\r\n").cut();
    assert!(matches!(trouble(&answered(odd).await).0, Trouble::Malformed | Trouble::Unreachable | Trouble::CutOff));
}

#[tokio::test]
async fn a_megabyte_is_not_read_to_its_end() {
    let word = delta(&"x".repeat(64 * 1024));
    let many: Vec<&str> = (0..16).map(|_| word.as_str()).collect();
    let parts = answered(sse().events(&many).hangs()).await;
    let read = text(&parts).len();
    assert!((128_000..256_000).contains(&read), "{read}");
    assert!(parts.iter().all(Result::is_ok));
    // In one piece, as one event.
    let one = delta(&"y".repeat(1024 * 1024));
    let parts = answered(sse().events(&[&one]).hangs()).await;
    assert!(parts.iter().all(Result::is_ok) && text(&parts).len() == 1024 * 1024);
}

/// Each of these was read for as long as it came once, or made room for what it said would come.
#[tokio::test]
async fn what_has_no_end_is_not_read_on() {
    let chunked = |status: u16, content_type: &str| {
        Answer::with(status, &[("content-type", content_type), ("transfer-encoding", "chunked")])
    };
    let long = "x".repeat(16 * 1024);
    let call = |arguments: &str, index: u64, name: Option<&str>| {
        let function = json!({"name": name, "arguments": arguments});
        let call = json!({"index": index, "id": name.map(|_| "call_a"), "function": function});
        json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).to_string()
    };
    let event = |data: &str| format!("data: {data}\n\n");
    let thought = json!({"choices": [{"index": 0, "delta": {"reasoning_content": long}}]}).to_string();
    for (what, answer) in [
        ("an error", chunked(500, "application/json").endless(&long)),
        ("an error that never has a word", chunked(429, "text/plain").endless("\n")),
        ("a line", sse().endless(&long)),
        ("a line behind words", sse().events(&[&delta("Within")]).endless(&long)),
        ("arguments", sse().events(&[&call("", 0, Some("order"))]).endless(&event(&call("[1, ", 0, None)))),
        ("calls", sse().endless(&event(&call("{}", 4_000_000_000, Some("order"))))),
        ("thinking", sse().endless(&event(&thought))),
    ] {
        let parts = answered(answer).await;
        assert_eq!(trouble(&parts).0, Trouble::Malformed, "{what}: {:?}", parts.last());
    }
}

/// The library made as many calls as the place of one said that there are.
#[tokio::test]
async fn a_call_at_a_place_far_away_is_one_call() {
    let function = json!({"name": "order", "arguments": "{\"number\": \"7\"}"});
    let call = json!({"index": 3_000_000_000_u64, "id": "a", "function": function});
    let call = json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).to_string();
    let parts = answered(sse().events(&[&call, &stopped("tool_calls"), "[DONE]"]).end()).await;
    let calls: Vec<_> =
        parts.iter().filter_map(|part| if let Ok(Part::Calls(call)) = part { Some(call) } else { None }).collect();
    assert_eq!((calls.len(), calls[0].arguments.clone()), (1, Some(json!({"number": "7"}))), "{parts:?}");
}

#[tokio::test]
async fn a_call_of_a_tool_is_put_together_from_its_pieces() {
    let call = |arguments: &str, first: bool| {
        let function =
            if first { json!({"name": "order", "arguments": arguments}) } else { json!({"arguments": arguments}) };
        let mut call = json!({"index": 0, "function": function});
        if first {
            call["id"] = json!("call_1");
        }
        json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).to_string()
    };
    let called = |parts: Vec<Result<Part, ModelError>>| {
        let call = parts.into_iter().find_map(|part| if let Ok(Part::Calls(call)) = part { Some(call) } else { None });
        call.unwrap()
    };
    let events = [call("{\"num", true), call("ber\": \"7\"}", false), stopped("tool_calls"), "[DONE]".to_owned()];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let made = called(answered(sse().events(&events).end()).await);
    assert_eq!((made.id.as_str(), made.name.as_str()), ("call_1", "order"));
    assert_eq!(made.arguments, Some(json!({"number": "7"})));
    // What cannot be read stays a call, without arguments.
    let events = [call("{\"number\": ", true), stopped("tool_calls"), "[DONE]".to_owned()];
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert_eq!(called(answered(sse().events(&events).end()).await).arguments, None);

    // And its result goes back.
    let server = WebServer::start().await;
    server.always(sse().events(&[&delta("It left."), &stopped("stop"), "[DONE]"]).end());
    let round = Round { said: "One moment.".into(), calls: vec![(made, "status 200\nsent".into())] };
    ask(&connection(&server, Provider::Compatible), ChatRequest { rounds: vec![round], ..request() }).await;
    let body: Value = serde_json::from_str(&server.request(0).await.body).unwrap();
    let messages = body["messages"].as_array().unwrap();
    let (assistant, tool) = (&messages[messages.len() - 2], &messages[messages.len() - 1]);
    assert_eq!(assistant["tool_calls"][0]["function"]["name"], json!("order"));
    assert_eq!((&tool["role"], &tool["content"]), (&json!("tool"), &json!("status 200\nsent")));
}

#[tokio::test]
async fn a_name_before_the_answer_is_not_said() {
    let server = WebServer::start().await;
    server.always(sse().events(&[&delta("Sof"), &delta("ia: I approve it."), &stopped("stop"), "[DONE]"]).end());
    let mut asked = request();
    asked.history.insert(0, Utterance { by: Speaker::Person("Sofia".into()), text: "One moment.".into() });
    let parts = ask(&connection(&server, Provider::Compatible), asked).await;
    assert_eq!(text(&parts), "I approve it.");
}

#[tokio::test]
async fn each_provider_is_spoken_to_in_its_own_way() {
    // Anthropic.
    let server = WebServer::start().await;
    let event = |kind: &str, body: Value| format!("event: {kind}\ndata: {body}\n\n");
    let stream = sse()
        .piece(&event(
            "message_start",
            json!({"type": "message_start", "message": {"usage": {"input_tokens": 11, "output_tokens": 1}}}),
        ))
        .piece(&event(
            "content_block_start",
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ))
        .piece(&event(
            "content_block_delta",
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello."}}),
        ))
        .piece(&event("content_block_stop", json!({"type": "content_block_stop", "index": 0})))
        .piece(&event(
            "message_delta",
            json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}}),
        ))
        .piece(&event("message_stop", json!({"type": "message_stop"})));
    server.always(stream.end());
    let parts = ask(&connection(&server, Provider::Anthropic), request()).await;
    assert_eq!(text(&parts), "Hello.", "{parts:?}");
    assert!(parts.iter().any(|part| matches!(part, Ok(Part::Used(usage)) if usage.input == 11)), "{parts:?}");
    let asked = server.request(0).await;
    assert!(asked.line.starts_with("POST /v1/messages "), "{}", asked.line);
    assert_eq!(asked.header("x-api-key"), Some("sk-secret-key"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert!(body["system"].to_string().contains("Be kind."), "{body}");

    // Gemini.
    let server = WebServer::start().await;
    let said = json!({"candidates": [{"content": {"parts": [{"text": "Hello."}], "role": "model"}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 2, "totalTokenCount": 14}});
    server.always(sse().events(&[&said.to_string()]).end());
    let parts = ask(&connection(&server, Provider::Gemini), request()).await;
    assert_eq!(text(&parts), "Hello.", "{parts:?}");
    let asked = server.request(0).await;
    assert!(asked.line.starts_with("POST /v1/models/small:streamGenerateContent"), "{}", asked.line);
    assert!(!asked.line.contains("sk-secret-key") && asked.headers.contains("sk-secret-key"), "{}", asked.line);

    // Ollama.
    let server = WebServer::start().await;
    let lines = [
        json!({"model": "small", "message": {"role": "assistant", "content": "Hello."}, "done": false}),
        json!({"model": "small", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 2}),
    ];
    let stream =
        lines.iter().fold(Answer::stream("application/x-ndjson"), |answer, line| answer.piece(&format!("{line}\n")));
    server.always(stream.end());
    let parts = ask(&connection(&server, Provider::Ollama), request()).await;
    assert_eq!(text(&parts), "Hello.", "{parts:?}");
    assert!(server.request(0).await.line.starts_with("POST /v1/api/chat "));
}

#[tokio::test]
async fn an_address_typed_in_the_desk_passes_the_guard() {
    let server = WebServer::start().await;
    server.always(sse().events(&[&delta("Hello."), &stopped("stop"), "[DONE]"]).end());
    let typed = Connection { trusted: false, ..connection(&server, Provider::Compatible) };
    let (trouble, detail) = trouble(&ask(&typed, request()).await);
    assert_eq!(trouble, Trouble::NotAllowed);
    assert!(detail.contains("BATON_ALLOW_PRIVATE"), "{detail}");
    assert!(server.requests().is_empty(), "nothing was sent");
    let opened = Openings::read([server.address.to_string().as_str()]).unwrap();
    let model = Remote::new(Guard::new(opened)).connect(&typed);
    let parts: Vec<_> = model.answer(request()).await.unwrap().collect().await;
    assert_eq!(text(&parts), "Hello.");
}
