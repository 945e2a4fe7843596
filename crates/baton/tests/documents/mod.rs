//! Documents are read by a process of their own, whatever is in them: the server stays as it was.

use std::{path::PathBuf, time::Duration};

use api::knowledge::{SourceDetail, SourceStatus};
use documents::{Apart, Bounds};
use domain::documents::{
    DocumentKind::{self, Csv, Docx, Html, Pdf, Xlsx},
    Unreadable,
};
use ports::documents::{Document, Documents};
use serde_json::{Value, json};
use testkit::{papers, server::As};

use crate::program::{Folder, Serving, run};

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(60);
const MEGABYTE: u64 = 1024 * 1024;

fn apart(bounds: Bounds) -> Apart {
    Apart::new(PathBuf::from(env!("CARGO_BIN_EXE_baton")), &["read-document"], bounds)
}

async fn read(bounds: Bounds, kind: DocumentKind, bytes: Vec<u8>) -> Result<Document, Unreadable> {
    apart(bounds).read(kind, bytes).await.unwrap()
}

#[tokio::test]
async fn each_kind_is_read_in_a_process_apart() {
    let rows: [&[&str]; 2] = [&["Tent", "Price"], &["Dome", "199"]];
    for (kind, bytes, expect) in [
        (Pdf, papers::pdf(&[&[(12, "A canoe costs 35 euros.")]]), "A canoe costs 35 euros."),
        (Docx, papers::docx(&[("", "Dry it.")]), "Dry it."),
        (Xlsx, papers::xlsx(&[("Prices", &rows)]), "Tent: Dome; Price: 199"),
        (Csv, b"Tent;Price\nDome;199".to_vec(), "Tent: Dome; Price: 199"),
        (Html, b"<p>Free &amp; quick".to_vec(), "Free & quick"),
    ] {
        let document = read(Bounds::default(), kind, bytes).await.unwrap();
        assert!(document.text.contains(expect), "{kind:?}: {document:?}");
    }
    // As much as may come, and as much text as there may be.
    let rows = "word,".repeat(9) + "\n";
    let table = rows.repeat(3 * MEGABYTE as usize / rows.len());
    let read_ = read(Bounds::default(), Csv, table.into_bytes()).await;
    assert_eq!(read_, Err(Unreadable::TooLarge), "cells are counted");
    let page = format!("<p>{}", "text ".repeat(900_000));
    assert!(read(Bounds::default(), Html, page.into_bytes()).await.unwrap().text.len() > 4_400_000);
    let most = vec![b'x'; domain::limits::DOCUMENT_BYTES + 1];
    assert_eq!(read(Bounds::default(), Html, most).await, Err(Unreadable::TooLarge));
}

#[tokio::test]
async fn what_unpacks_to_more_than_there_is_room_for_ends_the_other_process_only() {
    let bomb = papers::pdf_bomb(2_000);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    assert_eq!(read(Bounds::default(), Pdf, bomb).await, Err(Unreadable::TooLarge));
    let bomb = papers::docx_bomb(200);
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    assert_eq!(read(Bounds::default(), Docx, bomb).await, Err(Unreadable::TooLarge));
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    let quick = Bounds { seconds: 1, ..Bounds::default() };
    assert_eq!(read(quick, Pdf, papers::endless_pdf()).await, Err(Unreadable::TooSlow), "by the system");
    let impatient = Bounds { passing: Duration::from_millis(300), ..Bounds::default() };
    assert_eq!(read(impatient, Pdf, papers::endless_pdf()).await, Err(Unreadable::TooSlow), "by the server");
}

#[tokio::test]
async fn what_breaks_the_reader_says_so() {
    let broken = Err(Unreadable::Broken);
    assert_eq!(read(Bounds::default(), Pdf, papers::pdf_in_itself()).await, broken, "a stack that is too deep");
    assert_eq!(read(Bounds::default(), Pdf, b"%PDF-1.7 and nothing more".to_vec()).await, broken);
    assert_eq!(read(Bounds::default(), Pdf, papers::encrypted_pdf()).await, Err(Unreadable::Encrypted));
    // A program that is none of ours: it ends well and says nothing that makes sense.
    let other = Apart::new("/bin/true".into(), &[], Bounds::default());
    assert_eq!(other.read(Pdf, vec![b'x'; 1_000_000]).await.unwrap(), broken);
    // None at all: that says nothing about the document.
    let none = Apart::new("/nowhere/baton".into(), &[], Bounds::default());
    assert!(none.read(Pdf, Vec::new()).await.is_err());
}

#[tokio::test]
async fn the_server_reads_what_is_uploaded_and_stands_what_is_hostile() {
    let folder = Folder::new();
    let added = run(
        &folder,
        &["user", "add", "--email", "olga@example.com", "--name", "Olga", "--role", "owner"],
        "password of Olga",
    );
    assert_eq!(added.code, 0, "{}", added.err);
    let key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "Test"], "").out;
    let server = Serving::start(&folder).await;
    let owner = server.client().is(As::Bearer(key.trim().to_owned()));
    let chatbots: Value = owner.get("/chatbots").await.ok();
    let sources = format!("/chatbots/{}/sources", chatbots["items"][0]["id"].as_str().unwrap());
    let settled = async |id: &str| {
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                looks.tick().await;
                let detail: SourceDetail = owner.get(&format!("{sources}/{id}")).await.ok();
                if detail.source.status != SourceStatus::Indexing {
                    return detail;
                }
            }
        });
        waited.await.unwrap()
    };
    let upload = async |name: &str, bytes: &[u8]| {
        let answer: SourceDetail = owner.upload(&format!("{sources}/upload"), name, bytes).await.ok();
        assert_eq!(answer.source.status, SourceStatus::Indexing);
        settled(&answer.source.id).await
    };

    let terms = papers::pdf(&[
        &[(20, "Terms"), (12, "Nothing here.")],
        &[(16, "Canoes"), (12, "A canoe costs 35 euros a day.")],
    ]);
    let read = upload("terms 2026.pdf", &terms).await;
    assert_eq!((read.source.status, read.source.title.as_str()), (SourceStatus::Ready, "Terms"));
    for (name, bytes, code) in [
        ("broken.pdf", terms[..80].to_vec(), "document_broken"),
        ("secret.pdf", papers::encrypted_pdf(), "document_encrypted"),
        ("scan.pdf", papers::pdf(&[&[]]), "document_empty"),
        ("bomb.pdf", papers::pdf_bomb(2_000), "document_too_large"),
        ("bomb.docx", papers::docx_bomb(200), "document_too_large"),
        ("loop.pdf", papers::pdf_in_itself(), "document_broken"),
    ] {
        let read = upload(name, &bytes).await;
        assert_eq!(
            (read.source.status, read.source.error_code.as_deref()),
            (SourceStatus::Failed, Some(code)),
            "{name}"
        );
        assert!(read.source.error.is_some_and(|words| words.len() > 20), "{name}");
    }
    let left = std::fs::read_dir(folder.path().join("data/files")).map_or(0, |entries| {
        entries.flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).into_iter().flatten()).count()
    });
    assert_eq!(left, 0, "what was read, or cannot be, is not kept");

    // It answers from the one that was read, and says where it stands.
    let (token, conversation) = server.visitor(owner.caller()).await;
    let visitor = server.client().is(As::Bearer(token));
    let question = json!({"client_id": "1", "text": "What does a canoe cost?"});
    visitor.post(&format!("/conversations/{conversation}/messages"), &question).await.ok::<Value>();
    let events = format!("/conversations/{conversation}/events");
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    let answered = tokio::time::timeout(PATIENCE, async {
        loop {
            looks.tick().await;
            let log: Value = visitor.get(&events).await.ok();
            let found = log.to_string().contains("35 euros").then_some(log);
            if let Some(log) = found {
                return log;
            }
        }
    });
    let log = answered.await.unwrap().to_string();
    assert!(log.contains(r#""page":2"#) && log.contains(r#""heading":"Canoes""#), "{log}");
    server.stop().await;
}
