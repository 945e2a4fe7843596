//! The page `Analytics`: what happened is counted once, where and when the reader's clock says, and only for whoever may
//! read it.

use std::time::Duration;

use api::{
    common::Page,
    numbers::{Analytics, MissedRequest, RequestFigures, RequestOutcome, RequestReason},
};
use domain::{Millis, person::Role};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, Client, Guest, Member, Place, TestServer},
};

on_both_engines!(
    every_end_of_a_request_is_counted,
    a_day_and_an_hour_are_those_of_the_reader,
    everybody_sees_what_they_may,
    tables_are_files_that_a_spreadsheet_computes_nothing_of,
    missed_requests_come_by_page_with_what_became_of_them,
    what_makes_no_sense_is_refused,
);

/// Tests begin at 8 in the morning in UTC, on Monday, 5 January 2026.
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

async fn does(client: &Client, guest: &Guest, what: &str) {
    let answer = client.post_nothing(&format!("/conversations/{}/{what}", guest.conversation)).await;
    assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text());
}

async fn says(client: &Client, guest: &Guest, text: &str) {
    let path = format!("/conversations/{}/messages", guest.conversation);
    client.post(&path, &json!({"text": text, "client_id": text.replace(' ', "-")})).await.ok::<Value>();
}

async fn asks(server: &TestServer) -> Guest {
    let guest = server.guest().await;
    does(&guest.client, &guest, "request-human").await;
    guest
}

async fn get(server: &TestServer, member: &Member, path: &str) -> Answer {
    member.client.get(&format!("/chatbots/{}/{path}", server.chatbot())).await
}

async fn numbers(server: &TestServer, member: &Member, query: &str) -> Analytics {
    get(server, member, &format!("analytics{query}")).await.ok()
}

async fn missed(server: &TestServer, query: &str) -> Page<MissedRequest> {
    get(server, &server.owner(), &format!("missed-requests{query}")).await.ok()
}

/// Requests, answered, late, missed.
fn counts(figures: &RequestFigures) -> [u64; 4] {
    let RequestFigures { requests, answered, late, missed, .. } = *figures;
    [requests, answered, late, missed]
}

async fn every_end_of_a_request_is_counted(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    // Everything that comes later is in the same hour.
    let [soon, late, cancelled, dismissed, resolved] =
        [asks(&server).await, asks(&server).await, asks(&server).await, asks(&server).await, asks(&server).await];
    // Taken over, and nobody says a word.
    let silent = asks(&server).await;
    does(&olga.client, &silent, "take-over").await;
    does(&olga.client, &silent, "end-live-chat").await;
    does(&cancelled.client, &cancelled, "cancel-request").await;
    does(&olga.client, &dismissed, "dismiss-request").await;
    does(&olga.client, &resolved, "resolve").await;
    server.clock.advance(60 * SECOND);
    says(&sofia.client, &soon, "Hello").await;
    server.clock.advance(340 * SECOND);
    says(&olga.client, &late, "Sorry").await;
    // Somebody comes unasked, and somebody waits for a moment only.
    let unasked = server.guest().await;
    says(&sofia.client, &unasked, "Can I help?").await;
    let _waits = asks(&server).await;
    let told = numbers(&server, &olga, "").await;
    assert_eq!(counts(&told.requests), [7, 2, 1, 4], "{told:?}");
    assert_eq!((told.from.as_str(), told.to.as_str(), told.complete), ("2025-12-07", "2026-01-05", true));
    let waited =
        |figures: &RequestFigures| (figures.median_ms.unwrap() / 10_000, figures.nine_of_ten_ms.unwrap() / 10_000);
    assert_eq!(waited(&told.requests), (6, 40));
    assert_eq!(told.unasked, 1);
    assert_eq!(counts(&told.periods[29].requests), [7, 2, 1, 4]);
    assert!(told.periods[..29].iter().all(|period| period.requests.requests == 0));
    assert_eq!(counts(&told.hours[8].requests), [7, 2, 1, 4]);
    let [button] = &told.reasons[..] else { panic!("{:?}", told.reasons) };
    assert_eq!((button.reason, button.requests.requests), (RequestReason::Button, 7));
    let people: Vec<_> = told
        .people
        .iter()
        .map(|of| (of.person.name.as_str(), of.requests.answered, of.requests.late, of.unasked))
        .collect();
    assert_eq!(people.len(), 2);
    assert!(people.contains(&("Sofia", 1, 0, 1)) && people.contains(&("Olga", 1, 1, 0)), "{people:?}");
    // A minute more patience, and an impatient one.
    assert_eq!(counts(&numbers(&server, &olga, "?late_after=600").await.requests), [7, 2, 0, 4]);
    assert_eq!(counts(&numbers(&server, &olga, "?late_after=30").await.requests), [7, 2, 2, 4]);
    let outcomes = |page: Page<MissedRequest>| page.items.into_iter().map(|one| one.outcome).collect::<Vec<_>>();
    let expected = [
        RequestOutcome::Ended,
        RequestOutcome::Resolved,
        RequestOutcome::Dismissed,
        RequestOutcome::Cancelled,
        RequestOutcome::AnsweredLate,
    ];
    assert_eq!(outcomes(missed(&server, "").await), expected);
    server.clock.advance(301 * SECOND);
    assert_eq!(outcomes(missed(&server, "").await)[0], RequestOutcome::Waiting);
    assert_eq!(counts(&numbers(&server, &olga, "").await.requests), [7, 2, 1, 5]);
    server.stop().await;
}

async fn a_day_and_an_hour_are_those_of_the_reader(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    // To Sunday, 29 March 2026, 00:30 in UTC: half an hour before summer begins in Berlin.
    let to = |utc: i64| Duration::from_millis(u64::try_from(utc - server.baton.clock().now().0).unwrap());
    server.clock.advance(to(1_774_744_200_000));
    asks(&server).await;
    // 01:30 in UTC is 03:30 there; half past two there is none.
    server.clock.advance(HOUR);
    asks(&server).await;
    // 22:30 in UTC is half past midnight of the next day there.
    server.clock.advance(21 * HOUR);
    asks(&server).await;
    let days = |told: &Analytics| -> Vec<(String, u64)> {
        told.periods.iter().map(|period| (period.first.clone(), period.requests.requests)).collect()
    };
    let hours = |told: &Analytics| -> Vec<(u8, u64)> {
        told.hours.iter().filter(|hour| hour.requests.requests > 0).map(|of| (of.hour, of.requests.requests)).collect()
    };
    let berlin = numbers(&server, &olga, "?from=2026-03-28&to=2026-03-30&time_zone=Europe/Berlin").await;
    let day = |date: &str, requests| (date.to_owned(), requests);
    assert_eq!(days(&berlin), [day("2026-03-28", 0), day("2026-03-29", 2), day("2026-03-30", 1)]);
    assert_eq!(hours(&berlin), [(0, 1), (1, 1), (3, 1)]);
    let utc = numbers(&server, &olga, "?from=2026-03-28&to=2026-03-30").await;
    assert_eq!(days(&utc), [day("2026-03-28", 0), day("2026-03-29", 3), day("2026-03-30", 0)]);
    assert_eq!(hours(&utc), [(0, 1), (1, 1), (22, 1)]);
    let pacific = numbers(&server, &olga, "?from=2026-03-28&to=2026-03-28&time_zone=America/Los_Angeles").await;
    assert_eq!(days(&pacific), [day("2026-03-28", 2)]);
    // In October an hour comes twice; both are the third one.
    server.clock.advance(to(1_792_888_200_000));
    asks(&server).await;
    server.clock.advance(HOUR);
    asks(&server).await;
    let october = numbers(&server, &olga, "?from=2026-10-25&to=2026-10-25&time_zone=Europe/Berlin").await;
    assert_eq!((days(&october), hours(&october)), (vec![day("2026-10-25", 2)], vec![(2, 2)]));
    // A long range is told by week.
    let year = numbers(&server, &olga, "?from=2026-01-01&to=2026-12-31&time_zone=Europe/Berlin").await;
    assert_eq!((year.periods.len(), year.requests.requests), (53, 5));
    assert_eq!((year.periods[0].last.as_str(), year.periods[52].first.as_str()), ("2026-01-04", "2026-12-28"));
    server.stop().await;
}

async fn everybody_sees_what_they_may(place: Place) {
    let server = TestServer::on(&place).await;
    let (olga, sofia) = (server.owner(), server.add("Sofia", Role::Agent).await);
    let (vera, ada) = (server.add("Vera", Role::Viewer).await, server.add("Ada", Role::Admin).await);
    for member in [&olga, &sofia] {
        says(&member.client, &asks(&server).await, "Hello").await;
    }
    let people = async |member: &Member| {
        let told = numbers(&server, member, "").await;
        assert_eq!(told.requests.requests, 2, "the numbers of all are everybody's");
        let mut names: Vec<String> = told.people.into_iter().map(|of| of.person.name).collect();
        names.sort();
        (names, told.everybody)
    };
    let both = vec!["Olga".to_owned(), "Sofia".to_owned()];
    assert_eq!(people(&olga).await, (both.clone(), true));
    assert_eq!(people(&ada).await, (both, true));
    assert_eq!(people(&sofia).await, (vec!["Sofia".to_owned()], false));
    assert_eq!(people(&vera).await, (Vec::new(), false));
    let file = get(&server, &sofia, "analytics/people").await;
    assert!(file.text().contains("Sofia") && !file.text().contains("Olga"), "{}", file.text());
    // Another workspace finds nothing, of ours as little as of its own.
    let other = server.other_workspace().await;
    for path in ["analytics", "analytics/missed", "missed-requests"] {
        assert_eq!(get(&server, &other.owner, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let theirs: Analytics = other.owner.client.get(&format!("/chatbots/{}/analytics", other.chatbot)).await.ok();
    assert_eq!(theirs.requests.requests, 0);
    server.stop().await;
}

async fn tables_are_files_that_a_spreadsheet_computes_nothing_of(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    olga.client
        .patch("/me", &json!({"display_name": "=HYPERLINK(\"https://evil.example\";\"Zoë\")"}))
        .await
        .ok::<Value>();
    let guest = asks(&server).await;
    server.clock.advance(400 * SECOND);
    says(&olga.client, &guest, "Hello").await;
    let lines = async |table: &str| {
        let file = get(&server, &olga, &format!("analytics/{table}?from=2026-01-05&to=2026-01-05")).await;
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let name = format!("attachment; filename=\"{table}.csv\"");
        assert_eq!(
            (file.header("content-disposition"), file.header("cache-control")),
            (Some(name.as_str()), Some("no-store"))
        );
        let text = file.text();
        let text = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("no mark: {text}"));
        assert!(text.ends_with("\r\n"), "{text:?}");
        text.trim_end().split("\r\n").map(str::to_owned).collect::<Vec<_>>()
    };
    let periods = lines("periods").await;
    assert_eq!(periods.len(), 2);
    assert!(periods[1].starts_with("2026-01-05,2026-01-05,1,1,0,1,1,1,0,40"), "{periods:?}");
    assert_eq!(periods[0].split(',').count(), periods[1].split(',').count());
    assert_eq!(lines("hours").await.len(), 25);
    assert!(lines("reasons").await[1].starts_with("button,1,1,1,0,"));
    let name = "\"'=HYPERLINK(\"\"https://evil.example\"\";\"\"Zoë\"\")\"";
    assert!(lines("people").await[1].starts_with(&format!("{name},1,1,")), "{:?}", lines("people").await);
    let missed = lines("missed").await;
    assert!(missed[1].starts_with("2026-01-05 08:00,"), "{missed:?}");
    assert!(missed[1].ends_with(&format!(",answered_late,{name},{}", guest.conversation)), "{missed:?}");
    assert_eq!(get(&server, &olga, "analytics/secrets").await.status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn missed_requests_come_by_page_with_what_became_of_them(place: Place) {
    let server = TestServer::on(&place).await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        let guest = asks(&server).await;
        does(&guest.client, &guest, "cancel-request").await;
        expected.insert(0, guest.conversation);
        server.clock.advance(SECOND);
    }
    let (mut found, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = missed(&server, &query).await;
        found.extend(page.items.into_iter().map(|one| one.conversation_id));
        match page.next {
            Some(next) => query = format!("?limit=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, expected);
    // What was said before counts from the first message on that nothing has answered: here the AI answers none.
    let guest = server.guest().await;
    does(&server.owner().client, &guest, "take-over").await;
    says(&guest.client, &guest, "Is anybody there?").await;
    server.clock.advance(30 * SECOND);
    let first = missed(&server, "?limit=1").await.items.remove(0);
    assert_eq!(first.conversation_id, expected[0], "a live chat that nobody had asked for is no request");
    assert_eq!((first.reason, first.outcome, first.person), (RequestReason::Button, RequestOutcome::Cancelled, None));
    assert_eq!(first.until.unwrap() - first.since, first.waited_ms);
    assert!(Millis(first.opened_at) <= server.baton.clock().now() && first.opened > 0);
    server.stop().await;
}

async fn what_makes_no_sense_is_refused(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    for (query, field) in [
        ("?from=yesterday", "from"),
        ("?from=2026-1-5", "from"),
        ("?to=2026-02-30", "to"),
        ("?from=2026-01-02&to=2026-01-01", "to"),
        ("?from=2025-01-01&to=2026-01-02", "from"),
        ("?time_zone=Atlantis/Capital", "time_zone"),
        ("?time_zone=../../etc/passwd", "time_zone"),
        ("?late_after=9", "late_after"),
        ("?late_after=86401", "late_after"),
    ] {
        for path in ["analytics", "analytics/hours", "missed-requests"] {
            let answer = get(&server, &olga, &format!("{path}{query}")).await;
            assert_eq!(answer.said(), (422, "invalid".into()), "{path}{query}");
            assert_eq!(answer.value()["field"], field, "{path}{query}");
        }
    }
    assert_eq!(get(&server, &olga, "missed-requests?after=12").await.value()["field"], "after");
    for query in ["?late_after=soon", "?month=5"] {
        assert!(get(&server, &olga, &format!("analytics{query}")).await.status.is_client_error(), "{query}");
    }
    // A leap year is as long as it may be.
    assert_eq!(numbers(&server, &olga, "?from=2024-01-01&to=2024-12-31").await.periods.len(), 53);
    server.stop().await;
}
