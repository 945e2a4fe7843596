//! Files in conversations: what is known of them in the database, and their bytes elsewhere.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, FileId, Millis,
    files::{FileState, FileType},
};
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::{
    Result, Scope,
    requests::{Creation, RequestKey},
};

/// A file as the content of a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Which.
    pub id: FileId,
    /// What opens its address. Nobody guesses it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Its size.
    pub bytes: u64,
    /// Width and height in pixels, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<(u32, u32)>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The workspace.
    pub scope: Scope,
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who uploaded it: `visitor`, or a person's id.
    pub uploader: String,
    /// What it is.
    pub kind: FileType,
    /// How far it has come.
    pub state: FileState,
    /// What a message says of it.
    pub attached: Attached,
    /// When it was uploaded.
    pub at: Millis,
}

/// What must not be passed when a file is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes of all files of the workspace.
    pub quota: u64,
    /// Files that this uploader has not sent.
    pub unsent: u64,
    /// Files of the conversation.
    pub conversation: u64,
}

/// What came of a wish to add a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// There is a place for it, or not because of the key.
    Place(Creation),
    /// The workspace has no more room.
    QuotaFull,
    /// There are too many that were not sent.
    TooManyUnsent,
    /// The conversation has too many.
    TooManyHere,
}

/// What the database knows of files.
#[async_trait]
pub trait Files {
    /// Keeps a place for a file ([`FileState::Coming`]) and counts its bytes; with a key, once.
    async fn add_file(&self, file: &File, limits: FileLimits, key: Option<RequestKey>) -> Result<Added>;

    /// The bytes are there: it can be sent. `NotFound` when its place is gone.
    async fn ready_file(&self, scope: Scope, id: FileId) -> Result<()>;

    /// A file by its id, of any workspace: whoever asks has an address.
    async fn file_anywhere(&self, id: FileId) -> Result<Option<File>>;

    /// Files of a conversation whose message was deleted; at most `limit`.
    async fn gone_files(&self, scope: Scope, conversation: ConversationId, limit: u32) -> Result<Vec<FileId>>;

    /// Everything in a conversation is to be removed: what was uploaded to it, sent or not, is among its `gone_files` from
    /// then on.
    async fn give_up_files(&self, scope: Scope, conversation: ConversationId) -> Result<()>;

    /// Files of a chatbot; at most `limit`.
    async fn files_of(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<FileId>>;

    /// Takes files that were uploaded before this and not sent, of all workspaces: from then on nobody sends them. Those
    /// that were taken and not forgotten come again. At most `limit`.
    async fn take_unsent_files(&self, before: Millis, limit: u32) -> Result<Vec<(Scope, FileId)>>;

    /// Forgets a file whose bytes are gone; the workspace has more room. Nothing happens when it is not there.
    async fn forget_file(&self, scope: Scope, id: FileId) -> Result<()>;

    /// Bytes that the files of a workspace take.
    async fn files_usage(&self, scope: Scope) -> Result<u64>;
}

/// The bytes of a file, part by part.
pub type Parts = BoxStream<'static, std::result::Result<Vec<u8>, std::io::Error>>;

/// Where the bytes are: a folder, or a server for objects.
#[async_trait]
pub trait Objects: Send + Sync + 'static {
    /// Stores an object. When this returns it is on disk.
    async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()>;

    /// Reads an object; nothing when it is not there.
    async fn get(&self, key: &str) -> Result<Option<Parts>>;

    /// Removes an object. Nothing happens when it is not there.
    async fn delete(&self, key: &str) -> Result<()>;
}

/// The key of a file's object.
pub fn object_key(scope: Scope, id: FileId) -> String {
    format!("{}/{id}", scope.workspace())
}
