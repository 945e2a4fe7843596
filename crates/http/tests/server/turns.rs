//! The life of a turn: from the visitor's words to one answer, or to a person; never to silence, never to two.

use std::time::Duration;

use api::{
    conversations::{Control, ConversationRow},
    events::{AssistantText, Reason, StaffEvent, StaffEventBody},
    frames::{AlertKind, DeskAction, DeskClientFrame, DeskServerFrame, VisitorAction, VisitorServerFrame},
};
use domain::{
    chatbot::{Escalation, OutputTrigger},
    person::Role,
};
use ports::models::{Part, Speaker};
use serde_json::json;
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{Guest, Options, Place, TestServer, VisitorSocket},
};

on_both_engines!(
    a_burst_gets_one_answer_and_what_comes_later_one_more,
    no_provider_leaves_silence,
    without_escalation_the_visitor_is_told_that_there_is_no_answer,
    a_watched_phrase_alerts_once_and_the_ai_goes_on,
    a_watched_phrase_that_also_requests_calls_a_person,
    an_ai_that_promises_a_person_has_made_a_request,
    a_yes_to_the_offer_calls_a_person,
    the_requested_message_is_said_once,
    on_hold_the_ai_is_silent_until_the_request_is_closed,
    after_a_live_chat_the_ai_knows_what_was_said,
    a_stalled_worker_is_refused_and_another_attempt_answers,
    a_server_that_died_in_the_middle_of_an_answer_gives_it_once,
);

async fn with_escalation(place: &Place, change: impl FnOnce(&mut Escalation)) -> TestServer {
    let mut options = Options::on(place);
    change(&mut options.settings.escalation);
    TestServer::start(options).await
}

/// Comes back with the log when it has settled: the last event of this kind is there.
async fn log_with(server: &TestServer, page: &mut VisitorSocket, guest: &Guest, kind: &str) -> Vec<StaffEvent> {
    let is = |event: &api::events::VisitorEvent| serde_json::to_value(event).unwrap()["kind"] == kind;
    let came = page.seen.iter().any(|frame| matches!(frame, VisitorServerFrame::Event { event, .. } if is(event)));
    if !came {
        page.until(|frame| matches!(frame, VisitorServerFrame::Event { event, .. } if is(event)).then_some(())).await;
    }
    page.seen.clear();
    server.log(&guest.conversation).await
}

fn answers(log: &[StaffEvent]) -> Vec<&str> {
    log.iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::AssistantMessage { text, purpose: AssistantText::Answer, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

fn acknowledgements(log: &[StaffEvent]) -> usize {
    let requested = |event: &&StaffEvent| {
        matches!(event.body, StaffEventBody::AssistantMessage { purpose: AssistantText::Requested, .. })
    };
    log.iter().filter(requested).count()
}

fn reasons(log: &[StaffEvent]) -> Vec<Reason> {
    log.iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::HumanRequested { reason } | StaffEventBody::ReasonAdded { reason } => Some(reason.clone()),
            _ => None,
        })
        .collect()
}

async fn control(server: &TestServer, guest: &Guest) -> Control {
    let path = format!("/conversations/{}", guest.conversation);
    server.owner().client.get(&path).await.ok::<ConversationRow>().control
}

async fn a_burst_gets_one_answer_and_what_comes_later_one_more(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.always(Reply::Driven);
    server.clock.freeze();
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    for (number, text) in ["Hello", "I ordered a lamp", "It is broken"].into_iter().enumerate() {
        page.says(id, text).await.unwrap();
        server.model.call(number).await;
    }
    let (first, second, third) = (server.model.call(0).await, server.model.call(1).await, server.model.call(2).await);
    first.dropped().await;
    second.dropped().await;
    let said: Vec<_> = third.request.history.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(said, ["Hello", "I ordered a lamp", "It is broken"]);
    // Twice in a row is enough: this one is answered after the answer in the making.
    page.says(id, "What now?").await.unwrap();
    assert!(!third.is_dropped());
    third.say("Send it back.").await;
    third.finish().await;
    let fourth = server.model.call(3).await;
    let said: Vec<_> = fourth.request.history.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(said[3..], ["Send it back.", "What now?"], "what is to be answered comes last");
    fourth.say("In any box.").await;
    fourth.finish().await;
    let answered = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => (event.visitor_seq == 6).then_some(()),
        _ => None,
    };
    page.until(answered).await;
    assert_eq!(answers(&server.log(id).await), ["Send it back.", "In any box."]);
    assert_eq!(server.model.asked(), 4);
    server.stop().await;
}

/// Every way in which a provider can fail, with how long one has to wait for it.
fn failures() -> [(Reply, Option<Duration>); 6] {
    let stalled = Some(Duration::from_secs(36));
    [
        (Reply::Refuses, None),
        (Reply::Empty, None),
        (Reply::Says("  \n ".into()), None),
        (Reply::Breaks("Let me see".into()), None),
        (Reply::Stops("Let me see".into()), stalled),
        (Reply::Hangs, stalled),
    ]
}

/// Steps shorter than a third of a lease.
const STEPS: u32 = 8;

/// Asks, and lets the time pass that a provider is given.
async fn ask(
    server: &TestServer,
    page: &mut VisitorSocket,
    guest: &Guest,
    (reply, patience): (&Reply, Option<Duration>),
) {
    let asked = server.model.asked();
    page.says(&guest.conversation, "How do I return something?").await.unwrap();
    let call = server.model.call(asked).await;
    if matches!(reply, Reply::Stops(_)) {
        // From its last word on the provider is waited for.
        page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
    }
    if let Some(patience) = patience {
        // Not all at once: the lease has to be renewed on the way.
        for _ in 0..STEPS {
            server.clock.advance(patience / STEPS);
            server.renewed_its_leases().await;
        }
    }
    call.dropped().await;
}

async fn no_provider_leaves_silence(place: Place) {
    let server = TestServer::on(&place).await;
    server.clock.freeze();
    for (reply, patience) in failures() {
        server.model.then(reply.clone());
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        ask(&server, &mut page, &guest, (&reply, patience)).await;
        if matches!(reply, Reply::Breaks(_) | Reply::Stops(_)) {
            // What was begun is taken back in words: no event says so.
            page.until(|frame| matches!(frame, VisitorServerFrame::TokensDropped { turn: 1, .. }).then_some(())).await;
        }
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        assert_eq!(reasons(&log), [Reason::AiFailed], "{reply:?}");
        assert_eq!((answers(&log).len(), acknowledgements(&log)), (0, 1), "{reply:?}");
        assert_eq!(control(&server, &guest).await, Control::Requested, "{reply:?}");
    }
    server.stop().await;
}

async fn without_escalation_the_visitor_is_told_that_there_is_no_answer(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.enabled = false).await;
    server.clock.freeze();
    for (reply, patience) in failures() {
        server.model.then(reply.clone());
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        ask(&server, &mut page, &guest, (&reply, patience)).await;
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        assert!(answers(&log)[0].starts_with("I couldn't answer that just now."), "{reply:?}: {log:?}");
        assert_eq!((answers(&log).len(), reasons(&log).len()), (1, 0), "{reply:?}");
        assert_eq!(control(&server, &guest).await, Control::Ai, "{reply:?}");
    }
    server.stop().await;
}

async fn a_watched_phrase_alerts_once_and_the_ai_goes_on(place: Place) {
    let phrase = OutputTrigger { phrase: "full refund".into(), also_request: false };
    let server = with_escalation(&place, |escalation| escalation.output_triggers = vec![phrase]).await;
    server.model.then(Reply::Says("You get a **full refund**, really a full refund.".into()));
    let sofia = server.add("Sofia", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut desks = [server.desk(&sofia).await, server.desk(&vera).await];
    for desk in &mut desks {
        desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
        desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    }
    let mut page = server.page(&guest).await;
    page.says(id, "It broke").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "assistant_message").await;
    let alerts =
        |event: &&StaffEvent| matches!(&event.body, StaffEventBody::AiAlert { phrase } if phrase == "full refund");
    assert_eq!(log.iter().filter(alerts).count(), 1);
    assert_eq!(control(&server, &guest).await, Control::Ai);
    assert!(reasons(&log).is_empty());
    // The AI goes on, and what it said rings once.
    page.says(id, "Thank you").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "assistant_message").await;
    assert_eq!(answers(&log).len(), 2);
    guest.client.post_nothing(&format!("/conversations/{id}/request-human")).await;
    let mut rung = Vec::new();
    while !matches!(rung.last(), Some((AlertKind::HumanRequested, _))) {
        rung.push(
            desks[0]
                .until(|frame| match frame {
                    DeskServerFrame::Alert(alert) => Some((alert.kind, alert.conversation.clone())),
                    _ => None,
                })
                .await,
        );
    }
    assert_eq!(rung, [(AlertKind::AiOutput, id.clone()), (AlertKind::HumanRequested, id.clone())]);
    // A viewer is never alerted, though the row is seen.
    let row = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Inbox { row, .. } => (row.control == Control::Requested).then_some(()),
        _ => None,
    };
    desks[1].until(row).await;
    assert!(!desks[1].seen.iter().any(|frame| matches!(frame, DeskServerFrame::Alert(_))));
    server.stop().await;
}

async fn a_watched_phrase_that_also_requests_calls_a_person(place: Place) {
    let phrase = OutputTrigger { phrase: "lawyer".into(), also_request: true };
    let server = with_escalation(&place, |escalation| escalation.output_triggers = vec![phrase]).await;
    server.model.then(Reply::Says("Then a lawyer may help.".into()));
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "It broke").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::AiOutput { phrase: "lawyer".into() }]);
    assert_eq!((answers(&log).len(), acknowledgements(&log)), (1, 1));
    server.stop().await;
}

async fn an_ai_that_promises_a_person_has_made_a_request(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.then(Reply::Says("I'll connect you with a colleague right away.".into()));
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "It broke").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::AiPromised]);
    assert_eq!((answers(&log).len(), acknowledgements(&log)), (1, 0), "the AI has said it itself");
    server.stop().await;
}

async fn a_yes_to_the_offer_calls_a_person(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.then(Reply::Driven);
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "It broke").await.unwrap();
    let call = server.model.call(0).await;
    assert!(call.request.may_offer_person);
    call.say("I do not know. Shall I bring in a person?").await;
    call.part(Part::OffersPerson).await;
    call.finish().await;
    let log = log_with(&server, &mut page, &guest, "assistant_message").await;
    assert_eq!(control(&server, &guest).await, Control::Ai, "{log:?}");
    page.says(id, "Yes please").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert!(matches!(&reasons(&log)[..], [Reason::VisitorAsked { words, .. }] if words == "Yes please"), "{log:?}");
    assert_eq!(server.model.asked(), 1, "nobody else answers a yes");
    server.stop().await;
}

async fn the_requested_message_is_said_once(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    // As the very first message.
    page.says(id, "I want to talk to a human").await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    page.does(id, VisitorAction::RequestHuman).await.unwrap();
    page.says(id, "A real person please!").await.unwrap();
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut desk = server.desk_at(&sofia, id).await;
    let added = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Event { event, .. } => match &event.body {
            StaffEventBody::ReasonAdded { reason: Reason::VisitorAsked { words, .. } } => Some(words.clone()),
            _ => None,
        },
        _ => None,
    };
    assert_eq!(desk.until(added).await, "A real person please!");
    assert_eq!(server.model.asked(), 0);
    // The AI helps on while the visitor waits, and does not hear the old wish again in every question.
    page.seen.clear();
    page.says(id, "What are your opening hours?").await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    let log = server.log(id).await;
    assert_eq!((acknowledgements(&log), reasons(&log).len(), answers(&log).len()), (1, 3, 1));
    let seen = server.visitor_log(&guest).await;
    let kinds: Vec<_> = seen.iter().map(|event| serde_json::to_value(event).unwrap()["kind"].clone()).collect();
    let expected = [
        "visitor_message",
        "human_requested",
        "assistant_message",
        "visitor_message",
        "visitor_message",
        "assistant_message",
    ];
    assert_eq!(kinds, expected);
    server.stop().await;
}

async fn on_hold_the_ai_is_silent_until_the_request_is_closed(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.hold = true).await;
    server.model.then(Reply::Endless(Duration::from_millis(5)));
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "It broke").await.unwrap();
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
    page.does(id, VisitorAction::RequestHuman).await.unwrap();
    server.model.call(0).await.dropped().await;
    page.says(id, "Hello?").await.unwrap();
    page.does(id, VisitorAction::CancelRequest).await.unwrap();
    assert_eq!(server.model.asked(), 1, "on hold nobody is asked");
    page.says(id, "Then you").await.unwrap();
    let call = server.model.call(1).await;
    assert_eq!(call.request.history.last().unwrap().text, "Then you");
    let answered = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            serde_json::to_value(event).unwrap()["text"].eq("An answer.").then_some(())
        }
        _ => None,
    };
    page.until(answered).await;
    assert_eq!(answers(&server.log(id).await), ["An answer."]);
    server.stop().await;
}

async fn after_a_live_chat_the_ai_knows_what_was_said(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "It broke").await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    let mut desk = server.desk_at(&sofia, id).await;
    desk.says(id, "You get a new one.").await.unwrap();
    page.says(id, "Thank you").await.unwrap();
    desk.does(id, DeskAction::EndLiveChat {}).await.unwrap();
    assert_eq!(server.model.asked(), 1, "nothing old is answered");
    page.says(id, "When will it come?").await.unwrap();
    let request = server.model.call(1).await.request;
    let said: Vec<(Speaker, &str)> = request.history.iter().map(|said| (said.by.clone(), said.text.as_str())).collect();
    assert_eq!(
        said,
        [
            (Speaker::Visitor, "It broke"),
            (Speaker::Assistant, "An answer."),
            (Speaker::Marker, "Sofia answered from here on; the assistant was off."),
            (Speaker::Person("Sofia".into()), "You get a new one."),
            (Speaker::Visitor, "Thank you"),
            (Speaker::Marker, "The person has left; the assistant answers again."),
            (Speaker::Visitor, "When will it come?"),
        ]
    );
    log_with(&server, &mut page, &guest, "assistant_message").await;
    server.stop().await;
}

const PAST_THE_LEASE: Duration = Duration::from_secs(16);

/// On SQLite the one process comes back to its own job; on PostgreSQL a second one takes it.
async fn a_stalled_worker_is_refused_and_another_attempt_answers(place: Place) {
    let server = TestServer::start(Options { leaves_jobs: true, ..Options::on(&place) }).await;
    server.model.always(Reply::Driven);
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    server.clock.freeze();
    page.says(id, "Hello").await.unwrap();
    let stalled = server.model.call(0).await;
    stalled.say("The first try").await;
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(t) if t.attempt == 1).then_some(())).await;
    let other = if place.is_sole() {
        server.clock.stall(PAST_THE_LEASE);
        // Any new job makes the worker look.
        let source = json!({"kind": "text", "title": "Lamps", "text": "Lamps are sold."});
        let path = format!("/chatbots/{}/sources", server.chatbot());
        assert_eq!(server.owner().client.post(&path, &source).await.status, 201);
        let again = server.model.call(1).await;
        stalled.dropped().await;
        again.say("The second try").await;
        again.finish().await;
        log_with(&server, &mut page, &guest, "assistant_message").await;
        None
    } else {
        let other = TestServer::on(&place).await;
        other.model.always(Reply::Says("The second try".into()));
        other.clock.advance(PAST_THE_LEASE);
        other.model.call(0).await;
        let mut elsewhere = VisitorSocket::open(other.address, &guest.token).await;
        elsewhere.follow(id, 1).await;
        let answered = |frame: &VisitorServerFrame| match frame {
            VisitorServerFrame::Event { event, .. } => (event.visitor_seq == 2).then_some(()),
            _ => None,
        };
        elsewhere.until(answered).await;
        // The stalled one wakes up and has its say: it is refused, and who listened to it hears that.
        stalled.finish().await;
        page.until(|frame| matches!(frame, VisitorServerFrame::TokensDropped { .. }).then_some(())).await;
        Some(other)
    };
    let log = server.log(id).await;
    assert_eq!(answers(&log), ["The second try"]);
    assert_eq!(log.iter().filter(|event| matches!(event.body, StaffEventBody::Turn {})).count(), 1, "one more attempt");
    if let Some(other) = other {
        other.stop().await;
    }
    server.clock.advance(PAST_THE_LEASE);
    server.stop().await;
}

async fn a_server_that_died_in_the_middle_of_an_answer_gives_it_once(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    server.model.always(Reply::Endless(Duration::from_millis(5)));
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(t) if t.offset > 0).then_some(())).await;
    server.kill().await;

    let server = TestServer::on(&place).await;
    server.model.always(Reply::Says("After all".into()));
    if !place.is_sole() {
        server.clock.advance(PAST_THE_LEASE);
    }
    let mut page = VisitorSocket::open(server.address, &guest.token).await;
    page.follow(id, 1).await;
    let answered = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => Some(serde_json::to_value(event).unwrap()),
        _ => None,
    };
    let answer = page.until(answered).await;
    assert_eq!((&answer["visitor_seq"], &answer["text"]), (&json!(2), &json!("After all")));
    // Another message gets another answer, so the first one came once.
    page.says(id, "Again").await.unwrap();
    while page.until(answered).await["visitor_seq"] != 4 {}
    let log: api::common::Page<StaffEvent> =
        server.client().is(owner.client.caller().clone()).get(&format!("/conversations/{id}/events")).await.ok();
    assert_eq!(answers(&log.items), ["After all", "After all"]);
    server.stop().await;
}
