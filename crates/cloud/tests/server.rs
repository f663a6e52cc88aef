//! A server of a few lines that can also break: cut, reset, hang, redirect.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cloud::{Access, Credential, Door, Endpoints, Limits, Secret};
use model::{Service, Timestamp};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

pub(crate) const TENANT: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const OTHER: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const CLIENT: &str = "33333333-3333-4333-8333-333333333333";
pub(crate) const PASSWORD: &str = "open~sesame.4711+/";

/// 2026-03-01T00:00:00Z
pub(crate) fn clock() -> Timestamp {
    Timestamp(1_772_323_200_000_000)
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Seen {
    pub(crate) fn is_login(&self) -> bool {
        self.path.contains("/oauth2/")
    }

    pub(crate) fn bearer(&self) -> &str {
        self.headers.get("authorization").map_or("", String::as_str)
    }

    /// Returns the fields of a form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        let url = reqwest::Url::parse(&format!("form:?{}", self.body)).unwrap();
        url.query_pairs().into_owned().collect()
    }
}

/// What the server does with a request.
pub(crate) enum Answer {
    /// Status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A success that says it is longer than it is, then ends.
    Cut(Vec<u8>),
    /// A success that breaks off with a reset.
    Reset(Vec<u8>),
    /// A piece of JSON many times, within an array.
    Long(Vec<u8>, usize),
    /// Silence.
    Hang,
    /// A success that falls silent.
    HangAfter(Vec<u8>),
}

pub(crate) fn json(status: u16, body: &str) -> Answer {
    let kind = ("content-type", "application/json".to_owned());
    Answer::Whole(status, vec![kind], body.as_bytes().to_vec())
}

pub(crate) fn with(status: u16, header: (&'static str, &str), body: &str) -> Answer {
    Answer::Whole(
        status,
        vec![(header.0, header.1.to_owned())],
        body.as_bytes().to_vec(),
    )
}

pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server whose answers `answer` gives; `nth` counts the requests of the service, from 0.
    /// Tokens are given for the tenant of the path as long as `answer` leaves them to the server.
    pub(crate) async fn start(
        answer: impl Fn(&Seen, usize) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let most_at_once = Arc::new(AtomicUsize::new(0));
        let server = Self {
            url,
            seen: Arc::clone(&seen),
            most_at_once: Arc::clone(&most_at_once),
        };
        let answer = Arc::new(answer);
        let at_once = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                let (at_once, most) = (Arc::clone(&at_once), Arc::clone(&most_at_once));
                tokio::spawn(async move {
                    let (stream, request) = read(stream).await;
                    let nth = {
                        let mut seen = seen.lock().unwrap();
                        let login = request.is_login();
                        seen.push(request.clone());
                        seen.iter()
                            .filter(|other| other.is_login() == login)
                            .count()
                            - 1
                    };
                    let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    let answer = answer(&request, nth).unwrap_or_else(|| usual(&request, nth));
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    at_once.fetch_sub(1, Ordering::SeqCst);
                    write(stream, answer).await;
                });
            }
        });
        server
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn logins(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(Seen::is_login).collect()
    }

    pub(crate) fn asks(&self) -> Vec<Seen> {
        let seen = self.seen().into_iter();
        seen.filter(|seen| !seen.is_login()).collect()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    /// Returns what opens a tenant whose cloud is this server alone.
    pub(crate) fn access(&self, tenant: &str, credential: Credential) -> Arc<Access> {
        let mut endpoints = Endpoints::of("commercial").unwrap();
        endpoints.set("login", &self.url).unwrap();
        for service in Service::ALL {
            endpoints.set(service.name(), &self.url).unwrap();
        }
        Arc::new(Access {
            tenant: tenant.to_owned(),
            client_id: CLIENT.to_owned(),
            credential,
            endpoints: Arc::new(endpoints),
        })
    }

    pub(crate) fn tenant(&self) -> Arc<Access> {
        self.access(TENANT, password())
    }
}

pub(crate) fn password() -> Credential {
    Credential::Secret(Secret::from(PASSWORD.to_owned()))
}

pub(crate) fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(5),
        backoff: Duration::from_millis(60),
        retry_pause: Duration::from_millis(5),
        timeout: Duration::from_millis(400),
        replication_pause: Duration::from_millis(5),
        ..Limits::default()
    }
}

pub(crate) fn door() -> Door {
    Door::new(limits(), clock, None).unwrap()
}

/// Returns a token for a tenant, different for each number.
pub(crate) fn token(tenant: &str, number: usize) -> String {
    let claims = format!(r#"{{"tid":"{tenant}","roles":["ActivityFeed.Read"],"n":{number}}}"#);
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
}

pub(crate) fn grant(tenant: &str, number: usize) -> Answer {
    let token = token(tenant, number);
    json(
        200,
        &format!(r#"{{"token_type":"Bearer","expires_in":3600,"access_token":"{token}"}}"#),
    )
}

/// Returns a refusal of Entra by its number.
pub(crate) fn refusal(code: u32) -> Answer {
    let body = format!(
        r#"{{"error":"invalid_client","error_description":"AADSTS{code}: no.","error_codes":[{code}]}}"#
    );
    json(401, &body)
}

fn usual(request: &Seen, nth: usize) -> Answer {
    if request.is_login() {
        return grant(request.path.split('/').nth(1).unwrap(), nth);
    }
    json(200, "[]")
}

async fn read(mut stream: TcpStream) -> (TcpStream, Seen) {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            std::future::pending::<()>().await;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.lines();
    let mut first = lines.next().unwrap().split(' ');
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |text| text.parse().unwrap());
    while bytes.len() < head + 4 + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let seen = Seen {
        method: first.next().unwrap().to_owned(),
        path: first.next().unwrap().to_owned(),
        headers,
        body: String::from_utf8(bytes[head + 4..].to_vec()).unwrap(),
        at: Instant::now(),
    };
    (stream, seen)
}

async fn write(mut stream: TcpStream, answer: Answer) {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
    match answer {
        Answer::Whole(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
            for (name, value) in headers {
                head = format!("{head}{name}: {value}\r\n");
            }
            let length = body.len();
            head = format!("{head}content-length: {length}\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        }
        Answer::Cut(body) | Answer::Reset(body) if body.is_empty() => {}
        Answer::Cut(body) => {
            let head = format!("{head}content-length: {}\r\n\r\n", body.len() + 100);
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        }
        Answer::Reset(body) => {
            let head = format!("{head}content-length: {}\r\n\r\n", body.len() + 100);
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
            stream.set_zero_linger().unwrap();
        }
        Answer::Long(piece, times) => {
            let head = format!("{head}transfer-encoding: chunked\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            chunk(&mut stream, b"[0").await;
            for _ in 0..times {
                chunk(&mut stream, &piece).await;
            }
            chunk(&mut stream, b"]").await;
            chunk(&mut stream, b"").await;
        }
        Answer::Hang => std::future::pending().await,
        Answer::HangAfter(body) => {
            let head = format!("{head}content-length: 100\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
            std::future::pending::<()>().await;
        }
    }
    let _ = stream.shutdown().await;
}

async fn chunk(stream: &mut TcpStream, piece: &[u8]) {
    let _ = stream
        .write_all(format!("{:x}\r\n", piece.len()).as_bytes())
        .await;
    let _ = stream.write_all(piece).await;
    let _ = stream.write_all(b"\r\n").await;
}
