//! Where a chat may stand: allowed domains, `hybrid` visibility, frames. The same answer at every door.

use api::{
    chatbots::Chatbot,
    frames::VisitorServerFrame,
    visitor::{PublicChatbot, VisitorGrant},
};
use hyper::{Method, StatusCode, body::Bytes};
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, As, Client, Guest, Place, TestServer, VisitorSocket},
};

on_both_engines!(
    a_site_that_is_not_allowed_comes_in_at_no_door,
    a_hybrid_chatbot_has_no_page_of_its_own_at_any_door,
    who_is_inside_is_shut_out_when_the_list_changes,
);

const SHOP: &str = "https://shop.example";
const EVIL: &str = "https://evil.example";

/// Headers of a call from a site's script, or from our own page.
type From = [(&'static str, &'static str); 1];

const FROM_SHOP: From = [("origin", SHOP)];
const FROM_EVIL: From = [("origin", EVIL)];
const FROM_FRAME: From = [("baton-place", "frame")];
const FROM_NOWHERE: From = [("accept", "application/json")];

async fn call(client: &Client, method: Method, path: &str, from: From, body: Option<Value>) -> Answer {
    let mut request = client.request(&method, path);
    for (name, value) in from {
        request = request.header(name, value);
    }
    let body = body.map_or_else(Bytes::new, |body| {
        request.headers_mut().unwrap().insert("content-type", "application/json".parse().unwrap());
        body.to_string().into()
    });
    client.send(request, body).await
}

/// Every door of the REST API that a visitor's page uses, with what it is answered from here.
async fn at_every_door(server: &TestServer, guest: &Guest, from: From) -> Vec<(String, Answer)> {
    let chatbot = server.chatbot();
    let own = format!("/conversations/{}", guest.conversation);
    let visitor = json!({"chatbot_id": chatbot.to_string()});
    let message = json!({"text": "Hello"});
    let nobody = server.client().from(server.new_address());
    let calls = [
        (&nobody, Method::GET, format!("/chatbots/{chatbot}/public"), None),
        (&nobody, Method::POST, "/visitors".to_owned(), Some(visitor)),
        (&guest.client, Method::GET, own.clone(), None),
        (&guest.client, Method::GET, format!("{own}/events"), None),
        (&guest.client, Method::POST, format!("{own}/messages"), Some(message)),
        (&guest.client, Method::POST, format!("{own}/request-human"), None),
    ];
    let mut answers = Vec::new();
    for (client, method, path, body) in calls {
        answers.push((format!("{method} {path}"), call(client, method, &path, from, body).await));
    }
    answers
}

/// What a socket from here is told first: `welcome`, or the code of a problem.
async fn at_the_socket(server: &TestServer, guest: &Guest, origin: Option<&str>, query: &str) -> String {
    let mut socket = VisitorSocket::from_page(server.address, &guest.token, origin, query).await;
    match socket.next().await {
        VisitorServerFrame::Welcome { .. } => "welcome".to_owned(),
        VisitorServerFrame::Problem { problem } => problem.code,
        other => panic!("{other:?}"),
    }
}

async fn configure(server: &TestServer, patch: Value) -> Chatbot {
    server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &patch).await.ok()
}

async fn a_site_that_is_not_allowed_comes_in_at_no_door(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let shown = configure(&server, json!({"allowed_domains": [" https://Shop.Example/ ", "*.partner.example"]})).await;
    assert_eq!(shown.allowed_domains, ["shop.example", "*.partner.example"]);

    for (door, answer) in at_every_door(&server, &guest, FROM_EVIL).await {
        assert_eq!(answer.said(), (403, "origin_not_allowed".into()), "{door}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{door}");
    }
    for (door, answer) in at_every_door(&server, &guest, FROM_SHOP).await {
        assert!(answer.status.is_success(), "{door}: {}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP), "{door}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{door}");
    }
    // The list is about other sites: our own page has the link.
    for (door, answer) in at_every_door(&server, &guest, FROM_NOWHERE).await {
        assert!(answer.status.is_success(), "{door}: {}", answer.text());
    }
    assert_eq!(at_the_socket(&server, &guest, Some(EVIL), "").await, "origin_not_allowed");
    assert_eq!(at_the_socket(&server, &guest, Some("null"), "").await, "origin_not_allowed");
    assert_eq!(at_the_socket(&server, &guest, Some(SHOP), "").await, "welcome");
    assert_eq!(at_the_socket(&server, &guest, Some("https://a.partner.example"), "").await, "welcome");
    let public_url = server.public_url.clone();
    assert_eq!(at_the_socket(&server, &guest, Some(&public_url), "").await, "welcome");
    assert_eq!(at_the_socket(&server, &guest, None, "").await, "welcome");

    // Nothing of what the refused calls said is there; what the others asked is answered first.
    server.settled().await;
    let said = server.visitor_log(&guest).await.len();
    let _ = at_every_door(&server, &guest, FROM_EVIL).await;
    assert_eq!(server.visitor_log(&guest).await.len(), said);

    // What it is, even the refused site may know; nothing else.
    for (from, allowed) in [(FROM_EVIL, false), (FROM_SHOP, true), (FROM_NOWHERE, true)] {
        let path = format!("/chatbots/{}/site", server.chatbot());
        let answer = call(&server.client(), Method::GET, &path, from, None).await;
        assert_eq!(answer.value(), json!({"allowed": allowed}));
        let origin = (from[0].0 == "origin").then_some(from[0].1);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
    }

    // A call that goes before another one asks nothing of a chatbot yet; what it allows is the exact origin.
    let preflight = call(&server.client(), Method::OPTIONS, "/visitors", FROM_SHOP, None).await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some(SHOP));

    let wrong = json!({"allowed_domains": ["shop.example", "no domain"]});
    let answer = server.owner().client.patch(&format!("/chatbots/{}", server.chatbot()), &wrong).await;
    assert_eq!(answer.said(), (422, "invalid".into()));
    assert_eq!(answer.value()["field"], "allowed_domains.1");
    server.stop().await;
}

async fn a_hybrid_chatbot_has_no_page_of_its_own_at_any_door(place: Place) {
    let server = TestServer::on(&place).await;
    // A visitor of the share page, from the time when there was one.
    let guest = server.guest().await;
    let shown = configure(&server, json!({"visibility": "hybrid", "allowed_domains": ["shop.example"]})).await;
    assert_eq!(shown.share_url, None);

    for (door, answer) in at_every_door(&server, &guest, FROM_NOWHERE).await {
        assert_eq!(answer.said(), (403, "embed_only".into()), "{door}");
    }
    for from in [FROM_FRAME, FROM_SHOP] {
        for (door, answer) in at_every_door(&server, &guest, from).await {
            assert!(answer.status.is_success(), "{door}: {}", answer.text());
        }
    }
    for (door, answer) in at_every_door(&server, &guest, FROM_EVIL).await {
        assert_eq!(answer.said(), (403, "origin_not_allowed".into()), "{door}");
    }
    let public_url = server.public_url.clone();
    assert_eq!(at_the_socket(&server, &guest, None, "").await, "embed_only");
    assert_eq!(at_the_socket(&server, &guest, Some(&public_url), "").await, "embed_only");
    assert_eq!(at_the_socket(&server, &guest, Some(&public_url), "?place=frame").await, "welcome");
    assert_eq!(at_the_socket(&server, &guest, Some(SHOP), "").await, "welcome");
    // A site cannot pass for our page in a frame.
    assert_eq!(at_the_socket(&server, &guest, Some(EVIL), "?place=frame").await, "origin_not_allowed");

    let page = format!("//widget/{}", server.chatbot());
    let check = |dest: Option<&'static str>, expect: StatusCode| {
        let (client, page) = (server.client(), page.clone());
        async move {
            let mut request = client.request(&Method::GET, &page);
            if let Some(dest) = dest {
                request = request.header("sec-fetch-dest", dest);
            }
            let answer = client.send(request, Bytes::new()).await;
            assert_eq!(answer.status, expect, "{dest:?}");
            let policy = answer.header("content-security-policy").unwrap();
            let ancestors = "frame-ancestors 'self' https://shop.example http://shop.example";
            assert!(policy.ends_with(ancestors), "{policy}");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(answer.header("x-frame-options"), None, "it would forbid what the policy allows");
            assert_eq!(answer.header("etag"), None, "a kept answer would be for another place");
        }
    };
    check(None, StatusCode::FORBIDDEN).await;
    check(Some("document"), StatusCode::FORBIDDEN).await;
    check(Some("embed"), StatusCode::FORBIDDEN).await;
    check(Some("iframe"), StatusCode::OK).await;

    // A collaborator's browser is no exception: there is no link.
    let olga = server.sign_in("Olga").await;
    let public = format!("/chatbots/{}/public", server.chatbot());
    assert_eq!(olga.get(&public).await.said(), (403, "embed_only".into()));
    let _: PublicChatbot = call(&olga, Method::GET, &public, FROM_FRAME, None).await.ok();

    configure(&server, json!({"visibility": "public", "allowed_domains": []})).await;
    let answer = server.client().get(&page).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-security-policy").unwrap().ends_with("frame-ancestors *"));
    configure(&server, json!({"visibility": "private"})).await;
    let answer = server.client().get(&page).await;
    assert!(answer.header("content-security-policy").unwrap().ends_with("frame-ancestors 'self'"));
    server.stop().await;
}

async fn who_is_inside_is_shut_out_when_the_list_changes(place: Place) {
    let server = TestServer::on(&place).await;
    let nobody = server.client().from(server.new_address());
    let visitor = json!({"chatbot_id": server.chatbot().to_string()});
    let grant: VisitorGrant = call(&nobody, Method::POST, "/visitors", FROM_EVIL, Some(visitor)).await.ok();
    let id = grant.conversation_id.clone();
    let guest =
        Guest { client: nobody.is(As::Bearer(grant.token.clone())), token: grant.token, conversation: id.clone() };
    let mut inside = VisitorSocket::from_page(server.address, &guest.token, Some(EVIL), "").await;
    inside.follow(&id, 0).await;
    inside.says(&id, "Hello").await.unwrap();
    configure(&server, json!({"allowed_domains": ["shop.example"]})).await;
    server.owner().client.post(&format!("/conversations/{id}/messages"), &json!({"text": "Among us"})).await;
    let mut heard = Vec::new();
    while let Some(frame) = inside.next_or_end().await {
        heard.push(serde_json::to_string(&frame).unwrap());
    }
    assert!(heard.iter().any(|frame| frame.contains("origin_not_allowed")), "{heard:#?}");
    assert!(!heard.iter().any(|frame| frame.contains("Among us")), "{heard:#?}");
    server.stop().await;
}
