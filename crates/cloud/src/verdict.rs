//! What an answer means for the sender: taken, too many, try again, not allowed.

use crate::hours::http_date;
use model::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// What is to be done about an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the answer.
    Answer,
    /// Too many requests; how long to wait, where it says.
    Throttled(Option<Duration>),
    /// The server is not well: the same question later.
    Passing,
    /// The token is not accepted.
    Unauthorised,
    /// A permission is missing in the token: a fresh one may have it.
    Denied {
        /// Whether the service says that it is the token that lacks it.
        by_token: bool,
    },
}

/// Judges an answer that is no success; `now` is the time as the host sees it.
pub(crate) fn judge(
    status: u16,
    headers: &BTreeMap<String, String>,
    body: &[u8],
    now: Timestamp,
) -> Verdict {
    let asked = headers
        .get("retry-after")
        .and_then(|text| retry_after(text, now));
    let code = error_code(body).unwrap_or_default();
    // The Management API says 403 with AF429; Graph has 403 and 503 with names of its own.
    let says_throttled = [
        "AF429",
        "TooManyRequests",
        "activityLimitReached",
        "ServerBusy",
    ]
    .iter()
    .any(|known| code.eq_ignore_ascii_case(known));
    match status {
        429 => Verdict::Throttled(asked),
        400..=599 if says_throttled => Verdict::Throttled(asked),
        503 if asked.is_some() => Verdict::Throttled(asked),
        408 | 500..=599 => Verdict::Passing,
        401 => Verdict::Unauthorised,
        403 => Verdict::Denied {
            by_token: code == "AF10001",
        },
        _ => Verdict::Answer,
    }
}

/// Reads `Retry-After`: seconds, or a date.
pub(crate) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    const DAY: f64 = 86_400.0;
    let seconds = match text.trim().parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => (http_date(text)?.0 - now.0) as f64 / 1e6,
    };
    // Also what is no number at all becomes a wait: never none.
    Some(Duration::from_secs_f64(seconds.clamp(1.0, DAY).max(1.0)))
}

/// Finds the code of an error in a body that need not be JSON: the Management API writes single
/// quotes, others send NUL bytes or HTML.
pub(crate) fn error_code(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let mut rest = text.as_ref();
    loop {
        let at = rest.find("code").or_else(|| rest.find("Code"))?;
        let (before, after) = (&rest[..at], &rest[at + 4..]);
        rest = after;
        let Some(quote) = before.chars().next_back().filter(|c| "'\"".contains(*c)) else {
            continue;
        };
        let value = after
            .strip_prefix(quote)
            .and_then(|value| value.trim_start().strip_prefix(':'))
            .and_then(|value| value.trim_start().strip_prefix(['\'', '"']));
        let Some(value) = value else { continue };
        let end = value.find(['\'', '"']).unwrap_or(value.len());
        return Some(value[..end].trim().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_quotes_nul_bytes_and_html_are_read_for_what_they_are() {
        let throttled = Verdict::Throttled(None);
        let denied = |by_token| Verdict::Denied { by_token };
        let af429 = "{'error':{'code':'AF429','message':'Too many requests. Method=GetBlob'}}";
        let af10001 = r#"{"error":{"code":"AF10001","message":"see AF429"}}"#;
        for (status, body, verdict) in [
            (403, af429, throttled),
            (
                403,
                r#"{"error": {"code" : "AF429"}}"#,
                Verdict::Throttled(None),
            ),
            (403, af10001, denied(true)),
            (
                403,
                "{'error':{'code':'AF10001','message':'code AF429'}}",
                denied(true),
            ),
            (403, "\0\0\0\0\0\0", denied(false)),
            (403, "<html>AF429 code</html>", denied(false)),
            (
                403,
                r#"{"error":{"code":"TooManyRequests"}}"#,
                Verdict::Throttled(None),
            ),
            (429, "", Verdict::Throttled(None)),
            (500, r#"{"error":{"code":"AF50000"}}"#, Verdict::Passing),
            (503, "", Verdict::Passing),
            (408, "", Verdict::Passing),
            (401, "", Verdict::Unauthorised),
            (400, r#"{"error":{"code":"AF20024"}}"#, Verdict::Answer),
            (404, "", Verdict::Answer),
            (409, "", Verdict::Answer),
        ] {
            let found = judge(status, &BTreeMap::new(), body.as_bytes(), Timestamp(0));
            assert_eq!(found, verdict, "{status} {body}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_on_the_hosts_clock() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (text, seconds) in [
            ("30", Some(30)),
            (" 7 ", Some(7)),
            ("0", Some(1)),
            ("-5", Some(1)),
            ("1e99", Some(86_400)),
            ("NaN", Some(1)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(1)),
            ("soon", None),
        ] {
            let found = retry_after(text, now);
            assert_eq!(found, seconds.map(Duration::from_secs), "{text}");
        }
    }
}
