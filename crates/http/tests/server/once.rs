//! Calls that make something, sent more than once.

use std::{collections::HashSet, time::Duration};

use api::{
    common::Page,
    conversations::{Control, ConversationRow},
    frames::{DeskAction, DeskClientFrame, VisitorAction, VisitorClientFrame},
    knowledge::{Source, SourceDetail},
};
use domain::person::Role;
use futures_util::future::join_all;
use hyper::{Method, body::Bytes, header};
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, As, Client, DeskSocket, Guest, Place, TestServer, VisitorSocket},
};

on_both_engines!(
    a_source_is_added_once_for_its_key,
    a_message_takes_the_key_for_its_id,
    a_command_that_comes_again_is_done_once,
    a_call_with_a_key_is_the_command_with_that_id,
    calls_that_come_together_make_one_thing,
);

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

/// Sends a command under an id of the test's own.
async fn does(desk: &mut DeskSocket, conversation: &str, id: &str, action: DeskAction) -> Result<Option<i64>, String> {
    desk.send(&DeskClientFrame::Command { conversation: conversation.into(), client_id: id.into(), action }).await;
    desk.acked(id).await.map_err(|problem| problem.code)
}

/// The same from a visitor's page.
async fn asks(page: &mut VisitorSocket, guest: &Guest, id: &str, action: VisitorAction) -> Result<Option<i64>, String> {
    let conversation = guest.conversation.clone();
    page.send(&VisitorClientFrame::Command { conversation, client_id: id.into(), action }).await;
    page.acked(id).await.map_err(|problem| problem.code)
}

async fn control(server: &TestServer, guest: &Guest) -> Control {
    let path = format!("/conversations/{}", guest.conversation);
    server.owner().client.get(&path).await.ok::<ConversationRow>().control
}

/// A page that lost the answer sends the command again when it is back, whatever has happened meanwhile.
async fn a_command_that_comes_again_is_done_once(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut desk = server.desk_at(&sofia, id).await;
    let mut other = server.desk_at(&omar, id).await;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    server.settled().await;

    // Taken over, and given back from another page: the first command is no new takeover.
    let taken = does(&mut desk, id, "take", DeskAction::TakeOver {}).await.unwrap();
    let ended = does(&mut desk, id, "end", DeskAction::EndLiveChat {}).await.unwrap();
    let head = server.log(id).await.len();
    assert_eq!(does(&mut desk, id, "take", DeskAction::TakeOver {}).await, Ok(taken));
    assert_eq!((control(&server, &guest).await, server.log(id).await.len()), (Control::Ai, head));
    // Nor does the end come again, when a colleague is there by now.
    does(&mut other, id, "take", DeskAction::TakeOver {}).await.unwrap();
    assert_eq!(does(&mut desk, id, "end", DeskAction::EndLiveChat {}).await, Ok(ended));
    assert_eq!(control(&server, &guest).await, Control::Live);
    // Another command under the id of one that was done is a mistake, also a message, and nothing happens.
    let head = server.log(id).await.len();
    for action in [DeskAction::Resolve {}, DeskAction::Assign { to: None }, DeskAction::EndLiveChat {}] {
        assert_eq!(does(&mut desk, id, "take", action).await, Err("client_id_reused".into()));
    }
    assert_eq!(desk.says_as(id, "take", "Hello").await.unwrap_err().code, "client_id_reused");
    assert_eq!(server.log(id).await.len(), head);
    // What was refused is not remembered.
    let from = server.owner().id.to_string();
    assert_eq!(does(&mut desk, id, "later", DeskAction::TakeOver {}).await, Err("held_by".into()));
    assert!(does(&mut desk, id, "later", DeskAction::TakeOverFrom { person: from }).await.is_err());
    does(&mut desk, id, "later", DeskAction::Join {}).await.unwrap();
    // Texts are changed once, too.
    let text = desk.says(id, "Good day").await.unwrap().unwrap();
    let better = |text: &str, of| DeskAction::EditText { of, text: text.into() };
    let edited = does(&mut desk, id, "edit", better("Good evening", text)).await.unwrap();
    does(&mut desk, id, "again", better("Good night", text)).await.unwrap();
    assert_eq!(does(&mut desk, id, "edit", better("Good evening", text)).await, Ok(edited));
    assert_eq!(does(&mut desk, id, "edit", better("Good morning", text)).await, Err("client_id_reused".into()));
    assert!(serde_json::to_string(&server.log(id).await).unwrap().contains("Good night"), "the last one stands");

    // The visitor's side keeps the same promise.
    does(&mut desk, id, "over", DeskAction::EndLiveChat {}).await.unwrap();
    let asked = asks(&mut page, &guest, "please", VisitorAction::RequestHuman).await.unwrap();
    asks(&mut page, &guest, "no", VisitorAction::CancelRequest).await.unwrap();
    assert_eq!(asks(&mut page, &guest, "please", VisitorAction::RequestHuman).await, Ok(asked));
    assert_eq!(control(&server, &guest).await, Control::Ai);
    let other = asks(&mut page, &guest, "please", VisitorAction::CancelRequest).await;
    assert_eq!(other, Err("client_id_reused".into()));
    // An id is each author's own.
    does(&mut desk, id, "please", DeskAction::Resolve {}).await.unwrap();
    server.stop().await;
}

async fn a_call_with_a_key_is_the_command_with_that_id(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let path = |action: &str| format!("/conversations/{}/{action}", guest.conversation);
    let nothing = json!({});
    let first = post(&sofia.client, &path("take-over"), "one", &nothing).await.ok::<Value>();
    post(&sofia.client, &path("end-live-chat"), "two", &nothing).await.ok::<Value>();
    assert_eq!(post(&sofia.client, &path("take-over"), "one", &nothing).await.ok::<Value>(), first);
    assert_eq!(control(&server, &guest).await, Control::Ai);
    let reused = (409, "client_id_reused".to_owned());
    assert_eq!(post(&sofia.client, &path("resolve"), "one", &nothing).await.said(), reused);
    let text = json!({"text": "Hello"});
    assert_eq!(post(&sofia.client, &path("messages"), "one", &text).await.said(), reused);
    // The same id through the other door.
    let mut desk = server.desk_at(&sofia, &guest.conversation).await;
    assert!(does(&mut desk, &guest.conversation, "one", DeskAction::TakeOver {}).await.is_ok());
    assert_eq!(control(&server, &guest).await, Control::Ai);
    let visitor = server.client().is(As::Bearer(guest.token.clone()));
    post(&visitor, &path("request-human"), "one", &nothing).await.ok::<Value>();
    post(&visitor, &path("cancel-request"), "two", &nothing).await.ok::<Value>();
    post(&visitor, &path("request-human"), "one", &nothing).await.ok::<Value>();
    assert_eq!(control(&server, &guest).await, Control::Ai);
    assert_eq!(post(&visitor, &path("end-live-chat"), "one", &nothing).await.said(), reused);
    let answer = post(&sofia.client, &path("take-over"), "two words", &nothing).await;
    assert_eq!((answer.said(), &answer.value()["field"]), ((422, "invalid".into()), &json!("Idempotency-Key")));
    server.stop().await;
}

/// Sent twice at once, as a client does whose first answer is slow: all are told of the one that was made.
async fn calls_that_come_together_make_one_thing(place: Place) {
    const AT_ONCE: usize = 8;
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let guest = server.guest().await;
    for (path, body) in [
        ("/labels".to_owned(), json!({"name": "Urgent", "color": "red"})),
        (format!("/chatbots/{}/agents", server.chatbot()), json!({"kind": "user-facing", "name": "Sales"})),
        (format!("/chatbots/{}/sources", server.chatbot()), json!({"kind": "qa", "question": "Q?", "answer": "A."})),
        ("/canned-replies".to_owned(), json!({"name": "hello", "text": "Hello", "shared": true})),
    ] {
        let answers = join_all((0..AT_ONCE).map(|_| post(&owner, &path, "together", &body))).await;
        let made: HashSet<String> = answers
            .iter()
            .map(|answer| {
                assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
                answer.value()["id"].as_str().unwrap_or_else(|| panic!("{path}: {}", answer.text())).to_owned()
            })
            .collect();
        assert_eq!(made.len(), 1, "{path}");
    }
    let path = format!("/conversations/{}/files", guest.conversation);
    let form = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nLamps\r\n--x--\r\n";
    let uploads = (0..AT_ONCE).map(|_| {
        let upload = owner.request(&Method::POST, &path).header("idempotency-key", "together");
        owner.send(upload.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x"), Bytes::from(form))
    });
    let answers = join_all(uploads).await;
    let made: HashSet<String> = answers.iter().map(|answer| answer.value()["id"].to_string()).collect();
    assert!(
        answers.iter().all(|answer| answer.status == 201),
        "{:?}",
        answers.iter().map(Answer::said).collect::<Vec<_>>()
    );
    assert_eq!(made.len(), 1);
    server.stop().await;
}
