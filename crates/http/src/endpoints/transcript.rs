//! A conversation to be kept elsewhere, and the other chats of its visitor.

use api::{
    common::{Page, Problem},
    conversations::{PastChat, Transcript},
    visitor::VisitorTranscript,
};
use app::{AppError, inbox::page_size};
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{ConversationId, person::Role};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{chatbots::PageQuery, conversations::own};
use crate::{
    caller::{Caller, Collaborator},
    present,
    problem::Answer,
    server::Shared,
};

/// How a transcript is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TranscriptQuery {
    /// `text` when it is left out.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Private notes too. For collaborators only.
    #[serde(default)]
    notes: bool,
}

/// The conversation as a file: for collaborators all of it, with private notes only if asked; for a visitor their own.
#[utoipa::path(get, path = "/conversations/{id}/transcript", tag = "conversations",
    params(("id" = String, Path), TranscriptQuery),
    responses((status = 200, description = "Text, or JSON; for a visitor: `VisitorTranscript`.", body = Transcript),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn export(
    State(server): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<TranscriptQuery>,
) -> Answer<Response> {
    let id: ConversationId = id.parse()?;
    let baton = &server.baton;
    let body = match caller {
        Caller::Staff(staff) => {
            let (row, log) = baton.transcript(&staff, id, query.notes).await?;
            match query.format {
                Format::Text => baton.transcript_text(&row, &log).await?.into_response(),
                Format::Json => {
                    let role = staff.role_for(row.chatbot).unwrap_or(Role::Viewer);
                    let conversation = present::row(baton, &row, role).await;
                    let mut events = Vec::with_capacity(log.len());
                    for logged in &log {
                        events.push(present::staff_event(baton, logged).await);
                    }
                    axum::Json(Transcript { conversation, events }).into_response()
                }
            }
        }
        Caller::Visitor(visitor) => {
            own(&visitor, id)?;
            if query.notes {
                return Err(AppError::Forbidden.into());
            }
            let (row, log) = baton.own_transcript(&visitor).await?;
            match query.format {
                Format::Text => baton.transcript_text(&row, &log).await?.into_response(),
                Format::Json => {
                    let mut events = Vec::with_capacity(log.len());
                    for logged in &log {
                        events.extend(present::visitor_event(baton, logged).await);
                    }
                    let conversation = present::visitor_conversation(baton, &row).await;
                    axum::Json(VisitorTranscript { conversation, events }).into_response()
                }
            }
        }
    };
    let end = if query.format == Format::Text { "txt" } else { "json" };
    let name = format!("attachment; filename=\"conversation-{id}.{end}\"");
    Ok(([(header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store".to_owned())], body).into_response())
}

/// Other chats of the same visitor, newest first, among those that the caller may see.
#[utoipa::path(get, path = "/conversations/{id}/past", tag = "conversations", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<PastChat>), (status = 404, body = Problem)))]
pub(crate) async fn past(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<PastChat>>> {
    let wrong = |_| AppError::invalid("after", "is not the end of a page");
    let before = query.after.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let (of, past, next) = server.baton.past_chats(&staff, id.parse()?, before, page_size(query.limit)).await?;
    let mut items = Vec::with_capacity(past.len());
    for row in &past {
        let role = staff.role_for(row.chatbot).unwrap_or(Role::Viewer);
        let conversation = present::row(&server.baton, row, role).await;
        items.push(PastChat { conversation, same_visitor: row.visitor == of.visitor });
    }
    Ok(axum::Json(Page { items, next: next.map(|place| place.to_string()) }))
}
