//! The server under a stream of tokens: one or more nodes in a process of their own, on one clock, with a token source
//! in the place of the model.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use app::live::GateMode;
use axum::serve::ListenerExt;
use baton_http::{HttpConfig, Server};
use clap::Args;
use ports::{
    bus::Bus,
    world::{Clock, Entropy},
};
use store::PostgresBus;
use tokio::{io::AsyncReadExt, net::TcpListener};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{prepare, source::Source, watch::Watch};
use crate::{
    config::Data,
    node::{Measured, Node},
    world::{OsEntropy, SystemClock},
};

#[derive(Debug, Clone, Args)]
pub(crate) struct Streamer {
    /// Folder of the database
    dir: PathBuf,
    /// PostgreSQL instead of SQLite
    #[arg(long)]
    database_url: Option<String>,
    /// Nodes, at addresses of their own
    #[arg(long, default_value_t = 1)]
    nodes: usize,
    /// The bus between them; the database itself without it
    #[arg(long)]
    nats_url: Option<String>,
    /// Tokens pass without looking at the gate
    #[arg(long)]
    gate_off: bool,
    /// Microseconds between two tokens
    #[arg(long)]
    every_us: u64,
    /// Tokens of an answer, each with the time when it was made; without it an answer never ends
    #[arg(long)]
    tokens: Option<usize>,
}

/// Serves until the standard input ends, then says what was seen.
pub(super) async fn serve(arguments: Streamer) -> anyhow::Result<()> {
    let data = prepare::data(&arguments.dir, arguments.database_url.as_deref());
    if arguments.nodes > 1 && arguments.database_url.is_none() {
        bail!("several nodes need a PostgreSQL database");
    }
    let watch = Arc::new(Watch::default());
    let stop = CancellationToken::new();
    let mut addresses = Vec::new();
    for number in 0..arguments.nodes {
        // The last node runs the turns: what it writes is shown on others.
        let jobs = if number + 1 == arguments.nodes { app::turn::JOBS } else { 0 };
        let node = node(&arguments, &data, jobs, Arc::clone(&watch)).await?;
        addresses.push(format!("http://{}", start(&node, &stop).await?));
    }
    super::super::print(format_args!("listening on {}", addresses.join(" ")));
    tokio::io::stdin().read_to_end(&mut Vec::new()).await.context("waiting for the end")?;
    super::super::print(serde_json::to_string(&watch.stamps()).context("writing the stamps")?);
    Ok(())
}

async fn node(arguments: &Streamer, data: &Data, jobs: usize, watch: Arc<Watch>) -> anyhow::Result<Node> {
    let me = OsEntropy.id(SystemClock.now());
    let bus: Option<Arc<dyn Bus>> = match (&arguments.nats_url, arguments.nodes) {
        (_, 1) => None,
        (Some(url), _) => Some(Arc::new(bus::Nats::connect(url, "bench", me).await?)),
        (None, _) => Some(Arc::new(PostgresBus::connect(&data.database_url, me).await?)),
    };
    let every = Duration::from_micros(arguments.every_us);
    let source = match arguments.tokens {
        Some(tokens) => Source::Stamped(every, tokens),
        None => Source::Endless(every),
    };
    let gate = if arguments.gate_off { GateMode::Off } else { GateMode::On };
    Node::measured(data, bus, jobs, Measured { source: Arc::new(source), gate, watch }).await
}

async fn start(node: &Node, stop: &CancellationToken) -> anyhow::Result<SocketAddr> {
    let baton = &node.baton;
    tokio::spawn(Arc::clone(baton).work(stop.clone()));
    tokio::spawn(Arc::clone(baton).hear_nodes(stop.clone()));
    tokio::spawn(Arc::clone(baton).compare_heads(stop.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.context("finding a port")?;
    let address = listener.local_addr().context("reading the address")?;
    let server = Arc::new(Server {
        baton: Arc::clone(baton),
        config: HttpConfig {
            public_url: format!("http://{address}"),
            trusted_proxies: Vec::new(),
            inbound_mail_token: None,
        },
        metrics: Box::new(String::new),
        stopping: stop.clone(),
        open: TaskTracker::new(),
    });
    let app = baton_http::router(server).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(axum::serve(listener, app).into_future());
    Ok(address)
}
