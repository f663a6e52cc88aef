//! A request and an answer, without the connection they travel on.

use axum::http::{HeaderMap, Method};
use serde_json::{Value, json};

use crate::service::Service;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) service: Service,
    pub(crate) method: Method,
    /// The path, undecoded and without the query.
    pub(crate) path: String,
    /// The path's parts, decoded.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    /// Takes a request apart.
    pub(crate) fn new(
        service: Service,
        method: Method,
        target: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| decode(part, false))
            .collect();
        Self {
            service,
            method,
            path: path.to_owned(),
            segments,
            query: form(query),
            headers,
            body,
        }
    }

    /// Returns a parameter of the query; names are compared without regard to case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// Returns a header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the bearer token.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the body as a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form(&String::from_utf8_lossy(&self.body))
    }

    /// Returns the parts of the path as text, for matching.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }
}

/// Returns a field of a form.
pub(crate) fn find<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

fn decode(text: &str, plus_is_blank: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = escaped {
            decoded.push(byte);
            at += 3;
            continue;
        }
        let blank = plus_is_blank && bytes[at] == b'+';
        decoded.push(if blank { b' ' } else { bytes[at] });
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Writes text as a part of a query.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;

    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$".contains(&byte) {
            encoded.push(byte as char);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Records that the body holds, by their places in the world.
    pub(crate) rows: Vec<usize>,
    /// Whether the request changed something.
    pub(crate) changed: bool,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            rows: Vec::new(),
            changed: false,
        }
    }

    /// An answer with a body of a type.
    pub(crate) fn of(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::empty(status)
        }
        .with("content-type", content_type)
    }

    /// JSON.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::of(status, "application/json; charset=utf-8", value.to_string())
    }

    /// JSON that is written already.
    pub(crate) fn text(status: u16, json: String) -> Self {
        Self::of(status, "application/json; charset=utf-8", json)
    }

    /// A page of HTML.
    pub(crate) fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Self::of(status, "text/html; charset=utf-8", page)
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Says that the request changed something.
    pub(crate) fn changing(mut self) -> Self {
        self.changed = true;
        self
    }

    /// Says which records the body holds.
    pub(crate) fn holding(mut self, rows: Vec<usize>) -> Self {
        self.rows = rows;
        self
    }
}

/// `{"error":{"code":..,"message":..}}`, the shape of most services.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({"error": {"code": code, "message": message}}),
    )
}
