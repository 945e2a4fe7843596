//! A cable between a server and what it needs, which a test pulls out.

use std::{net::SocketAddr, path::Path};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// Bytes that are taken up at a time.
const BUFFER: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Plugged,
    Silent,
    Pulled,
}

/// Passes on every byte until it is pulled out: then it ends what there is and takes nothing new. Or until it falls silent:
/// then nothing ends and nothing comes, and what was under way arrives late, when it is put in again.
pub struct Cable {
    state: watch::Sender<State>,
    task: JoinHandle<()>,
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Cable {
    /// To a TCP server; gives the address to use instead.
    pub async fn to(target: SocketAddr) -> (Self, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, seen) = watch::channel(State::Plugged);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(pass(near, TcpStream::connect(target), seen.clone()));
            }
        });
        (Self { state, task }, address)
    }

    /// To a server that listens on a Unix socket, from another one.
    pub fn between(near: &Path, far: &Path) -> Self {
        let listener = UnixListener::bind(near).unwrap();
        let far = far.to_owned();
        let (state, seen) = watch::channel(State::Plugged);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = far.clone();
                tokio::spawn(pass(near, async move { UnixStream::connect(far).await }, seen.clone()));
            }
        });
        Self { state, task }
    }

    /// Pulls it out.
    pub fn pull(&self) {
        self.state.send_replace(State::Pulled);
    }

    /// Holds back every byte, in both directions; nobody is told.
    pub fn falls_silent(&self) {
        self.state.send_replace(State::Silent);
    }

    /// Puts it in again.
    pub fn plug(&self) {
        self.state.send_replace(State::Plugged);
    }
}

async fn pass<N, F>(near: N, far: impl Future<Output = std::io::Result<F>>, seen: watch::Receiver<State>)
where
    N: AsyncRead + AsyncWrite,
    F: AsyncRead + AsyncWrite,
{
    if *seen.borrow() == State::Pulled {
        return;
    }
    let Ok(far) = far.await else { return };
    let ((near_reads, near_writes), (far_reads, far_writes)) = (split(near), split(far));
    let mut until = seen.clone();
    // However it ends, both ends hear of it.
    tokio::select! {
        _ = until.wait_for(|state| *state == State::Pulled) => {}
        _ = one_way(near_reads, far_writes, seen.clone()) => {}
        _ = one_way(far_reads, near_writes, seen) => {}
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut seen: watch::Receiver<State>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 || seen.wait_for(|state| *state != State::Silent).await.is_err() {
            return Ok(());
        }
        to.write_all(&buffer[..length]).await?;
    }
}
