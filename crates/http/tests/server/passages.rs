//! Passages of a source: looked at, written anew, left out, added; tags, and who is held to them.

use std::sync::Arc;

use api::{
    agents::AiAgent,
    common::Page,
    events::StaffEventBody,
    knowledge::{PassageState, PassageView, Source, SourceDetail, SourceStatus, SourceTags, TagView},
};
use domain::person::Role;
use models::BuiltIn;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Client, Options, Place, TestServer},
};

on_both_engines!(
    a_passage_is_written_anew_and_stays_so_while_its_words_stand,
    what_is_left_out_is_not_found_and_what_is_added_is,
    a_search_finds_passages_and_pages_follow_each_other,
    what_makes_no_sense_is_refused,
    tags_narrow_the_list_and_hold_an_agent,
    a_copy_of_a_chatbot_has_tags_and_changes,
);

const HIRE: &str = "# Canoes\n\nA canoe costs 35 euros a day, paddles included.\n\n# Boots\n\nHiking boots cost 9 euros a day.\n\n\
    # Deposit\n\nWe ask for a deposit of 50 euros in cash.";

async fn with_built_in(place: &Place) -> TestServer {
    TestServer::start(Options { model: Some(Arc::new(BuiltIn)), ..Options::on(place) }).await
}

fn sources(server: &TestServer) -> String {
    format!("/chatbots/{}/sources", server.chatbot())
}

async fn add(server: &TestServer, title: &str, text: &str) -> String {
    let body = json!({"kind": "text", "title": title, "text": text});
    let made: SourceDetail = server.owner().client.post(&sources(server), &body).await.ok();
    server.settled().await;
    made.source.id
}

/// The calls for a source.
struct OfSource {
    client: Client,
    path: String,
}

impl OfSource {
    async fn with(server: &TestServer, text: &str) -> Self {
        let id = add(server, "Hire", text).await;
        Self { client: server.owner().client, path: format!("{}/{id}", sources(server)) }
    }

    async fn list(&self, query: &str) -> Vec<PassageView> {
        self.client.get(&format!("{}/passages{query}", self.path)).await.ok::<Page<PassageView>>().items
    }

    async fn about(&self, words: &str) -> PassageView {
        let all = self.list("").await;
        let found = all.iter().find(|one| one.text.contains(words));
        found.unwrap_or_else(|| panic!("{words} in {all:?}")).clone()
    }

    async fn changes(&self, id: &str, wish: Value) -> PassageView {
        self.client.patch(&format!("{}/passages/{id}", self.path), &wish).await.ok()
    }

    async fn shown(&self) -> SourceDetail {
        self.client.get(&self.path).await.ok()
    }
}

/// What the AI answers a new visitor.
async fn answer(server: &TestServer, question: &str) -> String {
    let guest = server.guest().await;
    server.page(&guest).await.says(&guest.conversation, question).await.unwrap();
    server.settled().await;
    let log = server.log(&guest.conversation).await;
    let said = log.iter().rev().find_map(|event| match &event.body {
        StaffEventBody::AssistantMessage { text, .. } => Some(text.clone()),
        _ => None,
    });
    said.unwrap_or_default()
}

async fn a_passage_is_written_anew_and_stays_so_while_its_words_stand(place: Place) {
    let server = with_built_in(&place).await;
    let of = OfSource::with(&server, HIRE).await;
    let all = of.list("").await;
    assert_eq!(
        all.iter().map(|one| (one.place, one.state)).collect::<Vec<_>>(),
        [(1, PassageState::Cut), (2, PassageState::Cut), (3, PassageState::Cut)]
    );
    assert_eq!(all[0].heading, "Hire › Canoes");
    let canoes = of.about("A canoe costs").await;
    let changed = of.changes(&canoes.id, json!({"text": "A canoe costs 42 euros a day, paddles included."})).await;
    assert_eq!((changed.id.as_str(), changed.state, changed.place), (canoes.id.as_str(), PassageState::Changed, 1));
    assert_eq!(changed.original.as_deref(), Some(canoes.text.as_str()));
    server.settled().await;
    assert!(answer(&server, "What does a canoe cost?").await.contains("42 euros"));

    // The rest of the source changes, its title too: the change stays. The words change: it does not fit any more.
    let elsewhere = HIRE.replace("9 euros", "11 euros");
    of.client.patch(&of.path, &json!({"title": "Hire 2026", "text": elsewhere})).await.ok::<Value>();
    server.settled().await;
    let still = of.about("42 euros").await;
    assert_eq!((still.state, still.heading.as_str()), (PassageState::Changed, "Hire 2026 › Canoes"));
    assert!(of.list("?unfit=true").await.is_empty());
    of.client.patch(&of.path, &json!({"text": elsewhere.replace("35 euros", "37 euros")})).await.ok::<Value>();
    server.settled().await;
    let now = of.about("A canoe costs").await;
    assert_eq!((now.state, now.text.contains("37 euros")), (PassageState::Cut, true));
    assert!(answer(&server, "What does a canoe cost?").await.contains("37 euros"));
    let unfit = of.list("?unfit=true").await;
    assert_eq!(unfit.iter().map(|one| one.state).collect::<Vec<_>>(), [PassageState::Unfit]);
    assert!(unfit[0].text.contains("42 euros") && unfit[0].original.as_deref().unwrap().contains("35 euros"));
    // Back to the old words: it fits again; then it is taken back.
    of.client.patch(&of.path, &json!({"text": elsewhere})).await.ok::<Value>();
    server.settled().await;
    assert!(of.list("?unfit=true").await.is_empty());
    assert_eq!(of.about("42 euros").await.state, PassageState::Changed);
    of.client.delete(&format!("{}/passages/{}", of.path, canoes.id)).await.ok::<Value>();
    server.settled().await;
    assert_eq!(of.about("35 euros").await.state, PassageState::Cut);
    // The very words that were cut are no change.
    let same = of.changes(&canoes.id, json!({"text": canoes.text})).await;
    assert_eq!(same.state, PassageState::Cut);
    server.stop().await;
}

async fn what_is_left_out_is_not_found_and_what_is_added_is(place: Place) {
    let server = with_built_in(&place).await;
    let of = OfSource::with(&server, HIRE).await;
    let boots = of.about("Hiking boots").await;
    assert_eq!(of.changes(&boots.id, json!({"left_out": true})).await.state, PassageState::LeftOut);
    let season = json!({"heading": "Season", "text": "We are open from May to October.", "page": 4});
    let added: PassageView = of.client.post(&format!("{}/passages", of.path), &season).await.ok();
    assert_eq!((added.state, added.heading.as_str(), added.page), (PassageState::Added, "Hire › Season", Some(4)));
    server.settled().await;
    let all = of.list("").await;
    let states: Vec<_> = all.iter().map(|one| (one.place, one.state)).collect();
    let (cut, left_out) = (PassageState::Cut, PassageState::LeftOut);
    assert_eq!(states, [(1, cut), (2, left_out), (3, cut), (4, PassageState::Added)]);
    assert_eq!(of.shown().await.source.chunks, 3, "what is left out is not counted");
    assert!(!answer(&server, "What do hiking boots cost?").await.contains("9 euros"));
    assert!(answer(&server, "When are you open in the season?").await.contains("May to October"));

    let season = of.changes(&added.id, json!({"text": "We are open from June to October."})).await;
    assert_eq!(season.state, PassageState::Added);
    assert_eq!(of.changes(&boots.id, json!({"left_out": false})).await.state, cut);
    server.settled().await;
    assert!(answer(&server, "What do hiking boots cost?").await.contains("9 euros"));
    assert!(answer(&server, "When are you open in the season?").await.contains("June to October"));
    of.client.delete(&format!("{}/passages/{}", of.path, added.id)).await.ok::<Value>();
    server.settled().await;
    assert_eq!(of.list("").await.len(), 3);
    // Everything may be left out: then there is nothing to answer from, and nothing is wrong.
    for one in of.list("").await {
        of.changes(&one.id, json!({"left_out": true})).await;
    }
    server.settled().await;
    let shown = of.shown().await.source;
    assert_eq!((shown.status, shown.chunks), (SourceStatus::Ready, 0));
    assert_eq!(of.list("").await.len(), 3);
    server.stop().await;
}

async fn a_search_finds_passages_and_pages_follow_each_other(place: Place) {
    let server = TestServer::on(&place).await;
    let text: String =
        (1..=25).map(|number| format!("# Item {number}\n\nBicycle number {number} is green.\n\n")).collect();
    let of = OfSource::with(&server, &text).await;
    let mut places = Vec::new();
    let mut after = String::new();
    loop {
        let page: Page<PassageView> = of.client.get(&format!("{}/passages?limit=10{after}", of.path)).await.ok();
        places.extend(page.items.iter().map(|one| one.place));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(places, (1..=25).collect::<Vec<_>>());
    let found = of.list("?q=BICYCLES%2017").await;
    assert_eq!(found.iter().map(|one| one.place).collect::<Vec<_>>(), [17], "as the AI understands words");
    assert_eq!(of.list("?q=green&limit=3").await.len(), 3);
    assert!(of.list("?q=submarine").await.is_empty());
    assert_eq!(of.list("?q=%25").await.len(), 25, "nothing to look for");
    server.stop().await;
}

async fn what_makes_no_sense_is_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let of = OfSource::with(&server, HIRE).await;
    let canoes = of.about("A canoe costs").await;
    let passages = format!("{}/passages", of.path);
    let one = format!("{passages}/{}", canoes.id);
    for (wish, field) in [
        (json!({}), "text"),
        (json!({"text": "x", "left_out": true}), "text"),
        (json!({"text": "  "}), "text"),
        (json!({"text": "x".repeat(4_001)}), "text"),
    ] {
        let answer = of.client.patch(&one, &wish).await;
        assert_eq!((answer.status.as_u16(), answer.value()["field"].as_str()), (422, Some(field)), "{wish}");
    }
    for (new, field) in [
        (json!({"text": " "}), "text"),
        (json!({"text": "x", "heading": "y".repeat(201)}), "heading"),
        (json!({"text": "x", "page": 0}), "page"),
    ] {
        let answer = of.client.post(&passages, &new).await;
        assert_eq!((answer.status.as_u16(), answer.value()["field"].as_str()), (422, Some(field)), "{new}");
    }
    for strange in ["nothing", "0", &"f".repeat(32), "00000000-0000-0000-0000-000000000000"] {
        let path = format!("{passages}/{strange}");
        assert_eq!(of.client.patch(&path, &json!({"text": "x"})).await.said(), (404, "not_found".into()), "{strange}");
        assert_eq!(of.client.delete(&path).await.said(), (404, "not_found".into()), "{strange}");
    }
    for query in ["?after=x", "?unfit=true&after=x", "?unfit=maybe"] {
        assert!(of.client.get(&format!("{passages}{query}")).await.status.is_client_error(), "{query}");
    }
    for (tags, field) in [(json!(["a", " "]), "tags.1"), (json!(["x".repeat(41)]), "tags.0")] {
        let answer = of.client.put(&format!("{}/tags", of.path), &json!({"tags": tags})).await;
        assert_eq!((answer.status.as_u16(), answer.value()["field"].as_str()), (422, Some(field)), "{tags}");
    }
    let many: Vec<String> = (0..21).map(|number| format!("tag {number}")).collect();
    let answer = of.client.put(&format!("{}/tags", of.path), &json!({"tags": many})).await;
    assert_eq!((answer.status.as_u16(), answer.value()["field"].as_str()), (422, Some("tags")));
    // Nothing of it has changed anything; whoever may not change knowledge reads it.
    let agent = server.add("Sofia", Role::Agent).await;
    assert_eq!(agent.client.patch(&one, &json!({"left_out": true})).await.said(), (403, "forbidden".into()));
    assert!(of.list("").await.iter().all(|one| one.state == PassageState::Cut));
    assert_eq!(agent.client.get(&passages).await.ok::<Page<PassageView>>().items.len(), 3);
    server.stop().await;
}

async fn tags_narrow_the_list_and_hold_an_agent(place: Place) {
    let server = with_built_in(&place).await;
    let owner = server.owner().client;
    let hire = add(&server, "Hire", "A canoe costs 35 euros a day.").await;
    add(&server, "Shop", "A tent costs 200 euros in the shop.").await;
    let path = format!("{}/{hire}/tags", sources(&server));
    let tags: SourceTags = owner.put(&path, &json!({"tags": ["Hire", "Boats", "hire"]})).await.ok();
    assert_eq!(tags.tags, ["boats", "hire"]);
    let known: Page<TagView> = owner.get(&format!("/chatbots/{}/tags", server.chatbot())).await.ok();
    let tag = |tag: &str| TagView { tag: tag.into(), sources: 1 };
    assert_eq!(known.items, [tag("boats"), tag("hire")]);
    let titles = async |query: &str| {
        let page: Page<Source> = owner.get(&format!("{}{query}", sources(&server))).await.ok();
        page.items.into_iter().map(|source| (source.title, source.tags)).collect::<Vec<_>>()
    };
    assert_eq!(titles("?tag=Hire").await, [("Hire".to_owned(), vec!["boats".to_owned(), "hire".to_owned()])]);
    assert_eq!(titles("").await.len(), 2);
    assert!(titles("?tag=nothing").await.is_empty());

    let agents = format!("/chatbots/{}/agents", server.chatbot());
    let agent = owner.get(&agents).await.ok::<Page<AiAgent>>().items.remove(0);
    let held: AiAgent = owner.patch(&format!("{agents}/{}", agent.id), &json!({"tags": ["Hire"]})).await.ok();
    assert_eq!((held.tags, held.sources), (vec!["hire".to_owned()], None));
    server.settled().await;
    assert!(answer(&server, "What does a canoe cost?").await.contains("35 euros"));
    assert!(!answer(&server, "What does a tent cost?").await.contains("200 euros"));
    // What is tagged from now on counts at once.
    let shop = owner.get(&sources(&server)).await.ok::<Page<Source>>().items;
    let shop = &shop.iter().find(|source| source.title == "Shop").unwrap().id;
    owner.put(&format!("{}/{shop}/tags", sources(&server)), &json!({"tags": ["hire"]})).await.ok::<Value>();
    assert!(answer(&server, "What does a tent cost?").await.contains("200 euros"));
    owner.patch(&format!("{agents}/{}", agent.id), &json!({"tags": []})).await.ok::<Value>();
    server.stop().await;
}

async fn a_copy_of_a_chatbot_has_tags_and_changes(place: Place) {
    let server = TestServer::on(&place).await;
    let of = OfSource::with(&server, HIRE).await;
    let boots = of.about("Hiking boots").await;
    of.changes(&boots.id, json!({"left_out": true})).await;
    of.client.put(&format!("{}/tags", of.path), &json!({"tags": ["hire"]})).await.ok::<Value>();
    server.settled().await;
    let copy: Value =
        of.client.post(&format!("/chatbots/{}/duplicate", server.chatbot()), &json!({"name": "Copy"})).await.ok();
    server.settled().await;
    let theirs = format!("/chatbots/{}/sources", copy["id"].as_str().unwrap());
    let source = of.client.get(&theirs).await.ok::<Page<Source>>().items.remove(0);
    assert_eq!((source.status, source.tags), (SourceStatus::Ready, vec!["hire".to_owned()]));
    let passages: Page<PassageView> = of.client.get(&format!("{theirs}/{}/passages", source.id)).await.ok();
    let states: Vec<_> = passages.items.iter().map(|one| one.state).collect();
    assert_eq!(states, [PassageState::Cut, PassageState::LeftOut, PassageState::Cut]);
    server.stop().await;
}
