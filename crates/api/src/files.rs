//! Files in conversations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file that was uploaded. A message names it by its id; from then on whoever reads the message can open its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// Its id.
    pub id: String,
    /// Its name, with the ending of its type.
    pub name: String,
    /// What it is: what its bytes say, not what the upload claimed.
    pub mime: String,
    /// Its size in bytes. A picture was encoded anew.
    pub bytes: u64,
    /// Width in pixels, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Its address on this server. It is the key: pass it on to nobody else. Pictures are shown, all else is to be saved.
    pub url: String,
}
