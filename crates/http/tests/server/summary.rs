//! The daily summary: once a day for whoever wants it, whatever happens to the server meanwhile.

use std::time::Duration;

use domain::{hours::OfficeHours, person::Role};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::MailServer,
    on_both_engines,
    server::{As, Guest, Member, Options, PATIENCE, Place, TestServer},
};

on_both_engines!(
    who_wants_it_is_mailed_what_became_of_yesterday,
    eight_is_by_the_clock_of_the_office,
    a_restart_and_a_mail_server_that_is_down_lose_no_summary,
    a_summary_that_is_refused_is_not_sent_again_before_the_next_morning,
    who_does_not_want_it_any_more_gets_none,
);

/// Tests begin at 8 in the morning in UTC, on Monday, 5 January 2026.
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn options(place: &Place, mail: &MailServer) -> Options {
    Options { mail: Some(mail.clone()), ..Options::on(place) }
}

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
    guest
}

async fn wants(member: &Member, summary: bool) {
    let body = json!({"browser": true, "push": true, "email": false, "summary": summary});
    assert_eq!(member.client.put("/me/calling", &body).await.ok::<Value>()["summary"], summary);
}

async fn who_wants_it_is_mailed_what_became_of_yesterday(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(options(&place, &mail)).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    wants(&sofia, true).await;
    let answered = asks(&server).await;
    server.clock.advance(Duration::from_secs(90));
    let path = format!("/conversations/{}/messages", answered.conversation);
    olga.client.post(&path, &json!({"text": "Hello", "client_id": "1"})).await.ok::<Value>();
    let missed = asks(&server).await;
    let path = format!("/conversations/{}/resolve", missed.conversation);
    assert_eq!(olga.client.post_nothing(&path).await.status, StatusCode::OK);
    server.clock.advance(DAY);
    let received = mail.mail(0).await;
    assert_eq!(received.to, Member::email("Sofia"), "nobody else wants it");
    assert_eq!(received.header("subject"), Some("Yesterday: 2 requests, 1 missed"));
    for words in [
        "this was 2026-01-05 (UTC)",
        "2 requests for a person. 1 answered, half of them within 1 min 30 s; 1 answered by nobody.",
        "Assistant: resolved without an answer",
        &format!("{}/inbox/{}", server.public_url, missed.conversation),
        &format!("{}/chatbots/{}/analytics?from", server.public_url, server.chatbot()),
    ] {
        // Long lines are folded on the way.
        assert!(received.data.replace("=\r\n", "").replace("=3D", "=").contains(words), "{words}: {}", received.data);
    }
    // The next day nothing happens, and that is said.
    server.settled().await;
    server.clock.advance(DAY);
    assert_eq!(mail.mail(1).await.header("subject"), Some("Yesterday nobody asked for a person"));
    server.stop().await;
    assert_eq!(mail.count(), 2);
}

async fn eight_is_by_the_clock_of_the_office(place: Place) {
    let mail = MailServer::start().await;
    let mut options = options(&place, &mail);
    let office = OfficeHours { time_zone: "America/New_York".into(), ..OfficeHours::default() };
    options.settings.supervisor.office_hours = Some(office);
    let server = TestServer::start(options).await;
    wants(&server.owner(), true).await;
    // It is three in the morning there: at eight there it is one in the afternoon.
    server.clock.advance(4 * HOUR);
    server.clock.has_sleeper(Duration::from_secs(1)).await;
    assert_eq!(mail.count(), 0);
    server.clock.advance(HOUR);
    let received = mail.mail(0).await;
    assert!(received.data.contains("this was 2026-01-04 (America/New_York)"), "{}", received.data);
    server.stop().await;
}

async fn a_restart_and_a_mail_server_that_is_down_lose_no_summary(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(options(&place, &mail)).await;
    let (id, key, chatbot) = (server.owner().id, server.owner().key, server.chatbot());
    wants(&server.owner(), true).await;
    wants(&server.owner(), true).await;
    server.kill().await;
    // Two nodes where there may be two: the job is one.
    let server = TestServer::start(options(&place, &mail)).await;
    let second = if place.is_sole() { None } else { Some(TestServer::start(options(&place, &mail)).await) };
    mail.puts_off(2);
    for node in second.iter().chain([&server]) {
        node.clock.advance(DAY);
    }
    // Tried again with a pause, and again.
    while mail.count() == 0 {
        for node in second.iter().chain([&server]) {
            node.clock.has_sleeper(Duration::from_secs(1)).await;
            node.settled().await;
            node.clock.advance(Duration::from_secs(150));
        }
    }
    let received = mail.mail(0).await;
    server.settled().await;
    assert_eq!(received.to, Member::email("Olga"));
    let client = server.client().is(As::Bearer(key));
    let told = client.get(&format!("/chatbots/{chatbot}/analytics")).await;
    assert_eq!(told.status, StatusCode::OK, "{id}: {}", told.text());
    for node in second.iter().chain([&server]) {
        node.clock.advance(DAY);
    }
    let next = mail.mail(1).await;
    assert_ne!(received.header("message-id"), next.header("message-id"), "another day is another mail");
    for node in second.into_iter().chain([server]) {
        node.stop().await;
    }
    assert_eq!(mail.count(), 2);
}

async fn a_summary_that_is_refused_is_not_sent_again_before_the_next_morning(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(options(&place, &mail)).await;
    wants(&server.owner(), true).await;
    mail.refuses(1);
    server.clock.advance(DAY);
    let refused = async {
        while mail.still_not_taken() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.expect("nothing was sent");
    server.settled().await;
    for _ in 0..20 {
        server.clock.advance(Duration::from_secs(600));
        server.clock.has_sleeper(Duration::from_secs(1)).await;
    }
    server.settled().await;
    assert_eq!(mail.count(), 0);
    server.clock.advance(DAY);
    assert!(mail.mail(0).await.data.contains("this was 2026-01-06"));
    server.stop().await;
}

async fn who_does_not_want_it_any_more_gets_none(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(options(&place, &mail)).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    wants(&olga, true).await;
    wants(&sofia, true).await;
    wants(&olga, false).await;
    server.clock.advance(DAY);
    assert_eq!(mail.mail(0).await.to, Member::email("Sofia"));
    server.settled().await;
    wants(&sofia, false).await;
    server.clock.advance(DAY);
    // The worker has looked.
    server.clock.has_sleeper(Duration::from_secs(1)).await;
    server.settled().await;
    assert_eq!(mail.count(), 1);
    server.stop().await;
}
