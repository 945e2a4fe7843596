//! Knowledge.

use api::{
    common::{Done, Page, Problem},
    knowledge::{NewSource, SitePage, Source, SourceDetail, SourcePatch},
};
use app::{
    AppError,
    auth::Staff,
    inbox::page_size,
    sources::SourceDraft,
    websites::{WebsiteDraft, WebsitePatch},
};
use axum::{
    extract::{FromRequest, Multipart, Path, Query, Request, State, multipart::MultipartError},
    http::{StatusCode, header},
};
use domain::{Millis, limits::DOCUMENT_BYTES};
use ports::sources::{Source as Stored, SourceKind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::chatbots::PageQuery;
use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::{Answer, Failure},
    server::{Server, Shared},
};

/// Room for the frame of a form around a file, in bytes.
pub(crate) const FORM: usize = 64 * 1024;

/// Which sources.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SourceQuery {
    /// Only those with this tag.
    tag: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

/// A source with its text and its tags, and with how far its website is, if it is one.
async fn detail(server: &Server, staff: &Staff, source: &Stored, text: String) -> Answer<axum::Json<SourceDetail>> {
    let tags = server.baton.source_tags(staff, &[source.id]).await?.remove(&source.id).unwrap_or_default();
    let websites = server.baton.websites(staff, std::slice::from_ref(source)).await?;
    Ok(axum::Json(present::source_detail(source, &websites, text, tags)))
}

/// The sources of a chatbot, newest first.
#[utoipa::path(get, path = "/chatbots/{id}/sources", tag = "knowledge", params(("id" = String, Path), SourceQuery),
    responses((status = 200, body = Page<Source>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<SourceQuery>,
) -> Answer<axum::Json<Page<Source>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(key).transpose()?;
    let sources = server.baton.sources(&staff, id.parse()?, query.tag.as_deref(), before, limit).await?;
    let ids: Vec<domain::SourceId> = sources.iter().map(|source| source.id).collect();
    let mut tags = server.baton.source_tags(&staff, &ids).await?;
    let full = sources.len() == limit as usize;
    let next = sources.last().filter(|_| full).map(|last| format!("{}:{}", last.updated_at.0, last.id));
    let websites = server.baton.websites(&staff, &sources).await?;
    let mut shown = |source: &Stored| present::source(source, &websites, tags.remove(&source.id).unwrap_or_default());
    Ok(axum::Json(Page { items: sources.iter().map(&mut shown).collect(), next }))
}

fn key(text: &str) -> Result<(Millis, domain::SourceId), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// Adds a Q&A pair or a text, or has a web page or a website read: that comes after the answer, page by page, and the
/// source's `site` tells how far it is.
#[utoipa::path(post, path = "/chatbots/{id}/sources", tag = "knowledge",
    params(("id" = String, Path), IdempotencyKey), request_body = NewSource,
    responses((status = 201, body = SourceDetail), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewSource>,
) -> Answer<(StatusCode, axum::Json<SourceDetail>)> {
    let (chatbot, key) = (id.parse()?, key.as_deref());
    let website = |kind, address, pages, path_only, schedule| {
        let schedule = present::schedule(schedule);
        let draft = WebsiteDraft { kind, address, pages, path_only, schedule };
        server.baton.add_website(&staff, chatbot, draft, key)
    };
    let (source, text) = match body {
        NewSource::Qa { question, answer } => {
            let draft = SourceDraft { kind: SourceKind::Qa, title: question, text: answer };
            server.baton.add_source(&staff, chatbot, draft, key).await?
        }
        NewSource::Text { title, text } => {
            let draft = SourceDraft { kind: SourceKind::Text, title, text };
            server.baton.add_source(&staff, chatbot, draft, key).await?
        }
        NewSource::WebPage { address, schedule } => {
            (website(SourceKind::WebPage, address, None, false, schedule).await?, String::new())
        }
        NewSource::Website { address, page_limit, path_only, schedule } => {
            (website(SourceKind::Website, address, page_limit, path_only, schedule).await?, String::new())
        }
    };
    Ok((StatusCode::CREATED, detail(&server, &staff, &source, text).await?))
}

/// Adds a file: the form field `file`. Texts (.txt, .md) up to 5 MB; documents (.pdf, .docx, .xlsx, .csv, .html) up to
/// 20 MB, which are read after the answer: the source is `indexing` until then, and `failed` with a code when one cannot be
/// read.
#[utoipa::path(post, path = "/chatbots/{id}/sources/upload", tag = "knowledge",
    params(("id" = String, Path), IdempotencyKey),
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 201, body = SourceDetail), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn upload(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    request: Request,
) -> Answer<(StatusCode, axum::Json<SourceDetail>)> {
    let chatbot = id.parse()?;
    // Rights and size first: nothing of a body is read that would be refused in any case.
    let _place = server.baton.may_upload_source(&staff, chatbot).await?;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let claimed = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if claimed.is_some_and(|length| length > (DOCUMENT_BYTES + FORM) as u64) {
        return Err(AppError::TooLarge { what: "the file", max: DOCUMENT_BYTES }.into());
    }
    let mut form = Multipart::from_request(request, &server)
        .await
        .map_err(|refused| Failure::of_call(StatusCode::BAD_REQUEST, "malformed", &refused.body_text()))?;
    while let Some(field) = form.next_field().await.map_err(broken_form)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("file.txt").to_owned();
        let bytes = field.bytes().await.map_err(broken_form)?.into();
        let (source, text) = server.baton.upload_source(&staff, chatbot, &name, bytes, key.as_deref()).await?;
        return Ok((StatusCode::CREATED, detail(&server, &staff, &source, text).await?));
    }
    Err(AppError::invalid("file", "is missing").into())
}

fn broken_form(error: MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        AppError::TooLarge { what: "the file", max: DOCUMENT_BYTES }.into()
    } else {
        Failure::of_call(StatusCode::BAD_REQUEST, "malformed", &error.body_text())
    }
}

/// One source with its text.
#[utoipa::path(get, path = "/chatbots/{id}/sources/{source}", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)),
    responses((status = 200, body = SourceDetail), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
) -> Answer<axum::Json<SourceDetail>> {
    let (source, text) = server.baton.source(&staff, id.parse()?, source.parse()?).await?;
    detail(&server, &staff, &source, text).await
}

/// Changes a source. What is left out stays; it is indexed anew.
#[utoipa::path(patch, path = "/chatbots/{id}/sources/{source}", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)), request_body = SourcePatch,
    responses((status = 200, body = SourceDetail), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Json(body): Json<SourcePatch>,
) -> Answer<axum::Json<SourceDetail>> {
    let (chatbot, source) = (id.parse()?, source.parse()?);
    let SourcePatch { title, text, page_limit, path_only, schedule } = body;
    let (before, _) = server.baton.source(&staff, chatbot, source).await?;
    if before.kind.is_web() && text.is_none() {
        let patch = WebsitePatch { title, pages: page_limit, path_only, schedule: schedule.map(present::schedule) };
        let source = server.baton.change_website(&staff, chatbot, source, patch).await?;
        return detail(&server, &staff, &source, String::new()).await;
    }
    if page_limit.is_some() || path_only.is_some() || schedule.is_some() {
        return Err(AppError::invalid("source", "is no website").into());
    }
    let (title, text) = (title.as_deref(), text.as_deref());
    let (source, text) = server.baton.change_source(&staff, chatbot, source, title, text).await?;
    detail(&server, &staff, &source, text).await
}

/// The pages of a web page or a website, in the order in which they were found. Other sources have none.
#[utoipa::path(get, path = "/chatbots/{id}/sources/{source}/pages", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path), PageQuery),
    responses((status = 200, body = Page<SitePage>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn pages(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<SitePage>>> {
    let limit = page_size(query.limit);
    let after = query.after.as_deref().map(str::parse::<i64>).transpose();
    let after = after.map_err(|_| AppError::invalid("after", "is not the end of a page"))?.unwrap_or_default();
    let pages = server.baton.web_pages(&staff, id.parse()?, source.parse()?, after, limit).await?;
    let next = pages.last().filter(|_| pages.len() == limit as usize).map(|last| last.place.to_string());
    Ok(axum::Json(Page { items: pages.iter().map(present::site_page).collect(), next }))
}

/// Reads a web page or a website again, now. Nothing changes while it is being read.
#[utoipa::path(post, path = "/chatbots/{id}/sources/{source}/read", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)),
    responses((status = 200, body = SourceDetail), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn read_again(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
) -> Answer<axum::Json<SourceDetail>> {
    let source = server.baton.read_website_again(&staff, id.parse()?, source.parse()?).await?;
    detail(&server, &staff, &source, String::new()).await
}

/// Stops the reading of a website: what was read so far stays. Nothing changes when it is not being read.
#[utoipa::path(post, path = "/chatbots/{id}/sources/{source}/stop", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)),
    responses((status = 200, body = SourceDetail), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn stop_reading(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
) -> Answer<axum::Json<SourceDetail>> {
    let source = server.baton.stop_reading(&staff, id.parse()?, source.parse()?).await?;
    detail(&server, &staff, &source, String::new()).await
}

/// Removes a source.
#[utoipa::path(delete, path = "/chatbots/{id}/sources/{source}", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.delete_source(&staff, id.parse()?, source.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}
