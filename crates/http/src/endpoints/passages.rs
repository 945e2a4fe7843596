//! Passages of sources, and tags.

use api::{
    common::{Done, Page, Problem},
    knowledge::{NewPassage, PassagePatch, PassageView, SourceTags, TagView},
};
use app::{
    AppError,
    inbox::page_size,
    passages::{PassageId, Wish},
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::passages::Passage;
use serde::Deserialize;
use utoipa::IntoParams;

use super::chatbots::PageQuery;
use crate::{caller::Collaborator, json::Json, present, problem::Answer, server::Shared};

/// Which passages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PassageQuery {
    /// Only those with these words, or with their beginnings; at most four count.
    #[serde(default)]
    q: String,
    /// Instead: changes that fit no more, because the source has other words now.
    #[serde(default)]
    unfit: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

fn no_page() -> AppError {
    AppError::invalid("after", "is not the end of a page")
}

/// The passages of a source in their order, as the AI finds them; those that are left out among them.
#[utoipa::path(get, path = "/chatbots/{id}/sources/{source}/passages", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path), PassageQuery),
    responses((status = 200, body = Page<PassageView>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Query(query): Query<PassageQuery>,
) -> Answer<axum::Json<Page<PassageView>>> {
    let limit = page_size(query.limit);
    let (id, source) = (id.parse()?, source.parse()?);
    let after = query.after.as_deref();
    if query.unfit {
        let after = after.map(|text| text.parse().map_err(|_| no_page())).transpose()?;
        let found = server.baton.unfit_changes(&staff, id, source, after, limit).await?;
        let next = found.last().filter(|_| found.len() == limit as usize).map(|last| last.id.to_string());
        return Ok(axum::Json(Page { items: found.into_iter().map(present::unfit).collect(), next }));
    }
    let after = after.map_or(Ok(0), |text| text.parse().map_err(|_| no_page()))?;
    let found = server.baton.passages(&staff, id, source, &query.q, after, limit).await?;
    let next = found.last().filter(|_| found.len() == limit as usize).map(|last| last.place.to_string());
    Ok(axum::Json(Page { items: found.into_iter().map(present::passage).collect(), next }))
}

/// Adds a passage that stands nowhere in the source. The AI finds it some moments later.
#[utoipa::path(post, path = "/chatbots/{id}/sources/{source}/passages", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)), request_body = NewPassage,
    responses((status = 201, body = PassageView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn add(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Json(body): Json<NewPassage>,
) -> Answer<(StatusCode, axum::Json<PassageView>)> {
    let passage = Passage { heading: body.heading, text: body.text, page: body.page };
    let added = server.baton.add_passage(&staff, id.parse()?, source.parse()?, passage).await?;
    Ok((StatusCode::CREATED, axum::Json(present::passage(added))))
}

/// Writes a passage anew, or leaves it out. It stays so when the source is read again, as long as the passage has the same
/// words there. The answer is the passage as it will be some moments later.
#[utoipa::path(patch, path = "/chatbots/{id}/sources/{source}/passages/{passage}", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path), ("passage" = String, Path)), request_body = PassagePatch,
    responses((status = 200, body = PassageView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn change(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source, passage)): Path<(String, String, String)>,
    Json(body): Json<PassagePatch>,
) -> Answer<axum::Json<PassageView>> {
    let wish = match (body.text, body.left_out) {
        (Some(text), None) => Wish::Text(text),
        (None, Some(left_out)) => Wish::LeftOut(left_out),
        _ => return Err(AppError::invalid("text", "or left out has to be there, and not both").into()),
    };
    let passage = PassageId::read(&passage)?;
    let changed = server.baton.change_passage(&staff, id.parse()?, source.parse()?, passage, wish).await?;
    Ok(axum::Json(present::passage(changed)))
}

/// Takes a change back: the passage is as it was cut, one that was added is gone, a change that fits no more is forgotten.
#[utoipa::path(delete, path = "/chatbots/{id}/sources/{source}/passages/{passage}", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path), ("passage" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn restore(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source, passage)): Path<(String, String, String)>,
) -> Answer<axum::Json<Done>> {
    let passage = PassageId::read(&passage)?;
    server.baton.restore_passage(&staff, id.parse()?, source.parse()?, passage).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Gives a source these tags and no others.
#[utoipa::path(put, path = "/chatbots/{id}/sources/{source}/tags", tag = "knowledge",
    params(("id" = String, Path), ("source" = String, Path)), request_body = SourceTags,
    responses((status = 200, body = SourceTags), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_tags(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, source)): Path<(String, String)>,
    Json(body): Json<SourceTags>,
) -> Answer<axum::Json<SourceTags>> {
    let tags = server.baton.set_tags(&staff, id.parse()?, source.parse()?, &body.tags).await?;
    Ok(axum::Json(SourceTags { tags }))
}

/// The tags of a chatbot's sources with how many have them, by name.
#[utoipa::path(get, path = "/chatbots/{id}/tags", tag = "knowledge", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<TagView>), (status = 404, body = Problem)))]
pub(crate) async fn tags(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<TagView>>> {
    let limit = page_size(query.limit);
    let found = server.baton.tags(&staff, id.parse()?, query.after.as_deref().unwrap_or_default(), limit).await?;
    let next = found.last().filter(|_| found.len() == limit as usize).map(|(tag, _)| tag.clone());
    let items = found.into_iter().map(|(tag, sources)| TagView { tag, sources }).collect();
    Ok(axum::Json(Page { items, next }))
}
