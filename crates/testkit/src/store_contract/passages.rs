//! Passages of sources, what is changed in them, and tags.

use domain::{
    Millis, SourceId,
    chatbot::Settings,
    passages::{Change, Passage},
};
use ports::{
    Fault,
    jobs::{NewJob, Task},
    passages::{KeptChange, Listed},
    sources::{Chunk, SourceStatus},
};
use uuid::Uuid;

use super::{
    knowledge::{index, source, stands_for},
    world::{Engine, World, agent, chatbot, id, person, scope},
};

fn faq() -> SourceId {
    SourceId::new(id("faq"))
}

fn job(name: &str) -> NewJob {
    let task = Task::IndexSource { source: faq() };
    NewJob { id: id(&format!("job {name}")), task, run_at: Millis(0), lease: None }
}

fn kept(name: &str, change: Change, cut: &str, place: Option<u32>) -> KeptChange {
    let cut = Passage { heading: "Hire".into(), text: cut.into(), page: Some(7) };
    let terms = cut.text.to_lowercase();
    KeptChange { id: id(name), change, cut, place, terms, by: person("ada"), at: Millis(5_000) }
}

fn chunk(place: u32, text: &str, cut: Option<&str>, change: Option<Uuid>) -> Chunk {
    Chunk {
        heading: "Hire".into(),
        text: text.into(),
        page: Some(7),
        heading_terms: "hire".into(),
        terms: text.to_lowercase(),
        digest: stands_for(text),
        place,
        mark: cut.map(stands_for),
        change,
    }
}

async fn put(world: &World, kept: KeptChange) -> bool {
    let job = job(&format!("{} {:?}", kept.id, kept.change));
    world.store.put_change(world.scope, faq(), kept, 3, job).await.unwrap()
}

async fn list(world: &World, words: &[&str], after: u32, limit: u32) -> Vec<(u32, String, bool)> {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    let listed = world.store.list_passages(world.scope, faq(), &words, after, limit).await.unwrap();
    listed.into_iter().map(|one| (one.place, one.passage.text, one.left_out)).collect()
}

/// What is found and what is left out come in one order, page by page and by their words.
pub async fn passages_come_in_their_order(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    index(&world, "faq", &[("Hire", "canoes"), ("Hire", "paddles"), ("Hire", "boots")]).await;
    assert_eq!(store.source_title(ours, chatbot("shop"), faq()).await.unwrap(), "faq");
    for (whose, of) in [(scope("others"), "shop"), (ours, "other")] {
        assert!(matches!(store.source_title(whose, chatbot(of), faq()).await, Err(Fault::NotFound)));
    }
    let all = ["canoes", "paddles", "boots"].map(str::to_owned);
    let texts = |listed: Vec<(u32, String, bool)>| listed.into_iter().map(|(_, text, _)| text).collect::<Vec<_>>();
    assert_eq!(texts(list(&world, &[], 0, 9).await), all);
    assert_eq!(texts(list(&world, &[], 1, 1).await), ["paddles"]);
    assert_eq!(texts(list(&world, &["pad"], 0, 9).await), ["paddles"], "the beginning of a word");
    assert_eq!(texts(list(&world, &["hire", "boo"], 0, 9).await), ["boots"]);
    assert!(list(&world, &["addles"], 0, 9).await.is_empty());
    assert_eq!(list(&world, &["%", "_"], 0, 9).await.len(), 3, "nothing in a word is syntax");
    assert!(store.list_passages(scope("others"), faq(), &[], 0, 9).await.unwrap().is_empty());

    let left_out = kept("one", Change::LeftOut { of: stands_for("paddles") }, "paddles", Some(2));
    assert!(put(&world, left_out.clone()).await);
    let (now, _) = store.source(ours, faq()).await.unwrap();
    assert_eq!((now.status, now.version), (SourceStatus::Indexing, 2), "the source is read again");
    let chunks = vec![chunk(1, "canoes", Some("canoes"), None), chunk(3, "boots", Some("boots"), None)];
    assert!(store.index_source(ours, faq(), 2, Ok(chunks), None).await.unwrap());
    let found = list(&world, &[], 0, 9).await;
    assert_eq!(found, [(1, all[0].clone(), false), (2, all[1].clone(), true), (3, all[2].clone(), false)]);
    assert_eq!(list(&world, &[], 1, 1).await, [(2, all[1].clone(), true)]);
    assert_eq!(list(&world, &["paddles"], 0, 9).await.len(), 1);
    let words = ["paddles".to_owned()];
    assert!(
        store.search_chunks(ours, chatbot("shop"), &words, None, 9).await.unwrap().is_empty(),
        "the AI does not find it"
    );
    let cut = store.cut_passage(ours, faq(), stands_for("paddles")).await.unwrap();
    assert_eq!(cut, Some((2, left_out.cut)), "as it was cut");
    let cut = store.cut_passage(ours, faq(), stands_for("boots")).await.unwrap();
    assert_eq!(cut.map(|(place, passage)| (place, passage.text)), Some((3, "boots".to_owned())));
    assert_eq!(store.cut_passage(scope("others"), faq(), stands_for("boots")).await.unwrap(), None);
}

/// A change is kept once for the same words, says where it has taken hold, and is taken back.
pub async fn changes_are_kept_until_they_are_taken_back(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    index(&world, "faq", &[("Hire", "canoes"), ("Hire", "boots")]).await;
    let of = stands_for("canoes");
    let rewritten = |text: &str| Change::Rewritten { of, text: text.into() };
    assert!(put(&world, kept("one", rewritten("Canoes cost 40."), "canoes", Some(1))).await);
    // Somebody else, a moment later: the same words, one change.
    assert!(put(&world, kept("two", rewritten("Canoes cost 50."), "canoes", Some(1))).await);
    let added = Passage { heading: "Hire".into(), text: "Open from May.".into(), page: Some(7) };
    assert!(put(&world, kept("three", Change::Added(added.clone()), &added.text, None)).await);
    let left_out = Change::LeftOut { of: stands_for("boots") };
    assert!(put(&world, kept("four", left_out.clone(), "boots", Some(2))).await);
    let other = Change::LeftOut { of: stands_for("tents") };
    assert!(!put(&world, kept("five", other, "tents", None)).await, "there is a limit");
    let known = store.passage_changes(ours, faq()).await.unwrap();
    let mut seen: Vec<Change> = known.iter().map(|kept| kept.change.clone()).collect();
    seen.sort_by_key(|change| format!("{change:?}"));
    let mut wanted = vec![rewritten("Canoes cost 50."), Change::Added(added), left_out];
    wanted.sort_by_key(|change| format!("{change:?}"));
    assert_eq!(seen, wanted);
    assert!(known.iter().any(|kept| kept.id == id("one")), "the first one's id stays");
    assert!(store.passage_changes(scope("others"), faq()).await.unwrap().is_empty());

    // The source has other words: one change fits, one does not; the added one always does.
    let (now, _) = store.source(ours, faq()).await.unwrap();
    let places = vec![(id("one"), None), (id("three"), Some(3)), (id("four"), Some(2))];
    store.settle_changes(ours, faq(), now.version - 1, vec![(id("one"), Some(9))]).await.unwrap();
    store.settle_changes(scope("others"), faq(), now.version, vec![(id("one"), Some(9))]).await.unwrap();
    store.settle_changes(ours, faq(), now.version, places).await.unwrap();
    let unfit = store.unfit_changes(ours, faq(), None, 9).await.unwrap();
    assert_eq!(unfit.iter().map(|kept| kept.id).collect::<Vec<_>>(), [id("one")]);
    assert_eq!(unfit[0].cut.text, "canoes");
    assert!(store.unfit_changes(ours, faq(), Some(id("one")), 9).await.unwrap().is_empty());

    let chunks = vec![
        chunk(1, "canoes for two", Some("canoes for two"), None),
        chunk(3, "Open from May.", None, Some(id("three"))),
    ];
    assert!(store.index_source(ours, faq(), now.version, Ok(chunks), None).await.unwrap());
    let listed = store.list_passages(ours, faq(), &[], 0, 9).await.unwrap();
    let shown = |one: &Listed| (one.place, one.mark.is_some(), one.change, one.left_out);
    let listed: Vec<_> = listed.iter().map(shown).collect();
    assert_eq!(
        listed,
        [(1, true, None, false), (2, true, Some(id("four")), true), (3, false, Some(id("three")), false)]
    );

    let drop = async |whose, name: &str| {
        store.drop_change(whose, faq(), id(name), Millis(6_000), job(&format!("drop {name}"))).await
    };
    assert!(matches!(drop(scope("others"), "four").await, Err(Fault::NotFound)));
    drop(ours, "four").await.unwrap();
    assert!(matches!(drop(ours, "four").await, Err(Fault::NotFound)));
    assert_eq!(store.passage_changes(ours, faq()).await.unwrap().len(), 2);
    assert!(matches!(
        store.put_change(scope("others"), faq(), kept("six", rewritten("x"), "canoes", None), 9, job("six")).await,
        Err(Fault::NotFound)
    ));
    // A source that goes takes them along.
    store.delete_source(ours, faq()).await.unwrap();
    assert!(store.passage_changes(ours, faq()).await.unwrap().is_empty());
}

/// Tags narrow the list of sources, and lead to them.
pub async fn tags_lead_to_their_sources(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    store.add_chatbot(ours, chatbot("other"), &Settings::default(), &agent("other"), Millis(1)).await.unwrap();
    for name in ["faq", "terms", "prices"] {
        index(&world, name, &[("Hire", "canoes")]).await;
    }
    let of = |name: &str| SourceId::new(id(name));
    let set = async |name: &str, tags: &[&str]| {
        let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
        store.set_tags(ours, of(name), &tags).await.unwrap();
    };
    set("faq", &["hire", "boats"]).await;
    set("terms", &["hire"]).await;
    set("prices", &["old"]).await;
    set("prices", &["boats"]).await;
    assert_eq!(store.tags(ours, chatbot("shop"), "", 9).await.unwrap(), [("boats".into(), 2), ("hire".into(), 2)]);
    assert_eq!(store.tags(ours, chatbot("shop"), "boats", 9).await.unwrap(), [("hire".into(), 2)]);
    assert_eq!(store.tags(ours, chatbot("shop"), "", 1).await.unwrap().len(), 1);
    assert!(store.tags(ours, chatbot("other"), "", 9).await.unwrap().is_empty());
    assert!(store.tags(scope("others"), chatbot("shop"), "", 9).await.unwrap().is_empty());
    let mut tags = store.tags_of(ours, &[of("faq"), of("prices")]).await.unwrap();
    tags.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
    assert_eq!(tags.len(), 3);
    assert_eq!(tags[2], (of("faq"), "hire".to_owned()));
    assert!(store.tags_of(scope("others"), &[of("faq")]).await.unwrap().is_empty());
    let page = async |tag: &str, before, limit| {
        let found = store.sources_tagged(ours, chatbot("shop"), tag, before, limit).await.unwrap();
        found.into_iter().map(|source| (source.updated_at, source.id)).collect::<Vec<_>>()
    };
    let hire = page("hire", None, 9).await;
    assert_eq!(hire.len(), 2);
    assert_eq!(page("hire", Some(hire[0]), 9).await, [hire[1]]);
    assert!(page("old", None, 9).await.is_empty());
    let mut tagged = store.tagged(ours, chatbot("shop"), &["boats".into(), "hire".into()], 9).await.unwrap();
    tagged.sort_unstable();
    let mut wanted = vec![of("faq"), of("terms"), of("prices")];
    wanted.sort_unstable();
    assert_eq!(tagged, wanted, "each once");
    assert!(store.tagged(scope("others"), chatbot("shop"), &["boats".into()], 9).await.unwrap().is_empty());
    let theirs = store.set_tags(scope("others"), of("faq"), &["stolen".into()]).await;
    assert!(matches!(theirs, Err(Fault::NotFound)));
    store.delete_source(ours, of("faq")).await.unwrap();
    assert_eq!(store.tags(ours, chatbot("shop"), "", 9).await.unwrap(), [("boats".into(), 1), ("hire".into(), 1)]);
}

/// A copy has the tags and the changes of the original, and each of them once.
pub async fn a_copy_has_the_marks_of_the_original(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    index(&world, "faq", &[("Hire", "canoes")]).await;
    store.set_tags(ours, faq(), &["hire".into()]).await.unwrap();
    assert!(put(&world, kept("one", Change::LeftOut { of: stands_for("canoes") }, "canoes", Some(1))).await);
    let (copy, _) = source("copy", "FAQ");
    store.add_source(ours, &copy, "canoes", None, None).await.unwrap();
    for number in 0..2 {
        let pairs = vec![(id("one"), id("one of the copy"))];
        store.copy_marks(ours, faq(), copy.id, pairs, job(&format!("copy {number}"))).await.unwrap();
    }
    let changes = store.passage_changes(ours, copy.id).await.unwrap();
    assert_eq!(changes.iter().map(|kept| kept.id).collect::<Vec<_>>(), [id("one of the copy")]);
    assert_eq!(changes[0].change, Change::LeftOut { of: stands_for("canoes") });
    assert_eq!(store.tags_of(ours, &[copy.id]).await.unwrap(), [(copy.id, "hire".to_owned())]);
    assert_eq!(store.passage_changes(ours, faq()).await.unwrap().len(), 1);
    let theirs = store.copy_marks(scope("others"), faq(), copy.id, Vec::new(), job("theirs")).await;
    assert!(matches!(theirs, Err(Fault::NotFound)));
}
