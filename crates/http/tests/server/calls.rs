//! The record of who was called, and what came of it.

use std::time::Duration;

use api::{
    calls::{CallOutcome, CallView, CallWay},
    common::Page,
    frames::{DeskClientFrame, DeskServerFrame, PageOutcome},
};
use domain::person::Role;
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::PushService,
    on_both_engines,
    server::{DeskSocket, Guest, Member, Place, TestServer},
};

on_both_engines!(
    a_request_tells_who_was_called_and_what_came_of_it,
    whoever_is_not_called_is_told_why,
    whoever_has_no_way_to_be_called_is_noted,
    what_is_written_in_a_live_chat_is_no_call,
    what_a_page_says_of_what_it_cannot_see_is_not_noted,
);

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
    guest
}

async fn has_device(member: &Member, browser: &str) {
    let answer = member.client.post("/push-subscriptions", &PushService::browser(browser)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

async fn calls(member: &Member, conversation: &str) -> Vec<CallView> {
    member.client.get(&format!("/conversations/{conversation}/calls")).await.ok::<Page<CallView>>().items
}

fn of(calls: &[CallView], name: &str) -> Vec<(CallWay, CallOutcome)> {
    calls.iter().filter(|call| call.person.name == name).map(|call| (call.way, call.outcome)).collect()
}

/// Everything that a page has said so far was heard: frames are taken in turn, and this one is answered.
async fn heard(desk: &mut DeskSocket) {
    desk.send(&DeskClientFrame::Alerted { id: "nonsense".into(), outcome: PageOutcome::Shown }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::Problem { .. }).then_some(())).await;
}

/// The calls of a conversation, once there is anything of this person among them.
async fn until_noted(member: &Member, conversation: &str, name: &str) -> Vec<CallView> {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let noted = async {
        loop {
            looks.tick().await;
            let calls = calls(member, conversation).await;
            if !of(&calls, name).is_empty() {
                return calls;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), noted).await.expect("nothing is noted")
}

async fn a_request_tells_who_was_called_and_what_came_of_it(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    has_device(&olga, "olga").await;
    let mut desk = server.desk(&sofia).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    let guest = asks(&server).await;
    let alert = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some(alert.id.clone()),
        _ => None,
    };
    let id = desk.until(alert).await;
    for outcome in [PageOutcome::Shown, PageOutcome::Played, PageOutcome::Muted, PageOutcome::Shown] {
        desk.send(&DeskClientFrame::Alerted { id: id.clone(), outcome }).await;
    }
    desk.follow(&guest.conversation, 0).await;
    // Following alone, as a page in the background does, is no proof that anybody saw it.
    let followed = calls(&olga, &guest.conversation).await;
    assert!(!of(&followed, "Sofia").contains(&(CallWay::Page, CallOutcome::Opened)));
    desk.send(&DeskClientFrame::Viewing { conversation: guest.conversation.clone(), on: true }).await;
    heard(&mut desk).await;
    server.push.told(1).await;
    server.settled().await;
    let calls = calls(&olga, &guest.conversation).await;
    assert_eq!(of(&calls, "Olga"), [(CallWay::Push, CallOutcome::Accepted)]);
    let page = |outcome| (CallWay::Page, outcome);
    let outcomes =
        [CallOutcome::Told, CallOutcome::Shown, CallOutcome::Played, CallOutcome::Muted, CallOutcome::Opened];
    let expected = outcomes.map(page);
    let mut sofias = of(&calls, "Sofia");
    sofias.sort_by_key(|one| expected.iter().position(|other| other == one));
    assert_eq!(sofias, expected, "each once");
    server.stop().await;
}

async fn whoever_is_not_called_is_told_why(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    has_device(&olga, "olga").await;
    has_device(&sofia, "sofia").await;
    let until = server.baton.clock().now().plus(3_600_000).0;
    let wanted = json!({"browser": true, "push": true, "email": false, "undisturbed_until": until});
    sofia.client.put("/me/calling", &wanted).await.ok::<Value>();
    let guest = asks(&server).await;
    server.push.told(1).await;
    server.settled().await;
    let calls = calls(&olga, &guest.conversation).await;
    assert_eq!(of(&calls, "Olga"), [(CallWay::Push, CallOutcome::Accepted)]);
    assert_eq!(of(&calls, "Sofia"), [(CallWay::Push, CallOutcome::Undisturbed)]);
    server.stop().await;
}

async fn whoever_has_no_way_to_be_called_is_noted(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    server.add("Victor", Role::Viewer).await;
    has_device(&olga, "olga").await;
    let until = server.baton.clock().now().plus(3_600_000).0;
    let wanted = json!({"browser": true, "push": true, "email": false, "undisturbed_until": until});
    let undisturbed = server.add("Udo", Role::Agent).await;
    undisturbed.client.put("/me/calling", &wanted).await.ok::<Value>();
    let guest = asks(&server).await;
    server.push.told(1).await;
    server.settled().await;
    server.clock.advance(Duration::from_secs(11));
    let calls = until_noted(&sofia, &guest.conversation, "Sofia").await;
    assert_eq!(of(&calls, "Sofia"), [(CallWay::Page, CallOutcome::NoWay)]);
    assert_eq!(of(&calls, "Udo"), [(CallWay::Page, CallOutcome::Undisturbed)]);
    assert_eq!(of(&calls, "Olga"), [(CallWay::Push, CallOutcome::Accepted)], "who was reached is not missed");
    assert_eq!(of(&calls, "Victor"), [], "a viewer is not called");
    server.stop().await;
}

async fn what_is_written_in_a_live_chat_is_no_call(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut desk = server.desk(&sofia).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    let guest = server.guest().await;
    let path = format!("/conversations/{}/messages", guest.conversation);
    sofia.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok::<Value>();
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "My lamp is broken").await.unwrap();
    desk.until(|frame| matches!(frame, DeskServerFrame::Alert(_)).then_some(())).await;
    assert!(calls(&sofia, &guest.conversation).await.is_empty());
    server.stop().await;
}

async fn what_a_page_says_of_what_it_cannot_see_is_not_noted(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = asks(&server).await;
    let other = server.other_workspace().await;
    let mut desk = server.desk(&other.owner).await;
    let id = format!("{}:1", guest.conversation);
    desk.send(&DeskClientFrame::Alerted { id, outcome: PageOutcome::Shown }).await;
    desk.send(&DeskClientFrame::Alerted { id: "nonsense".into(), outcome: PageOutcome::Shown }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::Problem { .. }).then_some(())).await;
    // Nor what one's own page says of what never happened.
    let mut own = server.desk(&server.owner()).await;
    for seq in ["0", "-1", "99", "9223372036854775807"] {
        let id = format!("{}:{seq}", guest.conversation);
        own.send(&DeskClientFrame::Alerted { id, outcome: PageOutcome::Shown }).await;
        own.until(|frame| matches!(frame, DeskServerFrame::Problem { .. }).then_some(())).await;
    }
    assert!(calls(&server.owner(), &guest.conversation).await.is_empty());
    let foreign = other.owner.client.get(&format!("/conversations/{}/calls", guest.conversation)).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    server.stop().await;
}
