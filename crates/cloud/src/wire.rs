//! One request on the wire: no redirect followed, no silence endured, no text of an error that
//! holds an address or a token.

use crate::door::DoorError;
use crate::endpoints::is_loopback;
use crate::limits::Limits;
use model::Failure;
use reqwest::{Certificate, Client, RequestBuilder, Response, Url, redirect};
use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::Duration;
use tokio::time::timeout;

/// How much of an error's body is kept.
pub(crate) const ERROR_LIMIT: u64 = 1 << 20;

pub(crate) struct Wire {
    outside: Client,
    /// For this machine and its metadata service: a proxy has no business there.
    near: Client,
}

impl Wire {
    pub(crate) fn new(limits: &Limits, roots: Option<&[u8]>) -> Result<Self, DoorError> {
        // Another room may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let given = roots.is_some();
        let roots = match roots {
            Some(pem) => Certificate::from_pem_bundle(pem).map_err(DoorError::Roots)?,
            None => Vec::new(),
        };
        if given && roots.is_empty() {
            return Err(DoorError::NoRoots);
        }
        let build = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .referer(false)
                .gzip(true)
                .connect_timeout(limits.timeout.min(Duration::from_secs(20)))
                .user_agent(concat!("breachscope/", env!("CARGO_PKG_VERSION")))
                .tls_certs_merge(roots.clone())
        };
        Ok(Self {
            outside: build().build().map_err(DoorError::Client)?,
            near: build().no_proxy().build().map_err(DoorError::Client)?,
        })
    }

    pub(crate) fn near(&self) -> &Client {
        &self.near
    }

    /// Returns the client for a URL. A plain request to this machine never passes a proxy, which would read its token.
    pub(crate) fn client(&self, url: &Url) -> &Client {
        let near = url.scheme() == "http" || url.host_str().is_some_and(is_loopback);
        if near { &self.near } else { &self.outside }
    }
}

/// Sends a request and waits for the head of the answer.
pub(crate) async fn begin(
    request: RequestBuilder,
    patience: Duration,
) -> Result<Response, Failure> {
    match timeout(patience, request.send()).await {
        Ok(answer) => answer.map_err(failure),
        Err(_) => Err(Failure::TimedOut),
    }
}

/// Hands the body to `keep` piece by piece. `keep` says why to stop.
pub(crate) async fn body(
    response: &mut Response,
    silence: Duration,
    mut keep: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    loop {
        match timeout(silence, response.chunk()).await {
            Ok(Ok(Some(piece))) => keep(&piece)?,
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(error)) => return Err(failure(error)),
            Err(_) => return Err(Failure::TimedOut),
        }
    }
}

/// Reads a body into memory; one that is longer than `limit` is an error.
pub(crate) async fn whole(
    response: &mut Response,
    silence: Duration,
    limit: u64,
) -> Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    let keep = |piece: &[u8]| {
        all.extend_from_slice(piece);
        if all.len() as u64 > limit {
            return Err(Failure::TooLong(limit));
        }
        Ok(())
    };
    body(response, silence, keep).await?;
    Ok(all)
}

/// Reads the body of an error as far as it matters; one that breaks off is kept as far as it came.
pub(crate) async fn of_error(response: &mut Response, silence: Duration) -> Vec<u8> {
    let mut all = Vec::new();
    let keep = |piece: &[u8]| {
        let room = ERROR_LIMIT as usize - all.len();
        all.extend_from_slice(&piece[..piece.len().min(room)]);
        if all.len() as u64 >= ERROR_LIMIT {
            return Err(Failure::TooLong(ERROR_LIMIT));
        }
        Ok(())
    };
    let _ = body(response, silence, keep).await;
    all
}

/// Returns the headers by their names in lower case, without what a server would have us keep.
pub(crate) fn headers(response: &Response) -> BTreeMap<String, String> {
    let mut all = BTreeMap::<String, String>::new();
    for (name, value) in response.headers() {
        if name == "set-cookie" {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        all.entry(name.as_str().to_owned())
            .and_modify(|all| {
                all.push_str(", ");
                all.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    all
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    let damaged = error.is_decode();
    // An address may hold a signature: it is never told.
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        told = format!("{told}: {next}");
        cause = next.source();
    }
    let told: String = model::shown::shown(&told).chars().take(500).collect();
    if damaged {
        Failure::Garbled(told)
    } else {
        Failure::Broken(told)
    }
}
