//! Visitors rate live chats that are over.

use std::time::Duration;

use api::{
    events::{StaffEventBody, VisitorEventBody},
    visitor::{PublicChatbot, VisitorCommandResult},
};
use domain::person::Role;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{
    fakes::{Answer, WebServer},
    on_both_engines,
    server::{Guest, Member, Options, Place, TestServer},
};

use crate::reading::with_escalation;

on_both_engines!(
    a_chat_is_rated_once_it_is_over_and_the_last_word_counts,
    only_a_chat_with_a_person_can_be_rated_and_only_for_a_week,
    nonsense_and_strangers_are_refused,
    a_webhook_is_told_of_it,
    an_owner_may_not_want_it,
);

async fn chats(sofia: &Member, guest: &Guest, client_id: &str) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    sofia.client.post(&path, &json!({"text": "Here I am", "client_id": client_id})).await.ok::<Value>();
    let path = format!("/conversations/{}/end-live-chat", guest.conversation);
    sofia.client.post_nothing(&path).await.ok::<Value>();
}

/// The number under which the visitor sees the newest end of a chat.
async fn end(server: &TestServer, guest: &Guest) -> i64 {
    let log = server.visitor_log(guest).await;
    let ends =
        |body: &VisitorEventBody| matches!(body, VisitorEventBody::LiveChatEnded {} | VisitorEventBody::Resolved {});
    log.iter().rev().find(|event| ends(&event.body)).unwrap().visitor_seq
}

fn path(guest: &Guest) -> String {
    format!("/conversations/{}/rating", guest.conversation)
}

async fn a_chat_is_rated_once_it_is_over_and_the_last_word_counts(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    chats(&sofia, &guest, "one").await;
    let of = end(&server, &guest).await;
    let mut desk = server.desk_at(&sofia, &guest.conversation).await;
    let rated: VisitorCommandResult =
        guest.client.post(&path(&guest), &json!({"of": of, "score": 4, "comment": " Kind. "})).await.ok();
    assert!(
        matches!(&rated.events[..], [event] if matches!(&event.body, VisitorEventBody::Rated { score: 4, text } if text == "Kind."))
    );
    let seen = desk
        .until(|frame| match frame {
            api::frames::DeskServerFrame::Event { event, .. } => match &event.body {
                StaffEventBody::Rated { person, score, text, .. } => Some((person.name.clone(), *score, text.clone())),
                _ => None,
            },
            _ => None,
        })
        .await;
    assert_eq!(seen, ("Sofia".to_owned(), 4, "Kind.".to_owned()));
    // Under the same key it is done once; with another one it is another rating, which counts.
    let body = json!({"of": of, "score": 2});
    for _ in 0..2 {
        let request = guest.client.request(&Method::POST, &path(&guest)).header("idempotency-key", "key");
        let request = request.header("content-type", "application/json");
        assert_eq!(guest.client.send(request, body.to_string().into()).await.status, StatusCode::OK);
    }
    let log = server.log(&guest.conversation).await;
    let scores: Vec<u8> = log
        .iter()
        .filter_map(|event| match event.body {
            StaffEventBody::Rated { score, .. } => Some(score),
            _ => None,
        })
        .collect();
    assert_eq!(scores, [4, 2]);
    // It is counted once, as it was said last, and for whoever was there.
    let path = format!("/chatbots/{}/analytics", server.chatbot());
    let numbers: Value = server.owner().client.get(&path).await.ok();
    let expected = json!({"ratings": 1, "satisfied": 0, "average": 200});
    assert_eq!((&numbers["ratings"], &numbers["people"][0]["ratings"]), (&expected, &expected));
    assert_eq!(numbers["people"][0]["person"]["name"], "Sofia");
    // What was rated is in the transcript that people read.
    let transcript = sofia.client.get(&format!("/conversations/{}/transcript?format=text", guest.conversation)).await;
    assert!(transcript.text().contains("The visitor rates the chat with Sofia 4 of 5: Kind."), "{}", transcript.text());
    server.stop().await;
}

async fn only_a_chat_with_a_person_can_be_rated_and_only_for_a_week(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let resolve = format!("/conversations/{}/resolve", guest.conversation);
    let rates = async |of: i64| guest.client.post(&path(&guest), &json!({"of": of, "score": 5})).await;
    // The AI alone was there.
    sofia.client.post_nothing(&resolve).await.ok::<Value>();
    let alone = end(&server, &guest).await;
    assert_eq!(rates(alone).await.said(), (409, "nothing_to_rate".into()));
    assert_eq!(rates(9_999).await.said(), (409, "nothing_to_rate".into()));
    let reopen = format!("/conversations/{}/reopen", guest.conversation);
    sofia.client.post_nothing(&reopen).await.ok::<Value>();
    chats(&sofia, &guest, "one").await;
    let of = end(&server, &guest).await;
    assert_eq!(rates(of).await.status, StatusCode::OK);
    // Resolved after that: nobody was there in between.
    sofia.client.post_nothing(&resolve).await.ok::<Value>();
    assert_eq!(rates(end(&server, &guest).await).await.said(), (409, "nothing_to_rate".into()));
    server.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    assert_eq!(rates(of).await.said(), (409, "nothing_to_rate".into()));
    server.stop().await;
}

async fn nonsense_and_strangers_are_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    for (body, field) in [
        (json!({"of": 1, "score": 0}), "score"),
        (json!({"of": 1, "score": 6}), "score"),
        (json!({"of": 0, "score": 5}), "of"),
        (json!({"of": 1, "score": 5, "comment": "x".repeat(1_001)}), "comment"),
    ] {
        let answer = guest.client.post(&path(&guest), &body).await;
        assert_eq!((answer.said(), answer.value()["field"].as_str()), ((422, "invalid".into()), Some(field)));
    }
    let stranger = server.guest().await;
    let answer = stranger.client.post(&path(&guest), &json!({"of": 1, "score": 5})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn a_webhook_is_told_of_it(place: Place) {
    let openings = domain::outside::Openings::read(["127.0.0.1"]).unwrap();
    let server = TestServer::start(Options { openings, ..Options::on(&place) }).await;
    let receiver = WebServer::start().await;
    receiver.always(Answer::of(200, "text/plain", "ok"));
    let hook = json!({"name": "CRM", "url": receiver.url("/"), "events": ["conversation.rated"]});
    assert_eq!(server.owner().client.post("/webhooks", &hook).await.status, StatusCode::CREATED);
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    chats(&sofia, &guest, "one").await;
    let of = end(&server, &guest).await;
    let body = json!({"of": of, "score": 5, "comment": "Thank you"});
    guest.client.post(&path(&guest), &body).await.ok::<Value>();
    let told: Value = serde_json::from_str(&receiver.request(0).await.body).unwrap();
    assert_eq!(told["type"], "conversation.rated");
    assert_eq!(told["data"]["rating"], json!({"score": 5, "comment": "Thank you"}));
    assert_eq!(told["data"]["person"]["name"], "Sofia");
    server.stop().await;
}

async fn an_owner_may_not_want_it(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.asks_rating = false).await;
    let path = format!("/chatbots/{}/public", server.chatbot());
    let public: PublicChatbot = server.guest().await.client.get(&path).await.ok();
    assert!(!public.asks_rating);
    let change = json!({"escalation": {"asks_rating": true}});
    let saved: Value = server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &change).await.ok();
    assert_eq!(saved["escalation"]["asks_rating"], true);
    server.stop().await;
}
