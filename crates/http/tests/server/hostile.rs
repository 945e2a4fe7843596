//! Random calls and frames: whatever comes, no panic and no 5xx, and the server still answers.
//!
//! The words are those of the API, so that the nonsense gets past the first check. Seeded: a failure names its seed.

use api::{agents::AiAgent, common::Page, frames::VisitorServerFrame, knowledge::SourceDetail};
use hyper::Method;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{As, DeskSocket, Place, TestServer, VisitorSocket},
};

/// Bodies for each route.
const BODIES: usize = 24;
/// Frames for each socket.
const FRAMES: usize = 400;
const SEED: [u8; 32] = *b"baton: whatever comes, it stands";

on_both_engines!(random_bodies_break_nothing, random_frames_break_nothing);

pub(crate) fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &SEED))
}

pub(crate) fn example<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

/// Names of fields and kinds.
const WORDS: [&str; 40] = [
    "type",
    "text",
    "client_id",
    "conversation",
    "after",
    "on",
    "seq",
    "visitor_seq",
    "action",
    "do",
    "person",
    "to",
    "from",
    "kind",
    "qa",
    "question",
    "answer",
    "title",
    "name",
    "color",
    "greeting",
    "suggested_questions",
    "visibility",
    "private",
    "message_limit",
    "messages",
    "seconds",
    "escalation",
    "enabled",
    "output_triggers",
    "phrase",
    "also_request",
    "intents",
    "examples",
    "display_name",
    "current",
    "new",
    "prompt",
    "chatbot_id",
    "language",
];

/// Texts that have hurt other programs.
const TEXTS: [&str; 12] = [
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "'; drop table event; --",
    "\u{202e}\u{feff}\u{fffd}",
    "💥💥",
    "%s%n${{7*7}}",
    "../../etc/passwd",
    "00000000-0000-7000-8000-000000000000",
    "#000000",
    "9223372036854775808",
];

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&TEXTS[..]).prop_map(str::to_owned),
        proptest::sample::select(&WORDS[..]).prop_map(str::to_owned),
        any::<String>(),
        (1_usize..9_000).prop_map(|length| "x".repeat(length)),
    ]
}

pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        let key = proptest::sample::select(&WORDS[..]).prop_map(str::to_owned);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A right body with one of its fields gone wrong, or anything at all.
fn body(right: Value) -> impl Strategy<Value = Value> {
    let fields: Vec<String> = right.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    let one_wrong = (0..fields.len().max(1), json_value()).prop_map(move |(which, wrong)| {
        let mut body = right.clone();
        if let (Some(name), Some(fields)) = (fields.get(which), body.as_object_mut()) {
            fields.insert(name.clone(), wrong);
        }
        body
    });
    prop_oneof![3 => one_wrong, 1 => json_value()]
}

async fn random_bodies_break_nothing(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let guest = server.guest().await;
    let chatbot = format!("/chatbots/{}", server.chatbot());
    let agents: Page<AiAgent> = owner.get(&format!("{chatbot}/agents")).await.ok();
    let agent = format!("{chatbot}/agents/{}", agents.items[0].id);
    let text = json!({"kind": "text", "title": "Lamps", "text": "Lamps are sold."});
    let source: SourceDetail = owner.post(&format!("{chatbot}/sources"), &text).await.ok();
    let source = format!("{chatbot}/sources/{}", source.source.id);
    let conversation = format!("/conversations/{}", guest.conversation);
    let id = server.owner().id.to_string();
    let escalation = json!({"enabled": true, "requested_message": "One moment", "hold": false,
        "output_triggers": [{"phrase": "refund", "also_request": false}], "intents": [{"name": "Money", "examples": ["pay"]}]});
    let settings = json!({"name": "Shop", "color": "#123456", "greeting": "Hello", "suggested_questions": ["Why?"],
        "visibility": "public", "message_limit": {"messages": 9, "seconds": 9, "text": "Slowly"}, "escalation": escalation});
    let routes = [
        (
            Method::POST,
            "/setup".to_owned(),
            json!({"code": "A", "email": "a@b.c", "name": "A", "password": "long enough"}),
        ),
        (Method::POST, "/session".to_owned(), json!({"email": "olga@example.com", "password": "x"})),
        (Method::PATCH, "/me".to_owned(), json!({"display_name": "Olga"})),
        (Method::POST, "/me/password".to_owned(), json!({"current": "x", "new": "long enough"})),
        (
            Method::POST,
            "/visitors".to_owned(),
            json!({"chatbot_id": server.chatbot().to_string(), "language": "en", "page": "/"}),
        ),
        (Method::PATCH, chatbot.clone(), settings),
        (Method::PATCH, chatbot.clone(), json!({"escalation": escalation})),
        (Method::PATCH, agent, json!({"name": "Clerk", "description": "Knows", "prompt": "Be kind", "enabled": true})),
        (Method::POST, format!("{chatbot}/sources"), text),
        (Method::POST, format!("{chatbot}/sources"), json!({"kind": "qa", "question": "Lamps?", "answer": "Sold."})),
        (Method::POST, format!("{chatbot}/sources/upload"), json!({"file": "x"})),
        (Method::PATCH, source, json!({"title": "Lamps", "text": "Sold."})),
        (Method::POST, format!("{conversation}/messages"), json!({"client_id": "one", "text": "Hello"})),
        (Method::POST, format!("{conversation}/take-over"), json!({"from": id})),
        (Method::POST, format!("{conversation}/transfer"), json!({"to": id})),
        (Method::POST, format!("{conversation}/assign"), json!({"to": id})),
        (Method::POST, format!("{conversation}/join"), json!({})),
        (Method::POST, format!("{conversation}/leave"), json!({})),
        (Method::POST, format!("{conversation}/request-human"), json!({})),
        (Method::POST, format!("{conversation}/end-live-chat"), json!({})),
        (Method::POST, format!("{conversation}/dismiss-request"), json!({})),
        (Method::POST, format!("{conversation}/cancel-request"), json!({})),
        (Method::POST, format!("{conversation}/resolve"), json!({})),
        (Method::POST, format!("{conversation}/reopen"), json!({})),
    ];
    let mut runner = runner();
    for (method, path, right) in routes {
        let bodies = body(right);
        for number in 0..BODIES {
            let body = example(&bodies, &mut runner);
            let client = if number % 4 == 0 { &guest.client } else { &owner };
            let answer = client.from(server.new_address()).json(method.clone(), &path, &body).await;
            assert!(answer.status.as_u16() < 500, "{method} {path} with {body}: {} {}", answer.status, answer.text());
            let problem = answer.header("content-type") == Some("application/problem+json");
            assert!(
                answer.status.is_success() || (problem && !answer.code().is_empty()),
                "{method} {path} with {body}"
            );
        }
    }
    assert_eq!(server.client().get("//readyz").await.status, 200);
    server.stop().await;
}

async fn random_frames_break_nothing(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let guest = server.guest().await;
    let id = &guest.conversation;
    let person = owner.id.to_string();
    let for_visitors = [
        json!({"type": "hello", "token": guest.token}),
        json!({"type": "subscribe", "conversation": id, "after": 0}),
        json!({"type": "send", "conversation": id, "client_id": "one", "text": "Hello"}),
        json!({"type": "command", "conversation": id, "client_id": "one", "action": "request_human"}),
        json!({"type": "typing", "conversation": id, "on": true}),
        json!({"type": "read", "conversation": id, "visitor_seq": 1}),
        json!({"type": "text_so_far", "conversation": id}),
    ];
    let for_desks = [
        json!({"type": "hello"}),
        json!({"type": "subscribe_inbox", "after": 1}),
        json!({"type": "subscribe", "conversation": id, "after": 0}),
        json!({"type": "unsubscribe", "conversation": id}),
        json!({"type": "send", "conversation": id, "client_id": "one", "text": "Hello"}),
        json!({"type": "command", "conversation": id, "client_id": "one", "action": {"do": "take_over_from", "person": person}}),
        json!({"type": "command", "conversation": id, "client_id": "one", "action": {"do": "transfer", "to": person}}),
        json!({"type": "typing", "conversation": id, "on": true}),
        json!({"type": "read", "conversation": id, "seq": 1}),
    ];
    let mut runner = runner();
    let mut page = server.page(&guest).await;
    let mut desk = server.desk_at(&owner, id).await;
    for number in 0..FRAMES {
        let frame = example(&body(for_visitors[number % for_visitors.len()].clone()), &mut runner);
        page.send_text(&frame.to_string()).await;
        let frame = example(&body(for_desks[number % for_desks.len()].clone()), &mut runner);
        desk.send_text(&frame.to_string()).await;
        // After ten that are none a socket is let go: that is how it should be, and the next one comes.
        if number % 8 == 7 {
            check_page(&mut page).await;
            page = server.page(&guest).await;
            desk = DeskSocket::open(server.address, &As::Bearer(owner.key.clone()), None).await.unwrap();
            desk.follow(id, 0).await;
        }
    }
    server.page(&guest).await.says(id, "Still there?").await.unwrap();
    server.stop().await;
}

/// Nothing that a socket said speaks of a defect.
async fn check_page(page: &mut VisitorSocket) {
    page.send_text(r#"{"type":"subscribe","conversation":"00000000-0000-7000-8000-000000000000","after":77}"#).await;
    let told = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Problem { problem } if problem.code == "not_found" => Some(()),
        VisitorServerFrame::Problem { problem } | VisitorServerFrame::Refused { problem, .. } => {
            assert!(problem.status < 500, "{problem:?}");
            None
        }
        _ => None,
    };
    page.until(told).await;
}
