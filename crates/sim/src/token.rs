//! Access tokens: written by Entra, read by every service. They look like JWTs and are bound to
//! a tenant, a client and a resource.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use crate::clock;
use crate::record::Micros;
use crate::service::Service;
use crate::stamp::SECOND;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) appid: String,
    pub(crate) tid: String,
    pub(crate) oid: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) scp: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) upn: String,
    pub(crate) ver: String,
    /// Real milliseconds of the server's life in which it was written and in which it ends.
    pub(crate) xms_real: (u64, u64),
    /// How often tokens had been revoked by then.
    pub(crate) xms_age: u32,
}

impl Claims {
    /// Whether it carries a permission, as a role or as a scope.
    pub(crate) fn may(&self, permission: &str) -> bool {
        self.roles.iter().any(|role| role == permission)
            || self.scp.split(' ').any(|scope| scope == permission)
    }
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// There is none.
    Absent,
    /// It is not one of ours.
    Malformed,
    /// Its time is over, or it was revoked.
    Expired,
    /// It is for another service.
    Audience(Box<Claims>),
}

/// Whom and what a token is for.
pub(crate) struct Grant<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) client: &'a str,
    pub(crate) principal: &'a str,
    pub(crate) service: Service,
    pub(crate) issuer: String,
    pub(crate) roles: Vec<String>,
    pub(crate) scopes: String,
    pub(crate) upn: String,
}

/// The writer and reader of tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    key: hmac::Key,
    began: Instant,
    age: AtomicU32,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &seed.to_le_bytes()),
            began: clock::real(),
            age: AtomicU32::new(0),
        }
    }

    /// Makes every token that was written so far worthless.
    pub(crate) fn revoke(&self) {
        self.age.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes a token that lives for some seconds.
    pub(crate) fn write(&self, grant: &Grant<'_>, now: Micros, life: u64) -> String {
        let real = self.real();
        let now = now.div_euclid(SECOND);
        let audiences = grant.service.audiences();
        let claims = Claims {
            aud: audiences.first().copied().unwrap_or_default().to_owned(),
            iss: grant.issuer.clone(),
            iat: now,
            nbf: now,
            exp: now + life as i64,
            appid: grant.client.to_owned(),
            tid: grant.tenant.to_owned(),
            oid: grant.principal.to_owned(),
            roles: grant.roles.clone(),
            scp: grant.scopes.clone(),
            upn: grant.upn.clone(),
            ver: "1.0".to_owned(),
            xms_real: (real, real + life * 1000),
            xms_age: self.age.load(Ordering::Relaxed),
        };
        let head = json!({"typ": "JWT", "alg": "RS256", "kid": "sim"});
        let body = serde_json::to_string(&claims).unwrap_or_default();
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(head.to_string()),
            URL_SAFE_NO_PAD.encode(body)
        );
        let signature = hmac::sign(&self.key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Reads a token that arrived at a service. A frozen clock is moved by hand, so there a token
    /// dies by either time; on a running clock only by the real one, in which clients live.
    pub(crate) fn read(
        &self,
        token: Option<&str>,
        service: Service,
        frozen_at: Option<Micros>,
    ) -> Result<Claims, Refusal> {
        let token = token.ok_or(Refusal::Absent)?;
        let claims = self.open(token).ok_or(Refusal::Malformed)?;
        if service.audiences().first() != Some(&claims.aud.as_str()) {
            return Err(Refusal::Audience(Box::new(claims)));
        }
        let over = frozen_at.is_some_and(|now| now.div_euclid(SECOND) >= claims.exp);
        let revoked = claims.xms_age < self.age.load(Ordering::Relaxed);
        if over || revoked || self.real() >= claims.xms_real.1 {
            return Err(Refusal::Expired);
        }
        Ok(claims)
    }

    /// Returns what a token of ours says, whether or not it is still good.
    pub(crate) fn open(&self, token: &str) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.key, signed.as_bytes(), &signature).ok()?;
        let (_, body) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
    }

    fn real(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }
}
