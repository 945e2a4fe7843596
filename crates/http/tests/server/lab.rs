//! The Escalation lab: labelled messages, judged by the settings as they are and by a draft, and the last 30 days again.

use std::{sync::Arc, time::Duration};

use api::{
    chatbots::Chatbot,
    common::Page,
    events::Reason,
    lab::{
        LabAdded, LabCalls, LabJudgedMessage, LabLabel, LabMessageView, LabMistake, LabReplayedConversation,
        LabRunState, LabRunView, LabView, LabWritten,
    },
};
use app::Embedders;
use async_trait::async_trait;
use domain::{lab, limits, person::Role};
use hyper::StatusCode;
use ports::embeddings::{EmbedError, Embedder, Purpose};
use serde_json::{Value, json};
use testkit::{
    fakes::Concepts,
    on_both_engines,
    server::{As, Client, Guest, Options, PATIENCE, Place, TestServer},
};
use tokio::sync::Semaphore;

use crate::reading::log_with;

on_both_engines!(
    labelled_messages_are_kept_and_corrected,
    what_cannot_be_read_names_its_line,
    a_draft_is_judged_beside_the_settings,
    a_corrected_label_counts_at_once,
    a_chatbot_is_judged_once_at_a_time_and_can_be_stopped,
    a_run_ends_when_nobody_asks_for_it,
    a_run_ends_when_its_time_is_up,
    a_run_whose_server_is_gone_gives_way,
    a_model_that_does_not_answer_is_told,
    a_replay_shows_what_would_be_otherwise,
    what_is_older_than_30_days_is_left_alone,
    the_history_begins_with_what_led_to_a_request,
    a_lab_belongs_to_its_chatbot,
);

const WISH: &str = "I want to talk to a human";
const MONEY: &str = "you ought to reimburse us";

fn concepts() -> Concepts {
    Concepts::new(&[&["refund", "money back", "reimburse"], &["parcel", "delivery", "order"], &["lamp"]])
}

fn general(embedder: impl Embedder) -> Embedders {
    Embedders { general: Some(Arc::new(embedder)), english: None }
}

async fn server_with(place: &Place, embedders: Embedders) -> TestServer {
    TestServer::start(Options { embedders, ..Options::on(place) }).await
}

fn path(server: &TestServer, rest: &str) -> String {
    format!("/chatbots/{}/lab{rest}", server.chatbot())
}

/// A draft that calls a person for whoever wants money back.
fn money() -> Value {
    let examples = ["I want a refund", "give me a refund for this", "refund please"];
    json!({"intents": [{"name": "Money", "examples": examples}]})
}

async fn adds(server: &TestServer, text: &str) -> LabAdded {
    server.owner().client.post(&path(server, "/messages"), &json!({"text": text})).await.ok()
}

async fn messages(server: &TestServer) -> Vec<LabMessageView> {
    server.owner().client.get(&path(server, "/messages")).await.ok::<Page<LabMessageView>>().items
}

async fn begins(server: &TestServer, what: &str, body: &Value) -> LabRunView {
    let answer = server.owner().client.post(&path(server, what), body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    answer.ok()
}

/// Asks until it is over.
async fn ended(client: &Client, path: &str) -> LabRunView {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let over = async {
        loop {
            let run: LabRunView = client.get(path).await.ok();
            if run.state != LabRunState::Running {
                return run;
            }
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("the run goes on")
}

async fn judges(server: &TestServer, what: &str, body: &Value) -> LabRunView {
    let run = begins(server, what, body).await;
    let run = ended(&server.owner().client, &path(server, &format!("/runs/{}", run.id))).await;
    assert_eq!(run.state, LabRunState::Done);
    run
}

/// Looks, without asking for the run, until it stands so.
async fn stands(server: &TestServer, so: impl Fn(&LabRunView) -> bool) -> LabRunView {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let seen = async {
        loop {
            let lab: LabView = server.owner().client.get(&path(server, "")).await.ok();
            let run = lab.runs.into_iter().next().unwrap();
            if so(&run) {
                return run;
            }
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("the run stands otherwise")
}

async fn judged(server: &TestServer, run: &LabRunView, which: &str) -> Vec<LabJudgedMessage> {
    let path = path(server, &format!("/runs/{}/messages?which={which}", run.id));
    server.owner().client.get(&path).await.ok::<Page<LabJudgedMessage>>().items
}

async fn replayed(server: &TestServer, run: &LabRunView, query: &str) -> Vec<LabReplayedConversation> {
    let path = path(server, &format!("/runs/{}/conversations?{query}", run.id));
    server.owner().client.get(&path).await.ok::<Page<LabReplayedConversation>>().items
}

/// A model that reads nothing before it is told to.
#[derive(Clone)]
struct Held(Concepts, Arc<Semaphore>);

impl Held {
    fn new() -> Self {
        Self(concepts(), Arc::new(Semaphore::new(0)))
    }

    fn let_go(&self) {
        self.1.add_permits(1_000_000);
    }
}

#[async_trait]
impl Embedder for Held {
    fn model(&self) -> &str {
        self.0.model()
    }

    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.1.acquire().await.unwrap().forget();
        self.0.embed(purpose, texts).await
    }
}

/// A model that is not there.
struct Gone;

#[async_trait]
impl Embedder for Gone {
    fn model(&self) -> &str {
        "gone"
    }

    async fn embed(&self, _: Purpose, _: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        Err(EmbedError::Busy)
    }
}

async fn labelled_messages_are_kept_and_corrected(place: Place) {
    let server = TestServer::on(&place).await;
    let added = adds(&server, &format!("+ {WISH}\n- where is my order?\n\nperson\tcall me back\n")).await;
    assert_eq!(added, LabAdded { added: 3, known: 0, left_out: 0 });
    let table = "label,text\n0,\"call me back\"\n1,\"An agent, please\"\n";
    let client = server.owner().client;
    let body = json!({"form": "csv", "text": table});
    let added: LabAdded = client.post(&path(&server, "/messages"), &body).await.ok();
    assert_eq!(added, LabAdded { added: 1, known: 1, left_out: 0 });
    let body = json!({"form": "jsonl", "text": r#"{"id": 7, "text": "Bye", "label": 0, "lang": "en"}"#});
    client.post(&path(&server, "/messages"), &body).await.ok::<LabAdded>();
    let body = json!({"messages": [{"text": " Somebody? ", "label": "person"}]});
    client.post(&path(&server, "/messages"), &body).await.ok::<LabAdded>();

    let kept = messages(&server).await;
    assert_eq!(kept.len(), 6);
    assert_eq!((kept[0].text.as_str(), kept[0].by.name.as_str()), ("Somebody?", "Olga"));
    let call = kept.iter().find(|message| message.text == "call me back").unwrap();
    assert_eq!(call.label, LabLabel::NoPerson, "it has the label that was given last");
    let one = path(&server, &format!("/messages/{}", call.id));
    client.patch(&one, &json!({"label": "person"})).await.ok::<Value>();
    let lab: LabView = client.get(&path(&server, "")).await.ok();
    assert_eq!((lab.person, lab.no_person, lab.most), (4, 2, limits::LAB_MESSAGES));
    assert!(lab.runs.is_empty());

    let persons = path(&server, "/messages?label=person&limit=3");
    let first: Page<LabMessageView> = client.get(&persons).await.ok();
    let rest: Page<LabMessageView> = client.get(&format!("{persons}&after={}", first.next.unwrap())).await.ok();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (3, 1, None));
    client.delete(&one).await.ok::<Value>();
    assert_eq!(client.delete(&one).await.said(), (404, "not_found".into()));
    assert_eq!(messages(&server).await.len(), 5);
    client.delete(&path(&server, "/messages")).await.ok::<Value>();
    assert!(messages(&server).await.is_empty());
    server.stop().await;
}

async fn what_cannot_be_read_names_its_line(place: Place) {
    let server = TestServer::on(&place).await;
    let client = server.owner().client;
    let refused = async |body: Value| {
        let answer = client.post(&path(&server, "/messages"), &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let value = answer.value();
        let said = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        (said("field"), said("detail"))
    };
    let (field, detail) = refused(json!({"text": "+ yes\nno sign"})).await;
    assert!(field == "text" && detail.contains("line 2"), "{field} {detail}");
    let (field, detail) = refused(json!({"form": "csv", "text": "text,label\nhello,maybe"})).await;
    assert!(field == "text" && detail.contains("line 2"), "{field} {detail}");
    assert_eq!(refused(json!({"text": " \n"})).await.0, "text");
    assert_eq!(refused(json!({})).await.0, "text");
    assert_eq!(refused(json!({"text": "+ a", "messages": []})).await.0, "text");
    let long = "x".repeat(limits::LAB_MESSAGE_CHARS + 1);
    let two = json!([{"text": "fine", "label": "person"}, {"text": long, "label": "person"}]);
    assert_eq!(refused(json!({"messages": two})).await.0, "messages.1.text");
    let many: Vec<Value> =
        (0..=limits::LAB_MESSAGES).map(|n| json!({"text": n.to_string(), "label": "person"})).collect();
    assert_eq!(refused(json!({"messages": many})).await.0, "messages");
    let other = server.other_workspace().await;
    for conversation in [other.guest.conversation.as_str(), "nothing"] {
        let foreign = json!([{"text": "fine", "label": "person", "conversation_id": conversation}]);
        assert_eq!(refused(json!({"messages": foreign})).await.0, "messages.0.conversation_id");
    }
    assert!(messages(&server).await.is_empty());

    // What does not fit any more is left out, and told.
    let rest = limits::LAB_MESSAGES - 1;
    let many: Vec<String> = (0..rest).map(|n| format!("- number {n}")).collect();
    assert_eq!(adds(&server, &many.join("\n")).await.added, rest);
    let added = adds(&server, "+ one\n+ two\n- number 7").await;
    assert_eq!(added, LabAdded { added: 1, known: 1, left_out: 1 });
    server.stop().await;
}

async fn a_draft_is_judged_beside_the_settings(place: Place) {
    let server = server_with(&place, general(concepts())).await;
    let client = server.owner().client;
    let empty = client.post(&path(&server, "/judge"), &json!({})).await;
    assert_eq!(empty.said(), (409, "lab_empty".into()));
    adds(&server, &format!("+ {WISH}\n- where is my order?\n+ {MONEY}\n- what lamps do you sell?")).await;

    let run = judges(&server, "/judge", &json!({})).await;
    let alone = run.judged.clone().unwrap();
    assert_eq!((run.done, run.total, run.models.as_slice()), (4, 4, &["concepts".to_owned()][..]));
    assert_eq!((alone.current.n, alone.current.wishes, alone.current.missed, alone.draft), (4, 2, 1, None));
    assert_eq!((alone.current.recall.share, alone.current.precision.share), (0.5, 1.0));
    assert!(alone.current.recall.low < 0.5 && alone.current.recall.high > 0.5);
    let mistakes = judged(&server, &run, "mistakes").await;
    let [missed] = &mistakes[..] else { panic!("{mistakes:?}") };
    assert_eq!((missed.message.text.as_str(), missed.current.mistake), (MONEY, Some(LabMistake::Missed)));
    assert!(missed.current.wish < missed.current.from.unwrap() && missed.current.nearest.is_none());

    // With an intent that is not saved.
    let run = judges(&server, "/judge", &json!({"draft": money()})).await;
    let both = run.judged.clone().unwrap();
    assert_eq!((both.current.missed, both.draft.as_ref().unwrap().missed), (1, 0));
    assert_eq!((both.draft.unwrap().false_alarms, both.mended, both.broken), (0, 1, 0));
    let changed = judged(&server, &run, "changed").await;
    let [one] = &changed[..] else { panic!("{changed:?}") };
    let draft = one.draft.as_ref().unwrap();
    assert_eq!((draft.calls, draft.mistake), (LabCalls::Now, None));
    let Some(Reason::Intent { name, matched, .. }) = &draft.cause else { panic!("{draft:?}") };
    assert!(name == "Money" && matched.contains("refund"), "{draft:?}");
    assert!(draft.nearest.as_ref().unwrap().near >= 0.5);
    assert_eq!((judged(&server, &run, "draft_mistakes").await.len(), judged(&server, &run, "all").await.len()), (0, 4));
    let lab: LabView = client.get(&path(&server, "")).await.ok();
    let shown = lab.runs.into_iter().next().unwrap();
    assert_eq!((shown.id, serde_json::to_value(shown.draft).unwrap()), (run.id, money()), "after a reload it is there");

    let settings: Chatbot = client.get(&format!("/chatbots/{}", server.chatbot())).await.ok();
    assert!(settings.escalation.intents.is_empty());
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, MONEY).await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;

    // A bias that hears no wish, and a hand-over that is off.
    for draft in [json!({"when_asked": false}), json!({"enabled": false})] {
        let run = judges(&server, "/judge", &json!({"draft": draft})).await;
        assert_eq!(run.judged.unwrap().draft.unwrap().missed, 2, "{draft}");
    }
    let wrong = client.post(&path(&server, "/judge"), &json!({"draft": {"bias": 11}})).await;
    assert_eq!((wrong.status.as_u16(), wrong.value()["field"].as_str()), (422, Some("escalation.bias")));
    server.settled().await;
    server.stop().await;
}

async fn a_corrected_label_counts_at_once(place: Place) {
    let server = TestServer::on(&place).await;
    adds(&server, &format!("- {WISH}\n- where is my order?")).await;
    let run = judges(&server, "/judge", &json!({})).await;
    let alarm = judged(&server, &run, "mistakes").await.remove(0);
    assert_eq!(alarm.current.mistake, Some(LabMistake::FalseAlarm));
    assert!(matches!(&alarm.current.cause, Some(Reason::VisitorAsked { matched: Some(_), .. })), "{alarm:?}");
    let client = server.owner().client;
    let one = path(&server, &format!("/messages/{}", alarm.message.id));
    client.patch(&one, &json!({"label": "person"})).await.ok::<Value>();
    let again: LabRunView = client.get(&path(&server, &format!("/runs/{}", run.id))).await.ok();
    let figures = again.judged.unwrap().current;
    assert_eq!((figures.false_alarms, figures.wishes, figures.missed), (0, 1, 0));
    assert!(judged(&server, &run, "mistakes").await.is_empty());
    // What is removed counts no more.
    client.delete(&one).await.ok::<Value>();
    let again: LabRunView = client.get(&path(&server, &format!("/runs/{}", run.id))).await.ok();
    assert_eq!(again.judged.unwrap().current.n, 1);
    server.stop().await;
}

async fn a_chatbot_is_judged_once_at_a_time_and_can_be_stopped(place: Place) {
    let held = Held::new();
    let server = server_with(&place, general(held.clone())).await;
    adds(&server, &format!("+ {WISH}")).await;
    let client = server.owner().client;
    let run = begins(&server, "/judge", &json!({})).await;
    let another = client.post(&path(&server, "/replay"), &json!({})).await;
    assert_eq!(another.said(), (409, "lab_running".into()));
    let one = path(&server, &format!("/runs/{}", run.id));
    let stands: LabRunView = client.get(&one).await.ok();
    assert_eq!((stands.state, stands.judged), (LabRunState::Running, None));
    assert_eq!(client.get(&format!("{one}/messages")).await.said(), (404, "not_found".into()));
    client.delete(&one).await.ok::<Value>();
    assert_eq!(client.get(&one).await.ok::<LabRunView>().state, LabRunState::Stopped);
    // Whoever still works on it says nothing any more.
    let next = begins(&server, "/judge", &json!({})).await;
    held.let_go();
    let next = ended(&client, &path(&server, &format!("/runs/{}", next.id))).await;
    assert_eq!((next.state, next.judged.unwrap().current.n), (LabRunState::Done, 1));
    assert_eq!(client.get(&one).await.said(), (404, "not_found".into()), "the one before is gone");
    server.stop().await;
}

async fn a_run_ends_when_nobody_asks_for_it(place: Place) {
    let held = Held::new();
    let server = server_with(&place, general(held.clone())).await;
    adds(&server, &format!("+ {WISH}")).await;
    begins(&server, "/judge", &json!({})).await;
    stands(&server, |run| run.total == 1).await;
    server.clock.stall(Duration::from_millis(lab::ASKED_MS.unsigned_abs() + 1_000));
    held.let_go();
    let run = stands(&server, |run| run.state == LabRunState::Stopped).await;
    assert_eq!(run.judged, None);
    server.stop().await;
}

async fn a_run_ends_when_its_time_is_up(place: Place) {
    let held = Held::new();
    let server = server_with(&place, general(held.clone())).await;
    let many: Vec<String> = (0..40).map(|number| format!("- number {number}")).collect();
    adds(&server, &many.join("\n")).await;
    let run = begins(&server, "/judge", &json!({})).await;
    stands(&server, |run| run.total == 40).await;
    server.clock.stall(Duration::from_millis(lab::RUN_MS.unsigned_abs() + 1_000));
    held.let_go();
    let ended = stands(&server, |run| run.state == LabRunState::TimeUp).await;
    let judged = ended.judged.unwrap().current;
    assert!(judged.n > 0 && judged.n < 40, "what was judged until then counts: {}", judged.n);
    assert_eq!(ended.id, run.id);
    server.stop().await;
}

async fn a_run_whose_server_is_gone_gives_way(place: Place) {
    let server = server_with(&place, general(Held::new())).await;
    adds(&server, &format!("+ {WISH}")).await;
    begins(&server, "/judge", &json!({})).await;
    let (key, chatbot) = (server.owner().key, server.chatbot());
    server.kill().await;

    let server = server_with(&place, Embedders::default()).await;
    let client = server.client().is(As::Bearer(key));
    let lab = format!("/chatbots/{chatbot}/lab");
    let waits = client.post(&format!("{lab}/judge"), &json!({})).await;
    assert_eq!(waits.said(), (409, "lab_running".into()), "nobody knows yet");
    server.clock.stall(Duration::from_millis(lab::LOST_MS.unsigned_abs() + 60_000));
    let shown: LabView = client.get(&lab).await.ok();
    assert_eq!(shown.runs[0].state, LabRunState::Failed);
    let run: LabRunView = client.post(&format!("{lab}/judge"), &json!({})).await.ok();
    assert_eq!(ended(&client, &format!("{lab}/runs/{}", run.id)).await.state, LabRunState::Done);
    server.stop().await;
}

async fn a_model_that_does_not_answer_is_told(place: Place) {
    let server = server_with(&place, general(Gone)).await;
    adds(&server, &format!("+ {WISH}")).await;
    let run = begins(&server, "/judge", &json!({})).await;
    let run = ended(&server.owner().client, &path(&server, &format!("/runs/{}", run.id))).await;
    assert_eq!((run.state, run.judged), (LabRunState::NoModel, None));
    server.stop().await;
}

/// Two conversations: one in which nobody was called, and one in which the visitor asked.
async fn talks(server: &TestServer) -> (Guest, Guest) {
    let (calm, asking) = (server.guest().await, server.guest().await);
    let mut page = server.page(&calm).await;
    page.says(&calm.conversation, MONEY).await.unwrap();
    log_with(server, &mut page, &calm, "assistant_message").await;
    let mut page = server.page(&asking).await;
    page.says(&asking.conversation, WISH).await.unwrap();
    log_with(server, &mut page, &asking, "human_requested").await;
    server.settled().await;
    (calm, asking)
}

async fn a_replay_shows_what_would_be_otherwise(place: Place) {
    let server = server_with(&place, general(concepts())).await;
    let (calm, asking) = talks(&server).await;
    let button = server.guest().await;
    button.client.post_nothing(&format!("/conversations/{}/request-human", button.conversation)).await.ok::<Value>();

    let run = judges(&server, "/replay", &json!({})).await;
    let same = run.replayed.unwrap();
    assert_eq!((run.total, run.done, same.called, same.draft), (3, 3, 2, None));
    let current = same.current;
    assert_eq!((current.calls, current.would_call, current.would_not, current.elsewise), (1, 0, 0, 1));
    assert!(replayed(&server, &run, "which=would_call").await.is_empty());

    let mut draft = money();
    draft["when_asked"] = false.into();
    let run = judges(&server, "/replay", &json!({"draft": draft})).await;
    let side = run.replayed.unwrap().draft.unwrap();
    assert_eq!((side.calls, side.would_call, side.would_not, side.elsewise), (1, 1, 1, 1));
    let found = replayed(&server, &run, "which=would_call&draft=true").await;
    let [would] = &found[..] else { panic!("{found:?}") };
    assert_eq!((would.conversation_id.as_str(), would.text.as_deref()), (calm.conversation.as_str(), Some(MONEY)));
    assert!(matches!(&would.would, Some(Reason::Intent { name, .. }) if name == "Money") && would.called.is_none());
    let found = replayed(&server, &run, "which=would_not&draft=true").await;
    let [would_not] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (would_not.conversation_id.as_str(), would_not.text.as_deref()),
        (asking.conversation.as_str(), Some(WISH))
    );
    assert!(matches!(would_not.called, Some(Reason::VisitorAsked { .. })) && would_not.would.is_none());
    assert!(replayed(&server, &run, "which=would_not").await.is_empty(), "by the settings as they are");
    // Both kinds are kept side by side.
    adds(&server, &format!("+ {WISH}")).await;
    judges(&server, "/judge", &json!({})).await;
    let lab: LabView = server.owner().client.get(&path(&server, "")).await.ok();
    assert!(lab.runs[0].judged.is_some() && lab.runs[1].replayed.is_some());
    server.stop().await;
}

async fn what_is_older_than_30_days_is_left_alone(place: Place) {
    let server = server_with(&place, general(concepts())).await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, MONEY).await.unwrap();
    log_with(&server, &mut page, &guest, "assistant_message").await;
    let history = async |query: &str| -> usize {
        let path = path(&server, &format!("/history{query}"));
        server.owner().client.get(&path).await.ok::<Page<LabWritten>>().items.len()
    };
    assert_eq!((history("").await, history("?q=reimburse").await), (1, 1));
    server.clock.stall(Duration::from_millis(limits::LAB_HISTORY_MS.unsigned_abs() + 1_000));
    assert_eq!((history("").await, history("?q=reimburse").await), (0, 0));
    let run = judges(&server, "/replay", &json!({"draft": money()})).await;
    assert_eq!((run.total, run.replayed.unwrap().draft.unwrap().calls), (0, 0));
    server.stop().await;
}

async fn the_history_begins_with_what_led_to_a_request(place: Place) {
    let server = server_with(&place, general(concepts())).await;
    let (calm, asking) = talks(&server).await;
    let client = server.owner().client;
    let history = async |query: &str| -> Vec<LabWritten> {
        client.get(&path(&server, &format!("/history{query}"))).await.ok::<Page<LabWritten>>().items
    };
    let first: Page<LabWritten> = client.get(&path(&server, "/history?limit=1")).await.ok();
    assert_eq!((first.items.len(), first.items[0].text.as_str()), (1, WISH));
    assert!(matches!(first.items[0].requested, Some(Reason::VisitorAsked { .. })));
    let rest = history(&format!("?after={}", first.next.unwrap())).await;
    assert_eq!(rest.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [MONEY]);
    assert!(rest[0].requested.is_none() && rest[0].label.is_none());

    let one = json!([{"text": MONEY, "label": "person", "conversation_id": calm.conversation}]);
    client.post(&path(&server, "/messages"), &json!({"messages": one})).await.ok::<LabAdded>();
    assert_eq!(messages(&server).await[0].conversation_id.as_ref(), Some(&calm.conversation));
    let found = history("?q=reimburse").await;
    let [found] = &found[..] else { panic!("{found:?}") };
    assert_eq!((found.conversation_id.as_str(), found.label), (calm.conversation.as_str(), Some(LabLabel::Person)));
    let found = history("?q=human").await;
    assert_eq!(
        found.iter().map(|one| one.conversation_id.as_str()).collect::<Vec<_>>(),
        [asking.conversation.as_str()]
    );
    assert!(matches!(found[0].requested, Some(Reason::VisitorAsked { .. })));
    assert!(history("?q=%2B%2B").await.is_empty());
    let wrong = client.get(&path(&server, "/history?after=nowhere")).await;
    assert_eq!(wrong.said(), (422, "invalid".into()));
    server.stop().await;
}

async fn a_lab_belongs_to_its_chatbot(place: Place) {
    let server = TestServer::on(&place).await;
    adds(&server, &format!("+ {WISH}")).await;
    let run = judges(&server, "/judge", &json!({})).await;
    let message = messages(&server).await.remove(0);
    let another: Value = server.owner().client.post("/chatbots", &json!({"name": "Another"})).await.ok();
    let elsewhere = format!("/chatbots/{}/lab", another["id"].as_str().unwrap());
    let client = server.owner().client;
    let there = client.get(&format!("{elsewhere}/runs/{}", run.id)).await;
    assert_eq!(there.said(), (404, "not_found".into()));
    let there = client.delete(&format!("{elsewhere}/messages/{}", message.id)).await;
    assert_eq!(there.said(), (404, "not_found".into()));
    client.delete(&format!("{elsewhere}/messages")).await.ok::<Value>();
    assert_eq!(messages(&server).await.len(), 1);
    // Admins of this chatbot alone may; agents may not.
    let (admin, _) = server.joins(server.chatbot(), Role::Admin).await;
    admin.client.get(&path(&server, "")).await.ok::<LabView>();
    assert_eq!(admin.client.get(&elsewhere).await.said(), (404, "not_found".into()));
    let agent = server.add("Sofia", Role::Agent).await;
    assert_eq!(agent.client.get(&path(&server, "/messages")).await.said(), (403, "forbidden".into()));
    server.settled().await;
    server.stop().await;
}
