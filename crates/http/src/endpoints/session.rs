//! Set-up, sign-in, sign-out.

use api::{
    account::{Session, SetupRequest, SetupState, SignInRequest},
    common::{Done, Problem},
};
use app::{
    auth::{SignedIn, csrf_token},
    limiter::Door,
    setup::PersonDraft,
};
use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use axum_extra::extract::cookie::CookieJar;
use domain::person::Role;

use crate::{
    caller::{Browsing, Collaborator, session_cookie, session_secret},
    json::Json,
    present,
    problem::Answer,
    server::{Server, Shared},
};

async fn session(server: &Server, staff: &app::auth::Staff, secret: &str) -> Answer<Session> {
    Ok(Session {
        me: present::me(&staff.person),
        csrf_token: csrf_token(secret),
        workspace_name: server.baton.workspace_name(staff).await?,
    })
}

pub(super) async fn signed_in(server: &Server, signed_in: SignedIn) -> Answer<impl IntoResponse + use<>> {
    let body = session(server, &signed_in.staff, &signed_in.secret).await?;
    let cookie = session_cookie(Some(&signed_in.secret), server.is_secure());
    Ok((CookieJar::new().add(cookie), axum::Json(body)))
}

/// Whether the server waits for its first user.
#[utoipa::path(get, path = "/setup", tag = "session", responses((status = 200, body = SetupState)))]
pub(crate) async fn setup_state(State(server): Shared) -> Answer<axum::Json<SetupState>> {
    Ok(axum::Json(SetupState { needed: server.baton.needs_setup().await?, mail: server.baton.sends_mail() }))
}

/// Makes the workspace and its owner, and signs in.
#[utoipa::path(post, path = "/setup", tag = "session", request_body = SetupRequest,
    responses((status = 200, body = Session), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_up(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<SetupRequest>,
) -> Answer<impl IntoResponse> {
    server.baton.count(Door::SignIn, browser.address)?;
    let draft = PersonDraft { email: body.email, name: body.name, password: body.password, role: Role::Owner };
    signed_in(&server, server.baton.set_up(&body.code, draft, &browser).await?).await
}

/// Signs in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignInRequest,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn sign_in(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<SignInRequest>,
) -> Answer<impl IntoResponse> {
    signed_in(&server, server.baton.sign_in(&body.email, &body.password, &browser).await?).await
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    headers: HeaderMap,
) -> Answer<axum::Json<Session>> {
    let secret = session_secret(&headers).unwrap_or_default();
    Ok(axum::Json(session(&server, &staff, &secret).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session",
    responses((status = 200, body = Done), (status = 401, body = Problem)))]
pub(crate) async fn sign_out(State(server): Shared, Collaborator(staff): Collaborator) -> Answer<impl IntoResponse> {
    server.baton.sign_out(&staff).await?;
    let cookie = session_cookie(None, server.is_secure());
    Ok((CookieJar::new().add(cookie), axum::Json(Done { done: true })))
}
