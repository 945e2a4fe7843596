//! Knowledge.

use api::knowledge as wire_knowledge;
use ports::sources::{Source, SourceKind, SourceStatus};

/// A source without its text.
pub(crate) fn source(source: &Source) -> wire_knowledge::Source {
    let (status, trouble) = match &source.status {
        SourceStatus::Indexing => (wire_knowledge::SourceStatus::Indexing, None),
        SourceStatus::Ready => (wire_knowledge::SourceStatus::Ready, None),
        SourceStatus::Failed(trouble) => (wire_knowledge::SourceStatus::Failed, Some(trouble)),
    };
    wire_knowledge::Source {
        id: source.id.to_string(),
        kind: match source.kind {
            SourceKind::Qa => wire_knowledge::SourceKind::Qa,
            SourceKind::Text => wire_knowledge::SourceKind::Text,
            SourceKind::File => wire_knowledge::SourceKind::File,
        },
        title: source.title.clone(),
        status,
        error: trouble.map(|trouble| trouble.words.clone()),
        error_code: trouble.map(|trouble| trouble.code.clone()),
        chunks: source.chunks,
        read: source.read,
        bytes: source.bytes,
        updated_at: source.updated_at.0,
    }
}

/// A source with its text.
pub(crate) fn source_detail(found: &Source, text: String) -> wire_knowledge::SourceDetail {
    wire_knowledge::SourceDetail { source: source(found), text }
}
