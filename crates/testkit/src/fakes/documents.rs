//! Documents read in the test's own process: quick, and without the walls that the binary has around it.

use async_trait::async_trait;
use domain::documents::{DocumentKind, Unreadable};
use ports::{
    Result,
    documents::{Document, Documents},
};

/// Reads documents in this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadHere;

#[async_trait]
impl Documents for ReadHere {
    async fn read(&self, kind: DocumentKind, bytes: Vec<u8>) -> Result<std::result::Result<Document, Unreadable>> {
        let limits = documents::Limits::default();
        let read = tokio::task::spawn_blocking(move || documents::read(kind, &bytes, &limits));
        Ok(read.await.unwrap_or(Err(Unreadable::Broken)))
    }
}
