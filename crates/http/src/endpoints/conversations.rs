//! Reading conversations: the inbox for collaborators, their own one for visitors.

use api::{
    common::{Page, Problem},
    conversations::{Control, ConversationDetail, ConversationRow, InboxCounts},
    events::{StaffEvent, VisitorEvent},
    visitor::VisitorConversation,
};
use app::{AppError, inbox::page_size};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use domain::{ConversationId, conversation::Standing, person::Role};
use ports::conversations::{InboxFilter, KnownVisitor, LogRange};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    caller::{Caller, Collaborator},
    present,
    problem::Answer,
    server::Shared,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InboxQuery {
    /// Only with this control.
    control: Option<Control>,
    /// Only one's own live chats and assignments.
    mine: Option<bool>,
    /// Only of this chatbot.
    chatbot: Option<String>,
    /// Only with this label, by its id.
    label: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// Entries after this number: `seq` for collaborators, `visitor_seq` for visitors.
    after: Option<i64>,
    /// Entries before this number; the newest of them are taken, in ascending order.
    before: Option<i64>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

impl LogQuery {
    fn range(&self) -> LogRange {
        LogRange { after: self.after.unwrap_or(0), before: self.before, visitor: false, limit: page_size(self.limit) }
    }
}

pub(crate) fn standing(control: Control) -> Standing {
    match control {
        Control::Ai => Standing::Ai,
        Control::Requested => Standing::Requested,
        Control::Live => Standing::Live,
        Control::Resolved => Standing::Resolved,
    }
}

/// A visitor's token opens that visitor's own conversation; an id opens nothing.
pub(crate) fn own(visitor: &KnownVisitor, id: ConversationId) -> Answer<()> {
    if visitor.conversation == id { Ok(()) } else { Err(AppError::NotFound.into()) }
}

/// The inbox, newest event first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(InboxQuery),
    responses((status = 200, body = Page<ConversationRow>), (status = 401, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<InboxQuery>,
) -> Answer<axum::Json<Page<ConversationRow>>> {
    let limit = page_size(query.limit);
    let filter = InboxFilter {
        standing: query.control.map(standing),
        of: query.mine.unwrap_or(false).then(|| staff.id()),
        chatbot: query.chatbot.as_deref().map(str::parse).transpose()?,
        label: query.label.as_deref().map(str::parse).transpose()?,
    };
    let wrong = |_| AppError::invalid("after", "is not the end of a page");
    let before = query.after.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let rows = server.baton.inbox(&staff, filter, before, limit).await?;
    let full = rows.len() == limit as usize;
    let next = rows.last().filter(|_| full).map(|last| last.place.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let role = staff.role_for(row.chatbot).unwrap_or(Role::Viewer);
        items.push(present::row(&server.baton, row, role).await);
    }
    Ok(axum::Json(Page { items, next }))
}

/// How many conversations wait, are live, are mine.
#[utoipa::path(get, path = "/inbox/counts", tag = "conversations", responses((status = 200, body = InboxCounts)))]
pub(crate) async fn counts(
    State(server): Shared,
    Collaborator(staff): Collaborator,
) -> Answer<axum::Json<InboxCounts>> {
    Ok(axum::Json(present::counts(server.baton.counts(&staff).await?)))
}

/// One conversation: with its details for collaborators, as it stands for its visitor.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, description = "For a visitor: `VisitorConversation`.", body = ConversationDetail),
        (status = 404, body = Problem)))]
pub(crate) async fn show(State(server): Shared, caller: Caller, Path(id): Path<String>) -> Answer<Response> {
    let id: ConversationId = id.parse()?;
    Ok(match caller {
        Caller::Staff(staff) => {
            let detail = server.baton.detail(&staff, id).await?;
            let role = staff.role_for(detail.row.chatbot).unwrap_or(Role::Viewer);
            let shown: ConversationDetail = present::detail(&server.baton, &detail, role).await;
            axum::Json(shown).into_response()
        }
        Caller::Visitor(visitor) => {
            own(&visitor, id)?;
            let row = server.baton.own_conversation(&visitor).await?;
            let shown: VisitorConversation = present::visitor_conversation(&server.baton, &row).await;
            axum::Json(shown).into_response()
        }
    })
}

/// The log: by `seq` for collaborators, by `visitor_seq` for its visitor.
#[utoipa::path(get, path = "/conversations/{id}/events", tag = "conversations", params(("id" = String, Path), LogQuery),
    responses((status = 200, description = "For a visitor: a page of `VisitorEvent`.", body = Page<StaffEvent>),
        (status = 404, body = Problem)))]
pub(crate) async fn events(
    State(server): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<LogQuery>,
) -> Answer<Response> {
    let id: ConversationId = id.parse()?;
    let range = query.range();
    // With `before` the page goes up: the next one ends where this one begins.
    let next = |first: Option<i64>, last: Option<i64>, full: bool| {
        let key = if query.before.is_some() { first } else { last };
        key.filter(|_| full).map(|number| number.to_string())
    };
    Ok(match caller {
        Caller::Staff(staff) => {
            let log = server.baton.log(&staff, id, range).await?;
            let mut items: Vec<StaffEvent> = Vec::with_capacity(log.len());
            for logged in &log {
                items.push(present::staff_event(&server.baton, logged).await);
            }
            let full = items.len() == range.limit as usize;
            let next = next(items.first().map(|e| e.seq), items.last().map(|e| e.seq), full);
            axum::Json(Page { items, next }).into_response()
        }
        Caller::Visitor(visitor) => {
            own(&visitor, id)?;
            let log = server.baton.own_log(&visitor, range).await?;
            let mut items: Vec<VisitorEvent> = Vec::with_capacity(log.len());
            for logged in &log {
                items.extend(present::visitor_event(&server.baton, logged).await);
            }
            let full = items.len() == range.limit as usize;
            let next = next(items.first().map(|e| e.visitor_seq), items.last().map(|e| e.visitor_seq), full);
            axum::Json(Page { items, next }).into_response()
        }
    })
}
