//! Mail between a visitor and a conversation: what comes in, transcripts, what was mailed.

use std::time::Duration;

use api::{
    common::{Done, Problem},
    mail::{ConversationMail, MailReception, TranscriptMail, TranscriptReceiver},
};
use app::{AppError, visitor_mail::TranscriptTo};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::limits::MAIL_BYTES;
use futures_util::StreamExt;

use crate::{
    caller::{Address, Caller, Collaborator, bearer},
    json::Json,
    present,
    problem::{Answer, Failure},
    server::Shared,
};

/// Whom a mail was delivered to, as the mail server's hook says: one address or several with commas between.
const RECIPIENT: &str = "x-mail-recipient";
/// Recipients that are looked at.
const RECIPIENTS: usize = 50;
/// So much of a mail that is too large is heard, in bytes.
const HEARD: usize = 4 * MAIL_BYTES;
/// Longest time that a mail may take to come.
pub(crate) const CALL: Duration = Duration::from_secs(120);

/// A mail server hands over a mail that was sent to a reply address: the body is the mail itself (RFC 5322). Any answer of
/// 200 means that it is not to be delivered again, also when nothing was done with it; its sender is told nothing. An answer
/// of 503 means that it is to be delivered again, after `Retry-After` where that is said: beyond 20 mails for one chat in an
/// hour the others wait.
#[utoipa::path(post, path = "/inbound-mail", tag = "mail",
    params(("X-Mail-Recipient" = Option<String>, Header, description = "Whom it was delivered to, where the mail itself may not say it.")),
    request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, body = MailReception), (status = 401, body = Problem), (status = 404, description = "No mail comes in here.", body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 503, description = "To be delivered again.", body = Problem)),
    security(("inbound_mail" = [])))]
pub(crate) async fn receive(
    State(server): Shared,
    headers: HeaderMap,
    body: Body,
) -> Answer<axum::Json<MailReception>> {
    // Before a byte of it is read: whoever has no token sends nothing.
    let expected = server.config.inbound_mail_token.as_deref().filter(|_| server.baton.takes_mail());
    let expected = expected.ok_or(AppError::NotFound)?;
    let right = shown(&headers).is_some_and(|token| app::auth::same(token.as_bytes(), expected.as_bytes()));
    if !right {
        return Err(AppError::Unauthenticated.into());
    }
    let mail = read(body).await?;
    if mail.is_empty() {
        return Err(AppError::invalid("body", "must be a mail").into());
    }
    let envelope = headers.get(RECIPIENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let envelope: Vec<String> = envelope.split(',').take(RECIPIENTS).map(|one| one.trim().to_owned()).collect();
    let (outcome, why) = server.baton.receive_mail(mail, &envelope).await.map_err(again_later)?.names();
    Ok(axum::Json(MailReception { outcome: outcome.to_owned(), why: why.map(str::to_owned) }))
}

/// Mail services give up after a 429 and try again after a 503.
fn again_later(error: AppError) -> Failure {
    let limited = matches!(error, AppError::RateLimited { .. });
    let mut failure = Failure::from(error);
    if limited {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        failure.0.status = status.as_u16();
        failure.0.title = status.canonical_reason().unwrap_or("Error").to_owned();
    }
    failure
}

/// The mail. One that is too large is heard out for a while, so that its sender reads why it is not taken.
async fn read(body: Body) -> Answer<Vec<u8>> {
    let mut parts = body.into_data_stream();
    let (mut mail, mut length) = (Vec::new(), 0);
    while let Some(part) = parts.next().await {
        let broken = |_| Failure::of_call(StatusCode::BAD_REQUEST, "malformed", "the body did not come to its end");
        let part = part.map_err(broken)?;
        length += part.len();
        if length <= MAIL_BYTES {
            mail.extend_from_slice(&part);
        } else if length > HEARD {
            break;
        }
    }
    if length > MAIL_BYTES {
        return Err(AppError::TooLarge { what: "the mail", max: MAIL_BYTES }.into());
    }
    Ok(mail)
}

/// The token that a hook shows: as a bearer token, or as the password of a user of any name where it can do no better.
fn shown(headers: &HeaderMap) -> Option<String> {
    if let Some(token) = bearer(headers) {
        return Some(token.to_owned());
    }
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(credentials.trim()).ok()?;
    let (_, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| password.to_owned())
}

/// Mails the conversation: for a visitor to the address that is known of them, for a collaborator to the visitor or to
/// themselves. Private notes are never in it. At most 3 in an hour.
#[utoipa::path(post, path = "/conversations/{id}/transcript-mail", tag = "mail", params(("id" = String, Path)),
    request_body = Option<TranscriptMail>,
    responses((status = 202, description = "It is on its way.", body = Done), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn mail_transcript(
    State(server): Shared,
    caller: Caller,
    Address(address): Address,
    Path(id): Path<String>,
    body: Option<Json<TranscriptMail>>,
) -> Answer<(StatusCode, axum::Json<Done>)> {
    let (id, to) = (id.parse()?, body.map(|Json(body)| body.to).unwrap_or_default());
    let baton = &server.baton;
    match (caller, to) {
        (Caller::Staff(staff), to) => {
            let to = match to {
                TranscriptReceiver::Visitor => TranscriptTo::Visitor,
                TranscriptReceiver::Me => TranscriptTo::Me,
            };
            baton.mail_transcript(&staff, id, to).await?;
        }
        (Caller::Visitor(visitor), TranscriptReceiver::Visitor) => {
            baton.mail_own_transcript(&visitor, id, address).await?;
        }
        (Caller::Visitor(_), TranscriptReceiver::Me) => return Err(AppError::Forbidden.into()),
    }
    Ok((StatusCode::ACCEPTED, axum::Json(Done { done: true })))
}

/// What was mailed to the visitor and what came in: the newest 50.
#[utoipa::path(get, path = "/conversations/{id}/mail", tag = "mail", params(("id" = String, Path)),
    responses((status = 200, body = ConversationMail), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<ConversationMail>> {
    Ok(axum::Json(present::mail(server.baton.mail_of(&staff, id.parse()?).await?)))
}
