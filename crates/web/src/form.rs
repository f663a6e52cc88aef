//! What a browser sends to have something done: only from a page of ours, only with the secret
//! of its session.

use crate::house::Writes;
use crate::keys::is_same;
use crate::refusal::Refusal;
use crate::serving::Peer;
use crate::session::Signed;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, FromRequest, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use std::sync::Arc;

/// How many bytes a form may have.
const MOST_BYTES: usize = 64 << 10;

/// The fields of a form, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Returns the first value of a field; nothing typed is an empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(of, _)| of == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(of, _)| of == name)
            .map(|(_, value)| value.as_str())
    }

    /// Reads what a browser sends.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }
}

/// From where something was sent, and with what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sender {
    pub(crate) address: String,
    pub(crate) agent: String,
}

/// A form from a page of ours, by whoever.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) fields: Fields,
    pub(crate) sender: Sender,
}

/// A form from a page of ours, by somebody who is signed in and whose session it was made for.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) signed: Signed,
    pub(crate) fields: Fields,
    pub(crate) sender: Sender,
}

impl FromRequest<Arc<Writes>> for Letter {
    type Rejection = Refusal;

    async fn from_request(request: Request, writes: &Arc<Writes>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        if !is_from_us(&parts.headers, &parts.uri) {
            return Err(Refusal::Foreign);
        }
        let sender = sender(&parts, writes.reads.settings.behind_proxy);
        let bytes = to_bytes(body, MOST_BYTES).await;
        let bytes = bytes.map_err(|_| Refusal::Form("The form was too large.".to_owned()))?;
        Ok(Self {
            fields: Fields::read(&bytes),
            sender,
        })
    }
}

impl FromRequest<Arc<Writes>> for Posted {
    type Rejection = Refusal;

    async fn from_request(request: Request, writes: &Arc<Writes>) -> Result<Self, Refusal> {
        let signed = writes.reads.signed(request.headers())?;
        let Letter { fields, sender } = Letter::from_request(request, writes).await?;
        let Some(signed) = signed else {
            return Err(Refusal::SignIn {
                next: String::new(),
            });
        };
        if !is_same(fields.get("form"), &signed.form_secret) {
            return Err(Refusal::Foreign);
        }
        let now = writes.now();
        writes
            .acting()
            .touch_session(&signed.session.digest, now, None)?;
        Ok(Self {
            signed,
            fields,
            sender,
        })
    }
}

/// Returns whether a page of ours sent it, as far as the browser says: it says so of every form, and
/// no page can make it say another thing.
fn is_from_us(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).or_else(|| uri.authority().map(Authority::as_str));
    let origin = text(header::ORIGIN.as_str());
    let named = origin.filter(|origin| *origin != "null");
    let is_ours = |origin: &str| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some() && authority == host
    };
    match (text("sec-fetch-site"), named) {
        // Our pages send no referrer, and then a browser may hide the origin from us as well.
        (Some("same-origin"), None) => true,
        (Some("same-origin") | None, Some(origin)) => is_ours(origin),
        _ => false,
    }
}

/// Returns from where a request comes; a proxy before us adds whom it speaks for at the end.
pub(crate) fn sender(parts: &Parts, behind_proxy: bool) -> Sender {
    let text = |name: &str| {
        let value = parts.headers.get_all(name).iter().next_back();
        value.and_then(|value| value.to_str().ok())
    };
    let peer = parts.extensions.get::<ConnectInfo<Peer>>();
    let peer = peer.map_or_else(String::new, |ConnectInfo(peer)| peer.0.ip().to_string());
    let told = text("x-forwarded-for")
        .and_then(|all| all.rsplit(',').next())
        .map(|one| one.trim().to_owned())
        .filter(|one| behind_proxy && !one.is_empty());
    let agent = text(header::USER_AGENT.as_str()).unwrap_or_default();
    Sender {
        address: told.unwrap_or(peer),
        agent: agent.chars().take(200).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:8080"));
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let is_from_us = is_from_us(&headers, &Uri::from_static("/sign-in"));
        assert_eq!(is_from_us, expected, "{pairs:?}");
    }

    #[test]
    fn only_what_our_pages_send_is_taken() {
        check(&[("origin", "http://localhost:8080")], true);
        check(
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            true,
        );
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[], false);
        check(&[("origin", "null")], false);
        check(&[("origin", "https://evil.example")], false);
        check(&[("origin", "http://localhost:8080.evil.example")], false);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://localhost:8080"),
            ],
            false,
        );
        check(&[("sec-fetch-site", "same-site")], false);
        check(
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://evil.example"),
            ],
            false,
        );
    }

    #[test]
    fn a_field_may_come_more_than_once() {
        let fields = Fields::read(b"role=a&role=b+c&name=%3Cx%3E");
        assert_eq!(fields.all("role").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(fields.get("name"), "<x>");
        assert_eq!(fields.get("none"), "");
    }
}
