//! Knowledge: sources come in, are cut into chunks and indexed by a job.

use domain::{
    ChatbotId, Millis, SourceId,
    documents::{DocumentKind, Unreadable},
    limits,
    passages::{self, Change, Kept, Passage},
    text,
};
use ports::{
    Fault, Scope,
    jobs::NewJob,
    requests::Creation,
    sources::{Chunk, Source, SourceKind, SourceStatus, Trouble},
};
use uuid::Uuid;

use crate::{
    Baton,
    auth::Staff,
    documents::FileDraft,
    error::{AppError, Result, field},
    passages::mark,
};

/// Characters of a text by which its language is guessed.
const LANGUAGE_CHARS: usize = 4_000;

/// A new source.
#[derive(Debug, Clone)]
pub struct SourceDraft {
    /// Where it came from.
    pub kind: SourceKind,
    /// Title, or the question.
    pub title: String,
    /// The text, or the answer.
    pub text: String,
}

impl Baton {
    /// A page of sources, newest first; with a tag, those that have it.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn sources(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        tag: Option<&str>,
        before: Option<(Millis, SourceId)>,
        limit: u32,
    ) -> Result<Vec<Source>> {
        self.chatbot(staff, chatbot).await?;
        Ok(match tag {
            Some(tag) => {
                self.store.sources_tagged(staff.scope(), chatbot, &tag.trim().to_lowercase(), before, limit).await?
            }
            None => self.store.sources(staff.scope(), chatbot, before, limit).await?,
        })
    }

    /// A source with its text.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn source(&self, staff: &Staff, chatbot: ChatbotId, id: SourceId) -> Result<(Source, String)> {
        self.chatbot(staff, chatbot).await?;
        let (source, text) = self.store.source(staff.scope(), id).await?;
        // The pages of a website are shown with it.
        let shown = source.chatbot == chatbot && source.kind != SourceKind::Page;
        if shown { Ok((source, text)) } else { Err(AppError::NotFound) }
    }

    /// Adds a source; a job indexes it. With a key it is added once, however often this is called.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::KeyReused`], or the field at fault.
    pub async fn add_source(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        draft: SourceDraft,
        key: Option<&str>,
    ) -> Result<(Source, String)> {
        self.administered(staff, chatbot).await?;
        let scope = staff.scope();
        let now = self.clock.now();
        let body = [draft.kind.name(), &draft.title, &draft.text];
        let route = || format!("chatbots/{chatbot}/sources");
        let key = key.map(|key| staff.request_key(route(), key, &body, now)).transpose()?;
        let source = self.new_source(scope, chatbot, draft.kind).await?;
        let (source, text, job) = self.written(source, &draft.title, &draft.text)?;
        match self.store.add_source(scope, &source, &text, Some(job), key).await? {
            Creation::Made => {
                self.turns.nudge();
                Ok((source, text))
            }
            Creation::MadeBefore(id) => self.source(staff, chatbot, SourceId::new(id)).await,
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Adds a source under an id of the caller's own: the first one who does so adds it, and whoever comes later gets what is
    /// there.
    ///
    /// # Errors
    /// As [`Self::add_source`].
    pub(crate) async fn add_source_as(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: SourceId,
        draft: SourceDraft,
    ) -> Result<(Source, String)> {
        self.administered(staff, chatbot).await?;
        match self.source(staff, chatbot, id).await {
            Err(AppError::NotFound) => {}
            known => return known,
        }
        let source = Source { id, ..self.new_source(staff.scope(), chatbot, draft.kind).await? };
        let (source, text, job) = self.written(source, &draft.title, &draft.text)?;
        match self.store.add_source(staff.scope(), &source, &text, Some(job), None).await? {
            Creation::Made => {
                self.turns.nudge();
                Ok((source, text))
            }
            Creation::MadeBefore(_) | Creation::KeyReused => self.source(staff, chatbot, id).await,
        }
    }

    /// A source without anything in it yet, where there is room for one more.
    pub(crate) async fn new_source(&self, scope: Scope, chatbot: ChatbotId, kind: SourceKind) -> Result<Source> {
        if self.store.count_sources(scope, chatbot).await? >= limits::SOURCES_PER_CHATBOT {
            return Err(AppError::invalid("sources", format!("must be at most {}", limits::SOURCES_PER_CHATBOT)));
        }
        let now = self.clock.now();
        Ok(Source {
            id: SourceId::new(self.entropy.id(now)),
            chatbot,
            kind,
            title: String::new(),
            status: SourceStatus::Indexing,
            chunks: 0,
            read: 0,
            bytes: 0,
            version: 0,
            updated_at: now,
            original: None,
        })
    }

    /// Adds an uploaded file; with a key, once. A text is looked at at once, a document by a job.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::KeyReused`], [`AppError::TooLarge`], or what is wrong with the file.
    pub async fn upload_source(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        file_name: &str,
        bytes: Vec<u8>,
        key: Option<&str>,
    ) -> Result<(Source, String)> {
        self.administered(staff, chatbot).await?;
        if let Some(kind) = DocumentKind::of_file(file_name) {
            let source = self.add_document(staff, chatbot, FileDraft { kind, file_name, bytes }, key).await?;
            return Ok((source, String::new()));
        }
        if bytes.len() > limits::UPLOAD_BYTES {
            return Err(AppError::TooLarge { what: "the file", max: limits::UPLOAD_BYTES });
        }
        let allowed = knowledge::Limits { bytes: limits::UPLOAD_BYTES };
        let decoded =
            knowledge::decode(file_name, &bytes, &allowed).map_err(|cause| AppError::invalid("file", cause))?;
        let title = text::excerpt(&decoded.title, limits::SOURCE_TITLE_CHARS - 1);
        self.add_source(staff, chatbot, SourceDraft { kind: SourceKind::File, title, text: decoded.text }, key).await
    }

    /// Changes a source's title or text; it is indexed anew. What somebody else changes or removes at the same moment is not
    /// overwritten.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`], or the field at fault.
    pub async fn change_source(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        id: SourceId,
        title: Option<&str>,
        new_text: Option<&str>,
    ) -> Result<(Source, String)> {
        self.administered(staff, chatbot).await?;
        let (source, old_text) = self.source(staff, chatbot, id).await?;
        if source.kind.is_web() {
            return Err(AppError::invalid("text", "is the website's own: it cannot be changed here"));
        }
        let old_title = source.title.clone();
        // Whoever writes a text for a document that nobody could read does without it.
        let unread = source.original.is_some();
        if unread && new_text.is_none() {
            return Err(AppError::invalid("title", "can be changed when the file has been read"));
        }
        let (title, text) = (title.unwrap_or(&old_title), new_text.unwrap_or(&old_text));
        let (source, text, job) = self.written(Source { original: None, ..source }, title, text)?;
        match self.store.change_source(staff.scope(), &source, &text, job).await {
            Err(Fault::Conflict(_)) => return Err(AppError::Conflict),
            changed => changed?,
        }
        if unread {
            self.forget_document(staff.scope(), id).await?;
        }
        self.turns.nudge();
        Ok((source, text))
    }

    /// Removes a source.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn delete_source(&self, staff: &Staff, chatbot: ChatbotId, id: SourceId) -> Result<()> {
        self.administered(staff, chatbot).await?;
        let (source, _) = self.source(staff, chatbot, id).await?;
        self.remove_source(staff.scope(), &source).await
    }

    /// A source with this title and text, and the job that indexes it; or the field at fault.
    fn written(&self, source: Source, title: &str, body: &str) -> Result<(Source, String, NewJob)> {
        let (title_name, text_name) =
            if source.kind == SourceKind::Qa { ("question", "answer") } else { ("title", "text") };
        let title = field(title_name, text::line(title, limits::SOURCE_TITLE_CHARS))?;
        let max = if source.kind == SourceKind::Qa { limits::ANSWER_CHARS } else { limits::UPLOAD_BYTES };
        let body = field(text_name, text::required(body, max))?;
        if source.kind == SourceKind::Text && body.len() > limits::SOURCE_TEXT_BYTES {
            return Err(AppError::TooLarge { what: "the text", max: limits::SOURCE_TEXT_BYTES });
        }
        let now = self.clock.now();
        let source = Source {
            title,
            bytes: body.len() as u64,
            status: SourceStatus::Indexing,
            version: source.version + 1,
            updated_at: now,
            ..source
        };
        let job = self.index_job(source.id);
        Ok((source, body, job))
    }

    /// Removes a source; what is in an object first, so that nothing is stored that nobody knows of.
    pub(crate) async fn remove_source(&self, scope: Scope, source: &Source) -> Result<()> {
        if source.kind.is_web() {
            return self.hide_website(scope, source.id).await;
        }
        if source.original.is_some() {
            self.forget_document(scope, source.id).await?;
        }
        Ok(self.store.delete_source(scope, source.id).await?)
    }

    /// Marks a source as failed, with the reason for its owner.
    pub(crate) async fn give_source_up(&self, scope: Scope, id: SourceId) -> Result<()> {
        match self.store.source(scope, id).await {
            Err(ports::Fault::NotFound) => Ok(()),
            found => {
                tracing::error!(source = %id, "a source was given up: the server stopped each time");
                self.fail_source(scope, &found?.0, Unreadable::GivenUp).await
            }
        }
    }

    /// Marks a source as one that cannot be read.
    pub(crate) async fn fail_source(&self, scope: Scope, source: &Source, why: Unreadable) -> Result<()> {
        let trouble = Trouble { code: why.code().to_owned(), words: why.to_string() };
        self.store.index_source(scope, source.id, source.version, Err(trouble), None).await?;
        if source.original.is_some() {
            self.forget_document(scope, source.id).await?;
        }
        Ok(())
    }

    /// Cuts a source into chunks and indexes them. A source that changed meanwhile is left to its newer job.
    pub(crate) async fn index_source(&self, scope: Scope, id: SourceId) -> Result<()> {
        let (source, text) = match self.store.source(scope, id).await {
            Err(ports::Fault::NotFound) => return Ok(()),
            found => found?,
        };
        if source.kind.is_web() {
            return Ok(());
        }
        let read = match source.original {
            None => Some((source, text)),
            Some(kind) => self.read_document(scope, source, kind).await?,
        };
        let Some((source, text)) = read else { return Ok(()) };
        let chatbot = source.chatbot;
        if self.index_text(scope, source, text).await? {
            self.directory.forget_chatbot(chatbot).await;
            self.read_later(scope, chatbot).await?;
        }
        Ok(())
    }

    /// Cuts the text of a source into chunks and indexes them; false when it has changed meanwhile.
    pub(crate) async fn index_text(&self, scope: Scope, source: Source, text: String) -> Result<bool> {
        let (id, title, version, pasted) = (source.id, source.title, source.version, source.kind == SourceKind::Text);
        let end = text.char_indices().nth(LANGUAGE_CHARS).map_or(text.len(), |(at, _)| at);
        let language = supervisor::language::guess(&format!("{title}\n{}", &text[..end]));
        let changes = self.store.passage_changes(scope, id).await?;
        let changes: Vec<(Uuid, Change)> = changes.into_iter().map(|kept| (kept.id, kept.change)).collect();
        // Cutting a megabyte takes a while; the other tasks of this thread shall not wait for it.
        let cut = tokio::task::spawn_blocking(move || {
            // Pasted text is often Markdown; its marks are no part of an answer. Files were made plain when they came.
            let text = if pasted { knowledge::markdown::plain(&text) } else { text };
            let cut = knowledge::chunk(&title, &text).into_iter().map(|chunk| {
                let passage = Passage { heading: chunk.heading, text: chunk.text, page: chunk.page };
                (mark(&passage.text), passage)
            });
            let cut: Vec<_> = cut.collect();
            (cut.is_empty(), passages::applied(&title, cut, &changes))
        });
        let (empty, applied) =
            cut.await.map_err(|cause| ports::Fault::broken("cutting a source into chunks", cause))?;
        let chunks: Vec<Chunk> = applied.kept.into_iter().map(with_terms).collect();
        let nothing = || Trouble {
            code: Unreadable::Empty.code().into(),
            words: "There is no text in it to answer from.".into(),
        };
        // Where somebody has left everything out it is as they want it.
        let outcome = if empty && chunks.is_empty() { Err(nothing()) } else { Ok(chunks) };
        let indexed = self.store.index_source(scope, id, version, outcome, language).await?;
        if indexed {
            self.store.settle_changes(scope, id, version, applied.places).await?;
        }
        Ok(indexed)
    }
}

/// A chunk with the words that it is found by: made as those of a question are, so that both meet on either engine.
fn with_terms(kept: Kept) -> Chunk {
    let terms = |text: &str| knowledge::terms::terms(text).join(" ");
    let Passage { heading, text, page } = kept.passage;
    Chunk {
        digest: crate::meaning::digest(&crate::meaning::passage_text(&heading, &text)),
        heading_terms: terms(&heading),
        terms: terms(&text),
        heading,
        text,
        page,
        place: kept.place,
        mark: kept.mark,
        change: kept.change,
    }
}
