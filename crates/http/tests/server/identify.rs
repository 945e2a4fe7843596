//! Websites say who a visitor is; what is signed is believed, what is not is shown and opens nothing.

use api::{
    chatbots::{Chatbot, NewSigningSecret},
    conversations::ConversationDetail,
    visitor::{Identified, VisitorGrant},
};
use domain::person::Role;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use testkit::{
    on_both_engines,
    server::{Answer, As, Client, Guest, Place, TestServer},
};

on_both_engines!(
    a_signed_person_finds_the_chat_on_another_device,
    a_signature_that_does_not_fit_opens_nothing,
    what_is_not_signed_is_shown_as_not_verified,
    two_people_at_one_device_have_two_chats,
    a_visitor_leaves_an_address,
);

struct Signing {
    chatbot: String,
    secret: String,
}

impl Signing {
    async fn of(server: &TestServer) -> Self {
        let path = format!("/chatbots/{}/signing-secret", server.chatbot());
        let made: NewSigningSecret = server.owner().client.post_nothing(&path).await.ok();
        assert!(made.secret.starts_with("bs_"));
        Self { chatbot: server.chatbot().to_string(), secret: made.secret }
    }

    fn sign(&self, chatbot: &str, expires: i64, id: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(format!("{chatbot}:{expires}:{id}").as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn identity(&self, server: &TestServer, id: &str) -> Value {
        let expires = now(server) + 60;
        json!({"id": id, "name": format!("Name of {id}"), "expires": expires, "signature": self.sign(&self.chatbot, expires, id)})
    }
}

fn now(server: &TestServer) -> i64 {
    server.baton.clock().now().0 / 1_000
}

async fn identify(server: &TestServer, client: &Client, identity: Value) -> Answer {
    let body = json!({"chatbot_id": server.chatbot().to_string(), "identity": identity});
    client.from(server.new_address()).post("/visitors/identify", &body).await
}

/// A visitor who is made with what the website says.
async fn arrives(server: &TestServer, identity: Value) -> Guest {
    let client = server.client().from(server.new_address());
    let body = json!({"chatbot_id": server.chatbot().to_string(), "identity": identity});
    let grant: VisitorGrant = client.post("/visitors", &body).await.ok();
    guest(server, grant)
}

fn guest(server: &TestServer, grant: VisitorGrant) -> Guest {
    let client = server.client().from(server.new_address()).is(As::Bearer(grant.token.clone()));
    Guest { token: grant.token, conversation: grant.conversation_id, client }
}

async fn detail(server: &TestServer, conversation: &str) -> ConversationDetail {
    server.owner().client.get(&format!("/conversations/{conversation}")).await.ok()
}

async fn says(server: &TestServer, guest: &Guest, text: &str) {
    let mut page = server.page(guest).await;
    page.says(&guest.conversation, text).await.unwrap();
}

async fn a_signed_person_finds_the_chat_on_another_device(place: Place) {
    let server = TestServer::on(&place).await;
    let signing = Signing::of(&server).await;
    let shown: Chatbot = server.owner().client.get(&format!("/chatbots/{}", server.chatbot())).await.ok();
    assert!(shown.signing_secret_at.is_some());
    assert!(!serde_json::to_string(&shown).unwrap().contains(&signing.secret), "it is shown once");

    // At home: an anonymous chat becomes Ada's when she signs in. Whoever knew the token before knows nothing now.
    let anonymous = server.guest().await;
    says(&server, &anonymous, "From home").await;
    let done: Identified = identify(&server, &anonymous.client, signing.identity(&server, "ada")).await.ok();
    assert!(done.verified);
    let home = guest(&server, done.grant.unwrap());
    assert_eq!(home.conversation, anonymous.conversation);
    assert_eq!(anonymous.client.get("/visitors/me").await.said(), (401, "unauthenticated".into()));
    let again: Identified = identify(&server, &home.client, signing.identity(&server, "ada")).await.ok();
    assert!(again.verified && again.grant.is_none(), "she is where she should be");
    let seen = detail(&server, &home.conversation).await;
    assert_eq!((seen.visitor.external_id.as_deref(), seen.visitor.verified), (Some("ada"), true));
    assert_eq!(seen.row.visitor_name, "Name of ada");

    // On the way: before the first word, and with the first word.
    let done: Identified = identify(&server, &server.client(), signing.identity(&server, "ada")).await.ok();
    let phone = guest(&server, done.grant.unwrap());
    let tablet = arrives(&server, signing.identity(&server, "ada")).await;
    for device in [&phone, &tablet] {
        assert_eq!(device.conversation, home.conversation);
        assert_eq!(server.visitor_log(device).await[0].visitor_seq, 1);
    }
    says(&server, &phone, "From the train").await;
    assert!(server.visitor_log(&home).await.len() >= 2, "both devices have one chat");
    // A person whom nobody knows yet has no chat to open.
    let done: Identified = identify(&server, &server.client(), signing.identity(&server, "bob")).await.ok();
    assert!(done.verified && done.grant.is_none());
    let bob = arrives(&server, signing.identity(&server, "bob")).await;
    assert_ne!(bob.conversation, home.conversation);
    let bobs_phone = arrives(&server, signing.identity(&server, "bob")).await;
    assert_eq!(bobs_phone.conversation, bob.conversation);
    server.stop().await;
}

async fn a_signature_that_does_not_fit_opens_nothing(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let expires = now(&server) + 60;
    let unmade = json!({"id": "ada", "expires": expires, "signature": "0".repeat(64)});
    assert_eq!(identify(&server, &guest.client, unmade).await.said(), (409, "no_signing_secret".into()));

    let signing = Signing::of(&server).await;
    let ada = arrives(&server, signing.identity(&server, "ada")).await;
    says(&server, &ada, "My secret").await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let other = server.other_workspace().await.chatbot.to_string();
    let sign = |expires: i64, signature: String| json!({"id": "ada", "expires": expires, "signature": signature});
    let good = signing.sign(&signing.chatbot, expires, "ada");
    let over = now(&server) - 1;
    let cases = [
        ("nonsense", sign(expires, "nonsense".into()), (403, "wrong_signature")),
        ("not hexadecimal", sign(expires, "é".repeat(32)), (403, "wrong_signature")),
        ("of another id", sign(expires, signing.sign(&signing.chatbot, expires, "bob")), (403, "wrong_signature")),
        ("of another end", sign(expires + 1, good.clone()), (403, "wrong_signature")),
        ("of another chatbot", sign(expires, signing.sign(&other, expires, "ada")), (403, "wrong_signature")),
        ("over", sign(over, signing.sign(&signing.chatbot, over, "ada")), (403, "signature_expired")),
        ("without an end", json!({"id": "ada", "signature": good}), (422, "invalid")),
        ("without an id", json!({"expires": expires, "signature": good}), (422, "invalid")),
    ];
    for (what, identity, (status, code)) in cases {
        let answer = identify(&server, &guest.client, identity.clone()).await;
        assert_eq!(answer.said(), (status, code.into()), "{what}");
        let body = json!({"chatbot_id": signing.chatbot, "identity": identity});
        let answer = server.client().from(server.new_address()).post("/visitors", &body).await;
        assert_eq!(answer.said(), (status, code.into()), "{what}, as the first word");
    }
    assert!(!detail(&server, &guest.conversation).await.visitor.verified);
    // A good one is no good for another chatbot, nor after the secret was replaced.
    let body = json!({"chatbot_id": other, "identity": signing.identity(&server, "ada")});
    let answer = server.client().from(server.new_address()).post("/visitors/identify", &body).await;
    assert_eq!(answer.said(), (409, "no_signing_secret".into()));
    let old = signing.identity(&server, "ada");
    Signing::of(&server).await;
    assert_eq!(identify(&server, &guest.client, old).await.said(), (403, "wrong_signature".into()));
    // Admins make it, others do not.
    let path = format!("/chatbots/{}/signing-secret", server.chatbot());
    assert_eq!(sofia.client.post_nothing(&path).await.said(), (403, "forbidden".into()));
    server.stop().await;
}

async fn what_is_not_signed_is_shown_as_not_verified(place: Place) {
    let server = TestServer::on(&place).await;
    let signing = Signing::of(&server).await;
    let ada = arrives(&server, signing.identity(&server, "ada")).await;
    let claims = json!({"id": "ada", "name": "Ada?", "email": "Ada@Example.com",
        "attributes": {"plan": "Team", "orders": 12, "vip": true, "nothing": null}});
    let eve = arrives(&server, claims.clone()).await;
    assert_ne!(eve.conversation, ada.conversation, "a claim opens no chat");
    let seen = detail(&server, &eve.conversation).await.visitor;
    assert_eq!((seen.external_id.as_deref(), seen.verified), (Some("ada"), false));
    assert_eq!(seen.email.as_deref(), Some("ada@example.com"));
    let attributes: Vec<_> = seen.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(attributes, [("orders", "12"), ("plan", "Team"), ("vip", "true")]);
    // A claim changes nothing about somebody who was proved.
    let answer: Identified = identify(&server, &ada.client, json!({"id": "eve", "name": "Eve"})).await.ok();
    assert!(!answer.verified && answer.grant.is_none());
    let seen = detail(&server, &ada.conversation).await;
    assert_eq!((seen.row.visitor_name.as_str(), seen.visitor.external_id.as_deref()), ("Name of ada", Some("ada")));

    for (identity, field) in [
        (json!({"email": "no address"}), "identity.email"),
        (json!({"name": "x".repeat(81)}), "identity.name"),
        (json!({"attributes": {"list": [1]}}), "identity.attributes.list"),
    ] {
        let answer = identify(&server, &eve.client, identity).await;
        assert_eq!(answer.said(), (422, "invalid".into()));
        assert_eq!(answer.value()["field"], field);
    }
    server.stop().await;
}

async fn two_people_at_one_device_have_two_chats(place: Place) {
    let server = TestServer::on(&place).await;
    let signing = Signing::of(&server).await;
    let ada = arrives(&server, signing.identity(&server, "ada")).await;
    says(&server, &ada, "Only for me").await;
    // Bob signs in at the same computer, whose page still has Ada's token.
    let done: Identified = identify(&server, &ada.client, signing.identity(&server, "bob")).await.ok();
    let bob = guest(&server, done.grant.unwrap());
    assert_ne!(bob.conversation, ada.conversation);
    assert!(server.visitor_log(&bob).await.is_empty());
    assert_eq!(bob.client.get(&format!("/conversations/{}", ada.conversation)).await.status, 404);
    assert_eq!(detail(&server, &ada.conversation).await.visitor.external_id.as_deref(), Some("ada"));
    // And Ada again: her chat.
    let done: Identified = identify(&server, &bob.client, signing.identity(&server, "ada")).await.ok();
    assert_eq!(done.grant.unwrap().conversation_id, ada.conversation);
    server.stop().await;
}

async fn a_visitor_leaves_an_address(place: Place) {
    let server = TestServer::on(&place).await;
    let (guest, other) = (server.guest().await, server.guest().await);
    let path = format!("/conversations/{}/email", guest.conversation);
    let wrong = guest.client.post(&path, &json!({"email": "ada at example"})).await;
    assert_eq!((wrong.said(), wrong.value()["field"].clone()), ((422, "invalid".into()), json!("email")));
    assert_eq!(other.client.post(&path, &json!({"email": "eve@example.com"})).await.status, 404);
    assert_eq!(server.owner().client.post(&path, &json!({"email": "eve@example.com"})).await.status, 403);
    assert_eq!(guest.client.post(&path, &json!({"email": " Ada@Example.com "})).await.status, 200);
    assert_eq!(detail(&server, &guest.conversation).await.visitor.email.as_deref(), Some("ada@example.com"));
    server.stop().await;
}
