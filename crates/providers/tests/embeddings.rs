//! What a server may answer at `/embeddings`, and what is made of it: a real server on this machine, which answers what the
//! test says.

#![expect(clippy::panic, reason = "helpers of a test fail like the test")]

use domain::outside::Openings;
use outside::Guard;
use ports::{
    embeddings::{EmbedError, Embedder, Purpose, cosine},
    models::ApiKey,
};
use providers::{EmbeddingServer, RemoteEmbedder};
use serde_json::{Value, json};
use testkit::fakes::{Answer, WebServer};

const COMMON: usize = 16;

fn embedder(server: &WebServer, model: &str) -> RemoteEmbedder {
    let key = Some(ApiKey("sk-secret-key".into()));
    let server = EmbeddingServer { address: server.url("/v1/"), model: model.into(), key };
    RemoteEmbedder::new(Guard::new(Openings::default()), server)
}

/// An answer with these vectors, the last one first.
fn vectors(vectors: &[Vec<f32>]) -> Answer {
    let data: Vec<Value> =
        vectors.iter().enumerate().rev().map(|(at, vector)| json!({"index": at, "embedding": vector})).collect();
    Answer::of(200, "application/json", &json!({"object": "list", "data": data}).to_string())
}

/// What all vectors of this server have in common: they point to the first dimension.
fn common() -> Answer {
    let one = |at: usize| vec![8.0, if at.is_multiple_of(2) { 1.0 } else { -1.0 }, 0.0];
    vectors(&(0..COMMON).map(one).collect::<Vec<_>>())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn failed(result: Result<Vec<Vec<f32>>, EmbedError>) -> String {
    match result {
        Err(error) => error.to_string(),
        Ok(vectors) => panic!("{vectors:?}"),
    }
}

#[tokio::test]
async fn texts_get_their_own_vectors_without_what_all_have_in_common() {
    let server = WebServer::start().await;
    let embedder = embedder(&server, "small");
    assert_eq!(embedder.model(), format!("small at {}", server.url("/v1")));
    server.then(common());
    server.then(vectors(&[vec![8.0, 0.0, 1.0], vec![8.0, 0.0, -1.0]]));
    let found = embedder.embed(Purpose::Query, texts(&["lamp", "parcel"])).await.unwrap();
    assert_eq!(found.len(), 2);
    for vector in &found {
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-4);
    }
    assert!(found[0][2] > 0.9 && found[1][2] < -0.9, "each its own, and the first dimension says nothing: {found:?}");
    let asked = server.request(1).await;
    assert_eq!((asked.path(), asked.header("authorization")), ("/v1/embeddings", Some("Bearer sk-secret-key")));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!((&body["model"], &body["input"]), (&json!("small"), &json!(["lamp", "parcel"])));
    // What they have in common is asked for once; many texts go in several calls.
    let many = vec!["x".to_owned(); 40];
    server.then(vectors(&vec![vec![8.0, 1.0, 0.0]; 32]));
    server.then(vectors(&vec![vec![8.0, 1.0, 0.0]; 8]));
    assert_eq!(embedder.embed(Purpose::Passage, many).await.unwrap().len(), 40);
    assert_eq!(server.requests().len(), 4);
    assert!(embedder.embed(Purpose::Query, Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn models_that_want_to_be_told_are_told_what_a_text_is() {
    let server = WebServer::start().await;
    let embedder = embedder(&server, "intfloat/multilingual-E5-large");
    server.then(common());
    server.then(vectors(&[vec![8.0, 0.0, 1.0]]));
    embedder.embed(Purpose::Passage, texts(&["lamp"])).await.unwrap();
    let body: Value = serde_json::from_str(&server.request(1).await.body).unwrap();
    assert_eq!(body["input"], json!(["passage: lamp"]));
}

#[tokio::test]
async fn whatever_a_server_answers_it_is_a_vector_for_each_text_or_a_failure() {
    let json = "application/json";
    let quotes = r#"{"error": {"message": "sk-secret-key is wrong"}}"#;
    let said = |data: Value| Answer::of(200, json, &json!({"data": data}).to_string());
    for (answer, expected) in [
        (Answer::of(401, json, quotes), "status 401"),
        (Answer::of(500, json, "{}"), "status 500"),
        (Answer::of(429, json, "{}"), "too much to do"),
        (Answer::redirect("http://127.0.0.1:1/"), "status 302"),
        (Answer::of(200, "text/html", "<html></html>"), "no JSON"),
        (Answer::of(200, json, "{}"), "no data"),
        (said(json!([])), "0 vectors for 1 texts"),
        (said(json!([{"embedding": "AAAA"}])), "no embedding"),
        (said(json!([{"embedding": [1.0, null, 0.5]}])), "not of numbers"),
        (said(json!([{"embedding": []}])), "unusable dimensions"),
        (said(json!([{"index": 7, "embedding": [1.0, 0.0, 0.0]}])), "two vectors for one text"),
        (said(json!([{"embedding": [1.0, 0.0]}])), "2 dimensions, and there were 3"),
        (Answer::nothing().cut(), "no connection"),
    ] {
        let server = WebServer::start().await;
        let embedder = embedder(&server, "small");
        server.then(common());
        server.then(answer);
        let failed = failed(embedder.embed(Purpose::Query, texts(&["lamp"])).await);
        assert!(failed.contains(expected), "{expected}: {failed}");
        assert!(!failed.contains("sk-secret"), "{failed}");
        // The next call is another one.
        server.then(vectors(&[vec![8.0, 0.0, 1.0]]));
        assert_eq!(embedder.embed(Purpose::Query, texts(&["lamp"])).await.unwrap().len(), 1, "{expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_not_waited_for() {
    let server = WebServer::start().await;
    let embedder = embedder(&server, "small");
    server.then(Answer::stream("application/json").hangs());
    let failed = failed(embedder.embed(Purpose::Query, texts(&["lamp"])).await);
    assert!(failed.contains("no answer in time"), "{failed}");
    // What it has in common with others is asked for again.
    server.then(common());
    server.then(vectors(&[vec![8.0, 0.0, 1.0]]));
    assert_eq!(embedder.embed(Purpose::Query, texts(&["lamp"])).await.unwrap().len(), 1);
}
