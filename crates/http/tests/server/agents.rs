//! Who answers, and when a person is called: agents of every kind, rules, intents by meaning, and why.

use std::sync::Arc;

use api::{
    agents::{AiAgent, IntentsState, IntentsStatus, WhyView},
    common::Page,
    conversations::Control,
    events::{Reason, StaffEvent, StaffEventBody},
    frames::{DeskClientFrame, DeskServerFrame},
    labels::Label,
};
use app::Embedders;
use async_trait::async_trait;
use domain::{
    chatbot::{Escalation, Intent, OutputTrigger, Settings},
    person::Role,
};
use ports::{
    embeddings::{EmbedError, Embedder, Purpose},
    models::Part,
    vectors::Vectors,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{
    fakes::{Concepts, Reply},
    on_both_engines,
    server::{Guest, Options, Place, TestServer, VisitorSocket},
};

use crate::reading::{answers, control, log_with, reasons};

on_both_engines!(
    an_intent_is_recognised_by_its_meaning,
    an_intent_that_was_just_saved_is_learned,
    an_owner_sees_when_examples_are_learned,
    an_owner_sees_that_there_is_no_model,
    a_phrase_is_watched_by_its_meaning_once_another_node_has_read_it,
    messages_go_to_the_agent_that_is_meant,
    rules_go_first_in_their_order,
    a_text_is_said_without_a_model_and_labels_are_put,
    spam_is_turned_away,
    a_live_chat_ends_while_any_agent_can_answer,
    answers_in_vain_and_anger_call_a_person,
    what_is_needed_is_asked_for_once,
    knowledge_is_found_by_its_meaning,
    each_chunk_is_read_once_whatever_comes_meanwhile,
    what_is_new_is_read_and_found_before_what_is_old,
    nothing_runs_while_a_person_has_the_chat,
);

fn concepts() -> Embedders {
    let concepts = Concepts::new(&[
        &["refund", "money back", "reimburse"],
        &["invoice", "bill", "receipt"],
        &["parcel", "delivery", "shipment"],
        &["casino", "followers"],
        &["lamp", "light bulb"],
    ]);
    Embedders { general: Some(Arc::new(concepts)), english: None }
}

async fn server_with(place: &Place, change: impl FnOnce(&mut Settings)) -> TestServer {
    let mut options = Options { embedders: concepts(), ..Options::on(place) };
    change(&mut options.settings);
    TestServer::start(options).await
}

fn refunds() -> Intent {
    let examples = ["I want a refund", "give me a refund for this", "refund please"];
    Intent { name: "Money".into(), examples: examples.map(str::to_owned).to_vec() }
}

async fn opened(server: &TestServer) -> (Guest, VisitorSocket) {
    let guest = server.guest().await;
    let page = server.page(&guest).await;
    (guest, page)
}

async fn asks(server: &TestServer, page: &mut VisitorSocket, guest: &Guest, text: &str) -> Vec<StaffEvent> {
    page.says(&guest.conversation, text).await.unwrap();
    log_with(server, page, guest, "assistant_message").await
}

async fn why(server: &TestServer, guest: &Guest, seq: i64) -> WhyView {
    server.owner().client.get(&format!("/conversations/{}/messages/{seq}/why", guest.conversation)).await.ok()
}

/// Adds an agent and connects it.
async fn agent(server: &TestServer, kind: &str, name: &str, more: Value) -> AiAgent {
    let client = server.owner().client;
    let agents = format!("/chatbots/{}/agents", server.chatbot());
    let mut body = json!({"kind": kind, "name": name});
    if let Some(text) = more.get("default_message") {
        body["default_message"] = text.clone();
    }
    let made: AiAgent = client.post(&agents, &body).await.ok();
    assert!(!made.enabled, "a new agent answers nobody yet");
    let mut patch = more;
    patch["enabled"] = true.into();
    client.patch(&format!("{agents}/{}", made.id), &patch).await.ok()
}

async fn rules(server: &TestServer, rules: Value) {
    let patch = json!({"supervisor": {"rules": rules}});
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &patch).await.ok::<Value>();
}

/// Comes back when what was saved last has been learned.
async fn learned(server: &TestServer) {
    server.settled().await;
}

fn example(name: &str, lines: &[&str]) -> Value {
    json!([{"name": name, "examples": lines}])
}

/// [`concepts`] that are not there for these words.
struct WithoutWords(Arc<dyn Embedder>, &'static str);

#[async_trait]
impl Embedder for WithoutWords {
    fn model(&self) -> &str {
        self.0.model()
    }

    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        if texts.iter().any(|text| text.contains(self.1)) {
            return Err(EmbedError::Unavailable("not for these words".to_owned()));
        }
        self.0.embed(purpose, texts).await
    }
}

/// A node that needs a phrase before its vector is there, and another node that reads it later.
async fn a_phrase_is_watched_by_its_meaning_once_another_node_has_read_it(place: Place) {
    const PHRASE: &str = "you get money back";
    let model = concepts().general.unwrap();
    let here = Arc::new(WithoutWords(Arc::clone(&model), "money back"));
    let embedders = Embedders { general: Some(here as _), english: None };
    let mut options = Options { embedders, leaves_jobs: true, ..Options::on(&place) };
    let phrase = OutputTrigger { phrase: PHRASE.into(), by_meaning: true, ..OutputTrigger::default() };
    options.settings.escalation.output_triggers = vec![phrase];
    let server = TestServer::start(options).await;
    server.model.always(Reply::Says("We will reimburse all of it.".into()));
    let (guest, mut page) = opened(&server).await;
    let alerts =
        |log: &[StaffEvent]| log.iter().filter(|event| matches!(event.body, StaffEventBody::AiAlert { .. })).count();
    let log = asks(&server, &mut page, &guest, "It broke").await;
    assert_eq!((answers(&log).len(), alerts(&log)), (1, 0), "there is no vector of the phrase yet");

    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(PHRASE)[..16]);
    let vector = model.embed(Purpose::Query, vec![PHRASE.to_owned()]).await.unwrap().remove(0);
    let scope = server.baton.staff_by_key(&server.owner().key).await.unwrap().scope();
    let (database, chatbot, name) = (server.database.clone(), server.chatbot(), model.model().to_owned());
    let kept = async move { database.keep_examples(scope, chatbot, &name, vec![(digest, vector)]).await };
    server.run(|_| kept).await.unwrap();

    let log = asks(&server, &mut page, &guest, "And now?").await;
    assert_eq!((answers(&log).len(), alerts(&log)), (2, 1));
    server.stop().await;
}

async fn an_intent_is_recognised_by_its_meaning(place: Place) {
    let server = server_with(&place, |settings| settings.escalation.intents = vec![refunds()]).await;
    let (guest, mut page) = opened(&server).await;
    // The first message finds nothing learned and sees to it that it will be.
    asks(&server, &mut page, &guest, "hello there").await;
    learned(&server).await;
    page.says(&guest.conversation, "you ought to reimburse us").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    let [Reason::Intent { name, words, matched }] = &reasons(&log)[..] else { panic!("{:?}", reasons(&log)) };
    assert_eq!((name.as_str(), words.as_str()), ("Money", "you ought to reimburse us"));
    assert!(refunds().examples.contains(matched), "{matched}");

    // Collaborators see why: at the request, and at the message of the visitor that led to it.
    let requested = log.iter().find(|event| matches!(event.body, StaffEventBody::HumanRequested { .. })).unwrap().seq;
    let asked = log.iter().rev().find(|event| matches!(event.body, StaffEventBody::VisitorMessage { .. })).unwrap().seq;
    for seq in [requested, asked] {
        let why = why(&server, &guest, seq).await;
        assert_eq!((why.of, why.intents[0].name.as_str(), &why.intents[0].agent), (requested, "Money", &None));
        assert!(why.intents[0].score > 0.5 && refunds().examples.contains(&why.intents[0].example), "{why:?}");
        assert_eq!(why.models, ["concepts"]);
    }
    let path = format!("/conversations/{}/messages/{requested}/why", guest.conversation);
    assert_eq!(guest.client.get(&path).await.said(), (403, "forbidden".into()), "the visitor does not");
    assert_eq!(server.owner().client.get(&path.replace(&requested.to_string(), "999")).await.said().0, 404);
    server.stop().await;
}

async fn an_intent_that_was_just_saved_is_learned(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let intents = json!({"escalation": {"intents": [{"name": "Money", "examples": refunds().examples}]}});
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &intents).await.ok::<Value>();
    learned(&server).await;
    let (guest, mut page) = opened(&server).await;
    page.says(&guest.conversation, "I would like my money back").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert!(matches!(&reasons(&log)[..], [Reason::Intent { name, .. }] if name == "Money"));

    // Taken out again, it is meant no more.
    let none = json!({"escalation": {"intents": []}});
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &none).await.ok::<Value>();
    learned(&server).await;
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "I would like my money back").await;
    assert_eq!(control(&server, &guest).await, Control::Ai);
    server.stop().await;
}

async fn intents_state(server: &TestServer) -> IntentsState {
    let status = format!("/chatbots/{}/intents/status", server.chatbot());
    server.owner().client.get(&status).await.ok::<IntentsStatus>().state
}

async fn an_owner_sees_when_examples_are_learned(place: Place) {
    let intents = json!({"escalation": {"intents": [{"name": "Money", "examples": refunds().examples}]}});
    let (counted, server) = counting(&place, Purpose::Query).await;
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &intents).await.ok::<Value>();
    assert_eq!(intents_state(&server).await, IntentsState::Learning);
    counted.may.add_permits(1_000);
    learned(&server).await;
    assert_eq!(intents_state(&server).await, IntentsState::Meaning);
    server.stop().await;
}

async fn an_owner_sees_that_there_is_no_model(place: Place) {
    let server = TestServer::start(Options::on(&place)).await;
    assert_eq!(intents_state(&server).await, IntentsState::Spelling);
    server.stop().await;
}

async fn messages_go_to_the_agent_that_is_meant(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let billing = agent(
        &server,
        "user-facing",
        "Billing",
        json!({"intents": example("Bills", &["where is my invoice", "an invoice please"]), "prompt": "Be exact.",
            "model": "small", "temperature": 0.25}),
    )
    .await;
    let fixed: Vec<&str> =
        billing.intents.iter().filter(|intent| !intent.generated).map(|intent| intent.name.as_str()).collect();
    assert_eq!(fixed, ["Bills"]);
    learned(&server).await;
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "hello there").await;
    let log = asks(&server, &mut page, &guest, "can you send the receipt again").await;
    let request = server.model.call(1).await.request;
    assert_eq!((request.agent.as_str(), request.prompt.as_str()), ("Billing", "Be exact."));
    assert_eq!(request.temperature, Some(0.25));
    assert_eq!(server.model.call(0).await.request.agent, "Support");
    let said = log.last().unwrap().seq;
    assert_eq!(why(&server, &guest, said).await.agent.as_deref(), Some("Billing"));

    // Nobody is meant: the visitor stays where they are.
    asks(&server, &mut page, &guest, "thanks, and how are things").await;
    assert_eq!(server.model.call(2).await.request.agent, "Billing");

    // Disabled, it does nothing.
    let path = format!("/chatbots/{}/agents/{}", server.chatbot(), billing.id);
    server.owner().client.patch(&path, &json!({"enabled": false})).await.ok::<AiAgent>();
    learned(&server).await;
    asks(&server, &mut page, &guest, "and the bill of May").await;
    assert_eq!(server.model.call(3).await.request.agent, "Support");
    server.owner().client.delete(&path).await.ok::<Value>();
    let agents: Page<AiAgent> = server.owner().client.get(&format!("/chatbots/{}/agents", server.chatbot())).await.ok();
    assert_eq!(agents.items.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>(), ["Support"]);
    server.stop().await;
}

async fn rules_go_first_in_their_order(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let other = agent(&server, "user-facing", "Second", json!({})).await;
    let messages = |is: &str, count: u32| json!({"type": "visitor_messages", "is": is, "count": count});
    let when = |condition: Value| json!({"all": true, "conditions": [condition]});
    rules(
        &server,
        json!([
            {"name": "Third", "enabled": true, "when": when(messages("exactly", 3)), "action": {"type": "request_person"}},
            {"name": "Off", "enabled": false, "when": when(messages("at_least", 1)), "action": {"type": "request_person"}},
            {"name": "Second", "enabled": true, "when": when(messages("exactly", 2)),
                "action": {"type": "use_agent", "agent": other.id}},
            {"name": "First", "enabled": true, "when": when(messages("exactly", 1)),
                "action": {"type": "say", "text": "Welcome."}},
        ]),
    )
    .await;
    let (guest, mut page) = opened(&server).await;
    let log = asks(&server, &mut page, &guest, "one").await;
    assert_eq!((answers(&log), server.model.asked()), (vec!["Welcome."], 0));
    let log = asks(&server, &mut page, &guest, "two").await;
    assert_eq!(server.model.call(0).await.request.agent, "Second");
    assert_eq!(why(&server, &guest, log.last().unwrap().seq).await.rule.as_deref(), Some("Second"));
    page.says(&guest.conversation, "three").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::Rule { name: "Third".into() }]);
    let wrong = json!({"supervisor": {"rules": [{"name": "x", "enabled": true, "when": {"all": true, "conditions": []},
        "action": {"type": "request_person"}}]}});
    let answer = server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &wrong).await;
    assert_eq!(answer.said(), (422, "invalid".into()));
    server.stop().await;
}

async fn a_text_is_said_without_a_model_and_labels_are_put(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let owner = server.owner().client;
    let label: Label = owner.post("/labels", &json!({"name": "Shipping", "color": "teal"})).await.ok();
    agent(
        &server,
        "pre-canned",
        "Where is it",
        json!({"default_message": "Follow it by the link in your mail.",
            "intents": example("Parcels", &["where is my parcel", "my parcel is late"])}),
    )
    .await;
    let intents = json!([{"name": "Parcels", "examples": ["where is my parcel"], "label": label.id}]);
    agent(&server, "background", "Marks", json!({"intents": intents})).await;
    learned(&server).await;
    let mut desk = server.desk(&server.owner()).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    let (guest, mut page) = opened(&server).await;
    let log = asks(&server, &mut page, &guest, "any news of the shipment").await;
    assert_eq!((answers(&log), server.model.asked()), (vec!["Follow it by the link in your mail."], 0));
    // The label is put right behind the answer, and whoever looks at the inbox hears of it.
    let labels = desk.until(|frame| match frame {
        DeskServerFrame::Inbox { row, .. } if !row.labels.is_empty() => Some(row.labels.clone()),
        _ => None,
    });
    let labels = labels.await;
    assert_eq!(labels, [label.id]);
    server.stop().await;
}

async fn spam_is_turned_away(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let guard = json!({"default_message": "I can only help with our shop.",
        "intents": example("Spam", &["play in our casino", "best casino bonus"])});
    agent(&server, "spam-defense", "Guard", guard).await;
    learned(&server).await;
    let (guest, mut page) = opened(&server).await;
    let log = asks(&server, &mut page, &guest, "cheap followers here").await;
    assert_eq!((answers(&log), server.model.asked()), (vec!["I can only help with our shop."], 0));
    // Who asks for a person is never spam.
    page.says(&guest.conversation, "I won in the casino, now let me talk to a human").await.unwrap();
    log_with(&server, &mut page, &guest, "human_requested").await;
    server.stop().await;
}

async fn a_live_chat_ends_while_any_agent_can_answer(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let owner = server.owner();
    let agents = format!("/chatbots/{}/agents", server.chatbot());
    let first = owner.client.get(&agents).await.ok::<Page<AiAgent>>().items.remove(0);
    let canned = agent(&server, "pre-canned", "Hello", json!({"default_message": "Hello."})).await;
    let off = |id: &str| format!("{agents}/{id}");
    owner.client.patch(&off(&first.id), &json!({"enabled": false})).await.ok::<AiAgent>();
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "anybody there").await;
    let take = format!("/conversations/{}/take-over", guest.conversation);
    let end = format!("/conversations/{}/end-live-chat", guest.conversation);
    owner.client.post_nothing(&take).await;
    assert_eq!(owner.client.post_nothing(&end).await.status, 200, "a pre-canned agent can answer");

    owner.client.post_nothing(&take).await;
    owner.client.patch(&off(&canned.id), &json!({"enabled": false})).await.ok::<AiAgent>();
    for kind in ["background", "spam-defense"] {
        agent(&server, kind, kind, json!({"default_message": "No."})).await;
    }
    assert_eq!(owner.client.post_nothing(&end).await.said(), (409, "no_ai".into()));
    server.stop().await;
}

async fn answers_in_vain_and_anger_call_a_person(place: Place) {
    let server = server_with(&place, |settings| {
        settings.escalation = Escalation { after_no_answers: 2, after_turns: 3, ..Escalation::default() };
    })
    .await;
    server.model.always(Reply::Driven);
    let (guest, mut page) = opened(&server).await;
    for (number, text) in ["do you sell boats", "do you sell trains"].into_iter().enumerate() {
        page.says(&guest.conversation, text).await.unwrap();
        let call = server.model.call(number).await;
        call.part(Part::Unknown).await;
        call.say("I do not know that.").await;
        call.finish().await;
        log_with(&server, &mut page, &guest, "assistant_message").await;
    }
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::NoAnswer { times: 2 }]);
    assert_eq!(answers(&log).len(), 2, "the second answer is said, and somebody is called");

    server.model.always(Reply::Says("An answer.".into()));
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "hello there").await;
    page.says(&guest.conversation, "this is a waste of time").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::Frustration]);

    let (guest, mut page) = opened(&server).await;
    for text in ["one", "two", "three"] {
        asks(&server, &mut page, &guest, text).await;
    }
    page.says(&guest.conversation, "four").await.unwrap();
    let log = log_with(&server, &mut page, &guest, "human_requested").await;
    assert_eq!(reasons(&log), [Reason::TurnLimit { turns: 3 }]);

    // Each of them can be switched off.
    let off =
        json!({"escalation": {"after_no_answers": 0, "when_upset": false, "after_turns": 0, "when_asked": false}});
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &off).await.ok::<Value>();
    let (guest, mut page) = opened(&server).await;
    for text in ["this is a waste of time", "two", "three", "four", "I want to talk to a human"] {
        asks(&server, &mut page, &guest, text).await;
    }
    assert_eq!(control(&server, &guest).await, Control::Ai);
    server.stop().await;
}

async fn what_is_needed_is_asked_for_once(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let agents = format!("/chatbots/{}/agents", server.chatbot());
    let owner = server.owner().client;
    let first = owner.get(&agents).await.ok::<Page<AiAgent>>().items.remove(0);
    let variables = json!([{"name": "order_number", "description": "What is your order number?", "required": true}]);
    let patch = json!({"variables": variables, "prompt": "The order is {order_number}."});
    owner.patch(&format!("{agents}/{}", first.id), &patch).await.ok::<AiAgent>();
    let (guest, mut page) = opened(&server).await;
    let log = asks(&server, &mut page, &guest, "it came late").await;
    assert_eq!(answers(&log), ["An answer.\n\nWhat is your order number?"]);
    let log = asks(&server, &mut page, &guest, "why do you ask").await;
    assert_eq!(answers(&log)[1], "An answer.", "nobody is pressed");
    let log = asks(&server, &mut page, &guest, "AB-1234").await;
    let request = server.model.call(2).await.request;
    assert_eq!(request.prompt, "The order is {order_number}.", "what a visitor writes is no instruction");
    assert_eq!(request.variables, [("order_number".to_owned(), "AB-1234".to_owned())]);
    let why = why(&server, &guest, log.last().unwrap().seq).await;
    assert_eq!(why.variables.get("order_number").map(String::as_str), Some("AB-1234"));
    server.stop().await;
}

async fn knowledge_is_found_by_its_meaning(place: Place) {
    let server = server_with(&place, |_| {}).await;
    let owner = server.owner().client;
    let sources = format!("/chatbots/{}/sources", server.chatbot());
    let mut ids = Vec::new();
    for (question, answer) in
        [("What of the lamp?", "It shines."), ("Is delivery free?", "Yes."), ("Code", "It is QX-77.")]
    {
        let body = json!({"kind": "qa", "question": question, "answer": answer});
        ids.push(owner.post(&sources, &body).await.ok::<Value>()["id"].as_str().unwrap().to_owned());
    }
    learned(&server).await;
    let read = owner.get(&format!("{sources}/{}", ids[0])).await.ok::<Value>();
    assert_eq!((&read["chunks"], &read["read"]), (&json!(1), &json!(1)));
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "does your light bulb work").await;
    let passages = server.model.call(0).await.request.passages;
    assert_eq!(passages[0].text, "It shines.");
    assert!(passages[0].fits.is_some_and(|fits| fits > 0.5), "{passages:?}");
    // A code goes before all meaning.
    asks(&server, &mut page, &guest, "the light bulb says QX-77").await;
    assert_eq!(server.model.call(1).await.request.passages[0].text, "It is QX-77.");
    // An agent that is held to some sources answers from those.
    let agents = format!("/chatbots/{}/agents", server.chatbot());
    let first = owner.get(&agents).await.ok::<Page<AiAgent>>().items.remove(0);
    let patch = json!({"sources": [ids[1]]});
    owner.patch(&format!("{agents}/{}", first.id), &patch).await.ok::<AiAgent>();
    asks(&server, &mut page, &guest, "and the lamp").await;
    let passages = server.model.call(2).await.request.passages;
    assert!(passages.iter().all(|passage| passage.text == "Yes."), "{passages:?}");
    let wrong = json!({"sources": [server.chatbot().to_string()]});
    assert_eq!(owner.patch(&format!("{agents}/{}", first.id), &wrong).await.said().0, 422);
    server.stop().await;
}

/// [`concepts`] that remember what was read for a purpose, and read that as often as they may.
struct Counted {
    model: Arc<dyn Embedder>,
    of: Purpose,
    read: parking_lot::Mutex<Vec<String>>,
    may: tokio::sync::Semaphore,
}

#[async_trait]
impl Embedder for Counted {
    fn model(&self) -> &str {
        self.model.model()
    }

    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        if purpose == self.of {
            self.read.lock().extend(texts.iter().cloned());
            self.may.acquire().await.unwrap().forget();
        }
        self.model.embed(purpose, texts).await
    }
}

/// A server with [`Counted`] concepts that may read nothing yet.
async fn counting(place: &Place, of: Purpose) -> (Arc<Counted>, TestServer) {
    let (read, may) = (parking_lot::Mutex::default(), tokio::sync::Semaphore::new(0));
    let counted = Arc::new(Counted { model: concepts().general.unwrap(), of, read, may });
    let embedders = Embedders { general: Some(Arc::clone(&counted) as _), english: None };
    let server = TestServer::start(Options { embedders, ..Options::on(place) }).await;
    (counted, server)
}

async fn each_chunk_is_read_once_whatever_comes_meanwhile(place: Place) {
    let (counted, server) = counting(&place, Purpose::Passage).await;
    let owner = server.owner().client;
    let sources = format!("/chatbots/{}/sources", server.chatbot());
    let mut ids = Vec::new();
    for number in 0..12 {
        let body =
            json!({"kind": "qa", "question": format!("Question {number}?"), "answer": format!("Answer {number}.")});
        ids.push(owner.post(&sources, &body).await.ok::<Value>()["id"].as_str().unwrap().to_owned());
    }
    // All of them are cut into chunks while the model is still at the first ones.
    for id in &ids {
        for _ in 0..2_000 {
            if owner.get(&format!("{sources}/{id}")).await.value()["status"] == "ready" {
                break;
            }
        }
    }
    counted.may.add_permits(1_000);
    server.settled().await;
    for id in &ids {
        let source = owner.get(&format!("{sources}/{id}")).await.value();
        assert_eq!((&source["status"], &source["read"]), (&json!("ready"), &json!(1)), "{source}");
    }
    let mut read = counted.read.lock().clone();
    read.sort();
    let all = read.len();
    read.dedup();
    assert_eq!((all, read.len()), (12, 12), "{read:?}");
    server.stop().await;
}

/// What was just written does not wait behind a handbook: neither to be read, nor to be found by its meaning.
async fn what_is_new_is_read_and_found_before_what_is_old(place: Place) {
    let (counted, server) = counting(&place, Purpose::Passage).await;
    let owner = server.owner().client;
    let sources = format!("/chatbots/{}/sources", server.chatbot());
    let is_asked_for = async |texts: usize| {
        for _ in 0..2_000 {
            if counted.read.lock().len() >= texts {
                return;
            }
            owner.get(&sources).await;
        }
        panic!("{texts} texts were not asked for: {:?}", counted.read.lock());
    };
    let is_ready = async |id: &str| {
        for _ in 0..2_000 {
            if owner.get(&format!("{sources}/{id}")).await.value()["status"] == "ready" {
                return;
            }
        }
        panic!("{id} is not ready");
    };
    let chapters: Vec<String> = (0..20).map(|n| format!("# Chapter {n}\n\nOf the number {n}.")).collect();
    let handbook = json!({"kind": "text", "title": "Handbook", "text": chapters.join("\n\n")});
    owner.post(&sources, &handbook).await.ok::<Value>();
    is_asked_for(8).await;
    let news = json!({"kind": "qa", "question": "What of the lamp?", "answer": "It shines."});
    let id = owner.post(&sources, &news).await.ok::<Value>()["id"].as_str().unwrap().to_owned();
    is_ready(&id).await;
    // The slice at hand, then what is new; the handbook has to wait for its second slice.
    counted.may.add_permits(2);
    is_asked_for(17).await;
    let asked_for = counted.read.lock().clone();
    assert!(asked_for[7].contains("Chapter") && asked_for[8].contains("lamp"), "{asked_for:?}");
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "does your light bulb work").await;
    let passages = server.model.call(0).await.request.passages;
    assert!(passages[0].text == "It shines." && passages[0].fits.is_some(), "{passages:?}");
    // More than goes at once has come, and then one more: the newest first, however much there is between.
    let appendix: Vec<String> = (0..20).map(|n| format!("# Appendix {n}\n\nOn the number {n}.")).collect();
    let appendix = json!({"kind": "text", "title": "Appendix", "text": appendix.join("\n\n")});
    let id = owner.post(&sources, &appendix).await.ok::<Value>()["id"].as_str().unwrap().to_owned();
    is_ready(&id).await;
    counted.may.add_permits(1);
    is_asked_for(25).await;
    let latest = json!({"kind": "qa", "question": "Is delivery free?", "answer": "Yes."});
    let id = owner.post(&sources, &latest).await.ok::<Value>()["id"].as_str().unwrap().to_owned();
    is_ready(&id).await;
    counted.may.add_permits(1);
    is_asked_for(26).await;
    counted.may.add_permits(1_000);
    server.settled().await;
    let asked_for = counted.read.lock().clone();
    let order: Vec<&str> = asked_for[17..].iter().map(|text| text.split_whitespace().next().unwrap()).collect();
    assert_eq!(
        (order[0], order[7], order[8], order[9], order[20]),
        ("Appendix", "Appendix", "Is", "Appendix", "Appendix")
    );
    assert_eq!((asked_for.len(), order[21]), (42, "Handbook"), "{order:?}");
    server.stop().await;
}

/// Rules, intents, labels, spam, variables: of all of it nothing, while a person has the chat.
async fn nothing_runs_while_a_person_has_the_chat(place: Place) {
    let server = server_with(&place, |settings| settings.escalation.intents = vec![refunds()]).await;
    let always = json!({"all": true, "conditions": [{"type": "visitor_messages", "is": "at_least", "count": 1}]});
    rules(
        &server,
        json!([{"name": "Always", "enabled": true, "when": always, "action": {"type": "say", "text": "Automatic."}}]),
    )
    .await;
    learned(&server).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let (guest, mut page) = opened(&server).await;
    asks(&server, &mut page, &guest, "hello").await;
    let mut desk = server.desk(&sofia).await;
    desk.says(&guest.conversation, "Hello, I am here").await.unwrap();
    for text in ["reimburse me", "this is a waste of time", "I want to talk to a human", "cheap followers"] {
        page.says(&guest.conversation, text).await.unwrap();
    }
    learned(&server).await;
    let log = server.log(&guest.conversation).await;
    assert_eq!(answers(&log), ["Automatic."]);
    assert!(reasons(&log).is_empty() && server.model.asked() == 0);
    let last = log.last().unwrap().seq;
    let path = format!("/conversations/{}/messages/{last}/why", guest.conversation);
    assert_eq!(server.owner().client.get(&path).await.said(), (404, "not_found".into()), "the AI did nothing");
    server.stop().await;
}
