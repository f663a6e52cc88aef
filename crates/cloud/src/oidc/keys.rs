//! The keys with which an issuer signs: RFC 7517.
//!
//! They are kept for a day. A token that names a key nobody knows has them read again, but not more
//! than once a minute: anybody can write a token with an invented name in it.

use super::OpenIdError;
use super::claims::Fault;
use super::fetch::fetch;
use super::jose::{Algorithm, Parsed};
use crate::line::Line;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a list of keys may be.
const LIMIT: u64 = 256 << 10;
/// How many keys are looked at.
const MOST: usize = 100;
/// After this they are read again, so that a key that was taken back counts no more.
const FRESH: Duration = Duration::from_hours(24);
/// How long they are not read again for an unknown name.
const PAUSE: Duration = Duration::from_mins(1);

/// A key that signs tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: Option<String>,
    /// The issuer that Entra says it belongs to.
    pub(crate) issuer: Option<String>,
    pub(crate) public: Public,
}

/// The public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Public {
    /// RSA: modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
    /// P-256: the point, uncompressed.
    P256(Vec<u8>),
}

impl Public {
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(..) => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
        }
    }
}

#[derive(Deserialize)]
struct Wire {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct WireKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    issuer: Option<String>,
}

/// What is known of the keys of an issuer.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    keys: Vec<Key>,
    read: Option<Instant>,
}

impl Keys {
    /// Returns the key that a token names.
    pub(crate) async fn find(
        &self,
        line: &Line,
        url: &Url,
        parsed: &Parsed,
    ) -> Result<Key, OpenIdError> {
        let mut held = self.0.lock().await;
        let is_fresh = held.read.is_some_and(|at| at.elapsed() < FRESH);
        if is_fresh && let Some(key) = chosen(&held.keys, parsed) {
            return Ok(key);
        }
        if held.read.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Fault::Key.into());
        }
        let request = line.wire.client(url).get(url.clone());
        let request = request.header("accept", "application/json");
        let body = fetch(line, url, request, LIMIT).await;
        let body = body.map_err(|trouble| OpenIdError::Keys(trouble.told(url)))?;
        let keys = read(&body);
        let keys = keys.ok_or_else(|| OpenIdError::Keys("it is no list of keys".to_owned()))?;
        held.keys = keys;
        held.read = Some(Instant::now());
        Ok(chosen(&held.keys, parsed).ok_or(Fault::Key)?)
    }
}

/// Returns the key of the token's name and algorithm. A token without a name is of the only key
/// that there is for its algorithm.
fn chosen(keys: &[Key], parsed: &Parsed) -> Option<Key> {
    let fit = keys
        .iter()
        .filter(|key| key.public.algorithm() == parsed.algorithm);
    let mut of_name = fit.filter(|key| parsed.key.is_none() || key.name == parsed.key);
    match (of_name.next(), of_name.next()) {
        (Some(key), None) => Some(key.clone()),
        _ => None,
    }
}

/// Reads the keys that sign; a key that cannot be used is passed over.
fn read(body: &[u8]) -> Option<Vec<Key>> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    let keys = wire.keys.into_iter().take(MOST).filter_map(key);
    Some(keys.collect())
}

fn key(value: Value) -> Option<Key> {
    let wire: WireKey = serde_json::from_value(value).ok()?;
    if wire.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let bytes = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?).ok();
    let public = match (wire.kty.as_str(), wire.crv.as_deref()) {
        ("RSA", _) => Public::Rsa(bytes(wire.n)?, bytes(wire.e)?),
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes(wire.x)?, bytes(wire.y)?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            Public::P256([&[4][..], &x, &y].concat())
        }
        _ => return None,
    };
    let is_meant = wire.alg.is_none_or(|alg| alg == public.algorithm().name());
    is_meant.then_some(Key {
        name: wire.kid,
        issuer: wire.issuer,
        public,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_sign_are_read_and_what_is_odd_is_passed_over() {
        let point = URL_SAFE_NO_PAD.encode([7; 32]);
        let body = serde_json::json!({"keys": [
            {"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB", "use": "sig", "x5c": ["..."]},
            {"kty": "RSA", "kid": "b", "n": "AQAB", "e": "AQAB", "use": "enc"},
            {"kty": "RSA", "kid": "c", "n": "AQAB", "e": "AQAB", "alg": "PS256"},
            {"kty": "RSA", "kid": "d", "n": "A+/=", "e": "AQAB"},
            {"kty": "oct", "kid": "e", "k": "AQAB"},
            {"kty": "EC", "crv": "P-256", "kid": "f", "x": point, "y": point},
            {"kty": "EC", "crv": "P-256", "kid": "g", "x": "AQAB", "y": point},
            {"kty": "EC", "crv": "P-384", "kid": "h", "x": point, "y": point},
            {"kid": 7}, 5, null
        ]});
        let keys = read(body.to_string().as_bytes()).unwrap();
        let names: Vec<_> = keys.iter().filter_map(|key| key.name.as_deref()).collect();
        assert_eq!(names, ["a", "f"]);
        assert_eq!(read(b"{}"), None);
        assert_eq!(read(b"<html>"), None);
    }
}
