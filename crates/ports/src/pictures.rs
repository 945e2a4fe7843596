//! Making a photo ready for use as an avatar, and pictures ready to be sent.

use async_trait::async_trait;
use domain::files::FileType;

/// A picture that was made ready: square, small, re-encoded, without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// MIME type.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A picture that was encoded anew: nothing of the original file but its pixels is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizedPicture {
    /// What it is now.
    pub kind: FileType,
    /// The file.
    pub bytes: Vec<u8>,
    /// Width and height in pixels.
    pub pixels: (u32, u32),
}

/// The file is not a picture that can be used; the text says why and what to do, for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnusablePicture(pub String);

/// Makes pictures. Decoding is slow: implementations run it beside the other tasks and bound how many run at once.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Crops to the centre square, scales, re-encodes; nothing of the original file but its pixels is left.
    async fn avatar(&self, file: Vec<u8>) -> Result<Picture, UnusablePicture>;

    /// Turns as the camera was held, scales down what is larger than any screen, re-encodes.
    async fn encoded_anew(&self, file: Vec<u8>, kind: FileType) -> Result<SizedPicture, UnusablePicture>;
}
