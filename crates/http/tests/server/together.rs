//! Collaborators side by side: the first commit wins, the second keeps the text and reads who won; roles count at
//! every door.

use api::{
    common::Page,
    conversations::{CommandResult, ConversationRow},
    events::{StaffEvent, StaffEventBody},
    frames::{DeskAction, DeskClientFrame, DeskServerFrame, VisitorServerFrame},
};
use domain::person::Role;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Client, Guest, Member, Place, TestServer},
};

const ROUNDS: usize = 24;

on_both_engines!(
    of_two_who_send_at_once_exactly_one_takes_over,
    a_colleague_joins_and_both_write,
    only_an_admin_takes_over_from_a_colleague,
    a_viewer_reads_and_does_nothing_else,
    an_agent_answers_and_changes_no_settings,
    a_visitor_sees_only_those_typing_who_are_in_the_chat,
);

/// A visitor whose question was answered.
async fn asked(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "Where is my parcel?").await.unwrap();
    let answered = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Event { event, .. } => (event.visitor_seq == 2).then_some(()),
        _ => None,
    };
    page.until(answered).await;
    guest
}

async fn write(client: &Client, conversation: &str, client_id: &str, text: &str) -> Result<(), (String, String)> {
    let message = json!({"client_id": client_id, "text": text});
    let answer = client.post(&format!("/conversations/{conversation}/messages"), &message).await;
    if answer.status.is_success() {
        return Ok(());
    }
    let held_by = answer.value()["held_by"].as_str().unwrap_or_default().to_owned();
    Err((answer.code(), held_by))
}

fn count(log: &[StaffEvent], fits: impl Fn(&StaffEventBody) -> bool) -> usize {
    log.iter().filter(|event| fits(&event.body)).count()
}

async fn of_two_who_send_at_once_exactly_one_takes_over(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    for round in 0..ROUNDS {
        let guest = asked(&server).await;
        let id = &guest.conversation;
        let (mut desk, mut other) = (server.desk_at(&sofia, id).await, server.desk_at(&omar, id).await);
        let by_socket = async { desk.says(id, "I am Sofia").await.map_err(|p| (p.code.clone(), p.held_by.clone())) };
        let second = async {
            if round % 2 == 0 {
                return other.says(id, "I am Omar").await.map(drop).map_err(|p| (p.code.clone(), p.held_by.unwrap()));
            }
            write(&omar.client, id, "first", "I am Omar").await
        };
        let (first, second) = tokio::join!(by_socket, second);
        let (winner, code, held_by) = match (first, second) {
            (Ok(_), Err((code, held_by))) => ("Sofia", code, held_by),
            (Err((code, held_by)), Ok(())) => ("Omar", code, held_by.unwrap()),
            both => panic!("round {round}: {both:?}"),
        };
        assert_eq!((code.as_str(), held_by.as_str()), ("held_by", winner), "round {round}");
        let log = server.log(id).await;
        assert_eq!(
            count(&log, |body| matches!(body, StaffEventBody::TakenOver { person } if person.name == winner)),
            1
        );
        assert_eq!(count(&log, |body| matches!(body, StaffEventBody::TakenOver { .. })), 1);
        assert_eq!(count(&log, |body| matches!(body, StaffEventBody::Announcement { .. })), 1);
        assert_eq!(count(&log, |body| matches!(body, StaffEventBody::HumanMessage { .. })), 1);
    }
    server.stop().await;
}

async fn a_colleague_joins_and_both_write(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let guest = asked(&server).await;
    let id = &guest.conversation;
    let mut omars = server.desk_at(&omar, id).await;
    assert_eq!(omars.does(id, DeskAction::Join {}).await.unwrap_err().code, "not_live");
    write(&sofia.client, id, "a", "I am here").await.unwrap();
    assert_eq!(omars.says(id, "Me too").await.unwrap_err().held_by.as_deref(), Some("Sofia"));
    omars.does(id, DeskAction::Join {}).await.unwrap();
    omars.says(id, "Me too").await.unwrap();
    write(&sofia.client, id, "b", "We are two").await.unwrap();
    assert_eq!(omars.does(id, DeskAction::Join {}).await.unwrap_err().code, "already_participant");
    let row: ConversationRow = omar.client.get(&format!("/conversations/{id}")).await.ok();
    let names: Vec<_> = row.live.unwrap().participants.into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["Sofia", "Omar"]);
    omars.does(id, DeskAction::Leave {}).await.unwrap();
    let last = sofia.client.post_nothing(&format!("/conversations/{id}/leave")).await;
    assert_eq!(last.said(), (409, "last_participant".into()));
    server.stop().await;
}

async fn only_an_admin_takes_over_from_a_colleague(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let ada = server.add("Ada", Role::Admin).await;
    let guest = asked(&server).await;
    let id = &guest.conversation;
    write(&sofia.client, id, "a", "I am here").await.unwrap();
    let path = format!("/conversations/{id}/take-over");
    let from = |member: &Member| json!({"from": member.id.to_string()});
    assert_eq!(omar.client.post(&path, &from(&sofia)).await.said(), (403, "forbidden".into()));
    assert_eq!(omar.client.post_nothing(&path).await.said(), (409, "held_by".into()));
    assert_eq!(ada.client.post(&path, &from(&omar)).await.said(), (409, "not_participant".into()));
    let taken: CommandResult = ada.client.post(&path, &from(&sofia)).await.ok();
    assert!(
        matches!(&taken.events[0].body, StaffEventBody::ParticipantsReplaced { person, .. } if person.name == "Ada")
    );
    assert_eq!(write(&sofia.client, id, "b", "And I?").await, Err(("held_by".into(), "Ada".into())));
    // Whoever says goodbye for others must be in charge as well.
    let end = omar.client.post_nothing(&format!("/conversations/{id}/end-live-chat")).await;
    assert_eq!(end.said(), (409, "held_by".into()));
    let resolve = omar.client.post_nothing(&format!("/conversations/{id}/resolve")).await;
    assert_eq!(resolve.said(), (409, "held_by".into()));
    server.stop().await;
}

async fn a_viewer_reads_and_does_nothing_else(place: Place) {
    let server = TestServer::on(&place).await;
    let (vera, sofia) = (server.add("Vera", Role::Viewer).await, server.add("Sofia", Role::Agent).await);
    let guest = asked(&server).await;
    let id = &guest.conversation;
    let mut desk = server.desk_at(&vera, id).await;
    let before = server.log(id).await.len();
    assert_eq!(desk.says(id, "Hello").await.unwrap_err().code, "forbidden");
    let person = sofia.id.to_string();
    let actions = [
        DeskAction::TakeOver {},
        DeskAction::TakeOverFrom { person: person.clone() },
        DeskAction::Join {},
        DeskAction::Leave {},
        DeskAction::Transfer { to: person.clone() },
        DeskAction::EndLiveChat {},
        DeskAction::DismissRequest {},
        DeskAction::Resolve {},
        DeskAction::Reopen {},
    ];
    for action in actions {
        let refused = desk.does(id, action.clone()).await.unwrap_err();
        // What is not live is told before who may: nothing is given away by it.
        assert!(matches!(refused.code.as_str(), "forbidden" | "not_live"), "{action:?}: {}", refused.code);
    }
    let posts = [
        ("messages", json!({"client_id": "v", "text": "Hello"})),
        ("take-over", json!({})),
        ("take-over", json!({"from": person.clone()})),
        ("join", Value::Null),
        ("leave", Value::Null),
        ("transfer", json!({"to": person.clone()})),
        ("assign", json!({"to": person})),
        ("request-human", Value::Null),
        ("end-live-chat", Value::Null),
        ("dismiss-request", Value::Null),
        ("resolve", Value::Null),
        ("reopen", Value::Null),
        ("cancel-request", Value::Null),
    ];
    for (action, body) in posts {
        let path = format!("/conversations/{id}/{action}");
        let answer =
            if body.is_null() { vera.client.post_nothing(&path).await } else { vera.client.post(&path, &body).await };
        let said = answer.said();
        assert!(said == (403, "forbidden".into()) || said == (409, "not_live".into()), "{action}: {said:?}");
    }
    assert_eq!(server.log(id).await.len(), before, "nothing was written");
    let rows: Page<ConversationRow> = vera.client.get("/conversations").await.ok();
    assert_eq!(rows.items.len(), 1);
    // A viewer's eyes do not count as read.
    desk.send(&api::frames::DeskClientFrame::Read { conversation: id.clone(), seq: 2 }).await;
    assert_eq!(desk.says(id, "fence").await.unwrap_err().code, "forbidden");
    let row: ConversationRow = vera.client.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!((row.unread, row.staff_read_seq), (1, 0));
    server.stop().await;
}

async fn an_agent_answers_and_changes_no_settings(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = asked(&server).await;
    write(&sofia.client, &guest.conversation, "a", "I am here").await.unwrap();
    let chatbot = format!("/chatbots/{}", server.chatbot());
    let agents: Page<Value> = sofia.client.get(&format!("{chatbot}/agents")).await.ok();
    let agent = agents.items[0]["id"].as_str().unwrap();
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(sofia.client.patch(&chatbot, &json!({"name": "Mine"})).await.said(), forbidden);
    let changed = sofia.client.patch(&format!("{chatbot}/agents/{agent}"), &json!({"enabled": false})).await;
    assert_eq!(changed.said(), forbidden);
    let source = json!({"kind": "text", "title": "Mine", "text": "All mine."});
    assert_eq!(sofia.client.post(&format!("{chatbot}/sources"), &source).await.said(), forbidden);
    let upload = sofia.client.upload(&format!("{chatbot}/sources/upload"), "mine.txt", b"All mine.").await;
    assert_eq!(upload.said(), forbidden);
    server.stop().await;
}

/// Colleagues see each other typing whatever the state; the visitor only those who talk with them.
async fn a_visitor_sees_only_those_typing_who_are_in_the_chat(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let guest = asked(&server).await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    let (mut first, mut second) = (server.desk_at(&sofia, id).await, server.desk_at(&omar, id).await);
    let typing = |on| DeskClientFrame::Typing { conversation: id.clone(), on };
    let colleague = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Typing { person: Some(_), name, on, .. } => Some((name.clone(), *on)),
        _ => None,
    };
    let seen = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Typing { person, on, .. } => Some((person.name.clone(), *on)),
        _ => None,
    };
    // While the AI answers: a colleague knows of it.
    first.send(&typing(true)).await;
    assert_eq!(second.until(colleague).await, ("Sofia".into(), true));
    first.send(&typing(false)).await;
    assert_eq!(second.until(colleague).await, ("Sofia".into(), false));
    // Sofia is there, Omar thinks of joining.
    first.does(id, DeskAction::TakeOver {}).await.unwrap();
    second.send(&typing(true)).await;
    assert_eq!(first.until(colleague).await, ("Omar".into(), true));
    second.send(&typing(false)).await;
    assert_eq!(first.until(colleague).await, ("Omar".into(), false));
    // The visitor has heard of none of this: the first that they hear of is Sofia.
    first.send(&typing(true)).await;
    assert_eq!(page.until(seen).await, ("Sofia".into(), true));
    first.send(&typing(false)).await;
    assert_eq!(page.until(seen).await, ("Sofia".into(), false));
    second.does(id, DeskAction::Join {}).await.unwrap();
    second.send(&typing(true)).await;
    assert_eq!(page.until(seen).await, ("Omar".into(), true));
    server.stop().await;
}
