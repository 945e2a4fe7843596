//! One's own account, pictures, and colleagues.

use api::{
    account::{Me, MePatch, PasswordChange, PersonView},
    common::{Done, Page, Problem},
};
use app::{AppError, inbox::page_size};
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{caller::Collaborator, json::Json, present, problem::Answer, server::Shared};

/// Changes one's own display name.
#[utoipa::path(patch, path = "/me", tag = "account", request_body = MePatch,
    responses((status = 200, body = Me), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<MePatch>,
) -> Answer<axum::Json<Me>> {
    let person = match body.display_name {
        Some(name) => server.baton.rename_me(&staff, &name).await?,
        None => staff.person,
    };
    Ok(axum::Json(present::me(&person)))
}

/// Changes one's own password; every other session ends.
#[utoipa::path(post, path = "/me/password", tag = "account", request_body = PasswordChange,
    responses((status = 200, body = Done), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn change_password(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<PasswordChange>,
) -> Answer<axum::Json<Done>> {
    server.baton.change_password(&staff, &body.current, &body.new).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Sets one's own picture: a PNG, JPEG or WebP file as the body.
#[utoipa::path(put, path = "/me/avatar", tag = "account",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Me), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_avatar(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    file: Bytes,
) -> Answer<axum::Json<Me>> {
    Ok(axum::Json(present::me(&*server.baton.set_my_avatar(&staff, Some(file.into())).await?)))
}

/// Removes one's own picture.
#[utoipa::path(delete, path = "/me/avatar", tag = "account", responses((status = 200, body = Me)))]
pub(crate) async fn remove_avatar(State(server): Shared, Collaborator(staff): Collaborator) -> Answer<axum::Json<Me>> {
    Ok(axum::Json(present::me(&*server.baton.set_my_avatar(&staff, None).await?)))
}

/// A picture. Its address is its key and never shows another one.
#[utoipa::path(get, path = "/avatars/{id}", tag = "account", params(("id" = String, Path, description = "From `avatar_url`.")),
    responses((status = 200, content_type = "image/*", body = Vec<u8>), (status = 404, body = Problem)))]
pub(crate) async fn avatar(State(server): Shared, Path(id): Path<String>) -> Answer<Response> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let picture = server.baton.picture(id).await?;
    let mut response = picture.bytes.into_response();
    let headers = response.headers_mut();
    let mime = HeaderValue::from_str(&picture.mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// Only those who may answer for this chatbot, or read it: see `may`.
    chatbot: Option<String>,
    /// What they may do there: `answer` (the default) or `read`.
    #[param(inline)]
    may: Option<May>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum May {
    Read,
    Answer,
}

/// Colleagues, by name.
#[utoipa::path(get, path = "/people", tag = "account", params(PeopleQuery), responses((status = 200, body = Page<PersonView>)))]
pub(crate) async fn people(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PeopleQuery>,
) -> Answer<axum::Json<Page<PersonView>>> {
    let limit = page_size(query.limit);
    let chatbot = query.chatbot.as_deref().map(str::parse).transpose()?;
    let after = query.after.as_deref().map(people_key).transpose()?;
    let (people, next) = server.baton.colleagues(&staff, chatbot, query.may == Some(May::Read), after, limit).await?;
    let next = next.map(|(name, id)| format!("{id}:{name}"));
    Ok(axum::Json(Page { items: people.iter().map(present::person).collect(), next }))
}

pub(super) fn people_key(text: &str) -> Result<(String, domain::PersonId), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (id, name) = text.split_once(':').ok_or_else(wrong)?;
    Ok((name.to_owned(), id.parse().map_err(|_| wrong())?))
}
