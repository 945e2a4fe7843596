//! Who a visitor is: what websites say and prove, what visitors leave.

use api::{
    chatbots::NewSigningSecret,
    common::{Done, Problem},
    visitor::{
        EmailLeft, Identified, Identify, Identity, LeaveEmail, MarkRead, Queue, VisitorConversation, VisitorGrant,
        WaitRange, Writing,
    },
};
use app::{
    AppError,
    identify::{Introduction, Proof},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::ConversationId;
use serde_json::Value;

use crate::{
    caller::{Address, Caller, Collaborator, MaybeVisitor},
    json::Json,
    place::CalledFrom,
    present,
    problem::Answer,
    server::Shared,
};

/// From the wire to what is checked.
pub(super) fn introduction(said: Identity) -> Answer<Introduction> {
    let mut attributes = std::collections::BTreeMap::new();
    for (name, value) in said.attributes {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Array(_) | Value::Object(_) => {
                let cause = "must be a text, a number or a truth value";
                return Err(AppError::invalid(format!("identity.attributes.{name}"), cause).into());
            }
        };
        attributes.insert(name, text);
    }
    let proof = match (said.signature, said.expires) {
        (None, _) => None,
        (Some(_), None) => return Err(AppError::invalid("identity.expires", "is part of what is signed").into()),
        (Some(signature), Some(expires)) => Some(Proof { expires, signature }),
    };
    let identity = domain::identity::Identity { id: said.id, name: said.name, email: said.email, attributes };
    Ok(Introduction { identity, proof })
}

/// Says who the visitor is. With a good signature it is the same person on every device: the answer then holds what opens
/// their chat.
#[utoipa::path(post, path = "/visitors/identify", tag = "visitors", request_body = Identify,
    responses((status = 200, body = Identified), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn identify(
    State(server): Shared,
    Address(address): Address,
    MaybeVisitor(visitor): MaybeVisitor,
    CalledFrom(place): CalledFrom,
    Json(body): Json<Identify>,
) -> Answer<axum::Json<Identified>> {
    let introduction = introduction(body.identity)?;
    let done = server.baton.identify(body.chatbot_id.parse()?, introduction, visitor, address, &place).await?;
    let wire = |grant: app::visitor::VisitorGrant| VisitorGrant {
        token: grant.token,
        conversation_id: grant.conversation.to_string(),
    };
    Ok(axum::Json(Identified { verified: done.verified, grant: done.grant.map(wire) }))
}

/// The conversation of the token's visitor.
#[utoipa::path(get, path = "/visitors/me", tag = "visitors",
    responses((status = 200, body = VisitorConversation), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn me(State(server): Shared, caller: Caller) -> Answer<axum::Json<VisitorConversation>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    let row = server.baton.own_conversation(&visitor).await?;
    Ok(axum::Json(present::visitor_conversation(&server.baton, &row).await))
}

/// The visitor leaves an e-mail address to write to.
#[utoipa::path(post, path = "/conversations/{id}/email", tag = "visitors", params(("id" = String, Path)), request_body = LeaveEmail,
    responses((status = 200, body = EmailLeft), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn leave_email(
    State(server): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<LeaveEmail>,
) -> Answer<axum::Json<EmailLeft>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    server.baton.leave_email(&visitor, id.parse()?, &body.email).await?;
    Ok(axum::Json(EmailLeft { done: true, sends_mail: server.baton.sends_mail() }))
}

/// What a visitor who waits for a person can be told: the place in the queue, and how long it took others.
#[utoipa::path(get, path = "/conversations/{id}/queue", tag = "visitors", params(("id" = String, Path)),
    responses((status = 200, body = Queue), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn queue(State(server): Shared, caller: Caller, Path(id): Path<String>) -> Answer<axum::Json<Queue>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    let wait = server.baton.wait(&visitor, id.parse()?).await?;
    Ok(axum::Json(Queue {
        place: wait.place,
        wait: wait.estimate.map(|estimate| WaitRange { from: estimate.from, to: estimate.to }),
        opens_at: wait.opens.map(|opens| opens.0),
    }))
}

/// The visitor has read up to here.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "visitors", params(("id" = String, Path)), request_body = MarkRead,
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn read(
    State(server): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<MarkRead>,
) -> Answer<axum::Json<Done>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    server.baton.visitor_read(&visitor, id.parse()?, body.visitor_seq).await?;
    Ok(axum::Json(Done { done: true }))
}

/// The visitor is writing, or has stopped.
#[utoipa::path(post, path = "/conversations/{id}/typing", tag = "visitors", params(("id" = String, Path)), request_body = Writing,
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn typing(
    State(server): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Writing>,
) -> Answer<axum::Json<Done>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    let id: ConversationId = id.parse()?;
    super::conversations::own(&visitor, id)?;
    server.baton.hub().visitor_typing(id, body.on);
    Ok(axum::Json(Done { done: true }))
}

/// Makes a new secret for the website's server to sign ids with. Signatures of the one before stop working.
#[utoipa::path(post, path = "/chatbots/{id}/signing-secret", tag = "chatbots", params(("id" = String, Path)),
    responses((status = 201, body = NewSigningSecret), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn new_signing_secret(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<(StatusCode, axum::Json<NewSigningSecret>)> {
    let (secret, made_at) = server.baton.make_signing_secret(&staff, id.parse()?).await?;
    Ok((StatusCode::CREATED, axum::Json(NewSigningSecret { secret, made_at: made_at.0 })))
}
