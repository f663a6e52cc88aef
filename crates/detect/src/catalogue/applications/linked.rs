//! Records that one act leaves within seconds: they belong into one finding.

use crate::fact::Fact;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::seconds_between;
use std::collections::BTreeMap;

/// How far apart the records of one act are.
const SECONDS: i64 = 5;
/// How many records of one act are kept.
const KEPT: usize = 50;

type Act = (Word, Word, String);

/// What was done to whom in the last seconds, and what was raised of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Linked {
    recent: BTreeMap<Act, Vec<Fact>>,
    raised: BTreeMap<Act, Hit>,
}

impl Linked {
    /// Notes a record; returns a hit with it where one was raised on the same act just before.
    pub(super) fn note(&mut self, seen: &Seen<'_>, key: &str) -> Option<Hit> {
        let fact = *seen.fact();
        self.forget(&fact);
        let act = (fact.tenant, fact.user, key.to_owned());
        let facts = self.recent.entry(act.clone()).or_default();
        if facts.len() < KEPT {
            facts.push(fact);
        }
        let raised = self.raised.get(&act)?;
        Some(Hit {
            fact,
            facts: vec![fact],
            proofs: Vec::new(),
            more: 0,
            ..raised.clone()
        })
    }

    /// Returns the records of the same act that came just before, or now.
    pub(super) fn so_far(&self, seen: &Seen<'_>, key: &str) -> &[Fact] {
        let fact = seen.fact();
        let act = (fact.tenant, fact.user, key.to_owned());
        self.recent.get(&act).map_or(&[], Vec::as_slice)
    }

    /// Adds to a hit the records of the same act that came before it, and keeps it for those to come.
    pub(super) fn raise(&mut self, key: &str, hit: Hit) -> Hit {
        let act = (hit.fact.tenant, hit.fact.user, key.to_owned());
        let before = self.recent.get(&act).cloned().unwrap_or_default();
        let own = hit.fact.record;
        let hit = hit.with(before.iter().filter(|fact| fact.record != own));
        let is_graver = self
            .raised
            .get(&act)
            .is_none_or(|known| known.severity < hit.severity);
        if is_graver {
            self.raised.insert(act, hit.clone());
        }
        hit
    }

    fn forget(&mut self, now: &Fact) {
        let is_near = |fact: &Fact| seconds_between(fact.time, now.time) <= SECONDS;
        for facts in self.recent.values_mut() {
            facts.retain(is_near);
        }
        self.recent.retain(|_, facts| !facts.is_empty());
        self.raised.retain(|_, hit| is_near(&hit.fact));
    }
}
