//! Knowledge.

use api::knowledge as wire_knowledge;
use app::passages::PassageId;
use domain::{
    passages::Change,
    websites::{PageStatus, Reason, Schedule},
};
use ports::{
    passages::{KeptChange, Listed},
    sources::{Source, SourceKind, SourceStatus},
    websites::{WebPage, Website},
};

/// A source without its text, with how far it is among the websites.
pub(crate) fn source(source: &Source, websites: &[Website], tags: Vec<String>) -> wire_knowledge::Source {
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
            SourceKind::WebPage => wire_knowledge::SourceKind::WebPage,
            // Its pages are never shown by themselves.
            SourceKind::Website | SourceKind::Page => wire_knowledge::SourceKind::Website,
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
        site: websites.iter().find(|website| website.source == source.id).map(site),
    }
}

/// A source with its text.
pub(crate) fn source_detail(
    found: &Source,
    websites: &[Website],
    text: String,
    tags: Vec<String>,
) -> wire_knowledge::SourceDetail {
    wire_knowledge::SourceDetail { source: source(found, websites, tags), text }
}

fn site(website: &Website) -> wire_knowledge::SourceSite {
    wire_knowledge::SourceSite {
        address: website.plan.address.clone(),
        page_limit: website.plan.pages,
        path_only: website.plan.path_only,
        schedule: match website.plan.schedule {
            Schedule::Never => wire_knowledge::SiteSchedule::Never,
            Schedule::Daily => wire_knowledge::SiteSchedule::Daily,
            Schedule::Weekly => wire_knowledge::SiteSchedule::Weekly,
        },
        reading: website.reading,
        found: website.pages.found,
        pages_read: website.pages.read,
        failed: website.pages.failed,
        skipped: website.pages.skipped,
        notice: website.notice.map(|notice| notice.to_string()),
        notice_code: website.notice.map(|notice| notice.code().to_owned()),
        began_at: website.began_at.map(|at| at.0),
        ended_at: website.ended_at.map(|at| at.0),
        next_at: website.next_at.map(|at| at.0),
    }
}

/// How often, as somebody has chosen.
pub(crate) fn schedule(wire: wire_knowledge::SiteSchedule) -> Schedule {
    match wire {
        wire_knowledge::SiteSchedule::Never => Schedule::Never,
        wire_knowledge::SiteSchedule::Daily => Schedule::Daily,
        wire_knowledge::SiteSchedule::Weekly => Schedule::Weekly,
    }
}

/// A page of a website.
pub(crate) fn site_page(page: &WebPage) -> wire_knowledge::SitePage {
    wire_knowledge::SitePage {
        id: page.id.to_string(),
        url: page.url.clone(),
        title: page.title.clone(),
        status: match page.status {
            PageStatus::Waiting => wire_knowledge::SitePageStatus::Waiting,
            PageStatus::Read => wire_knowledge::SitePageStatus::Read,
            PageStatus::Unchanged => wire_knowledge::SitePageStatus::Unchanged,
            PageStatus::Failed => wire_knowledge::SitePageStatus::Failed,
            PageStatus::Skipped => wire_knowledge::SitePageStatus::Skipped,
        },
        reason: page.reason.map(|reason| reason.to_string()),
        code: page.reason.map(Reason::code).map(str::to_owned),
        depth: page.depth,
        read_at: page.read_at.map(|at| at.0),
    }
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
