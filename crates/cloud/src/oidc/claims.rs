//! What a token says, and whether that counts: OpenID Connect Core 1.0, section 3.1.3.7.

use super::Begun;
use super::settings::{Application, IssuerName};
use model::Timestamp;
use model::shown::shown;
use serde_json::{Map, Value};

/// By how much clocks may differ.
const SKEW_SECONDS: i64 = 120;
/// How long before it is looked at a token may have been issued: Entra dates its tokens back.
const OLDEST_SECONDS: i64 = 3600;
/// How long a subject may be.
const SUBJECT: usize = 255;
/// How many values of the claim of roles are looked at, and how long each may be.
const VALUES: (usize, usize) = (1000, 256);

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no signed token.
    #[error("it is no signed token")]
    Malformed,
    /// It is signed in a way that does not count.
    #[error("it is signed neither by RS256 nor by ES256, or not as its key is")]
    Algorithm,
    /// It is a token for something else.
    #[error("it is a token of another kind")]
    Type,
    /// Nobody knows its key.
    #[error("the issuer has no such key")]
    Key,
    /// Its signature is wrong.
    #[error("the signature is not the issuer's")]
    Signature,
    /// It is of another issuer.
    #[error("it is of another issuer, or of a tenant that is not named")]
    Issuer,
    /// Its key is of another issuer.
    #[error("its key is of another issuer")]
    KeyIssuer,
    /// It is for another application.
    #[error("it is for another application")]
    Audience,
    /// Its time is over.
    #[error("its time is over")]
    Expired,
    /// Its time has not come.
    #[error("its time has not come: compare the clocks")]
    NotYet,
    /// It was issued for an earlier sign-in.
    #[error("it was issued long ago")]
    Old,
    /// It is of another sign-in.
    #[error("it is of another sign-in")]
    Nonce,
    /// It names nobody.
    #[error("it names nobody")]
    Subject,
    /// The person did not prove itself anew.
    #[error(
        "the person did not prove itself anew, or the issuer does not say when it did (`auth_time`)"
    )]
    NotProved,
}

/// Who signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identified {
    /// The issuer that says so.
    pub issuer: String,
    /// Its own word for the person, which no other has or ever gets.
    pub subject: String,
    /// What the person is called there; anything at all, and perhaps another's name.
    pub name: String,
    /// The values of the claim that gives roles.
    pub values: Vec<String>,
    /// Whether there were too many values for the token, so that it holds none.
    pub is_cut_short: bool,
    /// When the person last proved itself, where it is told.
    pub proved: Option<Timestamp>,
}

/// What a token is held against.
pub(crate) struct Expected<'a> {
    pub(crate) application: &'a Application,
    pub(crate) begun: &'a Begun,
    pub(crate) now: Timestamp,
    /// The issuer that the key is said to belong to.
    pub(crate) of_key: Option<&'a str>,
}

/// Returns who signed in by a token whose signature is right.
pub(crate) fn check(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<Identified, Fault> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let (issuer, tenant) = (text("iss").ok_or(Fault::Issuer)?, text("tid"));
    let application = expected.application;
    if !application.issuer.is_of_token(issuer, tenant) {
        return Err(Fault::Issuer);
    }
    if let Some(of_key) = expected.of_key
        && !IssuerName::is_of_key(of_key, issuer, tenant)
    {
        return Err(Fault::KeyIssuer);
    }
    for_us(claims, &application.client_id)?;
    let proved = in_time(claims, expected)?;
    if text("nonce").is_none_or(|nonce| nonce.is_empty() || nonce != expected.begun.nonce) {
        return Err(Fault::Nonce);
    }
    let subject = text("sub").unwrap_or_default();
    if subject.is_empty() || subject.len() > SUBJECT || subject.chars().any(char::is_control) {
        return Err(Fault::Subject);
    }
    let name = text("preferred_username")
        .or_else(|| text("email"))
        .or_else(|| text("name"))
        .unwrap_or_default();
    Ok(Identified {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        name: shown(name).chars().take(200).collect(),
        values: values(claims, &application.claim),
        is_cut_short: is_cut_short(claims, &application.claim),
        proved,
    })
}

/// Nobody else may be meant: a token for two is one that the other could show us.
fn for_us(claims: &Map<String, Value>, client_id: &str) -> Result<(), Fault> {
    let is_us = |value: &Value| value.as_str() == Some(client_id);
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(is_us),
        Some(one) => is_us(one),
        None => false,
    };
    let party = claims.get("azp").is_none_or(is_us);
    if audience && party {
        Ok(())
    } else {
        Err(Fault::Audience)
    }
}

/// Checks the moments, and returns when the person proved itself.
fn in_time(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<Option<Timestamp>, Fault> {
    let now = expected.now.0.div_euclid(1_000_000);
    let until = moment(claims, "exp")?.ok_or(Fault::Expired)?;
    if now >= until + SKEW_SECONDS {
        return Err(Fault::Expired);
    }
    let issued = moment(claims, "iat")?.ok_or(Fault::Old)?;
    let from = moment(claims, "nbf")?.unwrap_or(issued);
    if from.max(issued) > now + SKEW_SECONDS {
        return Err(Fault::NotYet);
    }
    if issued + OLDEST_SECONDS < now {
        return Err(Fault::Old);
    }
    let proved = moment(claims, "auth_time")?;
    let begun = expected.begun.at.0.div_euclid(1_000_000);
    let is_anew = proved.is_some_and(|at| at + SKEW_SECONDS >= begun && at <= now + SKEW_SECONDS);
    if expected.begun.fresh && !is_anew {
        return Err(Fault::NotProved);
    }
    Ok(proved.map(|at| Timestamp(at.min(now) * 1_000_000)))
}

/// Reads seconds since 1970, with or without a fraction; nothing where it is absent.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, Fault> {
    /// The year 9999: beyond it seconds are no moment.
    const LAST: i64 = 253_402_300_799;
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    let seconds = seconds.filter(|seconds| (0..=LAST).contains(seconds));
    seconds.map(Some).ok_or(Fault::Malformed)
}

/// Returns the values of a claim by its name or, within an object, by its path with dots.
fn values(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    let found = claims.get(name).or_else(|| {
        let mut parts = name.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |within, part| within.get(part))
    });
    let fit = |text: &&str| !text.is_empty() && text.len() <= VALUES.1;
    match found {
        Some(Value::String(one)) => Some(one.as_str())
            .filter(fit)
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Some(Value::Array(all)) => {
            let texts = all.iter().filter_map(Value::as_str).filter(fit);
            texts.take(VALUES.0).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Entra leaves groups out of a token where there are more than two hundred, and says so.
fn is_cut_short(claims: &Map<String, Value>, name: &str) -> bool {
    let elsewhere = claims.get("_claim_names").and_then(|all| all.get(name));
    elsewhere.is_some() || (name == "groups" && claims.contains_key("hasgroups"))
}
