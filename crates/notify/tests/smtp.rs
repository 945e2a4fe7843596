//! Mail as it arrives at a server.

use notify::{Smtp, Unusable};
use ports::{
    Fault,
    mail::{Known, Mail, Mailer, Thread},
};
use testkit::fakes::MailServer;
use uuid::Uuid;

fn mail() -> Mail {
    Mail {
        id: Uuid::from_u128(7),
        to: "sofia@example.com".into(),
        subject: "An invitation".into(),
        text: "Hello,\n\nopen https://desk.example.com/join#bi_secret\n".into(),
        thread: None,
    }
}

#[tokio::test]
async fn a_mail_arrives_and_sent_again_it_is_the_same() {
    let server = MailServer::start().await;
    let smtp = Smtp::new(&server.url(), "Baton <desk@example.com>").unwrap();
    smtp.send(mail()).await.unwrap();
    smtp.send(mail()).await.unwrap();
    let (one, two) = (server.mail(0).await, server.mail(1).await);
    assert_eq!(one.to, "sofia@example.com");
    assert_eq!(one.header("from"), Some("Baton <desk@example.com>"));
    assert_eq!(one.header("subject"), Some("An invitation"));
    assert_eq!(one.secret("join"), "bi_secret");
    assert_eq!(one.header("message-id"), Some(&*format!("<{}@example.com>", Uuid::from_u128(7))));
    assert_eq!(one.header("message-id"), two.header("message-id"));
}

#[tokio::test]
async fn a_mail_of_a_talk_says_where_it_belongs() {
    let server = MailServer::start().await;
    let smtp = Smtp::new(&server.url(), "Baton <desk@example.com>").unwrap();
    smtp.send(mail()).await.unwrap();
    let before = vec![Known::Ours(Uuid::from_u128(7)), Known::Theirs("theirs@example.org".into())];
    let reply_to = Some("reply+0@example.com".to_owned());
    let thread = Thread { from_name: "Süßes & Co".into(), reply_to, before, automatic: false };
    smtp.send(Mail { id: Uuid::from_u128(8), thread: Some(thread), ..mail() }).await.unwrap();
    let (machine, person) = (server.mail(0).await, server.mail(1).await);
    assert_eq!((machine.header("auto-submitted"), person.header("auto-submitted")), (Some("auto-generated"), None));
    assert_eq!((machine.header("x-baton"), person.header("x-baton")), (Some("mail"), Some("mail")));
    assert_eq!((machine.header("reply-to"), person.header("reply-to")), (None, Some("reply+0@example.com")));
    assert_eq!(person.header("in-reply-to"), Some("<theirs@example.org>"));
    let ours = format!("<{}@example.com>", Uuid::from_u128(7));
    assert!(person.data.contains(&ours) && person.header("references").is_some(), "{}", person.data);
    assert!(person.header("from").unwrap().ends_with("<desk@example.com>"), "{}", person.data);
}

#[tokio::test]
async fn a_busy_server_is_worth_another_try() {
    let server = MailServer::start().await;
    server.puts_off(1);
    let smtp = Smtp::new(&server.url(), "desk@example.com").unwrap();
    assert!(matches!(smtp.send(mail()).await, Err(Fault::Unavailable { .. })));
    smtp.send(mail()).await.unwrap();
    assert_eq!(server.count(), 1);
    // Nobody listens there.
    let nowhere = Smtp::new("smtp://127.0.0.1:1", "desk@example.com").unwrap();
    assert!(matches!(nowhere.send(mail()).await, Err(Fault::Unavailable { .. })));
}

#[tokio::test]
async fn what_cannot_be_used_is_said_without_the_password() {
    for url in ["", "mail.example.com", "https://mail.example.com", "smtp://", "smtps://user:hush@host:port"] {
        let error = Smtp::new(url, "desk@example.com").err().expect(url);
        assert!(matches!(error, Unusable::Server(_)));
        assert!(!error.to_string().contains("hush"), "{error}");
    }
    assert!(matches!(Smtp::new("smtp://host", "nobody").err(), Some(Unusable::Sender)));
}
