//! When a person is called, and how often the visitor is told.

use std::time::Duration;

use api::{
    conversations::{Control, ConversationDetail},
    events::{Reason, StaffEvent, StaffEventBody},
    frames::{AlertKind, DeskClientFrame, DeskServerFrame, VisitorAction, VisitorServerFrame},
};
use domain::{chatbot::OutputTrigger, person::Role};
use ports::models::Part;
use serde_json::{Value, json};
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{Place, TestServer},
};

use crate::reading::{acknowledgements, answers, control, log_with, reasons, with_escalation};

on_both_engines!(
    a_watched_phrase_alerts_once_and_the_ai_goes_on,
    a_watched_phrase_that_also_requests_calls_a_person,
    an_ai_that_promises_a_person_has_made_a_request,
    a_yes_to_the_offer_calls_a_person,
    a_no_to_the_offer_calls_nobody_and_is_answered_in_the_language_of_the_talk,
    whoever_was_called_is_not_offered_again,
    the_requested_message_is_said_once,
    a_question_beside_a_repeated_wish_is_answered,
    the_card_tells_of_this_time_however_long_they_talk,
    on_hold_the_ai_is_silent_until_the_request_is_closed,
);

async fn a_watched_phrase_alerts_once_and_the_ai_goes_on(place: Place) {
    let phrase = OutputTrigger { phrase: "full refund".into(), also_request: false, ..OutputTrigger::default() };
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
    let phrase = OutputTrigger { phrase: "lawyer".into(), also_request: true, ..OutputTrigger::default() };
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

async fn a_no_to_the_offer_calls_nobody_and_is_answered_in_the_language_of_the_talk(place: Place) {
    let server = TestServer::on(&place).await;
    let mut asked = 0;
    for (question, no, said) in [
        ("Do you sell flux capacitors?", "not now", "All right."),
        ("Do you sell flux capacitors?", "no", "All right."),
        ("Do you sell flux capacitors?", "ok thanks bye", "All right."),
        ("Verkaufen Sie auch eine Zeitmaschine und ist die teuer?", "nein danke", "Alles klar."),
        ("Est-ce que vous vendez des lampes avec un pied en bois ?", "pas maintenant", "Très bien."),
        ("¿Tienen lámparas de madera para el jardín?", "vale gracias adiós", "De acuerdo."),
    ] {
        let guest = server.guest().await;
        let id = &guest.conversation;
        server.model.then(Reply::Driven);
        let mut page = server.page(&guest).await;
        page.says(id, question).await.unwrap();
        let call = server.model.call(asked).await;
        asked += 1;
        call.say("I do not know. Shall I bring in a person?").await;
        call.part(Part::OffersPerson).await;
        call.finish().await;
        log_with(&server, &mut page, &guest, "assistant_message").await;
        page.says(id, no).await.unwrap();
        let log = log_with(&server, &mut page, &guest, "assistant_message").await;
        let last = answers(&log).last().copied().unwrap_or_default().to_owned();
        assert!(last.starts_with(said), "{no}: {last}");
        assert_eq!((control(&server, &guest).await, reasons(&log).len()), (Control::Ai, 0), "{no}");
        assert_eq!(server.model.asked(), asked, "{no}: no model has to be asked");
    }
    // Where nothing was offered, "no" is the visitor's own matter: the model hears it, and in which language.
    let guest = server.guest().await;
    server.model.then(Reply::Driven);
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "no internet").await.unwrap();
    let call = server.model.call(asked).await;
    assert_eq!(call.request.language.as_deref(), Some("en"));
    call.say("Let us see.").await;
    call.finish().await;
    log_with(&server, &mut page, &guest, "assistant_message").await;
    server.stop().await;
}

async fn whoever_was_called_is_not_offered_again(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.does(&guest.conversation, VisitorAction::RequestHuman).await.unwrap();
    server.model.then(Reply::Driven);
    page.says(&guest.conversation, "Do you sell flux capacitors?").await.unwrap();
    let call = server.model.call(0).await;
    assert!(!call.request.may_offer_person, "a person was called already");
    call.say("We do not.").await;
    call.finish().await;
    log_with(&server, &mut page, &guest, "assistant_message").await;
    server.stop().await;
}

async fn the_card_tells_of_this_time_however_long_they_talk(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.then(Reply::Says("We open at nine.".into()));
    let guest = server.guest().await;
    let id = &guest.conversation;
    let owner = server.owner().client;
    let card =
        || async { owner.get(&format!("/conversations/{id}")).await.ok::<ConversationDetail>().handover.unwrap() };
    let mut page = server.page(&guest).await;
    page.says(id, "When do you open?").await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    page.says(id, "I want to talk to a human").await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    let write = format!("/conversations/{id}/messages");
    for number in 0..80 {
        owner.post(&write, &json!({"text": format!("Word {number}")})).await.ok::<Value>();
    }
    let asked = card().await;
    assert_eq!(asked.visitor_words, ["When do you open?", "I want to talk to a human"]);
    assert_eq!(asked.tried.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["We open at nine."]);
    assert_eq!(asked.reasons.len(), 1);
    // The next time a person comes unasked: the reasons of the first time are over.
    owner.post_nothing(&format!("/conversations/{id}/end-live-chat")).await.ok::<Value>();
    owner.post(&write, &json!({"text": "One more thing"})).await.ok::<Value>();
    let unasked = card().await;
    assert!(unasked.reasons.is_empty() && unasked.requested_at.is_none(), "{unasked:?}");
    // And when one is wanted again, the words before the first time are no news.
    owner.post_nothing(&format!("/conversations/{id}/end-live-chat")).await.ok::<Value>();
    page.does(id, VisitorAction::RequestHuman).await.unwrap();
    assert_eq!(card().await.reasons.len(), 1);
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

/// Of two messages that are answered together one asks for the person who was called already; the other one is a question.
async fn a_question_beside_a_repeated_wish_is_answered(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "I want to talk to a human").await.unwrap();
    log_with(&server, &mut page, &guest, "human_requested").await;
    server.model.always(Reply::Endless(Duration::from_millis(5)));
    page.says(id, "How often does a bicycle chain need oil?").await.unwrap();
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(t) if t.offset > 0).then_some(())).await;
    server.model.always(Reply::Says("Every 200 kilometres.".into()));
    page.says(id, "give me a real person now").await.unwrap();
    page.seen.clear();
    page.until(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            let event = serde_json::to_value(event).unwrap();
            (event["text"] == "Every 200 kilometres.").then_some(())
        }
        _ => None,
    })
    .await;
    let log = server.log(id).await;
    assert_eq!(answers(&log), ["Every 200 kilometres."]);
    assert_eq!(reasons(&log).len(), 2, "people are told of the repeated wish");
    assert_eq!(acknowledgements(&log), 1);
    server.stop().await;
}
