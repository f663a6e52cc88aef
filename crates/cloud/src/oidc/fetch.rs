//! One answer of an issuer's server: bounded, JSON, and from where it was asked for.

use crate::body::wrong_kind;
use crate::line::Line;
use crate::target::host_of;
use crate::wire;
use reqwest::{RequestBuilder, Url};

/// Why there is no answer.
pub(crate) enum Trouble {
    /// None came, or one that is none.
    Broken(String),
    /// It is a refusal, with its body.
    Status(u16, Vec<u8>),
}

impl Trouble {
    /// Returns it in words that hold nothing of the body.
    pub(crate) fn told(self, url: &Url) -> String {
        let host = host_of(url);
        match self {
            Self::Broken(what) => format!("`{host}`: {what}"),
            Self::Status(status, _) => format!("`{host}` answered {status}"),
        }
    }
}

/// Sends a request and returns the body of its success. A redirect is no success.
pub(crate) async fn fetch(
    line: &Line,
    url: &Url,
    request: RequestBuilder,
    limit: u64,
) -> Result<Vec<u8>, Trouble> {
    let silence = line.limits.timeout;
    let broken = |failure: model::Failure| Trouble::Broken(failure.to_string());
    let answer = line.begin(url, request, silence).await;
    let mut response = answer.map_err(broken)?;
    let status = response.status().as_u16();
    if status != 200 {
        let body = wire::of_error(&mut response, silence).await;
        return Err(Trouble::Status(status, body));
    }
    let kind = response.headers().get("content-type");
    if let Some(what) = wrong_kind(kind.and_then(|kind| kind.to_str().ok())) {
        return Err(Trouble::Broken(what));
    }
    let whole = wire::whole(&mut response, silence, limit);
    // Each piece may take its time; all of them together may not.
    match tokio::time::timeout(silence * 2, whole).await {
        Ok(body) => body.map_err(broken),
        Err(_) => Err(Trouble::Broken("it does not come to an end".to_owned())),
    }
}
