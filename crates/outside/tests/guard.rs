//! Where calls go and where they do not: a real server on this machine, which a guard reaches only when it is opened.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{sync::Arc, time::Duration};

use domain::outside::{Openings, Shut};
use outside::Guard;
use ports::outside::{Call, NoReply, Outside, Reply};
use testkit::fakes::{Answer, WebServer};

fn opened(hosts: &[&str]) -> Arc<Guard> {
    Guard::new(Openings::read(hosts.iter().copied()).unwrap())
}

fn get(url: &str) -> Call {
    Call {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("authorization".into(), "Bearer secret".into())],
        body: None,
        within: Duration::from_secs(20),
        longest: 1_000,
        redirects: 3,
    }
}

async fn call(guard: &Guard, url: &str) -> Result<Reply, NoReply> {
    guard.call(get(url)).await
}

#[tokio::test]
async fn only_what_the_operator_opened_is_reached() {
    let server = WebServer::start().await;
    server.always(Answer::of(200, "text/plain", "hello"));
    let (url, port) = (server.url("/"), server.address.port());
    let by_name = format!("http://localhost:{port}/");
    for (guard, address, expected) in [
        (opened(&[]), &url, Err(Shut::Private)),
        (opened(&[]), &by_name, Err(Shut::Private)),
        (opened(&["127.0.0.1"]), &url, Ok(())),
        (opened(&[&format!("127.0.0.1:{port}")]), &url, Ok(())),
        (opened(&["127.0.0.1:1"]), &url, Err(Shut::Private)),
        (opened(&["localhost"]), &by_name, Ok(())),
        // A host is opened by the name that stands in the address.
        (opened(&["127.0.0.1"]), &by_name, Err(Shut::Private)),
        (opened(&["localhost"]), &url, Err(Shut::Private)),
    ] {
        let answer = call(&guard, address).await.map(|reply| assert_eq!(reply.body, b"hello"));
        assert_eq!(answer, expected.map_err(NoReply::Shut), "{address} {guard:?}");
    }
    assert_eq!(server.requests().len(), 3, "nothing else was even sent");
}

#[tokio::test]
async fn an_address_is_looked_at_before_anything_is_sent() {
    let guard = opened(&["127.0.0.1"]);
    for (address, expected) in [
        ("", Shut::Malformed),
        ("localhost", Shut::Malformed),
        ("file:///etc/passwd", Shut::Malformed),
        ("gopher://127.0.0.1/", Shut::Malformed),
        ("http://", Shut::Malformed),
        ("http://user@127.0.0.1/", Shut::Credentials),
        ("http://:secret@127.0.0.1/", Shut::Credentials),
        ("http://10.0.0.1/", Shut::Private),
        // The same in other notations.
        ("http://0x0a000001/", Shut::Private),
        ("http://167772161/", Shut::Private),
        ("http://012.0.0.1/", Shut::Private),
        ("http://10.1/", Shut::Private),
        ("http://[::ffff:10.0.0.1]/", Shut::Private),
        ("http://[::1]/", Shut::Private),
        ("http://169.254.169.254/latest/meta-data/", Shut::Metadata),
        ("http://[::ffff:a9fe:a9fe]/", Shut::Metadata),
        ("http://[fd00:ec2::254]/", Shut::Metadata),
    ] {
        assert_eq!(guard.check(address), Err(expected), "{address}");
        assert_eq!(call(&guard, address).await, Err(NoReply::Shut(expected)), "{address}");
    }
    assert_eq!(guard.check("https://shop.example/orders"), Ok(()));
    // Not even the operator opens these.
    for host in ["169.254.169.254", "169.254.169.254:80", "[fd00:ec2::254]:80", "::ffff:169.254.169.254"] {
        assert!(Openings::read([host]).is_err(), "{host}");
    }
}

#[tokio::test]
async fn each_redirect_is_looked_at_like_the_first_address() {
    let (server, other) = (WebServer::start().await, WebServer::start().await);
    other.always(Answer::of(200, "text/plain", "inside"));
    let guard = opened(&[&server.address.to_string()]);
    for (to, expected) in [
        (other.url("/"), Shut::Private),
        (format!("http://localhost:{}/", other.address.port()), Shut::Private),
        ("http://169.254.169.254/".into(), Shut::Metadata),
        ("file:///etc/passwd".into(), Shut::Malformed),
        ("http://user:pass@127.0.0.1/".into(), Shut::Credentials),
    ] {
        server.then(Answer::redirect(&to));
        assert_eq!(call(&guard, &server.url("/start")).await, Err(NoReply::Shut(expected)), "{to}");
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn redirects_are_followed_so_far_and_secrets_stay_with_the_first_host() {
    let (server, other) = (WebServer::start().await, WebServer::start().await);
    let guard = opened(&["127.0.0.1"]);
    server.then(Answer::redirect("/second"));
    server.then(Answer::redirect(&other.url("/third")));
    other.always(Answer::of(200, "text/plain", "there"));
    let reply = call(&guard, &server.url("/first")).await.unwrap();
    assert_eq!(
        (reply.status, reply.body.as_slice(), reply.url.as_str()),
        (200, b"there".as_slice(), other.url("/third").as_str())
    );
    assert_eq!(server.request(1).await.header("authorization"), Some("Bearer secret"));
    assert_eq!(other.request(0).await.header("authorization"), None);
    server.always(Answer::redirect("/again"));
    assert_eq!(call(&guard, &server.url("/")).await, Err(NoReply::Redirects));
    // Where none is followed the redirect itself is the answer; and what has a body goes to one address only.
    let reply = guard.call(Call { redirects: 0, ..get(&server.url("/")) }).await.unwrap();
    assert_eq!(reply.status, 302);
    let posted = Call { method: "POST", body: Some(b"{}".to_vec()), ..get(&server.url("/")) };
    assert_eq!(guard.call(posted).await.unwrap().status, 302);
}

#[tokio::test]
async fn a_call_has_an_end() {
    let server = WebServer::start().await;
    let guard = opened(&["127.0.0.1"]);
    server.then(Answer::of(200, "text/plain", &"x".repeat(1_001)));
    assert_eq!(call(&guard, &server.url("/")).await, Err(NoReply::TooLong(1_000)));
    // It does not say how long it is.
    let piece = "x".repeat(600);
    server.then(Answer::stream("text/plain").piece(&piece).piece(&piece).hangs());
    assert_eq!(call(&guard, &server.url("/")).await, Err(NoReply::TooLong(1_000)));
    server.then(Answer::stream("text/plain").piece("x").hangs());
    let soon = Call { within: Duration::from_millis(200), ..get(&server.url("/")) };
    assert_eq!(guard.call(soon).await, Err(NoReply::TimedOut));
    server.then(Answer::stream("text/plain").piece("x").cut());
    assert!(matches!(call(&guard, &server.url("/")).await, Err(NoReply::Unreachable(_))));
    assert!(matches!(call(&guard, "http://127.0.0.1:9/").await, Err(NoReply::Unreachable(_))));
    assert!(matches!(call(&opened(&[]), "http://name.invalid/").await, Err(NoReply::Unreachable(_))));
}

#[tokio::test]
async fn what_is_handed_over_is_answered_by_its_status() {
    let server = WebServer::start().await;
    let guard = opened(&["127.0.0.1"]);
    let hand_over = async |url: &str, within: Duration| {
        let call = Call { method: "POST", body: Some(b"{}".to_vec()), within, longest: 10, ..get(url) };
        guard.hand_over(call).await.map(|reply| (reply.status, String::from_utf8(reply.body).unwrap()))
    };
    let (long, short) = (Duration::from_secs(20), Duration::from_millis(300));
    server.then(Answer::of(201, "text/plain", "thanks"));
    assert_eq!(hand_over(&server.url("/"), long).await, Ok((201, "thanks".into())));
    assert_eq!(server.request(0).await.body, "{}");
    // Of a body without end the beginning is read, whether the receiver names its length or not.
    server.then(Answer::of(200, "text/plain", &"x".repeat(1_000_000)));
    assert_eq!(hand_over(&server.url("/"), long).await, Ok((200, "x".repeat(10))));
    server.then(Answer::stream("text/plain").piece("123456").piece("7890ab").hangs());
    assert_eq!(hand_over(&server.url("/"), long).await, Ok((200, "1234567890".into())));
    server.then(Answer::stream("text/plain").piece("12").hangs());
    assert_eq!(hand_over(&server.url("/"), short).await, Ok((200, "12".into())));
    server.then(Answer::stream("text/plain").piece("12").cut());
    assert_eq!(hand_over(&server.url("/"), long).await, Ok((200, "12".into())));
    // Without a status there is no answer.
    server.then(Answer::nothing().hangs());
    assert_eq!(hand_over(&server.url("/"), short).await, Err(NoReply::TimedOut));
    server.then(Answer::redirect("http://169.254.169.254/"));
    assert_eq!(hand_over(&server.url("/"), long).await.map(|(status, _)| status), Ok(302));
    assert_eq!(hand_over("http://10.0.0.1/", long).await, Err(NoReply::Shut(Shut::Private)));
}
