//! A finding as a link of a chain: what it found, and the records that show it.

use crate::doubt::is_doubt;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::cut;
use crate::words::Word;
use crate::world::World;
use model::{Address, AddressClass, Severity, Timestamp};

/// How many records of one link go into the chain.
const SHOWN: usize = 50;

/// How much of what one link says goes into the story.
const STORY: usize = 200;

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
    /// Why, its start.
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
            why: cut(&hit.why, STORY),
        }
    }

    /// Returns when it was.
    pub(super) fn time(&self) -> Timestamp {
        self.fact.time
    }
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

/// Returns whether a hit says that somebody else may be in.
pub(super) fn is_entry(hit: &Hit) -> bool {
    is_doubt(&hit.detection, hit.severity)
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
        cut(&last.why, STORY),
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
