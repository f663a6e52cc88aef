//! The signed statement by which an application proves that it holds a certificate's key.

use crate::spread;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Timestamp;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Serialize;

/// How long a statement holds: long enough for a slow road, short enough to be of no use to a thief.
const LIVES_SECONDS: i64 = 300;

#[derive(Debug)]
pub(crate) struct Signer {
    key: RsaKeyPair,
    thumbprint: String,
}

#[derive(Serialize)]
struct Head<'a> {
    alg: &'a str,
    typ: &'a str,
    #[serde(rename = "x5t#S256")]
    thumbprint: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: &'a str,
    nbf: i64,
    iat: i64,
    exp: i64,
}

impl Signer {
    /// Reads a key and its certificate from PEM; further certificates of a chain are passed over.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, &'static str> {
        let (key, certificate) = pair(pem)?;
        let thumbprint = digest::digest(&digest::SHA256, &certificate);
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(thumbprint),
            key,
        })
    }

    /// Returns a fresh statement for an application and the address that it is made for.
    pub(crate) fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        now: Timestamp,
    ) -> Result<String, &'static str> {
        const FAILED: &str = "the assertion could not be signed";
        let head = Head {
            alg: "PS256",
            typ: "JWT",
            thumbprint: &self.thumbprint,
        };
        let seconds = now.0.div_euclid(1_000_000);
        let claims = Claims {
            aud: audience,
            iss: client_id,
            sub: client_id,
            jti: &spread::guid(),
            nbf: seconds,
            iat: seconds,
            exp: seconds + LIVES_SECONDS,
        };
        let mut text = encoded(&head).ok_or(FAILED)?;
        text.push('.');
        text.push_str(&encoded(&claims).ok_or(FAILED)?);
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PSS_SHA256, &random, text.as_bytes(), &mut signature)
            .map_err(|_| FAILED)?;
        text.push('.');
        text.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(text)
    }
}

/// Returns the key of a PEM text and the certificate that belongs to it.
pub(crate) fn pair(pem: &str) -> Result<(RsaKeyPair, CertificateDer<'static>), &'static str> {
    if pem.contains("ENCRYPTED") {
        return Err("the private key is encrypted; give it without a passphrase");
    }
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| "the PEM text holds no private key")?;
    let key = match &der {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err("the private key is no RSA key"),
    };
    let key = key.map_err(|_| "the private key is no RSA key of 2,048 bits or more")?;
    // A certificate holds the public key as it is.
    let public = key.public().as_ref();
    let certificate = CertificateDer::pem_slice_iter(pem.as_bytes())
        .filter_map(Result::ok)
        .find(|der| der.windows(public.len()).any(|part| part == public))
        .ok_or("the PEM text holds no certificate of the private key")?;
    Ok((key, certificate))
}

fn encoded(part: &impl Serialize) -> Option<String> {
    let json = serde_json::to_vec(part).ok()?;
    Some(URL_SAFE_NO_PAD.encode(json))
}
