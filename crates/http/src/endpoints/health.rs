//! Whether the process lives, whether it can work, and its figures.

use std::time::Duration;

use axum::{extract::State, http::StatusCode, http::header, response::IntoResponse};

use crate::server::Shared;

/// A database that does not answer in this time is not there.
const READY_IN: Duration = Duration::from_secs(2);

/// The process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// The database answers, the bus to other nodes is reached, and the server is not on its way out.
pub(crate) async fn readyz(State(server): Shared) -> (StatusCode, &'static str) {
    if server.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match tokio::time::timeout(READY_IN, server.baton.needs_setup()).await {
        Ok(Ok(_)) if !server.baton.bus_is_up() => (StatusCode::SERVICE_UNAVAILABLE, "the bus is not reached"),
        Ok(Ok(_)) => (StatusCode::OK, "ready"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

/// Figures for Prometheus.
pub(crate) async fn metrics(State(server): Shared) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], (server.metrics)())
}
