//! Cookies, tokens, origins, headers: what protects people at the door.

use std::{io::Write, net::SocketAddr, sync::Arc};

use api::{
    account::{Me, Session},
    frames::{DeskClientFrame, DeskServerFrame},
    visitor::{PublicChatbot, VisitorGrant},
};
use app::auth::KeyTerms;
use domain::{AgentId, Millis, person::Role};
use hyper::{Method, body::Bytes, header::COOKIE};
use parking_lot::Mutex;
use ports::{accounts::Accounts, chatbots::Agent};
use serde_json::json;
use testkit::server::{As, Client, DeskSocket, Member, Options, Place, TestServer, VisitorSocket};
use tokio_tungstenite::tungstenite;

use crate::pictures::PICTURE;

async fn call_with(client: &Client, method: Method, path: &str, header: (&str, &str)) -> testkit::server::Answer {
    let request = client.request(&method, path).header(header.0, header.1);
    client.send(request, Bytes::new()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cookie_of_a_session_is_for_the_server_alone() {
    let server = TestServer::on(&Place::sqlite()).await;
    let body = json!({"email": Member::email("Olga"), "password": Member::password("Olga")});
    let answer = server.client().post("/session", &body).await;
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    assert!(!answer.text().contains(cookie.split(['=', ';']).nth(1).unwrap()), "the secret is in the cookie alone");
    // Signing out takes it away and ends the session.
    let client = server.sign_in("Olga").await;
    let out = client.delete("/session").await;
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(client.get("/session").await.said(), (401, "unauthenticated".into()));
    server.stop().await;

    let public_url = Some("https://desk.example.com".to_owned());
    let server = TestServer::start(Options { public_url, ..Options::on(&Place::sqlite()) }).await;
    let answer = server.client().post("/session", &body).await;
    assert!(answer.header("set-cookie").unwrap().contains("Secure"));
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_changes_nothing() {
    let server = TestServer::on(&Place::sqlite()).await;
    let client = server.sign_in("Olga").await;
    let As::Session { cookie, csrf } = client.caller().clone() else { panic!("a session") };
    let rename = json!({"display_name": "Olga the Great"});
    let with = |csrf: &str| client.is(As::Session { cookie: cookie.clone(), csrf: csrf.to_owned() });
    assert_eq!(with(&csrf[1..]).patch("/me", &rename).await.said(), (403, "csrf_token_missing".into()));
    assert_eq!(with("").patch("/me", &rename).await.said(), (403, "csrf_token_missing".into()));
    let bare = client.is(As::Nobody);
    let request = bare.request(&Method::PATCH, "/me").header(COOKIE, format!("baton_session={cookie}"));
    let request = request.header("content-type", "application/json");
    assert_eq!(bare.send(request, rename.to_string().into()).await.said(), (403, "csrf_token_missing".into()));
    // Reading needs no proof, changing with it works.
    assert_eq!(with("").get("/session").await.ok::<Session>().me.display_name, "Olga");
    assert_eq!(client.patch("/me", &rename).await.ok::<Me>().display_name, "Olga the Great");
    // The token of another session is none.
    let other = server.sign_in("Olga").await;
    let As::Session { csrf, .. } = other.caller() else { panic!("a session") };
    assert_eq!(with(csrf).patch("/me", &rename).await.said(), (403, "csrf_token_missing".into()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_key_or_token_the_cookie_is_ignored() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let As::Session { cookie, .. } = server.sign_in("Olga").await.caller().clone() else { panic!("a session") };
    let cookie = format!("baton_session={cookie}");
    let with_cookie = |caller: As| {
        let (client, cookie) = (server.client().is(caller), cookie.clone());
        async move { call_with(&client, Method::GET, "/session", ("cookie", &cookie)).await.said() }
    };
    assert_eq!(with_cookie(As::Nobody).await.0, 200);
    assert_eq!(with_cookie(As::Bearer("bk_nonsense".into())).await, (401, "unauthenticated".into()));
    assert_eq!(with_cookie(As::Bearer(guest.token.clone())).await, (403, "forbidden".into()));
    let owner = server.owner().client;
    let answer = call_with(&owner, Method::GET, "/session", ("cookie", "baton_session=nonsense")).await;
    assert_eq!(answer.status, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desks_socket_opens_for_our_own_pages_only() {
    let server = TestServer::on(&Place::sqlite()).await;
    let session = server.sign_in("Olga").await;
    let (session, key) = (session.caller().clone(), server.owner().client.caller().clone());
    let guest = As::Bearer(server.guest().await.token);
    let refused = |origin: Option<&'static str>, caller: As| {
        let address = server.address;
        async move { status(address, &caller, origin).await }
    };
    assert_eq!(refused(Some("https://evil.example"), session.clone()).await, 403);
    assert_eq!(refused(Some("null"), session.clone()).await, 403);
    assert_eq!(refused(None, session.clone()).await, 403);
    assert_eq!(refused(None, As::Nobody).await, 401);
    assert_eq!(refused(None, As::Bearer("bk_nonsense".into())).await, 401);
    assert_eq!(refused(None, guest).await, 403);
    assert!(DeskSocket::open(server.address, &session, Some(&server.public_url)).await.is_ok());
    // A key is no cookie: no page can make a browser send it.
    assert!(DeskSocket::open(server.address, &key, None).await.is_ok());
    server.stop().await;
}

/// The status with which the upgrade of a desk's socket is refused.
async fn status(address: SocketAddr, caller: &As, origin: Option<&str>) -> u16 {
    match DeskSocket::open(address, caller, origin).await {
        Err(tungstenite::Error::Http(answer)) => answer.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_has_so_many_connections_and_no_more() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let mut pages = Vec::new();
    for _ in 0..domain::limits::CONNECTIONS_PER_VISITOR {
        pages.push(server.page(&guest).await);
    }
    let mut late = VisitorSocket::silent(server.address).await;
    late.send(&api::frames::VisitorClientFrame::Hello { token: guest.token.clone() }).await;
    let why = |frame: &api::frames::VisitorServerFrame| match frame {
        api::frames::VisitorServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => Some("let in".to_owned()),
    };
    assert_eq!(late.until(why).await, "rate_limited");
    assert_eq!(late.closed().await, Some(1013));
    // Somebody else is not in the way.
    server.page(&server.guest().await).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_chatbot_is_closed_at_every_door_and_open_to_collaborators() {
    let server = TestServer::on(&Place::sqlite()).await;
    let other = server.other_workspace().await;
    let before = server.guest().await;
    let id = &before.conversation;
    let mut inside = server.page(&before).await;
    inside.says(id, "Hello").await.unwrap();
    let chatbot = server.chatbot();
    let private = server.owner().client.patch(&format!("/chatbots/{chatbot}"), &json!({"visibility": "private"})).await;
    assert!(private.value()["share_url"].is_null());

    let closed = (401, "sign_in_required".to_owned());
    let visitor = json!({"chatbot_id": chatbot.to_string()});
    let public = format!("/chatbots/{chatbot}/public");
    assert_eq!(server.client().get(&public).await.said(), closed);
    assert_eq!(server.client().post("/visitors", &visitor).await.said(), closed);
    let message = json!({"client_id": "two", "text": "Still here?"});
    assert_eq!(before.client.get(&format!("/conversations/{id}")).await.said(), closed);
    assert_eq!(before.client.get(&format!("/conversations/{id}/events")).await.said(), closed);
    assert_eq!(before.client.post(&format!("/conversations/{id}/messages"), &message).await.said(), closed);
    assert_eq!(before.client.post_nothing(&format!("/conversations/{id}/request-human")).await.said(), closed);
    // Who is inside already is shown out, hears nothing of what is said then, and does not come in again.
    server.owner().client.post(&format!("/conversations/{id}/messages"), &json!({"text": "Among us"})).await;
    let mut heard = Vec::new();
    while let Some(frame) = inside.next_or_end().await {
        heard.push(serde_json::to_string(&frame).unwrap());
    }
    assert!(heard.iter().any(|frame| frame.contains("sign_in_required")), "{heard:#?}");
    assert!(!heard.iter().any(|frame| frame.contains("Among us") || frame.contains("taken_over")), "{heard:#?}");
    let mut late = VisitorSocket::silent(server.address).await;
    late.send(&api::frames::VisitorClientFrame::Hello { token: before.token.clone() }).await;
    let why = |frame: &api::frames::VisitorServerFrame| match frame {
        api::frames::VisitorServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => Some("let in".to_owned()),
    };
    assert_eq!(late.until(why).await, "sign_in_required");

    // Collaborators of this chatbot come in, with all that follows; those of another workspace do not.
    let olga = server.sign_in("Olga").await;
    let _: PublicChatbot = olga.get(&public).await.ok();
    let grant: VisitorGrant = olga.post("/visitors", &visitor).await.ok();
    let mut page = VisitorSocket::open(server.address, &grant.token).await;
    page.follow(&grant.conversation_id, 0).await;
    page.says(&grant.conversation_id, "A rehearsal").await.unwrap();
    let otto = server.sign_in("Otto").await;
    assert_eq!(otto.get(&public).await.said(), closed);
    assert_eq!(otto.post("/visitors", &visitor).await.said(), closed);
    // Theirs stays open.
    let _: PublicChatbot = server.client().get(&format!("/chatbots/{}/public", other.chatbot)).await.ok();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_sites_may_call_for_a_visitor_and_never_with_cookies() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let site = ("origin", "https://shop.example");
    let public = format!("/chatbots/{}/public", server.chatbot());
    let events = format!("/conversations/{}/events", guest.conversation);
    let messages = format!("/conversations/{}/messages", guest.conversation);
    let missing = "/chatbots/nonsense/public".to_owned();
    for (client, path) in [(server.client(), &public), (guest.client.clone(), &events), (server.client(), &missing)] {
        let answer = call_with(&client, Method::GET, path, site).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert!(answer.header("vary").unwrap().to_lowercase().contains("origin"));
    }
    for path in ["/visitors", &public, &events, &messages] {
        let preflight = call_with(&server.client(), Method::OPTIONS, path, site).await;
        assert_eq!(preflight.status, 204, "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), Some("https://shop.example"));
        assert_eq!(preflight.header("access-control-allow-credentials"), None);
        assert!(preflight.header("access-control-allow-headers").unwrap().contains("authorization"));
    }
    // What is for the desk alone answers no other site.
    for path in ["/session", "/conversations", "/people", "/chatbots"] {
        let answer = call_with(&server.owner().client, Method::GET, path, site).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        let preflight = call_with(&server.client(), Method::OPTIONS, path, site).await;
        assert_eq!(preflight.header("access-control-allow-origin"), None, "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_says_what_a_browser_must_not_do() {
    let server = TestServer::on(&Place::sqlite()).await;
    let owner = server.owner().client;
    let me: Me = owner.bytes(Method::PUT, "/me/avatar", "image/png", PICTURE.to_vec()).await.ok();
    let avatar = me.avatar_url.unwrap();
    let pages = ["//", "//inbox", "//nothing/here", "//widget/nonsense", "//sw.js"];
    let others =
        ["/setup", "/session", "/nothing", "//healthz", "//readyz", "//api/nothing", "//widget.js", "/openapi.json"];
    for path in pages.iter().chain(&others) {
        let answer = server.client().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert!(answer.header("permissions-policy").is_some(), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
    // The service worker calls the API, and is held to the policy of its own file.
    let worker = server.client().get("//sw.js").await;
    assert!(worker.header("content-security-policy").unwrap().contains("connect-src 'self'"));
    let picture = server.client().get(&format!("/{avatar}")).await;
    assert_eq!(picture.status, 200, "{avatar}");
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(picture.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert!(picture.header("content-type").unwrap().starts_with("image/"));
    server.stop().await;
}

/// What was logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_logged_or_shown() {
    let logged = Logged::default();
    let writer = logged.clone();
    let levels = "info,app=trace,baton_http=trace,store=trace,tower_http=trace,axum=trace";
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(levels).with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = TestServer::start(Options { founds: false, ..Options::on(&Place::sqlite()) }).await;
    let code = server.run(|baton| async move { baton.offer_setup().await.unwrap().unwrap() }).await;
    let setup = json!({"code": code, "email": "olga@example.com", "name": "Olga", "password": "password of Olga"});
    let answer = server.client().post("/setup", &setup).await;
    let csrf = answer.ok::<Session>().csrf_token;
    let cookie = answer.header("set-cookie").unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    let session = server.client().is(As::Session { cookie: cookie.clone(), csrf: csrf.clone() });
    let chatbots = session.get("/chatbots").await.value();
    let chatbot = chatbots["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest_of(chatbot).await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "My words").await.unwrap();
    let mut desk = server.desk_at(&sofia, &guest.conversation).await;
    desk.says(&guest.conversation, "Our words").await.unwrap();
    // Mistakes are logged as well, and they hold what was sent.
    session.post("/me/password", &json!({"current": "a wrong password", "new": "another password"})).await;
    server.client().post("/session", &json!({"email": "olga@example.com", "password": "a wrong password"})).await;
    server.client().is(As::Bearer("bk_wrong_key".into())).get("/session").await;
    desk.send_text(r#"{"type": "hello", "token": "bv_wrong_token"}"#).await;
    desk.does(&guest.conversation, api::frames::DeskAction::EndLiveChat {}).await.unwrap();
    server.stop().await;

    let logged = String::from_utf8(logged.0.lock().clone()).unwrap();
    assert!(logged.contains("path=\"/api/v2/setup\""), "calls are logged: {logged}");
    let secrets = [
        ("the set-up code", code.as_str()),
        ("a cookie", &cookie),
        ("a CSRF token", &csrf),
        ("a key", &sofia.key),
        ("a visitor's token", &guest.token),
        ("a password", "password of"),
        ("a wrong password", "a wrong password"),
        ("a wrong key", "bk_wrong_key"),
        ("a wrong token", "bv_wrong_token"),
        ("what people said", "words"),
    ];
    for (what, secret) in secrets {
        assert!(!logged.contains(secret), "{what} is in the log");
    }
    // Addresses get into logs and histories: none that the server gives out holds a token.
    assert!(!chatbots.to_string().contains("bv_") && !chatbots.to_string().contains("bk_"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_one_chatbot_opens_that_one() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let (owner, chatbot) = (server.owner().id, server.chatbot());
    let elsewhere = domain::ChatbotId::new(uuid::Uuid::from_u128(7));
    let keys = server.run(move |baton| async move {
        let person = baton.directory().person(owner).await.unwrap();
        let first = baton.directory().profile(chatbot).await.unwrap();
        let agent = Agent { id: AgentId::new(uuid::Uuid::from_u128(8)), ..first.agents[0].clone() };
        let settings = &first.chatbot.settings;
        baton.store().add_chatbot(person.scope, elsewhere, settings, &agent, Millis(1)).await.unwrap();
        let key = |role, only| {
            baton.create_key(
                &person,
                "narrow",
                KeyTerms { role: Some(role), chatbot: Some(only), ..KeyTerms::default() },
            )
        };
        (key(Role::Viewer, chatbot).await.unwrap(), key(Role::Owner, elsewhere).await.unwrap())
    });
    let (reads, elsewhere) = keys.await;
    let reads = server.client().is(As::Bearer(reads));
    let elsewhere = server.client().is(As::Bearer(elsewhere));
    let path = format!("/conversations/{}", guest.conversation);
    assert_eq!(reads.get(&path).await.status, 200);
    assert_eq!(reads.post_nothing(&format!("{path}/take-over")).await.said(), (403, "forbidden".into()));
    assert_eq!(
        reads.patch(&format!("/chatbots/{chatbot}"), &json!({"name": "X"})).await.said(),
        (403, "forbidden".into())
    );
    assert_eq!(elsewhere.get(&path).await.said(), (404, "not_found".into()));
    assert_eq!(elsewhere.get(&format!("/chatbots/{chatbot}")).await.said(), (404, "not_found".into()));
    server.stop().await;
}

/// Signed out here, everywhere, by another process, or with a key that is revoked: an open socket writes nothing more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_signed_out_writes_nothing_more_on_an_open_socket() {
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let origin = server.public_url.clone();
    let open = async |client: &Client| {
        let mut desk = DeskSocket::open(server.address, client.caller(), Some(&origin)).await.unwrap();
        // It follows one conversation and not the inbox.
        desk.follow(id, 0).await;
        desk
    };
    let over = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    // Told at once.
    for everywhere in [false, true] {
        let client = server.sign_in("Olga").await;
        let mut desk = open(&client).await;
        let path = if everywhere { "/me/sessions" } else { "/session" };
        assert!(client.delete(path).await.status.is_success());
        assert_eq!(desk.until(over).await, "unauthenticated");
        assert_eq!(desk.closed().await, Some(1008));
    }
    // Ended by somebody whom this server does not hear, as the command line: with the next word.
    let client = server.sign_in("Olga").await;
    let mut desk = open(&client).await;
    server.database.end_sessions(server.owner().id).await.unwrap();
    let (conversation, client_id) = (id.clone(), "late".to_owned());
    let late = DeskClientFrame::Send { conversation, client_id, text: "I am still here".into(), files: Vec::new() };
    desk.send(&late).await;
    assert_eq!(desk.until(over).await, "unauthenticated");
    assert_eq!(desk.closed().await, Some(1008));
    // A key that is revoked.
    let scope = server.baton.operator_scope().await.unwrap();
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut desk = open(&sofia.client).await;
    for key in server.baton.api_keys(scope, None, 100).await.unwrap() {
        server.baton.end_api_key(scope, key.id).await.unwrap();
    }
    assert_eq!(desk.until(over).await, "unauthenticated");
    assert_eq!(server.visitor_log(&guest).await.len(), 0, "nothing was written");
    server.stop().await;
}
