//! Both places keep what they are given: a folder, and a server that speaks like S3 as far as this needs it.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures_util::TryStreamExt;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response, StatusCode, body::Bytes, service::service_fn};
use hyper_util::rt::TokioIo;
use objects::{Bucket, FileStore};
use ports::files::Objects;
use tokio::net::TcpListener;

type Kept = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// A bucket in memory, over HTTP.
async fn serve(kept: Kept) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let kept = Arc::clone(&kept);
            let service = service_fn(move |request| answer(Arc::clone(&kept), request));
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

async fn answer(kept: Kept, request: Request<hyper::body::Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let signed = request
        .headers()
        .get("authorization")
        .is_some_and(|value| value.to_str().unwrap().starts_with("AWS4-HMAC-SHA256 Credential=key-id/"));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let mut kept = kept.lock().unwrap();
    let response = Response::builder().header("etag", "\"1\"").header("last-modified", "Mon, 05 Jan 2026 08:00:00 GMT");
    let (status, body) = match method {
        _ if !signed => (StatusCode::FORBIDDEN, Bytes::new()),
        Method::PUT => {
            kept.insert(path, body);
            (StatusCode::OK, Bytes::new())
        }
        Method::GET => match kept.get(&path) {
            Some(found) => (StatusCode::OK, found.clone()),
            None => (StatusCode::NOT_FOUND, Bytes::new()),
        },
        Method::DELETE => {
            kept.remove(&path);
            (StatusCode::NO_CONTENT, Bytes::new())
        }
        _ => (StatusCode::METHOD_NOT_ALLOWED, Bytes::new()),
    };
    Ok(response.status(status).body(Full::new(body)).unwrap())
}

async fn read(store: &FileStore, key: &str) -> Option<Vec<u8>> {
    let parts = store.get(key).await.unwrap()?;
    Some(parts.try_collect::<Vec<_>>().await.unwrap().concat())
}

async fn keeps_what_it_is_given(store: &FileStore) {
    let large: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    assert_eq!(read(store, "here/one").await, None);
    store.put("here/one", b"hello".to_vec()).await.unwrap();
    store.put("here/two", large.clone()).await.unwrap();
    store.put("here/one", b"hello again".to_vec()).await.unwrap();
    assert_eq!(read(store, "here/one").await.unwrap(), b"hello again");
    assert_eq!(read(store, "here/two").await.unwrap(), large);
    store.delete("here/one").await.unwrap();
    store.delete("here/one").await.unwrap();
    assert_eq!(read(store, "here/one").await, None);
    assert!(store.put("../outside", Vec::new()).await.is_err(), "no key leads out of the store");
}

#[tokio::test]
async fn a_folder_keeps_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    keeps_what_it_is_given(&FileStore::folder(&folder.path().join("files")).unwrap()).await;
    assert!(folder.path().join("files/here/two").exists());
}

#[tokio::test]
async fn a_bucket_keeps_what_it_is_given() {
    let kept = Kept::default();
    let address = serve(Arc::clone(&kept)).await;
    let bucket = Bucket {
        name: "desk".to_owned(),
        prefix: "files".to_owned(),
        endpoint: Some(format!("http://{address}")),
        region: "us-east-1".to_owned(),
        access_key: ("key-id".to_owned(), "a secret".to_owned()),
    };
    keeps_what_it_is_given(&FileStore::bucket(&bucket).unwrap()).await;
    let keys: Vec<String> = kept.lock().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["/desk/files/here/two"]);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let bucket = Bucket {
        name: "desk".to_owned(),
        endpoint: Some("http://127.0.0.1:1".to_owned()),
        region: "us-east-1".to_owned(),
        access_key: ("key-id".to_owned(), "a secret".to_owned()),
        ..Bucket::default()
    };
    let told = FileStore::bucket(&bucket).unwrap().delete("here/one").await.unwrap_err();
    assert!(matches!(told, ports::Fault::Unavailable { .. }), "{told:?}");
}
