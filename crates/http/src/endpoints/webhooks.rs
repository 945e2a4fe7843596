//! Webhooks. Admins of the workspace only, and of a chatbot for those that are of this chatbot alone.

use api::{
    common::{Done, Page, Problem},
    webhooks::{DeliveryView, WebhookMade, WebhookSecret, WebhookView, WebhookWanted},
};
use app::{AppError, inbox::page_size};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::Millis;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::chatbots::PageQuery;
use crate::{
    caller::{Address, Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

fn id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn place(text: &str) -> Result<(Millis, Uuid), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// Whose webhooks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WebhooksQuery {
    /// Those of this chatbot alone.
    chatbot_id: Option<String>,
}

/// All webhooks of the workspace, or of a chatbot, by name, on one page.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", params(WebhooksQuery),
    responses((status = 200, body = Page<WebhookView>), (status = 403, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<WebhooksQuery>,
) -> Answer<axum::Json<Page<WebhookView>>> {
    let of = query.chatbot_id.as_deref().map(str::parse).transpose()?;
    let found = server.baton.webhooks(&staff, of).await?;
    Ok(axum::Json(Page { items: found.into_iter().map(present::webhook).collect(), next: None }))
}

/// Adds a webhook. Its secret is in the answer, this once.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", params(IdempotencyKey), request_body = WebhookWanted,
    responses((status = 201, body = WebhookMade), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<WebhookWanted>,
) -> Answer<(StatusCode, axum::Json<WebhookMade>)> {
    let (webhook, secret) = server.baton.add_webhook(&staff, present::webhook_draft(body)?, key.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json(WebhookMade { webhook: present::webhook(webhook), secret })))
}

/// One webhook.
#[utoipa::path(get, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 200, body = WebhookView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
) -> Answer<axum::Json<WebhookView>> {
    Ok(axum::Json(present::webhook(server.baton.webhook(&staff, id(&webhook)?).await?)))
}

/// Changes a webhook. What waits for it goes to the new address.
#[utoipa::path(put, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)), request_body = WebhookWanted,
    responses((status = 200, body = WebhookView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn save(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
    Json(body): Json<WebhookWanted>,
) -> Answer<axum::Json<WebhookView>> {
    let saved = server.baton.change_webhook(&staff, id(&webhook)?, present::webhook_draft(body)?).await?;
    Ok(axum::Json(present::webhook(saved)))
}

/// Removes a webhook with its deliveries. What waits for it is not sent.
#[utoipa::path(delete, path = "/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_webhook(&staff, id(&webhook)?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Makes a new secret. The one before signs beside it for a day.
#[utoipa::path(post, path = "/webhooks/{webhook}/secret", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 201, body = WebhookSecret), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn secret(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
) -> Answer<(StatusCode, axum::Json<WebhookSecret>)> {
    let (secret, until) = server.baton.replace_webhook_secret(&staff, id(&webhook)?).await?;
    Ok((StatusCode::CREATED, axum::Json(WebhookSecret { secret, before_until: until.0 })))
}

/// Sends an event of the type `webhook.test`, once and at once, and says what came of it.
#[utoipa::path(post, path = "/webhooks/{webhook}/test", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 200, body = DeliveryView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn test(
    State(server): Shared,
    Address(address): Address,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
) -> Answer<axum::Json<DeliveryView>> {
    Ok(axum::Json(present::delivery(server.baton.test_webhook(&staff, id(&webhook)?, address).await?)))
}

/// What a webhook was told, the newest first. Kept for 30 days, and no more than about 5,000.
#[utoipa::path(get, path = "/webhooks/{webhook}/deliveries", tag = "webhooks", params(("webhook" = String, Path), PageQuery),
    responses((status = 200, body = Page<DeliveryView>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn deliveries(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(webhook): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<DeliveryView>>> {
    let (limit, before) = (page_size(query.limit), query.after.as_deref().map(place).transpose()?);
    let found = server.baton.webhook_deliveries(&staff, id(&webhook)?, before, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}", last.at.0, last.id));
    Ok(axum::Json(Page { items: found.into_iter().map(present::delivery).collect(), next }))
}

/// Tells a webhook the same once more, under the same `webhook-id`.
#[utoipa::path(post, path = "/webhooks/{webhook}/deliveries/{delivery}/replay", tag = "webhooks",
    params(("webhook" = String, Path), ("delivery" = String, Path)),
    responses((status = 201, body = DeliveryView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn replay(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((webhook, delivery)): Path<(String, String)>,
) -> Answer<(StatusCode, axum::Json<DeliveryView>)> {
    let again = server.baton.replay_delivery(&staff, id(&webhook)?, id(&delivery)?).await?;
    Ok((StatusCode::CREATED, axum::Json(present::delivery(again))))
}
