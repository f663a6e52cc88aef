//! HTTPS: a host is who a trusted authority says it is, or it hears nothing.

use crate::server::{CLIENT, TENANT, clock, limits, password, token};
use cloud::{Access, Door, Endpoints};
use model::{NoTokenKind, Service};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const AUTHORITY: &[u8] = include_bytes!("authority.pem");
const LOCALHOST: &[u8] = include_bytes!("localhost.pem");

#[tokio::test]
async fn a_host_of_a_further_authority_is_trusted_only_where_that_is_given() {
    let trusting = Door::new(limits(), clock, Some(AUTHORITY)).unwrap();
    let usual = Door::new(limits(), clock, None).unwrap();
    let (port, heard) = serve().await;
    let mut endpoints = Endpoints::of("commercial").unwrap();
    endpoints
        .set("login", &format!("https://localhost:{port}"))
        .unwrap();
    let access = Arc::new(Access {
        tenant: TENANT.to_owned(),
        client_id: CLIENT.to_owned(),
        credential: password(),
        endpoints: Arc::new(endpoints),
    });
    let no = usual.token(&access, Service::Graph).await.unwrap_err();
    assert_eq!(no.kind, NoTokenKind::Passing);
    assert!(no.what.contains("certificate"), "{}", no.what);
    assert_eq!(heard.load(Ordering::SeqCst), 0);
    trusting.token(&access, Service::Graph).await.unwrap();
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}

#[test]
fn what_is_no_certificate_is_no_root() {
    let broken = b"-----BEGIN CERTIFICATE-----\n@@@\n-----END CERTIFICATE-----\n";
    for broken in [&broken[..], b"", b"no PEM at all"] {
        assert!(Door::new(limits(), clock, Some(broken)).is_err());
    }
}

/// Serves tokens over TLS and counts the requests that it could read.
async fn serve() -> (u16, Arc<AtomicUsize>) {
    let certificates = CertificateDer::pem_slice_iter(LOCALHOST);
    let certificates = certificates.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(LOCALHOST).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = vec![0; 4096];
            if stream.read(&mut request).await.unwrap_or(0) == 0 {
                continue;
            }
            count.fetch_add(1, Ordering::SeqCst);
            let body = format!(
                r#"{{"expires_in":3600,"access_token":"{}"}}"#,
                token(TENANT, 0)
            );
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    (port, heard)
}
