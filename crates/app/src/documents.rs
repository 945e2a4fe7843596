//! Documents that become knowledge: they are stored as they came, and a job reads them.
//!
//! The source comes first, then the bytes, then the job. What breaks off between them is found later
//! ([`Baton::find_forgotten_documents`]) and ends as a source that says so. Once a document is read only its text is left.

use domain::{
    ChatbotId, SourceId,
    documents::{DocumentKind, Unreadable},
    limits, text,
};
use futures_util::TryStreamExt;
use ports::{
    Fault, Scope,
    documents::object_key,
    requests::Creation,
    sources::{Source, SourceKind},
};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
};

/// Seconds after which an upload is tried again that found no place.
const AGAIN_IN: u64 = 5;
/// Documents that are looked at between two looks at the list.
const FORGOTTEN: u32 = 50;

/// A document as it came.
pub(crate) struct FileDraft<'a> {
    /// What it is.
    pub(crate) kind: DocumentKind,
    /// Its name.
    pub(crate) file_name: &'a str,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

impl Baton {
    /// Whether somebody may upload a source now, before a byte of it is looked at.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::RateLimited`].
    pub async fn may_upload_source(&self, staff: &Staff, chatbot: ChatbotId) -> Result<OwnedSemaphorePermit> {
        self.administered(staff, chatbot).await?;
        std::sync::Arc::clone(&self.uploads).try_acquire_owned().map_err(|_| AppError::RateLimited {
            text: "many files are coming in right now: try again in a moment".into(),
            retry_after: AGAIN_IN,
        })
    }

    /// Stores a document and has it read; with a key, once.
    pub(crate) async fn add_document(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        draft: FileDraft<'_>,
        key: Option<&str>,
    ) -> Result<Source> {
        let FileDraft { kind, file_name, bytes } = draft;
        if bytes.is_empty() {
            return Err(AppError::invalid("file", "is empty"));
        }
        if bytes.len() > limits::DOCUMENT_BYTES {
            return Err(AppError::TooLarge { what: "the file", max: limits::DOCUMENT_BYTES });
        }
        let (scope, now) = (staff.scope(), self.clock.now());
        let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        let name = if stem.trim().is_empty() { base } else { stem };
        let title = field(
            "file",
            text::line(&text::excerpt(name, limits::SOURCE_TITLE_CHARS - 1), limits::SOURCE_TITLE_CHARS),
        )?;
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let route = format!("chatbots/{chatbot}/sources");
        let key = key.map(|key| staff.request_key(route, key, &[kind.name(), &title, &digest], now)).transpose()?;
        let source = self.new_source(scope, chatbot, SourceKind::File).await?;
        let source = Source { title, bytes: bytes.len() as u64, version: 1, original: Some(kind), ..source };
        let source = match self.store.add_source(scope, &source, "", None, key).await? {
            Creation::Made => source,
            Creation::KeyReused => return Err(AppError::KeyReused),
            Creation::MadeBefore(before) => {
                let (before, _) = self.source(staff, chatbot, SourceId::new(before)).await?;
                if before.original.is_none() {
                    return Ok(before);
                }
                // The first try may not have come to its end.
                before
            }
        };
        self.objects.put(&object_key(scope, source.id), bytes).await?;
        self.index_later(scope, source.id).await?;
        Ok(source)
    }

    async fn index_later(&self, scope: Scope, source: SourceId) -> Result<()> {
        self.store.add_again(scope, self.index_job(source)).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Reads a document and keeps its text; nothing when it cannot be read (then its source says why), or when the source
    /// has changed meanwhile.
    pub(crate) async fn read_document(
        &self,
        scope: Scope,
        source: Source,
        kind: DocumentKind,
    ) -> Result<Option<(Source, String)>> {
        let broke_off = |error| Fault::unavailable("the store for files", error);
        let read = match self.objects.get(&object_key(scope, source.id)).await? {
            None => Err(Unreadable::Lost),
            Some(parts) => {
                let bytes: Vec<u8> = parts.try_concat().await.map_err(broke_off)?;
                self.documents.read(kind, bytes).await?
            }
        };
        let document = match read {
            Ok(document) => document,
            Err(why) => {
                tracing::warn!(source = %source.id, code = why.code(), "a document cannot be read");
                self.fail_source(scope, &source, why).await?;
                return Ok(None);
            }
        };
        let named = document.title.map(|title| text::excerpt(&title, limits::SOURCE_TITLE_CHARS - 1));
        let title = named.and_then(|title| text::line(&title, limits::SOURCE_TITLE_CHARS).ok());
        let title = title.unwrap_or_else(|| source.title.clone());
        // What the database does not take is no part of a text.
        let Ok(text) = text::required(&document.text, limits::UPLOAD_BYTES) else {
            self.fail_source(scope, &source, Unreadable::Empty).await?;
            return Ok(None);
        };
        if !self.store.keep_text(scope, source.id, source.version, &title, &text).await? {
            return Ok(None);
        }
        self.forget_document(scope, source.id).await?;
        Ok(Some((Source { title, original: None, ..source }, text)))
    }

    /// Removes what a document was before it was read.
    pub(crate) async fn forget_document(&self, scope: Scope, source: SourceId) -> Result<()> {
        Ok(self.objects.delete(&object_key(scope, source)).await?)
    }

    /// Gives documents a job of which nothing was heard since their upload: it says of each what has become of it.
    pub(crate) async fn find_forgotten_documents(&self) {
        let before = self.clock.now().plus(-limits::DOCUMENT_LOST_MS);
        let found = async {
            for (scope, source) in self.store.forgotten_documents(before, FORGOTTEN).await? {
                // What has a job goes on counting how often it was tried.
                self.store.ensure_job(scope, self.index_job(source)).await?;
                self.turns.nudge();
            }
            Ok::<_, AppError>(())
        };
        if let Err(error) = found.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "forgotten documents were not looked for");
        }
    }
}
