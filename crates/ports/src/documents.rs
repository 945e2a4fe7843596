//! Documents to text.

use async_trait::async_trait;
use domain::{
    SourceId,
    documents::{DocumentKind, Unreadable},
};

use serde::{Deserialize, Serialize};

use crate::{Result, Scope};

/// A document, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What it calls itself.
    pub title: Option<String>,
    /// Its text in the plain form of `knowledge`, with headings, and with marks of pages where it has pages.
    pub text: String,
    /// What only a web page has.
    pub web: Web,
}

/// What a web page says beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Web {
    /// The address that it calls its own.
    pub canonical: Option<String>,
    /// The address that its links are read from, where it is not its own.
    pub base: Option<String>,
    /// Where its links lead, as they are written, those left out that are not to be followed.
    pub links: Vec<String>,
    /// It asks not to be taken up.
    pub noindex: bool,
}

/// Reads documents. Whoever wrote one may mean harm: implementations bound the time and the memory that reading takes, and
/// nothing that happens while one is read harms the server.
#[async_trait]
pub trait Documents: Send + Sync + 'static {
    /// Reads a document, or says why it cannot be read.
    ///
    /// # Errors
    /// The outer one: nothing was found out about the document, so it is to be tried again.
    async fn read(&self, kind: DocumentKind, bytes: Vec<u8>) -> Result<std::result::Result<Document, Unreadable>>;
}

/// The key of the object that holds a document until it is read.
pub fn object_key(scope: Scope, id: SourceId) -> String {
    format!("{}/{id}", scope.workspace())
}
