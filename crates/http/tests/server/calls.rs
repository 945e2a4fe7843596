//! The record of who was called, and what came of it.

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
    server::{Guest, Member, Place, TestServer},
};

on_both_engines!(
    a_request_tells_who_was_called_and_what_came_of_it,
    whoever_is_not_called_is_told_why,
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
    for outcome in [PageOutcome::Shown, PageOutcome::Played, PageOutcome::Shown] {
        desk.send(&DeskClientFrame::Alerted { id: id.clone(), outcome }).await;
    }
    desk.follow(&guest.conversation, 0).await;
    server.push.told(1).await;
    server.settled().await;
    let calls = calls(&olga, &guest.conversation).await;
    assert_eq!(of(&calls, "Olga"), [(CallWay::Push, CallOutcome::Accepted)]);
    let page = |outcome| (CallWay::Page, outcome);
    let expected = [CallOutcome::Told, CallOutcome::Shown, CallOutcome::Played, CallOutcome::Opened].map(page);
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

async fn what_a_page_says_of_what_it_cannot_see_is_not_noted(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = asks(&server).await;
    let other = server.other_workspace().await;
    let mut desk = server.desk(&other.owner).await;
    let id = format!("{}:1", guest.conversation);
    desk.send(&DeskClientFrame::Alerted { id, outcome: PageOutcome::Shown }).await;
    desk.send(&DeskClientFrame::Alerted { id: "nonsense".into(), outcome: PageOutcome::Shown }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::Problem { .. }).then_some(())).await;
    assert!(calls(&server.owner(), &guest.conversation).await.is_empty());
    let foreign = other.owner.client.get(&format!("/conversations/{}/calls", guest.conversation)).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    server.stop().await;
}
