//! Acting on conversations. The same use cases as the socket's frames: the same promise through every door.

use api::{
    common::Problem,
    conversations::{Assign, CommandResult, NewMessage, TakeOver, Transfer},
    events::{StaffEvent, VisitorEvent},
    visitor::{Rate, VisitorCommandResult},
};
use app::{AppError, Said, act::Acted, auth::Staff, desk::DeskAction, visitor::VisitorAction};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::ConversationId;

use super::files;
use crate::{
    caller::{Caller, Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::{Server, Shared},
};

pub(super) async fn staff_result(server: &Server, acted: &Acted) -> axum::Json<CommandResult> {
    let mut events: Vec<StaffEvent> = Vec::with_capacity(acted.entries.len());
    for logged in acted.entries.iter() {
        events.push(present::staff_event(&server.baton, logged).await);
    }
    axum::Json(CommandResult { events })
}

async fn visitor_result(server: &Server, acted: &Acted) -> axum::Json<VisitorCommandResult> {
    let mut events: Vec<VisitorEvent> = Vec::with_capacity(acted.entries.len());
    for logged in acted.entries.iter() {
        events.extend(present::visitor_event(&server.baton, logged).await);
    }
    axum::Json(VisitorCommandResult { events })
}

async fn desk(
    server: &Server,
    staff: &Staff,
    id: &str,
    key: Option<String>,
    action: DeskAction,
) -> Answer<axum::Json<CommandResult>> {
    let id: ConversationId = id.parse()?;
    let acted = server.baton.desk_acts(staff, id, once(key.as_deref())?, action).await?;
    Ok(staff_result(server, &acted).await)
}

/// A call with an `Idempotency-Key` is a command with that `client_id`.
pub(super) fn once(key: Option<&str>) -> Answer<Option<&str>> {
    if let Some(key) = key {
        app::act::own_id("Idempotency-Key", key)?;
    }
    Ok(key)
}

/// The id of a text: its own, else the call's key, else a new one.
pub(super) fn own_id(server: &Server, own: Option<String>, key: Option<String>) -> Answer<String> {
    match (own, key) {
        (Some(own), Some(key)) if own != key => {
            let cause = "must be the client_id, or one of the two must be left out";
            Err(AppError::invalid("Idempotency-Key", cause).into())
        }
        (None, Some(key)) => {
            app::act::own_id("Idempotency-Key", &key)?;
            Ok(key)
        }
        (own, _) => Ok(own.unwrap_or_else(|| server.baton.client_id())),
    }
}

/// What both a collaborator and the visitor may do.
async fn either(
    server: &Server,
    caller: Caller,
    id: &str,
    key: Option<String>,
    of_staff: DeskAction,
    of_visitor: VisitorAction,
) -> Answer<Response> {
    Ok(match caller {
        Caller::Staff(staff) => desk(server, &staff, id, key, of_staff).await?.into_response(),
        Caller::Visitor(visitor) => {
            let acted = server.baton.visitor_acts(&visitor, id.parse()?, once(key.as_deref())?, of_visitor).await?;
            visitor_result(server, &acted).await.into_response()
        }
    })
}

/// Writes a message. A collaborator's first one takes the conversation over.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = String, Path), IdempotencyKey), request_body = NewMessage,
    responses((status = 200, description = "For a visitor: `VisitorCommandResult`.", body = CommandResult),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn write(
    State(server): Shared,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewMessage>,
) -> Answer<Response> {
    let id: ConversationId = id.parse()?;
    let client_id = own_id(&server, body.client_id, key)?;
    let said = Said { files: files::ids(&body.files)?, text: body.text };
    Ok(match caller {
        Caller::Staff(staff) => {
            let acted = server.baton.reply(&staff, id, &client_id, said).await?;
            staff_result(&server, &acted).await.into_response()
        }
        Caller::Visitor(visitor) => {
            let acted = server.baton.receive_message(&visitor, id, &client_id, said).await?;
            visitor_result(&server, &acted).await.into_response()
        }
    })
}

/// Requests a person.
#[utoipa::path(post, path = "/conversations/{id}/request-human", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn request_human(
    State(server): Shared,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<Response> {
    either(&server, caller, &id, key, DeskAction::RequestHuman, VisitorAction::RequestHuman).await
}

/// Ends the live chat; the AI answers again.
#[utoipa::path(post, path = "/conversations/{id}/end-live-chat", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn end_live_chat(
    State(server): Shared,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<Response> {
    either(&server, caller, &id, key, DeskAction::EndLiveChat, VisitorAction::EndLiveChat).await
}

/// The visitor goes on with the assistant.
#[utoipa::path(post, path = "/conversations/{id}/cancel-request", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = VisitorCommandResult), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn cancel_request(
    State(server): Shared,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<Response> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    let acted =
        server.baton.visitor_acts(&visitor, id.parse()?, once(key.as_deref())?, VisitorAction::CancelRequest).await?;
    Ok(visitor_result(&server, &acted).await.into_response())
}

/// The visitor says what they think of a live chat that is over. A later one about the same chat replaces it.
#[utoipa::path(post, path = "/conversations/{id}/rating", tag = "visitors", params(("id" = String, Path), IdempotencyKey), request_body = Rate,
    responses((status = 200, body = VisitorCommandResult), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn rate(
    State(server): Shared,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<Rate>,
) -> Answer<axum::Json<VisitorCommandResult>> {
    let Caller::Visitor(visitor) = caller else { return Err(AppError::Forbidden.into()) };
    let (id, key) = (id.parse()?, once(key.as_deref())?);
    let acted = server.baton.rate(&visitor, id, key, body.of, body.score, &body.comment).await?;
    Ok(visitor_result(&server, &acted).await)
}

/// Takes over without a word.
#[utoipa::path(post, path = "/conversations/{id}/take-over", tag = "conversations", params(("id" = String, Path), IdempotencyKey), request_body = TakeOver,
    responses((status = 200, body = CommandResult), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn take_over(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    body: Option<Json<TakeOver>>,
) -> Answer<axum::Json<CommandResult>> {
    let action = match body.and_then(|Json(body)| body.from) {
        Some(from) => DeskAction::TakeOverFrom(from.parse()?),
        None => DeskAction::TakeOver,
    };
    desk(&server, &staff, &id, key, action).await
}

/// Joins a live chat of others.
#[utoipa::path(post, path = "/conversations/{id}/join", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn join(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::Join).await
}

/// Leaves a live chat to the others.
#[utoipa::path(post, path = "/conversations/{id}/leave", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn leave(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::Leave).await
}

/// Hands a conversation to a colleague.
#[utoipa::path(post, path = "/conversations/{id}/transfer", tag = "conversations", params(("id" = String, Path), IdempotencyKey), request_body = Transfer,
    responses((status = 200, body = CommandResult), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn transfer(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<Transfer>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::Transfer(body.to.parse()?)).await
}

/// Says who should take care of a conversation.
#[utoipa::path(post, path = "/conversations/{id}/assign", tag = "conversations", params(("id" = String, Path), IdempotencyKey), request_body = Assign,
    responses((status = 200, body = CommandResult), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn assign(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<Assign>,
) -> Answer<axum::Json<CommandResult>> {
    let to = body.to.as_deref().map(str::parse).transpose()?;
    desk(&server, &staff, &id, key, DeskAction::Assign(to)).await
}

/// Dismisses the open request.
#[utoipa::path(post, path = "/conversations/{id}/dismiss-request", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn dismiss_request(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::DismissRequest).await
}

/// Takes a dismissal back: the same request is open again. At most a minute later.
#[utoipa::path(post, path = "/conversations/{id}/undo-dismiss", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn undo_dismiss(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::UndoDismiss).await
}

/// Resolves a conversation.
#[utoipa::path(post, path = "/conversations/{id}/resolve", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn resolve(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::Resolve).await
}

/// Reopens a resolved conversation.
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "conversations", params(("id" = String, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 409, body = Problem)))]
pub(crate) async fn reopen(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
) -> Answer<axum::Json<CommandResult>> {
    desk(&server, &staff, &id, key, DeskAction::Reopen).await
}
