//! Files in conversations: they are uploaded first, then a message names them.
//!
//! A file's place is kept in the database before its bytes are stored, and given back after they are removed: so nothing
//! is stored that nobody knows of, and what was never sent is found and removed.

use std::sync::Arc;

use domain::{
    ChatbotId, ConversationId, FileId,
    chatbot::Visibility,
    files::{self, FileState, FileType, Reader, Uploader},
    limits,
};
use ports::{
    Scope,
    conversations::{KnownVisitor, Row},
    files::{Added, Attached, File, FileLimits, Parts, object_key},
    requests::{Creation, RequestKey},
};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    Baton,
    act::{Target, fingerprint, own_id},
    auth::{Staff, same},
    error::{AppError, Result, field},
    limiter::Door,
    visitor::{self, AUTHOR},
};

/// Files that come in at the same time; each may take the memory of the largest one.
pub(crate) const UPLOADS: usize = 24;
/// Seconds after which an upload is tried again that found no place.
const AGAIN_IN: u64 = 5;
/// Files that are removed between two looks at the list.
const SWEPT: u32 = 50;

/// Who uploads.
#[derive(Debug, Clone, Copy)]
pub enum Sender<'a> {
    /// The visitor of the conversation.
    Visitor(&'a KnownVisitor),
    /// A collaborator.
    Staff(&'a Staff),
}

/// Who opens the address of a file.
#[derive(Debug, Clone, Copy)]
pub enum Opener<'a> {
    /// Somebody who shows nothing else.
    Nobody,
    /// A visitor.
    Visitor(&'a KnownVisitor),
    /// A collaborator.
    Staff(&'a Staff),
}

/// The right to upload one file, given before its bytes are read.
#[derive(Debug)]
pub struct Place {
    target: Target,
    uploader: String,
    credential: String,
    _one_of_many: OwnedSemaphorePermit,
}

/// A file before it has a place.
struct Draft {
    kind: FileType,
    name: String,
    bytes: Vec<u8>,
    pixels: Option<(u32, u32)>,
}

impl Baton {
    /// Whether somebody may upload a file to a conversation now, before a byte of it is looked at.
    ///
    /// # Errors
    /// `no_exchange` for a visitor who was not answered yet, `forbidden` for viewers, [`AppError::NotFound`],
    /// [`AppError::RateLimited`].
    pub async fn may_upload(
        &self,
        sender: Sender<'_>,
        conversation: ConversationId,
        from: std::net::IpAddr,
    ) -> Result<Place> {
        let (target, uploader, by, credential) = match sender {
            Sender::Visitor(known) => {
                let target = visitor::target(known, conversation)?;
                (target, AUTHOR.to_owned(), Uploader::Visitor, format!("visitor:{}", known.visitor))
            }
            Sender::Staff(staff) => {
                let (target, by) = self.desk_target(staff, conversation).await?;
                (target, staff.id().to_string(), Uploader::Person(by), staff.credential())
            }
        };
        self.directory.profile(target.chatbot).await?;
        let row = self.store.row(target.scope, conversation).await?;
        files::may_upload(&row.state, by).map_err(|refusal| AppError::Refused { refusal, held_by: None })?;
        self.limiter.door(Door::Upload, from)?;
        let place = Arc::clone(&self.uploads).try_acquire_owned().map_err(|_| AppError::RateLimited {
            text: "many files are coming in right now: this one is tried again in a moment".into(),
            retry_after: AGAIN_IN,
        })?;
        Ok(Place { target, uploader, credential, _one_of_many: place })
    }

    /// The same for what is attached to a visitor's mail, one file after the other.
    pub(crate) fn place_by_mail(&self, known: &KnownVisitor, row: &Row) -> Result<Place> {
        files::may_upload(&row.state, Uploader::Visitor)
            .map_err(|refusal| AppError::Refused { refusal, held_by: None })?;
        let place = Arc::clone(&self.uploads).try_acquire_owned().map_err(|_| AppError::RateLimited {
            text: "many files are coming in right now: this mail is tried again in a moment".into(),
            retry_after: AGAIN_IN,
        })?;
        let (target, credential) = (Target::of(row), format!("visitor:{}", known.visitor));
        Ok(Place { target, uploader: AUTHOR.to_owned(), credential, _one_of_many: place })
    }

    /// Takes a file: looks at what it is, encodes pictures anew, stores it. With a key, once.
    ///
    /// # Errors
    /// [`AppError::UnfitFile`], [`AppError::UnsupportedImage`], [`AppError::TooLarge`], [`AppError::QuotaFull`],
    /// [`AppError::TooManyFiles`], [`AppError::KeyReused`], or the field at fault.
    pub async fn upload(&self, place: &Place, name: &str, bytes: Vec<u8>, key: Option<&str>) -> Result<File> {
        if bytes.len() > limits::FILE_BYTES {
            return Err(AppError::TooLarge { what: "the file", max: limits::FILE_BYTES });
        }
        let key = key.map(|key| self.upload_key(place, key, name, &bytes)).transpose()?;
        let draft = self.looked_at(name, bytes).await?;
        let now = self.clock.now();
        let file = File {
            scope: place.target.scope,
            chatbot: place.target.chatbot,
            conversation: place.target.conversation,
            uploader: place.uploader.clone(),
            kind: draft.kind,
            state: FileState::Coming,
            attached: Attached {
                id: FileId::new(self.entropy.id(now)),
                key: self.secret(""),
                name: draft.name,
                mime: draft.kind.mime().to_owned(),
                bytes: draft.bytes.len() as u64,
                pixels: draft.pixels,
            },
            at: now,
        };
        let limits = FileLimits {
            quota: self.files_quota,
            unsent: limits::FILES_UNSENT,
            conversation: limits::FILES_PER_CONVERSATION,
        };
        let file = match self.store.add_file(&file, limits, key).await? {
            Added::Place(Creation::Made) => file,
            Added::Place(Creation::KeyReused) => return Err(AppError::KeyReused),
            Added::Place(Creation::MadeBefore(before)) => {
                let before = self.store.file_anywhere(FileId::new(before)).await?.ok_or(AppError::NotFound)?;
                if before.state != FileState::Coming {
                    return Ok(before);
                }
                // The first try did not come to its end.
                before
            }
            Added::QuotaFull => {
                let used = self.store.files_usage(file.scope).await?;
                tracing::warn!(used, quota = self.files_quota, "there is no more room for files: raise --files-quota");
                return Err(AppError::QuotaFull);
            }
            Added::TooManyUnsent => {
                return Err(AppError::TooManyFiles(
                    "too many files wait to be sent: send or remove some of them first",
                ));
            }
            Added::TooManyHere => return Err(AppError::TooManyFiles("this chat has too many files")),
        };
        self.objects.put(&object_key(file.scope, file.attached.id), draft.bytes).await?;
        match self.store.ready_file(file.scope, file.attached.id).await {
            Ok(()) => Ok(File { state: FileState::Ready, ..file }),
            // The same call, sent twice, has come to its end beside this one.
            Err(ports::Fault::NotFound) => {
                let now = self.store.file_anywhere(file.attached.id).await?;
                now.filter(|now| now.state != FileState::Coming).ok_or(AppError::NotFound)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// What makes an upload the same as an earlier one.
    fn upload_key(&self, place: &Place, key: &str, name: &str, bytes: &[u8]) -> Result<RequestKey> {
        own_id("Idempotency-Key", key)?;
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(RequestKey {
            credential: place.credential.clone(),
            route: format!("conversations/{}/files", place.target.conversation),
            key: key.to_owned(),
            fingerprint: fingerprint(&[name, &digest]),
            at: self.clock.now(),
        })
    }

    /// What a file is; a picture becomes one of our own.
    async fn looked_at(&self, name: &str, bytes: Vec<u8>) -> Result<Draft> {
        let found = files::recognise(name, &bytes)?;
        let named = |kind| field("name", files::tidy_name(name, kind));
        if !found.is_picture() {
            return Ok(Draft { kind: found, name: named(found)?, bytes, pixels: None });
        }
        let made = self.pictures.encoded_anew(bytes, found).await;
        let made = made.map_err(|cause| AppError::UnsupportedImage(cause.0))?;
        Ok(Draft { kind: made.kind, name: named(made.kind)?, bytes: made.bytes, pixels: Some(made.pixels) })
    }

    /// A file and its bytes, for whoever has its address and may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], whatever the reason.
    pub async fn open_file(&self, id: FileId, key: &str, opener: Opener<'_>) -> Result<(File, Parts)> {
        let file = self.store.file_anywhere(id).await?.ok_or(AppError::NotFound)?;
        if !same(file.attached.key.as_bytes(), key.as_bytes()) {
            return Err(AppError::NotFound);
        }
        let profile = self.directory.profile(file.chatbot).await.map_err(|_| AppError::NotFound)?;
        let private = profile.chatbot.settings.visibility == Visibility::Private;
        let (reader, own) = match opener {
            Opener::Nobody => (Reader::Address, false),
            Opener::Visitor(known) if known.conversation == file.conversation => {
                (Reader::Visitor, file.uploader == AUTHOR)
            }
            Opener::Staff(staff) if staff.scope() == file.scope && staff.role_for(file.chatbot).is_some() => {
                (Reader::Staff, file.uploader == staff.id().to_string())
            }
            Opener::Visitor(_) | Opener::Staff(_) => (Reader::Stranger, false),
        };
        if !files::may_read(file.state, reader, own, private) {
            return Err(AppError::NotFound);
        }
        match self.objects.get(&object_key(file.scope, id)).await? {
            Some(parts) => Ok((file, parts)),
            None => {
                tracing::error!(file = %id, "a file is known whose bytes are not there");
                Err(AppError::NotFound)
            }
        }
    }

    /// Removes the files of deleted messages of a conversation.
    pub(crate) async fn sweep_files(&self, scope: Scope, conversation: ConversationId) -> Result<()> {
        loop {
            let gone = self.store.gone_files(scope, conversation, SWEPT).await?;
            for &id in &gone {
                self.remove_file(scope, id).await?;
            }
            if gone.len() < SWEPT as usize {
                return Ok(());
            }
        }
    }

    /// Removes the files of a chatbot that is deleted.
    pub(crate) async fn remove_files_of(&self, scope: Scope, chatbot: ChatbotId) -> Result<()> {
        loop {
            let files = self.store.files_of(scope, chatbot, SWEPT).await?;
            for &id in &files {
                self.remove_file(scope, id).await?;
            }
            if files.len() < SWEPT as usize {
                return Ok(());
            }
        }
    }

    /// Removes what was uploaded a day ago and never sent. What fails is tried again the next time.
    pub(crate) async fn sweep_unsent(&self) {
        let before = self.clock.now().plus(-limits::FILE_UNSENT_MS);
        loop {
            let swept = match self.store.take_unsent_files(before, SWEPT).await {
                Ok(files) => self.swept(files).await,
                Err(fault) => Err(fault.into()),
            };
            match swept {
                Ok(count) if count == SWEPT as usize => {}
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "files that were not sent are left over");
                    return;
                }
            }
        }
    }

    async fn swept(&self, files: Vec<(Scope, FileId)>) -> Result<usize> {
        for &(scope, id) in &files {
            self.remove_file(scope, id).await?;
        }
        Ok(files.len())
    }

    /// First the bytes, then what is known of them: what stops in between is begun again.
    async fn remove_file(&self, scope: Scope, id: FileId) -> Result<()> {
        self.objects.delete(&object_key(scope, id)).await?;
        Ok(self.store.forget_file(scope, id).await?)
    }
}
