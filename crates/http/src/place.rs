//! Where a visitor's page is: on our own page, in a frame of it, or on a site of somebody else.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::embed::Place;

use crate::server::Server;

/// Our page says here that it stands in a frame: the browser's own word for it comes with the page only.
const PLACE: &str = "baton-place";
/// The same in the address of a socket, which carries no headers.
const PLACE_QUERY: &str = "place=frame";

/// Where the call comes from.
pub(crate) struct CalledFrom(pub(crate) Place);

impl FromRequestParts<Arc<Server>> for CalledFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Infallible> {
        Ok(Self(place(server, &parts.headers, parts.uri.query())))
    }
}

/// Where a call with these headers comes from. A browser names the origin of every script that calls; without one it is
/// our own page that reads, or no browser.
pub(crate) fn place(server: &Server, headers: &HeaderMap, query: Option<&str>) -> Place {
    let foreign = headers.get(header::ORIGIN).filter(|origin| !is_ours(server, headers, origin.as_bytes()));
    if let Some(origin) = foreign {
        return Place::Site(String::from_utf8_lossy(origin.as_bytes()).into_owned());
    }
    let framed = headers.get(PLACE).is_some_and(|value| value == "frame")
        || query.is_some_and(|query| query.split('&').any(|part| part == PLACE_QUERY));
    if framed { Place::Frame } else { Place::Page }
}

/// Whether an origin is this server's: its public address, or the very address that was called. No page of another site
/// can name another host in a call than the one that it calls.
fn is_ours(server: &Server, headers: &HeaderMap, origin: &[u8]) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else { return false };
    let called = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    server.is_public_origin(origin) || authority.is_some_and(|authority| Some(authority) == called)
}
