//! Who was called to a conversation, and what came of it.

use api::{
    calls::CallView,
    common::{Page, Problem},
};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{caller::Collaborator, present, problem::Answer, server::Shared};

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallsQuery {
    /// Calls to the event with this `seq` and to later ones; all of them when absent.
    pub(crate) from: Option<i64>,
}

/// Who was called to a conversation, and what came of it, in the order in which it happened; at most 500.
#[utoipa::path(get, path = "/conversations/{id}/calls", tag = "conversations", params(("id" = String, Path), CallsQuery),
    responses((status = 200, body = Page<CallView>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<CallsQuery>,
) -> Answer<axum::Json<Page<CallView>>> {
    let records = server.baton.calls(&staff, id.parse()?, query.from.unwrap_or(0)).await?;
    let mut items = Vec::with_capacity(records.len());
    for record in &records {
        items.push(present::call(&server.baton, record).await);
    }
    Ok(axum::Json(Page { items, next: None }))
}
