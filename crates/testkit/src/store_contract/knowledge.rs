//! Sources, their chunks, and search.

use domain::{Millis, SourceId, documents::DocumentKind};
use ports::{
    Fault,
    jobs::{Lease, NewJob, Task},
    requests::Creation,
    sources::{Chunk, Source, SourceKind, SourceStatus, Trouble},
    vectors::Digest,
};

use super::world::{Engine, World, chatbot, id};

/// A source of the chatbot "shop" with its job.
pub(super) fn source(name: &str, title: &str) -> (Source, NewJob) {
    let source = Source {
        id: SourceId::new(id(name)),
        chatbot: chatbot("shop"),
        kind: SourceKind::Text,
        title: title.into(),
        status: SourceStatus::Indexing,
        chunks: 0,
        read: 0,
        bytes: 9,
        version: 0,
        updated_at: Millis(1_000),
        original: None,
    };
    let task = Task::IndexSource { source: source.id };
    // Saved often, with the same job each time.
    let job = NewJob { id: id(&format!("{name} job")), task, run_at: Millis(0), lease: None };
    (source, job)
}

async fn save(world: &World, name: &str, title: &str, text: &str, at: i64) -> Source {
    let (mut source, job) = source(name, title);
    source.updated_at = Millis(at);
    match world.store.source(world.scope, source.id).await {
        Ok((known, _)) => {
            source.version = known.version + 1;
            world.store.change_source(world.scope, &source, text, job).await.unwrap();
        }
        Err(_) => {
            world.store.add_source(world.scope, &source, text, Some(job), None).await.unwrap();
        }
    }
    world.store.source(world.scope, source.id).await.unwrap().0
}

/// A digest of a short text that a test can tell.
pub(super) fn stands_for(text: &str) -> Digest {
    let mut digest = [b' '; 16];
    digest.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    digest
}

fn chunks(pairs: &[(&str, &str)]) -> Vec<Chunk> {
    let chunk = |((heading, text), place): (&(&str, &str), u32)| Chunk {
        heading: (*heading).into(),
        text: (*text).into(),
        page: (!heading.is_empty()).then_some(7),
        heading_terms: heading.to_lowercase(),
        terms: text.to_lowercase(),
        digest: stands_for(text),
        place,
        mark: Some(stands_for(text)),
        change: None,
    };
    pairs.iter().zip(1..).map(chunk).collect()
}

/// Saves and indexes a source.
pub(super) async fn index(world: &World, name: &str, pairs: &[(&str, &str)]) -> Source {
    index_as(world, name, name, pairs).await
}

/// The same under another title.
pub(super) async fn index_as(world: &World, name: &str, title: &str, pairs: &[(&str, &str)]) -> Source {
    let saved = save(world, name, title, "text", 1_000).await;
    assert!(world.store.index_source(world.scope, saved.id, saved.version, Ok(chunks(pairs)), None).await.unwrap());
    world.store.source(world.scope, saved.id).await.unwrap().0
}

async fn find(world: &World, words: &[&str]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let found = world.store.search_chunks(world.scope, chatbot("shop"), &words, None, 10).await.unwrap();
    assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score), "best first");
    found.into_iter().map(|passage| passage.text).collect()
}

/// From saved to ready, from changed to ready again: old chunks are found until new ones take their place.
pub async fn a_source_goes_from_saved_to_ready(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let saved = save(&world, "faq", "FAQ", "Tea is served at five", 1_000).await;
    assert_eq!((saved.status, saved.version, saved.chunks), (SourceStatus::Indexing, 1, 0));
    let lease = Lease { worker: id("w"), until: Millis(9) };
    assert_eq!(world.store.claim(lease, Millis(0), 9).await.unwrap()[0].task, Task::IndexSource { source: saved.id });
    assert!(world.store.index_source(world.scope, saved.id, 1, Ok(chunks(&[("Tea", "at five")])), None).await.unwrap());
    let (ready, text) = world.store.source(world.scope, saved.id).await.unwrap();
    assert_eq!((ready.status, ready.chunks, text.as_str()), (SourceStatus::Ready, 1, "Tea is served at five"));

    let changed = save(&world, "faq", "FAQ 2", "Tea is served at six", 2_000).await;
    assert_eq!((changed.status, changed.version), (SourceStatus::Indexing, 2));
    let job = id("faq job");
    assert!(!world.store.complete_unless_asked(job, lease.worker).await.unwrap(), "it was taken before the change");
    let again = world.store.claim(lease, Millis(0), 9).await.unwrap();
    assert_eq!(again.iter().map(|job| job.id).collect::<Vec<_>>(), [job], "one job, however often it changes");
    assert_eq!(find(&world, &["tea"]).await, ["at five"]);
    let stale =
        world.store.index_source(world.scope, saved.id, 1, Ok(chunks(&[("Tea", "never")])), None).await.unwrap();
    assert!(!stale, "made from an older version");
    assert!(world.store.index_source(world.scope, saved.id, 2, Ok(chunks(&[("Tea", "at six")])), None).await.unwrap());
    assert_eq!(find(&world, &["tea"]).await, ["at six"]);
    // Once more, as a job that runs again would.
    assert!(world.store.index_source(world.scope, saved.id, 2, Ok(chunks(&[("Tea", "at six")])), None).await.unwrap());
    assert_eq!(find(&world, &["tea"]).await, ["at six"]);

    let failed = save(&world, "faq", "FAQ 3", "?", 3_000).await;
    let trouble = || Trouble { code: "document_empty".into(), words: "Nothing in it".into() };
    assert!(world.store.index_source(world.scope, saved.id, failed.version, Err(trouble()), None).await.unwrap());
    let (failed, _) = world.store.source(world.scope, saved.id).await.unwrap();
    assert_eq!(failed.status, SourceStatus::Failed(trouble()));
    let again = save(&world, "faq", "FAQ 4", "!", 4_000).await;
    assert_eq!(again.status, SourceStatus::Indexing);
}

/// Two who change a source at once, one who adds it twice, and one who changes what is gone: nothing is overwritten, nothing
/// comes back.
pub async fn a_source_is_changed_from_what_is_there(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope) = (&world.store, world.scope);
    let saved = save(&world, "faq", "FAQ", "Tea at five", 1_000).await;
    let next = |title: &str| Source { title: title.into(), version: saved.version + 1, ..saved.clone() };
    let job = |name: &str| source("faq", name).1;
    store.change_source(scope, &next("Hers"), "Tea at six", job("hers")).await.unwrap();
    let lease = Lease { worker: id("w"), until: Millis(9) };
    let [taken] = &store.claim(lease, Millis(0), 9).await.unwrap()[..] else { panic!("one job for both") };
    let late = store.change_source(scope, &next("His"), "Tea at five", job("his")).await;
    assert!(matches!(late, Err(Fault::Conflict(_))), "{late:?}");
    let (now, text) = store.source(scope, saved.id).await.unwrap();
    assert_eq!((now.title.as_str(), text.as_str(), now.version), ("Hers", "Tea at six", 2));
    assert!(store.complete_unless_asked(taken.id, lease.worker).await.unwrap(), "refused, it asked for nothing");
    let (again, job_again) = source("faq", "again");
    let added = store.add_source(scope, &again, "stolen", Some(job_again), None).await.unwrap();
    assert_eq!(added, Creation::MadeBefore(saved.id.uuid()));
    assert_eq!(store.source(scope, saved.id).await.unwrap().1, "Tea at six");

    store.delete_source(scope, saved.id).await.unwrap();
    let gone = store.change_source(scope, &Source { version: 3, ..now }, "Tea at seven", job("gone")).await;
    assert!(matches!(gone, Err(Fault::NotFound)), "{gone:?}");
    assert!(matches!(store.source(scope, saved.id).await, Err(Fault::NotFound)));
}

/// A document has no text and no job at first; then its text, once, unless it changed meanwhile.
pub async fn a_document_is_read(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (text, job) = source("terms", "terms");
    let document = Source { kind: SourceKind::File, original: Some(DocumentKind::Pdf), ..text };
    let (scope, id) = (world.scope, document.id);
    let added = world.store.add_source(scope, &document, "", None, None).await.unwrap();
    assert_eq!(added, Creation::Made);
    assert!(
        world
            .store
            .claim(Lease { worker: super::world::id("w"), until: Millis(9) }, Millis(0), 9)
            .await
            .unwrap()
            .is_empty()
    );
    let (waiting, body) = world.store.source(scope, id).await.unwrap();
    assert_eq!((waiting.original, waiting.version, body.as_str()), (Some(DocumentKind::Pdf), 1, ""));
    assert_eq!(world.store.forgotten_documents(Millis(1_000), 9).await.unwrap(), []);
    assert_eq!(world.store.forgotten_documents(Millis(1_001), 9).await.unwrap(), [(scope, id)]);

    assert!(!world.store.keep_text(scope, id, 2, "Other", "other").await.unwrap(), "of another version");
    assert!(world.store.keep_text(scope, id, 1, "Terms", "A day ends at six.").await.unwrap());
    let (read, body) = world.store.source(scope, id).await.unwrap();
    assert_eq!((read.title.as_str(), read.original, read.bytes, read.version), ("Terms", None, 18, 1));
    assert_eq!(body, "A day ends at six.");
    assert_eq!(world.store.forgotten_documents(Millis(9_999), 9).await.unwrap(), []);

    let pages = chunks(&[("Terms", "A day ends at six."), ("", "No heading, no page.")]);
    assert!(world.store.index_source(scope, id, 1, Ok(pages), None).await.unwrap());
    for (word, page) in [("six", Some(7)), ("page", None)] {
        let found = world.store.search_chunks(scope, chatbot("shop"), &[word.to_owned()], None, 9).await.unwrap();
        assert_eq!(found[0].page, page, "{word}");
        let by_number = world.store.passages(scope, chatbot("shop"), &[found[0].chunk]).await.unwrap();
        assert_eq!(by_number[0].page, page, "{word}");
    }

    // Whoever writes a text for it does without the document.
    let again = Source { version: 2, ..document };
    world.store.change_source(scope, &again, "", job).await.unwrap();
    let changed = Source { original: None, version: 3, ..again };
    let (_, job) = source("terms", "changed");
    world.store.change_source(scope, &changed, "Written by hand", job).await.unwrap();
    assert_eq!(world.store.source(scope, id).await.unwrap().0.original, None);
    assert!(!world.store.keep_text(scope, id, 2, "Terms", "late").await.unwrap());
}

/// More chunks than one slice holds, all of them replaced and removed.
pub async fn a_large_source_is_indexed_and_removed(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let texts: Vec<String> = (0..300).map(|i| format!("number {i} of the long story")).collect();
    let pairs: Vec<(&str, &str)> = texts.iter().map(|text| ("Story", text.as_str())).collect();
    let story = index(&world, "story", &pairs).await;
    assert_eq!(story.chunks, 300);
    assert_eq!(find(&world, &["297"]).await, ["number 297 of the long story"]);
    let words = ["story".to_owned(), "297".into(), "absent".into()];
    let counts = world.store.word_counts(world.scope, chatbot("shop"), &words).await.unwrap();
    assert_eq!(counts, (vec![300, 1, 0], 300));
    world.store.delete_source(world.scope, story.id).await.unwrap();
    assert!(find(&world, &["story"]).await.is_empty());
    assert!(matches!(world.store.source(world.scope, story.id).await, Err(Fault::NotFound)));
    assert!(matches!(world.store.delete_source(world.scope, story.id).await, Err(Fault::NotFound)));
    assert!(!world.store.index_source(world.scope, story.id, 1, Ok(Vec::new()), None).await.unwrap());
    assert_eq!(world.store.word_counts(world.scope, chatbot("shop"), &words).await.unwrap(), (vec![0, 0, 0], 0));
}

/// Pages, newest change first.
pub async fn sources_come_newest_first(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for (name, at) in [("a", 10), ("b", 30), ("c", 20), ("d", 20)] {
        save(&world, name, name, "x", at).await;
    }
    assert_eq!(world.store.count_sources(world.scope, chatbot("shop")).await.unwrap(), 4);
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = world.store.sources(world.scope, chatbot("shop"), before, 1).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.updated_at, last.id));
        seen.extend(page);
    }
    assert_eq!(seen.iter().map(|source| source.updated_at.0).collect::<Vec<_>>(), [30, 20, 20, 10]);
    assert_eq!(seen.len(), 4);
}

/// What holds more of the words comes first; other chatbots are not searched.
pub async fn the_best_passage_comes_first(engine: &dyn Engine) {
    let world = World::new(engine).await;
    index(
        &world,
        "faq",
        &[
            ("Delivery", "We deliver to every country in Europe."),
            ("Returns", "Send it back within thirty days and get a refund for the delivery too."),
            ("Opening hours", "Monday to Friday from nine to five."),
        ],
    )
    .await;
    let best = find(&world, &["refund", "delivery"]).await;
    assert_eq!(best.len(), 2);
    assert!(best[0].contains("refund"), "{best:?}");
    assert!(find(&world, &["REFUND"]).await[0].contains("refund"), "whatever the case");
    assert!(find(&world, &["hours"]).await[0].contains("Monday"), "the heading counts");
    assert!(find(&world, &["countr"]).await.is_empty(), "words are compared whole");
    let counts = world.store.word_counts(world.scope, chatbot("shop"), &["country".into()]).await.unwrap();
    assert_eq!(counts, (vec![1], 3));
    let elsewhere =
        world.store.search_chunks(world.scope, chatbot("other"), &["refund".into()], None, 10).await.unwrap();
    assert!(elsewhere.is_empty());
}

/// Who is held to some sources finds theirs, however much better those of others fit.
pub async fn a_search_is_held_to_its_sources(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for number in 0..6 {
        index(&world, &format!("other {number}"), &[("Refund", "refund refund refund")]).await;
    }
    let own =
        index(&world, "own", &[("Terms", "Of the many things that one may ask for, a refund is the last.")]).await;
    let words = ["refund".to_owned()];
    let held = async |only: Option<&[SourceId]>, limit| {
        let found = world.store.search_chunks(world.scope, chatbot("shop"), &words, only, limit).await.unwrap();
        found.into_iter().map(|passage| passage.source).collect::<Vec<_>>()
    };
    assert!(!held(None, 3).await.contains(&own.id));
    assert_eq!(held(Some(&[own.id]), 3).await, [own.id]);
    let two = [own.id, SourceId::new(id("other 1"))];
    assert_eq!(held(Some(&two), 3).await.len(), 2);
    assert!(held(Some(&[]), 3).await.is_empty(), "none is none");
    assert!(held(Some(&[SourceId::new(id("nothing"))]), 3).await.is_empty());
}

/// Nothing in a word is syntax, on either engine.
pub async fn words_are_never_syntax(engine: &dyn Engine) {
    let world = World::new(engine).await;
    index(&world, "faq", &[("O'Neil", "The order AB-1234 belongs to O'Neil & Sons: see NEAR the door")]).await;
    let hostile = [
        "\"",
        "*",
        "'",
        ":",
        "NEAR",
        "AND",
        "OR",
        "NOT",
        "^",
        "(",
        ")",
        "-",
        "\\",
        "!",
        "&",
        "|",
        "<->",
        "body:",
        "a*",
        "\"\"",
        "'; drop table chunk; --",
        "\u{0}",
        "",
        " ",
        "{",
        "}",
        "+",
        "%",
        "_",
        "🙂",
        "\\'",
        "a\\",
        "'a",
        "NEAR(",
    ];
    for word in hostile {
        find(&world, &[word]).await;
        let words = [word.to_owned(), "order".to_owned()];
        let (counts, all) = world.store.word_counts(world.scope, chatbot("shop"), &words).await.unwrap();
        assert_eq!((counts.len(), counts[1], all), (2, 1, 1), "{word}");
        assert_eq!(find(&world, &[word, "order"]).await.len(), 1, "{word}");
    }
    find(&world, &hostile).await;
    find(&world, &[&"x".repeat(100_000)]).await;
    find(&world, &["word"; 5_000]).await;
    assert_eq!(find(&world, &["O'Neil"]).await.len(), 1);
    assert_eq!(find(&world, &["AB-1234"]).await.len(), 1);
    assert_eq!(find(&world, &["near"]).await.len(), 1);
    assert!(find(&world, &[]).await.is_empty());
    assert!(find(&world, &["absent"]).await.is_empty());
}
