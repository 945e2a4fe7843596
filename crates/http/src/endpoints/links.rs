//! Links that were mailed: a new password, a new address; and one's own sessions.

use api::{
    common::{Done, Page, Problem},
    team::{AddressChange, AddressRequest, ForgottenPassword, LinkToken, NewPassword, SessionView},
};
use app::{AppError, inbox::page_size, passwords};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::Millis;
use ports::accounts::Session;
use uuid::Uuid;

use super::chatbots::PageQuery;
use crate::{
    caller::{Browsing, Collaborator, LinkSecret},
    json::Json,
    problem::Answer,
    server::Shared,
};

/// Asks for a link to a new password. The answer is the same whether anybody has the address or not.
#[utoipa::path(post, path = "/forgotten-password", tag = "session", request_body = ForgottenPassword,
    responses((status = 202, body = Done), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn forgot_password(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<ForgottenPassword>,
) -> Answer<(StatusCode, axum::Json<Done>)> {
    server.baton.forgot_password(&body.email, &browser).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Done { done: true })))
}

/// Whether a link that was mailed can be used. Looking changes nothing.
#[utoipa::path(get, path = "/link", tag = "session", params(LinkSecret),
    responses((status = 200, body = Done), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Browsing(browser): Browsing,
    LinkSecret(secret): LinkSecret,
) -> Answer<axum::Json<Done>> {
    server.baton.open_link(&secret, &browser).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Sets a new password by a link; all sessions of the person end.
#[utoipa::path(post, path = "/link/password", tag = "session", request_body = NewPassword,
    responses((status = 200, body = Done), (status = 404, body = Problem), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_password(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<NewPassword>,
) -> Answer<axum::Json<Done>> {
    server.baton.use_password_link(&body.token, &body.password, &browser).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Confirms a new address by its link.
#[utoipa::path(post, path = "/link/email", tag = "session", request_body = LinkToken,
    responses((status = 200, body = Done), (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn set_email(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<LinkToken>,
) -> Answer<axum::Json<Done>> {
    server.baton.use_address_link(&body.token, &browser).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Changes one's own address: at once, or, on a server that sends mail, when its link is opened.
#[utoipa::path(post, path = "/me/email", tag = "account", request_body = AddressRequest,
    responses((status = 200, body = AddressChange), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn change_email(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Browsing(browser): Browsing,
    Json(body): Json<AddressRequest>,
) -> Answer<axum::Json<AddressChange>> {
    let changed = server.baton.change_my_address(&staff, &body.password, &body.email, &browser).await?;
    Ok(axum::Json(match changed {
        passwords::AddressChange::Done(person) => AddressChange { email: person.email.clone(), confirm: false },
        passwords::AddressChange::MailSent => AddressChange { email: staff.person.email.clone(), confirm: true },
    }))
}

fn key(text: &str) -> Result<(Millis, Uuid), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// The browsers on which one is signed in, the one used last first.
#[utoipa::path(get, path = "/me/sessions", tag = "account", params(PageQuery),
    responses((status = 200, body = Page<SessionView>)))]
pub(crate) async fn sessions(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<SessionView>>> {
    let limit = page_size(query.limit);
    let after = query.after.as_deref().map(key).transpose()?;
    let found = server.baton.my_sessions(&staff, after, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}", last.seen_at.0, last.id));
    let shown = |session: &Session| SessionView {
        id: session.id.to_string(),
        device: session.device.clone(),
        address: session.address.clone(),
        created_at: session.created_at.0,
        last_seen_at: session.seen_at.0,
        present: staff.is_present(session),
    };
    Ok(axum::Json(Page { items: found.iter().map(shown).collect(), next }))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/me/sessions/{session}", tag = "account", params(("session" = String, Path)),
    responses((status = 200, body = Done), (status = 404, body = Problem)))]
pub(crate) async fn end_session(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(session): Path<String>,
) -> Answer<axum::Json<Done>> {
    let session = session.parse().map_err(|_| AppError::NotFound)?;
    server.baton.end_my_session(&staff, session).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Signs out everywhere, here too.
#[utoipa::path(delete, path = "/me/sessions", tag = "account", responses((status = 200, body = Done)))]
pub(crate) async fn end_sessions(State(server): Shared, Collaborator(staff): Collaborator) -> Answer<axum::Json<Done>> {
    server.baton.sign_out_everywhere(&staff).await?;
    Ok(axum::Json(Done { done: true }))
}
