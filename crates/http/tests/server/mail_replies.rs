//! Replies reach a visitor by mail when their page is closed, and answers come back: by a random address, never by `From`.

use std::time::Duration;

use api::{
    events::{StaffEvent, StaffEventBody},
    mail::{ConversationMail, MailEntry, MailReception, MailState},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{embed, limits, person::Role};
use hyper::{Method, body::Bytes};
use serde_json::{Value, json};
use testkit::{
    fakes::{ImapServer, MailServer, Received, Reply},
    on_both_engines,
    server::{Answer, As, Guest, INBOUND_TOKEN, Member, Options, Place, TestServer, Wires},
};
use tokio_util::sync::CancellationToken;

use crate::pictures::PICTURE;

on_both_engines!(
    what_a_person_wrote_reaches_a_closed_page_and_the_answer_comes_back,
    who_reads_in_the_chat_is_not_mailed,
    a_mail_server_that_is_down_is_asked_again,
    what_cannot_be_handed_over_is_given_up_after_a_day,
    a_node_that_dies_between_two_steps_mails_nothing_twice,
    a_mail_that_comes_twice_is_one_message,
    forged_mail_finds_nobody,
    what_a_machine_wrote_is_filed_and_never_answered,
    large_and_many_mails_are_limited,
    what_is_attached_becomes_a_file,
    the_ai_answers_by_mail_who_wrote_by_mail,
    a_transcript_is_mailed_without_notes_and_seldom,
    mail_is_fetched_from_a_mailbox,
    a_mail_that_cannot_be_read_holds_up_no_other,
    what_is_put_off_stays_in_the_mailbox,
    what_an_address_refused_goes_to_the_next_one,
    without_a_reply_address_nobody_is_told_to_answer,
);

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const ADDRESS: &str = "ada@visitors.example";

async fn with_mail(place: &Place) -> (TestServer, MailServer) {
    let mail = MailServer::start().await;
    let options = Options { mail: Some(mail.clone()), takes_answers: true, ..Options::on(place) };
    (TestServer::start(options).await, mail)
}

/// A visitor who has left an address and asked something.
async fn with_address(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    says(&guest, "Where is my parcel?").await;
    let path = format!("/conversations/{}/email", guest.conversation);
    assert_eq!(guest.client.post(&path, &json!({"email": ADDRESS})).await.status, 200);
    server.settled().await;
    guest
}

async fn says(guest: &Guest, text: &str) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    guest.client.post(&path, &json!({"text": text})).await.ok::<Value>();
}

async fn replies(member: &Member, guest: &Guest, text: &str) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    member.client.post(&path, &json!({"text": text})).await.ok::<Value>();
}

/// The mail of this number, when what was written a minute ago is due.
async fn mailed(server: &TestServer, mail: &MailServer, number: usize) -> Received {
    server.clock.advance(2 * MINUTE);
    let received = mail.mail(number).await;
    server.settled().await;
    received
}

fn reply_to(received: &Received) -> String {
    received.header("reply-to").expect("an address for answers").to_owned()
}

/// A mail as a mail program writes it.
fn answer_to(received: &Received, id: &str, text: &str) -> String {
    let quoted: Vec<String> = received.data.lines().map(|line| format!("> {line}")).collect();
    format!(
        "From: Ada <{ADDRESS}>\r\nTo: {}\r\nSubject: Re: Your chat\r\nMessage-ID: <{id}@visitors.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nOn 30 Nov 2026, at 10:00, Assistant wrote:\r\n{}\r\n",
        reply_to(received),
        quoted.join("\r\n")
    )
}

async fn hand_over(server: &TestServer, mail: impl Into<Bytes>) -> Answer {
    let relay = server.client().is(As::Bearer(INBOUND_TOKEN.to_owned()));
    relay.bytes(Method::POST, "/inbound-mail", "message/rfc822", mail).await
}

fn reception(outcome: &str, why: Option<&str>) -> MailReception {
    MailReception { outcome: outcome.to_owned(), why: why.map(str::to_owned) }
}

/// What the visitor said, and whether it came by mail.
fn said(log: &[StaffEvent]) -> Vec<(String, bool)> {
    let said = |event: &StaffEvent| match &event.body {
        StaffEventBody::VisitorMessage { text, by_mail, .. } => Some((text.clone(), *by_mail)),
        _ => None,
    };
    log.iter().filter_map(said).collect()
}

async fn mail_of(server: &TestServer, guest: &Guest) -> ConversationMail {
    server.owner().client.get(&format!("/conversations/{}/mail", guest.conversation)).await.ok()
}

async fn what_a_person_wrote_reaches_a_closed_page_and_the_answer_comes_back(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    let olga = server.owner();
    replies(&olga, &guest, "It is on its way").await;
    replies(&olga, &guest, "It comes tomorrow").await;
    let first = mailed(&server, &mail, 0).await;
    assert_eq!(first.to, ADDRESS);
    assert_eq!(first.header("subject"), Some("Your chat with Assistant"));
    assert_eq!(first.header("from"), Some("Assistant <desk@example.com>"));
    assert_eq!(first.header("auto-submitted"), None, "a person wrote it");
    let share_page = format!("{}/widget/{}", server.public_url, server.chatbot());
    for words in ["##- Please write your answer", "Olga:\nIt is on its way", "Olga:\nIt comes tomorrow", &share_page] {
        assert!(first.data.contains(words), "{words}: {}", first.data);
    }
    assert!(!first.data.contains(&guest.token), "no secret of the page is in a mail");
    assert_eq!(mail.count(), 1, "both are in one mail");

    let reply = answer_to(&first, "one", "Thank you!\r\nTo which door?");
    assert_eq!(hand_over(&server, reply).await.ok::<MailReception>(), reception("taken", None));
    let log = server.log(&guest.conversation).await;
    let expected = [("Where is my parcel?".to_owned(), false), ("Thank you!\nTo which door?".to_owned(), true)];
    assert_eq!(said(&log), expected);
    // Who answers a mail has read it, and the visitor's page shows the answer as their own.
    let row: Value = olga.client.get(&format!("/conversations/{}", guest.conversation)).await.ok();
    assert!(row["visitor_read"].as_i64().unwrap() > 1, "{row}");
    assert!(
        guest.client.get(&format!("/conversations/{}/events", guest.conversation)).await.text().contains("which door")
    );

    replies(&olga, &guest, "The front door").await;
    let second = mailed(&server, &mail, 1).await;
    assert!(!second.data.contains("It is on its way"), "what was mailed is not mailed again");
    assert_eq!(second.header("in-reply-to"), Some("<one@visitors.example>"));
    assert!(second.data.contains(first.header("message-id").unwrap()), "{}", second.data);
    assert_ne!(reply_to(&first), reply_to(&second));
    // The address of the earlier mail is still good.
    let late = answer_to(&first, "two", "I see");
    assert_eq!(hand_over(&server, late).await.ok::<MailReception>(), reception("taken", None));

    let view = mail_of(&server, &guest).await;
    assert_eq!((view.to.as_deref(), view.sends_mail, view.answers), (Some(ADDRESS), true, true));
    let kinds: Vec<&str> = view
        .mails
        .iter()
        .map(|one| match one {
            MailEntry::Replies { state: MailState::Sent, .. } => "sent",
            MailEntry::Received { what, .. } => what.as_str(),
            _ => "another",
        })
        .collect();
    assert_eq!(kinds, ["taken", "sent", "taken", "sent"]);
    server.stop().await;
}

/// Whether the server knows of an open page of the visitor.
async fn is_here(server: &TestServer, guest: &Guest) -> bool {
    let token = guest.token.clone();
    let known = server.run(|baton| async move {
        let known = baton.visitor_by_token(&token, &embed::Place::Page).await.unwrap();
        baton.hub().is_here(known.visitor)
    });
    known.await
}

async fn who_reads_in_the_chat_is_not_mailed(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let olga = server.owner();
    // Read within the minute.
    let guest = with_address(&server).await;
    replies(&olga, &guest, "It is on its way").await;
    let path = format!("/conversations/{}/read", guest.conversation);
    let head = server.visitor_log(&guest).await.last().unwrap().visitor_seq;
    assert_eq!(guest.client.post(&path, &json!({"visitor_seq": head})).await.status, 200);
    server.clock.advance(2 * MINUTE);
    server.settled().await;
    assert_eq!(mail.count(), 0);
    // A page that is open keeps the mail back until it is closed.
    let page = server.page(&guest).await;
    replies(&olga, &guest, "While the page is open").await;
    server.clock.advance(2 * MINUTE);
    replies(&olga, &guest, "And once more").await;
    drop(page);
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while is_here(&server, &guest).await {
        looks.tick().await;
    }
    let received = mailed(&server, &mail, 0).await;
    assert!(received.data.contains("While the page is open") && received.data.contains("And once more"));
    // Nobody who left no address, and nobody where the owner does not want it.
    let nameless = server.guest().await;
    says(&nameless, "Hello").await;
    replies(&olga, &nameless, "Hello").await;
    let switch = json!({"escalation": {"mail_replies": false}});
    olga.client.patch(&format!("/chatbots/{}", server.chatbot()), &switch).await.ok::<Value>();
    replies(&olga, &guest, "Are you there?").await;
    server.clock.advance(2 * MINUTE);
    server.settled().await;
    assert_eq!((mail.count(), mail_of(&server, &guest).await.to), (1, None));
    server.stop().await;
}

/// A visitor's page is on one node, and the job that would mail them runs on another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_on_another_node_keeps_the_mail_back() {
    let (place, mail) = (Place::postgres().await, MailServer::start().await);
    let wires = Wires::Postgres;
    let mut servers = Vec::new();
    for jobs in [0, app::turn::JOBS] {
        let bus = Some(wires.end(&place).await);
        let mail = Some(mail.clone());
        servers.push(TestServer::start(Options { bus, jobs, mail, leaves_jobs: true, ..Options::on(&place) }).await);
    }
    let [near, far] = <[TestServer; 2]>::try_from(servers).ok().unwrap();
    let guest = near.guest().await;
    says(&guest, "Where is my parcel?").await;
    let path = format!("/conversations/{}/email", guest.conversation);
    assert_eq!(guest.client.post(&path, &json!({"email": ADDRESS})).await.status, 200);
    let page = near.page(&guest).await;
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while !is_here(&near, &guest).await {
        looks.tick().await;
    }
    let anywhere = async || {
        let token = guest.token.clone();
        let known = far.run(|baton| async move {
            let known = baton.visitor_by_token(&token, &embed::Place::Page).await.unwrap();
            baton.is_visitor_here(known.visitor).await
        });
        known.await
    };
    assert!(!is_here(&far, &guest).await, "not on this node");
    assert!(anywhere().await, "but on another one");
    replies(&near.owner(), &guest, "It is on its way").await;
    for server in [&near, &far] {
        server.clock.advance(2 * MINUTE);
    }
    let put_off = async || place.rows().await["job"].iter().any(|row| row.contains("the visitor's page is open"));
    while !put_off().await {
        looks.tick().await;
    }
    assert_eq!((mail.count(), mail_of(&near, &guest).await.mails.len()), (0, 0));
    drop(page);
    while anywhere().await {
        looks.tick().await;
    }
    for server in [&near, &far] {
        server.clock.advance(2 * MINUTE);
    }
    assert!(mail.mail(0).await.data.contains("It is on its way"));
    near.stop().await;
    far.stop().await;
}

async fn a_mail_server_that_is_down_is_asked_again(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    mail.puts_off(12);
    replies(&server.owner(), &guest, "It is on its way").await;
    server.clock.advance(2 * MINUTE);
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while mail.count() == 0 {
        // In small steps: whoever hands a mail over keeps its job meanwhile.
        server.clock.advance(MINUTE / 12);
        looks.tick().await;
    }
    server.settled().await;
    assert_eq!(mail.count(), 1);
    assert!(matches!(&mail_of(&server, &guest).await.mails[..], [MailEntry::Replies { state: MailState::Sent, .. }]));
    // Read in the chat while it waited for the mail server: needless.
    mail.puts_off(u32::MAX);
    replies(&server.owner(), &guest, "It is there").await;
    server.clock.advance(2 * MINUTE);
    while mail_of(&server, &guest).await.mails.len() < 2 {
        looks.tick().await;
    }
    let head = server.visitor_log(&guest).await.last().unwrap().visitor_seq;
    let path = format!("/conversations/{}/read", guest.conversation);
    assert_eq!(guest.client.post(&path, &json!({"visitor_seq": head})).await.status, 200);
    mail.puts_off(0);
    server.clock.advance(6 * MINUTE);
    server.settled().await;
    let mails = mail_of(&server, &guest).await.mails;
    assert!(matches!(&mails[0], MailEntry::Replies { state: MailState::Needless, .. }), "{mails:?}");
    assert_eq!(mail.count(), 1);
    server.stop().await;
}

async fn what_cannot_be_handed_over_is_given_up_after_a_day(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    mail.puts_off(u32::MAX);
    replies(&server.owner(), &guest, "It is on its way").await;
    server.clock.advance(2 * MINUTE);
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let state = async || match mail_of(&server, &guest).await.mails.first() {
        Some(MailEntry::Replies { state, why, .. }) => Some((*state, why.clone())),
        _ => None,
    };
    while state().await.is_none() {
        looks.tick().await;
    }
    // After a day nobody tries any more, and everybody can see it.
    server.clock.advance(25 * HOUR);
    let refused = loop {
        match state().await {
            Some((MailState::Refused, why)) => break why,
            _ => looks.tick().await,
        };
    };
    assert!(refused.is_some_and(|why| !why.is_empty()));
    server.settled().await;
    assert_eq!(mail.count(), 0);
    server.stop().await;
}

async fn a_node_that_dies_between_two_steps_mails_nothing_twice(place: Place) {
    let mail = MailServer::start().await;
    let options = || Options { mail: Some(mail.clone()), takes_answers: true, ..Options::on(&place) };
    let server = TestServer::start(options()).await;
    let guest = with_address(&server).await;
    // It has decided on a mail, and dies before a mail server takes it.
    mail.puts_off(u32::MAX);
    replies(&server.owner(), &guest, "It is on its way").await;
    server.clock.advance(2 * MINUTE);
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while mail_of(&server, &guest).await.mails.is_empty() {
        looks.tick().await;
    }
    let owner = server.owner();
    server.kill().await;
    mail.puts_off(0);
    let server = TestServer::start(options()).await;
    server.clock.advance(10 * MINUTE);
    let received = mail.mail(0).await;
    server.settled().await;
    assert!(received.data.contains("It is on its way"));
    assert_eq!(mail.count(), 1);

    // It has stored the message of a mail, and dies before it has noted that the mail came: the mail is delivered again.
    let again = answer_to(&received, "one", "Thank you");
    assert_eq!(hand_over(&server, again.clone()).await.ok::<MailReception>(), reception("taken", None));
    let conversation = guest.conversation.clone();
    server.place.forget_mails(&conversation).await;
    assert_eq!(hand_over(&server, again).await.ok::<MailReception>(), reception("taken", None));
    let client = server.client().is(As::Bearer(owner.key));
    let log = client.get(&format!("/conversations/{conversation}/events?limit=200")).await.text();
    assert_eq!(log.matches("Thank you").count(), 1, "{log}");
    server.stop().await;
}

async fn a_mail_that_comes_twice_is_one_message(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let reply = answer_to(&received, "one", "Thank you");
    let twice = tokio::join!(hand_over(&server, reply.clone()), hand_over(&server, reply.clone()));
    let mut outcomes = [twice.0.ok::<MailReception>().outcome, twice.1.ok::<MailReception>().outcome];
    outcomes.sort();
    assert!(outcomes.contains(&"taken".to_owned()), "{outcomes:?}");
    // Changed on the way, as lists and scanners do.
    let changed = answer_to(&received, "one", "Thank you\r\n\r\nScanned by example.com");
    assert_eq!(hand_over(&server, changed).await.ok::<MailReception>(), reception("repeated", None));
    // Without an id the mail itself is what it is known by.
    let nameless = reply.replace("Message-ID: <one@visitors.example>\r\n", "");
    assert_eq!(hand_over(&server, nameless.clone()).await.ok::<MailReception>(), reception("taken", None));
    assert_eq!(hand_over(&server, nameless).await.ok::<MailReception>(), reception("repeated", None));
    let by_mail = said(&server.log(&guest.conversation).await).into_iter().filter(|(_, by_mail)| *by_mail).count();
    assert_eq!(by_mail, 2);
    server.stop().await;
}

async fn forged_mail_finds_nobody(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let (address, reply) = (reply_to(&received), answer_to(&received, "one", "Cancel my order"));
    // Whoever only knows who the visitor is, or guesses.
    let guessed = address.replace(|c: char| c.is_ascii_digit(), "0");
    let guessed = if guessed == address { address.replacen('a', "0", 1) } else { guessed };
    let zeros = format!("reply+{}@example.com", "0".repeat(32));
    for (to, why) in [
        ("reply@example.com", "no_address"),
        (ADDRESS, "no_address"),
        (guessed.as_str(), "unknown_address"),
        (zeros.as_str(), "unknown_address"),
    ] {
        let forged = reply.replace(&address, to);
        assert_eq!(hand_over(&server, forged).await.ok::<MailReception>(), reception("dropped", Some(why)), "{to}");
    }
    // Not even the right address counts where it is the sender's.
    let forged = reply.replace(&format!("To: {address}"), "To: desk@example.com").replace(ADDRESS, &address);
    assert_eq!(hand_over(&server, forged).await.ok::<MailReception>(), reception("dropped", Some("no_address")));
    assert_eq!(said(&server.log(&guest.conversation).await).len(), 1);
    assert_eq!(mail.count(), 1, "nobody is told");
    // Whoever hands mail over shows the token; nothing is read before.
    for client in [
        server.client(),
        server.client().is(As::Bearer("another token".into())),
        server.client().is(As::Bearer(guest.token.clone())),
        server.owner().client,
    ] {
        let answer = client.bytes(Method::POST, "/inbound-mail", "message/rfc822", reply.clone()).await;
        assert_eq!(answer.said(), (401, "unauthenticated".into()));
    }
    // Services that know no tokens show it as a password, and the envelope may say what the headers do not.
    let basic = "Basic aG9vazp0b2tlbi1vZi1hLW1haWwtc2VydmVy";
    let request = server.client().request(&Method::POST, "/inbound-mail").header("authorization", basic);
    let blind = reply.replace(&format!("To: {address}"), "To: undisclosed-recipients:;");
    let request = request.header("x-mail-recipient", format!("other@example.com, {address}"));
    let taken = server.client().send(request, Bytes::from(blind)).await;
    assert_eq!(taken.ok::<MailReception>(), reception("taken", None));
    assert_eq!(hand_over(&server, "").await.said(), (422, "invalid".into()));
    server.stop().await;
}

async fn what_a_machine_wrote_is_filed_and_never_answered(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let ended = format!("/conversations/{}/end-live-chat", guest.conversation);
    server.owner().client.post_nothing(&ended).await.ok::<Value>();
    server.settled().await;
    let before = server.log(&guest.conversation).await.len();
    // Our own mail comes back, as it is and without its mark.
    let envelope = reply_to(&received);
    let own = received.data.replace('\n', "\r\n");
    let unmarked = own.replace("X-Baton: mail\r\n", "");
    assert_ne!(own, unmarked);
    let relay = server.client().is(As::Bearer(INBOUND_TOKEN.to_owned()));
    let comes_back = async |data: &str| -> MailReception {
        let request = relay.request(&Method::POST, "/inbound-mail").header("x-mail-recipient", &envelope);
        relay.send(request, Bytes::from(data.to_owned())).await.ok()
    };
    assert_eq!(comes_back(&unmarked).await, reception("filed", Some("loop")), "it is known by its id");
    assert_eq!(comes_back(&own).await, reception("repeated", None), "the same mail");
    let marked = own.replacen("Message-ID: <", "Message-ID: <y", 1);
    assert_eq!(comes_back(&marked).await, reception("filed", Some("loop")), "it is known by its mark");
    let stripped = unmarked.replacen("Message-ID: <", "Message-ID: <x", 1);
    // The line of ours with nothing above it says nothing, whoever sends it.
    assert_eq!(comes_back(&stripped).await, reception("filed", Some("empty")));
    for (number, (header, why)) in [
        ("Auto-Submitted: auto-replied", "auto_reply"),
        ("X-Auto-Response-Suppress: All", "auto_reply"),
        ("Precedence: bulk", "bulk"),
        ("List-Id: <news.example>", "bulk"),
        ("Return-Path: <>", "bounce"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = answer_to(&received, &format!("auto-{number}"), "I am away until Monday");
        let automatic = format!("{header}\r\n{answer}");
        assert_eq!(
            hand_over(&server, automatic).await.ok::<MailReception>(),
            reception("filed", Some(why)),
            "{header}"
        );
    }
    server.clock.advance(2 * MINUTE);
    server.settled().await;
    assert_eq!(mail.count(), 1, "none of it is answered");
    assert_eq!(server.log(&guest.conversation).await.len(), before, "none of it is a message");
    // Collaborators see what came.
    let mails = mail_of(&server, &guest).await.mails;
    let seen = mails.iter().any(|one| {
        matches!(one, MailEntry::Received { what, subject, excerpt, .. }
        if what == "auto_reply" && subject == "Re: Your chat" && excerpt.starts_with("I am away until Monday"))
    });
    assert!(seen, "{mails:?}");
    server.stop().await;
}

async fn large_and_many_mails_are_limited(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let large = answer_to(&received, "large", &"x".repeat(limits::MAIL_BYTES));
    let refused = hand_over(&server, large).await;
    assert_eq!(refused.said(), (413, "too_large".into()));
    // What is longer than a message is cut like one.
    let long = answer_to(&received, "long", &"ä ".repeat(limits::MESSAGE_CHARS));
    assert_eq!(hand_over(&server, long).await.ok::<MailReception>(), reception("taken", None));
    let words = said(&server.log(&guest.conversation).await).pop().unwrap().0;
    assert!(words.chars().count() <= limits::MESSAGE_CHARS && words.ends_with(" …"));
    let empty = answer_to(&received, "empty", "");
    assert_eq!(hand_over(&server, empty).await.ok::<MailReception>(), reception("filed", Some("empty")));
    let mut outcomes = Vec::new();
    for number in 0..limits::MAILS_IN_AN_HOUR {
        let next = answer_to(&received, &format!("mail-{number}"), &format!("Number {number}"));
        let answer = hand_over(&server, next).await;
        outcomes.push((answer.status.as_u16(), answer.header("retry-after").map(str::to_owned)));
    }
    let taken = outcomes.iter().filter(|one| **one == (200, None)).count();
    assert_eq!((taken, outcomes.len()), (18, 20), "two came before");
    // What is beyond is put off, not dropped: services deliver again after a 503.
    assert_eq!(outcomes[18], (503, Some("900".to_owned())));
    assert_eq!(outcomes[19], (503, Some("900".to_owned())));
    let machine = format!("Auto-Submitted: auto-replied\r\n{}", answer_to(&received, "away", "I am away"));
    assert_eq!(hand_over(&server, machine).await.ok::<MailReception>(), reception("filed", Some("too_many")));
    let mails = mail_of(&server, &guest).await.mails;
    let noted = |one: &&MailEntry| matches!(one, MailEntry::Received { what, .. } if what == "too_many");
    assert_eq!(mails.iter().filter(noted).count(), 1, "it is noted once");
    server.clock.advance(HOUR);
    let later = answer_to(&received, "mail-19", "Number 19");
    assert_eq!(hand_over(&server, later).await.ok::<MailReception>(), reception("taken", None));
    let words = said(&server.log(&guest.conversation).await).pop().unwrap();
    assert_eq!(words, ("Number 19".to_owned(), true));
    server.stop().await;
}

async fn what_is_attached_becomes_a_file(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let picture = BASE64_STANDARD.encode(PICTURE);
    let reply = format!(
        "To: {}\r\nMessage-ID: <one@visitors.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nIt looks like this\r\n\
         --x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=damage.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{picture}\r\n\
         --x\r\nContent-Type: application/x-msdownload\r\nContent-Disposition: attachment; filename=run.exe\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAE\r\n--x--\r\n",
        reply_to(&received)
    );
    for outcome in ["taken", "repeated"] {
        assert_eq!(hand_over(&server, reply.clone()).await.ok::<MailReception>().outcome, outcome);
    }
    let log = server.log(&guest.conversation).await;
    let found = log.iter().find_map(|event| match &event.body {
        StaffEventBody::VisitorMessage { text, files, by_mail: true } => Some((text.clone(), files.clone())),
        _ => None,
    });
    let (text, files) = found.unwrap();
    assert_eq!(text, "It looks like this\n\nNot taken from the mail: run.exe");
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["damage.png"]);
    let path = files[0].url.strip_prefix("/api/v2").unwrap();
    assert_eq!(server.owner().client.get(path).await.status, 200);
    server.stop().await;
}

async fn the_ai_answers_by_mail_who_wrote_by_mail(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    server.model.always(Reply::Says("We are open from nine to five.".into()));
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let ended = format!("/conversations/{}/end-live-chat", guest.conversation);
    server.owner().client.post_nothing(&ended).await.ok::<Value>();
    let reply = answer_to(&received, "one", "When are you open?");
    assert_eq!(hand_over(&server, reply).await.ok::<MailReception>(), reception("taken", None));
    let answered = async || {
        server.log(&guest.conversation).await.iter().any(|event| {
        matches!(&event.body, StaffEventBody::AssistantMessage { text, .. } if text.starts_with("We are open from nine"))
    })
    };
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while !answered().await {
        looks.tick().await;
    }
    let second = mailed(&server, &mail, 1).await;
    assert!(second.data.contains("Assistant (AI):\nWe are open from nine to five."), "{}", second.data);
    assert_eq!(second.header("auto-submitted"), Some("auto-generated"));
    // What is written in the chat again is answered there alone.
    says(&guest, "And on Sunday?").await;
    server.settled().await;
    server.clock.advance(2 * MINUTE);
    server.settled().await;
    assert_eq!(mail.count(), 2);
    server.stop().await;
}

async fn a_transcript_is_mailed_without_notes_and_seldom(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let (olga, vera) = (server.owner(), server.add("Vera", Role::Viewer).await);
    let guest = server.guest().await;
    let path = |guest: &Guest| format!("/conversations/{}/transcript-mail", guest.conversation);
    assert_eq!(guest.client.post_nothing(&path(&guest)).await.said(), (409, "no_address".into()));
    let email = format!("/conversations/{}/email", guest.conversation);
    guest.client.post(&email, &json!({"email": ADDRESS})).await.ok::<Value>();
    assert_eq!(guest.client.post_nothing(&path(&guest)).await.said(), (409, "no_exchange".into()));
    says(&guest, "Where is my parcel?").await;
    server.settled().await;
    let note = format!("/conversations/{}/notes", guest.conversation);
    olga.client.post(&note, &json!({"text": "He calls every day"})).await.ok::<Value>();

    assert_eq!(guest.client.post_nothing(&path(&guest)).await.status, 202);
    let own = mail.mail(0).await;
    assert_eq!((own.to.as_str(), own.header("subject")), (ADDRESS, Some("Transcript of your chat with Assistant")));
    assert!(own.data.contains("Where is my parcel?") && !own.data.contains("calls every day"), "{}", own.data);
    assert!(own.header("reply-to").is_some());
    // Collaborators have it sent to the visitor, who may answer, or to themselves.
    let me = json!({"to": "me"});
    assert_eq!(vera.client.post_nothing(&path(&guest)).await.said(), (403, "forbidden".into()));
    assert_eq!(guest.client.post(&path(&guest), &me).await.said(), (403, "forbidden".into()));
    assert_eq!(vera.client.post(&path(&guest), &me).await.status, 202);
    let hers = mail.mail(1).await;
    assert_eq!((hers.to, hers.data.contains("calls every day")), (Member::email("Vera"), false));
    assert!(!hers.data.contains("reply+"), "nobody else writes as the visitor");
    assert_eq!(olga.client.post(&path(&guest), &json!({"to": "visitor"})).await.status, 202);
    mail.mail(2).await;
    // Three in an hour, of one chat and to one address.
    let limited = guest.client.post_nothing(&path(&guest)).await;
    assert_eq!((limited.said(), limited.value()["retry_after"].as_u64()), ((429, "rate_limited".into()), Some(3_600)));
    server.clock.advance(HOUR);
    assert_eq!(guest.client.post_nothing(&path(&guest)).await.status, 202);
    mail.mail(3).await;
    let other = server.guest().await;
    assert_eq!(other.client.post_nothing(&path(&guest)).await.said(), (404, "not_found".into()));
    server.settled().await;
    server.stop().await;
}

async fn mail_is_fetched_from_a_mailbox(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let imap = ImapServer::start().await;
    imap.deliver(answer_to(&received, "one", "First"));
    imap.deliver("To: somebody@example.com\r\n\r\nAn advertisement");
    imap.deliver_large(limits::MAIL_BYTES + 1);
    imap.deliver(answer_to(&received, "two", "Second"));
    let stop = CancellationToken::new();
    let (mailbox, until) = (mailbox::Imap::new(&imap.url()).unwrap(), stop.clone());
    let fetching = server.run(|baton| async move {
        let mailbox = std::sync::Arc::new(mailbox);
        // Two nodes: one of them has the duty.
        let one = tokio::spawn(std::sync::Arc::clone(&baton).fetch_mail(mailbox.clone(), until.clone()));
        let other = tokio::spawn(baton.fetch_mail(mailbox, until));
        (one, other)
    });
    let (one, other) = fetching.await;
    imap.seen(4).await;
    imap.deliver(answer_to(&received, "three", "Third"));
    // Whoever fetches may not rest yet; and who has the duty keeps it.
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while imap.fetches(5) == 0 {
        server.clock.advance(Duration::from_secs(1));
        looks.tick().await;
    }
    imap.seen(5).await;
    let by_mail: Vec<String> =
        said(&server.log(&guest.conversation).await).into_iter().filter(|one| one.1).map(|one| one.0).collect();
    assert_eq!(by_mail, ["First", "Second", "Third"]);
    assert_eq!(imap.sign_ins(), 1, "one node fetches, on one connection");
    stop.cancel();
    one.await.unwrap();
    other.await.unwrap();
    server.stop().await;
}

/// Fetches from a mailbox until told to stop.
#[expect(clippy::async_yields_async, reason = "it fetches while the test goes on, which waits for its end")]
async fn fetches(server: &TestServer, imap: &ImapServer, until: CancellationToken) -> tokio::task::JoinHandle<()> {
    let mailbox = std::sync::Arc::new(mailbox::Imap::new(&imap.url()).unwrap());
    server.run(|baton| async move { tokio::spawn(baton.fetch_mail(mailbox, until)) }).await
}

fn by_mail(log: &[StaffEvent]) -> Vec<String> {
    said(log).into_iter().filter(|one| one.1).map(|one| one.0).collect()
}

async fn a_mail_that_cannot_be_read_holds_up_no_other(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let imap = ImapServer::start().await;
    // More than are taken in one look.
    imap.deliver_broken();
    for _ in 0..55 {
        imap.deliver_refused();
    }
    imap.deliver(answer_to(&received, "one", "First"));
    let stop = CancellationToken::new();
    let fetching = fetches(&server, &imap, stop.clone()).await;
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while by_mail(&server.log(&guest.conversation).await) != ["First"] {
        server.clock.advance(MINUTE);
        looks.tick().await;
    }
    imap.seen(1).await;
    // What cannot be taken is set aside in the end, for whoever looks into the mailbox, and not tried any more.
    while imap.flagged().len() < 56 {
        server.clock.advance(MINUTE);
        looks.tick().await;
    }
    assert_eq!(imap.flagged(), (1..=56).collect::<Vec<_>>());
    assert_eq!((imap.fetches(1), imap.fetches(56), imap.fetches(57)), (5, 5, 1));
    stop.cancel();
    fetching.await.unwrap();
    server.stop().await;
}

async fn what_is_put_off_stays_in_the_mailbox(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    replies(&server.owner(), &guest, "It is on its way").await;
    let received = mailed(&server, &mail, 0).await;
    let imap = ImapServer::start().await;
    let words: Vec<String> = (0..=limits::MAILS_IN_AN_HOUR).map(|number| format!("Number {number}")).collect();
    for (number, words) in words.iter().enumerate() {
        imap.deliver(answer_to(&received, &format!("mail-{number}"), words));
    }
    let stop = CancellationToken::new();
    let fetching = fetches(&server, &imap, stop.clone()).await;
    let most = words.len() - 1;
    imap.seen(most).await;
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while imap.fetches(words.len()) == 0 {
        looks.tick().await;
    }
    assert_eq!(by_mail(&server.log(&guest.conversation).await), words[..most]);
    // When the hour is over it is a message like the others.
    while by_mail(&server.log(&guest.conversation).await) != words {
        server.clock.advance(10 * MINUTE);
        looks.tick().await;
    }
    imap.seen(words.len()).await;
    assert!(imap.flagged().is_empty());
    stop.cancel();
    fetching.await.unwrap();
    server.stop().await;
}

async fn what_an_address_refused_goes_to_the_next_one(place: Place) {
    let (server, mail) = with_mail(&place).await;
    let guest = with_address(&server).await;
    let olga = server.owner();
    mail.knows_nobody_as(ADDRESS);
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    for (number, words) in ["It is on its way", "It comes tomorrow"].into_iter().enumerate() {
        replies(&olga, &guest, words).await;
        server.clock.advance(2 * MINUTE);
        let refused = async || {
            let mails = mail_of(&server, &guest).await.mails;
            mails.iter().filter(|one| matches!(one, MailEntry::Replies { state: MailState::Refused, .. })).count()
        };
        while refused().await <= number {
            looks.tick().await;
        }
    }
    server.settled().await;
    assert_eq!(mail.count(), 0);
    // Nobody writes anything more: the right address alone brings both.
    let path = format!("/conversations/{}/email", guest.conversation);
    guest.client.post(&path, &json!({"email": "ada@right.example"})).await.ok::<Value>();
    let received = mailed(&server, &mail, 0).await;
    assert_eq!(received.to, "ada@right.example");
    assert!(received.data.contains("It is on its way") && received.data.contains("It comes tomorrow"));
    // The same address again, and one that is news when everything was mailed: nothing comes twice.
    for address in ["ada@right.example", "ada@new.example"] {
        guest.client.post(&path, &json!({"email": address})).await.ok::<Value>();
        server.clock.advance(2 * MINUTE);
        server.settled().await;
    }
    assert_eq!(mail.count(), 1);
    server.stop().await;
}

async fn without_a_reply_address_nobody_is_told_to_answer(place: Place) {
    let mail = MailServer::start().await;
    let server = TestServer::start(Options { mail: Some(mail.clone()), ..Options::on(&place) }).await;
    let client = server.client().from(server.new_address());
    let body = json!({"chatbot_id": server.chatbot().to_string(), "language": "de-AT"});
    let grant: api::visitor::VisitorGrant = client.post("/visitors", &body).await.ok();
    let (conversation, token) = (grant.conversation_id, grant.token);
    let guest = Guest { client: client.is(As::Bearer(token.clone())), token, conversation };
    says(&guest, "Wo ist mein Paket?").await;
    let path = format!("/conversations/{}/email", guest.conversation);
    assert_eq!(guest.client.post(&path, &json!({"email": ADDRESS})).await.status, 200);
    replies(&server.owner(), &guest, "Es ist unterwegs").await;
    let received = mailed(&server, &mail, 0).await;
    assert_eq!(received.header("subject"), Some("Ihr Chat mit Assistant"));
    assert_eq!(received.header("reply-to"), None);
    assert!(!received.data.contains("##-") && received.data.contains("liest niemand"), "{}", received.data);
    assert_eq!(hand_over(&server, "To: a@b\r\n\r\nHello").await.said(), (404, "not_found".into()));
    assert!(!mail_of(&server, &guest).await.answers);
    server.stop().await;
}
