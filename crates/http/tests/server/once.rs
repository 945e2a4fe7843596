//! Calls that make something, sent more than once.

use std::{collections::HashSet, time::Duration};

use api::{common::Page, knowledge::Source, knowledge::SourceDetail};
use domain::person::Role;
use futures_util::future::join_all;
use hyper::{Method, body::Bytes, header};
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, Client, Place, TestServer},
};

on_both_engines!(a_source_is_added_once_for_its_key, a_message_takes_the_key_for_its_id);

/// A POST with an `Idempotency-Key`.
async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let request = client.request(&Method::POST, path).header("idempotency-key", key);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    client.send(request, Bytes::from(serde_json::to_vec(body).unwrap())).await
}

async fn sources(client: &Client, path: &str) -> Vec<Source> {
    client.get(path).await.ok::<Page<Source>>().items
}

async fn a_source_is_added_once_for_its_key(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let path = format!("/chatbots/{}/sources", server.chatbot());
    let before = sources(&owner, &path).await.len();
    let lamps = json!({"kind": "qa", "question": "Lamps?", "answer": "Sold."});

    // Ten at once: one is made, and all are told of it.
    let answers = join_all((0..10).map(|_| post(&owner, &path, "first", &lamps))).await;
    let made: HashSet<String> = answers.iter().map(|answer| answer.ok::<SourceDetail>().source.id).collect();
    assert_eq!(made.len(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!(sources(&owner, &path).await.len(), before + 1);

    // The same key for something else is a mistake; nothing is made.
    let chairs = json!({"kind": "qa", "question": "Chairs?", "answer": "Sold."});
    assert_eq!(post(&owner, &path, "first", &chairs).await.said(), (409, "idempotency_key_reused".into()));
    let upload = owner.request(&Method::POST, &format!("{path}/upload")).header("idempotency-key", "first");
    let upload = upload.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let form = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nLamps\r\n--x--\r\n";
    assert_eq!(owner.send(upload, Bytes::from(form)).await.said(), (409, "idempotency_key_reused".into()));
    assert_eq!(sources(&owner, &path).await.len(), before + 1);

    // Somebody else's key of the same name is another key.
    let ada = server.add("Ada", Role::Admin).await;
    post(&ada.client, &path, "first", &lamps).await.ok::<SourceDetail>();
    assert_eq!(sources(&owner, &path).await.len(), before + 2);

    // What is no key is said to be none.
    for key in ["", "two words", &"k".repeat(300), "schlüssel"] {
        let answer = post(&owner, &path, key, &lamps).await;
        assert_eq!((answer.said(), &answer.value()["field"]), ((422, "invalid".into()), &json!("Idempotency-Key")));
    }

    // What was refused is not remembered.
    let empty = json!({"kind": "qa", "question": "", "answer": ""});
    assert_eq!(post(&owner, &path, "second", &empty).await.said(), (422, "invalid".into()));
    post(&owner, &path, "second", &chairs).await.ok::<SourceDetail>();
    assert_eq!(sources(&owner, &path).await.len(), before + 3);

    // After a day the key means nothing any more.
    server.clock.advance(Duration::from_secs(24 * 3_600));
    post(&owner, &path, "first", &lamps).await.ok::<SourceDetail>();
    assert_eq!(sources(&owner, &path).await.len(), before + 4);
    server.stop().await;
}

async fn a_message_takes_the_key_for_its_id(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let owner = server.owner().client;
    let path = format!("/conversations/{}/messages", guest.conversation);
    let hello = json!({"text": "Hello"});
    let first = post(&owner, &path, "one", &hello).await.ok::<Value>();
    assert_eq!(post(&owner, &path, "one", &hello).await.ok::<Value>()["seq"], first["seq"]);
    assert_eq!(post(&owner, &path, "one", &json!({"text": "Bye"})).await.said(), (409, "client_id_reused".into()));
    let written = || async {
        let log = server.visitor_log(&guest).await;
        log.iter().filter(|event| serde_json::to_string(event).unwrap().contains("\"Hello\"")).count()
    };
    assert_eq!(written().await, 1);
    // Two ids for one message are one too many; what is no key is said to be none.
    let both = json!({"client_id": "two", "text": "Hello"});
    for (key, body) in [("three", &both), ("two words", &hello)] {
        let answer = post(&owner, &path, key, body).await;
        assert_eq!((answer.said(), &answer.value()["field"]), ((422, "invalid".into()), &json!("Idempotency-Key")));
    }
    // Without a key or an id of its own, each call is one.
    owner.post(&path, &hello).await.ok::<Value>();
    owner.post(&path, &hello).await.ok::<Value>();
    assert_eq!(written().await, 3);
    server.stop().await;
}
