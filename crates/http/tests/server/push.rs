//! Web push: who is told on which device, when, and how it is taken back. The push service decrypts as a browser does.

use std::time::Duration;

use api::push::{PushSubscriptionView, PushSubscriptions};
use domain::person::Role;
use serde_json::{Value, json};
use testkit::{
    fakes::{PushService, Told},
    on_both_engines,
    server::{Guest, Member, Place, TestServer},
};

on_both_engines!(
    a_request_reaches_the_device_used_last_then_the_others,
    whoever_looks_in_time_spares_the_other_devices,
    an_open_page_is_the_first_device,
    an_answer_takes_the_notification_back,
    nobody_is_told_who_may_not_answer_or_wants_nothing,
    a_device_that_is_gone_is_forgotten_and_a_service_that_is_down_is_tried_again,
    what_is_no_browser_is_refused,
);

/// As long as the other devices wait.
const WAIT: Duration = Duration::from_secs(10);

async fn keep(member: &Member, browser: &str) -> PushSubscriptionView {
    member.client.post("/push-subscriptions", &PushService::browser(browser)).await.ok()
}

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let answer = guest.client.post_nothing(&format!("/conversations/{}/request-human", guest.conversation)).await;
    assert_eq!(answer.status, 200);
    guest
}

fn browsers(told: &[Told]) -> Vec<&str> {
    told.iter().map(|one| one.browser.as_str()).collect()
}

async fn a_request_reaches_the_device_used_last_then_the_others(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    for browser in ["tablet", "phone"] {
        keep(&sofia, browser).await;
        server.clock.advance(Duration::from_secs(60));
    }
    keep(&server.owner(), "laptop").await;
    let guest = asks(&server).await;
    let mut told = server.push.told(2).await;
    told.sort_by(|a, b| a.browser.cmp(&b.browser));
    assert_eq!(browsers(&told), ["laptop", "phone"], "one device of each person");
    let message = &told[1].message;
    assert_eq!(message["type"], "alert");
    assert_eq!(message["conversation"], guest.conversation.as_str());
    assert!(message["id"].as_str().unwrap().starts_with(&guest.conversation));
    assert!(message["title"].as_str().unwrap().contains("asks for a person"), "{message}");
    assert!(told[1].ttl > 0 && told[1].topic.len() == 32);
    // Nobody has looked.
    server.clock.advance(WAIT);
    let told = server.push.told(3).await;
    assert_eq!((told[2].browser.as_str(), &told[2].topic, &told[2].message), ("tablet", &told[0].topic, message));
    server.stop().await;
}

async fn whoever_looks_in_time_spares_the_other_devices(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    for browser in ["tablet", "phone"] {
        keep(&sofia, browser).await;
        server.clock.advance(Duration::from_secs(60));
    }
    let guest = asks(&server).await;
    server.push.told(1).await;
    let dismiss = format!("/conversations/{}/dismiss-request", guest.conversation);
    assert_eq!(sofia.client.post_nothing(&dismiss).await.status, 200);
    // Both devices learn that it is over; the tablet was never told that it had begun.
    let told = server.push.told(3).await;
    assert_eq!(told[1].message["type"], "withdraw");
    server.clock.advance(WAIT);
    server.settled().await;
    assert_eq!(server.push.told(3).await.len(), 3);
    server.stop().await;
}

async fn an_open_page_is_the_first_device(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    keep(&sofia, "phone").await;
    let desk = server.desk(&sofia).await;
    asks(&server).await;
    // The page tells by itself; the phone only when nobody has looked.
    server.clock.advance(WAIT);
    assert_eq!(browsers(&server.push.told(1).await), ["phone"]);
    drop(desk);
    server.stop().await;
}

async fn an_answer_takes_the_notification_back(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    keep(&sofia, "phone").await;
    let guest = asks(&server).await;
    let asked = server.push.told(1).await.remove(0);
    let reply = json!({"text": "Here I am", "client_id": "one"});
    let messages = format!("/conversations/{}/messages", guest.conversation);
    assert_eq!(sofia.client.post(&messages, &reply).await.status, 200);
    let over = server.push.told(2).await.remove(1);
    assert_eq!(over.topic, asked.topic, "what was not brought yet is replaced");
    assert_eq!(over.message, json!({"type": "withdraw", "id": asked.message["id"], "title": "Sofia answers"}));
    // The visitor's next words are for the person who has the chat.
    guest.client.post(&messages, &json!({"text": "Thank you", "client_id": "two"})).await.ok::<Value>();
    let told = server.push.told(3).await.remove(2);
    assert_eq!((told.message["type"].as_str(), told.message["body"].as_str()), (Some("alert"), Some("Thank you")));
    assert_eq!(told.message["stays"], false);
    server.stop().await;
}

async fn nobody_is_told_who_may_not_answer_or_wants_nothing(place: Place) {
    let server = TestServer::on(&place).await;
    let viewer = server.add("Vera", Role::Viewer).await;
    let other = server.other_workspace().await;
    keep(&viewer, "viewer").await;
    keep(&other.owner, "other").await;
    asks(&server).await;
    server.settled().await;
    keep(&server.owner(), "laptop").await;
    let chatbot = format!("/chatbots/{}", server.chatbot());
    let known: Value = server.owner().client.get(&chatbot).await.ok();
    let mut escalation = known["escalation"].clone();
    escalation["notifications"] = json!(false);
    server.owner().client.patch(&chatbot, &json!({"escalation": escalation})).await.ok::<Value>();
    asks(&server).await;
    server.settled().await;
    assert!(server.push.told(0).await.is_empty());
    server.stop().await;
}

async fn a_device_that_is_gone_is_forgotten_and_a_service_that_is_down_is_tried_again(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    keep(&owner, "gone").await;
    server.push.answers("gone", 410);
    asks(&server).await;
    server.settled().await;
    let list = async || owner.client.get("/push-subscriptions").await.ok::<PushSubscriptions>();
    assert!(list().await.items.is_empty());
    let kept = keep(&owner, "phone").await;
    server.push.answers("phone", 503);
    let guest = asks(&server).await;
    let tries = async {
        // The pause after a failure is the worker's business: time goes on until the next try.
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            server.clock.advance(Duration::from_secs(1));
        }
    };
    let told = tokio::select! { told = server.push.told(1) => told, () = tries => unreachable!() };
    assert_eq!(told[0].message["conversation"], guest.conversation.as_str());
    assert_eq!(list().await.items[0].id, kept.id);
    // It is one's own to forget.
    let path = format!("/push-subscriptions/{}", kept.id);
    let stranger = server.add("Sofia", Role::Agent).await;
    assert_eq!(stranger.client.delete(&path).await.status, 404);
    assert_eq!(owner.client.delete(&path).await.status, 200);
    assert!(list().await.items.is_empty());
    server.stop().await;
}

async fn what_is_no_browser_is_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let list: PushSubscriptions = owner.client.get("/push-subscriptions").await.ok();
    assert_eq!(list.public_key.map(|key| key.len()), Some(87), "65 bytes in base64url");
    let good = PushService::browser("phone");
    for (part, wrong, field) in [
        ("/endpoint", json!("http://169.254.169.254/latest"), "endpoint"),
        ("/endpoint", json!("nonsense"), "endpoint"),
        ("/keys/p256dh", json!("AAAA"), "keys.p256dh"),
        ("/keys/p256dh", json!("not base64!"), "keys.p256dh"),
        ("/keys/auth", json!(""), "keys.auth"),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(part).unwrap() = wrong;
        let answer = owner.client.post("/push-subscriptions", &body).await;
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status.as_u16(), problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
    // Twice the same browser is one device.
    assert_eq!(keep(&owner, "phone").await.id, keep(&owner, "phone").await.id);
    server.stop().await;
}
