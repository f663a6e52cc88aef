//! A signed token taken apart, and its signature: RFC 7515 with RS256 and ES256, and nothing else.
//!
//! The key says by which algorithm it signs; a token that says another one is refused before any
//! key is looked at. So neither `none` nor a public key used as a shared secret gets anywhere.

use super::claims::Fault;
use super::keys::{Key, Public};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// How long a token may be.
const LONGEST: usize = 64 << 10;

/// An algorithm that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    Rs256,
    /// ECDSA, P-256, SHA-256.
    Es256,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A token, taken apart; nothing of it is believed as yet.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) algorithm: Algorithm,
    /// The name of the key, where one is said.
    pub(crate) key: Option<String>,
    pub(crate) claims: Map<String, Value>,
    signed: String,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// Takes a token apart.
pub(crate) fn parse(token: &str) -> Result<Parsed, Fault> {
    if token.len() > LONGEST {
        return Err(Fault::Malformed);
    }
    let mut parts = token.split('.');
    let (Some(head), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Fault::Malformed);
    };
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::Malformed);
    let told: Head = serde_json::from_slice(&bytes(head)?).map_err(|_| Fault::Malformed)?;
    let algorithm = match told.alg.as_str() {
        "RS256" => Algorithm::Rs256,
        "ES256" => Algorithm::Es256,
        _ => return Err(Fault::Algorithm),
    };
    let is_jwt = told.typ.is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"));
    if !is_jwt || told.crit.is_some() {
        return Err(Fault::Type);
    }
    Ok(Parsed {
        algorithm,
        key: told.kid,
        claims: serde_json::from_slice(&bytes(claims)?).map_err(|_| Fault::Malformed)?,
        signed: format!("{head}.{claims}"),
        signature: bytes(signature)?,
    })
}

impl Parsed {
    /// Checks the signature.
    pub(crate) fn verify(&self, key: &Key) -> Result<(), Fault> {
        if key.public.algorithm() != self.algorithm {
            return Err(Fault::Algorithm);
        }
        let signed = self.signed.as_bytes();
        let verified = match &key.public {
            Public::Rsa(n, e) => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed,
                &self.signature,
            ),
            Public::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(signed, &self.signature),
        };
        verified.map_err(|_| Fault::Signature)
    }
}
