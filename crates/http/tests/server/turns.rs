//! The life of a turn: from the visitor's words to one answer, or to a person; never to silence, never to two.

use std::time::Duration;

use api::{
    conversations::Control,
    events::{Reason, StaffEvent, StaffEventBody},
    frames::{DeskAction, DeskServerFrame, VisitorAction, VisitorServerFrame},
};
use domain::{SourceId, person::Role};
use ports::{
    jobs::{Jobs, Lease, NewJob, Task},
    models::Speaker,
    sources::{Source, SourceKind, SourceStatus, Sources},
    world::{Clock, Entropy},
};
use serde_json::json;
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{Guest, Options, Place, TestServer, VisitorSocket},
};

use crate::reading::{acknowledgements, answers, control, log_with, reasons, with_escalation};

on_both_engines!(
    a_source_that_never_comes_to_an_end_is_given_up,
    a_burst_gets_one_answer_and_what_comes_later_one_more,
    no_provider_leaves_silence,
    a_model_that_only_thinks_is_given_up,
    without_escalation_the_visitor_is_told_that_there_is_no_answer,
    a_text_that_comes_to_nothing_leaves_no_silence,
    a_turn_that_never_comes_to_an_end_is_settled_with_a_word,
    after_a_live_chat_the_ai_knows_what_was_said,
    a_follow_up_is_looked_up_with_what_was_said_before,
    a_stalled_worker_is_refused_and_another_attempt_answers,
    a_server_that_died_in_the_middle_of_an_answer_gives_it_once,
    an_answer_that_is_withdrawn_is_gone_from_every_page,
);

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

/// Every way in which an answerer can fail, with how long one has to wait for it, and what the hand-over card says of it.
fn failures() -> [(Reply, Option<Duration>, &'static str); 6] {
    let stalled = Some(Duration::from_secs(36));
    [
        (Reply::Refuses, None, "refused"),
        (Reply::Empty, None, "empty"),
        (Reply::Says("  \n ".into()), None, "empty"),
        (Reply::Breaks("Let me see".into()), None, "cut_off"),
        (Reply::Stops("Let me see".into()), stalled, "timed_out"),
        (Reply::Hangs, stalled, "timed_out"),
    ]
}

/// The worker renews its leases so often.
const RENEWED_EVERY: Duration = Duration::from_millis(2_500);
/// Steps shorter than that.
const STEPS: u32 = 10;

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
            tokio::select! {
                () = server.clock.has_sleeper(RENEWED_EVERY) => {}
                () = call.dropped() => break,
            }
        }
    }
    call.dropped().await;
}

async fn no_provider_leaves_silence(place: Place) {
    let server = TestServer::on(&place).await;
    server.clock.freeze();
    for (reply, patience, trouble) in failures() {
        server.model.then(reply.clone());
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        ask(&server, &mut page, &guest, (&reply, patience)).await;
        if matches!(reply, Reply::Breaks(_) | Reply::Stops(_)) {
            // What was begun is taken back in words: no event says so.
            page.until(|frame| matches!(frame, VisitorServerFrame::TokensDropped { turn: 1, .. }).then_some(())).await;
        }
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        let failed = Reason::AiFailed { model: Some("scripted".into()), trouble: Some(trouble.into()) };
        assert_eq!(reasons(&log), [failed], "{reply:?}");
        assert_eq!((answers(&log).len(), acknowledgements(&log)), (0, 1), "{reply:?}");
        assert_eq!(control(&server, &guest).await, Control::Requested, "{reply:?}");
    }
    server.stop().await;
}

/// A sign of life is no word: it was waited for as long as signs came.
async fn a_model_that_only_thinks_is_given_up(place: Place) {
    let server = TestServer::on(&place).await;
    server.clock.freeze();
    server.model.then(Reply::Driven);
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "How do I return something?").await.unwrap();
    let call = server.model.call(0).await;
    for _ in 0..3 * STEPS {
        call.part(ports::models::Part::Thinks).await;
        server.clock.advance(RENEWED_EVERY);
        tokio::select! {
            () = server.clock.has_sleeper(RENEWED_EVERY) => {}
            () = call.dropped() => break,
        }
    }
    call.dropped().await;
    let log = log_with(&server, &mut page, &guest, "assistant_message").await;
    let failed = Reason::AiFailed { model: Some("scripted".into()), trouble: Some("timed_out".into()) };
    assert_eq!(reasons(&log), [failed]);
    server.stop().await;
}

async fn without_escalation_the_visitor_is_told_that_there_is_no_answer(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.enabled = false).await;
    server.clock.freeze();
    for (reply, patience, _) in failures() {
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

/// A text of places of variables alone, of which none has a value. Nobody answered such a message, ever.
async fn a_text_that_comes_to_nothing_leaves_no_silence(place: Place) {
    for enabled in [false, true] {
        let server = with_escalation(&place, |escalation| escalation.enabled = enabled).await;
        let owner = server.owner().client;
        let chatbot = format!("/chatbots/{}", server.chatbot());
        // A rule is passed over then.
        let always = json!({"all": true, "conditions": [{"type": "visitor_messages", "is": "at_least", "count": 1}]});
        let say = json!({"type": "say", "text": "{order_number}"});
        let rule = json!({"name": "Order", "enabled": true, "when": always, "action": say});
        owner.patch(&chatbot, &json!({"supervisor": {"rules": [rule]}})).await.ok::<serde_json::Value>();
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        page.says(&guest.conversation, "Where is it?").await.unwrap();
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        assert_eq!(answers(&log), ["An answer."]);
        // An agent with one text has nothing else to say.
        let first =
            owner.get(&format!("{chatbot}/agents")).await.value()["items"][0]["id"].as_str().unwrap().to_owned();
        let canned = json!({"kind": "pre-canned", "name": "Orders", "default_message": " {order_number} "});
        let canned = owner.post(&format!("{chatbot}/agents"), &canned).await.value()["id"].as_str().unwrap().to_owned();
        for (agent, on) in [(&canned, true), (&first, false)] {
            owner.patch(&format!("{chatbot}/agents/{agent}"), &json!({"enabled": on})).await.ok::<serde_json::Value>();
        }
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        page.says(&guest.conversation, "Where is it?").await.unwrap();
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        assert!(answers(&log)[0].starts_with("I couldn't answer that just now."), "{log:?}");
        assert_eq!(control(&server, &guest).await, Control::Ai);
        assert_eq!(server.model.asked(), 1);
        server.stop().await;
    }
}

/// Every worker that took it died before it could say anything, and nobody may be called.
async fn a_turn_that_never_comes_to_an_end_is_settled_with_a_word(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.enabled = false).await;
    let owner = server.owner();
    server.model.always(Reply::Hangs);
    server.clock.freeze();
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    server.model.call(0).await;
    let later = server.clock.now().plus(3_600_000);
    let (database, worker) = (server.database.clone(), server.entropy.id(later));
    let taken = server.run(move |_| async move {
        for _ in 0..8 {
            assert_eq!(database.claim(Lease { worker, until: later }, later, 8).await.unwrap().len(), 1);
        }
    });
    taken.await;
    server.kill().await;

    let server = TestServer::on(&place).await;
    if !place.is_sole() {
        server.clock.advance(Duration::from_secs(3_600));
    }
    let mut page = VisitorSocket::open(server.address, &guest.token).await;
    page.follow(id, 1).await;
    let answered = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => Some(serde_json::to_value(event).unwrap()),
        _ => None,
    };
    let answer = page.until(answered).await;
    assert!(answer["text"].as_str().unwrap().starts_with("I couldn't answer that just now."), "{answer}");
    assert_eq!(server.model.asked(), 0);
    // And the conversation goes on.
    page.says(id, "Are you there?").await.unwrap();
    while page.until(answered).await["visitor_seq"] != 4 {}
    let log: api::common::Page<StaffEvent> =
        server.client().is(owner.client.caller().clone()).get(&format!("/conversations/{id}/events")).await.ok();
    assert_eq!(answers(&log.items)[1..], ["An answer."]);
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

/// The last message alone was looked up once, and "And for children?" found nothing.
async fn a_follow_up_is_looked_up_with_what_was_said_before(place: Place) {
    let server = TestServer::on(&place).await;
    let sources = format!("/chatbots/{}/sources", server.chatbot());
    for (question, answer) in [("What does a ticket cost?", "12 euros."), ("Where is the museum?", "At the river.")] {
        let source = json!({"kind": "qa", "question": question, "answer": answer});
        assert_eq!(server.owner().client.post(&sources, &source).await.status, 201);
    }
    server.settled().await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    let found = async |number: usize| -> Vec<String> {
        let passages = server.model.call(number).await.request.passages;
        passages.into_iter().map(|passage| passage.text).collect()
    };
    let mut says = async |text: &str, seq: i64| {
        page.says(&guest.conversation, text).await.unwrap();
        let answered = |frame: &VisitorServerFrame| match frame {
            VisitorServerFrame::Event { event, .. } => (event.visitor_seq == seq).then_some(()),
            _ => None,
        };
        page.until(answered).await;
    };
    says("What does a ticket cost?", 2).await;
    says("And for children?", 4).await;
    assert!(found(1).await.iter().any(|text| text.contains("12 euros")), "{:?}", found(1).await);
    // What finds something by itself needs nothing else.
    says("Where is the museum?", 6).await;
    assert!(!found(2).await.iter().any(|text| text.contains("12 euros")), "{:?}", found(2).await);
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

/// Every worker that took it died before it could say why.
async fn a_source_that_never_comes_to_an_end_is_given_up(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner();
    let later = server.clock.now().plus(3_600_000);
    let source = Source {
        id: SourceId::new(server.entropy.id(later)),
        chatbot: server.chatbot(),
        kind: SourceKind::Text,
        title: "Lamps".into(),
        status: SourceStatus::Indexing,
        chunks: 0,
        read: 0,
        bytes: 5,
        version: 0,
        updated_at: later,
        original: None,
    };
    let task = Task::IndexSource { source: source.id };
    let job = NewJob { id: server.entropy.id(later), task, run_at: later, lease: None };
    let scope = server.baton.staff_by_key(&owner.key).await.unwrap().scope();
    let (database, worker) = (server.database.clone(), server.entropy.id(later));
    let prepared = server.run(move |_| async move {
        database.add_source(scope, &source, "Lamps", Some(job), None).await.unwrap();
        for _ in 0..8 {
            let taken = database.claim(Lease { worker, until: later }, later, 8).await.unwrap();
            assert_eq!(taken.len(), 1);
        }
        source.id
    });
    let id = prepared.await;
    server.clock.advance(Duration::from_secs(3_600));
    let path = format!("/chatbots/{}/sources/{id}", server.chatbot());
    let mut source = owner.client.get(&path).await.value();
    for _ in 0..2_000 {
        if source["status"] != "indexing" {
            break;
        }
        source = owner.client.get(&path).await.value();
    }
    assert_eq!(source["status"], "failed", "{source}");
    assert!(source["error"].as_str().unwrap().contains("stopped each time"), "{source}");
    server.stop().await;
}

/// Whoever withdraws the AI's right to speak, no page keeps half a sentence.
async fn an_answer_that_is_withdrawn_is_gone_from_every_page(place: Place) {
    let server = with_escalation(&place, |escalation| escalation.hold = true).await;
    server.model.always(Reply::Driven);
    let sofia = server.add("Sofia", Role::Agent).await;
    for (number, way) in ["resolved", "requested", "taken over"].into_iter().enumerate() {
        let guest = server.guest().await;
        let id = &guest.conversation;
        let mut desk = server.desk_at(&sofia, id).await;
        let mut page = server.page(&guest).await;
        page.says(id, "How do I return something?").await.unwrap();
        let call = server.model.call(number).await;
        call.say("You can send it ").await;
        page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
        desk.until(|frame| matches!(frame, DeskServerFrame::Tokens(_)).then_some(())).await;
        match way {
            "resolved" => drop(desk.does(id, DeskAction::Resolve {}).await.unwrap()),
            "requested" => drop(page.does(id, VisitorAction::RequestHuman).await.unwrap()),
            _ => drop(desk.says(id, "Hello, this is Sofia.").await.unwrap()),
        }
        page.until(|frame| matches!(frame, VisitorServerFrame::TokensDropped { turn: 1, .. }).then_some(())).await;
        desk.until(|frame| matches!(frame, DeskServerFrame::TokensDropped { turn: 1, .. }).then_some(())).await;
        assert_eq!(answers(&server.log(id).await), Vec::<&str>::new(), "{way}");
    }
    server.stop().await;
}
