//! Knowledge.

use api::{
    common::{Done, Page, Problem},
    knowledge::{NewSource, Source, SourceDetail, SourcePatch},
};
use app::{AppError, auth::Staff, inbox::page_size, sources::SourceDraft};
use axum::{
    extract::{FromRequest, Multipart, Path, Query, Request, State, multipart::MultipartError},
    http::{StatusCode, header},
};
use domain::{Millis, limits::DOCUMENT_BYTES};
use ports::sources::{Source as Stored, SourceKind};
use serde::Deserialize;
use utoipa::IntoParams;

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

/// A source with its text and its tags.
async fn detail(server: &Server, staff: &Staff, source: &Stored, text: String) -> Answer<axum::Json<SourceDetail>> {
    let tags = server.baton.source_tags(staff, &[source.id]).await?.remove(&source.id).unwrap_or_default();
    Ok(axum::Json(present::source_detail(source, text, tags)))
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
    let shown = |source: &Stored| present::source(source, tags.remove(&source.id).unwrap_or_default());
    Ok(axum::Json(Page { items: sources.iter().map(shown).collect(), next }))
}

fn key(text: &str) -> Result<(Millis, domain::SourceId), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// Adds a Q&A pair or a text.
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
    let draft = match body {
        NewSource::Qa { question, answer } => SourceDraft { kind: SourceKind::Qa, title: question, text: answer },
        NewSource::Text { title, text } => SourceDraft { kind: SourceKind::Text, title, text },
    };
    let (source, text) = server.baton.add_source(&staff, id.parse()?, draft, key.as_deref()).await?;
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
    responses((status = 200, body = SourceDetail), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Json(body): Json<SourcePatch>,
) -> Answer<axum::Json<SourceDetail>> {
    let (title, text) = (body.title.as_deref(), body.text.as_deref());
    let (source, text) = server.baton.change_source(&staff, id.parse()?, source.parse()?, title, text).await?;
    detail(&server, &staff, &source, text).await
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
