//! While nobody comes: people are called step by step, the visitor is told, and a live chat that is silent is noticed. Every
//! step comes once, and none when it is over.

use std::time::Duration;

use api::{
    conversations::Control,
    events::{AssistantText, Circle, StaffEvent, StaffEventBody},
    frames::{AlertKind, DeskClientFrame, DeskServerFrame, VisitorServerFrame},
};
use domain::{hours::OfficeHours, person::Role, waiting::Waiting};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::{Answer, WebServer},
    on_both_engines,
    server::{DeskSocket, Guest, Member, Options, Place, TestServer, VisitorSocket},
};

use crate::reading::{control, with_escalation};

on_both_engines!(
    whoever_is_not_heard_is_called_further_and_the_visitor_is_told,
    nothing_is_said_or_called_once_a_person_is_there,
    a_dismissal_that_is_taken_back_goes_on_calling,
    a_silent_live_chat_reminds_then_calls_colleagues_then_waits_again,
    outside_the_office_hours_calling_begins_when_they_do,
    who_is_left_outside_the_office_hours_is_told_so,
    without_an_away_message_only_what_is_always_said_is_said,
    a_live_chat_that_was_quiet_is_watched_again_after_any_change,
    the_steps_go_on_after_a_restart_and_come_once,
    a_webhook_is_told_that_nobody_has_come,
    times_and_texts_are_changed_one_by_one,
);

const SECOND: Duration = Duration::from_secs(1);

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
    guest
}

/// A page of the inbox that hears of news.
async fn inbox(server: &TestServer, member: &Member) -> DeskSocket {
    let mut desk = server.desk(member).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    desk
}

/// What the next alert says behind the visitor's name.
async fn alerted(desk: &mut DeskSocket) -> (AlertKind, String, String) {
    let alert = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some((alert.kind, alert.title.clone(), alert.tag.clone())),
        _ => None,
    };
    let (kind, title, tag) = desk.until(alert).await;
    let said = title.splitn(3, ' ').nth(2).unwrap_or_default().to_owned();
    (kind, said, tag)
}

/// Comes back when the visitor has read this.
async fn reads(page: &mut VisitorSocket, text: &str) {
    let is = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => serde_json::to_value(event).unwrap()["text"] == text,
        _ => false,
    };
    page.until(|frame| is(frame).then_some(())).await;
}

/// The steps in a log, by whom they call or by what they say.
fn steps(log: &[StaffEvent]) -> Vec<String> {
    log.iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::CalledAgain { circle } => Some(format!("{circle:?}")),
            StaffEventBody::AssistantMessage { text, purpose: AssistantText::Waiting, .. } => Some(text.clone()),
            StaffEventBody::Released {} => Some("Released".to_owned()),
            _ => None,
        })
        .collect()
}

async fn until_step(desk: &mut DeskSocket, circle: Circle) {
    let is = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Event { event, .. } => {
            matches!(event.body, StaffEventBody::CalledAgain { circle: called } if called == circle)
        }
        _ => false,
    };
    desk.until(|frame| is(frame).then_some(())).await;
}

async fn whoever_is_not_heard_is_called_further_and_the_visitor_is_told(place: Place) {
    let server = TestServer::on(&place).await;
    let texts = Waiting::default();
    let sofia = server.add("Sofia", Role::Agent).await;
    let (mut olgas, mut sofias) = (inbox(&server, &server.owner()).await, inbox(&server, &sofia).await);
    let guest = asks(&server).await;
    let mut page = server.page(&guest).await;
    let (_, first, tag) = alerted(&mut sofias).await;
    assert_eq!(first, "asks for a person");
    let again = (AlertKind::HumanRequested, "still waits for a person".to_owned(), tag.clone());
    server.clock.advance(31 * SECOND);
    assert_eq!(alerted(&mut sofias).await, again, "it stands where the first call stood");
    server.clock.advance(30 * SECOND);
    reads(&mut page, &texts.first_text).await;
    server.clock.advance(30 * SECOND);
    assert_eq!(alerted(&mut sofias).await, again);
    for _ in 0..3 {
        alerted(&mut olgas).await;
    }
    server.clock.advance(90 * SECOND);
    let admins = (AlertKind::HumanRequested, "waits, and nobody has come".to_owned(), tag);
    assert_eq!(alerted(&mut olgas).await, admins);
    server.clock.advance(60 * SECOND);
    reads(&mut page, &texts.second_text).await;
    server.clock.advance(360 * SECOND);
    reads(&mut page, &texts.nobody_text).await;
    // However long it lasts, that is all.
    server.clock.advance(24 * 3_600 * SECOND);
    server.settled().await;
    let log = server.log(&guest.conversation).await;
    let expected = ["Called", &texts.first_text, "Team", "Admins", "Outside", &texts.second_text, &texts.nobody_text];
    assert_eq!(steps(&log), expected);
    assert_eq!(control(&server, &guest).await, Control::Requested, "the request stays open");
    server.stop().await;
}

async fn nothing_is_said_or_called_once_a_person_is_there(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = asks(&server).await;
    let mut page = server.page(&guest).await;
    server.clock.advance(61 * SECOND);
    reads(&mut page, &Waiting::default().first_text).await;
    let say = json!({"text": "Here I am", "client_id": "one"});
    let path = format!("/conversations/{}/messages", guest.conversation);
    server.owner().client.post(&path, &say).await.ok::<Value>();
    let before = steps(&server.log(&guest.conversation).await);
    assert_eq!(before.len(), 2, "{before:?}");
    server.clock.advance(3_600 * SECOND);
    // A new request begins at its first step, and the timer of the old one takes none of it.
    let end = format!("/conversations/{}/end-live-chat", guest.conversation);
    server.owner().client.post_nothing(&end).await.ok::<Value>();
    let again = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&again).await.status, StatusCode::OK);
    let mut desk = server.desk_at(&server.owner(), &guest.conversation).await;
    server.clock.advance(31 * SECOND);
    until_step(&mut desk, Circle::Called).await;
    until_step(&mut desk, Circle::Called).await;
    assert_eq!(steps(&server.log(&guest.conversation).await)[2..], ["Called"]);
    server.stop().await;
}

async fn a_dismissal_that_is_taken_back_goes_on_calling(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = asks(&server).await;
    let mut desk = server.desk_at(&server.owner(), &guest.conversation).await;
    server.clock.advance(31 * SECOND);
    until_step(&mut desk, Circle::Called).await;
    let act = |what: &str| format!("/conversations/{}/{what}", guest.conversation);
    server.owner().client.post_nothing(&act("dismiss-request")).await.ok::<Value>();
    server.clock.advance(30 * SECOND);
    server.owner().client.post_nothing(&act("undo-dismiss")).await.ok::<Value>();
    server.clock.advance(40 * SECOND);
    until_step(&mut desk, Circle::Team).await;
    let texts = Waiting::default();
    assert_eq!(steps(&server.log(&guest.conversation).await), ["Called", &texts.first_text, "Team"]);
    server.stop().await;
}

async fn a_silent_live_chat_reminds_then_calls_colleagues_then_waits_again(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.waiting.release_after = 900).await;
    let (sofia, ada) = (server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await);
    let (mut sofias, mut adas) = (inbox(&server, &sofia).await, inbox(&server, &ada).await);
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    let path = format!("/conversations/{}/messages", guest.conversation);
    sofia.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok::<Value>();
    // Longer than any step: nobody waits.
    server.clock.advance(600 * SECOND);
    page.says(&guest.conversation, "My lamp is broken").await.unwrap();
    assert_eq!(alerted(&mut sofias).await.0, AlertKind::LiveMessage);
    server.clock.advance(100 * SECOND);
    page.says(&guest.conversation, "Are you there?").await.unwrap();
    alerted(&mut sofias).await;
    server.clock.advance(21 * SECOND);
    let (kind, said, _) = alerted(&mut sofias).await;
    assert_eq!((kind, said.as_str()), (AlertKind::SilentChat, "waits for your answer"));
    server.clock.advance(180 * SECOND);
    assert_eq!(alerted(&mut adas).await.1, "waits in a live chat, and nobody answers");
    server.clock.advance(600 * SECOND);
    assert_eq!(alerted(&mut adas).await.1, "asks for a person");
    let log = server.log(&guest.conversation).await;
    assert_eq!(steps(&log), ["Participants", "Colleagues", "Released"]);
    assert_eq!(control(&server, &guest).await, Control::Requested);
    server.stop().await;
}

async fn outside_the_office_hours_calling_begins_when_they_do(place: Place) {
    // Tests begin at 8 in the morning in UTC, on a Monday; the office opens at 9.
    let mut options = Options::on(&place);
    options.settings.supervisor.office_hours = Some(OfficeHours::default());
    options.settings.escalation.waiting.follow_office_hours = true;
    let server = TestServer::start(options).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let texts = Waiting::default();
    let (mut sofias, guest) = (inbox(&server, &sofia).await, asks(&server).await);
    let mut page = server.page(&guest).await;
    reads(&mut page, &texts.away_text).await;
    let mut desk = server.desk_at(&server.owner(), &guest.conversation).await;
    server.clock.advance(3_540 * SECOND);
    server.settled().await;
    assert!(steps(&server.log(&guest.conversation).await).is_empty(), "nobody is looked for before");
    server.clock.advance(60 * SECOND);
    until_step(&mut desk, Circle::Called).await;
    assert_eq!(alerted(&mut sofias).await.1, "still waits for a person", "the first call of all");
    assert!(!sofias.seen.iter().any(|frame| matches!(frame, DeskServerFrame::Alert(alert) if alert.id == alert.tag)));
    server.clock.advance(31 * SECOND);
    until_step(&mut desk, Circle::Called).await;
    // Who asks now is told what is always told.
    let second = asks(&server).await;
    let log = server.visitor_log(&second).await;
    let said = serde_json::to_value(&log).unwrap().to_string();
    assert!(!said.contains(&texts.away_text) && said.contains("called a colleague"), "{said}");
    server.stop().await;
}

async fn who_is_left_outside_the_office_hours_is_told_so(place: Place) {
    let mut options = Options::on(&place);
    options.settings.supervisor.office_hours = Some(OfficeHours::default());
    options.settings.escalation.waiting.follow_office_hours = true;
    let server = TestServer::start(options).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    let path = format!("/conversations/{}/messages", guest.conversation);
    sofia.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok::<Value>();
    // Whoever was there does not belong to the team any more, and nobody else is there before the office opens.
    let off = json!({"active": false});
    server.owner().client.patch(&format!("/people/{}", sofia.id), &off).await.ok::<Value>();
    reads(&mut page, &Waiting::default().away_text).await;
    assert_eq!(control(&server, &guest).await, Control::Requested);
    let queue: api::visitor::Queue =
        guest.client.get(&format!("/conversations/{}/queue", guest.conversation)).await.ok();
    assert!(queue.opens_at.is_some());
    server.stop().await;
}

async fn without_an_away_message_only_what_is_always_said_is_said(place: Place) {
    let mut options = Options::on(&place);
    options.settings.supervisor.office_hours = Some(OfficeHours::default());
    options.settings.escalation.waiting.follow_office_hours = true;
    options.settings.escalation.waiting.away_text = String::new();
    let server = TestServer::start(options).await;
    let guest = asks(&server).await;
    let said = serde_json::to_value(server.visitor_log(&guest).await).unwrap().to_string();
    assert!(said.contains("called a colleague"), "{said}");
    server.stop().await;
}

async fn a_live_chat_that_was_quiet_is_watched_again_after_any_change(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let (mut page, mut sofias) = (server.page(&guest).await, inbox(&server, &sofia).await);
    let path = format!("/conversations/{}/messages", guest.conversation);
    let said: Value = sofia.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok();
    // Long after the timer has given up somebody mends a word, and then the visitor writes.
    server.clock.advance(2 * 3_600 * SECOND);
    server.settled().await;
    let edit = json!({"text": "Here I am!"});
    let at = format!("{path}/{}", said["events"].as_array().unwrap().last().unwrap()["seq"]);
    sofia.client.patch(&at, &edit).await.ok::<Value>();
    server.clock.advance(600 * SECOND);
    page.says(&guest.conversation, "Are you there?").await.unwrap();
    assert_eq!(alerted(&mut sofias).await.0, AlertKind::LiveMessage);
    server.clock.advance(121 * SECOND);
    assert_eq!(alerted(&mut sofias).await.0, AlertKind::SilentChat);
    server.stop().await;
}

async fn the_steps_go_on_after_a_restart_and_come_once(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = asks(&server).await;
    let mut desk = server.desk_at(&server.owner(), &guest.conversation).await;
    server.clock.advance(31 * SECOND);
    until_step(&mut desk, Circle::Called).await;
    server.kill().await;
    // Its clock begins anew; whoever held the job before is waited for where others might hold it.
    let server = TestServer::on(&place).await;
    let mut page = VisitorSocket::open(server.address, &guest.token).await;
    page.follow(&guest.conversation, 1).await;
    let texts = Waiting::default();
    server.clock.advance(61 * SECOND);
    reads(&mut page, &texts.first_text).await;
    server.clock.advance(180 * SECOND);
    reads(&mut page, &texts.second_text).await;
    let seen: Vec<Value> = page.seen.iter().map(|frame| serde_json::to_value(frame).unwrap()).collect();
    for text in [&texts.first_text, &texts.second_text] {
        assert_eq!(seen.iter().filter(|frame| frame["event"]["text"] == text.as_str()).count(), 1, "{text}");
    }
    server.stop().await;
}

async fn a_webhook_is_told_that_nobody_has_come(place: Place) {
    let openings = domain::outside::Openings::read(["127.0.0.1"]).unwrap();
    let server = TestServer::start(Options { openings, ..Options::on(&place) }).await;
    let receiver = WebServer::start().await;
    receiver.always(Answer::of(200, "text/plain", "ok"));
    let slack = WebServer::start().await;
    slack.always(Answer::of(200, "text/plain", "ok"));
    let owner = server.owner().client;
    let hook = json!({"name": "CRM", "url": receiver.url("/"), "events": ["human.waiting"]});
    assert_eq!(owner.post("/webhooks", &hook).await.status, StatusCode::CREATED);
    let channel = json!({"kind": "slack", "name": "Team", "url": slack.url("/x")});
    assert_eq!(owner.post("/webhooks", &channel).await.status, StatusCode::CREATED);
    let guest = asks(&server).await;
    let mut page = server.page(&guest).await;
    server.clock.advance(241 * SECOND);
    reads(&mut page, &Waiting::default().second_text).await;
    let told: Value = serde_json::from_str(&receiver.request(0).await.body).unwrap();
    assert_eq!((&told["type"], &told["data"]["request"]["reason"]), (&json!("human.waiting"), &json!("button")));
    assert_eq!(told["data"]["conversation"]["id"], guest.conversation.as_str());
    assert!(slack.request(1).await.body.contains("still waits for a person"));
    server.settled().await;
    assert_eq!((receiver.requests().len(), slack.requests().len()), (1, 2));
    server.stop().await;
}

async fn times_and_texts_are_changed_one_by_one(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let path = format!("/chatbots/{}", server.chatbot());
    let change = |waiting: Value| json!({"escalation": {"waiting": waiting}});
    let known: Value = owner.get(&path).await.ok();
    assert_eq!(known["escalation"]["waiting"]["nobody_after"], 600);
    let saved: Value = owner.patch(&path, &change(json!({"team_after": 45, "first_text": " Soon. "}))).await.ok();
    let waiting = &saved["escalation"]["waiting"];
    assert_eq!((&waiting["team_after"], &waiting["first_text"]), (&json!(45), &json!("Soon.")));
    assert_eq!(waiting["admins_after"], known["escalation"]["waiting"]["admins_after"]);
    for (wrong, field) in [
        (json!({"team_after": 9}), "escalation.waiting.team_after"),
        (json!({"release_after": 86_401}), "escalation.waiting.release_after"),
        (json!({"away_text": "x".repeat(1_001)}), "escalation.waiting.away_text"),
    ] {
        let answer = owner.patch(&path, &change(wrong)).await;
        assert_eq!((answer.said(), answer.value()["field"].as_str()), ((422, "invalid".into()), Some(field)));
    }
    assert_eq!(owner.patch(&path, &change(json!({"soon": 1}))).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    server.stop().await;
}
