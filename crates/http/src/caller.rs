//! Who is calling, read from a request: a session's cookie, an API key, a visitor's token; and from which address.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::{
    AppError, Baton,
    auth::{Browser, Staff, csrf_token},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::embed::Place;
use ports::conversations::KnownVisitor;
use time::Duration;
use utoipa::IntoParams;

use crate::{place, problem::Failure, server::Server};

/// Name of the session's cookie.
const COOKIE: &str = "baton_session";
/// A page shows here that it may act for the session.
const CSRF_HEADER: &str = "x-csrf-token";
/// How long a browser keeps the cookie, in seconds.
const COOKIE_SECONDS: i64 = 30 * 24 * 3_600;

/// A signed-in collaborator.
pub(crate) struct Collaborator(pub(crate) Staff);

/// A signed-in collaborator, if there is one.
pub(crate) struct MaybeCollaborator(pub(crate) Option<Staff>);

/// The visitor of the call's token, if it has one that is good.
pub(crate) struct MaybeVisitor(pub(crate) Option<KnownVisitor>);

/// Somebody who may look at a conversation.
pub(crate) enum Caller {
    Staff(Staff),
    Visitor(Box<KnownVisitor>),
}

/// Somebody who may look at a conversation, or nobody: what is no good is as good as nothing.
pub(crate) struct MaybeCaller(pub(crate) Option<Caller>);

/// The header `Idempotency-Key` of a call that makes something.
#[derive(IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub(crate) struct IdempotencyKey(
    /// Your own id of this call, kept for 24 hours: the same call under the same key gives what the first one made, another
    /// call under it is refused with `idempotency_key_reused`.
    pub(crate) Option<String>,
);

/// The address that the call comes from.
pub(crate) struct Address(pub(crate) IpAddr);

/// The browser that calls.
pub(crate) struct Browsing(pub(crate) Browser);

/// The header `X-Link-Token`: the secret of a link. Not in the address, which ends up in logs.
#[derive(IntoParams)]
#[into_params(names("X-Link-Token"), parameter_in = Header)]
pub(crate) struct LinkSecret(
    /// What stands behind the `#` of the link.
    pub(crate) String,
);

/// The cookie that keeps a browser signed in; without a secret it is taken away.
pub(crate) fn session_cookie(secret: Option<&str>, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, secret.unwrap_or_default().to_owned());
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(secure);
    cookie.set_max_age(Duration::seconds(if secret.is_some() { COOKIE_SECONDS } else { 0 }));
    cookie
}

/// The secret in the session's cookie.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who calls. A bearer token counts alone: with one, cookies are ignored.
async fn caller(
    baton: &Baton,
    method: &Method,
    headers: &HeaderMap,
    place: &Place,
    from: IpAddr,
) -> Result<Caller, AppError> {
    if let Some(token) = bearer(headers) {
        return if Baton::is_api_key(token) {
            Ok(Caller::Staff(baton.staff_by_key(token).await?))
        } else {
            Ok(Caller::Visitor(Box::new(baton.visitor_by_token(token, place).await?)))
        };
    }
    let secret = session_secret(headers).ok_or(AppError::Unauthenticated)?;
    let staff = baton.staff_by_session(&secret, from).await?;
    let shown = headers.get(CSRF_HEADER).map(|value| value.as_bytes());
    if method.is_safe() || shown.is_some_and(|shown| app::auth::same(shown, csrf_token(&secret).as_bytes())) {
        Ok(Caller::Staff(staff))
    } else {
        Err(AppError::NoCsrfToken)
    }
}

impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let address = Address::from_request_parts(parts, server).await?;
        if !parts.method.is_safe() {
            server.baton.count(app::limiter::Door::Write, address.0)?;
        }
        let place = place::place(server, &parts.headers, parts.uri.query());
        Ok(caller(&server.baton, &parts.method, &parts.headers, &place, address.0).await?)
    }
}

impl FromRequestParts<Arc<Server>> for MaybeCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let address = Address::from_request_parts(parts, server).await?;
        let place = place::place(server, &parts.headers, parts.uri.query());
        match caller(&server.baton, &parts.method, &parts.headers, &place, address.0).await {
            Ok(caller) => Ok(Self(Some(caller))),
            Err(error @ AppError::Fault(_)) => Err(error.into()),
            Err(_) => Ok(Self(None)),
        }
    }
}

impl FromRequestParts<Arc<Server>> for Collaborator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        match Caller::from_request_parts(parts, server).await? {
            Caller::Staff(staff) => Ok(Self(staff)),
            Caller::Visitor(_) => Err(AppError::Forbidden.into()),
        }
    }
}

impl FromRequestParts<Arc<Server>> for MaybeCollaborator {
    type Rejection = Failure;

    /// A visitor's page calls without a token: a cookie that is no good is as good as none.
    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let address = Address::from_request_parts(parts, server).await?;
        let staff = match (bearer(&parts.headers), session_secret(&parts.headers)) {
            (None, Some(secret)) => server.baton.staff_by_session(&secret, address.0).await.ok(),
            _ => None,
        };
        Ok(Self(staff))
    }
}

impl FromRequestParts<Arc<Server>> for MaybeVisitor {
    type Rejection = Failure;

    /// A token that is no good any more is as good as none.
    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let Some(token) = bearer(&parts.headers) else { return Ok(Self(None)) };
        let place = place::place(server, &parts.headers, parts.uri.query());
        match server.baton.visitor_by_token(token, &place).await {
            Ok(visitor) => Ok(Self(Some(visitor))),
            Err(AppError::Unauthenticated) => Ok(Self(None)),
            Err(error) => Err(error.into()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Infallible;

    /// What is not a key is refused with all else that is wrong with the call.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let value = parts.headers.get("idempotency-key");
        Ok(Self(value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())))
    }
}

impl FromRequestParts<Arc<Server>> for Browsing {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let address = Address::from_request_parts(parts, server).await?.0;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(Browser { address, device: agent.and_then(crate::device::describe) }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LinkSecret {
    type Rejection = Infallible;

    /// No secret is one that is unknown.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let value = parts.headers.get("x-link-token").and_then(|value| value.to_str().ok());
        Ok(Self(value.unwrap_or_default().to_owned()))
    }
}

impl FromRequestParts<Arc<Server>> for Address {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)).to_canonical();
        Ok(Self(forwarded(peer, &parts.headers, &server.config.trusted_proxies)))
    }
}

/// The nearest address that is not one of our own proxies. What others write into the header is not believed.
fn forwarded(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> =
        values.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !trusted.contains(hop)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HeaderName::from_static("x-forwarded-for"), value.parse().unwrap())])
    }

    #[test]
    fn forwarded_addresses_are_believed_from_our_proxies_only() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(forwarded(ip("192.0.2.9"), &header("203.0.113.1"), &trusted), ip("192.0.2.9"));
        assert_eq!(forwarded(ip("10.0.0.1"), &header("203.0.113.1"), &trusted), ip("203.0.113.1"));
        // The visitor wrote the first hop; our outer proxy wrote the second.
        assert_eq!(forwarded(ip("10.0.0.1"), &header("1.2.3.4, 203.0.113.1, 10.0.0.2"), &trusted), ip("203.0.113.1"));
        assert_eq!(forwarded(ip("10.0.0.1"), &header("nonsense"), &trusted), ip("10.0.0.1"));
    }
}
