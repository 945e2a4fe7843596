//! Documents become knowledge: stored as they came, read by a job, kept as text alone.

use api::{
    common::Page,
    knowledge::{Source, SourceDetail, SourceStatus},
};
use domain::{Millis, SourceId, documents::DocumentKind};
use hyper::{Method, body::Bytes, header};
use ports::{
    documents::object_key,
    files::Objects,
    sources::{Source as Stored, SourceKind, SourceStatus as StoredStatus, Sources},
    world::{Clock, Entropy},
};
use serde_json::{Value, json};
use testkit::{
    on_both_engines, papers,
    server::{Answer, Client, Place, TestServer},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

on_both_engines!(
    a_document_is_read_and_only_its_text_is_kept,
    what_cannot_be_read_says_why,
    a_document_is_added_once_for_its_key,
    an_upload_that_broke_off_is_found,
    two_hundred_megabytes_are_refused_unread,
);

fn path(server: &TestServer) -> String {
    format!("/chatbots/{}/sources", server.chatbot())
}

fn canoes() -> Vec<u8> {
    papers::pdf(&[
        &[(20, "Terms of hire"), (10, ""), (10, "Everything is cleaned before it comes back.")],
        &[(16, "Canoes"), (10, ""), (10, "A canoe costs 35 euros a day.")],
    ])
}

async fn upload(server: &TestServer, name: &str, bytes: &[u8]) -> SourceDetail {
    server.owner().client.upload(&format!("{}/upload", path(server)), name, bytes).await.ok()
}

async fn shown(server: &TestServer, id: &str) -> SourceDetail {
    server.owner().client.get(&format!("{}/{id}", path(server))).await.ok()
}

async fn a_document_is_read_and_only_its_text_is_kept(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let made = upload(&server, "hire 2026.pdf", &canoes()).await;
    assert_eq!((made.source.title.as_str(), made.source.error_code), ("hire 2026", None));
    server.settled().await;
    let read = shown(&server, &made.source.id).await;
    assert_eq!((read.source.status, read.source.title.as_str()), (SourceStatus::Ready, "Terms of hire"));
    assert!(read.text.contains("[Page 2]\n\n# Canoes\n\nA canoe costs 35 euros a day."), "{}", read.text);
    assert_eq!(read.source.bytes, read.text.len() as u64);
    let objects = objects::FileStore::folder(server.place.files()).unwrap();
    let scope = server.baton.staff_by_key(&server.owner().key).await.unwrap().scope();
    let key = object_key(scope, made.source.id.parse().unwrap());
    assert!(objects.get(&key).await.unwrap().is_none(), "only the text is left");

    // Its text is one's own now.
    let text = read.text.replace("35 euros", "40 euros");
    let changed: SourceDetail =
        owner.patch(&format!("{}/{}", path(&server), made.source.id), &json!({"text": text})).await.ok();
    assert!(changed.text.contains("40 euros"));
    server.settled().await;

    // A copy of the chatbot knows it, too.
    let copy: Value =
        owner.post(&format!("/chatbots/{}/duplicate", server.chatbot()), &json!({"name": "Copy"})).await.ok();
    server.settled().await;
    let copied: Page<Source> = owner.get(&format!("/chatbots/{}/sources", copy["id"].as_str().unwrap())).await.ok();
    assert!(copied.items.iter().any(|source| source.title == "Terms of hire" && source.status == SourceStatus::Ready));

    owner.delete(&format!("{}/{}", path(&server), made.source.id)).await.ok::<Value>();
    server.stop().await;
}

async fn what_cannot_be_read_says_why(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let mut failed = Vec::new();
    for (name, bytes, code) in [
        ("broken.pdf", canoes()[..100].to_vec(), "document_broken"),
        ("locked.pdf", papers::encrypted_pdf(), "document_encrypted"),
        ("scanned.pdf", papers::pdf(&[&[]]), "document_empty"),
        ("bomb.docx", papers::docx_bomb(150), "document_too_large"),
        ("page.html", b"<script>alert(1)</script>".to_vec(), "document_empty"),
    ] {
        let made = upload(&server, name, &bytes).await;
        server.settled().await;
        let read = shown(&server, &made.source.id).await.source;
        assert_eq!((read.status, read.error_code.as_deref()), (SourceStatus::Failed, Some(code)), "{name}");
        assert!(read.error.is_some() && read.chunks == 0, "{name}");
        failed.push(read.id);
    }
    // A text written by hand takes the place of what could not be read; or it goes.
    let by_hand = json!({"title": "Hire", "text": "Canoes cost 35 euros a day."});
    owner.patch(&format!("{}/{}", path(&server), failed[0]), &by_hand).await.ok::<SourceDetail>();
    server.settled().await;
    let read = shown(&server, &failed[0]).await.source;
    assert_eq!((read.status, read.error, read.error_code), (SourceStatus::Ready, None, None));
    owner.delete(&format!("{}/{}", path(&server), failed[1])).await.ok::<Value>();
    // Copies leave out what says nothing.
    let copy: Value =
        owner.post(&format!("/chatbots/{}/duplicate", server.chatbot()), &json!({"name": "Copy"})).await.ok();
    server.settled().await;
    let copied: Page<Source> = owner.get(&format!("/chatbots/{}/sources", copy["id"].as_str().unwrap())).await.ok();
    assert!(copied.items.iter().all(|source| source.status == SourceStatus::Ready), "{copied:?}");
    server.stop().await;
}

async fn post(client: &Client, path: &str, key: &str, bytes: &[u8]) -> Answer {
    let request = client.request(&Method::POST, &format!("{path}/upload")).header("idempotency-key", key);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let mut form = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"hire.pdf\"\r\n\r\n".to_vec();
    form.extend(bytes);
    form.extend(b"\r\n--x--\r\n");
    client.send(request, Bytes::from(form)).await
}

async fn a_document_is_added_once_for_its_key(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let first: SourceDetail = post(&owner, &path(&server), "one", &canoes()).await.ok();
    server.settled().await;
    let again: SourceDetail = post(&owner, &path(&server), "one", &canoes()).await.ok();
    assert_eq!(first.source.id, again.source.id);
    assert_eq!(again.source.status, SourceStatus::Ready);
    let other = papers::pdf(&[&[(10, "Another one.")]]);
    assert_eq!(post(&owner, &path(&server), "one", &other).await.said(), (409, "idempotency_key_reused".into()));
    server.stop().await;
}

/// The server went away when the source was there and its bytes were not, or when they were and the job was not.
async fn an_upload_that_broke_off_is_found(place: Place) {
    let server = TestServer::on(&place).await;
    let scope = server.baton.staff_by_key(&server.owner().key).await.unwrap().scope();
    let (now, chatbot, key) = (server.clock.now(), server.chatbot(), server.owner().key);
    let document = |id| Stored {
        id: SourceId::new(id),
        chatbot,
        kind: SourceKind::File,
        title: "Hire".into(),
        status: StoredStatus::Indexing,
        chunks: 0,
        read: 0,
        bytes: 9,
        version: 1,
        updated_at: Millis(1),
        original: Some(DocumentKind::Pdf),
    };
    let (lost, whole) = (document(server.entropy.id(now)), document(server.entropy.id(now)));
    let (lost_id, whole_id) = (lost.id.to_string(), whole.id.to_string());
    let objects = objects::FileStore::folder(server.place.files()).unwrap();
    objects.put(&object_key(scope, whole.id), canoes()).await.unwrap();
    let database = server.database.clone();
    let prepared = server.run(move |_| async move {
        for source in [lost, whole] {
            database.add_source(scope, &source, "", None, None).await.unwrap();
        }
    });
    prepared.await;
    server.kill().await;

    let server = TestServer::on(&place).await;
    let client = server.client().is(testkit::server::As::Bearer(key));
    let path = format!("/chatbots/{chatbot}/sources");
    let mut looks = tokio::time::interval(std::time::Duration::from_millis(20));
    let settled = async |id: &str| {
        loop {
            let detail: SourceDetail = client.get(&format!("{path}/{id}")).await.ok();
            if detail.source.status != SourceStatus::Indexing {
                return detail.source;
            }
            looks.tick().await;
        }
    };
    let mut settled = settled;
    let (lost, whole) =
        tokio::time::timeout(testkit::server::PATIENCE, async { (settled(&lost_id).await, settled(&whole_id).await) })
            .await
            .unwrap();
    assert_eq!((lost.status, lost.error_code.as_deref()), (SourceStatus::Failed, Some("document_lost")));
    assert_eq!((whole.status, whole.title.as_str()), (SourceStatus::Ready, "Terms of hire"));
    server.stop().await;
}

/// What a client says of the size of a file counts before a byte of it is read.
async fn two_hundred_megabytes_are_refused_unread(place: Place) {
    let server = TestServer::on(&place).await;
    let key = server.owner().key;
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/v2{}/upload HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {key}\r\ncontent-length: {}\r\n\
         content-type: multipart/form-data; boundary=x\r\n\r\n",
        path(&server),
        server.address,
        200 * 1024 * 1024
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = tokio::time::timeout(testkit::server::PATIENCE, stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let sources: Page<Source> = server.owner().client.get(&path(&server)).await.ok();
    assert!(sources.items.is_empty());
    server.stop().await;
}
