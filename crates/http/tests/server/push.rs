//! Web push: who is told on which device, when, and how it is taken back. The push service decrypts as a browser does.

use std::time::Duration;

use api::{
    common::Page,
    push::{PushSubscriptionView, PushSubscriptions, PushTest, PushTestOutcome},
    routing::PresenceView,
    team::CollaboratorView,
};
use domain::person::Role;
use serde_json::{Value, json};
use testkit::{
    fakes::{PushService, Told},
    on_both_engines,
    server::{Guest, Member, PATIENCE, Place, TestServer},
};

use crate::reading::with_escalation;

on_both_engines!(
    a_request_reaches_the_device_used_last_then_the_others,
    whoever_looks_in_time_spares_the_other_devices,
    an_open_page_is_the_first_device,
    an_answer_takes_the_notification_back,
    nobody_is_told_who_may_not_answer_or_wants_nothing,
    a_device_that_is_gone_leaves_it_to_the_next_one,
    a_page_that_is_closed_in_time_leaves_it_to_every_device,
    a_service_that_is_down_is_tried_again_and_nobody_else_is_told_twice,
    a_service_that_is_down_for_long_is_tried_as_long_as_the_request_is_open,
    nobody_waits_for_the_device_of_somebody_else,
    who_answers_while_a_message_is_on_its_way_takes_it_back,
    how_long_the_other_devices_wait_is_a_setting,
    a_device_is_one_s_own_to_forget,
    a_test_says_what_the_push_service_made_of_it,
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
    // The phone learns that it is over; the tablet was never told that it had begun.
    let told = server.push.told(2).await;
    assert_eq!((told[1].browser.as_str(), &told[1].message["type"]), ("phone", &json!("withdraw")));
    server.clock.advance(WAIT);
    server.settled().await;
    assert_eq!(server.push.told(2).await.len(), 2);
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

async fn devices(member: &Member) -> Vec<String> {
    let list: PushSubscriptions = member.client.get("/push-subscriptions").await.ok();
    list.items.into_iter().map(|device| device.id).collect()
}

/// Keeps several devices, the last one being used last.
async fn keep_all(server: &TestServer, member: &Member, browsers: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    for browser in browsers {
        kept.push(keep(member, browser).await.id);
        server.clock.advance(Duration::from_secs(1));
    }
    kept
}

/// Lets time go on until something comes: the pause after a failure is the worker's business.
async fn in_time<T>(server: &TestServer, step: Duration, comes: impl Future<Output = T>) -> T {
    let time = async {
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            server.clock.advance(step);
        }
    };
    tokio::select! { came = comes => came, () = time => unreachable!() }
}

/// Waits until somebody is seen at the desk, or is seen no more.
async fn present(server: &TestServer, member: &Member, there: bool) {
    let path = format!("/chatbots/{}/collaborators", server.chatbot());
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let seen = async {
        loop {
            looks.tick().await;
            let page: Page<CollaboratorView> = server.owner().client.get(&path).await.ok();
            let one = page.items.into_iter().find(|one| one.id == member.id.to_string()).unwrap();
            if (one.presence != PresenceView::Offline) == there {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("nothing changes");
}

async fn a_device_that_is_gone_leaves_it_to_the_next_one(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let kept = keep_all(&server, &owner, &["tablet", "laptop", "gone"]).await;
    server.push.answers("gone", 410);
    asks(&server).await;
    // At once, and not when the others have their turn.
    assert_eq!(browsers(&server.push.told(1).await), ["laptop"]);
    assert_eq!(devices(&owner).await, [kept[1].clone(), kept[0].clone()], "who is gone is forgotten");
    server.clock.advance(WAIT);
    assert_eq!(browsers(&server.push.told(2).await), ["laptop", "tablet"], "and nobody is told twice");
    server.settled().await;
    assert_eq!(server.push.told(2).await.len(), 2);
    server.stop().await;
}

async fn a_page_that_is_closed_in_time_leaves_it_to_every_device(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    keep_all(&server, &sofia, &["tablet", "phone"]).await;
    keep(&server.owner(), "laptop").await;
    let desk = server.desk(&sofia).await;
    present(&server, &sofia, true).await;
    asks(&server).await;
    // Whoever has no page is told: the first wave was.
    assert_eq!(browsers(&server.push.told(1).await), ["laptop"]);
    drop(desk);
    present(&server, &sofia, false).await;
    server.clock.advance(WAIT);
    let mut told = server.push.told(3).await.split_off(1);
    told.sort_by(|a, b| a.browser.cmp(&b.browser));
    assert_eq!(browsers(&told), ["phone", "tablet"]);
    server.stop().await;
}

async fn a_service_that_is_down_is_tried_again_and_nobody_else_is_told_twice(place: Place) {
    let server = TestServer::on(&place).await;
    let (owner, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    keep_all(&server, &owner, &["laptop", "phone"]).await;
    keep_all(&server, &sofia, &["desktop", "watch"]).await;
    for _ in 0..2 {
        server.push.answers("phone", 503);
    }
    let guest = asks(&server).await;
    // The watch has it; the phone has it at the third try; then the others have their turn, once.
    server.push.called("phone", 1).await;
    server.clock.advance(Duration::from_secs(2));
    server.push.called("phone", 2).await;
    server.clock.advance(Duration::from_secs(4));
    let told = server.push.told(2).await;
    assert_eq!(browsers(&told), ["watch", "phone"]);
    server.clock.advance(Duration::from_secs(4));
    let told = server.push.told(4).await;
    let mut others = browsers(&told[2..]);
    others.sort_unstable();
    assert_eq!(others, ["desktop", "laptop"]);
    assert!(told.iter().all(|one| one.message["conversation"] == guest.conversation.as_str()));
    server.clock.advance(WAIT);
    server.settled().await;
    assert_eq!(["watch", "phone", "desktop", "laptop"].map(|browser| server.push.calls(browser)), [1, 3, 1, 1]);
    server.stop().await;
}

async fn a_service_that_is_down_for_long_is_tried_as_long_as_the_request_is_open(place: Place) {
    // Nothing but the request itself calls.
    let server = with_escalation(&place, |escalation| {
        let waiting = &mut escalation.waiting;
        (waiting.again_after, waiting.team_after, waiting.admins_after, waiting.outside_after) = (0, 0, 0, 0);
    })
    .await;
    let owner = server.owner();
    keep(&owner, "phone").await;
    // Other jobs are given up after eight tries.
    for _ in 0..12 {
        server.push.answers("phone", 503);
    }
    let guest = asks(&server).await;
    let told = in_time(&server, Duration::from_secs(60), server.push.told(1)).await;
    assert_eq!(told[0].message["conversation"], guest.conversation.as_str());
    // Where it is over, nobody is told any more.
    server.settled().await;
    let calls = server.push.calls("phone");
    server.push.answers("phone", 503);
    let guest = asks(&server).await;
    server.push.called("phone", calls + 1).await;
    let dismiss = format!("/conversations/{}/dismiss-request", guest.conversation);
    assert_eq!(owner.client.post_nothing(&dismiss).await.status, 200);
    server.clock.advance(Duration::from_secs(10));
    server.settled().await;
    assert_eq!(server.push.calls("phone"), calls + 1);
    server.stop().await;
}

async fn nobody_waits_for_the_device_of_somebody_else(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    // More than are told at a time, all in the second wave.
    let names: Vec<String> = (0..20).map(|number| format!("device-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    keep_all(&server, &sofia, &names).await;
    asks(&server).await;
    assert_eq!(browsers(&server.push.told(1).await), ["device-19"]);
    server.push.holds("device-18");
    server.clock.advance(WAIT);
    assert!(!browsers(&server.push.told(19).await).contains(&"device-18"), "all but one");
    server.push.lets_go("device-18");
    server.push.told(20).await;
    server.stop().await;
}

async fn who_answers_while_a_message_is_on_its_way_takes_it_back(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    keep(&sofia, "phone").await;
    keep(&server.owner(), "laptop").await;
    server.push.holds("phone");
    let guest = asks(&server).await;
    server.push.called("phone", 1).await;
    server.push.told(1).await;
    let say = json!({"text": "Here I am", "client_id": "one"});
    let messages = format!("/conversations/{}/messages", guest.conversation);
    assert_eq!(server.owner().client.post(&messages, &say).await.status, 200);
    // It is taken back from who has it, although another device has not answered yet.
    let told = server.push.told(2).await;
    assert_eq!((told[1].browser.as_str(), &told[1].message["type"]), ("laptop", &json!("withdraw")));
    // Only then it arrives there.
    server.push.lets_go("phone");
    server.push.called("phone", 2).await;
    server.settled().await;
    let told = server.push.told(4).await;
    let phones = told.iter().filter(|one| one.browser == "phone").map(|one| one.message["type"].as_str().unwrap());
    assert_eq!(phones.collect::<Vec<_>>(), ["alert", "withdraw"]);
    assert!(
        told.iter().filter(|one| one.message["type"] == "withdraw").all(|one| one.message["title"] == "Olga answers")
    );
    server.stop().await;
}

async fn how_long_the_other_devices_wait_is_a_setting(place: Place) {
    let server = with_escalation(&place, |escalation| {
        let waiting = &mut escalation.waiting;
        (waiting.again_after, waiting.team_after, waiting.admins_after, waiting.outside_after) = (0, 0, 0, 0);
        waiting.others_after = 25;
    })
    .await;
    let sofia = server.add("Sofia", Role::Agent).await;
    keep_all(&server, &sofia, &["tablet", "phone"]).await;
    asks(&server).await;
    server.push.told(1).await;
    for _ in 0..24 {
        server.clock.advance(Duration::from_secs(1));
        // The worker has looked.
        server.clock.has_sleeper(Duration::from_secs(1)).await;
    }
    assert_eq!(browsers(&server.push.told(1).await), ["phone"]);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(browsers(&server.push.told(2).await), ["phone", "tablet"]);
    server.settled().await;
    // And 0 is never.
    let chatbot = format!("/chatbots/{}", server.chatbot());
    let change = json!({"escalation": {"waiting": {"others_after": 0}}});
    let saved: Value = server.owner().client.patch(&chatbot, &change).await.ok();
    assert_eq!(saved["escalation"]["waiting"]["others_after"], 0);
    asks(&server).await;
    server.push.told(3).await;
    server.settled().await;
    server.clock.advance(Duration::from_secs(60));
    server.settled().await;
    let told = server.push.told(3).await;
    assert_eq!((told.len(), told[2].browser.as_str()), (3, "phone"));
    server.stop().await;
}

async fn a_device_is_one_s_own_to_forget(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let kept = keep(&owner, "phone").await;
    let path = format!("/push-subscriptions/{}", kept.id);
    let stranger = server.add("Sofia", Role::Agent).await;
    assert_eq!(stranger.client.delete(&path).await.status, 404);
    assert_eq!(owner.client.delete(&path).await.status, 200);
    assert!(devices(&owner).await.is_empty());
    server.stop().await;
}

async fn a_test_says_what_the_push_service_made_of_it(place: Place) {
    let server = TestServer::on(&place).await;
    let (owner, stranger) = (server.owner(), server.add("Sofia", Role::Agent).await);
    let kept = keep(&owner, "phone").await;
    let path = format!("/push-subscriptions/{}/test", kept.id);
    let test = json!({"client_id": "test-1"});
    let tried: PushTest = owner.client.post(&path, &test).await.ok();
    assert_eq!(tried, PushTest { outcome: PushTestOutcome::Accepted, answer: None });
    let told = server.push.told(1).await;
    assert_eq!((told[0].browser.as_str(), &told[0].message["type"]), ("phone", &json!("test")));
    assert_eq!(told[0].message["id"], "test-1", "a page knows its own test by it");
    server.push.answers("phone", 503);
    let tried: PushTest = owner.client.post(&path, &test).await.ok();
    assert_eq!(tried.outcome, PushTestOutcome::Failed);
    assert!(tried.answer.unwrap().contains("503"), "and what it said");
    // It is one's own, and it has a name.
    assert_eq!(stranger.client.post(&path, &test).await.status, 404);
    let nameless = owner.client.post(&path, &json!({"client_id": ""})).await;
    assert_eq!((nameless.said(), nameless.value()["field"].as_str()), ((422, "invalid".into()), Some("client_id")));
    assert_eq!(owner.client.post("/push-subscriptions/nonsense/test", &test).await.status, 404);
    server.push.answers("phone", 410);
    let tried: PushTest = owner.client.post(&path, &test).await.ok();
    assert_eq!(tried, PushTest { outcome: PushTestOutcome::Gone, answer: None });
    assert!(devices(&owner).await.is_empty());
    assert_eq!(owner.client.post(&path, &test).await.status, 404);
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
