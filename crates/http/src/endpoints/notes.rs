//! Private notes, mentions, and texts that are changed.

use api::{
    common::{Done, Page, Problem},
    conversations::CommandResult,
    notes::{MentionView, MentionsRead, NewNote, TextPatch, TextVersion},
};
use app::{AppError, Said, inbox::page_size};
use axum::extract::{Path, Query, State};
use domain::PersonId;

use super::{
    chatbots::PageQuery,
    commands::{once, own_id, staff_result},
    files,
};
use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

/// Ids of people; one that names nobody is told like any other mistake.
pub(crate) fn people(ids: &[String]) -> Result<Vec<PersonId>, AppError> {
    ids.iter().map(|id| id.parse().map_err(|_| AppError::invalid("mentions", "names nobody"))).collect()
}

/// Writes a private note. No visitor sees it.
#[utoipa::path(post, path = "/conversations/{id}/notes", tag = "conversations", params(("id" = String, Path), IdempotencyKey), request_body = NewNote,
    responses((status = 200, body = CommandResult), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn write(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewNote>,
) -> Answer<axum::Json<CommandResult>> {
    let client_id = own_id(&server, body.client_id, key)?;
    let mentions = people(&body.mentions)?;
    let said = Said { files: files::ids(&body.files)?, text: body.text };
    let acted = server.baton.write_note(&staff, id.parse()?, &client_id, said, mentions).await?;
    Ok(staff_result(&server, &acted).await)
}

/// Puts another text in the place of one's own message or note; the earlier one is kept for staff.
#[utoipa::path(patch, path = "/conversations/{id}/messages/{seq}", tag = "conversations", params(("id" = String, Path), ("seq" = i64, Path), IdempotencyKey), request_body = TextPatch,
    responses((status = 200, body = CommandResult), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn edit(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path((id, seq)): Path<(String, i64)>,
    Json(body): Json<TextPatch>,
) -> Answer<axum::Json<CommandResult>> {
    let acted = server.baton.edit_text(&staff, id.parse()?, once(key.as_deref())?, seq, &body.text).await?;
    Ok(staff_result(&server, &acted).await)
}

/// Deletes one's own message or note with every earlier version; admins also those of colleagues and of the AI.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}", tag = "conversations", params(("id" = String, Path), ("seq" = i64, Path), IdempotencyKey),
    responses((status = 200, body = CommandResult), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path((id, seq)): Path<(String, i64)>,
) -> Answer<axum::Json<CommandResult>> {
    let acted = server.baton.delete_text(&staff, id.parse()?, once(key.as_deref())?, seq).await?;
    Ok(staff_result(&server, &acted).await)
}

/// Every version of a text, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/versions", tag = "conversations", params(("id" = String, Path), ("seq" = i64, Path)),
    responses((status = 200, body = Page<TextVersion>), (status = 404, body = Problem)))]
pub(crate) async fn versions(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, seq)): Path<(String, i64)>,
) -> Answer<axum::Json<Page<TextVersion>>> {
    let versions = server.baton.versions(&staff, id.parse()?, seq).await?;
    Ok(axum::Json(Page { items: versions.iter().map(present::version).collect(), next: None }))
}

/// Notes that mention the caller and that they have not read, newest first.
#[utoipa::path(get, path = "/mentions", tag = "conversations", params(PageQuery), responses((status = 200, body = Page<MentionView>)))]
pub(crate) async fn mentions(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<MentionView>>> {
    let wrong = |_| AppError::invalid("after", "is not the end of a page");
    let before = query.after.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let (mentions, next) = server.baton.mentions(&staff, before, page_size(query.limit)).await?;
    let mut items = Vec::with_capacity(mentions.len());
    for mention in &mentions {
        items.push(present::mention(&server.baton, mention).await);
    }
    Ok(axum::Json(Page { items, next: next.map(|change| change.to_string()) }))
}

/// The caller has read a conversation: mentions in it are done with.
#[utoipa::path(post, path = "/mentions/read", tag = "conversations", request_body = MentionsRead,
    responses((status = 200, body = Done), (status = 404, body = Problem)))]
pub(crate) async fn read(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<MentionsRead>,
) -> Answer<axum::Json<Done>> {
    server.baton.read_mentions(&staff, body.conversation.parse()?, body.seq).await?;
    Ok(axum::Json(Done { done: true }))
}
