//! Visitors come in.

use api::{
    common::Problem,
    visitor::{NewVisitor, VisitorGrant},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use ports::conversations::VisitorFacts;

use super::identities::introduction;
use crate::{
    caller::{Address, MaybeCollaborator},
    device,
    json::Json,
    place::CalledFrom,
    problem::Answer,
    server::Shared,
};

/// Makes a visitor with an empty conversation; or gives a token for the chat of a person whom the website has proved. The
/// token is shown this once.
#[utoipa::path(post, path = "/visitors", tag = "visitors", request_body = NewVisitor,
    responses((status = 201, body = VisitorGrant), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Address(address): Address,
    MaybeCollaborator(staff): MaybeCollaborator,
    CalledFrom(place): CalledFrom,
    headers: HeaderMap,
    Json(body): Json<NewVisitor>,
) -> Answer<(StatusCode, axum::Json<VisitorGrant>)> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let facts = VisitorFacts {
        language: body.language,
        page: body.page,
        // What follows the path may be a secret of another site.
        referrer: body.referrer.and_then(|from| from.split(['?', '#']).next().map(str::to_owned)),
        device: agent.and_then(device::describe),
        ..VisitorFacts::default()
    };
    let introduction = body.identity.map(introduction).transpose()?.unwrap_or_default();
    let grant =
        server.baton.welcome(body.chatbot_id.parse()?, facts, staff.as_ref(), introduction, address, &place).await?;
    let grant = VisitorGrant { token: grant.token, conversation_id: grant.conversation.to_string() };
    Ok((StatusCode::CREATED, axum::Json(grant)))
}
