//! Knowledge.

use api::knowledge as wire_knowledge;
use app::passages::PassageId;
use domain::passages::Change;
use ports::{
    passages::{KeptChange, Listed},
    sources::{Source, SourceKind, SourceStatus},
};

/// A source without its text.
pub(crate) fn source(source: &Source, tags: Vec<String>) -> wire_knowledge::Source {
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
        tags,
        updated_at: source.updated_at.0,
    }
}

/// A source with its text.
pub(crate) fn source_detail(found: &Source, text: String, tags: Vec<String>) -> wire_knowledge::SourceDetail {
    wire_knowledge::SourceDetail { source: source(found, tags), text }
}

/// A passage of a source.
pub(crate) fn passage(listed: Listed) -> wire_knowledge::PassageView {
    let state = match (listed.left_out, listed.mark, listed.change) {
        (true, ..) => wire_knowledge::PassageState::LeftOut,
        (false, Some(_), Some(_)) => wire_knowledge::PassageState::Changed,
        (false, None, Some(_)) => wire_knowledge::PassageState::Added,
        (false, _, None) => wire_knowledge::PassageState::Cut,
    };
    let original = listed.original.clone().filter(|_| state == wire_knowledge::PassageState::Changed);
    wire_knowledge::PassageView {
        id: PassageId::of(&listed).to_string(),
        place: listed.place,
        state,
        heading: listed.passage.heading,
        text: listed.passage.text,
        page: listed.passage.page,
        original,
    }
}

/// A change that fits no more.
pub(crate) fn unfit(kept: KeptChange) -> wire_knowledge::PassageView {
    let text = match kept.change {
        Change::Rewritten { text, .. } => text,
        Change::LeftOut { .. } => String::new(),
        Change::Added(passage) => passage.text,
    };
    wire_knowledge::PassageView {
        id: PassageId::Made(kept.id).to_string(),
        place: 0,
        state: wire_knowledge::PassageState::Unfit,
        heading: kept.cut.heading,
        text,
        page: kept.cut.page,
        original: Some(kept.cut.text),
    }
}
