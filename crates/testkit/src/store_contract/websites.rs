//! Websites: readings that are fenced by their number, a list with an end, pages that are sources below.

use domain::{
    Millis, SourceId,
    websites::{PageStatus, Plan, Reason, Schedule},
};
use ports::{
    Fault,
    jobs::{Lease, NewJob, Task},
    requests::Creation,
    sources::{Source, SourceKind, SourceStatus, Trouble},
    websites::{Begin, Ending, Found, Listed, PageCounts, Progress, WebPage},
};

use super::{
    knowledge::source,
    world::{Engine, World, chatbot, id, scope},
};

fn shop() -> SourceId {
    SourceId::new(id("shop site"))
}

fn plan(pages: u32) -> Plan {
    Plan { address: "https://shop.example/".into(), pages, path_only: false, schedule: Schedule::Never }
}

fn job(name: &str, task: Task) -> NewJob {
    NewJob { id: id(name), task, run_at: Millis(0), lease: None }
}

fn found(path: &str, depth: u32) -> Found {
    Found {
        id: SourceId::new(id(path)),
        key: format!("shop.example{path}"),
        url: format!("https://shop.example{path}"),
        depth,
        skipped: None,
    }
}

/// Adds the website and begins its first reading.
async fn read(world: &World, pages: u32) -> i64 {
    let (text, _) = source("shop site", "shop.example");
    let site = Source { id: shop(), kind: SourceKind::Website, ..text };
    let due = job("due", Task::CrawlDue { source: shop(), at: Millis(5) });
    let added = world.store.add_website(world.scope, &site, &plan(pages), (Millis(5), due), None).await.unwrap();
    assert_eq!(added, Creation::Made);
    begin(world, Begin::Due(Millis(5)), "run 1").await.unwrap()
}

async fn begin(world: &World, begin: Begin, name: &str) -> Option<i64> {
    let task = Task::CrawlSource { source: shop(), run: 0 };
    let begun = world.store.begin_reading(world.scope, shop(), begin, Millis(10), found("/", 0), job(name, task)).await;
    begun.unwrap()
}

fn ending(notice: Option<Reason>) -> Ending {
    let nothing = Trouble { code: "web_nothing".into(), words: "Nothing".into() };
    Ending { at: Millis(90), next: None, notice, nothing }
}

async fn next(world: &World, run: i64) -> Vec<String> {
    let pages = world.store.next_pages(world.scope, shop(), run, 9).await.unwrap();
    pages.into_iter().map(|page| page.url.trim_start_matches("https://shop.example").to_owned()).collect()
}

async fn page(world: &World, path: &str) -> WebPage {
    world.store.page_by_key(world.scope, shop(), &found(path, 0).key).await.unwrap().unwrap()
}

/// Settles a page that was read.
async fn settle(world: &World, run: i64, path: &str, found: Vec<Found>, most: u32) -> Listed {
    let page = WebPage { status: PageStatus::Read, read_at: Some(Millis(20)), ..page(world, path).await };
    world.store.settle_page(world.scope, shop(), run, page, found, most).await.unwrap()
}

/// One reading at a time, begun when it is due; who works for an earlier one changes nothing.
pub async fn a_reading_is_fenced_by_its_number(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope) = (&world.store, world.scope);
    assert_eq!(read(&world, 9).await, 1);
    let lease = Lease { worker: id("w"), until: Millis(9) };
    let tasks: Vec<Task> = store.claim(lease, Millis(9), 9).await.unwrap().into_iter().map(|job| job.task).collect();
    assert!(tasks.contains(&Task::CrawlSource { source: shop(), run: 1 }), "{tasks:?}");
    assert_eq!(begin(&world, Begin::Now, "run 1 again").await, None, "it is being read");
    assert_eq!(next(&world, 1).await, ["/"]);
    assert_eq!(settle(&world, 1, "/", vec![found("/a", 1)], 9).await, Listed::All);
    let progress = Progress { state: "{}".into(), robots: Some("rules".into()), bytes: 7, ..Progress::default() };
    assert!(store.note_reading(scope, shop(), 1, progress.clone()).await.unwrap());
    assert_eq!(store.robots(scope, shop()).await.unwrap().as_deref(), Some("rules"));
    let kept = Progress { notice: Some(Reason::MostPages), robots: None, ..progress };
    assert!(store.note_reading(scope, shop(), 1, kept.clone()).await.unwrap());
    let site = store.website(scope, shop()).await.unwrap();
    assert_eq!((site.bytes, site.notice, site.reading), (14, Some(Reason::MostPages), true));
    assert_eq!(site.pages, PageCounts { found: 2, read: 1, failed: 0, skipped: 0 });
    assert!(store.end_reading(scope, shop(), 1, ending(None)).await.unwrap());
    assert!(!store.end_reading(scope, shop(), 1, ending(None)).await.unwrap(), "it is over");
    assert_eq!(settle(&world, 1, "/a", Vec::new(), 9).await, Listed::Over);
    assert!(!store.note_reading(scope, shop(), 1, kept).await.unwrap());
    let (failed, _) = store.source(scope, shop()).await.unwrap();
    assert!(matches!(failed.status, SourceStatus::Failed(trouble) if trouble.code == "web_nothing"));

    assert_eq!(begin(&world, Begin::Due(Millis(5)), "run 2 late").await, None, "that time is over");
    assert_eq!(begin(&world, Begin::Now, "run 2").await, Some(2));
    assert_eq!(store.source(scope, shop()).await.unwrap().0.status, SourceStatus::Indexing);
    // First the first, then what was never looked at.
    assert_eq!(next(&world, 2).await, ["/", "/a"]);
    let site = store.website(scope, shop()).await.unwrap();
    assert_eq!((site.bytes, site.notice, site.pages.read), (0, None, 0));
}

/// The list takes as many pages as there is room for, each once.
pub async fn a_list_of_pages_has_an_end(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope) = (&world.store, world.scope);
    read(&world, 3).await;
    let many = ["/a", "/b", "/a", "/c"].map(|path| found(path, 1)).to_vec();
    assert_eq!(settle(&world, 1, "/", many, 3).await, Listed::Full);
    let site = store.website(scope, shop()).await.unwrap();
    assert!(site.pages.found <= 3, "{:?}", site.pages);
    // What is left out makes room, and is listed though there is none.
    let skipped = WebPage { status: PageStatus::Skipped, reason: Some(Reason::Same), ..page(&world, "/a").await };
    let left_out = Found { skipped: Some(Reason::Robots), ..found("/private", 1) };
    let listed = store.settle_page(scope, shop(), 1, skipped, vec![left_out, found("/d", 1)], 3).await.unwrap();
    assert_eq!(listed, Listed::All);
    assert!(next(&world, 1).await.contains(&"/d".to_owned()));
    assert_eq!(page(&world, "/private").await.reason, Some(Reason::Robots));
    let keys = store.page_keys(scope, shop()).await.unwrap();
    let pages = store.pages(scope, shop(), 0, 99).await.unwrap();
    assert_eq!(keys.len(), pages.len());
    assert!(pages.windows(2).all(|pair| pair[0].place < pair[1].place));
    let rest = store.pages(scope, shop(), pages[0].place, 99).await.unwrap();
    assert_eq!(rest, pages[1..]);
    // A first page that is on the list already is the first from there on.
    assert_eq!(store.list_pages(scope, shop(), 1, vec![found("/d", 0)], 3).await.unwrap(), Listed::All);
    assert_eq!(next(&world, 1).await[0], "/d");
    store.note_try(scope, page(&world, "/d").await.id).await.unwrap();
    assert_eq!(page(&world, "/d").await.tries, 1);
}

/// A page's text is a source below its website, found by its address, and goes with it.
pub async fn pages_are_sources_below(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope) = (&world.store, world.scope);
    read(&world, 9).await;
    let first = page(&world, "/").await;
    assert!(store.keep_page(scope, shop(), first.id, "Start", "An otter swims", Millis(30)).await.unwrap());
    let (below, text) = store.source(scope, first.id).await.unwrap();
    assert_eq!((below.kind, below.version, text.as_str()), (SourceKind::Page, 1, "An otter swims"));
    let chunk = ports::sources::Chunk {
        heading: "Start".into(),
        text: "An otter swims".into(),
        page: None,
        heading_terms: "start".into(),
        terms: "otter swims".into(),
        digest: super::knowledge::stands_for("otter"),
        place: 1,
        mark: None,
        change: None,
    };
    assert!(store.index_source(scope, first.id, 1, Ok(vec![chunk]), None).await.unwrap());
    store.settle_website(scope, shop()).await.unwrap();
    let (site, _) = store.source(scope, shop()).await.unwrap();
    assert_eq!((site.status, site.chunks, site.bytes), (SourceStatus::Ready, 1, 14));
    let words = ["otter".to_owned()];
    let passages = store.search_chunks(scope, chatbot("shop"), &words, None, 9).await.unwrap();
    assert_eq!((passages[0].source, passages[0].title.as_str()), (shop(), "Start"));
    assert_eq!(passages[0].url.as_deref(), Some("https://shop.example/"));
    let by_number = store.passages(scope, chatbot("shop"), &[passages[0].chunk]).await.unwrap();
    assert_eq!(by_number[0].url, passages[0].url);
    assert_eq!(store.word_counts(scope, chatbot("shop"), &words).await.unwrap(), (vec![1], 1));
    // It is one source, whatever is below it.
    assert_eq!(store.count_sources(scope, chatbot("shop")).await.unwrap(), 1);
    assert_eq!(store.sources(scope, chatbot("shop"), None, 9).await.unwrap().len(), 1);
    let settled = WebPage { digest: Some(vec![7; 32]), ..first.clone() };
    store.settle_page(scope, shop(), 1, settled, vec![found("/a", 1)], 9).await.unwrap();
    let other = page(&world, "/a").await.id;
    assert!(store.says_the_same(scope, shop(), other, &[7; 32]).await.unwrap());
    assert!(!store.says_the_same(scope, shop(), first.id, &[7; 32]).await.unwrap(), "that is itself");

    let gone = job("gone", Task::RemoveWebsite { source: shop() });
    store.hide_website(scope, shop(), gone.clone()).await.unwrap();
    assert!(matches!(store.source(scope, shop()).await, Err(Fault::NotFound)));
    assert!(matches!(store.website(scope, shop()).await, Err(Fault::NotFound)));
    assert!(matches!(store.hide_website(scope, shop(), gone).await, Err(Fault::NotFound)));
    assert!(!store.keep_page(scope, shop(), other, "A", "Late", Millis(40)).await.unwrap(), "its website is gone");
    let below = store.pages_below(scope, shop(), 9).await.unwrap();
    assert_eq!(below, [first.id]);
    store.delete_source(scope, first.id).await.unwrap();
    store.remove_website(scope, shop()).await.unwrap();
    assert!(store.pages(scope, shop(), 0, 9).await.unwrap().is_empty());
    assert!(store.search_chunks(scope, chatbot("shop"), &words, None, 9).await.unwrap().is_empty());
}

/// Another workspace sees nothing of a website, and changes nothing of it.
pub async fn another_workspace_reads_no_website(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, other) = (&world.store, scope("others"));
    read(&world, 9).await;
    let first = page(&world, "/").await;
    assert!(matches!(store.website(other, shop()).await, Err(Fault::NotFound)));
    assert!(store.websites(other, &[shop()]).await.unwrap().is_empty());
    assert_eq!(store.websites(world.scope, &[shop(), first.id]).await.unwrap().len(), 1);
    assert!(matches!(store.robots(other, shop()).await, Err(Fault::NotFound)));
    assert_eq!(store.pages_allowed(other, chatbot("shop"), None).await.unwrap(), 0);
    assert_eq!(store.pages_allowed(world.scope, chatbot("shop"), None).await.unwrap(), 9);
    assert_eq!(store.pages_allowed(world.scope, chatbot("shop"), Some(shop())).await.unwrap(), 0);
    assert!(matches!(store.change_plan(other, shop(), &plan(1), None).await, Err(Fault::NotFound)));
    assert!(matches!(store.rename_website(other, shop(), "Theirs", Millis(1)).await, Err(Fault::NotFound)));
    assert!(store.next_pages(other, shop(), 9, 9).await.unwrap().is_empty());
    assert!(store.page_keys(other, shop()).await.unwrap().is_empty());
    assert!(store.pages(other, shop(), 0, 9).await.unwrap().is_empty());
    assert_eq!(store.list_pages(other, shop(), 1, vec![found("/x", 1)], 9).await.unwrap(), Listed::Over);
    assert_eq!(store.settle_page(other, shop(), 1, first.clone(), Vec::new(), 9).await.unwrap(), Listed::Over);
    assert!(!store.keep_page(other, shop(), first.id, "T", "theirs", Millis(1)).await.unwrap());
    assert!(!store.note_reading(other, shop(), 1, Progress::default()).await.unwrap());
    assert!(!store.end_reading(other, shop(), 1, ending(None)).await.unwrap());
    store.note_try(other, first.id).await.unwrap();
    let gone = job("gone", Task::RemoveWebsite { source: shop() });
    assert!(matches!(store.hide_website(other, shop(), gone).await, Err(Fault::NotFound)));
    store.remove_website(other, shop()).await.unwrap();
    assert_eq!(page(&world, "/").await, first);
    assert!(store.website(world.scope, shop()).await.unwrap().reading);
}
