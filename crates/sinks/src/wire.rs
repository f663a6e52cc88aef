//! One request on the wire: no redirect followed, no silence endured, no text of an error that
//! holds an address.

use crate::courier::CourierError;
use crate::inert::marked;
use crate::limits::Limits;
use crate::link::is_near;
use crate::outcome::{Outcome, retry_after};
use model::{Secret, Timestamp};
use reqwest::{Client, Response, Url, redirect};
use rustls::ClientConfig;
use serde_json::Value;
use std::error::Error as _;
use std::time::Duration;

/// What a service answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

/// The headers by which services name a request.
const REQUEST_IDS: [&str; 6] = [
    "x-ms-workflow-run-id",
    "x-ms-request-id",
    "x-slack-unique-id",
    "x-slack-req-id",
    "x-request-id",
    "x-amzn-requestid",
];

impl Answer {
    /// Returns what the other side's own people could find the delivery by.
    pub(crate) fn receipt(&self) -> String {
        match &self.request_id {
            Some(id) => format!("status {}, request {id}", self.status),
            None => format!("status {}", self.status),
        }
    }

    fn told(&self) -> String {
        let words = words(&self.body);
        let receipt = self.receipt();
        if words.is_empty() {
            receipt
        } else {
            format!("{receipt}: {words}")
        }
    }
}

/// Says what an answer means that is no success, as services usually mean it.
pub(crate) fn usual(answer: &Answer) -> Outcome {
    match answer.status {
        408 | 425 | 429 | 500..=599 => Outcome::Retry {
            after: answer.retry_after,
            why: answer.told(),
        },
        300..=399 => Outcome::refused(format!("{}: no redirect is followed", answer.receipt())),
        _ => Outcome::refused(answer.told()),
    }
}

/// Finds the words of an error: a code, or the errors that PagerDuty lists. Nothing else of a
/// body is told.
fn words(body: &str) -> String {
    let is_code = |text: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-. ".contains(letter);
        !text.is_empty() && text.len() <= 60 && text.chars().all(plain)
    };
    let body = body.trim();
    if is_code(body) {
        return body.to_owned();
    }
    let Ok(value) = serde_json::from_str::<Value>(body) else {
        return String::new();
    };
    if let Some(errors) = value.get("errors").and_then(Value::as_array) {
        let errors: Vec<&str> = errors.iter().filter_map(Value::as_str).take(5).collect();
        return marked(&errors.join("; "), 200);
    }
    let code = [
        &value["error"]["code"],
        &value["error"],
        &value["code"],
        &value["status"],
    ];
    let mut code = code
        .into_iter()
        .filter_map(Value::as_str)
        .filter(|text| is_code(text));
    code.next().unwrap_or_default().to_owned()
}

pub(crate) struct Wire {
    outside: Client,
    /// For this machine: a proxy has no business there.
    near: Client,
}

impl Wire {
    pub(crate) fn new(limits: &Limits, tls: &ClientConfig) -> Result<Self, CourierError> {
        // The roots of a machine are many: they are read once for all doors.
        let mut tls = tls.clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let build = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.timeout.min(Duration::from_secs(20)))
                .user_agent(concat!("breachscope/", env!("CARGO_PKG_VERSION")))
                .tls_backend_preconfigured(tls.clone())
        };
        Ok(Self {
            outside: build().build().map_err(CourierError::Client)?,
            near: build().no_proxy().build().map_err(CourierError::Client)?,
        })
    }

    /// Posts JSON and returns the answer, or what that means where there is none.
    pub(crate) async fn post(
        &self,
        url: &str,
        body: &str,
        headers: &[(String, Secret)],
        limits: &Limits,
        now: Timestamp,
    ) -> Result<Answer, Outcome> {
        let Ok(url) = Url::parse(url) else {
            return Err(Outcome::refused("the address is no URL"));
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && is_near(&url)) {
            return Err(Outcome::refused("the address is not HTTPS"));
        }
        let client = if is_near(&url) {
            &self.near
        } else {
            &self.outside
        };
        let mut request = client
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(name.as_str(), value.reveal());
        }
        let request = request.build().map_err(|error| {
            // Nothing went out: a header that is none, and never will be one.
            Outcome::refused(format!("the request cannot be written: {}", told(error)))
        })?;
        let response = client.execute(request).await;
        let response = response.map_err(|error| Outcome::retry(told(error)))?;
        read(response, limits, now).await
    }
}

async fn read(mut response: Response, limits: &Limits, now: Timestamp) -> Result<Answer, Outcome> {
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let request_id = REQUEST_IDS.iter().find_map(|name| header(name));
    let wait = header("retry-after").and_then(|text| retry_after(&text, now, limits.patience));
    let mut answer = Answer {
        status: response.status().as_u16(),
        body: String::new(),
        request_id: request_id.map(|id| marked(&id, 80)),
        retry_after: wait,
    };
    let mut body = Vec::new();
    while body.len() < limits.answer {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => break,
            // The head says what became of it; a body that breaks off says no more.
            Err(_) => break,
        }
    }
    body.truncate(limits.answer);
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Ok(answer)
}

fn told(error: reqwest::Error) -> String {
    // The address is a secret: it is never told.
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        told = format!("{told}: {next}");
        cause = next.source();
    }
    marked(&told, 300)
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            body: body.to_owned(),
            ..Answer::default()
        }
    }

    #[test]
    fn only_codes_of_an_error_are_told() {
        for (body, told) in [
            ("no_service", "no_service"),
            ("<html>sign in at https://x</html>", ""),
            (
                r#"{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The workflow 'x' .."}}"#,
                "WorkflowTriggerIsNotEnabled",
            ),
            (
                r#"{"status":"invalid event","errors":["Length of 'routing_key' is incorrect"]}"#,
                "Length of 'routing_key' is incorrect",
            ),
            (r#"{"error":"invalid_token"}"#, "invalid_token"),
            (r#"{"error":"<script>"}"#, ""),
            ("", ""),
        ] {
            assert_eq!(words(body), told, "{body}");
        }
    }

    #[test]
    fn a_status_says_whether_another_try_is_worth_it() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(
                matches!(usual(&answer(status, "")), Outcome::Retry { .. }),
                "{status}"
            );
        }
        for status in [300, 301, 302, 307, 400, 401, 403, 404, 410, 413, 422] {
            assert!(
                matches!(usual(&answer(status, "")), Outcome::Refused { .. }),
                "{status}"
            );
        }
        assert_eq!(
            usual(&answer(404, "no_service")),
            Outcome::refused("status 404: no_service")
        );
    }
}
