//! Webhooks: what the owner's servers are told, how it is signed, and what becomes of it when they are slow, lie, or are
//! gone. The receiver is a server on this machine that answers what the test says.

use std::{collections::BTreeMap, time::Duration};

use api::{
    common::Page,
    webhooks::{DeliveryState, DeliveryView, WebhookMade, WebhookOffWhy, WebhookSecret, WebhookView},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{outside::Openings, person::Role};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use testkit::{
    fakes::{Answer, MailServer, Request, WebServer},
    on_both_engines,
    server::{Guest, Member, Options, Place, TestServer},
};

on_both_engines!(
    a_receiver_is_told_what_it_wants_and_each_message_is_signed,
    a_webhook_of_one_chatbot_hears_of_no_other,
    who_fails_is_asked_again_under_the_same_id,
    a_slow_receiver_holds_up_nobody_else,
    a_receiver_that_lies_is_believed_its_status_alone,
    a_receiver_that_wants_no_more_is_asked_no_more_and_its_owner_told,
    who_fails_for_days_is_switched_off_and_its_owner_told,
    a_node_that_dies_after_sending_sends_the_same_again,
    what_waits_for_a_removed_webhook_is_not_sent,
    what_was_deleted_meanwhile_is_not_told,
    a_replaced_secret_signs_for_a_day,
    a_delivery_is_sent_once_more_under_its_id,
    a_test_says_at_once_what_came_of_it,
    addresses_inside_are_refused_whenever_they_are_looked_at,
    what_makes_no_sense_is_refused_and_nothing_is_kept,
    a_call_with_a_key_makes_one_webhook,
);

/// Longer than a lease of a process that was killed.
const PAST_THE_LEASE: Duration = Duration::from_secs(16);
/// Longer than the first pause, which is 5 seconds and a little.
const FIRST_PAUSE: Duration = Duration::from_secs(6);
/// The worker renews its leases so often; the steps are shorter, and seven of them more than a receiver is given.
const RENEWED_EVERY: Duration = Duration::from_millis(2_500);
const STEP: Duration = Duration::from_millis(2_400);

fn opened(place: &Place) -> Options {
    Options { openings: Openings::read(["127.0.0.1"]).unwrap(), ..Options::on(place) }
}

async fn receiver() -> WebServer {
    let receiver = WebServer::start().await;
    receiver.always(Answer::of(200, "text/plain", "thanks"));
    receiver
}

/// A webhook and its secret.
struct Hook {
    webhook: WebhookView,
    secret: String,
}

async fn hook(server: &TestServer, receiver: &WebServer, events: &[&str]) -> Hook {
    let body = json!({"name": "CRM", "url": receiver.url("/hook"), "events": events});
    let made: WebhookMade = server.owner().client.post("/webhooks", &body).await.ok();
    Hook { webhook: made.webhook, secret: made.secret.unwrap() }
}

async fn hooked(place: &Place, events: &[&str]) -> (TestServer, WebServer, Hook) {
    let (server, receiver) = (TestServer::start(opened(place)).await, receiver().await);
    let made = hook(&server, &receiver, events).await;
    (server, receiver, made)
}

async fn wants_a_person(guest: &Guest) {
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, 200);
}

/// A visitor who wants a person: that is one `human.requested`.
async fn one_request(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    wants_a_person(&guest).await;
    guest
}

/// Whether a request is signed with a secret: computed here, by what the specification says.
fn is_signed(request: &Request, secret: &str) -> bool {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, at) = (request.header("webhook-id").unwrap(), request.header("webhook-timestamp").unwrap());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{at}.{}", request.body).as_bytes());
    let wanted = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    request.header("webhook-signature").unwrap().split(' ').any(|one| one == wanted)
}

fn body(request: &Request) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

async fn log_of(owner: &Member, id: &str) -> Vec<DeliveryView> {
    owner.client.get(&format!("/webhooks/{id}/deliveries")).await.ok::<Page<DeliveryView>>().items
}

/// The log of a webhook, once it is as wanted.
async fn log_when(server: &TestServer, id: &str, wanted: impl Fn(&[DeliveryView]) -> bool) -> Vec<DeliveryView> {
    let owner = server.owner();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let found = async {
        loop {
            looks.tick().await;
            let log = log_of(&owner, id).await;
            if wanted(&log) {
                return log;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.expect("the log does not become so")
}

async fn webhook(server: &TestServer, id: &str) -> WebhookView {
    server.owner().client.get(&format!("/webhooks/{id}")).await.ok()
}

async fn a_receiver_is_told_what_it_wants_and_each_message_is_signed(place: Place) {
    let events = [
        "conversation.created",
        "message.created",
        "human.requested",
        "human.taken_over",
        "live_chat.ended",
        "lead.captured",
    ];
    let (server, receiver, made) = hooked(&place, &events).await;
    let guest = one_request(&server).await;
    let id = &guest.conversation;
    let owner = server.owner();
    let say = json!({"text": "I am here", "client_id": "one"});
    owner.client.post(&format!("/conversations/{id}/messages"), &say).await.ok::<Value>();
    let answer = json!({"text": "My lamp is broken", "client_id": "two"});
    guest.client.post(&format!("/conversations/{id}/messages"), &answer).await.ok::<Value>();
    // Said again: it is told once.
    guest.client.post(&format!("/conversations/{id}/messages"), &answer).await.ok::<Value>();
    for _ in 0..2 {
        let left = guest.client.post(&format!("/conversations/{id}/email"), &json!({"email": "Ada@example.com"})).await;
        assert_eq!(left.status, 200);
    }
    assert_eq!(owner.client.post_nothing(&format!("/conversations/{id}/end-live-chat")).await.status, 200);
    server.settled().await;

    let requests = receiver.requests();
    let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut ids = BTreeMap::new();
    for request in &requests {
        assert_eq!(request.line, "POST /hook HTTP/1.1");
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert!(is_signed(request, &made.secret), "{request:?}");
        assert!(!is_signed(request, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        *ids.entry(request.header("webhook-id").unwrap().to_owned()).or_insert(0) += 1;
        let body = body(request);
        assert_eq!(body["data"]["conversation"]["id"], id.as_str());
        assert_eq!(body["data"]["conversation"]["url"], format!("{}/inbox/{id}", server.public_url));
        by_type.entry(body["type"].as_str().unwrap().to_owned()).or_default().push(body);
    }
    assert!(ids.values().all(|times| *times == 1), "{ids:?}");
    let counts: Vec<_> = by_type.iter().map(|(kind, all)| (kind.as_str(), all.len())).collect();
    let expected = [
        ("conversation.created", 1),
        ("human.requested", 1),
        ("human.taken_over", 1),
        ("lead.captured", 1),
        ("live_chat.ended", 1),
        ("message.created", 3),
    ];
    assert_eq!(counts, expected);
    let data = |kind: &str| by_type[kind][0]["data"].clone();
    assert_eq!(data("human.requested")["request"], json!({"reason": "button"}));
    assert_eq!(data("human.taken_over")["person"], json!({"id": owner.id.to_string(), "name": "Olga"}));
    assert_eq!(data("live_chat.ended")["ended_by"], "human");
    assert_eq!(data("lead.captured")["email"], "ada@example.com");
    let mut said: Vec<_> = by_type["message.created"].iter().map(|one| one["data"]["message"].clone()).collect();
    said.sort_by_key(|one| one["seq"].as_i64());
    let words: Vec<_> =
        said.iter().map(|one| (one["author"].as_str().unwrap(), one["text"].as_str().unwrap())).collect();
    assert_eq!(words[1..], [("human", "I am here"), ("visitor", "My lamp is broken")]);
    assert_eq!(words[0].0, "ai");
    assert_eq!(said[1]["person"]["name"], "Olga");

    // The log of it, in pages.
    let path = format!("/webhooks/{}/deliveries?limit=3", made.webhook.id);
    let mut seen = Vec::new();
    let mut next = None;
    loop {
        let after = next.map(|next| format!("&after={next}")).unwrap_or_default();
        let page: Page<DeliveryView> = owner.client.get(&format!("{path}{after}")).await.ok();
        seen.extend(page.items);
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 8);
    for one in &seen {
        let last = one.last.as_ref().unwrap();
        assert_eq!(
            (one.state, one.tries, last.status, last.answer.as_str()),
            (DeliveryState::Delivered, 1, Some(200), "thanks")
        );
        assert!(ids.contains_key(&one.message_id));
    }
    server.stop().await;
}

async fn a_webhook_of_one_chatbot_hears_of_no_other(place: Place) {
    let (server, receiver) = (TestServer::start(opened(&place)).await, receiver().await);
    let owner = server.owner();
    let other: Value = owner.client.post("/chatbots", &json!({"name": "Another"})).await.ok();
    let body =
        json!({"name": "CRM", "url": receiver.url("/"), "events": ["human.requested"], "chatbot_id": other["id"]});
    owner.client.post("/webhooks", &body).await.ok::<WebhookMade>();
    one_request(&server).await;
    let guest = server.guest_of(other["id"].as_str().unwrap().parse().unwrap()).await;
    wants_a_person(&guest).await;
    server.settled().await;
    let told: Vec<_> = receiver.requests().iter().map(body_of_chatbot).collect();
    assert_eq!(told, [other["id"].as_str().unwrap()]);
    server.stop().await;
}

fn body_of_chatbot(request: &Request) -> String {
    body(request)["data"]["conversation"]["chatbot_id"].as_str().unwrap().to_owned()
}

async fn who_fails_is_asked_again_under_the_same_id(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    receiver.then(Answer::of(500, "text/html", "<p>\u{7} broken &amp; sorry"));
    receiver.then(Answer::nothing().cut());
    one_request(&server).await;
    let log = log_when(&server, &made.webhook.id, |log| log.iter().any(|one| one.tries == 1)).await;
    let last = log[0].last.clone().unwrap();
    assert_eq!((log[0].state, last.status), (DeliveryState::Waiting, Some(500)));
    assert_eq!(last.answer, "<p> broken &amp; sorry");
    let pause = log[0].next_at.unwrap() - last.at;
    assert!((5_000..6_500).contains(&pause), "{pause}");
    assert!(webhook(&server, &made.webhook.id).await.failing_since.is_some());
    server.clock.advance(FIRST_PAUSE);
    let log = log_when(&server, &made.webhook.id, |log| log[0].tries == 2).await;
    let last = log[0].last.clone().unwrap();
    assert_eq!((log[0].state, last.status), (DeliveryState::Waiting, None));
    assert!(!last.answer.is_empty());
    server.clock.advance(Duration::from_secs(400));
    server.settled().await;
    let ids: Vec<_> = receiver.requests().iter().map(|one| one.header("webhook-id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(receiver.requests().iter().all(|request| is_signed(request, &made.secret)));
    let log = log_when(&server, &made.webhook.id, |log| log[0].tries == 3).await;
    assert_eq!((log.len(), log[0].state), (1, DeliveryState::Delivered));
    assert_eq!(webhook(&server, &made.webhook.id).await.failing_since, None);
    server.stop().await;
}

async fn a_slow_receiver_holds_up_nobody_else(place: Place) {
    let (server, slow, made) = hooked(&place, &["human.requested"]).await;
    slow.then(Answer::nothing().hangs());
    let quick = receiver().await;
    hook(&server, &quick, &["human.requested"]).await;
    one_request(&server).await;
    quick.request(0).await;
    slow.request(0).await;
    for _ in 0..7 {
        server.clock.has_sleeper(RENEWED_EVERY).await;
        server.clock.advance(STEP);
    }
    let log = log_when(&server, &made.webhook.id, |log| log[0].tries == 1).await;
    let last = log[0].last.clone().unwrap();
    assert_eq!((log[0].state, last.status, last.answer.as_str()), (DeliveryState::Waiting, None, "no answer in time"));
    assert!(last.took_ms >= 15_000, "{}", last.took_ms);
    server.clock.advance(FIRST_PAUSE);
    server.settled().await;
    assert_eq!((quick.requests().len(), slow.requests().len()), (1, 2));
    server.stop().await;
}

async fn a_receiver_that_lies_is_believed_its_status_alone(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    let inside = WebServer::start().await;
    // A megabyte, and no end of it.
    receiver.then(Answer::stream("text/plain").piece(&"x".repeat(1_000_000)).hangs());
    one_request(&server).await;
    let log = log_when(&server, &made.webhook.id, |log| log.iter().any(|one| one.tries == 1)).await;
    assert_eq!(log[0].state, DeliveryState::Delivered);
    let answer = &log[0].last.as_ref().unwrap().answer;
    assert!(answer.chars().count() <= 501 && answer.starts_with("xxx"), "{}", answer.len());
    // Elsewhere it is never followed: neither out nor in.
    receiver.then(Answer::redirect(&inside.url("/latest/meta-data/")));
    one_request(&server).await;
    let log = log_when(&server, &made.webhook.id, |log| log.len() == 2 && log[0].tries == 1).await;
    assert_eq!((log[0].state, log[0].last.as_ref().unwrap().status), (DeliveryState::Waiting, Some(302)));
    assert!(inside.requests().is_empty());
    server.clock.advance(FIRST_PAUSE);
    server.settled().await;
    server.stop().await;
}

async fn a_receiver_that_wants_no_more_is_asked_no_more_and_its_owner_told(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..opened(&place) }).await;
    let receiver = receiver().await;
    let made = hook(&server, &receiver, &["human.requested"]).await;
    receiver.then(Answer::of(410, "text/plain", "moved away"));
    one_request(&server).await;
    let received = mail.mail(0).await;
    assert_eq!(received.to, Member::email("Olga"));
    assert!(received.data.contains(&format!("{}/webhooks/{}", server.public_url, made.webhook.id)), "{received:?}");
    server.settled().await;
    let now = webhook(&server, &made.webhook.id).await;
    assert_eq!((now.enabled, now.off_why), (false, Some(WebhookOffWhy::Gone)));
    one_request(&server).await;
    server.settled().await;
    assert_eq!(receiver.requests().len(), 1);
    let log = log_when(&server, &made.webhook.id, |_| true).await;
    assert_eq!((log.len(), log[0].state), (1, DeliveryState::Failed));
    let path = format!("/webhooks/{}", made.webhook.id);
    let owner = server.owner().client;
    let again = owner.post_nothing(&format!("{path}/deliveries/{}/replay", log[0].id)).await;
    assert_eq!(again.said(), (409, "webhook_off".into()));
    // Switched on, it is told again.
    let wanted = json!({"name": "CRM", "url": receiver.url("/hook"), "events": ["human.requested"], "enabled": true});
    assert!(owner.put(&path, &wanted).await.ok::<WebhookView>().enabled);
    one_request(&server).await;
    server.settled().await;
    assert_eq!((receiver.requests().len(), mail.count()), (2, 1));
    server.stop().await;
}

async fn who_fails_for_days_is_switched_off_and_its_owner_told(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..opened(&place) }).await;
    let receiver = receiver().await;
    let made = hook(&server, &receiver, &["human.requested"]).await;
    receiver.always(Answer::of(503, "text/plain", "down"));
    one_request(&server).await;
    for tries in 1..=9 {
        let log = log_when(&server, &made.webhook.id, |log| log.iter().any(|one| one.tries == tries)).await;
        assert_eq!((log[0].state, mail.count()), (DeliveryState::Waiting, 0), "{tries}");
        let pause = log[0].next_at.unwrap() - log[0].last.as_ref().unwrap().at;
        server.clock.advance(Duration::from_millis(u64::try_from(pause).unwrap() + 1_000));
    }
    let received = mail.mail(0).await;
    assert_eq!(received.to, Member::email("Olga"));
    server.settled().await;
    let now = webhook(&server, &made.webhook.id).await;
    assert_eq!((now.enabled, now.off_why), (false, Some(WebhookOffWhy::Failing)));
    let log = log_when(&server, &made.webhook.id, |_| true).await;
    assert_eq!((log[0].state, log[0].tries, log[0].next_at), (DeliveryState::Failed, 10, None));
    assert_eq!(receiver.requests().len(), 10);
    server.stop().await;
}

async fn a_node_that_dies_after_sending_sends_the_same_again(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    receiver.then(Answer::nothing().hangs());
    one_request(&server).await;
    let first = receiver.request(0).await;
    let (olga, desk) = (server.owner(), server.public_url.clone());
    server.kill().await;

    let server = TestServer::start(Options { public_url: Some(desk), ..opened(&place) }).await;
    server.clock.advance(PAST_THE_LEASE);
    let second = receiver.request(1).await;
    server.settled().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(body(&first), body(&second));
    assert!(is_signed(&second, &made.secret));
    let olga = server.member(olga.id, "Olga").await;
    let log = log_of(&olga, &made.webhook.id).await;
    assert_eq!((log.len(), log[0].state, log[0].tries), (1, DeliveryState::Delivered, 1));
    assert_eq!(receiver.requests().len(), 2);
    server.stop().await;
}

async fn what_waits_for_a_removed_webhook_is_not_sent(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    receiver.always(Answer::of(500, "text/plain", "down"));
    one_request(&server).await;
    one_request(&server).await;
    log_when(&server, &made.webhook.id, |log| log.len() == 2 && log.iter().all(|one| one.tries == 1)).await;
    let path = format!("/webhooks/{}", made.webhook.id);
    assert_eq!(server.owner().client.delete(&path).await.status, 200);
    assert_eq!(server.owner().client.get(&path).await.said(), (404, "not_found".into()));
    server.clock.advance(FIRST_PAUSE);
    server.settled().await;
    assert_eq!(receiver.requests().len(), 2);
    server.stop().await;
}

async fn what_was_deleted_meanwhile_is_not_told(place: Place) {
    let (server, receiver, made) = hooked(&place, &["message.created"]).await;
    let (owner, guest) = (server.owner().client, server.guest().await);
    receiver.then(Answer::of(500, "text/plain", "down"));
    let messages = format!("/conversations/{}/messages", guest.conversation);
    owner.post(&messages, &json!({"text": "My password is hunter2", "client_id": "one"})).await.ok::<Value>();
    log_when(&server, &made.webhook.id, |log| log.iter().any(|one| one.tries == 1)).await;
    let log = server.log(&guest.conversation).await;
    let seq = log.iter().find(|event| event.client_id.as_deref() == Some("one")).unwrap().seq;
    assert_eq!(owner.delete(&format!("{messages}/{seq}")).await.status, 200);
    server.clock.advance(FIRST_PAUSE);
    server.settled().await;
    let log = log_when(&server, &made.webhook.id, |log| log[0].state == DeliveryState::Dropped).await;
    assert_eq!((log.len(), log[0].tries), (1, 1));
    assert_eq!(receiver.requests().len(), 1);
    server.stop().await;
}

async fn a_replaced_secret_signs_for_a_day(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    let path = format!("/webhooks/{}/secret", made.webhook.id);
    let replaced: WebhookSecret = server.owner().client.post_nothing(&path).await.ok();
    assert_ne!(replaced.secret, made.secret);
    one_request(&server).await;
    let both = receiver.request(0).await;
    assert!(is_signed(&both, &made.secret) && is_signed(&both, &replaced.secret));
    server.settled().await;
    server.clock.advance(Duration::from_secs(24 * 3_600));
    one_request(&server).await;
    let one = receiver.request(1).await;
    assert!(!is_signed(&one, &made.secret) && is_signed(&one, &replaced.secret));
    // Nothing else shows it again.
    let shown = server.owner().client.get(&format!("/webhooks/{}", made.webhook.id)).await.text();
    assert!(!shown.contains("whsec_"), "{shown}");
    server.stop().await;
}

async fn a_delivery_is_sent_once_more_under_its_id(place: Place) {
    let (server, receiver, made) = hooked(&place, &["human.requested"]).await;
    one_request(&server).await;
    let first = receiver.request(0).await;
    let log = log_when(&server, &made.webhook.id, |log| log.iter().any(|one| one.tries == 1)).await;
    let owner = server.owner().client;
    let again = format!("/webhooks/{}/deliveries/{}/replay", made.webhook.id, log[0].id);
    let replay: DeliveryView = owner.post_nothing(&again).await.ok();
    assert_eq!((replay.state, &replay.message_id), (DeliveryState::Waiting, &log[0].message_id));
    let second = receiver.request(1).await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    server.settled().await;
    let log = log_when(&server, &made.webhook.id, |log| log.len() == 2).await;
    assert!(log.iter().all(|one| one.state == DeliveryState::Delivered));
    // A delivery of another webhook is none of this one.
    let other = hook(&server, &receiver, &["human.requested"]).await;
    let foreign = format!("/webhooks/{}/deliveries/{}/replay", other.webhook.id, log[0].id);
    assert_eq!(owner.post_nothing(&foreign).await.said(), (404, "not_found".into()));
    server.stop().await;
}

async fn a_test_says_at_once_what_came_of_it(place: Place) {
    let (server, receiver, made) = hooked(&place, &["conversation.rated"]).await;
    let owner = server.owner().client;
    let path = format!("/webhooks/{}/test", made.webhook.id);
    let test: DeliveryView = owner.post_nothing(&path).await.ok();
    assert_eq!((test.state, test.event.as_str(), test.tries), (DeliveryState::Delivered, "webhook.test", 1));
    let request = receiver.request(0).await;
    assert!(is_signed(&request, &made.secret));
    assert_eq!(
        (body(&request)["type"].as_str(), request.header("webhook-id")),
        (Some("webhook.test"), Some(test.message_id.as_str()))
    );
    receiver.always(Answer::of(401, "application/json", "{\"error\":\"who are you\"}"));
    let test: DeliveryView = owner.post_nothing(&path).await.ok();
    let last = test.last.unwrap();
    assert_eq!(
        (test.state, last.status, last.answer.as_str()),
        (DeliveryState::Failed, Some(401), "{\"error\":\"who are you\"}")
    );
    // A test that fails says nothing of the webhook, and is not tried again.
    assert_eq!(webhook(&server, &made.webhook.id).await.failing_since, None);
    let log = log_when(&server, &made.webhook.id, |log| log.len() == 2).await;
    assert!(log.iter().all(|one| one.next_at.is_none()));
    server.stop().await;
}

async fn addresses_inside_are_refused_whenever_they_are_looked_at(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let inside = WebServer::start().await;
    for url in [
        inside.url("/hook"),
        "http://10.0.0.1/".into(),
        "http://[::1]/".into(),
        "http://169.254.169.254/latest/meta-data/".into(),
        "https://user:pass@example.com/".into(),
        "ftp://example.com/".into(),
        "example.com".into(),
    ] {
        let answer = owner.post("/webhooks", &json!({"name": "A", "url": url, "events": ["ai.alert"]})).await;
        assert_eq!((answer.said(), answer.value()["field"].as_str()), ((422, "invalid".into()), Some("url")), "{url}");
    }
    // What its name resolves to is looked at when it is called.
    let url = format!("http://localhost:{}/", inside.address.port());
    let body = json!({"name": "A", "url": url, "events": ["human.requested"]});
    let made: WebhookMade = owner.post("/webhooks", &body).await.ok();
    let test: DeliveryView = owner.post_nothing(&format!("/webhooks/{}/test", made.webhook.id)).await.ok();
    let last = test.last.unwrap();
    assert_eq!((test.state, last.status), (DeliveryState::Failed, None));
    assert!(last.answer.contains("private"), "{}", last.answer);
    assert!(inside.requests().is_empty());
    server.stop().await;
}

async fn what_makes_no_sense_is_refused_and_nothing_is_kept(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let right = json!({"name": "CRM", "url": "https://example.com/", "events": ["ai.alert"]});
    let admin = server.add("Ada", Role::Admin).await.client;
    let other = server.other_workspace().await;
    for (change, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "x".repeat(81)}), "name"),
        (json!({"url": ""}), "url"),
        (json!({"url": format!("https://example.com/{}", "x".repeat(1_000))}), "url"),
        (json!({"events": []}), "events"),
        (json!({"chatbot_id": "nonsense"}), "chatbot_id"),
        (json!({"chatbot_id": other.chatbot.to_string()}), "chatbot_id"),
    ] {
        let mut body = right.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = owner.post("/webhooks", &body).await;
        assert_eq!((answer.status.as_u16(), answer.value()["field"].as_str()), (422, Some(field)), "{change}");
    }
    for events in [json!(["webhook.test"]), json!(["message.deleted"]), json!("ai.alert")] {
        let body = json!({"name": "CRM", "url": "https://example.com/", "events": events});
        assert!(owner.post("/webhooks", &body).await.status.is_client_error(), "{events}");
    }
    assert!(owner.get("/webhooks").await.ok::<Page<WebhookView>>().items.is_empty());
    for _ in 0..20 {
        owner.post("/webhooks", &right).await.ok::<WebhookMade>();
    }
    assert_eq!(owner.post("/webhooks", &right).await.said(), (409, "exists".into()));
    assert_eq!(admin.get("/webhooks").await.ok::<Page<WebhookView>>().items.len(), 20);
    let page = owner.get(&format!("/webhooks/{}/deliveries?after=yesterday", server.chatbot())).await;
    assert_eq!(page.said(), (422, "invalid".into()));
    server.stop().await;
}

async fn a_call_with_a_key_makes_one_webhook(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let post = async |name: &str| {
        let body = json!({"name": name, "url": "https://example.com/", "events": ["ai.alert"]});
        let mut request = owner.request(&hyper::Method::POST, "/webhooks");
        let headers = request.headers_mut().unwrap();
        headers.insert("idempotency-key", "mine".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        owner.send(request, serde_json::to_vec(&body).unwrap().into()).await
    };
    let first: WebhookMade = post("CRM").await.ok();
    let again: WebhookMade = post("CRM").await.ok();
    assert_eq!((&first.webhook.id, &first.secret), (&again.webhook.id, &again.secret));
    assert_eq!(post("Another").await.said(), (409, "idempotency_key_reused".into()));
    server.stop().await;
}
