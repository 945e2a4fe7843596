//! Devices that people are told on by push.

use api::{
    common::{Done, Problem},
    push::{NewPushSubscription, NewPushTest, PushSubscriptionView, PushSubscriptions, PushTest, PushTestOutcome},
};
use app::push::Tried;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use ports::push::Device;

use crate::{
    caller::{Address, Collaborator},
    device::describe,
    json::Json,
    problem::Answer,
    server::Shared,
};

fn view(device: &Device) -> PushSubscriptionView {
    PushSubscriptionView {
        id: device.id.to_string(),
        name: device.name.clone(),
        created_at: device.at.0,
        used_at: device.used_at.0,
    }
}

/// One's own devices, and the key that a browser subscribes with.
#[utoipa::path(get, path = "/push-subscriptions", tag = "account", responses((status = 200, body = PushSubscriptions)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
) -> Answer<axum::Json<PushSubscriptions>> {
    let devices = server.baton.my_devices(&staff).await?;
    let public_key = server.baton.push_public_key();
    Ok(axum::Json(PushSubscriptions { public_key, items: devices.iter().map(view).collect() }))
}

/// Adds the browser that is calling, or says that it is still in use. An endpoint is one browser: it belongs to whoever
/// has said so last, so that calling twice adds nothing.
#[utoipa::path(post, path = "/push-subscriptions", tag = "account", request_body = NewPushSubscription,
    responses((status = 201, body = PushSubscriptionView), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    headers: HeaderMap,
    Json(body): Json<NewPushSubscription>,
) -> Answer<(StatusCode, axum::Json<PushSubscriptionView>)> {
    let name = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).and_then(describe);
    let keys = (body.keys.p256dh.as_str(), body.keys.auth.as_str());
    let device = server.baton.keep_device(&staff, body.endpoint, keys, name).await?;
    Ok((StatusCode::CREATED, axum::Json(view(&device))))
}

/// Forgets one of one's own devices.
#[utoipa::path(delete, path = "/push-subscriptions/{id}", tag = "account", params(("id" = String, Path)),
    responses((status = 200, body = Done), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Done>> {
    let id = id.parse().map_err(|_| app::AppError::NotFound)?;
    server.baton.forget_device(&staff, id).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Pushes a test to one of one's own devices, once and at once, and says what its push service made of it. A page of the
/// desk that is open there is told when it arrives.
#[utoipa::path(post, path = "/push-subscriptions/{id}/test", tag = "account", params(("id" = String, Path)),
    request_body = NewPushTest,
    responses((status = 200, body = PushTest), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn test(
    State(server): Shared,
    Address(address): Address,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<NewPushTest>,
) -> Answer<axum::Json<PushTest>> {
    let id = id.parse().map_err(|_| app::AppError::NotFound)?;
    let (outcome, answer) = match server.baton.try_device(&staff, id, &body.client_id, address).await? {
        Tried::Accepted => (PushTestOutcome::Accepted, None),
        Tried::Gone => (PushTestOutcome::Gone, None),
        Tried::Failed(answer) => (PushTestOutcome::Failed, Some(answer)),
    };
    Ok(axum::Json(PushTest { outcome, answer }))
}
