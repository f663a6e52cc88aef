//! The tokens that are held: one for each cloud, tenant, application and service, asked for
//! once however many wait for it, and replaced before it ends.

use crate::access::Access;
use crate::claims::{self, TokenFacts};
use crate::grant::{Mint, Minted};
use crate::line::Line;
use model::{NoToken, NoTokenKind, Secret, Service};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

pub(crate) struct Tokens {
    line: Arc<Line>,
    pub(crate) mint: Mint,
    slots: Mutex<BTreeMap<Key, Arc<tokio::sync::Mutex<Slot>>>>,
    /// The tenant's id, where the operator gave a domain.
    learned: Mutex<BTreeMap<Owner, String>>,
    serial: AtomicU64,
}

/// Cloud, tenant and application.
type Owner = (String, String, String);
/// With the scope of the service.
type Key = (Owner, String);

#[derive(Default)]
struct Slot {
    held: Option<Held>,
    /// The last refusal and when it came: those who waited meanwhile share it.
    failed: Option<(Instant, NoToken)>,
}

/// A token that is held.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) token: Secret,
    pub(crate) facts: TokenFacts,
    pub(crate) serial: u64,
    pub(crate) minted: Instant,
    replace: Instant,
    pub(crate) ends: Instant,
}

impl Tokens {
    pub(crate) fn new(line: Arc<Line>) -> Self {
        Self {
            mint: Mint::new(Arc::clone(&line)),
            line,
            slots: Mutex::default(),
            learned: Mutex::default(),
            serial: AtomicU64::new(0),
        }
    }

    /// Returns a token for a service. `stale` is the serial of one that the service did not take.
    pub(crate) async fn get(
        &self,
        access: &Arc<Access>,
        service: Service,
        stale: Option<u64>,
    ) -> Result<Held, NoToken> {
        let Some(scope) = access.endpoints.scope(service) else {
            let name = service.name();
            return Err(no(
                NoTokenKind::ServiceAbsent,
                format!(
                    "there is no `{name}` in the cloud `{}`",
                    access.endpoints.cloud()
                ),
            ));
        };
        let asked = Instant::now();
        let slot = self.slot(access, scope);
        let mut slot = slot.lock().await;
        if let Some((_, refusal)) = slot.failed.as_ref().filter(|(at, _)| *at >= asked) {
            return Err(refusal.clone());
        }
        let now = Instant::now();
        let usable = slot.held.clone().filter(|held| Some(held.serial) != stale);
        if let Some(held) = usable.as_ref().filter(|held| now < held.replace) {
            return Ok(held.clone());
        }
        let fresh = match self.mint.token(access, scope).await {
            Ok(minted) => self.hold(access, minted),
            Err(refusal) => Err(refusal),
        };
        match (fresh, usable) {
            (Ok(held), _) => {
                let (id, name) = (&held.facts.tenant, service.name());
                tracing::debug!(tenant.id = %id, service.name = name, "took a token for `{name}`");
                *slot = Slot {
                    held: Some(held.clone()),
                    failed: None,
                };
                Ok(held)
            }
            // It is early: while the old one lives, a passing trouble is none.
            (Err(refusal), Some(held))
                if refusal.kind == NoTokenKind::Passing && Instant::now() < held.ends =>
            {
                Ok(held)
            }
            (Err(refusal), _) => {
                *slot = Slot {
                    held: None,
                    failed: Some((Instant::now(), refusal.clone())),
                };
                Err(refusal)
            }
        }
    }

    /// Forgets what is held for an application in a tenant.
    pub(crate) fn forget(&self, access: &Access) {
        let owner = owner(access);
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|(of, _), _| *of != owner);
    }

    fn slot(&self, access: &Access, scope: &str) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry((owner(access), scope.to_owned())).or_default();
        Arc::clone(slot)
    }

    fn hold(&self, access: &Access, minted: Minted) -> Result<Held, NoToken> {
        let now = Instant::now();
        let end = (self.line.clock)().plus_seconds(minted.lives.as_secs() as i64);
        let Some(facts) = claims::read(minted.token.reveal(), end) else {
            let what = "the token does not say which tenant it is for";
            return Err(no(NoTokenKind::Credential, what.to_owned()));
        };
        self.belongs(access, &facts.tenant)?;
        let margin = self.line.limits.token_margin.min(minted.lives / 2);
        Ok(Held {
            token: minted.token,
            facts,
            serial: self.serial.fetch_add(1, Ordering::Relaxed),
            minted: now,
            replace: now + minted.lives - margin,
            ends: now + minted.lives,
        })
    }

    /// Refuses a token of another tenant: with it, one customer's records would be filed as another's.
    fn belongs(&self, access: &Access, tid: &str) -> Result<(), NoToken> {
        let expected = if is_guid(&access.tenant) {
            access.tenant.clone()
        } else {
            let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
            let id = learned
                .entry(owner(access))
                .or_insert_with(|| tid.to_owned());
            id.clone()
        };
        if expected.eq_ignore_ascii_case(tid) {
            return Ok(());
        }
        let what = format!("the token is for the tenant `{tid}`, not for `{expected}`");
        Err(no(NoTokenKind::Credential, what))
    }
}

fn owner(access: &Access) -> Owner {
    (
        access.endpoints.login().to_owned(),
        access.tenant.to_ascii_lowercase(),
        access.client_id.to_ascii_lowercase(),
    )
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn no(kind: NoTokenKind, what: String) -> NoToken {
    NoToken {
        kind,
        code: None,
        what,
    }
}
