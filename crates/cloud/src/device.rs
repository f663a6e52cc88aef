//! Signing in a person with a code typed elsewhere.

use crate::endpoints::Endpoints;
use crate::grant::{Mint, Unminted, address};
use model::{NoToken, NoTokenKind, Secret, Service};
use reqwest::Url;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;

/// A code that a person types at an address to sign in.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// What to type.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// How long the code lives.
    pub lives: Duration,
    proof: Secret,
    interval: Duration,
    token: Url,
    client_id: String,
}

#[derive(Deserialize)]
struct Wire {
    device_code: String,
    user_code: String,
    verification_uri: String,
    expires_in: u64,
    #[serde(default)]
    interval: u64,
}

/// Asks for a code.
pub(crate) async fn begin(
    mint: &Mint,
    endpoints: &Endpoints,
    tenant: &str,
    client_id: &str,
    service: Service,
) -> Result<DeviceCode, NoToken> {
    let reason = |unminted: Unminted| unminted.refused.no;
    let scope = endpoints
        .scope(service)
        .ok_or_else(|| no(NoTokenKind::ServiceAbsent, "this cloud has no such service"))?;
    let scope = format!("{scope} offline_access");
    let url = address(endpoints.login(), tenant, "devicecode").map_err(reason)?;
    let form = vec![("client_id", client_id), ("scope", scope.as_str())];
    let (request, hidden) = mint.form(&url, &form);
    let body = mint.answer(&url, request, &hidden).await.map_err(reason)?;
    let wire: Wire = serde_json::from_slice(&body)
        .map_err(|_| no(NoTokenKind::Passing, "the answer is no code"))?;
    let shown = |text: &str| model::shown::shown(text).into_owned();
    Ok(DeviceCode {
        user_code: shown(&wire.user_code),
        verification_uri: shown(&wire.verification_uri),
        lives: Duration::from_secs(wire.expires_in.min(86_400)),
        proof: Secret::from(wire.device_code),
        interval: Duration::from_secs(wire.interval.clamp(1, 60)),
        token: address(endpoints.login(), tenant, "token").map_err(reason)?,
        client_id: client_id.to_owned(),
    })
}

/// Asks until the person has signed in, and returns the refresh token.
pub(crate) async fn finish(mint: &Mint, code: &DeviceCode) -> Result<Secret, NoToken> {
    let form = vec![
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", code.client_id.as_str()),
        ("device_code", code.proof.reveal()),
    ];
    let end = Instant::now() + code.lives;
    let mut interval = code.interval;
    while Instant::now() < end {
        tokio::time::sleep(interval).await;
        let refused = match mint.post(&code.token, &form).await {
            Ok(minted) => {
                let what = "the sign-in gave no refresh token";
                return minted
                    .refresh
                    .ok_or_else(|| no(NoTokenKind::Interaction, what));
            }
            Err(unminted) => unminted.refused,
        };
        match refused.word.as_str() {
            "authorization_pending" => {}
            "slow_down" => interval += Duration::from_secs(5),
            _ if refused.no.kind == NoTokenKind::Passing => {}
            _ => return Err(refused.no),
        }
    }
    Err(no(
        NoTokenKind::Interaction,
        "nobody signed in with the code in time",
    ))
}

fn no(kind: NoTokenKind, what: &str) -> NoToken {
    NoToken {
        kind,
        code: None,
        what: what.to_owned(),
    }
}
