//! Private notes, mentions, and texts that are changed after they were said.

use api::{
    common::Page,
    conversations::{CommandResult, Control},
    events::{StaffEventBody, VisitorEventBody},
    frames::{AlertKind, DeskAction, DeskClientFrame, DeskServerFrame, VisitorServerFrame},
    notes::{MentionView, TextVersion},
};
use domain::person::Role;
use serde_json::json;
use testkit::{
    on_both_engines,
    server::{Guest, Member, Place, TestServer},
};

use crate::reading::{acknowledgements, control};

on_both_engines!(
    a_note_is_for_staff_whatever_the_door,
    whoever_is_mentioned_is_told_once_and_reminded_until_they_read,
    an_edit_is_seen_live_and_after_a_reload,
    a_deleted_text_is_gone_for_everybody,
    a_dismissal_is_taken_back_without_a_word,
);

async fn mentions(of: &Member) -> Vec<MentionView> {
    of.client.get("/mentions").await.ok::<Page<MentionView>>().items
}

/// The `seq` of what a command wrote last.
fn last(result: &CommandResult) -> i64 {
    result.events.last().unwrap().seq
}

async fn a_note_is_for_staff_whatever_the_door(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    let mut desk = server.desk_at(&sofia, id).await;
    let path = format!("/conversations/{id}/notes");
    let body = json!({"client_id": "n1", "text": "He called yesterday"});
    let written: CommandResult = sofia.client.post(&path, &body).await.ok();
    let again: CommandResult = sofia.client.post(&path, &body).await.ok();
    assert_eq!(last(&written), last(&again), "the same note under the same id is one");
    let other = json!({"client_id": "n1", "text": "Something else"});
    assert_eq!(sofia.client.post(&path, &other).await.said(), (409, "client_id_reused".into()));
    desk.send(&DeskClientFrame::Note {
        conversation: id.clone(),
        client_id: "n2".into(),
        text: "And today".into(),
        files: vec![],
        mentions: vec![],
    })
    .await;
    desk.acked("n2").await.unwrap();
    assert_eq!(vera.client.post(&path, &json!({"text": "Me too"})).await.said(), (403, "forbidden".into()));
    assert_eq!(guest.client.post(&path, &json!({"text": "Me too"})).await.said(), (403, "forbidden".into()));
    assert_eq!(sofia.client.post(&path, &json!({"text": "  "})).await.said(), (422, "invalid".into()));
    // A viewer reads it; a note is no takeover and no word to the visitor.
    let log = server.log(id).await;
    let notes: Vec<&str> = log
        .iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::Note { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(notes, ["He called yesterday", "And today"]);
    assert_eq!(control(&server, &guest).await, Control::Ai);
    page.says(id, "Hello").await.unwrap();
    let seen = serde_json::to_string(&server.visitor_log(&guest).await).unwrap();
    assert!(!seen.contains("yesterday") && !seen.contains("today"), "{seen}");
    assert!(!page.seen.iter().any(|frame| serde_json::to_string(frame).unwrap().contains("today")));
    server.stop().await;
}

async fn whoever_is_mentioned_is_told_once_and_reminded_until_they_read(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let other = server.other_workspace().await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut desks = [server.desk(&sofia).await, server.desk(&vera).await];
    for desk in &mut desks {
        desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
        desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    }
    let path = format!("/conversations/{id}/notes");
    let stranger = json!({"text": "@Otto", "mentions": [other.owner.id.to_string()]});
    assert_eq!(server.owner().client.post(&path, &stranger).await.said(), (422, "invalid".into()));
    let body = json!({"text": "@Sofia @Vera have a look", "mentions": [sofia.id.to_string(), vera.id.to_string()]});
    let written: CommandResult = server.owner().client.post(&path, &body).await.ok();
    let rung = desks[0].until(|frame| match frame {
        DeskServerFrame::Alert(alert) => Some((alert.kind, alert.conversation.clone(), alert.body.clone())),
        _ => None,
    });
    assert_eq!(rung.await, (AlertKind::Mention, id.clone(), "@Sofia @Vera have a look".into()));
    // A viewer is never alerted, but finds it in the list.
    desks[1].until(|frame| matches!(frame, DeskServerFrame::Inbox { .. }).then_some(())).await;
    assert!(!desks[1].seen.iter().any(|frame| matches!(frame, DeskServerFrame::Alert(_))));
    for member in [&sofia, &vera] {
        let waiting = mentions(member).await;
        assert_eq!(waiting.len(), 1, "{}", member.name);
        assert_eq!((waiting[0].seq, waiting[0].person.as_ref().unwrap().name.as_str()), (last(&written), "Olga"));
        let read = json!({"conversation": id, "seq": last(&written)});
        assert_eq!(member.client.post("/mentions/read", &read).await.status, 200);
        assert!(mentions(member).await.is_empty(), "{}", member.name);
    }
    assert!(mentions(&server.owner()).await.is_empty());
    let theirs = json!({"conversation": id, "seq": 1});
    assert_eq!(other.owner.client.post("/mentions/read", &theirs).await.said(), (404, "not_found".into()));
    server.stop().await;
}

/// Sofia has said something; its `seq`.
async fn said(sofia: &Member, guest: &Guest, text: &str) -> i64 {
    let path = format!("/conversations/{}/messages", guest.conversation);
    last(&sofia.client.post(&path, &json!({ "text": text })).await.ok())
}

async fn an_edit_is_seen_live_and_after_a_reload(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let ben = server.add("Ben", Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Where is it?").await.unwrap();
    let seq = said(&sofia, &guest, "On Monday").await;
    let path = format!("/conversations/{id}/messages/{seq}");
    let on_tuesday = json!({"text": "On Tuesday"});
    assert_eq!(ben.client.patch(&path, &on_tuesday).await.said(), (409, "not_author".into()));
    assert_eq!(server.owner().client.patch(&path, &on_tuesday).await.said(), (409, "not_author".into()));
    assert_eq!(guest.client.patch(&path, &on_tuesday).await.said(), (403, "forbidden".into()));
    let visitors = format!("/conversations/{id}/messages/1");
    assert_eq!(server.owner().client.patch(&visitors, &on_tuesday).await.said(), (409, "no_text".into()));
    assert_eq!(sofia.client.patch(&path, &json!({"text": ""})).await.said(), (422, "invalid".into()));
    let edited: CommandResult = sofia.client.patch(&path, &on_tuesday).await.ok();
    assert_eq!(edited.events.len(), 1);
    let same: CommandResult = sofia.client.patch(&path, &on_tuesday).await.ok();
    assert_eq!(same.events.len(), 0, "nothing has changed, nobody has to be told");
    let (of, text) = page
        .until(|frame| match frame {
            VisitorServerFrame::Event { event, .. } => match &event.body {
                VisitorEventBody::TextEdited { of, text } => Some((*of, text.clone())),
                _ => None,
            },
            _ => None,
        })
        .await;
    assert_eq!(text, "On Tuesday");
    let seen = server.visitor_log(&guest).await;
    let message = seen.iter().find(|event| event.visitor_seq == of).unwrap();
    assert!(message.edited, "the page can say that it was not the first text");
    assert!(matches!(&message.body, VisitorEventBody::HumanMessage { text, .. } if text == "On Tuesday"));
    assert!(!serde_json::to_string(&seen).unwrap().contains("Monday"), "the visitor sees the new text only");
    let versions: Page<TextVersion> = ben.client.get(&format!("{path}/versions")).await.ok();
    assert_eq!(versions.items.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["On Monday", "On Tuesday"]);
    assert_eq!(guest.client.get(&format!("{path}/versions")).await.said(), (403, "forbidden".into()));
    // Over the socket it is the same command.
    let mut desk = server.desk_at(&sofia, id).await;
    desk.does(id, DeskAction::EditText { of: seq, text: "On Wednesday".into() }).await.unwrap();
    assert!(serde_json::to_string(&server.visitor_log(&guest).await).unwrap().contains("Wednesday"));
    server.stop().await;
}

async fn a_deleted_text_is_gone_for_everybody(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let ben = server.add("Ben", Role::Agent).await;
    let vera = server.add("Vera", Role::Viewer).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    let seq = said(&sofia, &guest, "The code is 4711").await;
    let path = format!("/conversations/{id}/messages/{seq}");
    assert_eq!(ben.client.delete(&path).await.said(), (409, "not_author".into()));
    assert_eq!(vera.client.delete(&path).await.said(), (403, "forbidden".into()));
    // An admin may, also when somebody else has the chat.
    let deleted: CommandResult = server.owner().client.delete(&path).await.ok();
    assert!(matches!(deleted.events[0].body, StaffEventBody::TextDeleted { of, .. } if of == seq));
    page.until(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            matches!(event.body, VisitorEventBody::TextDeleted { .. }).then_some(())
        }
        _ => None,
    })
    .await;
    for log in [
        serde_json::to_string(&server.visitor_log(&guest).await).unwrap(),
        serde_json::to_string(&server.log(id).await).unwrap(),
    ] {
        assert!(!log.contains("4711"), "{log}");
    }
    assert!(server.visitor_log(&guest).await.iter().any(|event| event.deleted));
    assert_eq!(sofia.client.get(&format!("{path}/versions")).await.said(), (404, "not_found".into()));
    assert_eq!(sofia.client.delete(&path).await.said(), (409, "deleted".into()));
    assert_eq!(sofia.client.patch(&path, &json!({"text": "back"})).await.said(), (409, "deleted".into()));
    server.stop().await;
}

async fn a_dismissal_is_taken_back_without_a_word(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    guest.client.post_nothing(&format!("/conversations/{id}/request-human")).await;
    let before = server.log(id).await;
    let mut desk = server.desk_at(&sofia, id).await;
    desk.does(id, DeskAction::DismissRequest {}).await.unwrap();
    assert_eq!(control(&server, &guest).await, Control::Ai);
    let mut ringing = server.desk(&sofia).await;
    ringing.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    ringing.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    desk.does(id, DeskAction::UndoDismiss {}).await.unwrap();
    let row = ringing.until(|frame| match frame {
        DeskServerFrame::Inbox { row, .. } if row.control == Control::Requested => Some(row.request.clone().unwrap()),
        _ => None,
    });
    let request = row.await;
    // The same request: the same alert, the same clock, the same reason; and no second bell.
    assert_eq!(request.alert_id, format!("{id}:{}", before[0].seq));
    assert_eq!((request.since, request.reasons.len()), (before[0].at, 1));
    assert!(!ringing.seen.iter().any(|frame| matches!(frame, DeskServerFrame::Alert(_))));
    assert_eq!(acknowledgements(&server.log(id).await), acknowledgements(&before), "nothing is said");
    let visitor = server.visitor_log(&guest).await;
    assert!(matches!(visitor.last().unwrap().body, VisitorEventBody::HumanRequested {}));
    assert_eq!(desk.does(id, DeskAction::UndoDismiss {}).await.unwrap_err().code, "unchanged");
    desk.does(id, DeskAction::DismissRequest {}).await.unwrap();
    desk.does(id, DeskAction::TakeOver {}).await.unwrap();
    let path = format!("/conversations/{id}/undo-dismiss");
    assert_eq!(sofia.client.post_nothing(&path).await.said(), (409, "already_live".into()));
    server.stop().await;
}
