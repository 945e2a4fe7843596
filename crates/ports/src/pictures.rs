//! Making a photo ready for use as an avatar.

use async_trait::async_trait;

/// A picture that was made ready: square, small, re-encoded, without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// MIME type.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The file is not a picture that can be used; the text says why and what to do, for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnusablePicture(pub String);

/// Makes avatars. Decoding is slow: implementations run it beside the other tasks and bound how many run at once.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Crops to the centre square, scales, re-encodes; nothing of the original file but its pixels is left.
    async fn avatar(&self, file: Vec<u8>) -> Result<Picture, UnusablePicture>;
}
