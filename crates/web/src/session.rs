//! Who is signed in: a secret in a cookie, its digest in the ledger.

use crate::house::Reads;
use crate::keys::digest;
use crate::refusal::Refusal;
use crate::role::{Role, is_admin, role_in};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use data_encoding::BASE64URL_NOPAD;
use engine::pages::{Account, StoredSession};
use model::Timestamp;
use std::sync::Arc;

/// A session that nobody uses for this long is over.
pub(crate) const IDLE_MICROS: i64 = 60 * 60 * 1_000_000;
/// A session is over after this long, however it is used.
pub(crate) const LONGEST_MICROS: i64 = 12 * 60 * 60 * 1_000_000;
/// Whoever acts must have proved who they are within this.
pub(crate) const PROVED_MICROS: i64 = 15 * 60 * 1_000_000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) account: Account,
    pub(crate) session: StoredSession,
    /// What a form of this session holds and no other site can know.
    pub(crate) form_secret: String,
}

impl Signed {
    /// Returns what this person may do in a tenant; nothing where it must not even know of it.
    pub(crate) fn role_in(&self, tenant: &str) -> Option<Role> {
        role_in(&self.account, tenant)
    }

    /// Returns whether this person says who may do what.
    pub(crate) fn is_admin(&self) -> bool {
        is_admin(&self.account)
    }

    /// Returns whether this person has that name, here or at the issuer.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let identity = self.account.identity.as_ref();
        self.account.name.eq_ignore_ascii_case(name)
            || identity.is_some_and(|one| one.shown.eq_ignore_ascii_case(name))
    }

    /// Returns whether this person proved lately who they are.
    pub(crate) fn is_proved(&self, now: Timestamp) -> bool {
        now.0 - self.session.proved.0 <= PROVED_MICROS
    }
}

impl Reads {
    /// Returns the name of the cookie: over TLS one that no other host can have set.
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.settings.is_secure {
            "__Host-breachscope"
        } else {
            "breachscope"
        }
    }

    /// Returns who is signed in.
    pub(crate) fn signed(&self, headers: &HeaderMap) -> Result<Option<Signed>, Refusal> {
        let Some(secret) = cookie(headers, self.cookie_name()) else {
            return Ok(None);
        };
        let looking = self.looking();
        let Some(session) = looking.session(&digest(secret))? else {
            return Ok(None);
        };
        let now = self.now();
        let last = self.see(&session.digest, session.used, now);
        let is_over = now.0 - last.0 >= IDLE_MICROS || now.0 - session.opened.0 >= LONGEST_MICROS;
        let account = looking.account(&session.account)?;
        let Some(account) = account.filter(|one| !is_over && one.ended.is_none()) else {
            return Ok(None);
        };
        Ok(Some(Signed {
            form_secret: BASE64URL_NOPAD.encode(&self.keys.derive("form", secret)),
            account,
            session,
        }))
    }

    /// Returns the header that gives a browser its session, or takes it.
    pub(crate) fn set_cookie(&self, secret: Option<&str>) -> String {
        let name = self.cookie_name();
        let secure = if self.settings.is_secure {
            "; Secure"
        } else {
            ""
        };
        let (value, age) = match secret {
            Some(secret) => (secret, LONGEST_MICROS / 1_000_000),
            None => ("", 0),
        };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}")
    }
}

pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE);
    let mut pairs = all
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
}

impl FromRequestParts<Arc<Reads>> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, reads: &Arc<Reads>) -> Result<Self, Refusal> {
        let signed = reads.signed(&parts.headers)?;
        signed.ok_or_else(|| Refusal::SignIn {
            next: parts
                .uri
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
        })
    }
}
