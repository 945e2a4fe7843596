//! Invitations.

use api::{
    account::Session,
    common::{Done, Page, Problem},
    team::{Invitation, InvitationMade, InvitationOffer, JoinRequest, LinkToken, NewInvitation},
};
use app::{AppError, inbox::page_size, invitations::InvitationDraft};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use domain::Millis;
use ports::team::Invitation as Known;
use uuid::Uuid;

use super::{chatbots::PageQuery, session::signed_in};
use crate::{
    caller::{Browsing, Collaborator, IdempotencyKey, LinkSecret},
    json::Json,
    present,
    problem::Answer,
    server::{Server, Shared},
};

async fn shown(server: &Server, invitation: &Known) -> Invitation {
    Invitation {
        id: invitation.id.to_string(),
        email: invitation.email.clone(),
        role: present::role(invitation.role),
        whole_workspace: invitation.chatbot.is_none(),
        invited_by: present::person_view(&server.baton, invitation.inviter).await.name,
        created_at: invitation.created_at.0,
        ends_at: invitation.ends_at.0,
    }
}

fn key(text: &str) -> Result<(Millis, Uuid), AppError> {
    let wrong = || AppError::invalid("after", "is not the end of a page");
    let (at, id) = text.split_once(':').ok_or_else(wrong)?;
    Ok((Millis(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// Open invitations that concern a chatbot, the newest first.
#[utoipa::path(get, path = "/chatbots/{id}/invitations", tag = "team", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<Invitation>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<Invitation>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(key).transpose()?;
    let found = server.baton.invitations(&staff, id.parse()?, before, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}", last.created_at.0, last.id));
    let mut items = Vec::with_capacity(found.len());
    for invitation in &found {
        items.push(shown(&server, invitation).await);
    }
    Ok(axum::Json(Page { items, next }))
}

/// Invites somebody. The link is in this answer and nowhere else.
#[utoipa::path(post, path = "/chatbots/{id}/invitations", tag = "team", params(("id" = String, Path), IdempotencyKey),
    request_body = NewInvitation,
    responses((status = 201, body = InvitationMade), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewInvitation>,
) -> Answer<(StatusCode, axum::Json<InvitationMade>)> {
    let draft =
        InvitationDraft { email: body.email, role: present::role_of(body.role), everywhere: body.whole_workspace };
    let (invitation, secret) = server.baton.invite(&staff, id.parse()?, draft, key.as_deref()).await?;
    let made = InvitationMade {
        invitation: shown(&server, &invitation).await,
        link: secret.map(|secret| format!("{}/join#{secret}", server.config.public_url)),
        mailed: server.baton.sends_mail(),
    };
    Ok((StatusCode::CREATED, axum::Json(made)))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/chatbots/{id}/invitations/{invitation}", tag = "team",
    params(("id" = String, Path), ("invitation" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn revoke(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, invitation)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    let invitation = invitation.parse().map_err(|_| AppError::NotFound)?;
    server.baton.revoke_invitation(&staff, id.parse()?, invitation).await?;
    Ok(axum::Json(Done { done: true }))
}

/// What an invitation offers. Looking at it accepts nothing.
#[utoipa::path(get, path = "/invitation", tag = "team", params(LinkSecret),
    responses((status = 200, body = InvitationOffer), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn offer(
    State(server): Shared,
    Browsing(browser): Browsing,
    LinkSecret(secret): LinkSecret,
) -> Answer<axum::Json<InvitationOffer>> {
    let found = server.baton.open_invitation(&secret, &browser).await?;
    Ok(axum::Json(InvitationOffer {
        email: found.invitation.email.clone(),
        role: present::role(found.invitation.role),
        invited_by: found.inviter.name.clone(),
        inviter_avatar_url: present::avatar_url(found.inviter.avatar),
        workspace_name: found.workspace,
        chatbot_name: found.chatbot,
        has_account: found.has_account,
        ends_at: found.invitation.ends_at.0,
    }))
}

/// Accepts an invitation as somebody new, and signs in.
#[utoipa::path(post, path = "/invitation/join", tag = "team", request_body = JoinRequest,
    responses((status = 200, body = Session), (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn join(
    State(server): Shared,
    Browsing(browser): Browsing,
    Json(body): Json<JoinRequest>,
) -> Answer<impl IntoResponse> {
    signed_in(&server, server.baton.join(&body.token, &body.name, &body.password, &browser).await?).await
}

/// Accepts an invitation as somebody who is signed in.
#[utoipa::path(post, path = "/invitation/accept", tag = "team", request_body = LinkToken,
    responses((status = 200, body = Done), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn accept(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<LinkToken>,
) -> Answer<axum::Json<Done>> {
    server.baton.join_as(&staff, &body.token).await?;
    Ok(axum::Json(Done { done: true }))
}
