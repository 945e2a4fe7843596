//! Escalations that teach: a person's answer becomes knowledge, once somebody has looked at it.

use api::{
    common::Page,
    lessons::{LessonState, LessonView, Taught},
};
use domain::person::Role;
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Guest, Member, Place, TestServer},
};

on_both_engines!(
    an_answer_of_a_person_is_taught_and_then_the_ai_knows_it,
    whoever_may_not_add_knowledge_suggests_it,
    two_who_teach_at_once_teach_it_once,
    what_was_dismissed_is_not_proposed_again,
    nobody_teaches_from_what_they_may_not_see,
);

const QUESTION: &str = "Can I bring my bicycle on the night train?";
const ANSWER: &str = "Folding bicycles travel on the night train for free.";

/// A live chat in which a person answers a question.
async fn answers(server: &TestServer, sofia: &Member) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}", guest.conversation);
    let say = |text: &str, id: &str| json!({"text": text, "client_id": id});
    guest.client.post(&format!("{path}/messages"), &say(QUESTION, "one")).await.ok::<Value>();
    sofia.client.post(&format!("{path}/messages"), &say(ANSWER, "two")).await.ok::<Value>();
    sofia.client.post_nothing(&format!("{path}/end-live-chat")).await.ok::<Value>();
    guest
}

async fn lessons(member: &Member, guest: &Guest) -> Vec<LessonView> {
    member.client.get(&format!("/conversations/{}/lessons", guest.conversation)).await.ok::<Page<LessonView>>().items
}

fn path(guest: &Guest, lesson: &LessonView) -> String {
    format!("/conversations/{}/lessons/{}", guest.conversation, lesson.seq)
}

async fn an_answer_of_a_person_is_taught_and_then_the_ai_knows_it(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answers(&server, &sofia).await;
    let owner = server.owner();
    let proposed = lessons(&owner, &guest).await;
    let [lesson] = &proposed[..] else { panic!("{proposed:?}") };
    assert_eq!(
        (lesson.question.as_str(), lesson.answer.as_str(), lesson.state),
        (QUESTION, ANSWER, LessonState::Proposed)
    );
    let body = json!({"question": QUESTION, "answer": format!("{ANSWER} Others need a ticket.")});
    let wrong = owner.client.post(&path(&guest, lesson), &json!({"question": " ", "answer": "That."})).await;
    assert_eq!((wrong.status, wrong.value()["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("question")));
    let taught: Taught = owner.client.post(&path(&guest, lesson), &body).await.ok();
    assert_eq!(taught.state, LessonState::Taught);
    // Again, from another tab: it is there once.
    let again: Taught = owner.client.post(&path(&guest, lesson), &body).await.ok();
    assert_eq!(again.source_id, taught.source_id);
    server.settled().await;
    let source: Value = owner
        .client
        .get(&format!("/chatbots/{}/sources/{}", server.chatbot(), taught.source_id.clone().unwrap()))
        .await
        .ok();
    assert_eq!(
        (&source["kind"], &source["title"], &source["status"]),
        (&json!("qa"), &json!(QUESTION), &json!("ready"))
    );
    let known = lessons(&owner, &guest).await;
    assert_eq!((known[0].state, known[0].source_id.clone()), (LessonState::Taught, taught.source_id));
    server.stop().await;
}

async fn two_who_teach_at_once_teach_it_once(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Admin).await;
    let guest = answers(&server, &sofia).await;
    let owner = server.owner();
    let path = path(&guest, &lessons(&owner, &guest).await[0]);
    let hers = json!({"question": QUESTION, "answer": "Hers: it travels for free."});
    let his = json!({"question": QUESTION, "answer": "His: it travels for free."});
    let (one, two) = tokio::join!(sofia.client.post(&path, &hers), owner.client.post(&path, &his));
    let (one, two): (Taught, Taught) = (one.ok(), two.ok());
    assert_eq!(one.source_id, two.source_id);
    server.settled().await;
    let sources = format!("/chatbots/{}/sources", server.chatbot());
    let known: Page<Value> = owner.client.get(&sources).await.ok();
    assert_eq!(known.items.iter().filter(|source| source["title"] == QUESTION).count(), 1);
    // What is noted of the lesson is what is in the knowledge.
    let taught: Value = owner.client.get(&format!("{sources}/{}", one.source_id.unwrap())).await.ok();
    assert_eq!(taught["text"], lessons(&owner, &guest).await[0].answer.as_str());
    // Somebody writes it in other words and sends it again: it is there, and no conflict.
    let again: Taught = owner.client.post(&path, &json!({"question": QUESTION, "answer": "Again."})).await.ok();
    assert_eq!(again.source_id, two.source_id);
    server.stop().await;
}

async fn whoever_may_not_add_knowledge_suggests_it(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answers(&server, &sofia).await;
    let lesson = lessons(&sofia, &guest).await.remove(0);
    let body = json!({"question": "Bicycles on the night train?", "answer": ANSWER});
    let suggested: Taught = sofia.client.post(&path(&guest, &lesson), &body).await.ok();
    assert_eq!((suggested.state, suggested.source_id), (LessonState::Suggested, None));
    let waiting = format!("/chatbots/{}/lessons", server.chatbot());
    let owner = server.owner();
    let [waits] = &owner.client.get(&waiting).await.ok::<Page<LessonView>>().items[..] else { panic!("one waits") };
    assert_eq!(
        (waits.question.as_str(), waits.by.as_ref().unwrap().name.as_str()),
        ("Bicycles on the night train?", "Sofia")
    );
    // The owner sees it in the words of the colleague, and teaches it.
    assert_eq!(lessons(&owner, &guest).await[0].question, "Bicycles on the night train?");
    let taught: Taught = owner.client.post(&path(&guest, waits), &body).await.ok();
    assert_eq!(taught.state, LessonState::Taught);
    assert!(owner.client.get(&waiting).await.ok::<Page<LessonView>>().items.is_empty());
    // What was taught stays taught.
    let late: Taught = sofia.client.post(&path(&guest, &lesson), &body).await.ok();
    assert_eq!(late.state, LessonState::Taught);
    server.settled().await;
    server.stop().await;
}

async fn what_was_dismissed_is_not_proposed_again(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answers(&server, &sofia).await;
    let lesson = lessons(&sofia, &guest).await.remove(0);
    assert_eq!(sofia.client.delete(&path(&guest, &lesson)).await.status, StatusCode::OK);
    assert!(lessons(&sofia, &guest).await.is_empty());
    assert_eq!(sofia.client.delete(&path(&guest, &lesson)).await.status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn nobody_teaches_from_what_they_may_not_see(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = answers(&server, &sofia).await;
    let lesson = lessons(&sofia, &guest).await.remove(0);
    let viewer = server.add("Victor", Role::Viewer).await;
    let other = server.other_workspace().await;
    let body = json!({"question": QUESTION, "answer": ANSWER});
    assert_eq!(other.owner.client.post(&path(&guest, &lesson), &body).await.status, StatusCode::NOT_FOUND);
    let list = format!("/chatbots/{}/lessons", server.chatbot());
    assert_eq!(other.owner.client.get(&list).await.status, StatusCode::NOT_FOUND);
    assert_eq!(viewer.client.post(&path(&guest, &lesson), &body).await.said(), (403, "forbidden".into()));
    server.stop().await;
}
