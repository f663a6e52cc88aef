//! What an issuer says of itself: OpenID Connect Discovery 1.0.
//!
//! It is read when the first browser is to be sent there, kept for an hour, and for a day where it
//! cannot be had again.

use super::OpenIdError;
use super::fetch::fetch;
use super::settings::{Application, Near, fit};
use crate::line::Line;
use model::shown::shown;
use reqwest::Url;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a description may be.
const LIMIT: u64 = 256 << 10;
/// After this it is asked for again.
const FRESH: Duration = Duration::from_hours(1);
/// After this it is not used any more.
const STALE: Duration = Duration::from_hours(24);

/// What an issuer says of itself, checked.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) authorize: Url,
    pub(crate) token: Url,
    pub(crate) keys: Url,
    pub(crate) end: Option<Url>,
    /// Whether a secret is sent in the form; in the header otherwise.
    pub(crate) takes_secret_in_form: bool,
    /// Whether a browser that comes back always says from whom (RFC 9207).
    pub(crate) names_itself: bool,
}

#[derive(Deserialize)]
struct Wire {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What is known of an issuer.
#[derive(Debug, Default)]
pub(crate) struct Metadata(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    described: Option<(Instant, Described)>,
    /// The last failure and when it came: those who waited meanwhile share it.
    failed: Option<(Instant, OpenIdError)>,
}

impl Metadata {
    /// Returns what the issuer says of itself.
    pub(crate) async fn get(
        &self,
        line: &Line,
        application: &Application,
    ) -> Result<Described, OpenIdError> {
        let asked = Instant::now();
        let mut held = self.0.lock().await;
        let age = held.described.as_ref().map(|(at, _)| at.elapsed());
        if let Some((_, described)) = &held.described
            && age.is_some_and(|age| age < FRESH)
        {
            return Ok(described.clone());
        }
        if let Some((at, failure)) = &held.failed
            && *at >= asked
        {
            return Err(failure.clone());
        }
        match read(line, application).await {
            Ok(described) => {
                held.described = Some((Instant::now(), described.clone()));
                held.failed = None;
                Ok(described)
            }
            Err(failure) => {
                held.failed = Some((Instant::now(), failure.clone()));
                match &held.described {
                    Some((at, described)) if at.elapsed() < STALE => Ok(described.clone()),
                    _ => Err(failure),
                }
            }
        }
    }

    /// Returns what is known already.
    pub(crate) async fn held(&self) -> Option<Described> {
        let held = self.0.lock().await;
        held.described.as_ref().map(|(_, one)| one.clone())
    }
}

async fn read(line: &Line, application: &Application) -> Result<Described, OpenIdError> {
    let url = &application.issuer.discovery;
    let request = line.wire.client(url).get(url.clone());
    let request = request.header("accept", "application/json");
    let body = fetch(line, url, request, LIMIT).await;
    let body = body.map_err(|trouble| OpenIdError::Metadata(trouble.told(url)))?;
    let wire: Wire = serde_json::from_slice(&body)
        .map_err(|_| OpenIdError::Metadata("it is no description of an issuer".to_owned()))?;
    check(&wire, application).map_err(OpenIdError::Metadata)
}

fn check(wire: &Wire, application: &Application) -> Result<Described, String> {
    if !application.issuer.is_of_metadata(&wire.issuer) {
        let told: String = shown(&wire.issuer).chars().take(200).collect();
        return Err(format!(
            "it calls itself `{told}`, and that is not the `issuer` of the configuration"
        ));
    }
    let near = application.issuer.near;
    let lacks = |list: &Option<Vec<String>>, words: &[&str]| {
        let list = list.as_ref();
        list.is_some_and(|list| !list.iter().any(|one| words.contains(&one.as_str())))
    };
    if lacks(&wire.code_challenge_methods_supported, &["S256"]) {
        return Err("it does not take a `code_challenge` of the method S256".to_owned());
    }
    if lacks(
        &wire.id_token_signing_alg_values_supported,
        &["RS256", "ES256"],
    ) {
        return Err("it signs its tokens neither by RS256 nor by ES256".to_owned());
    }
    let methods = &wire.token_endpoint_auth_methods_supported;
    let basic = "client_secret_basic".to_owned();
    Ok(Described {
        authorize: address("authorization_endpoint", &wire.authorization_endpoint, near)?,
        token: address("token_endpoint", &wire.token_endpoint, near)?,
        keys: address("jwks_uri", &wire.jwks_uri, near)?,
        end: wire
            .end_session_endpoint
            .as_ref()
            .map(|text| address("end_session_endpoint", text, near))
            .transpose()?,
        // Where nothing is said, the header is meant.
        takes_secret_in_form: methods.as_ref().is_some_and(|methods| {
            let post = methods.iter().any(|one| one == "client_secret_post");
            post || !methods.contains(&basic)
        }),
        names_itself: wire.authorization_response_iss_parameter_supported,
    })
}

fn address(name: &str, text: &str, near: Near) -> Result<Url, String> {
    fit(text, near).map_err(|why| format!("its `{name}` cannot be used: {why}"))
}
