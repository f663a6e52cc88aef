//! What goes wrong, on dials: every fault is a rule that says what, where and how often, and
//! whether it strikes depends on nothing but the seed, the request and how often it was made.

pub mod dials;
mod presets;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::service::Service;
use crate::wire::Ask;

pub use dials::{Dials, Fault, Rule};

/// The place of a request, to which rules and counters are bound.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) service: Service,
    /// What is asked for, e.g. `content`, `blob`, `signIns`.
    pub(crate) call: &'static str,
    /// The tenant's id, where it is known.
    pub(crate) tenant: Option<String>,
    /// What makes two requests the same one.
    pub(crate) key: u64,
}

impl Site {
    /// Returns the place of a request.
    pub(crate) fn new(ask: &Ask, call: &'static str, tenant: Option<String>) -> Self {
        let mut key = hash(0, ask.method.as_str().as_bytes());
        key = hash(key, ask.path.as_bytes());
        for (name, value) in &ask.query {
            if !name.eq_ignore_ascii_case("PublisherIdentifier") {
                // Behind the dot of a skip token is the real time at which it was given out.
                let value = value
                    .split('.')
                    .next()
                    .filter(|_| name == "$skiptoken")
                    .unwrap_or(value);
                key = hash(hash(key, name.as_bytes()), value.as_bytes());
            }
        }
        Self {
            service: ask.service,
            call,
            tenant,
            key: hash(key, &steady(ask)),
        }
    }

    /// Returns the place of something that is not a request: a blob, a record.
    pub(crate) fn thing(service: Service, call: &'static str, tenant: &str, name: &str) -> Self {
        Self {
            service,
            call,
            tenant: Some(tenant.to_owned()),
            key: hash(hash(0, call.as_bytes()), name.as_bytes()),
        }
    }
}

/// Returns the part of a body that is the same when the same thing is asked again: tokens
/// requests carry a fresh assertion and searches a fresh session.
fn steady(ask: &Ask) -> Vec<u8> {
    if ask.service == Service::Login {
        let form = ask.form();
        let field = |name| crate::wire::find(&form, name).unwrap_or_default();
        let words = [field("grant_type"), field("scope"), field("resource")];
        return words.join(" ").into_bytes();
    }
    let Some(mut body) = ask.json() else {
        return ask.body.clone();
    };
    let parameters = body.pointer_mut("/CmdletInput/Parameters");
    if let Some(parameters) = parameters.and_then(serde_json::Value::as_object_mut) {
        parameters.remove("SessionId");
    }
    if let Some(body) = body.as_object_mut() {
        body.remove("displayName");
    }
    body.to_string().into_bytes()
}

/// The dials as they stand, and how often each rule has looked at each request.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    dials: RwLock<Arc<Dials>>,
    attempts: Mutex<BTreeMap<(usize, u64), u32>>,
}

impl Faults {
    pub(crate) fn new(seed: u64, dials: Dials) -> Self {
        Self {
            seed,
            dials: RwLock::new(Arc::new(dials)),
            attempts: Mutex::default(),
        }
    }

    /// Returns the dials.
    pub(crate) fn dials(&self) -> Arc<Dials> {
        let dials = self.dials.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&dials)
    }

    /// Turns the dials, and forgets what was tried under the old ones.
    pub(crate) fn turn(&self, dials: Dials) {
        *self.dials.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(dials);
        self.attempts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Returns the rule by which a fault strikes here, this time.
    pub(crate) fn strikes(&self, fault: Fault, site: &Site) -> Option<Rule> {
        let dials = self.dials();
        let mut rules = matching(&dials, fault, site);
        let (_, rule) = rules
            .find(|(number, rule)| self.roll(*number, rule, site, self.attempt(*number, site)))?;
        Some(rule.clone())
    }

    /// Returns the rule by which a fault is laid on a thing: asked again, the answer is the same.
    pub(crate) fn laid_on(&self, fault: Fault, site: &Site) -> Option<Rule> {
        let dials = self.dials();
        let mut rules = matching(&dials, fault, site);
        let (_, rule) = rules.find(|(number, rule)| self.roll(*number, rule, site, 0))?;
        Some(rule.clone())
    }

    /// Returns a number from nought to below one, the same for the same name.
    pub(crate) fn chance(&self, name: &str, key: u64) -> f64 {
        unit(hash(hash(self.seed, name.as_bytes()), &key.to_le_bytes()))
    }

    fn attempt(&self, number: usize, site: &Site) -> u32 {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.entry((number, site.key)).or_default();
        *attempt += 1;
        *attempt - 1
    }

    fn roll(&self, number: usize, rule: &Rule, site: &Site, attempt: u32) -> bool {
        if rule.times.is_some_and(|times| attempt >= times) {
            return false;
        }
        let mut key = hash(self.seed, &site.key.to_le_bytes());
        key = hash(key, &attempt.to_le_bytes());
        key = hash(key, &(number as u64).to_le_bytes());
        unit(key) < rule.rate
    }
}

fn matching<'a>(
    dials: &'a Dials,
    fault: Fault,
    site: &'a Site,
) -> impl Iterator<Item = (usize, &'a Rule)> {
    let rules = dials.rules.iter().enumerate();
    rules.filter(move |(_, rule)| rule.fault == fault && rule.covers(site))
}

/// Goes on with a hash (FNV-1a, then mixed, for it is used as a source of chance).
pub(crate) fn hash(from: u64, bytes: &[u8]) -> u64 {
    let mut hash = from ^ 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}
