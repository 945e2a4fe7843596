//! The page `Analytics`: numbers, the same as files, and the requests that were missed.

use api::{
    common::{Page, Problem},
    numbers::{Analytics, MissedRequest},
};
use app::{AppError, inbox::page_size, numbers::Asked};
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{ChatbotId, Millis};
use ports::numbers::{Kept, Place};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    caller::Collaborator,
    present,
    problem::Answer,
    server::{Server, Shared},
};

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaysQuery {
    /// The first day, `2026-11-01`; 29 days before the last one when absent.
    from: Option<String>,
    /// The last day; today when absent. Ranges have 366 days at most.
    to: Option<String>,
    /// By whose clock, `Europe/Berlin`; `UTC` when absent.
    time_zone: Option<String>,
    /// Whoever answers later than so many seconds is late: from 10 to 86400; 300 when absent.
    late_after: Option<u32>,
}

/// Which days, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MissedQuery {
    /// The first day, `2026-11-01`; 29 days before the last one when absent.
    from: Option<String>,
    /// The last day; today when absent. Ranges have 366 days at most.
    to: Option<String>,
    /// By whose clock, `Europe/Berlin`; `UTC` when absent.
    time_zone: Option<String>,
    /// Whoever answers later than so many seconds is late: from 10 to 86400; 300 when absent.
    late_after: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

/// Which table.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Table {
    /// By day, or by week.
    Periods,
    /// By hour of the day.
    Hours,
    /// By reason.
    Reasons,
    /// By person.
    People,
    /// The requests that were missed.
    Missed,
}

impl From<DaysQuery> for Asked {
    fn from(query: DaysQuery) -> Self {
        let DaysQuery { from, to, time_zone, late_after } = query;
        Self { from, to, time_zone, late_after }
    }
}

/// The numbers of a chatbot: requests for a person and what became of them, by day, hour, reason and person. Times are those
/// to the first human word, from the visitor's first message that nothing had answered when a person was wanted.
#[utoipa::path(get, path = "/chatbots/{id}/analytics", tag = "analytics", params(("id" = String, Path), DaysQuery),
    responses((status = 200, body = Analytics), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<DaysQuery>,
) -> Answer<axum::Json<Analytics>> {
    let told = server.baton.numbers(&staff, id.parse()?, query.into()).await?;
    Ok(axum::Json(present::analytics(&server.baton, &told).await))
}

/// A table of the numbers as a CSV file.
#[utoipa::path(get, path = "/chatbots/{id}/analytics/{table}", tag = "analytics",
    params(("id" = String, Path), ("table" = inline(Table), Path), DaysQuery),
    responses((status = 200, description = "CSV in UTF-8, with a mark at its beginning", content_type = "text/csv", body = String),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn table(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, table)): Path<(String, String)>,
    Query(query): Query<DaysQuery>,
) -> Answer<Response> {
    let (id, asked): (ChatbotId, Asked) = (id.parse()?, query.into());
    let which: Table = serde_json::from_value(table.clone().into()).map_err(|_| AppError::NotFound)?;
    let baton = &server.baton;
    let text = match which {
        Table::Missed => {
            let (found, now) = baton.all_missed(&staff, id, asked).await?;
            present::csv::missed(&shown(&server, &found, now).await)
        }
        of => {
            let told = baton.numbers(&staff, id, asked).await?;
            let analytics = present::analytics(baton, &told).await;
            match of {
                Table::Hours => present::csv::hours(&analytics),
                Table::Reasons => present::csv::reasons(&analytics),
                Table::People => present::csv::people(&analytics),
                Table::Periods | Table::Missed => present::csv::periods(&analytics),
            }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{table}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn key(text: &str) -> Result<Place, AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let parts: Vec<&str> = text.split(':').collect();
    let [at, conversation, opened] = parts[..] else { return Err(wrong()) };
    Ok(Place {
        at: Millis(at.parse().map_err(|_| wrong())?),
        conversation: conversation.parse().map_err(|_| wrong())?,
        opened: opened.parse().map_err(|_| wrong())?,
    })
}

async fn shown(server: &Server, found: &[Kept], now: Millis) -> Vec<MissedRequest> {
    let mut items = Vec::with_capacity(found.len());
    for kept in found {
        items.extend(present::missed(&server.baton, kept, now).await);
    }
    items
}

/// Requests for a person that nobody answered, or later than the limit, the newest first.
#[utoipa::path(get, path = "/chatbots/{id}/missed-requests", tag = "analytics", params(("id" = String, Path), MissedQuery),
    responses((status = 200, body = Page<MissedRequest>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn missed(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<MissedQuery>,
) -> Answer<axum::Json<Page<MissedRequest>>> {
    let MissedQuery { from, to, time_zone, late_after, after, limit } = query;
    let asked = Asked { from, to, time_zone, late_after };
    let limit = page_size(limit);
    let before = after.as_deref().map(key).transpose()?;
    let (found, now) = server.baton.missed(&staff, id.parse()?, asked, before, limit).await?;
    let last = found.last().filter(|_| found.len() == limit as usize).map(Kept::place);
    let next = last.map(|Place { at, conversation, opened }| format!("{}:{conversation}:{opened}", at.0));
    Ok(axum::Json(Page { items: shown(&server, &found, now).await, next }))
}
