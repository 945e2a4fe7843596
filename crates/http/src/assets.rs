//! The web apps, inside the binary.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use domain::{
    chatbot::Settings,
    embed::{Place, Shut},
};

use crate::{
    headers::{WORKER_POLICY, page_policy},
    problem::Failure,
    server::Server,
};

#[derive(RustEmbed)]
#[folder = "../../web/desk/dist"]
#[allow_missing = true]
struct Desk;

#[derive(RustEmbed)]
#[folder = "../../web/widget/dist"]
#[allow_missing = true]
struct Widget;

const FOREVER: &str = "public, max-age=31536000, immutable";
const CHECK_FIRST: &str = "no-cache";
/// The service worker of the desk.
const WORKER: &str = "sw.js";

fn file(file: Option<EmbeddedFile>, path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(file) = file else {
        return Failure::of_call(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
            .into_response();
    };
    let tag: String = file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let mime = if mime.type_() == "text" { format!("{mime}; charset=utf-8") } else { mime.to_string() };
    let head = [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag)];
    (head, file.data.into_owned()).into_response()
}

/// A page of ours: the policy, and no frame around it.
fn page(response: Response) -> Response {
    let mut response = response;
    if let Ok(policy) = page_policy("'none'").parse() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Any path that is not known otherwise is a page of the desk: the app in it reads the address.
pub(crate) async fn desk_page(headers: HeaderMap) -> Response {
    page(file(Desk::get("index.html"), "index.html", &headers, CHECK_FIRST))
}

/// A file at the top of the desk (icon, manifest).
pub(crate) async fn desk_file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match Desk::get(&name) {
        Some(found) if name != "index.html" => {
            let mut response = file(Some(found), &name, &headers, CHECK_FIRST);
            if name == WORKER {
                let policy = HeaderValue::from_static(WORKER_POLICY);
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        _ => desk_page(headers).await,
    }
}

/// Files of the desk whose names carry their digest.
pub(crate) async fn desk_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("assets/{path}");
    file(Desk::get(&path), &path, &headers, FOREVER)
}

/// The share page of a chatbot. Who may frame it is the chatbot's matter, and so is whether it answers outside of a
/// frame; what it then shows, its first call to the API finds out.
pub(crate) async fn share_page(
    State(server): State<Arc<Server>>,
    Path(chatbot): Path<String>,
    headers: HeaderMap,
) -> Response {
    let framed = headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe");
    let place = if framed { Place::Frame } else { Place::Page };
    let profile = match chatbot.parse() {
        Ok(id) => server.baton.directory().profile(id).await.ok(),
        Err(_) => None,
    };
    let settings = profile.as_ref().map(|profile| &profile.chatbot.settings);
    // A browser must not show what it kept: the same file answers differently tomorrow, or in a frame.
    let fresh = HeaderMap::new();
    let mut response = file(Widget::get("share.html"), "share.html", &fresh, CHECK_FIRST);
    if settings.is_some_and(|settings| settings.admits(&place, true) == Err(Shut::EmbedOnly)) {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    let head = response.headers_mut();
    head.remove(header::ETAG);
    head.insert(header::VARY, HeaderValue::from_static("sec-fetch-dest"));
    let ancestors = settings.map_or_else(|| "'none'".to_owned(), Settings::frame_ancestors);
    if let Ok(policy) = page_policy(&ancestors).parse() {
        head.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The visitor's side of a rehearsal, for a frame of the desk alone. What it shows, the secret behind the `#` of its address
/// decides.
pub(crate) async fn rehearsal_page(headers: HeaderMap) -> Response {
    let mut response = file(Widget::get("rehearsal.html"), "rehearsal.html", &headers, CHECK_FIRST);
    if let Ok(policy) = page_policy("'self'").parse() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The loader for other websites.
pub(crate) async fn loader(State(_): State<Arc<Server>>, headers: HeaderMap) -> Response {
    from_anywhere(file(Widget::get("widget.js"), "widget.js", &headers, "public, max-age=300"))
}

/// Files of the widget whose names carry their digest.
pub(crate) async fn widget_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("widget-assets/{path}");
    from_anywhere(file(Widget::get(&path), &path, &headers, FOREVER))
}

/// Other websites may load it.
fn from_anywhere(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}
