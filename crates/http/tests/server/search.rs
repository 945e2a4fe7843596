//! Search over REST: passages are data, and nobody finds what they may not read.

use api::{
    chatbots::Chatbot,
    common::Page,
    conversations::Author,
    search::{PassagePart, SearchHit},
};
use domain::person::Role;
use serde_json::json;
use testkit::{
    on_both_engines,
    server::{Client, Guest, Place, TestServer},
};

on_both_engines!(
    a_passage_is_data_and_leads_to_its_message,
    nobody_finds_what_they_may_not_read,
    what_cannot_be_asked_is_told,
);

async fn asks(server: &TestServer, text: &str) -> Guest {
    let guest = server.guest().await;
    server.page(&guest).await.says(&guest.conversation, text).await.unwrap();
    server.settled().await;
    guest
}

async fn finds(client: &Client, query: &str) -> Vec<SearchHit> {
    client.get(&format!("/search?{query}")).await.ok::<Page<SearchHit>>().items
}

fn part(text: &str, found: bool) -> PassagePart {
    PassagePart { text: text.to_owned(), found }
}

async fn a_passage_is_data_and_leads_to_its_message(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = &server.owner().client;
    let guest = asks(&server, "<b>Where</b> is   my zebra & <script>parcel</script>?").await;
    let hits = finds(owner, "q=zebra").await;
    assert_eq!(hits.len(), 1);
    let hit = &hits[0];
    assert_eq!((hit.seq, hit.author, hit.note), (Some(1), Some(Author::Visitor), false));
    assert_eq!(hit.conversation.id, guest.conversation);
    let marked = [part("<b>Where</b> is my ", false), part("zebra", true), part(" & <script>parcel</script>?", false)];
    assert_eq!(hit.passage, marked);
    // A note is found as one, by its author; when it is deleted it is gone at once.
    let note =
        owner.post(&format!("/conversations/{}/notes", guest.conversation), &json!({"text": "A zebra note"})).await;
    let seq = note.value()["events"][0]["seq"].as_i64().unwrap();
    let person = server.owner().id;
    let mine = finds(owner, &format!("q=zebra&person={person}")).await;
    assert_eq!(mine.iter().map(|hit| (hit.seq, hit.note)).collect::<Vec<_>>(), [(Some(seq), true)]);
    assert_eq!(owner.delete(&format!("/conversations/{}/messages/{seq}", guest.conversation)).await.status, 200);
    assert_eq!(finds(owner, "q=zebra").await.len(), 1);
    // Page by page.
    asks(&server, "Another zebra").await;
    let first: Page<SearchHit> = owner.get("/search?q=zebra&limit=1").await.ok();
    let rest: Page<SearchHit> = owner.get(&format!("/search?q=zebra&limit=5&after={}", first.next.unwrap())).await.ok();
    assert_eq!((rest.items[0].conversation.id.as_str(), rest.next), (guest.conversation.as_str(), None));
    server.stop().await;
}

async fn nobody_finds_what_they_may_not_read(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = &server.owner().client;
    let (member, _) = server.joins(server.chatbot(), Role::Viewer).await;
    let second: Chatbot = owner.post("/chatbots", &json!({"name": "Second"})).await.ok();
    let public = json!({"visibility": "public"});
    assert_eq!(owner.patch(&format!("/chatbots/{}", second.id), &public).await.status, 200);
    asks(&server, "A zebra in the first").await;
    let guest = server.guest_of(second.id.parse().unwrap()).await;
    server.page(&guest).await.says(&guest.conversation, "A zebra in the second").await.unwrap();
    server.settled().await;
    for (query, both) in [("q=zebra", 2), ("", 2), ("q=visitor&among=visitors", 0)] {
        assert_eq!(finds(owner, query).await.len(), both, "{query}");
        let seen = finds(&member.client, query).await;
        assert_eq!(seen.len(), both / 2, "{query}");
        assert!(seen.iter().all(|hit| hit.conversation.chatbot_id == server.chatbot().to_string()));
    }
    let other = server.other_workspace().await;
    assert!(finds(&other.owner.client, "q=zebra").await.is_empty());
    assert!(finds(&other.owner.client, "").await.is_empty());
    // What is being deleted is not found any more, before its last word is gone.
    let deleted = owner.post(&format!("/chatbots/{}/delete", second.id), &json!({"name": "Second"})).await;
    assert_eq!(deleted.status, 200);
    assert_eq!(finds(owner, "q=zebra").await.len(), 1);
    server.stop().await;
}

async fn what_cannot_be_asked_is_told(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = &server.owner().client;
    asks(&server, "A zebra").await;
    let long = "z".repeat(201);
    for (query, status) in [
        (format!("q={long}"), 422),
        ("q=zebra&after=x".to_owned(), 422),
        ("q=zebra&label=x".to_owned(), 404),
        ("q=zebra&control=asleep".to_owned(), 400),
        ("q=%22%22%20*%20(%20)&among=texts".to_owned(), 200),
        ("q=%00%27%20OR%201=1".to_owned(), 200),
        ("q=zebra&since=-9223372036854775808&until=9223372036854775807".to_owned(), 200),
        ("q=zebra&limit=100000".to_owned(), 200),
    ] {
        let answer = owner.get(&format!("/search?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {}", answer.text());
    }
    assert!(finds(owner, "q=%22%22%20*").await.is_empty());
    server.stop().await;
}
