//! Headers that protect people: what a page may load, who may put it into a frame, what a browser must not guess.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::server::Server;

/// What our pages may load: their own files, and nothing from anywhere else; and who may put them into a frame.
pub(crate) fn page_policy(ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
         font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-src 'self'; frame-ancestors {ancestors}"
    )
}

/// What the service worker of the desk may load: it calls the API. A browser holds it to the policy that comes with its
/// file, not to that of the pages.
pub(crate) const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/// What anything else may load: nothing.
const OTHER_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Puts the headers on every answer that does not set its own.
pub(crate) async fn protect(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    // The older header knows no list of sites, and a browser that has both follows the policy.
    let framable =
        policy.is_some_and(|policy| policy.contains("frame-ancestors") && !policy.contains("frame-ancestors 'none'"));
    let mut default = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, OTHER_POLICY);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    if !framable {
        default(header::X_FRAME_OPTIONS, "DENY");
    }
    default(header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if server.is_secure() {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Marks the answer to a site that is not among a chatbot's allowed domains.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SiteRefused;

/// The script of an embedded chatbot runs in the host's page: it may call the visitor's routes from other origins, with a
/// token and never with cookies. Which chatbot a call is for, only its handler knows: where that refused the site, the
/// site may not even read the answer.
pub(crate) async fn visitors_from_their_sites(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let preflight = request.method() == Method::OPTIONS;
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let refused = response.extensions().get::<SiteRefused>().is_some();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(|_| !refused) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key, last-event-id"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
