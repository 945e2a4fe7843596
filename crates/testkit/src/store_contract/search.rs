//! Search over what was said.

use domain::{
    LabelId, Millis,
    chatbot::Settings,
    conversation::{Actor, Command, Event, Reason, Refusal, Standing},
    find::Query,
    labels::LabelColor,
    person::Role,
};
use ports::{
    content::Content,
    conversations::{Held, Unit, Viewpoint, Write},
    jobs::{NewJob, Task},
    labels::Label,
    search::{FoundPage, Narrowed},
};

use super::world::{
    Engine, World, agent, chatbot, committed, conversation, everything, id, new_person, owner, person, scope,
};

/// Nothing left out.
const ANYTHING: Narrowed =
    Narrowed { standing: None, chatbot: None, label: None, person: None, since: None, until: None };

async fn page(world: &World, view: Viewpoint, typed: &str, narrowed: Narrowed, before: Option<i64>) -> FoundPage {
    let query = Query::read(typed).unwrap();
    world.store.find_texts(world.scope, view, &query, narrowed, before, 2).await.unwrap()
}

fn shown(page: &FoundPage) -> Vec<String> {
    let text = |found: &ports::search::Found| {
        let text = found.entry.as_ref().and_then(|logged| logged.content.as_ref()?.text());
        text.unwrap_or_else(|| found.row.visitor_name.as_deref().unwrap_or_default()).to_owned()
    };
    page.items.iter().map(text).collect()
}

/// Every text that is found, newest first, over all pages.
async fn all(world: &World, view: Viewpoint, typed: &str, narrowed: Narrowed) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let next = page(world, view, typed, narrowed, before).await;
        found.extend(shown(&next));
        before = next.next;
        if before.is_none() {
            return found;
        }
    }
}

async fn finds(world: &World, typed: &str) -> Vec<String> {
    all(world, everything(), typed, ANYTHING).await
}

/// Words in any order, phrases in order, the last word as a beginning, whatever the accents; of everybody, newest first.
pub async fn words_and_phrases_are_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.open("milk").await;
    world.says("tea", "Where is my Parcel?").await;
    world.says("milk", "My café parcels are late").await;
    world.says("tea", "返品したいです").await;
    world.takes_over("tea", "ada").await;
    world.does("tea", Command::PersonWrites { by: owner("ada") }, "I look for your parcel 4711-A").await;
    world.does("tea", Command::WriteNote { by: owner("ada") }, "The parcel is lost").await;
    let check = async |typed: &str, wanted: &[&str]| assert_eq!(finds(&world, typed).await, wanted, "{typed}");
    let (first, late, look, lost) =
        ("Where is my Parcel?", "My café parcels are late", "I look for your parcel 4711-A", "The parcel is lost");
    check("parcel", &[lost, look, late, first]).await;
    check("parcel ", &[lost, look, first]).await;
    check("MY parcel", &[late, first]).await;
    check("\"my parcel\"", &[first]).await;
    check("parcel where", &[first]).await;
    check("cafe", &[late]).await;
    check("4711-a", &[look]).await;
    check("品し", &["返品したいです"]).await;
    check("par lat", &[]).await;
    // What Baton says by itself stands in every chat and is not looked for.
    check("\"I am here\"", &[]).await;
    let query = Query::read("parcel").unwrap();
    let foreign = world.store.find_texts(scope("others"), everything(), &query, ANYTHING, None, 10).await.unwrap();
    assert!(foreign.items.is_empty());
}

/// Page by page nothing comes twice and nothing is left out, whatever is written meanwhile.
pub async fn a_page_goes_on_where_the_last_one_ended(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for number in 1..=5 {
        world.says("tea", &format!("parcel number {number}")).await;
    }
    let first = page(&world, everything(), "parcel", ANYTHING, None).await;
    assert_eq!(shown(&first), ["parcel number 5", "parcel number 4"]);
    assert_eq!(first.items[0].entry.as_ref().map(|logged| logged.entry.seq), Some(5));
    world.says("tea", "parcel number 6").await;
    let second = page(&world, everything(), "parcel", ANYTHING, first.next).await;
    assert_eq!(shown(&second), ["parcel number 3", "parcel number 2"]);
    let third = page(&world, everything(), "parcel", ANYTHING, second.next).await;
    assert_eq!((shown(&third), third.next), (vec!["parcel number 1".to_owned()], None));
}

/// Puts another text in the place of an entry of "tea", or empties it.
pub async fn revise(world: &World, of: i64, text: Option<&str>) {
    let text = text.map(str::to_owned);
    let decide = move |held: Held<'_>| {
        let Some(old) = held.of else { return Err(Refusal::NoText) };
        let (seq, visitor_seq, by) = (old.entry.seq, old.entry.visitor_seq, person("ada"));
        let (event, content) = match &text {
            Some(text) => (Event::TextEdited { seq, visitor_seq, by }, Content::Text { text: text.clone() }),
            None => (Event::TextDeleted { seq, visitor_seq, by }, Content::Emptied),
        };
        Ok(Write { revision: Some(content), ..Write::of(Millis(5), vec![(event, None)]) })
    };
    let (scope, conversation) = (world.scope, conversation("tea"));
    let unit = Unit { scope, conversation, once: None, of: Some(of), files: Vec::new(), decide: Box::new(decide) };
    committed(world.store.execute(unit).await.unwrap());
}

/// From the commit on, by what it is now and by nothing that it was; also when two edits share a commit.
pub async fn an_edited_text_is_found_by_its_new_words(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "first words").await;
    world.says("tea", "other words").await;
    revise(&world, 1, Some("second thoughts")).await;
    assert_eq!(finds(&world, "first").await, [""; 0]);
    assert_eq!(finds(&world, "second").await, ["second thoughts"]);
    assert_eq!(finds(&world, "words").await, ["other words"]);
    tokio::join!(revise(&world, 1, Some("third one")), revise(&world, 2, Some("other one")), async {
        revise(&world, 1, Some("fourth one")).await;
    });
    assert_eq!(finds(&world, "third second").await, [""; 0]);
    let found = finds(&world, "one").await;
    assert!(found.len() == 2 && found.iter().all(|text| text.ends_with("one")), "{found:?}");
}

/// From the commit on, by no word of any version.
pub async fn a_deleted_text_is_not_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "my secret number").await;
    world.says("tea", "nothing special").await;
    revise(&world, 1, Some("my other number")).await;
    revise(&world, 1, None).await;
    for typed in ["secret", "number", "other", "my"] {
        assert_eq!(finds(&world, typed).await, [""; 0], "{typed}");
    }
    assert_eq!(finds(&world, "nothing").await, ["nothing special"]);
}

/// By name, address and the website's id, as they are now; once something was said.
pub async fn visitors_are_found_by_what_is_known(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let tea = world.open("tea").await;
    world.open("milk").await;
    world.open("silent").await;
    world.says("tea", "hello").await;
    world.says("milk", "hello").await;
    let find = async |typed: &str| {
        let query = Query::read(typed).unwrap();
        let found = world.store.find_visitors(world.scope, everything(), &query, ANYTHING, None, 10).await.unwrap();
        shown(&found)
    };
    assert_eq!(find("visitor").await, ["Visitor milk", "Visitor tea"]);
    let known = |mut facts: ports::conversations::VisitorFacts| {
        facts.name = Some("Zoë Quinn".into());
        facts.email = Some("zoe@example.com".into());
        facts.external_id = Some("customer-77".into());
        facts
    };
    world.store.change_facts(world.scope, tea.visitor, Box::new(known), Vec::new()).await.unwrap();
    for typed in ["zoe", "quinn zoe", "zoe@example.com", "customer-77", "exam"] {
        assert_eq!(find(typed).await, ["Zoë Quinn"], "{typed}");
    }
    assert_eq!(find("visitor").await, ["Visitor milk"]);
    let forgotten = |mut facts: ports::conversations::VisitorFacts| {
        (facts.name, facts.email, facts.external_id) = (None, None, None);
        facts
    };
    world.store.change_facts(world.scope, tea.visitor, Box::new(forgotten), Vec::new()).await.unwrap();
    assert_eq!(find("zoe").await, [""; 0]);
    let query = Query::read("visitor").unwrap();
    let first = world.store.find_visitors(world.scope, everything(), &query, ANYTHING, None, 1).await.unwrap();
    let rest = world.store.find_visitors(world.scope, everything(), &query, ANYTHING, first.next, 1).await.unwrap();
    assert_eq!((shown(&first), shown(&rest)), (vec!["Visitor milk".to_owned()], Vec::new()));
    let foreign = world.store.find_visitors(scope("others"), everything(), &query, ANYTHING, None, 10).await.unwrap();
    assert!(foreign.items.is_empty());
}

/// Label, person, chatbot, state and date; with words and without.
pub async fn filters_narrow_what_is_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.add_chatbot(world.scope, chatbot("help"), &Settings::default(), &agent("helper"), Millis(1)).await.unwrap();
    store.add_person(world.scope, new_person("ben", Some(Role::Agent))).await.unwrap();
    let label = Label { id: LabelId::new(id("label vip")), name: "VIP".into(), color: LabelColor::Red };
    store.add_label(world.scope, &label, Millis(1), None).await.unwrap();
    for (name, chatbot) in [("a", "shop"), ("b", "shop"), ("c", "help"), ("d", "help")] {
        world.open_with(name, chatbot).await;
        world.says(name, &format!("parcel {name}")).await;
        world.pass(1_000);
    }
    store.set_label(world.scope, conversation("a"), label.id, true).await.unwrap();
    store.set_label(world.scope, conversation("c"), label.id, true).await.unwrap();
    let request = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    world.does("b", request, "a colleague comes").await;
    world.does("c", Command::Assign { by: owner("ada"), to: Some(person("ben")) }, "").await;
    world.takes_over("d", "ada").await;
    world.does("d", Command::PersonWrites { by: owner("ada") }, "parcel of ada").await;
    world.does("d", Command::EndLiveChat { by: owner("ada") }, "bye").await;
    let check = async |narrowed: Narrowed, texts: &[&str], rows: &str| {
        assert_eq!(all(&world, everything(), "parcel", narrowed).await, texts, "{narrowed:?}");
        let found = store.find_rows(world.scope, everything(), narrowed, None, 10).await.unwrap();
        let mut names: Vec<_> = shown(&found).iter().map(|name| name.replace("Visitor ", "")).collect();
        names.sort();
        assert_eq!(names.concat(), rows, "{narrowed:?}");
    };
    check(ANYTHING, &["parcel of ada", "parcel d", "parcel c", "parcel b", "parcel a"], "abcd").await;
    check(Narrowed { label: Some(label.id), ..ANYTHING }, &["parcel c", "parcel a"], "ac").await;
    check(Narrowed { standing: Some(Standing::Requested), ..ANYTHING }, &["parcel b"], "b").await;
    let help = Some(chatbot("help"));
    check(Narrowed { chatbot: help, ..ANYTHING }, &["parcel of ada", "parcel d", "parcel c"], "cd").await;
    check(Narrowed { chatbot: help, label: Some(label.id), ..ANYTHING }, &["parcel c"], "c").await;
    check(Narrowed { person: Some(person("ben")), ..ANYTHING }, &["parcel c"], "c").await;
    // What somebody wrote stays theirs when the live chat is over.
    check(Narrowed { person: Some(person("ada")), ..ANYTHING }, &["parcel of ada"], "").await;
    let (since, until) = (Some(Millis(1_001_000)), Some(Millis(1_003_000)));
    assert_eq!(
        all(&world, everything(), "parcel", Narrowed { since, until, ..ANYTHING }).await,
        ["parcel c", "parcel b"]
    );
    let found = store.find_rows(world.scope, everything(), Narrowed { until, ..ANYTHING }, None, 10).await.unwrap();
    assert_eq!(shown(&found), ["Visitor a"]);
    let first = store.find_rows(world.scope, everything(), ANYTHING, None, 3).await.unwrap();
    let rest = store.find_rows(world.scope, everything(), ANYTHING, first.next, 3).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (3, 1, None));
}

/// Without a role for the workspace, only in chatbots with a membership.
pub async fn members_find_in_their_chatbots_only(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.add_chatbot(world.scope, chatbot("help"), &Settings::default(), &agent("helper"), Millis(1)).await.unwrap();
    store.add_person(world.scope, new_person("cleo", None)).await.unwrap();
    world.open("a").await;
    world.open_with("b", "help").await;
    world.says("a", "parcel a").await;
    world.says("b", "parcel b").await;
    let cleo = Viewpoint { person: person("cleo"), whole_workspace: false };
    let finds = async || {
        let query = Query::read("visitor").unwrap();
        let visitors = store.find_visitors(world.scope, cleo, &query, ANYTHING, None, 10).await.unwrap();
        let rows = store.find_rows(world.scope, cleo, ANYTHING, None, 10).await.unwrap();
        (all(&world, cleo, "parcel", ANYTHING).await.concat(), shown(&visitors).concat(), shown(&rows).concat())
    };
    assert_eq!(finds().await, Default::default());
    store.set_membership(world.scope, person("cleo"), chatbot("help"), Some(Role::Viewer)).await.unwrap();
    assert_eq!(finds().await, ("parcel b".into(), "Visitor b".into(), "Visitor b".into()));
}

/// Nothing of it is left, in no word.
pub async fn a_deleted_chatbot_is_not_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.add_chatbot(world.scope, chatbot("help"), &Settings::default(), &agent("helper"), Millis(1)).await.unwrap();
    world.open("a").await;
    world.open_with("b", "help").await;
    for number in 0..250 {
        world.says("a", &format!("parcel {number}")).await;
    }
    world.says("b", "parcel b").await;
    let task = Task::DeleteChatbot { chatbot: chatbot("shop") };
    let job = NewJob { id: id("delete"), task, run_at: Millis(1), lease: None };
    store.delete_chatbot(world.scope, chatbot("shop"), job, Millis(1)).await.unwrap();
    while store.delete_slice(world.scope, chatbot("shop")).await.unwrap() {}
    assert_eq!(finds(&world, "parcel").await, ["parcel b"]);
    let query = Query::read("visitor").unwrap();
    let found = store.find_visitors(world.scope, everything(), &query, ANYTHING, None, 10).await.unwrap();
    assert_eq!(shown(&found), ["Visitor b"]);
}

/// Nothing that is typed acts as a part of a query's language, nor does what is written.
pub async fn what_looks_like_syntax_is_none(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let written = "terms: AND OR NOT \"x\" 'y' a* (b) c:d -e ^f {g} NEAR(h i) \\ & | ! <-> 'j':1A";
    world.says("tea", written).await;
    for typed in [
        "AND", "OR NOT", "NEAR", "'y'", "x'y", "a* ", "(b", "c:d", "-e", "^f", "{g}", "h i", "\\", "j':1a", "& | !",
        "*",
    ] {
        let Some(query) = Query::read(typed) else { continue };
        let found = world.store.find_texts(world.scope, everything(), &query, ANYTHING, None, 10).await.unwrap();
        assert!(found.items.len() <= 1, "{typed}");
        let same = query.passage(written).is_some();
        assert_eq!(!found.items.is_empty(), same, "{typed}");
    }
}
