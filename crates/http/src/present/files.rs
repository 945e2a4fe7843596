//! Files.

use api::files::FileView;
use ports::{content::Content, conversations::Logged, files::Attached};

/// A file as either side sees it.
pub(crate) fn file(attached: &Attached) -> FileView {
    let (width, height) = attached.pixels.unzip();
    FileView {
        id: attached.id.to_string(),
        name: attached.name.clone(),
        mime: attached.mime.clone(),
        bytes: attached.bytes,
        width,
        height,
        url: format!("/api/v2/files/{}?key={}", attached.id, attached.key),
    }
}

/// The files of an entry.
pub(crate) fn files(logged: &Logged) -> Vec<FileView> {
    logged.content.as_ref().map(Content::files).unwrap_or_default().iter().map(file).collect()
}
