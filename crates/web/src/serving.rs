//! Listening: one thread with a small runtime that answers until it is dropped, with TLS or without.

use crate::error::WebError;
use crate::routes::routes;
use crate::{House, board::Board};
use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A server that answers until it is dropped.
#[derive(Debug)]
pub struct Serving {
    /// Where it answers.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It ended by itself already: nothing is left to stop.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where and how pages are answered.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address.
    pub address: SocketAddr,
    /// The certificate chain and its private key, as PEM files.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether a proxy stands before us.
    pub behind_proxy: bool,
}

/// Answers pages and the API until it is dropped.
pub fn serve_pages(house: &House, listen: &Listen) -> Result<Serving, WebError> {
    let is_alone = listen.address.ip().is_loopback();
    if !is_alone && listen.tls.is_none() && !listen.behind_proxy {
        return Err(WebError::InTheClear {
            address: listen.address,
        });
    }
    let tls = listen.tls.as_ref().map(acceptor).transpose()?;
    start(listen.address, routes(house), tls, "pages").map_err(|source| WebError::Listen {
        address: listen.address,
        source,
    })
}

/// Answers health and numbers on an address, until it is dropped.
pub fn serve(address: SocketAddr, board: Board) -> io::Result<Serving> {
    start(address, crate::health::routes(board), None, "health")
}

fn start(
    address: SocketAddr,
    routes: Router,
    tls: Option<TlsAcceptor>,
    name: &str,
) -> io::Result<Serving> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                    return;
                };
                let gate = Gate::open(listener, tls);
                let service = routes.into_make_service_with_connect_info::<Peer>();
                tokio::select! {
                    _ = axum::serve(gate, service).into_future() => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        })?;
    Ok(Serving {
        address,
        stop: Some(stop),
        thread: Some(thread),
    })
}

fn acceptor((chain, key): &(PathBuf, PathBuf)) -> Result<TlsAcceptor, WebError> {
    let unusable = |path: &PathBuf| {
        let path = path.clone();
        move |what: String| WebError::Certificate { path, what }
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(chain)(error.to_string()))?;
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key)(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(chain)(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, secret)
        .map_err(|error| unusable(chain)(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Who speaks to us.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Connected<IncomingStream<'_, Gate>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        *stream.remote_addr()
    }
}

/// Whoever does not finish its handshake within this is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many connections wait to be answered.
const WAITING: usize = 64;
/// How long to wait where the system has no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes connections; handshakes do not wait for one another.
#[derive(Debug)]
struct Gate {
    accepted: mpsc::Receiver<(Flow, Peer)>,
    address: io::Result<SocketAddr>,
}

impl Gate {
    fn open(listener: tokio::net::TcpListener, tls: Option<TlsAcceptor>) -> Self {
        let (accept, accepted) = mpsc::channel(WAITING);
        let address = listener.local_addr();
        tokio::spawn(async move {
            while !accept.is_closed() {
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        tokio::spawn(take(stream, Peer(peer), tls.clone(), accept.clone()));
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        });
        Self { accepted, address }
    }
}

async fn take(
    stream: TcpStream,
    peer: Peer,
    tls: Option<TlsAcceptor>,
    accept: mpsc::Sender<(Flow, Peer)>,
) {
    // A connection that is slow for it still works.
    let _ = stream.set_nodelay(true);
    let flow = match tls {
        None => Flow::Plain(stream),
        Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => Flow::Tls(Box::new(stream)),
            _ => return,
        },
    };
    // Nobody takes connections any more: this one ends too.
    let _ = accept.send((flow, peer)).await;
}

impl Listener for Gate {
    type Io = Flow;
    type Addr = Peer;

    async fn accept(&mut self) -> (Flow, Peer) {
        match self.accepted.recv().await {
            Some(taken) => taken,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        match &self.address {
            Ok(address) => Ok(Peer(*address)),
            Err(error) => Err(error.kind().into()),
        }
    }
}

#[derive(Debug)]
enum Flow {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Flow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Flow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
