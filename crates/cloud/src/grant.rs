//! Asks for a token: each kind of credential in its own form, each refusal as it deserves.

use crate::aadsts::{self, CERTIFICATE_UNKNOWN, OUTSIDE_ITS_TIME, Refused};
use crate::access::{Access, Credential};
use crate::assertion::Signer;
use crate::identity::IdentityHosts;
use crate::line::Line;
use crate::spread;
use crate::verdict::retry_after;
use crate::wire;
use model::{Failure, NoToken, NoTokenKind, Secret};
use reqwest::{RequestBuilder, Url};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a certificate that is not known yet is tried again.
const REPLICATION_TRIES: u32 = 3;
/// How often the metadata service is asked again while it is being updated, which takes over a minute.
const UPDATING_TRIES: u32 = 8;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(crate) struct Mint {
    line: Arc<Line>,
    pub(crate) identity: IdentityHosts,
    /// Refresh tokens that have replaced others, by the digest of the one that was given to us.
    rotated: Mutex<BTreeMap<Vec<u8>, Secret>>,
}

/// A token as it was given.
pub(crate) struct Minted {
    pub(crate) token: Secret,
    pub(crate) lives: Duration,
    pub(crate) refresh: Option<Secret>,
}

/// Why a try gave none, and when another may.
pub(crate) struct Unminted {
    pub(crate) refused: Refused,
    pub(crate) asked: Option<Duration>,
    pub(crate) status: u16,
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    expires_in: Seconds,
    refresh_token: Option<String>,
}

/// Entra says a number, the metadata service a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u64),
    Text(String),
}

type Form<'a> = Vec<(&'static str, &'a str)>;

impl Mint {
    pub(crate) fn new(line: Arc<Line>) -> Self {
        Self {
            line,
            identity: IdentityHosts::from_env(),
            rotated: Mutex::default(),
        }
    }

    /// Asks for a token until there is one or asking again is no use.
    pub(crate) async fn token(&self, access: &Arc<Access>, scope: &str) -> Result<Minted, NoToken> {
        let limits = &self.line.limits;
        let (mut passing, mut unknown, mut updating, mut clock_set) = (0, 0, 0, false);
        loop {
            let failed = match self.once(access, scope).await {
                Ok(minted) => return Ok(minted),
                Err(failed) => failed,
            };
            let no = failed.refused.no;
            let pause = match no.code {
                Some(CERTIFICATE_UNKNOWN) if unknown < REPLICATION_TRIES => {
                    unknown += 1;
                    limits.replication_pause
                }
                // The answer brought the host's date: the next statement is made by that clock.
                Some(OUTSIDE_ITS_TIME) if !clock_set => {
                    clock_set = true;
                    Duration::ZERO
                }
                _ if failed.status == 410 && updating < UPDATING_TRIES => {
                    updating += 1;
                    limits.replication_pause
                }
                _ if no.kind == NoTokenKind::Passing && passing + 1 < limits.tries => {
                    passing += 1;
                    let usual = spread::doubled(limits.retry_pause, passing - 1);
                    failed.asked.unwrap_or(usual)
                }
                _ => return Err(no),
            };
            if pause > limits.patience {
                return Err(no);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn once(&self, access: &Arc<Access>, scope: &str) -> Result<Minted, Unminted> {
        if let Credential::ManagedIdentity { client_id } = &access.credential {
            let near = self.line.wire.near();
            let (url, request) = self
                .identity
                .request(near, scope, client_id.as_deref())
                .ok_or_else(|| refused("the address of the machine's identity is no URL"))?;
            return self.ask(&url, request, &[]).await;
        }
        let url = address(access.endpoints.login(), &access.tenant, "token")?;
        let mut form: Form<'_> = vec![("client_id", &access.client_id), ("scope", scope)];
        let proof = self.proof(access, &url).await?;
        let proof = proof.as_ref().map(Secret::reveal).unwrap_or_default();
        match &access.credential {
            Credential::Secret(_) => form.extend([
                ("grant_type", "client_credentials"),
                ("client_secret", proof),
            ]),
            Credential::Certificate { .. } | Credential::Federated { .. } => form.extend([
                ("grant_type", "client_credentials"),
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", proof),
            ]),
            Credential::Refresh {
                token,
                client_secret,
                rotated,
            } => {
                let kept = self.kept(access, token);
                form.extend([
                    ("grant_type", "refresh_token"),
                    ("refresh_token", kept.reveal()),
                ]);
                form.extend(
                    client_secret
                        .iter()
                        .map(|it| ("client_secret", it.reveal())),
                );
                let minted = self.post(&url, &form).await?;
                if let Some(fresh) = minted.refresh.as_ref().filter(|fresh| **fresh != kept) {
                    rotated(fresh);
                    let mut all = self.rotated.lock().unwrap_or_else(PoisonError::into_inner);
                    all.insert(mark(access, token), fresh.clone());
                }
                return Ok(minted);
            }
            Credential::ManagedIdentity { .. } => {}
        }
        self.post(&url, &form).await
    }

    /// Returns the secret or the statement that proves who asks.
    async fn proof(&self, access: &Arc<Access>, url: &Url) -> Result<Option<Secret>, Unminted> {
        match &access.credential {
            Credential::Secret(secret) => Ok(Some(secret.clone())),
            Credential::Certificate { pem } => Signer::from_pem(pem.reveal())
                .and_then(|signer| {
                    signer.assertion(&access.client_id, url.as_str(), self.line.now(url))
                })
                .map(|text| Some(Secret::from(text)))
                .map_err(refused),
            Credential::Federated { .. } => {
                // It may read a file or ask a server: not on this thread.
                let access = Arc::clone(access);
                let read = tokio::task::spawn_blocking(move || match &access.credential {
                    Credential::Federated { assertion } => assertion(),
                    _ => Err(std::io::ErrorKind::InvalidInput.into()),
                });
                match read.await {
                    Ok(Ok(text)) => Ok(Some(Secret::from(text.reveal().trim().to_owned()))),
                    Ok(Err(error)) => Err(refused(&format!(
                        "the federated token cannot be read: {}",
                        error.kind()
                    ))),
                    Err(_) => Err(refused("the federated token cannot be read")),
                }
            }
            Credential::Refresh { .. } | Credential::ManagedIdentity { .. } => Ok(None),
        }
    }

    fn kept(&self, access: &Access, given: &Secret) -> Secret {
        let all = self.rotated.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&mark(access, given)).unwrap_or(given).clone()
    }

    /// Posts a form to the address that gives tokens.
    pub(crate) async fn post(&self, url: &Url, form: &Form<'_>) -> Result<Minted, Unminted> {
        let (request, hidden) = self.form(url, form);
        self.ask(url, request, &hidden).await
    }

    pub(crate) fn form<'a>(&self, url: &Url, form: &Form<'a>) -> (RequestBuilder, Vec<&'a str>) {
        let body = Url::parse_with_params("form:", form).unwrap_or_else(|_| url.clone());
        let request = self
            .line
            .wire
            .client(url)
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(body.query().unwrap_or_default().to_owned());
        let secrets = [
            "client_secret",
            "client_assertion",
            "refresh_token",
            "device_code",
        ];
        let hidden = form.iter().filter(|(name, _)| secrets.contains(name));
        (request, hidden.map(|(_, value)| *value).collect())
    }

    async fn ask(
        &self,
        url: &Url,
        request: RequestBuilder,
        hidden: &[&str],
    ) -> Result<Minted, Unminted> {
        let body = self.answer(url, request, hidden).await?;
        let wire: Wire =
            serde_json::from_slice(&body).map_err(|_| passing("the answer is no token"))?;
        let fit = !wire.access_token.is_empty()
            && wire
                .access_token
                .bytes()
                .all(|byte| byte.is_ascii_graphic());
        if !fit {
            return Err(passing("the answer is no token"));
        }
        let seconds = match wire.expires_in {
            Seconds::Number(seconds) => seconds,
            Seconds::Text(text) => text.parse().unwrap_or_default(),
        };
        Ok(Minted {
            token: Secret::from(wire.access_token),
            lives: Duration::from_secs(seconds.min(7 * 86_400)),
            refresh: wire.refresh_token.map(Secret::from),
        })
    }

    /// Returns the body of a success.
    pub(crate) async fn answer(
        &self,
        url: &Url,
        request: RequestBuilder,
        hidden: &[&str],
    ) -> Result<Vec<u8>, Unminted> {
        let silence = self.line.limits.timeout;
        let told = |failure: Failure| passing(&aadsts::told(&failure.to_string(), hidden));
        let mut response = self.line.begin(url, request, silence).await.map_err(told)?;
        let status = response.status().as_u16();
        if status == 200 {
            return wire::whole(&mut response, silence, wire::ERROR_LIMIT)
                .await
                .map_err(told);
        }
        let headers = wire::headers(&response);
        let body = wire::of_error(&mut response, silence).await;
        let now = self.line.now(url);
        Err(Unminted {
            refused: aadsts::refused(status, &body, hidden),
            asked: headers
                .get("retry-after")
                .and_then(|text| retry_after(text, now)),
            status,
        })
    }
}

/// Returns an address of a tenant at the place that gives tokens.
pub(crate) fn address(login: &str, tenant: &str, what: &str) -> Result<Url, Unminted> {
    let fit = !tenant.is_empty()
        && !tenant.starts_with('.')
        && tenant
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let url = Url::parse(&format!("{login}/{tenant}/oauth2/v2.0/{what}"));
    url.ok()
        .filter(|_| fit)
        .ok_or_else(|| refused("the tenant is neither an id nor a domain"))
}

fn mark(access: &Access, given: &Secret) -> Vec<u8> {
    let parts = [
        access.endpoints.login(),
        &access.tenant,
        &access.client_id,
        given.reveal(),
    ];
    digest(&SHA256, parts.join("\n").as_bytes())
        .as_ref()
        .to_vec()
}

fn passing(what: &str) -> Unminted {
    unminted(NoTokenKind::Passing, what)
}

fn refused(what: &str) -> Unminted {
    unminted(NoTokenKind::Credential, what)
}

fn unminted(kind: NoTokenKind, what: &str) -> Unminted {
    Unminted {
        refused: Refused {
            no: NoToken {
                kind,
                code: None,
                what: what.to_owned(),
            },
            word: String::new(),
        },
        asked: None,
        status: 0,
    }
}
