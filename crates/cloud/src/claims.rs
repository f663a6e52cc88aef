//! What a token says about itself, read without checking its signature: it tells an operator
//! what was granted, and us whether it is for the tenant that was asked for. The service that
//! takes the token does the checking.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Timestamp;
use serde::Deserialize;

/// What a token says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// The tenant that it is for.
    pub tenant: String,
    /// The application that holds it, where it says.
    pub client_id: Option<String>,
    /// The application permissions in it, sorted.
    pub roles: Vec<String>,
    /// The delegated permissions in it, sorted.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: Timestamp,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    tid: String,
    appid: Option<String>,
    azp: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scp: String,
    exp: Option<i64>,
}

/// Reads the claims of a token; nothing where it is no JWT or names no tenant.
pub(crate) fn read(token: &str, fallback_end: Timestamp) -> Option<TokenFacts> {
    let claims = token.split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let wire: Wire = serde_json::from_slice(&claims).ok()?;
    if wire.tid.is_empty() {
        return None;
    }
    let shown = |text: String| model::shown::shown(&text).into_owned();
    let mut roles: Vec<String> = wire.roles.into_iter().map(shown).collect();
    let mut scopes: Vec<String> = wire
        .scp
        .split_whitespace()
        .map(|scope| shown(scope.to_owned()))
        .collect();
    roles.sort();
    scopes.sort();
    Some(TokenFacts {
        tenant: shown(wire.tid),
        client_id: wire.appid.or(wire.azp).map(shown),
        roles,
        scopes,
        expires: wire
            .exp
            .map_or(fallback_end, |seconds| Timestamp(0).plus_seconds(seconds)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn claims_are_read_sorted_and_fit_to_be_shown() {
        let token = token(
            r#"{"tid":"t","appid":"a","roles":["B","A\u001b[2J"],"scp":"y x","exp":1750000000}"#,
        );
        let facts = read(&token, Timestamp(0)).unwrap();
        assert_eq!(facts.roles, ["A<U+001B>[2J", "B"]);
        assert_eq!(facts.scopes, ["x", "y"]);
        assert_eq!(facts.expires, Timestamp(1_750_000_000_000_000));
    }

    #[test]
    fn what_is_no_token_has_no_facts() {
        for text in ["", "a.b.c", "opaque", "a.e30.c"] {
            assert_eq!(read(text, Timestamp(0)), None, "{text}");
        }
    }
}
