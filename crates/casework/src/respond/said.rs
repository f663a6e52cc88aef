//! What an answer says beside its rows: status, code, the deepest cause, warnings.
//!
//! Nothing here fails: a proxy's page or a run of NUL bytes is a text without a code.

use model::bags::body;
use model::shown::shown;
use model::{Json, Reply};
use std::fmt::Write;

/// The code, words and warnings of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: u16,
    /// The service's code; empty where it gave none.
    code: String,
    /// The deepest cause in its words, short and safe to show.
    message: String,
    /// What a cmdlet warned of.
    warnings: Vec<String>,
}

const LONGEST_SHOWN: usize = 300;

/// The codes with which Graph says that a thing is not there.
const GONE: [&str; 6] = [
    "Request_ResourceNotFound",
    "ResourceNotFound",
    "ItemNotFound",
    "ErrorItemNotFound",
    "NotFound",
    "Directory_ObjectNotFound",
];

impl Said {
    /// Reads what an answer says.
    pub(crate) fn of(reply: &Reply) -> Self {
        let text = String::from_utf8_lossy(&reply.body).replace('\0', "");
        let parsed = body(text.trim());
        let (code, message) = error(&parsed).unwrap_or_default();
        let is_plain = message.is_empty() && !reply.is_success();
        let message = if is_plain { text.clone() } else { message };
        let warned = parsed.get("@adminapi.warnings").map(Json::items);
        let warned = warned.unwrap_or_default().iter().filter_map(Json::as_text);
        Self {
            status: reply.status,
            code: short(&code),
            message: short(&message),
            warnings: warned.map(short).collect(),
        }
    }

    /// Returns whether the code is this one, in whatever case.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }

    /// Returns whether code, message or a warning hold these words, in whatever case.
    pub(crate) fn speaks_of(&self, words: &str) -> bool {
        let words = words.to_ascii_lowercase();
        let texts = [&self.code, &self.message].into_iter();
        let mut texts = texts.chain(&self.warnings);
        texts.any(|text| text.to_ascii_lowercase().contains(&words))
    }

    /// Returns whether it is the documented way of saying that a thing is not there: a bare 404,
    /// as of a wrong path or a proxy, is none.
    pub(crate) fn is_gone(&self) -> bool {
        let is_unknown_cmdlet = self.speaks_of("is not recognized");
        let is_named = GONE.iter().any(|code| self.is(code));
        let is_object = self.speaks_of("couldn't be found")
            || self.speaks_of("does not exist")
            || self.speaks_of("not found");
        let is_mailbox = self.is("MailboxNotEnabledForRESTAPI");
        self.status == 404
            && (is_named || is_object)
            && !is_unknown_cmdlet
            && !is_mailbox
            && !self.speaks_of("Resource not found for the segment")
    }

    /// Returns whether it is a refusal for want of an Entra licence.
    pub(crate) fn is_for_want_of_a_licence(&self) -> bool {
        [
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "AadPremiumLicenseRequired",
            "not licensed for this feature",
            "doesn't have premium license",
        ]
        .iter()
        .any(|words| self.speaks_of(words))
    }

    /// Returns the warning that tells of a failure, where a success has one.
    pub(crate) fn complaint(&self) -> Option<&str> {
        let tells = |warning: &&String| {
            let warning = warning.to_ascii_lowercase();
            let words = ["fail", "cancel", "partial", "incomplete", "try again"];
            words.iter().any(|word| warning.contains(word))
        };
        self.warnings.iter().find(tells).map(String::as_str)
    }

    /// Returns what was warned of, in one line.
    pub(crate) fn warning_line(&self) -> String {
        self.warnings.join("; ")
    }

    /// Returns it in one line: status, code and words.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("answered {}", self.status);
        if !self.code.is_empty() {
            let _ = write!(line, " ({})", self.code);
        }
        if !self.message.is_empty() {
            let _ = write!(line, ": {}", self.message);
        }
        line
    }
}

fn error(body: &Json<'_>) -> Option<(String, String)> {
    let error = body
        .get_any_case("error")
        .or_else(|| body.get_any_case("odata.error"))?;
    if let Some(text) = error.as_text() {
        let words = body.get_any_case("error_description");
        return Some((text.to_owned(), word(words).unwrap_or_default()));
    }
    let code = word(error.get_any_case("code")).unwrap_or_default();
    Some((code, deepest(error).unwrap_or_default()))
}

/// Exchange answers `Invalid Operation` and hides the cause two levels down.
fn deepest(error: &Json<'_>) -> Option<String> {
    let inner = error.get_any_case("innererror");
    let internal = inner.and_then(|inner| inner.get_any_case("internalexception"));
    let internal = word(internal.and_then(|one| one.get_any_case("message")));
    let detail = || {
        let details = error.get_any_case("details")?.items().first()?;
        word(details.get_any_case("message"))
    };
    let message = internal
        .or_else(detail)
        .or_else(|| word(error.get_any_case("message")))?;
    // `|Type.Of.The.Exception|its words`
    let untyped = message
        .strip_prefix('|')
        .and_then(|rest| rest.split_once('|'));
    Some(untyped.map_or(message.clone(), |(_, words)| words.to_owned()))
}

fn word(value: Option<&Json<'_>>) -> Option<String> {
    match value? {
        object @ Json::Object(_) => object.text("value").map(str::to_owned),
        other => other.as_word().map(str::to_owned),
    }
}

fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(LONGEST_SHOWN).collect();
    shown(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Said {
        Said::of(&Reply {
            status,
            body: body.as_bytes().to_vec(),
            ..Reply::default()
        })
    }

    #[test]
    fn the_deepest_cause_is_what_counts() {
        let body = r#"{"error":{"code":"NotFound","message":"Invalid Operation","innererror":{"internalexception":{"message":"object 'x' couldn't be found."}}}}"#;
        let found = said(404, body);
        assert_eq!(
            found.line(),
            "answered 404 (NotFound): object 'x' couldn't be found."
        );
        assert!(found.is_gone());
    }

    #[test]
    fn a_404_that_is_not_about_the_object_is_not_gone() {
        for body in [
            "<html>no such page</html>",
            "",
            r#"{"error":{"code":"NotFound","message":"x","innererror":{"internalexception":{"message":"The term 'Get-Mailbox' is not recognized as the name of a cmdlet"}}}}"#,
            r#"{"error":{"code":"MailboxNotEnabledForRESTAPI","message":"on premises"}}"#,
            r#"{"error":{"code":"BadRequest","message":"Resource not found for the segment 'x'."}}"#,
        ] {
            assert!(!said(404, body).is_gone(), "{body}");
        }
        let gone = r#"{"error":{"code":"Request_ResourceNotFound","message":"Resource 'x' does not exist or one of its queried reference-property objects are not present."}}"#;
        assert!(said(404, gone).is_gone());
        assert!(!said(403, gone).is_gone());
    }

    #[test]
    fn hostile_text_is_marked_and_short() {
        let found = said(500, "\u{202e}evil\0\n  page");
        assert_eq!(found.line(), "answered 500: <U+202E>evil page");
        assert!(said(500, &"x".repeat(9999)).line().len() < 400);
    }

    #[test]
    fn a_warning_is_heard() {
        let warned = said(
            200,
            r#"{"value":[],"@adminapi.warnings":["A task failed."]}"#,
        );
        assert_eq!(warned.complaint(), Some("A task failed."));
        assert!(warned.speaks_of("a TASK"));
    }
}
