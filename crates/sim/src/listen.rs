//! Listening: connections that can be encrypted, and can be reset in the middle.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The handle by which a connection is reset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    reset: Arc<AtomicBool>,
}

impl Wire {
    /// Lets the next byte be a reset.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Gate>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A listener of one service.
#[derive(Debug)]
pub(crate) struct Gate {
    accepted: mpsc::Receiver<Line>,
}

impl Gate {
    /// Begins to take connections; handshakes do not wait for one another.
    pub(crate) fn open(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        let (accept, accepted) = mpsc::channel(64);
        tokio::spawn(async move {
            while !accept.is_closed() {
                if let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(take(stream, tls.clone(), accept.clone()));
                }
            }
        });
        Self { accepted }
    }
}

async fn take(stream: TcpStream, tls: Option<TlsAcceptor>, accept: mpsc::Sender<Line>) {
    let _ = stream.set_nodelay(true);
    let flow = match tls {
        None => Flow::Plain(stream),
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => Flow::Tls(Box::new(stream)),
            Err(_) => return,
        },
    };
    let wire = Wire::default();
    let _ = accept.send(Line { flow, wire }).await;
}

impl Listener for Gate {
    type Io = Line;
    type Addr = Wire;

    async fn accept(&mut self) -> (Line, Wire) {
        match self.accepted.recv().await {
            Some(line) => {
                let wire = line.wire.clone();
                (line, wire)
            }
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Wire> {
        Ok(Wire::default())
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Line {
    flow: Flow,
    wire: Wire,
}

#[derive(Debug)]
enum Flow {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Line {
    fn broken(&self) -> io::Result<()> {
        if !self.wire.reset.load(Ordering::Relaxed) {
            return Ok(());
        }
        let socket = match &self.flow {
            Flow::Plain(stream) => stream,
            Flow::Tls(stream) => stream.get_ref().0,
        };
        let _ = socket.set_zero_linger();
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.flow {
            Flow::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Flow::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.broken()?;
        match &mut self.flow {
            Flow::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Flow::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.flow {
            Flow::Plain(stream) => Pin::new(stream).poll_flush(context),
            Flow::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.flow {
            Flow::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Flow::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

/// Binds a port of the loopback; nought is any.
pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
