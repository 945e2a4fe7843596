//! Reading a log in tests.

use api::{
    conversations::{Control, ConversationRow},
    events::{AssistantText, Reason, StaffEvent, StaffEventBody},
    frames::VisitorServerFrame,
};
use domain::chatbot::Escalation;
use testkit::server::{Guest, Options, Place, TestServer, VisitorSocket};

pub(crate) async fn with_escalation(place: &Place, change: impl FnOnce(&mut Escalation)) -> TestServer {
    let mut options = Options::on(place);
    change(&mut options.settings.escalation);
    TestServer::start(options).await
}

/// Comes back with the log when it has settled: the last event of this kind is there.
pub(crate) async fn log_with(
    server: &TestServer,
    page: &mut VisitorSocket,
    guest: &Guest,
    kind: &str,
) -> Vec<StaffEvent> {
    let is = |event: &api::events::VisitorEvent| serde_json::to_value(event).unwrap()["kind"] == kind;
    let came = page.seen.iter().any(|frame| matches!(frame, VisitorServerFrame::Event { event, .. } if is(event)));
    if !came {
        page.until(|frame| matches!(frame, VisitorServerFrame::Event { event, .. } if is(event)).then_some(())).await;
    }
    page.seen.clear();
    server.log(&guest.conversation).await
}

pub(crate) fn answers(log: &[StaffEvent]) -> Vec<&str> {
    log.iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::AssistantMessage { text, purpose: AssistantText::Answer, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

pub(crate) fn acknowledgements(log: &[StaffEvent]) -> usize {
    let requested = |event: &&StaffEvent| {
        matches!(event.body, StaffEventBody::AssistantMessage { purpose: AssistantText::Requested, .. })
    };
    log.iter().filter(requested).count()
}

pub(crate) fn reasons(log: &[StaffEvent]) -> Vec<Reason> {
    log.iter()
        .filter_map(|event| match &event.body {
            StaffEventBody::HumanRequested { reason } | StaffEventBody::ReasonAdded { reason } => Some(reason.clone()),
            _ => None,
        })
        .collect()
}

pub(crate) async fn control(server: &TestServer, guest: &Guest) -> Control {
    let path = format!("/conversations/{}", guest.conversation);
    server.owner().client.get(&path).await.ok::<ConversationRow>().control
}
