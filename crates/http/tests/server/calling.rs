//! How people want to be called: every way of calling respects it, at that very moment.

use std::time::Duration;

use api::{
    account::{CallingView, QuietHours, SilentWhy},
    calls::{CallOutcome, CallView, CallWay},
    common::Page,
    frames::{DeskClientFrame, DeskServerFrame},
};
use domain::person::Role;
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::{MailServer, PushService},
    on_both_engines,
    server::{DeskSocket, Guest, Member, Options, Place, TestServer},
};

on_both_engines!(
    nothing_changes_until_somebody_asks_for_it,
    an_open_page_is_quiet_in_quiet_hours_and_loud_after_them,
    the_device_that_was_used_last_tells_and_the_others_of_that_person_wait,
    devices_are_not_told_of_what_their_person_does_not_want_to_hear,
    a_request_that_nobody_took_is_mailed_once_to_whoever_wants_it,
    a_mail_server_that_is_away_for_long_is_asked_as_long_as_the_request_is_open,
    a_mail_that_is_refused_is_not_sent_again,
    whoever_is_given_something_is_mailed_when_they_do_not_look,
    what_makes_no_sense_is_refused,
);

/// Tests begin at 8 in the morning in UTC, on a Monday.
const MINUTE: Duration = Duration::from_secs(60);

fn quiet(from: u16, to: u16) -> Value {
    json!({"time_zone": "UTC", "from": from * 60, "to": to * 60, "days": [true, true, true, true, true, true, true]})
}

fn calling(change: Value) -> Value {
    let mut body = json!({"browser": true, "push": true, "email": false});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

async fn wants(member: &Member, change: Value) -> CallingView {
    member.client.put("/me/calling", &calling(change)).await.ok()
}

async fn one_request(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
    guest
}

async fn has_device(member: &Member, browser: &str) {
    let answer = member.client.post("/push-subscriptions", &PushService::browser(browser)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

/// A page of the inbox that hears of news.
async fn inbox(server: &TestServer, member: &Member) -> DeskSocket {
    let mut desk = server.desk(member).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    desk
}

/// The conversation of the next alert that a page gets.
async fn alerted(desk: &mut DeskSocket) -> String {
    let alert = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some(alert.conversation.clone()),
        _ => None,
    };
    desk.until(alert).await
}

async fn nothing_changes_until_somebody_asks_for_it(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    let first: CallingView = olga.client.get("/me/calling").await.ok();
    assert!(first.browser && first.push && !first.email && !first.sends_mail);
    assert_eq!((first.quiet, first.undisturbed_until, first.silent), (None, None, None));
    let saved = wants(&olga, json!({"push": false, "quiet": quiet(22, 7)})).await;
    let night = QuietHours { time_zone: "UTC".into(), from: 22 * 60, to: 7 * 60, days: [true; 7] };
    assert_eq!((saved.push, saved.quiet, saved.silent), (false, Some(night.clone()), None));
    let again: CallingView = olga.client.get("/me/calling").await.ok();
    assert_eq!((again.push, again.quiet), (false, Some(night)));
    // It is one's own.
    let sofia = server.add("Sofia", Role::Agent).await;
    assert!(sofia.client.get("/me/calling").await.ok::<CallingView>().push);
    server.stop().await;
}

async fn an_open_page_is_quiet_in_quiet_hours_and_loud_after_them(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    let sofia = server.add("Sofia", Role::Agent).await;
    let (hers, mut colleagues) = (inbox(&server, &olga).await, inbox(&server, &sofia).await);
    let now = wants(&olga, json!({"quiet": quiet(7, 9)})).await;
    assert_eq!(now.silent, Some(SilentWhy::Quiet));
    let first = one_request(&server).await;
    assert_eq!(alerted(&mut colleagues).await, first.conversation, "nobody else is kept from hearing");
    assert!(!hers.seen.iter().any(|frame| matches!(frame, DeskServerFrame::Alert(_))));
    drop(hers);
    // An hour later it is nine o'clock.
    server.clock.advance(61 * MINUTE);
    let mut hers = inbox(&server, &olga).await;
    let second = one_request(&server).await;
    // By now she is called; for the first one, too, where its next step comes before.
    while alerted(&mut hers).await != second.conversation {}
    // Not to be disturbed, for two hours.
    let until = server.baton.clock().now().plus(2 * 3_600_000).0;
    let now = wants(&olga, json!({"undisturbed_until": until})).await;
    assert_eq!(now.silent, Some(SilentWhy::Undisturbed));
    one_request(&server).await;
    server.clock.advance(121 * MINUTE);
    let mut hers = inbox(&server, &olga).await;
    let last = one_request(&server).await;
    assert_eq!(alerted(&mut hers).await, last.conversation);
    // And not by a page at all.
    wants(&olga, json!({"browser": false})).await;
    one_request(&server).await;
    wants(&olga, json!({})).await;
    let heard = one_request(&server).await;
    assert_eq!(alerted(&mut hers).await, heard.conversation);
    server.stop().await;
}

/// A page of the inbox in a browser of its own.
async fn browser(server: &TestServer, name: &str) -> DeskSocket {
    let session = server.sign_in(name).await;
    let mut desk = DeskSocket::open(server.address, session.caller(), Some(&server.public_url)).await.unwrap();
    follows(&mut desk).await;
    desk
}

async fn follows(desk: &mut DeskSocket) {
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
}

/// How long a page waits before it tells of the next alert, in seconds.
async fn after(desk: &mut DeskSocket) -> Option<u64> {
    let alert = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some(alert.after_s),
        _ => None,
    };
    desk.until(alert).await
}

async fn the_device_that_was_used_last_tells_and_the_others_of_that_person_wait(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let (mut laptop, mut phone) = (browser(&server, "Sofia").await, browser(&server, "Sofia").await);
    // Nobody looks at a program.
    let mut program = inbox(&server, &sofia).await;
    let mut colleague = inbox(&server, &server.owner()).await;
    one_request(&server).await;
    assert_eq!([after(&mut laptop).await, after(&mut phone).await], [Some(10), None]);
    assert_eq!([after(&mut program).await, after(&mut colleague).await], [None, None]);
    // She goes on at the laptop. Frames are taken in turn: when the next one is answered, this one was heard.
    laptop.send(&DeskClientFrame::Presence { away: false }).await;
    follows(&mut laptop).await;
    one_request(&server).await;
    assert_eq!([after(&mut laptop).await, after(&mut phone).await], [None, Some(10)]);
    // Nobody sits there any more.
    laptop.send(&DeskClientFrame::Presence { away: true }).await;
    follows(&mut laptop).await;
    one_request(&server).await;
    assert_eq!([after(&mut laptop).await, after(&mut phone).await], [Some(10), None]);
    server.stop().await;
}

async fn devices_are_not_told_of_what_their_person_does_not_want_to_hear(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia, ada) =
        (server.owner(), server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Admin).await);
    has_device(&olga, "olga").await;
    has_device(&sofia, "sofia").await;
    has_device(&ada, "ada").await;
    wants(&olga, json!({"push": false})).await;
    wants(&ada, json!({"quiet": quiet(7, 9)})).await;
    one_request(&server).await;
    server.settled().await;
    let told: Vec<String> = server.push.told(1).await.into_iter().map(|one| one.browser).collect();
    assert_eq!(told, ["sofia"]);
    // A page that may not tell is no first device.
    wants(&sofia, json!({"browser": false})).await;
    let _open = server.desk(&sofia).await;
    one_request(&server).await;
    server.settled().await;
    let told: Vec<String> = server.push.told(2).await.into_iter().map(|one| one.browser).collect();
    assert_eq!(told, ["sofia", "sofia"]);
    server.stop().await;
}

async fn a_request_that_nobody_took_is_mailed_once_to_whoever_wants_it(place: Place) {
    let mail = MailServer::start().await;
    let options = Options { mail: Some(mail.clone()), ..Options::on(&place) };
    let server = TestServer::start(options).await;
    let (olga, sofia, vera) =
        (server.owner(), server.add("Sofia", Role::Agent).await, server.add("Vera", Role::Viewer).await);
    assert!(wants(&olga, json!({"email": true})).await.sends_mail);
    wants(&sofia, json!({"email": true, "quiet": quiet(7, 9)})).await;
    wants(&vera, json!({"email": true})).await;
    // Somebody comes within the minute: nobody is mailed.
    let taken = one_request(&server).await;
    let path = format!("/conversations/{}/take-over", taken.conversation);
    assert_eq!(sofia.client.post_nothing(&path).await.status, StatusCode::OK);
    server.clock.advance(2 * MINUTE);
    server.settled().await;
    assert_eq!(mail.count(), 0);
    // Nobody comes: of those who want mails, who may answer and is not asleep gets one. The first try is put off.
    mail.puts_off(1);
    let waiting = server.guest().await;
    let messages = format!("/conversations/{}/messages", waiting.conversation);
    let say = json!({"text": "My lamp is broken\nBcc: everybody@example.com", "client_id": "one"});
    waiting.client.post(&messages, &say).await.ok::<Value>();
    let path = format!("/conversations/{}/request-human", waiting.conversation);
    assert_eq!(waiting.client.post_nothing(&path).await.status, StatusCode::OK);
    server.clock.advance(MINUTE);
    in_time_of(Duration::from_millis(500), &server, async {
        while mail.still_not_taken() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let received = in_time_of(Duration::from_millis(500), &server, mail.mail(0)).await;
    assert_eq!(received.to, Member::email("Olga"));
    assert!(received.header("subject").unwrap().ends_with("asks for a person"), "{received:?}");
    assert!(received.data.contains(&format!("{}/inbox/{}", server.public_url, waiting.conversation)));
    assert!(received.data.contains("> My lamp is broken"), "{}", received.data);
    assert!(!received.data.contains("\nBcc: everybody"), "{}", received.data);
    server.settled().await;
    // Everybody is called, and the admins: whoever was mailed is not mailed again.
    for _ in 0..4 {
        server.clock.advance(MINUTE);
        server.clock.has_sleeper(Duration::from_secs(1)).await;
        server.settled().await;
    }
    assert_eq!(mail.count(), 1);
    server.stop().await;
}

/// Lets time go on, by the minute, until something comes.
async fn in_time<T>(server: &TestServer, comes: impl Future<Output = T>) -> T {
    in_time_of(MINUTE, server, comes).await
}

async fn in_time_of<T>(step: Duration, server: &TestServer, comes: impl Future<Output = T>) -> T {
    let time = async {
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        loop {
            looks.tick().await;
            server.clock.advance(step);
        }
    };
    tokio::select! { came = comes => came, () = time => unreachable!() }
}

async fn a_mail_server_that_is_away_for_long_is_asked_as_long_as_the_request_is_open(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..Options::on(&place) }).await;
    wants(&server.owner(), json!({"email": true})).await;
    // Other jobs are given up after eight tries. Here there are three: of the request, of the team and of the admins.
    mail.puts_off(40);
    let guest = one_request(&server).await;
    in_time(&server, mail.mail(0)).await;
    in_time(&server, server.settled()).await;
    let known: Page<CallView> =
        server.owner().client.get(&format!("/conversations/{}/calls", guest.conversation)).await.ok();
    let mailed = |outcome| known.items.iter().any(|call| call.way == CallWay::Mail && call.outcome == outcome);
    assert!(mailed(CallOutcome::Failed) && mailed(CallOutcome::Accepted), "{:?}", known.items);
    // Should two of them have come to it at the same time, it is the same mail.
    let count = mail.count();
    let name = mail.mail(0).await.header("message-id").map(str::to_owned);
    for number in 1..count {
        assert_eq!(mail.mail(number).await.header("message-id").map(str::to_owned), name);
    }
    // When it is over nobody is mailed of it, however often it was put off.
    mail.puts_off(1_000);
    let other = one_request(&server).await;
    in_time(&server, async {
        while mail.still_not_taken() == 1_000 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let path = format!("/conversations/{}/take-over", other.conversation);
    assert_eq!(server.owner().client.post_nothing(&path).await.status, StatusCode::OK);
    in_time(&server, server.settled()).await;
    assert_eq!(mail.count(), count);
    server.stop().await;
}

async fn a_mail_that_is_refused_is_not_sent_again(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..Options::on(&place) }).await;
    wants(&server.owner(), json!({"email": true})).await;
    mail.refuses(1);
    let guest = one_request(&server).await;
    server.clock.advance(MINUTE);
    server.settled().await;
    let path = format!("/conversations/{}/calls", guest.conversation);
    let known: Page<CallView> = server.owner().client.get(&path).await.ok();
    let mailed: Vec<_> = known.items.iter().filter(|call| call.way == CallWay::Mail).collect();
    assert_eq!(mailed.iter().map(|call| call.outcome).collect::<Vec<_>>(), [CallOutcome::Failed]);
    let path = format!("/conversations/{}/dismiss-request", guest.conversation);
    assert_eq!(server.owner().client.post_nothing(&path).await.status, StatusCode::OK);
    server.clock.advance(60 * MINUTE);
    server.settled().await;
    assert_eq!((mail.still_not_taken(), mail.count()), (0, 0));
    server.stop().await;
}

async fn whoever_is_given_something_is_mailed_when_they_do_not_look(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..Options::on(&place) }).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    wants(&sofia, json!({"email": true})).await;
    wants(&olga, json!({"email": true})).await;
    let gives = async |to: &Member| {
        let guest = server.guest().await;
        let say = json!({"text": "My lamp is broken", "client_id": "one"});
        let path = format!("/conversations/{}", guest.conversation);
        guest.client.post(&format!("{path}/messages"), &say).await.ok::<Value>();
        olga.client.post(&format!("{path}/assign"), &json!({"to": to.id.to_string()})).await.ok::<Value>();
        guest
    };
    // To oneself is no news.
    gives(&olga).await;
    let guest = gives(&sofia).await;
    server.clock.advance(MINUTE);
    let received = mail.mail(0).await;
    assert_eq!(received.to, Member::email("Sofia"));
    assert!(received.header("subject").unwrap().ends_with("was assigned to you"), "{received:?}");
    assert!(received.data.contains(&format!("{}/inbox/{}", server.public_url, guest.conversation)));
    server.settled().await;
    // Who looks within the minute is not mailed.
    let guest = gives(&sofia).await;
    let log = server.log(&guest.conversation).await;
    let mut desk = server.desk(&sofia).await;
    desk.send(&DeskClientFrame::Read { conversation: guest.conversation.clone(), seq: log.last().unwrap().seq }).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    server.clock.advance(MINUTE);
    server.settled().await;
    assert_eq!(mail.count(), 1);
    server.stop().await;
}

async fn what_makes_no_sense_is_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    for (change, field) in [
        (
            json!({"quiet": {"time_zone": "Atlantis/Capital", "from": 0, "to": 60, "days": [true, true, true, true, true, true, true]}}),
            "quiet.time_zone",
        ),
        (json!({"quiet": quiet(7, 7)}), "quiet.to"),
        (json!({"quiet": quiet(25, 7)}), "quiet.to"),
        (json!({"undisturbed_until": 9_000_000_000_000_i64}), "undisturbed_until"),
    ] {
        let answer = olga.client.put("/me/calling", &calling(change.clone())).await;
        assert_eq!(
            (answer.said(), answer.value()["field"].as_str()),
            ((422, "invalid".into()), Some(field)),
            "{change}"
        );
    }
    for change in [json!({"browser": "yes"}), json!({"volume": 7}), json!({"quiet": {"from": 1}})] {
        assert!(olga.client.put("/me/calling", &calling(change.clone())).await.status.is_client_error(), "{change}");
    }
    assert_eq!(olga.client.get("/me/calling").await.ok::<CallingView>().quiet, None);
    server.stop().await;
}
