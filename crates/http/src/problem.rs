//! Errors for the outside: `application/problem+json` with a stable code. The cause chain goes to the log.

use api::common::Problem;
use app::AppError;
use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::headers::SiteRefused;

/// A failed call.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Box<Problem>);

/// The result of a handler.
pub(crate) type Answer<T> = Result<T, Failure>;

/// What to say of an error.
pub(crate) fn problem(error: &AppError) -> Problem {
    let status = status(error);
    if status.is_server_error() {
        tracing::error!(error = error as &dyn std::error::Error, code = error.code(), "a call failed");
    }
    let mut problem = Problem {
        code: error.code().to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: Some(sentence(&detail(error))),
        field: None,
        held_by: None,
        retry_after: None,
    };
    match error {
        AppError::Invalid { field, .. } => problem.field = Some(field.clone()),
        AppError::Refused { held_by, .. } => problem.held_by.clone_from(held_by),
        AppError::RateLimited { retry_after, .. } => problem.retry_after = Some(*retry_after),
        _ => {}
    }
    problem
}

fn status(error: &AppError) -> StatusCode {
    match error.code() {
        "not_found" | "link_unknown" => StatusCode::NOT_FOUND,
        "link_used" | "link_revoked" | "link_expired" => StatusCode::GONE,
        "invalid" | "unsupported_image" | "unsupported_file" | "file_type_mismatch" | "empty_file" | "wrong_code" => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        "unauthenticated" | "wrong_credentials" | "sign_in_required" | "deactivated" => StatusCode::UNAUTHORIZED,
        "forbidden" | "csrf_token_missing" | "embed_only" | "origin_not_allowed" | "role_above_yours"
        | "link_for_another" | "wrong_signature" | "signature_expired" => StatusCode::FORBIDDEN,
        "rate_limited" => StatusCode::TOO_MANY_REQUESTS,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    }
}

fn detail(error: &AppError) -> String {
    match error {
        AppError::Fault(ports::Fault::Unavailable { .. }) => {
            "the server cannot reach its database right now; nothing was changed, try again in a moment".into()
        }
        AppError::Fault(ports::Fault::Broken { .. }) => {
            "something went wrong on the server; it was logged and nothing was changed".into()
        }
        AppError::Refused { held_by: Some(name), .. } => {
            format!("{name} has this live chat; nothing was changed")
        }
        AppError::Invalid { field, cause } => format!("{} {cause}", words(field)),
        other => other.to_string(),
    }
}

/// A field's path for people: `suggested_questions.0` is "suggested questions 1".
fn words(field: &str) -> String {
    let part = |part: &str| match part.parse::<usize>() {
        Ok(place) => (place.saturating_add(1)).to_string(),
        Err(_) => part.replace('_', " "),
    };
    field.split('.').map(part).collect::<Vec<_>>().join(" ")
}

/// Starts with a capital letter and ends with a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut sentence: String = first.to_uppercase().chain(chars).collect();
    if !sentence.ends_with(['.', '!', '?', '…', '。']) {
        sentence.push('.');
    }
    sentence
}

impl Failure {
    /// A failure of the call itself, before any use case.
    pub(crate) fn of_call(status: StatusCode, code: &str, detail: &str) -> Self {
        Self(Box::new(Problem {
            code: code.to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: Some(sentence(detail)),
            field: None,
            held_by: None,
            retry_after: None,
        }))
    }
}

/// Longest reason that is handed on from a call that could not be read, in bytes.
const REASON: usize = 1_024;

/// What the router itself refuses (a query that cannot be read, a method that is not there, a body that is too large, a
/// call that takes too long) gets the same shape as every other problem.
pub(crate) async fn shaped(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_problem = |value: &HeaderValue| value.as_bytes() == b"application/problem+json";
    if !(status.is_client_error() || status.is_server_error())
        || response.headers().get(header::CONTENT_TYPE).is_some_and(is_problem)
    {
        return response;
    }
    let (head, body) = response.into_parts();
    let reason = to_bytes(body, REASON).await.unwrap_or_default();
    let reason = String::from_utf8_lossy(&reason);
    let (code, detail) = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            ("no_such_route", "there is no such call: see /api/v2/openapi.json".into())
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is too large".into()),
        StatusCode::UNPROCESSABLE_ENTITY => ("invalid", reason),
        StatusCode::INTERNAL_SERVER_ERROR => ("internal", "something went wrong on the server; it was logged".into()),
        _ if status.is_server_error() => ("unavailable", "the call took too long: try again in a moment".into()),
        _ => ("malformed", reason),
    };
    let mut shaped = Failure::of_call(status, code, &detail).into_response();
    if let Some(allowed) = head.headers.get(header::ALLOW) {
        shaped.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    shaped
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(Box::new(problem(&error)))
    }
}

impl From<domain::ids::InvalidId> for Failure {
    fn from(_: domain::ids::InvalidId) -> Self {
        // An id that cannot exist names nothing.
        AppError::NotFound.into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.0.retry_after;
        let site_refused = self.0.code == "origin_not_allowed";
        let mut response = (status, axum::Json(*self.0)).into_response();
        if site_refused {
            response.extensions_mut().insert(SiteRefused);
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
