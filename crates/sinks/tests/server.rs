//! Servers of a few lines: HTTP that answers as it is told, SMTP that can also refuse.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) const AUTHORITY: &[u8] = include_bytes!("authority.pem");
const LOCALHOST: &[u8] = include_bytes!("localhost.pem");

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What a server answers.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A status line with headers, and a body.
    Whole(String, String),
    Silence,
}

pub(crate) fn reply(head: &str, body: &str) -> Reply {
    Reply::Whole(head.to_owned(), body.to_owned())
}

pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = BufReader::new(stream);
                let request = read(&mut stream).await;
                let reply = answer(&request);
                kept.lock().unwrap().push(request);
                let Reply::Whole(head, body) = reply else {
                    // Silence, for as long as the other side endures it.
                    tokio::spawn(async move {
                        let _ = stream.read_to_end(&mut Vec::new()).await;
                    });
                    continue;
                };
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!(
            "http://127.0.0.1:{}/services/T0000001/s3cr3t-p4th?sig=s1gnature",
            self.port
        )
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn read(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Seen {
    let mut seen = Seen::default();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    seen.path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        seen.headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = seen
        .headers
        .get("content-length")
        .map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    seen.body = String::from_utf8(body).unwrap();
    seen
}

pub(crate) fn acceptor() -> TlsAcceptor {
    let certificates = CertificateDer::pem_slice_iter(LOCALHOST);
    let certificates = certificates.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(LOCALHOST).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// How a mail server begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// Plain, and offers TLS.
    StartTls,
    /// Plain, and offers none.
    Plain,
    /// TLS from the first byte.
    Tls,
}

/// A mail that a server took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
    pub(crate) secured: bool,
}

pub(crate) struct MailServer {
    pub(crate) port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Starts a mail server. `rule` answers a command in place of the usual answer.
    pub(crate) async fn start(
        greeting: Greeting,
        rule: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, lines) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(Mutex::new(Vec::new())),
        );
        let server = Self {
            port,
            taken: Arc::clone(&taken),
            lines: Arc::clone(&lines),
        };
        let talk = Arc::new(Talk {
            rule: Box::new(rule),
            taken,
            lines,
        });
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let talk = Arc::clone(&talk);
                tokio::spawn(async move {
                    match greeting {
                        Greeting::Tls => {
                            if let Ok(stream) = acceptor().accept(stream).await {
                                talk.hold(stream, true, true, false).await;
                            }
                        }
                        Greeting::Plain => {
                            talk.hold(stream, false, true, false).await;
                        }
                        Greeting::StartTls => {
                            if talk.hold(&mut stream, false, true, true).await
                                && let Ok(stream) = acceptor().accept(stream).await
                            {
                                talk.hold(stream, true, false, false).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

type Rule = dyn Fn(&str) -> Option<String> + Send + Sync;

struct Talk {
    rule: Box<Rule>,
    taken: Arc<Mutex<Vec<Taken>>>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Talk {
    /// Talks until the end, or until TLS is to begin: then it says so.
    async fn hold(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        secured: bool,
        greets: bool,
        offers: bool,
    ) -> bool {
        let mut stream = BufReader::new(stream);
        let mut mail = Taken {
            secured,
            ..Taken::default()
        };
        if greets {
            let _ = stream.write_all(b"220 localhost ESMTP\r\n").await;
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return false;
            }
            let line = line.trim_end().to_owned();
            self.lines.lock().unwrap().push(line.clone());
            let upper = line.to_uppercase();
            if let Some(answer) = (self.rule)(&line) {
                let _ = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
                continue;
            }
            let answer = if upper.starts_with("EHLO") {
                match (offers, secured) {
                    (true, _) => "250-localhost\r\n250 STARTTLS".to_owned(),
                    (false, true) => "250-localhost\r\n250 AUTH PLAIN LOGIN".to_owned(),
                    (false, false) => "250-localhost\r\n250 AUTH PLAIN LOGIN".to_owned(),
                }
            } else if upper == "STARTTLS" && offers {
                let _ = stream.write_all(b"220 go ahead\r\n").await;
                return true;
            } else if upper.starts_with("AUTH") {
                "235 2.7.0 welcome".to_owned()
            } else if upper.starts_with("RCPT TO:") {
                mail.to.push(line[8..].to_owned());
                "250 2.1.5 ok".to_owned()
            } else if upper == "RSET" {
                mail.to.clear();
                "250 ok".to_owned()
            } else if upper == "DATA" {
                let _ = stream.write_all(b"354 go on\r\n").await;
                while !mail.data.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut mail.data).await.unwrap_or(0) == 0 {
                        return false;
                    }
                }
                self.taken.lock().unwrap().push(std::mem::take(&mut mail));
                mail.secured = secured;
                "250 2.0.0 queued as 4711".to_owned()
            } else if upper == "QUIT" {
                let _ = stream.write_all(b"221 bye\r\n").await;
                return false;
            } else {
                "250 ok".to_owned()
            };
            let _ = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
        }
    }
}
