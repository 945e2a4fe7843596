//! Mail: from the outbox to a mail server, and the links in it.

use hyper::{Method, body::Bytes};
use serde_json::{Value, json};
use testkit::{
    fakes::MailServer,
    on_both_engines,
    server::{Answer, Client, Member, Options, Place, TestServer},
};

use domain::person::Role;

on_both_engines!(
    an_invitation_is_mailed_and_both_links_lead_to_it,
    a_forgotten_password_is_mended_by_a_mail,
    nobody_learns_whether_an_address_exists,
    a_mail_that_was_put_off_is_sent_later,
    a_new_address_counts_when_it_is_confirmed,
);

async fn with_mail(place: &Place) -> (TestServer, MailServer) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..Options::on(place) }).await;
    (server, mail)
}

async fn nobody(server: &TestServer, path: &str, body: &Value) -> Answer {
    server.client().from(server.new_address()).post(path, body).await
}

async fn forgot(server: &TestServer, email: &str) -> Answer {
    nobody(server, "/forgotten-password", &json!({"email": email})).await
}

async fn sign_in(server: &TestServer, email: &str, password: &str) -> (u16, String) {
    nobody(server, "/session", &json!({"email": email, "password": password})).await.said()
}

async fn look(client: &Client, path: &str, secret: &str) -> (u16, String) {
    let request = client.request(&Method::GET, path).header("x-link-token", secret);
    client.send(request, Bytes::new()).await.said()
}

async fn an_invitation_is_mailed_and_both_links_lead_to_it(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let made = server.invites(server.chatbot(), "nora@example.com", Role::Agent).await;
    assert!(made.mailed);
    let received = mail.mail(0).await;
    assert_eq!(
        (received.to.as_str(), received.header("subject")),
        ("nora@example.com", Some("Olga invites you to Assistant"))
    );
    assert!(received.data.contains(&format!("{}/join#", server.public_url)));
    let secret = received.secret("join");
    assert_ne!(secret, TestServer::secret_of(&made));
    for secret in [&secret, &TestServer::secret_of(&made)] {
        assert_eq!(look(&server.client(), "/invitation", secret).await.0, 200);
    }
    let body = json!({"token": secret, "name": "Nora", "password": "password of Nora"});
    assert_eq!(nobody(&server, "/invitation/join", &body).await.status, 200);
    assert_eq!(look(&server.client(), "/invitation", &TestServer::secret_of(&made)).await, (410, "link_used".into()));
    server.stop().await;
}

async fn a_forgotten_password_is_mended_by_a_mail(place: Place) {
    let (server, mail) = with_mail(&place).await;
    server.add("Sofia", Role::Agent).await;
    let browser = server.sign_in("Sofia").await;
    let email = Member::email("Sofia");
    assert_eq!(forgot(&server, &email.to_uppercase()).await.status, 202);
    let received = mail.mail(0).await;
    assert_eq!(received.to, email);
    let secret = received.secret("new-password");
    assert_eq!(look(&server.client(), "/link", &secret).await.0, 200);
    let set = async |secret: &str, password: &str| {
        nobody(&server, "/link/password", &json!({"token": secret, "password": password})).await.said()
    };
    assert_eq!(set(&secret, "short").await, (422, "invalid".into()));
    assert_eq!(set("bl_forged", "a new password").await, (404, "link_unknown".into()));
    // Looked at and refused, it is still good; used, it is not.
    assert_eq!(set(&secret, "a new password").await.0, 200);
    assert_eq!(set(&secret, "another password").await, (410, "link_used".into()));
    assert_eq!(browser.get("/session").await.said(), (401, "unauthenticated".into()), "all sessions ended");
    assert_eq!(sign_in(&server, &email, &Member::password("Sofia")).await, (401, "wrong_credentials".into()));
    assert_eq!(sign_in(&server, &email, "a new password").await.0, 200);

    assert_eq!(forgot(&server, &email).await.status, 202);
    let late = mail.mail(1).await.secret("new-password");
    server.clock.advance(std::time::Duration::from_secs(3_600));
    assert_eq!(set(&late, "a late password").await, (410, "link_expired".into()));
    server.stop().await;
}

async fn nobody_learns_whether_an_address_exists(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    server.owner().client.patch(&format!("/people/{}", sofia.id), &json!({"active": false})).await.ok::<Value>();
    let known = forgot(&server, &Member::email("Olga")).await;
    for unknown in ["nobody@example.com", &Member::email("Sofia")] {
        let answer = forgot(&server, unknown).await;
        assert_eq!((answer.status, answer.text()), (known.status, known.text()), "{unknown}");
    }
    assert_eq!(forgot(&server, "nonsense").await.said(), (422, "invalid".into()));
    // However often somebody asks for others: three mails an hour, and from one network no more than ten tries.
    for _ in 0..4 {
        assert_eq!(forgot(&server, &Member::email("Olga")).await.status, 202);
    }
    server.settled().await;
    assert_eq!(mail.count(), 3);
    assert_eq!(mail.mail(2).await.to, Member::email("Olga"));
    let here = server.client().from(server.new_address());
    let body = json!({"email": "nobody@example.com"});
    let mut said = Vec::new();
    for _ in 0..11 {
        said.push(here.post("/forgotten-password", &body).await.status.as_u16());
    }
    assert_eq!(said[..10], [202; 10]);
    assert_eq!(said[10], 429);
    server.stop().await;
}

async fn a_mail_that_was_put_off_is_sent_later(place: Place) {
    let (server, mail) = with_mail(&place).await;
    mail.puts_off(1);
    assert_eq!(forgot(&server, &Member::email("Olga")).await.status, 202);
    let received = mail.mail(0).await;
    let body = json!({"token": received.secret("new-password"), "password": "a new password"});
    assert_eq!(nobody(&server, "/link/password", &body).await.status, 200);
    server.stop().await;
}

async fn a_new_address_counts_when_it_is_confirmed(place: Place) {
    let (server, mail) = with_mail(&place).await;
    server.add("Sofia", Role::Agent).await;
    let sofia = server.sign_in("Sofia").await;
    let (old, password) = (Member::email("Sofia"), Member::password("Sofia"));
    let body = json!({"password": password, "email": "new@example.com"});
    let changed: Value = sofia.post("/me/email", &body).await.ok();
    assert_eq!(changed, json!({"email": old, "confirm": true}));
    let received = mail.mail(0).await;
    assert_eq!(received.to, "new@example.com");
    assert_eq!(sign_in(&server, &old, &password).await.0, 200, "until then the old one counts");
    let token = json!({"token": received.secret("new-address")});
    // It is no link for a password.
    let misused = json!({"token": received.secret("new-address"), "password": "a stolen password"});
    assert_eq!(nobody(&server, "/link/password", &misused).await.said(), (404, "link_unknown".into()));
    assert_eq!(nobody(&server, "/link/email", &token).await.status, 200);
    assert_eq!(nobody(&server, "/link/email", &token).await.said(), (410, "link_used".into()));
    assert_eq!(sign_in(&server, "new@example.com", &password).await.0, 200);
    assert_eq!(sign_in(&server, &old, &password).await, (401, "wrong_credentials".into()));
    server.stop().await;
}
