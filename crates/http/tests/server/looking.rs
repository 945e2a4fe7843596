//! Who has a conversation in front of them: told to colleagues, never to the visitor, and over when the socket is.

use api::frames::{DeskClientFrame as Said, DeskServerFrame as Frame, VisitorServerFrame};
use domain::person::Role;
use testkit::{
    on_both_engines,
    server::{Place, TestServer},
};

on_both_engines!(colleagues_hear_who_looks_and_the_visitor_does_not);

fn looking(frame: &Frame) -> Option<(String, bool)> {
    match frame {
        Frame::Viewing { person, on, .. } => Some((person.name.clone(), *on)),
        _ => None,
    }
}

async fn colleagues_hear_who_looks_and_the_visitor_does_not(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let (viewer, _) = server.joins(server.chatbot(), Role::Viewer).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    let mut owner = server.desk_at(&server.owner(), id).await;
    let mut desk = server.desk_at(&sofia, id).await;
    let look = |on| Said::Viewing { conversation: id.clone(), on };
    desk.send(&look(true)).await;
    assert_eq!(owner.until(looking).await, ("Sofia".into(), true));
    desk.send(&look(false)).await;
    assert_eq!(owner.until(looking).await, ("Sofia".into(), false));
    // Who only reads is seen too; who is cut off is gone.
    let mut reader = server.desk_at(&viewer, id).await;
    reader.send(&look(true)).await;
    let (name, on) = owner.until(looking).await;
    assert!(on && name == viewer.name, "{name}");
    drop(reader);
    assert_eq!(owner.until(looking).await, (name, false));
    // A conversation that is not followed is not looked at.
    let other = server.guest().await;
    desk.send(&Said::Viewing { conversation: other.conversation.clone(), on: true }).await;
    desk.send(&look(true)).await;
    assert_eq!(owner.until(looking).await, ("Sofia".into(), true));
    // The visitor's first sign of a person is the message.
    desk.says(id, "Here I am").await.unwrap();
    let sign =
        |frame: &VisitorServerFrame| serde_json::to_string(frame).unwrap().contains("Sofia").then(|| frame.clone());
    assert!(matches!(page.until(sign).await, VisitorServerFrame::Event { .. }));
    server.stop().await;
}
