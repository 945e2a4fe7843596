//! Requests are given to people: in turn or to whoever has least, as far as they are there and have room; and to somebody
//! else when they leave or stay silent.

use std::{collections::HashMap, time::Duration};

use api::{
    account::PersonView,
    calls::{CallOutcome, CallView, CallWay},
    common::Page,
    conversations::{Control, ConversationRow},
    events::{Actor, StaffEvent, StaffEventBody},
    frames::{DeskClientFrame, DeskServerFrame},
    routing::PresenceView,
    team::CollaboratorView,
    visitor::VisitorGrant,
};
use domain::{
    hours::OfficeHours,
    person::Role,
    routing::{Mode, Routing},
};
use hyper::StatusCode;
use ports::routing::Routings;
use serde_json::{Value, json};
use testkit::{
    fakes::MailServer,
    on_both_engines,
    server::{As, DeskSocket, Guest, Member, Options, PATIENCE, Place, TestServer, Wires},
};

use crate::reading::{control, with_escalation};

on_both_engines!(
    each_is_given_one_in_turn_and_nobody_else_is_called,
    whoever_has_least_is_given_the_next_one,
    a_limit_holds_and_who_waited_longest_is_next,
    who_stays_silent_loses_it_and_who_has_opened_it_has_more_time,
    who_closes_the_desk_loses_it_after_a_moment,
    what_a_person_has_assigned_stays_so,
    a_pool_comes_first_and_everybody_else_when_nobody_of_it_is_there,
    who_is_away_or_wants_no_disturbance_is_given_nothing,
    a_person_who_is_removed_loses_it,
    outside_the_office_hours_nobody_is_given_anything,
    who_waits_is_given_to_whoever_comes_after_a_restart,
    who_is_reached_by_mail_only_is_called_when_whoever_has_it_does_not_come,
    settings_are_changed_one_by_one,
);

const SECOND: Duration = Duration::from_secs(1);

async fn with_routing(place: &Place, change: impl FnOnce(&mut Routing)) -> TestServer {
    with_escalation(place, |escalation| {
        escalation.routing.mode = Mode::RoundRobin;
        // Nobody is called but by routing.
        let waiting = &mut escalation.waiting;
        (waiting.again_after, waiting.team_after, waiting.admins_after, waiting.outside_after) = (0, 0, 0, 0);
        change(&mut escalation.routing);
    })
    .await
}

async fn calls(member: &Member, guest: &Guest) -> Vec<CallView> {
    member.client.get(&format!("/conversations/{}/calls", guest.conversation)).await.ok::<Page<CallView>>().items
}

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    request(&guest).await;
    guest
}

async fn request(guest: &Guest) {
    let path = format!("/conversations/{}/request-human", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path).await.status, StatusCode::OK);
}

/// A visitor whose browser speaks a language.
async fn guest_in(server: &TestServer, language: &str) -> Guest {
    let client = server.client().from(server.new_address());
    let body = json!({"chatbot_id": server.chatbot().to_string(), "language": language});
    let grant: VisitorGrant = client.post("/visitors", &body).await.ok();
    let client = client.is(As::Bearer(grant.token.clone()));
    Guest { client, token: grant.token, conversation: grant.conversation_id }
}

/// A page of the inbox at which somebody sits. What is sent after a frame is heard after it, so they are known to be there.
async fn sits_down(server: &TestServer, member: &Member) -> DeskSocket {
    let mut desk = server.desk(member).await;
    desk.send(&DeskClientFrame::Presence { away: false }).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    heard(&mut desk).await;
    desk
}

/// Comes back when everything that was sent before was heard.
async fn heard(desk: &mut DeskSocket) {
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
}

/// The assignments in a log: to whom, and whether by a rule.
fn assignments(log: &[StaffEvent]) -> Vec<(Option<String>, bool)> {
    log.iter().filter_map(assignment).collect()
}

fn assignment(event: &StaffEvent) -> Option<(Option<String>, bool)> {
    match &event.body {
        StaffEventBody::Assigned { person, by } => {
            Some((person.as_ref().map(|person: &PersonView| person.name.clone()), matches!(by, Actor::System)))
        }
        _ => None,
    }
}

/// Comes back with the first so many assignments of a conversation.
async fn given(server: &TestServer, guest: &Guest, count: usize) -> Vec<Option<String>> {
    let mut desk = server.desk_at(&server.owner(), &guest.conversation).await;
    let mut all = Vec::new();
    while all.len() < count {
        let next = desk.until(|frame| match frame {
            DeskServerFrame::Event { event, .. } => assignment(event),
            _ => None,
        });
        all.push(next.await.0);
    }
    all
}

async fn given_to(server: &TestServer, guest: &Guest) -> String {
    given(server, guest, 1).await.remove(0).expect("somebody")
}

fn alerts(desk: &DeskSocket) -> Vec<String> {
    let title = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some(alert.title.splitn(3, ' ').nth(2).unwrap_or_default().to_owned()),
        _ => None,
    };
    desk.seen.iter().filter_map(title).collect()
}

async fn alerted(desk: &mut DeskSocket) -> String {
    let alert = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Alert(alert) => Some(alert.title.clone()),
        _ => None,
    };
    desk.until(alert).await.splitn(3, ' ').nth(2).unwrap_or_default().to_owned()
}

async fn answers(member: &Member, guest: &Guest) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    member.client.post(&path, &json!({"text": "Here I am", "client_id": "one"})).await.ok::<Value>();
}

async fn ends(member: &Member, guest: &Guest) {
    let path = format!("/conversations/{}/end-live-chat", guest.conversation);
    member.client.post_nothing(&path).await.ok::<Value>();
}

async fn assigns(member: &Member, guest: &Guest, to: Option<&Member>) {
    let path = format!("/conversations/{}/assign", guest.conversation);
    let to = to.map(|member| member.id.to_string());
    member.client.post(&path, &json!({"to": to})).await.ok::<Value>();
}

async fn presence_of(server: &TestServer, member: &Member) -> PresenceView {
    let path = format!("/chatbots/{}/collaborators", server.chatbot());
    let page: Page<CollaboratorView> = server.owner().client.get(&path).await.ok();
    let one = page.items.into_iter().find(|one| one.id == member.id.to_string());
    one.expect("a collaborator").presence
}

/// Waits until it is written that somebody has left.
async fn has_left(server: &TestServer, member: &Member) {
    let scope = server.baton.directory().person(member.id).await.unwrap().scope;
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let written = async {
        loop {
            let known = server.database.presences(scope, domain::Millis(0), 100).await.unwrap();
            if known.iter().any(|one| one.person == member.id && one.seen.left.is_some()) {
                return;
            }
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, written).await.expect("nobody has left");
}

async fn each_is_given_one_in_turn_and_nobody_else_is_called(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let mut desks = HashMap::new();
    for name in ["Sofia", "Ada", "Nora"] {
        let member = server.add(name, Role::Agent).await;
        desks.insert(name.to_owned(), sits_down(&server, &member).await);
    }
    let mut got = Vec::new();
    for _ in 0..4 {
        let guest = asks(&server).await;
        let name = given_to(&server, &guest).await;
        assert_eq!(alerted(desks.get_mut(&name).unwrap()).await, "was assigned to you");
        assert_eq!(control(&server, &guest).await, Control::Requested);
        got.push(name);
    }
    assert_eq!(got[3], got[0]);
    assert!(got[0] != got[1] && got[1] != got[2] && got[2] != got[0], "{got:?}");
    for (name, desk) in &mut desks {
        desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
        heard(desk).await;
        assert_eq!(alerts(desk).len(), got.iter().filter(|given| *given == name).count(), "{name}");
    }
    server.stop().await;
}

async fn whoever_has_least_is_given_the_next_one(place: Place) {
    let server = with_routing(&place, |routing| routing.mode = Mode::LeastBusy).await;
    let (sofia, ada) = (server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await);
    let _desks = (sits_down(&server, &sofia).await, sits_down(&server, &ada).await);
    for _ in 0..2 {
        answers(&sofia, &server.guest().await).await;
    }
    for expected in ["Ada", "Ada"] {
        assert_eq!(given_to(&server, &asks(&server).await).await, expected);
    }
    // Both have two now, and Sofia was never given any.
    assert_eq!(given_to(&server, &asks(&server).await).await, "Sofia");
    server.stop().await;
}

async fn a_limit_holds_and_who_waited_longest_is_next(place: Place) {
    let server = with_routing(&place, |routing| (routing.limit, routing.reassign_after) = (1, 0)).await;
    let (sofia, ada) = (server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await);
    let mut sofias = sits_down(&server, &sofia).await;
    let first = asks(&server).await;
    assert_eq!(given_to(&server, &first).await, "Sofia");
    assert_eq!(alerted(&mut sofias).await, "was assigned to you");
    // Nobody has room: everybody is called, and nobody has it.
    let second = asks(&server).await;
    assert_eq!(given(&server, &second, 1).await, [None]);
    assert_eq!(alerted(&mut sofias).await, "asks for a person");
    server.clock.advance(SECOND);
    let third = asks(&server).await;
    assert_eq!(given(&server, &third, 1).await, [None]);
    assert_eq!(alerted(&mut sofias).await, "asks for a person");
    // A live chat counts as a request does. Both that wait are looked after at once.
    answers(&sofia, &first).await;
    ends(&sofia, &first).await;
    assert_eq!(given(&server, &second, 2).await[1].as_deref(), Some("Sofia"));
    assert_eq!(alerted(&mut sofias).await, "was assigned to you");
    // Somebody arrives.
    let _adas = sits_down(&server, &ada).await;
    assert_eq!(given(&server, &third, 2).await[1].as_deref(), Some("Ada"));
    // A request that somebody else takes is room, too.
    let fourth = asks(&server).await;
    assert_eq!(given(&server, &fourth, 1).await, [None]);
    answers(&server.owner(), &third).await;
    assert_eq!(given(&server, &fourth, 2).await[1].as_deref(), Some("Ada"));
    server.stop().await;
}

async fn who_stays_silent_loses_it_and_who_has_opened_it_has_more_time(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let members = [server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await];
    let mut desks = [sits_down(&server, &members[0]).await, sits_down(&server, &members[1]).await];
    let guest = asks(&server).await;
    let first = given_to(&server, &guest).await;
    let (one, other) = if first == "Sofia" { (0, 1) } else { (1, 0) };
    alerted(&mut desks[one]).await;
    server.clock.advance(61 * SECOND);
    assert_eq!(alerted(&mut desks[other]).await, "was assigned to you");
    assert_eq!(given(&server, &guest, 2).await[1].as_deref(), Some(members[other].name.as_str()));
    // What the first one was called to is over for them: everything before the entry that the row names.
    let path = format!("/conversations/{}", guest.conversation);
    let row: ConversationRow = server.owner().client.get(&path).await.ok();
    let log = server.log(&guest.conversation).await;
    let last = log.iter().filter(|event| assignment(event).is_some()).map(|event| event.seq).next_back();
    assert_eq!(row.request.unwrap().given_seq, last);
    // The second one opens it, and has three times as long.
    let mut opened = server.desk_at(&members[other], &guest.conversation).await;
    opened.send(&DeskClientFrame::Viewing { conversation: guest.conversation.clone(), on: true }).await;
    // Records are gathered for a moment before they are written.
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let noted = async {
        while !calls(&members[other], &guest).await.iter().any(|call| call.outcome == CallOutcome::Opened) {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, noted).await.expect("nobody notes that it was opened");
    let all = async {
        // Step by step: it is looked at again at least every 20 seconds here.
        loop {
            server.clock.advance(20 * SECOND);
            tokio::task::yield_now().await;
            let log = server.log(&guest.conversation).await;
            if assignments(&log).len() == 3 {
                return log;
            }
        }
    };
    let log = tokio::time::timeout(PATIENCE, all).await.expect("it stays with them");
    let times: Vec<i64> = log.iter().filter(|event| assignment(event).is_some()).map(|event| event.at).collect();
    assert!(times[1] - times[0] >= 60_000 && times[2] - times[1] >= 180_000, "{times:?}");
    assert_eq!(assignments(&log)[2], (Some(first), true), "who was tried longest ago");
    drop(opened);
    server.stop().await;
}

async fn who_closes_the_desk_loses_it_after_a_moment(place: Place) {
    let server = with_routing(&place, |routing| routing.reassign_after = 0).await;
    let members = [server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await];
    let mut desks = vec![sits_down(&server, &members[0]).await, sits_down(&server, &members[1]).await];
    let guest = asks(&server).await;
    let (one, other) = if given_to(&server, &guest).await == "Sofia" { (0, 1) } else { (1, 0) };
    assert_eq!(presence_of(&server, &members[one]).await, PresenceView::Online);
    desks.remove(one).drop_connection();
    has_left(&server, &members[one]).await;
    assert_eq!(presence_of(&server, &members[one]).await, PresenceView::Offline);
    server.clock.advance(16 * SECOND);
    assert_eq!(given(&server, &guest, 2).await[1].as_deref(), Some(members[other].name.as_str()));
    // Nobody is left: everybody is called, wherever they are, and whoever comes gets it.
    desks.remove(0).drop_connection();
    has_left(&server, &members[other]).await;
    server.clock.advance(16 * SECOND);
    assert_eq!(given(&server, &guest, 3).await[2], None);
    let mut back = sits_down(&server, &members[one]).await;
    assert_eq!(alerted(&mut back).await, "was assigned to you");
    server.stop().await;
}

async fn what_a_person_has_assigned_stays_so(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let (sofia, nora) = (server.add("Sofia", Role::Agent).await, server.add("Nora", Role::Agent).await);
    let _desk = sits_down(&server, &sofia).await;
    let guest = asks(&server).await;
    assert_eq!(given_to(&server, &guest).await, "Sofia");
    // Nora is not there, and does not come.
    assigns(&server.owner(), &guest, Some(&nora)).await;
    for _ in 0..10 {
        server.clock.advance(30 * SECOND);
        // Other jobs that are due are done by then.
        server.settled().await;
    }
    assigns(&server.owner(), &guest, None).await;
    given(&server, &guest, 4).await;
    let expected = [(Some("Sofia"), true), (Some("Nora"), false), (None, false), (Some("Sofia"), true)];
    let expected = expected.map(|(name, rule)| (name.map(str::to_owned), rule));
    assert_eq!(assignments(&server.log(&guest.conversation).await), expected);
    // In a live chat nothing is given to anybody.
    answers(&nora, &guest).await;
    server.clock.advance(120 * SECOND);
    server.settled().await;
    assert_eq!(assignments(&server.log(&guest.conversation).await).len(), 4);
    server.stop().await;
}

async fn a_pool_comes_first_and_everybody_else_when_nobody_of_it_is_there(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let (sofia, bia) = (server.add("Sofia", Role::Agent).await, server.add("Bia", Role::Agent).await);
    let owner = server.owner().client;
    let label: Value = owner.post("/labels", &json!({"name": "Refunds", "color": "red"})).await.ok();
    let label = label["id"].as_str().unwrap();
    let pools = json!([
        {"people": [bia.id.to_string()], "languages": ["PT"]},
        {"name": "Refunds", "people": [bia.id.to_string()], "labels": [label]},
    ]);
    let path = format!("/chatbots/{}", server.chatbot());
    let saved: Value = owner.patch(&path, &json!({"escalation": {"routing": {"pools": pools}}})).await.ok();
    assert_eq!(saved["escalation"]["routing"]["pools"][0]["languages"], json!(["pt"]));
    let _sofias = sits_down(&server, &sofia).await;
    let speaks = async |language: &str| {
        let guest = guest_in(&server, language).await;
        request(&guest).await;
        given_to(&server, &guest).await
    };
    assert_eq!(speaks("pt-BR").await, "Sofia", "nobody of the pool is there");
    let bias = sits_down(&server, &bia).await;
    assert_eq!(speaks("pt-BR").await, "Bia");
    assert_eq!(speaks("pt").await, "Bia", "however often");
    assert_eq!(speaks("es").await, "Sofia", "Bia was given one later");
    let guest = server.guest().await;
    let put = format!("/conversations/{}/labels/{label}", guest.conversation);
    owner.bytes(hyper::Method::PUT, &put, "application/json", "").await.ok::<Value>();
    request(&guest).await;
    assert_eq!(given_to(&server, &guest).await, "Bia");
    drop(bias);
    server.stop().await;
}

async fn who_is_away_or_wants_no_disturbance_is_given_nothing(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let [sofia, ada, nora] = [
        server.add("Sofia", Role::Agent).await,
        server.add("Ada", Role::Agent).await,
        server.add("Nora", Role::Agent).await,
    ];
    let viewer = server.add("Vera", Role::Viewer).await;
    let mut olgas = server.desk(&server.owner()).await;
    olgas.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    heard(&mut olgas).await;
    let _desks = (sits_down(&server, &sofia).await, sits_down(&server, &ada).await, sits_down(&server, &viewer).await);
    let mut noras = sits_down(&server, &nora).await;
    noras.send(&DeskClientFrame::Presence { away: true }).await;
    noras.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    heard(&mut noras).await;
    // Tests begin at 8 in the morning in UTC, on a Monday.
    let quiet = json!({"time_zone": "UTC", "from": 7 * 60, "to": 9 * 60, "days": vec![true; 7]});
    let calling = |change: (&str, Value)| json!({"browser": true, "push": true, "email": false, change.0: change.1});
    let soon = server.baton.clock().now().plus(600_000).0;
    sofia.client.put("/me/calling", &calling(("undisturbed_until", json!(soon)))).await.ok::<Value>();
    ada.client.put("/me/calling", &calling(("quiet", quiet))).await.ok::<Value>();
    let expected = [
        (&sofia, PresenceView::DoNotDisturb),
        (&ada, PresenceView::DoNotDisturb),
        (&nora, PresenceView::Away),
        (&viewer, PresenceView::Online),
    ];
    for (member, presence) in expected {
        assert_eq!(presence_of(&server, member).await, presence, "{}", member.name);
    }
    // Who does not sit there is called like everybody: presence decides who is given it, not who hears of it.
    let first = asks(&server).await;
    assert_eq!(given(&server, &first, 1).await, [None]);
    assert_eq!(alerted(&mut olgas).await, "asks for a person");
    assert_eq!(alerted(&mut noras).await, "asks for a person");
    noras.send(&DeskClientFrame::Presence { away: false }).await;
    assert_eq!(given(&server, &first, 2).await[1].as_deref(), Some("Nora"));
    // Nora gets up: what she has is given to somebody else, once there is somebody.
    noras.send(&DeskClientFrame::Presence { away: true }).await;
    server.clock.advance(16 * SECOND);
    assert_eq!(given(&server, &first, 3).await[2], None);
    server.clock.advance(600 * SECOND);
    assert_eq!(given(&server, &first, 4).await[3].as_deref(), Some("Sofia"));
    server.stop().await;
}

async fn a_person_who_is_removed_loses_it(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let members = [server.add("Sofia", Role::Agent).await, server.add("Ada", Role::Agent).await];
    let _desks = [sits_down(&server, &members[0]).await, sits_down(&server, &members[1]).await];
    let guest = asks(&server).await;
    let (one, other) = if given_to(&server, &guest).await == "Sofia" { (0, 1) } else { (1, 0) };
    let path = format!("/people/{}", members[one].id);
    server.owner().client.patch(&path, &json!({"active": false})).await.ok::<Value>();
    let got = async {
        loop {
            let log = server.log(&guest.conversation).await;
            if let Some((Some(name), true)) = assignments(&log).last()
                && *name == members[other].name
            {
                return;
            }
            server.clock.advance(SECOND);
        }
    };
    tokio::time::timeout(PATIENCE, got).await.expect("it is not given to anybody else");
    server.stop().await;
}

async fn outside_the_office_hours_nobody_is_given_anything(place: Place) {
    // Tests begin at 8 in the morning in UTC, on a Monday; the office opens at 9.
    let mut options = Options::on(&place);
    options.settings.supervisor.office_hours = Some(OfficeHours::default());
    options.settings.escalation.waiting.follow_office_hours = true;
    options.settings.escalation.routing.mode = Mode::RoundRobin;
    let server = TestServer::start(options).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut desk = sits_down(&server, &sofia).await;
    let guest = asks(&server).await;
    assert_eq!(given(&server, &guest, 1).await, [None]);
    assert_eq!(alerted(&mut desk).await, "asks for a person");
    server.clock.advance(3_601 * SECOND);
    assert_eq!(given(&server, &guest, 2).await[1].as_deref(), Some("Sofia"));
    server.stop().await;
}

async fn who_waits_is_given_to_whoever_comes_after_a_restart(place: Place) {
    let server = with_routing(&place, |_| {}).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = asks(&server).await;
    assert_eq!(given(&server, &guest, 1).await, [None]);
    server.kill().await;
    let server = TestServer::on(&place).await;
    let mut desk = DeskSocket::open(server.address, sofia.client.caller(), None).await.unwrap();
    desk.send(&DeskClientFrame::Presence { away: false }).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    heard(&mut desk).await;
    // Its clock begins anew, and whoever held a job before is waited for where others might hold it.
    server.clock.advance(60 * SECOND);
    desk.follow(&guest.conversation, 0).await;
    let mut all = Vec::new();
    while all.len() < 2 {
        let next = desk.until(|frame| match frame {
            DeskServerFrame::Event { event, .. } => assignment(event),
            _ => None,
        });
        all.push(next.await);
    }
    assert_eq!(all, [(None, true), (Some("Sofia".to_owned()), true)]);
    server.stop().await;
}

async fn who_is_reached_by_mail_only_is_called_when_whoever_has_it_does_not_come(place: Place) {
    let mail = MailServer::start().await;
    let mut options = Options { mail: Some(mail.clone()), ..Options::on(&place) };
    options.settings.escalation.routing = Routing { mode: Mode::RoundRobin, reassign_after: 0, ..Routing::default() };
    let server = TestServer::start(options).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    let wanted = json!({"browser": true, "push": true, "email": true});
    olga.client.put("/me/calling", &wanted).await.ok::<Value>();
    let _desk = sits_down(&server, &sofia).await;
    let guest = asks(&server).await;
    assert_eq!(given_to(&server, &guest).await, "Sofia");
    // It is Sofia's; after a minute and a half everybody is called, and a minute and a half later the admins.
    server.clock.advance(61 * SECOND);
    server.settled().await;
    assert_eq!(mail.count(), 0);
    server.clock.advance(30 * SECOND);
    let received = mail.mail(0).await;
    assert_eq!(received.to, Member::email("Olga"));
    assert!(received.header("subject").unwrap().ends_with("still waits for a person"), "{received:?}");
    // It is noted before time goes on: a mail server that seems not to answer is asked again.
    server.settled().await;
    let calls = async || {
        let path = format!("/conversations/{}/calls", guest.conversation);
        olga.client.get(&path).await.ok::<Page<CallView>>().items
    };
    for _ in 0..4 {
        server.clock.advance(60 * SECOND);
        server.settled().await;
        server.clock.has_sleeper(SECOND).await;
    }
    let hers: Vec<_> = calls().await.into_iter().filter(|call| call.person.name == "Olga").collect();
    let came: Vec<_> = hers.iter().map(|call| (call.way, call.outcome)).collect();
    assert_eq!(came, [(CallWay::Mail, CallOutcome::Accepted)], "once, and nobody says that there is no way to her");
    assert_eq!(mail.count(), 1);
    server.stop().await;
}

async fn settings_are_changed_one_by_one(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let path = format!("/chatbots/{}", server.chatbot());
    let change = |routing: Value| json!({"escalation": {"routing": routing}});
    let known: Value = owner.get(&path).await.ok();
    let routing = json!({"mode": "manual", "limit": 0, "reassign_after": 60, "pools": []});
    assert_eq!(known["escalation"]["routing"], routing);
    let saved: Value = owner.patch(&path, &change(json!({"mode": "least_busy", "limit": 3}))).await.ok();
    let routing = json!({"mode": "least_busy", "limit": 3, "reassign_after": 60, "pools": []});
    assert_eq!(saved["escalation"]["routing"], routing);
    let id = server.owner().id.to_string();
    for (wrong, field) in [
        (json!({"limit": 101}), "escalation.routing.limit"),
        (json!({"reassign_after": 9}), "escalation.routing.reassign_after"),
        (json!({"pools": [{"people": ["nobody"], "languages": ["de"]}]}), "escalation.routing.pools.0.people.0"),
        (json!({"pools": [{"people": [id], "labels": ["none"]}]}), "escalation.routing.pools.0.labels.0"),
        (json!({"pools": [{"people": [id]}]}), "escalation.routing.pools.0.languages"),
        (json!({"pools": [{"people": [id], "languages": ["a b"]}]}), "escalation.routing.pools.0.languages.0"),
        (json!({"pools": [{"people": [], "languages": ["de"]}]}), "escalation.routing.pools.0.people"),
    ] {
        let answer = owner.patch(&path, &change(wrong)).await;
        assert_eq!((answer.said(), answer.value()["field"].as_str()), ((422, "invalid".into()), Some(field)));
    }
    assert_eq!(owner.patch(&path, &change(json!({"mode": "dice"}))).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    server.stop().await;
}

/// Two nodes on one database: whoever sits at one is given what is asked at the other, and no place is given twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_give_each_request_once_and_nobody_more_than_the_limit() {
    let (place, wires) = (Place::postgres().await, Wires::Postgres);
    let start = async || {
        let mut options = Options { bus: Some(wires.end(&place).await), leaves_jobs: true, ..Options::on(&place) };
        options.settings.escalation.routing =
            Routing { mode: Mode::LeastBusy, limit: 2, reassign_after: 0, pools: Vec::new() };
        TestServer::start(options).await
    };
    let (a, b) = (start().await, start().await);
    let mut members = Vec::new();
    for name in ["Sofia", "Ada", "Nora"] {
        members.push(a.add(name, Role::Agent).await);
    }
    let mut desks = vec![sits_down(&a, &members[0]).await];
    for member in &members[1..] {
        let mut desk = DeskSocket::open(b.address, member.client.caller(), None).await.unwrap();
        desk.send(&DeskClientFrame::Presence { away: false }).await;
        desks.push(desk);
    }
    let seen = async {
        for member in &members {
            while presence_of(&a, member).await != PresenceView::Online {
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("who sits at the other node is not seen");
    let guests = futures_util::future::join_all((0..12).map(|_| asks(&a))).await;
    let mut got: HashMap<String, usize> = HashMap::new();
    for guest in &guests {
        if let Some(name) = given(&a, guest, 1).await.remove(0) {
            *got.entry(name).or_default() += 1;
        }
        assert_eq!(assignments(&a.log(&guest.conversation).await).len(), 1, "once");
    }
    let expected: HashMap<String, usize> = members.iter().map(|member| (member.name.clone(), 2)).collect();
    assert_eq!(got, expected);
    a.stop().await;
    b.stop().await;
}
