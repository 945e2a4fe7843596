//! Making, copying and deleting chatbots; the guide; questions without answer.

use api::{
    chatbots::Chatbot,
    common::{Done, Page, Problem},
    life::{ChatbotDeletion, GuideNote, GuideState, GuideStep, NewChatbot, UnansweredQuestion},
};
use app::{AppError, inbox::page_size};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::{Millis, guide::Step, person::Role};
use ports::life::{GuideFacts, Unanswered};
use uuid::Uuid;

use super::chatbots::PageQuery;
use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

/// Makes a chatbot. For admins of the whole workspace.
#[utoipa::path(post, path = "/chatbots", tag = "chatbots", params(IdempotencyKey), request_body = NewChatbot,
    responses((status = 201, body = Chatbot), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<NewChatbot>,
) -> Answer<(StatusCode, axum::Json<Chatbot>)> {
    let profile = server.baton.create_chatbot(&staff, &body.name, key.as_deref()).await?;
    let role = staff.role_for(profile.chatbot.id).unwrap_or(Role::Viewer);
    Ok((StatusCode::CREATED, axum::Json(present::chatbot(&server, &profile, role))))
}

/// Makes a chatbot like another one: settings and AI agents at once, knowledge in the background.
#[utoipa::path(post, path = "/chatbots/{id}/duplicate", tag = "chatbots", params(("id" = String, Path), IdempotencyKey),
    request_body = NewChatbot,
    responses((status = 201, body = Chatbot), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn duplicate(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewChatbot>,
) -> Answer<(StatusCode, axum::Json<Chatbot>)> {
    let profile = server.baton.duplicate_chatbot(&staff, id.parse()?, &body.name, key.as_deref()).await?;
    let role = staff.role_for(profile.chatbot.id).unwrap_or(Role::Viewer);
    Ok((StatusCode::CREATED, axum::Json(present::chatbot(&server, &profile, role))))
}

/// Deletes a chatbot with its conversations and knowledge: out of sight at once, then piece by piece. Refused while live
/// chats are going on.
#[utoipa::path(post, path = "/chatbots/{id}/delete", tag = "chatbots", params(("id" = String, Path)),
    request_body = ChatbotDeletion,
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<ChatbotDeletion>,
) -> Answer<axum::Json<Done>> {
    server.baton.delete_chatbot(&staff, id.parse()?, &body.name).await?;
    Ok(axum::Json(Done { done: true }))
}

fn state(facts: GuideFacts) -> GuideState {
    GuideState {
        knowledge: facts.knowledge,
        handover_seen: facts.guide.handover_seen,
        shared: facts.guide.shared,
        chat: facts.chat,
        dismissed: facts.guide.dismissed,
    }
}

/// How far the way to a first live chatbot is.
#[utoipa::path(get, path = "/chatbots/{id}/guide", tag = "chatbots", params(("id" = String, Path)),
    responses((status = 200, body = GuideState), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn guide(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<GuideState>> {
    Ok(axum::Json(state(server.baton.guide(&staff, id.parse()?).await?)))
}

/// Notes a step on that way.
#[utoipa::path(post, path = "/chatbots/{id}/guide", tag = "chatbots", params(("id" = String, Path)), request_body = GuideNote,
    responses((status = 200, body = GuideState), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn note_step(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<GuideNote>,
) -> Answer<axum::Json<GuideState>> {
    let step = match body.step {
        GuideStep::HandoverSeen => Step::HandoverSeen,
        GuideStep::Shared => Step::Shared,
        GuideStep::Dismissed => Step::Dismissed,
    };
    Ok(axum::Json(state(server.baton.note_step(&staff, id.parse()?, step).await?)))
}

fn key(text: &str) -> Result<(Millis, Uuid), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// Questions that the AI could not answer, the one asked last first.
#[utoipa::path(get, path = "/chatbots/{id}/unanswered", tag = "knowledge", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<UnansweredQuestion>), (status = 404, body = Problem)))]
pub(crate) async fn unanswered(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<UnansweredQuestion>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(key).transpose()?;
    let found = server.baton.unanswered(&staff, id.parse()?, before, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}", last.asked_at.0, last.id));
    let shown = |one: &Unanswered| UnansweredQuestion {
        id: one.id.to_string(),
        question: one.question.clone(),
        conversation_id: one.conversation.to_string(),
        times: one.times,
        asked_at: one.asked_at.0,
    };
    Ok(axum::Json(Page { items: found.iter().map(shown).collect(), next }))
}

/// Takes a question off the list.
#[utoipa::path(delete, path = "/chatbots/{id}/unanswered/{question}", tag = "knowledge",
    params(("id" = String, Path), ("question" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn dismiss_unanswered(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, question)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    let question = question.parse().map_err(|_| AppError::NotFound)?;
    server.baton.dismiss_unanswered(&staff, id.parse()?, question).await?;
    Ok(axum::Json(Done { done: true }))
}
