//! Canned replies and drafts.

use api::{
    common::{Done, Page, Problem},
    writing::{CannedReplyPatch, CannedReplyView, DraftView, NewCannedReply, NewDraft},
};
use app::{AppError, inbox::page_size};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::{CannedReplyId, Millis};

use super::chatbots::PageQuery;
use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

fn no_page() -> AppError {
    AppError::invalid("after", "is not the end of a page")
}

fn canned_key(text: &str) -> Result<(String, CannedReplyId), AppError> {
    let (id, name) = text.split_once(':').ok_or_else(no_page)?;
    Ok((name.to_owned(), id.parse().map_err(|_| no_page())?))
}

/// Everybody's canned replies and one's own, by name.
#[utoipa::path(get, path = "/canned-replies", tag = "canned-replies", params(PageQuery),
    responses((status = 200, body = Page<CannedReplyView>)))]
pub(crate) async fn canned(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<CannedReplyView>>> {
    let after = query.after.as_deref().map(canned_key).transpose()?;
    let (replies, next) = server.baton.canned_replies(&staff, after, page_size(query.limit)).await?;
    let next = next.map(|(name, id)| format!("{id}:{name}"));
    Ok(axum::Json(Page { items: replies.iter().map(present::canned_reply).collect(), next }))
}

/// Adds a canned reply: one's own, or as an admin of the workspace for everybody.
#[utoipa::path(post, path = "/canned-replies", tag = "canned-replies", params(IdempotencyKey), request_body = NewCannedReply,
    responses((status = 201, body = CannedReplyView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn add_canned(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<NewCannedReply>,
) -> Answer<(StatusCode, axum::Json<CannedReplyView>)> {
    let made = server.baton.add_canned_reply(&staff, &body.name, &body.text, body.shared, key.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json(present::canned_reply(&made))))
}

/// Changes a canned reply.
#[utoipa::path(patch, path = "/canned-replies/{reply}", tag = "canned-replies", params(("reply" = String, Path)), request_body = CannedReplyPatch,
    responses((status = 200, body = CannedReplyView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch_canned(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(reply): Path<String>,
    Json(body): Json<CannedReplyPatch>,
) -> Answer<axum::Json<CannedReplyView>> {
    let (name, text) = (body.name.as_deref(), body.text.as_deref());
    let changed = server.baton.change_canned_reply(&staff, reply.parse()?, name, text).await?;
    Ok(axum::Json(present::canned_reply(&changed)))
}

/// Removes a canned reply.
#[utoipa::path(delete, path = "/canned-replies/{reply}", tag = "canned-replies", params(("reply" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete_canned(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(reply): Path<String>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_canned_reply(&staff, reply.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// One's own drafts, newest first.
#[utoipa::path(get, path = "/drafts", tag = "drafts", params(PageQuery), responses((status = 200, body = Page<DraftView>)))]
pub(crate) async fn drafts(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<DraftView>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(str::parse).transpose().map_err(|_| no_page())?.map(Millis);
    let drafts = server.baton.drafts(&staff, before, limit).await?;
    let next = drafts.last().filter(|_| drafts.len() == limit as usize).map(|last| last.at.0.to_string());
    Ok(axum::Json(Page { items: drafts.iter().map(present::draft).collect(), next }))
}

/// One's own draft for a conversation; empty when there is none.
#[utoipa::path(get, path = "/conversations/{id}/draft", tag = "drafts", params(("id" = String, Path)),
    responses((status = 200, body = DraftView), (status = 404, body = Problem)))]
pub(crate) async fn draft(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<DraftView>> {
    Ok(axum::Json(present::draft(&server.baton.draft(&staff, id.parse()?).await?)))
}

/// Keeps one's own draft for a conversation; an empty one is forgotten.
#[utoipa::path(put, path = "/conversations/{id}/draft", tag = "drafts", params(("id" = String, Path)), request_body = NewDraft,
    responses((status = 200, body = DraftView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn write_draft(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<NewDraft>,
) -> Answer<axum::Json<DraftView>> {
    Ok(axum::Json(present::draft(&server.baton.write_draft(&staff, id.parse()?, &body.text).await?)))
}
