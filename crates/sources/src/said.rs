//! What a service said went wrong, read from the many shapes of its error bodies.
//!
//! A proxy's HTML, a run of NUL bytes and Python-quoted text are all met where JSON is promised,
//! so nothing here fails: what cannot be read is an empty code.

use model::Reply;
use model::shown::shown;
use serde_json::Value;
use std::fmt::Write;

/// The code and the words of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The service's code; empty where it gave none.
    pub code: String,
    /// The deepest cause in its words, shortened and made safe to show.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

const LONGEST_SHOWN: usize = 300;

impl Said {
    /// Reads what a reply says.
    #[must_use]
    pub fn of(reply: &Reply) -> Self {
        let text = String::from_utf8_lossy(&reply.body).replace('\0', "");
        let (code, message) = serde_json::from_str(text.trim())
            .ok()
            .and_then(|value: Value| from_json(&value))
            .unwrap_or_else(|| from_text(&text));
        Self {
            code,
            message: short(&message),
            status: reply.status,
        }
    }

    /// Returns whether the code is this one, in whatever case.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }

    /// Returns whether code or message hold these words, in whatever case.
    #[must_use]
    pub fn speaks_of(&self, words: &str) -> bool {
        let words = words.to_ascii_lowercase();
        self.code.to_ascii_lowercase().contains(&words)
            || self.message.to_ascii_lowercase().contains(&words)
    }

    /// Returns it in one line: status, code and words.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = format!("answered {}", self.status);
        if !self.code.is_empty() {
            let _ = write!(line, " ({})", short(&self.code));
        }
        if !self.message.is_empty() {
            let _ = write!(line, ": {}", self.message);
        }
        line
    }

    /// Returns whether it is a refusal for asking too much.
    #[must_use]
    pub fn is_throttling(&self) -> bool {
        self.status == 429
            || self.is("AF429")
            || self.is("TooManyRequests")
            || self.speaks_of("request is throttled")
            || self.speaks_of("too many requests")
    }

    /// Returns whether it is a refusal for want of an Entra licence.
    #[must_use]
    pub fn is_for_want_of_a_licence(&self) -> bool {
        [
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "AadPremiumLicenseRequired",
            "not licensed for this feature",
            "doesn't have premium license",
        ]
        .iter()
        .any(|words| self.speaks_of(words))
    }
}

/// Returns the seconds that a reply asks to wait, where it does.
pub(crate) fn retry_after(reply: &Reply) -> i64 {
    let seconds = reply
        .header("retry-after")
        .and_then(|text| text.trim().parse().ok());
    seconds.unwrap_or(0).clamp(0, 24 * 3600)
}

fn from_json(value: &Value) -> Option<(String, String)> {
    let error = value
        .get("error")
        .or_else(|| value.get("Error"))
        .or_else(|| value.get("odata.error"))
        .unwrap_or(value);
    if let Some(text) = error.as_str() {
        let words = word(value, "error_description").or_else(|| word(value, "message"));
        return Some((text.to_owned(), words.unwrap_or_default()));
    }
    let code = word(error, "code").or_else(|| word(error, "typeKey"));
    let message = deepest_message(error);
    (code.is_some() || message.is_some())
        .then(|| (code.unwrap_or_default(), message.unwrap_or_default()))
}

/// Exchange answers `Invalid Operation` and hides the cause two levels down; Graph's audit
/// service puts a whole JSON error into the message of another.
fn deepest_message(error: &Value) -> Option<String> {
    let internal = ["innererror", "innerError"]
        .iter()
        .filter_map(|name| error.get(name))
        .filter_map(|inner| inner.get("internalexception"))
        .find_map(|internal| word(internal, "message"));
    let detail = error
        .get("details")
        .and_then(|details| details.get(0))
        .and_then(|detail| word(detail, "message"));
    let message = internal.or(detail).or_else(|| word(error, "message"))?;
    let untyped = match message
        .strip_prefix('|')
        .and_then(|rest| rest.split_once('|'))
    {
        Some((_, words)) => words.to_owned(),
        None => message,
    };
    let within: Option<Value> = untyped
        .trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(&untyped).ok())
        .flatten();
    match within.as_ref().and_then(from_json) {
        Some((code, words)) => Some(format!("{code}: {words}")),
        None => Some(untyped),
    }
}

fn word(value: &Value, name: &str) -> Option<String> {
    let object = value.as_object()?;
    let (_, found) = object
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => inner
            .get("value")
            .and_then(Value::as_str)
            .map(str::to_owned),
        _ => None,
    }
}

/// Reads `{'error':{'code':'AF429','message':'...'}}`, which is no JSON, or whatever else there is.
fn from_text(text: &str) -> (String, String) {
    let code = quoted_after(text, "code").or_else(|| activity_code(text));
    let message = quoted_after(text, "message").unwrap_or_else(|| text.to_owned());
    (code.unwrap_or_default(), message)
}

fn quoted_after(text: &str, key: &str) -> Option<String> {
    let (_, after) = text.split_once(key)?;
    let after = after.trim_start_matches(['\'', '"']).trim_start();
    let after = after.strip_prefix(':')?.trim_start();
    let quote = after
        .chars()
        .next()
        .filter(|quote| "'\"".contains(*quote))?;
    after[1..].split(quote).next().map(str::to_owned)
}

fn activity_code(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| {
            word.strip_prefix("AF").is_some_and(|digits| {
                digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit())
            })
        })
        .map(str::to_owned)
}

fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(LONGEST_SHOWN).collect();
    shown(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, code: &str, message: &str) {
        let reply = Reply {
            status: 400,
            body: body.as_bytes().to_vec(),
            ..Reply::default()
        };
        let said = Said::of(&reply);
        assert_eq!(
            (said.code.as_str(), said.message.as_str()),
            (code, message),
            "{body}"
        );
    }

    #[test]
    fn pitfall_02_a_code_in_single_quotes_is_read() {
        check(
            "{'error':{'code':'AF429','message':'Too many requests. Method=GetBlob'}}",
            "AF429",
            "Too many requests. Method=GetBlob",
        );
        check(
            r#"{"error":{"code":"AF10001","message":"no right"}}"#,
            "AF10001",
            "no right",
        );
        check(
            "AF50000: An internal error occurred.",
            "AF50000",
            "AF50000: An internal error occurred.",
        );
    }

    #[test]
    fn pitfall_31_the_real_cause_is_found_and_nul_bytes_are_nothing() {
        check(
            r#"{"error":{"code":"BadRequest","message":"Invalid Operation","innererror":{"internalexception":{"message":"The term 'Search-UnifiedAuditLog' is not recognized"}}}}"#,
            "BadRequest",
            "The term 'Search-UnifiedAuditLog' is not recognized",
        );
        check(
            r#"{"error":{"code":"NotFound","message":"Error","details":[{"message":"|System.X|mailbox not found"}]}}"#,
            "NotFound",
            "mailbox not found",
        );
        check("\0\0\0\0", "", "");
    }

    #[test]
    fn an_error_within_a_message_is_opened() {
        check(
            r#"{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"AuditingDisabledTenant\",\"message\":\"off\"}}"}}"#,
            "UnknownError",
            "AuditingDisabledTenant: off",
        );
        check(
            r#"{"code":"BadRequest","message":"no"}"#,
            "BadRequest",
            "no",
        );
        check(
            "<html>\n<b>proxy</b></html>",
            "",
            "<html> <b>proxy</b></html>",
        );
    }
}
