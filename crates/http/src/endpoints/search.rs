//! Search over conversations.

use api::{
    common::{Page, Problem},
    conversations::Control,
    search::{SearchAmong, SearchHit},
};
use app::{AppError, inbox::page_size, search::Among};
use axum::extract::{Query, State};
use domain::{Millis, person::Role};
use ports::search::Narrowed;
use serde::Deserialize;
use utoipa::IntoParams;

use super::conversations::standing;
use crate::{caller::Collaborator, present, problem::Answer, server::Shared};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words that all have to be there; in quotes as they follow each other; the last one may be the beginning of a word.
    /// Without it, the conversations that the rest names. At most 200 characters.
    #[serde(default)]
    q: String,
    /// What is looked through; texts when it is left out.
    #[param(inline)]
    among: Option<SearchAmong>,
    /// Only conversations with this control.
    control: Option<Control>,
    /// Only of this chatbot.
    chatbot: Option<String>,
    /// Only with this label, by its id.
    label: Option<String>,
    /// Only what this collaborator wrote, takes part in or is assigned to.
    person: Option<String>,
    /// Only from then on, in Unix milliseconds.
    since: Option<i64>,
    /// Only before then, in Unix milliseconds.
    until: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200. A page may be shorter while there is a `next`.
    limit: Option<u32>,
}

/// What is found in the conversations that the caller may see, newest first.
#[utoipa::path(get, path = "/search", tag = "conversations", params(SearchQuery),
    responses((status = 200, body = Page<SearchHit>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn search(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<SearchQuery>,
) -> Answer<axum::Json<Page<SearchHit>>> {
    let narrowed = Narrowed {
        standing: query.control.map(standing),
        chatbot: query.chatbot.as_deref().map(str::parse).transpose()?,
        label: query.label.as_deref().map(str::parse).transpose()?,
        person: query.person.as_deref().map(str::parse).transpose()?,
        since: query.since.map(Millis),
        until: query.until.map(Millis),
    };
    let among = match query.among {
        Some(SearchAmong::Visitors) => Among::Visitors,
        Some(SearchAmong::Texts) | None => Among::Texts,
    };
    let wrong = |_| AppError::invalid("after", "is not the end of a page");
    let before = query.after.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let limit = page_size(query.limit);
    let (hits, next) = server.baton.search(&staff, &query.q, among, narrowed, before, limit).await?;
    let mut items = Vec::with_capacity(hits.len());
    for hit in &hits {
        let role = staff.role_for(hit.row.chatbot).unwrap_or(Role::Viewer);
        items.push(present::hit(&server.baton, hit, role).await);
    }
    Ok(axum::Json(Page { items, next: next.map(|next| next.to_string()) }))
}
