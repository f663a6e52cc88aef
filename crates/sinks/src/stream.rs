//! The way of a line to its syslog server.

use crate::outcome::{Certainty, Outcome};
use crate::syslog::{Syslog, Transport};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio_rustls::TlsConnector;

/// Sends a line.
pub(crate) async fn send(settings: &Syslog, line: &str, tls: &Arc<ClientConfig>) -> Outcome {
    let sent = match settings.transport {
        Transport::Udp => datagram(settings, line).await,
        Transport::Tcp => match connect(settings).await {
            Ok(stream) => counted(stream, line).await,
            Err(error) => Err(error),
        },
        Transport::Tls => secured(settings, line, tls).await,
    };
    match sent {
        Ok(()) => Outcome::Delivered {
            certainty: Certainty::Sent,
            receipt: format!("{} bytes", line.len()),
        },
        Err(error) => Outcome::retry(format!(
            "the syslog server: {}",
            crate::inert::marked(&error.to_string(), 200)
        )),
    }
}

async fn addresses(settings: &Syslog) -> io::Result<Vec<SocketAddr>> {
    let all: Vec<SocketAddr> = lookup_host((settings.host.as_str(), settings.port))
        .await?
        .collect();
    if all.is_empty() {
        return Err(io::Error::other("its name leads nowhere"));
    }
    Ok(all)
}

async fn datagram(settings: &Syslog, line: &str) -> io::Result<()> {
    let mut last = io::Error::other("its name leads nowhere");
    for address in addresses(settings).await? {
        let from = if address.is_ipv6() {
            "[::]:0"
        } else {
            "0.0.0.0:0"
        };
        let socket = UdpSocket::bind(from).await?;
        match socket.send_to(line.as_bytes(), address).await {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn connect(settings: &Syslog) -> io::Result<TcpStream> {
    let all = addresses(settings).await?;
    TcpStream::connect(all.as_slice()).await
}

async fn secured(settings: &Syslog, line: &str, tls: &Arc<ClientConfig>) -> io::Result<()> {
    let name = ServerName::try_from(settings.host.clone()).map_err(io::Error::other)?;
    let stream = connect(settings).await?;
    let stream = TlsConnector::from(Arc::clone(tls))
        .connect(name, stream)
        .await?;
    counted(stream, line).await
}

/// Writes a line behind its length, so that it may hold anything (RFC 6587, 3.4.1).
async fn counted(mut stream: impl AsyncWrite + Unpin, line: &str) -> io::Result<()> {
    stream
        .write_all(format!("{} {line}", line.len()).as_bytes())
        .await?;
    stream.flush().await?;
    stream.shutdown().await
}
