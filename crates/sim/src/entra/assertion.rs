//! Proof without a secret: a JWT signed with the certificate of the application, or by an
//! identity provider that the application trusts.

use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use rustls_pki_types::CertificateDer;
use serde_json::Value;

use super::{Request, Trouble};
use crate::cloud::Cloud;
use crate::record::Micros;
use crate::service::Service;
use crate::stamp::{MINUTE, SECOND};

/// An identity provider that the application trusts: compared exactly, letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Federated {
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// `aud`, usually `api://AzureADTokenExchange`.
    pub audience: String,
    /// The provider's certificate (DER); without one its signature is not looked at.
    pub certificate: Option<Vec<u8>>,
}

/// An assertion, taken apart.
struct Assertion<'a> {
    head: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Checks a client assertion.
pub(super) fn check(cloud: &Cloud, request: &Request<'_>, assertion: &str) -> Result<(), Trouble> {
    let kind = request.field("client_assertion_type")?;
    if kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
        let text = "The client assertion type is not supported.";
        return Err(Trouble::new(400, "invalid_request", 9_002_313, text));
    }
    let assertion = take_apart(assertion).ok_or_else(|| {
        let text = "The client assertion is malformed: it is not a JWT in compact form.";
        Trouble::new(401, "invalid_client", 50_027, text)
    })?;
    let own = assertion.claims["iss"]
        .as_str()
        .is_some_and(|issuer| issuer.eq_ignore_ascii_case(&request.client));
    in_time(cloud, &assertion)?;
    if own {
        by_certificate(cloud, request, &assertion)
    } else {
        by_federation(cloud, &assertion)
    }
}

fn take_apart(assertion: &str) -> Option<Assertion<'_>> {
    let (signed, signature) = assertion.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    Some(Assertion {
        head: read(head)?,
        claims: read(claims)?,
        signed,
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
    })
}

fn in_time(cloud: &Cloud, assertion: &Assertion<'_>) -> Result<(), Trouble> {
    let now = cloud.told_now();
    let at = |name: &str| numeric_date(&assertion.claims[name]);
    let begun = at("nbf")
        .or_else(|| at("iat"))
        .is_none_or(|from| from <= now + 5 * MINUTE);
    let lasting = at("exp").is_some_and(|until| now < until + 5 * MINUTE);
    if begun && lasting {
        return Ok(());
    }
    let text = "Client assertion is not within its valid time range. Current time and expiry time \
                of the assertion do not match; review the documentation at \
                https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials";
    Err(Trouble::new(401, "invalid_client", 700_024, text))
}

/// A moment of a JWT: seconds, and libraries write them with and without fractions.
fn numeric_date(value: &Value) -> Option<Micros> {
    value
        .as_f64()
        .map(|seconds| (seconds * SECOND as f64) as Micros)
}

fn by_certificate(
    cloud: &Cloud,
    request: &Request<'_>,
    assertion: &Assertion<'_>,
) -> Result<(), Trouble> {
    let client = |text: &str, code| Trouble::new(401, "invalid_client", code, text);
    let claims = &assertion.claims;
    if claims["sub"] != claims["iss"] {
        return Err(client(
            "Client assertion subject does not match its issuer.",
            700_021,
        ));
    }
    let audience = claims["aud"].as_str().unwrap_or_default();
    if !audience_fits(cloud, request, audience) {
        let text = "Client assertion audience claim does not match Realm issuer. Review the documentation.";
        return Err(client(text, 700_023));
    }
    let certificate = cloud
        .options
        .certificates
        .iter()
        .find(|certificate| names(&assertion.head, certificate))
        .ok_or_else(|| {
            let thumbprint = assertion.head["x5t"].as_str().unwrap_or_default();
            let text = format!(
                "The certificate with identifier used to sign the client assertion is not registered \
                 on application. [Reason - The key was not found., Thumbprint of key used by client: \
                 '{thumbprint}']"
            );
            client(&text, 700_027)
        })?;
    if !signed_by(assertion, certificate) {
        let text = "Client assertion contains an invalid signature. [Reason - The key was found, but use \
                    of the key to verify the signature failed.]";
        return Err(client(text, 700_027));
    }
    used_once(cloud, claims)
}

/// The audience is the endpoint that was asked, under this cloud's name or its own.
fn audience_fits(cloud: &Cloud, request: &Request<'_>, audience: &str) -> bool {
    let asked = format!("{}{}", cloud.base(Service::Login), request.ask.path);
    let real = format!("https://login.microsoftonline.com{}", request.ask.path);
    let issuer = format!("{}/{}/v2.0", cloud.base(Service::Login), request.tenant.id);
    [asked, real, issuer].iter().any(|known| known == audience)
}

/// The thumbprint may be padded or not: libraries do either.
fn names(head: &Value, certificate: &[u8]) -> bool {
    let is = |name: &str, algorithm| {
        let told = head[name].as_str().map(|told| told.trim_end_matches('='));
        told == Some(&URL_SAFE_NO_PAD.encode(digest::digest(algorithm, certificate)))
    };
    is("x5t#S256", &digest::SHA256) || is("x5t", &digest::SHA1_FOR_LEGACY_USE_ONLY)
}

fn signed_by(assertion: &Assertion<'_>, certificate: &[u8]) -> bool {
    let algorithm = match assertion.head["alg"].as_str() {
        Some("PS256") => webpki::ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        Some("RS256") => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        _ => return false,
    };
    let der = CertificateDer::from(certificate);
    let Ok(certificate) = webpki::EndEntityCert::try_from(&der) else {
        return false;
    };
    certificate
        .verify_signature(algorithm, assertion.signed.as_bytes(), &assertion.signature)
        .is_ok()
}

/// An assertion is good once: its `jti` is remembered until it would have expired.
fn used_once(cloud: &Cloud, claims: &Value) -> Result<(), Trouble> {
    let Some(id) = claims["jti"].as_str() else {
        return Ok(());
    };
    let now = cloud.told_now();
    let until = numeric_date(&claims["exp"]).unwrap_or_default() + 5 * MINUTE;
    let mut logins = cloud
        .entra
        .logins
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    logins.assertions.retain(|_, until| *until > now);
    if logins.assertions.insert(id.to_owned(), until).is_none() {
        return Ok(());
    }
    let text = "Client assertion is not within its valid time range: it was used before.";
    Err(Trouble::new(401, "invalid_client", 700_024, text))
}

fn by_federation(cloud: &Cloud, assertion: &Assertion<'_>) -> Result<(), Trouble> {
    let claim = |name: &str| assertion.claims[name].as_str().unwrap_or_default();
    let (issuer, subject, audience) = (claim("iss"), claim("sub"), claim("aud"));
    let trusted = &cloud.options.federated;
    if !trusted.iter().any(|known| known.issuer == issuer) {
        let text = format!(
            "No matching federated identity record found for presented assertion issuer '{issuer}'."
        );
        return Err(Trouble::new(401, "invalid_client", 700_211, &text));
    }
    if !trusted
        .iter()
        .any(|known| known.issuer == issuer && known.subject == subject)
    {
        let text = format!(
            "No matching federated identity record found for presented assertion subject '{subject}'."
        );
        return Err(Trouble::new(401, "invalid_client", 700_213, &text));
    }
    let known = trusted.iter().find(|known| {
        known.issuer == issuer && known.subject == subject && known.audience == audience
    });
    let Some(known) = known else {
        let text = format!(
            "No matching federated identity record found for presented assertion audience '{audience}'."
        );
        return Err(Trouble::new(401, "invalid_client", 700_212, &text));
    };
    let certificate = known.certificate.as_deref();
    if certificate.is_none_or(|certificate| signed_by(assertion, certificate)) {
        return Ok(());
    }
    let text = "Client assertion contains an invalid signature.";
    Err(Trouble::new(401, "invalid_client", 700_027, text))
}
