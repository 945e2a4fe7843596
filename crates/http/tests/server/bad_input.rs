//! Bad input gets a clear 4xx with a stable code; nothing is lost, nothing is executed.

use std::time::Duration;

use api::{
    account::Session,
    conversations::ConversationRow,
    events::StaffEventBody,
    frames::{DeskClientFrame, VisitorClientFrame, VisitorServerFrame},
    knowledge::SourceDetail,
};
use domain::{chatbot::MessageLimit, person::Role};
use hyper::Method;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, Member, Options, Place, TestServer, VisitorSocket},
};
use tokio_tungstenite::tungstenite::Message;

use crate::pictures::{BOMB, PICTURE};

on_both_engines!(
    control_characters_are_left_out_or_refused,
    numbers_from_nowhere_do_no_harm,
    the_server_is_set_up_once,
);

fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    answer.said()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_refused_with_a_code() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let (owner, visitor) = (server.owner().client, &guest.client);
    let messages = format!("/conversations/{}/messages", guest.conversation);
    let post = |body: String| visitor.bytes(Method::POST, &messages, "application/json", body);

    assert_eq!(problem(&post("x".repeat(3 << 20)).await), (413, "too_large".into()));
    assert_eq!(problem(&post("{".into()).await), (400, "malformed".into()));
    assert_eq!(problem(&post(String::new()).await), (400, "malformed".into()));
    assert_eq!(problem(&post("\u{0}\u{1}".into()).await), (400, "malformed".into()));
    assert_eq!(problem(&post("[".repeat(10_000)).await), (422, "invalid".into()));
    for body in [
        json!([]),
        json!("text"),
        json!({"client_id": "a"}),
        json!({"client_id": "a", "text": 7}),
        json!({"client_id": "a", "text": "Hello", "seq": 1}),
        json!({"client_id": "a", "text": " \n "}),
        json!({"client_id": "a", "text": "x".repeat(8_001)}),
        json!({"client_id": "", "text": "Hello"}),
        json!({"client_id": "a b", "text": "Hello"}),
        json!({"client_id": "\u{0}", "text": "Hello"}),
        json!({"client_id": "x".repeat(65), "text": "Hello"}),
    ] {
        let answer = visitor.post(&messages, &body).await;
        assert_eq!(problem(&answer), (422, "invalid".into()), "{body}");
    }
    let plain = visitor.bytes(Method::POST, &messages, "text/plain", "{}").await;
    assert_eq!(problem(&plain), (415, "not_json".into()));
    for path in ["/conversations?limit=many", "/conversations?control=nobody", "/conversations?mine=perhaps"] {
        assert_eq!(problem(&owner.get(path).await), (400, "malformed".into()), "{path}");
    }
    for path in ["/conversations?after=nonsense", "/people?after=nonsense"] {
        assert_eq!(problem(&owner.get(path).await), (422, "invalid".into()), "{path}");
    }
    let upload = format!("/chatbots/{}/sources/upload", server.chatbot());
    let no_form = owner.bytes(Method::POST, &upload, "text/plain", "Lamps").await;
    assert_eq!(problem(&no_form), (400, "malformed".into()));
    let broken = owner.bytes(Method::POST, &upload, "multipart/form-data; boundary=x", "nonsense").await;
    assert_eq!(problem(&broken), (400, "malformed".into()));
    let other_field = "--x\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nLamps\r\n--x--\r\n";
    let missing = owner.bytes(Method::POST, &upload, "multipart/form-data; boundary=x", other_field).await;
    assert_eq!(problem(&missing), (422, "invalid".into()));

    for id in ["nonsense", "%00", "..%2f..", "00000000-0000-7000-8000-00000000000g", &"0".repeat(5_000)] {
        assert_eq!(problem(&owner.get(&format!("/conversations/{id}")).await).0, 404, "{id}");
    }
    assert_eq!(problem(&owner.get("/conversations/%ff").await), (400, "malformed".into()));
    assert_eq!(problem(&owner.get("/nothing").await), (404, "no_such_route".into()));
    assert_eq!(problem(&owner.delete("/conversations").await), (405, "no_such_route".into()));
    assert_eq!(problem(&server.client().get("//api/v1/nothing").await), (404, "no_such_route".into()));
    assert!(server.log(&guest.conversation).await.is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_talks_nonsense_is_told_and_then_let_go() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let malformed = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    let mut page = server.page(&guest).await;
    for text in ["", "{", "[]", "{\"type\": \"fly\"}", "{\"type\": \"send\"}"] {
        page.send_text(text).await;
        assert_eq!(page.until(malformed).await, "malformed", "{text}");
    }
    let unknown = format!(r#"{{"type":"subscribe","conversation":"{id}","after":0,"seq":1}}"#);
    page.send_text(&unknown).await;
    assert_eq!(page.until(malformed).await, "malformed", "fields that are not known");
    page.send_message(Message::binary(vec![0xff; 100])).await;
    assert_eq!(page.until(malformed).await, "malformed");
    // It still works: nothing was lost by it.
    page.says(id, "Hello").await.unwrap();
    for _ in 0..10 {
        page.send_text("nonsense").await;
    }
    assert_eq!(page.closed().await, Some(1008));

    // Too large is too large.
    let mut page = server.page(&guest).await;
    assert_eq!(page.says(id, &"x".repeat(8_001)).await.unwrap_err().code, "invalid");
    assert_eq!(page.says(id, &"x".repeat(200_000)).await.unwrap_err().code, "invalid");
    page.send_text(&format!(r#"{{"type":"send","text":"{}"}}"#, "x".repeat(300_000))).await;
    assert_eq!(page.until(malformed).await, "too_large");
    assert_eq!(page.closed().await, Some(1009));

    // Who does not say hello, or says it with nothing behind it.
    for first in [
        VisitorClientFrame::Hello { token: String::new() },
        VisitorClientFrame::Hello { token: "bv_nonsense".into() },
        VisitorClientFrame::Hello { token: server.owner().key },
        VisitorClientFrame::Subscribe { conversation: id.clone(), after: 0 },
    ] {
        let mut page = VisitorSocket::silent(server.address).await;
        page.send(&first).await;
        assert_eq!(page.until(malformed).await, "unauthenticated", "{first:?}");
        assert_eq!(page.closed().await, Some(1008));
    }
    let texts =
        server.log(id).await.into_iter().filter(|event| matches!(event.body, StaffEventBody::VisitorMessage { .. }));
    assert_eq!(texts.count(), 1);
    server.stop().await;
}

async fn control_characters_are_left_out_or_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let nul = "a\u{0}b\u{7}c\u{1b}[31md";
    // From a visitor who is not known yet.
    let facts = json!({"chatbot_id": server.chatbot().to_string(), "language": nul, "page": nul});
    let grant = server.client().post("/visitors", &facts).await;
    assert!(grant.status.as_u16() < 500, "{}", grant.text());
    let guest = server.guest().await;
    let id = &guest.conversation;
    server.page(&guest).await.says_as(id, "one", nul).await.unwrap();
    let log = server.log(id).await;
    assert!(matches!(&log[0].body, StaffEventBody::VisitorMessage { text, .. } if text == "abc[31md"), "{log:?}");
    let sofia = server.add("Sofia", Role::Agent).await;
    server.desk_at(&sofia, id).await.says_as(id, "one", nul).await.unwrap();

    let chatbot = format!("/chatbots/{}", server.chatbot());
    let settings = json!({
        "name": nul, "greeting": nul, "suggested_questions": [nul],
        "escalation": {"requested_message": nul, "output_triggers": [{"phrase": nul, "also_request": false}],
            "intents": [{"name": nul, "examples": [nul]}]},
    });
    let saved = owner.patch(&chatbot, &settings).await;
    assert!(!saved.ok::<Value>().to_string().contains("\\u0000"));
    let source = json!({"kind": "qa", "question": nul, "answer": nul});
    let source: SourceDetail = owner.post(&format!("{chatbot}/sources"), &source).await.ok();
    assert_eq!((source.source.title.as_str(), source.text.as_str()), ("abc[31md", "abc[31md"));
    let named: Value = owner.patch("/me", &json!({"display_name": nul})).await.ok();
    assert_eq!(named["display_name"], "abc[31md");
    for path in
        ["/people?after=00000000-0000-7000-8000-000000000001:a%00b", "/chatbots?after=%00", "/people?chatbot=%00"]
    {
        let answer = owner.get(path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
    }
    let sign_in = server.client().post("/session", &json!({"email": "a\u{0}@example.com", "password": nul})).await;
    assert_eq!(sign_in.said(), (401, "wrong_credentials".into()));
    server.stop().await;
}

async fn numbers_from_nowhere_do_no_harm(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    let mut desk = server.desk_at(&owner, id).await;
    page.says(id, "Hello").await.unwrap();
    desk.says(id, "Hello yourself").await.unwrap();
    for number in [i64::MIN, -1, 0, 1_000_000, i64::MAX] {
        for path in ["after", "before"] {
            for client in [&owner.client, &guest.client] {
                let answer = client.get(&format!("/conversations/{id}/events?{path}={number}&limit=0")).await;
                assert_eq!(answer.status, 200, "{path}={number}: {}", answer.text());
            }
        }
        let inbox = owner.client.get(&format!("/conversations?after={number}&limit=4294967295")).await;
        assert_eq!(inbox.status, 200, "{}", inbox.text());
        let sources =
            format!("/chatbots/{}/sources?after={number}:00000000-0000-7000-8000-000000000001", server.chatbot());
        assert_eq!(owner.client.get(&sources).await.status, 200);
        page.send(&VisitorClientFrame::Read { conversation: id.clone(), visitor_seq: number }).await;
        page.follow(id, number).await;
        desk.send(&DeskClientFrame::Read { conversation: id.clone(), seq: number }).await;
        desk.send(&DeskClientFrame::SubscribeInbox { after: number }).await;
        desk.follow(id, number).await;
    }
    // Nobody has read what was not written yet.
    let row: ConversationRow = owner.client.get(&format!("/conversations/{id}")).await.ok();
    assert!(row.staff_read_seq <= row.head && row.visitor_read <= row.head, "{row:?}");
    page.says(id, "Anybody there?").await.unwrap();
    let row: ConversationRow = owner.client.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(row.unread, 1);
    server.stop().await;
}

async fn the_server_is_set_up_once(place: Place) {
    let server = TestServer::start(Options { founds: false, ..Options::on(&place) }).await;
    let code = server.run(|baton| async move { baton.offer_setup().await.unwrap().unwrap() }).await;
    let with =
        |code: &str, email: &str| json!({"code": code, "email": email, "name": "Olga", "password": "password of Olga"});
    let client = server.client();
    assert_eq!(client.get("/setup").await.value(), json!({"needed": true, "mail": false}));
    assert_eq!(
        client.post("/setup", &with("WRONGCODE234", "olga@example.com")).await.said(),
        (422, "wrong_code".into())
    );
    assert_eq!(client.post("/setup", &with("", "olga@example.com")).await.said(), (422, "wrong_code".into()));
    assert_eq!(client.post("/setup", &with(&code, "no address")).await.said(), (422, "invalid".into()));
    // A mistake does not use the code up. Two at once: one of them.
    let (first, second) = (with(&code, "olga@example.com"), with(&code, "otto@example.com"));
    let (first, second) = tokio::join!(client.post("/setup", &first), client.post("/setup", &second));
    let (done, refused) = if first.status.is_success() { (first, second) } else { (second, first) };
    let _: Session = done.ok();
    assert_eq!(refused.said(), (409, "setup_done".into()));
    assert_eq!(client.post("/setup", &with(&code, "eve@example.com")).await.said(), (409, "setup_done".into()));
    assert_eq!(client.get("/setup").await.value(), json!({"needed": false, "mail": false}));
    assert!(server.run(|baton| async move { baton.offer_setup().await.unwrap() }).await.is_none());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_and_a_changed_password_ends_the_others() {
    let server = TestServer::on(&Place::sqlite()).await;
    let (here, there) = (server.sign_in("Olga").await, server.sign_in("Olga").await);
    let change = |current: &str, new: &str| json!({"current": current, "new": new});
    assert_eq!(
        here.post("/me/password", &change("wrong", "a new password")).await.said(),
        (401, "wrong_credentials".into())
    );
    assert_eq!(here.post("/me/password", &change("password of Olga", "short")).await.said(), (422, "invalid".into()));
    assert_eq!(here.post("/me/password", &change("password of Olga", "a new password")).await.status, 200);
    assert_eq!(here.get("/session").await.status, 200);
    assert_eq!(there.get("/session").await.said(), (401, "unauthenticated".into()));
    server.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    assert_eq!(here.get("/session").await.said(), (401, "unauthenticated".into()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_which_addresses_are_known() {
    let server = TestServer::on(&Place::sqlite()).await;
    let sign_in = |email: &str, password: &str| {
        let (client, body) =
            (server.client().from(server.new_address()), json!({"email": email, "password": password}));
        async move { client.post("/session", &body).await }
    };
    let long = "x".repeat(100_000);
    let olga = Member::email("Olga");
    for (known, unknown, password) in [
        (olga.as_str(), "nobody@example.com", "wrong"),
        (&olga, "no address", "wrong"),
        (&olga, "nobody@example.com", &long),
    ] {
        let before = server.passwords.checked();
        let one = sign_in(known, password).await;
        let between = server.passwords.checked();
        let other = sign_in(unknown, password).await;
        assert_eq!(one.said(), (401, "wrong_credentials".into()));
        assert_eq!((one.status, one.text()), (other.status, other.text()));
        assert_eq!(between - before, server.passwords.checked() - between, "the same work for {unknown}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_tries_at_signing_in_have_to_wait() {
    let server = TestServer::on(&Place::sqlite()).await;
    let (mine, theirs) = (server.client().from(server.new_address()), server.client().from(server.new_address()));
    let wrong = json!({"email": Member::email("Olga"), "password": "a guess"});
    let mut codes = Vec::new();
    for _ in 0..12 {
        let answer = mine.post("/session", &wrong).await;
        if answer.status == 429 {
            assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
        }
        codes.push(answer.code());
    }
    assert_eq!(codes.iter().filter(|code| *code == "wrong_credentials").count(), 10, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "rate_limited").count(), 2, "{codes:?}");
    // The right password does not help either, and another address is not concerned.
    let right = json!({"email": Member::email("Olga"), "password": Member::password("Olga")});
    assert_eq!(mine.post("/session", &right).await.said(), (429, "rate_limited".into()));
    assert_eq!(theirs.post("/session", &right).await.status, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_writes_too_much_reads_the_chatbots_own_words() {
    let mut options = Options::on(&Place::sqlite());
    options.settings.message_limit = MessageLimit { messages: 2, seconds: 3_600, text: "Slowly, please.".into() };
    let server = TestServer::start(options).await;
    let (guest, other) = (server.guest().await, server.guest().await);
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "One").await.unwrap();
    let message = |text: &str| json!({"client_id": text, "text": text});
    let path = format!("/conversations/{id}/messages");
    assert_eq!(guest.client.post(&path, &message("Two")).await.status, 200);
    let refused = page.says(id, "Three").await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.detail.as_deref()), ("rate_limited", Some("Slowly, please.")));
    assert!(refused.retry_after.unwrap() > 60);
    let refused = guest.client.post(&path, &message("Three")).await;
    assert_eq!(
        (refused.said(), refused.value()["detail"].as_str()),
        ((429, "rate_limited".into()), Some("Slowly, please."))
    );
    // Neither other visitors nor people are concerned.
    server.page(&other).await.says(&other.conversation, "One").await.unwrap();
    assert_eq!(server.owner().client.post(&path, &message("Hello")).await.status, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_text_becomes_knowledge() {
    let server = TestServer::on(&Place::sqlite()).await;
    let owner = server.owner().client;
    let path = format!("/chatbots/{}/sources/upload", server.chatbot());
    let large = vec![b'x'; domain::limits::UPLOAD_BYTES + 1];
    assert_eq!(problem(&owner.upload(&path, "large.txt", &large).await), (413, "too_large".into()));
    let huge = vec![b'x'; domain::limits::DOCUMENT_BYTES + 1];
    assert_eq!(problem(&owner.upload(&path, "huge.pdf", &huge).await), (413, "too_large".into()));
    for (name, bytes) in [
        ("run.exe", &b"text"[..]),
        ("old.doc", b"\xd0\xcf\x11\xe0"),
        ("empty.pdf", b""),
        ("archive.zip", b"PK\x03\x04"),
        ("noending", b"text"),
        ("nul.txt", b"a\0b"),
        ("picture.txt", PICTURE),
        ("empty.txt", b" \n"),
    ] {
        assert_eq!(problem(&owner.upload(&path, name, bytes).await), (422, "invalid".into()), "{name}");
    }
    for (name, title) in [
        ("../../etc/passwd.txt", "passwd"),
        ("C:\\\\windows\\\\win.ini.md", "win.ini"),
        ("/absolute/<b>.txt", "<b>"),
        ("..txt", "."),
    ] {
        let answer = owner.upload(&path, name, b"Lamps are sold.").await;
        let source: SourceDetail = answer.ok();
        assert_eq!(source.source.title, title, "{name}");
        assert_eq!(source.text.trim(), "Lamps are sold.");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_pictures_become_avatars() {
    let server = TestServer::on(&Place::sqlite()).await;
    let owner = server.owner().client;
    let put = |file: &[u8]| owner.bytes(Method::PUT, "/me/avatar", "image/png", file.to_vec());
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    for file in [&svg[..], b"", b"GIF89a", &PICTURE[..20], BOMB] {
        assert_eq!(problem(&put(file).await), (422, "unsupported_image".into()), "{:?}", &file[..file.len().min(8)]);
    }
    let large = vec![0; domain::limits::AVATAR_BYTES + 1];
    assert_eq!(problem(&put(&large).await), (413, "too_large".into()));
    let me: Value = put(PICTURE).await.ok();
    let picture = server.client().get(&format!("/{}", me["avatar_url"].as_str().unwrap())).await;
    assert!(picture.body.starts_with(b"\xff\xd8\xff"), "encoded anew, not what was sent");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_markdown_is_a_text_like_any_other() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let hostile = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/p.png) \u{202e}'; drop table event; --";
    server.page(&guest).await.says_as(id, "one", hostile).await.unwrap();
    let sofia = server.add("Sofia", Role::Agent).await;
    server.desk_at(&sofia, id).await.says_as(id, "one", hostile).await.unwrap();
    for client in [&guest.client, &sofia.client] {
        let answer = client.get(&format!("/conversations/{id}/events")).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let events = answer.value();
        let texts = events["items"].as_array().unwrap().iter().filter(|event| event["text"] == hostile).count();
        assert_eq!(texts, 2, "as it was written: {events}");
    }
    server.stop().await;
}
