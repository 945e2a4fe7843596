//! Rehearsals of the hand-over.

use api::{
    common::Problem,
    rehearsals::{NewRehearsal, RehearsalGrant},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    caller::{Address, Collaborator},
    json::Json,
    problem::Answer,
    server::Shared,
};

/// Begins a rehearsal: a conversation with the chatbot in which the caller is the visitor, by the token, and the person at the
/// desk. Nobody else is alerted, sees it or counts it; it is removed after a day, or when the caller begins another one.
#[utoipa::path(post, path = "/chatbots/{id}/rehearsals", tag = "chatbots", params(("id" = String, Path)),
    request_body = NewRehearsal,
    responses((status = 201, body = RehearsalGrant), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Address(address): Address,
    Path(id): Path<String>,
    Json(body): Json<NewRehearsal>,
) -> Answer<(StatusCode, axum::Json<RehearsalGrant>)> {
    let begun = server.baton.rehearse(&staff, id.parse()?, body.language, address).await?;
    let grant = RehearsalGrant {
        token: begun.grant.token,
        conversation_id: begun.grant.conversation.to_string(),
        until: begun.until.0,
    };
    Ok((StatusCode::CREATED, axum::Json(grant)))
}
