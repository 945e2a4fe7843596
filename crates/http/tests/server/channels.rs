//! Alert channels: Slack, Teams and Discord are told that a person is wanted, in texts that a visitor cannot abuse; and who
//! came, where a message may be changed. The apps are a server on this machine that answers what the test says.

use std::time::Duration;

use api::{
    common::Page,
    webhooks::{DeliveryState, DeliveryView, WebhookKind, WebhookMade, WebhookView},
};
use domain::{outside::Openings, person::Role};
use serde_json::{Value, json};
use testkit::{
    fakes::{Answer, Request, WebServer},
    on_both_engines,
    server::{Guest, Options, Place, TestServer},
};

on_both_engines!(
    each_app_is_told_of_a_request_in_its_own_words,
    what_a_visitor_wrote_mentions_and_links_nothing,
    a_message_says_who_came_where_it_may_be_changed,
    nobody_is_called_to_what_is_over,
    the_address_of_a_channel_is_shown_to_nobody,
    who_administers_a_chatbot_manages_its_channels_and_no_others,
);

async fn open(place: &Place) -> TestServer {
    TestServer::start(Options { openings: Openings::read(["127.0.0.1"]).unwrap(), ..Options::on(place) }).await
}

async fn app_that_says(answer: &str) -> WebServer {
    let app = WebServer::start().await;
    app.always(Answer::of(200, "application/json", answer));
    app
}

fn channel(server: &TestServer, kind: &str, url: &str) -> Value {
    json!({"kind": kind, "name": "Support team", "url": url, "chatbot_id": server.chatbot().to_string()})
}

async fn add(server: &TestServer, kind: &str, app: &WebServer) -> WebhookView {
    let made: WebhookMade =
        server.owner().client.post("/webhooks", &channel(server, kind, &app.url("/hooks/T0/secret-key"))).await.ok();
    assert_eq!(made.secret, None, "nothing is signed there");
    made.webhook
}

async fn asks(server: &TestServer, words: &str) -> Guest {
    let guest = server.guest().await;
    let path = format!("/conversations/{}", guest.conversation);
    let say = json!({"text": words, "client_id": "one"});
    guest.client.post(&format!("{path}/messages"), &say).await.ok::<Value>();
    assert_eq!(guest.client.post_nothing(&format!("{path}/request-human")).await.status, 200);
    guest
}

async fn answers(server: &TestServer, guest: &Guest) {
    let say = json!({"text": "Here I am", "client_id": "two"});
    let path = format!("/conversations/{}/messages", guest.conversation);
    server.owner().client.post(&path, &say).await.ok::<Value>();
}

fn body(request: &Request) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

async fn each_app_is_told_of_a_request_in_its_own_words(place: Place) {
    let server = open(&place).await;
    let apps = [
        ("slack", app_that_says("ok").await),
        ("teams", app_that_says("").await),
        ("discord", app_that_says(r#"{"id": "77"}"#).await),
    ];
    for (kind, app) in &apps {
        add(&server, kind, app).await;
    }
    let guest = asks(&server, "My lamp is broken").await;
    server.settled().await;
    let link = format!("{}/inbox/{}", server.public_url, guest.conversation);
    for (kind, app) in &apps {
        let requests = app.requests();
        assert_eq!(requests.len(), 1, "{kind}: one message for one request");
        let query = if *kind == "discord" { "?wait=true" } else { "" };
        assert_eq!(requests[0].line, format!("POST /hooks/T0/secret-key{query} HTTP/1.1"));
        assert_eq!(requests[0].header("content-type"), Some("application/json"));
        assert_eq!(requests[0].header("webhook-signature"), None);
        let text = body(&requests[0]).to_string();
        for part in ["asks for a person", "Assistant", "My lamp is broken", &link] {
            assert!(text.contains(part), "{kind}: {part} in {text}");
        }
    }
    assert_eq!(body(&apps[0].1.request(0).await)["blocks"][1]["text"]["type"], "plain_text");
    let card = &body(&apps[1].1.request(0).await)["attachments"][0];
    assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(body(&apps[2].1.request(0).await)["allowed_mentions"], json!({"parse": []}));
    server.stop().await;
}

async fn what_a_visitor_wrote_mentions_and_links_nothing(place: Place) {
    let server = open(&place).await;
    let apps = [
        ("slack", app_that_says("ok").await),
        ("teams", app_that_says("").await),
        ("discord", app_that_says("{}").await),
    ];
    for (kind, app) in &apps {
        add(&server, kind, app).await;
    }
    asks(&server, "@everyone <!channel> [pay here](https://evil.example/x) <https://evil.example|bank>").await;
    server.settled().await;
    for (kind, app) in &apps {
        let text = app.request(0).await.body;
        for bad in ["@everyone", "evil.example", "https://evil"] {
            assert!(!text.contains(bad), "{kind}: {bad} in {text}");
        }
    }
    server.stop().await;
}

async fn a_message_says_who_came_where_it_may_be_changed(place: Place) {
    let server = open(&place).await;
    let (slack, discord) = (app_that_says("ok").await, app_that_says(r#"{"id": "8877", "content": "x"}"#).await);
    add(&server, "slack", &slack).await;
    add(&server, "discord", &discord).await;
    let guest = asks(&server, "My lamp is broken").await;
    discord.request(0).await;
    server.settled().await;
    answers(&server, &guest).await;
    server.settled().await;
    assert_eq!(slack.requests().len(), 1, "it takes no changes");
    let change = discord.request(1).await;
    assert_eq!(change.line, "PATCH /hooks/T0/secret-key/messages/8877?wait=true HTTP/1.1");
    let content = body(&change)["content"].as_str().unwrap().to_owned();
    assert!(content.contains("Olga answers.") && content.contains("My lamp is broken"), "{content}");
    assert_eq!(discord.requests().len(), 2);
    server.stop().await;
}

async fn nobody_is_called_to_what_is_over(place: Place) {
    let server = open(&place).await;
    let slack = app_that_says("ok").await;
    let webhook = add(&server, "slack", &slack).await;
    slack.then(Answer::of(500, "text/plain", "down"));
    let guest = asks(&server, "My lamp is broken").await;
    slack.request(0).await;
    // Waits until it is noted: the next try comes then.
    let owner = server.owner().client;
    let path = format!("/webhooks/{}/deliveries", webhook.id);
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    loop {
        looks.tick().await;
        let log: Page<DeliveryView> = owner.get(&path).await.ok();
        if log.items.iter().any(|one| one.tries == 1) {
            break;
        }
    }
    answers(&server, &guest).await;
    server.clock.advance(Duration::from_secs(6));
    server.settled().await;
    assert_eq!(slack.requests().len(), 1);
    let log: Page<DeliveryView> = owner.get(&path).await.ok();
    assert_eq!((log.items.len(), log.items[0].state), (1, DeliveryState::Dropped));
    server.stop().await;
}

async fn the_address_of_a_channel_is_shown_to_nobody(place: Place) {
    let server = open(&place).await;
    let (first, second) = (app_that_says("ok").await, app_that_says("ok").await);
    let webhook = add(&server, "slack", &first).await;
    let owner = server.owner().client;
    let path = format!("/webhooks/{}", webhook.id);
    assert_eq!((webhook.kind, &webhook.url), (WebhookKind::Slack, &format!("http://{}/…-key", first.address)));
    for shown in [owner.get("/webhooks").await, owner.get(&path).await] {
        assert!(!shown.text().contains("secret-key"), "{}", shown.text());
    }
    // What was shown says that it stays; another one takes its place.
    let mut body = channel(&server, "slack", &webhook.url);
    body["name"] = json!("Another name");
    owner.put(&path, &body).await.ok::<WebhookView>();
    asks(&server, "Hello").await;
    first.request(0).await;
    server.settled().await;
    let moved: WebhookView = owner.put(&path, &channel(&server, "slack", &second.url("/new"))).await.ok();
    assert_eq!(moved.url, format!("http://{}/…/new", second.address));
    asks(&server, "Hello").await;
    second.request(0).await;
    server.settled().await;
    assert_eq!(first.requests().len(), 1);
    assert_eq!(owner.post_nothing(&format!("{path}/secret")).await.said(), (404, "not_found".into()));
    let test: DeliveryView = owner.post_nothing(&format!("{path}/test")).await.ok();
    assert_eq!(test.state, DeliveryState::Delivered);
    assert!(second.request(1).await.body.contains("Baton reaches this channel."));
    // An address inside is refused here, too.
    let inside = owner.post("/webhooks", &channel(&server, "slack", "http://10.0.0.1/x")).await;
    assert_eq!((inside.said(), inside.value()["field"].as_str()), ((422, "invalid".into()), Some("url")));
    server.stop().await;
}

async fn who_administers_a_chatbot_manages_its_channels_and_no_others(place: Place) {
    let server = open(&place).await;
    let slack = app_that_says("ok").await;
    let ours = add(&server, "slack", &slack).await;
    let (admin, _) = server.joins(server.chatbot(), Role::Admin).await;
    let (agent, _) = server.joins(server.chatbot(), Role::Agent).await;
    let owner = server.owner().client;
    let all = json!({"name": "CRM", "url": "https://example.com/", "events": ["ai.alert"]});
    let everybodys: WebhookMade = owner.post("/webhooks", &all).await.ok();
    let of = format!("/webhooks?chatbot_id={}", server.chatbot());
    let theirs: Page<WebhookView> = admin.client.get(&of).await.ok();
    assert_eq!(theirs.items.iter().map(|one| &one.id).collect::<Vec<_>>(), [&ours.id]);
    assert_eq!(owner.get("/webhooks").await.ok::<Page<WebhookView>>().items.len(), 2);
    let forbidden = (403, "forbidden".to_owned());
    assert_eq!(admin.client.get("/webhooks").await.said(), forbidden);
    assert_eq!(admin.client.post("/webhooks", &all).await.said(), forbidden);
    assert_eq!(admin.client.get(&format!("/webhooks/{}", everybodys.webhook.id)).await.said(), forbidden);
    assert_eq!(agent.client.get(&of).await.said(), forbidden);
    let path = format!("/webhooks/{}", ours.id);
    assert_eq!(agent.client.delete(&path).await.said(), forbidden);
    // Nobody makes it everybody's without administering everything.
    let wider = json!({"name": "A", "url": ours.url, "events": []});
    assert_eq!(admin.client.put(&path, &wider).await.said(), forbidden);
    admin.client.put(&path, &channel(&server, "slack", &ours.url)).await.ok::<WebhookView>();
    assert_eq!(admin.client.delete(&path).await.status, 200);
    server.stop().await;
}
