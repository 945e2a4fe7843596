//! `baton serve`: from start to drain.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use app::{mail::Outgoing, visitor_mail::Replies};
use axum::serve::ListenerExt;
use baton_http::{HttpConfig, Server};
use clap::Args;
use mailbox::Mime;
use supervisor::Detector;
use tokio::{
    net::TcpSocket,
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::{DataArgs, Others, ServeArgs, Unusable, unknown_variables},
    files::{FilesArgs, FilesAt},
    models::ModelArgs,
    node::Node,
    telemetry,
    vault::KeyFile,
};

/// Connections that wait to be taken, at most.
const BACKLOG: u32 = 1_024;
/// How long calls that are under way may take when the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    files: FilesArgs,
    #[command(flatten)]
    models: ModelArgs,
    #[command(flatten)]
    serve: ServeArgs,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let data = arguments.files.settle_with_file(arguments.data.settle()?)?;
    let (data, serve) = (arguments.models.settle_with_file(data)?, arguments.serve.settle()?);
    // The address first: where another program has it, nothing else is touched. Calls are taken when all is ready.
    let reserved = reserve(serve.listen).map_err(|error| Unusable(format!("--listen {}: {error}", serve.listen)))?;
    KeyFile::new(data.secret_key_file.clone()).look()?;
    telemetry::logs(serve.log_format);
    for name in unknown_variables() {
        tracing::warn!(name, "this variable is no setting: `baton serve --help` lists them");
    }
    if serve.others != Others::None && data.files == FilesAt::Folder(data.dir.join("files")) {
        let folder = data.dir.join("files");
        tracing::warn!(folder = %folder.display(), "files that people send are kept here: every node has to mount it, or name a bucket by --files-url");
    }
    let metrics = telemetry::metrics()?;
    let node = Node::to_serve(&data, &serve.others, serve.jobs).await?;
    node.ready_key().await?;
    // Before anybody is told that it runs: whoever stops it at once stops it in order.
    let told = told_to_stop()?;
    let listener = reserved.listen(BACKLOG).map_err(|error| Unusable(format!("--listen {}: {error}", serve.listen)))?;
    let address = listener.local_addr().context("reading the address")?;
    let public_url = serve.public_url.unwrap_or_else(|| format!("http://{address}"));
    node.baton.known_as(public_url.clone());

    if let Some(smtp) = serve.smtp {
        let replies = serve.incoming.address.map(|address| Replies { address, reader: Arc::new(Mime) });
        node.baton.send_mail_through(Outgoing { mailer: Arc::new(smtp), public_url: public_url.clone(), replies });
    }
    // Browsers subscribe on encrypted pages only; the other subject is for one's own machine.
    let subject = if public_url.starts_with("https://") { public_url.as_str() } else { "mailto:baton@localhost" };
    node.push(subject.to_owned()).await?;
    let stop = CancellationToken::new();
    let work = tokio::spawn(Arc::clone(&node.baton).work(stop.clone()));
    let hearing = tokio::spawn(Arc::clone(&node.baton).hear_nodes(stop.clone()));
    let comparing = tokio::spawn(Arc::clone(&node.baton).compare_heads(stop.clone()));
    let fetching = serve
        .incoming
        .mailbox
        .map(|mailbox| tokio::spawn(Arc::clone(&node.baton).fetch_mail(Arc::new(mailbox), stop.clone())));
    let open = TaskTracker::new();
    let server = Arc::new(Server {
        baton: Arc::clone(&node.baton),
        config: HttpConfig {
            public_url: public_url.clone(),
            trusted_proxies: serve.trusted_proxies,
            inbound_mail_token: serve.incoming.token,
        },
        metrics: Box::new(move || metrics.render()),
        stopping: stop.clone(),
        open: open.clone(),
    });
    if let Some(code) = node.baton.offer_setup().await? {
        tell(&format!("no user exists yet: open {public_url}/setup and enter the set-up code {code}"));
    }
    super::print(format_args!("listening on http://{address}"));
    // What the first message needs is made on a thread of its own: it would hold up everything else meanwhile.
    tokio::task::spawn_blocking(|| Detector::built_in().assess("Hello"));

    let app = baton_http::router(server).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Without it the kernel waits for more before it sends a small frame. A socket that is gone shows elsewhere.
        let _ = stream.set_nodelay(true);
    });
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let serving = tokio::spawn(serving.into_future());
    told.await;
    tracing::info!("draining");
    stop.cancel();
    open.close();
    let drained = async { tokio::join!(serving, open.wait()) };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        tracing::warn!("some calls were cut off");
    }
    work.await.context("the worker")?;
    hearing.await.context("the bus")?;
    comparing.await.context("the comparison of heads")?;
    if let Some(fetching) = fetching {
        fetching.await.context("fetching mail")?;
    }
    node.database.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes an address for this process, without listening on it yet.
fn reserve(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections of an earlier process that are still closing are no reason to wait.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Listens for the signals from now on; the future comes back when one has come.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[expect(clippy::print_stderr, reason = "a secret for the operator's eyes: it must not go into a log")]
fn tell(line: &str) {
    eprintln!("{line}");
}
