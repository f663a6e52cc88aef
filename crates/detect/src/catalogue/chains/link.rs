//! A finding as a link of a chain: what it found, and the records that show it.

use crate::fact::Fact;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::World;
use model::{Address, AddressClass, Severity, Timestamp};

/// How many records of one link go into the chain.
const SHOWN: usize = 50;

/// A link of a chain.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Which detection, or what was seen.
    pub(super) detection: String,
    /// How urgent it was by itself.
    pub(super) severity: Severity,
    /// The record that decided it.
    pub(super) fact: Fact,
    /// The records that show it.
    pub(super) facts: Vec<Fact>,
    /// Whom it concerns.
    pub(super) user: String,
    /// Why, cut to a sane length.
    pub(super) why: String,
}

impl Link {
    /// Makes a link of what another detection raised.
    pub(super) fn of(hit: &Hit) -> Self {
        Self {
            detection: hit.detection.to_string(),
            severity: hit.severity,
            fact: hit.fact,
            facts: hit.facts.iter().take(SHOWN).copied().collect(),
            user: hit.user.clone(),
            why: cut(&hit.why),
        }
    }

    /// Returns when it was.
    pub(super) fn time(&self) -> Timestamp {
        self.fact.time
    }
}

/// Returns a text cut to a sane length.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{cut}...")
}

/// Returns whether a hit is of one of these detections; a `-` at the end stands for a section.
pub(super) fn is_of(hit: &Hit, ids: &[&str]) -> bool {
    ids.iter().any(|id| {
        if id.ends_with('-') {
            hit.detection.starts_with(id)
        } else {
            hit.detection == *id
        }
    })
}

/// Attempts and oddities: they do not say that anybody came in.
const ATTEMPTS: &[&str] = &["SIG-07", "SIG-08", "SIG-10", "SIG-22", "SIG-23", "SIG-27"];

/// What is medium where the account is at home, or where a program signs in: it takes more of these.
const WEAK: &[&str] = &["SIG-09", "SIG-11", "SIG-24", "SIG-25", "SIG-28"];

/// Returns whether a hit says that somebody else came in: a flagged sign-in of medium or more,
/// none that only tried, and none from where the account is at home.
pub(super) fn is_entry(hit: &Hit) -> bool {
    let is_sign_in = is_of(hit, &["SIG-", "ALR-03", "INTEL"]);
    let least = match hit.detection.as_ref() {
        "SIG-18" => Severity::Critical,
        id if WEAK.contains(&id) => Severity::High,
        _ => Severity::Medium,
    };
    is_sign_in && !is_of(hit, ATTEMPTS) && hit.severity >= least
}

/// Raises the chain because of its last link: it rests on the records of all.
pub(super) fn chained(last: &Hit, severity: Severity, story: &str, before: &[&Link]) -> Hit {
    let steps: Vec<String> = before
        .iter()
        .map(|link| format!("{} ({})", link.why, link.detection))
        .collect();
    let why = format!(
        "{story}: {}; then {} ({})",
        steps.join("; "),
        cut(&last.why),
        last.detection
    );
    let mut hit = Hit::after(last, severity, why)
        .compared(
            "last step",
            last.detection.to_string(),
            last.fact.time.to_string(),
        )
        .silent_if("one of the steps were missing, or had been accepted");
    for link in before {
        hit =
            hit.with(&link.facts)
                .compared("step before", &link.detection, link.time().to_string());
    }
    hit
}

/// Returns the public address of a fact, if it is no hop of Microsoft's and none of the
/// organisation's own.
pub(super) fn outside(fact: &Fact, world: &World<'_>) -> Option<Address> {
    let address = Address::read(world.text(fact.address))?;
    let tenant = world.tenants.get(&fact.tenant).unwrap_or(world.tenant);
    let is_foreign = address.class() == AddressClass::Public && !tenant.is_own_network(address.ip);
    is_foreign.then_some(address)
}

/// Returns whether two facts come from one session or one address.
pub(super) fn is_same_hand(left: &Fact, right: &Fact) -> bool {
    let is_same = |one: Word, other: Word| !one.is_none() && one == other;
    is_same(left.session, right.session) || is_same(left.address, right.address)
}
