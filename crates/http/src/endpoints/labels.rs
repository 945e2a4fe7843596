//! Labels, and conversations that carry them.

use api::{
    common::{Done, Page, Problem},
    labels::{Label, LabelPatch, NewLabel},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

/// Every label of the workspace, by name.
#[utoipa::path(get, path = "/labels", tag = "labels", responses((status = 200, body = Page<Label>)))]
pub(crate) async fn list(State(server): Shared, Collaborator(staff): Collaborator) -> Answer<axum::Json<Page<Label>>> {
    let labels = server.baton.labels(&staff).await?;
    Ok(axum::Json(Page { items: labels.iter().map(present::label).collect(), next: None }))
}

/// Adds a label.
#[utoipa::path(post, path = "/labels", tag = "labels", params(IdempotencyKey), request_body = NewLabel,
    responses((status = 201, body = Label), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<NewLabel>,
) -> Answer<(StatusCode, axum::Json<Label>)> {
    let color = present::color(body.color);
    let label = server.baton.add_label(&staff, &body.name, color, key.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json(present::label(&label))))
}

/// Changes a label for everybody. Admins of the workspace only.
#[utoipa::path(patch, path = "/labels/{label}", tag = "labels", params(("label" = String, Path)), request_body = LabelPatch,
    responses((status = 200, body = Label), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(label): Path<String>,
    Json(body): Json<LabelPatch>,
) -> Answer<axum::Json<Label>> {
    let color = body.color.map(present::color);
    let label = server.baton.change_label(&staff, label.parse()?, body.name.as_deref(), color).await?;
    Ok(axum::Json(present::label(&label)))
}

/// Removes a label, also from every conversation. Admins of the workspace only.
#[utoipa::path(delete, path = "/labels/{label}", tag = "labels", params(("label" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(label): Path<String>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_label(&staff, label.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Puts a label on a conversation.
#[utoipa::path(put, path = "/conversations/{id}/labels/{label}", tag = "labels", params(("id" = String, Path), ("label" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn put(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, label)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.set_label(&staff, id.parse()?, label.parse()?, true).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Takes a label off a conversation.
#[utoipa::path(delete, path = "/conversations/{id}/labels/{label}", tag = "labels", params(("id" = String, Path), ("label" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn take(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, label)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.set_label(&staff, id.parse()?, label.parse()?, false).await?;
    Ok(axum::Json(Done { done: true }))
}
