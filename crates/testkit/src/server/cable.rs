//! A cable between a server and what it needs, which a test pulls out.

use std::{net::SocketAddr, path::Path};

use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// Passes on every byte until it is pulled out; then it ends what there is and takes nothing new, until it is put in
/// again.
pub struct Cable {
    pulled: watch::Sender<bool>,
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
        let (pulled, seen) = watch::channel(false);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(pass(near, TcpStream::connect(target), seen.clone()));
            }
        });
        (Self { pulled, task }, address)
    }

    /// To a server that listens on a Unix socket, from another one.
    pub fn between(near: &Path, far: &Path) -> Self {
        let listener = UnixListener::bind(near).unwrap();
        let far = far.to_owned();
        let (pulled, seen) = watch::channel(false);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = far.clone();
                tokio::spawn(pass(near, async move { UnixStream::connect(far).await }, seen.clone()));
            }
        });
        Self { pulled, task }
    }

    /// Pulls it out.
    pub fn pull(&self) {
        self.pulled.send_replace(true);
    }

    /// Puts it in again.
    pub fn plug(&self) {
        self.pulled.send_replace(false);
    }
}

async fn pass<N, F>(mut near: N, far: impl Future<Output = std::io::Result<F>>, mut pulled: watch::Receiver<bool>)
where
    N: AsyncRead + AsyncWrite + Unpin,
    F: AsyncRead + AsyncWrite + Unpin,
{
    if *pulled.borrow() {
        return;
    }
    let Ok(mut far) = far.await else { return };
    // However it ends, both ends hear of it.
    tokio::select! {
        _ = pulled.wait_for(|pulled| *pulled) => {}
        _ = copy_bidirectional(&mut near, &mut far) => {}
    }
}
