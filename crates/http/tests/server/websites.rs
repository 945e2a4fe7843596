//! Websites become knowledge: what is read of them and what is not, what happens in between, and what each page says.

use std::{collections::BTreeMap, io::Write, time::Duration};

use api::{
    common::Page,
    knowledge::{PassageView, SitePage, SitePageStatus as PageStatus, Source, SourceDetail, SourceStatus, SourceTags},
};
use domain::{SourceId, outside::Openings};
use flate2::{Compression, write::GzEncoder};
use ports::{
    Scope,
    search::{KnowledgeIndex, Passage},
    world::Clock,
};
use serde_json::{Value, json};
use testkit::{
    fakes::{Answer, WebServer},
    on_both_engines, papers,
    server::{As, Client, Options, PATIENCE, Place, TestServer},
};
use tokio_util::sync::CancellationToken;

on_both_engines!(
    a_website_is_read,
    a_single_page_is_read,
    what_cannot_be_read_says_why,
    what_has_no_end_ends,
    a_reading_goes_on_after_a_restart,
    only_what_changed_is_read_again,
    a_schedule_is_kept,
    a_reading_is_stopped_and_taken_away,
    rules_for_robots_are_kept,
    plans_have_limits,
    pages_have_passages_and_their_website_has_tags,
);

/// A server that may call this website.
async fn server_for(place: &Place, web: &WebServer) -> TestServer {
    TestServer::start(options(place, web)).await
}

fn options(place: &Place, web: &WebServer) -> Options {
    let openings = Openings::read([web.address.to_string().as_str()]).unwrap();
    Options { openings, ..Options::on(place) }
}

fn path(server: &TestServer) -> String {
    format!("/chatbots/{}/sources", server.chatbot())
}

/// A page with a title, a paragraph and links.
fn html(title: &str, text: &str, links: &[&str]) -> String {
    let links: String = links.iter().map(|link| format!("<a href='{link}'>{link}</a> ")).collect();
    format!(
        "<html><head><title>{title}</title></head><body><nav>{links}</nav><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )
}

fn page(title: &str, text: &str, links: &[&str]) -> Answer {
    Answer::page(&html(title, text, links))
}

async fn add(server: &TestServer, body: Value) -> SourceDetail {
    server.owner().client.post(&path(server), &body).await.ok()
}

async fn website(server: &TestServer, web: &WebServer) -> SourceDetail {
    add(server, json!({"kind": "website", "address": web.url("/")})).await
}

async fn shown(client: &Client, server: &TestServer, id: &str) -> SourceDetail {
    client.get(&format!("/chatbots/{}/sources/{id}", server.chatbot())).await.ok()
}

/// The pages of a website by their paths: how far each is, and why.
async fn pages(client: &Client, web: &WebServer, list: &str) -> BTreeMap<String, (PageStatus, Option<String>)> {
    let (mut all, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page: Page<SitePage> = client.get(&format!("{list}/pages?limit=5{after}")).await.ok();
        for one in page.items {
            assert_eq!(one.code.is_some(), one.reason.is_some());
            let path = one.url.strip_prefix(&web.url("")).unwrap_or(&one.url).to_owned();
            assert!(all.insert(path, (one.status, one.code)).is_none(), "each page once");
        }
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

async fn pages_of(server: &TestServer, web: &WebServer, id: &str) -> BTreeMap<String, (PageStatus, Option<String>)> {
    pages(&server.owner().client, web, &format!("{}/{id}", path(server))).await
}

/// The passages that hold a word.
async fn found(server: &TestServer, word: &str) -> Vec<Passage> {
    let scope: Scope = server.baton.staff_by_key(&server.owner().key).await.unwrap().scope();
    let (database, chatbot, terms) = (server.database.clone(), server.chatbot(), knowledge::terms::terms(word));
    let search = async move { database.search_chunks(scope, chatbot, &terms, None, 9).await.unwrap() };
    server.run(move |_| search).await
}

async fn titles(server: &TestServer, word: &str) -> Vec<String> {
    let mut titles: Vec<String> = found(server, word).await.into_iter().map(|passage| passage.title).collect();
    titles.sort();
    titles
}

/// Lets time pass as it would: whoever works on a job keeps it meanwhile.
async fn passes(server: &TestServer, seconds: u64) {
    // As often as leases are renewed.
    const STEP: Duration = Duration::from_millis(2_500);
    for _ in 0..=seconds * 1_000 / 2_500 {
        server.clock.advance(STEP);
        server.clock.has_sleeper(STEP).await;
    }
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn map(web: &WebServer, paths: &[&str]) -> String {
    let pages: String = paths.iter().map(|path| format!("<url><loc>{}</loc></url>", web.url(path))).collect();
    format!("<?xml version=\"1.0\"?><urlset>{pages}</urlset>")
}

/// A website with something of everything.
async fn shop() -> WebServer {
    let web = WebServer::start().await;
    let robots = format!("User-agent: *\nDisallow: /private\nSitemap: {}\n", web.url("/map.xml.gz"));
    web.at("/robots.txt", Answer::of(200, "text/plain", &robots));
    web.at(
        "/map.xml.gz",
        Answer::bytes("application/gzip", &packed(&map(&web, &["/returns", "/hidden", "/private/map"]))),
    );
    let links = [
        "/returns?utm_source=start",
        "/returns#top",
        "/returns/",
        "/shipping",
        "/private/plans",
        "/old",
        "/copy",
        "/own-name",
        "/noindex",
        "/missing",
        "/picture.png",
        "/data",
        "/huge",
        "/empty",
        "http://10.0.0.1/secret",
        "/inside",
        "mailto:shop@example.com",
        "javascript:alert(1)",
    ];
    web.at("/", page("Shop", "Welcome to our walrus shop.", &links));
    web.at("/returns", page("Returns", "A walrus can be returned within thirty days.", &["/"]));
    web.at("/shipping", page("Shipping", "A walrus travels by sea.", &["/deep"]));
    web.at("/deep", page("Deep", "Far down a walrus sleeps.", &[]));
    web.at("/hidden", page("Hidden", "Only the map knows this walrus.", &[]));
    web.at("/old", Answer::redirect("/shipping"));
    web.at("/inside", Answer::redirect("http://169.254.169.254/latest/meta-data"));
    web.at("/copy", page("Returns", "A walrus can be returned within thirty days.", &[]));
    let own = html("Own name", "This walrus has another name.", &[]);
    web.at(
        "/own-name",
        Answer::page(&own.replace("<head>", "<head><link rel=canonical href='/shipping?utm_medium=x'>")),
    );
    let asks = html("Secret", "A secret walrus.", &["/from-noindex"]);
    web.at("/noindex", Answer::page(&asks.replace("<head>", "<head><meta name=robots content=noindex>")));
    web.at("/from-noindex", page("Linked", "A linked walrus.", &[]));
    web.at("/data", Answer::of(200, "application/octet-stream", "walrus"));
    web.at("/huge", Answer::with(200, &[("content-type", "text/html"), ("content-length", "6000000")]));
    web.at("/empty", Answer::page("<html><body><script>walrus()</script></body></html>"));
    web
}

async fn a_website_is_read(place: Place) {
    let web = shop().await;
    let server = server_for(&place, &web).await;
    let made = website(&server, &web).await;
    let site = made.source.site.unwrap();
    assert_eq!((made.source.status, site.page_limit, site.path_only), (SourceStatus::Indexing, 500, false));
    server.settled().await;

    let read = shown(&server.owner().client, &server, &made.source.id).await.source;
    let of = |status, code: Option<&str>| (status, code.map(str::to_owned));
    let expect = [
        ("/", of(PageStatus::Read, None)),
        ("/returns?utm_source=start", of(PageStatus::Read, None)),
        ("/shipping", of(PageStatus::Read, None)),
        ("/deep", of(PageStatus::Read, None)),
        ("/hidden", of(PageStatus::Read, None)),
        ("/from-noindex", of(PageStatus::Read, None)),
        ("/private/plans", of(PageStatus::Skipped, Some("web_robots"))),
        ("/private/map", of(PageStatus::Skipped, Some("web_robots"))),
        ("/old", of(PageStatus::Skipped, Some("web_moved"))),
        ("/inside", of(PageStatus::Skipped, Some("web_elsewhere"))),
        ("/copy", of(PageStatus::Skipped, Some("web_same"))),
        ("/own-name", of(PageStatus::Skipped, Some("web_moved"))),
        ("/noindex", of(PageStatus::Skipped, Some("web_noindex"))),
        ("/missing", of(PageStatus::Failed, Some("web_not_found"))),
        ("/data", of(PageStatus::Failed, Some("web_not_text"))),
        ("/huge", of(PageStatus::Failed, Some("web_too_large"))),
        ("/empty", of(PageStatus::Failed, Some("web_empty"))),
    ];
    // What only follows visitors is no part of an address.
    let expect = expect.map(|(path, of)| (path.replace("?utm_source=start", ""), of));
    assert_eq!(pages_of(&server, &web, &read.id).await, BTreeMap::from(expect));
    let site = read.site.unwrap();
    assert_eq!((read.status, read.chunks, read.error_code), (SourceStatus::Ready, 6, None));
    assert_eq!((site.reading, site.found, site.pages_read, site.failed, site.skipped), (false, 17, 6, 4, 7));
    assert_eq!((site.notice_code, site.next_at), (None, None));
    assert!(site.ended_at >= site.began_at && read.bytes > 0);

    // A passage names its page and opens it; for whoever narrows the knowledge it is the website's.
    let passages = found(&server, "sea").await;
    let source: SourceId = read.id.parse().unwrap();
    assert_eq!(passages.len(), 1);
    assert_eq!((passages[0].title.as_str(), passages[0].source), ("Shipping", source));
    assert_eq!(passages[0].url.as_deref(), Some(web.url("/shipping").as_str()));
    assert_eq!(passages[0].citation(1).url.as_deref(), Some(web.url("/shipping").as_str()));

    // Asked once each, by our name, and nothing that was not to be asked for.
    let mut paths = web.paths();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), web.paths().len(), "{paths:?}");
    assert!(!paths.iter().any(|path| path.starts_with("/private") || path.ends_with(".png")), "{paths:?}");
    let agent = format!("Baton/{} (+{})", env!("CARGO_PKG_VERSION"), server.public_url);
    assert!(web.requests().iter().all(|request| request.header("user-agent") == Some(agent.as_str())));

    // Only one source is listed, and its pages are none by themselves.
    let owner = server.owner().client;
    let sources: Page<Source> = owner.get(&path(&server)).await.ok();
    assert_eq!(sources.items.len(), 1);
    let text = json!({"text": "Ours now."});
    let answer = owner.patch(&format!("{}/{}", path(&server), read.id), &text).await;
    assert_eq!(answer.said(), (422, "invalid".into()));

    // A copy of the chatbot reads it by itself.
    let copy: Value =
        owner.post(&format!("/chatbots/{}/duplicate", server.chatbot()), &json!({"name": "Copy"})).await.ok();
    server.settled().await;
    let copied: Page<Source> = owner.get(&format!("/chatbots/{}/sources", copy["id"].as_str().unwrap())).await.ok();
    assert_eq!((copied.items.len(), copied.items[0].chunks), (1, 6));
    server.stop().await;
}

async fn a_single_page_is_read(place: Place) {
    let web = WebServer::start().await;
    web.at("/help", page("Help with seals", "A seal eats herring.", &["/other"]));
    web.at(
        "/terms.pdf",
        Answer::bytes("application/pdf", &papers::pdf(&[&[(20, "Terms"), (10, ""), (10, "A seal costs nothing.")]])),
    );
    web.at("/notes", Answer::of(200, "text/markdown", "# Notes on seals\n\nA seal **swims**."));
    web.at("/moved", Answer::redirect("/help"));
    let server = server_for(&place, &web).await;
    let mut ids = Vec::new();
    for (path, title) in [
        ("/help", "Help with seals"),
        ("/terms.pdf", "Terms"),
        ("/notes", "Notes on seals"),
        ("/moved", "Help with seals"),
    ] {
        let made = add(&server, json!({"kind": "web_page", "address": format!(" {} ", web.url(path))})).await;
        server.settled().await;
        let read = shown(&server.owner().client, &server, &made.source.id).await.source;
        assert_eq!((read.status, read.title.as_str()), (SourceStatus::Ready, title), "{path}");
        let site = read.site.unwrap();
        assert_eq!((site.page_limit, site.pages_read), (1, 1), "{path}");
        ids.push(read.id);
    }
    assert!(!web.paths().iter().any(|path| path == "/other" || path == "/sitemap.xml"));
    assert_eq!(found(&server, "herring").await.len(), 2);
    let terms = &found(&server, "costs").await[0];
    assert_eq!((terms.page, terms.url.as_deref()), (Some(1), Some(web.url("/terms.pdf").as_str())));
    // A name that somebody gave stays.
    let owner = server.owner().client;
    let one = format!("{}/{}", path(&server), ids[0]);
    let renamed: SourceDetail = owner.patch(&one, &json!({"title": "Seals", "schedule": "never"})).await.ok();
    assert_eq!(renamed.source.title, "Seals");
    web.at("/help", page("Help with sea lions", "A sea lion eats squid.", &[]));
    owner.post_nothing(&format!("{one}/read")).await.ok::<SourceDetail>();
    server.settled().await;
    assert_eq!(shown(&owner, &server, &ids[0]).await.source.title, "Seals");
    assert_eq!(titles(&server, "squid").await, ["Help with sea lions"]);
    server.stop().await;
}

async fn what_cannot_be_read_says_why(place: Place) {
    let web = WebServer::start().await;
    let server = server_for(&place, &web).await;
    let owner = server.owner().client;
    // What can be told from the address alone is told at once.
    for address in ["http://10.0.0.1/", "http://[::1]/", "ftp://example.com/", "http://a:b@example.com/", "", "http://"]
    {
        let answer = owner.post(&path(&server), &json!({"kind": "website", "address": address})).await;
        assert_eq!(answer.said(), (422, "invalid".into()), "{address}");
    }
    web.at("/inside", Answer::redirect("http://192.168.0.1/admin"));
    web.at("/metadata", Answer::redirect("http://169.254.169.254/"));
    web.at("/round", Answer::redirect("/round"));
    web.at("/refused", Answer::of(403, "text/html", "no"));
    web.at("/broken", Answer::of(502, "text/html", "no"));
    web.at("/picture", Answer::bytes("image/png", b"\x89PNG"));
    web.at("/large", Answer::with(200, &[("content-type", "text/html"), ("content-length", "5242881")]));
    web.at("/empty", Answer::page("<p> </p>"));
    web.at("/gone", Answer::of(410, "text/html", "gone"));
    web.at("/cut", Answer::nothing());
    web.at("/damaged", Answer::bytes("application/pdf", b"no PDF"));
    for (path, code) in [
        ("/inside", "web_blocked"),
        ("/metadata", "web_blocked"),
        ("/round", "web_redirects"),
        ("/refused", "web_refused"),
        ("/broken", "web_broken"),
        ("/picture", "web_not_text"),
        ("/large", "web_too_large"),
        ("/empty", "web_empty"),
        ("/gone", "web_not_found"),
        ("/cut", "web_unreachable"),
        ("/damaged", "web_damaged"),
    ] {
        let made = add(&server, json!({"kind": "web_page", "address": web.url(path)})).await;
        server.settled().await;
        let read = shown(&owner, &server, &made.source.id).await.source;
        assert_eq!((read.status, read.error_code.as_deref()), (SourceStatus::Failed, Some(code)), "{path}");
        assert!(read.error.is_some_and(|words| !words.is_empty()), "{path}");
    }
    // A page that never comes, and rules that never come.
    for (path, robots, code) in [("/slow", false, "web_timed_out"), ("/any", true, "web_robots_unknown")] {
        let slow = Answer::stream("text/html").hangs();
        web.at(if robots { "/robots.txt" } else { path }, slow);
        let before = web.paths().len();
        let made = add(&server, json!({"kind": "web_page", "address": web.url(path)})).await;
        web.request(if robots { before } else { before + 1 }).await;
        passes(&server, 30).await;
        server.settled().await;
        let read = shown(&owner, &server, &made.source.id).await.source;
        assert_eq!(read.error_code.as_deref(), Some(code), "{path}");
    }
    web.at("/robots.txt", Answer::of(503, "text/plain", "no"));
    let made = website(&server, &web).await;
    server.settled().await;
    let read = shown(&owner, &server, &made.source.id).await.source;
    assert_eq!(read.error_code.as_deref(), Some("web_robots_unknown"));
    assert_eq!(read.site.unwrap().notice_code.as_deref(), Some("web_robots_unknown"));
    server.stop().await;
}

async fn what_has_no_end_ends(place: Place) {
    let web = WebServer::start().await;
    // A calendar in which each day leads to the next, and a website that is the same under every address.
    web.anywhere(|path| {
        if let Some(day) = path.strip_prefix("/day/") {
            let day: u64 = day.parse().ok()?;
            let (next, other) = (format!("/day/{}", day + 1), format!("/day/{}", day + 1_000_000));
            return Some(page(&format!("Day {day}"), &format!("On day {day} an otter sleeps."), &[&next, &other]));
        }
        let rest = path.strip_prefix("/same/")?;
        Some(page("Same", "The same otter.", &[&format!("/same/{rest}a"), &format!("/same/{rest}b")]))
    });
    let server = server_for(&place, &web).await;
    let days = json!({"kind": "website", "address": web.url("/day/1"), "page_limit": 6});
    let days = add(&server, days).await.source;
    server.settled().await;
    let read = shown(&server.owner().client, &server, &days.id).await.source;
    let site = read.site.unwrap();
    assert_eq!((read.status, site.pages_read, site.found), (SourceStatus::Ready, 6, 6));
    assert_eq!(site.notice_code.as_deref(), Some("web_most_pages"));
    // Left-out pages do not count, but there is an end to them, too.
    let same = json!({"kind": "website", "address": web.url("/same/"), "page_limit": 2});
    let same = add(&server, same).await.source;
    server.settled().await;
    let site = shown(&server.owner().client, &server, &same.id).await.source.site.unwrap();
    assert_eq!(site.pages_read, 1);
    assert!((2..=104).contains(&site.found), "{}", site.found);

    // Sitemaps that name each other, and one that names more and more.
    let index = |paths: &[&str]| {
        let maps: String =
            paths.iter().map(|path| format!("<sitemap><loc>{}</loc></sitemap>", web.url(path))).collect();
        Answer::of(200, "application/xml", &format!("<sitemapindex>{maps}</sitemapindex>"))
    };
    web.at("/round.xml", index(&["/other.xml", "/pages.xml"]));
    web.at("/other.xml", index(&["/round.xml", "/deeper.xml"]));
    web.at("/deeper.xml", index(&["/deepest.xml"]));
    web.at("/deepest.xml", Answer::of(200, "application/xml", &map(&web, &["/too-deep"])));
    web.at("/pages.xml", Answer::of(200, "application/xml", &map(&web, &["/page-1", "http://elsewhere.example/"])));
    web.at("/page-1", page("Page 1", "An otter from the map.", &[]));
    let round = add(&server, json!({"kind": "website", "address": web.url("/round.xml")})).await.source;
    server.settled().await;
    let read = shown(&server.owner().client, &server, &round.id).await.source;
    let of = |status, code: Option<&str>| (status, code.map(str::to_owned));
    let expect = [
        ("/round.xml".to_owned(), of(PageStatus::Skipped, Some("web_sitemap"))),
        ("/page-1".to_owned(), of(PageStatus::Read, None)),
    ];
    assert_eq!(pages_of(&server, &web, &round.id).await, BTreeMap::from(expect));
    assert_eq!(read.site.unwrap().notice_code.as_deref(), Some("web_endless_sitemap"));
    assert_eq!(web.paths().iter().filter(|path| *path == "/other.xml").count(), 1);
    assert!(!web.paths().iter().any(|path| path == "/deepest.xml" || path == "/too-deep"));
    server.stop().await;
}

async fn a_reading_goes_on_after_a_restart(place: Place) {
    let web = WebServer::start().await;
    let held = CancellationToken::new();
    web.at("/", page("Start", "A heron stands.", &["/a", "/b", "/slow", "/c"]));
    web.at("/a", page("A", "The first heron.", &[]));
    web.at("/b", page("B", "The second heron.", &[]));
    web.at("/c", page("C", "The last heron.", &[]));
    let body = html("Slow", "A slow heron.", &[]);
    let slow = Answer::with(200, &[("content-type", "text/html"), ("content-length", &body.len().to_string())]);
    web.at("/slow", slow.waits(&held).raw(&body));
    let server = server_for(&place, &web).await;
    let (chatbot, key) = (server.chatbot(), server.owner().key);
    let made = website(&server, &web).await.source;
    web.called("/slow", 1).await;
    // What was read until then counts, and is shown.
    let halfway = shown(&server.owner().client, &server, &made.id).await.source.site.unwrap();
    assert!(halfway.reading && halfway.pages_read == 3 && halfway.found == 5, "{halfway:?}");
    server.kill().await;
    held.cancel();

    let server = server_for(&place, &web).await;
    if !place.is_sole() {
        // The lease of the one that is gone ends by itself.
        server.clock.advance(Duration::from_secs(60));
    }
    server.settled().await;
    let client = server.client().is(As::Bearer(key));
    let list = format!("/chatbots/{chatbot}/sources/{}", made.id);
    let read: SourceDetail = client.get(&list).await.ok();
    let site = read.source.site.unwrap();
    assert_eq!((read.source.status, site.pages_read, site.reading), (SourceStatus::Ready, 5, false));
    let paths = web.paths();
    let times = |path: &str| paths.iter().filter(|one| *one == path).count();
    assert_eq!((times("/a"), times("/b"), times("/slow"), times("/robots.txt")), (1, 1, 2, 1));
    assert!(pages(&client, &web, &list).await.values().all(|(status, _)| *status == PageStatus::Read));
    server.stop().await;
}

async fn only_what_changed_is_read_again(place: Place) {
    let web = WebServer::start().await;
    web.at("/", page("Start", "A badger digs.", &["/stays", "/changes", "/goes", "/tagged", "/closes"]));
    web.at("/stays", page("Stays", "An old badger.", &[]));
    web.at("/changes", page("Changes", "A badger in spring.", &[]));
    web.at("/goes", page("Goes", "A badger on the move.", &[]));
    web.at("/closes", page("Closes", "A badger at home.", &[]));
    let body = html("Tagged", "A badger with a tag.", &[]);
    let headers = [("content-type", "text/html"), ("etag", "\"7\""), ("content-length", &body.len().to_string())];
    web.at("/tagged", Answer::with(200, &headers).raw(&body));
    let server = server_for(&place, &web).await;
    let owner = server.owner().client;
    let made = website(&server, &web).await.source;
    server.settled().await;
    assert_eq!(found(&server, "badger").await.len(), 6);
    let chunk = found(&server, "old").await[0].chunk;

    web.at("/changes", page("Changes", "A badger in autumn.", &[]));
    web.at("/goes", Answer::of(404, "text/html", "gone"));
    web.at("/tagged", Answer::with(304, &[("etag", "\"7\"")]));
    web.at("/robots.txt", Answer::of(200, "text/plain", "User-agent: baton\nDisallow: /closes\n"));
    let again = format!("{}/{}/read", path(&server), made.id);
    let before = web.paths().len();
    let reading: SourceDetail = owner.post_nothing(&again).await.ok();
    assert!(reading.source.site.unwrap().reading);
    // Once more while it is read changes nothing.
    owner.post_nothing(&again).await.ok::<SourceDetail>();
    server.settled().await;
    let of = |status, code: Option<&str>| (status, code.map(str::to_owned));
    let mut expect = BTreeMap::from(
        [
            ("/", of(PageStatus::Unchanged, None)),
            ("/stays", of(PageStatus::Unchanged, None)),
            ("/changes", of(PageStatus::Read, None)),
            ("/goes", of(PageStatus::Failed, Some("web_not_found"))),
            ("/tagged", of(PageStatus::Unchanged, None)),
            ("/closes", of(PageStatus::Skipped, Some("web_robots"))),
        ]
        .map(|(path, of)| (path.to_owned(), of)),
    );
    assert_eq!(pages_of(&server, &web, &made.id).await, expect);
    let requests = web.requests();
    let tagged = requests[before..].iter().find(|request| request.path() == "/tagged").unwrap();
    assert_eq!(tagged.header("if-none-match"), Some("\"7\""));
    // What is gone for the first time may be there again tomorrow; what is as it was was not touched.
    assert_eq!(titles(&server, "badger").await, ["Changes", "Goes", "Start", "Stays", "Tagged"]);
    assert_eq!(found(&server, "old").await[0].chunk, chunk);
    assert!(found(&server, "spring").await.is_empty() && found(&server, "autumn").await.len() == 1);
    assert_eq!(shown(&owner, &server, &made.id).await.source.chunks, 5);

    owner.post_nothing(&again).await.ok::<SourceDetail>();
    server.settled().await;
    expect.insert("/changes".to_owned(), of(PageStatus::Unchanged, None));
    assert_eq!(pages_of(&server, &web, &made.id).await, expect);
    assert_eq!(titles(&server, "badger").await, ["Changes", "Start", "Stays", "Tagged"]);

    // With a lower limit only so many pages stay.
    let one = format!("{}/{}", path(&server), made.id);
    owner.patch(&one, &json!({"page_limit": 2})).await.ok::<SourceDetail>();
    owner.post_nothing(&again).await.ok::<SourceDetail>();
    server.settled().await;
    assert_eq!(found(&server, "badger").await.len(), 2);
    server.stop().await;
}

/// The source once it is as it shall be.
async fn until(server: &TestServer, id: &str, is: impl Fn(&Source) -> bool) -> Source {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let looking = async {
        loop {
            let source = shown(&server.owner().client, server, id).await.source;
            if is(&source) {
                return source;
            }
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("the source does not become what it shall")
}

async fn a_schedule_is_kept(place: Place) {
    let web = WebServer::start().await;
    web.at("/", page("News", "A stork came.", &[]));
    let server = TestServer::start(Options { leaves_jobs: true, ..options(&place, &web) }).await;
    let owner = server.owner().client;
    let body = json!({"kind": "website", "address": web.url("/"), "schedule": "daily"});
    let made = add(&server, body).await.source;
    let rests = |source: &Source| source.site.as_ref().is_some_and(|site| !site.reading && site.ended_at.is_some());
    let read = until(&server, &made.id, rests).await;
    let next = read.site.unwrap().next_at.unwrap();
    let wait = next - server.clock.now().0;
    assert!((11 * 3_600_000..=36 * 3_600_000).contains(&wait), "{wait}");

    web.at("/", page("News", "A stork left.", &[]));
    server.clock.advance(Duration::from_millis(u64::try_from(wait).unwrap() + 1_000));
    web.called("/", 2).await;
    let again = until(&server, &made.id, |source| {
        rests(source) && source.site.as_ref().is_some_and(|site| site.ended_at.is_some_and(|at| at >= next))
    });
    let again = again.await.site.unwrap();
    assert_eq!(again.next_at, Some(next + 24 * 3_600_000));
    assert_eq!(found(&server, "left").await.len(), 1);

    // Without a schedule the time that was set is over.
    let one = format!("{}/{}", path(&server), made.id);
    let never: SourceDetail = owner.patch(&one, &json!({"schedule": "never"})).await.ok();
    assert_eq!(never.source.site.unwrap().next_at, None);
    server.clock.advance(Duration::from_secs(48 * 3_600));
    server.settled().await;
    assert_eq!(web.paths().iter().filter(|path| *path == "/").count(), 2);
    server.stop().await;
}

async fn a_reading_is_stopped_and_taken_away(place: Place) {
    let web = WebServer::start().await;
    web.at("/", page("Start", "A crane dances.", &["/slow"]));
    web.at("/slow", Answer::stream("text/html").hangs());
    let server = server_for(&place, &web).await;
    let owner = server.owner().client;
    let made = website(&server, &web).await.source;
    web.called("/slow", 1).await;
    let one = format!("{}/{}", path(&server), made.id);
    let stopped: SourceDetail = owner.post_nothing(&format!("{one}/stop")).await.ok();
    let site = stopped.source.site.unwrap();
    assert_eq!((site.reading, site.notice_code.as_deref()), (false, Some("web_stopped")));
    assert_eq!((stopped.source.status, stopped.source.chunks), (SourceStatus::Ready, 1));
    owner.post_nothing(&format!("{one}/stop")).await.ok::<SourceDetail>();
    passes(&server, 30).await;
    server.settled().await;
    assert_eq!(pages_of(&server, &web, &made.id).await["/slow"], (PageStatus::Waiting, None));
    assert_eq!(found(&server, "crane").await.len(), 1);

    // Taken away while it is read again.
    owner.post_nothing(&format!("{one}/read")).await.ok::<SourceDetail>();
    web.called("/slow", 2).await;
    owner.delete(&one).await.ok::<Value>();
    assert_eq!(owner.get(&one).await.said(), (404, "not_found".into()));
    assert_eq!(owner.get(&format!("{one}/pages")).await.said(), (404, "not_found".into()));
    passes(&server, 30).await;
    server.settled().await;
    assert!(found(&server, "crane").await.is_empty());
    let sources: Page<Source> = owner.get(&path(&server)).await.ok();
    assert!(sources.items.is_empty());
    server.stop().await;
}

async fn rules_for_robots_are_kept(place: Place) {
    let web = WebServer::start().await;
    web.at("/robots.txt", Answer::of(200, "text/plain", "User-agent: *\nAllow: /\nCrawl-delay: 20\nDisallow: /*?\n"));
    web.at("/docs/", page("Docs", "A newt hides.", &["/docs/a", "/docs/a?page=2", "/elsewhere", "/docsother"]));
    web.at("/docs/a", page("A", "A newt in the pond.", &[]));
    let server = server_for(&place, &web).await;
    let body = json!({"kind": "website", "address": web.url("/docs/"), "path_only": true});
    let made = add(&server, body).await.source;
    web.called("/docs/", 1).await;
    let one = |source: &Source| source.site.as_ref().is_some_and(|site| site.pages_read == 1);
    until(&server, &made.id, one).await;
    // The pause that it asks for is kept: the next page comes when it is over.
    assert!(!web.paths().iter().any(|path| path == "/docs/a"));
    passes(&server, 21).await;
    web.called("/sitemap.xml", 1).await;
    passes(&server, 21).await;
    web.called("/docs/a", 1).await;
    passes(&server, 21).await;
    server.settled().await;
    let of = |status, code: Option<&str>| (status, code.map(str::to_owned));
    let expect = [
        ("/docs/", of(PageStatus::Read, None)),
        ("/docs/a", of(PageStatus::Read, None)),
        ("/docs/a?page=2", of(PageStatus::Skipped, Some("web_robots"))),
    ];
    assert_eq!(pages_of(&server, &web, &made.id).await, BTreeMap::from(expect.map(|(path, of)| (path.to_owned(), of))));

    // A website that lets nobody read it.
    web.at("/robots.txt", Answer::of(200, "text/plain", "User-agent: *\nDisallow: /\n"));
    let made = website(&server, &web).await.source;
    server.settled().await;
    let read = shown(&server.owner().client, &server, &made.id).await.source;
    assert_eq!((read.status, read.error_code.as_deref()), (SourceStatus::Failed, Some("web_robots")));
    assert!(!web.paths().iter().any(|path| path == "/"));
    server.stop().await;
}

async fn plans_have_limits(place: Place) {
    let web = WebServer::start().await;
    web.at("/", page("Start", "A wren sings.", &["/a"]));
    web.at("/a", page("A", "Another wren.", &[]));
    let server = server_for(&place, &web).await;
    let owner = server.owner().client;
    let refused = (422, "invalid".to_owned());
    for limit in [0, 5_001] {
        let body = json!({"kind": "website", "address": web.url("/"), "page_limit": limit});
        assert_eq!(owner.post(&path(&server), &body).await.said(), refused, "{limit}");
    }
    // Together they have a limit, too.
    let body = json!({"kind": "website", "address": web.url("/a"), "page_limit": 5_000});
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(add(&server, body.clone()).await.source.id);
    }
    let one = json!({"kind": "web_page", "address": web.url("/")});
    assert_eq!(owner.post(&path(&server), &one).await.said(), refused);
    let first = format!("{}/{}", path(&server), made[0]);
    let smaller: SourceDetail = owner.patch(&first, &json!({"page_limit": 10, "path_only": true})).await.ok();
    let site = smaller.source.site.unwrap();
    assert_eq!((site.page_limit, site.path_only), (10, true));
    add(&server, one).await;
    // What is no website has no such plan.
    let text = add(&server, json!({"kind": "text", "title": "Wrens", "text": "They sing."})).await.source;
    assert!(text.site.is_none());
    let text = format!("{}/{}", path(&server), text.id);
    assert_eq!(owner.patch(&text, &json!({"schedule": "daily"})).await.said(), refused);
    assert_eq!(owner.post_nothing(&format!("{text}/read")).await.said(), refused);
    assert_eq!(owner.get(&format!("{text}/pages")).await.ok::<Page<SitePage>>().items.len(), 0);
    assert_eq!(owner.get(&format!("{first}/pages?after=x")).await.said(), refused);
    server.settled().await;
    server.stop().await;
}

async fn pages_have_passages_and_their_website_has_tags(place: Place) {
    let web = WebServer::start().await;
    web.at("/help", page("Help with seals", "A seal eats herring.", &[]));
    let server = server_for(&place, &web).await;
    let made = add(&server, json!({"kind": "web_page", "address": web.url("/help")})).await;
    server.settled().await;
    let client = server.owner().client;
    let of = format!("{}/{}", path(&server), made.source.id);
    let pages: Page<SitePage> = client.get(&format!("{of}/pages")).await.ok();
    let passages = format!("{}/{}/passages", path(&server), pages.items[0].id);
    let cut: Page<PassageView> = client.get(&passages).await.ok();
    assert_eq!(cut.items.len(), 1);
    let wish = json!({"text": "A seal eats mackerel."});
    client.patch(&format!("{passages}/{}", cut.items[0].id), &wish).await.ok::<PassageView>();
    server.settled().await;
    assert_eq!((titles(&server, "mackerel").await.len(), titles(&server, "herring").await.len()), (1, 0));
    // The website itself is not cut.
    let own = format!("{of}/passages");
    assert_eq!(client.post(&own, &json!({"text": "A seal sleeps."})).await.said(), (404, "not_found".into()));
    assert_eq!(client.get(&own).await.ok::<Page<PassageView>>().items.len(), 0);
    let tags: SourceTags = client.put(&format!("{of}/tags"), &json!({"tags": ["seals"]})).await.ok();
    assert_eq!(tags.tags, ["seals"]);
    let copy: Value =
        client.post(&format!("/chatbots/{}/duplicate", server.chatbot()), &json!({"name": "Copy"})).await.ok();
    server.settled().await;
    let theirs = format!("/chatbots/{}/sources?tag=seals", copy["id"].as_str().unwrap());
    assert_eq!(client.get(&theirs).await.ok::<Page<Source>>().items.len(), 1);
    client.delete(&of).await.ok::<Value>();
    assert_eq!(client.get(&passages).await.said(), (404, "not_found".into()));
    let known: Page<Value> = client.get(&format!("/chatbots/{}/tags", server.chatbot())).await.ok();
    assert!(known.items.is_empty());
    server.stop().await;
}
