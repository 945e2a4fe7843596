//! A conversation as a file, and the other chats of its visitor.

use api::{
    common::Page,
    conversations::{ConversationDetail, PastChat, Transcript},
    events::StaffEventBody,
    visitor::VisitorTranscript,
};
use domain::person::Role;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{As, Guest, Place, TestServer},
};

on_both_engines!(notes_leave_only_with_colleagues_who_ask, earlier_chats_are_those_of_the_same_visitor);

/// A chat in which a person wrote to the visitor, and two notes about them, one of which was changed.
async fn told(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    server.page(&guest).await.says(&guest.conversation, "Where is my parcel?").await.unwrap();
    server.settled().await;
    let owner = &server.owner().client;
    let id = &guest.conversation;
    let write = async |what: &str, text: &str| {
        let answer = owner.post(&format!("/conversations/{id}/{what}"), &json!({"text": text})).await.value();
        answer["events"].as_array().unwrap().last().unwrap()["seq"].as_i64().unwrap()
    };
    write("messages", "It is on its way").await;
    let seq = write("notes", "He calls every day").await;
    write("notes", "Be patient").await;
    let changed = json!({"text": "She calls every day"});
    assert_eq!(owner.patch(&format!("/conversations/{id}/messages/{seq}"), &changed).await.status, 200);
    guest
}

async fn notes_leave_only_with_colleagues_who_ask(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = told(&server).await;
    let path = |rest: &str| format!("/conversations/{}/transcript{rest}", guest.conversation);
    let (viewer, _) = server.joins(server.chatbot(), Role::Viewer).await;
    let whole = viewer.client.get(&path("?notes=true")).await;
    assert_eq!(whole.status, 200);
    for words in
        ["Where is my parcel?", "Olga:\nIt is on its way", "(private note):\nShe calls every day", "Be patient"]
    {
        assert!(whole.text().contains(words), "{words}: {}", whole.text());
    }
    for rest in ["", "?format=text", "?format=json", "?notes=false&format=json"] {
        for client in [&viewer.client, &guest.client] {
            let text = client.get(&path(rest)).await.text();
            assert!(text.contains("It is on its way"), "{rest}");
            assert!(!text.contains("calls every day") && !text.contains("patient"), "{rest}: {text}");
        }
    }
    assert_eq!(guest.client.get(&path("?notes=true")).await.said(), (403, "forbidden".into()));
    assert_eq!(guest.client.get(&path("?notes=true&format=json")).await.said(), (403, "forbidden".into()));
    let log: Transcript = viewer.client.get(&path("?format=json&notes=true")).await.ok();
    let notes = log.events.iter().filter(|event| matches!(event.body, StaffEventBody::Note { .. })).count();
    assert_eq!((notes, log.conversation.id.as_str()), (2, guest.conversation.as_str()));
    let own: VisitorTranscript = guest.client.get(&path("?format=json")).await.ok();
    assert!(own.events.windows(2).all(|two| two[0].visitor_seq + 1 == two[1].visitor_seq));
    let other = server.guest().await;
    assert_eq!(other.client.get(&path("")).await.status, 404);
    server.stop().await;
}

async fn earlier_chats_are_those_of_the_same_visitor(place: Place) {
    let server = TestServer::on(&place).await;
    let mut guests = Vec::new();
    for email in ["ada@example.com", "Ada@Example.com", "ben@example.com"] {
        let body =
            json!({"chatbot_id": server.chatbot().to_string(), "referrer": "https://search.example/find?q=secret"});
        let body = merged(body, json!({"identity": {"name": "Ada", "email": email}}));
        let grant = server.client().post("/visitors", &body).await.value();
        let id = grant["conversation_id"].as_str().unwrap().to_owned();
        let visitor = server.client().is(As::Bearer(grant["token"].as_str().unwrap().to_owned()));
        let asked = visitor.post(&format!("/conversations/{id}/messages"), &json!({"text": "Hello"})).await;
        assert_eq!(asked.status, 200);
        guests.push(id);
    }
    let owner = &server.owner().client;
    let past = async |id: &str| {
        let page: Page<PastChat> = owner.get(&format!("/conversations/{id}/past")).await.ok();
        page.items.into_iter().map(|chat| (chat.conversation.id, chat.same_visitor)).collect::<Vec<_>>()
    };
    assert_eq!(past(&guests[0]).await, [(guests[1].clone(), false)]);
    assert_eq!(past(&guests[1]).await, [(guests[0].clone(), false)]);
    assert!(past(&guests[2]).await.is_empty());
    let detail: ConversationDetail = owner.get(&format!("/conversations/{}", guests[0])).await.ok();
    assert_eq!(detail.visitor.referrer.as_deref(), Some("https://search.example/find"));
    server.stop().await;
}

fn merged(mut one: Value, other: Value) -> Value {
    let Value::Object(other) = other else { return one };
    one.as_object_mut().unwrap().extend(other);
    one
}
