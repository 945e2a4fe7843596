//! Logs on stderr, figures for Prometheus.

use std::io::IsTerminal;

use anyhow::Context;
use domain::conversation::Rung;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What is logged when `RUST_LOG` says nothing.
const LEVELS: &str = "info,tower_http=warn";

/// Sends logs to stderr: stdout belongs to what scripts read.
pub(crate) fn logs(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LEVELS));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for eyes, not for files.
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    // A second call in one process keeps the first one's choice.
    let _ = match format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Collects figures. Each stands there from the start: who looks before anything has happened reads 0, not nothing.
pub(crate) fn metrics() -> anyhow::Result<PrometheusHandle> {
    let figures = PrometheusBuilder::new().install_recorder().context("starting the metrics")?;
    for side in ["desk", "visitor"] {
        metrics::gauge!("baton_sockets", "side" => side).set(0.0);
    }
    for outcome in ["accepted", "gone", "failed"] {
        metrics::counter!("baton_pushes_total", "outcome" => outcome).absolute(0);
    }
    for rung in Rung::ALL {
        metrics::counter!("baton_waiting_steps_total", "step" => rung.name()).absolute(0);
    }
    metrics::counter!("baton_call_records_lost_total").absolute(0);
    for outcome in ["given", "moved", "nobody"] {
        metrics::counter!("baton_routes_total", "outcome" => outcome).absolute(0);
    }
    Ok(figures)
}
