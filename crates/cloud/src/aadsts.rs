//! What Entra means when it gives no token: its numbers, sorted by what is to be done.

use model::{NoToken, NoTokenKind};
use serde::Deserialize;

pub(crate) const CERTIFICATE_UNKNOWN: u32 = 700027;
pub(crate) const OUTSIDE_ITS_TIME: u32 = 700024;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire {
    error: String,
    error_description: String,
    error_codes: Vec<u32>,
}

/// An answer that is no token.
pub(crate) struct Refused {
    pub(crate) no: NoToken,
    /// The word of OAuth for it.
    pub(crate) word: String,
}

/// Reads a refusal. `hidden` are the secrets that were sent: they are not told even where the answer repeats them.
pub(crate) fn refused(status: u16, body: &[u8], hidden: &[&str]) -> Refused {
    let wire: Wire = serde_json::from_slice(body).unwrap_or_default();
    let code = wire.error_codes.first().copied();
    let kind = match code.and_then(by_number) {
        _ if status == 429 || status >= 500 || status == 408 => NoTokenKind::Passing,
        Some(kind) => kind,
        None => by_word(&wire.error),
    };
    let what = match (wire.error_description.is_empty(), wire.error.is_empty()) {
        (false, _) => wire.error_description,
        (true, false) => wire.error.clone(),
        (true, true) => format!("the answer is {status} without a reason"),
    };
    Refused {
        no: NoToken {
            kind,
            code,
            what: told(&what, hidden),
        },
        word: wire.error,
    }
}

/// Returns a text of the service without the secrets that it may repeat, its first line, fit to be shown.
pub(crate) fn told(text: &str, hidden: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in hidden.iter().filter(|secret| secret.len() >= 4) {
        let as_sent = reqwest::Url::parse_with_params("form:", [("", secret)]);
        let as_sent = as_sent
            .ok()
            .and_then(|url| Some(url.query()?[1..].to_owned()));
        for form in [Some((*secret).to_owned()), as_sent].into_iter().flatten() {
            text = text.replace(&form, "[hidden]");
        }
    }
    let line = text.lines().next().unwrap_or_default();
    model::shown::shown(line).chars().take(400).collect()
}

fn by_number(code: u32) -> Option<NoTokenKind> {
    Some(match code {
        7000215 | 7000222 | CERTIFICATE_UNKNOWN | OUTSIDE_ITS_TIME | 700211 | 700213 | 70021
        | 50034 | 50126 | 50053 | 50057 | 90019 | 9002313 => NoTokenKind::Credential,
        700016 | 7000229 => NoTokenKind::NotOnboarded,
        // 500014 says that the service principal of one resource is disabled, as for a tenant
        // without an Exchange licence: the other services may work.
        650051 | 500011 | 650052 | 500014 => NoTokenKind::ServiceAbsent,
        90002 | 5000224 | 900023 => NoTokenKind::TenantGone,
        65001 | 50020 | 50177 | 50076 | 50079 | 50072 | 53003 | 53000 | 530032 | 530033 | 50173
        | 700082 | 70043 | 70008 => NoTokenKind::Interaction,
        90033 | 90024 | 90090 | 90091 => NoTokenKind::Passing,
        _ => return None,
    })
}

fn by_word(word: &str) -> NoTokenKind {
    match word {
        "temporarily_unavailable" | "server_error" => NoTokenKind::Passing,
        "unauthorized_client" => NoTokenKind::NotOnboarded,
        "invalid_resource" => NoTokenKind::ServiceAbsent,
        "invalid_grant"
        | "interaction_required"
        | "consent_required"
        | "login_required"
        | "authorization_declined"
        | "access_denied"
        | "expired_token" => NoTokenKind::Interaction,
        _ => NoTokenKind::Credential,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_table_has_its_meaning() {
        use NoTokenKind::{
            Credential, Interaction, NotOnboarded, Passing, ServiceAbsent, TenantGone,
        };
        for (kind, codes) in [
            (
                Credential,
                &[
                    7000215, 7000222, 700027, 700024, 700211, 700213, 70021, 50126,
                ][..],
            ),
            (NotOnboarded, &[700016, 7000229]),
            (ServiceAbsent, &[650051, 500011, 650052, 500014]),
            (TenantGone, &[90002, 5000224, 900023]),
            (
                Interaction,
                &[
                    65001, 50020, 50177, 50076, 53003, 530032, 50173, 700082, 70008,
                ],
            ),
            (Passing, &[90033]),
        ] {
            for code in codes {
                let body = format!(r#"{{"error":"invalid_client","error_codes":[{code}]}}"#);
                let no = refused(400, body.as_bytes(), &[]).no;
                assert_eq!((no.kind, no.code), (kind, Some(*code)));
            }
        }
        assert_eq!(refused(503, b"<html>", &[]).no.kind, Passing);
        assert_eq!(refused(400, b"<html>", &[]).no.kind, Credential);
    }

    #[test]
    fn a_secret_that_is_repeated_is_not_told() {
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: `se~ame`, `se%7Eame` \u001b[2J\r\nTrace ID: 1"}"#;
        let no = refused(401, body, &["se~ame"]).no;
        assert_eq!(no.what, "AADSTS7000215: `[hidden]`, `[hidden]` <U+001B>[2J");
    }
}
