//! The queue: what a visitor who waits is told.

use std::time::Duration;

use api::visitor::Queue;
use domain::{hours::OfficeHours, person::Role};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Guest, Member, Options, Place, TestServer},
};

on_both_engines!(
    the_place_moves_up_as_others_are_answered_or_go,
    how_long_others_waited_is_told_where_it_is_honest,
    outside_the_office_hours_it_says_when_somebody_is_there,
);

const SECOND: Duration = Duration::from_secs(1);

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    act(&guest, "request-human").await;
    guest
}

async fn act(guest: &Guest, what: &str) {
    let path = format!("/conversations/{}/{what}", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
}

async fn answers(member: &Member, guest: &Guest) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    member.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok::<Value>();
}

async fn queue(guest: &Guest) -> Queue {
    guest.client.get(&format!("/conversations/{}/queue", guest.conversation)).await.ok()
}

async fn the_place_moves_up_as_others_are_answered_or_go(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guests = [asks(&server).await, asks(&server).await, asks(&server).await, asks(&server).await];
    let places = async || {
        let mut places = Vec::new();
        for guest in &guests {
            places.push(queue(guest).await.place);
        }
        places
    };
    assert_eq!(places().await, [Some(1), Some(2), Some(3), Some(4)]);
    answers(&sofia, &guests[1]).await;
    assert_eq!(places().await, [Some(1), None, Some(2), Some(3)]);
    act(&guests[0], "cancel-request").await;
    assert_eq!(places().await, [None, None, Some(1), Some(2)]);
    // Whoever asks again stands at the end.
    server.clock.advance(SECOND);
    act(&guests[0], "request-human").await;
    assert_eq!(places().await, [Some(3), None, Some(1), Some(2)]);
    // Another chatbot has a queue of its own, and nobody sees that of somebody else.
    let path = format!("/conversations/{}/queue", guests[2].conversation);
    assert_eq!(guests[0].client.get(&path).await.status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn how_long_others_waited_is_told_where_it_is_honest(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    for minutes in 1..=5 {
        let guest = asks(&server).await;
        assert!(queue(&guest).await.wait.is_none(), "{minutes}: too few to tell");
        // The clock of a test goes on by itself, and minutes that have begun count.
        server.clock.advance((minutes * 60 - 20) * SECOND);
        answers(&sofia, &guest).await;
    }
    let guest = asks(&server).await;
    let wait = queue(&guest).await.wait.unwrap();
    assert_eq!((wait.from, wait.to), (3, 4));
    server.clock.advance(240 * SECOND);
    assert!(queue(&guest).await.wait.is_none(), "it is later than what would be said");
    server.clock.advance(25 * 3_600 * SECOND);
    assert!(queue(&asks(&server).await).await.wait.is_none(), "what was yesterday says nothing of today");
    server.stop().await;
}

async fn outside_the_office_hours_it_says_when_somebody_is_there(place: Place) {
    // Tests begin at 8 in the morning in UTC, on a Monday; the office opens at 9.
    let mut options = Options::on(&place);
    options.settings.supervisor.office_hours = Some(OfficeHours::default());
    options.settings.escalation.waiting.follow_office_hours = true;
    let server = TestServer::start(options).await;
    let guest = asks(&server).await;
    let opens = server.baton.clock().now().plus(3_600_000).0;
    let told = queue(&guest).await;
    assert!(told.opens_at.is_some_and(|at| (at - opens).abs() < 60_000), "{told:?}");
    server.clock.advance(3_601 * SECOND);
    assert_eq!(queue(&guest).await.opens_at, None);
    server.stop().await;
}
