//! Files and pictures in both directions: who may send which, what becomes of them, who may open them.

use std::{path::Path, time::Duration};

use api::{
    conversations::{CommandResult, ConversationRow},
    events::{StaffEventBody, VisitorEventBody},
    files::FileView,
    frames::{DeskClientFrame, DeskServerFrame, VisitorClientFrame, VisitorServerFrame},
    visitor::VisitorCommandResult,
};
use domain::{chatbot::Settings, person::Role};
use hyper::Method;
use serde_json::json;
use testkit::{
    on_both_engines,
    server::{Answer, Client, DeskSocket, Guest, Member, Options, PATIENCE, Place, TestServer, VisitorSocket},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::pictures::{BOMB, PICTURE};

on_both_engines!(
    files_go_both_ways_and_are_opened_by_their_address,
    a_file_of_a_note_is_for_staff_alone,
    files_go_with_their_message,
    a_file_is_sent_once_by_whoever_uploaded_it,
    what_is_never_sent_is_removed,
    files_go_with_their_chatbot,
);

const PDF: &[u8] = b"%PDF-1.7\nnothing much";

async fn upload(client: &Client, conversation: &str, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("/conversations/{conversation}/files?name={name}");
    client.bytes(Method::POST, &path, "application/octet-stream", bytes.to_vec()).await
}

async fn uploaded(client: &Client, conversation: &str, name: &str, bytes: &[u8]) -> FileView {
    let answer = upload(client, conversation, name, bytes).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.ok()
}

/// The path of an address, for a client that puts `/api/v2` before it.
fn path(file: &FileView) -> &str {
    file.url.strip_prefix("/api/v2").unwrap()
}

async fn opened(client: &Client, file: &FileView) -> u16 {
    client.get(path(file)).await.status.as_u16()
}

/// What a desk is told, once it is told.
async fn heard<T>(desk: &mut DeskSocket, find: impl Fn(&StaffEventBody) -> Option<T>) -> T {
    desk.until(|frame| match frame {
        DeskServerFrame::Event { event, .. } => find(&event.body),
        _ => None,
    })
    .await
}

/// What a visitor's page is told, once it is told.
async fn seen_by<T>(page: &mut VisitorSocket, find: impl Fn(&VisitorEventBody) -> Option<T>) -> T {
    page.until(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => find(&event.body),
        _ => None,
    })
    .await
}

/// A visitor whom a person has answered.
async fn answered(server: &TestServer, by: &Member) -> Guest {
    let guest = server.guest().await;
    let messages = format!("/conversations/{}/messages", guest.conversation);
    by.client.post(&messages, &json!({"text": "Hello, I am here"})).await.ok::<CommandResult>();
    guest
}

/// How many objects are kept.
fn kept(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| if entry.path().is_dir() { kept(&entry.path()) } else { 1 }).sum()
}

/// Waits until so many objects are kept.
async fn until_kept(server: &TestServer, count: usize) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let reached = async {
        while kept(server.place.files()) != count {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("{count} objects are not reached"));
}

async fn files_go_both_ways_and_are_opened_by_their_address(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    assert_eq!(upload(&guest.client, id, "a.png", PICTURE).await.said(), (409, "no_exchange".into()));
    let messages = format!("/conversations/{id}/messages");
    sofia.client.post(&messages, &json!({"text": "Send me a picture"})).await.ok::<CommandResult>();
    let mut desk = server.desk_at(&sofia, id).await;
    let mut page = server.page(&guest).await;

    // From the visitor, by the socket.
    let picture = uploaded(&guest.client, id, "holiday.jpg", PICTURE).await;
    assert_eq!((picture.name.as_str(), picture.mime.as_str()), ("holiday.png", "image/png"), "as its bytes say");
    assert_eq!((picture.width, picture.height), (Some(2), Some(2)));
    page.send(&VisitorClientFrame::Send {
        conversation: id.clone(),
        client_id: "v1".into(),
        text: String::new(),
        files: vec![picture.id.clone()],
    })
    .await;
    page.acked("v1").await.unwrap();
    let seen = heard(&mut desk, |body| match body {
        StaffEventBody::VisitorMessage { text, files, .. } if !files.is_empty() => Some((text.clone(), files.clone())),
        _ => None,
    });
    assert_eq!(seen.await, (String::new(), vec![picture.clone()]));
    let row: ConversationRow = sofia.client.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(row.last.unwrap().text, "holiday.png");

    // From the person, by the socket and by REST.
    let bill = uploaded(&sofia.client, id, "bill.pdf", PDF).await;
    desk.send(&DeskClientFrame::Send {
        conversation: id.clone(),
        client_id: "d1".into(),
        text: "Here it is".into(),
        files: vec![bill.id.clone()],
    })
    .await;
    desk.acked("d1").await.unwrap();
    let seen = seen_by(&mut page, |body| match body {
        VisitorEventBody::HumanMessage { text, files, .. } if !files.is_empty() => Some((text.clone(), files.clone())),
        _ => None,
    });
    assert_eq!(seen.await, ("Here it is".to_owned(), vec![bill.clone()]));
    let list = uploaded(&sofia.client, id, "list.csv", b"a;b\n1;2\n").await;
    sofia.client.post(&messages, &json!({"text": "And this", "files": [list.id]})).await.ok::<CommandResult>();
    let log = serde_json::to_string(&server.visitor_log(&guest).await).unwrap();
    assert!(log.contains(&list.url) && log.contains(&picture.url), "after a reload too");

    // Search finds the names, and a transcript holds them.
    let found = sofia.client.get("/search?q=holiday").await.value();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    let transcript = sofia.client.get(&format!("/conversations/{id}/transcript?format=text")).await.text();
    assert!(transcript.contains("Here it is\n[bill.pdf]") && transcript.contains("[holiday.png]"), "{transcript}");

    // The address opens it, and says what it is and how it is to be taken.
    for client in [&server.client(), &guest.client, &sofia.client] {
        let answer = client.get(path(&picture)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body.len() as u64, picture.bytes);
        assert_eq!(answer.header("content-type"), Some("image/png"));
        assert_eq!(answer.header("content-disposition"), Some("inline; filename*=UTF-8''holiday.png"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("private, max-age=31536000, immutable"));
        assert!(answer.header("content-security-policy").unwrap().starts_with("sandbox; default-src 'none'"));
    }
    let saved = server.client().get(&format!("{}&download=true", path(&picture))).await;
    assert!(saved.header("content-disposition").unwrap().starts_with("attachment;"));
    let answer = guest.client.get(path(&bill)).await;
    assert_eq!(answer.body, PDF);
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename*=UTF-8''bill.pdf"));

    // Neither an id nor a wrong key opens it, nor somebody who is known to have no business here.
    let stranger = server.guest().await;
    let other = server.other_workspace().await;
    assert_eq!(opened(&stranger.client, &picture).await, 404);
    assert_eq!(opened(&other.owner.client, &picture).await, 404);
    for wrong in [format!("/files/{}", picture.id), format!("/files/{}?key=x", picture.id), "/files/x?key=x".into()] {
        assert_eq!(server.client().get(&wrong).await.said(), (404, "not_found".into()), "{wrong}");
    }
    server.stop().await;
}

async fn a_file_of_a_note_is_for_staff_alone(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let guest = answered(&server, &sofia).await;
    let id = &guest.conversation;
    let secret = uploaded(&sofia.client, id, "contract.pdf", PDF).await;
    assert_eq!(opened(&sofia.client, &secret).await, 200, "whoever uploaded it looks at it");
    assert_eq!(opened(&vera.client, &secret).await, 404, "nobody else before it is sent");
    let body = json!({"text": "", "files": [secret.id]});
    let written: CommandResult = sofia.client.post(&format!("/conversations/{id}/notes"), &body).await.ok();
    let Some(StaffEventBody::Note { files, .. }) = written.events.last().map(|event| &event.body) else {
        panic!("a note")
    };
    assert_eq!(files, std::slice::from_ref(&secret));
    for (client, status) in [(&sofia.client, 200), (&vera.client, 200), (&guest.client, 404), (&server.client(), 404)] {
        assert_eq!(opened(client, &secret).await, status);
    }
    let log = serde_json::to_string(&server.visitor_log(&guest).await).unwrap();
    assert!(!log.contains("contract") && !log.contains(&secret.id), "{log}");
    server.stop().await;
}

async fn files_go_with_their_message(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answered(&server, &sofia).await;
    let id = &guest.conversation;
    let picture = uploaded(&sofia.client, id, "a.png", PICTURE).await;
    let bill = uploaded(&sofia.client, id, "bill.pdf", PDF).await;
    let kept_file = uploaded(&guest.client, id, "mine.pdf", PDF).await;
    let messages = format!("/conversations/{id}/messages");
    let body = json!({"text": "Both", "files": [picture.id, bill.id]});
    let sent: CommandResult = sofia.client.post(&messages, &body).await.ok();
    guest.client.post(&messages, &json!({"files": [kept_file.id]})).await.ok::<VisitorCommandResult>();
    let seq = sent.events.last().unwrap().seq;
    // Another text leaves the files where they are.
    let message = format!("{messages}/{seq}");
    sofia.client.patch(&message, &json!({"text": "Both of them"})).await.ok::<CommandResult>();
    let log = server.log(id).await;
    let edited = log.iter().find(|event| event.seq == seq).unwrap();
    let StaffEventBody::HumanMessage { text, files, .. } = &edited.body else { panic!("a message") };
    assert_eq!((text.as_str(), files.len()), ("Both of them", 2));
    assert_eq!(kept(server.place.files()), 3);

    sofia.client.delete(&message).await.ok::<CommandResult>();
    for file in [&picture, &bill] {
        assert_eq!(opened(&server.client(), file).await, 404, "at once");
    }
    let seen = serde_json::to_string(&server.visitor_log(&guest).await).unwrap();
    assert!(!seen.contains("bill.pdf") && seen.contains("mine.pdf"));
    server.settled().await;
    assert_eq!(kept(server.place.files()), 1, "the bytes are gone too");
    assert_eq!(opened(&guest.client, &kept_file).await, 200);
    server.stop().await;
}

async fn a_file_is_sent_once_by_whoever_uploaded_it(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, ada) = (server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Admin).await);
    let guest = answered(&server, &sofia).await;
    let id = &guest.conversation;
    let messages = format!("/conversations/{id}/messages");
    let picture = uploaded(&guest.client, id, "a.png", PICTURE).await;
    let with = |client_id: &str, files: &[&str]| json!({"client_id": client_id, "text": "See", "files": files});
    let no_file = (409, "no_file".to_owned());
    assert_eq!(sofia.client.post(&messages, &with("s", &[&picture.id])).await.said(), no_file);
    let first: VisitorCommandResult = guest.client.post(&messages, &with("one", &[&picture.id])).await.ok();
    let again: VisitorCommandResult = guest.client.post(&messages, &with("one", &[&picture.id])).await.ok();
    assert_eq!(first.events.last().unwrap().visitor_seq, again.events.last().unwrap().visitor_seq);
    assert_eq!(guest.client.post(&messages, &with("one", &[])).await.said(), (409, "client_id_reused".into()));
    assert_eq!(guest.client.post(&messages, &with("two", &[&picture.id])).await.said(), no_file);
    // Of another conversation, or none at all.
    let elsewhere = answered(&server, &sofia).await;
    let other = uploaded(&sofia.client, &elsewhere.conversation, "a.pdf", PDF).await;
    assert_eq!(sofia.client.post(&messages, &with("s", &[&other.id])).await.said(), no_file);
    assert_eq!(sofia.client.post(&messages, &with("s", &["nonsense"])).await.said(), (422, "invalid".into()));
    assert_eq!(ada.client.post(&messages, &with("a", &[&other.id])).await.said(), (409, "no_file".into()));
    let many: Vec<&str> = (0..11).map(|_| "0198c0de-0000-7000-8000-000000000000").collect();
    assert_eq!(sofia.client.post(&messages, &with("s", &many)).await.said(), no_file, "the same one is one");
    let many: Vec<String> = (0..11).map(|number| format!("0198c0de-0000-7000-8000-0000000000{number:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(sofia.client.post(&messages, &with("s", &many)).await.said(), (422, "invalid".into()));

    // The same upload again is the same file.
    let path = format!("/conversations/{id}/files?name=b.pdf");
    let keyed = async |bytes: &'static [u8]| {
        let request = sofia.client.request(&Method::POST, &path).header("idempotency-key", "k");
        sofia.client.send(request, bytes.into()).await
    };
    let one: FileView = keyed(PDF).await.ok();
    assert_eq!(keyed(PDF).await.ok::<FileView>(), one);
    assert_eq!(keyed(b"%PDF-2.0").await.said(), (409, "idempotency_key_reused".into()));
    server.stop().await;
}

async fn what_is_never_sent_is_removed(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answered(&server, &sofia).await;
    let id = &guest.conversation;
    let sent = uploaded(&guest.client, id, "sent.pdf", PDF).await;
    let messages = format!("/conversations/{id}/messages");
    guest.client.post(&messages, &json!({"files": [sent.id]})).await.ok::<VisitorCommandResult>();
    let left = uploaded(&guest.client, id, "left.pdf", PDF).await;
    assert_eq!(opened(&guest.client, &left).await, 200);
    server.clock.advance(Duration::from_secs(25 * 3_600));
    until_kept(&server, 1).await;
    let late = guest.client.post(&messages, &json!({"files": [left.id]})).await;
    assert_eq!(late.said(), (409, "no_file".into()));
    assert_eq!(opened(&guest.client, &sent).await, 200);
    server.stop().await;
}

async fn files_go_with_their_chatbot(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let guest = server.guest().await;
    let id = &guest.conversation;
    let messages = format!("/conversations/{id}/messages");
    let picture = uploaded(&owner.client, id, "a.png", PICTURE).await;
    uploaded(&owner.client, id, "never-sent.pdf", PDF).await;
    owner.client.post(&messages, &json!({"text": "Look", "files": [picture.id]})).await.ok::<CommandResult>();
    owner.client.post_nothing(&format!("/conversations/{id}/end-live-chat")).await.ok::<CommandResult>();
    assert_eq!(kept(server.place.files()), 2);
    let name = json!({"name": Settings::default().name});
    let deleted = owner.client.post(&format!("/chatbots/{}/delete", server.chatbot()), &name).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert_eq!(opened(&server.client(), &picture).await, 404);
    server.settled().await;
    assert_eq!(kept(server.place.files()), 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_file_to_send_is_refused_in_plain_words() {
    let server = TestServer::on(&Place::sqlite()).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answered(&server, &sofia).await;
    for (name, bytes, code, words) in [
        ("a.png", &b""[..], "empty_file", "empty"),
        ("a.png", b"<html><script>alert(1)</script>", "unsupported_file", "can run something"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unsupported_file", "SVG"),
        ("a.png", PDF, "file_type_mismatch", "named like a PNG picture but is a PDF document"),
        ("a.jpg", b"MZ\x90\x00\x03\0\0\0", "file_type_mismatch", "is something else"),
        ("a.exe", b"MZ\x90\x00\x03\0\0\0", "unsupported_file", "not sent"),
        ("bomb.png", BOMB, "unsupported_image", "too large"),
        ("half.png", &PICTURE[..40], "unsupported_image", "damaged"),
    ] {
        let answer = upload(&guest.client, &guest.conversation, name, bytes).await;
        assert_eq!(answer.said(), (422, code.into()), "{name}");
        let detail = answer.value()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{name}: {detail}");
    }
    // What the call says of it counts for nothing.
    let path = format!("/conversations/{}/files?name=a.txt", guest.conversation);
    let html = guest.client.bytes(Method::POST, &path, "text/plain", "  <!doctype html><p>Hello").await;
    assert_eq!(html.said(), (422, "unsupported_file".into()));
    let long = format!("/conversations/{}/files?name={}", guest.conversation, "x".repeat(200));
    let answer = guest.client.bytes(Method::POST, &long, "image/png", PICTURE).await;
    assert_eq!((answer.said(), answer.value()["field"].as_str()), ((422, "invalid".into()), Some("name")));
    let unnamed = format!("/conversations/{}/files", guest.conversation);
    let answer = guest.client.bytes(Method::POST, &unnamed, "image/png", PICTURE).await;
    assert_eq!(answer.ok::<FileView>().name, "file.png");
    assert_eq!(kept(server.place.files()), 1);
    server.stop().await;
}

/// Sends the head of an upload and as much of its body as is taken, then reads the answer.
async fn raw(server: &TestServer, guest: &Guest, framing: &str, part: &[u8], parts: usize) -> (String, usize) {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut reads, mut writes) = stream.into_split();
    let head = format!(
        "POST /api/v2/conversations/{}/files?name=big.pdf HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n{framing}\r\n\r\n",
        guest.conversation, server.address, guest.token
    );
    writes.write_all(head.as_bytes()).await.unwrap();
    let part = part.to_vec();
    let sending = tokio::spawn(async move {
        let mut sent = 0;
        for _ in 0..parts {
            if writes.write_all(&part).await.is_err() {
                break;
            }
            sent += part.len();
        }
        // Not closed before the answer is read.
        (sent, writes)
    });
    let mut answer = Vec::new();
    let mut buffer = [0; 4_096];
    let reading = async {
        while !String::from_utf8_lossy(&answer).contains('}') {
            match reads.read(&mut buffer).await {
                Ok(count) if count > 0 => answer.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    drop(reads);
    let (sent, _) = sending.await.unwrap();
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gigabyte_is_cut_where_the_limit_is() {
    let server = TestServer::on(&Place::sqlite()).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answered(&server, &sofia).await;
    let too_large = |answer: &str| {
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("\"too_large\"") && answer.contains("10485760 bytes"), "{answer}");
    };
    // It says so: nothing of it is read.
    let (answer, _) = raw(&server, &guest, &format!("content-length: {}", 1_u64 << 30), b"", 0).await;
    too_large(&answer);
    // It does not say so: it is read up to the limit, and what is on its way after that is thrown away.
    let mut part = format!("{:x}\r\n", 1 << 20).into_bytes();
    part.extend(vec![b'x'; 1 << 20]);
    part.extend_from_slice(b"\r\n");
    let (answer, sent) = raw(&server, &guest, "transfer-encoding: chunked", &part, 1_024).await;
    too_large(&answer);
    assert!(sent < 200 << 20, "{sent} bytes were taken");
    assert_eq!(kept(server.place.files()), 0);
    // The largest that is taken.
    let mut largest = PDF.to_vec();
    largest.resize(domain::limits::FILE_BYTES, b' ');
    assert_eq!(upload(&guest.client, &guest.conversation, "large.pdf", &largest).await.status, 201);
    largest.push(b' ');
    let answer = upload(&guest.client, &guest.conversation, "larger.pdf", &largest).await;
    assert_eq!(answer.said(), (413, "too_large".into()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn room_and_numbers_are_limited() {
    let server = TestServer::start(Options { files_quota: 100, ..Options::on(&Place::sqlite()) }).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let guest = answered(&server, &sofia).await;
    let id = &guest.conversation;
    assert_eq!(upload(&vera.client, id, "a.pdf", PDF).await.said(), (403, "forbidden".into()));
    for _ in 0..4 {
        uploaded(&sofia.client, id, "a.pdf", PDF).await;
    }
    assert_eq!(upload(&sofia.client, id, "a.pdf", PDF).await.said(), (409, "files_quota_full".into()));
    assert_eq!(kept(server.place.files()), 4, "what has no place is not stored");
    server.stop().await;

    let server = TestServer::on(&Place::sqlite()).await;
    let guest = answered(&server, &server.owner()).await;
    for _ in 0..domain::limits::FILES_UNSENT {
        uploaded(&guest.client, &guest.conversation, "a.txt", b"hello").await;
    }
    let answer = upload(&guest.client, &guest.conversation, "a.txt", b"hello").await;
    assert_eq!(answer.said(), (409, "too_many_files".into()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_without_a_word_is_answered_without_the_model() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let messages = format!("/conversations/{}/messages", guest.conversation);
    let mut page = server.page(&guest).await;
    guest.client.post_nothing(&format!("/conversations/{}/request-human", guest.conversation)).await;
    guest.client.post_nothing(&format!("/conversations/{}/cancel-request", guest.conversation)).await;
    let asked = server.model.asked();
    let picture = uploaded(&guest.client, &guest.conversation, "broken.png", PICTURE).await;
    guest.client.post(&messages, &json!({"files": [picture.id]})).await.ok::<VisitorCommandResult>();
    let said = seen_by(&mut page, |body| match body {
        VisitorEventBody::AssistantMessage { text, .. } if text.contains("file has arrived") => Some(text.clone()),
        _ => None,
    });
    assert!(said.await.contains("Shall I bring in a person?"));
    assert_eq!(server.model.asked(), asked, "the model was not asked");
    // With words the model is asked, and told which files came with them.
    let log = uploaded(&guest.client, &guest.conversation, "log.txt", b"it broke").await;
    guest.client.post(&messages, &json!({"text": "Which lamps do you sell", "files": [log.id]})).await;
    let call = server.model.call_about("Which lamps do you sell").await;
    let history: Vec<&str> = call.request.history.iter().map(|said| said.text.as_str()).collect();
    assert!(history.contains(&"The visitor sent files: log.txt."), "{history:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_chatbot_shows_its_files_to_collaborators_only() {
    let server = TestServer::on(&Place::sqlite()).await;
    let owner = server.owner();
    let guest = answered(&server, &owner).await;
    let picture = uploaded(&owner.client, &guest.conversation, "a.png", PICTURE).await;
    let messages = format!("/conversations/{}/messages", guest.conversation);
    owner.client.post(&messages, &json!({"text": "", "files": [picture.id]})).await.ok::<CommandResult>();
    assert_eq!(opened(&server.client(), &picture).await, 200);
    let patched =
        owner.client.patch(&format!("/chatbots/{}", server.chatbot()), &json!({"visibility": "private"})).await;
    assert_eq!(patched.status, 200, "{}", patched.text());
    assert_eq!(opened(&server.client(), &picture).await, 404);
    assert_eq!(opened(&server.sign_in("Olga").await, &picture).await, 200);
    server.stop().await;
}
