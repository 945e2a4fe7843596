//! Escalations that teach: what the AI can learn from live chats.

use api::{
    common::{Done, Page, Problem},
    lessons::{LessonView, Taught, Teach},
};
use app::{AppError, inbox::page_size};
use axum::extract::{Path, Query, State};
use domain::{ConversationId, Millis};

use super::chatbots::PageQuery;
use crate::{caller::Collaborator, json::Json, present, problem::Answer, server::Shared};

/// What the AI could learn from a conversation, without what was dismissed: a question of the visitor, and a person's answer.
#[utoipa::path(get, path = "/conversations/{id}/lessons", tag = "knowledge", params(("id" = String, Path)),
    responses((status = 200, body = Page<LessonView>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Page<LessonView>>> {
    let id: ConversationId = id.parse()?;
    let proposed = server.baton.lessons(&staff, id).await?;
    let mut items = Vec::with_capacity(proposed.len());
    for one in &proposed {
        items.push(present::proposed(&server.baton, id, one).await);
    }
    Ok(axum::Json(Page { items, next: None }))
}

/// Teaches the AI one of them, in one's own words. Whoever may not add knowledge suggests it.
#[utoipa::path(post, path = "/conversations/{id}/lessons/{seq}", tag = "knowledge",
    params(("id" = String, Path), ("seq" = i64, Path)), request_body = Teach,
    responses((status = 200, body = Taught), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn teach(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, seq)): Path<(String, String)>,
    Json(body): Json<Teach>,
) -> Answer<axum::Json<Taught>> {
    let seq = seq.parse().map_err(|_| AppError::NotFound)?;
    let made = server.baton.teach(&staff, id.parse()?, seq, &body.question, &body.answer).await?;
    Ok(axum::Json(present::taught(&made)))
}

/// Takes one off the list.
#[utoipa::path(delete, path = "/conversations/{id}/lessons/{seq}", tag = "knowledge",
    params(("id" = String, Path), ("seq" = i64, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn dismiss(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, seq)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    let seq = seq.parse().map_err(|_| AppError::NotFound)?;
    server.baton.dismiss_lesson(&staff, id.parse()?, seq).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Lessons that colleagues suggest, the newest first.
#[utoipa::path(get, path = "/chatbots/{id}/lessons", tag = "knowledge", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<LessonView>), (status = 404, body = Problem)))]
pub(crate) async fn suggested(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<LessonView>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(key).transpose()?;
    let found = server.baton.suggested_lessons(&staff, id.parse()?, before, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}:{}", last.at.0, last.conversation, last.seq));
    let mut items = Vec::with_capacity(found.len());
    for one in &found {
        items.push(present::looked(&server.baton, one).await);
    }
    Ok(axum::Json(Page { items, next }))
}

fn key(text: &str) -> Result<(Millis, ConversationId, i64), AppError> {
    let parts: Vec<&str> = text.split(':').collect();
    let read = || match parts[..] {
        [at, conversation, seq] => Some((Millis(at.parse().ok()?), conversation.parse().ok()?, seq.parse().ok()?)),
        _ => None,
    };
    read().ok_or_else(|| AppError::invalid("after", "is not the end of a page"))
}
