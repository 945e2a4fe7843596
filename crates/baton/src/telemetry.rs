//! Logs on stderr, figures for Prometheus.

use std::io::IsTerminal;

use anyhow::Context;
use domain::{
    conversation::{Reason, Rung},
    requests::End,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What is logged when `RUST_LOG` says nothing.
const LEVELS: &str = "info,tower_http=warn";

/// Bounds of the buckets of the time to the first human word, in seconds: from a person who sits there to the next morning.
/// The times of the steps of a wait are among them.
const FIRST_WORD_S: [f64; 12] =
    [5.0, 10.0, 30.0, 60.0, 90.0, 180.0, 300.0, 600.0, 1_800.0, 3_600.0, 14_400.0, 57_600.0];

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
    let first_word = Matcher::Full("baton_first_human_word_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(first_word, &FIRST_WORD_S);
    let figures = builder.context("naming the buckets")?.install_recorder().context("starting the metrics")?;
    for side in ["desk", "visitor"] {
        metrics::gauge!("baton_sockets", "side" => side).set(0.0);
    }
    for outcome in ["accepted", "gone", "failed"] {
        metrics::counter!("baton_pushes_total", "outcome" => outcome).absolute(0);
    }
    for reason in Reason::ALL {
        metrics::counter!("baton_requests_total", "reason" => reason.name()).absolute(0);
    }
    for end in End::ALL.into_iter().filter(|end| *end != End::Answered) {
        metrics::counter!("baton_requests_unanswered_total", "end" => end.name()).absolute(0);
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
